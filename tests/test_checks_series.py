"""Hold what the checks of a series as a whole find, and above all what they leave alone.

The examples in the check files themselves are run elsewhere; here are the harder cases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from refactor.checks import (
    export_mismatch,
    number_clash,
    number_gap,
    pair_drift,
    sequence,
    unknown_entry,
    unreadable_file,
)
from refactor.demo.history import make_history
from refactor.lint import Check, run
from refactor.model import Series
from refactor.workspace import open_tree

Files = Mapping[str, str | bytes]

MODULES = {
    "modules/01_soil/soil_dev.py": "depth = 1\n",
    "modules/02_seeds/seeds_dev.py": "count = 2\n",
    "modules/03_water/water_dev.py": "litres = 3\n",
    "modules/04_light/light_dev.py": "hours = 4\n",
}
PAGES = {
    "book/01-soil.md": "# Module 1: Soil\n",
    "book/02-seeds.md": "# Module 2: Seeds\n",
    "book/03-water.md": "# Module 3: Water\n",
    "book/04-light.md": "# Module 4: Light\n",
}
NBDEV = {"settings.ini": "[DEFAULT]\nlib_name = garden\nlib_path = garden\nnbs_path = modules\n"}


def found(check: Check, root: Path, files: Files) -> list[tuple[str, str, str]]:
    """The path, the marked text and the message of every finding in a tree of these files."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    workspace = open_tree(root)
    view = workspace.view(workspace.catalogue.series[0])
    return [
        (one.path, view.documents[one.path].text[one.span.start : one.span.end] if len(one.span) else "", one.message)
        for one in run(view, [check])
    ]


def notebook(*cells: tuple[str, str]) -> str:
    """A notebook of (kind, source) cells, as tools write it."""
    listed = [{"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)} for kind, text in cells]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


# --- export-mismatch ----------------------------------------------------------------------------


def test_one_export_of_two_sources_is_reported_on_the_later(tmp_path: Path) -> None:
    files = {
        **MODULES,
        **NBDEV,
        "modules/02_seeds/seeds_dev.py": "#| default_exp core.plants\n",
        "modules/04_light/light_dev.py": "#| default_exp core.plants\n",
    }
    message = "core.plants is the export of modules/02_seeds/seeds_dev.py too: one overwrites the other"
    assert found(export_mismatch.CHECK, tmp_path, files) == [("modules/04_light/light_dev.py", "core.plants", message)]


def test_a_dev_file_and_its_notebook_are_one_source(tmp_path: Path) -> None:
    directive = "#| default_exp core.seeds\n"
    files = {
        **MODULES,
        **NBDEV,
        "modules/02_seeds/seeds_dev.py": directive,
        "modules/02_seeds/seeds_dev.ipynb": notebook(("code", directive)),
    }
    assert found(export_mismatch.CHECK, tmp_path, files) == []


def test_a_notebook_that_exports_elsewhere_than_its_dev_file(tmp_path: Path) -> None:
    files = {
        **MODULES,
        **NBDEV,
        "modules/02_seeds/seeds_dev.py": "#| default_exp core.plants\n",
        "modules/02_seeds/seeds_dev.ipynb": notebook(("code", "#| default_exp core.seeds\n")),
    }
    message = "exports to core.seeds, but modules/02_seeds/seeds_dev.py to core.plants"
    assert found(export_mismatch.CHECK, tmp_path, files) == [
        ("modules/02_seeds/seeds_dev.ipynb", "core.seeds", message)
    ]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"assignments/seeds.py": "#| default_exp core.seeds\n"}, id="outside the folder of sources"),
        pytest.param({"archive/02_seeds/seeds_dev.py": "#| default_exp core.seeds\n"}, id="in an archive"),
        pytest.param({"modules/02_seeds/_draft.py": "#| default_exp core.seeds\n"}, id="a file that nbdev skips"),
        pytest.param({"garden/core/seeds.py": "# %% auto 0\n\n# %% ../../modules/02_seeds/seeds_dev.ipynb 2\n"
                                              "#| default_exp core.seeds\n"}, id="a directive that was exported too"),
        pytest.param({"garden/core/rain.py": "# %% ../../modules/03_water/water_dev.ipynb 4\n",
                      "modules/03_water/water_dev.py": "#| default_exp core.water\n#| export core.rain\n"},
                     id="a cell with an export of its own"),
        pytest.param({"garden/core/rain.py": "# %% ../../modules/03_water/water_dev.ipynb 4\n"},
                     id="a source whose directives are unknown"),
        pytest.param({"garden/core/old.py.bak": "# %% ../../modules/09_gone/gone_dev.ipynb 4\n"}, id="a backup"),
        pytest.param({"modules/03_water/water_dev.py": "from garden._version import one\nfrom garden.core.seeds import two\n"
                                                       "text = 'from garden.nowhere import three'\n"},
                     id="imports of what is private, not exported yet, or text"),
        pytest.param({"tools/make.py": "# AUTOGENERATED by another tool\n"}, id="a generated file outside the package"),
    ],
)  # fmt: skip
def test_exports_that_are_fine(files: Files, tmp_path: Path) -> None:
    base = {**MODULES, **NBDEV, "modules/02_seeds/seeds_dev.py": "#| default_exp core.seeds\n"}
    assert found(export_mismatch.CHECK, tmp_path, {**base, **files}) == []


def test_an_exported_file_names_each_lost_source_once(tmp_path: Path) -> None:
    marker = "# %% ../../modules/03_rain/rain_dev.ipynb"
    files = {**MODULES, **NBDEV, "garden/core/rain.py": f"# %% auto 0\n\n{marker} 1\na = 1\n\n{marker} 2\nb = 2\n"}
    path = "../../modules/03_rain/rain_dev.ipynb"
    message = f"was exported from {path}, which is gone: export it again, or delete it"
    assert found(export_mismatch.CHECK, tmp_path, files) == [("garden/core/rain.py", path, message)]


def test_the_file_to_edit_of_a_header_counts_from_the_root_too(tmp_path: Path) -> None:
    header = "# AUTOGENERATED! DO NOT EDIT! File to edit: "
    files = {
        **MODULES,
        **NBDEV,
        "modules/03_water/water_dev.py": "#| default_exp core.water\n",
        "garden/core/water.py": f"{header}modules/03_water/water_dev.ipynb (unless otherwise specified).\n",
        "garden/core/rain.py": f"{header}../../modules/03_water/water_dev.ipynb.\n",
    }
    path = "../../modules/03_water/water_dev.ipynb"
    message = f"was exported from {path}, which now exports to core.water"
    assert found(export_mismatch.CHECK, tmp_path, files) == [("garden/core/rain.py", path, message)]


def test_an_exported_file_that_nothing_exports_to(tmp_path: Path) -> None:
    files = {
        **MODULES,
        **NBDEV,
        "modules/03_water/water_dev.py": "#| default_exp core.water\n",
        "garden/core/rain.py": "# AUTOGENERATED! DO NOT EDIT!\nfall = 1\n",
        "garden/core/water.py": "# AUTOGENERATED! DO NOT EDIT!\nlitres = 1\n",
    }
    message = "is marked as exported, but nothing exports to it"
    assert found(export_mismatch.CHECK, tmp_path, files) == [("garden/core/rain.py", "", message)]


def test_an_index_and_an_import_that_name_a_module_nobody_exports(tmp_path: Path) -> None:
    files = {
        **MODULES,
        **NBDEV,
        "modules/03_water/water_dev.py": "#| default_exp core.water\nfrom garden.core.rain import fall\n",
        "garden/_modidx.py": "d = {'syms': {'garden.core.water': {}, 'garden.core.hail': {'garden.core.hail.fall': ()}}}\n",
    }
    assert found(export_mismatch.CHECK, tmp_path, files) == [
        ("garden/_modidx.py", "garden.core.hail", "lists garden.core.hail, which is neither there nor exported"),
        (
            "modules/03_water/water_dev.py",
            "garden.core.rain",
            "imports garden.core.rain, which is neither there nor exported",
        ),
    ]


# --- number-clash and number-gap ----------------------------------------------------------------


def test_a_clash_is_reported_once_on_the_page_of_the_later_folder(tmp_path: Path) -> None:
    files = {
        **MODULES,
        "modules/03_wind/wind_dev.py": "speed = 3\n",
        "modules/03_wind/another.py": "",
        "book/03-water.md": "# Water\n",
        "book/03-wind.md": "# Wind\n",
    }
    message = "03_wind has the number of 03_water: give one of them another number, or a letter"
    assert found(number_clash.CHECK, tmp_path, files) == [("modules/03_wind/wind_dev.py", "", message)]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"modules/03a_rain/rain_dev.py": ""}, id="a letter"),
        pytest.param({"modules/03_water_aws/a.py": "", "modules/03_water_gcp/a.py": ""}, id="variants"),
        pytest.param({f"archive/{one}_x/a.py": "" for one in ("01", "02", "03", "03_y")}, id="in an archive"),
        pytest.param({"tests/03_storms/test_it.py": ""}, id="a folder that belongs to no entry"),
    ],
)
def test_numbers_that_do_not_clash(files: Files, tmp_path: Path) -> None:
    assert found(number_clash.CHECK, tmp_path, {**MODULES, **files}) == []


def test_weeks_with_several_pages_each_do_not_clash(tmp_path: Path) -> None:
    files = {f"weeks/{week:02d}_{what}.md": "# Week\n" for week in range(1, 5) for what in ("lecture", "lab", "quiz")}
    assert found(number_clash.CHECK, tmp_path, files) == []


def test_a_gap_is_reported_on_the_entry_behind_it(tmp_path: Path) -> None:
    files = {**MODULES, "modules/07_harvest/README.md": "", "modules/08_rest/README.md": "# Module 8: Rest\n"}
    message = "follows 04_light: 5 to 6 are missing between them"
    assert found(number_gap.CHECK, tmp_path, files) == [("modules/07_harvest/README.md", "", message)]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="none"),
        pytest.param({"modules/09_harvest/a.py": ""}, id="a jump after few entries"),
        pytest.param({f"tests/0{one}/test_it.py": "" for one in (1, 2, 4)}, id="a place that skips an entry"),
        pytest.param({"modules/05/a.py": "", "modules/06_rest/a.py": ""}, id="an entry without a name"),
    ],
)
def test_numbers_without_a_gap(files: Files, tmp_path: Path) -> None:
    assert found(number_gap.CHECK, tmp_path, {**MODULES, **files}) == []


# --- unknown-entry ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("modules/05_roses", "05_roses"),
        ("`05_roses/05_roses_dev.py`", "05_roses"),
        ("modules/05_roses.html", "05_roses"),
        ("See 05_roses.", "05_roses"),
        ("See 05_roses/.", "05_roses"),
    ],
)
def test_an_entry_that_nobody_has(text: str, marked: str, tmp_path: Path) -> None:
    files = {**MODULES, "README.md": text}
    assert found(unknown_entry.CHECK, tmp_path, files)[0] == ("README.md", marked, "no entry is called roses")


@pytest.mark.parametrize(
    "text", ["models/05_best.pth", "Load 05_best.pth.", "data/05_roses/test", "../data/raw/05_roses"]
)
def test_numbered_files_of_other_kinds_and_places_are_no_entries(text: str, tmp_path: Path) -> None:
    assert found(unknown_entry.CHECK, tmp_path, {**MODULES, "README.md": text}) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Module 2: Sprout\n", "README.md"),
        ("x = Sprout()  # Module 2: YOUR Sprout!\n", "grow.py"),
        ("Module 0: [Welcome](book/00-welcome.md) you.\n", "README.md"),
        ("**After Module 2**: Build **a wall of stones**\n", "README.md"),
        ("Module 2: Light·Water^2 across\n", "README.md"),
        ('CHOICES = {"05_minutes": "quick", "10_days": "slow"}\n', "choices.py"),
    ],
)
def test_what_is_said_of_an_entry_is_not_always_its_name(text: str, path: str, tmp_path: Path) -> None:
    files = {**PAGES, **MODULES, "modules/02_seeds/seeds_dev.py": "class Sprout:\n    pass\n"}
    files |= {"book/00-welcome.md": "# Welcome\n", path: text}
    assert found(unknown_entry.CHECK, tmp_path, files) == []


@pytest.mark.parametrize("text", ["Module 3: Sprout\n", "Module 2: Roses\n", "Module 0: Roses\n"])
def test_what_another_entry_makes_is_unknown_all_the_same(text: str, tmp_path: Path) -> None:
    files = {**MODULES, "modules/02_seeds/seeds_dev.py": "class Sprout:\n    pass\n", "README.md": text}
    assert len(found(unknown_entry.CHECK, tmp_path, files)) == 1


def test_a_plan_may_name_what_is_to_be(tmp_path: Path) -> None:
    files = {**MODULES, "GREENHOUSE_PLAN.md": "Module 5: Glass House goes to `modules/05_glass`.\n"}
    assert found(unknown_entry.CHECK, tmp_path, files) == []


def test_without_entries_nothing_is_said_of_any(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Entry 3 and 第 8 章\n", encoding="utf-8")
    assert open_tree(tmp_path).view(Series("entry", ("entry",), ())).references == ()


# --- order --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "marked", "message"),
    [
        ('---\nprerequisites: ["Soil", "Light"]\n---\n', "Light", "is said to be a prerequisite of 02-seeds, but comes after it"),
        ("---\nprerequisites: Modules 1-3\n---\n", "Modules 1-3", "is said to be a prerequisite of 02-seeds, but comes after it"),
        ("---\nnext_steps:\n  - Soil\n---\n", "Soil", "is said to be a next step of 02-seeds, but comes before it"),
        ("---\nnext: Light\n---\n", "Light", "is said to be the next one for 02-seeds, but that is 03-water"),
        ("**Next**: Module 4 adds light.\n", "Module 4", "is said to be the next one for 02-seeds, but that is 03-water"),
        ("Next up is Module 4.\n", "Module 4", "is said to be the next one for 02-seeds, but that is 03-water"),
        ("### Next Module: Module 4\n", "Module 4", "is said to be the next one for 02-seeds, but that is 03-water"),
        ("Next: [Light](04-light.md)\n", "Light", "is said to be the next one for 02-seeds, but that is 03-water"),
        ("[Next: Light](./04-light.md)\n", "04-light", "is said to be the next one for 02-seeds, but that is 03-water"),
        ('<a rel="prev" href="../book/03-water.html">\n', "03-water",
         "is said to be the previous one for 02-seeds, but that is 01-soil"),
        ("## What's Next?\n\nIn **Module 4: Light**, you'll see.\n", "Module 4: Light",
         "is said to be the next one for 02-seeds, but that is 03-water"),
    ],
)  # fmt: skip
def test_statements_of_order_that_are_not_so(page: str, marked: str, message: str, tmp_path: Path) -> None:
    files = {**PAGES, "book/02-seeds.md": f"{page}\n# Module 2: Seeds\n"}
    assert found(sequence.CHECK, tmp_path, files) == [("book/02-seeds.md", marked, message)]


@pytest.mark.parametrize(
    "page",
    [
        '---\nprerequisites: ["Soil"]\nnext_steps: ["Light"]\nnext: Water\nprevious: Soil\n---\n',
        "**Next**: Module 3 brings water.\n",
        "Previous: [Soil](01-soil.md) | Next: [Water](03-water.md)\n",
        "Next steps: read Module 4, then Module 1.\n",
        "What comes next builds on Module 1.\n",
        "This is next to Module 4.\n",
        "The water comes next. Module 4 brings light.\n",
        "**Next**: Milestone 4 puts it all together.\n",
        "In Module 4, you'll see light.\n",
        "## What's Next?\n\nMuch of what Module 1 said returns.\n",
        "## What's Next?\n\n- Module 4: Light\n- Module 1: Soil\n",
        "## What's Next?\n\nIn Module 3, you'll see water.\n\nIn Module 4, you'll see light.\n",
    ],
)
def test_statements_of_order_that_are_so_or_say_nothing_plainly(page: str, tmp_path: Path) -> None:
    assert found(sequence.CHECK, tmp_path, {**PAGES, "book/02-seeds.md": f"{page}\n# Module 2: Seeds\n"}) == []


def test_a_page_of_the_same_folder_is_no_other_entry(tmp_path: Path) -> None:
    files = {
        **MODULES,
        "modules/03_water/README.md": "Previous: [Soil](01_soil.md)\n\nNext: [Soil](../01_soil/soil_dev.py)\n",
        "modules/03_water/01_soil.md": "# Soil\n",
    }
    message = "is said to be the next one for 03_water, but that is 04_light"
    assert found(sequence.CHECK, tmp_path, files) == [("modules/03_water/README.md", "Soil", message)]


def test_every_wrong_prerequisite_of_a_line_is_reported(tmp_path: Path) -> None:
    files = {**PAGES, "book/02-seeds.md": '---\nprerequisites: ["Light", "Soil", "Water"]\n---\n# Module 2: Seeds\n'}
    assert [text for _, text, _ in found(sequence.CHECK, tmp_path, files)] == ["Light", "Water"]


def test_the_last_entry_has_no_next_one(tmp_path: Path) -> None:
    files = {**PAGES, "book/04-light.md": "# Module 4: Light\n\nNext: Module 1\n"}
    message = "is said to be the next one for 04-light, but there is none"
    assert found(sequence.CHECK, tmp_path, files) == [("book/04-light.md", "Module 1", message)]


def test_a_page_of_no_entry_states_no_order(tmp_path: Path) -> None:
    files = {**PAGES, "README.md": "Next: Module 4\n", "book/CHANGELOG.md": "Next: Module 4\n"}
    assert found(sequence.CHECK, tmp_path, files) == []


# --- pair-drift ---------------------------------------------------------------------------------

_DEV = '# %% [markdown]\n"""\n# Module 3: Water\n\n## Rain\n"""\n\n# %% nbgrader={"grade_id": "03_water"}\n# See Module 1.\n'


def _drift(root: Path, *cells: tuple[str, str]) -> list[tuple[str, str]]:
    files = {**MODULES, "modules/03_water/water_dev.py": _DEV, "modules/03_water/water_dev.ipynb": notebook(*cells)}
    return [(text, message) for _, text, message in found(pair_drift.CHECK, root, files)]


def test_a_notebook_that_tells_the_same(tmp_path: Path) -> None:
    assert _drift(tmp_path, ("markdown", "# Module 3: Water\n\n## Rain\n"), ("code", "# See Module 1.\n")) == []


def test_other_words_are_no_drift(tmp_path: Path) -> None:
    cells = (("markdown", "# Module 3: Water\n\nIt falls.\n\n## Rain\n"), ("code", "# See Module 1.\ndrops = 5\n"))
    assert _drift(tmp_path, *cells) == []


def test_another_heading_is_reported_once(tmp_path: Path) -> None:
    cells = (("markdown", "# Module 5: Water\n\n## Snow\n"), ("code", "# See Module 2.\n"))
    message = "differs from water_dev.py: the heading 'Module 5: Water' stands only here"
    assert _drift(tmp_path, *cells) == [("Module 5: Water", message)]


def test_a_missing_heading_is_reported_at_the_top(tmp_path: Path) -> None:
    cells = (("markdown", "# Module 3: Water\n"), ("code", "# See Module 1.\n"))
    assert _drift(tmp_path, *cells) == [("", "differs from water_dev.py: the heading 'Rain' stands only there")]


def test_another_number_in_code(tmp_path: Path) -> None:
    cells = (("markdown", "# Module 3: Water\n\n## Rain\n"), ("code", "# See Module 2.\n"))
    message = "differs from water_dev.py: the mention 'Module 2' stands only here"
    assert _drift(tmp_path, *cells) == [("Module 2", message)]


# --- unreadable-file ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        ("notes.md", "# Modül".encode("utf-16"), "was not read: UTF-16: save it as UTF-8"),
        ("notes.md", b"# Module 1\0", "was not read: binary"),
        ("notes.md", b"a" * (10 * 1024 * 1024 + 1), "was not read: larger than 10 MB"),
        ("notes.md", b"# Modul 1: \xfcber\n", "is not UTF-8 from byte 11 on"),
        ("notes.ipynb", b"version https://git-lfs.github.com/spec/v1\n", "was not read: Git LFS pointer"),
        ("notes.ipynb", b'{"cells": [', "is no JSON: Expecting value"),
        ("notes.ipynb", b"[" * 100_000, "is no JSON that can be read: it is nested too deeply, or a number in it is too long"),
        ("mkdocs.yml", b"nav: [\n", "is no YAML: did not find expected node content"),
        ("modules/01_soil/soil_dev.py", b"if True\n", "does not parse: "),
        ("modules/01_soil/soil_dev.py", b"# coding: klingon\n", "does not parse: "),
        ("modules/01_soil/soil_dev.py", b"((((" * 50_000, "does not parse: "),
        ("modules/01_soil/soil_dev.py", b"not " * 50_000 + b"1", "does not parse: "),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(path: str, content: bytes, message: str, tmp_path: Path) -> None:
    """The words after "does not parse" are those of the Python that runs this."""
    ((where, _, said),) = found(unreadable_file.CHECK, tmp_path, {**MODULES, path: content})
    assert (where, said[: len(message)]) == (path, message)


def test_the_line_that_does_not_parse_is_marked(tmp_path: Path) -> None:
    files = {**MODULES, "modules/01_soil/soil_dev.py": "\ufeffdepth = 1\r\n1 = depth\r\n"}
    assert [text for _, text, _ in found(unreadable_file.CHECK, tmp_path, files)] == ["1 = depth"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("picture.png", b"\x89PNG\0"),
        ("data.csv", b"1,2\n" * 3_000_000),
        ("data.json", b"version https://git-lfs.github.com/spec/v1\n"),
        ("poetry.lock", b"\0"),
        ("tools/make.py", b"if True\n"),
        ("archive/modules/01_soil/soil_dev.py", b"if True\n"),
        ("CHANGELOG.md", b"\xfcber\n"),
        ("notes.ipynb", b'\xef\xbb\xbf{"cells": []}'),
        ("mkdocs.yml", b"\xef\xbb\xbfnav: []\nplugins: [!!python/name:x '']\n"),
        ("modules/01_soil/soil_dev.py", b"# coding: latin-1\n"),
        ("modules/01_soil/soil_dev.py", b"path = '\\d'\n"),
    ],
)
def test_a_file_that_is_fine(path: str, content: bytes, tmp_path: Path) -> None:
    assert found(unreadable_file.CHECK, tmp_path, {**MODULES, path: content}) == []


def test_a_link_is_no_unread_file(tmp_path: Path) -> None:
    (tmp_path / "here.md").symlink_to("README.md")
    assert found(unreadable_file.CHECK, tmp_path, {**MODULES, "README.md": "# Course\n"}) == []


# --- a whole course -----------------------------------------------------------------------------


def test_the_demo_course_has_one_clash_and_nothing_else(tmp_path: Path) -> None:
    make_history(tmp_path)
    checks = [module.CHECK for module in (export_mismatch, number_gap, pair_drift, sequence, unreadable_file)]
    workspace = open_tree(tmp_path)
    view = workspace.view(workspace.catalogue.series[0])
    assert run(view, checks) == []
    assert [one.path for one in run(view, [number_clash.CHECK])] == ["modules/source/20_contest/contest_dev.py"]
