"""Every step does what its page says to real files, and refuses with the place in the plan where it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from planned import RENAME, Planned, planned
from referencing import Resource
from referencing.jsonschema import EMPTY_REGISTRY

from refactor import grammar, phases
from refactor.marks import Value
from refactor.phases import steps
from refactor.steps import CHANGE

DEV = '''\
# %% [markdown]
"""
# Seeds

## Sowing
"""

# %% nbgrader={"grade": true, "grade_id": "sow"}
#| export
class Bed:
    def sow(self):
        return 1

# %%
def water():
    return "wet"
'''


def cell(kind: str, source: list[str], **metadata: object) -> dict[str, object]:
    found: dict[str, object] = {"cell_type": kind}
    if kind == "code":
        found["execution_count"] = None
    found |= {"id": f"id{len(source)}", "metadata": metadata}
    if kind == "code":
        found["outputs"] = []
    return {**found, "source": source}


CELLS = [
    cell("markdown", ["# Seeds\n", "\n", "## Sowing"]),
    cell(
        "code",
        ["#| export\n", "class Bed:\n", "    def sow(self):\n", "        return 1"],
        nbgrader={"grade_id": "sow"},
    ),
    cell("code", ["def water():\n", '    return "wet"']),
]
NOTEBOOK = json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"

PAGE = """\
---
title: "Seeds"
difficulty: 3
prerequisites: ["Soil", "Water"]
steps:
  - sow
  - 'water'
---

# 9. Seeds

**🏛️ BASICS TIER** | Difficulty: ⭐⭐⭐ (3/4) | Time: 4 hours

See [below](#how-to-sow).

## How to Sow

| Number | Name | Note |
|--------|:----:|------|
| 08 | Soil | first |
| 09 | Seeds | |

Next:

1. Water
2. Wait
   a while

Done.
"""

TOC = """\
# The table
format: jb-book
root: intro
parts:
- caption: "Basics (08-09)"   # the first part
  chapters:
  - file: book/soil
    title: "08. Soil"
  - file: book/seeds
    title: "09. Seeds"
    sections:
    - file: book/sowing
      title: Sowing

- caption: More
  chapters:
  - file: book/water
    title: 'Water'   # it is wet
"""

FILES = {
    "seeds_dev.py": DEV,
    "seeds_dev.ipynb": NOTEBOOK,
    "page.md": PAGE,
    "other.md": "[there](page.md#how-to-sow)\n",
    "_toc.yml": TOC,
    "SUMMARY.md": "# Summary\n\n- [Soil](soil.md)\n- [Seeds](seeds.md)\n  - [Sowing](sowing.md)\n- [Water](water.md)\n",
    "index.rst": "Garden\n======\n\n.. toctree::\n   :caption: All\n\n   soil\n   Seeds <seeds>\n   water\n",
    "use.py": "from garden.seeds import sow\n\nsow()\n",
    "garden/seeds.py": "def sow():\n    pass\n",
    "crlf.md": "# One\r\n\r\n- a\r\n- b\r\n",
    "modules/01_one/README.md": "# Module 1: One\n",
    "modules/02_two/README.md": "# Module 2: Two\n",
}


@pytest.fixture
def garden(tmp_path: Path) -> Planned:
    return planned(tmp_path, "rename: {}\n", FILES)


def done(garden: Planned, *written: str) -> Planned:
    """Do steps, each written as one YAML table, in one commit."""
    listed = "".join(f"  - {one}\n" for one in written)
    garden.asset("plan.yaml", f'rename: {{}}\nphases:\n- phase: one\n  message: "docs: do it"\n  steps:\n{listed}')
    garden.apply()
    return garden


def refused(garden: Planned, *written: str) -> str:
    """The sentence of a step that is refused."""
    listed = "".join(f"  - {one}\n" for one in written)
    garden.asset("plan.yaml", f'rename: {{}}\nphases:\n- phase: two\n  message: "docs: do it"\n  steps:\n{listed}')
    return garden.refused("apply", str(garden.plan))


# --- texts and pages ------------------------------------------------------------------------------


def test_edit_text_replaces_a_text_in_several_files_as_often_as_it_says(garden: Planned) -> None:
    done(garden, '{edit_text: {file: [seeds_dev.py, seeds_dev.ipynb], old: "return 1", new: "return 2"}}')
    assert garden.text("seeds_dev.py") == DEV.replace("return 1", "return 2")
    assert garden.text("seeds_dev.ipynb") == NOTEBOOK.replace("return 1", "return 2")


def test_edit_text_refuses_another_count(garden: Planned) -> None:
    said = refused(garden, '{edit_text: {file: page.md, old: "Seeds", new: "Seed", count: 2}}')
    assert said == (
        "plan.yaml:6:33: page.md has 'Seeds' 3 times, not 2: write more of the text around it, or the right count"
    )


def test_a_step_sees_what_those_before_it_did(garden: Planned) -> None:
    done(
        garden,
        '{edit_text: {file: other.md, old: "there", new: "here"}}',
        '{edit_text: {file: other.md, old: "[here]", new: "[over here]"}}',
    )
    assert garden.text("other.md") == "[over here](page.md#how-to-sow)\n"


def test_a_file_that_is_not_there_is_named(garden: Planned) -> None:
    said = refused(garden, "{edit_text: {file: pages.md, old: a, new: b}}")
    assert said == "plan.yaml:6:18: pages.md is not there: did you mean 'page.md'"


def test_add_page_writes_a_new_file_and_never_over_another(garden: Planned) -> None:
    garden.asset("new.md", "#? Say what is new.\n# New\n")
    done(garden, "{add_page: {file: a/b/new.md, asset: new.md}}")
    assert garden.text("a/b/new.md") == "# New\n"
    assert "page.md is there already" in refused(garden, "{add_page: {file: page.md, asset: new.md}}")


def test_leave_keeps_a_renaming_from_a_text(tmp_path: Path) -> None:
    plan = RENAME + (
        "phases:\n- phase: all\n  message: 'docs: all'\n  steps:\n  - rename: {}\n"
        "  - leave: {file: docs/guide.md, text: 'Module 11 (Pruning)', reason: a quotation}\n"
    )
    found = planned(tmp_path, plan)
    told = found.apply()
    assert found.text("docs/guide.md") == "# Guide\n\nModule 11 (Compost) comes after Module 11 (Pruning).\n"
    assert "all: docs/guide.md  'Module 11 (Pruning)': plan: a quotation" in told.out


@pytest.mark.parametrize("step", ["text: Module 13, reason: it is old", "checks: [unknown-entry], reason: it is old"])
def test_leave_keeps_a_finding_from_lint_and_from_mending(step: str, tmp_path: Path) -> None:
    files = {
        f"modules/{n:02d}_{one}/README.md": f"# Module {n}: {one.title()}\n"
        for n, one in enumerate(("a1", "b2", "c3"), 1)
    }
    files["old.md"], files["new.md"] = "Module 13 is gone. Module 3\n", "[b](modules/02_b2/READ.md)\n"
    plan = "rename: {03_c3: 04_c3}\nphases:\n- phase: all\n  message: 'docs: all'\n  steps:\n  - rename: {}\n%s  verify:\n  - lint: {select: [unknown-entry]}\n"
    found = planned(tmp_path, plan % "", files)
    assert "old.md:1:1: unknown-entry no entry has the number 13" in found.refused("apply", str(found.plan))
    found.asset(
        "plan.yaml", plan % f"  - leave: {{file: [old.md, new.md], {step}}}\n".replace("old.md, new.md", "old.md")
    )
    found.apply()
    assert found.text("old.md") == "Module 13 is gone. Module 4\n"


def test_leave_keeps_lint_from_a_finding_that_only_meets_the_text(tmp_path: Path) -> None:
    plan = (
        "rename: {}\nphases:\n- phase: all\n  message: 'docs: all'\n  steps:\n"
        "  - edit_text: {file: README.md, old: '# Garden', new: '# A [Garden](docs/nowhere.md)'}\n%s"
        "  verify:\n  - lint: {select: [broken-path]}\n"
    )
    found = planned(tmp_path, plan % "")
    assert "README.md:1:14: broken-path docs/nowhere.md" in found.refused("apply", str(found.plan))
    found.asset("plan.yaml", plan % "  - leave: {file: README.md, text: nowhere, reason: it is not written yet}\n")
    found.apply()


def test_repair_mends_what_was_stale_before(tmp_path: Path) -> None:
    files = {
        f"modules/0{n}_{one}/README.md": f"# Module {n}: {one.title()}\n"
        for n, one in enumerate(("soil", "seeds", "water"), 1)
    }
    files["notes.md"] = "- Module 3: Seeds\n- Module 3: Water\n"
    plan = (
        "rename: {03_water: 04_water}\nphases:\n- phase: plain\n  message: 'docs: plain'\n  steps:\n  - rename: {}\n"
        "- phase: mend\n  message: 'docs: mend'\n  steps:\n  - rename: {repair: true, paths: [notes.md]}\n"
    )
    found = planned(tmp_path, plan, files)
    found.apply("--until", "plain")
    assert found.text("notes.md") == "- Module 3: Seeds\n- Module 4: Water\n"
    found.apply()
    assert found.text("notes.md") == "- Module 2: Seeds\n- Module 4: Water\n"


# --- cells ----------------------------------------------------------------------------------------

NEW_CELLS = '# %% [markdown]\n"""\n## Watering\n"""\n\n# %% tags=["new"]\nprint("a")\n'


def test_insert_cells_puts_them_into_the_dev_file_and_its_notebook(garden: Planned) -> None:
    garden.asset("cells.py", NEW_CELLS)
    done(garden, "{insert_cells: {file: seeds_dev.py, before: {grade_id: sow}, asset: cells.py}}")
    at = DEV.index("# %% nbgrader")
    assert garden.text("seeds_dev.py") == DEV[:at] + NEW_CELLS + "\n" + DEV[at:]
    written = json.loads(garden.text("seeds_dev.ipynb"))["cells"]
    assert [one["source"] for one in written[1:3]] == [["## Watering"], ['print("a")']]
    assert [sorted(one) for one in written[1:3]] == [sorted(CELLS[0]), sorted(CELLS[1])]
    assert written[2]["metadata"] == {"tags": ["new"]}
    assert [written[0], *written[3:]] == CELLS
    assert garden.text("seeds_dev.ipynb").replace(json.dumps(written[1:3], indent=1)[2:-2], "")  # still one cell a line
    assert json.dumps(json.loads(garden.text("seeds_dev.ipynb")), indent=1) + "\n" == garden.text("seeds_dev.ipynb")


@pytest.mark.parametrize(
    ("anchor", "index"),
    [("after: {defines: water}", 3), ("after: {heading: Sowing}", 1), ("after: {contains: return 1}", 2), ("before: {number: 1}", 0),
     ("after: {defines: Bed}", 2)],
)  # fmt: skip
def test_cells_come_where_the_anchor_says(garden: Planned, anchor: str, index: int) -> None:
    garden.asset("cells.py", "# %%\nx = 1\n")
    done(garden, f"{{insert_cells: {{file: seeds_dev.py, {anchor}, asset: cells.py}}}}")
    written = json.loads(garden.text("seeds_dev.ipynb"))["cells"]
    assert written[index]["source"] == ["x = 1"]
    parts = garden.text("seeds_dev.py").split("# %%")
    assert parts[index + 1].strip() == "x = 1"
    assert garden.text("seeds_dev.py").endswith("\n")
    assert not garden.text("seeds_dev.py").endswith("\n\n")


def test_ids_of_new_cells_are_the_same_each_time(garden: Planned, tmp_path: Path) -> None:
    other = planned(tmp_path / "other", "rename: {}\n", FILES)
    for one in (garden, other):
        one.asset("cells.py", NEW_CELLS)
        done(one, "{insert_cells: {file: seeds_dev.py, after: {defines: Bed}, asset: cells.py}}")
    assert garden.text("seeds_dev.ipynb") == other.text("seeds_dev.ipynb")


def test_an_anchor_must_mean_one_cell(garden: Planned) -> None:
    garden.asset("cells.py", NEW_CELLS)
    said = refused(garden, "{insert_cells: {file: seeds_dev.py, before: {heading: Reaping}, asset: cells.py}}")
    assert said.startswith("plan.yaml:6:41: seeds_dev.py has no cell with heading 'Reaping'")
    said = refused(garden, "{insert_cells: {file: seeds_dev.py, before: {contains: return}, asset: cells.py}}")
    assert said.startswith("plan.yaml:6:41: seeds_dev.py has cell with contains 'return' 2 times (lines 8, 14)")


def test_a_notebook_can_be_left(garden: Planned) -> None:
    garden.asset("cells.py", NEW_CELLS)
    done(garden, "{insert_cells: {file: seeds_dev.py, after: {defines: Bed}, asset: cells.py, notebook: leave}}")
    assert garden.text("seeds_dev.ipynb") == NOTEBOOK


def test_replace_in_cell_changes_one_cell_only(garden: Planned) -> None:
    done(garden, '{replace_in_cell: {file: seeds_dev.py, cell: {defines: Bed}, old: "return", new: "yield"}}')
    assert garden.text("seeds_dev.py") == DEV.replace("return 1", "yield 1")
    assert garden.text("seeds_dev.ipynb") == NOTEBOOK.replace("return 1", "yield 1")


def test_replace_in_cell_can_change_all_that_a_cell_says(garden: Planned) -> None:
    garden.asset("new.md", '# %% [markdown]\n"""\n# Grain\n"""\n')
    done(garden, "{replace_in_cell: {file: seeds_dev.py, cell: {number: 1}, asset: new.md}}")
    assert garden.text("seeds_dev.py") == DEV.replace("# Seeds\n\n## Sowing", "# Grain")
    assert json.loads(garden.text("seeds_dev.ipynb"))["cells"][0]["source"] == ["# Grain"]


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("after: Bed.sow", "        return 1\n", "        return 1\n\n    def reap(self):\n        return 2\n"),
        ("before: Bed.sow", "    def sow", "    def reap(self):\n        return 2\n\n    def sow"),
        ("instead_of: Bed.sow", "    def sow(self):\n        return 1\n", "    def reap(self):\n        return 2\n"),
    ],
)
def test_insert_function_indents_as_the_definition_is(garden: Planned, place: str, before: str, after: str) -> None:
    garden.asset("reap.py", "def reap(self):\n    return 2\n")
    done(garden, f"{{insert_function: {{file: seeds_dev.py, {place}, asset: reap.py}}}}")
    assert garden.text("seeds_dev.py") == DEV.replace(before, after)
    source = "".join(json.loads(garden.text("seeds_dev.ipynb"))["cells"][1]["source"])
    assert source == ("#| export\nclass Bed:\n    def sow(self):\n        return 1\n".replace(before, after)).rstrip(
        "\n"
    )


def test_insert_function_refuses_what_is_not_defined_once(garden: Planned) -> None:
    garden.asset("reap.py", "def reap(): ...\n")
    said = refused(garden, "{insert_function: {file: seeds_dev.py, before: Bed.reap, asset: reap.py}}")
    assert said.startswith("plan.yaml:6:44: seeds_dev.py defines 'Bed.reap' nowhere: name one function or class")


# --- pages ----------------------------------------------------------------------------------------


def test_set_front_matter_writes_values_as_they_were_written(garden: Planned) -> None:
    done(
        garden,
        '{set_front_matter: {file: page.md, set: {title: Grain, difficulty: 2, prerequisites: [Soil], steps: [reap, "a: b"], next: [A, B]}}}',
    )
    assert garden.text("page.md") == PAGE.replace('title: "Seeds"', 'title: "Grain"').replace(
        "difficulty: 3", "difficulty: 2"
    ).replace('["Soil", "Water"]', '["Soil"]').replace(
        "  - sow\n  - 'water'\n", '  - reap\n  - "a: b"\nnext: ["A", "B"]\n'
    )


def test_set_heading_takes_links_along(garden: Planned) -> None:
    done(garden, "{set_heading: {file: page.md, old: How to Sow, new: When to Sow}}")
    assert garden.text("page.md") == PAGE.replace("How to Sow", "When to Sow").replace("#how-to-sow", "#when-to-sow")
    assert garden.text("other.md") == "[there](page.md#when-to-sow)\n"


def test_set_heading_in_a_cell(garden: Planned) -> None:
    done(garden, "{set_heading: {file: seeds_dev.py, old: Sowing, new: Reaping}}")
    assert garden.text("seeds_dev.py") == DEV.replace("## Sowing", "## Reaping")
    assert garden.text("seeds_dev.ipynb") == NOTEBOOK.replace("## Sowing", "## Reaping")


def test_set_badge_changes_fields_by_label_or_number(garden: Planned) -> None:
    done(garden, '{set_badge: {file: page.md, set: {1: "**⚡ GROWTH TIER**", Difficulty: "⭐⭐ (2/4)"}}}')
    assert garden.text("page.md") == PAGE.replace("🏛️ BASICS TIER", "⚡ GROWTH TIER").replace(
        "⭐⭐⭐ (3/4)", "⭐⭐ (2/4)"
    )
    assert "page.md has no field 'Level'" in refused(garden, "{set_badge: {file: page.md, set: {Level: 1}}}")


@pytest.mark.parametrize(
    ("step", "rows"),
    [
        ("row: Soil, set: {Note: second}", "| 08 | Soil | second |\n| 09 | Seeds | |\n"),
        ("row: Seeds, set: {2: Grain, Note: new}", "| 08 | Soil | first |\n| 09 | Grain | new|\n"),
        ("row: Soil, add_after: ['10', Water, '']", "| 08 | Soil | first |\n| 10 | Water |  |\n| 09 | Seeds | |\n"),
        ("row: Soil, move_after: Seeds", "| 09 | Seeds | |\n| 08 | Soil | first |\n"),
        ("row: Seeds, move_before: Soil", "| 09 | Seeds | |\n| 08 | Soil | first |\n"),
        ("row: Soil, remove: true", "| 09 | Seeds | |\n"),
    ],
)
def test_table_row(garden: Planned, step: str, rows: str) -> None:
    done(garden, f"{{table_row: {{file: page.md, {step}}}}}")
    assert garden.text("page.md") == PAGE.replace("| 08 | Soil | first |\n| 09 | Seeds | |\n", rows)


def test_table_row_refuses_what_does_not_fit(garden: Planned) -> None:
    assert "has table row with '0' 2 times" in refused(garden, "{table_row: {file: page.md, row: '0', remove: true}}")
    assert "it has Number, Name, Note" in refused(garden, "{table_row: {file: page.md, row: Soil, set: {Title: a}}}")
    assert "has 3 columns, not 1" in refused(garden, "{table_row: {file: page.md, row: Soil, add_after: [a]}}")


def test_set_list_keeps_marks_and_line_ends(garden: Planned) -> None:
    done(
        garden,
        '{set_list: {file: page.md, after: "Next:", items: [Rest, "Reap\\nall"]}}',
        "{set_list: {file: crlf.md, after: One, items: [c]}}",
    )
    assert garden.text("page.md") == PAGE.replace("1. Water\n2. Wait\n   a while\n", "1. Rest\n2. Reap\n   all\n")
    assert garden.text("crlf.md") == "# One\r\n\r\n- c\r\n"
    assert "no list follows" in refused(garden, "{set_list: {file: page.md, after: Done., items: [a]}}")


# --- tables of contents ---------------------------------------------------------------------------

WATER = "  - file: book/water\n    title: 'Water'   # it is wet\n"
SOIL = '  - file: book/soil\n    title: "08. Soil"\n'
SEEDS = '  - file: book/seeds\n    title: "09. Seeds"\n    sections:\n    - file: book/sowing\n      title: Sowing\n'


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("move: {page: book/water, before: book/seeds}", SEEDS, WATER + SEEDS),
        ("move: {page: book/soil, after: book/seeds.md}", SOIL + SEEDS, SEEDS + SOIL),
        ("move: {page: book/soil, part: More}", WATER, WATER + SOIL),
        ("retitle: {page: book/soil, title: '08. \"Rich\" Soil'}", '"08. Soil"', '"08. \\"Rich\\" Soil"'),
        ("retitle: {page: book/sowing, title: 'Sowing: how'}", "title: Sowing\n", 'title: "Sowing: how"\n'),
        ("recaption: {part: Basics (08-09), caption: Basics (08-10)}", "(08-09)", "(08-10)"),
        (
            "add: {page: book/wind, title: It's windy, after: book/water}",
            WATER,
            WATER + "  - file: book/wind\n    title: 'It''s windy'   # it is wet\n",
        ),
        (
            "add: {page: book/wind, title: Wind, before: book/soil}",
            SOIL,
            '  - file: book/wind\n    title: "Wind"\n' + SOIL,
        ),
    ],
)
def test_toc(garden: Planned, step: str, before: str, after: str) -> None:
    done(garden, f"{{toc: {{file: _toc.yml, {step}}}}}")
    wanted = TOC.replace(before, after)
    if step.startswith("move: {page: book/water"):
        wanted = wanted.removesuffix(WATER)
    if step.startswith("move: {page: book/soil, part"):
        wanted = wanted.replace(SOIL, "", 1)
    assert garden.text("_toc.yml") == wanted


def test_toc_of_mdbook(garden: Planned) -> None:
    done(
        garden,
        "{toc: {file: SUMMARY.md, move: {page: seeds.md, after: water.md}}}",
        "{toc: {file: SUMMARY.md, add: {page: wind.md, title: Wind, after: soil.md}}}",
    )
    assert garden.text("SUMMARY.md") == (
        "# Summary\n\n- [Soil](soil.md)\n- [Wind](wind.md)\n- [Water](water.md)\n- [Seeds](seeds.md)\n  - [Sowing](sowing.md)\n"
    )


def test_toc_of_sphinx(garden: Planned) -> None:
    done(
        garden,
        "{toc: {file: index.rst, move: {page: soil, after: water}}}",
        "{toc: {file: index.rst, retitle: {page: seeds, title: Sowing}}}",
        "{toc: {file: index.rst, add: {page: wind, title: Wind, part: All}}}",
    )
    assert garden.text("index.rst").partition("All\n\n")[2] == "   Sowing <seeds>\n   water\n   soil\n   Wind <wind>\n"


def test_toc_refuses_a_page_that_is_not_there(garden: Planned) -> None:
    assert "_toc.yml has no page 'book/sun'" in refused(
        garden, "{toc: {file: _toc.yml, retitle: {page: book/sun, title: Sun}}}"
    )
    assert "no part with pages is called 'Less'" in refused(
        garden, "{toc: {file: _toc.yml, move: {page: book/soil, part: Less}}}"
    )
    assert "page.md is no table of contents" in refused(garden, "{toc: {file: page.md, retitle: {page: a, title: b}}}")


# --- programs, lint, transforms -------------------------------------------------------------------


def test_run_takes_over_what_it_may_write_and_nothing_else(garden: Planned) -> None:
    program = "import pathlib; pathlib.Path('other.md').write_text(pathlib.Path('page.md').read_text()[:4]); pathlib.Path('new.txt').write_text('n'); pathlib.Path('use.py').write_text('')"
    garden.asset("write.py", program)
    done(
        garden,
        '{edit_text: {file: page.md, old: "---\\ntitle", new: "+++\\ntitle"}}',
        '{run: {command: ["{python}", "{plan}/write.py"], writes: [other.md, new.txt]}}',
    )
    assert (garden.text("other.md"), garden.text("new.txt"), garden.text("use.py")) == ("+++\n", "n", FILES["use.py"])


def test_run_tells_what_a_program_said(garden: Planned) -> None:
    said = refused(garden, '{run: {command: ["{python}", -c, "print(\'no\'); raise SystemExit(4)"]}}')
    assert said.startswith("plan.yaml:6:6: `'{python}' -c ")
    assert said.endswith("ended with 4, not 0: nothing of the phase was brought over. It said:\nno")
    assert "nowhere cannot be run" in refused(garden, "{run: {command: nowhere to be found}}")


def test_run_sees_the_tree_before_the_plan(garden: Planned) -> None:
    check = '{run: {command: ["{python}", -c, "import sys; print(open(sys.argv[1]).read())", "{before}/other.md"], prints: there}}'
    done(garden, "{edit_text: {file: other.md, old: there, new: here}}", check)


@pytest.mark.parametrize(("only_new", "code"), [("false", 2), ("true", 0)])
def test_lint_is_asked_about_the_finished_commits(garden: Planned, only_new: str, code: int) -> None:
    garden.write("broken.md", "[a](nowhere.md)\n")
    garden.commit()
    garden.asset(
        "plan.yaml",
        "rename: {}\nphases:\n- phase: one\n  message: 'docs: it'\n  steps:\n  - edit_text: {file: other.md, old: there, new: here}\n"
        f"  verify:\n  - lint: {{select: [broken-path], only_new: {only_new}}}\n",
    )
    told = garden.run("apply", str(garden.plan))
    assert told.code == code
    assert code == 0 or "lint finds 1 problem: mend them in the plan:\nbroken.md:1:5: broken-path" in told.err


def test_mend_does_what_lint_knows_to_mend(garden: Planned) -> None:
    garden.write("modules/03_three/README.md", "# Module 3: Three\n")
    garden.write("guide.md", "[safe](modules/2_two/README.md) [likely](docs/seeds_dev.py)\n")
    garden.write("more.md", "[likely](docs/seeds_dev.py)\n")
    garden.write("kept.md", "[safe](modules/2_two/README.md)\n")
    garden.commit()
    leave = "{leave: {file: kept.md, reason: a quotation}}"
    unsafe = "{mend: {select: [broken-path], unsafe: true, paths: [more.md, kept.md]}}"
    done(
        garden, "{edit_text: {file: guide.md, old: safe, new: sure}}", "{mend: {select: [broken-path]}}", leave, unsafe
    )
    assert garden.text("guide.md") == "[sure](modules/02_two/README.md) [likely](docs/seeds_dev.py)\n"
    assert garden.text("kept.md") == "[safe](modules/2_two/README.md)\n"
    assert garden.text("more.md") == "[likely](seeds_dev.py)\n"


def test_transform_renames_modules_by_structure(garden: Planned) -> None:
    done(garden, "{transform: {name: rename-modules, with: {garden.seeds: garden.grain}, files: [use.py]}}")
    assert garden.text("use.py") == "from garden.grain import sow\n\nsow()\n"
    assert "finds nothing to change" in refused(garden, "{transform: {name: rename-modules, with: {a.b: a.c}}}")


# --- the room -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", steps())
def test_the_example_of_a_step_is_right(name: str) -> None:
    step = steps()[name]
    value = yaml.safe_load(step.example)
    assert list(value) == [name]
    stage = step.stages[0]
    key = "steps" if stage == CHANGE else "verify"
    phase: Value = {"phase": "one", "message": "docs: it", "steps": [{"rename": None}], key: [value]}
    faults = [*phases._phase_shape(steps()).faults(phase, ())]
    assert faults == []


def test_the_published_schema_is_what_the_steps_say() -> None:
    schema = Path(phases.__file__).with_name("schema") / "phase.schema.json"
    assert schema.read_text(encoding="utf-8") == grammar.as_schema(), (
        "run `python -m refactor plan steps --format schema`"
    )


def test_the_page_about_plans_is_what_the_steps_say() -> None:
    page = Path(phases.__file__).parents[1] / "docs" / "plans.md"
    assert page.read_text(encoding="utf-8") == grammar.as_markdown(), (
        "run `python -m refactor plan steps --format markdown`"
    )


def _validator() -> Draft202012Validator:
    names = ("plan.schema.json", "phase.schema.json", "settings.schema.json")
    folder = Path(phases.__file__).with_name("schema")
    contents = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in names}
    resources = [(name, Resource.from_contents(content)) for name, content in contents.items()]
    return Draft202012Validator(contents["plan.schema.json"], registry=EMPTY_REGISTRY.with_resources(resources))


@pytest.mark.parametrize("name", steps())
def test_editors_are_told_the_same_as_people(name: str) -> None:
    step = steps()[name]
    key = "steps" if CHANGE in step.stages else "verify"
    phase = {"phase": "one", "message": "docs: it", "steps": [{"rename": None}]}
    value = yaml.safe_load(step.example)
    assert _validator().is_valid({"rename": {}, "phases": [{**phase, key: [value]}]})
    wrong = {name: {**(value[name] or {}), "nonsense": 1}}
    assert not _validator().is_valid({"rename": {}, "phases": [{**phase, key: [wrong]}]})
