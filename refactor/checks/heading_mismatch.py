"""Pages whose own first heading, or front matter title, gives another number than their file or folder has.

Judges only what a page says of itself; what it says of others is for the checks of mentions.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from refactor.checks._homes import live
from refactor.lint import SAFE, UNSAFE, Check, View, at
from refactor.model import Document, Edit, Entry, Finding, Fix, Reference, Scope, ZoneKind
from refactor.naming import pad, same, split_suffix
from refactor.places import noun_of
from refactor.respell import as_named_today
from refactor.spans import Span

_CODE = "heading-mismatch"
_PAGES = (".md", ".qmd", ".py", ".ipynb", ".markdown", ".mdx")
_NUMBERED = re.compile(
    r"[^\w\n]*(?:(?P<noun>[^\W\d_]+)[ \t]+#?)?(?P<number>\d{1,3})(?P<letter>[a-z]?)(?:[.-]\d{1,3}(?!\w))?"
    r"(?P<after>[ \t]*(?:[.:)\-–—|]|$)|(?=[ \t]))"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A number in a heading or title of an entry's own page; `noun` is "" if it stands alone."""

    entry: Entry
    document: Document
    span: Span
    what: str
    noun: str

    @property
    def digits(self) -> str:
        """The number as it is written."""
        return self.document.text[self.span.start : self.span.end]

    @property
    def agrees(self) -> bool:
        """Whether it is the entry's number."""
        return int(self.digits) == self.entry.number

    @property
    def custom(self) -> tuple[str, str]:
        """Files of one kind number their headings in one way."""
        return self.what, posixpath.splitext(self.document.path)[1]


def find(view: View) -> Iterator[Finding]:
    """Yield every heading and title with a number that is not its entry's."""
    customs = _Customs(view)
    for entry, path in _own_pages(view):
        if path in view.asked:
            for said in _numbers(entry, view.asked[path], view):
                # "1. Introduction" counts sections, unless most pages write their own number like that.
                if not said.agrees and (said.noun or customs.most[said.custom] > 0):
                    yield _finding(said, view)


@dataclass(frozen=True, eq=False)
class _Customs:
    """How pages write numbers that stand alone; all pages are read for it, if it is asked."""

    view: View

    @cached_property
    def most(self) -> Counter[tuple[str, str]]:
        """How many more pages agree with their home than do not."""
        found: Counter[tuple[str, str]] = Counter()
        for entry, path in _own_pages(self.view):
            if document := self.view.documents.get(path):
                for said in _numbers(entry, document, self.view):
                    found[said.custom] += 0 if said.noun else 1 if said.agrees else -1
        return found


def _own_pages(view: View) -> Iterator[tuple[Entry, str]]:
    """The paths that speak for an entry: its pages, and in its folders what carries its slug, and the README."""
    is_live = live(view)
    for entry in view.series.entries:
        for home in entry.homes:
            paths = view.tree.children(home.path) if home.place.folder else (home.path,)
            for path in paths if home.place.scope is Scope.LIVE else ():
                is_page = path.endswith(_PAGES) and is_live(path)
                if is_page and (not home.place.folder or _speaks_for(path, entry)):
                    yield entry, path


def _speaks_for(path: str, entry: Entry) -> bool:
    stem = split_suffix(path.rpartition("/")[2])[0]
    return stem.lower() in {"readme", "index"} or (bool(entry.slug) and same(entry.slug) in same(stem))


def _numbers(entry: Entry, document: Document, view: View) -> Iterator[Said]:
    """The number in the first heading of a page, and in the title of its front matter."""
    heading = next((zone for zone in document.zones if zone.kind is ZoneKind.HEADING and zone.detail == "1"), None)
    title = next((zone for zone in document.zones if zone.kind is ZoneKind.VALUE and zone.detail == "title"), None)
    for zone, what in ((heading, "heading"), (title, "title")):
        found = _NUMBERED.match(document.view, zone.span.start, zone.span.end) if zone else None
        if found and (noun := _noun(found, view)) is not None:
            yield Said(entry, document, Span(*found.span("number")), what, noun)


def _noun(found: re.Match[str], view: View) -> str | None:
    """The noun before a number, "" if it needs none; None if the number counts something else."""
    if found["noun"]:
        return found["noun"] if noun_of(found["noun"]) in view.series.nouns else None
    return "" if found["after"].strip() or found["number"].startswith("0") else None


def _finding(said: Said, view: View) -> Finding:
    message = f"the {said.what} says {said.digits}, but this is {said.entry.id}"
    because = f"{said.document.path} belongs to {said.entry.id}"
    fix = _fix(said, view)
    return at(_CODE, said.document.path, said.span, message, because, fix=fix, target=said.entry.id)


def _fix(said: Said, view: View) -> Fix | None:
    """Sure where the name beside the number is the entry's; none where it is another's."""
    beside = next((one for one in view.by_path.get(said.document.path, ()) if _is_of(one, said)), None)
    named = beside is not None and len(beside.claim.parts) > 1 and bool(beside.targets)
    message = f"Write the number of {said.entry.id}"
    if beside and named and all(one.key == said.entry.key for one in beside.targets):
        edits = as_named_today(beside, said.document)
        return Fix(SAFE, message, tuple(edits)) if edits else None
    if named:
        return None
    edit = Edit(
        said.document.path,
        said.span,
        said.digits,
        pad(said.entry.number, said.digits),
        "the number of its home",
        "number",
    )
    return Fix(UNSAFE, message, (edit,))


def _is_of(reference: Reference, said: Said) -> bool:
    return any(part.role == "number" and part.span == said.span for part in reference.claim.parts)


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
}

CHECK = Check(
    name=_CODE,
    summary="A page's own heading gives another number than its file or folder.",
    why="One of the two is wrong, and every reader takes the other for the number.",
    find=find,
    good=(
        _TREE,
        {**_TREE, "modules/02_seeds/README.md": "# Seeds\n\n## Week 5: Sowing\n"},
        {**_TREE, "modules/02_seeds/README.md": "# 1. Introduction\n"},
    ),
    bad=(
        {**_TREE, "modules/02_seeds/README.md": "# Module 5: Seeds\n"},
        {**_TREE, "modules/02_seeds/seeds_dev.py": "# %% [markdown]\n# # Module 4: How to Sow\n"},
        {**_TREE, "modules/02_seeds/README.md": '---\ntitle: "Module 7: Sowing"\n---\n# Sowing\n'},
    ),
)
