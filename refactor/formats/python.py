"""Python, as plain modules, nbdev sources and percent notebooks, also where it does not parse.

One regular expression finds comments, strings and imports. It builds no tree and tells nothing about
names or scopes; code is whatever lies between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.formats import markdown
from refactor.formats._shared import Piece, fill, newline_last, shift, to_zones
from refactor.model import Format, Zone, ZoneKind

_IMPORT_BODY = r"""(?:from[ \t]+[.\w][.\w \t]*?[ \t]import|import)\b
    (?: [ \t]*\((?:[^()\#]|\#[^\r\n]*)*+\)? | (?:[^\r\n\#;\\'"]|\\\r?\n)*+ )"""

# Each alternative starts with a literal, and its group right after it: so `re` skips ahead from one
# start to the next. A string that is never closed ends at its line, or with the file if triple quoted.
_TOKEN = re.compile(
    rf"""
      \#([ \t]*%%[^\r\n]*\[(?:markdown|md)\][^\r\n]*)
    | \#([ \t]?\|[^\r\n]*)
    | \#([^\r\n]*)
    | \n[ \t]*({_IMPORT_BODY})
    | "(""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:\"\"\")?)
    | '(''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+(?:''')?)
    | "([^"\\\r\n]*+(?:\\(?:\r\n|.)[^"\\\r\n]*+)*+"?)
    | '([^'\\\r\n]*+(?:\\(?:\r\n|.)[^'\\\r\n]*+)*+'?)
    """,
    re.VERBOSE | re.DOTALL,
)
_MARKER, _DIRECTIVE, _COMMENT, _IMPORT, _TRIPLE, _SINGLE = 1, 2, 3, 4, 5, 7  # two groups a string
_FIRST_IMPORT = re.compile(rf"\ufeff?({_IMPORT_BODY})", re.VERBOSE)
_PREFIX = re.compile(r"(?<!\w)[rbuft]{1,2}\Z", re.IGNORECASE)
_COMMENT_CELL = re.compile(r"\r?\n#(?![ \t]*%%)[^\r\n]*(?:\r?\n(?:#(?![ \t]*%%)[^\r\n]*|[ \t]*(?=\r?\n)))*")
_LEADER = re.compile(r"\r?\n#[ ]?")
_CONTINUED = re.compile(r"\\\r?\n\Z")
_INNER_COMMENT = re.compile(r"#[^\r\n]*")
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))

# "\n14_x": the n belongs to the escape, not to the word. The same goes for the end of a colour code.
_ESCAPE = re.compile(r"\\(?:[abfnrtv]|(?:033|x1[bB]|u001[bB])\[[0-9;]*m)(?=\w)|\\\\")
_MAYBE_NO_ESCAPE = re.compile(  # a raw string, or a backslash in a comment
    r"""["'\#](?:(?<=(?<!\w)[rR].)|(?<=(?<!\w)[bBfF][rR].)|(?<=(?<!\w)[rR][bBfF].)|(?<=\#)[^\r\n\\\#]*+\\)"""
)


def view(text: str) -> str:
    """Blank the escapes that would glue to a word, in strings where they are escapes; same length."""
    if not _ESCAPE.search(text):
        return text
    if not _MAYBE_NO_ESCAPE.search(text):
        return _ESCAPE.sub(_blank, text)
    written: list[str] = []
    position = 0
    for token in _TOKEN.finditer(text):
        if (token.lastindex or 0) >= _TRIPLE and "r" not in _prefix(text, token.start()).lower():
            written += (text[position : token.start()], _ESCAPE.sub(_blank, token[0]))
            position = token.end()
    return "".join((*written, text[position:]))


def _blank(escape: re.Match[str]) -> str:
    return escape[0] if escape[0] == "\\\\" else " " * len(escape[0])


def _prefix(text: str, quote: int) -> str:
    """Give the letters in front of a string, `rb` in `rb"x"`."""
    if quote == 0 or text[quote - 1] not in "rbuftRBUFT":
        return ""
    found = _PREFIX.search(text, max(quote - 3, 0), quote)
    return found[0] if found else ""


class _Code:
    """The code between strings and comments so far, as far as it opens and closes brackets."""

    def __init__(self) -> None:
        self.depth = 0
        self.unread: list[str] = []  # most strings do not ask for the depth, so counting can wait

    def in_brackets(self) -> bool:
        """Tell whether a bracket is open; a stray closing one does no harm."""
        code = "".join(self.unread)
        self.unread.clear()
        for opening, closing in _BRACKETS:
            self.depth += code.count(opening) - code.count(closing)
        self.depth = max(self.depth, 0)
        return self.depth > 0


def pieces(text: str) -> Iterator[Piece]:
    """Find everything that is not code, in order. Strings are given without their quotes."""
    position = 0
    marker = -1  # where the marker line of a Markdown cell ended
    code = _Code()
    if first := _FIRST_IMPORT.match(text):
        yield from _import(text, *first.span(1))
        position = first.end()
    for token in _TOKEN.finditer(text, position):
        start, end = token.span()
        if start < position:  # inside a Markdown cell written as comments
            continue
        kind = token.lastindex or 0
        code.unread.append(text[position:start])
        if kind >= _TRIPLE:
            if marker == position and not text[position:start].strip(" \t\r\nrR"):
                inside = _inside(token)
                yield from _cell(text[slice(*inside)], inside[0])
            else:
                yield _string(text, token, code)
        elif kind == _IMPORT:
            yield from _import(text, *token.span(_IMPORT))
        else:
            comment = ZoneKind.DIRECTIVE if kind == _DIRECTIVE else ZoneKind.COMMENT
            yield start, start + len(token[0].rstrip()), comment, ""
        if kind == _MARKER:
            marker = end
            code = _Code()
            if cell := _COMMENT_CELL.match(text, end):
                yield from _cell(_LEADER.sub(newline_last, cell[0]), end)
                end = cell.end()
        position = end


def _import(text: str, start: int, end: int) -> Iterator[Piece]:
    """Give a statement without the comments inside its parentheses and the blanks at its end."""
    for comment in _INNER_COMMENT.finditer(text, start, end):
        yield start, start + len(text[start : comment.start()].rstrip()), ZoneKind.IMPORT, ""
        yield *comment.span(), ZoneKind.COMMENT, ""
        start = comment.end()
    yield start, start + len(text[start:end].rstrip()), ZoneKind.IMPORT, ""


def _cell(source: str, offset: int) -> Iterator[Piece]:
    """Read the source of a Markdown cell; what Markdown leaves open is prose."""
    return shift(fill(markdown.pieces(source), 0, len(source), ZoneKind.PROSE), offset)


def _inside(token: re.Match[str]) -> tuple[int, int]:
    """Give the span of a string without its quotes; the closing ones may be missing."""
    literal = token[0]
    quotes = literal[0] * (1 if (token.lastindex or 0) >= _SINGLE else 3)
    closed = len(literal) >= 2 * len(quotes) and literal.endswith(quotes)
    return token.start() + len(quotes), token.end() - len(quotes) * closed


def _string(text: str, token: re.Match[str], code: _Code) -> Piece:
    """Tell a string that is a statement of its own, as docstrings are, from any other."""
    prefix = _prefix(text, token.start())
    alone = _starts_line(text, token.start() - len(prefix)) and not code.in_brackets()
    return *_inside(token), ZoneKind.DOCSTRING if alone else ZoneKind.STRING, prefix.lower()


def _starts_line(text: str, offset: int) -> bool:
    """Tell whether only blanks stand before an offset on its line, which does not continue another."""
    if offset and text[offset - 1] not in " \t\f\n\ufeff":
        return False
    line = text.rfind("\n", 0, offset) + 1
    return not text[line:offset].strip(" \t\f\ufeff") and not _CONTINUED.search(text, max(line - 3, 0), line)


def zones(view: str) -> tuple[Zone, ...]:
    """Find comments, directives, strings, docstrings, imports, and what is inside Markdown cells."""
    return to_zones(pieces(view))


FORMAT = Format(
    name="python",
    suffixes=(".py", ".pyi", ".pyw"),
    names=("SConstruct", "SConscript", "wscript"),
    default=ZoneKind.CODE,
    zones=zones,
    view=view,
)
