"""The step `lint`: renumber's own lint must find nothing. It is run by others, on the finished commits of the phase."""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.steps import CHECK, Call, Key, Step
from refactor.steps._lints import CHECKS, PATHS, clean_of
from refactor.steps._shapes import FLAG


def _plan(call: Call, draft: Draft) -> Outcome:
    return Outcome(cleans=(clean_of(call),))


STEP = Step(
    name="lint",
    summary="Lint must find nothing.",
    about="It looks at the finished commits of the phase, before they are brought over. What a `leave` step of the plan "
    "holds back does not count.",
    keys=(
        *CHECKS,
        Key("paths", PATHS, "globs of the files that must be clean (default: all)"),
        Key("only_new", FLAG, "count what a check finds in each file, and accept as much as before the first phase"),
    ),
    plan=_plan,
    example="""\
lint:
  select: [stale-number, stale-name, broken-path]
""",
    stages=(CHECK,),
)
