"""Where code tells that all is done: the number it compares with, and the one that is 100 %, count all entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from refactor.model import Document
from refactor.shapes import noun_spots
from refactor.spans import Span
from refactor.words import Words

_ALL = re.compile(r"\b[Aa]ll[ \t]+(?:[\w'-]+[ \t]+){0,2}$")
_COMPARED = re.compile(
    r"(?m)^[ \t]*(?:el)?if\b[^\n]*?[^\n<=>!](?:>=?|==)[ \t]*(?P<number>\d{1,3})[ \t]*:[ \t]*(?:#.*)?\r?$"
)
_SHARE = re.compile(r"[ \t]*(?P<number>\d{1,3})[ \t]*:[^\n]*?\b(?P<share>\d{1,3})[ \t]?%")
_NEAR = 600  # code points: what a branch prints, or the function around a mapping
_FEWEST = 3  # shares that agree on the whole


def ends(document: Document, words: Words) -> Iterator[Span]:
    """Yield numbers of Python code that say how many entries there are, without naming them on the line:
    `elif done > 16:` above "You finished all modules", and `16: "100%"` where `done_modules` are counted."""
    if document.path.endswith(".py"):
        yield from _compared(document, words)
        yield from _whole(document, words)


def _compared(document: Document, words: Words) -> Iterator[Span]:
    view = document.view
    for spot in noun_spots(document, words):
        if _ALL.search(view, max(0, spot - 40), spot) and (test := _branch(view, spot)):
            yield Span(*test.span("number"))


def _branch(view: str, spot: int) -> re.Match[str] | None:
    """The test of the branch that an offset stands in, if nothing on the way is written further out."""
    start = view.rfind("\n", 0, max(0, spot - _NEAR)) + 1
    test = next(iter(reversed(list(_COMPARED.finditer(view, start, spot)))), None)
    return test if test and _holds(view[test.start() : spot].split("\n")) else None


def _holds(lines: list[str]) -> bool:
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return all(indent > indents[0] for indent in indents[1:])


def _whole(document: Document, words: Words) -> Iterator[Span]:
    """The number at 100 % of a mapping in which each number is that share of it."""
    at, shares = 0, []
    for line in document.view.split("\n") if "100%" in document.view else ():
        shares.append((at, _SHARE.match(line)))
        at += len(line) + 1
    for _, rows in groupby(shares, key=lambda row: row[1] is not None):
        pairs = [(start, found) for start, found in rows if found]
        whole = [Span(start + found.start("number"), start + found.end("number"))
                 for start, found in pairs if found["share"] == "100"]  # fmt: skip
        if len(whole) == 1 and _agree([found for _, found in pairs]) and _counts(document, whole[0].start, words):
            yield whole[0]


def _agree(shares: list[re.Match[str]]) -> bool:
    total = max(int(found["number"]) for found in shares)
    parts = [abs(100 * int(found["number"]) - total * int(found["share"])) <= total for found in shares]
    return len(parts) >= _FEWEST and all(parts)


def _counts(document: Document, offset: int, words: Words) -> bool:
    """Tell whether the code around counts entries that are done."""
    return _counted(words.noun_pattern).search(document.view, max(0, offset - _NEAR), offset + _NEAR) is not None


@lru_cache(maxsize=8)
def _counted(nouns: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:completed|done|finished|passed)_{nouns}(?![a-z])")
