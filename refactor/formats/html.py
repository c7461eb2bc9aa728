"""HTML: tags, their links, and comments; the text between tags is prose.

It is a scanner, not a parser: entities, scripts and styles are left as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.formats._shared import Piece, to_zones
from refactor.model import Format, Zone, ZoneKind

_MARKUP = re.compile(
    r"""<!--(?:(?!-->).)*+(?:-->)?
    |<(script|style)\b(?:(?!</\1).)*+(?:</\1\s*>)?
    |<[/!?]?[a-z](?:[^<>"']|"[^"<]*"|'[^'<]*'|["'])*+>?""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_LINK = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"<>]+)|'([^'<>]+)|([^\s"'<>]+))""", re.ASCII | re.IGNORECASE)


def pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """Find the tags and comments between two offsets; a link inside a tag is a piece of its own."""
    for markup in _MARKUP.finditer(text, start, end):
        if text.startswith("<!--", markup.start()):
            yield markup.start(), markup.end(), ZoneKind.COMMENT, ""
        elif text.startswith("<?", markup.start()):  # for programs: nobody follows a link there
            yield markup.start(), markup.end(), ZoneKind.HTML, ""
        else:
            yield from tag(text, markup.start(), markup.end())


def tag(text: str, start: int, end: int) -> Iterator[Piece]:
    """Cut markup at the values of `href` and `src`, which are link targets."""
    for link in _LINK.finditer(text, start, end):
        value = link.span(link.lastindex or 0)
        yield start, value[0], ZoneKind.HTML, ""
        yield *value, ZoneKind.LINK_TARGET, ""
        start = value[1]
    if start < end:
        yield start, end, ZoneKind.HTML, ""


def zones(view: str) -> tuple[Zone, ...]:
    """Find tags, link targets and comments; the rest is prose."""
    return to_zones(pieces(view, 0, len(view)))


FORMAT = Format(
    name="html",
    suffixes=(".html", ".htm", ".xhtml", ".svg", ".xml", ".vue"),
    names=(),
    default=ZoneKind.PROSE,
    zones=zones,
)
