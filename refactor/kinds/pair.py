"""A number and a name without a noun: `14. KV Caching`, `| 14 | KV Caching |`, `14 (KV Caching)`, `"14": "14_kv"`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document, ZoneKind
from refactor.shapes import agree, at_nouns, compiled, counts_entries, number_part, with_name
from refactor.spans import Span, block_at, line_at
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
_IN_BRACKETS = re.compile(r"\((?P<number>\d{1,3})\)")
_CAPITALISED = re.compile(r"(?P<name>[A-Z][\w&/-]*(?:[ \t][A-Z][\w&/-]*){0,4})(?:\*\*|__|[`*])?$")
_FIRST_ITEM = re.compile(r"(?m)^\W*1\.[ \t]+\W*(?P<name>\w.*)")
_TITLED = (ZoneKind.TABLE, ZoneKind.HEADING, ZoneKind.VALUE)


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield numbers that stand next to an exact title or id in a table, list, heading or mapping."""
    yield from _number_first(document, words)
    yield from _name_first(document, words)
    yield from _on_two_lines(document, words)


def _number_first(document: Document, words: Words) -> Iterator[Claim]:
    pairs, strangers = [], []
    for found in compiled(_shape, "").finditer(document.view):
        name = _beside(found, words)
        # What is written less wide than ids counts list items ("2. Attention"), unless it is a title.
        weak = len(found["number"]) < words.narrowest and not found["id"]
        if name is None:
            strangers += [] if weak or found["id"] else [found]
        elif _is_pair(found, name, document, words, weak=weak):
            pairs.append(found)
            yield _pair(found, name)
    yield from _like_their_neighbours(strangers, pairs, document, words)


def _is_pair(found: regex.Match[str], name: Name, document: Document, words: Words, *, weak: bool) -> bool:
    only_begins = name.part and len(name.text) < len(found["name"].split(" - ")[0].rstrip())
    if found["sep"].startswith(".") and only_begins:
        return False  # "11. Pruning shears": the item only begins like a title
    if _counts_items(found, name, document.view, words) or _counts_sections(found, name, document, words):
        return False
    if _counts_else(found, document.view) or (weak and not _is_title(found, document, words)):
        return False
    if "|" in found["sep"] and document.view.startswith(", ", found.end()):
        return False  # | 04 | Tensor, Activations, Layers |: what belongs to the fourth, whatever that is
    return bool(found["sep"].strip()) or _is_padded_label(found, document)


def _like_their_neighbours(
    strangers: list[regex.Match[str]], pairs: list[regex.Match[str]], document: Document, words: Words
) -> Iterator[Claim]:
    """A title that nobody has today, in a table or list in which two others are written in the same way: `| 18 | Caching |`."""
    for found in strangers if len(pairs) >= 2 else ():
        block = block_at(document.view, found.start())
        alike = (
            pair for pair in pairs if block.holds(Span(*pair.span())) and pair["sep"].strip() == found["sep"].strip()
        )
        if len(list(islice(alike, 2))) == 2 and _is_whole_title(found, document):
            once = words.name_at_start(found["name"], found.start("name"), exact=True, old=True)
            yield _pair(found, once or Name((), None, found["name"].strip()))


def _is_whole_title(found: regex.Match[str], document: Document) -> bool:
    """A few capitalised words that end where a cell, a string or a bracket does."""
    name, sep = found["name"].strip(), found["sep"].strip()
    if not re.fullmatch(r"[A-Z]\w+(?:[ -][A-Z]\w+){0,2}", name) or sep == ".":
        return False
    return document.view[found.end() : found.end() + 1] in set("|)*`\"'") and (
        bool(sep) or _is_padded_label(found, document)
    )


def _shape(_: str) -> str:
    return _SHAPE


def _beside(found: regex.Match[str], words: Words) -> Name | None:
    """The title behind the number; an id there speaks for itself, and only says whose number this is."""
    text, start = found["name"].split(" - ")[0], found.start("name")
    if not found["id"]:
        return words.name_at_start(text, start, exact=True)
    if int(found["id"][:-1]) != int(found["number"]):
        return None  # 9: "10_optimizers" tells what follows 9
    slug = re.split(r"[^\w-]", text)[0]
    entries = words.whose(slug)
    return Name(entries, None, found["id"] + slug) if entries and re.search(r"[\"']", found["sep"]) else None


def _counts_else(found: regex.Match[str], view: str) -> bool:
    """ "Test 2: Attention" counts tests: a word of its own stands right before the number."""
    return re.search(r"[^\W\d_][ \t]#?$", view[max(0, found.start() - 3) : found.start()]) is not None


def _counts_items(found: regex.Match[str], name: Name, view: str, words: Words) -> bool:
    """A list counts its items from 1, also where the series counts from 0 and "1." is the introduction."""
    number = int(found["number"])
    if not found["sep"].startswith(".") or any(entry.number != number - 1 for entry in name.entries):
        return False
    block = block_at(view, found.start())
    first = _FIRST_ITEM.search(view, block.start, block.end)
    return first is not None and agree(words.name_at_start(first["name"], 0), words.by_number.get(0, ()))


def _counts_sections(found: regex.Match[str], name: Name, document: Document, words: Words) -> bool:
    """On the page of another entry `# 1. Introduction` is the first of its sections."""
    own = words.home_of(document.path)
    if not own or agree(name, own) or not found["sep"].startswith("."):
        return False
    return document.zone_at(found.start()).kind is ZoneKind.HEADING


def _is_title(found: regex.Match[str], document: Document, words: Words) -> bool:
    """A number and a title of one entry, in a first-level heading, a value, the text of a link, or a row of a table."""
    zone = document.zone_at(found.start())
    is_counted = zone.kind is ZoneKind.TABLE and _is_in_counting_column(found, document.view, words)
    is_titled = zone.kind in {ZoneKind.VALUE, ZoneKind.LINK_TEXT} or (zone.kind, zone.detail) == (ZoneKind.HEADING, "1")
    if not is_counted and not is_titled:
        return False
    name = words.name_at_start(found["name"], found.start("name"), exact=True)
    return agree(name, words.by_number.get(int(found["number"]), ()))


def _is_in_counting_column(found: regex.Match[str], view: str, words: Words) -> bool:
    """A cell with nothing but a number, below a heading that says what is counted: "#", "No.", "Lesson"."""
    line, tops = line_at(view, found.start()), _tops(view)
    top = tops[bisect_right(tops, found.start()) - 1] if tops else line.start
    column = view.count("|", line.start, found.start())
    cells, heads = (view[one.start : one.end].split("|") for one in (line, line_at(view, top)))
    if top == line.start or column >= len(heads) or cells[column].strip(" \t*_`") != found["number"]:
        return False
    return counts_entries(heads[column], words)


@lru_cache(maxsize=8)
def _tops(view: str) -> list[int]:
    """Where tables begin: lines with a bar below a line without one."""
    tops, at, inside = [], 0, False
    for line in view.split("\n"):
        if "|" in line and not inside:
            tops.append(at)
        at, inside = at + len(line) + 1, "|" in line
    return tops


def _is_padded_label(found: regex.Match[str], document: Document) -> bool:
    """Only a blank between number and name: the number must be padded, in a cell, heading or value; or be all of a cell."""
    zone = document.zone_at(found.start())
    if zone.kind is ZoneKind.TABLE and document.view[zone.span.start : zone.span.end].strip() == found[0].strip():
        return True
    return found["number"].startswith("0") and zone.kind in _TITLED


def _name_first(document: Document, words: Words) -> Iterator[Claim]:
    view = document.view
    for found in _IN_BRACKETS.finditer(view):
        end = found.start() - 1
        is_apart = view[max(0, end) : end + 1] in {" ", "\t"}
        before = _CAPITALISED.search(view, max(0, end - 60), end) if is_apart else None
        name = words.name_at_end(before["name"], before.start("name"), exact=True) if before else None
        if name and agree(name, words.by_number.get(int(found["number"]), ())):
            number = number_part(found)
            yield with_name("pair", number.span, number, name)


def _on_two_lines(document: Document, words: Words) -> Iterator[Claim]:
    for found in at_nouns(_split_shape, document, words):
        name = words.name_at_start(found["name"], found.start("name"), old=True)
        yield with_name("pair", Span(*found.span("number")), number_part(found), name, found["noun"])


def _split_shape(nouns: str) -> str:
    return _SPLIT.format(nouns=nouns)


def _pair(found: regex.Match[str], name: Name) -> Claim:
    return with_name("pair", Span(*found.span("number")), number_part(found), name)


KIND = Kind("pair", 4, "a number next to a title", find)
