"""What the checks of structure find and leave alone: paths, anchors, tables of contents, headings, tiers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from refactor import plugins
from refactor.lint import Check, run
from refactor.model import Finding, Series
from refactor.spans import encode
from refactor.workspace import open_tree

CHECKS = {check.name: check for check in plugins.load("refactor.checks", "CHECK", Check).values()}

COURSE = {
    "modules/source/01_soil/README.md": "# Module 1: Soil\n",
    "modules/source/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/source/02_seeds/seeds_dev.py": "# %% [markdown]\n# # Module 2: Seeds\n",
    "modules/source/03_water/README.md": "# Module 3: Water\n",
    "book/chapters/01-soil.md": "# 1. Soil\n\n## Clay & Sand\n",
    "book/chapters/02-seeds.md": "# 2. Seeds\n",
    "book/chapters/03-water.md": "# 3. Water\n",
    "docs/tools.md": "# Tools\n\n## The Spade\n",
}
TOC = """format: jb-book
root: intro
parts:
- caption: Ground Tier (01-02)
  chapters:
  - file: chapters/01-soil
    title: "01. Soil"
  - file: chapters/02-seeds
    title: "02. Seeds"
- caption: Growth Tier (03-03)
  chapters:
  - file: chapters/03-water
    title: "03. Water"
"""
BOOK = {**COURSE, "book/_toc.yml": TOC, "book/intro.md": "# Garden\n"}


def found(root: Path, code: str, tree: Mapping[str, str]) -> list[Finding]:
    """What a check finds in a tree, whatever the series, once."""
    for path, text in tree.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode(text))
    workspace = open_tree(root)
    series = workspace.catalogue.series or (Series("entry", ("entry",), ()),)
    return sorted({one for each in series for one in run(workspace.view(each), [CHECKS[code]])})


def rows(root: Path, code: str, tree: Mapping[str, str]) -> list[str]:
    """The findings as "path | what stands there | what a fix writes, or a dash | how sure it is"."""
    shown = []
    for one in found(root, code, tree):
        fix = f"{one.fix.edits[0].new} | {one.fix.applicability}" if one.fix else "-"
        shown.append(f"{one.path} | {tree[one.path][one.span.start : one.span.end]} | {fix}")
    return shown


# --- broken-path --------------------------------------------------------------------------------

BROKEN = {
    "a link": ("[x](docs/spade.md)", "docs/spade.md | -"),
    "a link with an anchor": ("[x](docs/spade.md#top)", "docs/spade.md | -"),
    "an image": ("![x](docs/spade.png)", "docs/spade.png | -"),
    "a definition": ("[x][1]\n\n[1]: docs/spade.md", "docs/spade.md | -"),
    "a page of the site": ("[x](docs/spade.html)", "docs/spade.html | -"),
    "a tag": ('<a href="docs/spade.md">x</a>', "docs/spade.md | -"),
    "a file of that name elsewhere": ("[x](help/tools.md)", "help/tools.md | docs/tools.md | unsafe"),
    "a slug that lives elsewhere": ("cd modules/02_seeds", "modules/02_seeds | modules/source/02_seeds | safe"),
    "its file": (
        "`modules/02_seeds/seeds_dev.py`",
        "modules/02_seeds/seeds_dev.py | modules/source/02_seeds/seeds_dev.py | safe",
    ),
    "a folder, with its slash": ("in modules/02_seeds/.", "modules/02_seeds/ | modules/source/02_seeds/ | safe"),
    "another way to write ids": (
        "[x](book/chapters/02_seeds.html)",
        "book/chapters/02_seeds.html | book/chapters/02-seeds.html | safe",
    ),
    "a number and a way": (
        "[x](book/chapters/03_seeds.html)",
        "book/chapters/03_seeds.html | book/chapters/02-seeds.html | safe",
    ),
    "an unknown entry": ("Open modules/source/04_light.", "modules/source/04_light | -"),
    "at the end of a sentence": ("Open modules/source/04_light/README.md.", "modules/source/04_light/README.md | -"),
    "up and down": ("Open ../modules/source/04_light/x.py", "modules/source/04_light/x.py | -"),
    "a file that the entry has not": ("`modules/source/02_seeds/seeds.py`", "modules/source/02_seeds/seeds.py | -"),
    "a drawing": ("```\nmodules/source/\n├── 01_soil/\n└── 04_light/  # last\n```", "04_light | -"),
    "before a closing tag": ("[code]cd modules/source/04_light[/code]", "modules/source/04_light | -"),
    "a folder left out": ("cd modules/04_light", "modules/04_light | -"),
    "more words than there": (
        "cd modules/source/02_seeds_of_spring",
        "modules/source/02_seeds_of_spring | modules/source/02_seeds | unsafe",
    ),
    "words in another order, and a way on": (
        "`modules/source/02_spring_seeds/seeds_dev.py`",
        "modules/source/02_spring_seeds/seeds_dev.py | modules/source/02_seeds/seeds_dev.py | unsafe",
    ),
    "another number and more words": ("cd modules/source/04_seeds_of_spring", "modules/source/04_seeds_of_spring | -"),
    "a number that was never filled in": (
        "# To edit: modules/source/XX_seeds/seeds_dev.py",
        "modules/source/XX_seeds/seeds_dev.py | modules/source/02_seeds/seeds_dev.py | safe",
    ),
    "a deep drawing": ("```\ngarden/\n├── modules/\n│   └── source/\n│       └── 04_light/\n```", "04_light | -"),
}


@pytest.mark.parametrize(("text", "row"), BROKEN.values(), ids=BROKEN)
def test_a_path_that_leads_nowhere_is_found(text: str, row: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "broken-path", {**COURSE, "README.md": text}) == [f"README.md | {row}"]


OURS = "[x](https://github.com/Green/garden) [y](https://github.com/green/garden/issues) "
HOSTED = {
    "on the host": ("https://github.com/green/garden/blob/main/docs/spade.md", "docs/spade.md | -"),
    "in emphasis": ("*https://github.com/green/garden/tree/master/docs/spade*.", "docs/spade | -"),
    "as it is": ("https://raw.githubusercontent.com/green/garden/main/docs/spade.png", "docs/spade.png | -"),
    "a notebook to run": (
        "https://colab.research.google.com/github/green/garden/blob/main/modules/source/05_seeds/seeds_dev.py",
        "modules/source/05_seeds/seeds_dev.py | modules/source/02_seeds/seeds_dev.py | safe",
    ),
    "a notebook in a query": (
        "https://mybinder.org/v2/gh/Green/garden/main?filepath=modules/source/02_seeds/spade.ipynb",
        "modules/source/02_seeds/spade.ipynb | -",
    ),
}


@pytest.mark.parametrize(("text", "row"), HOSTED.values(), ids=HOSTED)
def test_an_address_of_the_tree_itself_leads_somewhere(text: str, row: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "broken-path", {**COURSE, "README.md": OURS + text}) == [f"README.md | {row}"]


NOT_HOSTED = {
    "there, with a slash too many": "https://mybinder.org/v2/gh/green/garden/main?filepath=%2Fdocs/tools.md",
    "there": "https://github.com/green/garden/blob/main/docs/tools.md https://github.com/green/garden/tree/main/docs/",
    "of another": "https://github.com/blue/garden/blob/main/docs/spade.md",
    "of a release": "https://github.com/green/garden/blob/v1.0/docs/spade.md",
    "bracketed": "https://github.com/green/garden/blob/main/docs/tools(new).md",
    "filled in": "https://github.com/green/garden/blob/main/docs/{page} https://github.com/green/garden/blob/main/{page}",
    "the host's own": "https://github.com/green/garden/actions/workflows/main/badge.svg",
    "made by a tool": "https://github.com/green/garden/raw/main/dist/spade.pdf",
}


@pytest.mark.parametrize("text", NOT_HOSTED.values(), ids=NOT_HOSTED)
def test_other_addresses_are_left_alone(text: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "broken-path", {**COURSE, "README.md": OURS + text}) == []


FINE = {
    "a file": "[x](docs/tools.md) [y](docs/tools.html) [z](docs/tools) [f](docs/) [r](/docs/tools.md)",
    "from the book's folder": "[x](chapters/01-soil.html)",
    "an address": "[x](https://example.org/modules/source/04_light) https://example.org/modules/source/04_light",
    "a placeholder": "modules/source/NN_name/ modules/source/XX_light/ modules/source/{id}_x modules/source/<id>/04_x",
    "a placeholder behind": "modules/source/04_{slug}/x.py modules/source/04_$SLUG",
    "a glob": "modules/source/0*_soil/ modules/source/04_*/README.md",
    "made by a tool": "[x](build/x.md) docs/_build/04_light/x.html",
    "made by a command": "```\nmkdir -p modules/source/04_light\ncd modules/source/04_light\n```",
    "to be made": "Create modules/source/04_light/README.md",
    "outside": "[x](../../issues) ~/modules/source/04_light /opt/modules/source/04_light",
    "no folder of ours": "src/04_light/main.py and lessons/04_light",
    "no entry": "docs/spade.md and modules/release",
    "a label": "[x](spade) [y](#spade)",
    "mail": "[x](mailto:me@example.org) [y](me@example.org) [z]((https://example.org/x.md))",
    "a number alone among names": "modules/source/4 and modules/source/5.py",
    "a number that another check mends": "modules/source/03_seeds/README.md",
    "a drawing of something else": "```\nother/\n├── 01_x/\n└── 04_light/\n```",
    "a drawing of what is no entry": "```\nmodules/source/\n├── 01_soil/\n└── tools/\n```",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_other_paths_are_left_alone(text: str, tmp_path: Path) -> None:
    tree = {**BOOK, "README.md": text} if "chapters/01-soil.html" in text else {**COURSE, "README.md": text}
    assert rows(tmp_path, "broken-path", tree) == []


@pytest.mark.parametrize(
    "path", ["CHANGELOG.md", "docs/archive/notes.md", "RESTRUCTURE_PLAN.md", "README.md.bak", "releases.md"]
)
def test_the_past_and_the_future_may_name_what_is_not_there(path: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "broken-path", {**COURSE, path: "modules/source/04_light\n"}) == []


def test_code_is_no_path_but_its_strings_and_comments_are(tmp_path: Path) -> None:
    code = "x = modules/source/04_light\ny = 'modules/source/05_heat'\n# see modules/source/06_snow\n"
    assert rows(tmp_path, "broken-path", {**COURSE, "x.py": code}) == [
        "x.py | modules/source/05_heat | -",
        "x.py | modules/source/06_snow | -",
    ]


@pytest.mark.parametrize("rule", ["*.png", "docs/*.png", "/docs/spade.*", "docs/"])
def test_what_git_ignores_may_be_there_for_others(rule: str, tmp_path: Path) -> None:
    tree = {**COURSE, ".gitignore": f"# made\n{rule}\n", "README.md": "![x](docs/spade.png)"}
    assert rows(tmp_path, "broken-path", tree) == []


def test_an_ignore_file_speaks_for_its_own_folder(tmp_path: Path) -> None:
    tree = {**COURSE, "docs/.gitignore": "*.png\n", "README.md": "![x](docs/a.png) ![y](b.png)"}
    assert rows(tmp_path, "broken-path", tree) == ["README.md | b.png | -"]


def test_two_files_of_one_name_are_no_suggestion(tmp_path: Path) -> None:
    tree = {**COURSE, "a/rake.md": "x", "b/rake.md": "x", "README.md": "[x](help/rake.md)"}
    assert rows(tmp_path, "broken-path", tree) == ["README.md | help/rake.md | -"]


@pytest.mark.parametrize("source", ["docs", "../build/en/docs"])
def test_what_html_reaches_outside_its_site_is_for_the_host(source: str, tmp_path: Path) -> None:
    config = f"docs_dir: {source}\nnav:\n- Soil: 01-soil.md\n- Seeds: 02-seeds.md\n"
    pages = {"en/docs/01-soil.md": "# 1. Soil\n", "en/docs/02-seeds.md": "# 2. Seeds\n"}
    page = '<img src="../assets/spade.png"><img src="spade.png">'
    tree = {**COURSE, **pages, "en/mkdocs.yml": config, "en/docs/index.html": page}
    assert rows(tmp_path, "broken-path", tree) == ["en/docs/index.html | spade.png | -"]


def test_a_link_for_programs_is_no_link(tmp_path: Path) -> None:
    page = '<?xml-stylesheet type="text/xsl" href="spade.xsl"?>\n<a href="rake.xml">x</a>\n'
    assert rows(tmp_path, "broken-path", {**COURSE, "garden.xml": page}) == ["garden.xml | rake.xml | -"]


def test_a_path_to_a_known_entry_is_a_current_mention(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "broken-path", {**COURSE, "README.md": "cd modules/02_seeds"})
    assert (one.verdict, one.message, one.because) == (
        "current",
        "modules/02_seeds leads nowhere, is it modules/source/02_seeds?",
        "modules holds no 02_seeds",
    )


# --- broken-anchor ------------------------------------------------------------------------------

PAGE = """# The *Garden* `Book`

## 2. Water & Rain

### Rakes {#rake}

(the-shed)=
## Shed

<a id="pond"></a>
<h2>Old Wells</h2>

Setext
------
## Twice
## Twice
```{note}
:name: a-note
```
"""
REACHED = (
    "the-garden-book", "2-water--rain", "2-water-rain", "rake", "rakes", "the-shed", "shed", "pond",
    "old-wells", "setext", "twice", "twice-1", "a-note", "L12", "top", "fn-1", "2%2Dwater-rain",
)  # fmt: skip


@pytest.mark.parametrize("anchor", REACHED)
def test_an_anchor_of_the_page_is_right(anchor: str, tmp_path: Path) -> None:
    tree = {**COURSE, "docs/page.md": PAGE + f"[x](#{anchor})\n", "README.md": f"[x](docs/page.html#{anchor})\n"}
    assert rows(tmp_path, "broken-anchor", tree) == []


ASTRAY = {
    "another number": ("docs/page.md#3-water-rain", "3-water-rain | 2-water--rain | unsafe"),
    "the beginning of a heading": ("docs/page.md#old", "old | -"),
    "enough of a heading": ("docs/page.md#the-garden", "the-garden | the-garden-book | unsafe"),
    "no heading": ("docs/page.md#snow", "snow | -"),
    "own page": ("#snow", "snow | -"),
    "site's page": ("docs/page.html#snow", "snow | -"),
}


@pytest.mark.parametrize(("target", "row"), ASTRAY.values(), ids=ASTRAY)
def test_an_anchor_that_the_page_lacks_is_found(target: str, row: str, tmp_path: Path) -> None:
    tree = {**COURSE, "docs/page.md": PAGE, "README.md": f"# Read\n\n[x]({target})\n"}
    assert rows(tmp_path, "broken-anchor", tree) == [f"README.md | {row}"]


ELSEWHERE = {
    "an address": "[x](https://example.org/docs/page.md#snow)",
    "no page": "[x](docs/gone.md#snow)",
    "a composed page": "[x](docs/parts.md#snow)",
    "code": "`[x](#snow)`",
    "a label of another page": "[x](#the-shed)",
    "empty": "[x](#) [y](docs/page.md#)",
}


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE)
def test_anchors_that_cannot_be_judged_are_left_alone(text: str, tmp_path: Path) -> None:
    tree = {**COURSE, "docs/page.md": PAGE, "docs/parts.md": "{{#include snow.md}}\n", "README.md": text}
    assert rows(tmp_path, "broken-anchor", tree) == []


# --- toc-mismatch -------------------------------------------------------------------------------

SEEDS = '  - file: chapters/02-seeds\n    title: "02. Seeds"\n'
SOIL = '  - file: chapters/01-soil\n    title: "01. Soil"\n'
DISAGREE = {
    "a file that is gone": ((SEEDS, SEEDS + "  - file: chapters/04-light\n"), ["chapters/04-light | -"]),
    "a file of another number": ((SEEDS, SEEDS.replace("02-", "05-")), [
        "Ground Tier (01-02) | 01 | unsafe", "chapters/05-seeds | chapters/02-seeds | safe",
    ]),
    "a number in the title": (("02. Seeds", "04. Seeds"), ["04 | 02 | unsafe"]),
    "another name": (("02. Seeds", "02. Weather"), ["02. Weather | -"]),
    "a caption": (("(01-02)", "(01-03)"), ["Ground Tier (01-03) | 02 | unsafe"]),
    "the order": ((SOIL + SEEDS, SEEDS + SOIL), ["chapters/01-soil | -"]),
    "a page of another page's": (("  - file: chapters/03", "  - file: tools\n    title: 7. Tools\n  - file: chapters/03"), ["7 | 4 | unsafe"]),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), DISAGREE.values(), ids=DISAGREE)
def test_a_table_of_contents_that_disagrees_is_found(
    change: tuple[str, str], expected: list[str], tmp_path: Path
) -> None:
    tree = {**BOOK, "book/tools.md": "# 4. Tools\n", "book/_toc.yml": TOC.replace(*change)}
    assert rows(tmp_path, "toc-mismatch", tree) == [f"book/_toc.yml | {row}" for row in expected]


def test_a_page_that_is_not_listed_is_found_beside_the_one_before(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "toc-mismatch", {**BOOK, "book/chapters/04-light.md": "# 4. Light\n"})
    assert (one.message, one.target) == ("book/chapters/04-light.md is not listed", "04-light")
    assert TOC[one.span.start : one.span.end] == "chapters/03-water"


AGREE = {
    "a longer title": ("02. Seeds", "02. Seeds and Bulbs"),
    "an inflected title": ("03. Water", "03. Watering"),
    "no number": ("02. Seeds", "Seeds"),
    "an address": (SEEDS, SEEDS + "  - url: https://example.org/04-light.html\n    title: Light\n"),
    "another page under another name": (SEEDS, SEEDS + "  - file: tools\n    title: What You Need\n"),
    "a suffix": ("chapters/02-seeds\n", "chapters/02-seeds.md\n"),
    "another range": ("Ground Tier (01-02)", "Ground, in two weeks"),
}


@pytest.mark.parametrize(("old", "new"), AGREE.values(), ids=AGREE)
def test_a_table_of_contents_may_say_less_or_more(old: str, new: str, tmp_path: Path) -> None:
    tree = {**BOOK, "book/tools.md": "# Tools\n", "book/_toc.yml": TOC.replace(old, new)}
    assert rows(tmp_path, "toc-mismatch", tree) == []


# --- heading-mismatch ---------------------------------------------------------------------------

HEADINGS = {
    "a readme": ("modules/source/02_seeds/README.md", "# Module 5: Seeds\n", "5 | Module 2 | safe"),
    "a chapter": ("book/chapters/02-seeds.md", "# 05. Seeds\n", "05 | 02 | safe"),
    "a name of nobody": ("modules/source/02_seeds/README.md", "# Module 5: Bulbs\n", "5 | 2 | unsafe"),
    "the name of another": ("modules/source/02_seeds/README.md", "# Module 3: Water\n", "3 | -"),
    "a dev file": (
        "modules/source/02_seeds/seeds_dev.py",
        "# %% [markdown]\n# # Module 7: Bulbs\n",
        "7 | 2 | unsafe",
    ),
    "a notebook": (
        "modules/source/02_seeds/seeds_dev.ipynb",
        '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Module 7: Bulbs"]}],\n'
        ' "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n',
        "7 | 2 | unsafe",
    ),
    "a front matter title": ("book/chapters/02-seeds.md", "---\ntitle: 'Module 7: Bulbs'\n---\n# Bulbs\n", "7 | Module 2 | safe"),
    "behind a sign": ("modules/source/02_seeds/README.md", "# 🌱 Module 5: Bulbs\n", "5 | 2 | unsafe"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text", "row"), HEADINGS.values(), ids=HEADINGS)
def test_a_heading_with_another_number_is_found(path: str, text: str, row: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "heading-mismatch", {**COURSE, path: text}) == [f"{path} | {row}"]


OWN_WAYS = {
    "its own number": "# Module 02: Seeds\n",
    "no number": "# Seeds\n",
    "another noun": "# Week 5: Seeds\n",
    "a section": "# Seeds\n\n## Module 5 comes later\n",
    "a number that counts": "# 3 Ways to Sow\n",
    "in code": "```\n# Module 5: Seeds\n```\n# Seeds\n",
    "several": "# Modules 1-3: The Ground\n",
}


@pytest.mark.parametrize("text", OWN_WAYS.values(), ids=OWN_WAYS)
def test_other_headings_are_left_alone(text: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "heading-mismatch", {**COURSE, "modules/source/02_seeds/README.md": text}) == []


def test_a_bare_number_counts_only_where_pages_are_numbered_so(tmp_path: Path) -> None:
    sections = {
        f"modules/source/0{n}_{slug}/README.md": "# 1. Introduction\n" for n, slug in ((1, "soil"), (2, "seeds"))
    }
    course = {path: text for path, text in COURSE.items() if not path.startswith("book")}
    assert rows(tmp_path, "heading-mismatch", {**course, **sections}) == []


# --- tier-range ---------------------------------------------------------------------------------

WRONG_TIERS = {
    "a heading": ("README.md", "## Ground Tier (Modules 1-3)", "1-3 | 2 | unsafe"),
    "in capitals": ("README.md", "**GROUND TIER** (01–03)", "01–03 | 02 | unsafe"),
    "range first": ("README.md", "- Modules 02-03: Growth Tier", "02-03 | 03 | unsafe"),
    "a badge": ("book/chapters/03-water.md", "# 3. Water\n\n**🌱 GROUND TIER** | Two hours\n", "GROUND | -"),
    "a key": ("book/chapters/03-water.md", "---\ntier: ground\n---\n# 3. Water\n", "ground | -"),
    "behind a mention": ("README.md", "Module 3: Water (Ground Tier) is next.", "Ground | -"),
}


@pytest.mark.parametrize(("path", "text", "row"), WRONG_TIERS.values(), ids=WRONG_TIERS)
def test_a_tier_that_is_not_so_is_found(path: str, text: str, row: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "tier-range", {**BOOK, path: text}) == [f"{path} | {row}"]


RIGHT_TIERS = {
    "its range": "Ground Tier (01-02), Ground Tier (Modules 1 to 2), Modules 1-2: Ground Tier",
    "a measure": "Ground Tier (3-5 weeks), Ground Tier: 2-4 hours",
    "an ordinary word": "Common ground (1-3), the Ground (Modules 1-3)",
    "another sentence": "This is the Ground Tier. Modules 1-3 come first.",
    "a change": "Ground Tier: (01-03) → (01-02)",
    "its member": "Module 2: Seeds (Ground Tier), Module 3 (Growth Tier)",
    "no number": "See 2020-21: the Ground Tier",
}


@pytest.mark.parametrize("text", RIGHT_TIERS.values(), ids=RIGHT_TIERS)
def test_other_words_about_tiers_are_left_alone(text: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "tier-range", {**BOOK, "README.md": text}) == []


@pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/archive/x.md", "TIER_PLAN.md"])
def test_tiers_of_the_past_and_of_plans_are_left_alone(path: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "tier-range", {**BOOK, path: "Ground Tier (01-03)"}) == []
