"""Ids as they stand in paths, tables and commands: `03_seeds`, `ch17-02-traits`, `listing-17-03`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.shapes import compiled, matches, number_part, spots
from refactor.spans import Span
from refactor.words import Words

if TYPE_CHECKING:
    import regex


_SLUG = r"(?P<slug>[^\W\d_](?:[\w-]*\w)?)"
_OPENING, _CLOSING = frozenset("/`\"'<("), frozenset("`\"'>).#?")
_TIME = re.compile(r"(?:second|minute|hour|day|week|month|year)s?$")  # `15_minutes` is how long something takes


def _plain(marks: str) -> str:
    return (
        r"(?<![A-Za-z0-9_])(?<!\d[.-])(?P<prefix>)"
        rf"(?P<number>\d{{1,3}})(?P<letter>[a-z]?)(?P<sep>[{marks}])(?:(?P<section>\d{{1,3}})[.{marks}])?{_SLUG}"
    )


def _prefixed(prefixes: str) -> str:
    return (
        rf"(?<![A-Za-z0-9_-])(?P<prefix>{prefixes})(?P<number>\d{{1,3}})(?P<letter>[a-z]?)(?![0-9A-Za-z]|[?*][\w/.])"
        rf"(?:(?P<sep>[_-])(?P<section>\d{{1,3}})(?![0-9A-Za-z]))?(?:[_-]{_SLUG})?"
    )


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield every id-shaped token whose slug is known, or which looks like an id of this series."""
    yield from _spaced(document.view, words)
    for found in _shapes(document.view, words):
        parts = [number_part(found)]
        end, detail = found.end("section") if found["section"] else found.end("number"), ""
        if found["slug"]:
            if _is_listed(found, document.view):
                continue
            known = _odd(found, document.view, words) or _known(found["slug"], words)
            if known is None and _is_label(found, document.view):
                continue
            if known is None and not found["prefix"] and not _plausible(found, document.view, words):
                continue
            start = found.start("slug")
            end = start + len(known if known is not None else found["slug"])
            role = "slug" if known is not None else "unknown"
            parts.append(Part(Span(start, end), role, document.view[start:end]))
            detail = document.view[end : max(end, found.end("slug"))]
        yield Claim("slug", Span(found.start(), end), tuple(parts), noun=found["prefix"] or "", detail=detail)


def _spaced_shape(_: str) -> str:
    return (
        r"(?:(?<![A-Za-z0-9_%])|(?<=%20))(?P<number>\d{1,3})(?P<letter>[a-z]?)(?P<sep>(?:[_.-]|[ ]|%20)+)(?=[^\W\d_])"
    )


def _spaced(view: str, words: Words) -> Iterator[Claim]:
    """Ids with blanks, where a path or quotes tell where they end: `03 - Data Types/`, `03%20-%20Data%20Types.md`."""
    for found in compiled(_spaced_shape, "").finditer(view) if words.spaced_slugs else ():
        slug = next((one for one in words.spaced_slugs if view.startswith(one, found.end())), None)
        end = found.end() + len(slug or "")
        is_path = "%20" in view[found.start() : end] or view[end : end + 1] == "/"
        is_quoted = view[found.start() - 1 : found.start()] in _OPENING and view[end : end + 1] in _CLOSING
        if slug is not None and (is_path or is_quoted):
            number = number_part(found)
            yield Claim("slug", Span(found.start(), end), (number, Part(Span(found.end(), end), "slug", slug)))


def _shapes(view: str, words: Words) -> Iterator[regex.Match[str]]:
    """Every token shaped like an id of some series, in order; none starts inside another."""
    found = list(compiled(_plain, "._-" if words.is_dotted else "_-").finditer(view))
    if words.prefixes:
        prefixed = compiled(_prefixed, "|".join(map(re.escape, words.prefixes)))
        found += matches(prefixed, view, spots(view, words.prefixes))
    done = 0
    for one in sorted(found, key=lambda one: one.start()):
        if one.start() >= done:
            done = one.end()
            yield one


def _odd(found: regex.Match[str], view: str, words: Words) -> str | None:
    """A slug that goes on where words end: `04_C++`, `05.Q&A`."""
    return next((slug for slug in words.odd_slugs if view.startswith(slug, found.start("slug"))), None)


def _known(slug: str, words: Words) -> str | None:
    """The part of a token that is a slug: all of it, or what stands before a known tail (`_dev`)."""
    if words.whose(slug):
        return slug
    for tail in filter(None, words.tails):
        if slug.endswith(tail) and words.whose(slug[: -len(tail)]):
            return slug[: -len(tail)]
    return None


def _is_label(found: regex.Match[str], view: str) -> bool:
    """A label of a link, as in `[that chapter][ch14-pub-use]` or AsciiDoc's `[[ch14-pub-use]]` and `<<ch14-pub-use>>`, is
    a name that a page gives for itself."""
    before, after = view[max(found.start() - 2, 0) : found.start()], view[found.end() : found.end() + 2]
    is_anchor = before in {"[[", "<<"} or (before[-1:] == "#" and after == ">>")
    return is_anchor or (before == "][" and after[:1] == "]") or (before[-1:] == "[" and after == "]:")


def _is_listed(found: regex.Match[str], view: str) -> bool:
    """In `listing-12-if-let` the number belongs to the word before it."""
    before = view[max(found.start() - 2, 0) : found.start()]
    return not found["prefix"] and found["sep"] == "-" and before[-1:] == "-" and before[:1].isalpha()


def _plausible(found: regex.Match[str], view: str, words: Words) -> bool:
    """An unknown slug is still somebody's id when it is written as the series writes ids: not "16-bit"."""
    widths = {place.width for place in words.live_places if not place.prefix}
    if len(found["number"]) not in widths or int(found["number"]) > max(words.by_number, default=0) + 3:
        return False
    if _TIME.match(found["slug"]):
        return False
    return found["sep"] == "_" or view[found.start() - 1 : found.start()] == "/"


KIND = Kind("slug", 1, "an entry's id, as in paths", find)
