"""A tree lists what a person would call its files, reads them late, and says what it passes over."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor import tree
from refactor.errors import RefactorError
from refactor.model import Format, ZoneKind
from refactor.settings import Settings
from refactor.tree import Tree

MARKDOWN = Format("markdown", (".md", ".markdown"), (), ZoneKind.PROSE, lambda _text: ())
PYTHON = Format("python", (".py", ".pyi"), ("SConstruct",), ZoneKind.CODE, lambda _text: ())
TESTS = Format("cases", (".test.py",), (), ZoneKind.CODE, lambda _text: ())
PLAIN = Format("plain", (".txt",), ("Makefile",), ZoneKind.PROSE, lambda _text: ())
FORMATS = (MARKDOWN, PYTHON, TESTS, PLAIN)

ORDINARY = {"README.md": b"# A\n", "src/01_a/a_dev.py": b"x = 1\n", "src/02_b/b.md": b"b\n"}


def write(root: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def repository(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write files and commit them."""
    git(write(root, files), "init", "--quiet")
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--message=start")
    return root


def discover(root: Path, exclude: tuple[str, ...] = ()) -> Tree:
    return tree.discover(root, Settings(exclude=exclude), FORMATS)


Maker = Callable[[Path, Mapping[str, bytes]], Path]
everywhere = pytest.mark.parametrize("make", [write, repository], ids=["folder", "repository"])


# --- listing ------------------------------------------------------------------------------------


@everywhere
def test_a_tree_has_files_and_folders(tmp_path: Path, make: Maker) -> None:
    found = discover(make(tmp_path, ORDINARY))
    assert found.files == ("README.md", "src/01_a/a_dev.py", "src/02_b/b.md")
    assert found.paths == {"README.md", "src/01_a/a_dev.py", "src/02_b/b.md"}
    assert found.folders == {"src", "src/01_a", "src/02_b"}
    assert (found.passed_over, found.notes) == ((), ())


@everywhere
def test_what_lies_in_a_folder_can_be_asked(tmp_path: Path, make: Maker) -> None:
    found = discover(make(tmp_path, ORDINARY))
    assert found.children("") == ("README.md", "src")
    assert found.children("src") == ("src/01_a", "src/02_b")
    assert found.children("README.md") == found.children("nowhere") == ()
    assert [found.exists(path) for path in ("src", "src/02_b/b.md", "src/03_c", "")] == [True, True, False, False]


def test_git_lists_what_is_tracked_and_what_could_be(tmp_path: Path) -> None:
    root = repository(tmp_path, {**ORDINARY, ".gitignore": b"*.log\nsite/\n", ".github/ci.md": b"x", "kept.log": b"x"})
    write(root, {"new.md": b"x", "other.log": b"x", "site/a.md": b"x", "src/__pycache__/x.md": b"x"})
    (root / "README.md").unlink()
    assert discover(root).files == (
        ".github/ci.md",
        ".gitignore",
        "kept.log",
        "new.md",
        "src/01_a/a_dev.py",
        "src/02_b/b.md",
        "src/__pycache__/x.md",
    )


def test_outside_git_hidden_and_installed_folders_are_left_out(tmp_path: Path) -> None:
    extra = {".gitignore": b"x", ".cache/a.md": b"x", "a/node_modules/b.md": b"x", "a/__pycache__/b.md": b"x"}
    write(tmp_path, {**ORDINARY, **extra, "env/pyvenv.cfg": b"x", "env/lib/b.md": b"x"})
    (tmp_path / "empty" / "inner").mkdir(parents=True)
    found = discover(tmp_path)
    assert found.files == (".gitignore", "README.md", "src/01_a/a_dev.py", "src/02_b/b.md")
    assert found.folders == {"a", "empty", "empty/inner", "env", "src", "src/01_a", "src/02_b"}


def test_a_folder_inside_a_repository_is_a_tree_of_its_own(tmp_path: Path) -> None:
    repository(tmp_path, ORDINARY)
    assert discover(tmp_path / "src").files == ("01_a/a_dev.py", "02_b/b.md")


def test_a_folder_that_git_ignores_is_walked(tmp_path: Path) -> None:
    repository(tmp_path, {".gitignore": b"scratch/\n"})
    assert discover(write(tmp_path / "scratch", ORDINARY)).files == ("README.md", "src/01_a/a_dev.py", "src/02_b/b.md")


def test_a_path_with_a_conflict_is_listed_once(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.md": b"one\n"})
    git(root, "checkout", "--quiet", "-b", "other")
    (root / "a.md").write_bytes(b"two\n")
    git(root, "commit", "--quiet", "--all", "--message=two")
    git(root, "checkout", "--quiet", "-")
    (root / "a.md").write_bytes(b"three\n")
    git(root, "commit", "--quiet", "--all", "--message=three")
    subprocess.run(["git", "-C", str(root), "merge", "other"], check=False, capture_output=True)
    assert discover(root).files == ("a.md",)


def test_a_root_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefactorError, match="is no folder: name the folder of the course or book"):
        discover(tmp_path / "nowhere")


@everywhere
def test_names_of_any_kind_are_listed(tmp_path: Path, make: Maker) -> None:
    names = {"sp ace.md", "é🏛.md", "tab\t.md", "new\nline.md", "-dash.md", "'\"`$.md", "[a]*.md"}
    found = discover(make(tmp_path, dict.fromkeys(names, b"x")))
    assert found.paths == names
    assert {document.path for document in found.documents()} == names


@pytest.mark.skipif(sys.platform == "darwin", reason="its file system refuses such names")
@everywhere
def test_a_name_that_is_not_utf8_is_listed_too(tmp_path: Path, make: Maker) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    found = discover(make(tmp_path, {name: b"x"}))
    assert found.files == (name,)
    assert found.read(name) is not None


# --- what is passed over ------------------------------------------------------------------------


@everywhere
def test_links_are_listed_and_never_followed(tmp_path: Path, make: Maker) -> None:
    outside = write(tmp_path / "outside", {"a.md": b"x"})
    root = write(tmp_path / "root", {"real/b.md": b"x"})
    (root / "file.md").symlink_to(outside / "a.md")
    (root / "folder").symlink_to(outside)
    (root / "broken.md").symlink_to("nowhere")
    (root / "inner").symlink_to("real")
    found = discover(make(root, {}))
    assert found.files == ("real/b.md",)
    assert found.paths == {"real/b.md", "file.md", "folder", "broken.md", "inner"}
    assert found.folders == {"real"}
    assert found.passed_over == tuple((name, "symbolic link") for name in ("broken.md", "file.md", "folder", "inner"))


def test_a_folder_replaced_by_a_link_hides_what_git_has_below_it(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"02_b/b.md": b"secret"})
    root = repository(tmp_path / "root", ORDINARY)
    (root / "src").rename(tmp_path / "away")
    (root / "src").symlink_to(outside)
    found = discover(root)
    assert found.files == ("README.md",)
    assert found.paths == {"README.md", "src"}
    assert found.folders == set()
    assert found.passed_over == (("src", "symbolic link"),)


def test_a_submodule_is_a_folder_that_is_passed_over(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"a.md": b"x"})
    root = repository(tmp_path / "root", {"README.md": b"x"})
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "vendor/inner")
    found = discover(root)
    assert found.files == (".gitmodules", "README.md")
    assert found.folders == {"vendor", "vendor/inner"}
    assert found.passed_over == (("vendor/inner", "submodule"),)


@everywhere
def test_binary_and_empty_files_are_there_and_no_documents(tmp_path: Path, make: Maker) -> None:
    files = {
        "a.png": b"plain words",
        "b.bin": b"\0",
        "empty.md": b"",
        "c.md": b"a\0b",
        "d.txt": b"\xff\xfea\0",
        "e": b"x\0",
    }
    found = discover(make(tmp_path, {**files, "late.dat": b"x" * 8192 + b"\0"}))
    assert [document.path for document in found.documents()] == ["late.dat"]
    assert found.paths == {*files, "late.dat"}
    assert found.passed_over == (("c.md", "binary"), ("d.txt", "UTF-16: save it as UTF-8"))


@everywhere
def test_huge_files_lock_files_and_pointers_are_reported(tmp_path: Path, make: Maker) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    files = {"data.csv": pointer, "uv.lock": b"x", "web/package-lock.json": b"{}", "huge.md": b"x" * (tree.LARGEST + 1)}
    found = discover(make(tmp_path, {**files, "most.md": b"x" * tree.LARGEST, "huge.zip": files["huge.md"]}))
    assert [document.path for document in found.documents()] == ["most.md"]
    assert found.passed_over == (
        ("data.csv", "Git LFS pointer"),
        ("huge.md", "larger than 10 MB"),
        ("uv.lock", "lock file"),
        ("web/package-lock.json", "lock file"),
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    found = discover(tmp_path)
    assert (found.files, found.passed_over) == ((), (("pipe.md", "no regular file"),))


def test_a_file_that_vanishes_is_reported(tmp_path: Path) -> None:
    found = discover(write(tmp_path, ORDINARY))
    (tmp_path / "README.md").unlink()
    assert [document.path for document in found.documents()] == ["src/01_a/a_dev.py", "src/02_b/b.md"]
    assert found.passed_over == (("README.md", "cannot be read (No such file or directory)"),)


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_what_may_not_be_read_is_reported(tmp_path: Path) -> None:
    write(tmp_path, ORDINARY)
    (tmp_path / "README.md").chmod(0)
    (tmp_path / "src").chmod(0)
    found = discover(tmp_path)
    (tmp_path / "src").chmod(0o755)
    assert found.passed_over == (
        ("README.md", "cannot be read (Permission denied)"),
        ("src", "cannot be read (Permission denied)"),
    )


# --- excludes -----------------------------------------------------------------------------------


@everywhere
def test_excluded_files_exist_and_are_no_documents(tmp_path: Path, make: Maker) -> None:
    root = make(tmp_path, {**ORDINARY, "docs/old/a.md": b"x", "docs/old/keep.md": b"x", "docs/new.md": b"x"})
    found = discover(root, exclude=("docs/**", "!docs/old/keep.md", "*_dev.py"))
    assert found.files == ("README.md", "docs/old/keep.md", "src/02_b/b.md")
    assert "docs/old/a.md" in found.paths
    assert found.passed_over == ()


@pytest.mark.parametrize(
    ("globs", "path", "expected"),
    [
        ((), "a.md", False),
        (("CHANGELOG.md",), "docs/CHANGELOG.md", True),
        (("docs/",), "docs/a/b.md", True),
        (("docs/",), "docs", False),
        (("a/*.md",), "a/b/c.md", False),
        (("a/**/c.md",), "a/b/c.md", True),
        (("*.md", "!keep.md"), "keep.md", False),
        (("é*",), "état.md", True),
    ],
)
def test_globs_mean_what_they_mean_to_git(globs: tuple[str, ...], path: str, expected: bool) -> None:  # noqa: FBT001
    assert tree.matcher(globs)(path) is expected


@pytest.mark.parametrize("glob", ["!", "a\\", "[z-a]"])
def test_a_malformed_glob_is_named(tmp_path: Path, glob: str) -> None:
    with pytest.raises(RefactorError) as caught:
        discover(tmp_path, exclude=("*.md", glob))
    assert str(caught.value) == f"{glob!r} is no glob: write it as in .gitignore."


def test_without_globs_their_library_is_not_loaded(tmp_path: Path) -> None:
    write(tmp_path, ORDINARY)
    code = (
        "import sys; from pathlib import Path; from refactor import settings, tree, toc, planfile; root = Path(sys.argv[1]);"
        "print(len(list(tree.discover(root, settings.read(root), ()).documents())),"
        "sorted({'pathspec', 'yaml', 'tomllib', 'difflib'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert done.stdout == "3 []\n"


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.md", "markdown"),
        ("A.MD", "markdown"),
        ("b.test.py", "cases"),
        ("b.tests.py", "python"),
        ("SConstruct", "python"),
        ("sconstruct", "plain"),
        ("Makefile", "plain"),
        ("no_suffix", "plain"),
        (".py", "python"),
        ("deep.md/a.odd", "plain"),
    ],
)
def test_a_format_is_chosen_by_name_then_by_longest_suffix(tmp_path: Path, name: str, expected: str) -> None:
    document = discover(write(tmp_path, {name: b"x"})).read(name)
    assert document is not None
    assert document.format.name == expected


def test_without_formats_everything_is_plain_text(tmp_path: Path) -> None:
    found = tree.discover(write(tmp_path, ORDINARY), Settings(), ())
    assert {document.format.name for document in found.documents()} == {"plain"}
    assert {document.zone_at(0).kind for document in found.documents()} == {ZoneKind.PROSE}


def test_documents_carry_their_bytes(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf# A\r\nb\rc\n" + b"x" * 10_000 + b"\xe2\x9a\xa1"
    found = discover(write(tmp_path, {"a.md": data, "b.md": b"b"}))
    assert {document.path: document.data for document in found.documents()} == {"a.md": data, "b.md": b"b"}


def test_files_are_read_when_asked_for_and_not_before(tmp_path: Path) -> None:
    found = discover(write(tmp_path, {"a.md": b"old", "b.md": b"old"}))
    write(tmp_path, {"a.md": b"new", "b.md": b"new"})
    document = found.read("a.md")
    assert document is not None
    assert document.data == b"new"
    write(tmp_path, {"a.md": b"newer", "b.md": b"newer"})
    assert found.read("a.md") is document
    assert [one.data for one in found.documents()] == [b"new", b"newer"]


@pytest.mark.parametrize("path", ["src", "nowhere.md", "../README.md", "picture.png", "/etc/passwd", ""])
def test_what_is_no_document_is_none(tmp_path: Path, path: str) -> None:
    assert discover(write(tmp_path, {**ORDINARY, "picture.png": b"x"})).read(path) is None


def test_bytes_that_are_not_utf8_make_a_document_with_a_note(tmp_path: Path) -> None:
    found = discover(write(tmp_path, {"a.md": b"caf\xe9 14\n", "b.md": "café".encode()}))
    document = found.read("a.md")
    assert document is not None
    assert document.text == "caf\udce9 14\n"
    assert found.notes == (("a.md", "not UTF-8 from byte 3 on"),)
    assert found.passed_over == ()


def test_the_report_does_not_depend_on_what_was_read_before(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": b"\0", "b.md": b"\xff", "c.md": b"fine", "d.lock": b"x"})
    read, unread = discover(tmp_path), discover(tmp_path)
    assert [document.path for document in read.documents()] == ["b.md", "c.md"]
    assert unread.passed_over == read.passed_over == (("a.md", "binary"), ("d.lock", "lock file"))
    assert unread.notes == read.notes == (("b.md", "not UTF-8 from byte 0 on"),)


NAMES = st.text("ab1_é.- ", min_size=1, max_size=5).filter(lambda name: name.strip(".") and not name.startswith("."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@given(files=st.dictionaries(PATHS, st.binary(max_size=20), max_size=6))
def test_git_and_a_walk_see_the_same_tree(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    files = {path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)}
    plain, tracked = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("tracked")
    write(plain, files)
    git(write(tracked, files), "init", "--quiet")
    one, other = discover(plain), discover(tracked)
    assert (one.files, one.paths, one.folders) == (other.files, other.paths, other.folders)
    assert one.paths == set(files)
    assert {d.path: d.data for d in one.documents()} == {d.path: d.data for d in other.documents()}
    assert one.passed_over == other.passed_over
