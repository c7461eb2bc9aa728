"""The real course, where a checkout of TinyTorch at c010ca76 is given: what a renaming of its tier must leave whole."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from refactor.cli import main

PLAN = Path(__file__).parents[1] / "plans" / "optimization_tier"
INVERSE = """\
plan: inverse
series: module
rename:
  09_convolutional_networks: {to: 09_spatial, title: Spatial}
  15_memoization: {to: 14_kvcaching, title: KV Caching}
  14_profiling: 15_profiling
  18_acceleration: 16_acceleration
  16_quantization: 17_quantization
  17_compression: 18_compression
tiers: {Architecture: 08-14, Optimization: 15-19}
"""

pytestmark = pytest.mark.tinytorch


def _git(root: Path, *arguments: str) -> str:
    command = ("git", "-C", str(root), *arguments)
    return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=True).stdout


@pytest.fixture
def course(tinytorch: Path, tmp_path: Path) -> Path:
    """A clone of the checkout that a test may change."""
    root = tmp_path / "course"
    subprocess.run(("git", "clone", "-q", str(tinytorch), str(root)), check=True)
    _git(root, "checkout", "-q", "c010ca76")
    _git(root, "config", "user.name", "A Teacher")
    _git(root, "config", "user.email", "teacher@example.org")
    return root


def _rename(course: Path, plan: Path, *options: str) -> int:
    return main(["--root", str(course), "rename", "--plan", str(plan), *options])


def _parses(path: Path) -> bool:
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return False
    return True


def test_the_catalogue_is_found_without_settings(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(course), "list", "modules", "--format", "json"]) == 0
    series = json.loads(capsys.readouterr().out)[0]
    ids = [entry["id"] for entry in series["entries"]]
    assert ids[0] == "00-introduction"
    assert ids[14:17] == ["14_kvcaching", "15_profiling", "16_acceleration"]
    assert ids[-2:] == ["20_capstone", "20_competition"]
    assert series["tiers"] == {"Foundation": [1, 7], "Architecture": [8, 14], "Optimization": [15, 19]}


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_nothing_breaks(course: Path) -> None:
    broken = {path.relative_to(course) for path in course.rglob("*.py") if not _parses(path)}
    assert _rename(course, PLAN) == 0
    assert sum(not _parses(path) for path in course.rglob("*.py")) == len(broken)
    for notebook in course.rglob("*.ipynb"):
        json.loads(notebook.read_bytes())
    for page in re.findall(r"file:\s*(\S+)", (course / "book/_toc.yml").read_text(encoding="utf-8")):
        assert (course / f"book/{page}.md").exists() or (course / f"book/{page}.ipynb").exists(), page


def test_once_more_plans_nothing(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _rename(course, PLAN) == 0
    capsys.readouterr()
    assert _rename(course, PLAN, "--format", "json") == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["renames"], plan["moves"], plan["edits"]) == ([], [], [])


def test_the_inverse_restores_the_tree(course: Path, tmp_path: Path) -> None:
    back = tmp_path / "inverse.yaml"
    back.write_text(INVERSE, encoding="utf-8")
    assert _rename(course, PLAN) == 0
    assert _git(course, "status", "--porcelain")
    assert _rename(course, back) == 0
    assert _git(course, "status", "--porcelain") == ""


def test_undo_restores_the_tree(course: Path) -> None:
    assert _rename(course, PLAN) == 0
    assert main(["--root", str(course), "undo"]) == 0
    assert _git(course, "status", "--porcelain") == ""


def test_history_follows_every_moved_file(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _rename(course, PLAN, "--dry-run", "--format", "json") == 0
    moves = {move["from"]: move["to"] for move in json.loads(capsys.readouterr().out)["moves"]}
    files = _git(course, "ls-files").splitlines()
    moved = {path: new for path in files if (new := _final(path, moves)) != path}
    before = {path: set(_git(course, "log", "--follow", "--format=%H", "--", path).split()) for path in moved}
    assert _rename(course, PLAN, "--commit") == 0
    assert _git(course, "status", "--porcelain") == ""
    for path, new in moved.items():
        assert before[path] <= set(_git(course, "log", "--follow", "--format=%H", "--", new).split()), new


def _final(path: str, moves: dict[str, str]) -> str:
    for old in sorted(moves, key=len, reverse=True):
        if path == old or path.startswith(old + "/"):
            return moves[old] + path[len(old) :]
    return path
