"""Links to headings that a renaming changes follow, in every file; no other link does."""

from __future__ import annotations

import pytest
from garden import document

from refactor.anchors import follow, slug
from refactor.model import Edit
from refactor.spans import Span


def links(pages: dict[str, str], *changes: tuple[str, str, str]) -> list[str]:
    """The anchors that follow when texts change: each change is a path, what stands there once, and what comes instead."""
    edits = []
    for path, old, new in changes:
        start = pages[path].index(old)
        edits.append(Edit(path, Span(start, start + len(old)), old, new))
    found = follow({path: document(text, path) for path, text in pages.items()}, edits)
    return [f"{one.path}:{one.span.start} {one.old} -> {one.new}" for one in found]


SLUGS = {
    "Module 14: KV Caching": "module-14-kv-caching",
    "14. KV Caching": "14-kv-caching",
    "KV-Caching": "kv-caching",
    "snake_case": "snake_case",
    "What's new?": "whats-new",
    "C++ & C#": "c--c",
    "A  B": "a--b",
    "`code` and *stress*": "code-and-stress",
    "[Pruning](11_pruning.md) again": "pruning-again",
    "<b>Bold</b> word": "bold-word",
    "1.2.3": "123",
    "Ärger – für alle": "ärger--für-alle",
    "第14章 土": "第14章-土",
    "rocket 🚀 start": "rocket--start",
    "": "",
}


@pytest.mark.parametrize(("heading", "expected"), SLUGS.items(), ids=SLUGS)
def test_the_anchor_of_a_heading(heading: str, expected: str) -> None:
    assert slug(heading) == expected


PAGE = "# Module 11: Pruning\n\nText.\n"
CHANGE = ("book/11-pruning.md", "Module 11", "Module 12")
FOLLOWS = {
    "own page": ("book/11-pruning.md", PAGE + "[up](#module-11-pruning)\n"),
    "another page": ("notes.md", "[x](book/11-pruning.md#module-11-pruning)\n"),
    "from beside it": ("book/x.md", "[x](11-pruning.md#module-11-pruning)\n"),
    "as a web page": ("notes.md", "<a href='book/11-pruning.html#module-11-pruning'>x</a>\n"),
    "without a suffix": ("notes.md", "[x](book/11-pruning#module-11-pruning)\n"),
    "in an address": ("notes.md", "https://example.org/book/11-pruning.html#module-11-pruning\n"),
    "in a definition": ("notes.md", "[x]: book/11-pruning.md#module-11-pruning\n"),
    "in code": ("a.py", "HELP = 'book/11-pruning.html#module-11-pruning'\n"),
}


@pytest.mark.parametrize(("path", "text"), FOLLOWS.values(), ids=FOLLOWS)
def test_links_to_a_changed_heading_follow(path: str, text: str) -> None:
    pages = {"book/11-pruning.md": PAGE, path: text}
    at = text.index("#module-11-pruning") + 1
    assert links(pages, CHANGE) == [f"{path}:{at} module-11-pruning -> module-12-pruning"]


STAYS = {
    "another page's": ("notes.md", "[x](book/12-compost.md#module-11-pruning)\n"),
    "its own": ("notes.md", "[x](#module-11-pruning)\n"),
    "longer": ("notes.md", "[x](book/11-pruning.md#module-11-pruning-shears)\n"),
    "longer by a digit": ("notes.md", "[x](book/11-pruning.md#module-11-pruning2)\n"),
    "shorter": ("notes.md", "[x](book/11-pruning.md#module-11)\n"),
    "another heading of it": ("notes.md", "[x](book/11-pruning.md#text)\n"),
    "another kind of file": ("notes.md", "[x](book/11-pruning.py#module-11-pruning)\n"),
    "no link": ("notes.md", "book/11-pruning.md has module-11-pruning\n"),
    "a hashtag": ("book/11-pruning.md", PAGE + "tagged#module-11-pruning\n"),
}


@pytest.mark.parametrize(("path", "text"), STAYS.values(), ids=STAYS)
def test_other_links_stay(path: str, text: str) -> None:
    assert links({"book/11-pruning.md": PAGE, path: text}, CHANGE) == []


@pytest.mark.parametrize(
    ("page", "change"),
    [
        ("# Soil\n\nModule 11\n\n[x](#soil)\n", ("a.md", "Module 11", "Module 12")),
        ("# Module (11)\n\n[x](#module-11)\n", ("a.md", "(11)", "[11]")),
        ("# soil\n\n[x](#soil)\n", ("a.md", "soil", "SOIL")),
        ("```\n# Module 11\n```\n\n[x](#module-11)\n", ("a.md", "Module 11", "Module 12")),
    ],
    ids=["edit in the text", "same anchor", "same letters", "heading in a fence"],
)
def test_an_edit_that_changes_no_anchor_changes_no_link(page: str, change: tuple[str, str, str]) -> None:
    assert links({"a.md": page}, change) == []


def test_deeper_headings_and_several_edits_in_one() -> None:
    page = "## Module 11: Pruning\n\n[x](#module-11-pruning)\n"
    changes = ("a.md", "Module 11", "Module 14"), ("a.md", "Pruning", "Cutting")
    assert links({"a.md": page}, *changes) == ["a.md:28 module-11-pruning -> module-14-cutting"]


def test_equal_headings_are_counted() -> None:
    page = "# Module 11\n\n# Module 12\n\n[a](#module-11) [b](#module-12)\n"
    assert links({"a.md": page}, ("a.md", "Module 12", "Module 11")) == ["a.md:47 module-12 -> module-11-1"]


def test_headings_behind_a_changed_one_lose_a_count() -> None:
    page = "# Exercise\n\n# Exercise\n\n# Exercise\n\n[a](#exercise) [b](#exercise-1) [c](#exercise-2)\n"
    assert links({"a.md": page}, ("a.md", "Exercise", "Work")) == [
        "a.md:41 exercise -> work", "a.md:56 exercise-1 -> exercise", "a.md:73 exercise-2 -> exercise-1",
    ]  # fmt: skip


def test_headings_that_change_places_change_their_links_at_once() -> None:
    page = "# Module 11\n\n# Module 12\n\n[a](#module-11) [b](#module-12)\n"
    changes = ("a.md", "Module 11", "Module 12"), ("a.md", "Module 12", "Module 11")
    assert links({"a.md": page}, *changes) == ["a.md:31 module-11 -> module-12", "a.md:47 module-12 -> module-11"]


def test_a_link_that_is_edited_anyway_is_left_to_that_edit() -> None:
    pages = {"book/11-pruning.md": PAGE, "notes.md": "[x](book/11-pruning.md#module-11-pruning)\n"}
    own = ("notes.md", "11-pruning.md#module-11-pruning", "12-pruning.md#module-12-pruning")
    assert links(pages, CHANGE, own) == []
