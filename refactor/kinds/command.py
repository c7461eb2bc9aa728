"""Arguments of the repository's own commands: `tool export 14`, `tool test spatial`."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part
from refactor.naming import same
from refactor.shapes import compiled
from refactor.spans import Span
from refactor.words import Words


def _pattern(commands: str) -> str:
    return rf"(?<![\w-])(?P<command>{commands})(?P<args>(?:[ \t]+[\w./=-]+)+)"


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield bare numbers and slugs among a command's arguments; ids are found by `slug`."""
    import regex

    if not words.commands:
        return
    names = "|".join(regex.escape(command) for command in words.commands)
    for found in compiled(_pattern, names).finditer(document.view):
        yield from _arguments(found["args"], found.start("args"), found.start(), words)


def _arguments(text: str, offset: int, start: int, words: Words) -> Iterator[Claim]:
    import regex

    before = ""
    seen = 0
    for token in regex.finditer(r"[^\s]+", text):
        span = Span(offset + token.start(), offset + token.end())
        if same(token[0]).rstrip("s") in words.foreign:
            return
        option = before.startswith("--") and before.lstrip("-") not in words.series.nouns
        if seen and not option and token[0].isdigit() and len(token[0]) <= 3:
            yield Claim("command", Span(start, span.end), (Part(span, "number", token[0]),), noun="command")
        elif seen and not option and token[0] in _slugs(words):
            yield Claim("command", span, (Part(span, "slug", token[0]),), noun="command")
        seen += not token[0].startswith("-")
        before = token[0]


def _slugs(words: Words) -> frozenset[str]:
    return frozenset(entry.slug for entry in words.series.entries if entry.slug)


KIND = Kind("command", 2, "an argument of the repository's own command", find)
