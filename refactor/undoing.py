"""The verb `undo`: the last renaming, or phases of a plan, with new commits that make the tree what it was before them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from refactor import trail, verbs
from refactor.applying import head_of, phase_named, read_script, refuse_dirty, root_of
from refactor.errors import RefactorError
from refactor.model import Move
from refactor.phases import Phase, Script
from refactor.rehearsal import rehearsal
from refactor.restructure import Stage, base_of, bring, mend, moves_of, needs_base, start_of
from refactor.reverting import revert
from refactor.trail import Done
from refactor.wording import count


def undo(arguments: argparse.Namespace) -> int:
    """Restore the tree from before the last renaming, or take one phase of a plan back, or all of them."""
    if not (arguments.plan or arguments.phase or arguments.all):
        return verbs.undo(arguments)
    if not arguments.plan or bool(arguments.phase) == arguments.all:
        raise RefactorError("to take phases of a plan back, give the plan, and --phase N or --all.")
    return _phases(arguments)


def _phases(arguments: argparse.Namespace) -> int:
    root, script = root_of(arguments.root), read_script(arguments)
    mend(root, script.plan.name)
    head = head_of(root)
    done = trail.follow(root, script.plan.name)
    chosen = _chosen(script, arguments, done)
    slugs = {one.phase for one in done} if arguments.all else {phase.slug for phase in chosen}
    there = [one for one in done if one.phase in slugs]
    refuse_dirty(root, script)
    with rehearsal(root, head) as scratch:
        stage = Stage(script, root, scratch, start_of(done, head), base_of(script, done), {one.phase for one in done})
        moves = moves_of(chosen, stage.measured()) if needs_base(chosen) else ()
        made = revert(scratch.top, script.plan.name, there)
        scratch.go_to(made[-1])
        label = trail.label(script.plan.name, f"undo of {', '.join(sorted(slugs))}")
        bring(root, scratch, made[-1], [Move(move.new, move.old) for move in moves], label, publish=True)
    print(f"took back {count(len(slugs), 'phase')} of plan {script.plan.name} with {count(len(made), 'commit')}")
    return 0


def _chosen(script: Script, arguments: argparse.Namespace, done: Sequence[Done]) -> Sequence[Phase]:
    """The phases that are asked for and that are done."""
    asked = script.phases if arguments.all else (phase_named(script, arguments.phase),)
    there = {one.phase for one in done}
    chosen = [phase for phase in asked if phase.slug in there]
    if not chosen and not (arguments.all and done):
        what = "no phase" if arguments.all else f"phase {arguments.phase}"
        verb = "is" if arguments.all else "is not"
        raise RefactorError(f"There is nothing to undo: {what} of plan {script.plan.name} {verb} in the history.")
    return chosen
