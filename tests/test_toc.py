"""Tables of contents of five tools give the same records, each with its place in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor import toc
from refactor.model import Tier
from refactor.toc import Toc

JUPYTER_BOOK = """\
# Table of contents
format: jb-book
root: intro
title: "The Course"

parts:
- caption: 🏗️ Foundation Tier (01-07)
  chapters:
  - file: chapters/01-tensor
    title: '01. Tensor'
    sections:
    - file: chapters/01-a
- caption: ⚡ Optimization Tier (15-19)
  chapters:
  - title: "14. It's \\"KV\\""
    file: chapters/14-kvcaching.md
  - url: https://example.org
    title: Elsewhere
  - glob: more/*
- chapters:
  - file: ../outside
  - file: ../../far
"""

MDBOOK = """\
# The Book

[Title Page](title-page.md)

## Getting started

- [Start](ch01-00-start.md)
    - [Hello, `World`!](ch01-01-hello.md "hello")
- [Draft]()
<!-- - [Hidden](hidden.md) -->
* [Spaces](<ch 02.md>) and words
2. [Nested [brackets] and \\] more](sub/ch%2003.md#top)

# Deep Part #

- [ Deep ](ch10-(a).md)
Text with a [link](not-an-entry.md).
- [Site](https://example.org)
"""

MKDOCS = """\
site_name: Course
docs_dir: pages
markdown_extensions:
- x:
    y: !!python/name:materialx.emoji.twemoji
plugins: !ENV [PLUGINS, []]
nav:
- index.md
- Part One (1-3):
  - Loops: 01-loops.md
  - 'Deeper':
    - "Data Types": sub/02-data.md
- Site: https://example.org
- old/*.md
"""

QUARTO = """\
project:
  type: book
book:
  title: Not an entry
  chapters:
  - index.qmd
  - part: "Basics (1-2)"
    chapters:
    - 01-loops.qmd
    - file: 02-data.qmd
      text: Data Types
  - part: deeper.qmd
    chapters: [03-more.qmd]
  - href: https://example.org
  appendices:
  - a.qmd
website:
  sidebar:
  - title: Guide
    contents:
    - section: Week 1
      contents:
      - text: One
        href: w1/one.ipynb
      - "---"
      - auto
    - /w2/two.qmd
"""

MYST = """\
version: 1
project:
  title: Not an entry
  toc:
  - file: index.md
  - title: Part II (3-4)
    children:
    - file: 03-more.ipynb
      title: More
    - url: https://example.org
    - pattern: "*.md"
"""


def shown(found: Toc | None) -> list[tuple[str, str, str]]:
    assert found is not None
    return [(entry.path, entry.title, entry.part) for entry in found.entries]


def captions(found: Toc | None) -> list[str]:
    assert found is not None
    return [part.caption for part in found.parts]


# --- dialects -----------------------------------------------------------------------------------


def test_jupyter_book_gives_pages_titles_and_captions() -> None:
    found = toc.read("book/_toc.yml", JUPYTER_BOOK)
    assert shown(found) == [
        ("book/intro", "The Course", ""),
        ("book/chapters/01-tensor", "01. Tensor", "🏗️ Foundation Tier (01-07)"),
        ("book/chapters/01-a", "", "🏗️ Foundation Tier (01-07)"),
        ("book/chapters/14-kvcaching.md", '14. It\'s "KV"', "⚡ Optimization Tier (15-19)"),
        ("outside", "", ""),
    ]
    assert captions(found) == ["🏗️ Foundation Tier (01-07)", "⚡ Optimization Tier (15-19)"]


def test_an_old_jupyter_book_is_a_list() -> None:
    text = "- file: intro\n- part: Basics\n  chapters:\n  - file: 01-loops\n    title: Loops\n- header: Later\n- file: 02-data\n"
    found = toc.read("_toc.yml", text)
    assert shown(found) == [("intro", "", ""), ("01-loops", "Loops", "Basics"), ("02-data", "", "")]
    assert captions(found) == ["Basics", "Later"]


def test_mdbook_gives_links_and_headings() -> None:
    found = toc.read("src/SUMMARY.md", MDBOOK)
    assert shown(found) == [
        ("src/title-page.md", "Title Page", ""),
        ("src/ch01-00-start.md", "Start", "Getting started"),
        ("src/ch01-01-hello.md", "Hello, `World`!", "Getting started"),
        ("src/ch 02.md", "Spaces", "Getting started"),
        ("src/sub/ch 03.md", "Nested [brackets] and \\] more", "Getting started"),
        ("src/ch10-(a).md", "Deep", "Deep Part"),
    ]
    assert captions(found) == ["Getting started", "Deep Part"]


def test_a_first_heading_of_a_lower_level_is_a_part() -> None:
    found = toc.read("SUMMARY.md", "### Part I\n\n* [One](one.md)\n")
    assert shown(found) == [("one.md", "One", "Part I")]


def test_mkdocs_counts_from_its_pages_folder_and_obeys_no_tag() -> None:
    found = toc.read("site/mkdocs.yml", MKDOCS)
    assert shown(found) == [
        ("site/pages/index.md", "", ""),
        ("site/pages/01-loops.md", "Loops", "Part One (1-3)"),
        ("site/pages/sub/02-data.md", "Data Types", "Deeper"),
    ]
    assert captions(found) == ["Part One (1-3)", "Deeper"]


def test_mkdocs_pages_lie_in_docs_unless_told_otherwise() -> None:
    assert shown(toc.read("mkdocs.yml", "nav: [a.md, {B: b.ipynb}]")) == [
        ("docs/a.md", "", ""),
        ("docs/b.ipynb", "B", ""),
    ]


def test_quarto_gives_books_and_sidebars() -> None:
    found = toc.read("_quarto.yml", QUARTO)
    assert shown(found) == [
        ("index.qmd", "", ""),
        ("01-loops.qmd", "", "Basics (1-2)"),
        ("02-data.qmd", "Data Types", "Basics (1-2)"),
        ("deeper.qmd", "", ""),
        ("03-more.qmd", "", ""),
        ("a.qmd", "", ""),
        ("w1/one.ipynb", "One", "Week 1"),
        ("w2/two.qmd", "", "Guide"),
    ]
    assert captions(found) == ["Basics (1-2)", "Guide", "Week 1"]


def test_myst_titles_without_a_page_are_parts() -> None:
    found = toc.read("docs/myst.yml", MYST)
    assert shown(found) == [("docs/index.md", "", ""), ("docs/03-more.ipynb", "More", "Part II (3-4)")]
    assert captions(found) == ["Part II (3-4)"]


SPHINX = """\
Garden
======

.. toctree::
   :maxdepth: 2
   :caption: Basics (1-3)

   self
   ch01_soil
   All the Seeds <ch02_seeds.rst>

   https://example.org/shop
   more/*

What follows is for those who stay.

.. toctree::

   /ch03_water
"""

SPHINX_IN_MARKDOWN = """\
# Garden

```{toctree}
:caption: Basics (1-2)
ch01_soil
All the Seeds <sub/ch02_seeds.md>
```

:::{toctree}
---
maxdepth: 2
caption: "Later"
---
ch03_water
:::

```
.. no toctree
```
"""


def test_sphinx_gives_the_toctrees_of_an_index() -> None:
    found = toc.read("source/index.rst", SPHINX)
    assert shown(found) == [
        ("source/ch01_soil", "", "Basics (1-3)"),
        ("source/ch02_seeds.rst", "All the Seeds", "Basics (1-3)"),
        ("source/ch03_water", "", ""),
    ]
    assert captions(found) == ["Basics (1-3)"]


def test_sphinx_reads_markdown_too() -> None:
    found = toc.read("index.md", SPHINX_IN_MARKDOWN)
    assert shown(found) == [
        ("ch01_soil", "", "Basics (1-2)"),
        ("sub/ch02_seeds.md", "All the Seeds", "Basics (1-2)"),
        ("ch03_water", "", "Later"),
    ]
    assert captions(found) == ["Basics (1-2)", "Later"]


def test_an_index_counts_where_sphinx_builds() -> None:
    paths = ["a/index.md", "docs/conf.py", "docs/index.rst", "docs/sub/index.md", "b/conf.pyc", "src/SUMMARY.md"]
    assert toc.files(paths) == ["docs/index.rst", "docs/sub/index.md", "src/SUMMARY.md"]
    assert toc.files(["conf.py", "index.rst", "a/index.md"]) == ["a/index.md", "index.rst"]


# --- places in the text -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("_toc.yml", JUPYTER_BOOK),
        ("SUMMARY.md", MDBOOK),
        ("mkdocs.yml", MKDOCS),
        ("_quarto.yml", QUARTO),
        ("myst.yml", MYST),
        ("index.rst", SPHINX),
        ("index.md", SPHINX_IN_MARKDOWN),
    ],
)
@pytest.mark.parametrize("change", ["as it is", "crlf", "byte order mark"])
def test_spans_hold_the_text_without_its_quotes(path: str, text: str, change: str) -> None:
    text = text.replace("\n", "\r\n") if change == "crlf" else text
    text = "\ufeff" + text if change == "byte order mark" else text
    found = toc.read(path, text)
    assert found is not None
    for part in found.parts:
        assert text[part.span.start : part.span.end] == part.caption
    for entry in found.entries:
        assert (
            text[entry.file_span.start : entry.file_span.end]
            .replace("%20", " ")
            .split("#")[0]
            .endswith(entry.path.rpartition("/")[2])
        )
        if entry.title_span:
            written = text[entry.title_span.start : entry.title_span.end]
            assert written.replace('\\"', '"') == entry.title
        else:
            assert entry.title == ""


def test_a_title_in_a_block_is_found_inside_it() -> None:
    text = "- file: a\n  title: >-\n    Long\n- file: b\n  title: |\n    Two\n    lines\n"
    found = toc.read("_toc.yml", text)
    assert found is not None
    spans = [entry.title_span for entry in found.entries if entry.title_span]
    assert [text[span.start : span.end] for span in spans] == ["Long", "|\n    Two\n    lines\n"]


# --- no table of contents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("toc.yml", JUPYTER_BOOK),
        ("summary.md", MDBOOK),
        ("docs/_toc.yml", ""),
        ("_toc.yml", "just words"),
        ("_toc.yml", "a: [1, 2"),
        ("_toc.yml", "chapters: {a: b"),
        ("_toc.yml", "- url: https://example.org"),
        ("_toc.yml", "\x00"),
        ("_toc.yml", "[" * 100_000),
        ("mkdocs.yml", "site_name: no nav"),
        ("mkdocs.yml", "nav: [a.md"),
        ("mkdocs.yml", "nav:"),
        ("mkdocs.yml", "nav: a.md"),
        ("_quarto.yml", "book: chapters"),
        ("_quarto.yml", "website: {sidebar: {contents: auto}}"),
        ("myst.yml", "project: {title: x}"),
        ("SUMMARY.md", "# Summary\n\nNo links here, but [one](in-the-text.md) is.\n".replace("[", "see [")),
        ("index.md", "# Garden\n\nSee the toctree of [soil](soil.md).\n"),
        ("index.rst", ".. toctree::\n   :glob:\n\n   ch*\n"),
        ("SUMMARY.md", "<!--\n- [a](a.md)\n"),
        ("SUMMARY.md", "```\n- [a](a.md)\n```\n"),
    ],
)
def test_what_is_no_table_of_contents_is_none(path: str, text: str) -> None:
    assert toc.read(path, text) is None


def test_bytes_that_are_no_text_do_not_hide_the_rest() -> None:
    found = toc.read("_toc.yml", b"- file: a\n  title: caf\xe9\n".decode("utf-8", "surrogateescape"))
    assert shown(found) == [("a", "caf\ufffd", "")]


def test_an_alias_is_walked_once_even_if_it_contains_itself() -> None:
    found = toc.read("_toc.yml", "parts: &all\n- caption: A\n  chapters: [{file: a}]\n- chapters: *all\n")
    assert shown(found) == [("a", "", "A")]
    found = toc.read("mkdocs.yml", "nav: &all\n- a.md\n- Again: *all\n")
    assert shown(found) == [("docs/a.md", "", "")]


PIECES = ["- ", "  ", "\n", "file: ", "a.md", "nav:", "caption: ", "chapters:", "[", "](", ")", "{", "}", "&a ", "*a", "# ",
          "book:", "toc:", "project:", "'", '"', "|", "<", "\ud800", "\ufeff", "\t", "!!x ", "(1-2)",
          ".. toctree::\n", "```{toctree}\n", "```", ":caption: "]  # fmt: skip


@given(
    st.sampled_from(sorted(toc.NAMES)), st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES)).map("".join))
)
def test_no_text_makes_it_fail(name: str, text: str) -> None:
    found = toc.read(f"docs/{name}", text)
    assert found is None or found.entries


# --- tiers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("⚡ Optimization Tier (15-19)", Tier("Optimization", 15, 19)),
        ("🏗️ Foundation Tier (01-07)", Tier("Foundation", 1, 7)),
        ("Architecture (08–14)", Tier("Architecture", 8, 14)),
        ("Basics Part [1 to 3] ", Tier("Basics", 1, 3)),
        ("Part II: Data (Modules 4-6)", Tier("Part II: Data", 4, 6)),
        ("1️⃣ – First Steps 🚀 (ch. 1-2)", Tier("First Steps", 1, 2)),
        ("MLPerf® Edu (20)", Tier("MLPerf® Edu", 20, 20)),
        ("C++ & C# (3-4)", Tier("C++ & C#", 3, 4)),
        ("Tools (old) section (3-4)", Tier("Tools (old)", 3, 4)),
        ("👩‍🔬 Labs: (3-4)", Tier("Labs", 3, 4)),
        ("第一部分 (1-5)", Tier("第一部分", 1, 5)),
        ("🏅 Capstone Project", None),
        ("Spatial (CNNs)", None),
        ("Late (19-14)", None),
        ("(1-2)", None),
        ("⚡ (1-2)", None),
        ("Range 1-2", None),
        ("Early (1-2) and late", None),
        ("", None),
    ],
)
def test_a_caption_that_ends_in_a_range_names_a_tier(caption: str, expected: Tier | None) -> None:
    assert toc.parse_tier(caption) == expected


@given(st.text(max_size=30))
def test_any_caption_is_a_tier_or_none(caption: str) -> None:
    found = toc.parse_tier(caption)
    assert found is None or (found.name and found.first <= found.last)
