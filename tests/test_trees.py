"""Trees as people have them: whatever lies in a course, a renaming does its work around it and undo restores every byte.

Each line of a table puts one odd thing into a small course in git; the command line then renames, lints and undoes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from snapshots import State, snapshot, state

from refactor import cli

COURSE = {
    "README.md": "# A garden\n\n- [Water](modules/10_water/README.md)\n- [Pruning](modules/11_pruning/README.md)\n",
    "modules/09_soil/README.md": "# Module 09: Soil\n\nNext is Module 10: Water.\n",
    "modules/10_water/README.md": "# Module 10: Water\n",
    "modules/10_water/water.py": '"""Module 10: Water."""\n',
    "modules/11_pruning/README.md": "# Module 11: Pruning\n",
}
MENTION = b"After Module 10: Water comes `11_pruning`.\n"
RENAMED = b"After Module 11: Water comes `10_pruning`.\n"
SWAP = ("rename", "--from", "10_water", "--to", "11_water", "--swap")
OLD, NEW = "modules/10_water", "modules/11_water"

Make = Callable[[Path], None]


def git(root: Path, *arguments: str) -> str:
    """Run git, which trusts folders beside the tree."""
    command = ("git", "-c", "protocol.file.allow=always", *arguments)
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def put(path: str, data: bytes, mode: int = 0o644) -> Make:
    """A file."""

    def make(root: Path) -> None:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        file.chmod(mode)

    return make


def link(path: str, target: str) -> Make:
    """A symbolic link."""
    return lambda root: (root / path).symlink_to(target)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Write")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small course in a repository."""
    course = tmp_path / "course"
    for path, text in COURSE.items():
        put(path, text.encode())(course)
    git(course, "init", "--quiet", "--initial-branch=main")
    commit(course)
    return course


def run(root: Path, *arguments: str) -> int:
    return cli.main(["--root", str(root), *arguments])


def renamed_and_undone(root: Path) -> State:
    """Rename, lint and undo; hold that nothing is lost, and give the tree in between."""
    before = state(root)
    assert run(root, *SWAP, "--allow-dirty") == 0
    between = state(root)
    assert between.index == before.index
    assert run(root, "lint") in {0, 1}
    assert state(root) == between
    assert run(root, "undo") == 0
    assert state(root) == before
    return between


# --- things that come along, or stay where they are ---------------------------------------------

NAMES = (
    "with blank.md", 'quo"te.md', "it's.md", "new\nline.md", "tab\t.md", "star*[a]?.md", "-rf.md", "back\\slash.md",
    "ünïcode.md", "漢字.md", "🎉.md", os.fsdecode(b"latin\xe9.md"), "\x1b[31mred.md", ":colon.md", "$HOME.md", "%41.md", "#.md",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_kind_is_moved_with_its_folder_and_its_text_is_edited(root: Path, name: str) -> None:
    put(f"{OLD}/{name}", MENTION)(root)
    put(name, MENTION)(root)
    commit(root)
    between = renamed_and_undone(root)
    assert between.tree[f"{NEW}/{name}"] == between.tree[name] == ("file", 0o644, RENAMED)


def test_names_that_differ_only_in_how_their_letters_are_composed_stay_apart(root: Path) -> None:
    names = [unicodedata.normalize(form, "café.md") for form in ("NFC", "NFD")]
    for number, name in enumerate(names):
        put(f"{OLD}/{name}", MENTION + b"%d" % number)(root)
    if len(list((root / OLD).glob("caf*"))) < 2:
        pytest.skip("this disk takes the two names for one")
    commit(root)
    between = renamed_and_undone(root)
    assert [between.tree[f"{NEW}/{name}"][2] for name in names] == [RENAMED + b"0", RENAMED + b"1"]


def test_names_that_differ_only_in_case_stay_apart(root: Path) -> None:
    put(f"{OLD}/readme.md", MENTION)(root)
    if len(list((root / OLD).glob("*.md"))) < 2:
        pytest.skip("this disk takes the two names for one")
    commit(root)
    between = renamed_and_undone(root)
    assert between.tree[f"{NEW}/readme.md"][2] == RENAMED
    assert between.tree[f"{NEW}/README.md"][2] == b"# Module 11: Water\n"


# path, bytes before, bytes after
TEXTS = {
    "windows line ends": (MENTION.replace(b"\n", b"\r\n"), RENAMED.replace(b"\n", b"\r\n")),
    "old line ends": (MENTION.replace(b"\n", b"\r"), RENAMED.replace(b"\n", b"\r")),
    "mixed line ends": (MENTION + b"\r\n" + MENTION + b"\r", RENAMED + b"\r\n" + RENAMED + b"\r"),
    "no line end": (MENTION[:-1], RENAMED[:-1]),
    "blanks at the end": (MENTION[:-1] + b" \t \n", RENAMED[:-1] + b" \t \n"),
    "byte order mark": (b"\xef\xbb\xbf" + MENTION, b"\xef\xbb\xbf" + RENAMED),
    "latin-1": (b"caf\xe9 " + MENTION, b"caf\xe9 " + RENAMED),
    "half a letter at the end": (MENTION + b"\xc3", RENAMED + b"\xc3"),
    "form feeds and odd separators": (
        b"\x0c\x1c\x85" + "\u2028".encode() + b"\n" + MENTION,
        b"\x0c\x1c\x85" + "\u2028".encode() + b"\n" + RENAMED,
    ),
    "UTF-16": (MENTION.decode().encode("utf-16"), MENTION.decode().encode("utf-16")),
    "UTF-16 without a mark": (MENTION.decode().encode("utf-16-le"), MENTION.decode().encode("utf-16-le")),
    "UTF-32": (MENTION.decode().encode("utf-32"), MENTION.decode().encode("utf-32")),
    "a NUL": (b"\0" + MENTION, b"\0" + MENTION),
    "a NUL far behind": (b"word " * 4000 + b"\n\n" + MENTION + b"\0", b"word " * 4000 + b"\n\n" + RENAMED + b"\0"),
    "empty": (b"", b""),
    "nothing but a mark": (b"\xef\xbb\xbf", b"\xef\xbb\xbf"),
    "an LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    ),
}


@pytest.mark.parametrize("before_and_after", TEXTS.values(), ids=TEXTS)
def test_bytes_of_any_kind_are_edited_in_place_or_left_alone(root: Path, before_and_after: tuple[bytes, bytes]) -> None:
    before, after = before_and_after
    put("notes.md", before)(root)
    put(f"{OLD}/data.txt", before)(root)
    commit(root)
    between = renamed_and_undone(root)
    assert between.tree["notes.md"][2] == after
    assert between.tree[f"{NEW}/data.txt"][2] == after


MODES = [0o755, 0o600, 0o666, 0o640, 0o777, 0o2644, 0o4755, 0o1644]


@pytest.mark.parametrize("mode", MODES, ids=oct)
def test_a_mode_of_any_kind_is_kept_by_an_edit(root: Path, mode: int) -> None:
    put("notes.md", MENTION, mode)(root)
    put(f"{OLD}/run.sh", MENTION, mode)(root)
    commit(root)
    between = renamed_and_undone(root)
    assert between.tree["notes.md"] == between.tree[f"{NEW}/run.sh"] == ("file", mode, RENAMED)


@pytest.mark.skipif(sys.platform != "linux", reason="needs extended attributes")
def test_the_attributes_of_a_file_are_kept_by_an_edit(root: Path) -> None:
    put("notes.md", MENTION)(root)
    try:
        os.setxattr(root / "notes.md", "user.owner", b"me")
    except OSError:
        pytest.skip("this disk has no extended attributes")
    commit(root)
    for command in (SWAP, ("undo",)):
        assert run(root, *command) == 0
        assert os.getxattr(root / "notes.md", "user.owner") == b"me"


@pytest.mark.parametrize("mode", [0o444, 0o400, 0o000], ids=oct)
def test_a_file_that_may_not_be_written_is_moved_if_there_is_nothing_to_edit(root: Path, mode: int) -> None:
    put(f"{OLD}/data.bin", b"\0", mode)(root)
    between = renamed_and_undone(root)
    assert between.tree[f"{NEW}/data.bin"][1] == mode


@pytest.mark.parametrize("path", ["notes.md", f"{OLD}/notes.md"])
def test_a_file_that_may_not_be_written_and_would_be_edited_is_refused(
    root: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(path, MENTION, 0o444)(root)
    commit(root)
    before = state(root)
    assert run(root, *SWAP) == 2
    assert (
        capsys.readouterr().err
        == f"error: {path} or its folder is read-only; change the permissions, then run this again.\n"
    )
    assert state(root) == before


LINKS = {
    "in": (f"{OLD}/soil", "../09_soil"),
    "to itself": (f"{OLD}/self", "self"),
    "around": (f"{OLD}/loop", "../../modules"),
    "nowhere": (f"{OLD}/gone", "nowhere"),
    "out": (f"{OLD}/out", "../../../outside"),
    "absolute": (f"{OLD}/etc", "/etc"),
    "beside": ("latest", "modules/09_soil"),
    "a file": ("notes.md", "README.md"),
}


@pytest.mark.parametrize("where", LINKS)
def test_a_link_is_moved_as_it_is_and_never_followed(root: Path, where: str) -> None:
    path, target = LINKS[where]
    outside = root.parent / "outside"
    put("secret.md", MENTION)(outside)
    link(path, target)(root)
    commit(root)
    between = renamed_and_undone(root)
    assert between.tree[path.replace(OLD, NEW)] == ("link", 0, target.encode())
    assert snapshot(outside) == {"secret.md": ("file", 0o644, MENTION)}


def test_a_link_to_what_moves_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, target in {
        "latest": OLD,
        "modules/09_soil/next.md": "../10_water/README.md",
        "first": "modules/09_soil",
    }.items():
        link(path, target)(root)
    link(f"{OLD}/beside", "water.py")(root)  # which comes along
    link(f"{OLD}/next", "../11_pruning")(root)
    commit(root)
    assert run(root, *SWAP, "--dry-run") == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "a link to" in line]
    assert told == [
        "note: latest: a link to modules/10_water, which moves: make it anew",
        "note: modules/09_soil/next.md: a link to modules/10_water/README.md, which moves: make it anew",
        "note: modules/10_water/next: a link to modules/11_pruning, which moves: make it anew",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_what_is_no_file_comes_along_and_is_not_opened(root: Path) -> None:
    os.mkfifo(root / OLD / "pipe")
    assert run(root, *SWAP) == 0
    assert (root / NEW / "pipe").is_fifo()
    assert run(root, "undo") == 0
    assert (root / OLD / "pipe").is_fifo()


def test_of_two_names_of_one_file_the_other_keeps_the_old_text(root: Path) -> None:
    put("notes.md", MENTION)(root)
    (root.parent / "elsewhere.md").hardlink_to(root / "notes.md")
    commit(root)
    between = renamed_and_undone(root)
    assert between.tree["notes.md"][2] == RENAMED
    assert (root.parent / "elsewhere.md").read_bytes() == MENTION


@pytest.mark.parametrize("data", [b"\0", MENTION * 400], ids=["data", "text"])
def test_a_file_of_a_hundred_megabytes_is_moved_and_not_read(
    root: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    put(f"{OLD}/a.md", data)(root)
    os.truncate(root / OLD / "a.md", 100 * 2**20)
    before = (root / OLD / "a.md").stat()
    assert run(root, *SWAP) == 0
    assert f"note: {OLD}/a.md: larger than 10 MB" in capsys.readouterr().err
    after = (root / NEW / "a.md").stat()
    assert (after.st_size, after.st_ino, after.st_mtime_ns) == (before.st_size, before.st_ino, before.st_mtime_ns)
    assert run(root, "lint") in {0, 1}
    assert run(root, "undo") == 0
    assert (root / OLD / "a.md").stat().st_ino == before.st_ino


# --- how git has the tree -----------------------------------------------------------------------


def test_what_a_sparse_checkout_leaves_out_is_named_and_not_committed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put("notes/old.md", MENTION)(root)
    commit(root)
    git(root, "sparse-checkout", "set", "--no-cone", "/*", "!notes", f"!{OLD}/water.py")
    before = state(root)
    for way in ((*SWAP, "--dry-run"), SWAP, ("undo",)):
        assert run(root, *way) == 0
    assert state(root) == before
    absent = "not checked out (sparse checkout): what it says stays as it is"
    assert f"note: modules/10_water/water.py and 1 more: {absent}" in capsys.readouterr().err
    assert run(root, *SWAP, "--commit") == 2
    assert "git does not look at modules/10_water/water.py (skip-worktree" in capsys.readouterr().err
    assert state(root) == before


@pytest.mark.parametrize("mark", ["--skip-worktree", "--assume-unchanged"])
def test_what_git_was_told_not_to_look_at_is_edited_and_never_committed(
    root: Path, mark: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git(root, "update-index", mark, "README.md")
    put("README.md", COURSE["README.md"].encode() + b"A secret of mine.\n")(root)
    before = state(root)
    assert run(root, *SWAP, "--commit") == 2
    assert "git does not look at README.md (skip-worktree or assume-unchanged)" in capsys.readouterr().err
    assert state(root) == before
    assert run(root, *SWAP) == 0
    assert (root / "README.md").read_bytes().endswith(b"(modules/10_pruning/README.md)\nA secret of mine.\n")
    assert run(root, "undo") == 0
    assert state(root) == before


def test_a_file_that_is_in_the_index_only_is_no_obstacle(root: Path) -> None:
    put(f"{OLD}/gone.md", MENTION)(root)
    commit(root)
    (root / OLD / "gone.md").unlink()
    assert run(root, *SWAP) == 2
    renamed_and_undone(root)


def test_a_file_that_is_only_announced_to_git_is_a_change(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put("notes.md", MENTION)(root)
    git(root, "add", "--intent-to-add", "notes.md")
    assert run(root, *SWAP) == 2
    assert "Changes are not committed in notes.md" in capsys.readouterr().err
    assert renamed_and_undone(root).tree["notes.md"][2] == RENAMED


def test_a_linked_worktree_is_renamed_and_the_main_one_stays(root: Path) -> None:
    main, second = snapshot(root), root.parent / "second"
    git(root, "worktree", "add", "--quiet", str(second))
    assert run(second, *SWAP, "--commit") == 0
    assert git(second, "status", "--porcelain") == ""
    assert (second / NEW / "water.py").exists()
    assert run(second, "undo") == 0
    assert (snapshot(root), git(root, "status", "--porcelain")) == (main, "")


def test_a_repository_inside_comes_along_with_its_folder(root: Path) -> None:
    inner = root / OLD / "inner"
    put("README.md", MENTION)(inner)
    git(inner, "init", "--quiet")
    commit(inner)
    assert run(root, *SWAP) == 0
    assert (root / NEW / "inner/README.md").read_bytes() == MENTION
    assert git(root / NEW / "inner", "status", "--porcelain") == ""
    assert run(root, "undo") == 0
    assert (inner / "README.md").read_bytes() == MENTION


def test_an_index_in_two_parts_is_no_obstacle(root: Path) -> None:
    git(root, "update-index", "--split-index")
    assert run(root, *SWAP, "--commit") == 0
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "fsck", "--strict") == ""
