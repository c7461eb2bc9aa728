"""A plan as the JSON object of contract version 1."""

from __future__ import annotations

import json
from collections.abc import Mapping

from refactor.model import Document, Plan
from refactor.spans import Span, encode, line_column


def render(plan: Plan, documents: Mapping[str, Document]) -> str:
    """Write a plan as one JSON object; lines and columns count from 1, columns in code points, ends exclusive."""
    return json.dumps(as_object(plan, documents), ensure_ascii=False, indent=1) + "\n"


def as_object(plan: Plan, documents: Mapping[str, Document]) -> dict[str, object]:
    """The plan as plain objects, sorted by path and place."""
    return {
        "version": 1,
        "base": plan.base,
        "renames": [{"series": one.old.series, "from": one.old.id, "to": one.new.id} for one in plan.renames],
        "moves": [{"from": move.old, "to": move.new} for move in plan.moves],
        "edits": [
            {"path": edit.path, **place(documents[edit.path], edit.span), "old": clean(edit.old), "new": clean(edit.new),
             "kind": edit.kind, "target": edit.target, "because": edit.because}
            for edit in plan.edits
        ],
        "left": [
            {"path": one.path, **place(documents[one.path], one.span), "text": clean(one.text), "kind": one.kind,
             "verdict": one.verdict.value, "target": one.target or None, "suggestion": one.suggestion, "reason": one.reason}
            for one in plan.left
        ],
    }  # fmt: skip


def place(document: Document, span: Span) -> dict[str, int]:
    """Line and column of both ends of a span."""
    line, column = line_column(document.starts, span.start)
    end_line, end_column = line_column(document.starts, span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def clean(text: str) -> str:
    """Bytes that are not UTF-8 cannot stand in JSON; they are shown as U+FFFD."""
    return encode(text).decode("utf-8", "replace") if not text.isascii() else text
