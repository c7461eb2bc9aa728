"""Places in a text: spans, lines and columns, splicing.

All offsets count Unicode code points from 0. A file is decoded as UTF-8 with
`surrogateescape`, which loses nothing, so a text and its bytes stand for each other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

LONGEST = 10_000  # code points of a line that are looked at as one; nobody reads a longer one as a line


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Half-open range [start, end) of code points, counted from 0."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def holds(self, other: Span) -> bool:
        """Tell whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def touches(self, other: Span) -> bool:
        """Tell whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


def decode(data: bytes) -> str:
    """Read bytes as text without loss: bytes that are not UTF-8 become lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


# What `decode` makes of a byte that is not UTF-8. Parsers of others take no such character.
SURROGATE = re.compile("[\ud800-\udfff]")


def encode(text: str) -> bytes:
    """Turn a text from `decode` back into exactly its bytes."""
    return text.encode("utf-8", "surrogateescape")


def line_at(text: str, start: int, end: int | None = None) -> Span:
    """The lines that `start` and `end` stand on, or the one line of `start`, without the line feed that ends them."""
    stop = text.find("\n", start if end is None else end)
    return Span(text.rfind("\n", 0, start) + 1, stop if stop >= 0 else len(text))


def block_at(view: str, offset: int) -> Span:
    """The lines around an offset, up to a blank line on either side."""
    end = view.find("\n\n", offset)
    return Span(view.rfind("\n\n", 0, offset) + 1, end if end >= 0 else len(view))


def line_or_piece(text: str, offset: int) -> Span:
    """The line of an offset; where it goes on for more than LONGEST code points, a piece of it that is no longer.

    All offsets of a piece are given the same one, so what is found out about it can be kept.
    """
    cut = offset - offset % LONGEST
    start = text.rfind("\n", max(0, offset - LONGEST), offset) + 1
    stop = text.find("\n", offset, offset + LONGEST)
    return Span(start or (cut if offset > LONGEST else 0), stop if stop >= 0 else min(cut + LONGEST, len(text)))


def lines(text: str) -> list[str]:
    """The lines of a text with their ends. Only a line feed ends a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def line_starts(text: str) -> list[int]:
    r"""List the offset of every line. Only "\n" ends a line, so a lone "\r" is a character."""
    lengths = map(len, text.split("\n"))
    return list(accumulate(lengths, lambda start, length: start + length + 1, initial=0))[:-1]


def line_column(starts: Sequence[int], offset: int) -> tuple[int, int]:
    """Give line and column of an offset, both counted from 1, the column in code points."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def splice(text: str, edits: Iterable[tuple[Span, str, str]]) -> str:
    """Replace spans of a text; each edit is (span, old, new), all measured on `text`.

    Raises ValueError if an `old` is not what stands at its span, or if two spans overlap.
    """
    pieces: list[str] = []
    position = 0
    for span, old, new in sorted(edits, key=lambda edit: edit[0]):
        if span.start < position:
            raise ValueError(f"edits overlap at offset {span.start}")
        if text[span.start : span.end] != old:
            raise ValueError(f"expected {old!r} at offset {span.start}")
        pieces += (text[position : span.start], new)
        position = span.end
    return "".join((*pieces, text[position:]))
