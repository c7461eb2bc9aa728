"""Files go from one commit to another and back, and nothing that somebody has written is overwritten on the way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from snapshots import snapshot

from refactor import checkout, git
from refactor.errors import RefactorError


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """An empty repository."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def commit(top: Path, change: Callable[[], object]) -> str:
    """Make a change and commit it."""
    change()
    subprocess.run(["git", "add", "--all"], cwd=top, check=True)
    return git.commit(top, "Go on")


def write(top: Path, **files: str) -> None:
    """Write files, two underscores standing for a slash."""
    for name, text in files.items():
        path = top / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_there_and_back(top: Path) -> None:
    old = commit(top, lambda: write(top, a__x="1\n", b="2\n", Upper="3\n"))
    before = snapshot(top)

    def change() -> None:
        (top / "a/x").rename(top / "c")
        (top / "a").rmdir()
        (top / "b").chmod(0o755)
        (top / "Upper").rename(top / "upper")

    new = commit(top, change)
    after = snapshot(top)
    for start, end, expected in ((new, old, before), (old, new, after)):
        checkout.check(top, top / ".git/index", start, end)
        checkout.go(top, top / ".git/index", start, end)
        assert snapshot(top) == expected
    checkout.put_back(top, old, new)
    assert snapshot(top) == before
    checkout.put_back(top, old, new)
    assert snapshot(top) == before


def test_what_lies_behind_a_link_is_not_removed(top: Path) -> None:
    old = commit(top, lambda: write(top, a__x="1\n", b__x="2\n"))

    def change() -> None:
        (top / "a/x").unlink()
        (top / "a").rmdir()
        (top / "a").symlink_to("b")

    new = commit(top, change)
    subprocess.run(["git", "reset", "--quiet", "--hard", old], cwd=top, check=True)
    checkout.go(top, top / ".git/index", old, new)
    assert (top / "a").is_symlink()
    assert (top / "b/x").read_text() == "2\n"


def test_an_empty_folder_beside_stays(top: Path) -> None:
    old = commit(top, lambda: write(top, a__x="1\n", b="2\n"))
    new = commit(top, (top / "a/x").unlink)
    subprocess.run(["git", "reset", "--quiet", "--hard", old], cwd=top, check=True)
    (top / "a/own").mkdir()
    checkout.go(top, top / ".git/index", old, new)
    assert not (top / "a/x").exists()
    assert (top / "a/own").is_dir()


@pytest.mark.parametrize("path", ["b", "c"])
def test_what_somebody_wrote_stops_it(top: Path, path: str) -> None:
    old = commit(top, lambda: write(top, b="old\n"))
    new = commit(top, lambda: write(top, b="new\n", c="new\n"))
    (top / path).write_text("own\n")
    with pytest.raises(
        RefactorError, match=rf"{path} was written after .* on its way to {new[:12]}; move that file away"
    ):
        checkout.put_back(top, old, new)
    assert (top / path).read_text() == "own\n"
    (top / path).write_text("ne")  # as much as was written of it
    checkout.put_back(top, old, new)
    assert ((top / "b").read_text(), (top / "c").exists()) == ("old\n", False)
    subprocess.run(["git", "reset", "--quiet", "--hard", old], cwd=top, check=True)
    write(top, c="own\n")
    with pytest.raises(RefactorError, match="commit it or move it away, then run this again"):
        checkout.check(top, top / ".git/index", old, new)
