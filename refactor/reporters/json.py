"""All findings as one JSON array, contract version 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._objects import dumps, record


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write the array, in the order of the findings."""
    return dumps([record(finding, documents) for finding in findings], indent=2) + "\n"


REPORTER = Reporter("json", "one JSON array", render)
