"""Findings as one comment on a pull request, or a summary of a workflow step.

The first line is a mark by which the comment of an earlier run is found and replaced. What comes from the tree is
text to the page: it makes no markup, mentions nobody and links to no issue.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._places import place
from refactor.reporters._text import is_fixable, sentence
from refactor.wording import count, safe

MARK = "<!-- renumber -->"

# GitHub refuses a comment of more than 65,536 characters.
_TABLE_ROOM, _DETAILS_ROOM = 16_000, 44_000
_HEAD = "| line | check | what is wrong |\n|--:|---|---|\n"
_LONGEST_NAME = 300

_MARKUP = r"[\\`*\[\]<>&|~$]|(?<!\w)_|_(?!\w)"
_LINKED = r"[@#](?=\w)|:(?=//)|(?<=www)\."


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write the mark, a table of the files, and the findings of each file to fold out; as many as fit."""
    if not findings:
        return f"{MARK}\n### renumber: no findings\n"
    files = [(path, list(group)) for path, group in groupby(findings, key=lambda finding: finding.path)]
    head = f"### renumber: {count(len(findings), 'finding')} in {count(len(files), 'file')}"
    pieces = [f"{MARK}\n{head}\n", _table(files), *_details(findings, documents)]
    fixable = sum(map(is_fixable, findings))
    if fixable:
        pieces.append(f"{fixable} fixable with `python -m refactor lint --fix`.\n")
    return "\n".join(pieces)


def _table(files: Sequence[tuple[str, Sequence[Finding]]]) -> str:
    rows = [f"| {_code(path)} | {len(findings)} | {_checks(findings)} |\n" for path, findings in files]
    fit = _fitting(map(len, rows), _TABLE_ROOM)
    if fit < len(rows):
        rest = sum(len(findings) for _, findings in files[fit:])
        rows[fit:] = [f"| {count(len(rows) - fit, 'more file')} | {rest} | |\n"]
    return "| file | findings | checks |\n|---|--:|---|\n" + "".join(rows)


def _checks(findings: Sequence[Finding]) -> str:
    found = sorted(Counter(finding.code for finding in findings).items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{_code(code)} × {number}" for code, number in found)


def _details(findings: Sequence[Finding], documents: Mapping[str, Document]) -> Iterator[str]:
    rows = [(finding.path, _row(finding, documents.get(finding.path))) for finding in findings]
    before = ["", *(path for path, _ in rows)]  # a file's frame is counted with its first row
    sizes = [len(row) + (path != last) * len(_frame(path, [])) for (path, row), last in zip(rows, before, strict=False)]
    fit = _fitting(sizes, _DETAILS_ROOM)
    for path, group in groupby(rows[:fit], key=lambda row: row[0]):
        yield _frame(path, [row for _, row in group])
    if fit < len(rows):
        yield f"{count(len(rows) - fit, 'more finding')} not shown here.\n"


def _frame(path: str, rows: Sequence[str]) -> str:
    summary = f"<summary>{_code(path)} ({len(rows)})</summary>"
    return f"<details>\n{summary}\n\n{_HEAD}{''.join(rows)}\n</details>\n"


def _row(finding: Finding, document: Document | None) -> str:
    message = _text(sentence(finding.message))
    because = f"<br><sub>because: {_text(sentence(finding.because))}</sub>" if finding.because else ""
    return f"| {place(finding.span, document).line} | {_code(finding.code)} | {message}{because} |\n"


def _fitting(sizes: Iterable[int], room: int) -> int:
    """How many pieces of these sizes fit, from the first on."""
    return bisect_right(list(accumulate(sizes)), room)


def _code(text: str) -> str:
    """Text in a monospaced face. A code span could not hold a pipe in a table, nor stand in a summary."""
    shown = text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + " ..."
    return f"<code>{re.sub(_MARKUP, _numbered, safe(shown))}</code>"


def _text(text: str) -> str:
    """Text as text: no markup, and nobody is called, no issue and no page linked."""
    return re.sub(f"{_MARKUP}|{_LINKED}", _numbered, text)


def _numbered(match: re.Match[str]) -> str:
    """A character written as its number is never markup; after @ and # a blank of no width is needed as well."""
    return f"&#{ord(match[0])};" + ("&#8203;" if match[0] in "@#" else "")


REPORTER = Reporter("markdown", "one comment on a pull request", render)
