"""Findings as JSON, one object a line: the same objects as in `json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._objects import dumps, record


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write a line for every finding."""
    return "".join(dumps(record(finding, documents)) + "\n" for finding in findings)


REPORTER = Reporter("json-lines", "one JSON object a line", render)
