"""File names that carry a slug and no number: `kvcaching_dev` in paths, imports and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.naming import same
from refactor.spans import Span
from refactor.words import Words

_SLUG_BEFORE = re.compile(r"(?<![\w-])[A-Za-z]\w*$")
_SAME_AS_FOLDER = re.compile(r"\d[_-](?P<folder>[A-Za-z]\w*)/(?P<slug>(?P=folder))(?=\.\w)")
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
            if slug and same(slug[0]) in words.by_slug and not _WORD.match(view, after):
                yield Claim(
                    "stem", Span(slug.start(), after), (Part(Span(slug.start(), end), "slug", slug[0]),), detail=tail
                )
            end = view.find(tail, after)


def _plain_stems(document: Document, words: Words) -> Iterator[Claim]:
    """A file that is called as its folder is, without the number: only right behind the folder, `14_kv/kv.py`."""
    for found in _SAME_AS_FOLDER.finditer(document.view):
        if same(found["slug"]) in words.by_slug:
            yield Claim("stem", Span(*found.span("slug")), (Part(Span(*found.span("slug")), "slug", found["slug"]),))


KIND = Kind("stem", 1, "a file name that carries an entry's slug", find)
