"""How wide numbers are written: as small ones of the same kind are, and never wider than they were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from garden import SERIES

from refactor.model import Entry, Home, Place, Scope, Series
from refactor.widths import width_of, with_widths

FOLDER = Place("units", "unit", 1, "_", "", folder=True)
PART = Place("units/unit_10", "", 2, "_", ".md", folder=False, section=True)


def entry(number: int, *homes: Place) -> Entry:
    """An entry with a home in each of some places."""
    made = tuple(Home(f"{place.root}/{number}", "", place) for place in homes)
    return Entry("unit", number, "", "", f"unit{number}", (), made)


def widths(*entries: Entry) -> list[list[int]]:
    """The widths of all homes, entry by entry."""
    found = with_widths(Series("unit", ("unit",), entries, ()))
    return [[home.place.width for home in one.homes] for one in found.entries]


def test_large_numbers_are_as_wide_as_small_ones_of_their_kind() -> None:
    small = replace(PART, root="units/unit_9", width=1)
    assert widths(entry(9, small), entry(10, PART)) == [[1], [1]]
    assert widths(entry(9, replace(small, width=2)), entry(10, replace(PART, width=1))) == [[2], [1]]
    assert widths(entry(8, replace(small, width=2)), entry(9, small), entry(10, PART)) == [[2], [1], [1]]


@pytest.mark.parametrize(
    "other", [{"prefix": "p"}, {"separator": "-"}, {"folder": True}, {"section": False}, {"scope": Scope.FROZEN}]
)
def test_numbers_of_another_kind_do_not_tell(other: dict[str, object]) -> None:
    small = replace(PART, root="units/unit_9", width=1, **other)  # type: ignore[arg-type]
    assert widths(entry(9, small), entry(10, PART)) == [[1], [2]]


def test_numbers_from_ten_on_do_not_tell() -> None:
    assert widths(entry(10, PART), entry(11, replace(PART, width=1))) == [[2], [1]]
    assert widths(entry(9, replace(PART, width=0)), entry(10, PART)) == [[0], [2]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("see unit", 1), ("see ", 2), ("", 2), ("see uni", 2)],
    ids=["prefix", "none", "empty", "half"],
)
def test_the_longest_prefix_in_front_of_a_number_counts(written: str, expected: int) -> None:
    assert width_of(entry(10, FOLDER, PART), written) == expected


def test_what_no_home_is_called_like_has_no_width() -> None:
    assert width_of(entry(10, FOLDER), "see ") == 0
    assert width_of(entry(10, replace(FOLDER, width=0)), "see unit") == 0
    assert width_of(entry(10, PART, replace(PART, width=1)), "") == 1
    assert width_of(entry(10, FOLDER, replace(FOLDER, scope=Scope.FROZEN, width=2)), "unit") == 1
    assert width_of(SERIES.entries[0], "") == 2
