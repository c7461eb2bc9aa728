"""Carry out one phase of a plan: rehearse it in a scratch work tree, verify it there, then bring it over at once.

A phase is atomic: until it is brought over, by one transaction and one step of the branch, nothing of the person's
tree, index or branch is touched. Prints nothing.
"""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from refactor import commits, git, ledger, plugins, programs, records, settings, trail, transaction, tree
from refactor.draft import Clean, Command, Draft, Mend, Outcome, difference
from refactor.errors import RefactorError
from refactor.held import is_held
from refactor.marks import KeyPath
from refactor.measured import Measured, measure
from refactor.model import Edit, Finding, Format, Left, Move, Plan, Verdict
from refactor.paths import final
from refactor.phases import Commit, Phase, Script
from refactor.records import Recording
from refactor.rehearsal import Rehearsal
from refactor.spans import Span, decode
from refactor.steps import Call
from refactor.wording import count


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a phase that held: what it was, and how long it took."""

    what: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a phase. `base` and `tip` are the commits before and after it."""

    phase: Phase
    base: str
    tip: str
    commits: tuple[str, ...]
    moves: tuple[Move, ...]
    edits: int
    files: int
    left: tuple[Left, ...]
    checks: tuple[Check, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class Stage:
    """A plan being carried out. `start` is the commit before its first phase; `base` gives the commit on which the
    renaming is measured, None while its time has not come; `executed` are the phases that are done.
    """

    script: Script
    root: Path
    rehearsal: Rehearsal
    start: str
    base: str | None
    executed: set[str]
    waived: frozenset[str] = frozenset()
    runs: bool = True
    verifies: bool = True
    says: Callable[[str], None] = lambda _text: None
    _measured: list[Measured] = field(default_factory=list)
    _turned: set[KeyPath] = field(default_factory=set)

    def is_done(self, way: KeyPath) -> bool:
        """Tell whether the step at a place of the plan has had its turn."""
        return way in self._turned or any(
            call.way == way for phase in self.script.phases if phase.slug in self.executed for call in phase.calls
        )

    def turned(self, call: Call) -> None:
        """Remember that a step has had its turn."""
        self._turned.add(call.way)

    def measured(self) -> Measured:
        """The renaming, measured on its base; where that is not known yet, on the commit that is checked out now."""
        if not self._measured:
            here = self.rehearsal.head
            self.rehearsal.go_to(self.base or here)
            self._measured.append(measure(self.script, self.rehearsal.root, self.base or here, self.is_done))
            self.rehearsal.go_to(here)
        return self._measured[0]

    @property
    def is_measured(self) -> bool:
        """Whether the renaming has been measured."""
        return bool(self._measured)


# --- rehearsing ---------------------------------------------------------------------------------


def rehearse(stage: Stage, phase: Phase) -> Result:
    """Make the commits of a phase in the scratch tree, and verify them there. Touches nothing else."""
    start, base = time.monotonic(), stage.rehearsal.head
    made: list[str] = []
    moves: list[Move] = []
    left: list[Left] = []
    edits, files = 0, set[str]()
    for number, commit in enumerate(phase.commits, 1):
        draft, outcomes = _drafted(stage, commit)
        plan = draft.plan()
        words = trail.trailers(stage.script.plan.name, phase.slug, number, len(phase.commits))
        applied = transaction.apply(stage.rehearsal.root, plan, label="rehearsal", record=_record(stage, commit))
        made += commits.commit(stage.rehearsal.root, plan, applied, commit.message, words)
        moves += plan.moves
        edits += sum(len(outcome.edits) for outcome in outcomes)
        files |= draft.texts.keys()
        left += dict.fromkeys(one for outcome in outcomes for one in outcome.left)
    checks = tuple(_verified(stage, phase)) if stage.verifies else ()
    tip = made[-1] if made else base
    seconds = time.monotonic() - start
    return Result(phase, base, tip, tuple(made), tuple(moves), edits, len(files), tuple(left), checks, seconds)


def _record(stage: Stage, commit: Commit) -> Recording | None:
    """What the ledger is told: the renaming, once its last share is done."""
    shares = [call for call in commit.calls if call.step.name == "rename"]
    if not shares or not all(stage.is_done(call.way) for call in stage.script.renames):
        return None
    measured = stage.measured()
    return records.of_renaming(stage.rehearsal.root, ledger.record_of(measured.asked, measured.base))


def _drafted(stage: Stage, commit: Commit) -> tuple[Draft, list[Outcome]]:
    """What the steps of a commit make of the tree, each on what those before it left."""
    draft = Draft(_tree(stage), share=lambda way, now: stage.measured().share(way, now))
    outcomes = []
    for call in commit.calls:
        outcome = _waived(call) if _is_waived(call, stage) else _outcome(stage, call, draft)
        try:
            draft = draft.after(outcome)
        except ValueError as error:
            raise call.stop(f"the step cannot be done ({error})", "look at what the steps before it changed") from error
        outcomes.append(outcome)
        stage.turned(call)
    return draft, outcomes


def _tree(stage: Stage) -> tree.Tree:
    root = stage.rehearsal.root
    chosen = settings.merge(settings.read(root), stage.script.plan.settings)
    formats = tuple(plugins.load("refactor.formats", "FORMAT", Format).values())
    return tree.discover(root, chosen, formats)


def _is_waived(call: Call, stage: Stage) -> bool:
    return any(not text.strip() and call.text(key) in stage.waived for key, text in call.assets.items())


def _waived(call: Call) -> Outcome:
    name = next(call.text(key) for key in call.assets)
    path = call.text("file")
    reason = f"waived: nobody has written {name} yet"
    return Outcome(left=(Left(path, Span(0, 0), name, call.step.name, Verdict.AMBIGUOUS, "", None, reason),))


def _outcome(stage: Stage, call: Call, draft: Draft) -> Outcome:
    outcome = call.step.plan(call, draft)
    mended = [edit for mend in outcome.mends for edit in _mended(stage, mend, draft)]
    commands = outcome.commands if stage.runs else ()
    written = [edit for command in commands for edit in _written(stage, call, command, draft)]
    return Outcome((*outcome.edits, *mended, *written), outcome.moves, outcome.left)


def _mended(stage: Stage, mend: Mend, draft: Draft) -> list[Edit]:
    """What lint mends of the draft."""
    from refactor.proving import mends_of

    is_left = _left_by(stage)
    with _laid_out(stage, draft) as root:
        return mends_of(root, mend, stage.script.plan.settings, is_left)


@contextmanager
def _laid_out(stage: Stage, draft: Draft) -> Iterator[Path]:
    """The draft as files of the scratch tree, for as long as somebody looks at them."""
    plan, root = draft.plan(), stage.rehearsal.root
    if plan.edits or plan.moves:
        transaction.apply(root, plan, allow_dirty=True, label="rehearsal")
    try:
        yield root
    finally:
        stage.rehearsal.clean()


# --- programs -----------------------------------------------------------------------------------


def _written(stage: Stage, call: Call, command: Command, draft: Draft) -> list[Edit]:
    """Run a program on the draft, and give what it changed in the files that it may write."""
    with _laid_out(stage, draft) as root:
        _run(stage, call, command)
        found = _contents(root, command)
    return [edit for path, text in found.items() if (edit := _taken_over(path, text, draft))]


def _contents(root: Path, command: Command) -> dict[str, str]:
    """The files that differ from the commit and that a program may write."""
    if not command.writes:
        return {}
    is_wanted = tree.matcher(command.writes)
    changed = (change.path for change in git.status(root, untracked=True) if is_wanted(change.path))
    files = {path: root / path for path in changed}
    return {path: decode(file.read_bytes()) for path, file in files.items() if file.is_file() and not file.is_symlink()}


def _taken_over(path: str, text: str, draft: Draft) -> Edit | None:
    """The edit that makes a file what a program wrote. The draft reads the tree, so the program's traces must be gone."""
    before = draft.read(path)
    if before is None:
        return Edit(path, Span(0, 0), "", text, "written by a program of the plan", "run")
    return difference(path, before.text, text)


def _run(stage: Stage, call: Call, command: Command) -> Check:
    words = _filled(stage, command.words)
    stage.says(f"runs   {shown(command)}")
    environment = {name: _filled(stage, [value])[0] for name, value in command.environment}
    ran = programs.run(words, stage.rehearsal.root / command.folder, command.seconds, environment)
    if ran.code is None:
        why = "could not be started" if not ran.seconds else f"was stopped after {command.seconds:g} seconds"
        raise _failed(call, command, why, ran)
    if ran.code != command.code:
        raise _failed(call, command, f"ended with {ran.code}, not {command.code}", ran)
    if command.prints and command.prints not in ran.output:
        raise _failed(call, command, f"did not print {command.prints!r}", ran)
    return Check(shown(command), ran.seconds)


def _failed(call: Call, command: Command, why: str, ran: programs.Ran) -> RefactorError:
    said = ran.tail.split("\n") if ran.tail else ["(nothing)"]
    return call.stop(f"`{shown(command)}` {why}", "nothing of the phase was brought over. It said:", details=said)


def shown(command: Command) -> str:
    """A command as a person would type it."""
    return shlex.join(command.words)


def _filled(stage: Stage, words: Sequence[str]) -> list[str]:
    """Put paths for `{plan}`, `{tree}`, `{root}` and `{before}`."""
    places = {"{plan}": str(stage.script.plan.path.absolute().parent), "{tree}": str(stage.rehearsal.root), "{python}": sys.executable,
              "{root}": str(stage.root)}  # fmt: skip
    if any("{before}" in word for word in words):
        places["{before}"] = str(stage.rehearsal.open_before(stage.start))
    filled = []
    for word in words:
        for name, path in places.items():
            word = word.replace(name, path)
        filled.append(word)
    return filled


# --- verifying ----------------------------------------------------------------------------------


def _verified(stage: Stage, phase: Phase) -> Iterator[Check]:
    """Run the checks of a phase, in order, on its commits. Raises RefactorError for the first that does not hold."""
    if not phase.verify:
        return
    is_left = _left_by(stage)  # now: it may check other commits out, and a program may leave something for the next one
    try:
        for call in phase.verify:
            outcome = call.step.plan(call, Draft(_tree(stage)))
            if stage.runs:
                yield from (_run(stage, call, command) for command in outcome.commands)
            yield from (_linted(stage, call, clean, is_left) for clean in outcome.cleans)
    finally:
        stage.rehearsal.clean()


def _left_by(stage: Stage) -> Callable[[Finding, str], bool]:
    """Make a test for findings, each with the text of its file: what the `leave` steps of the plan are about."""
    done = stage.measured().done_moves if stage.base or stage.is_measured else ()
    back = {move.new: move.old for move in done}

    def is_left(finding: Finding, content: str) -> bool:
        names = {finding.path, final(finding.path, back)}
        return is_held(stage.script.left_out, names, finding.span, content, finding.code)

    return is_left


def _linted(stage: Stage, call: Call, clean: Clean, is_left: Callable[[Finding, str], bool]) -> Check:
    from refactor.proving import findings_of, new_findings

    start = time.monotonic()
    found = findings_of(stage.rehearsal.root, clean, stage.script.plan.settings, is_left)
    if clean.only_new and found:
        before = findings_of(stage.rehearsal.open_before(stage.start), clean, stage.script.plan.settings, is_left)
        moves = stage.measured().done_moves if stage.is_measured else ()
        there = {move.old: move.new for move in moves}
        found = new_findings(found, before, lambda path: final(path, there))
    if found:
        more = [f"... and {len(found) - 20} more"] if len(found) > 20 else []
        listed = [*map(str, found[:20]), *more]
        raise call.stop(f"lint finds {count(len(found), 'problem')}", "mend them in the plan:", details=listed)
    return Check(f"lint {' '.join(clean.select) or 'with all checks'}", time.monotonic() - start)


# --- bringing over ------------------------------------------------------------------------------


def bring(root: Path, rehearsal: Rehearsal, tip: str, moves: Sequence[Move], label: str, *, publish: bool) -> None:
    """Make the person's tree what the rehearsal has at a commit, in one transaction, and let the branch follow.

    Raises RefactorError, with tree, index and branch as they were.
    """
    plan = between(root, rehearsal.root, tip, moves)
    commit = partial(_publish, root, tip) if publish else None
    transaction.apply(root, plan, label=label, commit=commit)


def _publish(root: Path, tip: str, _applied: transaction.Applied) -> None:
    commits.publish(root, tip)


def mend(root: Path, plan: str) -> None:
    """Take back what a killed run of a plan has left in the tree. What somebody else has left is not touched."""
    found = transaction.unfinished(root)
    if found is None or trail.is_label(found.label, plan):
        transaction.recover(root)  # without a transaction it still removes the lock of a dead process


def between(root: Path, other: Path, tip: str, moves: Sequence[Move]) -> Plan:
    """The plan that leads from a tree to another tree, which has a commit checked out; `moves` are known to be in it."""
    head = git.head(root)
    there, back = {move.old: move.new for move in moves}, {move.new: move.old for move in moves}
    output = git.run(root, "diff", "--name-status", "--no-renames", "--relative", "-z", f"{head}", tip)
    fields = iter(git.records(output))
    edits: list[Edit] = []
    gone: list[str] = []
    for status, path in zip(fields, fields, strict=True):
        if status == "D":
            gone += [path] if final(path, there) == path else []
        elif edit := _brought(root, other, path, final(path, back)):
            edits.append(edit)
    return Plan(head, (), tuple(sorted(edits)), tuple(sorted(moves)), (), tuple(sorted(gone)))


def _brought(root: Path, other: Path, path: str, origin: str) -> Edit | None:
    if (other / path).is_symlink():
        return None  # it moves with its folder; no step makes or changes a link
    after = decode((other / path).read_bytes())
    if not (root / origin).is_file():
        return Edit(origin, Span(0, 0), "", after, "made by the plan", "new")
    return difference(origin, decode((root / origin).read_bytes()), after)


def moves_of(phases: Sequence[Phase], measured: Measured | None) -> tuple[Move, ...]:
    """The moves of some phases, in the paths of the tree before the renaming."""
    ways = {call.way for phase in phases for call in phase.calls if call.step.name == "rename"}
    return measured.moves_at(ways) if measured and ways else ()


def needs_base(phases: Sequence[Phase]) -> bool:
    """Tell whether any of some phases has a share of the renaming."""
    return any(call.step.name == "rename" for phase in phases for call in phase.calls)


def base_of(script: Script, done: Sequence[trail.Done]) -> str | None:
    """The commit on which the renaming was measured when the first of its shares was done; None before that."""
    shares = {
        (phase.slug, number)
        for phase in script.phases
        for number, commit in enumerate(phase.commits, 1)
        if any(call.step.name == "rename" for call in commit.calls)
    }
    return next((one.parent for one in done if (one.phase, one.number) in shares), None)


def start_of(done: Sequence[trail.Done], head: str) -> str:
    """The commit before the first one of the plan."""
    return done[0].parent if done else head
