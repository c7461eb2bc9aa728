"""The step `mend`: do what lint would do with --fix. It is done by others, on the tree as the steps before it left it."""

from __future__ import annotations

from refactor.draft import Draft, Mend, Outcome
from refactor.steps import Call, Key, Step
from refactor.steps._lints import CHECKS, PATHS, clean_of
from refactor.steps._shapes import FLAG


def _plan(call: Call, draft: Draft) -> Outcome:
    return Outcome(mends=(Mend(clean_of(call), unsafe=call.flag("unsafe")),))


STEP = Step(
    name="mend",
    summary="Mend what lint finds and knows how to mend.",
    about="What `lint --fix` would write on the tree as it is at this point becomes part of the commit; what a `leave` "
    "step holds back stays. With `unsafe` also fixes that are likely and not certain, such as the one file of a name, "
    "or the entry that comes next now: look at the diff of a dry run.",
    keys=(
        *CHECKS,
        Key("paths", PATHS, "globs of the files that are mended (default: all)"),
        Key("unsafe", FLAG, "also mend what is likely and not certain, as --unsafe-fixes does"),
    ),
    plan=_plan,
    example="""\
mend:
  select: [broken-path]
  paths: [docs/]
""",
)
