"""Courses on which commands are tried while something strikes at them, and what is known of each before.

A command is one line of a table: what is tried on one is tried on all. Judges nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import faults
from faults import Call, Ran, Strike
from snapshots import State, state

from refactor.demo.history import make_history

PROJECT = Path(__file__).parents[1]
WANTED = os.environ.get("REFACTOR_FAULTS", "")

COURSE = {
    "README.md": "# A garden\r\n\r\n| 10 | Water |\r\n| 11 | Pruning |\r\n\r\nAfter `10_water` comes `11_pruning`.\r\n",
    "modules/09_soil/README.md": "# Module 09: Soil\n\nNext is Module 10: Water. Not Module 9: Pruning.\n",
    "modules/10_water/README.md": "# Module 10: Water\n",
    "modules/10_water/water.py": '"""Module 10: Water."""\n',
    "modules/11_pruning/README.md": "# Module 11: Pruning\n\n[Before](../10_water/README.md)\n",
    "tests/10_water/test_water.py": '"""Module 10: Water, caf\xe9."""\n',
}
SWAP = ("rename", "--from", "10_water", "--to", "11_watering", "--from", "11_pruning", "--to", "10_pruning")
FIX = ("lint", "--fix", "--unsafe-fixes", "--exit-zero", "--jobs", "1")
PLAN = ("rename", "--plan", str(PROJECT / "plans/optimization_tier/plan.yaml"))


@dataclass(frozen=True, slots=True)
class Case:
    """A command, and those that come before it, in a shell if they say so; what is tried on it is tried on all.

    Where it goes through trees in which it may rest, `through` are commands that stop at each.
    """

    command: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    through: tuple[tuple[str, ...], ...] = ()


# A branch that wrote something before the renaming, and was merged with it.
DRAFT = (
    "git switch -qc draft && echo 'After Module 10: Water rest.' > notes.md && git add notes.md && git commit -qm Draft"
)
MERGE = "git switch -q draft && git merge -q --no-edit main"

# A plan in two phases, beside the course.
PHASES = """\
plan: garden
series: module
rename: {10_water: 11_watering, 11_pruning: 10_pruning}
phases:
- phase: words
  message: "docs: say what the garden is"
  steps:
  - edit_text: {file: README.md, old: A garden, new: The garden}
- phase: numbers
  commits:
  - message: "refactor: prune before the water"
    steps: [{rename: {paths: [modules/]}}]
  - message: "docs: follow"
    steps: [{rename: {}}]
"""
APPLY = ("apply", "../plan.yaml")

CASES = {
    "rename": Case(SWAP),
    "rename --commit": Case((*SWAP, "--commit")),
    "undo": Case(("undo",), (SWAP,)),
    "lint --fix": Case(FIX),
    "migrate": Case(
        ("migrate", "--base", "main"),
        (("sh", "-c", DRAFT), ("sh", "-c", "git switch -q main"), (*SWAP, "--commit"), ("sh", "-c", MERGE)),
    ),
    "migrate --onto": Case(
        ("migrate", "--onto", "main"),
        (
            ("sh", "-c", f"{DRAFT} && printf 'new\\0' > picture.png && chmod +x picture.png && ln -s notes.md link"),
            ("sh", "-c", "git add --all && git commit -qm Picture && git switch -q main"),
            (*SWAP, "--commit"),
            ("sh", "-c", "git switch -q draft"),
        ),
    ),
    "apply": Case(APPLY, through=((*APPLY, "--until", "words"),)),
}
# These are tried if somebody wants more than a few calls.
LONG = {
    "undo of a phase": Case(("undo", "../plan.yaml", "--phase", "numbers"), (APPLY,)),
    "migrate --commit": replace(CASES["migrate"], command=(*CASES["migrate"].command, "--commit")),
}
CASES |= LONG if WANTED else {}
DEMO = {
    "rename": Case(PLAN),
    "rename --commit": Case((*PLAN, "--commit")),
    "undo": Case(("undo",), (PLAN,)),
    "lint --fix": Case(FIX),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder that holds a course, and beside it all else that a command may write to."""

    folder: Path

    @property
    def root(self) -> Path:
        """The course."""
        return self.folder / "course"

    def run(self, *arguments: str, strike: Strike = faults.nothing) -> Ran:
        """Run a command in the course."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "REFACTOR_CACHE_DIR": str(self.folder / "cache"),
            "TMPDIR": str(self.folder / "tmp"),
        }
        return faults.run((sys.executable, "-m", "refactor", *arguments), self.root, self.folder, strike, environment)

    def copy(self, folder: Path) -> Ground:
        """Give the same course in another folder."""
        other = Ground(folder)
        shutil.copytree(self.folder, other.folder, symlinks=True)
        return other

    def remove(self) -> None:
        """Make room for the next one."""
        shutil.rmtree(self.folder)


def ground(folder: Path, *, demo: bool = False) -> Ground:
    """A course in a repository: the demo course with its history, or a small one with things of every kind."""
    made = Ground(folder)
    for name in ("cache", "tmp"):
        (folder / name).mkdir(parents=True)
    if demo:
        make_history(made.root)
        return made
    for path, text in COURSE.items():
        (made.root / path).parent.mkdir(parents=True, exist_ok=True)
        (made.root / path).write_bytes(text.encode("latin-1"))
    (folder / "plan.yaml").write_text(PHASES)
    (made.root / "modules/10_water/water.py").chmod(0o755)
    (made.root / "modules/10_water/link").symlink_to("../09_soil")
    (made.root / "modules/11_pruning/empty").mkdir(mode=0o700)
    for arguments in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "Plant"),
    ):
        subprocess.run(("git", *arguments), cwd=made.root, check=True)
    return made


@dataclass(frozen=True, slots=True)
class Trial:
    """A course that is ready for a command, what it is then, where it may rest, and afterwards, and the calls that lead
    there."""

    ready: Ground
    command: tuple[str, ...]
    states: tuple[State, ...]
    calls: tuple[Call, ...]

    @property
    def old(self) -> State:
        """The course before the command."""
        return self.states[0]

    @property
    def new(self) -> State:
        """The course after it."""
        return self.states[-1]

    def struck(self, point: int, strike: Strike) -> tuple[Ground, Ran]:
        """Run the command on a fresh copy, with a strike at one call."""
        place = self.copy(point)
        return place, place.run(*self.command, strike=faults.at(point, strike))

    def copy(self, point: int) -> Ground:
        """Give a course to try the command on; one with that number that a failed test has left gives way."""
        folder = self.ready.folder.parent / str(point)
        shutil.rmtree(folder, ignore_errors=True)
        return self.ready.copy(folder)

    def points(self, few: int) -> list[int]:
        """The calls that are tried: all, or a few, from the first to the last, that are not about a clone of its own."""
        calls = self.calls if WANTED == "all" else [call for call in self.calls if "/renumber-" not in call.path]
        return some([call.number for call in calls], few)


def some(calls: Sequence[int], few: int) -> list[int]:
    """All calls that there are, or a few of them, spread out; or as many as are wanted."""
    few = len(calls) if WANTED == "all" else int(WANTED or few)
    if len(calls) <= few:
        return list(calls)
    return [calls[place * (len(calls) - 1) // (few - 1)] for place in range(few)]


def prepare(folder: Path, case: Case, *, demo: bool = False) -> Trial:
    """Run the command once without a strike, to know what is to come of it."""
    ready = ground(folder / "ready", demo=demo)
    for arguments in case.before:
        if arguments[0] == "sh":
            subprocess.run(arguments, cwd=ready.root, check=True)
        else:
            assert ready.run(*arguments).code == 0
    stops = [run_on_copy(ready, folder / "model", command) for command in (*case.through, case.command)]
    states = (state(ready.root), *(found for found, _ in stops))
    assert len({str(one.tree) for one in states}) == len(states)
    return Trial(ready, case.command, states, stops[-1][1])


def run_on_copy(ready: Ground, folder: Path, command: Sequence[str]) -> tuple[State, tuple[Call, ...]]:
    """What a command makes of a copy of a course, and the calls that lead there."""
    model = ready.copy(folder)
    ran = model.run(*command)
    assert ran.code == 0, ran.err
    found = state(model.root)
    model.remove()
    return found, ran.calls
