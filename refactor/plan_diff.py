"""A plan as a diff in the manner of git: renames and hunks, file by file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from refactor.model import Document, Plan
from refactor.spans import lines, splice
from refactor.wording import safe

_COLOURS = {"+": "\033[32m", "-": "\033[31m", "@": "\033[36m"}


def render(
    plan: Plan,
    documents: Mapping[str, Document],
    paths: Iterable[str],
    new_path: Callable[[str], str],
    *,
    terminal: bool,
) -> str:
    """Write the plan as git would show it once it is done; `paths` are all files of the tree before.

    On a terminal it is coloured, and control characters of the tree do not reach it; else every byte is as it is.
    """
    edits = {path: list(group) for path, group in groupby(plan.edits, key=lambda edit: edit.path)}
    rows: list[str] = []
    for path in sorted({*edits, *(path for path in paths if new_path(path) != path)}):
        rows += _head(path, new_path(path))
        if path in edits:
            before = documents[path].text
            after = splice(before, ((edit.span, edit.old, edit.new) for edit in edits[path]))
            rows += _hunks(before, after, path, new_path(path))
    return "".join(map(_painted, rows) if terminal else rows)


def _head(old: str, new: str) -> Iterator[str]:
    yield f"diff --git a/{old} b/{new}\n"
    if old != new:
        yield from (f"rename from {old}\n", f"rename to {new}\n")


def _hunks(before: str, after: str, old: str, new: str) -> Iterator[str]:
    rows = difflib.unified_diff(lines(before), lines(after), f"a/{old}", f"b/{new}", n=3)
    for row in rows:
        yield row if row.endswith("\n") else row + "\n\\ No newline at end of file\n"


def _painted(row: str) -> str:
    text = "\t".join(map(safe, row.removesuffix("\n").split("\t")))
    colour = _COLOURS.get(row[:1], "")
    return f"{colour}{text}\033[0m\n" if colour else f"{text}\n"
