"""Numbers that start with their chapter's: "Listing 17-3", "Figure 20-1". Only the leading part moves."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.shapes import GAP, compiled
from refactor.spans import Span
from refactor.words import Words


def _pattern(nouns: str) -> str:
    return rf"(?<![\w-])(?P<noun>(?i:{nouns})s?){GAP}(?P<number>\d{{1,3}})[-.–]\d{{1,3}}(?![\w]|[-.]\d)"


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield dependent numbers by the nouns that the series' own pages use for them."""
    if not words.series.dependents:
        return
    for found in compiled(_pattern, "|".join(words.series.dependents)).finditer(document.view):
        part = Part(Span(*found.span("number")), "number", found["number"])
        yield Claim("dependent", Span(*found.span()), (part,), noun=found["noun"])


KIND = Kind("dependent", 1, "a number that starts with its chapter's", find)
