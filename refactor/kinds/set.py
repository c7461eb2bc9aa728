"""Sets of numbers: "Modules 14-16", "14, 15 and 18", "(08-14)", "01 through 16"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.ranges import RANGE, SIGN, WORD, is_range
from refactor.shapes import GAP, UNIT, at_nouns, compiled
from refactor.spans import Span, block_at, line_at, line_or_piece
from refactor.words import Words

if TYPE_CHECKING:
    import regex

_RANGE = rf"(?:{SIGN}|{WORD})"
_LIST = r"(?:,\s?(?:and\s|or\s|&\s)?|\s(?:and|or|&|\+)\s|/)"
_END = r"(?![\w%°])(?!\.\d)(?!:\d)"
_PAIR = re.compile(r"[ \t*_`]*\d{2,3}[ \t*_`]+(?P<name>\w.*)")


def _noun_pattern(nouns: str) -> str:
    number = r"\d{1,3}(?!\w)"
    several = rf"{number}(?:(?:{_RANGE}|{_LIST}){number})+"
    one_range = rf"{number}{_RANGE}{number}"
    # "Modules 14, 15 and 18"; but "Module 14, 15 minutes in" names one module.
    return rf"(?<![\w-])(?P<noun>(?i:{nouns}))(?:{GAP})?(?P<set>(?<=[sS]\.?\W*){several}|{one_range}){_END}(?![-–/.]\d){UNIT}"


def _any_pattern(nouns: str) -> str:
    return rf"(?<![\w-])(?i:{nouns})[ \t]#?\d"


def _bare_pattern(_: str) -> str:
    ends = r"(?P<first>\d{1,2})(?:\s?[-–→]\s?|\sthrough\s)\d{1,2}"
    return rf"(?<![\w.\-/$#%:,–→=+\[])(?<![^*]\*)(?P<set>{ends}){_END}(?![-–/.]\d){UNIT}"


def _short_pattern(initial: str) -> str:
    return rf"(?<![\w-])(?P<noun>{initial})(?P<set>\d\d\s?[-–]\s?{initial}?\d\d){_END}"


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield ranges and lists behind a noun, and bare ranges on lines that speak of the series."""
    view = document.view
    for found in at_nouns(_noun_pattern, document, words):
        yield _claim(found, found["noun"])
    counts = next(at_nouns(_any_pattern, document, words), None) is not None
    if counts:
        # "M14-18" stands for "Modules 14-18" only where the text uses the noun with numbers.
        for found in compiled(_short_pattern, words.series.nouns[0][:1].upper()).finditer(view):
            yield _claim(found, found["noun"])
    speaks = lru_cache(maxsize=1)(partial(_speaks, view, words))  # a line may hold many ranges
    for found in compiled(_bare_pattern, "").finditer(view):
        if len(found["first"]) < words.narrowest:
            continue
        if words.foreign_pattern.search(view, max(0, found.start() - 30), found.start()):
            continue
        # "(01→15)" in a text that numbers entries: nothing else is padded and counted with an arrow.
        counts_up = counts and "→" in found["set"] and found["set"].startswith("0")
        if counts_up or speaks(line_or_piece(view, found.start())) or _is_among_pairs(found, view, words):
            yield _claim(found, "")


def _speaks(view: str, words: Words, line: Span) -> bool:
    """Tell whether a line has a word of the series, or two titles."""
    text = view[line.start : line.end]
    return words.speaking.search(text) is not None or _titles_on(text, words) >= 2


def _is_among_pairs(found: regex.Match[str], view: str, words: Words) -> bool:
    """In a column of numbers and titles: "14-15 Tools" below "13 Light"."""
    begin = line_at(view, found.start()).start
    column = view.count("|", begin, found.start())
    is_cell = column > 0 and not view[view.rfind("|", begin, found.start()) + 1 : found.start()].strip(" \t*_`")
    return is_cell and _pairs_in(view, block_at(view, found.start()), column, words) >= 2


@lru_cache(maxsize=8)
def _pairs_in(view: str, table: Span, column: int, words: Words) -> int:
    cells = (line.split("|")[column : column + 1] for line in view[table.start : table.end].split("\n"))
    pairs = filter(None, (_PAIR.match(cell) for one in cells for cell in one))
    return sum(words.name_at_start(pair["name"], 0, exact=True) is not None for pair in pairs)


def _claim(found: regex.Match[str], noun: str) -> Claim:
    parts = tuple(
        Part(Span(found.start("set") + piece.start(), found.start("set") + piece.end()), "number", piece[0])
        for piece in re.finditer(r"\d{1,3}", found["set"])
    )
    return Claim("set", Span(*found.span()), parts, noun=noun, detail=RANGE if is_range(found["set"]) else "")


def _titles_on(line: str, words: Words) -> int:
    pieces = re.split(r"[,()→|]|\bthrough\b|\band\b|:", line)
    return sum(1 for piece in pieces if (name := words.name_at_start(piece, 0, exact=True)) and name.entries)


KIND = Kind("set", 2, "several numbers at once", find)
