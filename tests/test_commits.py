"""After `--commit`, the history of every moved file leads back to the file that it was."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor import commits, transaction
from refactor.errors import RefactorError
from refactor.model import Edit, Entry, Move, Plan, Rename
from refactor.spans import Span

# 15->14, 14->15, 16->18, 17->16, 18->17: a swap and a circle of three.
PERMUTATION = {14: 15, 15: 14, 16: 18, 17: 16, 18: 17}
NAMES = {14: "caching", 15: "profiling", 16: "acceleration", 17: "quantization", 18: "compression"}
LAYOUTS: dict[str, Callable[[int, str], str]] = {
    "NN_name": lambda number, name: f"{number}_{name}",
    "module_NN": lambda number, _name: f"module_{number}",
}


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
    return done.stdout.decode()


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def save(root: Path, message: str) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)
    return git(root, "rev-parse", "HEAD").strip()


def prose(number: int) -> str:
    """Forty lines that no other number's prose looks like."""
    letters = random.Random(number)
    return "".join(" ".join(f"{letters.getrandbits(40):x}" for _ in range(6)) + "\n" for _ in range(40))


TEXTS: dict[str, Callable[[int, str], str]] = {
    "distinct": lambda number, name: f"# {number} {name}\n{prose(number)}",
    "template": lambda number, name: f"# Module {number}\n{name}\n{prose(0)}Next: {number + 1}\n[{name}]({name}.md)\n",
    "identical": lambda _number, _name: f"Run all tests of module 14 to 18.\n{prose(0)}",
    "empty": lambda _number, _name: "",
}


def entry(number: int, identity: str) -> Entry:
    return Entry("module", number, slug=NAMES.get(number, ""), id=identity)


def edit_first(root: Path, path: str, old: str, new: str) -> list[Edit]:
    start = (root / path).read_text().find(old) if (root / path).exists() else -1
    return [] if start < 0 else [Edit(path, Span(start, start + len(old)), old, new)]


def permute(root: Path, home: str, layout: str) -> Plan:
    """The plan that renumbers the five modules in one home, and the first number in each README."""
    write_id = LAYOUTS[layout]
    ids = {old: (write_id(old, NAMES[old]), write_id(new, NAMES[old])) for old, new in PERMUTATION.items()}
    moves = tuple(Move(f"{home}/{old}", f"{home}/{new}") for old, new in ids.values())
    renames = tuple(Rename(entry(number, old), entry(PERMUTATION[number], new)) for number, (old, new) in ids.items())
    edits = [
        edit
        for number, new in PERMUTATION.items()
        for edit in edit_first(root, f"{home}/{ids[number][0]}/README.md", str(number), str(new))
    ]
    return Plan(None, renames, tuple(edits), moves)


def apply_and_commit(root: Path, plan: Plan) -> tuple[str, ...]:
    commits.check(root, plan)
    made = commits.commit(root, plan, transaction.apply(root, plan))
    assert git(root, "status", "--porcelain", "--untracked-files=no") == ""
    return made


def origin(root: Path, path: str) -> str:
    """The oldest commit that `git log --follow` finds for a path."""
    return git(root, "log", "--follow", "--format=%H", "--", path).split()[-1]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", TEXTS)
def test_follow_finds_the_origin_of_every_file_after_a_permutation(root: Path, layout: str, kind: str) -> None:
    born = {}
    for number, name in NAMES.items():  # every file is born in a commit of its own, like no other
        folder = LAYOUTS[layout](number, name)
        write(root, f"src/{folder}/README.md", prose(number))
        born[number] = save(root, folder)
    for number, name in NAMES.items():
        write(root, f"src/{LAYOUTS[layout](number, name)}/README.md", TEXTS[kind](number, name))
    save(root, "as they are today")
    plan = permute(root, "src", layout)
    apply_and_commit(root, plan)
    found = {old: origin(root, f"src/{LAYOUTS[layout](new, NAMES[old])}/README.md") for old, new in PERMUTATION.items()}
    assert found == born


def test_moves_come_first_and_pure_then_contents(root: Path) -> None:
    for number, name in NAMES.items():
        write(root, f"src/{number}_{name}/README.md", TEXTS["template"](number, name))
    base = save(root, "course")
    plan = permute(root, "src", "NN_name")
    moved, edited = apply_and_commit(root, plan)
    assert git(root, "rev-list", f"{base}..HEAD").split() == [edited, moved]
    assert git(root, "show", "--format=", "--name-status", "-M100%", moved).splitlines() == [
        "R100\tsrc/15_profiling/README.md\tsrc/14_profiling/README.md",
        "R100\tsrc/14_caching/README.md\tsrc/15_caching/README.md",
        "R100\tsrc/17_quantization/README.md\tsrc/16_quantization/README.md",
        "R100\tsrc/18_compression/README.md\tsrc/17_compression/README.md",
        "R100\tsrc/16_acceleration/README.md\tsrc/18_acceleration/README.md",
    ]
    assert git(root, "show", "--format=", "--name-status", edited).splitlines() == [
        "M\tsrc/14_profiling/README.md",
        "M\tsrc/15_caching/README.md",
        "M\tsrc/16_quantization/README.md",
        "M\tsrc/17_compression/README.md",
        "M\tsrc/18_acceleration/README.md",
    ]


def test_contents_of_files_that_stay_go_with_moves_of_files_that_do_not_change(root: Path) -> None:
    for number in (14, 15):
        write(root, f"book/{number}-{NAMES[number]}.md", prose(number))
    write(root, "book/_toc.yml", "- 14-caching\n- 15-profiling\n")
    save(root, "Begin")
    moves = tuple(Move(f"book/{old}-{NAMES[old]}.md", f"book/{29 - old}-{NAMES[old]}.md") for old in (14, 15))
    edits = (Edit("book/_toc.yml", Span(2, 4), "14", "15"), Edit("book/_toc.yml", Span(15, 17), "15", "14"))
    plan = Plan(None, (), edits, moves)
    (made,) = commits.commit(root, plan, transaction.apply(root, plan), "docs: move the chapters")
    assert git(root, "show", "--format=%s", "--name-status", "-M100%", made).split("\n")[2:-1] == [
        "R100\tbook/15-profiling.md\tbook/14-profiling.md",
        "R100\tbook/14-caching.md\tbook/15-caching.md",
        "M\tbook/_toc.yml",
    ]
    git(root, "revert", "--no-edit", made)
    assert git(root, "diff", "HEAD~2", "HEAD") == ""


def test_the_messages_name_the_renaming(root: Path) -> None:
    write(root, "src/14_caching/README.md", "14\n")
    save(root, "course")
    one = (Rename(entry(14, "14_caching"), entry(15, "15_memoization")),)
    edits = (Edit("src/14_caching/README.md", Span(0, 2), "14", "15"),)
    apply_and_commit(root, Plan(None, one, edits, (Move("src/14_caching", "src/15_memoization"),)))
    assert git(root, "log", "-2", "--format=%B") == (
        "refactor(modules): rename 14_caching to 15_memoization\n\nRefactor-Renaming: 14_caching=15_memoization\n\n"
        "refactor(modules): move 14_caching to 15_memoization\n\nRefactor-Renaming: 14_caching=15_memoization\n\n"
    )
    assert (
        git(root, "log", "-1", "--format=%(trailers:key=Refactor-Renaming,valueonly)").strip()
        == "14_caching=15_memoization"
    )


def test_several_renames_are_counted_and_listed(root: Path) -> None:
    write(root, "a/14_caching/x", "caching")
    write(root, "a/15_profiling/x", "profiling")
    save(root, "course")
    renames = (
        Rename(entry(14, "14_caching"), entry(15, "15_caching")),
        Rename(entry(15, "15_profiling"), entry(14, "14_profiling")),
    )
    moves = (Move("a/14_caching", "a/15_caching"), Move("a/15_profiling", "a/14_profiling"))
    (made,) = apply_and_commit(root, Plan(None, renames, (), moves))
    assert git(root, "show", "-s", "--format=%B", made).strip() == (
        "refactor(modules): move 2 modules\n\n"
        "- 14_caching -> 15_caching\n- 15_profiling -> 14_profiling\n\n"
        "Refactor-Renaming: 14_caching=15_caching 15_profiling=14_profiling"
    )


def test_a_plan_without_renames_takes_the_given_message(root: Path) -> None:
    write(root, "a", "a")
    save(root, "course")
    plan = Plan(None, (), (Edit("a", Span(0, 1), "a", "b"),), (Move("a", "b"),))
    commits.commit(root, plan, transaction.apply(root, plan), "docs: put things right")
    assert git(root, "log", "-2", "--format=%s").splitlines() == [
        "docs: put things right",
        "docs: put things right (files)",
    ]


def test_folders_without_twins_stay_in_one_commit_and_twins_wait(root: Path) -> None:
    for number, name in NAMES.items():
        write(root, f"src/{number}_{name}/README.md", prose(number))
        write(root, f"tests/{number}_{name}/run.py", prose(0))
        write(root, f"tests/{number}_{name}/case.py", prose(number + 100))
    save(root, "course")
    source, tests = permute(root, "src", "NN_name"), permute(root, "tests", "NN_name")
    made = apply_and_commit(root, Plan(None, source.renames, (), source.moves + tests.moves))
    files = [git(root, "show", "--format=", "--name-only", commit).split() for commit in made]
    assert [len(names) for names in files] == [7, 2, 2, 2, 2]
    assert all(len({name.split("/")[1] for name in names if name.startswith("tests/")}) == 1 for names in files)
    assert git(root, "log", "-1", "--format=%s").strip() == "refactor(modules): move 5 modules (5 of 5)"


def test_twins_inside_one_folder_are_told_apart(root: Path) -> None:
    for part in "pq":
        write(root, f"14_x/{part}/__init__.py", prose(ord(part)))
        save(root, part)
    born = {part: origin(root, f"14_x/{part}/__init__.py") for part in "pq"}
    for part in "pq":
        write(root, f"14_x/{part}/__init__.py", "")
    save(root, "empty")
    apply_and_commit(root, Plan(None, (), (), (Move("14_x", "15_x"),)))
    assert {part: origin(root, f"15_x/{part}/__init__.py") for part in "pq"} == born


@pytest.mark.parametrize("twin", ["a/second.py", "z/second.py"])
def test_a_file_that_stays_is_not_taken_for_one_that_takes_its_name(root: Path, twin: str) -> None:
    write(root, "m/first.py", prose(1))
    born = save(root, "first")
    write(root, twin, prose(2))
    save(root, "twin")
    write(root, "m/first.py", prose(3))
    write(root, twin, prose(3))
    save(root, "alike")
    apply_and_commit(root, Plan(None, (), (), (Move("m/first.py", "m/second.py"),)))
    assert origin(root, "m/second.py") == born


def test_twins_that_take_one_name_are_told_apart(root: Path) -> None:
    born = {}
    for home, name in (("a", "first"), ("b", "other")):
        write(root, f"{home}/{name}.py", prose(ord(home)))
        born[home] = save(root, name)
    for home, name in (("a", "first"), ("b", "other")):
        write(root, f"{home}/{name}.py", prose(0))
    save(root, "alike")
    apply_and_commit(root, Plan(None, (), (), (Move("a/first.py", "a/second.py"), Move("b/other.py", "b/second.py"))))
    assert {home: origin(root, f"{home}/second.py") for home in "ab"} == born


def test_a_root_below_the_top_commits_only_there(root: Path) -> None:
    write(root, "course/14_x/README.md", "14\n")
    write(root, "14_x/README.md", "another\n")
    save(root, "course")
    plan = Plan(None, (), (Edit("14_x/README.md", Span(0, 2), "14", "15"),), (Move("14_x", "15_x"),))
    apply_and_commit(root / "course", plan)
    assert git(root, "ls-files").split() == ["14_x/README.md", "course/15_x/README.md"]
    assert git(root, "show", "HEAD:course/15_x/README.md") == "15\n"


def test_what_is_staged_elsewhere_stays_staged(root: Path) -> None:
    write(root, "14_x/README.md", "14\n")
    save(root, "course")
    write(root, "other", "mine")
    git(root, "add", "other")
    plan = Plan(None, (), (), (Move("14_x", "15_x"),))
    commits.commit(root, plan, transaction.apply(root, plan))
    assert git(root, "status", "--porcelain") == "A  other\n"


def test_what_is_staged_on_a_path_of_the_plan_is_refused(root: Path) -> None:
    write(root, "14_x/README.md", "14\n")
    base = save(root, "course")
    write(root, "14_x/README.md", "mine\n")
    git(root, "add", "-A")
    plan = Plan(None, (), (), (Move("14_x", "15_x"),))
    with pytest.raises(RefactorError, match=r"not committed in 14_x/README\.md; commit or stash them before --commit"):
        commits.check(root, plan)
    applied = transaction.apply(root, plan, allow_dirty=True)
    before = git(root, "ls-files", "--stage")
    with pytest.raises(RefactorError, match=r"14_x/README\.md is staged otherwise"):
        commits.commit(root, plan, applied)
    assert git(root, "rev-parse", "HEAD").strip() == base
    assert git(root, "ls-files", "--stage") == before


def test_untracked_files_stay_untracked_and_new_ones_are_committed(root: Path) -> None:
    write(root, "14_x/README.md", "14\n")
    save(root, "course")
    write(root, "14_x/scratch.txt", "14")
    edits = (Edit("14_x/scratch.txt", Span(0, 2), "14", "15"), Edit("ledger.toml", Span(0, 0), "", "[[renaming]]\n"))
    plan = Plan(None, (), edits, (Move("14_x", "15_x"),))
    commits.commit(root, plan, transaction.apply(root, plan))
    assert git(root, "status", "--porcelain") == "?? 15_x/scratch.txt\n"
    assert git(root, "show", "--format=", "--name-status", "HEAD") == "A\tledger.toml\n"


def test_modes_and_links_are_committed_as_they_were(root: Path) -> None:
    write(root, "14_x/run", "14\n")
    (root / "14_x/run").chmod(0o755)
    (root / "14_x/link").symlink_to("run")
    save(root, "course")
    plan = Plan(None, (), (Edit("14_x/run", Span(0, 2), "14", "15"),), (Move("14_x", "15_x"),))
    apply_and_commit(root, plan)
    assert [line.split()[0] for line in git(root, "ls-tree", "-r", "HEAD").splitlines()] == ["120000", "100755"]


def test_no_hook_runs(root: Path) -> None:
    write(root, "14_x/README.md", "14\n")
    save(root, "course")
    for name in ("pre-commit", "commit-msg", "post-commit", "prepare-commit-msg"):
        hook = root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\ntouch hook-ran\nexit 1\n")
        hook.chmod(0o755)
    apply_and_commit(root, Plan(None, (), (), (Move("14_x", "15_x"),)))
    assert not (root / "hook-ran").exists()


@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_failure_leaves_branch_and_index_where_they_were(root: Path, lock: str) -> None:
    write(root, "14_x/README.md", "14\n")
    base = save(root, "course")
    plan = Plan(None, (), (Edit("14_x/README.md", Span(0, 2), "14", "15"),), (Move("14_x", "15_x"),))
    applied = transaction.apply(root, plan)
    before = git(root, "ls-files", "--stage")
    (root / ".git" / lock).touch()
    with pytest.raises(RefactorError, match=r"failed in|index\.lock is there, so another git is at work"):
        commits.commit(root, plan, applied)
    (root / ".git" / lock).unlink()
    assert git(root, "rev-parse", "HEAD").strip() == base
    assert git(root, "ls-files", "--stage") == before
    transaction.undo(root)
    assert git(root, "status", "--porcelain") == ""


def test_nothing_tracked_makes_no_commit(root: Path) -> None:
    write(root, "README.md", "r")
    base = save(root, "course")
    write(root, "14_x/README.md", "14")
    assert apply_and_commit(root, Plan(None, (), (), (Move("14_x", "15_x"),))) == ()
    assert git(root, "rev-parse", "HEAD").strip() == base


def test_without_git_or_without_a_commit_the_way_out_is_named(tmp_path: Path) -> None:
    write(tmp_path, "14_x/README.md", "14")
    plan = Plan(None, (), (), (Move("14_x", "15_x"),))
    with pytest.raises(RefactorError, match="is not in a git repository; leave out --commit"):
        commits.check(tmp_path, plan)
    git(tmp_path, "init", "-q")
    with pytest.raises(RefactorError, match=r"no commit in .* yet; make the first one before --commit"):
        commits.check(tmp_path, plan)


def test_undo_after_a_commit_restores_the_tree(root: Path) -> None:
    write(root, "14_x/README.md", "14\n")
    base = save(root, "course")
    apply_and_commit(root, Plan(None, (), (Edit("14_x/README.md", Span(0, 2), "14", "15"),), (Move("14_x", "15_x"),)))
    transaction.undo(root)
    git(root, "add", "-A")
    assert git(root, "diff", "--cached", base) == ""


def publishing(root: Path) -> tuple[Plan, Path]:
    """Give a plan that can be committed, and the store."""
    write(root, "14_x/README.md", "14\n")
    save(root, "course")
    edits = (Edit("14_x/README.md", Span(0, 2), "14", "15"),)
    return Plan(None, (), edits, (Move("14_x", "15_x"),)), root / ".git/refactor"


def test_a_commit_under_way_is_not_disturbed(root: Path) -> None:
    plan, store = publishing(root)
    applied = transaction.apply(root, plan)
    (store / "index-note").write_text("")
    with pytest.raises(RefactorError, match="Another renaming is being committed, or was interrupted at that"):
        commits.commit(root, plan, applied)
    transaction.recover(root)
    assert len(commits.commit(root, plan, applied)) == 2


def test_recover_removes_the_lock_on_the_index_only_if_it_is_ours(root: Path) -> None:
    plan, store = publishing(root)
    transaction.apply(root, plan)
    lock, note = root / ".git/index.lock", store / "index-note"
    note.write_text("0" * 40)
    lock.hardlink_to(note)
    assert transaction.recover(root) == "Nothing to recover."
    assert not lock.exists()
    for ours, theirs in (("", ""), ("0" * 40, "DIRC")):
        note.write_text(ours)
        lock.write_text(theirs)
        assert f"Delete {lock} if no git is at work" in transaction.recover(root)
        lock.unlink()
    assert not note.exists()


def test_a_branch_that_has_moved_gets_its_index(root: Path) -> None:
    plan, store = publishing(root)
    made = commits.commit(root, plan, transaction.apply(root, plan))
    index, after = root / ".git/index", git(root, "ls-files", "--stage")
    (store / "index-draft").write_bytes(index.read_bytes())
    git(root, "read-tree", "HEAD~2")  # as if the process had died after the branch moved, and before the index did
    (store / "index-note").write_text(made[-1])
    (root / ".git/index.lock").hardlink_to(store / "index-note")
    assert git(root, "ls-files", "--stage") != after
    transaction.recover(root)
    assert git(root, "ls-files", "--stage") == after
    assert {path.name for path in store.iterdir()} == {"done"}
