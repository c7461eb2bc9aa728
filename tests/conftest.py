"""What every test shares: a git that knows nothing of this machine, and the real course where one is at hand.

Holds no test data; a test that needs a tree writes it into `tmp_path`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from grounds import CASES, Trial, prepare

CHECKOUT = "REFACTOR_TINYTORCH"
WANTED = f"set {CHECKOUT} to a checkout of the course to run this"

# Examples may be slow on a busy machine; what they hold does not depend on time.
hypothesis.settings.register_profile("project", deadline=None, print_blob=True)
hypothesis.settings.load_profile("project")


@pytest.fixture(scope="session", autouse=True)
def _own_git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's git settings and cache, and any surrounding hook's variables, out of every test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            patch.delenv(name, raising=False)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("REFACTOR_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "A Teacher")
            patch.setenv(f"GIT_{role}_EMAIL", "teacher@example.org")
            patch.setenv(f"GIT_{role}_DATE", "2026-01-05T09:00:00Z")
        yield


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Trial]:
    """Trials of commands on a small course, by name; each is prepared when it is asked for."""
    return cache(lambda name: prepare(tmp_path_factory.mktemp("trial"), CASES[name]))


@pytest.fixture(scope="session")
def tinytorch() -> Path:
    """The folder of a checkout of the real course, to be read only; skips the test when there is none."""
    named = os.environ.get(CHECKOUT)
    if not named:
        pytest.skip(WANTED)
    folder = Path(named)
    if not (folder / "modules").is_dir():
        pytest.fail(f"{CHECKOUT} names {named}, which is no checkout of the course")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by name what was not run for want of the checkout, so that a green run claims no more than it shows."""
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    wanting = [report.nodeid for report in skipped if WANTED in str(report.longrepr)]
    if not wanting:
        return
    terminalreporter.section("not run: no checkout of the real course", sep="-", yellow=True)
    for node in wanting:
        terminalreporter.line(node)
    terminalreporter.line(f"{len(wanting)} skipped; {WANTED}")
