"""A plan as a unified diff, with moves as git writes them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from refactor.model import Document, Plan
from refactor.spans import splice

_COLOURS = {"+": "\033[32m", "-": "\033[31m", "@": "\033[36m"}


def render(
    plan: Plan, documents: Mapping[str, Document], new_path: Callable[[str], str], *, colour: bool = False
) -> str:
    """Write the plan as a diff that `git apply` understands for text; folders move file by file on disk."""
    lines = [f"rename {move.old} => {move.new}" for move in plan.moves]
    for path, edits in groupby(plan.edits, key=lambda edit: edit.path):
        document = documents[path]
        after = splice(document.text, ((edit.span, edit.old, edit.new) for edit in edits))
        lines += _diff(document.text, after, path, new_path(path))
    painted = (_paint(line) for line in lines) if colour else lines
    return "\n".join(painted) + "\n" if lines else ""


def _diff(before: str, after: str, old: str, new: str) -> Iterator[str]:
    rows = difflib.unified_diff(before.split("\n"), after.split("\n"), f"a/{old}", f"b/{new}", n=1, lineterm="")
    return (_printable(row) for row in rows)


def _printable(row: str) -> str:
    return "".join(letter if letter.isprintable() or letter == "\t" else "�" for letter in row)


def _paint(line: str) -> str:
    colour = _COLOURS.get(line[:1], "")
    return f"{colour}{line}\033[0m" if colour else line
