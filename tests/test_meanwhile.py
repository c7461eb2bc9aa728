"""Of two who change a tree at once, one wins cleanly, or stops with nothing written; what a person writes is kept.

A command is stopped at a call that changes files, somebody else does something, and the command goes on.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import faults
import pytest
from faults import Call, Ran
from grounds import FIX, SWAP, Ground, Trial, some
from snapshots import Snapshot, State, state

pytestmark = faults.needed()

Trials = Callable[[str], Trial]
OTHER = ("rename", "--from", "11_pruning", "--to", "15_cutting")


def interrupted(trial: Trial, point: int, meanwhile: Callable[[Ground], object]) -> tuple[Ground, Ran]:
    """Run the trial's command; at a call let something else happen first."""
    place = trial.copy(point)

    def strike(_call: Call) -> int:
        meanwhile(place)
        return 0

    return place, place.run(*trial.command, strike=faults.at(point, strike))


def overtaken(trial: Trial, point: int, command: tuple[str, ...]) -> tuple[Ground, Ran, Ran]:
    """Run the trial's command; at a call let another command run from its start to its end."""
    others: list[Ran] = []
    place, ran = interrupted(trial, point, lambda place: others.append(place.run(*command)))
    return place, ran, others[0]


def is_of_the_tree(call: Call, place: Ground) -> bool:
    """Tell whether a call is to change the tree or git's own files: not the cache, not the store and its lock."""
    return call.path.startswith(f"{place.root}/") and call.path != f"{place.root}/.git/refactor" and not is_locked(call)


def told(ran: Ran) -> str:
    """The one sentence of a command that refused."""
    assert (ran.code, ran.err.count("error: "), ran.err.count("\n")) == (2, 1, 1), ran
    return ran.err


def is_locked(call: Call) -> bool:
    return call.path.endswith("/.git/refactor/lock")


@pytest.mark.parametrize("command", [SWAP, OTHER, ("undo",), FIX], ids=["the same", "rename", "undo", "lint --fix"])
def test_of_two_commands_at_once_only_one_writes(trials: Trials, command: tuple[str, ...]) -> None:
    trial = trials("rename")
    first, *_, last = (call.number for call in trial.calls if is_locked(call))
    for point in some(range(first + 1, last + 1), 3):
        place, ran, other = overtaken(trial, point, command)
        assert ran.code == 0
        assert state(place.root) == trial.new
        assert not [call for call in other.calls if is_of_the_tree(call, place)]
        assert not other.code or told(other)
        place.remove()


def test_a_command_that_is_overtaken_before_it_writes_is_refused(trials: Trials) -> None:
    trial = trials("rename")
    place, ran = interrupted(trial, 1, lambda place: place.run(*OTHER))
    assert "11_pruning" in told(ran)
    other = trial.copy(2)
    assert other.run(*OTHER).code == 0
    assert state(place.root) == state(other.root)


def test_a_lint_meanwhile_writes_nothing_and_does_not_fail(trials: Trials) -> None:
    trial = trials("rename --commit")
    for point in trial.points(4):
        place, ran, linted = overtaken(trial, point, ("lint",))
        assert (ran.code, state(place.root)) == (0, trial.new)
        assert (linted.code in {0, 1}, linted.err) == (True, "")
        place.remove()


def test_what_an_editor_writes_between_plan_and_apply_is_kept(trials: Trials) -> None:
    trial = trials("rename")
    before_the_lock = [
        call.number for call in trial.calls[: next(n for n, call in enumerate(trial.calls) if is_locked(call)) + 1]
    ]
    for point in before_the_lock:
        place, ran = interrupted(trial, point, lambda place: (place.root / "README.md").write_bytes(b"mine\n"))
        assert "README.md" in told(ran)
        expected = {**trial.old.tree, "README.md": ("file", 0o644, b"mine\n")}
        assert state(place.root).tree == expected
        place.remove()


@pytest.mark.parametrize("name", ["rename", "rename --commit", "undo", "lint --fix"])
def test_what_an_editor_writes_at_any_time_is_kept_or_in_the_way(trials: Trials, name: str) -> None:
    trial = trials(name)
    edited = "README.md" if name != "lint --fix" else "modules/09_soil/README.md"
    for point in trial.points(4):
        if trial.calls[point - 1].name == "rename" and trial.calls[point - 1].path.startswith(edited):
            continue  # no system call compares and replaces at once: this is the one moment between
        place, ran = interrupted(trial, point, lambda place: (place.root / edited).write_bytes(b"mine\n"))
        assert ran.code in {0, 2}
        assert (place.root / edited).read_bytes() == b"mine\n", ran.calls[point - 1]
        place.remove()


def commit(place: Ground) -> None:
    """Commit something, as a person in another window does; git may refuse."""
    command = ("git", "commit", "--quiet", "--allow-empty", "--message", "Mine")
    subprocess.run(command, cwd=place.root, check=False, capture_output=True)


def subjects(place: Ground) -> list[str]:
    done = subprocess.run(("git", "log", "--format=%s"), cwd=place.root, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def but_the_ledger(found: State) -> tuple[Snapshot, list[str]]:
    """A tree and what is staged, but for the record of renamings."""
    tree = {path: about for path, about in found.tree.items() if path != "refactor.ledger.toml"}
    return tree, [line for line in found.index.splitlines() if not line.endswith("\trefactor.ledger.toml")]


def test_a_commit_meanwhile_is_built_upon_or_stops_ours(trials: Trials) -> None:
    trial = trials("rename --commit")
    for point in trial.points(6):
        place, ran = interrupted(trial, point, commit)
        found, said = state(place.root), subjects(place)
        if ran.code:
            assert (found.tree, found.index) == (trial.old.tree, trial.old.index), told(ran)
            assert said == ["Mine", "Plant"]
        else:
            assert but_the_ledger(found) == but_the_ledger(trial.new)  # which names the commit below
            assert len([subject for subject in said if subject not in {"Mine", "Plant"}]) == 2
        place.remove()
