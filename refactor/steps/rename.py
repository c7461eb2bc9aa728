"""The step `rename`: do the share of the plan's one renaming that falls on some paths.

The whole renaming is measured once, on the commit before the first of these steps; see `shares`.
"""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.steps import Call, Key, Step
from refactor.steps._shapes import FLAG, GLOB, choice, list_of


def _plan(call: Call, draft: Draft) -> Outcome:
    return draft.share(call.way, draft)


STEP = Step(
    name="rename",
    summary="Do the plan's renaming, or the share of it that falls on some paths.",
    about="All entries below `rename` of the plan change at once; the edits are measured once, on the commit before "
    "the first step of this kind. Each step does its share: the moves and edits of files that match `paths`, as they "
    "were called then, and that no earlier step has done. A moved folder is one thing: it moves as soon as one file "
    "in it matches. A step without `paths` does all that is left. After the last one the tree is as one undivided "
    "renaming would have made it.",
    keys=(
        Key("paths", list_of(GLOB), "globs as in .gitignore, of paths before the renaming (default: all that is left)"),
        Key("only", choice("moves", "edits"), "only the moves, or only the edits, of these files"),
        Key("repair", FLAG, "also mend mentions that were stale before and whose entry is known"),
    ),
    plan=_plan,
    example="""\
rename:
  paths: [modules/, tests/]
""",
)
