"""One line a finding, in the manner of ruff. Shows no source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._places import place
from refactor.reporters._text import footer, marked, path_of


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write `path:line:column: code [*] message` for every finding, and how many there are."""
    lines = [_line(finding, documents.get(finding.path)) for finding in findings]
    return "\n".join((*lines, *footer(findings))) + "\n"


def _line(finding: Finding, document: Document | None) -> str:
    at = place(finding.span, document)
    return f"{path_of(finding)}:{at.line}:{at.column}: {marked(finding)}"


REPORTER = Reporter("concise", "one line a finding", render)
