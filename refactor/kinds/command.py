"""Arguments of the repository's own commands: `tool export 14`, `tool test spatial`."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.kinds import Kind
from refactor.model import Claim, Document, Part, ZoneKind
from refactor.naming import same
from refactor.shapes import compiled, matches, spots
from refactor.spans import Span
from refactor.titles import COMMON_NOUNS
from refactor.words import Words


def _pattern(commands: str) -> str:
    return rf"(?<![\w-])(?P<command>{commands})(?:\.\w+)?(?P<args>(?:[ \t]+[\w./=-]+)+)"


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield bare numbers and slugs among a command's arguments; ids are found by `slug`."""
    typed = spots(document.view, words.commands)
    for found in matches(compiled(_pattern, _names(words)), document.view, typed) if typed else ():
        claims = list(_arguments(found["args"], found.start("args"), found.start(), words))
        if claims and _is_called(found["command"], found.start(), document):
            yield from claims


def _names(words: Words) -> str:
    import regex

    return "|".join(map(regex.escape, words.commands))


# Names of scripts that are also everyday words: in a sentence they mean the word.
_EVERYDAY = frozenset(
    "build check clean deploy format help install lint make open read release run serve setup start test update write".split()
)
_PROSE = (ZoneKind.PROSE, ZoneKind.HEADING, ZoneKind.LINK_TEXT, ZoneKind.TABLE, ZoneKind.HTML)


def _is_called(command: str, start: int, document: Document) -> bool:
    """Tell whether a command is typed here, and not a word of a sentence."""
    before = document.view[max(0, start - 2) : start]
    if before in {"$ ", "./"} or before.endswith(("`", "/")):
        return True
    zone = document.zone_at(start).kind
    if zone in _PROSE:
        return False
    return command not in _EVERYDAY or zone in {ZoneKind.CODE_SPAN, ZoneKind.CODE_BLOCK, ZoneKind.CODE}


def _arguments(text: str, offset: int, start: int, words: Words) -> Iterator[Claim]:
    import regex

    before = ""
    seen = 0
    for token in regex.finditer(r"[^\s]+", text):
        span = Span(offset + token.start(), offset + token.end())
        if same(token[0]).rstrip("s") in words.foreign and same(token[0]).rstrip("s") not in COMMON_NOUNS:
            return
        option = before.startswith("--") and before.lstrip("-") not in words.series.nouns
        if seen and not option and token[0].isdigit() and len(token[0]) <= 3:
            yield Claim("command", Span(start, span.end), (Part(span, "number", token[0]),), noun="command")
        elif seen and not option and token[0] in words.slugs:
            yield Claim("command", span, (Part(span, "slug", token[0]),), noun="command")
        seen += not token[0].startswith("-")
        before = token[0]


KIND = Kind("command", 2, "an argument of the repository's own command", find)
