"""From an index and a renaming to a plan: edits, moves, and what is left and why. Pure.

Meaning was decided by `resolve`; here mentions are only written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from refactor import ranges
from refactor.anchors import follow
from refactor.arrivals import is_led_astray
from refactor.describing import describes
from refactor.model import Document, Edit, Entry, Left, Plan, Reference, Rename, Renaming, Verdict
from refactor.moves import Moves
from refactor.naming import pad
from refactor.order import left_of, statements
from refactor.resolve import BEFORE, BY_DEFAULT
from refactor.respell import respell
from refactor.spans import Span, line_or_piece
from refactor.words import Words

_Key = tuple[int, str, str]
_STAYS = "what the path leads to keeps its name"
_TAIL = re.compile(r"\w+")


@dataclass(frozen=True, eq=False)
class Change:
    """A renaming as the respelling of a part needs it."""

    renaming: Renaming

    @cached_property
    def by_key(self) -> dict[_Key, Rename]:
        """The pairs of the renaming by their old entry."""
        return {one.old.key: one for one in self.renaming.renames}

    @cached_property
    def moved(self) -> ranges.Moved:
        """How numbers move; a number shared by several entries moves only if all agree."""
        new: dict[int, set[int]] = {}
        for entry in self.renaming.series.living:
            one = self.by_key.get(entry.key)
            new.setdefault(entry.number, set()).add(one.new.number if one else entry.number)
        numbers = {number: next(iter(targets)) for number, targets in new.items() if len(targets) == 1}
        after = self.renaming.tiers or self.renaming.series.tiers
        return ranges.Moved(numbers, self.renaming.series.tiers, after, frozenset(new))

    def of(self, targets: Sequence[Entry]) -> Rename | None:
        """The one pair that a reference falls under, or None if nothing changes or it is not one."""
        pairs = {key: self.by_key[key] for entry in targets if (key := entry.key) in self.by_key}
        return next(iter(pairs.values())) if len(pairs) == 1 else None


def plan(references: Iterable[Reference], documents: dict[str, Document], renaming: Renaming, moves: Moves, *,
         base: str | None = None, repair: bool = False) -> Plan:  # fmt: skip
    """Compute the whole plan of a renaming. Sorted, deterministic, and without overlaps."""
    change = Change(renaming)
    edits: list[Edit] = []
    left: list[Left] = []
    seen: list[Reference] = []
    about = describing(documents, renaming)
    for reference in references:
        document = documents[reference.path]
        if reference.path in about:
            reference = replace(reference, verdict=Verdict.HISTORY, because="the file describes this renaming")
        wanted = _edits(reference, document, change, moves.words if repair else None)
        new = [edit for edit in wanted if not is_led_astray(edit, document, moves)]
        edits += new
        seen.append(reference)
        if not new and (reason := _STAYS if wanted else _reason(reference, change)):
            left.append(left_of(reference, document, reason))
    left += statements(seen, documents, renaming)
    edits += follow(documents, edits)
    return Plan(base, renaming.renames, tuple(sorted(set(edits))), moves.moves, tuple(sorted(set(left))))


def describing(documents: Mapping[str, Document], renaming: Renaming) -> set[str]:
    """The paths of the documents that tell of a renaming, and are right as they are."""
    today = {entry.id for entry in renaming.series.entries}
    pairs = [(one.old.id, one.new.id) for one in renaming.renames if one.new.id not in today]
    return {path for path, document in documents.items() if describes(document, pairs)}


# --- edits --------------------------------------------------------------------------------------


def _edits(reference: Reference, document: Document, change: Change, repairing: Words | None) -> list[Edit]:
    if reference.verdict is Verdict.STALE and repairing:
        return _repair(reference, document, change, repairing)
    if reference.verdict is not Verdict.CURRENT:
        return []
    if reference.claim.kind == "set":
        return _set_edits(reference, document, change)
    if len({_new_number(entry, change) for entry in reference.targets}) > 1:
        return []
    rename = change.of(reference.targets)
    if rename is None:
        return []
    return respell(reference, document, rename)


def _repair(reference: Reference, document: Document, change: Change, words: Words) -> list[Edit]:
    """What mends a stale mention of one entry; of a set only one member may be known, so sets are for a person."""
    numbers = {part.span for part in reference.claim.parts if part.role == "number"}
    if len(reference.targets) != 1 or len(numbers) > 1 or _is_disputed(reference, document, words):
        return []
    entry = reference.targets[0]
    rename = change.by_key.get(entry.key) or Rename(entry, entry)
    return _without_number(reference, document, rename, words) or respell(reference, document, rename)


def _without_number(reference: Reference, document: Document, rename: Rename, words: Words) -> list[Edit]:
    """`09_seeds_dev` where the entry's own file is called `seeds_dev` today."""
    claim = reference.claim
    tail = _TAIL.match(document.text, claim.span.end)
    if claim.kind != "slug" or tail is None or claim.parts[0].role != "number":
        return []
    if rename.old.slug + tail[0] not in words.components or rename.old.id + tail[0] in words.components:
        return []
    span = Span(claim.span.start, tail.end())
    old, new = document.text[span.start : span.end], rename.new.slug + tail[0]
    return [Edit(reference.path, span, old, new, reference.because, claim.kind, rename.old.id)]


def _is_disputed(reference: Reference, document: Document, words: Words) -> bool:
    """A bare number on a line that speaks of other entries, and not of the one that it is thought to mean."""
    if len(reference.claim.parts) > 1:
        return False
    line = line_or_piece(document.view, reference.claim.span.start)
    said = words.names_one_of(document.view[line.start : line.end], words.series.entries)
    return bool(said) and not {entry.key for entry in said} & {entry.key for entry in reference.targets}


def _new_number(entry: Entry, change: Change) -> int:
    one = change.by_key.get(entry.key)
    return one.new.number if one else entry.number


def _set_edits(reference: Reference, document: Document, change: Change) -> list[Edit]:
    claim = reference.claim
    start, end = claim.parts[0].span.start, claim.parts[-1].span.end
    old = document.text[start:end]
    new = _all_before(reference, old, change) if reference.because == BEFORE else ranges.rewrite(old, change.moved)
    if new is None or new == old or (reference.because == BY_DEFAULT and not _is_plain(old, new, change)):
        return []
    noun = document.text[claim.span.start : start]  # an edit begins at the noun, if there is one
    return [Edit(reference.path, Span(claim.span.start, end), noun + old, noun + new, reference.because, claim.kind)]


def _is_plain(old: str, new: str, change: Change) -> bool:
    """Whether a set was mapped member by member; only evidence may make it follow a tier, or break it up."""
    return new == ranges.rewrite(old, replace(change.moved, before=())) and new.count(",") == old.count(",")


def _all_before(reference: Reference, old: str, change: Change) -> str:
    """ "Modules 01-14" as what comes before 15 ends where the entry's new number says."""
    rename, (first, end) = change.of(reference.targets), (part.text for part in reference.claim.parts)
    last = rename.new.number - 1 if rename else int(end)
    return old[: -len(end)] + pad(last, first if first.startswith("0") else end)  # "01-10" becomes "01-09"


# --- what is left -------------------------------------------------------------------------------


def _reason(reference: Reference, change: Change) -> str | None:
    """Why a mention that has to do with the renaming stays as it is; None if it has nothing to do with it."""
    numbers = {int(part.text) for part in reference.claim.parts if part.role == "number"}
    moves = {one for number, new in change.moved.numbers.items() if number != new for one in (number, new)}
    concerned = numbers & moves or any(entry.key in change.by_key for entry in reference.targets)
    if not concerned:
        return None
    if reference.verdict is not Verdict.CURRENT:
        return reference.because
    if reference.claim.kind == "set":
        return _set_reason(reference, change)
    if len(reference.targets) > 1 and any(_new_number(one, change) != one.number for one in reference.targets):
        return "several entries have this number and do not move together"
    return "the spelling stays right"


def _set_reason(reference: Reference, change: Change) -> str:
    numbers = [int(part.text) for part in reference.claim.parts if part.role == "number"]
    first, last = numbers[0], numbers[-1]
    said = set(range(first, last + 1)) if reference.claim.detail == ranges.RANGE else set(numbers)
    if not (change.moved.has(first) and change.moved.has(last)):
        return "it names numbers that no entry has"
    if {change.moved.of(number) for number in said} != said:
        return "the numbers of this range do not stay together, and nothing here tells which are meant"
    return "the set maps onto itself"
