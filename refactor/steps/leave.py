"""The step `leave`: say that a file, or a text in it, is left for a person, and why. No `rename` step touches it."""

from __future__ import annotations

from refactor.draft import Draft, Outcome
from refactor.model import Left, Verdict
from refactor.spans import Span
from refactor.steps import Call, Key, Step
from refactor.steps._shapes import FILE, WORD


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    text, reason = call.text("text"), call.text("reason")
    if text and text not in document.text:
        raise call.stop(f"{document.path} has no {text!r}", "look at the file, and name what is there", "text")
    start = document.text.find(text) if text else 0
    left = Left(
        document.path, Span(start, start + len(text)), text, "leave", Verdict.AMBIGUOUS, "", None, f"plan: {reason}"
    )
    return Outcome(left=(left,))


STEP = Step(
    name="leave",
    summary="Leave a file, or a text in it, as it is, and say why.",
    about="No `rename` step of the plan touches what is left, wherever this step stands. It is listed in the report.",
    keys=(
        FILE,
        Key("text", WORD, "only where this text stands; without it, the whole file"),
        Key("reason", WORD, "why it stays as it is", required=True),
    ),
    plan=_plan,
    example="""\
leave:
  file: docs/history.md
  reason: it tells how the course grew
""",
)
