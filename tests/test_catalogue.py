"""Which series a tree holds, seen from its files alone; and what only looks like one.

A series is shown as its name with its nouns, then a row an entry: number with letter, id, titles, and the homes, folders
with a slash at their end and places that keep their own numbers with a `!`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from refactor.model import Catalogue, Entry, Home, Scope, Series
from refactor.workspace import open_tree

MODULES = "modules/01_soil/a.md modules/02_seeds/a.md modules/03_water/a.md"


def discover(root: Path, paths: str = "", contents: Mapping[str, str] | None = None) -> Catalogue:
    """The catalogue of a tree of paths, with the given contents or none that says anything."""
    files = {**dict.fromkeys(paths.split(), "Nothing to see.\n"), **(contents or {})}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return open_tree(root).catalogue


def rows(series: Series) -> list[str]:
    """A series, a line an entry."""
    return [f"{one.number}{one.letter} {one.id}: {' '.join(map(_home, one.homes))}" for one in series.entries]


def _home(home: Home) -> str:
    return home.path + "/" * home.place.folder + "!" * (home.place.scope is not Scope.LIVE)


def titles(series: Series) -> list[str]:
    """The titles of the entries, in order of trust."""
    return [" / ".join(entry.titles) for entry in series.entries]


# --- shapes of a course --------------------------------------------------------------------------

SHAPES = {
    "folders": (MODULES, "module", [
        "1 01_soil: modules/01_soil/", "2 02_seeds: modules/02_seeds/", "3 03_water: modules/03_water/",
    ]),
    "pages": ("book/01-soil.md book/02-seeds.md book/03-water.md", "book", [
        "1 01-soil: book/01-soil.md", "2 02-seeds: book/02-seeds.md", "3 03-water: book/03-water.md",
    ]),
    "at the root": ("01_soil/a.md 02_seeds/a.md 03_water/a.md", "entry", [
        "1 01_soil: 01_soil/", "2 02_seeds: 02_seeds/", "3 03_water: 03_water/",
    ]),
    "prefix": ("src/ch01-soil.md src/ch02-seeds.md src/ch03-water.md", "chapter", [
        "1 ch01-soil: src/ch01-soil.md", "2 ch02-seeds: src/ch02-seeds.md", "3 ch03-water: src/ch03-water.md",
    ]),
    "prefix with a separator": ("week_1_soil/a week_2_seeds/a week_3_water/a", "week", [
        "1 week_1_soil: week_1_soil/", "2 week_2_seeds: week_2_seeds/", "3 week_3_water: week_3_water/",
    ]),
    "unpadded, up to two digits": (" ".join(f"lab-{n}-{'abcdefghijk'[n]}/x" for n in range(8, 11)), "lab", [
        "8 lab-8-i: lab-8-i/", "9 lab-9-j: lab-9-j/", "10 lab-10-k: lab-10-k/",
    ]),
    "from zero": ("m/00_intro/a m/01_soil/a m/02_seeds/a", "m", [
        "0 00_intro: m/00_intro/", "1 01_soil: m/01_soil/", "2 02_seeds: m/02_seeds/",
    ]),
    "three digits": ("m/001_soil/a m/002_seeds/a m/003_water/a", "m", [
        "1 001_soil: m/001_soil/", "2 002_seeds: m/002_seeds/", "3 003_water: m/003_water/",
    ]),
    "a gap": ("m/01_soil/a m/02_seeds/a m/05_water/a", "m", [
        "1 01_soil: m/01_soil/", "2 02_seeds: m/02_seeds/", "5 05_water: m/05_water/",
    ]),
    "letters": ("m/12_soil/a m/13_seeds/a m/13a_peas/a m/14_water/a", "m", [
        "12 12_soil: m/12_soil/", "13 13_seeds: m/13_seeds/", "13a 13a_peas: m/13a_peas/", "14 14_water: m/14_water/",
    ]),
    "numbers alone, pages": ("book/chapter1.md book/chapter2.md book/chapter3.md", "chapter", [
        "1 chapter1: book/chapter1.md", "2 chapter2: book/chapter2.md", "3 chapter3: book/chapter3.md",
    ]),
    "numbers alone, folders": ("lab01/a lab02/a lab03/a", "lab", ["1 lab01: lab01/", "2 lab02: lab02/", "3 lab03: lab03/"]),
    "a dot behind the number": ("m/01.soil.md m/02.seeds.md m/03.water.md", "m", [
        "1 01.soil: m/01.soil.md", "2 02.seeds: m/02.seeds.md", "3 03.water: m/03.water.md",
    ]),
    "dots and sections": ("n/01.00-soil.md n/01.01-loam.md n/02.00-seeds.md n/03.00-water.md", "n", [
        "1 01: n/01.00-soil.md n/01.01-loam.md", "2 02: n/02.00-seeds.md", "3 03: n/03.00-water.md",
    ]),
    "parts": ("basics/01_soil.md basics/02_seeds.md basics/03_water.md more/04_light.md more/05_air.md", "entry", [
        "1 01_soil: basics/01_soil.md", "2 02_seeds: basics/02_seeds.md", "3 03_water: basics/03_water.md",
        "4 04_light: more/04_light.md", "5 05_air: more/05_air.md",
    ]),
    "parts that say what they hold": ("day1-3/1.soil.md day1-3/2.seeds.md day1-3/3.water.md "
                                      "day5-7/5.light.md day5-7/6.air.md day5-7/7.bees.md day5-7/img/day06/x.png", "day", [
        "1 1.soil: day1-3/1.soil.md", "2 2.seeds: day1-3/2.seeds.md", "3 3.water: day1-3/3.water.md",
        "5 5.light: day5-7/5.light.md", "6 6.air: day5-7/6.air.md", "7 7.bees: day5-7/7.bees.md",
    ]),
    "a word in all names": ("01_Day_Soil/01_soil.md 02_Day_Seeds/02_seeds.md 03_Day_Water/03_water.md "
                            "zh/01_soil_zh.md zh/02_seeds_zh.md zh/03_water_zh.md", "day", [
        "1 01_Day_Soil: 01_Day_Soil/ zh/01_soil_zh.md 01_Day_Soil/01_soil.md",
        "2 02_Day_Seeds: 02_Day_Seeds/ zh/02_seeds_zh.md 02_Day_Seeds/02_seeds.md",
        "3 03_Day_Water: 03_Day_Water/ zh/03_water_zh.md 03_Day_Water/03_water.md",
    ]),
    "one number, two entries": ("m/01_soil/a m/02_seeds/a m/03_show/a m/03_contest/a", "m", [
        "1 01_soil: m/01_soil/", "2 02_seeds: m/02_seeds/", "3 03_contest: m/03_contest/", "3 03_show: m/03_show/",
    ]),
    "a page of another format in the gap": ("n/01_soil.ipynb n/02_seeds.ipynb n/03_water.md n/04_light.ipynb", "n", [
        "1 01_soil: n/01_soil.ipynb", "2 02_seeds: n/02_seeds.ipynb", "3 03_water: n/03_water.md",
        "4 04_light: n/04_light.ipynb",
    ]),
    "a twin in another format": ("n/01_soil.ipynb n/02_seeds.ipynb n/02_seeds.md n/03_water.ipynb n/05_x.png", "n", [
        "1 01_soil: n/01_soil.ipynb", "2 02_seeds: n/02_seeds.ipynb n/02_seeds.md", "3 03_water: n/03_water.ipynb",
    ]),
    "translations": ("lessons/en/01_soil.md lessons/en/02_seeds.md lessons/en/03_water.md", "lesson", [
        "1 01_soil: lessons/en/01_soil.md", "2 02_seeds: lessons/en/02_seeds.md", "3 03_water: lessons/en/03_water.md",
    ]),
    "translated films": ("film/en/01_soil.md film/en/02_seeds.md film/en/03_water.md", "film", [
        "1 01_soil: film/en/01_soil.md", "2 02_seeds: film/en/02_seeds.md", "3 03_water: film/en/03_water.md",
    ]),
    "sections": ("src/ch01-00-soil.md src/ch01-01-loam.md src/ch02-00-seeds.md src/ch02-01-peas.md src/ch03-00-water.md",
                 "chapter", [
        "1 ch01: src/ch01-00-soil.md src/ch01-01-loam.md", "2 ch02: src/ch02-00-seeds.md src/ch02-01-peas.md",
        "3 ch03: src/ch03-00-water.md",
    ]),
    "sections with numbered folders inside": (
        "src/ch01-00-soil.md src/ch02-00-seeds.md src/ch03-00-water.md "
        "code/ch01-soil/listing-01-01/a code/ch02-peas/listing-02-01/a code/ch03-rain/listing-03-01/a", "chapter", [
        "1 ch01: code/ch01-soil/ src/ch01-00-soil.md code/ch01-soil/listing-01-01/",
        "2 ch02: code/ch02-peas/ src/ch02-00-seeds.md code/ch02-peas/listing-02-01/",
        "3 ch03: code/ch03-rain/ src/ch03-00-water.md code/ch03-rain/listing-03-01/",
    ]),
    "a page that repeats the number": ("ch1/ch1.md ch2/ch2.md ch3/ch3.md ch3/x.md", "chapter", [
        "1 ch1: ch1/ ch1/ch1.md", "2 ch2: ch2/ ch2/ch2.md", "3 ch3: ch3/ ch3/ch3.md",
    ]),
    "pages that count anew in every folder": ("ch1/1.md ch1/2.md ch2/1.md ch2/2.md ch3/3.md ch3/4.md", "chapter", [
        "1 ch1: ch1/", "2 ch2: ch2/", "3 ch3: ch3/",
    ]),
    "two places": (f"{MODULES} book/01-soil.md book/02-seeds.md book/03-water.md", "module", [
        "1 01_soil: modules/01_soil/ book/01-soil.md", "2 02_seeds: modules/02_seeds/ book/02-seeds.md",
        "3 03_water: modules/03_water/ book/03-water.md",
    ]),
    "a place with fewer": (f"{MODULES} modules/04_show/a tests/01_soil/t tests/02_seeds/t tests/04_show/t", "module", [
        "1 01_soil: modules/01_soil/ tests/01_soil/", "2 02_seeds: modules/02_seeds/ tests/02_seeds/",
        "3 03_water: modules/03_water/", "4 04_show: modules/04_show/ tests/04_show/",
    ]),
    "a place with one more": (f"{MODULES} book/01-soil.md book/02-seeds.md book/04-show.md", "module", [
        "1 01_soil: modules/01_soil/ book/01-soil.md", "2 02_seeds: modules/02_seeds/ book/02-seeds.md",
        "3 03_water: modules/03_water/", "4 04-show: book/04-show.md",
    ]),
    "a place that contradicts": (f"{MODULES} book/01-soil.md book/02-seeds.md book/03-show.md", "module", [
        "1 01_soil: modules/01_soil/ book/01-soil.md", "2 02_seeds: modules/02_seeds/ book/02-seeds.md",
        "3 03_water: modules/03_water/",
    ]),
    "two files to a number": ("nb/01_soil.ipynb nb/01_soil.py nb/02_seeds.ipynb nb/02_seeds.py nb/03_water.ipynb nb/03_water.py",
                              "nb", [
        "1 01_soil: nb/01_soil.ipynb nb/01_soil.py", "2 02_seeds: nb/02_seeds.ipynb nb/02_seeds.py",
        "3 03_water: nb/03_water.ipynb nb/03_water.py",
    ]),
    "a picture beside its page": ("book/01-soil.md book/02-seeds.md book/03-water.md book/02-seeds.png", "book", [
        "1 01-soil: book/01-soil.md", "2 02-seeds: book/02-seeds.md book/02-seeds.png", "3 03-water: book/03-water.md",
    ]),
    "an own slug in another place": (
        "src/ch01-soil.md src/ch02-seeds.md src/ch03-water.md src/ch04-show.md "
        "code/ch01-loam/a code/ch02-peas/a code/ch03-rain/a", "chapter", [
        "1 ch01-soil: src/ch01-soil.md code/ch01-loam/", "2 ch02-seeds: src/ch02-seeds.md code/ch02-peas/",
        "3 ch03-water: src/ch03-water.md code/ch03-rain/", "4 ch04-show: src/ch04-show.md",
    ]),
    "numbers inside an entry start anew": (
        f"{MODULES} modules/01_soil/01_x.md modules/01_soil/02_y.md modules/01_soil/03_z.md", "module", [
        "1 01_soil: modules/01_soil/", "2 02_seeds: modules/02_seeds/", "3 03_water: modules/03_water/",
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("paths", "name", "expected"), SHAPES.values(), ids=SHAPES)
def test_shapes_of_a_course(tmp_path: Path, paths: str, name: str, expected: list[str]) -> None:
    (series,) = discover(tmp_path, paths).series
    assert (series.name, rows(series)) == (name, expected)


# --- what keeps its own numbers ------------------------------------------------------------------

FROZEN = {
    "archive": "archive/modules/01_soil/a archive/modules/02_seeds/a archive/modules/03_water/a",
    "year": "2019/01_soil/a 2019/02_seeds/a 2019/03_water/a",
    "version": "v1/01_soil/a v1/02_seeds/a v1/03_water/a",
    "old": "old-modules/01_soil/a old-modules/02_seeds/a old-modules/03_water/a",
    "edition": "first-edition/01_soil/a first-edition/02_seeds/a first-edition/03_water/a",
}


@pytest.mark.parametrize("paths", FROZEN.values(), ids=FROZEN)
def test_old_editions_are_homes_that_keep_their_numbers(tmp_path: Path, paths: str) -> None:
    (series,) = discover(tmp_path, f"{MODULES} {paths}").series
    frozen = [home.path for entry in series.entries for home in entry.homes if home.place.scope is Scope.FROZEN]
    assert frozen == [path.removesuffix("/a") for path in paths.split()]


@pytest.mark.parametrize("paths", FROZEN.values(), ids=FROZEN)
def test_an_old_edition_alone_is_no_series(tmp_path: Path, paths: str) -> None:
    assert discover(tmp_path, paths).series == ()


def test_an_old_edition_with_other_numbers_is_nobodys_home(tmp_path: Path) -> None:
    (series,) = discover(tmp_path, f"{MODULES} archive/01_soil/a archive/02_water/a archive/03_seeds/a").series
    assert rows(series) == [
        "1 01_soil: modules/01_soil/",
        "2 02_seeds: modules/02_seeds/",
        "3 03_water: modules/03_water/",
    ]


def test_settings_name_further_old_editions(tmp_path: Path) -> None:
    told = {"refactor.toml": 'frozen = ["spring/"]\n'}
    (series,) = discover(tmp_path, f"{MODULES} spring/01_soil/a spring/02_seeds/a spring/03_water/a", told).series
    assert rows(series)[0] == "1 01_soil: modules/01_soil/ spring/01_soil/!"


# --- several series ------------------------------------------------------------------------------


def test_the_longest_series_comes_first(tmp_path: Path) -> None:
    found = discover(tmp_path, f"{MODULES} modules/04_show/a weeks/week_1/a weeks/week_2/a weeks/week_3/a")
    assert [(one.name, len(one.entries)) for one in found.series] == [("module", 4), ("week", 3)]


def test_introductions_numbered_0_do_not_make_a_book_the_place_that_entries_are_named_by(tmp_path: Path) -> None:
    modules = "m/01_soil/a m/02_seeds/a m/03_water/a"
    chapters = "book/00-about.md book/00-how.md book/01-soil.md book/02-seeds.md book/03-water.md"
    found = discover(tmp_path, f"{modules} {chapters}").series
    assert [entry.id for entry in found[0].entries if entry.number] == ["01_soil", "02_seeds", "03_water"]


def test_two_series_of_one_kind_have_two_names(tmp_path: Path) -> None:
    found = discover(tmp_path, "a/lab1/x a/lab2/x a/lab3/x b/lab7/x b/lab8/x b/lab9/x b/lab10/x")
    assert [one.name for one in found.series] == ["lab", "lab-2"]


def test_every_common_noun_is_foreign_to_another_series(tmp_path: Path) -> None:
    foreign = discover(tmp_path, MODULES).foreign
    assert {"checkpoint", "milestone", "week", "lesson", "phase", "figure"} <= set(foreign)
    assert "soil" not in foreign


def test_settings_name_further_foreign_nouns(tmp_path: Path) -> None:
    assert "bed" in discover(tmp_path, MODULES, {"refactor.toml": 'foreign = ["Bed"]\n'}).foreign


# --- what is no series ---------------------------------------------------------------------------

NO_SERIES = {
    "nothing": "README.md",
    "two of them": "m/01_soil/a m/02_seeds/a",
    "sizes": "models/resnet18.py models/resnet50.py models/resnet101.py",
    "powers": "conf/batch32.toml conf/batch64.toml conf/batch128.toml",
    "years": "2021/a 2022/a 2023/a",
    "dates": "posts/2024-01-02-a.md posts/2024-01-03-b.md posts/2024-02-04-c.md",
    "four digits": "migrations/0001_a.sql migrations/0002_b.sql migrations/0003_c.sql",
    "tens": "conf.d/10-a.conf conf.d/20-b.conf conf.d/30-c.conf conf.d/40-d.conf",
    "far apart": "m/01_soil/a m/40_seeds/a m/80_water/a",
    "one in each folder": "a/01_soil.md b/02_seeds.md c/03_water.md",
    "numbers behind": "m/soil_1.md_x m/notes m/readme",
    "numbers inside": "m/a1bc m/a2bc m/a3bc",
    "hidden": ".cache/01_a/x .cache/02_b/x .cache/03_c/x",
    "installed": "node_modules/01_a/x node_modules/02_b/x node_modules/03_c/x",
    "dotted versions": "dist/tool-1.2.3.tgz dist/tool-1.2.4.tgz dist/tool-1.2.5.tgz",
}


@pytest.mark.parametrize("paths", NO_SERIES.values(), ids=NO_SERIES)
def test_what_only_looks_like_a_series(tmp_path: Path, paths: str) -> None:
    assert [one.name for one in discover(tmp_path, paths).series] == []


def test_only_three_numbers_make_a_place_not_three_files(tmp_path: Path) -> None:
    assert discover(tmp_path, "m/01_soil.md m/01_seeds.md m/01_water.md").series == ()


# --- titles --------------------------------------------------------------------------------------

TITLES = {
    "from the slug": ("", ["Soil", "Two Words", "Water"]),
    "heading": ("# Good Soil\n", ["Good Soil", "Two Words", "Water"]),
    "numbered heading": ("# Module 1: Good Soil\n", ["Good Soil", "Two Words", "Water"]),
    "number alone": ("# 1. Good Soil\n", ["Good Soil", "Two Words", "Water"]),
    "a picture in front": ("# 📘 Module 1: Good Soil\n", ["Good Soil", "Two Words", "Water"]),
    "a name for links": ("# Good Soil[[soil]]\n", ["Good Soil", "Two Words", "Water"]),
    "attributes": ("# Good Soil {#soil .wide}\n", ["Good Soil", "Two Words", "Water"]),
    "explained": ("# Good Soil - what it is\n", ["Good Soil", "Two Words", "Water"]),
    "explained after a colon": ("# Module 1: Good Soil: what it is\n", ["Good Soil", "Two Words", "Water"]),
    "with an aside": ("# Good Soil (Loam)\n", ["Good Soil (Loam) / Good Soil", "Two Words", "Water"]),
    "front matter": ("---\ntitle: Loam\n---\n\n# Good Soil\n", ["Good Soil / Loam", "Two Words", "Water"]),
    "quoted front matter": ('---\ntitle: "Loam"\n---\nText.\n', ["Loam", "Two Words", "Water"]),
    "windows line ends": ("# Good Soil\r\n", ["Good Soil", "Two Words", "Water"]),
    "byte order mark": ("\ufeff# Good Soil\n", ["Good Soil", "Two Words", "Water"]),
    "heading of another": ("# Module 2: Good Soil\n", ["Soil", "Two Words", "Water"]),
    "second level": ("## Good Soil\n", ["Soil", "Two Words", "Water"]),
    "heading in a fence": ("```\n# Good Soil\n```\n", ["Soil", "Two Words", "Water"]),
    "no heading": ("Good Soil\n", ["Soil", "Two Words", "Water"]),
}


@pytest.mark.parametrize(("text", "expected"), TITLES.values(), ids=TITLES)
def test_titles_of_a_page(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = discover(tmp_path, "book/02-two-words.md book/03-water.md", {"book/01-soil.md": text})
    assert titles(found.series[0]) == expected


def test_what_all_pages_are_called_is_no_title(tmp_path: Path) -> None:
    pages = {f"book/0{n}-{slug}.md": "# My Garden\n" for n, slug in enumerate(("soil", "seeds", "water"), 1)}
    assert titles(discover(tmp_path, "", pages).series[0]) == ["Soil", "Seeds", "Water"]


def test_titles_of_notebooks_stand_in_their_first_section(tmp_path: Path) -> None:
    def notebook(heading: str) -> str:
        cells = [
            {"cell_type": "code", "source": ["# No heading\n"]},
            {"cell_type": "markdown", "source": ["Hi\n", heading]},
        ]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)

    pages = {
        "n/01.00-soil.ipynb": notebook('# Good "Soil"\n'),
        "n/01.01-loam.ipynb": notebook("# Loam"),
        "n/02.00-seeds.ipynb": notebook("## Peas"),
        "n/03.00-water.ipynb": notebook("# Module 3: Much Water - and more"),
    }
    assert titles(discover(tmp_path, "", pages).series[0]) == ['Good "Soil"', "Seeds", "Much Water"]


def test_titles_of_a_folder_come_from_its_own_texts(tmp_path: Path) -> None:
    found = discover(tmp_path, MODULES, {
        "modules/01_soil/README.md": "# Module 1: Good Soil\n",
        "modules/02_seeds/seeds_dev.py": '# %% [markdown]\n"""\n# Module 2: Fine Seeds\n"""\n',
        "modules/03_water/other.md": "# Module 3: Much Water\n",
    })  # fmt: skip
    assert titles(found.series[0]) == ["Good Soil", "Fine Seeds", "Water"]


TOCS = {
    "jupyter-book": ("_toc.yml", """\
format: jb-book
root: intro
parts:
- caption: Basics (01-02)
  chapters:
  - file: book/01-soil
    title: "1. Good Soil"
  - file: book/02-seeds
- caption: Growth
  chapters:
  - file: book/03-water
    title: Much Water
"""),
    "mdbook": ("SUMMARY.md", """\
# Summary

# Basics (01-02)

- [Good Soil](book/01-soil.md)
- [Seeds](book/02-seeds.md)

# Growth

- [Much Water](book/03-water.md)
"""),
    "mkdocs": ("mkdocs.yml", """\
nav:
- Basics (01-02):
  - Good Soil: book/01-soil.md
  - book/02-seeds.md
- Growth:
  - Much Water: book/03-water.md
"""),
    "quarto": ("_quarto.yml", """\
book:
  chapters:
  - part: Basics (01-02)
    chapters:
    - {text: Good Soil, href: book/01-soil.md}
    - book/02-seeds.md
  - part: Growth
    chapters:
    - {text: Much Water, href: book/03-water.md}
"""),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), TOCS.values(), ids=TOCS)
def test_titles_and_tiers_from_a_table_of_contents(tmp_path: Path, path: str, text: str) -> None:
    book = "docs/book" if path == "mkdocs.yml" else "book"
    pages = f"{book}/01-soil.md {book}/02-seeds.md {book}/03-water.md"
    (series,) = discover(tmp_path, pages, {path: text}).series
    assert titles(series) == ["Good Soil", "Seeds", "Much Water"]
    assert [(one.name, one.first, one.last) for one in series.tiers] == [("Basics", 1, 2)]
    assert [entry.tier for entry in series.entries] == ["Basics", "Basics", ""]


def test_a_caption_with_numbers_of_nobody_is_no_tier(tmp_path: Path) -> None:
    toc = TOCS["jupyter-book"][1].replace("01-02", "01-09")
    (series,) = discover(tmp_path, "book/01-soil.md book/02-seeds.md book/03-water.md", {"_toc.yml": toc}).series
    assert series.tiers == ()


# --- nouns ---------------------------------------------------------------------------------------

NOUNS = {
    "links to the pages": ("", {
        "m/01_soil.md": "[Bed 2](02_seeds.md)\n", "m/02_seeds.md": "[Bed 3](03_water.md)\n", "m/03_water.md": "",
        "README.md": "[Part 1](m/01_soil.md), [Part 2](m/02_seeds.md), [Part 3](m/03_water.md), [Figure 4](m/04.png)\n",
    }, ("part",)),
    "folder": (MODULES, {}, ("module",)),
    "folder above": ("modules/source/01_soil/a modules/source/02_seeds/a modules/source/03_water/a", {}, ("module",)),
    "prefix": ("src/ch01-soil.md src/ch02-seeds.md src/ch03-water.md", {}, ("chapter",)),
    "folder and prefix": ("lessons/week_1/a lessons/week_2/a lessons/week_3/a", {}, ("week", "lesson")),
    "unknown prefix": ("src/bed01.md src/bed02.md src/bed03.md", {}, ("bed",)),
    "unknown folder": ("src/01-soil.md src/02-seeds.md src/03-water.md", {}, ("src",)),
    "headings": ("", {f"src/0{n}-{slug}.md": f"# Lesson {n}: X{n}\n"
                      for n, slug in enumerate(("soil", "seeds", "water"), 1)}, ("lesson",)),
    "headings that count something else": (
        "", {f"src/0{n}-{slug}.md": f"# Top {n}: X{n}\n" for n, slug in enumerate(("soil", "seeds", "water"), 1)}, ("src",)),
    "README": ("01_soil/a 02_seeds/a 03_water/a",
               {"README.md": "Lesson 1, Lesson 2 and Lesson 3; Rule 1, Rule 2.\n"}, ("lesson",)),
    "what lies in the folders": ("week1/hw1.py week2/hw2.py week3/hw3.py", {}, ("week", "homework")),
    "a series of its own": ("week1/hw1.py week2/hw2.py week3/hw3.py hw/hw1.md hw/hw2.md hw/hw3.md", {}, ("week",)),
    "what has other numbers": ("week1/hw1.py week2/hw1.py week3/hw3.py", {}, ("week",)),
    "settings": (MODULES, {"refactor.toml": 'nouns = ["unit"]\n'}, ("module", "unit")),
    "settings of the series": (MODULES, {"refactor.toml": '[series.module]\nnouns = ["unit"]\n'}, ("unit",)),
}  # fmt: skip


@pytest.mark.parametrize(("paths", "contents", "expected"), NOUNS.values(), ids=NOUNS)
def test_nouns(tmp_path: Path, paths: str, contents: dict[str, str], expected: tuple[str, ...]) -> None:
    assert discover(tmp_path, paths, contents).series[0].nouns == expected


# --- dependents and commands ---------------------------------------------------------------------


def test_nouns_of_numbers_that_start_with_the_chapters(tmp_path: Path) -> None:
    pages = {f"src/ch0{n}.md": f"Listing {n}-1 and Listing {n}-2; see Figure 3-1, Table {n}.\n" for n in (1, 2, 3)}
    assert discover(tmp_path, "", pages).series[0].dependents == ("listing",)


FIELDS = {
    "positions": (["---\nposition: {n}\nhours: 3\n---\n"] * 3, ("position",)),
    "toml": (["+++\nweight = {n}\n+++\n"] * 3, ("weight",)),
    "too few": (["---\nposition: {n}\n---\n"] * 2 + ["# Page\n"], ()),
    "not all": (["---\nposition: {n}\n---\n"] * 3 + ["---\nposition: 7\n---\n"], ()),
    "nearly all": (["---\nposition: {n}\n---\n"] * 9 + ["---\nposition: 7\n---\n"], ("position",)),
    "below the front matter": (["---\na: b\n---\nposition: {n}\n"] * 3, ()),
    "in a list": (["---\na:\n  position: {n}\n---\n"] * 3, ()),
}


@pytest.mark.parametrize(("texts", "expected"), FIELDS.values(), ids=FIELDS)
def test_fields_that_hold_the_number(tmp_path: Path, texts: list[str], expected: tuple[str, ...]) -> None:
    pages = {f"src/ch{n:02d}.md": text.format(n=n) for n, text in enumerate(texts, 1)}
    assert discover(tmp_path, "", pages).series[0].fields == expected


@pytest.mark.parametrize(
    ("paths", "contents", "expected"),
    [
        ("bin/grow scripts/water.sh", {}, ("grow", "water")),
        ("scripts/README.md scripts/uv.lock scripts/water.sh", {}, ("water",)),
        ("tools/grow bin/deep/grow archive/bin/x", {}, ()),
        ("", {"pyproject.toml": '[project.scripts]\ngrow = "a:b"\n\n[tool.x]\ny = 1\n'}, ("grow",)),
        ("", {"refactor.toml": 'commands = ["grow"]\n'}, ("grow",)),
    ],
    ids=["folders", "no scripts", "other folders", "project scripts", "settings"],
)
def test_commands_of_the_repository(
    tmp_path: Path, paths: str, contents: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert discover(tmp_path, paths, contents).commands == expected


# --- settings of a series ------------------------------------------------------------------------


def test_settings_declare_a_place_of_two(tmp_path: Path) -> None:
    told = {"refactor.toml": '[series.lab]\nplaces = ["x/{nn}_{slug}/"]\n'}
    assert rows(discover(tmp_path, "x/01_soil/a x/02_seeds/a", told).series[0]) == [
        "1 01_soil: x/01_soil/",
        "2 02_seeds: x/02_seeds/",
    ]


def test_settings_give_titles_and_tiers(tmp_path: Path) -> None:
    told = {"refactor.toml": '[series.module]\ntitles = {01_soil = ["Earth"]}\ntiers = {Start = "01-02"}\n'}
    (series,) = discover(tmp_path, MODULES, told).series
    assert titles(series)[0] == "Earth / Soil"
    assert [entry.tier for entry in series.entries] == ["Start", "Start", ""]


def test_entries_are_told_apart_by_number_letter_and_slug() -> None:
    keys = [Entry("m", 13, letter, slug).key for letter, slug in (("", "a"), ("a", "a"), ("", "b"))]
    assert len(set(keys)) == 3
