"""What git answers about a tree, whatever surrounds the call."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from refactor import git
from refactor.errors import RefactorError
from refactor.git import Blob, Change, Repository

EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"  # what git calls a file without content


def call(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit of `a` and `sub/b`."""
    top = tmp_path / "top"
    (top / "sub").mkdir(parents=True)
    (top / "a").touch()
    (top / "sub/b").touch()
    call(top, "init", "-q", "-b", "main")
    call(top, "add", "-A")
    call(top, "commit", "-qm", "first")
    return top


# Where git is


def test_a_repository_is_found_from_its_top_and_from_below(root: Path) -> None:
    assert git.repository(root) == Repository(root, root / ".git", "")
    assert git.repository(root / "sub") == Repository(root, root / ".git", "sub/")


def test_a_linked_worktree_has_a_git_directory_of_its_own(root: Path) -> None:
    call(root, "worktree", "add", "-q", "../second")
    assert git.repository(root.parent / "second") == Repository(
        root.parent / "second", root / ".git/worktrees/second", ""
    )


def test_without_git_there_is_no_repository(tmp_path: Path) -> None:
    assert git.repository(tmp_path) is None


def test_a_repository_that_git_cannot_read_is_not_taken_for_none(root: Path) -> None:
    (root / ".git/HEAD").write_text("nonsense")
    with pytest.raises(RefactorError, match="git cannot use the repository around"):
        git.repository(root)


def test_without_the_program_a_repository_is_still_seen(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert git.repository(tmp_path) is None
    with pytest.raises(RefactorError, match="git is not installed"):
        git.repository(root)


def test_the_variables_of_a_hook_do_not_lead_elsewhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(tmp_path, "init", "-q", "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere/index"))
    assert git.tracked(root) == ("a", "sub/b")
    assert git.repository(root) == Repository(root, root / ".git", "")


def test_a_failure_is_told_in_gits_words(root: Path) -> None:
    with pytest.raises(RefactorError, match=r"`git show` failed in .*: bad revision 'nowhere'|unknown revision"):
        git.run(root, "show", "nowhere")


# What git has


def test_head_is_the_commit_or_none_before_the_first(root: Path, tmp_path: Path) -> None:
    assert git.head(root) == call(root, "rev-parse", "HEAD").strip()
    call(tmp_path, "init", "-q", "empty")
    assert git.head(tmp_path / "empty") is None


def test_files_are_listed_from_the_root_and_sorted(root: Path) -> None:
    (root / ".gitignore").write_text("*.log\n")
    for name in ("sub/new", "sub/x.log", "Z"):
        (root / name).touch()
    assert git.tracked(root) == ("a", "sub/b")
    assert git.files(root) == (".gitignore", "Z", "a", "sub/b", "sub/new")
    assert git.files(root / "sub") == ("b", "new")


def test_odd_names_come_back_as_they_are(root: Path) -> None:
    names = sorted(["with blank", 'quo"te', "new\nline", "tab\t", "*", "ü", os.fsdecode(b"\xe9")])
    for name in names:
        (root / "sub" / name).touch()
    assert sorted(git.files(root / "sub")) == sorted(["b", *names])
    git.add(root / "sub", names)
    assert sorted(git.tracked(root / "sub")) == sorted(["b", *names])
    assert {change.path for change in git.status(root / "sub", names)} == set(names)


def test_the_files_of_a_repository_inside_are_its_own(root: Path) -> None:
    call(root, "init", "-q", "inner")
    (root / "inner/file").touch()
    assert git.files(root) == ("a", "sub/b")


def test_modes_tell_links_and_submodules_from_files(root: Path) -> None:
    (root / "link").symlink_to("a")
    (root / "run").touch(mode=0o755)
    call(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(root), "lib")
    call(root, "add", "-A")
    modes = {path: blob.mode for path, blob in git.blobs(root).items()}
    assert modes.pop(".gitmodules") == "100644"
    assert modes == {"a": "100644", "lib": git.SUBMODULE, "link": git.SYMLINK, "run": "100755", "sub/b": "100644"}
    assert git.blobs(root / "sub") == {"b": Blob("100644", EMPTY)}


def test_status_tells_staged_from_unstaged_and_renames_as_two(root: Path) -> None:
    call(root, "mv", "a", "c")
    (root / "sub/b").write_text("more")
    (root / "new").touch()
    assert git.status(root) == (Change("a", "D", " "), Change("c", "A", " "), Change("sub/b", " ", "M"))
    assert git.status(root, untracked=True)[-1] == Change("new", "?", "?")
    assert git.status(root, ["sub", "c"]) == (Change("c", "A", " "), Change("sub/b", " ", "M"))
    assert git.status(root, ["su"]) == ()
    assert git.status(root / "sub") == (Change("b", " ", "M"),)


def test_status_does_not_write_the_index(root: Path) -> None:
    os.utime(root / "a", (1, 1))
    before = (root / ".git/index").stat()
    git.status(root)
    assert (root / ".git/index").stat() == before


@pytest.mark.parametrize(
    ("command", "name"),
    [("merge", "merge"), ("rebase", "rebase"), ("cherry-pick", "cherry-pick"), ("revert", "revert")],
)
def test_what_waits_to_be_finished_is_named(root: Path, command: str, name: str) -> None:
    for branch, text in (("other", "1"), ("main", "2")):
        call(root, "checkout", "-q", "-B", branch, *(["HEAD"] if branch == "other" else ["HEAD~"]))
        (root / "a").write_text(text)
        call(root, "commit", "-qam", branch)
    repository = git.repository(root)
    assert repository is not None
    assert git.under_way(repository) is None
    subprocess.run(["git", command, "other"], cwd=root, check=False, capture_output=True)
    assert git.under_way(repository) == name


# What git is told


def test_a_commit_is_made_as_a_person_would(root: Path) -> None:
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch hook-ran\n")
    hook.chmod(0o755)
    (root / "a").write_text("new")
    git.add(root, ["a"])
    made = git.commit(root, "docs: über\n\nbody")
    assert made == git.head(root)
    assert call(root, "log", "-1", "--format=%B").strip() == "docs: über\n\nbody"
    assert (root / "hook-ran").exists()


def test_a_commit_from_another_index_moves_nothing(root: Path, tmp_path: Path) -> None:
    head = git.head(root)
    assert head is not None
    index = tmp_path / "index"
    git.read_tree(root, head, index)
    git.stage(root, ["a"], {"z": Blob("100755", EMPTY)}, index)
    made = git.commit_index(root, index, head, "moved\n")
    assert git.head(root) == head
    assert git.status(root) == ()
    assert call(root, "show", "--format=", "--name-status", "--no-renames", made).split() == ["D", "a", "A", "z"]


def test_head_moves_only_from_where_it_was(root: Path) -> None:
    first = git.head(root)
    assert first is not None
    call(root, "commit", "--allow-empty", "-qm", "second")
    second = git.head(root)
    with pytest.raises(RefactorError, match="`git update-ref` failed"):
        git.move_head(root, first, first, "back")
    assert git.head(root) == second
    git.move_head(root, first, str(second), "back")
    assert git.head(root) == first
