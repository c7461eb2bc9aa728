"""The bench says what it measured: bars, growth and plot of made-up times, and one real command."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    return {name: importlib.import_module(name) for name in ("commands", "measure", "report", "trees")}


def _measured(bench: dict[str, ModuleType], courses: int, *, lint: float) -> object:
    taken = bench["measure"].Taken
    times = {"lint, first": lint, "lint, again": lint / 10, "codespell": 4.0 * courses, "git grep": 0.1 * courses}
    runs = {name: [taken(time * slow, time * slow, 50_000_000) for slow in (1, 3, 2)] for name, time in times.items()}
    return bench["report"].Measured(f"{courses} courses", 100 * courses, 1000 * courses, courses, runs)


def test_bars_growth_and_memory_are_told(bench: dict[str, ModuleType]) -> None:
    said = bench["report"].table([_measured(bench, 1, lint=1), _measured(bench, 10, lint=100)], "wall")
    assert "| lint, first / codespell | 1 courses | 0.25 | 0.25 to 0.25 | 0.5 | held |" in said
    assert "| lint, first / codespell | 10 courses | 2.50 | 2.50 to 2.50 | 0.5 | missed |" in said
    assert "- lint, first, from 1 courses to 10 courses: time grows as size to the power of 2.00" in said
    assert "- memory on 10 courses: 50 MB (lint, first)" in said


def test_the_spread_is_that_of_the_rounds(bench: dict[str, ModuleType]) -> None:
    taken, ratio = bench["measure"].Taken, bench["measure"].ratio
    ours, theirs = [taken(1, 1, 0), taken(4, 4, 0), taken(3, 3, 0)], [taken(1, 2, 0), taken(2, 2, 0), taken(1, 1, 0)]
    assert ratio(ours, theirs, "wall") == bench["measure"].Ratio(2, 1, 3)
    assert ratio(ours, theirs, "cpu") == bench["measure"].Ratio(2, 0.5, 3)


def test_the_plot_has_a_line_for_every_command(bench: dict[str, ModuleType]) -> None:
    drawn = ET.fromstring(  # noqa: S314 - our own
        bench["report"].plot([_measured(bench, 1, lint=1), _measured(bench, 50, lint=9)], "cpu")
    )
    names = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"lint, first", "lint, again", "codespell", "git grep", "files in the tree"} <= set(names)
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}polyline"))) == 4


def test_a_command_is_measured_and_a_broken_one_stops_all(bench: dict[str, ModuleType], tmp_path: Path) -> None:
    command, run = bench["measure"].Command, bench["measure"].run
    taken = run(command("pass", (sys.executable, "-c", "pass")), tmp_path, dict(os.environ))
    assert 0 < taken.cpu < 60
    assert taken.memory > 1_000_000
    with pytest.raises(SystemExit, match="gave 3: no more"):
        run(
            command("broken", (sys.executable, "-c", "import sys; sys.stderr.write('no more'); sys.exit(3)")),
            tmp_path,
            dict(os.environ),
        )
