"""The `migrate` verb: bring up to date what was written before a renaming, in a branch or where it was merged."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from refactor import (
    branches,
    changes,
    clones,
    commits,
    git,
    migrate,
    plan_diff,
    plan_json,
    plan_text,
    records,
    transaction,
)
from refactor.errors import RefactorError
from refactor.ledger import NAME, Record, way
from refactor.lint import at
from refactor.model import Document, Edit, Finding, Left, Plan, Rename, Verdict
from refactor.moves import Moves
from refactor.spans import Span, encode
from refactor.tree import real
from refactor.verbs import plan_of, with_exports
from refactor.wording import count
from refactor.workspace import Workspace, open_tree

_FILE = "file"  # what is left is a file as a whole
_MESSAGE = "refactor: bring older lines up to date"


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done, why, and what the ledger is to say afterwards (None: what it says now)."""

    plan: Plan
    why: str
    record: records.Recording | None = None


def run(arguments: argparse.Namespace) -> int:
    """Find what was written before a renaming, and show what becomes of it or write it."""
    root = real(arguments.root)
    if git.repository(root) is None or git.head(root) is None:
        raise RefactorError(f"{root} has no git history, and nothing tells which lines are older than a renaming.")
    if arguments.onto:
        from refactor.onto import run as bring

        return bring(root, arguments)
    workspace = open_tree(root)
    work = _work(workspace, arguments)
    if arguments.dry_run or arguments.diff or arguments.check:
        sys.stdout.write(_shown(work, workspace, arguments))
        return int(arguments.check and bool(work.plan.edits or work.plan.moves))
    return _carry_out(workspace, work, arguments)


def _work(workspace: Workspace, arguments: argparse.Namespace) -> Work:
    base = arguments.base or branches.default_base(workspace.root)
    steps = branches.pending(workspace.root, base) if base else ()
    if base and steps:
        theirs = encode(records.at(workspace.root, base).text) or None
        why = f"this branch wrote it before {_entries(steps)} of {base}"
        return Work(ahead(workspace, base, steps), why, records.Recording(NAME, lambda _now, _before: theirs))
    return _behind(workspace, arguments.was)


def _entries(steps: Sequence[Record]) -> str:
    named = ", ".join(one.id for one in steps if one.after or one.base)
    return f"{count(len(steps), 'renaming')}{f' (ledger {named})' if named else ''}"


# --- before a merge -----------------------------------------------------------------------------


def ahead(workspace: Workspace, base: str, steps: Sequence[Record]) -> Plan:
    """What the renamings that a branch has before it do to its own lines and files, on the tree as it is."""
    lines, new = changes.changed_lines(workspace.root, base), branches.new_files(workspace.root, base)
    plan, moves = _own(workspace, steps, lines, new)
    moved = [path for path in lines if path not in new and any(one.new_path(path) != path for one in moves)]
    alike = branches.twins(workspace.root, base, moved)
    left = (_alike(path, other, base) for path, other in alike.items())
    return replace(plan, left=tuple(sorted((*plan.left, *left))))


def _alike(path: str, other: str, base: str) -> Left:
    reason = f"it read as {other} did, so a merge may put what was changed into the other; use `migrate --onto {base}`"
    return Left(path, Span(0, 0), path, _FILE, Verdict.AMBIGUOUS, "", None, reason)


def outdated(workspace: Workspace, base: str) -> list[Finding]:
    """What a linter says of the lines and files that a branch brought and that would be old once it is merged."""
    try:
        steps = branches.pending(workspace.root, base)
        plan = ahead(workspace, base, steps) if steps else None
    except RefactorError as error:
        return [at("stale-number", NAME, Span(0, 0), f"{error}", severity="error")]
    if plan is None:
        return []
    advice = f"{base} was renumbered since; run `python -m refactor migrate --base {base}`"
    edits = (at(_code(one), one.path, one.span, f"will be {one.new!r} once it is merged: {advice}", one.because,
                target=one.target) for one in plan.edits)  # fmt: skip
    moves = (at("stale-number", one.old, Span(0, 0), f"belongs to {one.new}: {advice}") for one in plan.moves)
    files = (at("stale-number", one.path, one.span, f"{one.reason}") for one in plan.left if one.kind == _FILE)
    return [*edits, *moves, *files]


def _code(edit: Edit) -> str:
    """The check that would find it: one for numbers, one for names."""
    numbers = [re.findall(r"\d+", text) for text in (edit.old, edit.new)]
    return "stale-name" if numbers[0] == numbers[1] else "stale-number"


def _own(
    workspace: Workspace, steps: Sequence[Record], lines: Mapping[str, frozenset[int]], files: frozenset[str]
) -> tuple[Plan, tuple[Moves, ...]]:
    """The part of the renamings that is about some lines and files, and where all of them would put files."""
    asked = [(one, Moves(one, workspace.words(one.series))) for one in migrate.renamings(workspace.catalogue, steps)]
    plans = [with_exports(workspace, one, plan_of(workspace, one, moves)) for one, moves in asked]
    whole = Plan(
        git.head(workspace.root),
        tuple(rename for plan in plans for rename in plan.renames),
        tuple(sorted({edit for plan in plans for edit in plan.edits})),
        (),
        tuple(sorted({left for plan in plans for left in plan.left})),
    )
    moves = tuple(one for _, one in asked)
    return migrate.own(whole, workspace.documents, moves, lines, files), moves


# --- after a merge or a rebase ------------------------------------------------------------------


def _behind(workspace: Workspace, was: str | None) -> Work:
    root = workspace.root
    sides = (branches.Side(_named(root, was), "HEAD", "rebased"),) if was else branches.sides(root, workspace.ledger)
    plans = [plan for side in sides if (plan := _side(workspace, side))]
    merged = Plan(
        git.head(root),
        tuple({_pair(one): one for plan in plans for one in plan.renames}.values()),
        _apart({edit for plan in plans for edit in plan.edits}),
        tuple(sorted({move for plan in plans for move in plan.moves})),
        tuple(sorted({left for plan in plans for left in plan.left})),
    )
    return Work(merged, "it was written before a renaming of the ledger, and merged or rebased since")


def _pair(one: Rename) -> tuple[str, str]:
    return one.old.id, one.new.id


def _named(root: Path, ref: str) -> str:
    commit = branches.commit_of(root, ref)
    if not commit:
        raise RefactorError(f"git knows no commit called {ref}; name the branch as it was before it was rebased.")
    return commit


def _apart(edits: set[Edit]) -> tuple[Edit, ...]:
    """The edits without those that touch an earlier one: two branches may have brought one line."""
    found: list[Edit] = []
    for edit in sorted(edits):
        if not (found and found[-1].path == edit.path and found[-1].span.end > edit.span.start):
            found.append(edit)
    return tuple(found)


def _side(workspace: Workspace, side: branches.Side) -> Plan | None:
    """What becomes of what one side brought, planned where it was written, and carried here."""
    root, other = workspace.root, git.line(git.run(workspace.root, "rev-parse", side.other))
    with clones.at(root, side.tip) as folder:
        there = replace(open_tree(folder), memory=None)
        steps = way(there.ledger, workspace.ledger)
        lines = {path: known for path, known in changes.changed_lines(folder, other).items() if known}
        files = branches.new_files(folder, other)
        if not steps or not (lines or files):
            return None
        plan, moves = _own(there, steps, lines, files)
        keys = branches.keys(folder, lines, _texts(there.documents, lines))
    own_keys = {path: {at: key for at, key in keys[path].items() if at in lines[path]} for path in lines}
    place = {path: _place(workspace, moves, path, files) for path in {*lines, *files}}
    known = {*place.values(), *branches.brought(root, replace(side, other=other))} & workspace.documents.keys()
    here = migrate.Here(workspace.documents, branches.keys(root, known, _texts(workspace.documents, known)))
    edits, left = migrate.carried(migrate.Written(plan, there.documents, own_keys, place), here)
    moved = tuple(move for move in plan.moves if (root / move.old).is_file())
    return replace(plan, edits=edits, moves=moved, left=left)


def _texts(documents: Mapping[str, Document], paths: Iterable[str]) -> dict[str, list[str]]:
    return {path: documents[path].text.split("\n") for path in paths if path in documents}


def _place(workspace: Workspace, moves: Sequence[Moves], path: str, files: frozenset[str]) -> str:
    """Where a file of the branch lies here: where the renaming put it, or still where it was."""
    if path in files and path in workspace.tree.paths:
        return path
    new = next((found for one in moves if (found := one.new_path(path)) != path), path)
    return new if new in workspace.tree.paths else path


# --- what is shown and done ---------------------------------------------------------------------


def _shown(work: Work, workspace: Workspace, arguments: argparse.Namespace, *, done: bool = False) -> str:
    plan = work.plan
    if arguments.format == "json":
        return plan_json.render(plan, workspace.documents)
    moves = {move.old: move.new for move in plan.moves}
    if arguments.diff:
        return plan_diff.render(
            plan, workspace.documents, workspace.tree.paths, lambda path: moves.get(path, path), terminal=False
        )
    if not (plan.edits or plan.moves or plan.left):
        return "nothing to do: no line here is older than a renaming that it has not followed\n"
    head = f"brought up to date, since {work.why}:\n" if done else f"to be brought up to date, since {work.why}:\n"
    return head + plan_text.render(replace(plan, renames=()), workspace.documents, done=done)


def _carry_out(workspace: Workspace, work: Work, arguments: argparse.Namespace) -> int:
    root, plan = workspace.root, replace(work.plan, renames=())
    shown = _shown(work, workspace, arguments, done=True)
    if arguments.commit:
        commits.check(root, plan, NAME)
    commit = partial(commits.commit, root, plan, message=_MESSAGE) if arguments.commit else None
    applied = transaction.apply(
        root, plan, allow_dirty=arguments.allow_dirty, label="migrate", record=work.record, commit=commit
    )
    print(shown, end="")
    if arguments.format == "text" and applied.id:
        print("undo with: python -m refactor undo")
    return 0
