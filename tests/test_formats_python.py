"""The zones of Python: dev files, strings, imports, and what to make of files that do not parse."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from zonetable import FORMATS, rows, table

from refactor.model import ZoneKind
from refactor.spans import line_starts

DEV_FILE = '''\
"""Module 14, the docstring."""
import sys, os.path  # system
from kv_dev import (  # the cache
    Cache,
    Other)
#| default_exp core.cache

# %% [markdown]
"""
# Module 14: KV

See [profiling](../15_profiling/README.md).
"""

# %% nbgrader={"grade": false}
#| export
def build(path="modules/14_kv"):
    r"""Build \\d."""
    import json; x = 1
    names = {"15": f"{x}_profiling", 'a': b"raw"}
    join(
        "modules",
        """14_kv"""
    )
    y = \\
        "no docstring"
    """An attribute's docstring."""
    return 'never closed
# %% [markdown]
# ## Module 15
# | a | b |
# |---|---|
# | c | `d` |
#
# ```python
# import 14
# ```

# %%
print("end")
'''


def test_python_strings_comments_imports_and_cells() -> None:
    found = [row for row in rows("python", DEV_FILE) if not row.startswith("prose")]
    assert found == table("""
        docstring         | Module 14, the docstring.
        import            | import sys, os.path
        comment           | # system
        import            | from kv_dev import (
        comment           | # the cache
        import            | ⏎    Cache,⏎    Other)
        directive         | #| default_exp core.cache
        comment           | # %% [markdown]
        heading 1         | Module 14: KV
        link text         | profiling
        link target       | ../15_profiling/README.md
        comment           | # %% nbgrader={"grade": false}
        directive         | #| export
        string            | modules/14_kv
        docstring r       | Build \\d.
        import            | import json
        string            | 15
        string f          | {x}_profiling
        string            | a
        string b          | raw
        string            | modules
        string            | 14_kv
        string            | no docstring
        docstring         | An attribute's docstring.
        string            | never closed
        comment           | # %% [markdown]
        heading 2         | Module 15
        table head        | a
        table head        | b
        table body        | c
        code span         | d
        code block python | import 14
        comment           | # %%
        string            | end
        """)


def test_python_markdown_cells_are_prose_between_their_zones() -> None:
    text = '# %% [md]\nr"""\nIntro [a](b)\n"""\nx = """no cell"""\n'
    assert rows("python", text) == table("""
        comment     | # %% [md]
        prose       | ⏎Intro [
        link text   | a
        prose       | ](
        link target | b
        prose       | )⏎
        string      | no cell
        """)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a", "import | import a"),
        ("\ufefffrom . import b", "import | from . import b"),
        ("x = 1\n\tfrom a.b import c  \r\n", "import | from a.b import c"),
        ("x = 1\nfrom a.b import c, \\\n  d # e", "import | from a.b import c, \\⏎  d\ncomment | # e"),
        ("x = importlib\nimportant = from_import\nfromage = 1\n", ""),
        ("'a\nimport b", "docstring | a\nimport | import b"),
        ('"""import a\nimport b', "docstring | import a⏎import b"),
        ("from a import (b,\n# import c", "import | from a import (b,\ncomment | # import c"),
    ],
)
def test_python_imports(text: str, expected: str) -> None:
    assert rows("python", text) == table(expected)


def test_python_quotes_inside_other_quotes_and_comments_open_nothing() -> None:
    text = "a = \"it's # no comment\"  # it's \"one\nb = '''x\"\"\"y''' + \"\"\"z'''\"\"\" + '\\'' + \"\"\n"
    assert rows("python", text) == table("""
        string  | it's # no comment
        comment | # it's "one
        string  | x\"\"\"y
        string  | z'''
        string  | \\'
        """)


def test_python_view_blanks_escapes_that_glue_to_a_word() -> None:
    view = FORMATS["python"].view
    assert view(r'print("\n14_x\tModule 14 \n")') == r'print("  14_x  Module 14 \n")'
    assert view(r'x = "\\n14_x \033[1mModule 14\x1b[0m"') == r'x = "\\n14_x        Module 14\x1b[0m"'
    assert view(r'x = r"\n14" + "\n14" + Rb"\n14"  # dir\new') == r'x = r"\n14" + "  14" + Rb"\n14"  # dir\new'
    assert view("x = '\\\n14'") == "x = '\\\n14'"


PACKAGE = Path(__file__).parents[1] / "refactor"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("module", [module for module in MODULES if "/data/" not in module])
def test_python_agrees_with_the_tokenizer_and_the_parser_on_our_own_sources(module: str) -> None:
    source = (PACKAGE / module).read_text(encoding="utf-8")
    zones = FORMATS["python"].zones(source)
    kinds = (ZoneKind.COMMENT, ZoneKind.DIRECTIVE, ZoneKind.STRING, ZoneKind.DOCSTRING)
    found = [source[zone.span.start : zone.span.end] for zone in zones if zone.kind in kinds]
    assert found == [content for content in map(_content, _comments_and_literals(source)) if content]
    statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Expr)]
    docstrings = [node for node in statements if isinstance(node.value, ast.Constant) and node.value.value is not ...]
    assert len([zone for zone in zones if zone.kind is ZoneKind.DOCSTRING]) == len(docstrings)


def _comments_and_literals(source: str) -> Iterator[str]:
    """What the tokenizer finds; from Python 3.12 on it takes f-strings apart, so they are put together again."""
    starts = line_starts(source)
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            opened.append(starts[token.start[0] - 1] + token.start[1])
        whole = name in {"COMMENT", "STRING"} and not opened
        if name == "FSTRING_END":
            start = opened.pop()
            if not opened:
                yield source[start : starts[token.end[0] - 1] + token.end[1]]
        elif whole:
            yield token.string


def _content(literal: str) -> str:
    if literal.startswith("#"):
        return literal
    literal = literal.lstrip("rbfuRBFU")
    quotes = 3 if literal[:3] in {'"""', "'''"} and len(literal) >= 6 else 1
    return literal[quotes:-quotes]
