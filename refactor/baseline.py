"""Findings that somebody accepted, written so that they are known again after lines, files and entries moved.

Decides nothing about what is right, and neither reads nor writes a file.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from refactor import naming
from refactor.errors import RefactorError
from refactor.model import Document, Finding
from refactor.spans import Span

VERSION = 1
_AGAIN = "write it again with `--write-baseline`."
_WORD = re.compile(r"[\w-]+")
_READ, _KEPT = 1000, 160  # a line may be a whole book, and its beginning tells it from others


@dataclass(frozen=True, order=True, slots=True)
class Accepted:
    """What a finding is known by: nothing in it counts lines, and numbers and ids read "#"."""

    code: str
    file: str
    target: str
    text: str


@dataclass(frozen=True)
class Baseline:
    """How often each finding was accepted."""

    counts: Mapping[Accepted, int] = field(default_factory=dict)


_ALIKE: Sequence[Callable[[Accepted], Accepted]] = (
    lambda known: known,
    lambda known: Accepted(known.code, known.file, "", known.text),  # the entry was renamed
    lambda known: Accepted(known.code, "", known.target, known.text),  # the file was
)


def write(findings: Iterable[Finding], documents: Mapping[str, Document]) -> str:
    """Write a baseline: one line for each accepted finding, sorted, so that a change is a small diff."""
    counts = sorted(Counter(_accepted(finding, documents) for finding in findings).items())
    lines = ",".join(f"\n    {_dumped(known, count)}" for known, count in counts)
    return f'{{\n  "version": {VERSION},\n  "findings": [{lines}\n  ]\n}}\n'


def read(text: str) -> Baseline:
    """Read what `write` wrote. Raises RefactorError if it is something else, or of another version."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefactorError(f"The baseline is no JSON ({error}): {_AGAIN}") from error
    if not isinstance(content, dict) or content.get("version") != VERSION:
        found = content.get("version") if isinstance(content, dict) else None
        raise RefactorError(f"The baseline has version {found!r} where {VERSION} is read: {_AGAIN}")
    listed = content.get("findings")
    if not isinstance(listed, list):
        raise RefactorError(f"The baseline has no list of findings: {_AGAIN}")
    counts: Counter[Accepted] = Counter()
    for number, entry in enumerate(listed, 1):
        known, count = _loaded(entry, number)
        counts[known] += count
    return Baseline(counts)


def sift(
    findings: Iterable[Finding], documents: Mapping[str, Document], baseline: Baseline
) -> tuple[list[Finding], Baseline]:
    """Give the findings that nobody accepted, in order, and what was accepted and is gone.

    What fits in every respect is matched first, then what fits but for a renamed entry, then but for a renamed file.
    """
    left = Counter(baseline.counts)
    new = [(_accepted(finding, documents), finding) for finding in sorted(findings)]
    for alike in _ALIKE:
        new = _unmatched(new, left, alike)
    return [finding for _, finding in new], Baseline({known: left[known] for known in sorted(+left)})


def prune(findings: Sequence[Finding], documents: Mapping[str, Document], baseline: Baseline) -> str:
    """Write a baseline of what was accepted and still occurs, as it reads today."""
    new = set(sift(findings, documents, baseline)[0])
    return write([finding for finding in findings if finding not in new], documents)


def _unmatched(
    findings: list[tuple[Accepted, Finding]], left: Counter[Accepted], alike: Callable[[Accepted], Accepted]
) -> list[tuple[Accepted, Finding]]:
    """Take findings off what is left, and give those for which nothing is."""
    offered: defaultdict[Accepted, list[Accepted]] = defaultdict(list)
    for known in sorted(+left, reverse=True):
        offered[alike(known)].append(known)
    unmatched = []
    for known, finding in findings:
        matching = offered[alike(known)]
        while matching and not left[matching[-1]]:
            matching.pop()
        if matching:
            left[matching[-1]] -= 1
        else:
            unmatched.append((known, finding))
    return unmatched


# --- what a finding is known by -----------------------------------------------------------------


def _accepted(finding: Finding, documents: Mapping[str, Document]) -> Accepted:
    parsed = naming.parse_id(finding.target)
    target = parsed.slug if parsed else finding.target
    file = _plain(finding.path.rpartition("/")[2])
    if target:
        file = file.replace(target, "#")  # `{slug}_dev.py` is called after its entry
    return Accepted(finding.code, file, _plain(target), _plain(_text(finding, documents)))


def _text(finding: Finding, documents: Mapping[str, Document]) -> str:
    """The lines a finding touches; of a file as a whole, what the finding says."""
    document = documents.get(finding.path)
    if document is None or finding.span == Span(0, 0):
        return finding.message
    first = document.view.rfind("\n", 0, finding.span.start) + 1
    end = document.view.find("\n", max(finding.span.end - 1, finding.span.start), first + _READ)
    return document.view[first : first + _READ if end < 0 else end]


def _plain(text: str) -> str:
    """Blank every word with a digit in it, and whatever else a renumbering or a formatter may change."""
    text = _WORD.sub(lambda word: "#" if any(map(str.isdigit, word[0])) else word[0], text)
    return " ".join(text.encode("utf-8", "replace").decode().split())[:_KEPT]


def _dumped(known: Accepted, count: int) -> str:
    entry = {"code": known.code, "file": known.file, "target": known.target, "text": known.text, "count": count}
    return json.dumps(entry, ensure_ascii=False)


def _loaded(entry: object, number: int) -> tuple[Accepted, int]:
    wrong = RefactorError(f"Finding {number} of the baseline is not as it was written: {_AGAIN}")
    if not isinstance(entry, dict) or entry.keys() != {"code", "file", "target", "text", "count"}:
        raise wrong
    texts = [entry[name] for name in ("code", "file", "target", "text")]
    count = entry["count"]
    if not all(isinstance(text, str) for text in texts) or type(count) is not int or count < 1:
        raise wrong
    return Accepted(*texts), count
