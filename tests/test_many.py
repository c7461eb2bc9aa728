"""Many repositories at once: each is told of, one that is broken stops none of the others, and nothing is written."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import inside
import pytest
from inside import Told
from snapshots import snapshot

from refactor import cli, errand
from refactor.errand import Errand

COURSE = {
    "README.md": "# A garden\n\n- [Lesson 1: Soil](lessons/01_soil.md)\n- [Lesson 2: Seeds](lessons/02_seeds.md)\n",
    "lessons/01_soil.md": "# Lesson 1: Soil\n",
    "lessons/02_seeds.md": "# Lesson 2: Seeds\n",
    "lessons/03_water.md": "# Lesson 3: Water\n",
}
STALE = {"notes.md": "Go on with [Lesson 2: Water](lessons/03_water.md), and [that](gone.md).\n"}
RENAME = ("rename", "--from", "01_soil", "--to", "02_soil", "--swap", "--dry-run")


@dataclass(frozen=True)
class Forks:
    """A folder with forks of one course in it; `run` gives a command there."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def write(self, name: str, files: dict[str, str] | None = None) -> Path:
        """Write one fork: the course, with some files more or other than it has."""
        for path, text in {**COURSE, **(files or {})}.items():
            (self.folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name / path).write_text(text, encoding="utf-8")
        inside.commit(self.folder / name)
        return self.folder / name

    def run(self, *arguments: str) -> Told:
        """Run one command where the forks lie."""
        self.capture.readouterr()
        try:
            code = cli.main([*arguments])
        except SystemExit as stop:  # argparse leaves this way
            code = stop.code if isinstance(stop.code, int) else 1
        said = self.capture.readouterr()
        return Told(code, said.out, said.err)

    def reports(self, *arguments: str) -> dict[str, dict[str, object]]:
        """What is said of every repository, read from a line each."""
        lines = self.run("many", "--output-format", "json-lines", *arguments).out.splitlines()
        return {report["repository"]: report for report in map(json.loads, lines)}


@pytest.fixture
def forks(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Forks:
    monkeypatch.chdir(tmp_path)
    return Forks(tmp_path, capsys)


# --- what is said -------------------------------------------------------------------------------


def test_every_repository_is_told_of_and_summed_up_in_the_order_given(forks: Forks) -> None:
    forks.write("ada")
    forks.write("bob", STALE)
    forks.write("cyd", {"refactor.toml": "series = [\n"})
    told = forks.run("many", "nowhere", "cyd", "bob", "ada", "--", "lint")
    assert (told.code, told.err) == (2, "")
    streamed, summary = told.out.split("\n\n")
    broken = "cyd: error: refactor.toml is not valid TOML, end of document: invalid value."
    gone = f"nowhere: error: {forks.folder}/nowhere is no folder: name the folder of the course or book."
    found = "bob: 2 findings (1 broken-path, 1 stale-number)"
    assert sorted(streamed.splitlines()) == sorted(["ada: clean", found, broken, gone])
    assert summary.splitlines() == [
        "4 repositories: 1 clean, 1 with findings, 2 failed",
        f"  {gone}",
        f"  {broken}",
        f"  {found}",
    ]


@pytest.mark.parametrize(
    ("names", "code", "summary"),
    [
        (("ada",), 0, "1 repository: 1 clean"),
        (("ada", "bob"), 1, "2 repositories: 1 clean, 1 with findings"),
        (("bob", "gone"), 2, "2 repositories: 1 with findings, 1 failed"),
    ],
)
def test_the_exit_code_is_that_of_the_worst(forks: Forks, names: tuple[str, ...], code: int, summary: str) -> None:
    forks.write("ada")
    forks.write("bob", STALE)
    told = forks.run("many", *names, "--", "lint")
    assert told.code == code
    assert summary in told.out.splitlines()


def test_json_holds_what_the_command_says_alone(forks: Forks) -> None:
    forks.write("ada")
    forks.write("bob", STALE)
    found = forks.reports("ada", "bob", "nowhere", "--", "lint")
    for name in ("ada", "bob"):
        alone = forks.run("--root", name, "lint", "--output-format", "json")
        findings = json.loads(alone.out)
        wanted = {"repository": name, "code": alone.code, "findings": findings, "error": None, "notes": []}
        assert found[name] == wanted
    assert found["bob"]["code"] == 1
    assert (found["nowhere"]["code"], found["nowhere"]["findings"]) == (2, None)
    assert "is no folder" in str(found["nowhere"]["error"])


def test_a_renaming_is_rehearsed_in_each(forks: Forks) -> None:
    forks.write("ada")
    forks.write("bob", {"lessons/01_soil.md": "# Lesson 1: Soil\n\nThen Lesson 2: Seeds.\n"})
    forks.write("cyd", {"README.md": "# Nothing\n"})
    for path in ("01_soil.md", "02_seeds.md", "03_water.md"):
        (forks.folder / "cyd/lessons" / path).unlink()
    before = snapshot(forks.folder)
    found = forks.reports("ada", "bob", "cyd", "--", *RENAME)
    for name in ("ada", "bob"):
        alone = forks.run("--root", name, *RENAME, "--format", "json")
        assert found[name]["plan"] == json.loads(alone.out)
    told = forks.run("many", "ada", "bob", "cyd", "--", *RENAME)
    assert told.code == 2
    assert told.out.split("\n\n")[1].splitlines()[:3] == [
        "3 repositories: 2 to change, 1 failed",
        "  ada: 6 edits, 2 moves, 0 left",
        "  bob: 7 edits, 2 moves, 1 left",
    ]
    assert forks.run("many", "ada", "--", *RENAME, "--check").code == 1
    assert snapshot(forks.folder) == before


def test_options_reach_the_command_and_files_are_named_from_here(forks: Forks) -> None:
    forks.write("ada", STALE)
    forks.write("bob", STALE)
    assert forks.reports("bob", "--", "lint", "--select", "broken-path")["bob"]["code"] == 1
    assert forks.run("--root", "ada", "lint", "--write-baseline", "accepted.json").code == 0
    told = forks.run("many", "ada", "bob", "--", "lint", "--baseline", "accepted.json")
    assert (told.code, "2 repositories: 2 clean" in told.out) == (0, True)
    assert forks.run("many", "ada", "--", "lint", "--exit-zero", "--").code == 0


# --- which repositories -------------------------------------------------------------------------


def test_a_list_names_a_folder_a_line(forks: Forks, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ada", "bob", "cyd d", "-dan"):
        forks.write(name)
    text = "# whose they are\nada\n\n  bob  \ncyd d\nada\n"
    (forks.folder / "list").write_text(text, encoding="utf-8")
    (forks.folder / "more").write_text("-dan\n", encoding="utf-8")
    found = forks.reports("bob", "--repositories", "list", "--", "lint")
    assert {name: report["code"] for name, report in found.items()} == {"ada": 0, "bob": 0, "cyd d": 0}
    with (forks.folder / "more").open(encoding="utf-8") as typed:
        monkeypatch.setattr("sys.stdin", typed)
        assert [*forks.reports("--repositories", "-", "--", "lint")] == ["-dan"]


REFUSED = {
    "nothing": ((), "there are no repositories to work in; name folders"),
    "no command": (("ada",), "say behind `--` what to do in each repository"),
    "no list": (("--repositories", "none", "--", "lint"), "the list none cannot be read (No such file or directory)"),
    "a root": (("ada", "--", "--root", "bob", "lint"), "say behind `--` what to do"),
    "a command that writes": (("ada", "--", "undo"), "say behind `--` what to do"),
    "many in many": (("ada", "--", "many", "bob"), "say behind `--` what to do"),
    "a renaming": (("ada", "--", *RENAME[:-1]), "a renaming in many repositories is only rehearsed; add --dry-run"),
    "a commit": (("ada", "--", *RENAME, "--commit"), "leave out --commit"),
    "fixes": (("ada", "--", "lint", "--fix"), "leave out --fix"),
    "fixes, abbreviated": (("ada", "--", "lint", "--unsafe-f"), "leave out --unsafe-fixes"),
    "a baseline": (("ada", "--", "lint", "--write-baseline", "x"), "leave out --write-baseline"),
    "a part": (("ada", "--", "lint", "README.md"), "leave out PATH"),
    "a form": (("ada", "--", "lint", "--output-format", "full"), "leave out --output-format"),
    "no number": (("ada", "--jobs", "0", "--", "lint"), "'0' is no number from 1 on"),
    "no such option": (("ada", "--", "lint", "--selct", "x"), "unrecognized arguments: --selct"),
    "both": (("ada", "--jobs", "2", "--scheduler", "x", "--", "lint"), "leave out --jobs"),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_or_would_write_is_refused_before_anything_starts(
    forks: Forks, arguments: tuple[str, ...], sentence: str
) -> None:
    before = snapshot(forks.folder)
    told = forks.run("many", *arguments)
    assert (told.code, told.out) == (2, "")
    assert sentence in told.err
    assert snapshot(forks.folder) == before


def test_a_root_beside_many_is_refused(forks: Forks) -> None:
    told = forks.run("--root", "x", "many", "ada", "--", "lint")
    assert (told.code, told.err) == (2, "error: many works in the folders that it is given; leave out --root.\n")


def test_without_the_extra_a_scheduler_is_refused_in_a_sentence(forks: Forks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # as Python has it where it is not installed
    told = forks.run("many", "ada", "--scheduler", "tcp://127.0.0.1:8786", "--", "lint")
    sentence = "--scheduler needs dask.distributed, which is not installed; run `pip install 'renumber[cluster]'`."
    assert (told.code, told.out, told.err) == (2, "", f"error: {sentence}\n")


# --- one does not harm another, nor us ----------------------------------------------------------


def test_a_name_speaks_to_no_terminal(forks: Forks) -> None:
    odd = "\x1b[31mred\n::error::x\u202e"
    forks.write(odd, STALE)
    forks.write("bad\x1b]0;x\x07", {"refactor.toml": '"\\u001b[2J" = 1\n'})
    told = forks.run("many", odd, "bad\x1b]0;x\x07", "--", "lint")
    assert told.code == 2
    assert "\ufffd[31mred\ufffd::error::x\ufffd: 2 findings" in told.out
    lines = forks.run("many", "--output-format", "json-lines", odd, "bad\x1b]0;x\x07", "--", "lint").out
    assert {json.loads(line)["repository"] for line in lines.splitlines()} == {odd, "bad\x1b]0;x\x07"}
    assert not set("\x1b\x07\u202e") & set(told.out + told.err + lines)


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def _children(mark: str) -> Iterator[int]:
    """The processes that this one has started, and whose command line ends in a word."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):  # it has ended meanwhile
            continue
        if parent == os.getpid() and os.fsencode(mark) in words:
            yield int(folder.name)


def _killing(mark: str, times: int) -> tuple[Callable[[], None], list[int]]:
    """A task that kills so many processes, one after the other, and the list of those that it killed."""
    killed: list[int] = []

    def task() -> None:
        end = time.monotonic() + 60
        while len(killed) < times and time.monotonic() < end:
            for child in _children(mark):
                if child not in killed:
                    os.kill(child, signal.SIGKILL)
                    killed.append(child)
            time.sleep(0.002)

    return task, killed


@linux
@pytest.mark.parametrize(("times", "code"), [(2, 1), (3, 2)])
def test_a_process_that_is_killed_is_started_again_but_not_for_ever(forks: Forks, times: int, code: int) -> None:
    forks.write("ada", STALE)
    forks.write("bob")
    task, killed = _killing("--root=ada", times)
    killer = threading.Thread(target=task)
    killer.start()
    told = forks.run("many", "ada", "bob", "--", "lint")
    killer.join()
    assert (len(killed), told.code) == (times, code)
    assert "bob: clean" in told.out.splitlines()
    stopped = (
        "ada: error: signal 9 stopped it as often as it was started; look for what sends it, as for want of memory."
    )
    assert (stopped if times == 3 else "ada: 2 findings (1 broken-path, 1 stale-number)") in told.out.splitlines()


def test_an_errand_tells_what_was_said_and_how_it_ended(forks: Forks) -> None:
    """Where the package is found does not depend on the folder, and nothing of the folder is imported."""
    (forks.folder / "refactor.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    (forks.folder / "argparse.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    told = errand.run(Errand(("--version",), str(forks.folder)))
    assert (told.code, told.output.partition(" ")[0], told.errors) == (0, "renumber", "")
    refused = errand.run(Errand(("--root=none", "undo"), str(forks.folder)))
    assert (refused.code, refused.output) == (2, "")
    assert refused.errors.startswith("error: ")
