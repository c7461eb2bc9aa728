"""Cells of dev files in the percent format and of notebooks: where they stand, how one is found, how new ones are written.

Nothing is printed back from a parsed notebook: new text is put between the bytes that are there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from refactor.draft import difference
from refactor.marks import Value, words
from refactor.model import Document, Edit
from refactor.spans import Span
from refactor.steps import Call, Key
from refactor.steps._shapes import NUMBER, WORD, choice, table

_MARKER = re.compile(r"^#[ ]?%%(?:[ \t\[].*)?$", re.MULTILINE)
_QUOTED = re.compile(r'\s*[rR]?("""|\'\'\')\n?(?P<inner>.*?)\n?\1\s*', re.DOTALL)
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_OPTION = re.compile(r"(\w+)=")
_BLANK = re.compile(r"[ \t\r\n]*")

ANCHOR = table(
    Key("heading", WORD, "the whole text of a heading in it"),
    Key("contains", WORD, "a text in it"),
    Key("defines", WORD, "a function, class or variable that it defines"),
    Key("grade_id", WORD, "its grade_id of nbgrader"),
    Key("number", NUMBER, "its number, counted from 1"),
    one_of=(("heading", "contains", "defines", "grade_id", "number"),),
)
NOTEBOOK = Key(
    "notebook", choice("change", "leave"), "what becomes of the notebook beside a .py file (default: change)"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its whole extent in the file, the extent of what it says, and what it says."""

    span: Span
    inner: Span
    is_markdown: bool
    source: str
    about: str  # the options of the marker, or the metadata


def cells_of(document: Document) -> list[Cell]:
    """The cells of a dev file or notebook, in order; none of any other file."""
    if not document.path.endswith(".ipynb"):
        return [*_of_percent(document.text)]
    try:
        return [*_of_notebook(document.text)]
    except (ValueError, AttributeError, RecursionError):  # no JSON, or none of a notebook
        return []


def find(call: Call, document: Document, key: str) -> Cell:
    """The one cell that the anchor at a key means. Raises RefactorError if it means none, or several."""
    anchor = call.table(key)
    ((how, value),) = anchor.items()
    wanted = str(words(value))
    cells = cells_of(document)
    found = [cell for number, cell in enumerate(cells, 1) if _is_meant(cell, number, how, wanted)]
    place = call.only(document, [cell.span for cell in found], f"cell with {how} {wanted!r}", key)
    return next(cell for cell in found if cell.span == place)


def _is_meant(cell: Cell, number: int, how: str, wanted: str) -> bool:
    if how == "heading":
        return cell.is_markdown and wanted.lstrip("# ").strip() in _HEADING.findall(cell.source)
    if how == "contains":
        return wanted in cell.source
    if how == "defines":
        name = re.escape(wanted)
        shape = rf"^(?:(?:async[ ]+)?def|class)[ ]+{name}\b|^{name}[ ]*(?::[^=\n]*)?=(?!=)"
        return not cell.is_markdown and re.search(shape, cell.source, re.MULTILINE) is not None
    if how == "grade_id":
        return re.search(rf"""grade_id["']?\s*[:=]\s*["']{re.escape(wanted)}["']""", cell.about) is not None
    return str(number) == wanted


# --- the percent format -------------------------------------------------------------------------


def _of_percent(text: str) -> Iterator[Cell]:
    markers = [*_MARKER.finditer(text)]
    ends = [*(marker.start() for marker in markers[1:]), len(text)][: len(markers)]
    for marker, end in zip(markers, ends, strict=True):
        start = min(marker.end() + 1, end)
        is_markdown = "[markdown]" in marker[0] or "[md]" in marker[0]
        body = text[start:end]
        source = _unwrapped(body) if is_markdown else body.strip("\r\n")
        yield Cell(Span(marker.start(), end), Span(start, end), is_markdown, source, marker[0])


def _unwrapped(body: str) -> str:
    """What a Markdown cell says: the text in its quotes, or its comments without their signs."""
    if quoted := _QUOTED.fullmatch(body):
        return quoted["inner"]
    return "\n".join(re.sub(r"^#[ ]?", "", line) for line in body.strip("\r\n").split("\n"))


def inserted(text: str, at: int, asset: str) -> str:
    """New cells as they are put at a place of a percent file: a blank line before and after them."""
    before = "" if at == 0 or text[:at].endswith("\n\n") else "\n" if text[:at].endswith("\n") else "\n\n"
    after = "\n\n" if at < len(text) else "\n"
    new = before + asset.strip("\r\n") + after
    return new.replace("\n", "\r\n") if "\r\n" in text else new


# --- notebooks ----------------------------------------------------------------------------------


def _of_notebook(text: str) -> Iterator[Cell]:
    top = _fields(text, _BLANK.match(text.removeprefix("\ufeff")).end() + text.startswith("\ufeff"))  # type: ignore[union-attr]
    if "cells" not in top:
        return
    for span in _members(text, top["cells"].start):
        fields = _fields(text, span.start)
        value = json.loads(text[span.start : span.end])
        source = value.get("source", "")
        said = "".join(source) if isinstance(source, list) else str(source)
        inner = fields.get("source", Span(span.end, span.end))
        yield Cell(span, inner, value.get("cell_type") == "markdown", said, json.dumps(value.get("metadata", {})))


def _fields(text: str, start: int) -> dict[str, Span]:
    """The values of a JSON object that begins at a place, by their keys."""
    decoder, found = json.JSONDecoder(), dict[str, Span]()
    at = _skip(text, start + 1)
    while text[at : at + 1] == '"':
        key, at = decoder.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        _, end = decoder.raw_decode(text, at)
        found[key] = Span(at, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at : at + 1] == "," else at
    return found


def _members(text: str, start: int) -> Iterator[Span]:
    """The members of a JSON array that begins at a place."""
    decoder, at = json.JSONDecoder(), _skip(text, start + 1)
    while text[at : at + 1] not in {"]", ""}:
        _, end = decoder.raw_decode(text, at)
        yield Span(at, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at : at + 1] == "," else at


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def as_json(notebook: str, asset: str, cell: Cell) -> list[str]:
    """The cells of an asset in the percent format as they are written in a notebook, where a cell of it stands."""
    line = notebook.rfind("\n", 0, cell.span.start) + 1
    indent = notebook[line : cell.span.start]
    step = _step(notebook)
    has_ids = '"id"' in notebook[cell.span.start : cell.span.end]
    return [_json_cell(one, notebook, indent, step, has_ids=has_ids) for one in _of_percent(asset)]


def _step(notebook: str) -> str | None:
    """What the notebook is indented by; None if it is written on one line."""
    found = re.search(r'^([ \t]+)"', notebook, re.MULTILINE)
    return found[1] if found else None


def _json_cell(cell: Cell, notebook: str, indent: str, step: str | None, *, has_ids: bool) -> str:
    value: dict[str, object] = {"cell_type": "markdown" if cell.is_markdown else "code"}
    if not cell.is_markdown:
        value["execution_count"] = None
    if has_ids:
        value["id"] = _id(cell)
    value["metadata"] = _options(cell.about)
    if not cell.is_markdown:
        value["outputs"] = []
    value["source"] = lines_of(cell.source)
    ordered = dict(sorted(value.items()))
    written = json.dumps(ordered, indent=step, ensure_ascii=_is_ascii(notebook))
    return written.replace("\n", f"\n{indent}") if not indent.strip() else written


def lines_of(source: str) -> list[str]:
    """A source as notebooks keep it: a list of lines with their ends, the last without."""
    return re.findall(r"[^\n]*\n|[^\n]+", source)


def source_json(notebook: str, cell: Cell, source: str) -> str:
    """A new source as it is written where the source of a cell stands."""
    old = notebook[cell.inner.start : cell.inner.end]
    if not old.startswith("["):
        return json.dumps(source, ensure_ascii=_is_ascii(notebook))
    line = notebook.rfind("\n", 0, cell.inner.start) + 1
    indent = re.match(r"[ \t]*", notebook[line:])
    step = _step(notebook) if "\n" in old else None
    written = json.dumps(lines_of(source), indent=step, ensure_ascii=_is_ascii(notebook))
    return written.replace("\n", f"\n{indent[0] if indent else ''}")


def _is_ascii(notebook: str) -> bool:
    return notebook.isascii() and "\\u" in notebook


def _id(cell: Cell) -> str:
    """An id that is the same each time the plan is applied."""
    return blake2b(f"{cell.about}\n{cell.source}".encode(), digest_size=4).hexdigest()


def _options(marker: str) -> dict[str, Value]:
    """The metadata that a marker gives: `nbgrader={...} tags=[...]`."""
    found: dict[str, Value] = {}
    for option in _OPTION.finditer(marker):
        try:
            found[option[1]], _ = json.JSONDecoder().raw_decode(marker, option.end())
        except ValueError:
            continue
    return found


# --- changing what a cell says ------------------------------------------------------------------


def count_in(document: Document, cell: Cell, old: str) -> int:
    """How often a text stands in what a cell says."""
    return _said(document, cell).count(old)


def with_text(document: Document, cell: Cell, old: str, new: str) -> Edit | None:
    """The edit that puts a text for another, everywhere in one cell."""
    return with_source(document, cell, _said(document, cell).replace(old, new))


def with_source(document: Document, cell: Cell, source: str) -> Edit | None:
    """The edit that lets a cell say something else; None if it says that already."""
    is_notebook = document.path.endswith(".ipynb")
    written = source_json(document.text, cell, source) if is_notebook else source
    text = document.text[: cell.inner.start] + written + document.text[cell.inner.end :]
    return difference(document.path, document.text, text)


def rewritten(document: Document, cell: Cell, new: str) -> Edit | None:
    """The edit that lets a cell say something else altogether; a cell in the percent format gives what it says."""
    source = next((one.source for one in _of_percent(new)), new) if _MARKER.match(new) else new
    if document.path.endswith(".ipynb"):
        return with_source(document, cell, source)
    said = _said(document, cell)
    at = said.find(cell.source)
    return with_source(document, cell, said[:at] + source + said[at + len(cell.source) :])


def _said(document: Document, cell: Cell) -> str:
    """What a cell says, in a dev file with the quotes or signs around it."""
    is_notebook = document.path.endswith(".ipynb")
    return cell.source if is_notebook else document.text[cell.inner.start : cell.inner.end]
