"""The step `table_row`: change, add, move or take out a row of a Markdown table."""

from __future__ import annotations

import re

from refactor.draft import Draft, Outcome
from refactor.marks import words
from refactor.model import Document, Edit
from refactor.spans import Span, line_at
from refactor.steps import Call, Key, Step, replaced
from refactor.steps._shapes import FILE, FLAG, TEXT, WORD, list_of, map_of

_ROW = re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*\r?$", re.MULTILINE)
_RULE = re.compile(r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t\r]*")
_CELL = re.compile(r"\|((?:[^|\\\n]|\\.)*)(?=\|)")
_WAYS = ("set", "add_after", "add_before", "move_after", "move_before", "remove")


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    row = _row(call, document, "row")
    if "set" in call.values:
        changed = [
            edit
            for name, value in call.table("set").items()
            for edit in _set(call, document, row, name, str(words(value)))
        ]
        return Outcome(edits=tuple(changed))
    if "add_after" in call.values or "add_before" in call.values:
        return Outcome(edits=(_added(call, document, row),))
    whole = _whole(document, row)
    away = Edit(document.path, whole, document.text[whole.start : whole.end], "", "step of the plan", "table_row")
    if call.flag("remove"):
        return Outcome(edits=(away,))
    return Outcome(edits=(away, _arrived(call, document, away.old)))


def _row(call: Call, document: Document, key: str) -> Span:
    """The one row that holds a text."""
    rows = [
        Span(*one.span())
        for one in _ROW.finditer(document.text)
        if call.text(key) in one[0] and not _RULE.fullmatch(one[0])
    ]
    return call.only(document, rows, f"table row with {call.text(key)!r}", key)


def _whole(document: Document, row: Span) -> Span:
    """A row with its line break."""
    return Span(row.start, min(row.end + 1, len(document.text)))


def _cells(document: Document, row: Span) -> list[Span]:
    """The texts of the cells of a row, without the blanks around them."""
    found = []
    for cell in _CELL.finditer(document.text, row.start, row.end):
        said = cell[1]
        start = cell.start(1) + len(said) - len(said.lstrip())
        found.append(
            Span(start, max(start, cell.start(1) + len(said.rstrip())))
            if said.strip()
            else Span(cell.start(1) + 1, cell.start(1) + 1)
        )
    return found


def _set(call: Call, document: Document, row: Span, name: str, value: str) -> tuple[Edit, ...]:
    cells, names = _cells(document, row), _names(document, row)
    at = int(name) - 1 if name.isdecimal() and name not in names else names.index(name) if name in names else -1
    if not 0 <= at < len(cells):
        raise call.stop(f"the table in {document.path} has no column {name!r}", f"it has {', '.join(names)}", "set")
    return replaced(document, cells[at], value, "table_row")


def _names(document: Document, row: Span) -> list[str]:
    """The heads of the columns of the table that a row stands in."""
    head = row
    while head.start and _ROW.fullmatch(document.text, *_above(document, head)):
        head = Span(*_above(document, head))
    return [document.text[cell.start : cell.end].strip("*` ") for cell in _cells(document, head)]


def _above(document: Document, row: Span) -> tuple[int, int]:
    line = line_at(document.text, row.start - 1)
    return line.start, line.end


def _added(call: Call, document: Document, row: Span) -> Edit:
    is_after = "add_after" in call.values
    cells = call.texts("add_after" if is_after else "add_before")
    wanted = len(_cells(document, row))
    if len(cells) != wanted:
        raise call.stop(f"the table in {document.path} has {wanted} columns, not {len(cells)}", "give a text for each")
    indent = re.match(r"[ \t]*", document.text[row.start :])
    end = "\r\n" if document.text[row.start : row.end].endswith("\r") else "\n"
    new = f"{indent[0] if indent else ''}| {' | '.join(cells)} |{end}"
    return _put(document, row, new, is_after=is_after)


def _put(document: Document, row: Span, new: str, *, is_after: bool) -> Edit:
    at = _whole(document, row).end if is_after else row.start
    if is_after and not document.text[:at].endswith("\n"):
        new = "\n" + new.rstrip("\r\n")
    return Edit(document.path, Span(at, at), "", new, "step of the plan", "table_row")


def _arrived(call: Call, document: Document, text: str) -> Edit:
    is_after = "move_after" in call.values
    target = _row(call, document, "move_after" if is_after else "move_before")
    return _put(document, target, text if text.endswith("\n") else text + "\n", is_after=is_after)


STEP = Step(
    name="table_row",
    summary="Change, add, move or take out a row of a Markdown table.",
    about="The row is the one row of the file that holds a text. Cells keep the blanks around them.",
    keys=(
        FILE,
        Key("row", WORD, "a text in the row", required=True),
        Key("set", map_of(TEXT), "columns, by their head or number, with their new texts"),
        Key("add_after", list_of(TEXT), "the cells of a new row behind it"),
        Key("add_before", list_of(TEXT), "the cells of a new row in front of it"),
        Key("move_after", WORD, "a text in the row that it moves behind, perhaps of another table"),
        Key("move_before", WORD, "a text in the row that it moves in front of"),
        Key("remove", FLAG, "take it out"),
    ),
    one_of=(_WAYS,),
    plan=_plan,
    example="""\
table_row:
  file: README.md
  row: "| 14 |"
  set: {Module: Profiling, Topic: measure first}
""",
)
