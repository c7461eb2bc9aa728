"""What nbdev is told: the export directives of dev files, and the folder of the package they fill.

Reads documents and paths; decides nothing about a renaming, and needs no nbdev.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from configparser import ConfigParser, Error
from dataclasses import dataclass

from refactor.errors import RefactorError
from refactor.model import Document
from refactor.spans import Span

INDEX = "_modidx.py"
DIRECTIVES = {
    ".py": re.compile(r"^#[ \t]*\|[ \t]*(default_exp|exporti?|exports)[ \t]+([^\W\d][\w.]*\w)", re.MULTILINE),
    # A line of a cell is a JSON string, or lies behind an escaped line break in one.
    ".ipynb": re.compile(r'(?:"|\\n)#[ \t]*\|[ \t]*(default_exp|exporti?|exports)[ \t]+([^\W\d][\w.]*\w)'),
}


@dataclass(frozen=True)
class Directive:
    """A dotted path in `#| default_exp path`, or in `#| export path` of one cell."""

    document: Document
    span: Span
    value: str
    is_default: bool


@dataclass(frozen=True)
class Project:
    """The settings of nbdev in one folder; what they do not say is empty."""

    package: str = ""
    sources: str = ""


@dataclass(frozen=True)
class Package:
    """The folder that exported modules are written to."""

    folder: str

    @property
    def name(self) -> str:
        """The name it is imported by."""
        return posixpath.basename(self.folder)

    @property
    def root(self) -> str:
        """The folder that imports start from."""
        return posixpath.dirname(self.folder)

    def file(self, module: str) -> str:
        """Give the path of an exported module, whose dotted path is counted from the package."""
        return f"{self.folder}/{module.replace('.', '/')}.py"


def directives(document: Document) -> Iterator[Directive]:
    """Find the export directives of a dev file or notebook; other files have none."""
    pattern = DIRECTIVES.get(posixpath.splitext(document.path)[1])
    if pattern is None or (b"export" not in document.data and b"default_exp" not in document.data):
        return
    for match in pattern.finditer(document.text):
        yield Directive(document, Span(*match.span(2)), match[2], match[1] == "default_exp")


def projects(documents: Iterable[Document], paths: Collection[str]) -> dict[str, Project]:
    """Read the settings of nbdev, by the folder they stand in: settings.ini, or pyproject.toml."""
    found: dict[str, Project] = {}
    for document in documents:
        folder, _, name = document.path.rpartition("/")
        values = _READERS[name](document.text) if name in _READERS else {}
        if values and (folder not in found or name == "settings.ini"):
            found[folder] = _project(folder, values, paths)
    return found


def project_of(path: str, known: Mapping[str, Project]) -> Project:
    """Give the settings that hold for a path: those of the nearest folder above it."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in known:
            return known[folder]
    return Project()


def find_package(module: str, prefix: str, projects: Iterable[Project], paths: Collection[str]) -> Package:
    """Find the package that holds an exported module, from settings or from the files there are.

    `prefix` is the name of the package if the user gave it. Raises RefactorError if it cannot be told.
    """
    told = [project.package for project in projects if project.package]
    if told:
        return Package(told[0])
    ending = f"/{module.replace('.', '/')}.py"
    folders = {path.removesuffix(ending) for path in paths if path.endswith(ending)}
    folders = folders or {posixpath.dirname(path) for path in paths if path.endswith(f"/{INDEX}")}
    for is_likely in (
        lambda folder: posixpath.basename(folder) == prefix,
        lambda folder: f"{folder}/{INDEX}" in paths,
        lambda folder: f"{folder}/__init__.py" in paths,
    ):
        folders = set(filter(is_likely, folders)) or folders
    if len(folders) == 1:
        return Package(folders.pop())
    seen = f"could be in {' or '.join(sorted(folders))}" if folders else "is in no package here"
    raise RefactorError(f"the export '{module}' {seen}; set lib_path in settings.ini to the folder of the package.")


def _project(folder: str, values: Mapping[str, str], paths: Collection[str]) -> Project:
    name = values.get("lib_name", "").replace("-", "_")
    package = posixpath.join(folder, values.get("lib_path", name)) if values.get("lib_path", name) else ""
    in_src = posixpath.join(folder, "src", name)
    if "lib_path" not in values and name and any(path.startswith(f"{in_src}/") for path in paths):
        package = in_src
    sources = posixpath.join(folder, values["nbs_path"]) if values.get("nbs_path") else ""
    return Project(*(posixpath.normpath(path) if path else "" for path in (package, sources)))


def _from_ini(text: str) -> dict[str, str]:
    parser = ConfigParser()
    try:
        parser.read_string(text.removeprefix("\ufeff"))
        return {key: value for key in ("lib_name", "lib_path", "nbs_path") if (value := parser["DEFAULT"].get(key))}
    except Error:
        return {}


def _from_toml(text: str) -> dict[str, str]:
    try:
        read = tomllib.loads(text)
    except (ValueError, RecursionError):  # TOML's own error, and that of a number without an end
        return {}
    tool = read.get("tool")
    nbdev = tool.get("nbdev") if isinstance(tool, dict) else None
    if not isinstance(nbdev, dict):
        return {}
    project = read.get("project")
    name = project.get("name") if isinstance(project, dict) else None
    values = {"lib_name": name, **{key: nbdev[key] for key in ("lib_name", "lib_path", "nbs_path") if key in nbdev}}
    return {key: value for key, value in values.items() if isinstance(value, str)}


_READERS = {"settings.ini": _from_ini, "pyproject.toml": _from_toml}
