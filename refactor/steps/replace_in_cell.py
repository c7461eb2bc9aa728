"""The step `replace_in_cell`: replace a text in one cell, or all that it says, of a dev file, and of the notebook beside it."""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.model import Document, Edit
from refactor.steps import Call, Key, Step
from refactor.steps._cells import ANCHOR, NOTEBOOK, count_in, find, rewritten, with_text
from refactor.steps._pairs import notebook_of
from refactor.steps._shapes import ASSET, COUNT, FILE, TEXT, WORD


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    beside, left = notebook_of(call, draft, document)
    edits = [_edit(call, one) for one in (document, beside) if one]
    return Outcome(edits=tuple(edit for edit in edits if edit), left=left)


def _edit(call: Call, document: Document) -> Edit | None:
    cell, old = find(call, document, "cell"), call.text("old")
    new = call.written("new", old)
    if not old:
        return rewritten(document, cell, new)
    call.times(f"the cell of {document.path}", old, count_in(document, cell, old))
    return with_text(document, cell, old, new)


STEP = Step(
    name="replace_in_cell",
    summary="Replace a text in one cell, or all that it says, of a dev file, and of the notebook beside it.",
    about="As `edit_text`, but in the one cell that the anchor means. The line break at the end of an asset counts only where the old text ends with one, too. "
    "Without `old`, the cell says something else altogether; the asset may then be a cell in the percent format.",
    keys=(
        FILE,
        Key("cell", ANCHOR, "the cell", required=True),
        Key("old", WORD, "the text that must stand there (default: all that the cell says)"),
        Key("new", TEXT, "the text to put there; '' takes it out"),
        ASSET,
        COUNT,
        NOTEBOOK,
    ),
    one_of=(("new", "asset"),),
    plan=_plan,
    example="""\
replace_in_cell:
  file: modules/14_profiling/profiling_dev.py
  cell: {defines: Profiler}
  old: "kernel_size *"
  new: "kernel_size[0] *"
""",
)
