"""The verb `apply`: carry out a restructure plan phase by phase, and go on after a stop or a kill.

Turns arguments into calls of `restructure`, and prints.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from refactor import git, phase_text, phases, planfile, trail, tree
from refactor.errors import RefactorError
from refactor.phases import Phase, Script
from refactor.rehearsal import rehearsal
from refactor.restructure import Result, Stage, base_of, bring, mend, rehearse, start_of
from refactor.wording import count


def apply(arguments: argparse.Namespace) -> int:
    """Carry out the phases of a plan that are not done yet, or those that are chosen."""
    root = root_of(arguments.root)
    script = read_script(arguments)
    refuse_unwritten(script, arguments.waive)
    phase_text.refuse_report(arguments.report)
    if not arguments.dry_run:
        mend(root, script.plan.name)
    head = head_of(root)
    done = trail.follow(root, script.plan.name)
    there = {one.phase for one in done}
    chosen = [phase for phase in _chosen(script, arguments) if phase.slug not in there]
    refuse_dirty(root, script)
    say = _sayer(arguments)
    say(phase_text.opening(script, chosen, there))
    say(phase_text.commands(chosen, run=not arguments.dry_run))
    with rehearsal(root, head) as scratch:
        stage = Stage(
            script, root, scratch, start_of(done, head), base_of(script, done), set(there),
            waived=frozenset(arguments.waive), runs=not arguments.dry_run, verifies=arguments.verify, says=say,
        )  # fmt: skip
        results: list[Result] = []
        try:
            _all(stage, chosen, results, arguments)
        except KeyboardInterrupt:
            raise RefactorError(_stopped(results, arguments)) from None
        finally:  # what was brought over before a stop is reported, too
            if not sys.exc_info()[0] or (results and arguments.commit):
                _finish(phase_text.report(stage, results, head), arguments, scratch.top)
    return 0


def _stopped(results: Sequence[Result], arguments: argparse.Namespace) -> str:
    done = count(len(results), "phase") if arguments.commit and not arguments.dry_run else "no phase"
    return f"stopped after {done}; run the same command again to go on."


def read_script(arguments: argparse.Namespace) -> Script:
    """Read the plan that the arguments name, with the values they give."""
    given = dict(_value(text) for text in arguments.set)
    script = phases.read(planfile.read(arguments.plan), given)
    if not script.phases:
        raise RefactorError(f"{script.plan.path} has no phases; run `rename --plan {arguments.plan}` to rename only.")
    return script


def _value(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise RefactorError(f"--set takes NAME=VALUE, got '{text}'.")
    return name, value


def refuse_unwritten(script: Script, waived: Iterable[str]) -> None:
    """Raise a RefactorError while an asset is missing or empty that is not waived."""
    allowed = set(waived)
    names = {one.name for one in script.unwritten}
    for name in allowed - names:
        raise RefactorError(f"--waive {name}: no asset of that name is missing or empty; leave it out.")
    open_ones = [one for one in script.unwritten if one.name not in allowed]
    if not open_ones:
        return
    raise RefactorError(
        f"assets of the plan are missing or empty ({len(open_ones)}); write them, or leave their steps out with --waive NAME:",
        [f"  {one.where}  {one.name}" for one in open_ones],
    )


def root_of(given: Path) -> Path:
    """The folder to work on, without links on the way. Raises RefactorError if it is none."""
    root = tree.real(given)
    if not root.is_dir():
        raise RefactorError(f"{given} is not a folder; give the tree to work on with --root.")
    return root


def head_of(root: Path) -> str:
    """The commit to begin on. Raises RefactorError if there is none, or nobody could commit."""
    if git.repository(root) is None:
        raise RefactorError(
            f"{root} is not in a git repository; a plan is applied commit by commit, so run `git init`."
        )
    head = git.head(root)
    if head is None:
        raise RefactorError(f"There is no commit in {root} yet; make the first one before a plan is applied.")
    git.run(root, "var", "GIT_COMMITTER_IDENT")  # fails, with advice, if git does not know who commits
    return head


def _chosen(script: Script, arguments: argparse.Namespace) -> Sequence[Phase]:
    """The phases that --phase, --from and --until leave."""
    if arguments.phase:
        return [phase_named(script, arguments.phase)]
    first = phase_named(script, arguments.first).number if arguments.first else 1
    last = phase_named(script, arguments.until).number if arguments.until else len(script.phases)
    return script.phases[first - 1 : last]


def phase_named(script: Script, name: str) -> Phase:
    """The phase with a number or a name."""
    for phase in script.phases:
        if name in {phase.slug, str(phase.number)}:
            return phase
    raise RefactorError(
        f"there is no phase '{name}'; they are {', '.join(f'{one.number} {one.slug}' for one in script.phases)}."
    )


def refuse_dirty(root: Path, script: Script) -> None:
    """Refuse to begin on a tree whose commit does not say what is in it. The plan itself may be under way."""
    folders = [folder.resolve() for folder in script.plan.folders]
    changed = [(one.path, (root / one.path).resolve()) for one in git.status(root)]
    dirty = [path for path, file in changed if not any(file.is_relative_to(folder) for folder in folders)]
    if dirty:
        more = f" and {len(dirty) - 3} more" if len(dirty) > 3 else ""
        raise RefactorError(f"Changes are not committed in {', '.join(dirty[:3])}{more}; commit or stash them first.")


def _sayer(arguments: argparse.Namespace) -> Callable[[str], None]:
    stream = sys.stderr if arguments.format == "json" else sys.stdout
    return lambda text: print(text, file=stream, flush=True) if text else None


def _all(stage: Stage, chosen: Sequence[Phase], results: list[Result], arguments: argparse.Namespace) -> None:
    """Carry out phase after phase, and note each that is done; what is brought over before a stop stays."""
    for phase in chosen:
        stage.says(phase_text.beginning(phase, len(stage.script.phases)))
        result = rehearse(stage, phase)
        if arguments.commit and not arguments.dry_run:
            _bring(stage, [result], publish=True)
        stage.executed.add(phase.slug)
        results.append(result)
        stage.says(phase_text.ending(result, done=not arguments.dry_run))
    if not arguments.commit and not arguments.dry_run:
        _bring(stage, results, publish=False)


def _bring(stage: Stage, results: Sequence[Result], *, publish: bool) -> None:
    if not any(result.commits for result in results):
        return
    moves = tuple(move for result in results for move in result.moves)
    names = ", ".join(result.phase.slug for result in results)
    label = trail.label(stage.script.plan.name, names, commits=publish)
    bring(stage.root, stage.rehearsal, results[-1].tip, moves, label, publish=publish)


def _finish(report: phase_text.Report, arguments: argparse.Namespace, scratch: Path) -> None:
    if arguments.dry_run and arguments.format == "text":
        for result in report.results:
            sys.stdout.write(phase_text.diff(result, scratch))
    if arguments.format == "json":
        print(phase_text.as_json(report))
    else:
        print(phase_text.closing(report, done=not arguments.dry_run), end="")
    if arguments.report and not arguments.dry_run:
        phase_text.write(report, arguments.report)
