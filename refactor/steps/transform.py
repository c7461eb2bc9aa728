"""The step `transform`: a named change to Python that must know its structure. No code of a plan is ever imported."""

from __future__ import annotations

from collections.abc import Callable

from refactor import tree
from refactor.draft import Draft, Outcome
from refactor.marks import words
from refactor.model import Document, Edit
from refactor.steps import Call, Key, Step
from refactor.steps._shapes import GLOB, WORD, choice, list_of, map_of

_Pairs = dict[str, str]


def _rename_modules(documents: list[Document], _draft: Draft, pairs: _Pairs) -> Outcome:
    from refactor.transforms.imports import rename_modules

    python = [one for one in documents if one.path.endswith(".py")]
    edits: list[Edit] = [edit for one in python for edit in rename_modules(one.path, one.text, pairs)]
    return Outcome(edits=tuple(edits))


def _move_exports(documents: list[Document], draft: Draft, pairs: _Pairs) -> Outcome:
    from refactor.transforms.exports import export_plan

    edits, moves = export_plan(documents, draft.paths, [*pairs.items()])
    return Outcome(edits=tuple(edits), moves=tuple(moves))


_TRANSFORMS: dict[str, Callable[[list[Document], Draft, _Pairs], Outcome]] = {
    "move-exports": _move_exports,
    "rename-modules": _rename_modules,
}


def _plan(call: Call, draft: Draft) -> Outcome:
    globs = call.texts("files")
    is_meant = tree.matcher(globs) if globs else lambda _path: True
    found = (draft.read(path) for path in sorted(draft.paths) if is_meant(path))
    pairs = {old: str(words(new)) for old, new in call.table("with").items()}
    outcome = _TRANSFORMS[call.text("name")]([one for one in found if one], draft, pairs)
    if not outcome.edits:
        raise call.stop(f"{call.text('name')} finds nothing to change", "check the names and the files", "with")
    return outcome


STEP = Step(
    name="transform",
    summary="Make a named change to Python files by their structure.",
    about="`rename-modules` renames modules where Python files import, use or mention them. `move-exports` gives exported "
    "modules new paths: directive, file, imports and index. Neither runs any code, and a plan cannot bring its own.",
    keys=(
        Key("name", choice(*_TRANSFORMS), "what is done", required=True),
        Key("with", map_of(WORD), "old dotted names with new ones", required=True),
        Key("files", list_of(GLOB), "globs of the files that are changed (default: all)"),
    ),
    plan=_plan,
    example="""\
transform:
  name: rename-modules
  with: {course.helpers.profiling: course.profiling}
  files: [milestones/]
""",
)
