"""TOML and INI: keys and values by their dotted path, and comments.

A scanner that accepts both, and anything else too: it checks nothing and never writes.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from refactor.formats._shared import Piece, to_zones
from refactor.model import Format, Zone, ZoneKind

# One line, if no value goes on over its end: a comment, a table, a key, or more of the value before.
_LINE = re.compile(
    r"""\ufeff?[ \t]*(?:
      (?P<comment>[\#;][^\r\n]*)
    | \[\[?(?P<table>[^\[\]\r\n]+)\]\]?
    | (?P<key>(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\s=:\[\]"'\#;{},<>!~]|[ \t]++(?![=:]))++)[ \t]*[=:][ \t]*
    )?""",
    re.VERBOSE,
)
_BARE = re.compile(r"(?:[^\r\n#;]|(?<=\S)[#;])*+")
_COMMENT = re.compile(r"[ \t]*([#;][^\r\n]*)")
_DEEPEST = 60
_TOKEN = re.compile(
    r"""\#[^\r\n]*
    | (?P<long>\"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\")? | '''(?:[^']|'(?!''))*+(?:''')?)
    | (?P<text>"(?:[^"\\\r\n]|\\.)*+"? | '[^'\r\n]*+'?)
    | (?P<bare>[^\s\[\]{},="'\#]+)
    | [\[\]{},=\n]""",
    re.VERBOSE | re.DOTALL,
)


def zones(view: str) -> tuple[Zone, ...]:
    """Find keys, values and comments; `detail` of a key or value is its dotted path."""
    return to_zones(pieces(view))


def pieces(text: str) -> Iterator[Piece]:
    """Read line by line; a bracket or a long string keeps a value open over the end of its line."""
    position = 0
    table = path = ""
    while position < len(text) and (line := _LINE.match(text, position)):
        position = line.end()
        if line["comment"]:
            yield *line.span("comment"), ZoneKind.COMMENT, ""
        elif line["table"]:
            path = table = line["table"].strip()
            yield *line.span("table"), ZoneKind.KEY, table
        else:
            if line["key"]:
                path = _join(table, line["key"].strip("\"'"))
                yield _unquoted(text, *line.span("key"), ZoneKind.KEY, path)
            position = yield from _value(text, position, path)
        if comment := _COMMENT.match(text, position):
            yield *comment.span(1), ZoneKind.COMMENT, ""
        position = _next_line(text, position)


def _next_line(text: str, position: int) -> int:
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1


def _join(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def _unquoted(text: str, start: int, end: int, kind: ZoneKind, path: str) -> Piece:
    """Give a key or value without its quotes, of which there may be three; the closing ones may be missing."""
    quote = text[start]
    if quote not in "\"'":
        return start, end, kind, path
    count = 3 if text.startswith(quote * 3, start) and end - start != 2 else 1
    closed = end - start >= 2 * count and text.endswith(quote * count, start, end)
    return start + count, end - count * closed, kind, path


def _value(text: str, position: int, path: str) -> Generator[Piece, None, int]:
    """Give the pieces of one value and return where it ends."""
    if text.startswith(("'", '"', "[", "{"), position):
        return (yield from _structure(text, position, path))
    bare = _BARE.match(text, position)
    end = bare.end() if bare else position
    yield position, position + len(text[position:end].rstrip()), ZoneKind.VALUE, path
    return end


@dataclass
class _Frame:
    """An open array, table, or the value itself: the step of the path that it adds."""

    step: str
    index: int


def _structure(text: str, position: int, path: str) -> Generator[Piece, None, int]:
    """Read strings, arrays and inline tables up to the end of the line on which the last one closes."""
    frames = [_Frame(path, 0)]
    waiting: tuple[int, int] | None = None  # a scalar that may turn out to be a key
    for token in _TOKEN.finditer(text, position):
        mark = token[0]
        if waiting:
            kind = ZoneKind.KEY if mark == "=" else ZoneKind.VALUE
            if kind is ZoneKind.KEY:
                frames[-1].step = text[slice(*waiting)].strip("\"'")
            yield _unquoted(text, *waiting, kind, ".".join(frame.step for frame in frames))
            waiting = None
        if token.lastgroup:
            waiting = token.span()
        elif mark == "\n" and len(frames) == 1:
            return token.start()
        elif mark.startswith("#"):
            yield *token.span(), ZoneKind.COMMENT, ""
        else:
            _follow(frames, mark)
    if waiting:
        yield _unquoted(text, *waiting, ZoneKind.VALUE, path)
    return len(text)


def _follow(frames: list[_Frame], mark: str) -> None:
    """Open, close or go on in a bracket."""
    if mark in "[{" and len(frames) < _DEEPEST:
        frames.append(_Frame("0" if mark == "[" else "", 0))
    elif mark in "]}" and len(frames) > 1:
        frames.pop()
    elif mark == "," and frames[-1].step == str(frames[-1].index):
        frames[-1].index += 1
        frames[-1].step = str(frames[-1].index)


FORMAT = Format(
    name="toml",
    suffixes=(".toml", ".ini", ".cfg", ".conf", ".properties", ".editorconfig"),
    names=("Pipfile", ".flake8", ".coveragerc", ".pylintrc", ".gitconfig"),
    default=ZoneKind.CODE,
    zones=zones,
)
