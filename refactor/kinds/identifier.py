"""Numbers inside identifiers and file names: `test_module_15_profiling`, `Module15PerformanceTests`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.shapes import at_nouns, number_part, with_name
from refactor.spans import Span
from refactor.words import Name, Words

if TYPE_CHECKING:
    import regex


def _pattern(nouns: str) -> str:
    return rf"(?:(?<![A-Za-z0-9])(?i:{nouns})|(?<=[a-z0-9])(?-i:{_capitalised(nouns)}))_?(?P<number>\d{{1,3}})(?!\d|[-–~～]\d|[?*][\w/.])(?P<rest>\w*)"


def _capitalised(nouns: str) -> str:
    return re.sub(r"(?<![a-z\\])([a-z])(?=[a-z])", lambda first: first[1].upper(), nouns)


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield a noun and a number that are part of one identifier."""
    for found in at_nouns(_pattern, document, words):
        glued = document.view[found.start("number") - 1].isalpha() or document.view[found.start("number") - 1] == "_"
        if not glued:
            continue
        number = number_part(found)
        yield with_name("identifier", _whole(found, document.view), number, _name(found, words))


def _whole(found: regex.Match[str], view: str) -> Span:
    start = found.start()
    while start and (view[start - 1].isalnum() or view[start - 1] == "_"):
        start -= 1
    return Span(start, found.end())


def _name(found: regex.Match[str], words: Words) -> Name | None:
    """The slug in the rest of an identifier is a part; a title in camel case only a hint."""
    rest, start = found["rest"], found.start("rest")
    pieces = rest.lstrip("_").split("_")
    for count in range(len(pieces), 0, -1):
        slug = "_".join(pieces[:count])
        if entries := words.whose(slug):
            begin = start + len(rest) - len(rest.lstrip("_"))
            part = Part(Span(begin, begin + len(slug)), "slug" if slug == slug.lower() else "hint", slug)
            return Name(entries, part if part.role == "slug" else None, slug)
    camel = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", rest.strip("_").replace("_", " "))
    name = words.name_at_start(camel, 0)
    return Name(name.entries, None, name.text) if name and name.entries else None


KIND = Kind("identifier", 2, "a number inside an identifier", find)
