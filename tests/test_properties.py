"""What every renaming promises, tried on generated courses: nothing outside an edit changes, what is done can be undone,
doing it twice is doing it once, and no order of files or of steps makes a difference.
"""

from __future__ import annotations

import ast
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

from courses import (
    CANONICAL,
    CHAPTERS,
    FOREIGN,
    FRESH,
    LOOSE,
    OTHERS,
    SLUGS,
    Course,
    Member,
    Page,
    Sentence,
    Tree,
    canonical,
    courses,
    permutations,
    remembered,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor import index, renaming, verdicts
from refactor.cli import main
from refactor.model import Plan
from refactor.moves import Moves
from refactor.rename import plan as make_plan
from refactor.workspace import Workspace, open_tree

HERE = Path(__file__).parent.parent

many = settings(max_examples=20, derandomize=True, database=None)
few = settings(max_examples=8, derandomize=True, database=None)

New = Mapping[int, tuple[int, str]]


class _Edit(TypedDict):
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    old: str
    new: str


class _Preview(TypedDict):
    moves: list[dict[str, str]]
    edits: list[_Edit]


# --- trees on disk ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """A tree on disk."""

    root: Path

    def run(self, arguments: Sequence[str], code: int = 0) -> str:
        """Run one command in this process and give what it prints."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            got = main(["--root", str(self.root), *arguments])
        assert got == code, out.getvalue() + err.getvalue()
        return out.getvalue()

    def preview(self, arguments: Sequence[str]) -> _Preview:
        """The plan of a command, as other programs get it."""
        preview: _Preview = json.loads(self.run([*arguments, "--dry-run", "--format", "json"]))
        return preview

    def tree(self) -> Tree:
        """Every file but git's own and the journal's."""
        paths = ((path.relative_to(self.root).as_posix(), path) for path in self.root.rglob("*") if path.is_file())
        return {
            name: path.read_bytes() for name, path in sorted(paths) if name.split("/")[0] not in {".git", ".refactor"}
        }

    def course(self) -> Tree:
        """Every file but the ledger, which grows with every renaming."""
        return {path: data for path, data in self.tree().items() if path != "refactor.ledger.toml"}

    def forget(self) -> None:
        """Throw the journal away, so that nothing tells how things were written before."""
        shutil.rmtree(self.root / ".refactor")

    def git(self, *arguments: str) -> str:
        """Run git in the tree."""
        done = subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout


@contextmanager
def _stage(files: Tree) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        for name, data in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield Stage(root)


def _pairs(course: Course, new: New) -> list[str]:
    """The arguments that rename the entries of a course."""
    after = {member.slug: moved for member, moved in zip(course.members, course.renamed(new).members, strict=True)}
    changed = [(member.id, after[member.slug].id) for member in course.members if after[member.slug] != member]
    return ["rename", *(word for old, target in changed for word in ("--from", old, "--to", target))]


def _back(course: Course, new: New) -> list[str]:
    """The arguments that take the renaming back."""
    return _pairs(course.renamed(new), {new[m.number][0]: (m.number, m.slug) for m in course.members})


# --- 1: what a plan says is what happens --------------------------------------------------------


def _expected(files: Tree, preview: _Preview) -> Tree:
    """The tree that a plan describes, made by hand: splice every edit, lay every file where its longest move says."""
    moves = {move["from"]: move["to"] for move in preview["moves"]}
    edits: dict[str, list[_Edit]] = {}
    for edit in preview["edits"]:
        edits.setdefault(edit["path"], []).append(edit)
    return {_moved(path, moves): _spliced(data, edits.get(path, [])) for path, data in files.items()}


def _moved(path: str, moves: Mapping[str, str]) -> str:
    folder = path
    while folder:
        if folder in moves:
            return moves[folder] + path[len(folder) :]
        folder = folder.rpartition("/")[0]
    return path


def _spliced(data: bytes, edits: Sequence[_Edit]) -> bytes:
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    starts = [sum(len(line) + 1 for line in lines[:position]) for position in range(len(lines))]
    text, pieces, position = "\n".join(lines), [], 0
    for edit in edits:
        start = starts[edit["line"] - 1] + edit["column"] - 1
        end = starts[edit["end_line"] - 1] + edit["end_column"] - 1
        assert position <= start <= end, ("edits overlap or are out of order", edit)
        assert text[start:end] == edit["old"], edit
        pieces += [text[position:start], edit["new"]]
        position = end
    return "".join((*pieces, text[position:])).encode("utf-8", "surrogateescape")


@many
@given(st.data())
def test_nothing_changes_but_what_the_plan_says(data: st.DataObject) -> None:
    course = data.draw(courses(starts=(0, 1, 6, 9, 96)))
    new = data.draw(permutations(course))
    files = course.files()
    if not _pairs(course, new)[1:]:
        return
    with _stage(files) as stage:
        preview = stage.preview(_pairs(course, new))
        assert stage.tree() == files
        expected = _expected(files, preview)
        assert sorted(expected) == sorted(course.renamed(new).files())
        stage.run(_pairs(course, new))
        assert stage.course() == expected
        _check_readable(files, expected, preview)
        stage.run(["undo"])
        assert stage.tree() == files


def _check_readable(before: Tree, after: Tree, preview: _Preview) -> None:
    """What was Python is Python, what was JSON is JSON."""
    moves = {move["from"]: move["to"] for move in preview["moves"]}
    for path, data in before.items():
        if path.endswith(".py") and _is_python(data):
            assert _is_python(after[_moved(path, moves)]), path
        if path.endswith(".ipynb") and _is_json(data):
            assert _is_json(after[_moved(path, moves)]), path


def _is_python(data: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            ast.parse(data)
        except (SyntaxError, ValueError):
            return False
    return True


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


# --- 2, 3: once more, and back ------------------------------------------------------------------


@many
@given(st.data())
def test_a_second_renaming_plans_nothing(data: st.DataObject) -> None:
    course = data.draw(courses())
    new = data.draw(permutations(course))
    arguments = _pairs(course, new)
    if not arguments[1:] or not course.layout.slugs_change:
        return  # bare numbers cannot tell whether they were exchanged already
    with _stage(course.files()) as stage:
        stage.run(arguments)
        again = stage.preview(arguments)
        assert (again["moves"], again["edits"]) == ([], [])


@many
@given(st.data())
def test_the_inverse_restores_every_byte(data: st.DataObject) -> None:
    course = data.draw(canonical())
    new = data.draw(permutations(course))
    files = course.files()
    if not _pairs(course, new)[1:]:
        return
    with _stage(files) as stage:
        stage.run(_pairs(course, new))
        stage.forget()
        stage.run(_back(course, new))
        _same(stage.tree(), files)


@many
@given(st.data())
def test_the_inverse_brings_back_spellings(data: st.DataObject) -> None:
    course = data.draw(remembered())
    new = data.draw(permutations(course))
    files = course.files()
    if not _pairs(course, new)[1:]:
        return
    with _stage(files) as stage:
        stage.run(_pairs(course, new))
        stage.run(_back(course, new))
        _same(stage.tree(), files)


def _same(tree: Tree, expected: Tree) -> None:
    assert sorted(tree) == sorted(expected)
    for path, data in expected.items():
        assert tree[path] == data, path


@many
@given(st.data())
def test_room_is_made_once_and_closed_again(data: st.DataObject) -> None:
    course = data.draw(canonical())
    files = course.files()
    first, *_, last = (member.number for member in course.members)
    number = data.draw(st.integers(first, last))
    with _stage(files) as stage:
        preview = stage.preview(["rename", "--insert", str(number)])
        stage.run(["rename", "--insert", str(number)])
        wide = stage.course()
        assert wide == _expected(files, preview)
        moved = {m.number: (m.number + (m.number >= number), m.slug) for m in course.members}
        assert sorted(wide) == sorted(course.renamed(moved).files())
        if number < last:
            again = stage.preview(["rename", "--insert", str(number)])
            assert (again["moves"], again["edits"]) == ([], [])
        stage.forget()
        stage.run(["rename", "--remove", course.members[0].pattern.format(a=replace(course.members[0], number=number))])
        _same(stage.tree(), files)


@few
@given(st.data())
def test_in_git(data: st.DataObject) -> None:
    course = data.draw(courses())
    new = data.draw(permutations(course))
    files = course.files()
    if not _pairs(course, new)[1:]:
        return
    with _stage(files) as stage:
        stage.git("init", "--quiet")
        stage.git("add", "--all")
        stage.git("commit", "--quiet", "--message", "Write it down")
        expected = _expected(files, stage.preview(_pairs(course, new)))
        stage.run([*_pairs(course, new), "--commit"])
        assert stage.course() == expected
        assert stage.git("status", "--porcelain") == ""
        stage.run(["undo"])
        assert stage.course() == files


# --- 4, 5: no order makes a difference ----------------------------------------------------------


@many
@given(st.data())
def test_the_order_of_files_does_not_matter(data: st.DataObject) -> None:
    course = data.draw(courses())
    arguments = _pairs(course, data.draw(permutations(course)))
    if not arguments[1:]:
        return
    with _stage(course.files()) as stage:
        workspace = open_tree(stage.root)
        files = data.draw(st.permutations(workspace.tree.files))
        shuffled = replace(workspace, tree=replace(workspace.tree, files=tuple(files)))
        assert repr(_plan(shuffled, arguments)) == repr(
            _plan(workspace, arguments)
        )  # with the evidence, which == leaves out


def _plan(workspace: Workspace, arguments: Sequence[str]) -> Plan:
    pairs = list(zip(arguments[2::4], arguments[4::4], strict=True))
    series = renaming.find_series(workspace.catalogue, [source for source, _ in pairs])
    asked = renaming.build(series, pairs, {})
    moves = Moves(asked, workspace.words(series))
    found = index.build(workspace.documents.values(), workspace.words(series), workspace.kinds)
    return make_plan(list(verdicts.resolve(found)), workspace.documents, asked, moves)


@few
@given(st.data())
def test_one_renaming_after_the_other_is_both_at_once(data: st.DataObject) -> None:
    course = data.draw(canonical())
    first = data.draw(permutations(course))
    middle = course.renamed(first)
    second = data.draw(permutations(middle, slugs=False))
    both = {number: second[target] for number, (target, _) in first.items()}
    trees = []
    for steps in ([_pairs(course, first), _pairs(middle, second)], [_pairs(course, both)]):
        with _stage(course.files()) as stage:
            for arguments in steps:
                if arguments[1:]:
                    stage.run(arguments)
                    stage.forget()  # or the second, where it is the inverse of the first, would bring back spellings
            trees.append(stage.course())
    _same(*trees)


def test_the_order_of_sets_does_not_matter(tmp_path: Path) -> None:
    slugs = SLUGS[:6]
    members = tuple(Member(number, slug, CHAPTERS.id) for number, slug in enumerate(slugs, start=1))
    everything = Page(tuple(Sentence(pattern, (0, 2, 4)) for pattern in (*CANONICAL, *LOOSE, *FOREIGN)))
    own = {(position, pattern): everything for position in range(len(members)) for pattern in CHAPTERS.pages}
    course = Course(CHAPTERS, members, own, dict.fromkeys(OTHERS, everything))
    new = {member.number: (7 - member.number, member.slug) for member in members} | {2: (5, FRESH[0])}
    for name, data in course.files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    command = [
        sys.executable,
        "-m",
        "refactor",
        "--root",
        str(tmp_path),
        *_pairs(course, new),
        "--dry-run",
        "--format",
        "json",
    ]
    plans = [
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, cwd=HERE, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert plans[0] == plans[1]
    assert len(json.loads(plans[0])["edits"]) > 100
