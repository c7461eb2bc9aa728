"""Tell every story in `cases/` to the command line, in real git, and hold what every renaming promises.

What a renaming promises beyond its story: a preview shows the truth and changes nothing, undo takes it back, a second
run finds nothing to do, and the inverse renaming brings every byte back.
"""

from __future__ import annotations

import difflib
import json
import re
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pytest
from casefile import Case, Command, Tree, read_case
from inside import Told

from refactor.cli import main

CASES = Path(__file__).parent / "cases"
PAGES = sorted(CASES.rglob("*.md"))

# The record of renamings grows with each of them, by design; it is no part of what a renaming takes back.
LEDGER = "refactor.ledger.toml"


class _Edit(TypedDict):
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    old: str
    new: str
    because: str


class _Left(TypedDict):
    path: str
    line: int
    column: int
    text: str
    verdict: str
    reason: str


class _Preview(TypedDict):
    version: int
    base: str
    renames: list[dict[str, str]]
    moves: list[dict[str, str]]
    edits: list[_Edit]
    left: list[_Left]


@dataclass(frozen=True)
class Stage:
    """A tree in git, with a folder beside it where commands run."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def run(self, arguments: Sequence[str]) -> Told:
        """Run one command in this process and take what it says."""
        self.capture.readouterr()
        try:
            code = main(["--root", str(self.root), *arguments])
        except SystemExit as stop:  # argparse leaves this way
            code = stop.code if isinstance(stop.code, int) else 1
        said = self.capture.readouterr()
        return Told(code, said.out, said.err)

    def preview(self, arguments: Sequence[str]) -> _Preview:
        """The plan of a command, as other programs get it."""
        told = self.run([*arguments, "--dry-run", "--format", "json"])
        assert told.code == 0, told.err
        preview: _Preview = json.loads(told.out)
        return preview

    def tree(self) -> Tree:
        """Every file but git's own and the ledger."""
        paths = (path for path in self.root.rglob("*") if path.is_file())
        named = {path.relative_to(self.root).as_posix(): path for path in paths}
        return {name: named[name].read_bytes() for name in sorted(named) if name != LEDGER and name[:5] != ".git/"}

    def commit(self) -> None:
        """Commit everything, so that the next renaming finds a clean tree."""
        self._git("add", "--all", "--force")
        self._git("commit", "--quiet", "--allow-empty", "--message", "Write it down")

    def head(self) -> str:
        """The commit that the tree is at."""
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout


@pytest.fixture
def stage(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An empty repository, and a folder beside it as the current one."""
    for name in ("tree", "beside"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "beside")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(tmp_path / "tree")], check=True)
    return Stage(tmp_path / "tree", capsys)


def test_there_are_cases() -> None:
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CASES).with_suffix("").as_posix())
def test_case(page: Path, stage: Stage) -> None:
    case = read_case(page)
    _write(stage.root, case.before)
    _write(Path.cwd(), case.beside)
    stage.commit()
    renaming = _renaming(case)
    preview = stage.preview(renaming) if renaming else None
    if preview:
        _check_preview(stage, case, preview)
    for command in case.commands:
        _check_output(command, stage.run(command.arguments))
    _check_tree(case.after, stage.tree())
    if renaming and preview:
        _check_undo(stage, case, renaming)
        _check_again(stage, case, renaming)
        _check_inverse(stage, case, preview)


def _renaming(case: Case) -> tuple[str, ...]:
    """The arguments of the story's one renaming that writes; empty if there is none."""
    writing = [
        command.arguments
        for command in case.commands
        if command.arguments[0] == "rename"
        and command.code == 0
        and not {"--dry-run", "--check"} & {*command.arguments}
    ]
    return writing[0] if len(writing) == 1 else ()


def _check_preview(stage: Stage, case: Case, preview: _Preview) -> None:
    """A preview writes nothing, its places are real, its order is fixed, and it names what the story says is left."""
    _check_tree(case.before, stage.tree())
    assert (preview["version"], preview["base"]) == (1, stage.head())
    for edit in preview["edits"]:
        assert edit["old"] == _text_at(case.before, edit), edit
        assert edit["because"], edit
    for found in (preview["edits"], preview["left"]):
        places = [(item["path"], item["line"], item["column"]) for item in found]
        assert places == sorted(places)
    for expected in case.left:
        assert any(_shows(item, expected) for item in preview["left"]), (expected, preview["left"])


def _text_at(tree: Tree, edit: _Edit) -> str:
    """What stands between the edit's two positions: lines and columns from 1, the end exclusive."""
    lines = tree[edit["path"]].decode().split("\n")
    last = lines[edit["end_line"] - 1][: edit["end_column"] - 1]
    if edit["line"] == edit["end_line"]:
        return last[edit["column"] - 1 :]
    between = lines[edit["line"] : edit["end_line"] - 1]
    return "\n".join([lines[edit["line"] - 1][edit["column"] - 1 :], *between, last])


def _shows(item: _Left, expected: dict[str, object]) -> bool:
    """Tell whether an item left alone has the expected fields; of a reason, some words are enough."""
    shown: dict[str, object] = {**item}
    reason = str(expected.get("reason", ""))
    return reason in item["reason"] and all(shown[key] == expected[key] for key in expected if key != "reason")


def _check_output(command: Command, told: Told) -> None:
    assert told.code == command.code, told.out + told.err
    assert "Traceback" not in told.err
    if not command.output:
        return
    lines = (
        ".*" if line == "..." else re.escape(line).replace(re.escape("..."), ".*")
        for line in command.output.split("\n")
    )
    pattern = "\n".join(lines)
    assert re.fullmatch(pattern, told.out + told.err, re.DOTALL), told.out + told.err


def _check_undo(stage: Stage, case: Case, renaming: Sequence[str]) -> None:
    """Undo brings the tree back, and the renaming can be done once more."""
    for arguments, expected in ((["undo"], case.before), (renaming, case.after)):
        told = stage.run(arguments)
        assert told.code == 0, told.err
        _check_tree(expected, stage.tree())


def _check_again(stage: Stage, case: Case, renaming: Sequence[str]) -> None:
    """The same command a second time has nothing to do."""
    stage.commit()
    if not case.again:
        return
    told = stage.run(renaming)
    assert told.code == 0, told.err
    _check_tree(case.after, stage.tree())


def _check_inverse(stage: Stage, case: Case, preview: _Preview) -> None:
    """The inverse renaming restores the tree; titles and tiers, which ids do not tell, are for the page to declare."""
    if case.inverse == "no":
        return
    pairs = [argument for pair in preview["renames"] for argument in ("--from", pair["to"], "--to", pair["from"])]
    told = stage.run(["rename", *(shlex.split(case.inverse) or pairs)])
    assert told.code == 0, told.err
    _check_tree(case.before, stage.tree())


def _write(root: Path, tree: Tree) -> None:
    for name, data in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if data.startswith(b"#!"):
            path.chmod(0o755)


def _check_tree(expected: Tree, found: Tree) -> None:
    """Compare byte by byte; say what differs line by line, with the line ends shown."""
    changed = [name for name in sorted(expected | found) if expected.get(name) != found.get(name)]
    if changed:
        pytest.fail(
            "\n".join(line for name in changed for line in _difference(name, expected.get(name), found.get(name)))
        )


def _difference(name: str, expected: bytes | None, found: bytes | None) -> list[str]:
    if expected is None or found is None:
        return [f"{name} is there" if expected is None else f"{name} is missing"]
    old, new = ([repr(line)[1:] for line in data.splitlines(keepends=True)] for data in (expected, found))
    return [*difflib.unified_diff(old, new, f"{name} expected", f"{name} found", n=0, lineterm="")]
