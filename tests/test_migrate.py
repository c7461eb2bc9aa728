"""Branches that left before a renaming: merged after it, rebased after it, brought up to date before; real git throughout."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from refactor.cli import main
from refactor.ledger import NAME

SLUGS = ("soil", "seeds", "water", "light", "frost")
SWAP = ("rename", "--from", "02_seeds", "--to", "03_seeds", "--swap", "--commit")
SAME = "def test_all() -> None:\n    '''Every module has the same tests.'''\n    assert True\n" * 8
RUN = "run_all.py"


@dataclass
class Course:
    """A course under git, whose clock goes on by a minute with every commit; `main` renumbers, `topic` does not."""

    root: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    minutes: int = field(default=0)

    def tick(self) -> None:
        """Let a minute pass."""
        self.minutes += 1
        for role in ("AUTHOR", "COMMITTER"):
            self.patch.setenv(f"GIT_{role}_DATE", f"2026-01-05T10:{self.minutes:02d}:00Z")

    def git(self, *arguments: str, fails: bool = False) -> str:
        """Run git in the course."""
        done = subprocess.run(["git", *arguments], cwd=self.root, check=False, capture_output=True, text=True)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return (done.stdout + done.stderr).strip()

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run one command and give what it says."""
        self.tick()
        got = main(["--root", str(self.root), *arguments])
        said = self.capture.readouterr()
        assert got == code, said.out + said.err
        return said.out + said.err

    def write(self, path: str, text: str) -> None:
        """Write one file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """Read one file."""
        return (self.root / path).read_text(encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        """Add to the end of a file."""
        self.write(path, self.read(path) + text)

    def commit(self, message: str = "Go on") -> str:
        """Commit everything."""
        self.tick()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str, *, fails: bool = False) -> str:
        """Merge a branch into the one that is checked out."""
        self.tick()
        return self.git("merge", "--no-edit", branch, fails=fails)

    def json(self, *arguments: str) -> dict[str, list[dict[str, object]]]:
        """The plan of a migration."""
        found: dict[str, list[dict[str, object]]] = json.loads(
            self.run("migrate", *arguments, "--dry-run", "--format", "json")
        )
        return found


@pytest.fixture
def course(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Course:
    """Five modules, and tests that are all alike; `topic` was cut off, and `main` is checked out."""
    found = Course(tmp_path / "course", capsys, monkeypatch)
    for number, slug in enumerate(SLUGS, 1):
        text = f"# Module {number}: {slug.title()}\n\n" + "".join(f"{slug} is good, reason {at}.\n" for at in range(20))
        found.write(f"modules/{number:02d}_{slug}/README.md", text)
        found.write(f"tests/{number:02d}_{slug}/{RUN}", SAME)
    found.write("guide.md", "# Guide\n\n" + "".join(f"Line {'x' * at} of the guide.\n" for at in range(20)))
    found.git("init", "--quiet", "--initial-branch=main")
    found.git("config", "merge.directoryRenames", "false")  # else git stops, and suggests what is right
    found.commit("Begin")
    found.git("branch", "topic")
    return found


def topic(course: Course) -> None:
    """What the branch writes in the old numbering: in a new file, in an old one, in a moved folder, and new there."""
    course.git("switch", "--quiet", "topic")
    course.write("plans/next.md", "Do Module 2 before Module 3.\n\nModule 5 can wait.\n")
    course.append("guide.md", "\nIt is Module 2 that matters.\n")
    course.append("modules/02_seeds/README.md", "\nThe next one is Module 3.\n")
    course.write("modules/02_seeds/extra.md", "More for Module 2.\n")
    course.commit("Write more")


def renumbered(course: Course) -> None:
    """Let `main` exchange 2 and 3."""
    course.git("switch", "--quiet", "main")
    course.run(*SWAP)


RIGHT = {
    "plans/next.md": "Do Module 3 before Module 2.\n\nModule 5 can wait.\n",
    "modules/03_seeds/extra.md": "More for Module 3.\n",
}


def is_right(course: Course) -> None:
    """Everything says what the branch meant, in the new numbers, and is where it belongs."""
    for path, text in RIGHT.items():
        assert course.read(path) == text
    assert course.read("guide.md").endswith("\nIt is Module 3 that matters.\n")
    assert course.read("modules/03_seeds/README.md").endswith("\nThe next one is Module 2.\n")
    assert course.read("modules/03_seeds/README.md").startswith("# Module 3: Seeds\n")
    assert sorted(path.name for path in (course.root / "modules").iterdir()) == [
        "01_soil", "02_water", "03_seeds", "04_light", "05_frost",
    ]  # fmt: skip
    assert (
        course.run("lint", "--select", "stale-number,stale-name", "--output-format", "concise")
        == "All checks passed!\n"
    )


# --- merged, then migrated ------------------------------------------------------------------------


@pytest.mark.parametrize("into", ["main", "topic"])
def test_what_was_merged_after_is_brought_up_to_date(course: Course, into: str) -> None:
    topic(course)
    renumbered(course)
    course.git("switch", "--quiet", into)
    course.merge("topic" if into == "main" else "main")
    assert (course.root / "modules/02_seeds/extra.md").exists()
    assert course.run("migrate", "--check", code=1).count("moves") == 0
    said = course.run("migrate")
    assert "moved  modules/02_seeds/extra.md -> modules/03_seeds/extra.md" in said
    is_right(course)
    course.commit()
    is_right(course)
    assert course.run("migrate").startswith("nothing to do")


def test_only_what_is_older_is_rewritten(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.write("new.md", "Module 2 is water here, and Module 3 seeds.\n")
    course.commit("Write in the new numbers")
    course.merge("topic")
    course.append("guide.md", "Module 2 is new.\n")
    course.commit("Write on top")
    course.run("migrate")
    assert course.read("new.md") == "Module 2 is water here, and Module 3 seeds.\n"
    assert course.read("guide.md").endswith("It is Module 3 that matters.\nModule 2 is new.\n")


def test_undo_takes_it_back(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.merge("topic")
    course.run("migrate")
    assert course.git("status", "--porcelain")
    course.run("undo")
    assert course.git("status", "--porcelain") == ""


def test_a_preview_says_it_and_writes_nothing(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.merge("topic")
    plan = course.json()
    assert {(edit["path"], edit["old"], edit["new"]) for edit in plan["edits"]} == {
        ("guide.md", "Module 2", "Module 3"),
        ("modules/03_seeds/README.md", "Module 3", "Module 2"),
        ("modules/02_seeds/extra.md", "Module 2", "Module 3"),
        ("plans/next.md", "Module 2", "Module 3"),
        ("plans/next.md", "Module 3", "Module 2"),
    }
    assert plan["renames"] == [
        {"series": "module", "from": "02_seeds", "to": "03_seeds"},
        {"series": "module", "from": "03_water", "to": "02_water"},
    ]
    assert "-It is Module 2 that matters.\n+It is Module 3 that matters.\n" in course.run("migrate", "--diff")
    assert course.git("status", "--porcelain") == ""


def test_a_file_that_git_put_where_it_belongs_is_edited_there(course: Course) -> None:
    course.git("config", "--unset", "merge.directoryRenames")
    topic(course)
    renumbered(course)
    assert "CONFLICT (file location)" in course.merge("topic", fails=True)
    assert "A merge is under way" in course.run("migrate", code=2)
    course.commit("Merge as git suggests")
    course.run("migrate")
    is_right(course)


def test_several_renamings_are_followed_at_once(course: Course) -> None:
    topic(course)
    course.append("guide.md", "Module 5: Frost is cold.\n")
    course.commit("Write about frost")
    renumbered(course)
    course.run("rename", "--from", "05_frost", "--to", "05_ice", "--commit")
    course.run("rename", "--from", "03_seeds", "--to", "04_seeds", "--swap", "--commit")
    course.merge("topic")
    course.run("migrate")
    assert course.read("plans/next.md") == "Do Module 4 before Module 2.\n\nModule 5 can wait.\n"
    assert course.read("modules/04_seeds/extra.md") == "More for Module 4.\n"
    assert course.read("guide.md").endswith("It is Module 4 that matters.\nModule 5: Ice is cold.\n")


# --- rebased, then migrated -----------------------------------------------------------------------


def rebase(course: Course) -> None:
    """Rebase the branch on what renumbered."""
    course.git("switch", "--quiet", "topic")
    course.tick()
    course.git("rebase", "--quiet", "main")


@pytest.mark.parametrize("how", ["commit", "amend"])
def test_what_was_rebased_is_brought_up_to_date_once(course: Course, how: str) -> None:
    topic(course)
    renumbered(course)
    rebase(course)
    course.run("migrate")
    is_right(course)
    course.git("add", "--all")
    course.git("commit", "--quiet", *(["--amend", "--no-edit"] if how == "amend" else ["--message", "Up to date"]))
    assert course.run("migrate").startswith(("nothing to do", "to be brought", "brought"))
    is_right(course)


def test_a_branch_that_was_rebased_elsewhere_is_named(course: Course, tmp_path: Path) -> None:
    topic(course)
    course.git("branch", "old", "topic")
    renumbered(course)
    rebase(course)
    fresh = Course(tmp_path / "fresh", course.capture, course.patch, 30)
    course.git("clone", "--quiet", "--branch", "topic", str(course.root), str(fresh.root))
    assert fresh.run("migrate").startswith("nothing to do")
    assert "git knows no commit called nowhere" in fresh.run("migrate", "--was", "nowhere", code=2)
    fresh.run("migrate", "--was", "origin/old")
    is_right(fresh)


# --- migrated, then merged ------------------------------------------------------------------------


@pytest.mark.parametrize("into", ["main", "topic"])
def test_a_branch_is_brought_up_to_date_before_it_is_merged(course: Course, into: str) -> None:
    topic(course)
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    said = course.run("migrate", "--base", "main", "--commit")
    assert "since this branch wrote it before 1 renaming" in said
    assert course.read("plans/next.md") == RIGHT["plans/next.md"]
    assert course.read("modules/02_seeds/README.md").startswith("# Module 2: Seeds\n")
    assert course.git("status", "--porcelain") == ""
    assert course.run("migrate", "--base", "main").startswith("nothing to do")
    course.git("switch", "--quiet", into)
    course.merge("topic" if into == "main" else "main")
    is_right(course)
    assert course.run("migrate").startswith("nothing to do")


def test_the_base_is_the_main_branch_if_nobody_says(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    assert course.json()["edits"] == course.json("--base", "main")["edits"] != []


def test_uncommitted_lines_count_too(course: Course) -> None:
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    course.write("draft.md", "Module 2 again.\n")
    course.run("migrate")
    assert course.read("draft.md") == "Module 3 again.\n"
    course.run("migrate")
    assert course.read("draft.md") == "Module 3 again.\n"


# --- told before it is done -----------------------------------------------------------------------

ASKED = ("list", "branches", "--from", "02_seeds", "--to", "03_seeds", "--swap")


def test_branches_that_a_renaming_would_hit_are_listed(course: Course) -> None:
    topic(course)
    course.git("switch", "--quiet", "--create", "harmless", "main")
    course.write("plans/other.md", "Module 5 is about frost.\n")
    course.commit("Another thing")
    course.git("switch", "--quiet", "main")
    course.git("branch", "merged", "main")
    assert course.run(*ASKED).splitlines() == [
        "topic: 2 files in places that move, 5 mentions of what is renamed (1 commit)",
        "  modules/02_seeds/README.md -> modules/03_seeds/README.md",
        "  modules/02_seeds/extra.md -> modules/03_seeds/extra.md",
        "  guide.md:24  Module 2",
        "  modules/02_seeds/README.md:24  Module 3",
        "  modules/02_seeds/extra.md:1  Module 2",
        "  plans/next.md:1  Module 2",
        "  plans/next.md:1  Module 3",
        "1 of 2 other branches would be hit",
        "merge them first, or bring them along afterwards: on each, python -m refactor migrate --onto REF",
    ]
    rows = json.loads(course.run(*ASKED, "--format", "json"))
    assert [(row["branches"], len(row["files"]), len(row["mentions"])) for row in rows] == [
        (["harmless"], 0, 0),
        (["topic"], 2, 5),
    ]


def test_remote_branches_are_listed_under_all_their_names(course: Course, tmp_path: Path) -> None:
    topic(course)
    course.git("switch", "--quiet", "main")
    fresh = Course(tmp_path / "fresh", course.capture, course.patch, 30)
    course.git("clone", "--quiet", str(course.root), str(fresh.root))
    fresh.git("branch", "--quiet", "mine", "origin/topic")
    assert fresh.run(*ASKED).startswith("mine, origin/topic: 2 files in places that move")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("list", "branches"), "nothing to rename"),
        ((*ASKED[:4], "--to", "9_x.y/z"), "has characters that an id should not have"),
    ],
)
def test_branches_are_listed_for_a_renaming_only(course: Course, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in course.run(*arguments, code=2)


def test_branches_need_git(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path), *ASKED]) == 2
    assert "has no git history, and so no branches" in capsys.readouterr().err


# --- said before it is merged ---------------------------------------------------------------------


def test_the_linter_flags_what_a_branch_brings_before_it_is_merged(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    advice = "main was renumbered since; run `python -m refactor migrate --base main`"
    assert course.run("lint", "--diff-base", "main", code=1).splitlines()[:-1] == [
        f"guide.md:24:7: stale-number will be 'Module 3' once it is merged: {advice}",
        f"modules/02_seeds/README.md:24:17: stale-number will be 'Module 2' once it is merged: {advice}",
        f"modules/02_seeds/extra.md:1:1: stale-number belongs to modules/03_seeds/extra.md: {advice}",
        f"modules/02_seeds/extra.md:1:10: stale-number will be 'Module 3' once it is merged: {advice}",
        f"plans/next.md:1:4: stale-number will be 'Module 3' once it is merged: {advice}",
        f"plans/next.md:1:20: stale-number will be 'Module 2' once it is merged: {advice}",
    ]
    assert course.run("lint", "--diff-base", "main", "--ignore", "stale-number") == "All checks passed!\n"
    course.run("migrate", "--onto", "main")
    assert course.run("lint", "--diff-base", "main") == "All checks passed!\n"


def test_the_linter_says_that_two_branches_renumbered(course: Course) -> None:
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    course.run("rename", "--from", "05_frost", "--to", "05_ice", "--commit")
    said = course.run("lint", "--diff-base", "main", code=1)
    assert f"{NAME}:1:1: stale-number this branch and main both renumbered" in said


# --- a renaming that was taken back ---------------------------------------------------------------


@pytest.mark.parametrize("when", ["before the merge", "after the merge"])
def test_a_revert_of_the_renaming_is_followed(course: Course, when: str) -> None:
    renumbered(course)
    start = course.git("merge-base", "main", "topic")
    course.git("switch", "--quiet", "--create", "new")
    course.write("plans/next.md", "Do Module 3 before Module 2.\n")
    course.write("modules/03_seeds/extra.md", "More for Module 3.\n")
    course.commit("Write in the new numbers")
    course.git("switch", "--quiet", "main")
    course.tick()
    course.git("revert", "--no-edit", f"{start}..HEAD")
    assert not (course.root / NAME).exists()
    if when == "before the merge":
        course.git("switch", "--quiet", "new")
        course.run("migrate", "--base", "main", "--commit")
        course.git("switch", "--quiet", "main")
    course.merge("new")
    if when == "after the merge":
        course.run("migrate")
    assert course.read("plans/next.md") == "Do Module 2 before Module 3.\n"
    assert course.read("modules/02_seeds/extra.md") == "More for Module 2.\n"
    assert not (course.root / "modules/03_seeds").exists()


# --- two that renumber ----------------------------------------------------------------------------


def test_two_branches_that_both_renumber_are_told_what_to_do(course: Course) -> None:
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    course.run("rename", "--from", "05_frost", "--to", "05_ice", "--commit")
    for way in (("--base", "main"), ("--onto", "main")):
        said = course.run("migrate", *way, code=2)
        assert "this branch and main both renumbered since they parted" in said
        assert "git revert" in said
    assert NAME in course.merge("main", fails=True)
    assert "two branches renumbered" in course.run("lint", code=2)


# --- brought onto ---------------------------------------------------------------------------------


def test_a_stale_branch_is_brought_onto_what_renumbered(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.append("guide.md", "")
    course.git("switch", "--quiet", "topic")
    before = course.git("rev-parse", "HEAD")
    said = course.run("migrate", "--onto", "main")
    assert f"next: git merge main; take this back with: git reset --keep {before[:12]}" in said
    is_right(course)
    assert course.git("status", "--porcelain") == ""
    course.merge("main")
    is_right(course)
    assert course.run("migrate", "--onto", "main").startswith("nothing to do")


def test_a_branch_that_was_interrupted_on_its_way_is_put_back(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    before = course.git("rev-parse", "HEAD")
    course.run("migrate", "--onto", "main")
    tip, was = course.git("rev-parse", "HEAD"), course.read("modules/03_seeds/README.md")
    note = course.root / ".git/refactor/index-note"
    note.write_text(f"{tip} {before}")  # as if killed: git writes files first, and the branch moves last
    course.git("update-ref", "HEAD", before)
    course.git("read-tree", before)
    said = course.run("rename", "--from", "01_soil", "--to", "01_earth", "--allow-dirty", code=2)
    assert "run `python -m refactor recover` first" in said
    course.write("modules/03_seeds/README.md", "Written since.\n")
    said = course.run("recover", code=2)
    assert "modules/03_seeds/README.md was written after" in said
    assert course.read("modules/03_seeds/README.md") == "Written since.\n"
    course.write("modules/03_seeds/README.md", was[:5])  # as far as git had come
    assert "Took back a move of the branch" in course.run("recover")
    assert course.git("status", "--porcelain") == ""
    assert course.git("rev-parse", "HEAD") == before
    course.run("migrate", "--onto", "main")
    is_right(course)


def test_what_is_in_the_way_of_a_branch_is_not_overwritten(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    before = course.git("rev-parse", "HEAD")
    course.write("modules/03_seeds/README.md", "Mine, and in no commit.\n")
    said = course.run("migrate", "--onto", "main", code=2)
    assert "modules/03_seeds/README.md" in said
    assert said.rstrip().endswith("commit it or move it away, then run this again.")
    assert course.read("modules/03_seeds/README.md") == "Mine, and in no commit.\n"
    assert course.git("rev-parse", "HEAD") == before
    assert course.run("recover") == "Nothing to recover.\n"


def test_a_branch_is_brought_onto_several_renamings(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.write("between.md", "Module 3 is seeds now.\n")
    course.commit("Between two renamings")
    course.run("rename", "--from", "03_seeds", "--to", "04_seeds", "--swap", "--commit")
    course.git("switch", "--quiet", "topic")
    course.run("migrate", "--onto", "main")
    course.merge("main")
    assert course.read("plans/next.md") == "Do Module 4 before Module 2.\n\nModule 5 can wait.\n"
    assert course.read("modules/04_seeds/extra.md") == "More for Module 4.\n"
    assert course.read("between.md") == "Module 4 is seeds now.\n"
    assert course.git("diff", "--name-only", "main").split() == [
        "guide.md", "modules/04_seeds/README.md", "modules/04_seeds/extra.md", "plans/next.md",
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["plainly", "brought onto main"])
def test_an_edit_of_one_of_many_files_that_are_alike_stays_with_its_own(course: Course, how: str) -> None:
    course.git("switch", "--quiet", "topic")
    course.append(f"tests/03_water/{RUN}", "# only for water\n")
    course.commit("Test water")
    course.git("switch", "--quiet", "main")
    course.write("news.md", "Something else.\n")
    course.commit("Something else, before")
    course.run(
        "rename", "--from", "01_soil", "--to", "01_earth", "--from", "02_seeds", "--to", "03_seeds",
        "--from", "03_water", "--to", "02_water", "--commit",
    )  # fmt: skip
    course.append("news.md", "And more.\n")
    course.commit("Something else, after")
    course.git("switch", "--quiet", "topic")
    [warned] = course.json("--base", "main")["left"]
    assert (warned["path"], warned["kind"]) == (f"tests/03_water/{RUN}", "file")
    assert "so a merge may put what was changed into the other; use `migrate --onto main`" in str(warned["reason"])
    assert f"tests/03_water/{RUN}:1:1: stale-number it read as" in course.run("lint", "--diff-base", "main", code=1)
    if how == "brought onto main":
        course.run("migrate", "--onto", "main")
        course.merge("main")
        assert course.read(f"tests/02_water/{RUN}") == f"{SAME}# only for water\n"
        alike = {path.read_text() for path in course.root.glob(f"tests/*/{RUN}") if "water" not in str(path)}
        assert alike == {SAME}
        assert course.read("news.md") == "Something else.\nAnd more.\n"
        return
    course.merge("main")
    [astray] = [path for path in course.root.glob(f"tests/*/{RUN}") if "only for water" in path.read_text()]
    assert astray.parent.name != "02_water"  # what git does by itself
    [found] = course.json()["left"]
    assert found["path"] == astray.relative_to(course.root).as_posix()
    assert "was written in tests/03_water/run_all.py, which is tests/02_water/run_all.py now" in str(found["reason"])


def test_what_the_other_did_besides_is_merged_too(course: Course) -> None:
    topic(course)
    course.git("switch", "--quiet", "main")
    course.run(*SWAP[:-1])
    course.write("besides.md", "Done on the way.\n")
    course.commit("Renumber, and more")
    course.git("switch", "--quiet", "topic")
    course.run("migrate", "--onto", "main")
    assert course.read("besides.md") == "Done on the way.\n"
    is_right(course)


def test_a_conflict_before_the_renaming_stops_and_changes_nothing(course: Course) -> None:
    course.git("switch", "--quiet", "topic")
    course.write("guide.md", "Mine.\n")
    course.commit("Mine")
    course.git("switch", "--quiet", "main")
    course.write("guide.md", "Theirs.\n")
    course.commit("Theirs")
    course.run(*SWAP)
    course.git("switch", "--quiet", "topic")
    before = course.git("rev-parse", "HEAD")
    assert "run `git merge" in course.run("migrate", "--onto", "main", code=2)
    assert course.git("rev-parse", "HEAD") == before
    assert course.git("status", "--porcelain") == ""


def test_a_preview_of_onto_changes_nothing(course: Course) -> None:
    topic(course)
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    before = course.git("for-each-ref")
    assert "02_seeds -> 03_seeds" in course.run("migrate", "--onto", "main", "--dry-run")
    assert "rename to modules/03_seeds/README.md" in course.run("migrate", "--onto", "main", "--diff")
    course.run("migrate", "--onto", "main", "--check", code=1)
    assert course.git("for-each-ref") == before
    course.write("guide.md", "Not committed.\n")
    assert "Changes are not committed in guide.md" in course.run("migrate", "--onto", "main", code=2)


PROGRAMS = ("core.fsmonitor", "core.pager", "diff.external", "diff.odd.textconv", "diff.odd.command", "gpg.program",
            "merge.odd.driver", "filter.odd.smudge")  # fmt: skip
HOOKS = ("pre-commit", "post-commit", "post-checkout", "post-merge", "pre-merge-commit", "reference-transaction")


def test_no_program_that_git_knows_of_is_run(course: Course, tmp_path: Path) -> None:
    topic(course)
    course.git("switch", "--quiet", "main")
    course.append("guide.md", "")
    course.write("guide.md", f"Another beginning.\n{course.read('guide.md')}")
    course.commit("Both sides change the guide")
    renumbered(course)
    course.git("switch", "--quiet", "topic")
    program, trace = tmp_path / "program", tmp_path / "it-ran"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{trace}"\ncat\n', encoding="utf-8")
    program.chmod(0o755)
    for hook in HOOKS:
        (course.root / ".git/hooks" / hook).symlink_to(program)
    for name in PROGRAMS:
        course.git("-c", "core.fsmonitor=false", "config", name, str(program))
    (course.root / ".git/info/attributes").write_text("*.md diff=odd merge=odd filter=odd\n", encoding="utf-8")
    course.run("migrate", "--base", "main", "--dry-run")
    course.run("migrate", "--onto", "main", "--diff")
    course.run("list", "branches", "--from", "02_seeds", "--to", "02_grains")
    assert not trace.exists(), trace.read_text()


def test_without_history_there_is_nothing_to_tell_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path), "migrate"]) == 2
    assert "has no git history" in capsys.readouterr().err
