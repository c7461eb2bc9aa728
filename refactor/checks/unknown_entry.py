"""Mentions of entries that this tree does not have: ids, names and numbers of nobody."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from refactor.checks._homes import numbered_homes
from refactor.checks._plans import is_plan
from refactor.lint import Check, View, of_reference
from refactor.model import Document, Finding, Reference, Verdict
from refactor.naming import parse_id, same, split_suffix
from refactor.resolve import NOBODYS

_SUFFIX = re.compile(r"\.[A-Za-z]\w{0,9}(?!\w|\.\w)")
_FOLDER = re.compile(r"(?<![\w./-])(?:\.{1,2}/)*(?:[\w.-]+/)*(?P<name>\w[\w.-]*)/$")


def find(view: View) -> Iterator[Finding]:
    """Yield ids with an unknown name, unknown names next to a number, and numbers that no entry has."""
    for reference in view.references:
        message = "" if is_plan(reference.path) else _message(reference)
        if message and not _is_elsewhere(reference, view):
            yield of_reference("unknown-entry", replace(reference, targets=(), verdict=Verdict.STALE), message)


def _message(reference: Reference) -> str:
    numbers = [part.text for part in reference.claim.parts if part.role == "number"]
    if any(part.role == "unknown" for part in reference.claim.parts) and reference.verdict is Verdict.FOREIGN:
        return f"no entry is called {reference.claim.parts[-1].text}"
    if reference.verdict is Verdict.AMBIGUOUS and reference.because.startswith("no entry is called"):
        return reference.because
    if reference.verdict is Verdict.STALE and reference.because == NOBODYS:
        return f"no entry has the number {', '.join(numbers)}"
    return ""


def _is_elsewhere(reference: Reference, view: View) -> bool:
    """An id that stands in the tree is that of another series; an address is that of another place."""
    document = view.documents[reference.path]
    written = document.text[reference.claim.span.start : reference.claim.span.end] + reference.claim.detail
    if written in view.words.components or not reference.because.startswith("no entry"):
        return True
    if _is_page(reference, view) or _is_made_there(reference, view):
        return True
    return reference.claim.kind == "slug" and _is_other_file(reference, document, view)


def _is_page(reference: Reference, view: View) -> bool:
    """A page beside those of entries, with this number and name: "Module 0: Introduction" for `00-introduction.md`."""
    number, name = reference.claim.parts[0].text, reference.claim.parts[-1].text
    return number.isdigit() and (int(number), same(name)) in _pages(view)


@lru_cache(maxsize=1)
def _pages(view: View) -> frozenset[tuple[int, str]]:
    beside = {(posixpath.dirname(home.path), home.place.prefix) for _, home in numbered_homes(view)}
    names = ((path.rpartition("/")[2], prefix) for folder, prefix in beside for path in view.tree.children(folder))
    ids = ((parse_id(split_suffix(name)[0]), prefix) for name, prefix in names)
    return frozenset((one.number, same(one.slug)) for one, prefix in ids if one and one.slug and one.prefix == prefix)


def _is_made_there(reference: Reference, view: View) -> bool:
    """What the entry of this number defines, as in "Module 2: Sprout" where its page has a `class Sprout`."""
    number, name = reference.claim.parts[0].text, reference.claim.parts[-1].text
    if not number.isdigit() or not name.isidentifier():
        return False
    definition = re.compile(rf"^[ \t]*(?:class|def)[ ]{name}\b", re.MULTILINE)
    entries = view.words.by_number.get(int(number), ())
    homes = tuple(f"{home.path}/" for entry in entries for home in entry.homes)
    sources = (view.documents.get(path) for path in _sources(view) if path.startswith(homes))
    return any(definition.search(one.view) for one in sources if one)


@lru_cache(maxsize=1)
def _sources(view: View) -> tuple[str, ...]:
    """The Python files of the tree, of which none is read for this."""
    return tuple(path for path in view.tree.files if path.endswith(".py"))


def _is_other_file(reference: Reference, document: Document, view: View) -> bool:
    """A file of a kind that no entry has (`models/03_best.pth`), or a path that leads where none lives (`data/10_x/`)."""
    end = reference.claim.span.end + len(reference.claim.detail)
    suffix = _SUFFIX.match(document.view, end)
    if suffix and suffix[0] not in _suffixes(view):
        return True
    before = _FOLDER.search(document.view, max(0, reference.claim.span.start - 100), reference.claim.span.start)
    return before is not None and parse_id(before["name"]) is None and before["name"] not in _folders(view)


@lru_cache(maxsize=1)
def _suffixes(view: View) -> frozenset[str]:
    """What the files of entries end in, here and on the site that is made of them."""
    return frozenset((".html", ".htm")) | frozenset(
        posixpath.splitext(path)[1] for path in view.tree.paths if view.words.home_of(path)
    )


@lru_cache(maxsize=1)
def _folders(view: View) -> frozenset[str]:
    """The names of all folders on the way to an entry, and in one."""
    paths = (path for path in view.tree.folders if view.words.home_of(path))
    homes = (home.path for entry in view.series.entries for home in entry.homes)
    return frozenset(name for path in (*paths, *homes) for name in path.split("/"))


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
}

CHECK = Check(
    name="unknown-entry",
    summary="A mention names an entry that does not exist.",
    why="It was right in an older numbering, or is a slip; whoever follows it finds nothing.",
    find=find,
    good=({**_TREE, "README.md": "Start with `modules/01_soil`, then Module 2: Seeds.\n"},),
    bad=(
        {**_TREE, "README.md": "Start with `modules/02_compost`.\n"},
        {**_TREE, "README.md": "Module 3: Harvest Festival\n"},
        {**_TREE, "README.md": "It goes on in Module 14.\n"},
    ),
)
