"""Findings as failed tests in the XML that test runners write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._places import place
from refactor.reporters._text import sentence
from refactor.wording import safe

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write a suite a file and a test a finding; without findings, one test that passed."""
    import xml.etree.ElementTree as ET

    root = _counted("testsuites", "renumber", max(1, len(findings)), len(findings))
    for path, group in groupby(findings, key=lambda finding: finding.path):
        cases = [_case(finding, documents.get(path)) for finding in group]
        suite = _counted("testsuite", safe(path), len(cases), len(cases))
        suite.extend(cases)
        root.append(suite)
    if not findings:
        suite = _counted("testsuite", "renumber", 1, 0)
        ET.SubElement(suite, "testcase", {"name": "No findings", "classname": "renumber"})
        root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counted(tag: str, name: str, tests: int, failures: int) -> Element:
    from xml.etree.ElementTree import Element

    return Element(tag, {"name": name, "tests": str(tests), "failures": str(failures), "errors": "0", "skipped": "0"})


def _case(finding: Finding, document: Document | None) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    at, path = place(finding.span, document), safe(finding.path)
    where = {"file": path, "line": str(at.line), "column": str(at.column)}
    name = f"{safe(finding.code)} ({at.line}:{at.column})"
    case = Element("testcase", {"name": name, "classname": path, **where})
    message = sentence(finding.message)
    failure = SubElement(case, "failure", {"message": message, "type": safe(finding.severity)})
    because = f"\nbecause: {sentence(finding.because)}" if finding.because else ""
    failure.text = f"{path}:{at.line}:{at.column}: {message}{because}"
    return case


REPORTER = Reporter("junit", "JUnit XML", render)
