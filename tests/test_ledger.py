"""The ledger of renamings: what is written when, what it tells, and how it is refused when it cannot be trusted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import inside
import pytest
from test_transaction import faulty, start

from refactor import ledger, records
from refactor.cli import main
from refactor.errors import RefactorError
from refactor.ledger import NAME, Ledger, Pair, Record
from refactor.model import Tier
from refactor.workspace import open_tree

SLUGS = ("soil", "seeds", "water", "light", "frost")
SWAP = ("rename", "--from", "02_seeds", "--to", "03_seeds", "--swap")
BACK = ("rename", "--from", "03_seeds", "--to", "02_seeds", "--swap")
CUT = ("rename", "--from", "05_frost", "--to", "05_ice")
UNCUT = ("rename", "--from", "05_ice", "--to", "05_frost")


@dataclass(frozen=True)
class Course:
    """A course of five modules and some notes."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run one command and give what it says."""
        assert main(["--root", str(self.root), *arguments]) == code
        said = self.capture.readouterr()
        return said.out + said.err

    def git(self, *arguments: str) -> str:
        """Run git in the course."""
        return inside.git(self.root, *arguments).strip()

    def commit(self) -> str:
        """Commit everything."""
        return inside.commit(self.root)

    def files(self) -> dict[str, bytes]:
        """Every file, the ledger too, but git's own and our store."""
        found = {path.relative_to(self.root): path for path in self.root.rglob("*") if path.is_file()}
        return {
            str(name): found[name].read_bytes() for name in sorted(found) if name.parts[0] not in {".git", ".refactor"}
        }

    @property
    def ledger(self) -> Ledger:
        """The ledger on disk."""
        return records.on_disk(self.root)


@pytest.fixture
def course(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Course:
    """The course, outside git, with its root as the current folder."""
    root = tmp_path / "course"
    for number, slug in enumerate(SLUGS, 1):
        home = root / "modules" / f"{number:02d}_{slug}"
        home.mkdir(parents=True)
        (home / "README.md").write_text(f"# Module {number}: {slug.title()}\n", encoding="utf-8")
    (root / "notes.md").write_text("After Module 2: Seeds comes Module 5: Frost.\n", encoding="utf-8")
    monkeypatch.chdir(root)
    return Course(root, capsys)


# --- what is written ------------------------------------------------------------------------------


def test_every_renaming_adds_an_entry_that_names_the_one_before(course: Course) -> None:
    base = course.commit()
    course.run(*SWAP)
    course.run(*CUT, "--title", "ice=Hard Ice")
    first, second = course.ledger.records
    assert first == Record("module", (Pair("02_seeds", "03_seeds"), Pair("03_water", "02_water")), base=base)
    assert second == Record("module", (Pair("05_frost", "05_ice", "Hard Ice"),), after=first.id, base=base)


def test_a_dry_run_and_a_refusal_write_none(course: Course) -> None:
    course.run(*SWAP, "--dry-run")
    course.run("rename", "--from", "02_seeds", "--to", "03_seeds", code=2)
    assert course.ledger == Ledger()
    assert not (course.root / NAME).exists()


def test_what_is_written_is_read_again() -> None:
    record = Record(
        'le "son"', (Pair("ch1", "ch2"), Pair("ch2", "ch1", "Ünï\u007f\\")), (Tier("A b", 1, 12),), (("a.b", "a.c"),)
    )
    text = ledger.added(Ledger(), record)
    again = ledger.read(text.encode())
    assert again.records == (record,)
    twice = ledger.read(ledger.added(again, record).encode())
    assert [one.after for one in twice.records] == ["", record.id]
    assert ledger.taken_off(twice) == text
    assert ledger.taken_off(again) == ""


def test_the_line_ends_of_a_ledger_stay() -> None:
    first = ledger.added(Ledger(), Record("m", (Pair("a1", "a2"),))).replace("\n", "\r\n")
    second = ledger.added(ledger.read(first.encode()), Record("m", (Pair("a2", "a3"),)))
    assert second.startswith(first)
    assert "\n" not in second.replace("\r\n", "")
    assert ledger.taken_off(ledger.read(second.encode())) == first


# --- and taken back -------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["a folder", "git"])
@pytest.mark.parametrize("way", [("undo",), BACK])
def test_what_is_not_committed_is_taken_back_without_a_trace(course: Course, way: tuple[str, ...], place: str) -> None:
    if place == "git":
        course.commit()
    before = course.files()
    course.run(*SWAP)
    course.run(*way)
    assert course.files() == before


@pytest.mark.parametrize("way", [("undo",), UNCUT])
def test_only_the_last_entry_goes(course: Course, way: tuple[str, ...]) -> None:
    course.run(*SWAP)
    before = course.files()
    course.run(*CUT)
    course.run(*way)
    assert course.files() == before


@pytest.mark.parametrize("way", [("undo",), BACK])
def test_what_is_committed_is_taken_back_by_an_entry(course: Course, way: tuple[str, ...]) -> None:
    course.commit()
    before = course.files()
    course.run(*SWAP, "--commit")
    applied = course.ledger.records[0]
    course.run(*way)
    assert [one.undoes for one in course.ledger.records] == ["", applied.id]
    assert course.ledger.records[1].is_inverse_of(applied)
    assert course.ledger.in_force == ()
    assert {path: data for path, data in course.files().items() if path != NAME} == before


def test_an_older_entry_is_not_taken_off(course: Course) -> None:
    course.run(*SWAP)
    course.run(*CUT)
    course.run(*BACK)
    assert len(course.ledger.records) == 3
    assert [bool(one.undoes) for one in course.ledger.records] == [False, False, False]


def test_a_commit_holds_the_entry_with_the_contents(course: Course) -> None:
    course.commit()
    course.run(*SWAP, "--commit")
    assert course.git("status", "--porcelain") == ""
    assert NAME in course.git("show", "--format=", "--name-only", "HEAD").split()
    assert NAME not in course.git("show", "--format=", "--name-only", "HEAD~").split()


def test_an_entry_of_a_renaming_that_is_not_committed_does_not_slip_into_a_commit(course: Course) -> None:
    course.commit()
    course.run(*CUT)
    assert "Changes are not committed in refactor.ledger.toml" in course.run(*SWAP, "--commit", code=2)


def test_a_kill_leaves_the_ledger_that_belongs_to_the_tree(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    before = course.files()
    course.run(*SWAP)
    after = course.files()
    course.run("undo")
    seen = []
    for point in range(1, 200, 7):
        work = faulty(
            point, lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: main(["--root", str(course.root), *SWAP])
        )
        os.waitpid(start(work), 0)
        course.run("recover")
        seen.append(course.files())
        assert seen[-1] in (before, after), point
        if seen[-1] == after:
            break
    assert (seen[0], seen[-1]) == (before, after)


# --- what it tells --------------------------------------------------------------------------------


def test_a_renaming_that_was_applied_is_not_applied_again(course: Course) -> None:
    course.run(*CUT)
    before = course.files()
    known = course.ledger.records[0].id
    assert course.run(*CUT) == f"nothing to do: already applied (ledger entry {known})\n"
    assert course.files() == before


def test_a_plan_of_bare_numbers_is_not_applied_again(course: Course, tmp_path: Path) -> None:
    root = tmp_path / "book"
    for number in range(1, 5):
        (root / "src").mkdir(parents=True, exist_ok=True)
        (root / f"src/ch{number:02d}.md").write_text(f"# Chapter {number}\n", encoding="utf-8")
    plan = tmp_path / "plan.yaml"
    plan.write_text("plan: turn\nrename: {ch01: ch02, ch02: ch03, ch03: ch01}\n", encoding="utf-8")
    book = Course(root, course.capture)
    book.run("rename", "--plan", str(plan))
    after = book.files()
    known = book.ledger.records[0].id
    assert book.run("rename", "--plan", str(plan)) == f"nothing to do: already applied (ledger entry {known})\n"
    assert book.files() == after


def test_old_names_are_known_without_history(course: Course) -> None:
    course.run(*CUT)
    (course.root / "more.md").write_text("Module 5: Frost\n", encoding="utf-8")
    workspace = open_tree(course.root)
    [found] = [one for one in workspace.references(workspace.catalogue.series[0]) if one.path == "more.md"]
    assert (found.verdict.value, [entry.id for entry in found.targets]) == ("stale", ["05_ice"])
    assert "more.md:1:1: stale-name" in course.run("lint", "more.md", code=1)


def test_a_text_that_describes_a_renaming_goes_on_describing_it(course: Course) -> None:
    """A table of contents that lists redirects is no such text."""
    plan = "First 02_seeds becomes 03_seeds, then 03_water becomes 02_water.\n- Module 2: Seeds\n"
    nav = "nav:\n" + "".join(f"  - x: {old}/README.md  # {new}\n" for old, new in [("02_seeds", "03_seeds")] * 2)
    for name, text in (("plan.md", plan + plan), ("mkdocs.yml", nav)):
        (course.root / name).write_text(text, encoding="utf-8")
    course.run(*SWAP)
    assert (course.root / "plan.md").read_text(encoding="utf-8") == plan + plan
    course.run("lint", "plan.md", code=0)
    assert "mkdocs.yml" in course.run("lint", "mkdocs.yml", code=1)
    (course.root / NAME).unlink()
    assert "plan.md" in course.run("lint", "plan.md", code=1)


def test_the_ledger_itself_is_no_text_of_the_tree(course: Course) -> None:
    course.run(*CUT)
    text = (course.root / NAME).read_text(encoding="utf-8")
    assert NAME not in course.run("lint", code=0)
    course.run("rename", "--from", "05_ice", "--to", "05_snow")
    assert (course.root / NAME).read_text(encoding="utf-8").startswith(text)
    assert [one.new for record in course.ledger.records for one in record.pairs] == ["05_ice", "05_snow"]


def test_names_are_followed_over_several_renamings() -> None:
    book = Ledger()
    for pairs in ((("01_a", "01_b"), ("02_x", "03_x")), (("01_b", "02_c"),), (("02_c", "02_d"),)):
        book = ledger.read(ledger.added(book, Record("m", tuple(Pair(*one) for one in pairs))).encode())
    assert ledger.old_names(book, "m") == {"a": "02_d", "b": "02_d", "c": "02_d"}
    assert ledger.old_names(book, "other") == {}


def test_the_way_from_one_ledger_to_another_goes_back_and_forth() -> None:
    first = Record("m", (Pair("01_a", "02_a"), Pair("02_b", "01_b")))
    one = ledger.read(ledger.added(Ledger(), first).encode())
    left = ledger.read(ledger.added(one, Record("m", (Pair("02_a", "03_a"),))).encode())
    right = ledger.read(ledger.added(one, Record("m", (Pair("01_b", "01_c"),))).encode())
    found = ledger.together(ledger.way(left, right), "m")
    assert found.pairs == (Pair("03_a", "02_a"), Pair("01_b", "01_c"))
    assert ledger.together(ledger.way(left, Ledger()), "m").pairs == (Pair("03_a", "01_a"), Pair("01_b", "02_b"))
    assert ledger.way(left, left) == ()


# --- what cannot be trusted -----------------------------------------------------------------------

GOOD = ledger.added(Ledger(), Record("module", (Pair("02_seeds", "03_seeds"), Pair("03_water", "02_water"))))
OTHER = ledger.added(Ledger(), Record("module", (Pair("05_frost", "05_ice"),)))
BAD = {
    "another version": (GOOD.replace("version = 1", "version = 2"), 2, "no ledger of version 1"),
    "no version": (GOOD.replace("version = 1\n", ""), 1, "no ledger of version 1"),
    "edited": (GOOD.replace("03_seeds", "04_seeds"), 4, "was changed after it was written"),
    "another id": (re.sub('id = "....', 'id = "0000', GOOD), 4, "was changed after it was written"),
    "a key too many": (GOOD.replace("base =", "bass = 1\nbase ="), 4, "unknown key 'bass'"),
    "a key too few": (GOOD.replace('base = ""\n', ""), 4, "no key 'base'"),
    "another type": (GOOD.replace('series = "module"', "series = 3"), 4, "must be a text"),
    "cut off": (GOOD[:-20], 11, "expected"),
    "no TOML": ("version = 1\n[[renaming]\n", 2, "expected"),
    "an entry of another branch": (GOOD + OTHER[OTHER.index("\n[[") :], 14, "two branches renumbered"),
    "a conflict": (f"<<<<<<< HEAD\n{GOOD}=======\n{OTHER}>>>>>>> other\n", 1, "two branches renumbered"),
    "the first entry gone": (
        re.sub(r"(?s)\[\[renaming\]\].*?\n\n(?=\[\[)", "", ledger.added(ledger.read(GOOD.encode()), Record("m", (Pair("1", "2"),)))),
        4,
        "was written after",
    ),
    "no table": ("version = 1\nrenaming = 3\n", 1, "must be a list"),
    "entries in one line": ('version = 1\nrenaming = [{id = ""}]\n', 1, "no key"),
    "bytes": ("version = 1\n# \udcff\n", 2, "not UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_ledger_that_cannot_be_trusted_is_one_sentence_with_its_line(course: Course, name: str) -> None:
    text, line, reason = BAD[name]
    (course.root / NAME).write_bytes(text.encode("utf-8", "surrogateescape"))
    before = course.files()
    for command in (CUT, ("lint",), ("lint", "notes.md")):
        said = course.run(*command, code=2)
        assert re.match(rf"error: {re.escape(NAME)}:{line}: ", said), said
        assert reason in said
        assert said.count("\n") == 1
    assert course.run("list", "modules")
    assert course.files() == before


def test_an_empty_ledger_is_none(course: Course) -> None:
    (course.root / NAME).write_bytes(b"")
    course.run(*CUT)
    assert len(course.ledger.records) == 1


def test_a_link_is_no_ledger(course: Course, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(GOOD, encoding="utf-8")
    (course.root / NAME).symlink_to(tmp_path / "elsewhere")
    assert "is no file of its own" in course.run(*CUT, code=2)


def test_the_ledger_of_a_commit_is_named_with_it(course: Course) -> None:
    (course.root / NAME).write_text("version = 3\n", encoding="utf-8")
    commit = course.commit()
    with pytest.raises(RefactorError, match=rf"In {commit}, {NAME}:1: "):
        records.at(course.root, commit)


def test_two_branches_that_renumber_conflict(course: Course) -> None:
    course.commit()
    course.git("switch", "--quiet", "--create", "other")
    course.run(*CUT, "--commit")
    course.git("switch", "--quiet", "main")
    course.run(*SWAP, "--commit")
    merged = subprocess.run(["git", "merge", "other"], cwd=course.root, check=False, capture_output=True, text=True)
    assert merged.returncode == 1
    assert f"Merge conflict in {NAME}" in merged.stdout
    assert "two branches renumbered" in course.run("lint", code=2)


def test_two_branches_that_do_the_same_do_not_conflict(course: Course) -> None:
    course.commit()
    course.git("branch", "other")
    for branch in ("other", "main"):
        course.git("switch", "--quiet", branch)
        course.run(*CUT, "--commit")
    course.git("commit", "--quiet", "--allow-empty", "--message", "Go on")
    course.git("merge", "--quiet", "other")
    assert len(course.ledger.records) == 1
