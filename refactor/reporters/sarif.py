"""Findings as SARIF 2.1.0, for code scanning. Paths are relative, so the same finding is the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from refactor import __version__
from refactor.model import Document, Edit, Finding, Fix
from refactor.reporters import Reporter
from refactor.reporters._objects import dumps
from refactor.reporters._places import fingerprints, is_text, place
from refactor.spans import Span, encode

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write one log with one run."""
    codes = sorted({finding.code for finding in findings})
    marks = fingerprints(findings, documents)
    driver = {"name": "renumber", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            {**_result(finding, documents), "ruleIndex": codes.index(finding.code), "partialFingerprints": {"context/v1": mark}}
            for finding, mark in zip(findings, marks, strict=True)
        ],
    }  # fmt: skip
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, object]:
    """GitHub asks for three descriptions; the long ones are printed by `explain`."""
    name = code.replace("-", " ").capitalize()
    return {
        "id": code,
        "shortDescription": {"text": name},
        "fullDescription": {"text": name},
        "help": {"text": f"`python -m refactor explain {code}` tells what it finds and why that matters."},
    }


def _result(finding: Finding, documents: Mapping[str, Document]) -> dict[str, object]:
    found: dict[str, object] = {
        "ruleId": finding.code,
        "level": _LEVELS.get(finding.severity, "warning"),
        "message": {"text": _literal(finding.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.path)},
                    "region": _region(finding.span, documents.get(finding.path)),
                }
            }
        ],
        "properties": {"target": finding.target, "verdict": finding.verdict.value, "because": finding.because},
    }
    if finding.fix is not None and finding.fix.edits and is_text(finding.fix):
        found["fixes"] = [_fix(finding.fix, documents)]
    return found


def _literal(text: str) -> str:
    """What a reader of messages would take for a placeholder or a link, is neither."""
    return re.sub(r"\](?=\()", "] ", text.replace("{", "{{").replace("}", "}}"))


def _uri(path: str) -> str:
    """A relative reference; a colon would make the first component a scheme."""
    from urllib.parse import quote_from_bytes

    return quote_from_bytes(encode(path))


def _fix(fix: Fix, documents: Mapping[str, Document]) -> dict[str, object]:
    changes = [
        {
            "artifactLocation": {"uri": _uri(path)},
            "replacements": [_replacement(edit, documents.get(path)) for edit in edits],
        }
        for path, edits in groupby(sorted(fix.edits), key=lambda edit: edit.path)
    ]
    return {
        "description": {"text": _literal(fix.message)},
        "artifactChanges": changes,
        "properties": {"applicability": fix.applicability},
    }


def _replacement(edit: Edit, document: Document | None) -> dict[str, object]:
    return {"deletedRegion": _region(edit.span, document), "insertedContent": {"text": edit.new}}


def _region(span: Span, document: Document | None) -> dict[str, int]:
    """Lines and columns, as if the file had no byte order mark: the standard asks for that."""
    at = place(span, document)
    marked = document is not None and document.text.startswith("\ufeff")
    return {
        "startLine": at.line,
        "startColumn": max(1, at.column - (marked and at.line == 1)),
        "endLine": at.end_line,
        "endColumn": max(1, at.end_column - (marked and at.end_line == 1)),
    }


REPORTER = Reporter("sarif", "SARIF 2.1.0, for code scanning", render)
