"""Divide one simultaneous renaming among several commits, and fit each share to the tree as it is by then.

Pure. The union of all shares is the undivided renaming, whatever stands between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from refactor.model import Edit, Move, Plan
from refactor.paths import parents
from refactor.spans import Span, lines


@dataclass(frozen=True, slots=True)
class Wish:
    """What one `rename` step asks for: a test for paths before the renaming, whether moves, edits or both, and whether
    also mentions that were stale before are mended."""

    matches: Callable[[str], bool]
    moves: bool = True
    edits: bool = True
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What falls to one step: moves, edits, and the files that no earlier step looked at, by their paths before."""

    moves: tuple[Move, ...]
    edits: tuple[Edit, ...]
    seen: frozenset[str]


def divide(plan: Plan, repaired: Plan, paths: Iterable[str], wishes: Sequence[Wish]) -> tuple[Share, ...]:
    """Give every wish what no earlier one has taken. A moved folder goes as a whole, with what moves inside it.

    `repaired` is the plan with what only those may do that ask for repair.
    """
    moving = {move.old: move for move in plan.moves}
    files = sorted({*paths, *(edit.path for edit in repaired.edits)})
    unit_of = {path: unit for path in (*files, *moving) if (unit := _unit(path, moving))}
    due_moves, due_edits, unseen, plain = set(moving), {*plan.edits, *repaired.edits}, set(files), set(plan.edits)
    shares = []
    for wish in wishes:
        wanted = {path for path in files if wish.matches(path)}
        units = {unit_of[path] for path in wanted if path in unit_of} if wish.moves else set()
        taken = {path for path in due_moves if unit_of[path] in units}
        edits = {edit for edit in due_edits if wish.edits and edit.path in wanted and (wish.repair or edit in plain)}
        seen = wanted & unseen if wish.edits else set[str]()
        due_moves, due_edits, unseen = due_moves - taken, due_edits - edits, unseen - seen
        shares.append(Share(tuple(moving[path] for path in sorted(taken)), tuple(sorted(edits)), frozenset(seen)))
    return tuple(shares)


def _unit(path: str, moving: Mapping[str, Move]) -> str:
    """The outermost thing that takes a path along; "" if it stays."""
    return next((one for one in reversed([path, *parents(path)]) if one in moving), "")


def rest(plan: Plan, shares: Iterable[Share]) -> tuple[tuple[Move, ...], tuple[Edit, ...]]:
    """The moves and edits that no share has."""
    taken = tuple(shares)
    moved = {move for share in taken for move in share.moves}
    edited = {edit for share in taken for edit in share.edits}
    return tuple(move for move in plan.moves if move not in moved), tuple(
        edit for edit in plan.edits if edit not in edited
    )


def carried(edits: Iterable[Edit], before: str, now: str) -> tuple[list[Edit], list[Edit]]:
    """Fit edits of one text to what became of it; give those that fit, and those whose lines were changed meanwhile."""
    if before == now:
        return list(edits), []
    old_lines, new_lines = lines(before), lines(now)
    old_starts = [0, *accumulate(map(len, old_lines))]
    new_starts = [0, *accumulate(map(len, new_lines))]
    kept = [
        (old_starts[a], old_starts[a + size], new_starts[b] - old_starts[a])
        for a, b, size in SequenceMatcher(a=old_lines, b=new_lines, autojunk=False).get_matching_blocks()
    ]
    fitting, lost = [], []
    for edit in edits:
        shift = next((by for start, end, by in kept if start <= edit.span.start and edit.span.end <= end), None)
        if shift is None:
            lost.append(edit)
            continue
        span = Span(edit.span.start + shift, edit.span.end + shift)
        fitting.append(Edit(edit.path, span, edit.old, edit.new, edit.because, edit.kind, edit.target))
    return fitting, lost
