"""YAML: keys and values by their dotted path, and comments.

The only module that knows the YAML parser. It asks for events only: nothing is composed or
constructed, so aliases cannot grow and tags cannot run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refactor.formats._shared import Piece, shift, to_zones
from refactor.model import Format, Zone, ZoneKind
from refactor.spans import SURROGATE

if TYPE_CHECKING:
    import yaml

_LARGEST, _DEEPEST = 2_000_000, 60
_COMMENT = re.compile(r"(?<![^\s])#[^\r\n]*")
_PROPERTIES = re.compile(r"(?:[&!][^\s]*[ \t\r\n]+)*")  # an anchor and a tag may come before a scalar
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*\r?\n?")
_LINE = re.compile(
    r"""^[ \t]*(?:-[ \t]+)*+
    (?:(["']?)(?P<key>[^\s"'#:\-][^\r\n"'#:]*+)\1[ \t]*:(?=\s|\Z)[ \t]*)?
    (?P<value>[^\s\#](?:[^\r\n\#]|(?<=\S)\#)*)?
    (?P<comment>\#[^\r\n]*)?""",
    re.MULTILINE | re.VERBOSE,
)


def zones(view: str) -> tuple[Zone, ...]:
    """Find keys, values and comments; `detail` of a key or value is its dotted path."""
    return to_zones(pieces(view))


def pieces(text: str) -> list[Piece]:
    """Find the pieces of a text, sorted; a text that is not YAML is read line by line."""
    from yaml import YAMLError

    if len(text) > _LARGEST:
        return list(_lines(text))
    if text.startswith("\ufeff"):  # the parser does not count it
        return list(shift(pieces(text[1:]), 1))
    try:
        scalars = list(_scalars(SURROGATE.sub("\ufffd", text)))
    except (YAMLError, _TooDeepError):
        return list(_lines(text))
    return list(_with_comments(text, scalars))


class _TooDeepError(Exception):
    """The text nests deeper than people write."""


@dataclass
class _Frame:
    """An open mapping (whose next scalar may be a key) or sequence."""

    step: str
    index: int
    mapping: bool
    key_next: bool

    def advance(self) -> None:
        """Go on to the next member."""
        if self.mapping:
            self.key_next = not self.key_next
            return
        self.index += 1
        self.step = str(self.index)


def _scalars(text: str) -> Iterator[Piece]:
    import yaml

    frames: list[_Frame] = []
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(frames) == _DEEPEST:
                raise _TooDeepError
            if frames and frames[-1].key_next:
                frames[-1].step = ""  # a whole collection as a key
            mapping = isinstance(event, yaml.MappingStartEvent)
            frames.append(_Frame("" if mapping else "0", 0, mapping, mapping))
        elif isinstance(event, yaml.ScalarEvent):
            yield from _scalar(text, event, frames)
        elif isinstance(event, yaml.CollectionEndEvent):
            frames.pop()
        if isinstance(event, yaml.ScalarEvent | yaml.AliasEvent | yaml.CollectionEndEvent) and frames:
            frames[-1].advance()


def _scalar(text: str, event: yaml.ScalarEvent, frames: list[_Frame]) -> Iterator[Piece]:
    """Give one scalar without its quotes, and remember it if it is a key."""
    is_key = bool(frames) and frames[-1].key_next
    if is_key:
        frames[-1].step = event.value
    start, end = _content(text, event)
    if start < end:
        yield start, end, ZoneKind.KEY if is_key else ZoneKind.VALUE, ".".join(frame.step for frame in frames)


def _content(text: str, event: yaml.ScalarEvent) -> tuple[int, int]:
    """Find where the content of a scalar is written."""
    if event.start_mark is None or event.end_mark is None:
        return 0, 0
    start, end = event.start_mark.index, event.end_mark.index
    if properties := _PROPERTIES.match(text, start, end):
        start = properties.end()
    if event.style in ("'", '"'):
        return start + 1, end - 1
    if header := _BLOCK_HEADER.match(text, start, end) if event.style else None:
        start = header.end()
    content = text[start:end]
    return start + len(content) - len(content.lstrip()), start + len(content.rstrip())


def _with_comments(text: str, scalars: list[Piece]) -> Iterator[Piece]:
    """Add the comments, which make no event: they stand between scalars."""
    position = 0
    for scalar in (*scalars, (len(text), len(text), ZoneKind.VALUE, "")):
        for comment in _COMMENT.finditer(text, position, scalar[0]):
            yield *comment.span(), ZoneKind.COMMENT, ""
        yield scalar
        position = scalar[1]


def _lines(text: str) -> Iterator[Piece]:
    """Read `key: value`, `- item` and comments line by line; the detail is the key alone."""
    for line in _LINE.finditer(text):
        key = (line["key"] or "").rstrip()
        yield line.start("key"), line.start("key") + len(key), ZoneKind.KEY, key
        start, end = line.span("value")
        yield start, start + len(text[start:end].rstrip()), ZoneKind.VALUE, key
        yield *line.span("comment"), ZoneKind.COMMENT, ""


FORMAT = Format(
    name="yaml",
    suffixes=(".yml", ".yaml", ".cff"),
    names=(".clang-format",),
    default=ZoneKind.CODE,
    zones=zones,
)
