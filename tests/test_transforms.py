"""Modules and exports change their names in every way that Python and its documents can mention them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor import plugins
from refactor.errors import RefactorError
from refactor.formats import choose
from refactor.model import Document, Edit, Format, Move
from refactor.spans import decode, encode, splice
from refactor.transforms._plain import is_plain
from refactor.transforms._positions import parse
from refactor.transforms._statements import Source, import_edits
from refactor.transforms.exports import export_plan, parse_export
from refactor.transforms.imports import rename_dotted_text, rename_modules

FORMATS = tuple(plugins.load("refactor.formats", "FORMAT", Format).values())

IN_PLACE = {"kit.gen.cache": "kit.gen.memo"}
ELSEWHERE = {"kit.gen.cache": "kit.memo"}
TO_ANOTHER_PACKAGE = {"kit.gen.cache": "box.deep.memo"}
ONE_WORD = {"cache_dev": "memo_dev"}


def spliced(text: str, edits: list[Edit]) -> str:
    return splice(text, [(edit.span, edit.old, edit.new) for edit in edits])


def renamed(text: str, renames: Mapping[str, str], path: str = "tests/test_it.py", root: str | None = None) -> str:
    edits = rename_modules(path, text, renames, root=root)
    assert edits == sorted(edits)
    return spliced(text, edits)


# --- import statements ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("renames", "before", "after"),
    [
        (IN_PLACE, "import kit.gen.cache\n", "import kit.gen.memo\n"),
        (IN_PLACE, "import kit.gen.cache as c\n", "import kit.gen.memo as c\n"),
        (IN_PLACE, "import os, kit.gen.cache, sys\n", "import os, kit.gen.memo, sys\n"),
        (IN_PLACE, "import os, kit.gen.cache.part\n", "import os, kit.gen.memo.part\n"),
        (IN_PLACE, "from kit.gen.cache import Cache\n", "from kit.gen.memo import Cache\n"),
        (IN_PLACE, "from kit.gen.cache import *\n", "from kit.gen.memo import *\n"),
        (
            IN_PLACE,
            "from kit . gen . cache import (\n    A,\n    B,\n)\n",
            "from kit . gen . memo import (\n    A,\n    B,\n)\n",
        ),
        (IN_PLACE, "from kit.gen.cache \\\n  import A\n", "from kit.gen.memo \\\n  import A\n"),
        (IN_PLACE, "from kit.gen import cache\n", "from kit.gen import memo as cache\n"),
        (IN_PLACE, "from kit.gen import cache as c\n", "from kit.gen import memo as c\n"),
        (IN_PLACE, "from kit.gen import cache as memo\n", "from kit.gen import memo\n"),
        (IN_PLACE, "from kit.gen import a, cache\n", "from kit.gen import a, memo as cache\n"),
        (
            IN_PLACE,
            "from kit.gen import (\n    cache,  # kept\n    z,\n)\n",
            "from kit.gen import (\n    memo as cache,  # kept\n    z,\n)\n",
        ),
        (ELSEWHERE, "import kit.gen.cache\nkit.gen.cache.f(kit.a)\n", "import kit.memo\nkit.memo.f(kit.a)\n"),
        (ELSEWHERE, "from kit.gen.cache import A\n", "from kit.memo import A\n"),
        (ELSEWHERE, "from kit.gen import cache\n", "from kit import memo as cache\n"),
        (TO_ANOTHER_PACKAGE, "import kit.gen.cache\nkit.gen.cache.f()\n", "import box.deep.memo\nbox.deep.memo.f()\n"),
        (
            TO_ANOTHER_PACKAGE,
            "import kit.gen.cache\nkit.gen.cache.f(kit.a)\n",
            "import box.deep.memo, kit\nbox.deep.memo.f(kit.a)\n",
        ),
        ({"kit.cache": "cache"}, "from kit import cache\n", "import cache\n"),
        ({"kit.cache": "memo"}, "from kit import cache\n", "import memo as cache\n"),
        (
            {"kit": "box"},
            "import kit.a\nfrom kit.b import c\nkit.a.f()\n",
            "import box.a\nfrom box.b import c\nbox.a.f()\n",
        ),
        (
            {"kit.gen": "kit.make", "kit.gen.cache": "kit.memo"},
            "from kit.gen.cache import A\nfrom kit.gen.b import B\n",
            "from kit.memo import A\nfrom kit.make.b import B\n",
        ),
    ],
)
def test_import_statements_follow(renames: dict[str, str], before: str, after: str) -> None:
    assert renamed(before, renames) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from kit.gen import cache, a\n", "from kit import memo as cache\nfrom kit.gen import a\n"),
        ("from kit.gen import a, cache\n", "from kit import memo as cache\nfrom kit.gen import a\n"),
        ("from kit.gen import a, cache as c, b\n", "from kit import memo as c\nfrom kit.gen import a, b\n"),
        (
            "if x:\n    from kit.gen import a, cache\n",
            "if x:\n    from kit import memo as cache\n    from kit.gen import a\n",
        ),
        ("if x: from kit.gen import a, cache\n", "if x: from kit import memo as cache; from kit.gen import a\n"),
        ("x = 1; from kit.gen import cache, a\n", "x = 1; from kit import memo as cache; from kit.gen import a\n"),
        ("from kit.gen import (a,\n  cache,\n)\r\n", "from kit import memo as cache\r\nfrom kit.gen import (a,\n)\r\n"),
        ("\ufefffrom kit.gen import a, cache\n", "\ufefffrom kit import memo as cache\nfrom kit.gen import a\n"),
    ],
)
def test_a_name_that_leaves_its_package_gets_a_statement_of_its_own(before: str, after: str) -> None:
    assert renamed(before, ELSEWHERE) == after


@pytest.mark.parametrize(
    ("path", "renames", "before", "after"),
    [
        ("kit/gen/__init__.py", IN_PLACE, "from .cache import *\n", "from .memo import *\n"),
        ("kit/gen/__init__.py", IN_PLACE, "from . import cache\n", "from . import memo as cache\n"),
        ("kit/gen/other.py", IN_PLACE, "from .cache import A\n", "from .memo import A\n"),
        ("kit/gen/other.py", IN_PLACE, "from ..gen.cache import A\n", "from ..gen.memo import A\n"),
        ("kit/gen/sub/deep.py", IN_PLACE, "from ..cache import A\n", "from ..memo import A\n"),
        ("kit/gen/sub/deep.py", IN_PLACE, "from .. import cache, b\n", "from .. import memo as cache, b\n"),
        ("kit/core/x.py", IN_PLACE, "from ..gen import cache\n", "from ..gen import memo as cache\n"),
        ("src/kit/core/x.py", IN_PLACE, "from ..gen.cache import A\n", "from ..gen.memo import A\n"),
        ("kit/gen/other.py", ELSEWHERE, "from .cache import A\n", "from ..memo import A\n"),
        ("kit/gen/other.py", ELSEWHERE, "from . import cache\n", "from .. import memo as cache\n"),
        ("kit/gen/other.py", ELSEWHERE, "from . import a, cache\n", "from .. import memo as cache\nfrom . import a\n"),
        ("kit/gen/other.py", ELSEWHERE, "from.cache import A\n", "from ..memo import A\n"),
        ("kit/gen/other.py", ELSEWHERE, "from .import cache\n", "from .. import memo as cache\n"),
        ("kit/gen/other.py", TO_ANOTHER_PACKAGE, "from .cache import A\n", "from box.deep.memo import A\n"),
        ("kit/x.py", {"kit.gen.cache": "memo"}, "from .gen import cache\n", "import memo as cache\n"),
        ("14_gen/other.py", ONE_WORD, "from .cache_dev import A\n", "from .memo_dev import A\n"),
        ("14_gen/sub/other.py", ONE_WORD, "from ..cache_dev import A\n", "from ..memo_dev import A\n"),
        ("14_gen/sub/other.py", ONE_WORD, "from .cache_dev import A\n", "from .cache_dev import A\n"),
        ("tests/other.py", IN_PLACE, "from .cache import A\n", "from .cache import A\n"),
        ("kit/core/x.py", IN_PLACE, "from .cache import A\n", "from .cache import A\n"),
        ("kit/x.py", IN_PLACE, "from ..gen.cache import A\n", "from ..gen.cache import A\n"),
    ],
)
def test_relative_imports_follow_from_where_the_file_stands(
    path: str, renames: dict[str, str], before: str, after: str
) -> None:
    assert renamed(before, renames, path) == after


def test_a_root_tells_a_copy_of_the_package_from_the_package() -> None:
    assert renamed("from .cache import A\n", IN_PLACE, "old/kit/gen/x.py") == "from .memo import A\n"
    assert renamed("from .cache import A\n", IN_PLACE, "old/kit/gen/x.py", root="") == "from .cache import A\n"
    assert renamed("from .cache import A\n", IN_PLACE, "src/kit/gen/x.py", root="src") == "from .memo import A\n"


@pytest.mark.parametrize(
    ("new", "before", "after"),
    [
        ("kit.memo", "from ..core import t\n", "from .core import t\n"),
        ("kit.memo", "from .other import z\n", "from .gen.other import z\n"),
        ("kit.memo", "from .. import core\n", "from . import core\n"),
        ("kit.a.b.memo", "from ..core.t import T\n", "from ...core.t import T\n"),
        ("kit.core.memo", "from ..core.t import T\n", "from .t import T\n"),
        ("kit.gen.memo", "from ..core.t import T\n", "from ..core.t import T\n"),
        ("box.memo", "from ..core.t import T\n", "from kit.core.t import T\n"),
        ("kit.memo", "import os\nfrom .cache import me\n", "import os\nfrom .memo import me\n"),
    ],
)
def test_relative_imports_of_the_renamed_file_are_written_for_its_new_place(new: str, before: str, after: str) -> None:
    assert renamed(before, {"kit.gen.cache": new}, "kit/gen/cache.py") == after


# --- uses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("renames", "before", "after"),
    [
        (ONE_WORD, "import cache_dev\ncache_dev.run(cache_dev)\n", "import memo_dev\nmemo_dev.run(memo_dev)\n"),
        (ONE_WORD, "import cache_dev as c\nc.run()\n", "import memo_dev as c\nc.run()\n"),
        (ONE_WORD, "import cache_dev as memo_dev\nmemo_dev.run()\n", "import memo_dev\nmemo_dev.run()\n"),
        (ONE_WORD, "import cache_dev\ndel cache_dev\n", "import memo_dev\ndel memo_dev\n"),
        (ONE_WORD, "import cache_dev\nf'{cache_dev.x!r:>{cache_dev.n}}'\n", "import memo_dev\nf'{memo_dev.x!r:>{memo_dev.n}}'\n"),
        (ONE_WORD, "import cache_dev\ncache_dev.x = 1\n", "import memo_dev\nmemo_dev.x = 1\n"),
        (ONE_WORD, 'import cache_dev\ndef f(x: "cache_dev.X"): ...\n', 'import memo_dev\ndef f(x: "memo_dev.X"): ...\n'),
        (ONE_WORD, "def f():\n    import cache_dev\n    return cache_dev.x\n", "def f():\n    import memo_dev\n    return memo_dev.x\n"),
        (ONE_WORD, "from cache_dev import A\ncache_dev = A\n", "from memo_dev import A\ncache_dev = A\n"),
        (IN_PLACE, "import kit\nkit.gen.cache.x\nimport kit.gen.cache\n", "import kit\nkit.gen.memo.x\nimport kit.gen.memo\n"),
        (TO_ANOTHER_PACKAGE, "import kit.a, kit.gen.cache\nkit.gen.cache.x(kit.a)\n", "import kit.a, box.deep.memo\nbox.deep.memo.x(kit.a)\n"),
        ({"cache_dev": "box.memo"}, "import cache_dev\ncache_dev.run()\n", "import box.memo\nbox.memo.run()\n"),
        (IN_PLACE, "import kit.gen as g\ng.cache.run(g.cache2)\n", "import kit.gen as g\ng.memo.run(g.cache2)\n"),
        (IN_PLACE, "from kit import gen\ngen.cache.run()\n", "from kit import gen\ngen.memo.run()\n"),
        (IN_PLACE, "import kit\n@kit.gen.cache.wrap\nclass A: ...\n", "import kit\n@kit.gen.memo.wrap\nclass A: ...\n"),
        (IN_PLACE, "import kit.gen.cache\n(kit\n .gen # why\n .cache.run())\n", "import kit.gen.cache\n(kit\n .gen # why\n .memo.run())\n".replace("import kit.gen.cache", "import kit.gen.memo")),
        (IN_PLACE, "match x:\n    case kit.gen.cache.A: ...\nimport kit\n", "match x:\n    case kit.gen.memo.A: ...\nimport kit\n"),
    ],
)  # fmt: skip
def test_uses_follow_their_import(renames: dict[str, str], before: str, after: str) -> None:
    assert renamed(before, renames) == after


@pytest.mark.parametrize(
    "before",
    [
        "import cache_dev\ndef f(cache_dev): return cache_dev.x\ncache_dev.y\n",
        "try:\n    import cache_dev\nexcept ImportError:\n    cache_dev = None\ncache_dev.x\n",
        "import cache_dev\nmemo_dev = 1\ncache_dev.x\n",
        "def f():\n    global cache_dev\n    import cache_dev\ncache_dev.x\n",
        "try:\n    import cache_dev\nexcept ImportError:\n    import other as cache_dev\ncache_dev.x\n",
    ],
)
def test_a_name_with_two_meanings_is_kept_as_an_alias(before: str) -> None:
    after = before.replace("import cache_dev\n", "import memo_dev as cache_dev\n")
    assert renamed(before, ONE_WORD) == after


@pytest.mark.parametrize(
    ("renames", "text"),
    [
        (ONE_WORD, "import cache_dev2, my.cache_dev, cache_dev_old\ncache_dev2.x\n"),
        (ONE_WORD, "cache_dev = 1\ncache_dev.x\ndef cache_dev(): ...\n"),
        (ONE_WORD, "x = 'cache_dev'\ny = {'cache_dev': 1}\n"),
        (ONE_WORD, "x = '14_cache/cache_dev.py'  # see cache_dev.py, cache_dev.X\n"),
        (IN_PLACE, "import kit.gen.cache2, my.kit.gen.cache\nimport kit.gen.cached\n"),
        (IN_PLACE, "from kit.gen import cached, other_cache\nfrom gen import cache\n"),
        (IN_PLACE, "import my\nmy.kit.gen.cache.run()\n"),
        (IN_PLACE, "def f(kit): return kit.gen.cache\n"),
        (IN_PLACE, "import kit.gen\ndef f(kit): return kit.gen.cache\n"),
        (
            IN_PLACE,
            "x = 'my.kit.gen.cache', 'kit.gen.cache_2', 'a/kit.gen.cache', 'a-kit.gen.cache', 'kit.gen.cache.md'\n",
        ),
        (TO_ANOTHER_PACKAGE, "import kit.gen as g\ng.cache.run()\n"),
        ({"cache": "memo"}, "from functools import cache\n@cache\ndef f(): return cache.x\n"),
    ],
)
def test_other_names_are_left_alone(renames: dict[str, str], text: str) -> None:
    assert renamed(text, renames) == text


# --- strings and comments -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("renames", "before", "after"),
    [
        (IN_PLACE, "import_module('kit.gen.cache')", "import_module('kit.gen.memo')"),
        (IN_PLACE, "patch('kit.gen.cache.Cache')", "patch('kit.gen.memo.Cache')"),
        (IN_PLACE, "x = 'kit.gen.cache:main'", "x = 'kit.gen.memo:main'"),
        (IN_PLACE, "sys.modules['kit.gen.cache']", "sys.modules['kit.gen.memo']"),
        (IN_PLACE, "f'kit.gen.cache.{x}'", "f'kit.gen.memo.{x}'"),
        (IN_PLACE, "x = 1  # as in kit.gen.cache", "x = 1  # as in kit.gen.memo"),
        (IN_PLACE, "'\\nkit.gen.cache is'", "'\\nkit.gen.memo is'"),
        (IN_PLACE, '"""\n>>> from kit.gen import cache\n"""', '"""\n>>> from kit.gen import memo as cache\n"""'),
        (ELSEWHERE, '"""\n>>> from kit.gen import cache\n"""', '"""\n>>> from kit import memo as cache\n"""'),
        (IN_PLACE, "import_module('.cache', 'kit.gen')", "import_module('.memo', 'kit.gen')"),
        (ELSEWHERE, "import_module('.cache', package='kit.gen')", "import_module('..memo', package='kit.gen')"),
        (TO_ANOTHER_PACKAGE, "import_module('.cache', 'kit.gen')", "import_module('box.deep.memo', 'kit.gen')"),
        (ONE_WORD, "importlib.import_module('cache_dev')", "importlib.import_module('memo_dev')"),
        (ONE_WORD, "__import__(\n    'cache_dev')", "__import__(\n    'memo_dev')"),
        (ONE_WORD, "sys.modules['cache_dev'] = x", "sys.modules['memo_dev'] = x"),
        (ONE_WORD, "sys.modules.pop('cache_dev', None)", "sys.modules.pop('memo_dev', None)"),
        (ONE_WORD, "if 'cache_dev' in sys.modules: pass", "if 'memo_dev' in sys.modules: pass"),
        (
            ONE_WORD,
            "monkeypatch.setitem(sys.modules, 'cache_dev', x)",
            "monkeypatch.setitem(sys.modules, 'memo_dev', x)",
        ),
        (ONE_WORD, "monkeypatch.setattr('cache_dev.X', 1)", "monkeypatch.setattr('memo_dev.X', 1)"),
        (ONE_WORD, "@mock.patch('cache_dev.X')\ndef f(): ...", "@mock.patch('memo_dev.X')\ndef f(): ..."),
        (ONE_WORD, "spec_from_file_location('cache_dev', p)", "spec_from_file_location('memo_dev', p)"),
        (ONE_WORD, "run([sys.executable, '-m', 'cache_dev'])", "run([sys.executable, '-m', 'memo_dev'])"),
        (ONE_WORD, "# python -m cache_dev", "# python -m memo_dev"),
        (ONE_WORD, '"""\nfrom cache_dev import A\n"""', '"""\nfrom memo_dev import A\n"""'),
        (ONE_WORD, '"""\nimport cache_dev\ncache_dev.x\n"""', '"""\nimport memo_dev\nmemo_dev.x\n"""'),
    ],
)
def test_names_in_strings_and_comments_follow(renames: dict[str, str], before: str, after: str) -> None:
    assert renamed(before, renames) == after


def test_package_of_the_file_resolves_a_relative_import_by_name() -> None:
    before = "import_module('..gen.cache', __package__)\n"
    assert renamed(before, IN_PLACE, "kit/core/x.py") == "import_module('..gen.memo', __package__)\n"


# --- at once, and nothing else --------------------------------------------------------------------


def test_two_modules_change_places_at_once() -> None:
    swap = {"a_dev": "b_dev", "b_dev": "a_dev", "kit.a": "kit.b", "kit.b": "kit.a"}
    before = "import a_dev, b_dev\nfrom kit.a import A\nfrom kit import b\na_dev.x(b_dev, 'kit.a', 'kit.b.B')\n"
    after = "import b_dev, a_dev\nfrom kit.b import A\nfrom kit import a as b\nb_dev.x(a_dev, 'kit.b', 'kit.a.B')\n"
    assert renamed(before, swap) == after
    assert renamed(after, swap) == before


def test_edits_show_only_the_part_of_the_name_that_changes() -> None:
    text = "import kit.gen.cache\nkit.gen.cache.run()\n"
    assert [(edit.span.start, edit.old, edit.new) for edit in rename_modules("x.py", text, IN_PLACE)] == [
        (15, "cache", "memo"),
        (29, "cache", "memo"),
    ]
    assert [(edit.old, edit.new) for edit in rename_modules("x.py", text, {"kit.gen": "kit.make"})] == [
        ("gen", "make")
    ] * 2
    assert [(edit.old, edit.new) for edit in rename_modules("x.py", text, {"kit.gen": "kit.a.b"})] == [
        ("gen", "a.b")
    ] * 2
    assert [(edit.old, edit.new) for edit in rename_modules("x.py", text, {"kit.gen.cache": "kit.cache"})] == [
        ("gen.cache", "cache")
    ] * 2


# --- bytes ----------------------------------------------------------------------------------------

USE = b"import cache_dev\ncache_dev.x\n"
NEW_USE = b"import memo_dev\nmemo_dev.x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbf" + USE, b"\xef\xbb\xbf" + NEW_USE),
        (b"# \xc3\xa9\xf0\x9f\x98\x80\n" + USE, b"# \xc3\xa9\xf0\x9f\x98\x80\n" + NEW_USE),
        (
            b"\xef\xbb\xbf# \xc3\xa9\r\n" + USE.replace(b"\n", b"\r\n"),
            b"\xef\xbb\xbf# \xc3\xa9\r\n" + NEW_USE.replace(b"\n", b"\r\n"),
        ),
        (
            b"# -*- coding: latin-1 -*-\nna\xefve = '\xe9'\n" + USE,
            b"# -*- coding: latin-1 -*-\nna\xefve = '\xe9'\n" + NEW_USE,
        ),
        (b"\x0c" + USE, b"\x0c" + NEW_USE),
        (b"x = 1\n\x0c" + USE, b"x = 1\n\x0c" + NEW_USE),
        (b"x = '''\n\x0c\n'''\n\x0c\n" + USE + b"  \x0c\n", b"x = '''\n\x0c\n'''\n\x0c\n" + NEW_USE + b"  \x0c\n"),
        (b"x = 1\r" + USE + b"y = 2\r", b"x = 1\r" + NEW_USE + b"y = 2\r"),
        (USE.replace(b"\n", b"\r"), NEW_USE.replace(b"\n", b"\r")),
        (USE + b"\n  \t\nx  =  1 # \t", NEW_USE + b"\n  \t\nx  =  1 # \t"),
        (USE.rstrip(b"\n"), NEW_USE.rstrip(b"\n")),
        (b"if 1:\n\timport cache_dev\n\tcache_dev.x\n", b"if 1:\n\timport memo_dev\n\tmemo_dev.x\n"),
    ],
    ids=[
        "bom",
        "emoji",
        "bom-crlf",
        "latin-1",
        "form-feed-first",
        "form-feed",
        "form-feed-inside",
        "mixed",
        "cr",
        "blanks",
        "no-end",
        "tab",
    ],
)
def test_every_byte_outside_an_edit_stays(before: bytes, after: bytes) -> None:
    assert encode(renamed(decode(before), ONE_WORD)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(:\nimport cache_dev\ncache_dev.x\n", "def f(:\nimport memo_dev\nmemo_dev.x\n"),
        ("%time\nfrom kit.gen import cache\n", "%time\nfrom kit.gen import memo as cache\n"),
        ("x = [\nkit.gen.cache.run()\n", "x = [\nkit.gen.memo.run()\n"),
        ("x = y\x00\nimport cache_dev as c\n", "x = y\x00\nimport memo_dev as c\n"),
        ("(" * 5000 + "\nimport cache_dev\n", "(" * 5000 + "\nimport memo_dev\n"),
        ("x = " + "1+" * 20_000 + "1\nimport cache_dev\n", "x = " + "1+" * 20_000 + "1\nimport memo_dev\n"),
        ("x = " + "-" * 1500 + "1\nimport cache_dev\n", "x = " + "-" * 1500 + "1\nimport memo_dev\n"),
        (
            "if a: b\n" + "elif a: b\n" * 3000 + "import cache_dev\n",
            "if a: b\n" + "elif a: b\n" * 3000 + "import memo_dev\n",
        ),
    ],
    ids=["broken", "magic", "open", "nul", "brackets", "long", "nested", "branches"],
)
def test_a_file_that_cannot_be_parsed_is_read_as_text(before: str, after: str) -> None:
    assert renamed(before, {**IN_PLACE, **ONE_WORD}) == after


# --- texts of other kinds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "a.md",
            "```python\nimport cache_dev\ncache_dev.run()\n```\n",
            "```python\nimport memo_dev\nmemo_dev.run()\n```\n",
        ),
        ("a.md", "Run `import cache_dev`.", "Run `import memo_dev`."),
        ("a.md", "import cache_dev\nThe cache_dev module\n", "import memo_dev as cache_dev\nThe cache_dev module\n"),
        ("a.md", "import memo_dev as cache_dev", "import memo_dev as cache_dev"),
        ("a.md", "> from cache_dev import A, B as C", "> from memo_dev import A, B as C"),
        ("a.md", "See `kit.gen.cache.Cache`, not kit.gen.cached.", "See `kit.gen.memo.Cache`, not kit.gen.cached."),
        ("a.md", "from kit.gen import cache, other", "from kit.gen import memo as cache, other"),
        (
            "a.md",
            "We import cache_dev first, then\nimport cache_dev and run.",
            "We import cache_dev first, then\nimport cache_dev and run.",
        ),
        ("a.md", "`modules/cache_dev.py`, cache_dev.py", "`modules/cache_dev.py`, cache_dev.py"),
        ("a.ipynb", '["import cache_dev\\n",\n "cache_dev.x"]', '["import memo_dev\\n",\n "memo_dev.x"]'),
        ("a.ipynb", '["from kit.gen.cache import A\\n"]', '["from kit.gen.memo import A\\n"]'),
        ("a.ipynb", r'["x = import_module(\"cache_dev\")"]', r'["x = import_module(\"memo_dev\")"]'),
        ("a.yml", "run: python -m cache_dev --fast", "run: python -m memo_dev --fast"),
        ("a.toml", 'tool = "kit.gen.cache:main"', 'tool = "kit.gen.memo:main"'),
        ("a.toml", 'module = "kit.gen.cache.*"', 'module = "kit.gen.memo.*"'),
        ("a.ini", "[mypy-kit.gen.cache]\r\nx = 1", "[mypy-kit.gen.cache]\r\nx = 1"),
        ("a.cfg", "mods =\r\n  kit.gen.cache\r\n", "mods =\r\n  kit.gen.memo\r\n"),
    ],
)
def test_text_follows(path: str, before: str, after: str) -> None:
    edits = rename_dotted_text(path, before, {**IN_PLACE, **ONE_WORD})
    assert edits == sorted(edits)
    assert spliced(before, edits) == after


def test_the_view_of_a_notebook_hides_its_outputs_and_shows_its_strings() -> None:
    source = 'import cache_dev\nx = import_module("cache_dev"), patch(\'cache_dev.X\'), "kit.gen.cache"\ncache_dev.y\n'
    document = documents({"a.ipynb": notebook(source)})[0]
    edits = rename_dotted_text(document.path, document.view, {**IN_PLACE, **ONE_WORD})
    after = source.replace("cache_dev", "memo_dev").replace("kit.gen.cache", "kit.gen.memo")
    assert spliced(document.text, edits) == notebook(after)


# --- what is loaded -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_loaded"),
    [
        ("import os", False),
        ("from kit.gen.cache import Cache\\nx = cache = 1\\n# kit.gen.cache", False),
        ("import kit.gen.cache", True),
    ],
)
def test_libcst_is_loaded_only_where_structure_matters(text: str, is_loaded: bool) -> None:  # noqa: FBT001
    script = (
        "import sys\nfrom refactor.transforms.imports import rename_modules\n"
        f"rename_modules('a.py', '{text}', {IN_PLACE})\nprint('libcst' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(is_loaded)


# --- properties -----------------------------------------------------------------------------------

MODULES = ("kit.a", "kit.b", "kit.sub.c", "kit.sub.d")
LINES = st.sampled_from(
    [
        "import {0}",
        "import {0} as x",
        "from {0} import A, B as C",
        "def f():\n    from {0} import (\n        A,\n    )",
        "'{0}.A', f'{{x}} {0}:B'  # {0}",
        "import kit\nkit.z({0}.run)",
        "import kit.sub as s, os\ns.c.run(s.d, s.e)",
        "x = '''\nfrom {0} import *\n>>> import {0}\n'''",
        "kit = 1\ndef g(kit): return {0}",
        "importlib.import_module('{0}')",
        "from kit import sub\nsub.c",
        "# é😀 {0}",
    ]
)
PROGRAMS = st.lists(st.builds(str.format, LINES, st.sampled_from(MODULES)), max_size=8).map("\n".join)
SWAPS = st.tuples(st.booleans(), st.booleans()).map(
    lambda swapped: {
        old: new
        for pair, is_swapped in zip((MODULES[:2], MODULES[2:]), swapped, strict=True)
        for old, new in (zip(pair, reversed(pair), strict=True) if is_swapped else ())
    }
)


@given(PROGRAMS, SWAPS)
def test_the_inverse_restores_every_byte(program: str, renames: dict[str, str]) -> None:
    after = renamed(program, renames)
    assert renamed(after, {new: old for old, new in renames.items()}) == program
    ast.parse(after)


@given(PROGRAMS, SWAPS)
def test_reading_as_text_gives_what_the_tree_gives(program: str, renames: dict[str, str]) -> None:
    """Files that need no structure take a short cut, which must lead to the same place."""
    if not is_plain(program, renames, ""):
        return
    syntax = parse(program)
    assert syntax is not None
    from_tree = import_edits(Source("a.py", program, syntax, renames, "", ""))
    as_text = rename_dotted_text("a.py", program, renames)
    assert set(from_tree) <= set(as_text)
    assert spliced(program, as_text) == renamed(program + "\nimport kit.sub.c", renames).rpartition("\n")[0]


FRAGMENTS = st.sampled_from(
    [
        *("import ", "from ", " as ", ", ", "cache_dev", "kit.gen.cache", "kit.gen", "kit", "cache", ".", "..", "(", ")", "*"),
        *("\n", "\r\n", "\r", "\x0c", "\ufeff", "\t", " ", "\\", "'", '"', '"""', "f'{", "}'", "#", ";", ":", "é", "😀", "\udce9", "\x00"),
        *("x = ", "if x:\n    ", "def f():\n    ", "global ", "import_module('.cache', 'kit.gen')", "sys.modules['cache_dev']"),
    ]
)  # fmt: skip


@given(
    st.lists(FRAGMENTS, max_size=25).map("".join),
    st.sampled_from(["kit/gen/cache.py", "kit/gen/__init__.py", "a/b.py"]),
)
def test_no_text_is_too_odd(text: str, path: str) -> None:
    """Nothing raises, and what is to be replaced stands where an edit says: splicing checks it."""
    for renames in (IN_PLACE, ELSEWHERE, TO_ANOTHER_PACKAGE, ONE_WORD, {**ELSEWHERE, "cache_dev": "kit.gen.cache"}):
        renamed(text, renames, path)
        spliced(text, rename_dotted_text(path, text, renames))


# --- exports --------------------------------------------------------------------------------------


def documents(files: Mapping[str, str]) -> list[Document]:
    return [Document(path, encode(text), choose(path, FORMATS)) for path, text in files.items()]


def exported(files: Mapping[str, str], *exports: tuple[str, str]) -> dict[str, str]:
    """Carry out a plan on a tree of texts."""
    edits, moves = export_plan(documents(files), files.keys(), exports)
    assert edits == sorted(edits)
    places = {move.old: move.new for move in moves}
    return {
        places.get(path, path): spliced(text, [edit for edit in edits if edit.path == path])
        for path, text in files.items()
    }


def notebook(*sources: str) -> str:
    output = [{"output_type": "stream", "name": "stdout", "text": ["kit.gen.cache\n"]}]
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": output, "source": source.splitlines(keepends=True)}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


SETTINGS = "[DEFAULT]\nlib_name = kit\nlib_path = %(lib_name)s\nnbs_path = dev\n"
COURSE = {
    "settings.ini": SETTINGS,
    "dev/14_cache/cache_dev.py": "# %% [markdown]\n'''\nExports to `kit.gen.cache`; all of it is in gen.cache.\n'''\n# %%\n#| default_exp gen.cache\n#| export\nclass Cache: ...\n",
    "dev/14_cache/cache_dev.ipynb": notebook("#| default_exp gen.cache", "#| export\nfrom kit.gen.cache import Cache\n"),
    "dev/15_speed/speed_dev.py": "#| default_exp speed.timer\n#| export gen.cache\ndef extra(): ...\nfrom kit.gen import cache\n",
    "kit/__init__.py": "from .gen.cache import Cache\n",
    "kit/_modidx.py": "d = {'syms': {'kit.gen.cache': {'kit.gen.cache.Cache': ('14_cache/cache_dev.html#cache', 'kit/gen/cache.py')}}}\n",
    "kit/gen/__init__.py": "from .cache import *\n__all__ = ['cache', 'other']\n",
    "kit/gen/cache.py": "from ..core import base\nclass Cache: ...\n",
    "kit/core/__init__.py": "",
    "kit/core/base.py": "cache = {}\ncache[1] = cache\n",
    "kit/speed/__init__.py": "",
    "kit/speed/timer.py": "from ..gen import cache\n",
    "tool/tables.py": "EXPORTS = {14: 'gen.cache'}\nFILE = ROOT / 'kit' / 'gen' / 'cache.py'\n",
    "book/14.md": "Look into [it](../kit/gen/cache.py), or `gen/cache.py`, and `from kit.gen.cache import Cache`.\n",
    "CHANGELOG.md": "- added kit.gen.cache in kit/gen/cache.py\n",
}  # fmt: skip


def test_an_export_takes_everything_along() -> None:
    after = exported(COURSE, ("gen.cache", "gen.memo"))
    changed = {path: text for path, text in after.items() if COURSE.get(path) != text}
    assert changed == {
        "dev/14_cache/cache_dev.py": COURSE["dev/14_cache/cache_dev.py"].replace("gen.cache", "gen.memo"),
        "dev/14_cache/cache_dev.ipynb": notebook("#| default_exp gen.memo", "#| export\nfrom kit.gen.memo import Cache\n"),
        "dev/15_speed/speed_dev.py": "#| default_exp speed.timer\n#| export gen.memo\ndef extra(): ...\nfrom kit.gen import memo as cache\n",
        "kit/__init__.py": "from .gen.memo import Cache\n",
        "kit/_modidx.py": "d = {'syms': {'kit.gen.memo': {'kit.gen.memo.Cache': ('14_cache/cache_dev.html#cache', 'kit/gen/memo.py')}}}\n",
        "kit/gen/__init__.py": "from .memo import *\n__all__ = ['memo', 'other']\n",
        "kit/gen/memo.py": "from ..core import base\nclass Cache: ...\n",
        "kit/speed/timer.py": "from ..gen import memo as cache\n",
        "tool/tables.py": "EXPORTS = {14: 'gen.memo'}\nFILE = ROOT / 'kit' / 'gen' / 'memo.py'\n",
        "book/14.md": "Look into [it](../kit/gen/memo.py), or `gen/memo.py`, and `from kit.gen.memo import Cache`.\n",
    }  # fmt: skip


def test_names_may_start_with_the_package() -> None:
    assert exported(COURSE, ("kit.gen.cache", "kit.gen.memo")) == exported(COURSE, ("gen.cache", "gen.memo"))


def test_a_new_depth_changes_paths_and_relative_imports() -> None:
    after = exported(COURSE, ("gen.cache", "memo"))
    assert after["kit/memo.py"] == "from .core import base\nclass Cache: ...\n"
    assert after["kit/speed/timer.py"] == "from .. import memo as cache\n"
    assert after["kit/gen/__init__.py"] == "from ..memo import *\n__all__ = ['cache', 'other']\n"
    assert after["tool/tables.py"] == "EXPORTS = {14: 'memo'}\nFILE = ROOT / 'kit' / 'memo.py'\n"
    assert "all of it is in kit.memo." in after["dev/14_cache/cache_dev.py"]


def test_two_exports_change_places() -> None:
    after = exported(COURSE, ("gen.cache", "speed.timer"), ("speed.timer", "gen.cache"))
    assert after["kit/speed/timer.py"] == "from ..core import base\nclass Cache: ...\n"
    assert after["kit/gen/cache.py"] == "from ..speed import timer as cache\n"
    assert after["dev/15_speed/speed_dev.py"].startswith("#| default_exp gen.cache\n#| export speed.timer\n")
    assert exported(after, ("gen.cache", "speed.timer"), ("speed.timer", "gen.cache")) == COURSE


def test_notebook_outputs_stay() -> None:
    after = exported(COURSE, ("gen.cache", "gen.memo"))["dev/14_cache/cache_dev.ipynb"]
    assert after.count('"kit.gen.cache\\n"') == 2


def test_a_path_in_pieces_follows_in_a_notebook_cell() -> None:
    files = {**COURSE, "tool/x.ipynb": notebook('open(Path("kit") / "gen" / "cache.py")')}
    assert exported(files, ("gen.cache", "memo"))["tool/x.ipynb"] == notebook('open(Path("kit") / "memo.py")')
    files["tool/x.ipynb"] = notebook("os.path.join('kit', 'gen', 'cache.py')")
    assert exported(files, ("gen.cache", "a.b.c"))["tool/x.ipynb"] == notebook("os.path.join('kit', 'a', 'b', 'c.py')")


def test_paths_of_other_files_stay() -> None:
    files = {
        **COURSE,
        "vendor/kit/gen/cache.py": "",
        "a.md": "vendor/kit/gen/cache.py and kit/gen/cache.py.bak and kit/gen/cache.pyc",
    }
    assert exported(files, ("gen.cache", "gen.memo"))["a.md"] == files["a.md"]


def test_an_export_that_was_never_made_has_no_file_to_move() -> None:
    files = {path: text for path, text in COURSE.items() if path != "kit/gen/cache.py"}
    edits, moves = export_plan(documents(files), files.keys(), [("gen.cache", "gen.memo")])
    assert moves == []
    assert "kit/__init__.py" in {edit.path for edit in edits}


@pytest.mark.parametrize(
    ("settings", "package"),
    [
        ({"settings.ini": "[DEFAULT]\nlib_path = src/kit\n"}, "src/kit"),
        ({"settings.ini": "[DEFAULT]\nlib_name = kit\n"}, "src/kit"),
        ({"pyproject.toml": "[project]\nname = 'kit'\n[tool.nbdev]\nnbs_path = 'dev'\n"}, "src/kit"),
        ({"settings.ini": "no section at all"}, "src/kit"),
        ({}, "src/kit"),
        ({}, "kit"),
    ],
)
def test_the_package_is_found_from_settings_or_files(settings: dict[str, str], package: str) -> None:
    files = {
        **settings,
        "dev/a_dev.py": "#| default_exp gen.cache\n",
        f"{package}/gen/cache.py": "",
        f"{package}/x.py": "from .gen import cache",
    }
    edits, moves = export_plan(documents(files), files.keys(), [("gen.cache", "gen.memo")])
    assert moves == [Move(f"{package}/gen/cache.py", f"{package}/gen/memo.py")]
    assert [edit.path for edit in edits] == ["dev/a_dev.py", f"{package}/x.py"]


@pytest.mark.parametrize(
    ("extra", "exports", "message"),
    [
        ({}, [("gen.cach", "gen.memo")], "no dev file exports 'gen.cach'; did you mean gen.cache?"),
        ({}, [("zzz", "gen.memo")], "no dev file exports 'zzz'; give the value of a `#| default_exp` line."),
        ({}, [("box.gen.cache", "gen.memo")], "no dev file exports 'box.gen.cache'; did you mean gen.cache?"),
        ({}, [("gen.memo", "gen.cache")], "no dev file exports 'gen.memo'; 'gen.cache' is exported already, so this may be done."),
        ({}, [("gen.cache", "speed.timer")], "'speed.timer' is the export of dev/15_speed/speed_dev.py; choose another path."),
        ({}, [("gen.cache", "core.base")], "the export 'core.base' cannot be written, as kit/core/base.py is there; choose another path."),
        ({}, [("gen.cache", "core.base.x")], "the export 'core.base.x' cannot be written, as kit/core/base.py is there; choose another path."),
        ({}, [("gen.cache", "core")], "the export 'core' would be hidden by the folder kit/core; choose another path."),
        ({}, [("gen.cache", "a.b"), ("speed.timer", "a.b")], "two exports would become 'a.b'; give each its own path."),
        ({}, [("gen.cache", "a.b"), ("kit.gen.cache", "a.c")], "'gen.cache' is given two new paths; give it one."),
        ({}, [("gen.cache", "gen.2memo")], "'gen.2memo' is no dotted path of a module; write --export OLD=NEW, such as core.loader=core.reader."),
        ({}, [("gen.cache", "gen.class")], "'gen.class' is no dotted path of a module; write --export OLD=NEW, such as core.loader=core.reader."),
        (
            {"dev/x_dev.py": "#| default_exp gen.cache\n"},
            [("gen.cache", "gen.memo")],
            "'gen.cache' is exported by dev/14_cache/cache_dev.ipynb and dev/x_dev.py; give one of them another default_exp first.",
        ),
        (
            {"settings.ini": "", "box/gen/cache.py": "", "box/_modidx.py": "", "box/__init__.py": ""},
            [("gen.cache", "gen.memo")],
            "the export 'gen.cache' could be in box or kit; set lib_path in settings.ini to the folder of the package.",
        ),
    ],
)  # fmt: skip
def test_bad_exports_are_refused(extra: dict[str, str], exports: list[tuple[str, str]], message: str) -> None:
    files = {**COURSE, **extra}
    with pytest.raises(RefactorError) as error:
        export_plan(documents(files), files.keys(), exports)
    assert str(error.value) == message


def test_copies_of_a_dev_file_outside_the_sources_follow() -> None:
    files = {**COURSE, "release/cache.ipynb": notebook("#| default_exp gen.cache")}
    assert exported(files, ("gen.cache", "gen.memo"))["release/cache.ipynb"] == notebook("#| default_exp gen.memo")


def test_a_directive_in_a_sentence_is_no_directive() -> None:
    files = {**COURSE, "tool/find.py": "# look for #| default_exp gen.cache here\nx = '#| default_exp gen.cache'\n"}
    assert "tool/find.py" not in {
        edit.path
        for edit in export_plan(documents(files), files.keys(), [("gen.cache", "speed.memo")])[0]
        if edit.kind == "directive"
    }


@pytest.mark.parametrize("text", ["gen.cache", "gen.cache=", "=gen.memo", "a-b=c", "a=b=c", "a..b=c"])
def test_a_malformed_export_is_refused(text: str) -> None:
    with pytest.raises(RefactorError, match="OLD=NEW"):
        parse_export(text)


def test_an_export_is_split_at_its_sign() -> None:
    assert parse_export("gen.cache = gen.memo") == ("gen.cache", "gen.memo")


def test_the_program_still_runs(tmp_path: Path) -> None:
    files = {
        **COURSE,
        "kit/gen/other.py": "",
        "main.py": "import kit.gen.cache as c, kit.speed.timer as t\nassert c.Cache is t.cache.Cache\n",
    }
    for path, text in exported(files, ("gen.cache", "deep.er.memo")).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(encode(text))
    assert subprocess.run([sys.executable, "main.py"], cwd=tmp_path, check=False).returncode == 0
