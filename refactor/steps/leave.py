"""The step `leave`: say that files, or texts in them, are left for a person, and why. No `rename` step touches them."""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.model import Left, Verdict
from refactor.spans import Span
from refactor.steps import Call, Key, Step
from refactor.steps._shapes import PATH, WORD, list_of, one_or_many


def _plan(call: Call, draft: Draft) -> Outcome:
    texts = call.texts("text") or ("",)
    return Outcome(left=tuple(_left(call, draft, path, text) for path in call.texts("file") for text in texts))


def _left(call: Call, draft: Draft, path: str, text: str) -> Left:
    document = call.document_at(draft, path)
    if text not in document.text:
        raise call.stop(f"{document.path} has no {text!r}", "look at the file, and name what is there", "text")
    start = document.text.find(text)
    span, reason = Span(start, start + len(text)), f"plan: {' '.join(call.text('reason').split())}"
    return Left(document.path, span, text, "leave", Verdict.AMBIGUOUS, "", None, reason)


STEP = Step(
    name="leave",
    summary="Leave files, or texts in them, as they are, and say why.",
    about="No `rename` step of the plan touches what is left, wherever this step stands, no `mend` step mends it, and no "
    "`lint` step counts it. With `checks` only what these find there is left. It is listed in the report.",
    keys=(
        Key(
            "file",
            one_or_many(PATH),
            "the file, or several, as they are called when the step's turn comes",
            required=True,
        ),
        Key("text", one_or_many(WORD), "only where this text stands, or one of several; without it, the whole file"),
        Key("checks", list_of(WORD), "leave what these checks find, and let everything else go on"),
        Key("reason", WORD, "why it stays as it is", required=True),
    ),
    plan=_plan,
    example="""\
leave:
  file: docs/history.md
  reason: it tells how the course grew
""",
)
