"""The notebook that lies beside a dev file, and what becomes of it."""

from __future__ import annotations

from refactor.draft import Draft
from refactor.model import Document, Left, Verdict
from refactor.spans import Span
from refactor.steps import Call


def notebook_of(call: Call, draft: Draft, document: Document) -> tuple[Document | None, tuple[Left, ...]]:
    """The notebook to change along with a dev file, or what is left of it to a person."""
    if not document.path.endswith(".py"):
        return None, ()
    path = document.path.removesuffix(".py") + ".ipynb"
    found = draft.read(path) if path in draft.paths else None
    if found is None or call.text("notebook") != "leave":
        return found, ()
    reason = f"plan: the step {call.step.name} changes {document.path} only; write the notebook again from it"
    return None, (Left(path, Span(0, 0), "", call.step.name, Verdict.AMBIGUOUS, "", None, reason),)
