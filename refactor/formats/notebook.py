"""Jupyter notebooks, read as the JSON they are: the source of cells, each by its language.

Outputs, ids and metadata are no content here. It never writes, and needs no notebook library.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from refactor.formats import markdown, python
from refactor.formats._shared import Piece, fill, shift, to_zones
from refactor.model import Format, Zone, ZoneKind

# A view has lost the JSON that tells where the cells are; control characters, which JSON cannot hold,
# take its place. All are white space to `str` and `re`, and so is the filler, which stands in front
# of every character that was written as an escape: `\"` becomes filler and quote.
_FILLER, _MARKDOWN, _CODE, _END = "\x1f", "\x1c", "\x1d", "\x1e"
_MARKS = {"markdown": _MARKDOWN, "code": _CODE}
_FILLERS = re.compile(_FILLER)
_CELL = re.compile(f"([{_MARKDOWN}{_CODE}])([^{_MARKDOWN}{_CODE}{_END}]*){_END}")

_TEXT = r'[^"\\]*+(?:\\.[^"\\]*+)*+'
_TOKEN = re.compile(
    rf"""\[\s*"(?P<list>{_TEXT}(?:"\s*,\s*"{_TEXT})*+)"\s*\]
    | "(?P<string>{_TEXT})"(?P<colon>\s*:)?
    | [\[\]{{}}]""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)", re.DOTALL)
_BETWEEN = re.compile(r'(\\n)?"\s*,\s*"')
_NOT_NEWLINE = re.compile(r"[^\n]")


@dataclass
class _Cell:
    """Where the source of a cell stands, from within its first quote to within its last."""

    language: str = ""
    span: tuple[int, int] = (0, 0)


def view(text: str) -> str:
    r"""Blank all but the sources of cells and decode their escapes in place; same length.

    A line break is where the next line starts: `"a\n",` and `"b"` on two lines of the file become
    `a`, blanks, a line break and `b`. A text that is not JSON, or has no cells, is its own view.
    """
    written: list[str] = []
    position = 0
    for cell in _cells(text) if _is_json(text) else ():
        start, end = cell.span
        # Before a first string there is at least `:"`, which makes room for two characters.
        written += (_NOT_NEWLINE.sub(" ", text[position : start - 2]), _MARKS.get(cell.language, " "), "\n")
        source = _decoded(text[start:end])
        written += (_python_view(source) if cell.language == "code" else source, _END)
        position = end + 1
    return "".join((*written, _NOT_NEWLINE.sub(" ", text[position:]))) if written else text


def _is_json(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True


def _cells(text: str) -> Iterator[_Cell]:
    """Walk the brackets and strings of a JSON text; a notebook's title counts as a cell of no language."""
    depth = 0
    part = key = ""
    cell = _Cell()
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if token["colon"]:
            part = token["string"] if depth == 1 else part
            key = token["string"]
        elif token.lastgroup:
            place = (part, depth, key)
            if place == ("cells", 3, "source"):
                cell.span = token.span(token.lastgroup)
            elif place == ("cells", 3, "cell_type"):
                cell.language = mark.strip('"')
            elif place == ("metadata", 2, "title"):
                yield _Cell("", token.span(token.lastgroup))
        elif mark in "[{":
            depth += 1
        else:
            depth -= 1
            if depth == 2 and part == "cells":
                if cell.span[1]:
                    yield cell
                cell = _Cell()


def _decoded(source: str) -> str:
    """Decode the source of a cell as long as it is written, JSON between its strings blanked."""
    if "\\" not in source and '"' not in source:
        return source
    # Once escaped backslashes and quotes are put aside, a quote ends a string and a backslash escapes.
    source = source.replace(r"\\", f"{_FILLER}\x00").replace(r"\"", f"{_FILLER}\x01")
    usual = _BETWEEN.search(source)
    if usual and usual[1]:  # most lines of a notebook are joined in one way, and this is far faster
        source = source.replace(usual[0], _break(usual))
    source = _BETWEEN.sub(_break, source).replace(r"\n", " \n")
    if "\\" in source:
        source = _ESCAPE.sub(_character, source)
    return source.replace("\x00", "\\").replace("\x01", '"')


def _break(between: re.Match[str]) -> str:
    if between[1]:
        return " " * (len(between[0]) - 1) + "\n"
    return _FILLER * len(between[0])


def _character(escape: re.Match[str]) -> str:
    return _spelled(escape[0])


@lru_cache(maxsize=4096)  # a notebook written in ASCII repeats a few emoji and dashes
def _spelled(escape: str) -> str:
    """Decode an escape and fill it up to its length; control characters become blanks."""
    decoded: str = json.loads(f'"{escape}"')
    if decoded < " " and decoded != "\t":
        return " " * len(escape)
    decoded = "\ufffd" if "\ud800" <= decoded <= "\udfff" else decoded
    return _FILLER * (len(escape) - 1) + decoded


def _compact(source: str) -> tuple[str, Sequence[int]]:
    """Take the filler out; the second value tells, for each filler, how many characters came before."""
    removed = [filler.start() - number for number, filler in enumerate(_FILLERS.finditer(source))]
    return source.replace(_FILLER, ""), removed


def _python_view(source: str) -> str:
    """Let Python blank its own escapes."""
    compact, removed = _compact(source)
    viewed = python.view(compact)
    if viewed == compact:
        return source
    characters = list(source)
    for offset, (before, after) in enumerate(zip(compact, viewed, strict=True)):
        if before != after:
            characters[offset + bisect_right(removed, offset)] = after
    return "".join(characters)


def zones(view: str) -> tuple[Zone, ...]:
    """Find the zones of the cells of a view, Markdown and code each in its own way."""
    return to_zones(_pieces(view))


def _pieces(view: str) -> Iterator[Piece]:
    for cell in _CELL.finditer(view):
        compact, removed = _compact(cell[2])
        is_code = cell[1] == _CODE
        found = python.pieces(compact) if is_code else markdown.pieces(compact)
        moved = shift(_spread(found, removed), cell.start(2))
        yield from fill(moved, *cell.span(2), ZoneKind.CODE if is_code else ZoneKind.PROSE)


def _spread(found: Iterable[Piece], removed: Sequence[int]) -> Iterator[Piece]:
    """Move pieces of a compact source to where they stand with the filler, that of a first escape included."""
    for start, end, kind, detail in found:
        if start < end:
            yield start + bisect_left(removed, start), end + bisect_right(removed, end - 1), kind, detail


FORMAT = Format(
    name="notebook",
    suffixes=(".ipynb",),
    names=(),
    default=ZoneKind.PROSE,
    zones=zones,
    view=view,
)
