"""Zones written as tables, so that a test shows what a format makes of a text.

A row is a zone: its kind and detail, a bar, and the text it covers, with "⏎" for a line break. Holds no tests.
"""

from __future__ import annotations

from textwrap import dedent

from refactor import plugins
from refactor.model import Document, Format, Zone
from refactor.spans import Span, encode

FORMATS = plugins.load("refactor.formats", "FORMAT", Format)


def rows(name: str, text: str) -> list[str]:
    """The zones of a text as rows; the text is shown as it stands in the file."""
    document = Document("file", encode(text), FORMATS[name])
    return [f"{label(zone)} | {_shown(text, zone.span)}" for zone in document.zones]


def label(zone: Zone) -> str:
    """Kind and detail of a zone."""
    return f"{zone.kind} {zone.detail}".rstrip()


def _shown(text: str, span: Span) -> str:
    return text[span.start : span.end].replace("\r", "␍").replace("\n", "⏎")


def table(expected: str) -> list[str]:
    """The rows of a table drawn in a test; blanks around the first bar of a row are free."""
    lines = [line for line in dedent(expected).splitlines() if line.strip()]
    return [" | ".join((before.strip(), after[1:])) for before, _, after in (line.partition("|") for line in lines)]
