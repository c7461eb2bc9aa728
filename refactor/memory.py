"""The inverse of the last renaming brings back what stood there: "KV-Caching", not just any spelling of KV Caching.

A new name does not tell how the old one was written, so the journal's contents are asked. Only files that nobody has
touched since are taken from there; in all others the inverse spells as any renaming does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import accumulate

from refactor.journal import Journal, Write
from refactor.model import Document, Edit, Plan
from refactor.spans import Span, decode, lines

_BECAUSE = "as it was before the renaming that this one takes back"


def as_before(
    plan: Plan, documents: Mapping[str, Document], journal: Journal | None, is_newer: Callable[[str], bool]
) -> Plan:
    """Give the plan with the old contents of untouched files, if it is the inverse of the journal's transaction.

    `is_newer` tells whether a file changed after that transaction; one that it neither wrote nor saw changed stays.
    """
    if journal is None or not _is_inverse(plan, journal):
        return plan
    writes = [write for write in journal.writes if _is_untouched(write, documents)]
    written = {write.new for write in journal.writes}
    known = {write.new for write in writes}
    edits = [edit for edit in plan.edits if edit.path not in known and (edit.path in written or is_newer(edit.path))]
    restored = (edit for write in writes for edit in _edits(write))
    return replace(plan, edits=tuple(sorted((*edits, *restored))))


def _is_inverse(plan: Plan, journal: Journal) -> bool:
    moves = {(move.new, move.old) for move in journal.moves}
    return bool(moves) and moves == {(move.old, move.new) for move in plan.moves}


def _is_untouched(write: Write, documents: Mapping[str, Document]) -> bool:
    document = documents.get(write.new)
    return document is not None and write.before is not None and document.data == write.after


def _edits(write: Write) -> Iterator[Edit]:
    """The lines that differ, as few code points of each as can be."""
    now, before = lines(decode(write.after or b"")), lines(decode(write.before or b""))
    starts = list(accumulate(map(len, now), initial=0))
    for tag, first, last, old_first, old_last in SequenceMatcher(a=now, b=before, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _trimmed(write.new, starts[first], "".join(now[first:last]), "".join(before[old_first:old_last]))


def _trimmed(path: str, start: int, now: str, before: str) -> Edit:
    same = 0
    while same < min(len(now), len(before)) and now[same] == before[same]:
        same += 1
    behind = 0
    while behind < min(len(now), len(before)) - same and now[-1 - behind] == before[-1 - behind]:
        behind += 1
    old, new = now[same : len(now) - behind], before[same : len(before) - behind]
    return Edit(path, Span(start + same, start + same + len(old)), old, new, _BECAUSE, "restored", "")
