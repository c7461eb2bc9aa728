"""Every check does what its examples say: nothing on its good trees, something on its bad ones.

The trees are written as real files and opened as a user's tree would be. What a check finds beyond its examples is
told in the tests of that check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from refactor import plugins
from refactor.lint import SAFE, UNSAFE, Check, View, edits_of, run
from refactor.model import Finding, Series
from refactor.spans import encode, splice
from refactor.workspace import open_tree

CHECKS = plugins.load("refactor.checks", "CHECK", Check)
SEVERITIES = {"error", "warning", "info"}


def write(root: Path, tree: Mapping[str, str]) -> None:
    """Write a tree of texts; line ends stay as they are."""
    for path, text in tree.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode(text))


def views(root: Path) -> Iterator[View]:
    """A view of every series of a tree; of none, where a tree has no series."""
    workspace = open_tree(root)
    for series in workspace.catalogue.series or (Series("entry", ("entry",), ()),):
        yield workspace.view(series)


def findings(root: Path, check: Check) -> list[Finding]:
    """What a check finds in a tree, whatever the series, once."""
    return sorted({finding for view in views(root) for finding in run(view, [check])})


def trees(kind: str) -> list[object]:
    """The examples of all checks, with ids that say whose they are."""
    return [
        pytest.param(check, tree, id=f"{name}-{position}")
        for name, check in CHECKS.items()
        for position, tree in enumerate(getattr(check, kind))
    ]


@pytest.mark.parametrize(("check", "tree"), trees("good"))
def test_a_good_tree_gives_no_finding(check: Check, tree: Mapping[str, str], tmp_path: Path) -> None:
    write(tmp_path, tree)
    assert findings(tmp_path, check) == []


@pytest.mark.parametrize(("check", "tree"), trees("bad"))
def test_a_bad_tree_gives_a_finding_that_says_where(check: Check, tree: Mapping[str, str], tmp_path: Path) -> None:
    write(tmp_path, tree)
    found = findings(tmp_path, check)
    assert found, "the example shows nothing"
    for one in found:
        assert one.code == check.name
        assert one.message
        assert one.severity in SEVERITIES
        assert (tmp_path / one.path).is_file()
        assert 0 <= one.span.start <= one.span.end <= len(tree.get(one.path, ""))


@pytest.mark.parametrize(("check", "tree"), trees("bad"))
def test_a_fix_fits_its_file_and_mends_what_was_found(check: Check, tree: Mapping[str, str], tmp_path: Path) -> None:
    write(tmp_path, tree)
    found = findings(tmp_path, check)
    edits = edits_of(found, unsafe=True)
    for path in {edit.path for edit in edits}:
        pieces = [(edit.span, edit.old, edit.new) for edit in edits if edit.path == path]
        (tmp_path / path).write_bytes(encode(splice(tree[path], pieces)))
    mended = [one for one in found if one.fix]
    assert {one.fix.applicability for one in mended if one.fix} <= {SAFE, UNSAFE}
    left = {(one.path, one.message) for one in findings(tmp_path, check)}
    assert left.isdisjoint((one.path, one.message) for one in mended)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_check_explains_itself(check: Check) -> None:
    assert check.summary.endswith(".")
    assert check.why.endswith(".")
    assert check.good
    assert check.bad


def test_no_two_checks_share_a_name() -> None:
    names = [check.name for check in CHECKS.values()]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize(
    "text", ["", "\ufeff", "\n\n", "# \n\x00", "[a](b", "](#)[]()", "\udcff\udcfe", "├── 04_x\n└── "]
)
def test_odd_files_are_no_trouble(check: Check, text: str, tmp_path: Path) -> None:
    tree = {f"modules/0{number}_{slug}/README.md": text for number, slug in enumerate(("soil", "seeds", "water"), 1)}
    write(tmp_path, {**tree, "_toc.yml": text, "SUMMARY.md": text, "odd.py": text, "odd.ipynb": text})
    assert all(one.code == check.name for one in findings(tmp_path, check))
