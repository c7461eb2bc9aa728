"""The step `add_page`: write a new file from an asset. Tables of contents are the business of the step `toc`."""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.model import Edit
from refactor.spans import Span
from refactor.steps import Call, Step
from refactor.steps._shapes import ASSET, FILE


def _plan(call: Call, draft: Draft) -> Outcome:
    path = call.text("file")
    if path in draft.paths:
        raise call.stop(f"{path} is there already", "name another file, or change it with other steps", "file")
    return Outcome(edits=(Edit(path, Span(0, 0), "", call.assets["asset"], "step of the plan", "add_page"),))


STEP = Step(
    name="add_page",
    summary="Write a new file from an asset.",
    about="The file must not be there yet. Folders that it needs are made.",
    keys=(FILE, ASSET),
    one_of=(("asset",),),
    plan=_plan,
    example="""\
add_page:
  file: book/chapters/00-structure.md
  asset: assets/structure.md
""",
)
