"""Where a written path leads: to a file of the tree, to nothing, or to something that is none of our business.

Looks paths up and spells them; opens no page and reports nothing.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from refactor.errors import RefactorError
from refactor.lint import View
from refactor.model import Document, Zone, ZoneKind
from refactor.naming import Id, parse_id, same, split_suffix
from refactor.outside import describes_past
from refactor.places import PAGES, is_frozen
from refactor.toc import Toc
from refactor.tree import matcher

K = TypeVar("K")

# What the page of a folder is called.
_FRONT = tuple(name + suffix for name in ("README", "index", "_index") for suffix in PAGES)
_LINKING = frozenset({"markdown", "html", "notebook", "python"})
_SERVED = ("static", "public")  # what generators serve from the site's root

_PLACEHOLDER = re.compile(
    r"[{}<>$*|%?=,;\\^\[\]\"'`\s]|\.\.\.|…|(?i:(?:^|/)(?:your|my|path|name|foo|bar)(?=$|[/_.-]))"
    r"|(?:^|[/_.-])(?:N+|X+|Y+)(?=$|[/_.-])"
)
_ELSEWHERE = re.compile(r"\(?[A-Za-z][\w+.-]*:|//|[#~@]|[^/@]+@[^/@]+$")
# Folders that tools fill; what lies in them is not in the tree, and is not missing either.
MADE = frozenset(
    "_build build dist site _site public target out output outputs tmp temp node_modules venv .venv env .env __pycache__ "
    ".git .cache .tox coverage htmlcov logs".split()
)
_COMMON = frozenset({"readme", "index", "_index", "__init__", "license", "makefile", "setup", "main", "conftest"})
_INDEX = "index.html"
_UNCLEAR = frozenset({"", ".", "..", _INDEX})
_FEW_BASES = 4  # so many folders are tried before anybody looks whether there is such a path at all
_FEWEST = 3  # numbered children that show how entries are written in a folder


def is_ours(target: str) -> bool:
    """Tell whether a target may be a path of this tree: no address, no placeholder, no folder that tools fill."""
    if not target or _ELSEWHERE.match(target) or _PLACEHOLDER.search(target):
        return False
    return MADE.isdisjoint(target.split("/"))


def link_targets(document: Document) -> Iterator[Zone]:
    """The targets of links in a document. Python has them in Markdown cells alone, and most of it has no such cells."""
    if document.format.name not in _LINKING:
        return
    if document.format.name == "python" and not any(mark in document.view for mark in ("[markdown]", "[md]")):
        return
    yield from (zone for zone in document.zones if zone.kind is ZoneKind.LINK_TARGET)


@dataclass(frozen=True, slots=True)
class Right:
    """Where a broken path should lead; `is_sure` if the slug of an entry decides it."""

    path: str
    is_sure: bool


@dataclass(frozen=True, eq=False)
class Paths:
    """Look-ups of written paths over one view."""

    view: View

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The folders that the pages of a book count from: those of its tables of contents."""
        return tuple(sorted(source_folders(self.view.tocs)))

    @cached_property
    def numbered(self) -> dict[str, dict[str, bool]]:
        """The folders where entries live, with the prefixes that ids have there, and whether all of them go on."""
        seen: Counter[tuple[str, str]] = Counter()
        bare: set[tuple[str, str]] = set()
        for path in {*self.view.tree.paths, *self.view.tree.folders}:
            folder, _, name = path.rpartition("/")
            if found := parse_id(split_suffix(name)[0]):
                seen[folder, found.prefix] += 1
                bare.update(() if found.slug or found.section else [(folder, found.prefix)])
        found_in: dict[str, dict[str, bool]] = defaultdict(dict)
        for (folder, prefix), count in seen.items():
            if count >= _FEWEST:
                found_in[folder][prefix] = (folder, prefix) not in bare
        return found_in

    def is_entry_like(self, folder: str, name: str) -> bool:
        """Tell whether a name is written as the numbered things of a folder are."""
        found = parse_id(split_suffix(name)[0])
        if found is None or found.prefix not in self.numbered.get(folder, {}):
            return False
        return bool(found.slug or found.section) or not self.numbered[folder][found.prefix]

    def is_entry_like_below(self, folder: str, name: str) -> bool:
        """The same for the folders inside it, which people leave out: `modules/02_seeds` for `modules/source/02_seeds`."""
        inside = (one for one in self.view.tree.children(folder) if folder and one in self.numbered)
        return any(self.is_entry_like(one, name) for one in inside)

    # --- what is there --------------------------------------------------------------------------

    def bases(self, page: str, target: str) -> tuple[str, ...]:
        """The folders that a link on a page may count from, the nearest first."""
        if target.startswith("/"):
            return ("", *self.sources, *(posixpath.join(s, one) for s in ("", *self.sources) for one in _SERVED))
        return tuple(dict.fromkeys((posixpath.dirname(page), "", *self.sources)))

    def found(self, target: str, bases: Iterable[str]) -> str | None:
        """The file or folder of the tree that a target leads to from one of the folders, or None."""
        bases = tuple(bases)
        if len(bases) > _FEW_BASES and self._leads_nowhere(target):
            return None
        joined = (_join(base, target) for base in bases)
        return next((path for one in joined if one is not None and (path := self._page(one)) is not None), None)

    def _page(self, path: str) -> str | None:
        """The path itself, or the page that a site shows under it."""
        tree = self.view.tree
        if not path or tree.exists(path):
            return path
        if posixpath.basename(path) == _INDEX:
            folder = posixpath.dirname(path)
            return next((p for name in _FRONT if tree.exists(p := posixpath.join(folder, name))), None)
        return next((form for form in _forms(path) if form in tree.paths), None)

    def _leads_nowhere(self, target: str) -> bool:
        """Tell quickly that a target leads nowhere from any folder; one with dots in its way only a folder can tell."""
        path = target.strip("/")
        if not _UNCLEAR.isdisjoint(path.split("/")):
            return False
        return not any(self.view.tree.exists(form) or self.is_end(form) for form in (path, *_forms(path)))

    def is_end(self, path: str) -> bool:
        """Tell whether some path of the tree ends in this one."""
        return path in self._ends

    @cached_property
    def _ends(self) -> frozenset[str]:
        paths = (path.split("/") for path in (*self.view.tree.paths, *self.view.tree.folders))
        return frozenset("/".join(parts[at:]) for parts in paths for at in range(1, len(parts)))

    def is_stem(self, path: str) -> bool:
        """Tell whether a file of the tree is called so but for its suffix, as text may call a picture: `images/01-beds`."""
        return path in self._stems

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(posixpath.splitext(path)[0] for path in self.view.tree.paths)

    def missing(self, path: str) -> tuple[str, str]:
        """The folder that is there, and the name in it that is not: how far a path leads."""
        folder = ""
        for name in path.split("/"):
            if not self.view.tree.exists(step := posixpath.join(folder, name)):
                return folder, name
            folder = step
        return folder, ""

    # --- what is not meant to be there ----------------------------------------------------------

    def is_ignored(self, path: str) -> bool:
        """Tell whether git would ignore a path, as a file or as a folder."""
        return self._ignore(path) or self._ignore(path + "/")

    @cached_property
    def _ignore(self) -> Callable[[str], bool]:
        paths = [path for path in self.view.tree.files if path.rpartition("/")[2] == ".gitignore"]
        found = [document for path in paths if (document := self.view.documents.get(path))]
        globs = [glob for one in found for glob in _globs(one.text, one.path.rpartition("/")[0])]
        try:
            return matcher(globs)
        except RefactorError:  # git skips what it cannot read
            return lambda _path: False

    # --- what is meant --------------------------------------------------------------------------

    def right(self, path: str) -> Right | None:
        """Where a path that leads nowhere should lead: to the one thing of that name or slug."""
        parts = path.split("/")
        for at in reversed(range(len(parts))):
            rest = parts[at + 1 :]
            whole = ["/".join([one, *rest]) for one in self._named(parts[at])]
            there = [one for one in whole if self._page(one) == one]
            near = [one for one in there if _in_order(parts[:at], one.split("/"))]
            far = there if parse_id(split_suffix(parts[at])[0]) is None and "." in parts[at] else []
            if len(pool := near or far) == 1:
                return Right(pool[0], self._is_decided(parts, pool[0]))
            if there:
                break
        return self._alike(path)

    def _alike(self, path: str) -> Right | None:
        """The one path with the same number whose words are more, or fewer: `02_soil` for `02_soil_in_spring`."""
        folder, name = self.missing(path)
        rest = path.removeprefix(posixpath.join(folder, name))
        said = parse_id(split_suffix(name)[0])
        alike = (one for one in self.view.tree.children(folder) if said and _is_alike(said, posixpath.basename(one)))
        there = [one + rest for one in alike if self.view.tree.exists((one + rest).rstrip("/"))]
        return Right(there[0], is_sure=False) if len(there) == 1 else None

    def _named(self, name: str) -> tuple[str, ...]:
        stem, suffix = split_suffix(name)
        if stem.casefold() in _COMMON or not stem:
            return ()
        found = parse_id(stem)
        slug = found.slug if found else stem
        kind = ".md" if suffix in PAGES else suffix
        return self._by_name.get(name, ()) or (self._by_slug.get((same(slug), kind), ()) if slug else ())

    def _is_decided(self, parts: list[str], path: str) -> bool:
        """Tell whether one of the names carries the slug of the entry in whose home the path lies."""
        ids = (parse_id(split_suffix(name)[0]) for name in parts)
        slugs = {same(one.slug) for one in ids if one and one.slug}
        return any(same(entry.slug) in slugs for entry in self.view.words.home_of(path))

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        return _grouped((path.rpartition("/")[2], path) for path in self._today)

    @cached_property
    def _by_slug(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Numbered paths by their slug and suffix; all kinds of page are one."""
        pairs = []
        for path in self._today:
            stem, suffix = split_suffix(path.rpartition("/")[2])
            found = parse_id(stem)
            if found and found.slug:
                pairs.append(((same(found.slug), ".md" if suffix in PAGES else suffix), path))
        return _grouped(pairs)

    @cached_property
    def _today(self) -> tuple[str, ...]:
        every = (*self.view.tree.paths, *self.view.tree.folders)
        return tuple(sorted(path for path in every if not is_frozen(path) and not describes_past(path)))


def _is_alike(said: Id, name: str) -> bool:
    found = parse_id(split_suffix(name)[0])
    if found is None or (found.prefix, found.number, found.letter) != (said.prefix, said.number, said.letter):
        return False
    ours, theirs = (frozenset(re.split(r"[_\W]+", one.slug.casefold())) - {""} for one in (said, found))
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def source_folders(tocs: Iterable[Toc]) -> frozenset[str]:
    """The folders that the paths in tables of contents may count from, without those of older editions."""
    found: set[str] = set()
    for toc in tocs:
        if not is_frozen(toc.path):
            folders = [posixpath.dirname(entry.path) for entry in toc.entries]
            found |= {posixpath.dirname(toc.path), posixpath.commonpath(folders)}
    return frozenset(found)


def unquoted(target: str) -> str:
    """A target as its file or anchor is called: `%20` is a blank."""
    from urllib.parse import unquote

    return unquote(target) if "%" in target else target


def _forms(path: str) -> list[str]:
    """What the page is called in the tree that a site shows under a path."""
    stem, suffix = posixpath.splitext(path)
    return [*(stem + other for other in PAGES if suffix == ".html"), *(path + other for other in PAGES)]


def _join(base: str, target: str) -> str | None:
    """A path from the root, or None if it leaves the tree."""
    path = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
    return None if path.startswith("../") or path == ".." else path.removeprefix("./") if path != "." else ""


def _in_order(names: list[str], among: list[str]) -> bool:
    """Tell whether all names stand among others in the same order."""
    rest = iter(among)
    return all(name in rest for name in names)


def _globs(text: str, folder: str) -> Iterator[str]:
    """The globs of a .gitignore as they read from the root."""
    for line in text.splitlines():
        glob = line.strip()
        if not glob or glob.startswith("#"):
            continue
        sign, glob = ("!", glob[1:]) if glob.startswith("!") else ("", glob)
        anywhere = "/" not in glob.rstrip("/")
        yield sign + (f"{folder}/{'**/' if anywhere else ''}{glob.lstrip('/')}" if folder else glob)


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, tuple[str, ...]]:
    found: dict[K, list[str]] = defaultdict(list)
    for key, path in pairs:
        found[key].append(path)
    return {key: tuple(paths) for key, paths in found.items()}
