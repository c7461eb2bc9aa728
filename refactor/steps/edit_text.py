"""The step `edit_text`: replace a text that stands in a file exactly as often as the plan says."""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.model import Document, Edit
from refactor.spans import Span
from refactor.steps import Call, Key, Step
from refactor.steps._shapes import ASSET, COUNT, PATH, TEXT, WORD, one_or_many


def _plan(call: Call, draft: Draft) -> Outcome:
    documents = [call.document_at(draft, path) for path in call.texts("file")]
    return Outcome(edits=tuple(edit for document in documents for edit in _edits(call, document)))


def _edits(call: Call, document: Document) -> list[Edit]:
    old = call.text("old")
    new = call.written("new", old)
    found = document.text.count(old)
    call.times(document.path, old, found)
    edits, start = [], 0
    for _ in range(found):
        start = document.text.index(old, start)
        edits.append(Edit(document.path, Span(start, start + len(old)), old, new, "step of the plan", "edit_text"))
        start += len(old)
    return edits


STEP = Step(
    name="edit_text",
    summary="Replace a text that stands in a file exactly so often.",
    about="The old text is taken as it is, line breaks included. If it does not stand there as often as `count` says, "
    "nothing of the phase is done. Of several files it is true of each. The line break at the "
    "end of an asset counts only where the old text ends with one, too.",
    keys=(
        Key("file", one_or_many(PATH), "the file, or several that are changed alike", required=True),
        Key("old", WORD, "the text that must stand there", required=True),
        Key("new", TEXT, "the text to put there; '' takes it out"),
        ASSET,
        COUNT,
    ),
    one_of=(("new", "asset"),),
    plan=_plan,
    example="""\
edit_text:
  file: README.md
  old: "Intelligence tier"
  new: "Architecture tier"
  count: 2
""",
)
