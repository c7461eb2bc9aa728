"""Accepted findings are known again after lines, files and entries moved, and new ones are not taken for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from garden import FORMATS
from hypothesis import given
from hypothesis import strategies as st

from refactor import baseline
from refactor.baseline import Accepted, Baseline
from refactor.cli import main
from refactor.errors import RefactorError
from refactor.lint import at
from refactor.model import Document, Finding
from refactor.spans import Span, encode


def documents(files: dict[str, str]) -> dict[str, Document]:
    return {
        path: Document(path, encode(text), FORMATS.claimed(path) or FORMATS.fallback) for path, text in files.items()
    }


def found(files: dict[str, str], mention: str, target: str = "", code: str = "stale-number") -> list[Finding]:
    """A finding on each place where a mention stands."""
    return [
        at(code, path, Span(start, start + len(mention)), "is wrong", target=target)
        for path, text in files.items()
        for start in range(len(text))
        if text.startswith(mention, start)
    ]


OLD = {"docs/plan.md": "# Plan\n\nRead Module 16: Soil first.\n"}
BEFORE = found(OLD, "Module 16: Soil", "14_soil")
WRITTEN = baseline.write(BEFORE, documents(OLD))


def new_in(files: dict[str, str], mention: str, target: str) -> list[Finding]:
    return baseline.sift(found(files, mention, target), documents(files), baseline.read(WRITTEN))[0]


# Writing


def test_one_line_a_finding_sorted_and_counted() -> None:
    files = {"b/07_x.md": "Ünit 3 → here\n", "a.md": "Module 16: Soil, Module 16: Soil and\nModule 3\n"}
    findings = [*found(files, "Module 16: Soil", "14_soil"), *found(files, "Ünit 3"), *found(files, "Module 3")]
    assert baseline.write(findings, documents(files)) == (
        '{\n  "version": 1,\n  "findings": [\n'
        '    {"code": "stale-number", "file": "#.md", "target": "", "text": "Ünit # → here", "count": 1},\n'
        '    {"code": "stale-number", "file": "a.md", "target": "", "text": "Module #", "count": 1},\n'
        '    {"code": "stale-number", "file": "a.md", "target": "soil", "text": "Module #: Soil, Module #: Soil and",'
        ' "count": 2}\n'
        "  ]\n}\n"
    )


def test_no_findings_are_a_baseline_too() -> None:
    assert baseline.read(baseline.write([], {})) == Baseline({})
    assert json.loads(baseline.write([], {})) == {"version": 1, "findings": []}


def test_what_was_written_is_known_and_nothing_of_it_is_left() -> None:
    assert baseline.sift(BEFORE, documents(OLD), baseline.read(WRITTEN)) == ([], Baseline({}))


def test_of_a_very_long_line_only_the_beginning_is_kept() -> None:
    files = {"a.json": "word " * 100_000 + "Module 16: Soil"}
    accepted = baseline.read(baseline.write(found(files, "Module 16: Soil"), documents(files))).counts
    assert [len(known.text) for known in accepted] == [160]


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    files = {"a.md": "caf\udce9 Module 16\n"}
    assert '"text": "caf? Module #"' in baseline.write(found(files, "Module 16"), documents(files))


def test_a_finding_about_a_whole_file_is_known_by_what_it_says() -> None:
    files = {"14_soil/README.md": "# Module 16\n"}
    findings = [
        at("number-clash", "14_soil", Span(0, 0), "has the number of 14_seeds"),
        at("toc-mismatch", "14_soil/README.md", Span(0, 0), "is page 3 of 7"),
    ]
    assert baseline.read(baseline.write(findings, documents(files))).counts == {
        Accepted("number-clash", "#", "", "has the number of #"): 1,
        Accepted("toc-mismatch", "README.md", "", "is page # of #"): 1,
    }


def test_a_mention_over_two_lines_is_known_by_both() -> None:
    files = {"a.md": "Read Module\n16: Soil first.\nThen rest.\n"}
    (known,) = baseline.read(baseline.write(found(files, "Module\n16: Soil"), documents(files))).counts
    assert known.text == "Read Module #: Soil first."


# What is known again


@pytest.mark.parametrize(
    ("change", "files", "mention", "target"),
    [
        ("lines move", {"docs/plan.md": "# Plan\n\n\nA new line.\n\nRead Module 16: Soil first.\n"}, "16", "14_soil"),
        ("the line is wrapped and indented", {"docs/plan.md": "  - x\n\n  Read  Module 16: Soil first.\r\n"}, "16", "14_soil"),
        ("the folder is renamed", {"guide/plan.md": OLD["docs/plan.md"]}, "Module 16: Soil", "14_soil"),
        ("the file is renamed", {"docs/start.md": OLD["docs/plan.md"]}, "Module 16: Soil", "14_soil"),
        ("the entry gets another number", OLD, "Module 16: Soil", "12_soil"),
        ("the entry gets another name", OLD, "Module 16: Soil", "12_ground"),
        ("the number becomes another wrong one", {"docs/plan.md": "Read Module 3: Soil first.\n"}, "Module 3", "14_soil"),
    ],
)  # fmt: skip
def test_it_is_known_again_when(change: str, files: dict[str, str], mention: str, target: str) -> None:
    assert new_in(files, mention, target) == [], change


def test_files_called_after_an_entry_follow_it() -> None:
    old = {"src/14_soil/soil_dev.py": "# See Module 16 there\n"}
    new = {"src/15_ground/ground_dev.py": old["src/14_soil/soil_dev.py"]}
    accepted = baseline.read(baseline.write(found(old, "Module 16", "14_soil"), documents(old)))
    assert baseline.sift(found(new, "Module 16", "15_ground"), documents(new), accepted) == ([], Baseline({}))


def test_in_a_notebook_the_line_is_that_of_the_cell() -> None:
    cell = '{"cells": [{"cell_type": "markdown", "source": ["# Plan\\n", "Read Module 16: Soil first."]}]}'
    files = {"docs/plan.ipynb": cell}
    (known,) = baseline.read(baseline.write(found(files, "Module 16"), documents(files))).counts
    assert known.text == "Read Module #: Soil first."


# What is not


@pytest.mark.parametrize(
    ("change", "files", "mention", "target"),
    [
        ("the line says something else", {"docs/plan.md": "Skip Module 16: Soil.\n"}, "Module 16: Soil", "14_soil"),
        ("file and target are others", {"docs/other.md": OLD["docs/plan.md"]}, "Module 16: Soil", "15_seeds"),
    ],
)
def test_it_is_new_when(change: str, files: dict[str, str], mention: str, target: str) -> None:
    assert new_in(files, mention, target) == found(files, mention, target), change


def test_another_check_is_another_finding() -> None:
    findings = found(OLD, "Module 16: Soil", "14_soil", code="stale-name")
    assert baseline.sift(findings, documents(OLD), baseline.read(WRITTEN))[0] == findings


def test_once_more_than_was_accepted_is_new() -> None:
    files = {"docs/plan.md": OLD["docs/plan.md"] * 2}
    assert new_in(files, "Module 16: Soil", "14_soil") == found(files, "Module 16: Soil", "14_soil")[1:]


def test_an_exact_fit_goes_before_a_moved_one() -> None:
    files = {"docs/a.md": OLD["docs/plan.md"], **OLD}
    assert [one.path for one in new_in(files, "Module 16: Soil", "14_soil")] == ["docs/a.md"]


# What is gone


def test_what_was_mended_is_stale_with_its_count() -> None:
    twice = {"docs/plan.md": OLD["docs/plan.md"] * 3}
    accepted = baseline.read(baseline.write(found(twice, "Module 16", "14_soil"), documents(twice)))
    _, stale = baseline.sift(BEFORE, documents(OLD), accepted)
    assert stale.counts == {Accepted("stale-number", "plan.md", "soil", "Read Module #: Soil first."): 2}


def test_pruning_keeps_what_still_occurs_and_adds_nothing() -> None:
    old = {**OLD, "docs/mended.md": "Module 3: Seeds\n"}
    accepted = baseline.read(baseline.write([*BEFORE, *found(old, "Module 3", "15_seeds")], documents(old)))
    now = {"docs/start.md": OLD["docs/plan.md"], "docs/new.md": "Module 9: Compost\n"}
    findings = [*found(now, "Module 16: Soil", "14_soil"), *found(now, "Module 9", "12_compost")]
    pruned = baseline.read(baseline.prune(findings, documents(now), accepted))
    assert pruned.counts == {Accepted("stale-number", "start.md", "soil", "Read Module #: Soil first."): 1}


# Reading


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The baseline is no JSON .*: write it again with `--write-baseline`"),
        ("<<<<<<< HEAD\n{}", "The baseline is no JSON"),
        ("[" * 100_000, "The baseline is no JSON"),
        ("[]", "The baseline has version None where 1 is read: write it again"),
        ('{"version": 2, "findings": []}', "The baseline has version 2 where 1 is read"),
        ('{"version": 1}', "The baseline has no list of findings"),
        ('{"version": 1, "findings": [3]}', "Finding 1 of the baseline is not as it was written"),
        ('{"version": 1, "findings": [{"code": "x", "count": 1}]}', "Finding 1 of the baseline"),
        (WRITTEN.replace('"count": 1', '"count": 0'), "Finding 1 of the baseline"),
        (WRITTEN.replace('"count": 1', '"count": true'), "Finding 1 of the baseline"),
        (WRITTEN.replace('"soil"', "[]"), "Finding 1 of the baseline"),
    ],
)
def test_what_nobody_wrote_is_refused(text: str, message: str) -> None:
    with pytest.raises(RefactorError, match=message):
        baseline.read(text)


def test_a_count_beyond_all_findings_costs_nothing() -> None:
    accepted = baseline.read(WRITTEN.replace('"count": 1', f'"count": {10**15}'))
    assert sum(baseline.sift(BEFORE, documents(OLD), accepted)[1].counts.values()) == 10**15 - 1


# Whatever there is

WORDS = st.sampled_from(["Module 1", "Module 2", "rest", "14_soil", "\n", " ", "§"])
FILES = st.dictionaries(st.sampled_from(["a.md", "b/01_a.md", "c.ipynb"]), st.lists(WORDS, max_size=12).map("".join))


@given(FILES)
def test_a_baseline_of_all_findings_leaves_none_and_none_too_many(files: dict[str, str]) -> None:
    findings = [*found(files, "Module 1"), *found(files, "Module 2", "14_soil")]
    written = baseline.write(findings, documents(files))
    assert baseline.sift(findings, documents(files), baseline.read(written)) == ([], Baseline({}))
    assert baseline.prune(findings, documents(files), baseline.read(written)) == written


@given(FILES, FILES)
def test_every_finding_and_every_accepted_one_is_counted_once(files: dict[str, str], others: dict[str, str]) -> None:
    before, after = found(files, "Module 1", "14_soil"), found(others, "Module 1", "14_soil")
    accepted = baseline.read(baseline.write(before, documents(files)))
    new, stale = baseline.sift(after, documents(others), accepted)
    assert len(after) - len(new) == len(before) - sum(stale.counts.values())


# --- on the command line ------------------------------------------------------------------------


def _lint(root: Path, *arguments: str) -> int:
    return main(["--root", str(root), "lint", "--no-cache", *arguments])


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """A course with two mistakes, both accepted in known.json."""
    for number, slug in enumerate(("soil", "seeds", "water", "light"), 1):
        (tmp_path / f"modules/{number:02d}_{slug}").mkdir(parents=True)
        (tmp_path / f"modules/{number:02d}_{slug}/README.md").write_text(f"# Module {number}: {slug.title()}\n")
    (tmp_path / "one.md").write_text("Read Module 2: Water.\n")
    (tmp_path / "two.md").write_text("Read Module 1: Light.\n")
    assert _lint(tmp_path, "--write-baseline", str(tmp_path / "known.json")) == 0
    return tmp_path


def test_pruning_forgets_what_was_mended(garden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = garden / "known.json"
    assert _lint(garden, "--baseline", str(known)) == 0
    (garden / "one.md").write_text("Read Module 3: Water.\n")
    capsys.readouterr()
    assert _lint(garden, "--prune-baseline", str(known)) == 0
    assert capsys.readouterr().out == f"pruned {known}: 1 accepted finding occurred no more\n"
    assert _lint(garden, "--baseline", str(known)) == 0
    (garden / "one.md").write_text("Read Module 2: Water.\n")
    assert _lint(garden, "--baseline", str(known)) == 1


@pytest.mark.parametrize("beside", [("two.md",), ("--select", "stale-number"), ("--baseline", "known.json")])
def test_pruning_looks_at_everything_or_not_at_all(
    garden: Path, beside: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (garden / "known.json").read_bytes()
    assert _lint(garden, "--prune-baseline", str(garden / "known.json"), *beside) == 2
    assert "--prune-baseline has to look at all findings" in capsys.readouterr().err
    assert (garden / "known.json").read_bytes() == before
