"""Numbers that start with their chapter's: "Listing 17-3", "Figure 20-1". Only the leading part moves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document
from refactor.shapes import GAP, compiled, number_part
from refactor.spans import Span, line_at
from refactor.words import Words

if TYPE_CHECKING:
    import regex


_TO_SECTION = re.compile(r"\]\([^)\s]*?\d[-._]\d")


def _pattern(nouns: str) -> str:
    return rf"(?<![\w-])(?P<noun>(?i:{nouns})s?){GAP}(?P<number>\d{{1,3}})(?:[-.–]\d{{1,3}}|(?:\.\d{{1,2}}){{2,3}})(?![\w]|[-.]\d)"


def _label_pattern(_: str) -> str:
    """Before a link or as its first word, with both numbers once more in the page that it leads to."""
    label = r"(?<![\w./-])(?P<number>\d{1,3})[-.](?P<section>\d{1,3})(?=[.:)]?[ \t]+"
    target = r"[^\]\n]{0,80}\]\([^)\s]*?(?<!\d)0*(?P=number)[-._]0*(?P=section)(?!\d))"
    return rf"(?:{label}[*_`]{{0,2}}\[{target}|(?<=\[[*_`]{{0,2}}){label}{target})"


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield dependent numbers by the nouns that the series' own pages use for them, and as labels of links to pages
    with both numbers: "3-1. [Seeds](3-1.seeds.md)"."""
    if words.series.dependents:
        for found in compiled(_pattern, "|".join(words.series.dependents)).finditer(document.view):
            yield _claim(found, found["noun"])
    for line in _lines_with_links(document.view) if any(place.section for place in words.series.places) else ():
        for found in compiled(_label_pattern, "").finditer(document.view, line.start, line.end):
            yield _claim(found, "")


def _lines_with_links(view: str) -> Iterable[Span]:
    return dict.fromkeys(line_at(view, found.start()) for found in _TO_SECTION.finditer(view))


def _claim(found: regex.Match[str], noun: str) -> Claim:
    return Claim("dependent", Span(*found.span()), (number_part(found),), noun=noun)


KIND = Kind("dependent", 1, "a number that starts with its chapter's", find)
