"""Hold the picture in docs/architecture.md: imports go down, plug-ins do not know one another, start-up stays light.

Reads the sources with `ast` and imports nothing of them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "refactor"

# A room or a module, and how high it stands. Who imports stands no lower than what is imported.
LAYERS = {
    "cli": 5, "__main__": 5,
    "verbs": 4, "migrating": 4, "onto": 4, "outlook": 4, "overview": 4, "interactive": 4, "showcase": 4, "linting": 4, "many": 4, "checking": 4, "phases": 4, "steps": 4, "measured": 4, "held": 4, "grammar": 4, "planning": 4, "drafting": 4, "restructure": 4, "proving": 4, "applying": 4, "undoing": 4, "phase_text": 4, "demo": 4, "explain": 4,
    "transaction": 3, "memory": 3, "survey": 3, "parking": 3, "journal": 3, "commits": 3, "trail": 3, "reverting": 3, "rehearsal": 3, "staging": 3, "checkout": 3, "checks": 3, "rulepack": 3,
    "rename": 2, "respell": 2, "plan_text": 2, "plan_json": 2, "plan_diff": 2, "renaming": 2, "moves": 2, "anchors": 2, "arrivals": 2, "order": 2, "reorder": 2, "workspace": 2,
    "lint": 2, "ledger": 2, "records": 2, "branches": 2, "migrate": 2, "planfile": 2, "plansource": 2, "explain_text": 2, "suppress": 2, "draft": 2, "shares": 2, "baseline": 2, "changes": 2,
    "index": 1, "case": 1, "resolve": 1, "outside": 1, "verdicts": 1, "history": 1, "authors": 1, "lineage": 1, "recall": 1, "cache": 1, "catalogue": 1, "titles": 1, "widths": 1, "describing": 1, "fields": 1, "namesakes": 1, "places": 1, "tree": 1, "toc": 1, "groups": 1,
    "naming": 1, "ranges": 1, "words": 1, "shapes": 1, "formats": 1, "kinds": 1, "transforms": 1, "reporters": 1,
    "model": 0, "spans": 0, "paths": 0, "programs": 0, "errors": 0, "marks": 0, "yamlfile": 0, "patterns": 0, "tables": 0, "settings": 0, "plugins": 0, "git": 0, "gitlog": 0, "clones": 0, "progress": 0, "lazily": 0, "parallel": 0, "pools": 0, "errand": 0, "wording": 0,
}  # fmt: skip

# Rooms of one-file plug-ins, which the one loader finds and the command line hands to the core.
ROOMS = {"formats", "kinds", "checks", "steps", "reporters"}

# A notebook holds Python and Markdown, a dev file holds Markdown, Markdown holds YAML and HTML, a script says what it is.
NESTED_FORMATS = {
    "formats.markdown": {"formats.yaml", "formats.html"},
    "formats.python": {"formats.markdown"},
    "formats.notebook": {"formats.markdown", "formats.python"},
    "formats.plain": {"formats.python", "formats.shell"},
}


@dataclass(frozen=True)
class Import:
    """One import of one of our modules: where it stands and what it names, without the package's name."""

    importer: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer} imports {self.imported} (line {self.line})"


def _name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def _room(module: str) -> str:
    return module.partition(".")[0]


SOURCES = {
    _name(path): ast.parse(path.read_text(encoding="utf-8"), str(path))
    for path in sorted(PACKAGE.rglob("*.py"))
    if "data" not in path.relative_to(PACKAGE).parts
}


def _names(module: str, node: ast.AST) -> Iterator[str]:
    """The whole dotted names that a statement imports; `from a import b` counts as `a.b` where that is a module."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if not isinstance(node, ast.ImportFrom):
        return
    above = ["refactor", *module.split(".")][: -node.level] if node.level else []
    source = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        inner = f"{source}.{alias.name}"
        yield inner if inner.removeprefix("refactor.") in SOURCES else source


def _own_imports() -> Iterator[Import]:
    for module, source in SOURCES.items():
        for node in ast.walk(source):
            for name in _names(module, node):
                if name.startswith("refactor."):
                    yield Import(module, name.removeprefix("refactor."), getattr(node, "lineno", 0))


IMPORTS = sorted(_own_imports(), key=str)


def test_every_module_has_a_layer() -> None:
    assert {_room(module) for module in SOURCES} - LAYERS.keys() == {"__init__"} & SOURCES.keys()


def test_imports_never_go_up() -> None:
    known = [found for found in IMPORTS if {_room(found.importer), _room(found.imported)} <= LAYERS.keys()]
    up = [found for found in known if LAYERS[_room(found.importer)] < LAYERS[_room(found.imported)]]
    assert [str(found) for found in up] == []


def test_imports_never_go_round() -> None:
    graph: dict[str, set[str]] = {module: set() for module in SOURCES}
    for found in IMPORTS:
        graph[found.importer].add(found.imported)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def _is_plug_in(module: str) -> bool:
    """A room's own page (its record type) and what begins with an underscore are no plug-ins."""
    room, dot, name = module.partition(".")
    return room in ROOMS and bool(dot) and not name.startswith("_")


def test_plug_ins_of_a_room_do_not_know_one_another() -> None:
    """What two plug-ins of a room share lies in a module of that room whose name begins with an underscore."""
    across = [
        found
        for found in IMPORTS
        if _is_plug_in(found.imported)
        and _is_plug_in(found.importer)
        and _room(found.importer) == _room(found.imported)
        and found.imported not in NESTED_FORMATS.get(found.importer, set())
    ]
    assert [str(found) for found in across] == []


def test_only_the_top_knows_plug_ins_by_name() -> None:
    outside = [
        found
        for found in IMPORTS
        if _is_plug_in(found.imported)
        and _room(found.imported) != _room(found.importer)
        and LAYERS.get(_room(found.importer), 0) < 4
    ]
    assert [str(found) for found in outside] == []


def _at_start(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when a module is imported; what is under `if TYPE_CHECKING` does not."""
    for statement in statements:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            continue
        for _, value in ast.iter_fields(statement):
            if isinstance(value, list):
                yield from _at_start([item for item in value if isinstance(item, ast.stmt)])


@pytest.mark.parametrize("module", SOURCES)
def test_third_party_packages_are_imported_where_they_are_used(module: str) -> None:
    names = [name for node in _at_start(SOURCES[module].body) for name in _names(module, node)]
    packages = {name.partition(".")[0] for name in names}
    assert packages - sys.stdlib_module_names - {"refactor"} == set()
