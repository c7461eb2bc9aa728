"""The number of processes changes nothing but the time, whoever starts them, and one that fails is made up for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from refactor.cli import main
from refactor.parallel import as_done, copies, gather, processors

needs_copies = pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be copied")


def _where(number: int) -> tuple[int, int]:
    return number, os.getpid()


def _fails_in_a_copy(here: int) -> str:
    if os.getpid() != here:
        raise ValueError("no")
    return "done here"


def _dies_in_a_copy(here: int) -> str:
    if os.getpid() != here:
        os._exit(1)
    return "done here"


@needs_copies
def test_results_come_in_order_each_from_a_process_of_its_own() -> None:
    found = gather([partial(_where, number) for number in range(4)])
    assert [number for number, _ in found] == [0, 1, 2, 3]
    assert len({process for _, process in found}) == 4
    assert found[0][1] == os.getpid()
    assert gather([]) == []


@needs_copies
@pytest.mark.parametrize("work", [_fails_in_a_copy, _dies_in_a_copy])
def test_what_fails_in_a_copy_is_done_here(work: partial[str]) -> None:
    assert gather([partial(work, os.getpid())] * 3) == ["done here"] * 3


# Executors of the standard library: threads, and processes that know nothing but what they are told.
EXECUTORS: dict[str, Callable[[], Executor]] = {
    "threads": partial(ThreadPoolExecutor, 2),
    "processes": partial(ProcessPoolExecutor, 2, mp_context=get_context("spawn")),
}


@pytest.mark.parametrize("executor", EXECUTORS.values(), ids=EXECUTORS)
def test_any_executor_does_the_work(executor: Callable[[], Executor]) -> None:
    works = [partial(_where, number) for number in range(4)]
    with executor() as pool:
        assert [number for number, _ in gather(works, pool.submit)] == [0, 1, 2, 3]
        done = dict(as_done(works, pool.submit, lambda error: (-1, repr(error).count(""))))
    assert {place: number for place, (number, _) in done.items()} == {0: 0, 1: 1, 2: 2, 3: 3}


def test_results_come_as_soon_as_they_are_there() -> None:
    """The first piece waits until the second has been told of; were results kept in order, this would not end."""
    from threading import Event

    told = Event()
    with ThreadPoolExecutor(2) as pool:
        places = []
        for place, _ in as_done([partial(told.wait, 60), bool], pool.submit, lambda _: False):
            places.append(place)
            told.set()
    assert places == [1, 0]


@pytest.mark.parametrize("work", [_fails_in_a_copy, _dies_in_a_copy])
def test_what_an_executor_gives_up_has_a_word_in_its_place(work: Callable[[int], str]) -> None:
    with EXECUTORS["processes"]() as pool:
        gathered = gather([partial(work, os.getpid())] * 2, pool.submit)
    with EXECUTORS["processes"]() as pool:
        done = [*as_done([partial(work, os.getpid())] * 2, pool.submit, lambda error: type(error).__name__)]
    assert gathered == ["done here"] * 2
    assert sorted(done) in (
        [(0, "ValueError"), (1, "ValueError")],
        [(0, "BrokenProcessPool"), (1, "BrokenProcessPool")],
    )


def test_the_number_of_processors_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processors() >= copies() >= 1
    monkeypatch.setenv("REFACTOR_JOBS", "5")
    assert processors() == 5
    for nonsense in ("0", "-1", "many", "\u00b2"):
        monkeypatch.setenv("REFACTOR_JOBS", nonsense)
        assert 1 <= processors() != 5 or os.cpu_count() == 5


@needs_copies
def test_findings_do_not_depend_on_the_number_of_jobs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filler = "Words about nothing in particular.\n" * 4000
    for number, slug in enumerate(("soil", "seeds", "water", "light", "weeds", "tools"), 1):
        page = tmp_path / f"lessons/0{number}_{slug}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(
            f"# Lesson {number}: {slug.title()}\n\n{filler}{filler}\n"
            "[gone](gone.md), [nowhere](01_soil.md#nowhere), Lesson 2: Water\n"
            "<!-- refactor-disable-line stale-number --> Lesson 1: Tools\n<!-- refactor-disable-line order -->\n"
        )
    said = []
    for jobs in ("1", "2", "3"):
        assert main(["--root", str(tmp_path), "lint", "--no-cache", "--output-format", "json", "--jobs", jobs]) == 1
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] == said[2]
    assert {code for code in ("broken-path", "broken-anchor", "stale-number", "unused-suppression") if code in said[0]} == {
        "broken-path", "broken-anchor", "stale-number", "unused-suppression",
    }  # fmt: skip


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_number_of_jobs_counts_from_one(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lint", "--jobs", jobs])
    assert "number" in capsys.readouterr().err or jobs == "-1"
