"""Statements of sequence that a renaming may make false though each reference in them is right.

Finds them and says so; the wording is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby, pairwise

from refactor.model import Claim, Document, Entry, Left, Reference, Renaming, Verdict
from refactor.spans import Span, line_at

_SEQUENCE = re.compile(
    r"(?i)\b(next|previous(?:ly)?|prior|then|before|after|follow(?:s|ing)?|continue|ready for|"
    r"you(?:'ve|’ve| have)? (?:already )?built|learned|prerequisites?|requires?|builds? on|earlier|later)\b|→|->"
)

_REASON = "order: these entries change places, so the sentence may be false now"


def statements(references: Iterable[Reference], documents: Mapping[str, Document], renaming: Renaming) -> list[Left]:
    """List statements of sequence about entries that change places with each other."""
    place = {one.old.key: one.new.number for one in renaming.renames}
    found: list[Left] = []
    current = (one for one in references if one.verdict is Verdict.CURRENT and one.targets and one.claim.kind != "set")
    for path, group in groupby(sorted(current, key=lambda one: (one.path, one.claim.span)), key=lambda one: one.path):
        document = documents[path]
        lines = groupby(group, key=lambda one: line_at(document.text, one.claim.span.start))
        for line, on_line in lines:
            found += _on_line(list(on_line), line, document, renaming, place)
    return found


def _on_line(
    references: list[Reference],
    line: Span,
    document: Document,
    renaming: Renaming,
    place: Mapping[tuple[int, str, str], int],
) -> list[Left]:
    text = document.text[line.start : line.end]
    if not _SEQUENCE.search(text):
        return []
    own = _home(document.path, renaming)
    false_now = [one for one in references if own and _flips(own, one.targets[0], place)]
    for first, second in pairwise(references):
        if _flips(first.targets[0], second.targets[0], place):
            false_now += [first, second]
    chosen = [one for one in references if any(one is other for other in false_now)]
    return [left_of(one, document, _REASON) for one in chosen]


def left_of(reference: Reference, document: Document, reason: str) -> Left:
    """A mention that stays as it is, and why."""
    span = _whole_span(reference.claim, document)
    target = reference.targets[0].id if reference.targets else ""
    text = document.text[span.start : span.end]
    return Left(reference.path, span, text, reference.claim.kind, reference.verdict, target, None, reason)


def _whole_span(claim: Claim, document: Document) -> Span:
    """The span of a claim, with the bracket that closes behind it: "Module 14 (KV Caching)"."""
    text = document.text[claim.span.start : claim.span.end + 1]
    return (
        Span(claim.span.start, claim.span.end + 1)
        if text.endswith(")") and text.count("(") == 1 == text.count(")")
        else claim.span
    )


def _flips(first: Entry, second: Entry, place: Mapping[tuple[int, str, str], int]) -> bool:
    """Tell whether two entries change their order, or were neighbours and are no more."""
    if first.key == second.key:
        return False
    before = second.number - first.number
    after = place.get(second.key, second.number) - place.get(first.key, first.number)
    return (before > 0) != (after > 0) or (abs(before) == 1) != (abs(after) == 1)


def _home(path: str, renaming: Renaming) -> Entry | None:
    for entry in renaming.series.entries:
        for home in entry.homes:
            if path == home.path or path.startswith(home.path + "/"):
                return entry
    return None
