"""The one renaming of a plan, measured once on the tree before its first share, and given out share by share.

Decides nothing: `rename` made the plan, `shares` divides it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path

from refactor import renaming, tree
from refactor.draft import Draft, Outcome
from refactor.errors import RefactorError
from refactor.held import is_held
from refactor.marks import KeyPath
from refactor.model import Edit, Left, Move, Plan, Reference, Renaming, Verdict
from refactor.moves import Moves
from refactor.paths import final
from refactor.phases import Script
from refactor.planfile import PlanFile
from refactor.rename import plan as make_plan
from refactor.shares import Share, Wish, carried, divide, rest
from refactor.spans import Span, line_at, splice
from refactor.steps import Call
from refactor.verbs import refuse_pointers, with_exports
from refactor.workspace import Workspace, open_tree


@dataclass(frozen=True, eq=False)
class Measured:
    """A renaming on the tree that it was measured on, that of the commit `base`. `is_done` tells whether the step at a place has had its turn."""

    script: Script
    workspace: Workspace
    asked: Renaming
    base: str
    is_done: Callable[[KeyPath], bool]
    _lines: dict[Left, str] = field(default_factory=dict)  # of what is left, its line as the renaming makes it

    @cached_property
    def moves(self) -> Moves:
        """Where files go."""
        return Moves(self.asked, self.workspace.words(self.asked.series))

    @cached_property
    def _references(self) -> Sequence[Reference]:
        return self.workspace.references(self.asked.series)

    @cached_property
    def plain(self) -> Plan:
        """The whole renaming, without what `leave` steps hold back."""
        return self._plan(repair=False)

    @cached_property
    def repaired(self) -> Plan:
        """The same with what was stale before, if any step asks for that."""
        return self._plan(repair=True) if any(call.flag("repair") for call in self.script.renames) else self.plain

    def _plan(self, *, repair: bool) -> Plan:
        made = make_plan(self._references, self.workspace.documents, self.asked, self.moves, repair=repair)
        made = with_exports(self.workspace, self.asked, made)
        moves = {move.old: move.new for move in made.moves}
        return replace(made, edits=tuple(edit for edit in made.edits if not self._is_held(edit, moves)))

    def _is_held(self, edit: Edit, moves: Mapping[str, str]) -> bool:
        """Tell whether a `leave` step holds an edit back. It may call a file by its old or its new path."""
        found = self.workspace.documents.get(edit.path)
        names = {edit.path, final(edit.path, moves)}
        return is_held(self.script.left_out, names, edit.span, found.text if found else "")

    @cached_property
    def shares(self) -> dict[KeyPath, Share]:
        """What falls to each `rename` step, by its place in the plan."""
        calls = self.script.renames
        divided = divide(self.plain, self.repaired, self.workspace.tree.paths, [*map(_wish, calls)])
        return {call.way: share for call, share in zip(calls, divided, strict=True)}

    def forgotten(self) -> tuple[tuple[Move, ...], tuple[Edit, ...]]:
        """Moves and edits that fall to no step."""
        return rest(self.plain, self.shares.values())

    @property
    def done_moves(self) -> tuple[Move, ...]:
        """The moves of the steps that have had their turn."""
        return self.moves_at([way for way in self.shares if self.is_done(way)])

    def moves_at(self, ways: Collection[KeyPath]) -> tuple[Move, ...]:
        """The moves of the steps at some places."""
        return tuple(move for way, share in self.shares.items() if way in ways for move in share.moves)

    def share(self, way: KeyPath, draft: Draft) -> Outcome:
        """What the step at a place has to do, measured on a draft in which some earlier steps are done already."""
        share = self.shares[way]
        there = {move.old: move.new for move in (*self.done_moves, *draft.moves)}
        edits: list[Edit] = []
        left: list[Left] = []
        for path, group in groupby(share.edits, key=lambda edit: edit.path):
            fitting, lost = self._fitted(path, [*group], final(path, there), draft)
            edits += fitting
            left += (_overtaken(edit) for edit in lost)
        after = {**there, **{move.old: move.new for move in share.moves}}
        plan = (
            self.repaired
            if any(call.way == way and call.flag("repair") for call in self.script.renames)
            else self.plain
        )
        found = (one for one in plan.left if one.path in share.seen and _matters(one))
        given = {replace(one, path=final(one.path, after)): self._line(one, plan) for one in found}
        self._lines.update(given)
        return Outcome(tuple(edits), share.moves, (*left, *given))

    def _line(self, left: Left, plan: Plan) -> str:
        """The line of what is left, as the renaming makes it, without the blanks around it."""
        text = self.workspace.documents[left.path].text
        line = line_at(text, left.span.start)
        edits = (edit for edit in plan.edits if edit.path == left.path and line.holds(edit.span))
        here = [(Span(one.span.start - line.start, one.span.end - line.start), one.old, one.new) for one in edits]
        return splice(text[line.start : line.end], here).strip()

    def stands(self, left: Left, lines: Collection[str]) -> bool:
        """Tell whether what the renaming left to a person is neither right now nor written anew by somebody.

        `lines` are those of its file now, without the blanks around them.
        """
        line = self._lines.get(left)
        if line is None:
            return True
        return not self._is_right_now(left) and line in lines

    def _is_right_now(self, left: Left) -> bool:
        """Tell whether a number was wrong before, and is the one that its entry has been given."""
        now = {one.old.id: one.new.number for one in self.asked.renames}
        return left.verdict is Verdict.STALE and re.findall(r"\d+", left.text) == [f"{now.get(left.target, -1):02d}"]

    def _fitted(self, path: str, edits: list[Edit], now: str, draft: Draft) -> tuple[list[Edit], list[Edit]]:
        if path not in self.workspace.documents:  # a file that the renaming makes
            return [replace(edit, path=now) for edit in edits], []
        found = draft.read(now)
        if found is None:
            raise RefactorError(f"{now} is not there any more; the renaming was measured when it was {path}.")
        here = [replace(edit, path=now) for edit in edits]
        return carried(here, self.workspace.documents[path].text, found.text)


def measure(script: Script, root: Path, base: str, is_done: Callable[[KeyPath], bool]) -> Measured:
    """Measure the renaming of a plan on a tree. All that is needed of the tree is read now.

    Raises RefactorError if it cannot be done there.
    """
    workspace = open_tree(root, script.plan.settings)
    found = Measured(script, workspace, _asked(script.plan, workspace), base, is_done)
    refuse_pointers(workspace, found.moves)
    _ = found.shares
    return found


def _asked(plan: PlanFile, workspace: Workspace) -> Renaming:
    pairs = [(one.old_id, one.new_id) for one in plan.renames]
    if not pairs:
        raise RefactorError(
            f"{plan.path} renames nothing: list entries below 'rename', or leave out the steps 'rename'."
        )
    series = renaming.find_series(workspace.catalogue, [old for old, _ in pairs], plan.series)
    if renaming.is_done(series, pairs):
        raise RefactorError("The tree already carries the new ids, but not by this plan; leave out its steps 'rename'.")
    titles = {one.old_id: one.title for one in plan.renames if one.title}
    return renaming.build(series, pairs, titles, tiers=plan.tiers, exports=plan.exports)


def _wish(call: Call) -> Wish:
    paths, only = call.texts("paths"), call.text("only")
    matches = tree.matcher(paths) if paths else _everything
    return Wish(matches, moves=only != "edits", edits=only != "moves", repair=call.flag("repair"))


def _everything(_path: str) -> bool:
    return True


def _matters(one: Left) -> bool:
    return one.verdict in {Verdict.STALE, Verdict.AMBIGUOUS} or one.reason.startswith("order")


def _overtaken(edit: Edit) -> Left:
    reason = "its line was written anew after the renaming was measured"
    return Left(edit.path, Span(0, 0), edit.old, edit.kind, Verdict.AMBIGUOUS, edit.target, edit.new, reason)
