"""A plan is applied wholly or not at all, undone byte for byte, and survives a kill at any instant."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshots import Snapshot, snapshot

from refactor import transaction
from refactor.errors import RefactorError
from refactor.journal import locked
from refactor.model import Edit, Move, Plan
from refactor.records import Recording
from refactor.spans import Span


def plan(moves: Iterable[tuple[str, str]] = (), edits: Iterable[Edit] = ()) -> Plan:
    return Plan(None, (), tuple(edits), tuple(Move(old, new) for old, new in moves))


def edit(path: str, start: int, old: str, new: str) -> Edit:
    return Edit(path, Span(start, start + len(old)), old, new)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def texts(root: Path) -> dict[str, str]:
    """The files of a tree and what is in them."""
    return {path: data.decode() for path, (kind, _, data) in snapshot(root).items() if kind == "file"}


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course outside git."""
    root = tmp_path / "course"
    write(root, {"src/14_caching/ABOUT.md": "Module 14\n", "src/14_caching/caching.py": "# 14\n"})
    write(root, {"src/15_profiling/ABOUT.md": "Module 15\n", "README.md": "14, then 15\r\nend"})
    return root


SWAP = plan(
    [
        ("src/14_caching", "src/15_memoization"),
        ("src/14_caching/caching.py", "src/15_memoization/memoization.py"),
        ("src/15_profiling", "src/14_profiling"),
    ],
    [
        edit("README.md", 0, "14", "15"),
        edit("README.md", 9, "15", "14"),
        edit("src/14_caching/ABOUT.md", 7, "14", "15"),
        edit("src/14_caching/caching.py", 2, "14", "15"),
        edit("src/15_profiling/ABOUT.md", 7, "15", "14"),
    ],
)
AFTER_SWAP = {
    "README.md": "15, then 14\r\nend",
    "src/14_profiling/ABOUT.md": "Module 14\n",
    "src/15_memoization/ABOUT.md": "Module 15\n",
    "src/15_memoization/memoization.py": "# 15\n",
}


def test_moves_and_edits_are_made_together(course: Path) -> None:
    applied = transaction.apply(course, SWAP)
    assert texts(course) == AFTER_SWAP
    assert applied.id == "000001"
    assert (applied.moved, applied.edited, applied.files, applied.created) == (3, 5, 4, ())


def test_undo_restores_every_byte_and_mode(course: Path) -> None:
    (course / "src/14_caching/caching.py").chmod(0o755)
    before = snapshot(course)
    transaction.apply(course, SWAP, label="the swap")
    assert (course / "src/15_memoization/memoization.py").stat().st_mode & 0o777 == 0o755
    assert transaction.undo(course) == "Undid the swap: 3 moves, 4 edited files."
    assert snapshot(course) == before


def test_undo_leaves_a_mode_that_was_given_since(course: Path) -> None:
    transaction.apply(course, SWAP)
    (course / "README.md").chmod(0o755)
    transaction.undo(course)
    assert (course / "README.md").stat().st_mode & 0o777 == 0o755


def test_undo_goes_back_through_all_that_was_applied(course: Path) -> None:
    before = snapshot(course)
    transaction.apply(course, plan([("src/14_caching", "src/16_caching")]))
    between = snapshot(course)
    transaction.apply(course, plan([("src/15_profiling", "src/14_caching")]))
    transaction.undo(course)
    assert snapshot(course) == between
    transaction.undo(course)
    assert snapshot(course) == before
    with pytest.raises(RefactorError, match="nothing to undo"):
        transaction.undo(course)


def test_after_undo_a_plan_can_be_applied_again(course: Path) -> None:
    transaction.apply(course, SWAP)
    transaction.undo(course)
    transaction.apply(course, SWAP)
    assert texts(course) == AFTER_SWAP
    transaction.undo(course)
    assert texts(course)["README.md"] == "14, then 15\r\nend"


def test_undo_refuses_to_lose_what_was_written_since(course: Path) -> None:
    transaction.apply(course, SWAP)
    write(course, {"README.md": "new words"})
    before = snapshot(course)
    with pytest.raises(RefactorError, match=r"README\.md has changed since"):
        transaction.undo(course)
    assert snapshot(course) == before


def test_undo_does_not_follow_a_link_that_took_the_place_of_a_file(course: Path, tmp_path: Path) -> None:
    transaction.apply(course, SWAP)
    (course / "README.md").rename(tmp_path / "elsewhere")
    (course / "README.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefactorError, match=r"README\.md is no file of its own"):
        transaction.undo(course)
    assert (tmp_path / "elsewhere").read_bytes() == b"15, then 14\r\nend"


def test_undo_refuses_where_things_are_gone_or_in_the_way(course: Path) -> None:
    transaction.apply(course, SWAP)
    write(course, {"src/14_caching": "mine"})
    with pytest.raises(RefactorError, match="src/14_caching is there already"):
        transaction.undo(course)
    (course / "src/14_caching").unlink()
    (course / "src/14_profiling").rename(course / "src/mine")
    with pytest.raises(RefactorError, match="src/14_profiling is to be moved, but is not there"):
        transaction.undo(course)
    (course / "src/14_profiling").symlink_to("mine")
    with pytest.raises(RefactorError, match=r"ABOUT\.md leads through the link src/14_profiling"):
        transaction.undo(course)


def test_undo_takes_along_what_came_into_a_moved_folder(course: Path) -> None:
    transaction.apply(course, SWAP)
    write(course, {"src/15_memoization/notes.txt": "kept"})
    transaction.undo(course)
    assert texts(course)["src/14_caching/notes.txt"] == "kept"


def test_an_empty_plan_leaves_no_trace(course: Path) -> None:
    assert transaction.apply(course, plan()) == transaction.Applied("", 0, 0, 0)
    assert not (course / ".refactor").exists()


TOLD = Recording("log/told", lambda now, before: f"{now!r} {before!r}".encode())


def test_a_record_is_written_along_and_undone_along(course: Path) -> None:
    write(course, {"log/told": "as it was"})
    (course / "log/told").chmod(0o640)
    applied = transaction.apply(course, SWAP, record=TOLD)
    assert texts(course) == AFTER_SWAP | {"log/told": "b'as it was' None"}
    assert (course / "log/told").stat().st_mode & 0o777 == 0o640
    assert (applied.files, applied.created, applied.recorded) == (4, (), ("log/told",))
    transaction.undo(course, TOLD)
    assert texts(course)["log/told"] == repr(b"b'as it was' None") + " b'as it was'"
    before = texts(course)
    transaction.apply(course, SWAP, record=TOLD)
    transaction.undo(course)  # whoever knows of no record restores the file like any other
    assert texts(course) == before


def test_a_record_that_says_nothing_new_is_not_written(course: Path) -> None:
    write(course, {"log": "same"})
    applied = transaction.apply(course, SWAP, record=Recording("log", lambda now, _: now))
    assert (applied.files, applied.recorded) == (4, ())
    first = transaction.apply(
        course, plan([], [edit("README.md", 0, "15", "16")]), record=Recording("new", lambda *_: b"n")
    )
    assert (first.files, first.created, first.recorded) == (1, (), ("new",))
    assert (course / "new").stat().st_mode & 0o777 == 0o644


# Moves


@pytest.mark.parametrize(
    ("moves", "after"),
    [
        ([("a", "b"), ("b", "a")], {"a/x": "b", "b/x": "a", "c/x": "c"}),
        ([("a", "b"), ("b", "c"), ("c", "a")], {"b/x": "a", "c/x": "b", "a/x": "c"}),
        ([("a", "b"), ("b", "d")], {"b/x": "a", "d/x": "b", "c/x": "c"}),
        ([("a/x", "b/x"), ("b/x", "a/x")], {"a/x": "b", "b/x": "a", "c/x": "c"}),
        ([("a", "A")], {"A/x": "a", "b/x": "b", "c/x": "c"}),
        ([("a", "a/a")], {"a/a/x": "a", "b/x": "b", "c/x": "c"}),
        ([("a", "b/a"), ("b", "a/b")], {"b/a/x": "a", "a/b/x": "b", "c/x": "c"}),
        ([("a", "b"), ("b", "a"), ("a/x", "a/y"), ("b/x", "b/y")], {"a/y": "a", "b/y": "b", "c/x": "c"}),
        ([("a", "z/deep/a")], {"z/deep/a/x": "a", "b/x": "b", "c/x": "c"}),
        ([("a", "c2"), ("a/x", "c2/new/x")], {"c2/new/x": "a", "b/x": "b", "c/x": "c"}),
        ([("a/x", "x")], {"x": "a", "b/x": "b", "c/x": "c"}),
    ],
    ids=[
        "swap", "three in a circle", "chain", "same name", "case only", "into itself", "into each other",
        "files change places while their folders do", "new parents", "new parent inside a moved folder", "out of a folder",
    ],
)  # fmt: skip
def test_things_change_places(tmp_path: Path, moves: list[tuple[str, str]], after: dict[str, str]) -> None:
    write(tmp_path, {"a/x": "a", "b/x": "b", "c/x": "c"})
    before = snapshot(tmp_path)
    transaction.apply(tmp_path, plan(moves))
    assert texts(tmp_path) == after
    transaction.undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_everything_in_a_folder_moves_along(tmp_path: Path) -> None:
    write(
        tmp_path, {"a/__pycache__/x.pyc": "cached", "a/.hidden": "h", "a/read_only": "r", ".gitignore": "__pycache__\n"}
    )
    (tmp_path / "a/empty").mkdir(mode=0o700)
    (tmp_path / "a/link").symlink_to("../outside")
    (tmp_path / "a/read_only").chmod(0o444)
    inside = {path[1:]: about for path, about in snapshot(tmp_path).items() if path.startswith("a/")}
    git(tmp_path, "init", "-q")
    transaction.apply(tmp_path, plan([("a", "b")]))
    assert {path[1:]: about for path, about in snapshot(tmp_path).items() if path.startswith("b/")} == inside
    assert not (tmp_path / "a").exists()


def test_an_empty_folder_and_a_link_can_move(tmp_path: Path) -> None:
    write(tmp_path, {"outside/file": "f"})
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("outside")
    (tmp_path / "dangling").symlink_to("nowhere")
    transaction.apply(tmp_path, plan([("empty", "void"), ("link", "chain"), ("dangling", "link")]))
    assert (tmp_path / "void").is_dir()
    assert str((tmp_path / "chain").readlink()) == "outside"
    assert str((tmp_path / "link").readlink()) == "nowhere"
    assert texts(tmp_path) == {"outside/file": "f"}


def test_odd_names_move(tmp_path: Path) -> None:
    names = ["with blank", 'quo"te', "new\nline", "star*[a]", "-rf", "ü", os.fsdecode(b"latin\xe9")]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name, errors="surrogateescape")
    before = snapshot(tmp_path)
    transaction.apply(tmp_path, plan(zip(names, [*names[1:], names[0]], strict=True)))
    assert (tmp_path / "with blank/file").read_text(errors="surrogateescape") == os.fsdecode(b"latin\xe9")
    transaction.undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_folder_left_empty_goes_and_undo_brings_it_back(tmp_path: Path) -> None:
    write(tmp_path, {"old/deep/x": "x", "old/deep/y": "y", "stays/z": "z"})
    (tmp_path / "old/deep").chmod(0o750)
    before = snapshot(tmp_path)
    transaction.apply(tmp_path, plan([("old/deep/x", "new/x"), ("old/deep/y", "new/y")]))
    assert set(snapshot(tmp_path)) == {"new", "new/x", "new/y", "stays", "stays/z"}
    transaction.undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_folder_that_was_empty_before_stays(tmp_path: Path) -> None:
    write(tmp_path, {"old/x": "x", "old/rest": "r"})
    (tmp_path / "empty").mkdir()
    before = snapshot(tmp_path)
    transaction.apply(tmp_path, plan([("old/x", "empty/x")]))
    transaction.undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_undo_leaves_a_new_folder_that_somebody_uses(tmp_path: Path) -> None:
    write(tmp_path, {"x": "x"})
    transaction.apply(tmp_path, plan([("x", "new/x")]))
    write(tmp_path, {"new/mine": "m"})
    transaction.undo(tmp_path)
    assert texts(tmp_path) == {"x": "x", "new/mine": "m"}


# Edits


def test_bytes_outside_an_edit_stay(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"\xef\xbb\xbfcaf\xe9 14\r\n\x00 14 \xf0\x9f\x98\x80")
    transaction.apply(tmp_path, plan([], [edit("odd", 6, "14", "1500"), edit("odd", 12, "14", "")]))
    assert (tmp_path / "odd").read_bytes() == b"\xef\xbb\xbfcaf\xe9 1500\r\n\x00  \xf0\x9f\x98\x80"


def test_an_insertion_into_nothing_makes_a_file_and_undo_removes_it(tmp_path: Path) -> None:
    write(tmp_path, {"x": "x"})
    before = snapshot(tmp_path)
    lines = [edit("log/ledger.toml", 0, "", "fir"), edit("log/ledger.toml", 0, "", "st\n")]
    applied = transaction.apply(tmp_path, plan([], lines))
    assert applied.created == ("log/ledger.toml",)
    assert texts(tmp_path) == {"x": "x", "log/ledger.toml": "first\n"}
    transaction.undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_nothing_is_written_where_nothing_changes(tmp_path: Path) -> None:
    write(tmp_path, {"x": "same"})
    before = (tmp_path / "x").stat()
    transaction.apply(tmp_path, plan([], [edit("x", 0, "same", "same")]))
    assert (tmp_path / "x").stat().st_ino == before.st_ino


def test_a_file_can_go_and_undo_brings_it_back(tmp_path: Path) -> None:
    write(tmp_path, {"old/tool.sh": "#!/bin/sh\n", "new/x": "x"})
    (tmp_path / "old/tool.sh").chmod(0o750)
    before = snapshot(tmp_path)
    transaction.apply(tmp_path, Plan(None, (), (), (), gone=("old/tool.sh",)))
    assert set(snapshot(tmp_path)) == {"new", "new/x"}
    assert transaction.undo(tmp_path) == "Undid renaming: 0 moves, 1 edited file."
    assert snapshot(tmp_path) == before


# Refusals: one sentence, nothing written


REFUSED = {
    "missing source": (plan([("gone", "b")]), "gone is to be moved, but is not there"),
    "target exists": (plan([("a", "c")]), "c is there already"),
    "target file exists": (plan([("a/x", "c/x")]), "c/x is there already"),
    "target comes along with another folder": (plan([("a", "d"), ("c", "d/x")]), "d/x is there already"),
    "two to one place": (plan([("a", "d"), ("c", "d")]), "a and c would both move to d"),
    "one to two places": (plan([("a", "d"), ("a", "e")]), "a would move to d and to e"),
    "below a file": (plan([("a", "c/x/y")]), "c/x/y would lie below c/x, which is no folder"),
    "below a link": (plan([("a", "link/a")]), "link/a would lie below link, which is no folder"),
    "from below a link": (plan([("link/x", "b")]), "link/x leads through the link link"),
    "edit below a link": (plan([], [edit("link/x", 0, "c", "d")]), "link/x leads through the link link"),
    "edit of a link": (plan([], [edit("link_to_file", 0, "c", "d")]), "link_to_file is to be edited, but is a link"),
    "edit of a folder": (plan([], [edit("a", 0, "c", "d")]), "a is to be edited, but is a link or no file"),
    "edit of nothing": (plan([], [edit("gone", 0, "c", "d")]), "gone is to be edited, but is not there"),
    "insertion beyond nothing": (plan([], [edit("gone", 1, "", "d")]), "gone is to be edited, but is not there"),
    "out by dots": (plan([("a", "../a")]), "'../a' is no path inside the root"),
    "in from dots": (plan([("c/../../a", "b")]), "'c/../../a' is no path inside the root"),
    "absolute": (plan([("a", "/else/a")]), "'/else/a' is no path inside the root"),
    "the root": (plan([(".", "b")]), "'.' is no path inside the root"),
    "nothing": (plan([("a", "")]), "'' is no path inside the root"),
    "edit outside": (plan([], [edit("../secret", 0, "s", "t")]), "'../secret' is no path inside the root"),
    "git's own": (plan([("a", ".git/hooks")]), r"\.git/hooks lies in \.git"),
    "git's own, in capitals": (plan([], [edit("sub/.GIT/config", 0, "", "x")]), "no renaming touches"),
    "other text": (plan([], [edit("a/x", 0, "b", "d")]), "a/x:1:1 does not read 'b' any more"),
    "beyond the end": (plan([], [edit("a/x", 7, "", "d")]), "a/x:1:2 does not read '' any more"),
    "read-only file": (plan([], [edit("fixed", 0, "f", "g")]), "fixed or its folder is read-only"),
    "pointer": (plan([], [edit("big", 0, "v", "w")]), "big is only a pointer to a file in git LFS"),
    "nothing to go": (Plan(None, (), (), (), gone=("gone",)), "gone is to be edited, but is not there"),
    "to go from below a link": (Plan(None, (), (), (), gone=("link/x",)), "link/x leads through the link link"),
    "to go from outside": (Plan(None, (), (), (), gone=("../secret",)), "'../secret' is no path inside the root"),
    "new file on another": (plan([("a", "d")], [edit("d/x", 0, "", "n")]), "d/x is there already"),
}


@pytest.mark.parametrize(("wrong", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_done_is_refused_with_nothing_written(tmp_path: Path, wrong: Plan, sentence: str) -> None:
    write(
        tmp_path, {"a/x": "a", "c/x": "c", "fixed": "f", "big": "version https://git-lfs.github.com/spec/v1\nsize 5\n"}
    )
    (tmp_path / "fixed").chmod(0o444)
    (tmp_path / "link").symlink_to("c")
    (tmp_path / "link_to_file").symlink_to("c/x")
    before = snapshot(tmp_path)
    for refuse in (transaction.check, transaction.apply):
        with pytest.raises(RefactorError, match=sentence):
            refuse(tmp_path, wrong)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / ".refactor").exists()


def test_overlapping_edits_are_a_bug_and_write_nothing(course: Path) -> None:
    before = snapshot(course)
    with pytest.raises(ValueError, match="overlap"):
        transaction.apply(course, plan([], [edit("README.md", 0, "14,", "x"), edit("README.md", 1, "4", "y")]))
    assert snapshot(course) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused(course: Path) -> None:
    (course / "src").chmod(0o555)
    with pytest.raises(RefactorError, match="src cannot be written to"):
        transaction.apply(course, SWAP)
    (course / "src").chmod(0o755)


def test_a_pointer_may_move(tmp_path: Path) -> None:
    write(tmp_path, {"a/big": "version https://git-lfs.github.com/spec/v1\nsize 5\n"})
    transaction.apply(tmp_path, plan([("a", "b")]))
    assert set(texts(tmp_path)) == {"b/big"}


# In git


@pytest.fixture
def repository(course: Path) -> Path:
    git(course, "init", "-q")
    git(course, "add", "-A")
    git(course, "commit", "-qm", "first")
    return course


def test_the_index_is_left_alone_and_the_journal_lies_in_the_git_directory(repository: Path) -> None:
    before = git(repository, "ls-files", "--stage")
    transaction.apply(repository, SWAP)
    assert git(repository, "ls-files", "--stage") == before
    assert not (repository / ".refactor").exists()
    assert (repository / ".git/refactor/done/000001").is_dir()
    transaction.undo(repository)
    assert git(repository, "status", "--porcelain") == ""


def test_in_a_linked_worktree_the_journal_is_its_own(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", "../second")
    transaction.apply(tmp_path / "second", SWAP)
    assert texts(tmp_path / "second") == AFTER_SWAP | {".git": f"gitdir: {repository}/.git/worktrees/second\n"}
    with pytest.raises(RefactorError, match="nothing to undo"):
        transaction.undo(repository)
    transaction.undo(tmp_path / "second")
    assert git(tmp_path / "second", "status", "--porcelain") == ""


def test_a_folder_of_a_repository_can_be_the_root(repository: Path) -> None:
    transaction.apply(
        repository / "src", plan([("14_caching", "16_caching")], [edit("15_profiling/ABOUT.md", 0, "M", "m")])
    )
    assert set(texts(repository / "src")) == {"15_profiling/ABOUT.md", "16_caching/ABOUT.md", "16_caching/caching.py"}
    transaction.undo(repository)  # from anywhere in the repository
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("path", ["README.md", "src/14_caching/caching.py"])
@pytest.mark.parametrize("staged", [False, True])
def test_changes_that_are_not_committed_are_refused(repository: Path, path: str, staged: bool) -> None:  # noqa: FBT001
    (repository / path).write_bytes((repository / path).read_bytes() + b"more")
    if staged:
        git(repository, "add", path)
    before = snapshot(repository)
    with pytest.raises(RefactorError, match=f"not committed in {path}; commit or stash them"):
        transaction.apply(repository, SWAP)
    assert snapshot(repository) == before
    transaction.apply(repository, SWAP, allow_dirty=True)
    transaction.undo(repository)
    assert snapshot(repository) == before


def test_changes_elsewhere_and_untracked_files_do_not_matter(repository: Path) -> None:
    write(repository, {"other.md": "new", "src/14_caching/scratch.txt": "mine"})
    transaction.apply(repository, SWAP)
    assert texts(repository)["src/15_memoization/scratch.txt"] == "mine"


def test_what_the_last_renaming_left_uncommitted_does_not_matter(repository: Path) -> None:
    transaction.apply(repository, SWAP)
    transaction.apply(
        repository, plan([("src/15_memoization", "src/16_memoization")], [edit("README.md", 0, "15", "16")])
    )
    assert texts(repository)["README.md"] == "16, then 14\r\nend"


def test_what_the_last_renaming_left_does_not_matter_before_the_first_commit_either(course: Path) -> None:
    git(course, "init", "-q")
    git(course, "add", "-A")
    transaction.apply(course, SWAP, allow_dirty=True)
    transaction.apply(course, plan([("src/15_memoization", "src/16_memoization")]))
    assert (course / "src/16_memoization/memoization.py").read_bytes() == b"# 15\n"


def test_what_was_written_on_top_of_the_last_renaming_does_matter(repository: Path) -> None:
    transaction.apply(repository, SWAP)
    write(repository, {"README.md": "15, then mine"})
    with pytest.raises(RefactorError, match=r"not committed in README\.md"):
        transaction.check(repository, plan([], [edit("README.md", 0, "15", "16")]))


def test_once_that_is_committed_new_changes_matter_again(repository: Path) -> None:
    transaction.apply(repository, plan([("src/14_caching", "src/16_caching")]))
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "renamed")
    write(repository, {"src/16_caching/caching.py": "mine"})
    with pytest.raises(RefactorError, match=r"not committed in src/16_caching/caching\.py;"):
        transaction.check(repository, plan([("src/16_caching", "src/17_caching")]))


def test_only_the_first_few_dirty_paths_are_named(repository: Path) -> None:
    first = "in src/14_caching/a, src/14_caching/b, src/14_caching/c"
    for names, told in (("abc", f"{first};"), ("d", f"{first} and 1 more;"), ("e", f"{first} and 2 more;")):
        for name in names:
            write(repository, {f"src/14_caching/{name}": name})
        git(repository, "add", "-A")
        with pytest.raises(RefactorError, match=told):
            transaction.check(repository, SWAP)


def test_a_merge_under_way_is_refused(repository: Path) -> None:
    (repository / ".git/MERGE_HEAD").write_text(git(repository, "rev-parse", "HEAD"))
    with pytest.raises(RefactorError, match="A merge is under way"):
        transaction.check(repository, SWAP)


@pytest.mark.parametrize(
    "touching",
    [
        plan([("lib", "library")]),
        plan([("lib/sub", "sub")]),
        plan([("lib/sub/file", "file")]),
        plan([("README.md", "lib/sub/README.md")]),
        plan([], [edit("lib/sub/file", 0, "x", "y")]),
    ],
)
def test_a_submodule_is_refused(repository: Path, tmp_path: Path, touching: Plan) -> None:
    inner = tmp_path / "inner"
    write(inner, {"file": "x"})
    git(inner, "init", "-q")
    git(inner, "add", "-A")
    git(inner, "commit", "-qm", "first")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "lib/sub")
    git(repository, "commit", "-qm", "submodule")
    with pytest.raises(RefactorError, match="lib/sub is a submodule"):
        transaction.check(repository, touching)
    transaction.apply(repository, SWAP)


# Killed, or hindered, at any call that changes the file system


def start(work: Callable[[], object]) -> int:
    """Do some work in a child process and give its number."""
    process = os.fork()
    if process == 0:
        code = CRASHED
        try:
            work()
            code = 0
        except (RefactorError, KeyboardInterrupt):
            code = STOPPED
        finally:
            os._exit(code)
    return process


def end(process: int) -> int:
    """Wait for a child and give its exit code, or less than 0 for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


CRASHED, STOPPED, UNREACHED = 70, 71, 72
FAULTS = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.chown", "os.truncate", "open"}
WRITING = os.O_CREAT | os.O_WRONLY | os.O_RDWR


def faulty(
    point: int, fault: Callable[[], object], work: Callable[[], object], *, lasting: bool = False
) -> Callable[[], object]:
    """Give work in which a fault strikes just before the Nth call that changes the file system; a lasting one
    strikes whenever a file is to be created from then on."""

    def run() -> None:
        calls = 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal calls
            if event not in FAULTS or (
                event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING)
            ):
                return
            calls += 1
            if calls == point or (lasting and calls > point and event == "open"):
                fault()

        sys.addaudithook(hook)
        work()
        if calls < point:
            os._exit(UNREACHED)

    return run


def killed_at(point: int, work: Callable[[], object]) -> bool:
    """Do work in a child that is killed at its Nth call; False if it needs fewer."""
    ended = end(start(faulty(point, lambda: os.kill(os.getpid(), signal.SIGKILL), work)))
    assert ended in {UNREACHED, -signal.SIGKILL}
    return ended != UNREACHED


def raising(error: BaseException) -> Callable[[], object]:
    def fault() -> None:
        raise error

    return fault


HARD = plan(
    [*((move.old, move.new) for move in SWAP.moves), ("old/only", "new/deep/only")],
    [*SWAP.edits, edit("ledger", 0, "", "made"), edit("src/14_caching/also", 0, "", "made")],
)


def prepared(tmp_path: Path, name: str, verb: str) -> Path:
    """Make a tree that is ready for a verb."""
    root = tmp_path / name
    write(root, {"src/14_caching/ABOUT.md": "Module 14\n", "src/14_caching/caching.py": "# 14\n", "old/only": "o"})
    write(root, {"src/15_profiling/ABOUT.md": "Module 15\n", "README.md": "14, then 15\r\nend"})
    (root / "src/14_caching/caching.py").chmod(0o750)
    (root / "src/15_profiling/empty").mkdir(mode=0o700)
    (root / "old").chmod(0o711)
    if verb == "undo":
        transaction.apply(root, HARD)
    return root


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: a killed process loses nothing that the system has."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


VERBS: dict[str, Callable[[Path], object]] = {
    "apply": lambda root: transaction.apply(root, HARD),
    "undo": transaction.undo,
}
CHECK: Callable[[Path], object] = lambda root: transaction.check(root, HARD)  # noqa: E731


def states(tmp_path: Path, verb: str) -> tuple[Snapshot, Snapshot]:
    """Give the trees before and after a verb."""
    old = snapshot(prepared(tmp_path, "model", "apply"))
    new = snapshot(prepared(tmp_path, "model2", "undo"))
    return (old, new) if verb == "apply" else (new, old)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("verb", VERBS)
def test_a_kill_at_any_call_leaves_a_tree_that_recover_makes_whole(tmp_path: Path, verb: str) -> None:
    before, after = states(tmp_path, verb)
    seen, point, killed = [], 0, True
    while killed:
        point += 1
        root = prepared(tmp_path, str(point), verb)
        killed = killed_at(point, partial(VERBS[verb], root))
        transaction.recover(root)
        assert snapshot(root) in (before, after), f"killed at call {point}"
        assert transaction.recover(root) == "Nothing to recover."
        assert {path.name for path in (root / ".refactor").glob("*")} <= {"done"}
        seen.append(snapshot(root) == after)
        if not seen[-1]:
            VERBS[verb](root)  # nothing that was left behind is in the way
            assert snapshot(root) == after
    assert seen == sorted(seen)
    assert seen.count(False) > 40
    assert seen.count(True) > 1


@pytest.mark.usefixtures("_quick")
def test_recover_may_be_killed_at_any_call_too(tmp_path: Path) -> None:
    before, _ = states(tmp_path, "apply")
    for first in (16, 31, 40, 53):  # while things leave, while they arrive, among drafts, among new contents
        point, killed = first % 2, True
        while killed:
            point += 2
            root = prepared(tmp_path, f"{first}-{point}", "apply")
            assert killed_at(first, partial(VERBS["apply"], root))
            killed = killed_at(point, partial(transaction.recover, root))
            transaction.recover(root)
            assert snapshot(root) == before, f"killed at call {first}, then at call {point}"


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("verb", VERBS)
def test_a_step_that_is_refused_at_any_call_is_taken_back_at_once(tmp_path: Path, verb: str) -> None:
    before, after = states(tmp_path, verb)
    point, ended = 0, STOPPED
    while ended != UNREACHED:
        point += 1
        root = prepared(tmp_path, str(point), verb)
        ended = end(start(faulty(point, raising(OSError(errno.EACCES, "denied")), partial(VERBS[verb], root))))
        assert ended in {0, STOPPED, UNREACHED}
        assert snapshot(root) == (before if ended == STOPPED else after), f"fault at call {point}"
        assert transaction.recover(root) == "Nothing to recover."


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("lasting", [OSError(errno.ENOSPC, "disk full"), None], ids=["full disk", "Ctrl-C"])
def test_after_a_fault_that_lasts_recover_makes_the_tree_whole(tmp_path: Path, lasting: OSError | None) -> None:
    before, after = states(tmp_path, "apply")
    point, ended = 0, STOPPED
    while ended != UNREACHED:
        point += 2
        root = prepared(tmp_path, str(point), "apply")
        fault = raising(lasting or KeyboardInterrupt())
        ended = end(start(faulty(point, fault, partial(VERBS["apply"], root), lasting=lasting is not None)))
        assert ended in {0, STOPPED, UNREACHED}
        transaction.recover(root)
        assert snapshot(root) in (before, after), f"fault at call {point}"


@pytest.mark.usefixtures("_quick")
def test_a_kill_in_git_leaves_the_index_and_a_clean_tree(repository: Path) -> None:
    index = (repository / ".git/index").read_bytes()
    point = 1
    while killed_at(point, partial(transaction.apply, repository, SWAP)):
        transaction.recover(repository)
        if texts(repository) == AFTER_SWAP:
            transaction.undo(repository)
        assert git(repository, "--no-optional-locks", "status", "--porcelain") == ""
        assert (repository / ".git/index").read_bytes() == index
        point += 5
    assert point > 40


@pytest.mark.usefixtures("_quick")
def test_what_an_editor_writes_meanwhile_stays(tmp_path: Path) -> None:
    before, after = ({**state, "README.md": ("file", 0o644, b"mine")} for state in states(tmp_path, "apply"))
    outcomes, point, ended = [], 0, STOPPED
    while ended != UNREACHED:
        point += 1
        root = prepared(tmp_path, str(point), "apply")
        readme = root / "README.md"
        ended = end(start(faulty(point, partial(readme.write_bytes, b"mine"), partial(VERBS["apply"], root))))
        try:
            transaction.recover(root)
            outcomes.append("lost" if readme.read_bytes() != b"mine" else "kept")
        except RefactorError:
            assert readme.read_bytes() == b"mine"
            readme.unlink()
            transaction.recover(root)
            readme.write_bytes(b"mine")
            outcomes.append("in the way")
        assert outcomes[-1] == "lost" or snapshot(root) in (before, after)
    # No system call compares and replaces at once: between the last look and the rename there is one moment.
    # The last "lost" stands for the run that needed no more calls, in which no editor wrote.
    assert outcomes.count("lost") <= 2
    assert outcomes.count("in the way") <= 4


# One at a time


def test_a_second_apply_is_refused_while_one_is_at_work(course: Path) -> None:
    (course / ".refactor").mkdir()
    before = snapshot(course)
    with locked(course / ".refactor"):
        for verb in (*VERBS.values(), CHECK, transaction.recover):
            with pytest.raises(RefactorError, match=f"Another renaming is under way; wait for process {os.getpid()}"):
                verb(course)
    assert snapshot(course) == before
    transaction.apply(course, SWAP)


def test_of_two_applies_at_once_one_is_made(course: Path) -> None:
    children = [start(partial(transaction.apply, course, SWAP)) for _ in range(2)]
    assert sorted(map(end, children)) == [0, STOPPED]
    assert texts(course) == AFTER_SWAP


@pytest.mark.parametrize("point", [1, 2, 5, 12, 30])
def test_after_a_kill_everything_but_recover_is_refused(tmp_path: Path, point: int) -> None:
    root = prepared(tmp_path, "course", "apply")
    assert killed_at(point, partial(VERBS["apply"], root))
    if not (root / ".refactor/lock").exists():
        return  # killed before there was anything to see
    found = snapshot(root)
    for verb in (*VERBS.values(), CHECK):
        with pytest.raises(RefactorError, match="interrupted; run `python -m refactor recover` first"):
            verb(root)
    assert snapshot(root) == found
    transaction.recover(root)
    transaction.apply(root, HARD)


def test_without_its_lock_an_interrupted_transaction_is_seen_too(tmp_path: Path) -> None:
    root = prepared(tmp_path, "course", "undo")
    after = snapshot(root)
    assert killed_at(20, partial(VERBS["undo"], root))
    (root / ".refactor/lock").unlink()
    for verb in (*VERBS.values(), CHECK):
        with pytest.raises(RefactorError, match="interrupted; run `python -m refactor recover` first"):
            verb(root)
    transaction.recover(root)
    assert snapshot(root) == after


def killed_when(tmp_path: Path, reached: Callable[[Path], bool]) -> Path:
    """Give a tree left by an apply that was killed as soon as something could be seen in it."""
    for point in range(1, 100):
        root = prepared(tmp_path, str(point), "apply")
        assert killed_at(point, partial(transaction.apply, root, HARD, label="the hard one"))
        if reached(root):
            return root
    raise AssertionError


def test_recover_says_what_it_took_back(tmp_path: Path) -> None:
    before, _ = states(tmp_path, "apply")
    root = killed_when(tmp_path, lambda root: not (root / "src/14_caching").exists())
    assert transaction.recover(root) == (
        "Took back the hard one, which was interrupted: 4 moves, 6 edited files. The tree is as it was before."
    )
    assert snapshot(root) == before


def test_recover_tells_an_undo_from_what_it_undoes(course: Path) -> None:
    transaction.apply(course, SWAP, label="the swap")
    assert killed_at(20, partial(transaction.undo, course))
    assert transaction.recover(course).startswith("Took back undo of the swap, which was interrupted: 3 moves")
    assert texts(course) == AFTER_SWAP


def test_recover_does_not_overwrite_what_came_into_the_way(tmp_path: Path) -> None:
    before, _ = states(tmp_path, "apply")
    root = killed_when(tmp_path, lambda root: not (root / "old").exists())
    write(root, {"old": "mine"})
    with pytest.raises(RefactorError, match="/old"):
        transaction.recover(root)
    assert (root / "old").read_bytes() == b"mine"
    (root / "old").unlink()
    transaction.recover(root)
    assert snapshot(root) == before


def test_recover_does_not_overwrite_a_file_either(tmp_path: Path) -> None:
    left = "src/14_caching/caching.py"
    root = killed_when(tmp_path, lambda root: not (root / left).exists())
    write(root, {left: "mine"})
    with pytest.raises(RefactorError, match=f"{left} is in the way; move it elsewhere"):
        transaction.recover(root)
    assert (root / left).read_bytes() == b"mine"


SHARED = Path("/dev/shm")  # noqa: S108


@pytest.mark.skipif(
    not SHARED.is_dir() or SHARED.stat().st_dev == Path(__file__).stat().st_dev, reason="needs a second disk"
)
@pytest.mark.usefixtures("_quick")
def test_a_git_directory_on_another_disk_will_do(course: Path) -> None:
    before = snapshot(course)
    with TemporaryDirectory(dir=SHARED) as elsewhere:
        git(course, "init", "-q", "--separate-git-dir", f"{elsewhere}/git")
        git(course, "add", "-A")
        git(course, "commit", "-qm", "first")
        point = 1
        while killed_at(point, partial(transaction.apply, course, SWAP)):
            transaction.recover(course)
            if (course / "src/14_profiling").exists():
                transaction.undo(course)
            found = snapshot(course)
            assert found.pop(".git")[0] == "file"
            assert found == before
            point += 6


def test_a_lost_journal_does_not_cost_what_is_parked(course: Path) -> None:
    write(course, {".refactor/parking/0/ABOUT.md": "the only copy"})
    with pytest.raises(RefactorError, match="parking holds parts of the tree, but their journal is gone"):
        transaction.apply(course, SWAP)
    assert (course / ".refactor/parking/0/ABOUT.md").read_bytes() == b"the only copy"


def test_old_undo_records_are_dropped(tmp_path: Path) -> None:
    write(tmp_path, {"x": "0"})
    for number in range(25):
        transaction.apply(tmp_path, plan([], [edit("x", 0, str(number), str(number + 1))]))
    names = sorted(path.name for path in (tmp_path / ".refactor/done").iterdir())
    assert (names[0], names[-1], len(names)) == ("000006", "000025", 20)
    for _ in range(3):
        transaction.undo(tmp_path)
    assert texts(tmp_path)["x"] == "22"


# Any plan

NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


def nodes(files: Iterable[str]) -> list[str]:
    """The files and all folders that they lie in."""
    return sorted({"/".join(path.split("/")[:end]) for path in files for end in range(1, path.count("/") + 2)})


def moved(path: str, moves: dict[str, str]) -> str:
    """Where a file belongs, told without the code under test: the longest listed start of its path decides."""
    starts = [old for old in moves if path == old or path.startswith(old + "/")]
    longest = max(starts, key=len, default="")
    return moves[longest] + path[len(longest) :] if longest else path


@given(data=st.data(), paths=st.sets(PATHS, min_size=1, max_size=8))
@settings(max_examples=100)
def test_any_plan_is_done_wholly_or_refused_and_undo_is_its_inverse(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, paths: set[str]
) -> None:
    files = {path for path in paths if not any(other.startswith(path + "/") for other in paths)}
    present = st.sampled_from(nodes(files))
    pairs = data.draw(st.dictionaries(present, PATHS | present, min_size=1, max_size=4), label="moves")
    root = tmp_path_factory.mktemp("tree")
    write(root, {path: path for path in files})
    before = snapshot(root)
    edits = [edit(path, 0, path[0], "edited ") for path in sorted(files)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        try:
            transaction.apply(root, plan(pairs.items(), edits))
        except RefactorError:
            assert snapshot(root) == before
            return
        assert texts(root) == {moved(path, pairs): "edited " + path[1:] for path in files}
        transaction.undo(root)
    assert snapshot(root) == before


# To be committed


def committing(repository: Path, then: Callable[[], object]) -> Callable[[], object]:
    """Give work that applies the swap, and does something in place of the commit."""
    return lambda: transaction.apply(repository, SWAP, label="the swap", commit=lambda _applied: then())


@pytest.mark.parametrize("error", [RefactorError("refused"), KeyboardInterrupt(), OSError(errno.ENOSPC, "disk full")])
def test_what_cannot_be_committed_is_taken_back(repository: Path, error: BaseException) -> None:
    before = snapshot(repository)
    with pytest.raises((RefactorError, KeyboardInterrupt)):
        committing(repository, raising(error))()
    assert snapshot(repository) == before
    assert transaction.recover(repository) == "Nothing to recover."
    transaction.apply(repository, SWAP)


def test_what_was_committed_is_over(repository: Path) -> None:
    committing(repository, lambda: None)()
    assert texts(repository) == AFTER_SWAP
    assert transaction.unfinished(repository) is None
    assert transaction.recover(repository) == "Nothing to recover."
    transaction.undo(repository)
    assert git(repository, "status", "--porcelain") == ""


SYSTEM = [
    (OSError(errno.EIO, "no"), "no"),
    (OSError(errno.EIO, "no", "a"), "a: no"),
    (OSError(errno.EIO, "no", "a", None, "b"), "b: no"),
]


@pytest.mark.parametrize(("error", "told"), SYSTEM, ids=["nowhere", "at a file", "on the way to another"])
def test_what_the_system_refuses_is_told_with_its_place(repository: Path, error: OSError, told: str) -> None:
    with pytest.raises(RefactorError) as refused:
        committing(repository, raising(error))()
    assert str(refused.value) == f"{told}; nothing was changed. Put that right, then run this again."


def test_what_was_killed_before_its_commit_is_taken_back_by_recover(repository: Path) -> None:
    before = snapshot(repository)
    assert end(start(committing(repository, lambda: os.kill(os.getpid(), signal.SIGKILL)))) == -signal.SIGKILL
    assert texts(repository) == AFTER_SWAP
    (repository / ".git/refactor/lock").unlink()  # it is told without that, too
    for verb in (partial(transaction.apply, repository, SWAP), partial(transaction.undo, repository)):
        with pytest.raises(RefactorError, match="interrupted; run `python -m refactor recover` first"):
            verb()
    assert transaction.recover(repository) == (
        "Took back the swap, which was interrupted: 3 moves, 4 edited files. The tree is as it was before."
    )
    assert snapshot(repository) == before
    assert transaction.recover(repository) == "Nothing to recover."


def test_recover_may_be_killed_while_it_takes_back_what_was_not_committed(repository: Path) -> None:
    before = snapshot(repository)
    assert end(start(committing(repository, lambda: os.kill(os.getpid(), signal.SIGKILL)))) == -signal.SIGKILL
    assert killed_at(25, partial(transaction.recover, repository))
    transaction.recover(repository)
    assert snapshot(repository) == before


def test_what_is_unfinished_can_be_seen(repository: Path) -> None:
    assert transaction.unfinished(repository) is None
    transaction.apply(repository, SWAP, label="the swap")
    assert transaction.unfinished(repository) is None
    assert killed_at(20, partial(transaction.undo, repository))
    begun = transaction.unfinished(repository)
    assert begun is not None
    assert (begun.label, begun.undoes) == ("undo of the swap", "000001")
    transaction.recover(repository)
    transaction.undo(repository)
    assert end(start(committing(repository, lambda: os.kill(os.getpid(), signal.SIGKILL)))) == -signal.SIGKILL
    waits = transaction.unfinished(repository)
    assert waits is not None
    assert (waits.label, waits.undoes) == ("the swap", "")


def test_what_was_done_last_is_remembered_with_what_is_newer(repository: Path) -> None:
    journal, is_newer = transaction.remembered(repository)
    assert journal is None
    assert is_newer("README.md")
    transaction.apply(repository, SWAP, label="the swap")
    journal, is_newer = transaction.remembered(repository)
    assert journal is not None
    assert journal.label == "the swap"
    when = (repository / ".git/refactor/done/000001").stat().st_mtime_ns
    os.utime(repository / "README.md", ns=(when, when))
    os.utime(repository / "src/14_profiling/ABOUT.md", ns=(when + 1, when + 1))
    assert [is_newer(path) for path in ("README.md", "src/14_profiling/ABOUT.md", "gone.md")] == [False, True, True]
    assert transaction.remembered(repository / "src")[0] is None


def test_what_has_changed_since_an_interrupted_commit_is_not_overwritten(repository: Path) -> None:
    assert end(start(committing(repository, lambda: os.kill(os.getpid(), signal.SIGKILL)))) == -signal.SIGKILL
    write(repository, {"README.md": "mine"})
    with pytest.raises(RefactorError, match=r"README\.md has changed since"):
        transaction.recover(repository)
    assert (repository / "README.md").read_bytes() == b"mine"
