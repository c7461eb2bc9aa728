"""A number and a name without a noun: `14. KV Caching`, `| 14 | KV Caching |`, `14 (KV Caching)`, `"14": "14_kv"`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part, ZoneKind
from refactor.shapes import agree, with_name
from refactor.spans import Span
from refactor.words import Name, Words

if TYPE_CHECKING:
    import regex

_NAME = r"(?:\*\*|__|[`*\[\"'])*(?:(?P<id>\d{1,3}[_-])?(?P<name>[^\W\d_][^\n|()\[\]*`\"':;,.!?–—→{}<>]{1,60}))"
_SHAPE = (
    r"(?<![\w.\-/$#%:,–])(?<!\d )(?P<number>\d{1,3})(?P<letter>[a-z]?)(?:\*\*|__|[`*])?"
    r"(?P<sep>\.[ \t]+|[ \t]*\|[ \t]*|:[ \t]+|[ \t]+[-–—][ \t]+|[ \t]*\(|[\"'][ \t]*[:,][ \t]*[(\[]?[\"']"
    r"|[ \t]*[:,][ \t]*[(\[]?[\"']|[ \t]+)" + _NAME
)
_SPLIT = (
    r"(?P<noun>(?i:{nouns}))_(?i:number|num|no|id)[ \t]*[=:][ \t]*[\"']?(?P<number>\d{{1,3}})[\"']?[ \t]*,?[ \t]*\r?\n"
    r"[ \t]*(?i:{nouns})_(?i:name|title)[ \t]*[=:][ \t]*[\"'](?P<name>[^\"'\n]+)[\"']"
)
# "Quantization (17)": only where both are right, since "Layers (3)" may count layers.
_NAME_FIRST = r"(?P<name>[A-Z][\w&/-]*(?:[ \t][A-Z][\w&/-]*){0,4})(?:\*\*|__|[`*])?[ \t]\((?P<number>\d{1,3})\)"
_TITLED = (ZoneKind.TABLE, ZoneKind.HEADING, ZoneKind.VALUE)


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield numbers that stand next to an exact title or id in a table, list, heading or mapping."""
    import regex

    for found in regex.compile(_SHAPE).finditer(document.view):
        if _counts_else(found, document, words):
            continue
        name = _name(found, document, words)
        if name and name.entries:
            number = Part(Span(*found.span("number")), "number", found["number"])
            yield with_name("pair", Span(*found.span("number")), number, name)
    for found in regex.finditer(_NAME_FIRST, document.view):
        name = words.name_at_end(found["name"], found.start("name"), exact=True)
        if name and agree(name, words.by_number.get(int(found["number"]), ())):
            number = Part(Span(*found.span("number")), "number", found["number"])
            yield with_name("pair", Span(*found.span("number")), number, name)
    for found in regex.finditer(_SPLIT.format(nouns=words.noun_pattern), document.view):
        name = words.name_at_start(found["name"], found.start("name"))
        number = Part(Span(*found.span("number")), "number", found["number"])
        yield with_name("pair", Span(*found.span("number")), number, name, found["noun"])


def _counts_else(found: regex.Match[str], document: Document, words: Words) -> bool:
    """ "Test 2: Attention" counts tests; "2. Attention" counts list items, unless ids are that short or it is a title."""
    if re.search(r"[^\W\d_][ \t]#?$", document.view[max(0, found.start() - 3) : found.start()]):
        return True
    widths = {place.width for place in words.live_places}
    if found["id"] or len(found["number"]) >= min(widths, default=1):
        return False
    return not _is_title(found, document, words)


def _is_title(found: regex.Match[str], document: Document, words: Words) -> bool:
    """A number and a title of one entry, in a first-level heading, a value or the text of a link."""
    zone = document.zone_at(found.start())
    if zone.kind not in {ZoneKind.VALUE, ZoneKind.LINK_TEXT} and (zone.kind, zone.detail) != (ZoneKind.HEADING, "1"):
        return False
    name = words.name_at_start(found["name"], found.start("name"), exact=True)
    return agree(name, words.by_number.get(int(found["number"]), ()))


def _name(found: regex.Match[str], document: Document, words: Words) -> Name | None:
    text, start = found["name"].split(" - ")[0], found.start("name")
    if found["id"]:  # an id speaks for itself; here it only says whose number this is
        slug = re.split(r"[^\w-]", text)[0]
        entries = words.by_slug.get("".join(c for c in slug.casefold() if c.isalnum()), ())
        return Name(entries, None, found["id"] + slug) if entries and re.search(r"[\"']", found["sep"]) else None
    if not found["sep"].strip() and not _weak_ok(found, document, words):
        return None
    return words.name_at_start(text, start, exact=True)


def _weak_ok(found: regex.Match[str], document: Document, words: Words) -> bool:
    """Only a blank between number and name: the number must be padded, in a cell, heading or value."""
    return found["number"].startswith("0") and document.zone_at(found.start()).kind in _TITLED


KIND = Kind("pair", 4, "a number next to a title", find)
