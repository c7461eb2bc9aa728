"""A column of numbers, in a table whose rows name or link to entries: `| Can I build embeddings? | 11 |`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from refactor.kinds import Kind
from refactor.model import Claim, Document, Entry, Part
from refactor.paths import seen_from
from refactor.shapes import counts_entries, noun_spots, with_name
from refactor.spans import LONGEST, Span, block_at, line_at, lines
from refactor.words import Name, Words

_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*:?-*:?[ \t]*\r?\n")
_MOST_COLUMNS = 20  # that are looked at, of a table
_LINK = re.compile(r"\]\((?P<path>[^()\s#]+)")
_CELL = re.compile(r"[ \t*_`]*(?P<number>\d{1,3})[ \t*_`]*")
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
    yield from _counted(document, words)
    spots = noun_spots(document, words) if words.narrowest > 1 and "|" in document.view else ()
    for head, column in dict.fromkeys(place for spot in spots for place in _columns(document.view, spot)):
        yield from _claims(list(_rows(document.view, head, column, words)))


def _counted(document: Document, words: Words) -> Iterator[Claim]:
    """The numbers below "#" or the noun, each in a row that links to the entry with that number."""
    view = document.view
    for start, end in _rules(view) if "|" in view else ():
        head = line_at(view, max(start - 1, 0))
        heads = view[head.start : min(head.end, head.start + LONGEST)].split("|")[:_MOST_COLUMNS]
        for column in (at for at, text in enumerate(heads) if counts_entries(text, words)):
            for number, line in _cells(view, end, column):
                if int(number.text) in {entry.number for entry in _linked(line, document, words)}:
                    yield Claim("number", number.span, (number,))


def _rules(view: str) -> Iterator[tuple[int, int]]:
    """Where the lines of nothing but bars and dashes begin and end that stand below the heads of tables."""
    at = 0
    for line in lines(view):
        end = at + len(line)
        if "|" in line and "-" in line and not line.strip("|-: \t\r\n"):
            yield at, end
        at = end


def _cells(view: str, start: int, column: int) -> Iterator[tuple[Part, str]]:
    """The numbers that are all of a cell in a column, from 0, with their lines, in the rows from an offset on."""
    at = start
    for line in lines(view[start : block_at(view, start).end]):
        cells = line.split("|")
        if len(cells) > column and (found := _CELL.fullmatch(cells[column])):
            first = at + sum(len(cell) + 1 for cell in cells[:column]) + found.start("number")
            yield Part(Span(first, first + len(found["number"])), "number", found["number"]), line
        at += len(line)


def _linked(line: str, document: Document, words: Words) -> Iterator[Entry]:
    """The entries to whose homes the links of a line lead."""
    for link in _LINK.finditer(line):
        for path in seen_from(document.path, link["path"]):
            yield from words.home_of(path)


def _columns(view: str, spot: int) -> Iterator[tuple[Span, int]]:
    """The head of a table and which of its cells holds the noun, from 0, if that says little else and is not the first."""
    head = line_at(view, spot)
    column = view.count("|", head.start, spot)
    is_head = column and _RULE.match(view, head.end + 1)
    if is_head and len(view[head.start : head.end].split("|")[column].split()) <= _MOST_WORDS:
        yield head, column


def _rows(view: str, head: Span, column: int, words: Words) -> Iterator[_Row]:
    for number, line in _cells(view, head.end + 1, column):
        if len(number.text) > 1:
            yield from _named(number, " | ".join(line.split("|")[:column]), words)


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
