"""Pieces: what the formats hand to one another before they become zones.

A piece is a plain tuple because a tree holds a hundred thousand of them. Nothing here knows a format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from refactor.model import Zone, ZoneKind
from refactor.spans import Span

Piece = tuple[int, int, ZoneKind, str]  # start, end, kind, detail


def to_zones(pieces: Iterable[Piece]) -> tuple[Zone, ...]:
    """Make zones of sorted pieces; empty ones and ones that overlap an earlier piece are dropped."""
    zones: list[Zone] = []
    position = 0
    for start, end, kind, detail in pieces:
        if position <= start < end:
            zones.append(Zone(Span(start, end), kind, detail))
            position = end
    return tuple(zones)


def shift(pieces: Iterable[Piece], offset: int) -> Iterator[Piece]:
    """Move pieces of a part of a text to where the part stands in the whole."""
    for start, end, kind, detail in pieces:
        yield start + offset, end + offset, kind, detail


def fill(pieces: Iterable[Piece], start: int, end: int, kind: ZoneKind) -> Iterator[Piece]:
    """Put pieces of `kind` into the gaps that sorted, disjoint pieces leave between two offsets."""
    for piece in pieces:
        if start < piece[0]:
            yield start, piece[0], kind, ""
        yield piece
        start = piece[1]
    if start < end:
        yield start, end, kind, ""


def newline_last(break_: re.Match[str]) -> str:
    """Blank a line break and what leads the next line, so that the line starts right behind them.

    Markdown would take blanks that stand where `# ` or `> ` stood for indentation.
    """
    return " " * (len(break_[0]) - 1) + "\n"
