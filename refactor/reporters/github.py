"""Findings as workflow commands, which GitHub shows beside the lines of a pull request. The table is in `markdown`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._places import is_whole_file, place
from refactor.reporters._text import sentence
from refactor.wording import count, safe

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}

# GitHub shows ten of each in a step and drops the others without a word. The tenth notice says how many.
_SHOWN = {"error": 10, "warning": 10, "notice": 9}


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write the first findings of each severity, and a notice that counts the rest."""
    lines = list(_commands(findings, documents))
    rest = len(findings) - len(lines)
    if rest:
        lines.append(f"::notice title=renumber::{count(rest, 'more finding')} not shown here.")
    return "".join(f"{line}\n" for line in lines)


def _commands(findings: Sequence[Finding], documents: Mapping[str, Document]) -> Iterator[str]:
    said: Counter[str] = Counter()
    for finding in findings:
        command = _COMMANDS.get(finding.severity, "warning")
        said[command] += 1
        if said[command] <= _SHOWN[command]:
            yield f"::{command} {_properties(finding, documents.get(finding.path))}::{_message(finding)}"


def _properties(finding: Finding, document: Document | None) -> str:
    properties = {"title": f"renumber ({finding.code})", "file": finding.path}
    if not is_whole_file(finding):
        at = place(finding.span, document)
        properties |= {"line": str(at.line), "col": str(at.column)}
        properties |= {"endLine": str(at.end_line), "endColumn": str(at.end_column)}
        if at.end_line != at.line:  # columns are refused where a range has several lines
            del properties["col"], properties["endColumn"]
    return ",".join(f"{name}={_property(value)}" for name, value in properties.items())


def _message(finding: Finding) -> str:
    parts = (finding.message, finding.because and f"because: {finding.because}")
    return "%0A".join(_data(sentence(part)) for part in parts if part)


def _data(text: str) -> str:
    return safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


REPORTER = Reporter("github", "annotations of a GitHub workflow, ten of each severity", render)
