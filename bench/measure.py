"""Run a command and tell what it took; run several in turn and tell how they compare. Judges nothing."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# The last words of a Python that was stopped, or found no such module: it gives 1, as a linter with findings does.
_BROKEN = re.compile(r"(?:^[\w.]+(?:Error|Exception|Exit)\b[^\n]*|: No module named [^\n]*)\s*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """A command line to measure. `good` are its exit codes; `before` is done each time, and not measured."""

    name: str
    line: tuple[str, ...]
    good: frozenset[int] = frozenset({0, 1})
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Taken:
    """What one run took: seconds on the clock, seconds of processors (children too), and bytes of memory at most."""

    wall: float
    cpu: float
    memory: int


def run(command: Command, folder: Path, environment: dict[str, str]) -> Taken:
    """Run a command in a folder. Raises SystemExit with its own words if it fails."""
    command.before()
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command.line, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
        if child.returncode not in command.good or _BROKEN.search(said):
            raise SystemExit(f"{' '.join(command.line)} gave {child.returncode}: {said[-2000:]}")
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def in_turn(
    commands: Sequence[Command], folder: Path, environment: dict[str, str], runs: int
) -> dict[str, list[Taken]]:
    """Run all commands once, then all of them again: who else is busy on the machine is so to all of them."""
    found: dict[str, list[Taken]] = {command.name: [] for command in commands}
    for _ in range(runs):
        for command in commands:
            found[command.name].append(run(command, folder, environment))
    return found


@dataclass(frozen=True)
class Ratio:
    """How many times the seconds of another: the median of all rounds, and the smallest and largest."""

    middle: float
    least: float
    most: float


def ratio(ours: Sequence[Taken], theirs: Sequence[Taken], clock: str) -> Ratio:
    """Compare round by round, by `wall` or `cpu`."""
    rounds = [getattr(one, clock) / getattr(other, clock) for one, other in zip(ours, theirs, strict=True)]
    return Ratio(median(rounds), min(rounds), max(rounds))
