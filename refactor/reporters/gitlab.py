"""Findings as a code quality report of GitLab, which compares those of two branches by their fingerprints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._objects import dumps
from refactor.reporters._places import fingerprints, place

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write one JSON array."""
    marks = fingerprints(findings, documents)
    issues = [_issue(finding, mark, documents) for finding, mark in zip(findings, marks, strict=True)]
    return dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, mark: str, documents: Mapping[str, Document]) -> dict[str, object]:
    at = place(finding.span, documents.get(finding.path))
    return {
        "check_name": finding.code,
        "description": f"{finding.code}: {finding.message}",
        "severity": _SEVERITIES.get(finding.severity, "minor"),
        "fingerprint": mark,
        "location": {
            "path": finding.path,
            "positions": {
                "begin": {"line": at.line, "column": at.column},
                "end": {"line": at.end_line, "column": at.end_column},
            },
        },
    }


REPORTER = Reporter("gitlab", "a code quality report of GitLab", render)
