"""Hold what the project's own pages say: links lead somewhere, commands are the ones that run, no module is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "refactor"

# What lies here belongs to courses, not to us: examples with links of their own.
_MATERIAL = {"refactor/demo/data", "plans", "tests/cases"}

_FENCE = re.compile(r"^ *(`{3,}|~{3,}).*?^ *\1[`~]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+).+?\1", re.DOTALL)
_LINK = re.compile(r"\]\((?P<inline>[^)\s]+)[^)]*\)|^\[[^\]]+\]: (?P<defined>\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


def _pages() -> Iterator[Path]:
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("*/**/*.md")]):
        inside = path.relative_to(ROOT)
        if inside.parts[0].startswith(".") or any(inside.is_relative_to(folder) for folder in _MATERIAL):
            continue
        yield path


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    """Anchors of the headings, made as GitHub makes them."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()).strip() for title in _HEADING.findall(_prose(page)))
    return {title.replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [*_pages()], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for match in _LINK.finditer(_CODE.sub("", _prose(page))):
        target, _, anchor = (match["inline"] or match["defined"]).partition("#")
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        linked = page.parent / target if target else page
        assert linked.exists(), f"{target} does not exist"
        assert not anchor or anchor in _anchors(linked), f"{linked.name} has no heading for #{anchor}"


def _set_up_commands() -> list[str]:
    """The lines of the README that make an environment and do something in it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip().startswith("python3 -m venv ")]


def test_readme_sets_up_with_two_commands_and_no_more() -> None:
    demo, tests = _set_up_commands()
    assert demo == "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/python -m refactor demo"
    assert tests == "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest"


def test_ci_runs_the_command_that_the_readme_gives() -> None:
    """It takes the line from the README, so the two cannot say different things; its pattern must find that line."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"^pattern='(.*)'$", script, re.MULTILINE)
    assert pattern
    assert [line for line in _set_up_commands() if re.search(pattern[1], line)] == _set_up_commands()[1:]


def test_architecture_names_every_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = [path for path in PACKAGE.rglob("*.py") if "data" not in path.relative_to(PACKAGE).parts]
    named = [_called(path) for path in modules if path.name != "__init__.py"]
    assert sorted(name for name in named if f"`{name}`" not in page) == []


def test_every_line_of_the_threat_model_names_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| attempt")]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(tests/\w+\.py)::(\w+)`", row.rsplit("|", 2)[1])
        assert named, f"no test holds: {row}"
        for file, test in named:
            assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {test}"


def _called(module: Path) -> str:
    """How a page calls a module: `index.py`, `formats/yaml.py`."""
    return module.relative_to(PACKAGE).as_posix()


def _public(
    body: list[ast.stmt], inside: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield f"{inside}.{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from _public(node.body, f"{inside}.{node.name}")


def test_every_public_name_says_what_it_promises() -> None:
    silent = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "data" in path.relative_to(PACKAGE).parts:
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(module):
            silent.append(_called(path))
        silent += [name for name, node in _public(module.body, _called(path)) if not ast.get_docstring(node)]
    assert silent == []
