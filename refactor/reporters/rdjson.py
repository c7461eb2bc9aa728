"""Findings for reviewdog, whose columns count bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._objects import dumps
from refactor.reporters._places import Range, byte_places, is_whole_file, own_fix
from refactor.spans import Span

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write one DiagnosticResult; suggestions are edits of the finding's own file."""
    diagnostics: list[dict[str, object]] = []
    for path, group in groupby(findings, key=lambda finding: finding.path):
        here = list(group)
        places = byte_places(_spans(here), documents.get(path))
        diagnostics += [_diagnostic(finding, places) for finding in here]
    return dumps({"source": {"name": "renumber"}, "severity": "WARNING", "diagnostics": diagnostics}, indent=2) + "\n"


def _spans(findings: Sequence[Finding]) -> Iterator[Span]:
    for finding in findings:
        yield finding.span
        fix = own_fix(finding)
        yield from (edit.span for edit in (fix.edits if fix else ()))


def _diagnostic(finding: Finding, places: Mapping[Span, Range]) -> dict[str, object]:
    location: dict[str, object] = {"path": finding.path}
    if not is_whole_file(finding):
        location["range"] = _range(places[finding.span])
    found: dict[str, object] = {
        "message": finding.message,
        "location": location,
        "severity": _SEVERITIES.get(finding.severity, "WARNING"),
        "code": {"value": finding.code},
    }
    fix = own_fix(finding)
    if fix is not None:
        found["suggestions"] = [{"range": _range(places[edit.span]), "text": edit.new} for edit in fix.edits]
    return found


def _range(at: Range) -> dict[str, object]:
    return {
        "start": {"line": at.line, "column": at.column},
        "end": {"line": at.end_line, "column": at.end_column},
    }


REPORTER = Reporter("rdjson", "diagnostics for reviewdog", render)
