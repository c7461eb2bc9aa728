"""Read trees of folders drawn with lines: which path every line of such a drawing stands for.

Knows nothing of what exists; where a drawing starts is for the caller to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from refactor.spans import Span

_BRANCH = re.compile(r"[├└][─-]{1,3}[ \t]+(?P<name>[\w.-]+)/?(?=[ \t]*(?:$|[#←<(*|-]|[ \t]{2}))", re.MULTILINE)
_TOP = re.compile(r"[\w.~-]+(?:/[\w.-]+)*/?")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A name in a drawing: the folder's label on top, the names between, and the name itself with its place."""

    top: str
    above: tuple[str, ...]
    name: str
    span: Span


def drawn(text: str) -> Iterator[Drawn]:
    """Every name that hangs on a branch, in order. Offsets count from the start of the text."""
    if "├" not in text and "└" not in text:
        return
    stack: list[tuple[int, str]] = []
    top, end = "", -1
    for found in _BRANCH.finditer(text):
        if text.count("\n", max(end, 0), found.start()) > 3 or end < 0:
            top, stack = _top(text, found.start()), []
        end = found.end()
        column = found.start() - text.rfind("\n", 0, found.start())
        stack = [one for one in stack if one[0] < column]
        yield Drawn(top, tuple(name for _, name in stack), found["name"], Span(*found.span("name")))
        stack.append((column, found["name"]))


def _top(text: str, start: int) -> str:
    """The label on the line above a drawing, without the sign of a comment and the slash at its end."""
    line = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    found = _TOP.search(line)
    return found[0].rstrip("/") if found else ""
