"""What git knows of a plan: the commits that carry it out, told by their trailers. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from refactor import git

PLAN, PHASE, COMMIT, UNDO = "Refactor-Plan", "Refactor-Phase", "Refactor-Commit", "Refactor-Undo"

_REVERTS = re.compile(r"This reverts commit ([0-9a-f]{40,64})")


@dataclass(frozen=True, slots=True)
class Done:
    """One commit of a plan. `number` counts the commits of its phase from 1, as the plan lists them."""

    commit: str
    parent: str
    phase: str
    number: int
    subject: str


def trailers(plan: str, phase: str, number: int, total: int) -> str:
    """The lines that tell a commit of a plan from others."""
    return f"{PLAN}: {plan}\n{PHASE}: {phase}\n{COMMIT}: {number}/{total}\n"


def undone(plan: str, phase: str) -> str:
    """The lines of a commit that takes one of a phase back."""
    return f"{PLAN}: {plan}\n{UNDO}: {phase}\n"


def label(plan: str, phases: str, *, commits: bool = True) -> str:
    """What the journal calls a transaction that brings phases of a plan over, with or without commits to follow."""
    return f"plan {plan}: {phases}" if commits else f"plan {plan} without commits: {phases}"


def is_label(given: str, plan: str) -> bool:
    """Tell whether the journal calls a transaction of a plan so that commits were to follow."""
    return given.startswith(f"plan {plan}: ")


def follow(root: Path, plan: str) -> tuple[Done, ...]:
    """The commits of a plan that hold, the oldest first: not those of phases that were undone since, or reverted."""
    lines = f"^{PLAN}: ", "^This reverts commit "
    output = git.run(root, "log", "-z", "--format=%H%x1f%P%x1f%B", *(f"--grep={line}" for line in lines), "HEAD")
    undone_phases: set[str] = set()
    reverted: set[str] = set()
    found: list[Done] = []
    for record in git.records(output):
        commit, parents, message = record.split("\x1f", 2)
        told = dict(re.findall(r"^(Refactor-\w+): (.*?)[ \t]*$", message, re.MULTILINE))
        if commit in reverted:
            continue
        reverted.update(_REVERTS.findall(message))
        if told.get(PLAN) != plan:
            continue
        if UNDO in told:
            undone_phases.add(told[UNDO])
        elif PHASE in told and told[PHASE] not in undone_phases:
            number = int((re.match(r"[0-9]{1,4}", told.get(COMMIT, "")) or ["1"])[0])
            found.append(Done(commit, parents.partition(" ")[0], told[PHASE], number, message.partition("\n")[0]))
    return tuple(reversed(found))
