"""A column of numbers under the noun, in a table whose rows name entries: `| Can I build embeddings? | 11 |`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from refactor.kinds import Kind
from refactor.model import Claim, Document, Entry, Part
from refactor.shapes import noun_spots, with_name
from refactor.spans import Span, block_at, line_at, lines
from refactor.words import Name, Words

_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*:?-*:?[ \t]*\r?\n")
_NUMBER = re.compile(r"[ \t*_`]*(?P<number>\d{2,3})[ \t*_`]*")
_FEWEST = 3  # rows that name an entry: two may do so by chance
_MOST_WORDS = 3  # of a head: "Modules Required"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row whose cells before the number name one entry."""

    number: Part
    entry: Entry


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield the padded numbers of such columns, each with the name of its row. A number in a row without a name
    stays out: below a plural ("Modules Required") it may be a list, or count them."""
    spots = noun_spots(document, words) if words.narrowest > 1 and "|" in document.view else ()
    for head, column in dict.fromkeys(place for spot in spots for place in _columns(document.view, spot)):
        yield from _claims(list(_rows(document.view, head, column, words)))


def _columns(view: str, spot: int) -> Iterator[tuple[Span, int]]:
    """The head of a table and which of its cells holds the noun, from 0, if that says little else and is not the first."""
    head = line_at(view, spot)
    column = view.count("|", head.start, spot)
    is_head = column and _RULE.match(view, head.end + 1)
    if is_head and len(view[head.start : head.end].split("|")[column].split()) <= _MOST_WORDS:
        yield head, column


def _rows(view: str, head: Span, column: int, words: Words) -> Iterator[_Row]:
    at = head.end + 1
    for line in lines(view[at : block_at(view, head.start).end]):
        cells = line.split("|")
        if len(cells) > column and (found := _NUMBER.fullmatch(cells[column])):
            start = at + sum(len(cell) + 1 for cell in cells[:column]) + found.start("number")
            number = Part(Span(start, start + len(found["number"])), "number", found["number"])
            yield from _named(number, " | ".join(cells[:column]), words)
        at += len(line)


def _named(number: Part, before: str, words: Words) -> Iterator[_Row]:
    entries = words.names_one_of(before, words.series.entries)
    if len(entries) == 1 and entries[0].titles:
        yield _Row(number, entries[0])


def _claims(rows: list[_Row]) -> Iterator[Claim]:
    """Names and numbers that both ascend are those of entries; else the names may be there by chance."""
    if len(rows) < _FEWEST or not _ascend(int(row.number.text) for row in rows):
        return
    if _ascend(row.entry.number for row in rows):
        for row in rows:
            yield with_name("pair", row.number.span, row.number, Name((row.entry,), None, row.entry.titles[0]))


def _ascend(numbers: Iterable[int]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


KIND = Kind("column", 5, "a number in a column, beside a name", find)
