"""Paths and links to files that are not there: in links, prose, code, commands and drawn trees.

A link target is a path by its nature. Elsewhere only what leads to where entries live is taken for one.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from refactor.checks._drawn import Drawn, drawn
from refactor.checks._homes import live
from refactor.checks._paths import MADE, Paths, is_ours, link_targets, unquoted
from refactor.checks._plans import is_copy, is_plan
from refactor.index import address_before
from refactor.lint import SAFE, UNSAFE, Check, View, at
from refactor.model import Document, Edit, Finding, Fix, Reference, Verdict, ZoneKind
from refactor.naming import parse_id, same, split_suffix
from refactor.places import PAGES
from refactor.respell import as_named_today
from refactor.spans import Span, splice

_CODE = "broken-path"
_NO_PATHS = frozenset({ZoneKind.CODE, ZoneKind.IMPORT, ZoneKind.OUTPUT, ZoneKind.LINK_TARGET})
_AFTER = re.compile(r"[\w./~@-]*")
_NUMBERED = re.compile(r"/(?:[A-Za-z][A-Za-z_.-]{0,30})?\d{1,3}[a-z]?(?![0-9A-Za-z])")
# Whose number it is stands there, and the number does not: `modules/XX_soil/`.
_UNFILLED = re.compile(r"(?<![^/])(?:N{2,3}|X{2,3})(?=[_-][a-z])")
_LEADING = re.compile(r"(?:\.{1,2}/)*")
_OPEN = re.compile(r"[{$*%\\]|[<\[](?!/)")  # behind a path: it goes on with something that is filled in
# An address in a repository on the branch that readers get; `blob/v1.0/` or a commit keeps what was there.
_HOSTED = re.compile(
    r"(?:github(?:usercontent)?(?:\.com)?|gitlab\.com|/gh)/(?P<repository>[\w.-]{1,100}/[\w.-]{1,100}?)(?:/-)?"
    r"/(?:(?:blob|tree|raw|edit)/)?(?:main|master|HEAD)(?:/|\?(?:file|lab|url)path=)(?P<path>[\w./~%+-]++)(?![{$<\[(])"
)
# What a command makes, or a reader is told to make, is not there yet.
_MAKES = (
    "mkdir ",
    "touch ",
    "mv ",
    "cp ",
    "ln ",
    "rename ",
    "clone ",
    "tee ",
    "create ",
    "Create ",
    "add ",
    "Add ",
    "> ",
)
_REACH = 300  # characters of a line behind such a word in which a path may stand


@dataclass(frozen=True, slots=True)
class Written:
    """A path as it is written, the folder that it counts from, and the path from the root that this gives."""

    document: Document
    span: Span
    base: str
    path: str

    @property
    def text(self) -> str:
        """The path as it stands in the document."""
        return self.document.text[self.span.start : self.span.end]

    @property
    def is_filled(self) -> bool:
        """Whether all of it is there, and no number is left to the reader."""
        return _UNFILLED.search(self.text) is None


def find(view: View) -> Iterator[Finding]:
    """Yield every path that leads nowhere, once."""
    paths = Paths(view)
    contents, is_live = {toc.path for toc in view.tocs}, live(view)
    for document in view.asked.values():
        if document.path in contents or is_copy(document.path) or not is_live(document.path):
            continue
        starts = [reference.claim.span.start for reference in view.by_path.get(document.path, ())]
        for written in _written(document, paths):
            if finding := _judged(written, _inside(written, starts, view), paths):
                yield finding


def _written(document: Document, paths: Paths) -> Iterator[Written]:
    yield from _links(document, paths)
    yield from _hosted(document, paths)
    if not is_plan(document.path):
        yield from _plain(document, paths)
        yield from _in_drawings(document, paths)


# --- links --------------------------------------------------------------------------------------


def _links(document: Document, paths: Paths) -> Iterator[Written]:
    """Link targets that lead nowhere, whatever folder they may count from."""
    for zone in link_targets(document):
        if written := _link(document, zone.span, paths):
            yield written


def _link(document: Document, span: Span, paths: Paths) -> Written | None:
    raw = document.view[span.start : span.end]
    target = re.split(r"[#?]", raw, maxsplit=1)[0]
    if not is_ours(unquoted(target)):
        return None
    bases = paths.bases(document.path, target)
    if paths.found(unquoted(target), bases) is not None:
        return None
    base = bases[0]
    path = posixpath.normpath(posixpath.join(base, unquoted(target).lstrip("/")))
    if document.format.name == "html" and _leaves_site(path, document.path, paths):
        return None
    if path.startswith("..") or not _is_expected(target, path, paths):
        return None
    return Written(document, Span(span.start, span.start + len(target)), base, path)


def _leaves_site(path: str, page: str, paths: Paths) -> bool:
    """What HTML reaches outside its site depends on where that is put: other books may be beside it there."""
    # A build may put the pages together somewhere else first: `build/en/docs` is made of `en/docs`.
    sites = (one.partition("/")[2] if one.partition("/")[0] in MADE else one for one in paths.sources)
    site = max((one for one in sites if page.startswith(f"{one}/")), key=len, default="")
    return bool(site) and not path.startswith(f"{site}/")


def _is_expected(target: str, path: str, paths: Paths) -> bool:
    """A page that a site makes, or a name without suffix, must at least have its folder in the tree."""
    name = posixpath.basename(target.rstrip("/"))
    suffix = posixpath.splitext(name)[1]
    if "/" not in target and not suffix:
        return name.isupper()
    if suffix not in {"", ".html", ".htm"} and not target.startswith("/"):
        return True
    folder = posixpath.dirname(path)
    return paths.view.tree.exists(folder) if folder else not target.startswith("/")


def _hosted(document: Document, paths: Paths) -> Iterator[Written]:
    """Paths in addresses of this repository on a code host, and where notebooks are run from it."""
    own = paths.view.words.repository
    for found in _HOSTED.finditer(document.view) if own and "://" in document.view else ():
        written = found["path"].rstrip(".-~/")
        path = unquoted(written).lstrip("/")
        if found["repository"].casefold() == own and is_ours(path) and not paths.view.tree.exists(path):
            yield Written(document, Span(found.start("path"), found.start("path") + len(written)), "", path)


# --- paths anywhere else ------------------------------------------------------------------------


def _plain(document: Document, paths: Paths) -> Iterator[Written]:
    """Paths in prose, code spans, strings and commands that lead to where entries live, and find nothing there."""
    done, made = -1, None
    for offset in sorted(_spots(document, paths)):
        if offset < done:
            continue
        token = _token(document.view, offset)
        done = token.end
        written = _as_path(document, token, paths)
        if written is None:
            continue
        made = _made(document.view) if made is None else made
        if paths.missing(written.path)[1] not in made:
            yield written


def _spots(document: Document, paths: Paths) -> Iterator[int]:
    """Where the path of an entry may be: behind a slash before a number, and at every id of the series."""
    yield from (found.start() for found in _NUMBERED.finditer(document.view))
    yield from (found.start() for found in _UNFILLED.finditer(document.view))
    for reference in paths.view.by_path.get(document.path, ()):
        if reference.claim.kind == "slug":
            yield reference.claim.span.start


def _token(view: str, offset: int) -> Span:
    """The run of path characters around an offset, without the full stop of a sentence."""
    start = offset
    while start and (view[start - 1].isalnum() or view[start - 1] in "_./~@-"):
        start -= 1
    found = _AFTER.match(view, offset)
    end = found.end() if found else offset
    return Span(start, start + len(view[start:end].rstrip(".-@~")))


def _as_path(document: Document, token: Span, paths: Paths) -> Written | None:
    """The path of a token if it leads to where entries live and nothing is there."""
    view = document.view
    text = view[token.start : token.end]
    lead = _LEADING.match(text)
    rest = text[lead.end() if lead else 0 :]
    filled = _UNFILLED.sub("0", rest)
    if "/" not in rest.strip("/") or rest.startswith("/") or not is_ours(filled) or _is_filled_in(view, token):
        return None
    if document.zone_at(token.start).kind in _NO_PATHS or address_before(view, token.start):
        return None
    path = filled.rstrip("/")
    bases = _folders_up(document.path, paths)
    if paths.is_end(path) or paths.found(path, reversed(bases)) is not None:  # those around the page are likeliest
        return None
    base = next((one for one in bases if _starts_in(one, path, paths)), None)
    if base is None:
        return None
    whole = posixpath.normpath(posixpath.join(base, path))
    if paths.is_stem(whole):
        return None
    written = Written(document, Span(token.end - len(rest), token.end), base, whole)
    return written if _is_home(whole, paths) and (written.is_filled or _is_sure(whole, paths)) else None


def _is_sure(path: str, paths: Paths) -> bool:
    right = paths.right(path)
    return right is not None and right.is_sure


def _is_filled_in(view: str, token: Span) -> bool:
    return view[token.start - 1 : token.start] in {"}", "$", "*", "%", "\\"} or _OPEN.match(view, token.end) is not None


def _folders_up(page: str, paths: Paths) -> tuple[str, ...]:
    """The root, the book's folder, and the folders that a page lies in."""
    folders = [page]
    while folders[-1]:
        folders.append(folders[-1].rpartition("/")[0])
    return tuple(dict.fromkeys(("", *paths.sources, *folders[1:])))


def _starts_in(base: str, path: str, paths: Paths) -> bool:
    return paths.view.tree.exists(posixpath.join(base, path.partition("/")[0]))


def _is_home(path: str, paths: Paths) -> bool:
    """Tell whether what is missing would be an entry's, a file in an entry's folder, or an entry that lives elsewhere."""
    folder, name = paths.missing(path)
    if paths.is_entry_like(folder, name) or paths.is_entry_like_below(folder, name):
        return True
    if _slug(name) in paths.view.words.by_slug and paths.right(path) is not None:
        return True
    return bool(folder and paths.view.words.home_of(folder)) and bool(posixpath.splitext(path)[1])


def _slug(name: str) -> str:
    found = parse_id(split_suffix(name)[0])
    return same(found.slug) if found else ""


def _made(view: str) -> str:
    """What stands on the lines of a text behind a word that makes something."""
    found = []
    for word in _MAKES:
        position = view.find(word)
        while position >= 0:
            if not view[position - 1 : position].isalnum() and view[position - 1 : position] not in {"-", "="}:
                found.append(view[position : position + _REACH].partition("\n")[0])
            position = view.find(word, position + len(word))
    return "\n".join(found)


# --- drawings -----------------------------------------------------------------------------------


def _in_drawings(document: Document, paths: Paths) -> Iterator[Written]:
    """Names of entries in drawn trees, in folders of this tree that have no such entry."""
    for one in drawn(document.view):
        if is_ours(one.name) and (folder := _folder_of(one, document, paths)) is not None:
            path = posixpath.join(folder, one.name)
            if paths.is_entry_like(folder, one.name) and not paths.view.tree.exists(path):
                yield Written(document, one.span, folder, path)


def _folder_of(one: Drawn, document: Document, paths: Paths) -> str | None:
    """The folder of the tree that a drawing says a name lies in; the label on top may be the tree's own name."""
    inside = "/".join(one.above)
    tops = [posixpath.join(base, one.top) for base in _folders_up(document.path, paths)] if one.top else []
    whole = (posixpath.normpath(posixpath.join(top, inside)) for top in (*tops, ""))
    return next((folder for folder in whole if folder != "." and paths.view.tree.exists(folder)), None)


# --- findings -----------------------------------------------------------------------------------


def _inside(written: Written, starts: list[int], view: View) -> list[Reference]:
    """The mentions of entries in a path; `starts` are the offsets of all mentions of its document."""
    first, last = bisect_left(starts, written.span.start), bisect_left(starts, written.span.end)
    return [
        one for one in view.by_path.get(written.document.path, ())[first:last] if one.claim.kind in {"slug", "stem"}
    ]


def _judged(written: Written, inside: list[Reference], paths: Paths) -> Finding | None:
    """The finding on a path that leads nowhere; none where the right number alone would mend it."""
    if paths.is_ignored(written.path):
        return None
    if any(one.verdict is Verdict.STALE and _is_mended(one, written, paths) for one in inside):
        return None
    folder, name = paths.missing(written.path)
    verdict = _verdict(inside, is_entry_like=paths.is_entry_like(folder, name)) if written.is_filled else Verdict.STALE
    because = f"{folder or 'the root'} holds no {name}" if written.is_filled else "its number was never filled in"
    fix = _fix(written, paths)
    hint = f", is it {fix.edits[0].new}?" if fix else ""
    message = f"{written.text} leads nowhere{hint}"
    return at(_CODE, written.document.path, written.span, message, because, fix=fix, verdict=verdict)


def _verdict(inside: list[Reference], *, is_entry_like: bool) -> Verdict:
    """What the path says of its entry: another series' numbers are foreign, whatever becomes of the path."""
    known = next((one.verdict for one in inside if one.targets), Verdict.STALE)
    return Verdict.FOREIGN if is_entry_like and not inside else known


def _is_mended(reference: Reference, written: Written, paths: Paths) -> bool:
    """Tell whether the path leads to something once the id in it has the number of today."""
    if len({entry.key for entry in reference.targets}) != 1:
        return True
    start = written.span.start
    edits = [edit for edit in as_named_today(reference, written.document) if written.span.holds(edit.span)]
    moved = [(Span(edit.span.start - start, edit.span.end - start), edit.old, edit.new) for edit in edits]
    target = splice(written.text, moved).rstrip("/")
    bases = dict.fromkeys((written.base, *_folders_up(written.document.path, paths)))
    return paths.found(target, bases) is not None


def _fix(written: Written, paths: Paths) -> Fix | None:
    """Write the path of the one thing that has this name or slug, in the manner of the old path."""
    right = paths.right(written.path)
    if right is None or " " in right.path:
        return None
    new = _spelled(right.path, written)
    if new is None or new == written.text:
        return None
    edit = Edit(written.document.path, written.span, written.text, new, "the one file of this name", "path")
    return Fix(SAFE if right.is_sure else UNSAFE, f"Write {new}", (edit,))


def _spelled(path: str, written: Written) -> str | None:
    old = written.text
    suffix, wanted = posixpath.splitext(path)[1], posixpath.splitext(old.rstrip("/"))[1]
    if suffix in PAGES and wanted != suffix:
        if wanted not in {"", ".html"}:
            return None
        path = path.removesuffix(suffix) + wanted
    if posixpath.dirname(path) == posixpath.dirname(written.path):
        return (
            old[: len(old.rstrip("/")) - len(posixpath.basename(old.rstrip("/")))]
            + posixpath.basename(path)
            + "/" * old.endswith("/")
        )
    new = posixpath.relpath(path, written.base or ".")
    if old.startswith("/"):
        new = "/" + new
    elif old.startswith("./"):
        new = "./" + new
    return new + "/" * old.endswith("/")


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
    "docs/tools.md": "# Tools\n",
}

CHECK = Check(
    name=_CODE,
    summary="A path or a link leads to a file that is not there.",
    why="Whoever follows it, a reader or a script, finds nothing.",
    find=find,
    good=(
        {**_TREE, "README.md": "Read [tools](docs/tools.html), then `modules/02_seeds/README.md`.\n"},
        {
            **_TREE,
            "README.md": "Put your own work into `modules/NN_name/`; see https://example.org/modules/09_pests.\n",
        },
        {**_TREE, "README.md": "```\nmkdir modules/04_light\ncd modules/04_light\n```\n"},
        {**_TREE, **{f"plots/{n:02d}-bed.svg": f"<title>plots/{n:02d}-bed</title>" for n in range(1, 5)}},
    ),
    bad=(
        {**_TREE, "README.md": "Read [tools](docs/spades.md).\n"},
        {**_TREE, "README.md": "Read about `modules/04_light/README.md`.\n"},
        {**_TREE, "README.md": "```\nmodules/\n├── 01_soil/\n└── 04_light/\n```\n"},
        {**_TREE, "setup.py": 'LAST = "modules/04_light"\n'},
        {**_TREE, "README.md": "Read [tools][1].\n\n[1]: docs/spades.md\n"},
    ),
)
