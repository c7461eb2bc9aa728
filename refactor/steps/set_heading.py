"""The step `set_heading`: give a heading new words, and let links to its anchor follow."""

from __future__ import annotations

import re

from refactor import anchors
from refactor.draft import Draft, Outcome
from refactor.model import Document, Edit, ZoneKind
from refactor.spans import Span
from refactor.steps import Call, Key, Step, replaced
from refactor.steps._cells import NOTEBOOK, Cell, cells_of, with_source
from refactor.steps._pairs import notebook_of
from refactor.steps._shapes import FILE, WORD


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    if document.path.endswith((".py", ".ipynb")):
        beside, left = notebook_of(call, draft, document)
        found = [_in_cells(call, one) for one in (document, beside) if one]
        return Outcome(edits=tuple(edit for edit in found if edit), left=left)
    edits = _in_page(call, document)
    return Outcome(edits=(*edits, *_followed(call, draft, document, edits)))


def _shape(call: Call) -> re.Pattern[str]:
    old = re.escape(call.text("old").lstrip("#").strip())
    return re.compile(rf"^(?P<signs>[ \t]*(?:#[ ])?#{{1,6}}[ \t]+)(?P<words>{old})(?=[ \t]*#*[ \t]*\r?$)", re.MULTILINE)


def _in_page(call: Call, document: Document) -> tuple[Edit, ...]:
    found = [Span(*one.span("words")) for one in _shape(call).finditer(document.text)]
    places = [span for span in found if document.zone_at(span.start).kind is ZoneKind.HEADING]
    place = call.only(document, places, f"heading {call.text('old')!r}", "old")
    return replaced(document, place, call.text("new"), "set_heading")


def _followed(call: Call, draft: Draft, document: Document, edits: tuple[Edit, ...]) -> list[Edit]:
    """The edits of links to the heading, in all files that name its anchor."""
    anchor = anchors.slug(call.text("old"))
    documents = {document.path: document}
    for path in draft.paths:
        if (one := draft.read(path)) and anchor in one.text:
            documents[path] = one
    return anchors.follow(documents, edits)


def _in_cells(call: Call, document: Document) -> Edit | None:
    shape, is_notebook = _shape(call), document.path.endswith(".ipynb")

    def said(cell: Cell) -> str:
        return cell.source if is_notebook else document.text[cell.inner.start : cell.inner.end]

    found = [(cell, match) for cell in cells_of(document) if cell.is_markdown for match in shape.finditer(said(cell))]
    call.only(document, [cell.span for cell, _ in found], f"heading {call.text('old')!r}", "old")
    cell, match = found[0]
    start, end = match.span("words")
    return with_source(document, cell, said(cell)[:start] + call.text("new") + said(cell)[end:])


STEP = Step(
    name="set_heading",
    summary="Give a heading new words; links to its anchor follow.",
    about="The heading keeps its level. It may stand on a page, or in a Markdown cell of a dev file, whose notebook is "
    "changed along. Links follow if the heading stands on a page.",
    keys=(
        FILE,
        Key("old", WORD, "the whole text of the heading", required=True),
        Key("new", WORD, "its new text", required=True),
        NOTEBOOK,
    ),
    plan=_plan,
    example="""\
set_heading:
  file: book/chapters/15-memoization.md
  old: 15. KV Caching
  new: 15. Memoization
""",
)
