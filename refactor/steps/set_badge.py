"""The step `set_badge`: change fields of the line below a page's title that says tier, difficulty and the like."""

from __future__ import annotations

import re

from refactor.draft import Draft, Outcome
from refactor.marks import words
from refactor.model import Document, Edit
from refactor.spans import Span
from refactor.steps import Call, Key, Step, replaced
from refactor.steps._shapes import FILE, WORD, map_of

_LINE = re.compile(r"^(?![ \t]*\|)(?=[^\n]*[^\n|]\|[^\n|])[^\n]*\S", re.MULTILINE)
_FIELD = re.compile(r"[^|\n]+")


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    line = _line(call, document)
    edits = [
        edit
        for name, value in call.table("set").items()
        for edit in _set(call, document, line, name, str(words(value)))
    ]
    return Outcome(edits=tuple(edits))


def _line(call: Call, document: Document) -> Span:
    """The one line that is meant: the first with fields, or the one that holds a text."""
    text, lines = call.text("line"), [Span(*one.span()) for one in _LINE.finditer(document.text)]
    if text:
        lines = [line for line in lines if text in document.text[line.start : line.end]]
        return call.only(document, lines, f"line of fields with {text!r}", "line")
    return call.only(document, lines[:1], "line of fields with '|' between them", "file")


def _set(call: Call, document: Document, line: Span, name: str, value: str) -> tuple[Edit, ...]:
    fields = [one.span() for one in _FIELD.finditer(document.text, line.start, line.end)]
    trimmed = [_trimmed(document.text, *field) for field in fields]
    if name.isdecimal():
        if not 1 <= int(name) <= len(trimmed):
            raise call.stop(f"the line in {document.path} has {len(trimmed)} fields", "count them from 1", "set")
        return replaced(document, trimmed[int(name) - 1], value, "set_badge")
    label = re.compile(rf"[*_]*{re.escape(name)}[*_]*:[*_]*[ \t]*")
    found = [(span, match) for span in trimmed if (match := label.match(document.text, span.start, span.end))]
    call.only(document, [span for span, _ in found], f"field {name!r}", "set")
    span, match = found[0]
    return replaced(document, Span(match.end(), span.end), value, "set_badge")


def _trimmed(text: str, start: int, end: int) -> Span:
    field = text[start:end]
    return Span(start + len(field) - len(field.lstrip()), end - len(field) + len(field.rstrip()))


STEP = Step(
    name="set_badge",
    summary="Change fields of a page's badge line, such as tier and difficulty.",
    about="A badge line has fields with `|` between them: `**FOUNDATION TIER** | Difficulty: 1 | Time: 2 hours`. A field "
    "is named by what stands before its colon, or by its number, counted from 1. The first such line of the file is "
    "meant, unless `line` gives a text in it.",
    keys=(
        FILE,
        Key("line", WORD, "a text in the line that is meant"),
        Key("set", map_of(WORD), "fields with what they say from now on", required=True),
    ),
    plan=_plan,
    example="""\
set_badge:
  file: book/chapters/15-memoization.md
  set: {1: "**OPTIMIZATION TIER**", Difficulty: "2 of 4"}
""",
)
