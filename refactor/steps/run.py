"""The step `run`: a program that must end well, and may write files that belong into the commit. It is run by others."""

from __future__ import annotations

import shlex

from refactor.draft import Command, Draft, Outcome
from refactor.errors import RefactorError
from refactor.steps import CHANGE, CHECK, Call, Key, Step
from refactor.steps._shapes import CODE, GLOB, NUMBER, PATH, TEXT, WORD, list_of, map_of, one_or_many

_SECONDS = 600


def _plan(call: Call, draft: Draft) -> Outcome:
    environment = tuple((name, str(value)) for name, value in call.table("environment").items())
    command = Command(
        words=_words(call),
        folder=call.text("folder"),
        seconds=call.number("seconds", _SECONDS),
        code=call.number("code", 0),
        prints=call.text("prints"),
        environment=environment,
        writes=call.texts("writes"),
    )
    return Outcome(commands=(command,))


def _words(call: Call) -> tuple[str, ...]:
    if isinstance(call.values.get("command"), list):
        return call.texts("command")
    try:
        return tuple(shlex.split(call.text("command")))
    except ValueError as error:
        raise _odd(call) from error


def _odd(call: Call) -> RefactorError:
    return call.stop("the quotes of 'command' do not close", "write it as a list of words", "command")


STEP = Step(
    name="run",
    summary="Run a program; its exit code must be as expected.",
    about="The program runs in a scratch copy of the tree as it is at this point, never in your own tree, and only "
    "`apply` runs it. No shell is involved: a text is split into words as a shell would. In the words, `{plan}` stands "
    "for the folder of the plan, `{tree}` for the copy, `{root}` for your own tree, `{before}` for a copy of "
    "the tree as it was before the first phase, and `{python}` for the Python that runs this. Among the steps of a commit, what the program changed in files that "
    "match `writes` becomes part of the commit, and nothing else does.",
    keys=(
        Key("command", one_or_many(WORD), "the program and its arguments", required=True),
        Key("folder", PATH, "where it runs, from the root (default: the root)"),
        Key("seconds", NUMBER, f"how long it may take (default: {_SECONDS})"),
        Key("code", CODE, "the exit code that is expected (default: 0)"),
        Key("prints", WORD, "a text that must be in its output"),
        Key("environment", map_of(TEXT), "environment variables"),
        Key("writes", list_of(GLOB), "globs of the files that are taken over from it"),
    ),
    plan=_plan,
    example="""\
run:
  command: [python, "{plan}/assets/check_exports.py", "{before}", "{tree}"]
  environment: {PYTHONPATH: .}
  seconds: 120
""",
    stages=(CHANGE, CHECK),
)
