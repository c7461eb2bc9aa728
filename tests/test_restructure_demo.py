"""The restructure in ten phases, on the demo course: the plan for the real one with other texts."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from inside import git, python

from refactor.cli import main
from refactor.demo.history import make_history
from refactor.phases import read
from refactor.planfile import read as plan_read

PLAN = Path(__file__).resolve().parents[1] / "plans" / "demo"
PHASES = "profiler motivation modules chapters toc cli structure references verification documentation".split()
MOVED = {
    "modules/source/14_profiling/profiling_dev.py": "modules/source/15_profiling/profiling_dev.py",
    "modules/source/15_memoization/memoization_dev.py": "modules/source/14_kvcaching/kvcaching_dev.py",
    "modules/source/18_acceleration/acceleration_dev.ipynb": "modules/source/16_acceleration/acceleration_dev.ipynb",
    "book/chapters/16-quantization.md": "book/chapters/17-quantization.md",
    "tests/17_compression/test_compression.py": "tests/18_compression/test_compression.py",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo course after all phases; .ci/run makes every check of the plan, here only what it did is looked at."""
    root = tmp_path_factory.mktemp("restructured") / "course"
    make_history(root)
    assert main(["--root", str(root), "apply", str(PLAN), "--no-verify"]) == 0
    return root


def test_every_phase_is_in_the_history_in_its_order(course: Path) -> None:
    trailers = git(course, "log", "--reverse", "--format=%(trailers:key=Refactor-Phase,valueonly,separator=%x2C)")
    assert list(dict.fromkeys(trailers.split())) == PHASES
    assert git(course, "status", "--porcelain") == ""


@pytest.mark.parametrize("path", MOVED)
def test_history_follows_what_moved(course: Path, path: str) -> None:
    names = git(course, "log", "--follow", "--name-only", "--format=", "--", path).split()
    assert MOVED[path] in names


def test_lint_finds_nothing_but_what_the_plan_leaves(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(course), "lint", "--output-format", "json"]) == 1
    found = {(one["filename"], one["code"]) for one in json.loads(capsys.readouterr().out)}
    assert found == {
        ("docs/grading.md", "stale-number"), ("docs/grading.md", "unknown-entry"),
        ("docs/instructor-guide.md", "unknown-entry"), ("pebble/commands/export.py", "unknown-entry"),
        ("modules/source/20_contest/contest_dev.py", "number-clash"),
        ("tests/checkpoints/checkpoint_16_report.py", "stale-number"),
    }  # fmt: skip


def test_the_plan_is_the_one_for_the_real_course() -> None:
    ours, theirs = (read(plan_read(PLAN.parent / name)) for name in ("demo", "optimization_tier"))
    assert [phase.slug for phase in ours.phases] == PHASES
    assert "phases:" not in (PLAN / "plan.yaml").read_text(encoding="utf-8")
    for mine, its in zip(ours.phases, theirs.phases, strict=True):
        assert [one.message for one in mine.commits] == [one.message for one in its.commits]
    assert ours.plan.renames == theirs.plan.renames


def test_every_test_of_the_real_course_is_mended_by_the_plan() -> None:
    folder = PLAN.parent / "optimization_tier"
    calls = [call for phase in read(plan_read(folder)).phases for call in phase.calls if call.step.name == "leave"]
    left = [path for call in calls for path in call.texts("file")]
    settings = tomllib.loads((folder / "assets" / "docs" / "refactor.toml").read_text(encoding="utf-8"))
    assert left
    assert not [path for path in (*left, *settings["history"]) if path.startswith("tests/")]


@pytest.mark.parametrize("words", [("export", "14"), ("export", "15_memoization"), ("test", "16")])
def test_numbers_mean_modules(course: Path, words: tuple[str, ...]) -> None:
    ran = python(course, "bin/pebble", *words)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("module", ["15_memoization", "16_quantization", "17_compression", "18_acceleration"])
def test_a_motivation_proves_its_claim(course: Path, module: str) -> None:
    script = PLAN.parent / "optimization_tier" / "assets" / "verify" / "motivations.py"
    short = module.partition("_")[2]
    ran = python(course, str(script), f"modules/source/{module}/{short}_dev.py:motivate_{short}")
    assert ran.returncode == 0, ran.stderr


def test_taken_back_the_text_means_what_it_meant(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, before = tmp_path / "course", tmp_path / "before"
    make_history(before)
    git(tmp_path, "clone", "--quiet", str(course), str(root))
    assert main(["--root", str(root), "undo", str(PLAN), "--all"]) == 0
    capsys.readouterr()
    told = []
    for one in (before, root):
        assert main(["--root", str(one), "list", "references", "--format", "json"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
