"""Anchors of headings that a plan changes: every `#14-kv-caching` that leads to one follows, in every file. Pure."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from refactor.model import Document, Edit, Zone, ZoneKind
from refactor.spans import Span, line_at, splice

_WAY = re.compile(r"[\w./%~-]*$")
_LINK = re.compile(r"#(?P<name>[\w-]+)")
_SUFFIXES = (".md", ".html", ".qmd", ".ipynb", ".rst", "")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor that changes: the page it is on, and how it is written before and after."""

    path: str
    old: str
    new: str


def slug(heading: str) -> str:
    """The anchor that GitHub and MyST make of a heading: lower case, no punctuation, hyphens for blanks."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"[`*]|<[^>]*>", "", text).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def follow(documents: Mapping[str, Document], edits: Iterable[Edit]) -> list[Edit]:
    """The edits that keep links to changed headings right; none that touches one of the given edits."""
    by_path: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_path[edit.path].append(edit)
    changed = [anchor for path in sorted(by_path) for anchor in _changed(documents[path], by_path[path])]
    found = set(_links(changed, documents))
    return sorted(edit for edit in found if not any(edit.span.touches(other.span) for other in by_path[edit.path]))


def _changed(document: Document, edits: list[Edit]) -> Iterator[Anchor]:
    """Anchors of the headings that the edits touch; equal headings on a page are counted as `-1`, `-2`."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    ordered = sorted(edits)
    for line in _headings(document):
        old = document.view[line.start : line.end]
        inside = _inside(ordered, line)
        moved = [(Span(e.span.start - line.start, e.span.end - line.start), old[e.span.start - line.start : e.span.end - line.start], e.new)
                 for e in inside]  # fmt: skip
        names = _counted(slug(old), before), _counted(slug(splice(old, moved)), after)
        if names[0] != names[1]:
            yield Anchor(document.path, *names)


def _inside(edits: list[Edit], line: Span) -> list[Edit]:
    first = bisect_left(edits, line.start, key=lambda edit: edit.span.start)
    found = []
    for edit in edits[first:]:
        if edit.span.start >= line.end:
            break
        if line.holds(edit.span):
            found.append(edit)
    return found


def _headings(document: Document) -> Iterator[Span]:
    """The text of every heading, whole lines even where a link splits its zone."""
    last = -1
    for zone in document.zones:
        if zone.kind is ZoneKind.HEADING and (line := _line(document, zone)).start != last:
            last = line.start
            yield line


def _line(document: Document, zone: Zone) -> Span:
    line = line_at(document.view, zone.span.start)
    lead = re.match(r"[#\s]*", document.view[line.start : line.end])
    return Span(line.start + (lead.end() if lead else 0), line.end)


def _counted(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}-{seen[name] - 1}"


def _links(changed: Iterable[Anchor], documents: Mapping[str, Document]) -> Iterator[Edit]:
    """Every document is read once, however many headings change."""
    by_name: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in changed:
        by_name[anchor.old].append(anchor)
    for path, document in documents.items() if by_name else ():
        for found in _LINK.finditer(document.text):
            for anchor in by_name.get(found["name"], ()):
                if _leads_to(document, found.start(), anchor.path):
                    span = Span(*found.span("name"))
                    yield Edit(path, span, anchor.old, anchor.new, "the heading that it leads to changes", "anchor", "")


def _leads_to(document: Document, offset: int, page: str) -> bool:
    """A link without a path leads into its own file; one with a path to the page it names, whatever its suffix."""
    way = _WAY.search(document.text, max(0, offset - 200), offset)
    target = way[0] if way else ""
    if not target:
        return document.path == page and document.text[offset - 1 : offset] in {"(", "<", '"', "'", " "}
    stem = posixpath.splitext(posixpath.basename(target))
    return stem[0] == posixpath.splitext(posixpath.basename(page))[0] and stem[1] in _SUFFIXES
