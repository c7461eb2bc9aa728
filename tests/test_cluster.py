"""Many repositories on a dask cluster of two workers: as here, and a worker that is lost takes nothing with it.

Real processes of workers, one of which is killed while it works.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import inside
import pytest
from inside import Told

if TYPE_CHECKING:
    from distributed import LocalCluster

distributed = pytest.importorskip(
    "distributed", reason="NOTHING OF THE CLUSTER IS TESTED HERE: pip install -e '.[cluster]' to do so"
)
if sys.platform == "win32":
    pytest.skip("processes cannot be stopped and gone on with", allow_module_level=True)

NAMES = [f"fork-{letter}" for letter in "abcdefgh"]
COURSE = {
    "lessons/01_soil.md": "# Lesson 1: Soil\n",
    "lessons/02_seeds.md": "# Lesson 2: Seeds\n",
    "lessons/03_water.md": "# Lesson 3: Water\n",
    "notes.md": "Go on with [Lesson 2: Water](lessons/03_water.md).\n",
}
LINT = ("--", "lint", "--no-cache")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers, each a process that does one thing at a time and is started again when it is lost."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forks of one course, and one of them broken."""
    folder = tmp_path_factory.mktemp("forks")
    for name in NAMES:
        for path, text in COURSE.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(text, encoding="utf-8")
        inside.commit(folder / name)
    (folder / NAMES[-1] / "refactor.toml").write_text("nonsense = 1\n", encoding="utf-8")
    return folder


def many(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start our command where the forks lie."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = (sys.executable, "-m", "refactor", "many", *NAMES, *arguments)
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


def told(process: subprocess.Popen[str]) -> Told:
    out, err = process.communicate(timeout=120)
    return Told(process.returncode, out, err)


def kill_a_worker_that_works(cluster: LocalCluster) -> None:
    """Kill one as soon as it has something to do. It stands still while it is looked at."""
    with distributed.Client(cluster, set_as_default=False) as client:
        for _ in range(6000):
            for worker in cluster.workers.values():
                os.kill(worker.pid, signal.SIGSTOP)
                if client.processing().get(worker.worker_address):
                    os.kill(worker.pid, signal.SIGKILL)
                    return
                os.kill(worker.pid, signal.SIGCONT)
            time.sleep(0.01)
    pytest.fail("no worker had anything to do")


def lost_and_tried_again(cluster: LocalCluster) -> int:
    """How often a piece of work was lost with its worker so far, as the scheduler counts."""
    return sum(prefix.suspicious for prefix in cluster.scheduler.task_prefixes.values())


def in_order(told: Told) -> list[dict[str, object]]:
    return sorted((json.loads(line) for line in told.out.splitlines()), key=lambda one: NAMES.index(one["repository"]))


def test_a_cluster_finds_what_is_found_here(cluster: LocalCluster, folder: Path) -> None:
    here = told(many(folder, "--output-format", "json-lines", *LINT))
    there = told(many(folder, "--output-format", "json-lines", "--scheduler", cluster.scheduler_address, *LINT))
    assert (there.code, there.err) == (here.code, here.err) == (2, "")
    assert in_order(there) == in_order(here)
    assert [one["code"] for one in in_order(there)] == [1] * 7 + [2]


def test_what_a_lost_worker_had_is_tried_again(cluster: LocalCluster, folder: Path) -> None:
    before = lost_and_tried_again(cluster)
    running = many(folder, "--scheduler", cluster.scheduler_address, *LINT)
    kill_a_worker_that_works(cluster)
    said = told(running)
    assert lost_and_tried_again(cluster) > before
    assert (said.code, said.err) == (2, "")
    summary = said.out.split("\n\n")[1].splitlines()
    assert summary[0] == "8 repositories: 7 with findings, 1 failed"
    assert summary[1:-1] == [f"  {name}: 1 finding (1 stale-number)" for name in NAMES[:-1]]
    assert summary[-1].startswith(f"  {NAMES[-1]}: error: unknown key 'nonsense' in refactor.toml")


def test_what_is_lost_too_often_is_an_error_of_its_own(cluster: LocalCluster, folder: Path) -> None:
    cluster.scheduler.allowed_failures = 0
    try:
        running = many(folder, "--output-format", "json-lines", "--scheduler", cluster.scheduler_address, *LINT)
        kill_a_worker_that_works(cluster)
        said = told(running)
    finally:
        cluster.scheduler.allowed_failures = 3
    assert (said.code, said.err) == (2, "")
    reports = in_order(said)
    assert [one["repository"] for one in reports] == NAMES
    lost = [one for one in reports if "(KilledWorker: " in str(one["error"])]
    assert 0 < len(lost) < len(NAMES)
    assert all((one["code"], one["findings"]) == (2, None) for one in lost)
    assert all(one["code"] == 1 for one in reports[:-1] if one not in lost)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1", "nonsense", ""])
def test_no_scheduler_is_one_sentence(folder: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    said = told(many(folder, "--scheduler", address, *LINT))
    sentence = (
        f"error: no dask scheduler answers at '{address}'; start one with `dask scheduler` and give its address.\n"
    )
    assert (said.code, said.out, said.err) == (2, "", sentence)
