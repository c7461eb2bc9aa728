"""Rows of a listing take the new order of the entries that they are about; anything else keeps its own."""

from __future__ import annotations

import pytest
from garden import KINDS, SERIES, WORDS, document
from hypothesis import given
from hypothesis import strategies as st

from refactor import index, renaming
from refactor.moves import Moves
from refactor.rename import plan
from refactor.reorder import reorder
from refactor.spans import splice
from refactor.verdicts import resolve

SWAP = ("11_pruning -> 12_pruning", "12_compost -> 11_compost")


def after(text: str, pairs: tuple[str, ...] = SWAP, path: str = "notes.md") -> str:
    """What a renaming with new order makes of a text."""
    page = document(text, path)
    split = [(old, new) for old, _, new in (pair.partition(" -> ") for pair in pairs)]
    asked = renaming.build(SERIES, split, {})
    references = list(resolve(index.build([page], WORDS, KINDS)))
    made = reorder(plan(references, {path: page}, asked, Moves(asked, WORDS)), references, {path: page}, asked)
    return splice(text, [(edit.span, edit.old, edit.new) for edit in made.edits])


FOLLOW = {
    "bullets": ("- 11_pruning a\n- 12_compost b\n", "- 11_compost b\n- 12_pruning a\n"),
    "no end of line": ("- 11_pruning a\n- 12_compost b", "- 11_compost b\n- 12_pruning a"),
    "CRLF": ("- 11_pruning a\r\n- 12_compost b\r\n", "- 11_compost b\r\n- 12_pruning a\r\n"),
    "numbers of entries": ("11. Pruning\n12. Compost\n", "11. Compost\n12. Pruning\n"),
    "counters": ("1. `11_pruning`\n2. `12_compost`\n", "1. `11_compost`\n2. `12_pruning`\n"),
    "blank lines": ("- 11_pruning\n\n- 12_compost\n", "- 11_compost\n\n- 12_pruning\n"),
    "more to a row": ("- 11_pruning\n  a\n\n  b\n- 12_compost\n", "- 11_compost\n- 12_pruning\n  a\n\n  b\n"),
    "rows around": ("- first\n- 11_pruning\n- 12_compost\n- last\n", "- first\n- 11_compost\n- 12_pruning\n- last\n"),
    "a heading below": ("- 11_pruning\n- 12_compost\n# Next\n", "- 11_compost\n- 12_pruning\n# Next\n"),
    "a paragraph below": ("- 11_pruning\n- 12_compost\n\nNext\n", "- 11_compost\n- 12_pruning\n\nNext\n"),
    "quoted": ("> - 11_pruning\n> - 12_compost\n", "> - 11_compost\n> - 12_pruning\n"),
    "table": ("| 11_pruning | a |\n| 12_compost | b |\n", "| 11_compost | b |\n| 12_pruning | a |\n"),
    "inside a row": (
        "- all\n  - 11_pruning\n  - 12_compost\n- none\n",
        "- all\n  - 11_compost\n  - 12_pruning\n- none\n",
    ),
    "tree": ("├── 11_pruning/\n└── 12_compost/\n", "├── 11_compost/\n└── 12_pruning/\n"),
    "tree below": ("│   ├── 11_pruning/\n│   └── 12_compost/\n", "│   ├── 11_compost/\n│   └── 12_pruning/\n"),
}


@pytest.mark.parametrize(("text", "expected"), FOLLOW.values(), ids=FOLLOW)
def test_rows_that_were_in_order_follow(text: str, expected: str) -> None:
    assert after(text) == expected


CODE = {
    "tuples": ('A = [\n    ("11_pruning", 1),\n    ("12_compost", 2),\n]\n', 'A = [\n    ("11_compost", 2),\n    ("12_pruning", 1),\n]\n'),
    "calls": ('A = [\n    f("11_pruning"),\n    f("12_compost"),\n]\n', 'A = [\n    f("11_compost"),\n    f("12_pruning"),\n]\n'),
    "a remark": ('A = [\n    "11_pruning",  # a\n    "12_compost",\n]\n', 'A = [\n    "11_compost",\n    "12_pruning",  # a\n]\n'),
    "comments": ("# - 11_pruning\n#   a\n# - 12_compost\nx = 1\n", "# - 11_compost\n# - 12_pruning\n#   a\nx = 1\n"),
    "no comma at the end": ('A = [\n    "11_pruning",\n    "12_compost"\n]\n', 'A = [\n    "12_pruning",\n    "11_compost"\n]\n'),
    "open brackets": ('f("11_pruning",\n  (1, "12_compost"),\n  2), f(\n  ["11_pruning",\n   "12_compost"),\n',
                      'f("12_pruning",\n  (1, "11_compost"),\n  2), f(\n  ["12_pruning",\n   "11_compost"),\n'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CODE.values(), ids=CODE)
def test_rows_in_code_follow_if_each_is_a_whole(text: str, expected: str) -> None:
    assert after(text, path="tool.py") == expected


STAY = {
    "falling": ("- 12_compost\n- 11_pruning\n", "- 11_compost\n- 12_pruning\n"),
    "the same twice": ("- 11_pruning\n- 11_pruning\n- 12_compost\n", "- 12_pruning\n- 12_pruning\n- 11_compost\n"),
    "about nothing": ("- 11_pruning\n- rest\n- 12_compost\n", "- 12_pruning\n- rest\n- 11_compost\n"),
    "about several": ("- 11_pruning\n- Modules 11-12\n- 12_compost\n", "- 12_pruning\n- Modules 11-12\n- 11_compost\n"),
    "two lists": ("- 11_pruning\n\nThen:\n\n- 12_compost\n", "- 12_pruning\n\nThen:\n\n- 11_compost\n"),
    "of two kinds": ("- 11_pruning\n| 12_compost |\n", "- 12_pruning\n| 11_compost |\n"),
    "two tables": ("| 11_pruning |\n\n| 12_compost |\n", "| 12_pruning |\n\n| 11_compost |\n"),
    "at two depths": ("- 11_pruning\n  - 12_compost\n", "- 12_pruning\n  - 11_compost\n"),
    "counted cells": ("| 1 | 11_pruning |\n| 2 | 12_compost |\n", "| 1 | 12_pruning |\n| 2 | 11_compost |\n"),
    "stale": ("- 12_pruning\n- 13_compost\n", "- 12_pruning\n- 13_compost\n"),
    "a sentence": ("Module 11 and\nModule 12.\n", "Module 12 and\nModule 11.\n"),
    "too long": (f"- 11_pruning {'a ' * 6000}\n- 12_compost\n", f"- 12_pruning {'a ' * 6000}\n- 11_compost\n"),
    "in quotation and out": ("- 11_pruning\n> - 12_compost\n", "- 12_pruning\n> - 11_compost\n"),
}


@pytest.mark.parametrize(("text", "expected"), STAY.values(), ids=STAY)
def test_other_rows_stay_where_they_are(text: str, expected: str) -> None:
    assert after(text) == expected


def test_rows_stay_if_nothing_changes_its_order() -> None:
    pairs = ("11_pruning -> 11_cutting",)
    assert after("- 11_pruning\n- 12_compost\n", pairs) == "- 11_cutting\n- 12_compost\n"


def test_rows_inside_rows_that_follow_do_so_as_well() -> None:
    text = "- 10_drip_lines\n- 11_pruning a\n  1. 11_pruning b\n  2. 12_compost c\n- 12_compost d\n"
    expected = "- 10_drip_lines\n- 11_compost d\n- 12_pruning a\n  1. 11_compost c\n  2. 12_pruning b\n"
    assert after(text) == expected


NUMBERS = [entry.number for entry in SERIES.entries]


@given(st.permutations(NUMBERS), st.sampled_from(["- {}: {}\n", "| {} | {} |\n", "├── {}/  # {}\n"]))
def test_any_order_is_followed_and_every_row_stays_whole(numbers: list[int], row: str) -> None:
    old = [entry.id for entry in SERIES.entries]
    new = [f"{number:02}_{entry.slug}" for number, entry in zip(numbers, SERIES.entries, strict=True)]
    pairs = tuple(f"{one} -> {other}" for one, other in zip(old, new, strict=True) if one != other)
    notes = "abcdef"
    text = "".join(map(row.format, old, notes))
    expected = "".join(row.format(one, note) for one, note in sorted(zip(new, notes, strict=True)))
    assert (after(text, pairs) if pairs else text) == expected
