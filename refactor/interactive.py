"""Ask about every edit before anything is written, in the manner of `git add -p`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TextIO

from refactor.errors import RefactorError
from refactor.model import Document, Edit, Left, Plan, Verdict
from refactor.spans import line_at, line_column

_YES = frozenset("yaA")
_STANDING = frozenset("adAq")
_HELP = """y - make this change
n - leave this one alone
a - make this and all later changes in this file
d - leave this and all later ones in this file alone
A - make this and all later changes
q - leave this and all later ones alone
Q - stop, and write nothing at all
"""


def choose(plan: Plan, documents: Mapping[str, Document], answers: TextIO, screen: TextIO) -> Plan:
    """Give the plan without the edits that were declined; these are listed as left. Moves stay: they are one."""
    kept: list[Edit] = []
    declined: list[Left] = []
    standing, path = "", ""
    for number, edit in enumerate(plan.edits, 1):
        if edit.path != path and standing in {"a", "d"}:
            standing = ""  # these two hold for one file
        path = edit.path
        answer = standing or _ask(edit, documents[path], f"({number}/{len(plan.edits)})", answers, screen)
        standing = answer if answer in _STANDING else ""
        if answer in _YES:
            kept.append(edit)
        else:
            declined.append(_declined(edit))
    return replace(plan, edits=tuple(kept), left=tuple(sorted((*plan.left, *declined))))


def _ask(edit: Edit, document: Document, count: str, answers: TextIO, screen: TextIO) -> str:
    for line in _shown(edit, document):
        print(line, file=screen)
    while True:
        print(f"{count} Make this change [y,n,a,d,A,q,Q,?]? ", end="", file=screen, flush=True)
        answer = answers.readline()
        if not answer:
            raise RefactorError("the answers ended before the last question; nothing was written.")
        answer = answer.strip()
        if answer == "Q":
            raise RefactorError("stopped; nothing was written.")
        if answer in _YES | _STANDING | {"n"}:
            return answer
        print(_HELP, end="", file=screen)


def _shown(edit: Edit, document: Document) -> Iterator[str]:
    line, column = line_column(document.starts, edit.span.start)
    around = line_at(document.text, edit.span.start, edit.span.end)
    before, after = document.text[around.start : edit.span.start], document.text[edit.span.end : around.end]
    yield f"{edit.path}:{line}:{column}  {edit.because}"
    yield from (f"- {row}" for row in f"{before}{edit.old}{after}".split("\n"))
    yield from (f"+ {row}" for row in f"{before}{edit.new}{after}".split("\n"))


def _declined(edit: Edit) -> Left:
    return Left(edit.path, edit.span, edit.old, edit.kind, Verdict.CURRENT, edit.target, edit.new, "declined")
