"""The restructure in ten phases, on the demo course: what plans/optimization_tier does to the real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from inside import git, python

from refactor.cli import main
from refactor.demo.history import make_history

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


def test_the_book_says_the_new_order(course: Path) -> None:
    assert main(["--root", str(course), "lint", "--select", "toc-mismatch,tier-range,order,stale-name"]) == 0


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
