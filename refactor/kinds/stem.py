"""File names that carry a slug and no number: `seeds_dev` in paths, imports and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.spans import Span
from refactor.words import Words

_SLUG_BEFORE = re.compile(r"(?<![\w-])[A-Za-z]\w*$")
_FILE = re.compile(r"/(?P<slug>[A-Za-z]\w*)(?=\.\w)")
_NUMBERED = re.compile(r"\d[_-]$")
_WORD = re.compile(r"\w")


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield every stem made of a known slug and a tail that own files of the series share."""
    view = document.view
    if "" in words.tails:
        yield from _plain_stems(document, words)
    for tail in filter(None, words.tails):
        end = view.find(tail)
        while end >= 0:
            after = end + len(tail)
            slug = _SLUG_BEFORE.search(view, max(0, end - 80), end)
            if slug and words.whose(slug[0]) and not _WORD.match(view, after):
                yield Claim(
                    "stem", Span(slug.start(), after), (Part(Span(slug.start(), end), "slug", slug[0]),), detail=tail
                )
            end = view.find(tail, after)


def _plain_stems(document: Document, words: Words) -> Iterator[Claim]:
    """A file that is called as its folder is, without the number: only right behind the folder, `03_seeds/seeds.py`."""
    view = document.view
    for found in _FILE.finditer(view):
        slug, folder = found["slug"], found.start() - len(found["slug"])
        is_same = view.startswith(slug, max(0, folder)) and _NUMBERED.search(view, max(0, folder - 2), folder)
        if is_same and words.whose(slug):
            yield Claim("stem", Span(*found.span("slug")), (Part(Span(*found.span("slug")), "slug", slug),))


KIND = Kind("stem", 1, "a file name that carries an entry's slug", find)
