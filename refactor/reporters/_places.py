"""Where findings stand, as the formats count it, and marks by which a finding is known again. Knows no format."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from refactor.model import Document, Finding, Fix
from refactor.spans import Span, encode, line_column

_CONTEXT = 200


@dataclass(frozen=True, order=True, slots=True)
class Range:
    """Lines and columns from 1, the end exclusive. In what unit columns count, its maker says."""

    line: int
    column: int
    end_line: int
    end_column: int


_TOP = Range(1, 1, 1, 1)


def place(span: Span, document: Document | None) -> Range:
    """Columns in code points; a file that was not read has only its beginning."""
    if document is None:
        return _TOP
    return Range(*line_column(document.starts, span.start), *line_column(document.starts, span.end))


def byte_places(spans: Iterable[Span], document: Document | None) -> dict[Span, Range]:
    """Columns in bytes of UTF-8; one pass over the text, however long its lines are."""
    spans = set(spans)
    if document is None:
        return dict.fromkeys(spans, _TOP)
    offsets = {offset for span in spans for offset in (span.start, span.end)}
    heads = {offset: document.starts[bisect_right(document.starts, offset) - 1] for offset in offsets}
    before = _bytes_before(document.text, sorted({*offsets, *heads.values()}))
    columns = {offset: before[offset] - before[head] + 1 for offset, head in heads.items()}
    found = {}
    for span in spans:
        at = place(span, document)
        found[span] = Range(at.line, columns[span.start], at.end_line, columns[span.end])
    return found


def _bytes_before(text: str, offsets: Sequence[int]) -> dict[int, int]:
    found, last, total = {}, 0, 0
    for offset in offsets:
        total += len(encode(text[last:offset]))
        found[offset] = total
        last = offset
    return found


def is_whole_file(finding: Finding) -> bool:
    """Tell whether a finding is about a file and not about a piece of it."""
    return finding.span == Span(0, 0)


def line_around(document: Document, offset: int) -> Span:
    """The line that holds an offset, without its line end."""
    line = bisect_right(document.starts, offset)
    start = document.starts[line - 1]
    end = document.starts[line] - 1 if line < len(document.starts) else len(document.text)
    return Span(start, end - (end > start and document.text[end - 1] == "\r"))


def own_fix(finding: Finding) -> Fix | None:
    """The fix, for formats whose edits name no file and hold no bytes: only if it needs neither."""
    if finding.fix is None or not is_text(finding.fix):
        return None
    return finding.fix if all(edit.path == finding.path for edit in finding.fix.edits) else None


def is_text(fix: Fix) -> bool:
    """Tell whether all that a fix writes is text; lone surrogates stand for bytes that are none."""
    return not any("\ud800" <= letter <= "\udfff" for edit in fix.edits for letter in edit.new)


def fingerprints(findings: Iterable[Finding], documents: Mapping[str, Document]) -> Iterator[str]:
    """Yield a mark for every finding, distinct in a run and the same after lines above it came or went.

    It is made of code, path, target, the words of the line, and how many such findings came before.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        parts = (finding.code, finding.path, finding.target, _context(finding, documents.get(finding.path)))
        mark = _digest(*parts)
        seen[mark] += 1
        yield _digest(mark, str(seen[mark]))


def _context(finding: Finding, document: Document | None) -> str:
    """The words around a finding, or its message if it is about no line. Bounded, since a line may be a whole file."""
    if document is None or is_whole_file(finding):
        return finding.message
    line = line_around(document, finding.span.start)
    start = max(line.start, finding.span.start - _CONTEXT)
    return " ".join(document.text[start : min(line.end, finding.span.start + _CONTEXT)].split())


def _digest(*parts: str) -> str:
    import hashlib  # slow to load, and most formats need no fingerprint

    return hashlib.sha256(encode("\0".join(parts))).hexdigest()[:32]
