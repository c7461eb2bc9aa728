"""Rows of lists, tables and tables of contents follow the new order of the entries that they are about. Pure.

A listing is rows of one kind beside each other, each about one entry, in the order of their numbers. Anything else keeps
its order: rows that were in no order, or that something stands between.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from refactor.model import Document, Edit, Entry, Plan, Reference, Renaming, Verdict
from refactor.rename import describing
from refactor.spans import LONGEST, Span, lines, splice

_BECAUSE = "the rows of this listing follow the numbers"
_SIGN = r"(?P<outer>[ \t]*)(?P<sign>#|//|>)?[ \t]*"  # of a comment or a quotation, in front of each line
_ROWS = (
    ("list", re.compile(rf"{_SIGN}(?P<mark>(?:[-*+]|\d+[.)])[ \t]+)(?=\S)")),
    ("table", re.compile(rf"{_SIGN}(?P<mark>)\|")),
    ("tree", re.compile(rf"{_SIGN}[│| \t]*(?P<mark>[├└╰][─-]+[ ]?)")),
    ("code", re.compile(rf"{_SIGN}(?P<mark>\"(?:[-*+]|\d+[.)])[ \t]+).*,$")),  # in the source of a notebook
    ("code", re.compile(rf"{_SIGN}(?P<mark>)(?=[\"'(\[{{\d]|[A-Za-z_][\w.]*\().*,[ \t]*(?:(?:#|//).*)?$")),
    ("", re.compile(rf"{_SIGN}(?P<mark>)")),
)
_LOOSE = "list"  # the one kind that may have blank lines between its rows, and more than one line to a row
_CODE = frozenset(("python", "notebook", "toml", "yaml"))
_COUNTER = re.compile(r"[\s|*_`]*(\d+)")


@dataclass
class _Row:
    """One row: what stands before its content and stays, and its content, which grows with each line."""

    mark: Span
    content: Span


@dataclass
class _Listing:
    """Rows of one kind that begin in one column."""

    kind: str
    sign: str
    column: int
    rows: list[_Row] = field(default_factory=list)


def reorder(plan: Plan, references: Iterable[Reference], documents: Mapping[str, Document], renaming: Renaming) -> Plan:
    """The plan with rows in the new order; an edit for each row that changes its place takes in those inside it."""
    moved = {one.old.key: one.new.number for one in renaming.renames}
    about_it = describing(documents, renaming)
    current = (one for one in references if one.verdict is Verdict.CURRENT and one.path not in about_it)
    edits = {path: list(some) for path, some in groupby(sorted(plan.edits), key=lambda edit: edit.path)}
    for path, some in groupby(sorted(current, key=_place), key=lambda one: one.path):
        about = list(some)
        if any(entry.key in moved for one in about for entry in one.targets):
            edits[path] = _reordered(documents[path], edits.get(path, []), about, moved)
    return replace(plan, edits=tuple(sorted(edit for some in edits.values() for edit in some)))


def _place(reference: Reference) -> tuple[str, Span]:
    return reference.path, reference.claim.span


def _reordered(
    document: Document, edits: list[Edit], about: Sequence[Reference], moved: Mapping[tuple[int, str, str], int]
) -> list[Edit]:
    starts = [one.claim.span.start for one in about]
    for listing in _listings(document):
        listed = _with_their_entries(listing.rows, about, starts)
        order = [moved.get(entry.key, entry.number) for _, entry in listed]
        if order == sorted(order) or not _are_in_order([entry for _, entry in listed]):
            continue
        rows = _whole([row for row, _ in listed], about, starts)
        if _may_move(listing, rows, document, edits, about):
            edits = _exchanged(document, edits, rows, [entry for _, entry in listed], order)
    return edits


def _are_in_order(entries: Sequence[Entry]) -> bool:
    return all(first.number < second.number for first, second in pairwise(entries))


def _with_their_entries(
    rows: Sequence[_Row], about: Sequence[Reference], starts: Sequence[int]
) -> list[tuple[_Row, Entry]]:
    """The rows with the entry that each is about; none if one between them is about none, or two about the same."""
    found = [(row, _entry(row, about, starts)) for row in rows]
    while found and found[0][1] is None:
        del found[0]
    while found and found[-1][1] is None:
        del found[-1]
    return [(row, entry) for row, entry in found if entry] if all(entry for _, entry in found) else []


def _entry(row: _Row, about: Sequence[Reference], starts: Sequence[int]) -> Entry | None:
    """The living entry of the first mention in a row that means only one."""
    for one in (about[at] for at in range(bisect_left(starts, row.mark.start), len(about))):
        if one.claim.span.end > row.content.end:
            return None
        if len({entry.key for entry in one.targets}) == 1:
            return one.targets[0] if one.targets[0].living else None
    return None


def _whole(rows: Sequence[_Row], about: Sequence[Reference], starts: Sequence[int]) -> list[_Row]:
    """The rows, whose marks are content as well where one of them says a number of an entry: `14. Water`."""
    at = [bisect_left(starts, row.mark.start) for row in rows]
    if not any(n < len(about) and starts[n] < row.mark.end for n, row in zip(at, rows, strict=True)):
        return list(rows)
    return [_Row(Span(row.mark.start, row.mark.start), Span(row.mark.start, row.content.end)) for row in rows]


def _may_move(
    listing: _Listing, rows: Sequence[_Row], document: Document, edits: Iterable[Edit], about: Iterable[Reference]
) -> bool:
    """Tell whether rows can be exchanged: no edit goes beyond its row, and no counter of rows would go along."""
    whole = Span(rows[0].mark.start, rows[-1].content.end)
    inside = [edit.span for edit in edits if edit.span.touches(whole)]
    if not all(any(row.content.holds(span) for row in rows) for span in inside):
        return False
    texts = [document.text[row.content.start : row.content.end] for row in rows]
    if listing.kind != _LOOSE and any("\n" in text or not _is_balanced(text) for text in texts):
        return False
    said = {part.span.start for one in about for part in one.claim.parts if part.role == "number"}
    counters = (_COUNTER.match(document.text, row.content.start, row.content.end) for row in rows)
    return not any(counter and counter.start(1) not in said for counter in counters)


def _is_balanced(text: str) -> bool:
    return all(text.count(first) == text.count(last) for first, last in ("()", "[]", "{}"))


def _exchanged(
    document: Document, edits: Sequence[Edit], rows: Sequence[_Row], entries: Sequence[Entry], order: Sequence[int]
) -> list[Edit]:
    """The edits, with one for each row in place of those that are inside it, if another row comes there."""
    comes = sorted(range(len(rows)), key=lambda at: order[at])
    exchanged = [(rows[at].content, rows[come].content, entries[come]) for at, come in enumerate(comes) if at != come]
    kept = [edit for edit in edits if not any(place.holds(edit.span) for place, _, _ in exchanged)]
    for place, row, entry in exchanged:
        old, new = document.text[place.start : place.end], _edited(document, row, edits)
        kept += [Edit(document.path, place, old, new, _BECAUSE, "order", entry.id)] if old != new else []
    return sorted(kept)


def _edited(document: Document, row: Span, edits: Iterable[Edit]) -> str:
    inside = [edit for edit in edits if row.holds(edit.span)]
    shifted = [(Span(one.span.start - row.start, one.span.end - row.start), one.old, one.new) for one in inside]
    return splice(document.text[row.start : row.end], shifted)


# --- listings -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as listings see it: the sign in front, its column before and behind that, and if it is a row of which kind
    and where its mark ends."""

    sign: str
    outer: int
    column: int
    kind: str
    end: int
    is_blank: bool


def _listings(document: Document) -> Iterator[_Listing]:
    """All listings of a text, those inside a row before the one that the row is in."""
    open_ones: list[_Listing] = []
    start = 0
    for text in lines(document.text):
        line, end = _line(text.rstrip("\r\n"), document), start + len(text.rstrip("\r\n"))
        while open_ones and _ends(open_ones[-1], line):
            yield open_ones.pop()
        if line.kind:
            if not open_ones or open_ones[-1].column < line.column:
                open_ones.append(_Listing(line.kind, line.sign, line.column))
            content = Span(start + line.end, end)
            open_ones[-1].rows.append(_Row(Span(start + line.column, content.start), content))
        for listing in () if line.is_blank else open_ones:
            listing.rows[-1].content = Span(listing.rows[-1].content.start, end)
        start += len(text)
    yield from reversed(open_ones)


def _line(text: str, document: Document) -> _Line:
    patterns = _ROWS if len(text) <= LONGEST else _ROWS[-1:]
    fitting = (one for one in patterns if one[0] != "code" or _is_code(document))
    matches = ((kind, pattern.match(text)) for kind, pattern in fitting)
    kind, found = next((kind, found) for kind, found in matches if found)
    is_blank = not kind and found.end() == len(text)
    return _Line(found["sign"] or "", found.end("outer"), found.start("mark"), kind, found.end("mark"), is_blank)


def _is_code(document: Document) -> bool:
    return document.format.name in _CODE or document.path.endswith(".json")


def _ends(listing: _Listing, line: _Line) -> bool:
    """Tell whether a line ends a listing: it neither belongs to its last row nor is another row of it."""
    if line.is_blank:
        return listing.kind != _LOOSE
    if listing.sign and line.sign != listing.sign:
        return True
    column = line.column if line.sign == listing.sign else line.outer
    is_row = (line.kind, line.sign) == (listing.kind, listing.sign)
    return column < listing.column or (column == listing.column and not is_row)
