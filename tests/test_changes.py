"""What a branch changed, told by real git: lines, paths that are gone, and which findings are therefore new."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from garden import FORMATS

from refactor import changes
from refactor.errors import RefactorError
from refactor.lint import at
from refactor.model import Document, Finding
from refactor.spans import Span


def call(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True).stdout.decode()


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


def commit(root: Path, message: str = "more") -> None:
    call(root, "add", "-A")
    call(root, "commit", "-qm", message)


LONG = "".join(f"line {number}\n" for number in range(1, 21))
TREE = {
    "README.md": LONG,
    "modules/14_soil/soil_dev.py": LONG.replace("line", "soil"),
    "modules/14_soil/README.md": LONG.replace("line", "about soil"),
    "modules/15_seeds/README.md": LONG.replace("line", "about seeds"),
    "docs/setup.md": LONG.replace("line", "set up"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with `main` and the branch `work` checked out, one commit each has not from the other's."""
    top = tmp_path / "top"
    top.mkdir()
    call(top, "init", "-q", "-b", "main")
    write(top, TREE)
    commit(top, "first")
    call(top, "checkout", "-qb", "work")
    return top


def changed(root: Path, base: str = "main") -> dict[str, set[int]]:
    return {path: set(lines) for path, lines in changes.changed_lines(root, base).items()}


# Lines


def test_nothing_changed(root: Path) -> None:
    assert changed(root) == {}
    assert changes.gone(root, "main") == frozenset()


def test_lines_added_and_changed_are_counted_as_they_stand_now(root: Path) -> None:
    write(root, {"README.md": "new first\n" + LONG.replace("line 7\n", "line seven\n") + "last\n"})
    commit(root)
    assert changed(root) == {"README.md": {1, 8, 22}}


def test_lines_that_went_leave_none_behind(root: Path) -> None:
    write(root, {"README.md": LONG.replace("line 7\n", "")})
    assert changed(root) == {"README.md": set()}


def test_committed_staged_unstaged_and_untracked_changes_all_count(root: Path) -> None:
    write(root, {"docs/committed.md": "a\n"})
    commit(root)
    write(root, {"docs/staged.md": "a\nb\n"})
    call(root, "add", "docs/staged.md")
    write(root, {"README.md": LONG + "unstaged\n", "docs/untracked.md": "a\nb\nc"})
    assert changed(root) == {
        "README.md": {21},
        "docs/committed.md": {1},
        "docs/staged.md": {1, 2},
        "docs/untracked.md": {1, 2, 3},
    }


def test_what_git_ignores_is_nobodys_change(root: Path) -> None:
    write(root, {".git/info/exclude": "*.tmp\n", "a.tmp": "a\n"})
    assert changed(root) == {}


def test_what_the_base_did_meanwhile_is_not_the_branchs(root: Path) -> None:
    call(root, "checkout", "-q", "main")
    write(root, {"README.md": LONG.replace("line 1\n", "line one\n"), "docs/main.md": "a\n"})
    (root / "docs/setup.md").unlink()
    commit(root)
    call(root, "checkout", "-q", "work")
    write(root, {"README.md": LONG.replace("line 20\n", "line twenty\n")})
    commit(root)
    assert changed(root) == {"README.md": {20}}
    assert changes.gone(root, "main") == frozenset()


def test_a_moved_file_has_only_the_lines_that_differ(root: Path) -> None:
    call(root, "mv", "modules/14_soil", "modules/16_soil")
    write(root, {"modules/16_soil/README.md": TREE["modules/14_soil/README.md"].replace("soil 3\n", "soil three\n")})
    commit(root)
    assert changed(root) == {"modules/16_soil/README.md": {3}, "modules/16_soil/soil_dev.py": set()}


@pytest.mark.parametrize(
    "name", ["a b.md", 'q"uote.md', "new\nline.md", "tab\there.md", "back\\slash.md", "Übung 第.md", " b.md", "+++ b"]
)
def test_names_may_hold_anything(root: Path, name: str) -> None:
    write(root, {f"odd {name}": LONG})
    commit(root)
    call(root, "branch", "-f", "main")
    write(root, {f"odd {name}": LONG.replace("line 2\n", "line two\n")})
    assert changed(root) == {f"odd {name}": {2}}
    call(root, "mv", f"odd {name}", f"moved {name}")
    assert changed(root) == {f"moved {name}": {2}}
    assert changes.gone(root, "main") == {f"odd {name}"}


def test_a_name_that_is_not_utf8_is_told_as_the_tree_tells_it(root: Path) -> None:
    (root / "caf\udce9.md").write_bytes(b"a\n")
    commit(root)
    assert changed(root) == {"caf\udce9.md": {1}}


def test_content_that_looks_like_a_diff_is_content(root: Path) -> None:
    write(root, {"README.md": "-- a/x\n++ b/y\n@@ -1 +5,9 @@\ndiff --git a/x b/y\n" + LONG})
    assert changed(root) == {"README.md": {1, 2, 3, 4}}
    commit(root)
    call(root, "branch", "-f", "main")
    write(root, {"README.md": "++ b/z\n" + LONG})
    assert changed(root) == {"README.md": {1}}


def test_line_ends_and_a_missing_last_one(root: Path) -> None:
    write(root, {"win.md": "a\r\nb\r\nc\r\n", "mac.md": "a\rb\r", "open.md": "a\nb"})
    commit(root)
    call(root, "branch", "-f", "main")
    write(root, {"win.md": "a\r\nB\r\nc\r\n", "mac.md": "a\rB\r", "open.md": "a\nb\nc"})
    assert changed(root) == {"win.md": {2}, "mac.md": {1}, "open.md": {2, 3}}


def test_the_settings_of_a_person_do_not_matter(root: Path) -> None:
    for name, value in {
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.interHunkContext": "9",
        "diff.context": "9",
        "diff.renames": "false",
        "diff.external": "false",
        "color.ui": "always",
        "core.quotePath": "true",
    }.items():
        call(root, "config", name, value)
    call(root, "mv", "docs/setup.md", "docs/ü.md")
    write(root, {"README.md": LONG.replace("line 3\n", "3\n").replace("line 6\n", "6\n")})
    assert changed(root) == {"README.md": {3, 6}, "docs/ü.md": set()}


def test_a_text_that_attributes_call_binary_counts_as_a_whole(root: Path) -> None:
    write(root, {".gitattributes": "*.ipynb -diff\n", "a.ipynb": "{\n}\n", "b.png": "\0\n\0\n"})
    commit(root)
    assert changed(root) == {".gitattributes": {1}, "a.ipynb": {1, 2}, "b.png": set()}


def test_a_root_below_the_top_sees_only_itself(root: Path) -> None:
    write(root, {"README.md": "x\n", "modules/15_seeds/README.md": "x\n", "modules/new.md": "x\n"})
    (root / "modules/14_soil/README.md").unlink()
    assert changed(root / "modules") == {"15_seeds/README.md": {1}, "new.md": {1}}
    assert changes.gone(root / "modules", "main") == {"14_soil/README.md"}


def test_links_and_empty_files_have_no_lines_to_judge(root: Path) -> None:
    (root / "link.md").symlink_to("nowhere.md")
    (root / "empty.md").touch()
    assert changed(root) == {"empty.md": set(), "link.md": set()}


# Gone


def test_deleted_and_moved_paths_are_gone_with_the_folders_they_leave_empty(root: Path) -> None:
    call(root, "mv", "modules/14_soil", "modules/16_soil")
    commit(root)
    (root / "docs/setup.md").unlink()
    assert changes.gone(root, "main") == {
        "docs",
        "docs/setup.md",
        "modules/14_soil",
        "modules/14_soil/README.md",
        "modules/14_soil/soil_dev.py",
    }


def test_a_path_that_another_file_took_is_not_gone(root: Path) -> None:
    call(root, "mv", "modules/14_soil", "modules/parked")
    call(root, "mv", "modules/15_seeds", "modules/14_soil")
    call(root, "mv", "modules/parked", "modules/15_seeds")
    assert changes.gone(root, "main") == {"modules/14_soil/soil_dev.py"}


def test_what_git_forgot_but_the_disk_has_is_not_gone(root: Path) -> None:
    call(root, "rm", "-q", "--cached", "docs/setup.md")
    assert changes.gone(root, "main") == frozenset()


# What cannot be told


def test_an_unknown_base_is_said_with_what_to_do(root: Path) -> None:
    with pytest.raises(RefactorError, match=r"git knows no commit called origin/main: check the name, or `git fetch`"):
        changes.changed_lines(root, "origin/main")


@pytest.mark.parametrize("base", ["", "--output=x", "HEAD:README.md", "a b"])
def test_what_is_no_commit_is_never_an_option(root: Path, base: str) -> None:
    with pytest.raises(RefactorError, match="git knows no commit called"):
        changes.gone(root, base)
    assert not (root / "x").exists()


def test_histories_that_never_met(root: Path) -> None:
    call(root, "checkout", "-q", "--orphan", "other")
    commit(root)
    with pytest.raises(RefactorError, match="main and this branch have no commit in common: name a commit"):
        changes.changed_lines(root, "main")


def test_without_git(tmp_path: Path) -> None:
    with pytest.raises(RefactorError, match="is not in a git repository, so there is nothing to compare with"):
        changes.changed_lines(tmp_path, "main")


def test_before_the_first_commit(tmp_path: Path) -> None:
    call(tmp_path, "init", "-q")
    with pytest.raises(RefactorError, match="has no commit yet"):
        changes.changed_lines(tmp_path, "main")


def test_a_shallow_clone_says_how_to_fetch_the_rest(root: Path, tmp_path: Path) -> None:
    write(root, {"README.md": "x\n"})
    commit(root)
    call(tmp_path, "clone", "-q", "--depth=1", "--branch=work", f"file://{root}", "clone")
    with pytest.raises(RefactorError, match=r"no commit called origin/main: .* `git fetch --unshallow`"):
        changes.changed_lines(tmp_path / "clone", "origin/main")
    call(tmp_path / "clone", "fetch", "-q", "--depth=1", "origin", "main:main")
    with pytest.raises(RefactorError, match=r"no commit in common: .* `fetch-depth: 0`"):
        changes.changed_lines(tmp_path / "clone", "main")


# Whose finding it is

PAGE = "Module 14: Soil\n\nsee [it](../modules/14_soil/README.md)\nand run `setup`, then `soil_dev.py`.\n"


def document(path: str, text: str) -> Document:
    return Document(path, text.encode(), FORMATS.claimed(path) or FORMATS.fallback)


DOCUMENTS = {"docs/page.md": document("docs/page.md", PAGE)}


def finding(text: str, target: str = "") -> Finding:
    start = PAGE.index(text)
    return at("stale-number", "docs/page.md", Span(start, start + len(text)), "is wrong", target=target)


@pytest.mark.parametrize(("lines", "new"), [({1}, True), ({2}, False), ({3}, False), (set(), False)])
def test_a_finding_on_a_changed_line_is_new(lines: set[int], *, new: bool) -> None:
    assert changes.is_new(finding("Module 14: Soil"), {"docs/page.md": lines}, frozenset(), DOCUMENTS) is new


def test_a_finding_over_several_lines_is_new_if_one_of_them_is() -> None:
    assert changes.is_new(finding("README.md)\nand run"), {"docs/page.md": {4}}, frozenset(), DOCUMENTS)
    assert not changes.is_new(finding("README.md)\n"), {"docs/page.md": {4}}, frozenset(), DOCUMENTS)


@pytest.mark.parametrize(
    ("gone", "text", "target", "new"),
    [
        ({"modules/14_soil/README.md", "modules/14_soil"}, "../modules/14_soil/README.md", "", True),
        ({"modules/14_soil"}, "Module 14: Soil", "15_soil", True),  # the number is another, the slug tells
        ({"modules/14_soil"}, "Module 14: Soil", "15_seeds", False),
        ({"docs/setup.md"}, "setup", "", True),
        ({"docs/set.md"}, "setup", "", False),
        ({"docs/README.md"}, "../modules/14_soil/README.md", "", False),  # another README
        ({"old/14_soil/README.md"}, "../modules/14_soil/README.md", "", True),
        ({"modules/14_soil/soil_dev.py"}, "soil_dev.py", "", True),
        ({"modules/14_soil/soil_dev.py"}, "Module 14: Soil", "14_soil", False),  # one file of it went, not the entry
        (set(), "setup", "", False),
    ],
)
def test_a_finding_elsewhere_is_new_if_it_speaks_of_what_is_gone(
    gone: set[str], text: str, target: str, *, new: bool
) -> None:
    assert changes.is_new(finding(text, target), {}, frozenset(gone), DOCUMENTS) is new


@pytest.mark.parametrize(
    ("path", "new"), [("docs/page.md", True), ("docs", True), ("doc", False), ("docs/other.md", False)]
)
def test_a_finding_about_a_file_or_folder_is_new_if_it_was_touched(path: str, *, new: bool) -> None:
    whole = at("number-clash", path, Span(0, 0), "has the number of 14_soil")
    assert changes.is_new(whole, {"docs/page.md": set()}, frozenset(), DOCUMENTS) is new


def test_lines_of_a_branch_meet_findings_on_disk(root: Path) -> None:
    text = LONG + "Module 14: Seeds\r\n"
    write(root, {"README.md": text, "docs/setup.md": "Module 15: Soil\n"})
    call(root, "branch", "-f", "main")
    write(root, {"README.md": "\n" + text.replace("line 20", "Module 15: Soil")})
    documents = {path: document(path, (root / path).read_bytes().decode()) for path in ("README.md", "docs/setup.md")}
    found = [
        at("stale-number", path, Span(place, place + 9), "is wrong")
        for path, one in documents.items()
        for place in (one.text.find("Module 15"), one.text.find("Module 14"))
        if place >= 0
    ]
    since = changes.changed_lines(root, "HEAD")
    assert since == {"README.md": {1, 21, 22}, "docs/setup.md": {1}}
    assert [changes.is_new(one, since, frozenset(), documents) for one in found] == [True, True, True]
    commit(root)
    since = changes.changed_lines(root, "HEAD")
    assert [changes.is_new(one, since, frozenset(), documents) for one in found] == [False, False, False]
