"""Findings as the objects of contract version 1, and JSON in which no character of a tree is obeyed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from refactor.model import Document, Edit, Finding
from refactor.reporters._places import own_fix, place
from refactor.spans import Span
from refactor.wording import UNSEEN

_HIDDEN = re.compile(f"[{UNSEEN}]")


def dumps(value: object, *, indent: int | None = None) -> str:
    """Write JSON. Letters of all scripts stay readable; what a terminal would obey is escaped.

    A byte that is not UTF-8 becomes U+FFFD, since half a surrogate pair is refused by strict readers.
    """
    return _HIDDEN.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _escaped(match: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else json.dumps(match[0])[1:-1]


def record(finding: Finding, documents: Mapping[str, Document]) -> dict[str, object]:
    """One finding; rows and columns count from 1, columns in code points, ends exclusive.

    A fix is given if its edits lie in the finding's own file, for there they have no other name.
    """
    document = documents.get(finding.path)
    return {
        "code": finding.code,
        "name": finding.code,
        "message": finding.message,
        "filename": finding.path,
        **_ends(finding.span, document),
        "severity": finding.severity,
        "fix": _fix(finding, document),
        "data": {"target": finding.target or None, "verdict": finding.verdict.value, "because": finding.because},
    }


def _fix(finding: Finding, document: Document | None) -> dict[str, object] | None:
    fix = own_fix(finding)
    if fix is None:
        return None
    edits = [_edit(edit, document) for edit in fix.edits]
    return {"applicability": fix.applicability, "message": fix.message, "edits": edits}


def _edit(edit: Edit, document: Document | None) -> dict[str, object]:
    return {"content": edit.new, **_ends(edit.span, document)}


def _ends(span: Span, document: Document | None) -> dict[str, object]:
    at = place(span, document)
    return {
        "location": {"row": at.line, "column": at.column},
        "end_location": {"row": at.end_line, "column": at.end_column},
    }
