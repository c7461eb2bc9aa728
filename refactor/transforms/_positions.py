"""Exact places of LibCST nodes in a text that we decoded ourselves.

Never hands out code that LibCST generated, and never a place that does not read as the node does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from refactor.spans import SURROGATE, Span

if TYPE_CHECKING:
    import libcst as cst
    from libcst.metadata import CodeSpan, Scope

# A recursive parser meets its end in these (measured: 2,000 brackets, 10,000 operators), and a
# crash of native code cannot be caught. Such a file is data that somebody spelled as Python.
LARGEST_TEXT = 1_000_000
LONGEST_LINE = 8_000
DEEPEST_NESTING = 400
MOST_BRANCHES = 4_000

_NESTING = re.compile(r"[(\[{]|[)\]}]|\n(?=[A-Za-z_@])")
_FORM_FEED = re.compile(r"^([ \t]*)\x0c", re.MULTILINE)


class UnplacedError(Exception):
    """A node does not stand where LibCST says; the file is to be read as plain text."""


@dataclass(frozen=True, eq=False)
class Syntax:
    """A parsed text. `source` is what LibCST read: same length as the text after its BOM."""

    source: str
    shift: int
    positions: Mapping[cst.CSTNode, CodeSpan]
    scopes: tuple[Scope, ...]

    @cached_property
    def _bytes_before(self) -> list[int]:
        return [0, *accumulate(len(character.encode()) for character in self.source)]

    def _code_points(self, offset: int) -> int:
        if self.source.isascii():
            return offset
        found = bisect_left(self._bytes_before, offset)
        if found == len(self._bytes_before) or self._bytes_before[found] != offset:
            raise UnplacedError(f"byte {offset} is inside a character")
        return found

    def span(self, node: cst.CSTNode, reads: str) -> Span:
        """Give the place of a node in the text; raise UnplacedError unless it starts with `reads`."""
        position = self.positions[node]
        start = self._code_points(position.start)
        end = self._code_points(position.start + position.length)
        if not self.source.startswith(reads, start) or end - start < len(reads):
            raise UnplacedError(f"expected {reads!r} at offset {start}")
        return Span(start + self.shift, end + self.shift)

    def nodes(self) -> Iterable[cst.CSTNode]:
        """All nodes that have a place, in no promised order."""
        return self.positions.keys()

    def dotted(self, node: cst.CSTNode) -> list[tuple[Span, str]]:
        """Split `a.b.c` into its names and their places; what is no plain chain of names has none."""
        import libcst as cst

        names: list[tuple[Span, str]] = []
        while isinstance(node, cst.Attribute):
            names.insert(0, (self.span(node.attr, node.attr.value), node.attr.value))
            node = node.value
            if isinstance(node, cst.Attribute | cst.Name) and node.lpar:  # `(a.b).c`: an edit could part brackets
                return []
        if not isinstance(node, cst.Name):
            return []
        return [(self.span(node, node.value), node.value), *names]

    def words(self) -> Iterator[Span]:
        """Places of strings (constant parts of f-strings too) and comments."""
        import libcst as cst

        kinds = (cst.SimpleString, cst.FormattedStringText, cst.TemplatedStringText, cst.Comment)
        for node in self.nodes():
            if isinstance(node, kinds):
                yield self.span(node, node.value)


def parse(text: str) -> Syntax | None:
    """Parse Python, or return None if LibCST cannot or must not read it."""
    shift = 1 if text.startswith("\ufeff") else 0
    source = _readable(text[shift:])
    if _is_hostile(source):
        return None
    from libcst import ParserSyntaxError, parse_module
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, ScopeProvider

    try:
        # The tree is fresh, so the copy that guards against shared nodes would only cost time.
        wrapper = MetadataWrapper(parse_module(source), unsafe_skip_copy=True)
        positions = wrapper.resolve(ByteSpanPositionProvider)
        scopes = wrapper.resolve(ScopeProvider).values()
    except (ParserSyntaxError, RecursionError, KeyError):  # KeyError: hides a RecursionError in LibCST
        return None
    return Syntax(source, shift, positions, tuple({scope for scope in scopes if scope is not None}))


def _readable(source: str) -> str:
    """Keep every length, and replace what LibCST would drop or refuse.

    Bytes that are not UTF-8 are letters of some other encoding. A form feed at the start of a line
    begins the line anew, as a line break does.
    """
    return _FORM_FEED.sub("\\1\n", SURROGATE.sub("x", source))


def _is_hostile(source: str) -> bool:
    if len(source) > LARGEST_TEXT or source.count("elif") > MOST_BRANCHES:
        return True
    if max(map(len, source.split("\n"))) > LONGEST_LINE:
        return True
    depth = 0
    for match in _NESTING.finditer(source):
        # A bracket inside a string may never close, so each statement at the margin starts afresh.
        depth = 0 if match[0] == "\n" else depth + (1 if match[0] in "([{" else -1)
        if depth > DEEPEST_NESTING:
            return True
    return False
