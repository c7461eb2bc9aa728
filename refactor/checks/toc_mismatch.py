"""Tables of contents that disagree with the pages: a file, title, number or place in the order, a page left out.

Compares names only for pages of entries; other pages may be listed under any name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from refactor.checks._homes import live
from refactor.checks._paths import Paths, is_ours
from refactor.lint import SAFE, UNSAFE, Check, View, at
from refactor.model import Document, Edit, Entry, Finding, Fix, Place, Scope, Tier
from refactor.naming import pad, same, stems
from refactor.places import PAGES
from refactor.spans import Span
from refactor.titles import Heading, parse_heading, read_heading
from refactor.toc import Toc, TocEntry, TocPart, parse_tier

_CODE = "toc-mismatch"
_LISTED = 3  # pages of a place in a table of contents that show that it lists the place
_DIGITS = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of a table of contents, the page that it leads to, and the entry whose page that is."""

    item: TocEntry
    page: str | None
    entry: Entry | None


@dataclass(frozen=True, eq=False)
class _Contents:
    """One table of contents with its pages."""

    view: View
    toc: Toc
    paths: Paths

    @property
    def document(self) -> Document:
        return self.view.documents[self.toc.path]

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """The items in their order."""
        return tuple(self._listed(item) for item in self.toc.entries)

    def _listed(self, item: TocEntry) -> Listed:
        page = self.paths.found(item.path, ("",))
        return Listed(item, page, self.pages.get(page) if page else None)

    @cached_property
    def pages(self) -> dict[str, Entry]:
        """The live pages of the entries."""
        homes = ((home, entry) for entry in self.view.series.entries for home in entry.homes)
        return {home.path: entry for home, entry in homes if _is_page(home.path, home.place)}


def _is_page(path: str, place: Place) -> bool:
    return not place.folder and place.scope is Scope.LIVE and path.endswith(PAGES)


def find(view: View) -> Iterator[Finding]:
    """Yield what each table of contents and the pages disagree about."""
    paths, is_live = Paths(view), live(view)
    for toc in view.tocs:
        if toc.path in view.asked and is_live(toc.path):
            contents = _Contents(view, toc, paths)
            yield from _missing_files(contents)
            yield from _titles(contents)
            yield from _order(contents)
            yield from _captions(contents)
            yield from _missing_pages(contents)


def _missing_files(contents: _Contents) -> Iterator[Finding]:
    for one in contents.listed:
        path = one.item.path
        if one.page is not None or not is_ours(path) or contents.paths.is_ignored(path):
            continue
        if path.endswith(".html") and not contents.view.tree.exists(path.rpartition("/")[0]):
            continue  # a site put together from several books
        span = one.item.file_span
        because = f"the tree has no {path}"
        fix = _file_fix(one.item, contents)
        hint = f", is it {fix.edits[0].new}?" if fix else ""
        yield at(_CODE, contents.toc.path, span, f"{_text(span, contents)} leads to no page{hint}", because, fix=fix)


def _file_fix(item: TocEntry, contents: _Contents) -> Fix | None:
    """The one page of that slug; only the last part of the path is written anew."""
    right = contents.paths.right(item.path) or contents.paths.right(f"{item.path}.md")
    old = _text(item.file_span, contents)
    if right is None or right.path.rpartition("/")[0] != item.path.rpartition("/")[0]:
        return None
    name, suffix = right.path.rpartition("/")[2], next((one for one in PAGES if right.path.endswith(one)), "")
    new = old[: len(old) - len(old.rpartition("/")[2])] + (name if old.endswith(PAGES) else name.removesuffix(suffix))
    edit = Edit(contents.toc.path, item.file_span, old, new, "the one page of this name", "path")
    return Fix(SAFE if right.is_sure else UNSAFE, f"Write {new}", (edit,))


def _text(span: Span, contents: _Contents) -> str:
    return contents.document.text[span.start : span.end]


# --- titles -------------------------------------------------------------------------------------


def _titles(contents: _Contents) -> Iterator[Finding]:
    """A title with another number than the page's, or with another name than an entry's page has."""
    for one in contents.listed:
        if one.page is None or one.item.title_span is None:
            continue
        title, heading = parse_heading(one.item.title), read_heading(contents.view.tree, one.page)
        number = one.entry.number if one.entry else heading.number if heading else None
        if title.number is not None and number is not None and title.number != number:
            yield _wrong_number(one, title.number, number, contents)
        elif one.entry and heading and heading.title and not _alike(title, heading, one.entry):
            message = f"listed as {title.title!r}, but the page is called {heading.title!r}"
            because = f"the first heading of {one.page}"
            yield at(_CODE, contents.toc.path, one.item.title_span, message, because, target=one.entry.id)


def _wrong_number(one: Listed, said: int, number: int, contents: _Contents) -> Finding:
    span = one.item.title_span or one.item.file_span
    found = next((f for f in _DIGITS.finditer(_text(span, contents)) if int(f[0]) == said), None)
    where = Span(span.start + found.start(), span.start + found.end()) if found else span
    edit = Edit(
        contents.toc.path,
        where,
        _text(where, contents),
        pad(number, _text(where, contents)),
        "the number of its page",
        "number",
    )
    fix = Fix(UNSAFE, f"Write {edit.new}", (edit,)) if found else None
    target = one.entry.id if one.entry else ""
    message = f"listed with the number {said}, but {one.page} has {number}"
    return at(_CODE, contents.toc.path, where, message, "the number of the page", fix=fix, target=target)


def _alike(title: Heading, heading: Heading, entry: Entry) -> bool:
    """Tell whether two titles may be one: equal, one begins with the other, or a word in common."""
    one, other = same(title.title), same(heading.title)
    if not one or not other or one.startswith(other) or other.startswith(one):
        return True
    shared = stems(title.title) & stems(heading.title)
    return bool(shared) or not (stems(title.title) and stems(heading.title)) or same(entry.slug) in one


# --- order and captions -------------------------------------------------------------------------


def _order(contents: _Contents) -> Iterator[Finding]:
    """In each part, entries come with ascending numbers."""
    last: dict[str, Entry] = {}
    for one in contents.listed:
        if one.entry is None:
            continue
        before = last.get(one.item.part)
        if before and one.entry.number < before.number:
            message = f"{one.entry.id} is listed after {before.id}"
            yield at(
                _CODE,
                contents.toc.path,
                one.item.file_span,
                message,
                "their numbers say the other order",
                target=one.entry.id,
            )
        last[one.item.part] = one.entry


def _captions(contents: _Contents) -> Iterator[Finding]:
    """A caption's range is that of the entries below it."""
    for part in contents.toc.parts:
        tier = parse_tier(part.caption)
        numbers = [one.entry.number for one in contents.listed if one.entry and one.item.part == part.caption]
        if tier and numbers and (tier.first, tier.last) != (min(numbers), max(numbers)):
            yield _wrong_caption(part, tier, (min(numbers), max(numbers)), contents)


def _wrong_caption(part: TocPart, tier: Tier, is_now: tuple[int, int], contents: _Contents) -> Finding:
    ends = list(_DIGITS.finditer(_text(part.span, contents)))[-2:]
    message = f"the caption says {tier.first}-{tier.last}, but the part holds {is_now[0]}-{is_now[1]}"
    edits = []
    for found, number in zip(ends, is_now, strict=False):
        span = Span(part.span.start + found.start(), part.span.start + found.end())
        if int(found[0]) != number:
            new = pad(number, found[0]) if found[0].startswith("0") else pad(number, ends[0][0])
            edits.append(Edit(contents.toc.path, span, found[0], new, "the entries of the part", "set"))
    fix = Fix(UNSAFE, f"Write {is_now[0]}-{is_now[1]}", tuple(edits)) if len(ends) == 2 else None
    return at(_CODE, contents.toc.path, part.span, message, "the pages listed in this part", fix=fix)


def _missing_pages(contents: _Contents) -> Iterator[Finding]:
    """Pages of entries that are not listed, in places most of whose pages are."""
    listed = {one.page for one in contents.listed}
    everywhere = {contents.paths.found(item.path, ("",)) for toc in contents.view.tocs for item in toc.entries}
    for pages in _by_place(contents).values():
        there = [page for page in pages if page in listed]
        if len(there) < _LISTED or 2 * len(there) < len(pages):
            continue
        for page in pages:
            if page not in everywhere:
                entry = contents.pages[page]
                where = _neighbour(entry, contents)
                yield at(
                    _CODE, contents.toc.path, where, f"{page} is not listed", f"the page of {entry.id}", target=entry.id
                )


def _by_place(contents: _Contents) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in contents.view.series.entries:
        for home in entry.homes:
            if home.path in contents.pages:
                found[home.place.root, home.place.suffix].append(home.path)
    return found


def _neighbour(entry: Entry, contents: _Contents) -> Span:
    """Where the entry before is listed; else the table of contents as a whole."""
    before = [one for one in contents.listed if one.entry and one.entry.number < entry.number]
    return max(before, key=_number).item.file_span if before else Span(0, 0)


def _number(one: Listed) -> int:
    return one.entry.number if one.entry else -1


def _toc(*lines: str) -> str:
    return "\n".join(
        ("format: jb-book", "root: intro", "parts:", "- caption: Ground (01-03)", "  chapters:", *lines, "")
    )


_LINES = (
    "  - file: chapters/01-soil\n    title: 01. Soil",
    "  - file: chapters/02-seeds\n    title: 02. Seeds",
    "  - file: chapters/03-water\n    title: 03. Water",
)
_TREE = {
    "book/_toc.yml": _toc(*_LINES),
    "book/intro.md": "# Garden\n",
    "book/chapters/01-soil.md": "# 1. Soil\n",
    "book/chapters/02-seeds.md": "# 2. Seeds\n",
    "book/chapters/03-water.md": "# 3. Water and Rain\n",
}
_SUMMARY = "# Summary\n\n- [Soil](01-soil.md)\n- [Seeds](02-seeds.md)\n- [Water](03-water.md)\n"
_BOOK = {"src/01-soil.md": "# Soil\n", "src/02-seeds.md": "# Seeds\n", "src/03-water.md": "# Water\n"}


def _sphinx(*pages: str) -> dict[str, str]:
    lines = "\n".join(pages)
    return {"src/conf.py": "", "src/index.md": f"# Garden\n\n```{{toctree}}\n{lines}\n```\n"}


CHECK = Check(
    name=_CODE,
    summary="A table of contents disagrees with the pages.",
    why="The site is built from it: a page is lost, or found under a wrong name, number or place.",
    find=find,
    good=(_TREE, {**_BOOK, "src/SUMMARY.md": _SUMMARY}, {**_BOOK, **_sphinx("01-soil", "02-seeds", "03-water")}),
    bad=(
        {**_TREE, "book/_toc.yml": _toc(*_LINES, "  - file: chapters/04-light")},
        {**_TREE, "book/_toc.yml": _toc(*_LINES).replace("02. Seeds", "04. Seeds")},
        {**_TREE, "book/_toc.yml": _toc(*_LINES).replace("02. Seeds", "02. Weather")},
        {**_TREE, "book/_toc.yml": _toc(_LINES[1], _LINES[0], _LINES[2])},
        {**_TREE, "book/_toc.yml": _toc(*_LINES).replace("01-03", "01-04")},
        {**_TREE, "book/chapters/04-light.md": "# 4. Light\n"},
        {**_BOOK, "src/SUMMARY.md": _SUMMARY.replace("02-seeds.md", "02-flowers.md")},
        {**_BOOK, **_sphinx("01-soil", "03-water", "02-seeds")},
    ),
)
