"""Killed at any system call that changes files, a command leaves a tree that recover makes whole: the old or the new.

Every run is a process as a user starts it; what git does for it counts as well. A few of the calls are tried; with
REFACTOR_FAULTS=100 a hundred in each test, on the demo course too, and with REFACTOR_FAULTS=all every one.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import faults
import pytest
from faults import Call, Ran, Strike
from snapshots import State, state

from refactor import transaction
from refactor.demo.history import make_history

pytestmark = faults.needed()

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
    """A command, and those that come before it; what is tried on it is tried on all."""

    command: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()


CASES = {
    "rename": Case(SWAP),
    "rename --commit": Case((*SWAP, "--commit")),
    "undo": Case(("undo",), (SWAP,)),
    "lint --fix": Case(FIX),
}
Trials = Callable[[str], "Trial"]
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
    (made.root / "modules/10_water/water.py").chmod(0o755)
    (made.root / "modules/10_water/link").symlink_to("../09_soil")
    (made.root / "modules/11_pruning/empty").mkdir(mode=0o700)
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "Plant")):
        subprocess.run(("git", *arguments), cwd=made.root, check=True)
    return made


@dataclass(frozen=True, slots=True)
class Trial:
    """A course that is ready for a command, what it is then and afterwards, and the calls that lead there."""

    ready: Ground
    command: tuple[str, ...]
    old: State
    new: State
    calls: tuple[Call, ...]

    def struck(self, point: int, strike: Strike) -> tuple[Ground, Ran]:
        """Run the command on a fresh copy, with a strike at one call."""
        place = self.copy(point)
        return place, place.run(*self.command, strike=faults.at(point, strike))

    def copy(self, point: int) -> Ground:
        """Give a course to try the command on."""
        return self.ready.copy(self.ready.folder.parent / str(point))

    def points(self, few: int) -> list[int]:
        """The calls that are tried: all, or a few, from the first to the last."""
        return some([call.number for call in self.calls], few)


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
        assert ready.run(*arguments).code == 0
    old = state(ready.root)
    model = ready.copy(folder / "model")
    ran = model.run(*case.command)
    assert ran.code == 0, ran.err
    new = state(model.root)
    assert new.tree != old.tree
    return Trial(ready, case.command, old, new, ran.calls)


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Trial]:
    """Trials on the small course by name, prepared when they are asked for."""
    return cache(lambda name: prepare(tmp_path_factory.mktemp("trial"), CASES[name]))


def recovered(place: Ground) -> State:
    """What recover makes of a course. It has nothing to do the second time, and leaves nothing behind.

    Locks of a git that was killed are git's own, and nobody can tell them from those of one that is alive: recover
    names them, and whoever has read that deletes them.
    """
    said = transaction.recover(place.root)
    for lock in [*(place.root / ".git").glob("*.lock"), *(place.root / ".git/refs").rglob("*.lock")]:
        assert f"Delete {lock}" in said
        lock.unlink()
        said = transaction.recover(place.root)
    assert transaction.recover(place.root) == "Nothing to recover."
    assert {path.name for path in (place.root / ".git/refactor").glob("*")} <= {"done"}
    return state(place.root)


def killed(trial: Trial, strike: Strike, points: Iterable[int]) -> list[bool]:
    """Kill a command at each of the calls, recover, and tell whether the tree is then the new one."""
    seen = []
    for point in points:
        place, ran = trial.struck(point, strike)
        assert ran.code == -signal.SIGKILL
        found = recovered(place)
        assert found in (trial.old, trial.new), f"killed at {ran.calls[point - 1]}"
        seen.append(found == trial.new)
        place.remove()
    return seen


@pytest.mark.parametrize("name", CASES)
def test_a_kill_at_any_call_leaves_the_old_tree_or_the_new_one(trials: Trials, name: str) -> None:
    trial = trials(name)
    assert len(trial.calls) > 40
    seen = killed(trial, faults.kill, trial.points(7))
    assert seen == sorted(seen)
    assert seen[0] is False


@pytest.mark.skipif(not WANTED, reason="takes long; set REFACTOR_FAULTS=all, or to a number of calls")
@pytest.mark.parametrize("name", DEMO)
def test_a_kill_at_any_call_leaves_the_demo_course_whole(tmp_path: Path, name: str) -> None:
    trial = prepare(tmp_path, DEMO[name], demo=True)
    seen = killed(trial, faults.kill, trial.points(2))
    assert seen == sorted(seen)
    assert seen[0] is False


@pytest.mark.parametrize("strike", [faults.kill_the_command, faults.kill_the_caller], ids=["the command", "the git"])
def test_a_kill_of_one_process_only_is_survived_too(trials: Trials, strike: Strike) -> None:
    trial = trials("rename --commit")
    for point in some([call.number for call in trial.calls if call.is_of_a_child], 4):
        place, ran = trial.struck(point, strike)
        assert ran.code == (-signal.SIGKILL if strike is faults.kill_the_command else 2)
        assert recovered(place) in (trial.old, trial.new), f"killed at {ran.calls[point - 1]}"
        place.remove()


@pytest.mark.parametrize("name", CASES)
def test_half_of_a_write_is_no_danger(trials: Trials, name: str) -> None:
    trial = trials(name)
    killed(trial, faults.tear, some([call.number for call in trial.calls if call.name == "write"], 2))


@pytest.mark.parametrize("name", ["rename", "rename --commit"])
def test_recover_may_be_killed_at_any_call_and_begun_again(tmp_path: Path, trials: Trials, name: str) -> None:
    trial = trials(name)
    for first in stages(trial):
        broken, ran = trial.struck(first, faults.kill)
        assert ran.code == -signal.SIGKILL
        calls = broken.copy(tmp_path / "whole").run("recover").calls
        shutil.rmtree(tmp_path / "whole")
        for second in some(range(1, len(calls) + 1), 2):
            place = broken.copy(tmp_path / "again")
            assert place.run("recover", strike=faults.at(second, faults.kill)).code == -signal.SIGKILL
            assert recovered(place) in (trial.old, trial.new), f"killed at call {first}, then at {calls[second - 1]}"
            place.remove()
        broken.remove()


def stages(trial: Trial) -> list[int]:
    """A call in the middle of each stage: things leave, arrive, are drafted, written, and committed; or a few of them."""
    marks = [call.number for call in trial.calls if call.name == "openat" and "/pending/" in call.path]
    publishing = [call.number for call in trial.calls if call.path.endswith((".lock", "/index-draft"))]
    return some([*(mark - 1 for mark in marks), marks[-1] + 2, *publishing[-3:]], 2)


# Refused by the system

ERRORS = {"disk full": errno.ENOSPC, "no permission": errno.EACCES, "read-only": errno.EROFS, "vanished": errno.ENOENT}


def judge(place: Ground, ran: Ran, trial: Trial) -> None:
    """Hold what a command promises when the system refuses something: it is done, or refused in one sentence."""
    if ran.code != 0:
        assert (ran.code, ran.err.count("error: "), ran.err.count("\n")) == (2, 1, 1), ran
    assert recovered(place) == (trial.new if ran.code == 0 else trial.old), ran
    place.remove()


@pytest.mark.parametrize("name", CASES)
def test_an_error_at_any_call_is_one_sentence_and_the_tree_is_as_before(trials: Trials, name: str) -> None:
    trial = trials(name)
    tried = [(point, error) for point in trial.points(4) for error in ERRORS]
    for point, error in tried if WANTED else tried[::5]:
        place, ran = trial.struck(point, faults.refuse(ERRORS[error]))
        judge(place, ran, trial)


@pytest.mark.parametrize("name", CASES)
def test_after_an_error_that_lasts_the_tree_is_as_before(trials: Trials, name: str) -> None:
    trial = trials(name)
    for point in trial.points(3):
        place = trial.copy(point)
        judge(place, place.run(*trial.command, strike=faults.since(point, disk_full)), trial)


def disk_full(call: Call) -> int:
    """Nothing can be made any more, but things can be moved and removed."""
    return errno.ENOSPC if call.name in {"openat", "mkdir", "write", "link", "symlink"} else 0
