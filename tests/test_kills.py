"""Killed at any system call that changes files, a command leaves a tree that recover makes whole: the old or the new.

Every run is a process as a user starts it; what git does for it counts as well. A few of the calls are tried; with
REFACTOR_FAULTS=100 a hundred in each test, on the demo course too, and with REFACTOR_FAULTS=all every one.
"""

from __future__ import annotations

import errno
import shutil
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

import faults
import pytest
from faults import Call, Ran, Strike
from grounds import CASES, DEMO, WANTED, Ground, Trial, prepare, some
from snapshots import State, state

from refactor import transaction

pytestmark = faults.needed()

Trials = Callable[[str], Trial]


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


def rests(trial: Trial, code: int) -> tuple[State, ...]:
    """Where a command may leave a course, by its exit code: done is done, and refused is not."""
    return {0: trial.states[-1:], 2: trial.states[:-1]}.get(code, trial.states)


def killed(trial: Trial, strike: Strike, points: Iterable[int]) -> list[int]:
    """Kill a command at each of the calls, recover, and tell how far the tree is then: 0 is the old one."""
    seen = []
    for point in points:
        place, ran = trial.struck(point, strike)
        assert ran.code == -signal.SIGKILL
        found = recovered(place)
        assert found in trial.states, f"killed at {ran.calls[point - 1]}"
        seen.append(trial.states.index(found))
        place.remove()
    return seen


@pytest.mark.parametrize("name", CASES)
def test_a_kill_at_any_call_leaves_the_old_tree_or_the_new_one(trials: Trials, name: str) -> None:
    trial = trials(name)
    assert len(trial.calls) > 40
    seen = killed(trial, faults.kill, trial.points(7))
    assert seen == sorted(seen)
    assert seen[0] == 0


@pytest.mark.skipif(not WANTED, reason="takes long; set REFACTOR_FAULTS=all, or to a number of calls")
@pytest.mark.parametrize("name", DEMO)
def test_a_kill_at_any_call_leaves_the_demo_course_whole(tmp_path: Path, name: str) -> None:
    trial = prepare(tmp_path, DEMO[name], demo=True)
    seen = killed(trial, faults.kill, trial.points(2))
    assert seen == sorted(seen)
    assert seen[0] == 0


@pytest.mark.parametrize("strike", [faults.kill_the_command, faults.kill_the_caller], ids=["the command", "the git"])
def test_a_kill_of_one_process_only_is_survived_too(trials: Trials, strike: Strike) -> None:
    trial = trials("rename --commit")
    for point in some([call.number for call in trial.calls if call.is_of_a_child], 4):
        place, ran = trial.struck(point, strike)
        assert ran.code in ({-signal.SIGKILL} if strike is faults.kill_the_command else {0, 2})
        assert recovered(place) in rests(trial, ran.code), f"killed at {ran.calls[point - 1]}"
        place.remove()


@pytest.mark.parametrize("name", CASES)
def test_half_of_a_write_is_no_danger(trials: Trials, name: str) -> None:
    trial = trials(name)
    killed(trial, faults.tear, some([call.number for call in trial.calls if call.name == "write"], 2))


def test_a_plan_that_was_killed_goes_on_where_it_was(trials: Trials) -> None:
    trial = trials("apply")
    for point in trial.points(3):
        place, _ = trial.struck(point, faults.kill)
        recovered(place)
        ran = place.run(*trial.command)
        assert ran.code == 0, ran
        assert state(place.root) == trial.new, f"killed at {trial.calls[point - 1]}"
        place.remove()


@pytest.mark.parametrize("name", CASES if WANTED else ["rename", "rename --commit"])
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
            assert recovered(place) in trial.states, f"killed at call {first}, then at {calls[second - 1]}"
            place.remove()
        broken.remove()


def stages(trial: Trial) -> list[int]:
    """A call in the middle of each stage: things leave, arrive, are drafted, written, and committed; or a few of them."""
    marks = [call.number for call in trial.calls if call.name == "openat" and "/pending/" in call.path]
    publishing = [call.number for call in trial.calls if call.path.endswith((".lock", "/index-draft"))]
    return some([*(mark - 1 for mark in marks), marks[-1] + 2, *publishing[-3:]], 2)


# Refused by the system

PUBLISHING = {"rename --commit", "apply", "undo of a phase"}
ERRORS = {"disk full": errno.ENOSPC, "no permission": errno.EACCES, "read-only": errno.EROFS, "vanished": errno.ENOENT}


def judge(place: Ground, ran: Ran, trial: Trial) -> None:
    """Hold what a command promises when the system refuses something: it is done, or refused in one sentence."""
    if ran.code != 0:
        assert (ran.code, ran.err[:7], ran.err.count("\n")) == (2, "error: ", 1), ran
    assert recovered(place) in rests(trial, ran.code), ran
    place.remove()


@pytest.mark.parametrize("name", CASES)
def test_an_error_at_any_call_is_one_sentence_and_the_tree_is_as_before(trials: Trials, name: str) -> None:
    trial = trials(name)
    tried = [(point, error) for point in trial.points(4) for error in ERRORS]
    for point, error in tried if WANTED else tried[::5]:
        place, ran = trial.struck(point, faults.refuse(ERRORS[error]))
        judge(place, ran, trial)


@pytest.mark.parametrize("name", [name for name in CASES if name in PUBLISHING])
def test_an_error_after_the_branch_has_moved_stops_nothing(trials: Trials, name: str) -> None:
    trial = trials(name)
    moved = max(call.number for call in trial.calls if call.path.endswith(".git/refs/heads/main.lock"))
    freed = max(call.number for call in trial.calls if call.path.endswith(".git/refactor/lock"))
    for point in range(moved + 1, freed + 1):
        place, ran = trial.struck(point, faults.refuse(errno.EACCES))
        assert ran.code == 0, (trial.calls[point - 1], ran)
        judge(place, ran, trial)


def test_an_error_that_lasts_after_the_branch_has_moved_is_for_recover(trials: Trials) -> None:
    trial = trials("rename --commit")
    drafted = next(call.number for call in trial.calls if (call.name, call.path[-11:]) == ("rename", "index-draft"))
    place = trial.copy(drafted)
    ran = place.run(*trial.command, strike=faults.since(drafted, lambda call: errno.EACCES * (call.name == "rename")))
    assert ran.code == 2
    assert ran.err.endswith("/.git/index: Permission denied; put that right, then run `python -m refactor recover`.\n")
    assert recovered(place) == trial.new
    place.remove()


@pytest.mark.parametrize("name", CASES)
def test_after_an_error_that_lasts_the_tree_is_as_before(trials: Trials, name: str) -> None:
    trial = trials(name)
    for point in trial.points(3):
        place = trial.copy(point)
        judge(place, place.run(*trial.command, strike=faults.since(point, disk_full)), trial)


def disk_full(call: Call) -> int:
    """Nothing can be made any more, but things can be moved and removed."""
    return errno.ENOSPC if call.name in {"openat", "mkdir", "write", "link", "symlink"} else 0
