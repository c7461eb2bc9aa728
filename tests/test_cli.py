"""The command line as a person meets it: exit codes, one sentence when something is wrong, and not a byte written then."""

from __future__ import annotations

import io
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import inside
import pytest
from inside import Told

from refactor import cli

SLUGS = {8: "soil", 9: "seeds", 10: "water", 11: "pruning", 12: "compost", 13: "roses"}
COURSE = {
    **{f"modules/{n:02d}_{slug}/README.md": f"# Module {n:02d}: {slug.capitalize()}\n" for n, slug in SLUGS.items()},
    "notes.md": "After Module 11: Pruning rest.\n",
}
CUT = ("rename", "--from", "11_pruning", "--to", "15_cutting")
CUT_DONE = """\
renamed  11_pruning -> 15_cutting  (Cutting)
moved  modules/11_pruning -> modules/15_cutting
edited  4 mentions in 2 files (4 number+name)
"""
UNDO = "undo with: python -m refactor undo\n"


@dataclass(frozen=True)
class Course:
    """A small course on disk; `run` gives it a command."""

    root: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def write(self, path: str, data: str | bytes) -> Path:
        """Write one file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        return file

    def run(self, *arguments: str, answers: str = "") -> Told:
        """Run one command here; `answers` is what a person types."""
        self.patch.setattr("sys.stdin", io.StringIO(answers))
        self.capture.readouterr()
        try:
            code = cli.main(["--root", str(self.root), *arguments])
        except SystemExit as stop:  # argparse leaves this way
            code = stop.code if isinstance(stop.code, int) else 1
        said = self.capture.readouterr()
        return Told(code, said.out, said.err)

    def files(self) -> dict[str, bytes]:
        """Every file and its content, git's own and our store left out."""
        found = sorted(path for path in self.root.rglob("*") if path.is_file())
        named = {path.relative_to(self.root).as_posix(): path for path in found}
        return {
            name: path.read_bytes() for name, path in named.items() if name.split("/")[0] not in {".git", ".refactor"}
        }

    def git(self, *arguments: str) -> str:
        """Run git in the course."""
        return inside.git(self.root, *arguments).strip()

    def commit(self) -> str:
        """Put everything into a new repository, or a new commit of it; give the commit."""
        return inside.commit(self.root)

    def refused(self, *arguments: str, answers: str = "") -> str:
        """The one sentence of a command that is refused; nothing is written and nothing else is said."""
        before = self.files()
        told = self.run(*arguments, answers=answers)
        assert (told.code, told.out if not answers else "") == (2, ""), told
        assert self.files() == before
        assert told.err.startswith("error: ")
        assert told.err.count("\n") == 1
        assert "Traceback" not in told.err
        return told.err.removeprefix("error: ").removesuffix("\n")


@pytest.fixture
def course(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Course:
    """The course, outside git, with another folder as the current one."""
    found = Course(tmp_path / "course", capsys, monkeypatch)
    for path, text in COURSE.items():
        found.write(path, text)
    monkeypatch.chdir(tmp_path)
    return found


# --- done ----------------------------------------------------------------------------------------


def test_a_renaming_is_done_and_said_in_the_past_tense(course: Course) -> None:
    assert course.run(*CUT) == Told(0, CUT_DONE + UNDO, "")
    files = course.files()
    assert b'{ from = "11_pruning", to = "15_cutting"' in files.pop("refactor.ledger.toml")
    assert files == {
        **{path: text.encode() for path, text in COURSE.items() if "11_pruning" not in path},
        "modules/15_cutting/README.md": b"# Module 15: Cutting\n",
        "notes.md": b"After Module 15: Cutting rest.\n",
    }


def test_a_dry_run_says_what_would_be_done(course: Course) -> None:
    assert course.run(*CUT, "--dry-run") == Told(
        0,
        "would rename  11_pruning -> 15_cutting  (Cutting)\n"
        "would move    modules/11_pruning -> modules/15_cutting\n"
        "would edit    4 mentions in 2 files (4 number+name)\n",
        "",
    )


def test_a_second_time_there_is_nothing_to_do(course: Course) -> None:
    course.run(*CUT)
    assert course.run(*CUT) == Told(0, "nothing to do: already applied (ledger entry 89dc3cf3c320416f)\n", "")
    (course.root / "refactor.ledger.toml").unlink()
    assert course.run(*CUT) == Told(0, "nothing to do: the tree already carries the new ids\n", "")


@pytest.mark.parametrize(
    ("way", "code"), [(["--dry-run"], 0), (["--diff"], 0), (["--check"], 1), (["--check", "--diff"], 1),
                      (["--dry-run", "--format", "json"], 0), (["--check", "--format", "json"], 1)],
)  # fmt: skip
def test_a_preview_writes_nothing(course: Course, way: list[str], code: int) -> None:
    before = course.files()
    told = course.run(*CUT, *way)
    assert (told.code, told.err) == (code, "")
    assert told.out
    assert course.files() == before
    assert not (course.root / ".refactor").exists()


def test_check_is_clean_when_there_is_nothing_to_do(course: Course) -> None:
    course.run(*CUT)
    for way in (["--check"], ["--check", "--format", "json"], ["--check", "--diff"]):
        assert course.run(*CUT, *way).code == 0


def test_a_diff_shows_moves_and_lines(course: Course) -> None:
    told = course.run(*CUT, "--diff")
    assert told.out.splitlines()[:3] == [
        "diff --git a/modules/11_pruning/README.md b/modules/15_cutting/README.md",
        "rename from modules/11_pruning/README.md",
        "rename to modules/15_cutting/README.md",
    ]
    for line in ("--- a/modules/11_pruning/README.md", "+++ b/modules/15_cutting/README.md", "-# Module 11: Pruning",
                 "+# Module 15: Cutting", "--- a/notes.md", "+++ b/notes.md", "-After Module 11: Pruning rest.",
                 "+After Module 15: Cutting rest."):  # fmt: skip
        assert line in told.out.splitlines()


def test_a_diff_has_colours_on_a_terminal_only(course: Course) -> None:
    assert "\033[" not in course.run(*CUT, "--diff").out


# --- refused: what was asked ---------------------------------------------------------------------

ASKED = {
    "unknown id": (
        "--from 11_prunning --to 15_x",
        "no module is called '11_prunning'. Did you mean 11_pruning or pruning?",
    ),
    "nothing like it": ("--from zzz --to 15_x", "no module is called 'zzz'. Entries are 08_soil to 13_roses."),
    "taken number": (
        "--from 11_pruning --to 12_pruning",
        "number 12 is taken by 12_compost. Three ways out: --shift (the entries between close the gap), --swap (the two "
        "change places), or another --from/--to pair that moves 12_compost away.",
    ),
    "no id": (
        "--from 11_pruning --to cutting",
        "'cutting' is no id of this series; write it as 11_pruning is written, number first.",
    ),
    "no id of a folder": (
        "--from 11_pruning --to 15_a/b",
        "'15_a/b' has characters that an id should not have; use letters, digits, '_' and '-'.",
    ),
    "path outside the root": (
        "--from 11_pruning --to ../15_cutting",
        "'../15_cutting' is no id of this series; write it as 11_pruning is written, number first.",
    ),
    "one target": (
        "--from 11_pruning --to 15_x --from 12_compost --to 15_x",
        "11_pruning and 12_compost would both be 15_x then; give them different targets.",
    ),
    "one source": (
        "--from 11_pruning --to 15_x --from pruning --to 16_x",
        "11_pruning is renamed twice, to 15_x and to 16_x; keep one pair.",
    ),
    "from without to": ("--from 11_pruning", "--from and --to come in pairs; give each --from its --to."),
    "to without from": ("--to 15_x", "--from and --to come in pairs; give each --from its --to."),
    "two from, one to": (
        "--from 11_pruning --from 12_compost --to 15_x",
        "--from and --to come in pairs; give each --from its --to.",
    ),
    "nothing": ("", "nothing to rename; give --from and --to, --plan, --insert or --remove (see rename --help)."),
    "how without what": (
        "--dry-run --check",
        "nothing to rename; give --from and --to, --plan, --insert or --remove (see rename --help).",
    ),
    "pairs and insert": (
        "--from 11_pruning --to 15_x --insert 9",
        "give one of --from/--to, --plan, --insert and --remove, not several.",
    ),
    "insert and remove": (
        "--insert 9 --remove 11_pruning",
        "give one of --from/--to, --plan, --insert and --remove, not several.",
    ),
    "insert behind the end": ("--insert 99", "there is no module from 99 on; the last one is 13, so nothing moves."),
    "remove what is there": (
        "--remove 11_pruning",
        "11_pruning still has files, first modules/11_pruning; delete or move them (git rm -r), then run the same "
        "command again.",
    ),
    "remove nobody": ("--remove zzz", "no module is called 'zzz'. Entries are 08_soil to 13_roses."),
    "swap with nobody": (
        "--from 11_pruning --to 20_pruning --swap",
        "--swap needs exactly one module with number 20, there are 0.",
    ),
    "shift of two": (
        "--from 11_pruning --to 12_x --from 12_compost --to 13_x --shift",
        "--shift moves one entry along the list; give it one --from/--to pair.",
    ),
    "title without a title": ("--from 11_pruning --to 15_x --title x", "--title takes SLUG=TITLE, got 'x'."),
    "title of nobody": (
        "--from 11_pruning --to 15_x --title zzz=Y",
        "no module is called 'zzz'. Entries are 08_soil to 13_roses.",
    ),
    "export without a target": ("--from 11_pruning --to 15_x --export a.b", "--export takes OLD=NEW, got 'a.b'."),
    "unknown series": ("--series week --insert 11", "there is no series 'week' here; the series are module."),
    "missing plan": (
        "--plan nowhere.yaml",
        "there is no plan at nowhere.yaml: name a YAML file, or a folder that holds plan.yaml.",
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), ASKED.values(), ids=ASKED)
def test_what_cannot_be_asked_is_refused(course: Course, arguments: str, expected: str) -> None:
    assert course.refused("rename", *arguments.split()) == expected


@pytest.mark.parametrize("way", ["--dry-run", "--diff", "--check"])
def test_a_preview_refuses_what_the_renaming_would(course: Course, way: str) -> None:
    assert course.refused("rename", "--from", "zzz", "--to", "15_x", way).startswith("no module is called 'zzz'.")


@pytest.mark.parametrize(
    "arguments",
    [["frobnicate"], [], ["list", "everything"], ["rename", "--insert", "x"], ["rename", "--format", "xml"],
     ["rename", "--frm", "x"], ["recover", "now"]],
    ids=["verb", "no verb", "list of what", "no number", "format", "option", "too much"],
)  # fmt: skip
def test_what_is_no_command_gets_the_usage(course: Course, arguments: list[str]) -> None:
    before = course.files()
    told = course.run(*arguments)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("usage: python -m refactor")
    assert "Traceback" not in told.err
    assert course.files() == before


@pytest.mark.parametrize("arguments", [["--help"], ["rename", "--help"], ["--version"]])
def test_help_is_no_mistake(course: Course, arguments: list[str]) -> None:
    told = course.run(*arguments)
    assert (told.code, told.err) == (0, "")
    assert told.out


PLANS = {
    "typo in a key": ("rename:\n  11_pruning: {too: 15_cutting}\n", ":2:16: unknown key 'too': did you mean 'to'?"),
    "no mapping": ("rename:\n  - 11_pruning\n", ":1:1: 'rename' must be a table, not a list: write keys with their values"),
    "bad yaml": ("rename:\n  11_pruning: [15\n", ":3:1: "),
    "no id": ("rename:\n  11_pruning: ../15\n", ":2:3: '../15' is no id: write it as in 14_profiling or ch17"),
    "one target": (
        "rename:\n  11_pruning: 15_x\n  12_compost: 15_x\n", ":3:3: '11_pruning' becomes '15_x' too: give one another id",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLANS.values(), ids=PLANS)
def test_a_plan_with_a_mistake_is_named_with_line_and_column(course: Course, text: str, expected: str) -> None:
    plan = course.root.parent / "plan.yaml"
    plan.write_text(text)
    assert course.refused("rename", "--plan", str(plan)).removeprefix(str(plan)).startswith(expected)


def test_a_plan_with_an_unknown_entry_is_refused(course: Course) -> None:
    plan = course.root.parent / "plan.yaml"
    plan.write_text("rename:\n  11_prunning: 15_cutting\n")
    assert course.refused("rename", "--plan", str(plan)) == (
        "no module is called '11_prunning'. Did you mean 11_pruning or pruning?"
    )


def test_a_plan_does_what_pairs_do(course: Course) -> None:
    plan = course.root.parent / "plan.yaml"
    plan.write_text("rename:\n  11_pruning: 15_cutting\n")
    assert course.run("rename", "--plan", str(plan.parent)) == Told(0, CUT_DONE + UNDO, "")


# --- refused: the place --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [["list", "modules"], ["init"], ["undo"], ["recover"], ["rename", "--insert", "9"]],
    ids=lambda one: one[0],
)
@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_root_that_is_no_folder_is_refused(course: Course, arguments: list[str], kind: str) -> None:
    place = Course(course.root / ("nowhere" if kind == "missing" else "notes.md"), course.capture, course.patch)
    told = place.run(*arguments)
    assert (told.code, told.out) == (2, "")
    assert told.err.count("\n") == 1
    assert " no folder" in told.err or " not a folder" in told.err


def test_a_tree_without_a_series_is_told(course: Course, tmp_path: Path) -> None:
    place = Course(tmp_path / "empty", course.capture, course.patch)
    place.root.mkdir()
    assert place.refused(*CUT) == (
        "no numbered series was found here; run `python -m refactor list modules` to see what is seen."
    )
    assert place.run("list", "modules") == Told(0, "no numbered series found\n", "")


def test_broken_settings_are_refused(course: Course) -> None:
    course.write("refactor.toml", "historry = []\n")
    assert course.refused(*CUT).startswith(
        "unknown key 'historry' in refactor.toml, line 1, column 1: did you mean 'history'?"
    )


def test_a_target_that_is_there_outside_the_moved_set_is_refused(course: Course) -> None:
    course.write("modules/15_cutting", "a file of that name\n")
    assert course.refused(*CUT) == (
        "modules/15_cutting is there already; move it away, or name another place for modules/11_pruning."
    )


def test_a_target_inside_the_moved_set_is_no_obstacle(course: Course) -> None:
    told = course.run("rename", "--from", "11_pruning", "--to", "12_pruning", "--swap")
    assert told.code == 0
    assert {"modules/11_compost/README.md", "modules/12_pruning/README.md"} <= course.files().keys()


def test_a_read_only_file_is_refused(course: Course) -> None:
    (course.root / "notes.md").chmod(0o444)
    assert course.refused(*CUT) == "notes.md or its folder is read-only; change the permissions, then run this again."


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_that_cannot_be_written_to_is_refused(course: Course) -> None:
    (course.root / "modules").chmod(0o555)
    try:
        assert "cannot be written to" in course.refused(*CUT)
    finally:
        (course.root / "modules").chmod(0o755)


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_file_that_cannot_be_read_does_not_stop_the_others(course: Course) -> None:
    secret = course.write("secret.md", "Module 11: Pruning\n")
    secret.chmod(0)
    try:
        assert course.run(*CUT).code == 0
    finally:
        secret.chmod(0o644)
    assert secret.read_bytes() == b"Module 11: Pruning\n"


def test_a_plan_that_cannot_be_read_is_refused(course: Course) -> None:
    (course.root.parent / "plan.yaml").mkdir()
    assert "plan.yaml" in course.refused("rename", "--plan", str(course.root.parent / "plan.yaml"))


def test_a_folder_behind_a_link_is_not_followed(course: Course, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_text("Module 11: Pruning\n")
    (course.root / "linked").symlink_to(outside)
    (course.root / "linked.md").symlink_to(outside / "a.md")
    assert course.run(*CUT).code == 0
    assert (outside / "a.md").read_text() == "Module 11: Pruning\n"


# --- refused: git --------------------------------------------------------------------------------


def test_uncommitted_changes_are_refused_unless_allowed(course: Course) -> None:
    course.commit()
    course.write("notes.md", "Before Module 11: Pruning.\n")
    assert course.refused(*CUT) == "Changes are not committed in notes.md; commit or stash them, or use --allow-dirty."
    assert course.run(*CUT, "--dry-run").code == 0
    assert course.run(*CUT, "--allow-dirty").code == 0
    assert course.files()["notes.md"] == b"Before Module 15: Cutting.\n"


def test_staged_changes_are_uncommitted_too(course: Course) -> None:
    course.commit()
    course.write("modules/11_pruning/README.md", "# Module 11: Pruning\n\nMore.\n")
    course.git("add", "--all")
    assert "not committed in modules/11_pruning/README.md" in course.refused(*CUT)


def test_changes_elsewhere_do_not_matter(course: Course) -> None:
    course.commit()
    course.write("modules/08_soil/README.md", "# Module 08: Soil\n\nMore.\n")
    course.write("new.md", "Module 11: Pruning\n")
    assert course.run(*CUT).code == 0
    assert course.files()["new.md"] == b"Module 15: Cutting\n"


@pytest.mark.parametrize(
    ("file", "what"), [("MERGE_HEAD", "merge"), ("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert")]
)
def test_work_that_is_under_way_is_refused(course: Course, file: str, what: str) -> None:
    commit = course.commit()
    (course.root / ".git" / file).write_text(f"{commit}\n")
    assert course.refused(*CUT) == f"A {what} is under way in {course.root}; finish or abort it, then run this again."


def test_a_merge_with_conflicts_is_refused(course: Course) -> None:
    course.commit()
    course.git("switch", "--quiet", "--create", "side")
    course.write("notes.md", "One.\n")
    course.commit()
    course.git("switch", "--quiet", "main")
    course.write("notes.md", "Other.\n")
    course.commit()
    merge = subprocess.run(["git", "merge", "side"], cwd=course.root, check=False, capture_output=True)
    assert merge.returncode == 1
    assert course.refused(*CUT).startswith("A merge is under way in ")


def test_a_submodule_is_refused(course: Course) -> None:
    commit = course.commit()
    (course.root / "modules/11_pruning/tools").mkdir()
    course.git("update-index", "--add", "--cacheinfo", f"160000,{commit},modules/11_pruning/tools")
    course.git("commit", "--quiet", "--message", "Take in tools")
    assert course.refused(*CUT) == (
        "modules/11_pruning/tools is a submodule, which has its own history; use `git mv` for it first."
    )


def test_a_submodule_elsewhere_does_not_matter(course: Course) -> None:
    commit = course.commit()
    (course.root / "tools").mkdir()
    course.git("update-index", "--add", "--cacheinfo", f"160000,{commit},tools")
    course.git("commit", "--quiet", "--message", "Take in tools")
    assert course.run(*CUT).code == 0


POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 11\n"


@pytest.mark.parametrize("name", ["notes.ipynb", "README.md"])
def test_a_page_that_is_an_lfs_pointer_is_refused(name: str, course: Course) -> None:
    course.write(f"modules/11_pruning/{name}", POINTER)
    assert course.refused(*CUT) == (
        f"modules/11_pruning/{name} is only a pointer to a file in git LFS, and what it says could not be renamed; "
        "run `git lfs pull` first."
    )


def test_an_lfs_pointer_elsewhere_does_not_matter(course: Course) -> None:
    course.write("other/notes.ipynb", POINTER)
    assert course.run(*CUT).code == 0


def test_data_in_lfs_is_moved_and_not_edited(course: Course) -> None:
    pointer = f"{POINTER}Module 11: Pruning\n"
    course.write("modules/11_pruning/data.csv", pointer)
    assert course.run(*CUT).code == 0
    assert course.files()["modules/15_cutting/data.csv"] == pointer.encode()


def test_commit_needs_git(course: Course) -> None:
    assert course.refused(*CUT, "--commit") == (
        f"{course.root} is not in a git repository; leave out --commit, or run `git init` first."
    )


def test_commit_makes_two_commits(course: Course) -> None:
    base = course.commit()
    assert course.run(*CUT, "--commit").code == 0
    assert course.git("rev-list", "--count", f"{base}..HEAD") == "2"
    assert course.git("status", "--porcelain") == ""


# --- files that are no ordinary text -------------------------------------------------------------

ODD = {
    "latin-1": ("a.md", b"Caf\xe9, Module 11: Pruning\n", b"Caf\xe9, Module 15: Cutting\n"),
    "windows line ends": ("a.md", b"Module 11: Pruning\r\nMore\r\n", b"Module 15: Cutting\r\nMore\r\n"),
    "byte order mark": ("a.md", b"\xef\xbb\xbfModule 11: Pruning\n", b"\xef\xbb\xbfModule 15: Cutting\n"),
    "no line end": ("a.md", b"Module 11: Pruning", b"Module 15: Cutting"),
    "python that does not parse": ("a.py", b"def (: # Module 11: Pruning\n", b"def (: # Module 15: Cutting\n"),
    "python 2": ("a.py", b'print "Module 11: Pruning"\n', b'print "Module 15: Cutting"\n'),
    "yaml that does not parse": ("a.yml", b"a: [ # 11_pruning\n", b"a: [ # 15_cutting\n"),
    "toml that does not parse": ("a.toml", b"= 11_pruning\n", b"= 15_cutting\n"),
    "notebook that does not parse": ("a.ipynb", b"{ 11_pruning", b"{ 15_cutting"),
    "empty notebook": ("a.ipynb", b"{}", b"{}"),
    "empty": ("a.md", b"", b""),
    "binary": ("a.md", b"\0 Module 11: Pruning\n", b"\0 Module 11: Pruning\n"),
    "picture": ("a.png", b"Module 11: Pruning\n", b"Module 11: Pruning\n"),
    "utf-16": ("a.md", "Module 11: Pruning\n".encode("utf-16"), "Module 11: Pruning\n".encode("utf-16")),
    "lock file": ("package-lock.json", b'"11_pruning"\n', b'"11_pruning"\n'),
}


NOTES = {
    "latin-1": "note: a.md: not UTF-8 from byte 3 on\n",
    "binary": "note: a.md: binary\n",
    "utf-16": "note: a.md: UTF-16: save it as UTF-8\n",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_files_are_edited_as_text_or_passed_over(course: Course, name: str) -> None:
    path, data, expected = ODD[name]
    course.write(path, data)
    told = course.run(*CUT)
    assert (told.code, told.err) == (0, NOTES.get(name, ""))
    assert course.files()[path] == expected


def test_a_huge_file_is_passed_over(course: Course) -> None:
    data = b"Module 11: Pruning\n" * 600_000
    course.write("huge.md", data)
    assert course.run(*CUT).code == 0
    assert course.files()["huge.md"] == data


def test_ignored_files_inside_a_moved_folder_come_along(course: Course) -> None:
    course.write(".gitignore", "*.tmp\n")
    course.write("modules/11_pruning/deep/a.tmp", "11_pruning\n")
    (course.root / "modules/11_pruning/empty").mkdir()
    course.commit()
    assert course.run(*CUT).code == 0
    assert course.files()["modules/15_cutting/deep/a.tmp"] == b"11_pruning\n"
    assert (course.root / "modules/15_cutting/empty").is_dir()
    assert not (course.root / "modules/11_pruning").exists()


# --- the plan as JSON ----------------------------------------------------------------------------


def test_the_json_of_a_plan(course: Course) -> None:
    course.write("notes.md", "🌱🌱 Module\n11 and 12_pruning.\n")
    base = course.commit()
    told = course.run("rename", "--from", "11_pruning", "--to", "15_pruning", "--dry-run", "--format", "json")
    assert (told.code, told.err) == (0, "")
    heading, number = "number and name agree on 11_pruning", "the text around it follows an older numbering"
    assert json.loads(told.out) == {
        "version": 1,
        "base": base,
        "renames": [{"series": "module", "from": "11_pruning", "to": "15_pruning"}],
        "moves": [{"from": "modules/11_pruning", "to": "modules/15_pruning"}],
        "edits": [
            {"path": "modules/11_pruning/README.md", "line": 1, "column": 3, "end_line": 1, "end_column": 12,
             "old": "Module 11", "new": "Module 15", "kind": "number+name", "target": "11_pruning", "because": heading},
        ],
        "left": [
            {"path": "notes.md", "line": 1, "column": 4, "end_line": 2, "end_column": 3, "text": "Module\n11",
             "kind": "number", "verdict": "stale", "target": None, "suggestion": None, "reason": number},
            {"path": "notes.md", "line": 2, "column": 8, "end_line": 2, "end_column": 18, "text": "12_pruning",
             "kind": "slug", "verdict": "stale", "target": "11_pruning", "suggestion": None,
             "reason": "pruning is now 11_pruning"},
        ],
    }  # fmt: skip


def test_the_keys_of_the_json_have_an_order(course: Course) -> None:
    course.write("notes.md", "Module 11: Pruning\n\n12_pruning\n")
    found = json.loads(course.run(*CUT, "--dry-run", "--format", "json").out)
    place = ["path", "line", "column", "end_line", "end_column"]
    assert list(found) == ["version", "base", "renames", "moves", "edits", "left"]
    assert list(found["renames"][0]) == ["series", "from", "to"]
    assert list(found["moves"][0]) == ["from", "to"]
    assert list(found["edits"][0]) == [*place, "old", "new", "kind", "target", "because"]
    assert list(found["left"][0]) == [*place, "text", "kind", "verdict", "target", "suggestion", "reason"]


def test_columns_of_the_json_are_code_points(course: Course) -> None:
    course.write("notes.md", "ü👩‍🌾 Module 11: Pruning\n")
    edits = json.loads(course.run(*CUT, "--dry-run", "--format", "json").out)["edits"]
    assert [(edit["column"], edit["end_column"]) for edit in edits if edit["path"] == "notes.md"] == [(6, 15), (17, 24)]


def test_the_json_outside_git_has_no_base(course: Course) -> None:
    assert json.loads(course.run(*CUT, "--dry-run", "--format", "json").out)["base"] is None


def test_the_json_of_nothing_to_do_has_the_same_shape(course: Course) -> None:
    course.run(*CUT)
    found = json.loads(course.run(*CUT, "--dry-run", "--format", "json").out)
    assert list(found) == ["version", "base", "renames", "moves", "edits", "left"]
    assert (found["version"], found["renames"], found["moves"], found["edits"]) == (1, [], [], [])


def test_the_json_shows_bytes_that_are_no_text_as_such(course: Course) -> None:
    course.write("notes.md", b"Module\xff11 and Module 11: Pruning\n")
    told = course.run(*CUT, "--dry-run", "--format", "json")
    assert told.code == 0
    assert [edit["new"] for edit in json.loads(told.out)["edits"] if edit["path"] == "notes.md"] == [
        "Module 15",
        "Cutting",
    ]


def test_the_json_is_sorted_and_the_same_each_time(course: Course) -> None:
    for name in ("z.md", "a.md", "m.md"):
        course.write(name, "Module 11: Pruning, 11_pruning\n")
    first, second = (course.run(*CUT, "--dry-run", "--format", "json").out for _ in range(2))
    assert first == second
    places = [(edit["path"], edit["line"], edit["column"]) for edit in json.loads(first)["edits"]]
    assert places == sorted(places)


def test_the_json_of_a_renaming_that_is_done_is_the_plan(course: Course) -> None:
    before = course.run(*CUT, "--dry-run", "--format", "json")
    assert course.run(*CUT, "--format", "json") == before


# --- interactive ---------------------------------------------------------------------------------

ASKS = {
    "yes to all, one by one": ("y\ny\ny\ny\n", ["# Module 15: Cutting\n", "After Module 15: Cutting rest.\n"]),
    "no to all, one by one": ("n\nn\nn\nn\n", ["# Module 11: Pruning\n", "After Module 11: Pruning rest.\n"]),
    "each its own": ("y\nn\nn\ny\n", ["# Module 15: Pruning\n", "After Module 11: Cutting rest.\n"]),
    "all of a file": ("a\nn\nn\n", ["# Module 15: Cutting\n", "After Module 11: Pruning rest.\n"]),
    "all of a file, from its second": ("n\na\nd\n", ["# Module 11: Cutting\n", "After Module 11: Pruning rest.\n"]),
    "none of a file": ("d\ny\ny\n", ["# Module 11: Pruning\n", "After Module 15: Cutting rest.\n"]),
    "all of all": ("A\n", ["# Module 15: Cutting\n", "After Module 15: Cutting rest.\n"]),
    "quit": ("y\nq\n", ["# Module 15: Pruning\n", "After Module 11: Pruning rest.\n"]),
    "help first": ("?\ny\nq\n", ["# Module 15: Pruning\n", "After Module 11: Pruning rest.\n"]),
    "what is no answer": ("maybe\n\nyes\ny\nq\n", ["# Module 15: Pruning\n", "After Module 11: Pruning rest.\n"]),
}


@pytest.mark.parametrize(("answers", "expected"), ASKS.values(), ids=ASKS)
def test_every_edit_is_asked_about(course: Course, answers: str, expected: list[str]) -> None:
    told = course.run(*CUT, "--interactive", answers=answers)
    assert (told.code, told.err) == (0, "")
    files = course.files()
    assert [files["modules/15_cutting/README.md"].decode(), files["notes.md"].decode()] == expected


def test_a_question_shows_the_line_before_and_after_and_why(course: Course) -> None:
    told = course.run(*CUT, "--interactive", answers="q\n")
    assert told.out.startswith(
        "modules/11_pruning/README.md:1:3  number and name agree on 11_pruning\n"
        "- # Module 11: Pruning\n"
        "+ # Module 15: Pruning\n"
        "(1/4) Make this change [y,n,a,d,A,q,Q,?]? "
    )


def test_help_explains_every_answer(course: Course) -> None:
    told = course.run(*CUT, "--interactive", answers="?\nq\n")
    assert [key for key in "ynadAqQ" if f"\n{key} - " in told.out.replace("? y - ", "?\ny - ")] == [*"ynadAqQ"]


def test_stopping_writes_nothing(course: Course) -> None:
    assert course.refused(*CUT, "--interactive", answers="y\nQ\n") == "stopped; nothing was written."


def test_answers_that_end_early_write_nothing(course: Course) -> None:
    assert course.refused(*CUT, "--interactive", answers="y\n") == (
        "the answers ended before the last question; nothing was written."
    )


def test_a_dry_run_asks_nothing(course: Course) -> None:
    assert "Make this change" not in course.run(*CUT, "--interactive", "--dry-run").out


# --- list and init -------------------------------------------------------------------------------


def test_list_modules(course: Course) -> None:
    assert course.run("list", "modules") == Told(
        0,
        """\
module: 6 entries (called module)
    8  08_soil     Soil
                   modules/08_soil/
    9  09_seeds    Seeds
                   modules/09_seeds/
   10  10_water    Water
                   modules/10_water/
   11  11_pruning  Pruning
                   modules/11_pruning/
   12  12_compost  Compost
                   modules/12_compost/
   13  13_roses    Roses
                   modules/13_roses/
""",
        "",
    )


def test_list_modules_as_json(course: Course) -> None:
    (series,) = json.loads(course.run("list", "modules", "--format", "json").out)
    assert (series["series"], series["nouns"], series["tiers"]) == ("module", ["module"], {})
    assert series["entries"][3] == {
        "id": "11_pruning", "number": 11, "letter": "", "slug": "pruning", "titles": ["Pruning"], "tier": "",
        "homes": ["modules/11_pruning"],
    }  # fmt: skip


def test_list_references(course: Course) -> None:
    assert course.run("list", "references", "pruning") == Told(
        0,
        "modules/11_pruning/README.md:1:3: Module 11: Pruning  [current: 11_pruning] number and name agree on 11_pruning\n"
        "notes.md:1:7: Module 11: Pruning  [current: 11_pruning] number and name agree on 11_pruning\n"
        "2 references\n",
        "",
    )


def test_list_references_counts_what_every_rule_decided(course: Course) -> None:
    course.write("log.md", "Module 9: Compost, then Module 40.\n")
    assert course.run("list", "references", "--statistics").out == (
        "number and name       8  7 current, 1 stale\nvote on line          1  1 stale\nall                   9\n"
    )
    counted = json.loads(course.run("list", "references", "--statistics", "--format", "json").out)
    assert counted[0] == {"rule": "number and name", "verdict": "current", "references": 7}


def test_list_references_of_all_and_as_json(course: Course) -> None:
    assert course.run("list", "references").out.endswith("\n7 references\n")
    found = json.loads(course.run("list", "references", "pruning", "--format", "json").out)
    assert found[1] == {
        "path": "notes.md", "line": 1, "column": 7, "end_line": 1, "end_column": 25, "kind": "number+name",
        "verdict": "current", "targets": ["11_pruning"], "because": "number and name agree on 11_pruning",
    }  # fmt: skip


def test_list_epochs(course: Course) -> None:
    course.commit()
    assert course.run(*CUT, "--commit").code == 0
    today = course.git("log", "-1", "--format=%cs").strip()
    rows = course.run("list", "epochs").out.splitlines()
    assert [row.split("  ")[:2] for row in rows if row.startswith("E")] == [["E0", today], ["E1", today]]
    assert [row.strip() for row in rows if row.startswith(" ")] == [
        "08_soil 09_seeds 10_water 11_pruning 12_compost 13_roses", "renamed: 11_pruning -> 15_cutting",
    ]  # fmt: skip
    first, last = json.loads(course.run("list", "epochs", "--format", "json").out)
    assert first["entries"][3] == {"number": 11, "slug": "pruning"}
    assert last["last"]["commit"] == course.git("rev-parse", "HEAD").strip()


def test_list_epochs_needs_git(course: Course) -> None:
    assert course.refused("list", "epochs") == (f"{course.root} has no git history; epochs are read from its commits.")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("references zzz", "no module is called 'zzz'. Entries are 08_soil to 13_roses."),
        ("modules --series week", "there is no series 'week' here; the series are module."),
    ],
)
def test_list_of_nobody_is_refused(course: Course, arguments: str, expected: str) -> None:
    assert course.refused("list", *arguments.split()) == expected


def test_list_writes_nothing(course: Course) -> None:
    before = course.files()
    for arguments in ("modules", "references", "modules --format json"):
        assert course.run("list", *arguments.split()).code == 0
    assert course.files() == before
    assert not (course.root / ".refactor").exists()


def test_init_writes_settings_that_change_nothing(course: Course) -> None:
    before = course.run("list").out
    told = course.run("init")
    assert (told.code, told.err) == (0, "")
    assert told.out == "wrote refactor.toml: 1 series; what is right as it is may be deleted\n"
    text = course.files()["refactor.toml"].decode()
    assert '[series.module]\nnouns = ["module"]\nplaces = [\n    "modules/{nn}_{slug}/",\n]\n' in text
    assert course.run("list", "modules").out == before
    assert course.run(*CUT, "--dry-run").code == 0


def test_init_keeps_settings_that_are_there(course: Course) -> None:
    course.write("refactor.toml", "foreign = []\n")
    assert course.refused("init") == "refactor.toml is there already; edit it, or replace it with init --force."
    assert course.run("init", "--force").code == 0
    assert course.files()["refactor.toml"] != b"foreign = []\n"


# --- undo and recover ----------------------------------------------------------------------------


def test_undo_restores_the_tree(course: Course) -> None:
    before = course.files()
    course.run(*CUT)
    assert course.run("undo") == Told(0, "Undid rename 11_pruning -> 15_cutting: 1 move, 2 edited files.\n", "")
    assert course.files() == before


def test_undo_of_nothing_is_refused(course: Course) -> None:
    nothing = "There is nothing to undo: no renaming was applied here that is not undone."
    assert course.refused("undo") == nothing
    course.run(*CUT)
    course.run("undo")
    assert course.refused("undo") == nothing


def test_undo_goes_back_one_renaming_at_a_time(course: Course) -> None:
    states = [course.files()]
    for pair in (("11_pruning", "15_cutting"), ("12_compost", "11_mulch")):
        course.run("rename", "--from", pair[0], "--to", pair[1])
        states.append(course.files())
    for expected in (states[1], states[0]):
        assert course.run("undo").code == 0
        assert course.files() == expected


def test_undo_refuses_to_lose_later_work(course: Course) -> None:
    course.run(*CUT)
    course.write("notes.md", "Something new.\n")
    assert course.refused("undo") == (
        "notes.md has changed since the renaming, and undo would lose that; put it back first."
    )


def test_a_dry_run_is_nothing_to_undo(course: Course) -> None:
    course.run(*CUT, "--dry-run")
    assert course.refused("undo").startswith("There is nothing to undo")


def test_recover_without_a_crash(course: Course) -> None:
    assert course.run("recover") == Told(0, "Nothing to recover.\n", "")
    course.run(*CUT)
    assert course.run("recover") == Told(0, "Nothing to recover.\n", "")
    assert "modules/15_cutting/README.md" in course.files()
