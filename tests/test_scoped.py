"""What a run on one file finds is what the run on the whole tree finds there, and it costs only what that file needs."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from operator import eq
from pathlib import Path

import pytest

from refactor.checking import checks_of
from refactor.cli import main
from refactor.demo.history import make_history
from refactor.lint import run
from refactor.workspace import open_tree

EVERY_CHECK = ("--output-format", "json", "--exit-zero")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("demo")
    make_history(root)
    return root


def files(root: Path) -> list[str]:
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=root, capture_output=True, check=True).stdout
    return [name for name in listed.decode().split("\0") if (root / name).is_file()]


def lint(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["--root", str(root), "lint", *EVERY_CHECK, *arguments]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def hold_the_same(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
    whole = lint(root, capsys, *arguments)
    for name in files(root):
        alone = lint(root, capsys, *arguments, str(root / name))
        assert alone == [one for one in whole if one["filename"] == name], name


def typed(root: Path, path: str, text: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = (
        sys.executable,
        "-m",
        "refactor",
        "--root",
        str(root),
        "lint",
        "--stdin-filename",
        str(root / path),
        *arguments,
    )
    return subprocess.run(command, input=text, capture_output=True, check=False)


@pytest.mark.parametrize("name", ["README.md", "book/_toc.yml", "modules/source/14_kvcaching/kvcaching_dev.py"])
def test_what_is_typed_is_judged_as_if_it_were_saved(demo: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = b"# Module 3: Memoization\n\n" + (demo / name).read_bytes()
    said = typed(demo, name, text, *EVERY_CHECK)
    saved = (demo / name).read_bytes()
    try:
        (demo / name).write_bytes(text)
        assert json.loads(said.stdout) == lint(demo, capsys, str(demo / name), "--no-cache")
    finally:
        (demo / name).write_bytes(saved)


def test_what_is_typed_may_be_a_new_file(demo: Path) -> None:
    said = typed(demo, "docs/new.md", b"See [there](nowhere.md).\n", "--output-format", "concise")
    assert said.returncode == 1
    assert said.stdout.startswith(b"docs/new.md:1:13: broken-path nowhere.md leads nowhere")
    assert not (demo / "docs/new.md").exists()


@pytest.mark.parametrize("option", ["--fix", "--unsafe-fixes", "--diff-base=HEAD", "README.md"])
def test_what_is_typed_is_not_written(demo: Path, option: str) -> None:
    said = typed(demo, "README.md", b"", option)
    assert (said.returncode, said.stdout) == (2, b"")
    assert said.stderr.startswith(b"error: --stdin-filename reads one text and writes none; leave out ")


@pytest.mark.parametrize("arguments", [(), ("--select", "ambiguous-number"), ("--rules", "optimization_tier")])
def test_each_file_of_the_demo_has_the_findings_of_the_whole_run(
    demo: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    hold_the_same(demo, capsys, *arguments)


def test_folders_have_the_findings_of_the_whole_run(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = lint(demo, capsys)
    assert whole
    for folder in sorted({name.partition("/")[0] for name in files(demo) if "/" in name}):
        below = [one for one in whole if str(one["filename"]).startswith(f"{folder}/")]
        assert lint(demo, capsys, str(demo / folder)) == below, folder


@pytest.mark.tinytorch
def test_each_file_of_the_real_course_has_the_findings_of_the_whole_run(tinytorch: Path) -> None:
    workspace = open_tree(tinytorch)
    series, checks = workspace.catalogue.series[0], checks_of(workspace).values()
    whole = run(workspace.view(series), checks)
    assert whole
    for name in workspace.tree.files:
        alone = run(workspace.view(series, partial(eq, name)), checks)
        assert alone == [one for one in whole if one.path == name], name


def test_nothing_is_loaded_that_one_file_does_not_need(demo: Path) -> None:
    code = (
        "import sys\nfrom refactor.cli import main\n"
        f"main(['--root', {str(demo)!r}, 'lint', '--no-cache', {str(demo / 'CHANGELOG.md')!r}])\n"
        "print(*sorted({'libcst', 'rich', 'pathspec', 'asyncio', 'multiprocessing', 'logging'} & sys.modules.keys()))"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
