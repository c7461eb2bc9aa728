"""Sentences about what comes first are listed when their entries change places, and only then."""

from __future__ import annotations

import pytest
from garden import KINDS, SERIES, WORDS, document

from refactor import index, order, renaming
from refactor.verdicts import resolve

SWAP = ("11_pruning -> 12_pruning", "12_compost -> 11_compost")
AWAY = ("11_pruning -> 14_pruning",)
RENAMED = ("11_pruning -> 11_cutting",)
SHIFTED = tuple(f"{one.id} -> {one.number + 1}" for one in SERIES.entries)


def listed(text: str, pairs: tuple[str, ...] = SWAP, path: str = "notes.md") -> list[str]:
    """The mentions that are listed because of their order."""
    page = document(text, path)
    split = [(old, new) for old, _, new in (pair.partition(" -> ") for pair in pairs)]
    found = order.statements(
        resolve(index.build([page], WORDS, KINDS)), {path: page}, renaming.build(SERIES, split, {})
    )
    assert all(one.reason == "order: these entries change places, so the sentence may be false now" for one in found)
    return [f"{one.text} | {one.target}" for one in found]


LISTED = {
    "after": "Module 12 comes after Module 11.",
    "before": "Do 11_pruning before 12_compost.",
    "then": "Module 11, then Module 12.",
    "next": "11_pruning (next: 12_compost)",
    "requires": "Module 12 requires Module 11.",
    "builds on": "12_compost builds on 11_pruning",
    "prerequisites": "12_compost, prerequisites: 11_pruning",
    "you've built": "In Module 12 you've built on Module 11.",
    "typographic": "In Module 12 you’ve built on Module 11.",
    "arrow": "11_pruning → 12_compost",
    "ascii arrow": "11_pruning -> 12_compost",
    "other case": "AFTER Module 11 comes Module 12",
}


@pytest.mark.parametrize("text", LISTED.values(), ids=LISTED)
def test_statements_about_entries_that_change_places_are_listed(text: str) -> None:
    assert sorted(row.split(" | ")[1] for row in listed(text)) == ["11_pruning", "12_compost"]


STAYS = {
    "no statement": ("Module 11 and Module 12 are about trees.", SWAP),
    "a longer word": ("Thereafter Module 11 and Module 12.", SWAP),
    "two lines": ("Module 11 comes first.\nThen Module 12.\n", SWAP),
    "one entry": ("Next is Module 11.", SWAP),
    "one entry, twice": ("Module 11, then again Module 11.", SWAP),
    "others": ("Module 8 comes before Module 9.", SWAP),
    "same order, not neighbours": ("Module 8 comes before Module 11.", SWAP),
    "all move along": ("Module 11, then Module 12.", SHIFTED),
    "name alone": ("Module 11, then Module 12.", RENAMED),
    "a set": ("Modules 11-12, then rest.", SWAP),
    "stale": ("12_pruning comes after 11_compost.", SWAP),
    "foreign": ("Checkpoint 11, then Checkpoint 12.", SWAP),
}


@pytest.mark.parametrize(("text", "pairs"), STAYS.values(), ids=STAYS)
def test_other_sentences_are_not_listed(text: str, pairs: tuple[str, ...]) -> None:
    assert listed(text, pairs) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Module 10 comes before Module 11.", ["Module 10 | 10_drip_lines", "Module 11 | 11_pruning"]),
        ("Module 12 comes after Module 11.", ["Module 12 | 12_compost", "Module 11 | 11_pruning"]),
        ("Module 8 comes before Module 11.", []),
    ],
)
def test_neighbours_that_are_parted_are_listed(text: str, expected: list[str]) -> None:
    assert listed(text, AWAY) == expected


@pytest.mark.parametrize(
    "path", ["modules/11_pruning/README.md", "modules/11_pruning/pruning_dev.py", "book/11-pruning.md"]
)
def test_an_entrys_own_page_is_one_of_the_two(path: str) -> None:
    assert listed("# Next: Module 12\n", SWAP, path) == ["Module 12 | 12_compost"]


def test_an_entrys_own_page_may_speak_of_others() -> None:
    assert listed("# After Module 8\n", SWAP, "book/11-pruning.md") == []


def test_history_is_not_listed() -> None:
    assert listed("Module 12 comes after Module 11.", SWAP, "CHANGELOG.md") == []
