"""Files that the other checks could not read, or could read only as plain text."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

from refactor.checks._homes import live
from refactor.lint import INFO, Check, View, at
from refactor.marks import BadYamlError, compose
from refactor.model import Document, Finding
from refactor.spans import SURROGATE, Span
from refactor.toc import NAMES

NAME = "unreadable-file"

# Passed over for good reason: what a link leads to is read where it lies, and nobody writes a lock file.
_FINE = frozenset(("symbolic link", "submodule", "lock file", "no regular file"))
# In data (CSV, JSON, logs) nobody looks for mentions, so these are no loss there.
_FINE_FOR_DATA = frozenset(("larger than 10 MB", "Git LFS pointer"))
_MOST_ALIASES = 1000  # as many as a table of contents may have
_LARGEST = 500_000  # bytes of a Python file that is parsed; at the worst it takes two seconds


def find(view: View) -> Iterator[Finding]:
    """Yield files that are no documents though they look it, documents with odd bytes, and sources that do not parse.

    Only Python files of entries are parsed. Runs nothing of what it reads, and never raises.
    """
    is_live = live(view)
    for path, reason in view.tree.passed_over_among(view.asks):
        if is_live(path) and _is_missed(path, reason, view):
            yield at(NAME, path, Span(0, 0), f"was not read: {reason}", reason)
    for path, remark in view.tree.notes_among(view.asks):
        if is_live(path):
            yield at(NAME, path, Span(0, 0), f"is {remark}", remark, severity=INFO)
    for path, document in view.asked.items():
        parse = _parser(path, view)
        if parse and is_live(path) and (problem := parse(document)):
            message, offset = problem
            yield at(NAME, path, _rest_of_line(document, offset), message, "it is handled as plain text")


def _is_missed(path: str, reason: str, view: View) -> bool:
    claimed = view.tree.formats.claimed(path)
    if claimed is None or reason in _FINE:
        return reason.startswith("cannot be read")
    return claimed.name != "plain" or reason not in _FINE_FOR_DATA


def _parser(path: str, view: View) -> Callable[[Document], tuple[str, int] | None] | None:
    """What tells why a file does not parse, and where; None for files that are not parsed."""
    name = path.rpartition("/")[2]
    if name in NAMES and name.endswith((".yml", ".yaml")):
        return _yaml
    if path.endswith(".ipynb"):
        return _notebook
    return _python if path.endswith(".py") and view.words.home_of(path) else None


def _notebook(document: Document) -> tuple[str, int] | None:
    """A notebook whose view differs from its text was read as JSON already."""
    import json

    if document.view != document.text:
        return None
    shift = int(document.text.startswith("\ufeff"))
    try:
        json.loads(document.text[shift:])
    except json.JSONDecodeError as error:
        return f"is no JSON: {error.msg}", error.pos + shift
    except (ValueError, RecursionError):
        return "is no JSON that can be read: it is nested too deeply, or a number in it is too long", 0
    return None


def _yaml(document: Document) -> tuple[str, int] | None:
    shift = int(document.text.startswith("\ufeff"))
    try:
        compose(SURROGATE.sub("\ufffd", document.text[shift:]), aliases=_MOST_ALIASES)
    except BadYamlError as error:
        return f"is no YAML: {error.problem}", error.offset + shift
    return None


def _python(document: Document) -> tuple[str, int] | None:
    # It parses in half the time of `ast`, and nothing needs a tree.
    from symtable import symtable

    if len(document.data) > _LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on invalid escapes
            symtable(document.data, document.path, "exec")  # type: ignore[arg-type]
    except SyntaxError as error:
        return f"does not parse: {error.msg}", _offset(document, error.lineno or 1, error.offset or 1)
    except (ValueError, MemoryError, RecursionError):
        return "does not parse: it is nested too deeply, or holds a NUL", 0
    return None


def _offset(document: Document, line: int, column: int) -> int:
    """The offset of a line and column, counted from 1; what lies beyond the end is the end."""
    start = document.starts[min(max(line, 1), len(document.starts)) - 1]
    return min(start + max(column, 1) - 1, len(document.text))


def _rest_of_line(document: Document, offset: int) -> Span:
    line = document.text[offset:].partition("\n")[0]
    return Span(offset, offset + len(line.rstrip()))


_TREE = {
    "modules/01_soil/soil_dev.py": "depth = 1\n",
    "modules/02_seeds/seeds_dev.py": "count = 2\n",
    "modules/03_water/water_dev.py": "litres = 3\n",
    "book/_toc.yml": "format: jb-book\nroot: intro\n",
}

CHECK = Check(
    name=NAME,
    summary="A file was not read, or only as plain text: another encoding, no text, or it does not parse.",
    why="What is not read is not checked, and a rename may miss a mention in it.",
    find=find,
    good=(_TREE,),
    bad=(
        {**_TREE, "modules/01_soil/soil_dev.py": "depth = (1\n"},
        {**_TREE, "modules/01_soil/soil_dev.ipynb": '{"cells": [\n'},
        {**_TREE, "book/_toc.yml": "parts: [\n"},
        {**_TREE, "modules/01_soil/README.md": "# Module 1\0\n"},
    ),
)
