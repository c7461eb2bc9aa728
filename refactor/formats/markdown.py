"""Markdown with front matter, tables, footnotes and MyST directives.

The only module that knows the Markdown parser. It reads structure and never renders anything.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from refactor.formats import html, yaml
from refactor.formats._shared import Piece, newline_last, shift, to_zones
from refactor.model import Format, Zone, ZoneKind
from refactor.spans import SURROGATE

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_HASHES = re.compile(r"#{1,6}[ \t]*")
_BLANK = " \t\r\n"

# pyromark gives no span for a destination, so it is found again after the text of its link.
_DESTINATION = re.compile(r"\]\(\s*(?:<((?:[^<>\n\\]|\\.)+)>|([^\s<>]\S*))", re.ASCII)
# Definitions make no event, nor do directives fenced with colons and the options of directives.
_LEFTOVER = re.compile(
    r"""^(?:[ >]{0,9}\[(?!\^)(?:[^\[\]\n\\]|\\.)+\]:[ \t]*(?:\r?\n[ \t>]*)?(?:<([^<>\n]+)>|([^\s<>]+))
    |[ ]{0,9}:{3,}[ ]?\{(?:figure|image|include|literalinclude)\}[ \t]+([^\s]+)
    |[ \t>]{0,9}:link:[ \t]+([^\s]+))""",
    re.ASCII | re.MULTILINE | re.VERBOSE,
)
_DIRECTIVE = re.compile(r"[`~]+[ \t]*\{([^}\s]*)\}[ \t]*([^\r\n]*)")
_ROLE = re.compile(r"\{(?:doc|ref|numref|any|download|eq)\}\Z")
_ROLE_TEXT = re.compile(r"(?:(.*?)\s*<)?([^<>]+)>?\Z", re.DOTALL)
_VERBATIM = frozenset(
    "bibliography code code-block code-cell csv-table eval-rst graphviz include literalinclude math"
    " mermaid parsed-literal plot raw sourcecode tableofcontents toctree".split()
)
_WITH_PATH = frozenset({"figure", "image", "include", "literalinclude"})
_NESTING = 8  # directives inside directives; deeper ones stay code blocks

Events = Sequence[tuple[Any, Any]]  # the parser's own types would fill this page


class _Event(NamedTuple):
    """What the parser says, and where; an end says where the whole thing stood."""

    value: Any  # a text, a level or a mapping; each handler knows its own
    start: int
    end: int


def zones(view: str) -> tuple[Zone, ...]:
    """Find everything that is not running text; front matter gives keys and values."""
    start = 1 if view.startswith("\ufeff") else 0
    front = _FRONT_MATTER.match(view, start)
    if front is None:
        return to_zones(shift(pieces(view[start:]), start))
    body = shift(pieces(view[front.end() :]), front.end())
    return to_zones([*shift(yaml.pieces(front[1]), front.start(1)), *body])


def pieces(text: str) -> list[Piece]:
    """Find the pieces of a text without front matter, sorted and disjoint; the rest is prose."""
    if text.isascii():
        return _with_leftovers(text, _structure(text, 0))
    # The parser counts bytes. In this text every byte is one character, so its offsets fit.
    data = SURROGATE.sub("\ufffd", text).encode()
    latin = data.decode("latin-1")
    return list(_in_code_points(data, _with_leftovers(latin, _structure(latin, 0))))


def _in_code_points(data: bytes, found: list[Piece]) -> Iterator[Piece]:
    seen = count = 0
    for start, end, kind, detail in found:
        first = count + len(data[seen:start].decode())
        count = first + len(data[start:end].decode())
        seen = end
        yield first, count, kind, detail


def _with_leftovers(text: str, found: list[Piece]) -> list[Piece]:
    """Add link targets that make no event, wherever no piece has claimed the place."""
    if "]:" not in text and ":{" not in text and ":link:" not in text:
        return found
    starts = [piece[0] for piece in found]
    added: list[Piece] = []
    for match in _LEFTOVER.finditer(text):
        start, end = match.span(match.lastindex or 0)
        before = bisect_right(starts, start) - 1
        free_from = found[before][1] if before >= 0 else 0
        free_to = found[before + 1][0] if before + 1 < len(found) else end
        if free_from <= start and end <= free_to:
            added.append((start, end, ZoneKind.LINK_TARGET, ""))
    return sorted(found + added) if added else found


@cache
def _parser() -> Callable[[str], Events]:
    from pyromark import Markdown, Options

    markdown = Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES)

    def parse(text: str) -> Events:
        try:
            return list(markdown.events_with_range(text, merge_text=True))
        except BaseException as error:
            # The parser is compiled code; should it ever panic, the text is prose, not our end.
            if type(error).__name__ == "PanicException":
                return []
            raise

    return parse


class _Reader:
    """The pieces found so far and what is open; text up to the next cut is the innermost's."""

    def __init__(self, text: str, nesting: int) -> None:
        self.text = text
        self.nesting = nesting
        self.found: list[Piece] = []
        self.open: list[tuple[ZoneKind, str]] = []
        self.cursor = 0
        self.last = 0  # where the latest inline event ended: a link's text ends with its last child
        self.targets: list[str] = []  # destinations of the open links, as the parser understood them
        self.row = ""  # "head" or "body" of a table
        self.block = -1  # where the body of an open code block starts, once it has one
        self.info = ""

    def cut(self, end: int, resume: int) -> None:
        """End the current stretch; go on behind a piece of syntax or inside an inner layer."""
        if self.open:
            self.add(self.cursor, end, *self.open[-1])
        self.cursor = resume

    def enter(self, kind: ZoneKind, detail: str, outer: int, inner: int) -> None:
        """Open a layer whose syntax starts at `outer` and whose text starts at `inner`."""
        self.cut(outer, inner)
        self.open.append((kind, detail))
        self.last = inner

    def leave(self, inner: int, outer: int) -> None:
        """Close the innermost layer."""
        self.cut(inner, outer)
        self.open.pop()

    def add(self, start: int, end: int, kind: ZoneKind, detail: str = "") -> None:
        """Add a piece without the blanks around it."""
        content = self.text[start:end]
        end = start + len(content.rstrip(_BLANK))
        start += len(content) - len(content.lstrip(_BLANK))
        if start < end:
            self.found.append((start, end, kind, detail))


def _structure(text: str, nesting: int) -> list[Piece]:
    """Read the events of a text in which every character stands for one byte."""
    reader = _Reader(text, nesting)
    for event, at in _parser()(text if text.isascii() else text.encode("latin-1").decode()):
        if isinstance(event, str):
            reader.last = at["end"]
            continue
        ((name, value),) = event.items()
        if name in {"Start", "End"}:
            tag = value
            if not isinstance(tag, str):
                ((tag, value),) = tag.items()
            name += tag
        if handler := _HANDLERS.get(name):
            handler(reader, _Event(value, at["start"], at["end"]))
        if name[:5] != "Start":
            reader.last = at["end"]
    return reader.found


def _start_heading(reader: _Reader, event: _Event) -> None:
    hashes = _HASHES.match(reader.text, event.start, event.end)
    reader.enter(ZoneKind.HEADING, event.value["level"][1:], event.start, hashes.end() if hashes else event.start)


def _end_heading(reader: _Reader, event: _Event) -> None:
    reader.leave(reader.last, event.end)


def _start_head(reader: _Reader, _event: _Event) -> None:
    reader.row = "head"


def _end_head(reader: _Reader, _event: _Event) -> None:
    reader.row = "body"


def _start_cell(reader: _Reader, event: _Event) -> None:
    reader.enter(ZoneKind.TABLE, reader.row, event.start, event.start)


def _end_cell(reader: _Reader, event: _Event) -> None:
    reader.leave(event.end, event.end)


def _start_link(reader: _Reader, event: _Event) -> None:
    autolink = event.value["link_type"] in ("Autolink", "Email")
    reader.targets.append("" if autolink or event.value["link_type"] != "Inline" else event.value["dest_url"])
    opening = 2 if reader.text[event.start] == "!" else 1
    reader.enter(ZoneKind.LINK_TARGET if autolink else ZoneKind.LINK_TEXT, "", event.start, event.start + opening)


def _end_link(reader: _Reader, event: _Event) -> None:
    reader.leave(reader.last, event.end)
    target = reader.targets.pop().encode().decode("latin-1")
    if not target:
        return
    if written := _DESTINATION.search(reader.text, reader.last, event.end - 1):
        reader.add(*written.span(written.lastindex or 0), ZoneKind.LINK_TARGET)
    elif (found := reader.text.find(target, reader.last, event.end)) >= 0:  # a quote's mark stands before it
        reader.add(found, found + len(target), ZoneKind.LINK_TARGET)


def _code(reader: _Reader, event: _Event) -> None:
    reader.cut(event.start, event.end)
    span = reader.text[event.start : event.end]
    ticks = len(span) - len(span.lstrip("`"))
    first, last = event.start + ticks, event.end - ticks
    if not _ROLE.search(reader.text, max(event.start - 12, 0), event.start):
        reader.add(first, last, ZoneKind.CODE_SPAN)
    elif role := _ROLE_TEXT.match(reader.text, first, last):
        reader.add(*role.span(1), ZoneKind.LINK_TEXT)
        reader.add(*role.span(2), ZoneKind.LINK_TARGET)


def _html(reader: _Reader, event: _Event) -> None:
    reader.cut(event.start, event.end)
    reader.found.extend(html.pieces(reader.text, event.start, event.end))


def _start_code_block(reader: _Reader, event: _Event) -> None:
    reader.block = -1
    reader.info = "" if event.value == "Indented" else event.value["Fenced"]


def _text(reader: _Reader, event: _Event) -> None:
    if reader.block < 0:
        reader.block = event.start


def _end_code_block(reader: _Reader, event: _Event) -> None:
    first, last = reader.block, reader.last if reader.block >= 0 else -1
    directive = _DIRECTIVE.match(reader.text, event.start, event.end) if reader.info.startswith("{") else None
    if directive and directive[1] in _WITH_PATH:
        reader.add(*directive.span(2), ZoneKind.LINK_TARGET)
    if directive is None or directive[1] in _VERBATIM or reader.nesting == _NESTING:
        reader.add(first, last, ZoneKind.CODE_BLOCK, reader.info.partition(" ")[0])
    else:
        body = _body(reader.text, event.start, first, last)
        reader.found.extend(shift(_structure(body, reader.nesting + 1), first))


def _body(text: str, fence: int, start: int, end: int) -> str:
    """Give the body of a directive as it reads without the list item or quote around it; same length."""
    width = fence - text.rfind("\n", 0, fence) - 1
    body = text[start:end]
    return re.sub(rf"\r?\n[ \t>]{{0,{width}}}", newline_last, body) if width else body


_HANDLERS: dict[str, Callable[[_Reader, _Event], None]] = {
    "StartHeading": _start_heading,
    "EndHeading": _end_heading,
    "StartTableHead": _start_head,
    "EndTableHead": _end_head,
    "StartTableCell": _start_cell,
    "EndTableCell": _end_cell,
    "StartLink": _start_link,
    "EndLink": _end_link,
    "StartImage": _start_link,
    "EndImage": _end_link,
    "StartCodeBlock": _start_code_block,
    "EndCodeBlock": _end_code_block,
    "StartHtmlBlock": _html,
    "InlineHtml": _html,
    "Code": _code,
    "Text": _text,
}

FORMAT = Format(
    name="markdown",
    suffixes=(".md", ".markdown", ".mdx", ".qmd", ".rmd", ".myst"),
    names=("README", "CHANGELOG"),
    default=ZoneKind.PROSE,
    zones=zones,
)
