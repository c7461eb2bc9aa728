"""A noun and a number, alone or with a name: "Module 14", "Module 14: KV Caching", "Profiling (Module 15)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.shapes import GAP, NUMBER, at_nouns, compiled, name_after, name_before, number_part, with_name
from refactor.spans import Span
from refactor.titles import NO_NOUN
from refactor.words import Words

if TYPE_CHECKING:
    import regex


def _pattern(nouns: str) -> str:
    return rf"(?<![\w-])(?P<noun>(?i:{nouns})){GAP}{NUMBER}(?![-–~～]\d)"


def _short_pattern(initials: str) -> str:
    return rf"(?<![\w-])(?P<noun>{initials})(?P<number>\d\d)(?P<letter>)(?!\w|\.\d|[-–]\d)"


# The noun stands behind the number there.
_BEHIND = r"第[ \t]?(?P<number>\d{1,3})[ \t]?(?P<noun>[章課课講讲回部週周节節天])"
_MEANS = {
    "章": "chapter", "課课": "lesson lecture class course", "講讲": "lecture lesson", "回": "session lecture lesson episode",
    "部": "part", "週周": "week", "节節": "section lesson", "天": "day",
}  # fmt: skip
_SAID = {letter: frozenset(nouns.split()) for letters, nouns in _MEANS.items() for letter in letters}


def _in_diagram(initial: str) -> str:
    return rf"{initial}(?P<number>\d\d)[\[({{\"']+[ \t]*0*(?P=number)\b"


def _begins_item(found: regex.Match[str]) -> bool:
    """A number on the next line that begins an item of a list: "all modules", then "2. Check them"."""
    return "\n" in found[0] and found.string[found.end() : found.end() + 2] in {". ", ") ", ".\t", ")\t"}


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield mentions by noun and number; a name next to them becomes a part of the claim."""
    view = document.view
    spelled = set()
    for found in at_nouns(_pattern, document, words):
        if (found["letter"] and not words.has_letters) or _begins_item(found):
            continue
        number = number_part(found)
        spelled.add(int(found["number"]))
        name = name_after(view, found.end(), int(found["number"]), words)
        if name is None or not name.entries:
            name = name_before(view, found.start(), int(found["number"]), words) or name
        claim = with_name("number", Span(*found.span()), number, name, found["noun"])
        letter = Part(Span(*found.span("letter")), "letter", found["letter"])
        yield replace(claim, parts=(claim.parts[0], letter, *claim.parts[1:])) if found["letter"] else claim
    for behind in re.finditer(_BEHIND, view) if "第" in view else ():
        if NO_NOUN not in words.series.nouns and _SAID[behind["noun"]].isdisjoint(words.series.nouns):
            continue
        number = number_part(behind)
        yield with_name("number", Span(*behind.span()), number, name_after(view, behind.end(), int(number.text), words))
    initial = words.series.nouns[0][:1].upper()
    spelled |= {int(found["number"]) for found in compiled(_in_diagram, initial).finditer(view)}
    for found in () if not spelled else compiled(_short_pattern, initial).finditer(view):
        # "M15" stands for "Module 15" only where the text spells that out, or in a diagram's `M15["15. ..."]`.
        if int(found["number"]) in spelled:
            yield Claim("number", Span(*found.span()), (number_part(found),),
                        noun=found["noun"])  # fmt: skip


KIND = Kind("number", 3, "a noun with a number", find)
