"""Ids as they stand in paths, tables and commands: `14_kvcaching`, `ch17-02-trait-objects`, `listing-17-03`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.naming import same
from refactor.spans import Span
from refactor.words import Words

if TYPE_CHECKING:
    import regex


@lru_cache(maxsize=8)
def _shape(prefixes: tuple[str, ...]) -> regex.Pattern[str]:
    import regex

    prefix = "|".join(map(regex.escape, prefixes)) or "(?!)"
    slug = r"(?P<slug>[A-Za-z][\w-]*)"
    return regex.compile(
        rf"(?<![A-Za-z0-9_])(?<!\d-)(?:"
        rf"(?<!-)(?P<prefix>{prefix})(?P<number>\d{{1,3}})(?P<letter>[a-z]?)(?![0-9A-Za-z])"
        rf"(?:(?P<sep>[_-])(?P<section>\d{{1,3}})(?![0-9A-Za-z]))?(?:[_-]{slug})?"
        rf"|(?P<number>\d{{1,3}})(?P<letter>[a-z]?)(?P<sep>[_-])(?:(?P<section>\d{{1,3}})[_-])?{slug})"
    )


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield every id-shaped token whose slug is known, or which looks like an id of this series."""
    for found in _shape(words.prefixes).finditer(document.view):
        parts = [Part(Span(*found.span("number")), "number", found["number"])]
        end, detail = found.end("section") if found["section"] else found.end("number"), ""
        if found["slug"]:
            known = _known(found["slug"], words)
            if known is None and not found["prefix"] and not _plausible(found, document.view, words):
                continue
            start = found.start("slug")
            end = start + len(known if known is not None else found["slug"])
            role = "slug" if known is not None else "unknown"
            parts.append(Part(Span(start, end), role, document.view[start:end]))
            detail = document.view[end : found.end("slug")]
        yield Claim("slug", Span(found.start(), end), tuple(parts), noun=found["prefix"] or "", detail=detail)


def _known(slug: str, words: Words) -> str | None:
    """The part of a token that is a slug: all of it, or what stands before a known tail (`_dev`)."""
    if same(slug) in words.by_slug:
        return slug
    for tail in filter(None, words.tails):
        if slug.endswith(tail) and same(slug[: -len(tail)]) in words.by_slug:
            return slug[: -len(tail)]
    return None


def _plausible(found: regex.Match[str], view: str, words: Words) -> bool:
    """An unknown slug is still somebody's id when it is written as the series writes ids: not "16-bit"."""
    widths = {place.width for place in words.live_places if not place.prefix}
    if len(found["number"]) not in widths or int(found["number"]) > max(words.by_number, default=0) + 3:
        return False
    return found["sep"] == "_" or view[found.start() - 1 : found.start()] == "/"


KIND = Kind("slug", 1, "an entry's id, as in paths", find)
