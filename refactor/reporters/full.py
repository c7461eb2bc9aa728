"""Every finding with its line of source, the evidence, and what would mend it. Made for people; not to be parsed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._places import is_whole_file, line_around, place
from refactor.reporters._text import footer, is_fixable, marked, path_of, sentence
from refactor.spans import Span
from refactor.wording import safe

_BEFORE, _SHOWN = 60, 160  # code points of a long line: ahead of the finding, and in all


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write a block of lines for every finding, and how many there are."""
    lines = [line for finding in findings for line in _block(finding, documents.get(finding.path))]
    return "\n".join((*lines, *footer(findings))) + "\n"


def _block(finding: Finding, document: Document | None) -> Iterator[str]:
    at = place(finding.span, document)
    margin = " " * len(str(at.line))
    yield f"{path_of(finding)}:{at.line}:{at.column}: {marked(finding)}"
    if document is not None and not is_whole_file(finding):
        source, carets = _source(document, finding.span)
        yield f"{margin} |"
        yield f"{at.line} | {source}".rstrip()
        yield f"{margin} | {carets}"
    if finding.because:
        yield f"{margin} = because: {sentence(finding.because)}"
    if finding.fix is not None:
        unsafe = "" if is_fixable(finding) else " (with --unsafe-fixes)"
        yield f"{margin} = help: {sentence(finding.fix.message)}{unsafe}"
    yield ""


def _source(document: Document, span: Span) -> tuple[str, str]:
    """The line a finding begins in, and carets under it; of a long line only the surroundings."""
    line = line_around(document, span.start)
    start = line.start if len(line) <= _SHOWN else max(line.start, span.start - _BEFORE)
    end = min(line.end, start + _SHOWN)
    head = ("... " if start > line.start else "") + _shown(document.text[start : min(span.start, end)])
    body = _shown(document.text[span.start : min(span.end, end)])
    tail = _shown(document.text[max(span.start, min(span.end, end)) : end]) + (" ..." if end < line.end else "")
    return head + body + tail, " " * _width(head) + "^" * max(1, _width(body))


def _shown(text: str) -> str:
    """A tab is four blanks wherever it stands, so that pieces of a line can be measured apart."""
    return safe(text.removeprefix("\ufeff").replace("\t", "    "))


def _width(text: str) -> int:
    """How many cells of a terminal a text fills: wide letters two, marks that combine none."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


REPORTER = Reporter("full", "the source line, the evidence and the remedy of every finding", render)
