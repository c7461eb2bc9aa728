"""The step `lint`: renumber's own lint must find nothing. It is run by others, on the finished commits of the phase."""

from __future__ import annotations

from refactor.draft import Clean, Draft, Outcome
from refactor.steps import CHECK, Call, Key, Step
from refactor.steps._shapes import FLAG, GLOB, WORD, list_of


def _plan(call: Call, draft: Draft) -> Outcome:
    return Outcome(
        cleans=(
            Clean(
                select=call.texts("select"),
                ignore=call.texts("ignore"),
                rules=call.texts("rules"),
                paths=call.texts("paths"),
                only_new=call.flag("only_new"),
            ),
        )
    )


STEP = Step(
    name="lint",
    summary="Lint must find nothing.",
    about="It looks at the finished commits of the phase, before they are brought over.",
    keys=(
        Key("select", list_of(WORD), "run these checks only"),
        Key("ignore", list_of(WORD), "leave these checks out"),
        Key("rules", list_of(WORD), "rule packs: a name, or a path from the root"),
        Key("paths", list_of(GLOB), "globs of the files that must be clean (default: all)"),
        Key("only_new", FLAG, "count what a check finds in each file, and accept as much as before the first phase"),
    ),
    plan=_plan,
    example="""\
lint:
  select: [stale-number, stale-name, broken-path]
""",
    stages=(CHECK,),
)
