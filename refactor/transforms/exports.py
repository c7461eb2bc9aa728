"""Give exported modules new dotted paths: directives, package files, imports and mentions.

It plans edits and moves and writes nothing; the exported code itself is not made anew.
"""

from __future__ import annotations

import keyword
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from refactor.errors import RefactorError
from refactor.model import Document, Edit, Move, ZoneKind
from refactor.outside import describes_past
from refactor.spans import Span
from refactor.transforms import _nbdev
from refactor.transforms._nbdev import Directive, Package
from refactor.transforms.dotted import AFTER, BEFORE, ESCAPED, change, components, rename_dotted_text
from refactor.transforms.imports import rename_modules

MENTION = "dotted path of a renamed export"
SOURCES = (".py", ".ipynb")
# `a/b.py`, `Path("a") / "b.py"` and `os.path.join("a", "b.py")`.
_SEPARATOR = rf"""(?:/|{ESCAPED}?["']\)?\s*[/,]\s*{ESCAPED}?["'])"""
_PY = r"(?=\.py(?!\w|\.\w))"
_QUOTES = ("`", '"', "'")
_WORDLESS = {ZoneKind.CODE, ZoneKind.IMPORT, ZoneKind.DIRECTIVE}
_ALL = re.compile(r"\b__all__\s*(?:\+=|=|\.extend\()\s*[\[(](?P<names>[^\])]*)")


@dataclass(frozen=True)
class Export:
    """One export that is renamed; `old` and `new` are counted from the package."""

    package: Package
    old: str
    new: str
    directives: tuple[Directive, ...]

    @property
    def old_file(self) -> str:
        """Where the exported module lies."""
        return self.package.file(self.old)

    @property
    def new_file(self) -> str:
        """Where it lies afterwards."""
        return self.package.file(self.new)


def parse_export(text: str) -> tuple[str, str]:
    """Split `OLD=NEW`; raises RefactorError unless both are dotted paths of a module."""
    old, sign, new = text.partition("=")
    if not sign:
        raise RefactorError(f"--export takes OLD=NEW, such as core.loader=core.reader, got '{text}'.")
    return _checked(old.strip()), _checked(new.strip())


def export_plan(
    documents: Iterable[Document], paths: Collection[str], exports: Sequence[tuple[str, str]]
) -> tuple[list[Edit], list[Move]]:
    """Plan new paths for exported modules, all at once; OLD and NEW may start with the package's name.

    Edits are sorted and disjoint and measured on the tree before any move. Documents that should keep
    their text are not to be passed in. Raises RefactorError for an export that is unknown, ambiguous or
    whose new path is taken.
    """
    read = list(documents)
    found = [directive for document in read for directive in _nbdev.directives(document)]
    projects = _nbdev.projects(read, paths)
    wanted = [_export(_checked(old), _checked(new), found, projects, paths) for old, new in exports]
    _refuse_taken(wanted, found, paths)
    directives = {edit for export in wanted for edit in _directive_edits(export)}
    edits = {edit for document in read for edit in _document_edits(document, wanted, paths)}
    moves = {Move(export.old_file, export.new_file) for export in wanted if export.old_file in paths}
    return sorted(directives | edits), sorted(moves)


# --- what is asked for ----------------------------------------------------------------------------


def _checked(name: str) -> str:
    if all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split(".")):
        return name
    raise RefactorError(
        f"'{name}' is no dotted path of a module; write --export OLD=NEW, such as core.loader=core.reader."
    )


def _export(
    old: str, new: str, found: Sequence[Directive], projects: Mapping[str, _nbdev.Project], paths: Collection[str]
) -> Export:
    value, prefix = old, ""
    same = [directive for directive in found if directive.value == value and directive.is_default]
    if not same:
        prefix, _, value = old.partition(".")
        same = [directive for directive in found if directive.value == value and directive.is_default]
    if not same:
        raise _unknown(old, new, found)
    settings = [_nbdev.project_of(directive.document.path, projects) for directive in same]
    package = _nbdev.find_package(value, prefix, settings, paths)
    if prefix not in {"", package.name}:
        raise _unknown(old, new, found)
    _refuse_two_homes(value, same, package, {project.sources for project in settings} - {""})
    followers = tuple(directive for directive in found if directive.value == value)
    return Export(package, value, new.removeprefix(f"{package.name}."), followers)


def _unknown(old: str, new: str, found: Sequence[Directive]) -> RefactorError:
    import difflib

    known = sorted({directive.value for directive in found if directive.is_default})
    near = difflib.get_close_matches(old, known, n=3)
    if new in known:
        hint = f"'{new}' is exported already, so this may be done"
    elif near:
        hint = f"did you mean {' or '.join(near)}?"
    else:
        hint = "give the value of a `#| default_exp` line"
    return RefactorError(f"no dev file exports '{old}'; {hint.rstrip('?')}{'?' if hint.endswith('?') else '.'}")


def _refuse_two_homes(value: str, same: Sequence[Directive], package: Package, sources: Collection[str]) -> None:
    """A dev file and its notebook are one home; exported files may repeat the directive."""
    stems = {posixpath.splitext(directive.document.path)[0] for directive in same}
    homes = {stem for stem in stems if not stem.startswith(f"{package.folder}/")}
    inside = {stem for stem in homes if any(stem.startswith(f"{folder}/") for folder in sources)}
    if len(inside or homes) > 1:
        listed = " and ".join(sorted(_spelled(stem, same) for stem in inside or homes))
        raise RefactorError(f"'{value}' is exported by {listed}; give one of them another default_exp first.")


def _spelled(stem: str, same: Sequence[Directive]) -> str:
    return min(path for directive in same if posixpath.splitext(path := directive.document.path)[0] == stem)


def _refuse_taken(wanted: Sequence[Export], found: Sequence[Directive], paths: Collection[str]) -> None:
    leaving = {export.old_file for export in wanted}
    renamed = {directive for export in wanted for directive in export.directives}
    folders = {posixpath.dirname(path) for path in paths if path.endswith(".py")}
    for index, export in enumerate(wanted):
        if any(other.old_file == export.old_file for other in wanted[:index]):
            raise RefactorError(f"'{export.old}' is given two new paths; give it one.")
        if any(other.new_file == export.new_file for other in wanted[:index]):
            raise RefactorError(f"two exports would become '{export.new}'; give each its own path.")
        taken = [other for other in found if other.value == export.new and other.is_default and other not in renamed]
        if taken:
            raise RefactorError(f"'{export.new}' is the export of {taken[0].document.path}; choose another path.")
        above = [
            export.package.file(".".join(export.new.split(".")[:count]))
            for count in range(1, export.new.count(".") + 1)
        ]
        for path in (export.new_file, *above):
            if path in paths and path not in leaving:
                raise RefactorError(
                    f"the export '{export.new}' cannot be written, as {path} is there; choose another path."
                )
        if (folder := export.new_file.removesuffix(".py")) in folders:
            raise RefactorError(
                f"the export '{export.new}' would be hidden by the folder {folder}; choose another path."
            )


# --- edits ----------------------------------------------------------------------------------------


def _directive_edits(export: Export) -> Iterator[Edit]:
    for directive in export.directives:
        places = components(directive.span.start, directive.value)
        path, text = directive.document.path, directive.document.text
        yield change(path, text, places, export.new.split("."), "export directive", kind="directive")


def _document_edits(document: Document, wanted: Sequence[Export], paths: Collection[str]) -> Iterator[Edit]:
    for package in {export.package for export in wanted}:
        exports = [export for export in wanted if export.package == package]
        is_moved = document.path in {export.old_file for export in exports}
        is_hit = any(export.old.rpartition(".")[2].encode() in document.data for export in exports)
        if is_hit or is_moved:
            yield from _package_edits(document, package, exports, paths)


def _package_edits(
    document: Document, package: Package, exports: Sequence[Export], paths: Collection[str]
) -> Iterator[Edit]:
    renames = {f"{package.name}.{export.old}": f"{package.name}.{export.new}" for export in exports}
    is_index = document.path == f"{package.folder}/{_nbdev.INDEX}"  # nothing but strings: no need to parse it
    if document.path.endswith(".py") and not is_index:
        yield from rename_modules(document.path, document.text, renames, root=package.root)
    elif describes_past(document.path) and not document.path.endswith(SOURCES):
        return
    else:
        yield from rename_dotted_text(document.path, document.view, renames)
    for export in exports:
        yield from _path_edits(document, export, paths)
        yield from _short_edits(document, export)
        yield from _all_edits(document, export)


def _path_edits(document: Document, export: Export, paths: Collection[str]) -> Iterator[Edit]:
    """Edits of the exported file's path, with or without its package; other files of that path stay."""
    for match in _path_pattern(export).finditer(document.view):
        places = [Span(*match.span(group)) for group in range(1, len(match.groups()) + 1) if match[group]]
        joint = document.text[places[-2].end : places[-1].start]
        if joint == "/" and _is_another(document, match, export, paths):
            continue
        package = [export.package.name] if match["package"] else []
        new = [*package, *export.new.split(".")]
        because = "path of a renamed export"
        edit = change(document.path, document.text, places, new, because, kind="path", joint=joint)
        if ")" not in edit.old:  # `Path("a") / "b.py"` with another number of parts is left alone
            yield edit


def _path_pattern(export: Export) -> re.Pattern[str]:
    """Match a path, with a group for each of its components."""
    names = export.old.split(".")
    rest = _SEPARATOR.join(f"({name})" for name in names)
    whole = rf"(?<![\w.-])(?P<package>{export.package.name}){_SEPARATOR}{rest}{_PY}"
    # A path that leaves the package out must be a path at all.
    short = rf"|(?<![\w./\\-]){'/'.join(f'({name})' for name in names)}{_PY}" if len(names) > 1 else ""
    return re.compile(whole + short)


def _is_another(document: Document, match: re.Match[str], export: Export, paths: Collection[str]) -> bool:
    """Tell whether a path, read from the root or from the document, is that of some other file."""
    view = document.view
    line = view.rfind("\n", 0, match.start()) + 1
    before = re.search(r"[\w./-]*\Z", view[line : match.start()])
    written = f"{before[0] if before else ''}{match[0]}.py"
    from_here = posixpath.join(posixpath.dirname(document.path), written)
    meant = {posixpath.normpath(path) for path in (written, from_here)}
    return export.old_file not in meant and not meant.isdisjoint(paths)


def _short_edits(document: Document, export: Export) -> Iterator[Edit]:
    """Edits of the dotted path without its package: quoted anywhere, bare in the words of a dev file."""
    if "." not in export.old:
        return
    is_home = any(directive.document is document for directive in export.directives)
    view = document.view
    # One bare word would no longer say that it is a module.
    bare = export.new if "." in export.new else f"{export.package.name}.{export.new}"
    for match in re.finditer(BEFORE + re.escape(export.old) + AFTER, view):
        is_quoted = _is_quoted(view, match)
        if is_quoted or (is_home and document.zone_at(match.start()).kind not in _WORDLESS):
            places = components(match.start(), export.old)
            new = export.new if is_quoted else bare
            yield change(document.path, document.text, places, new.split("."), MENTION)


def _is_quoted(view: str, match: re.Match[str]) -> bool:
    after = view[match.end() : match.end() + 2].lstrip("\\\x1f")
    return view[max(match.start() - 1, 0) : match.start()] in _QUOTES and after.startswith(_QUOTES)


def _all_edits(document: Document, export: Export) -> Iterator[Edit]:
    """Edits of `__all__` in the package above, where the module is listed and not bound by an import."""
    parent, _, leaf = f".{export.old}".rpartition(".")
    new_parent, _, new_leaf = f".{export.new}".rpartition(".")
    if parent != new_parent or document.path != f"{export.package.folder}{parent.replace('.', '/')}/__init__.py":
        return
    text = document.text
    if re.search(rf"\bimport\b(?:\s*\([^)]*|[^\n(]*)\b{leaf}\b", text):
        return
    for match in _ALL.finditer(text):
        for name in re.finditer(rf"(?<=[\"']){leaf}(?=[\"'])", match["names"]):
            place = Span(match.start("names") + name.start(), match.start("names") + name.end())
            yield change(document.path, text, [place], [new_leaf], "renamed module in __all__")
