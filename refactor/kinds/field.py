"""A field that holds the number of the page's entry: `sidebar_position: 3`, `"position": 3`."""

from __future__ import annotations

from collections.abc import Iterator

from refactor import fields
from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.spans import Span
from refactor.words import Words


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield the numbers of such fields on pages that speak for an entry."""
    if not words.series.fields or not any(fields.is_own(document.path, one) for one in words.home_of(document.path)):
        return
    for found in fields.find(document.path, document.view):
        if found["key"] in words.series.fields:
            span = Span(*found.span("number"))
            yield Claim("field", span, (Part(span, "number", found["number"]),), detail=found["key"])


KIND = Kind("field", 2, "a field that holds the entry's number", find)
