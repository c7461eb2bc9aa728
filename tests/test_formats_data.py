"""The zones of YAML, TOML, INI and notebooks."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
from zonetable import FORMATS, rows, table

from refactor.model import Document
from refactor.spans import encode


def test_yaml_keys_and_values_carry_their_path() -> None:
    text = dedent("""\
        # the book
        root: intro  # home
        parts:
          - caption: &c "Core (01-03)"
            chapters:
              - file: chapters/14-kv
                title: 'It''s 14'
          - *c
        long: |  # kept
          Module 14
            more

        # after
        flow: {a: [1, b], ? x : y}
        empty:
        ---
        - second: é 🎉
        """)
    assert rows("yaml", text) == table("""
        comment                        | # the book
        key root                       | root
        value root                     | intro
        comment                        | # home
        key parts                      | parts
        key parts.0.caption            | caption
        value parts.0.caption          | Core (01-03)
        key parts.0.chapters           | chapters
        key parts.0.chapters.0.file    | file
        value parts.0.chapters.0.file  | chapters/14-kv
        key parts.0.chapters.0.title   | title
        value parts.0.chapters.0.title | It''s 14
        key long                       | long
        comment                        | # kept
        value long                     | Module 14⏎    more
        comment                        | # after
        key flow                       | flow
        key flow.a                     | a
        value flow.a.0                 | 1
        value flow.a.1                 | b
        key flow.x                     | x
        value flow.x                   | y
        key empty                      | empty
        key 0.second                   | second
        value 0.second                 | é 🎉
        """)


def test_yaml_that_is_none_is_read_line_by_line() -> None:
    text = '\ufefftitle : {{ var }} x#y  # c\r\n- file: 14_x\r\n- "quoted": [\r\n  - item 14\r\n'
    assert rows("yaml", text) == table("""
        key title    | title
        value title  | {{ var }} x#y
        comment      | # c
        key file     | file
        value file   | 14_x
        key quoted   | quoted
        value quoted | [
        value        | item 14
        """)


def test_yaml_after_a_byte_order_mark_counts_right() -> None:
    assert rows("yaml", "\ufeffä: 'ö'\r\nb: c\r\n") == table("""
        key ä   | ä
        value ä | ö
        key b   | b
        value b | c
        """)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "? " * 100_000, "{a: " * 50_000])
def test_yaml_that_nests_without_end_is_no_danger(text: str) -> None:
    FORMATS["yaml"].zones(text)


def test_yaml_aliases_are_not_followed() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    assert len(FORMATS["yaml"].zones("\n".join(lines))) == 31


def test_toml_keys_and_values_carry_their_path() -> None:
    text = dedent('''\
        # settings
        name = "kv" # ours
        [tool.course]  # table
        version = 1.2.3
        "quoted key" = 'modules\\14_x'
        paths = [
          "src/14_x",  # one
          'src/15_y', 3 ]
        inline = { path = "a/b", list = ["c"] }
        long = """
        Module 14
        """
        [[rule]]
        a.b = true
        ''')
    assert rows("toml", text) == table("""
        comment                       | # settings
        key name                      | name
        value name                    | kv
        comment                       | # ours
        key tool.course               | tool.course
        comment                       | # table
        key tool.course.version       | version
        value tool.course.version     | 1.2.3
        key tool.course.quoted key    | quoted key
        value tool.course.quoted key  | modules\\14_x
        key tool.course.paths         | paths
        value tool.course.paths.0     | src/14_x
        comment                       | # one
        value tool.course.paths.1     | src/15_y
        value tool.course.paths.2     | 3
        key tool.course.inline        | inline
        key tool.course.inline.path   | path
        value tool.course.inline.path | a/b
        key tool.course.inline.list   | list
        value tool.course.inline.list.0 | c
        key tool.course.long          | long
        value tool.course.long        | ⏎Module 14⏎
        key rule                      | rule
        key rule.a.b                  | a.b
        value rule.a.b                | true
        """)


def test_ini_values_run_to_the_end_of_the_line_and_over_indented_lines() -> None:
    text = "[DEFAULT]\r\n; note\r\nlib_name = my course ; why\r\ndoc_path: docs/14_x#top\r\nneeds =\r\n    one>=1\r\n    two\r\n"
    assert rows("toml", text) == table("""
        key DEFAULT            | DEFAULT
        comment                | ; note
        key DEFAULT.lib_name   | lib_name
        value DEFAULT.lib_name | my course
        comment                | ; why
        key DEFAULT.doc_path   | doc_path
        value DEFAULT.doc_path | docs/14_x#top
        key DEFAULT.needs      | needs
        value DEFAULT.needs    | one>=1
        value DEFAULT.needs    | two
        """)


NOTEBOOK = json.dumps(
    {
        "cells": [
            {
                "cell_type": "markdown",
                "id": "14_x",
                "metadata": {"source": ["Module 14"]},
                "source": ['# Module 14: "KV"\n', "\n", "See [é](15_y.md)\n", "and ", "on."],
            },
            {
                "cell_type": "code",
                "metadata": {},
                "outputs": [{"output_type": "stream", "text": ["Module 14\n"]}],
                "source": [
                    "#| default_exp kv\n",
                    "def f():\n",
                    '    """Doc\n',
                    '    14."""\n',
                    "    print('\\n14_x', r'\\n')",
                ],
            },
            {"source": "## One\nstring \U0001f680 `a`", "cell_type": "markdown"},
            {"cell_type": "raw", "source": ["# raw 14"]},
            {"cell_type": "code", "source": []},
        ],
        "metadata": {"title": "Course 14", "kernelspec": {"name": "python3", "title": "no"}},
    },
    indent=1,
)


def test_notebook_cells_are_read_by_their_language() -> None:
    found = [row for row in rows("notebook", NOTEBOOK) if not row.startswith(("prose", "code |"))]
    assert found == table(r"""
        heading 1   | Module 14: \"KV\"
        link text   | \u00e9
        link target | 15_y.md
        directive   | #| default_exp kv
        docstring   | Doc\n",⏎    "    14.
        string      | \\n14_x
        string r    | \\n
        heading 2   | One
        code span   | a
        """)


def test_notebook_view_shows_sources_and_nothing_else() -> None:
    document = Document("x.ipynb", encode(NOTEBOOK), FORMATS["notebook"])
    filler = "\x1f"
    shown = [line.strip(" \x1c\x1d\x1e") for line in document.view.split("\n") if line.strip()]
    assert [line.replace(filler, "") for line in shown] == [
        '# Module 14: "KV"',
        "See [é](15_y.md)",
        "and on.",
        "#| default_exp kv",
        "def f():",
        '    """Doc'.strip(),
        '    14."""'.strip(),
        "print('  14_x', r'\\n')",
        "## One",
        "string 🚀 `a`",
        "# raw 14",
        "Course 14",
    ]
    start = NOTEBOOK.index("See [")
    assert document.view[start - 1] == "\n"  # each line starts where it starts in the file, unindented
    assert document.view[start : start + 5] == "See ["


def test_notebook_text_outside_of_cells_is_blank() -> None:
    view = FORMATS["notebook"].view(NOTEBOOK)
    for hidden in ("14_x", "Module 14\\n", "python3", "cell_type"):
        offset = NOTEBOOK.index(hidden, NOTEBOOK.index("outputs") if hidden == "Module 14\\n" else 0)
        assert not view[offset : offset + len(hidden)].strip()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"cells": []}', '{"cells": [{"source": ["# x"', '{"cells": 1}', "\ufeff{"]
)
def test_notebook_without_cells_or_json_is_plain_text(text: str) -> None:
    assert FORMATS["notebook"].view(text) == text
    assert FORMATS["notebook"].zones(text) == ()


def test_notebook_written_in_one_line_or_after_a_byte_order_mark_reads_the_same() -> None:
    compact = json.dumps(json.loads(NOTEBOOK), separators=(",", ":"), ensure_ascii=False)
    for text in (compact, "\ufeff" + compact):
        found = [row for row in rows("notebook", text) if row.startswith(("heading", "link", "directive", "string"))]
        assert found == table(r"""
            heading 1   | Module 14: \"KV\"
            link text   | é
            link target | 15_y.md
            directive   | #| default_exp kv
            string      | \\n14_x
            string r    | \\n
            heading 2   | One
            """)
