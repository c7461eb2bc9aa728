"""The inverse of the last renaming brings back what stood there: "KV-Caching", not just any spelling of KV Caching.

A new name does not tell how the old one was written, so the journal's contents are asked. Only files that nobody has
touched since are taken from there; in all others the inverse spells as any renaming does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from refactor.journal import Journal, Write
from refactor.model import Document, Edit, Plan
from refactor.spans import Span, decode

_BECAUSE = "as it was before the renaming that this one takes back"


def as_before(plan: Plan, documents: Mapping[str, Document], journal: Journal | None) -> Plan:
    """Give the plan with the old contents of untouched files, if it is the inverse of the journal's transaction."""
    if journal is None or not _is_inverse(plan, journal):
        return plan
    writes = [write for write in journal.writes if _is_untouched(write, documents)]
    edits = [edit for edit in plan.edits if edit.path not in {write.new for write in writes}]
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
    now, before = decode(write.after or b"").split("\n"), decode(write.before or b"").split("\n")
    starts = [0]
    for line in now:
        starts.append(starts[-1] + len(line) + 1)
    for tag, first, last, old_first, old_last in SequenceMatcher(a=now, b=before, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _trimmed(write.new, starts[first], "\n".join(now[first:last]), "\n".join(before[old_first:old_last]))


def _trimmed(path: str, start: int, now: str, before: str) -> Edit:
    same = 0
    while same < min(len(now), len(before)) and now[same] == before[same]:
        same += 1
    behind = 0
    while behind < min(len(now), len(before)) - same and now[-1 - behind] == before[-1 - behind]:
        behind += 1
    old, new = now[same : len(now) - behind], before[same : len(before) - behind]
    return Edit(path, Span(start + same, start + same + len(old)), old, new, _BECAUSE, "restored", "")
