"""The step `insert_cells`: put new cells before or after a cell of a dev file, and of the notebook beside it."""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.model import Document, Edit
from refactor.spans import Span
from refactor.steps import Call, Key, Step
from refactor.steps._cells import ANCHOR, NOTEBOOK, as_json, find, inserted
from refactor.steps._pairs import notebook_of
from refactor.steps._shapes import ASSET, FILE


def _plan(call: Call, draft: Draft) -> Outcome:
    document, key = call.document(draft), "before" if "before" in call.values else "after"
    _refuse_no_cells(call)
    beside, left = notebook_of(call, draft, document)
    edits = [_edit(call, one, key) for one in (document, beside) if one]
    return Outcome(edits=tuple(edits), left=left)


def _refuse_no_cells(call: Call) -> None:
    asset = call.assets["asset"]
    if asset.strip() and not asset.lstrip().startswith("# %%"):
        raise call.stop(f"{call.text('asset')} does not begin with a cell", "begin it with '# %%'", "asset")


def _edit(call: Call, document: Document, key: str) -> Edit:
    cell, asset = find(call, document, key), call.assets["asset"]
    is_before = key == "before"
    at = cell.span.start if is_before else cell.span.end
    if not document.path.endswith(".ipynb"):
        new = inserted(document.text, at, asset)
    else:
        new = _in_notebook(document.text, cell.span.start, as_json(document.text, asset, cell), is_before=is_before)
    return Edit(document.path, Span(at, at), "", new, "step of the plan", "insert_cells")


def _in_notebook(text: str, first: int, cells: list[str], *, is_before: bool) -> str:
    line = text.rfind("\n", 0, first) + 1
    break_ = f",\n{text[line:first]}" if line and not text[line:first].strip() else ", "
    joined = break_.join(cells)
    return joined + break_ if is_before else break_ + joined


STEP = Step(
    name="insert_cells",
    summary="Put new cells before or after a cell of a dev file, and of the notebook beside it.",
    about="The asset is written in the percent format (`# %% [markdown]`, `# %%`), with as many cells as you like. "
    "The anchor must mean exactly one cell. If a notebook of the same name lies beside the file, it is given the same "
    "cells, with ids that are the same each time; `notebook: leave` keeps it as it is and lists it.",
    keys=(
        FILE,
        Key("before", ANCHOR, "the cell that they come before"),
        Key("after", ANCHOR, "the cell that they come after"),
        ASSET,
        NOTEBOOK,
    ),
    one_of=(("before", "after"), ("asset",)),
    plan=_plan,
    example="""\
insert_cells:
  file: modules/14_profiling/profiling_dev.py
  before: {heading: Counting Parameters}
  asset: assets/profiler_helpers.py
""",
)
