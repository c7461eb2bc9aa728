"""Formats against other people's parsers: Markdown against marko on texts that nobody has written, Python against LibCST
on the standard library.
"""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider
from zonetable import FORMATS

from refactor.model import Zone, ZoneKind
from refactor.spans import line_column, line_starts

# --- Markdown -----------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "soil",
        "Module 14",
        "14_seeds",
        "a_b",
        "x*y",
        "1.",
        "- no",
        "é",
        "🎉",
        "C:\\x",
        "&amp;",
        "\\`no\\`",
        "\\[no](no.md)",
    ]
)
CODE = st.sampled_from(["`14_seeds`", "``a`b``", "` x `", "`[n](n.md)`", "`é`", "`<b>`"])
TARGETS = st.sampled_from(
    ["a.md", "../14_seeds/README.md#top", "https://example.org/14", "<b c.md>", "p_(q).md", "#x", "é.md"]
)
PLAIN = st.one_of(WORDS, CODE)
SPANS = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.builds("[{}]({})".format, PLAIN, TARGETS),
        st.builds('[{}]({} "title")'.format, PLAIN, TARGETS),
        st.builds("![{}]({})".format, WORDS, TARGETS),
        st.builds("**{}**".format, inner),
        st.just("<https://example.org/15>"),
        st.just("<!-- [n](n.md) `n` -->"),
    ),
    max_leaves=4,
)
LINES = st.lists(SPANS, min_size=1, max_size=4).map(lambda spans: "Say " + " ".join(spans))
RAW = st.lists(
    st.sampled_from(
        ["x = 1", "# no heading", "[n](n.md)", "`n`", "    deeper", "> no quote", "- no item", "***", "<div>"]
    ),
    min_size=1,
    max_size=3,
)
LEAVES = st.one_of(
    st.lists(LINES, min_size=1, max_size=3),
    st.builds(lambda level, line: [f"{'#' * level} {line}"], st.integers(1, 6), LINES),
    st.builds(lambda line, rule: [line, rule], LINES, st.sampled_from(["===", "---"])),
    st.builds(lambda fence, info, raw: [fence + info, *raw, fence], st.sampled_from(["```", "~~~~"]), st.sampled_from(["", "py", "text x"]), RAW),
    RAW.map(lambda raw: [f"    {line}" for line in raw]),
    st.just(["***"]),
    st.just(["<!-- a comment", "[n](n.md)", "-->"]),
    st.just(["<div>", "[n](n.md) `n`", "</div>"]),
)  # fmt: skip


def _nested(blocks: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    several = st.lists(blocks, min_size=1, max_size=3).map(_apart)
    return st.one_of(
        several,
        several.map(lambda lines: [f"> {line}".rstrip() for line in lines]),
        st.builds(_item, st.sampled_from(["- ", "* ", "1. ", "10) "]), LINES, several),
    )


def _apart(blocks: list[list[str]]) -> list[str]:
    return [line for block in blocks for line in (*block, "")][:-1]


def _item(mark: str, line: str, lines: list[str]) -> list[str]:
    return [mark + line, "", *((" " * len(mark) + line).rstrip() for line in lines)]


PAGES = st.lists(st.recursive(LEAVES, _nested, max_leaves=6), min_size=1, max_size=4).map(
    lambda blocks: "\n".join([*_apart(blocks), ""])
)


@given(text=PAGES)
@settings(max_examples=150)
def test_markdown_is_taken_apart_as_marko_does(text: str) -> None:
    marko = pytest.importorskip("marko")
    theirs = [*_marko(marko.parse(text))]
    assert [*_ours(text)] == theirs


def _ours(text: str) -> Iterator[tuple[str, str]]:
    starts, headings = line_starts(text), set()
    for zone in FORMATS["markdown"].zones(text):
        inside = text[zone.span.start : zone.span.end]
        line = line_column(starts, zone.span.start)[0]
        if zone.kind is ZoneKind.HEADING and line not in headings:
            headings.add(line)
            yield "heading", zone.detail
        elif zone.kind is ZoneKind.CODE_BLOCK:
            yield "block", _bare(inside)
        elif zone.kind in {ZoneKind.CODE_SPAN, ZoneKind.LINK_TARGET}:
            yield zone.kind.value, inside.strip()


def _marko(element: Any) -> Iterator[tuple[str, str]]:
    name = type(element).__name__
    if name in {"Heading", "SetextHeading"}:
        yield "heading", str(element.level)
    children: Any = getattr(element, "children", ())  # those of a leaf are its text
    if name in {"FencedCode", "CodeBlock"}:
        yield "block", _bare(children[0].children)
    elif name == "CodeSpan":
        yield "code span", children.strip()
    elif not isinstance(children, str):
        for child in children:
            yield from _marko(child)
    if name in {"Link", "Image", "AutoLink"}:
        yield "link target", str(element.dest)


def _bare(block: str) -> str:
    """The words of a block of code, without what its lines begin with."""
    return " ".join(re.sub(r"^[ >]+", "", block, flags=re.MULTILINE).split())


# --- Python -------------------------------------------------------------------------------------

# Modules of the standard library with strings and comments of every kind.
MODULES = (
    "bisect",
    "calendar",
    "cmd",
    "colorsys",
    "fnmatch",
    "keyword",
    "netrc",
    "pprint",
    "shlex",
    "string",
    "textwrap",
    "this",
)
LITERALS = {ZoneKind.STRING, ZoneKind.DOCSTRING, ZoneKind.COMMENT, ZoneKind.DIRECTIVE}


@pytest.mark.parametrize("module", MODULES)
def test_python_is_taken_apart_as_libcst_does(module: str) -> None:
    text = Path(sysconfig.get_path("stdlib"), f"{module}.py").read_text(encoding="utf-8")
    wrapper = MetadataWrapper(libcst.parse_module(text), unsafe_skip_copy=True)
    zones = FORMATS["python"].zones(text)
    literals = _places(wrapper, libcst.Comment, libcst.SimpleString, libcst.FormattedString)
    outer = [one for one in literals if not any(one.start in other and one != other for other in literals)]
    contents = (_content(text[one.start : one.stop]) for one in outer)
    assert [_inside(text, zone) for zone in zones if zone.kind in LITERALS] == [one for one in contents if one]
    imports = _places(wrapper, libcst.Import, libcst.ImportFrom)
    starts = [zone.span.start for zone in zones if zone.kind is ZoneKind.IMPORT]
    assert all(any(start in statement for statement in imports) for start in starts)
    assert all(any(start in statement for start in starts) for statement in imports)


def _places(wrapper: MetadataWrapper, *kinds: type[libcst.CSTNode]) -> list[range]:
    """Where the nodes of some kinds stand, in the order of the text."""
    starts, places = line_starts(wrapper.module.code), wrapper.resolve(PositionProvider)
    found = (place for node, place in places.items() if isinstance(node, kinds))
    spans = (range(*(starts[at.line - 1] + at.column for at in (one.start, one.end))) for one in found)
    return sorted(spans, key=lambda span: span.start)


def _inside(text: str, zone: Zone) -> str:
    return text[zone.span.start : zone.span.end]


def _content(literal: str) -> str:
    """What is between the quotes."""
    if literal.startswith("#"):
        return literal
    literal = literal.lstrip("rbfuRBFU")
    quotes = 3 if literal[:3] in {'"""', "'''"} and len(literal) >= 6 else 1
    return literal[quotes:-quotes]
