"""What a set of numbers reads after its members moved. No answer means: not in this style, so leave it and say so."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.model import Tier
from refactor.ranges import Moved, new_range, rewrite

SWAP = Moved({14: 15, 15: 14})
CYCLE = Moved({14: 15, 15: 16, 16: 14})
INSERT = Moved({number: number + 1 for number in range(11, 20)})
REMOVE = Moved({number: number - 1 for number in range(12, 20)})
AWAY = Moved({14: 20})
BEFORE = (Tier("Growth", 8, 13), Tier("Harvest", 14, 18))
AFTER = (Tier("Growth", 8, 14), Tier("Harvest", 15, 19))
TIERS = Moved({14: 20}, BEFORE, AFTER)

SAME = {
    "whole swap": (SWAP, "14-15"),
    "swap inside": (SWAP, "14-16"),
    "swap deep inside": (SWAP, "8-16"),
    "swap far away": (SWAP, "08-13"),
    "swap behind": (SWAP, "16-18"),
    "list with both": (SWAP, "14, 15 and 18"),
    "slash with both": (SWAP, "14/15"),
    "words": (SWAP, "14 through 16"),
    "arrow": (SWAP, "14 → 16"),
    "dots": (SWAP, "14...16"),
    "whole cycle": (CYCLE, "14-16"),
    "list of the cycle": (CYCLE, "14, 15, 16"),
    "range of a mixed list": (CYCLE, "13-16 and 18"),
    "before the new one": (INSERT, "08-10"),
    "padded, before the new one": (INSERT, "09 and 10"),
    "before the gap": (REMOVE, "08-11"),
    "one step": (SWAP, "9-10"),
}


@pytest.mark.parametrize(("moved", "text"), SAME.values(), ids=SAME)
def test_a_set_that_maps_onto_itself_stays(moved: Moved, text: str) -> None:
    assert rewrite(text, moved) == text


CHANGED = {
    "range": (INSERT, "14-16", "15-17"),
    "dash": (INSERT, "14–16", "15–17"),
    "blanks": (INSERT, "14 - 16", "15 - 17"),
    "arrow": (INSERT, "14 -> 16", "15 -> 17"),
    "thin arrow": (INSERT, "14→16", "15→17"),
    "dots": (INSERT, "14...16", "15...17"),
    "words": (INSERT, "14 to 16", "15 to 17"),
    "more words": (INSERT, "14 through 16", "15 through 17"),
    "list": (INSERT, "14, 15 and 18", "15, 16 and 19"),
    "list with a last comma": (INSERT, "14, 15, and 18", "15, 16, and 19"),
    "ampersand": (INSERT, "14 & 16", "15 & 17"),
    "slash": (INSERT, "14/15", "15/16"),
    "list with a range": (INSERT, "9, 14-16", "9, 15-17"),
    "list across the new one": (INSERT, "9, 10, 11", "9, 10, 12"),
    "range of one": (INSERT, "14-14", "15-15"),
    "gap closed": (REMOVE, "12-14", "11-13"),
    "two digits to one, plain": (Moved({10: 9, 11: 10}), "10-11", "9-10"),
    "one digit to two, plain": (Moved({8: 9, 9: 10}), "8-9", "9-10"),
    "one digit to two, padded": (Moved({8: 9, 9: 10}), "08-09", "09-10"),
    "padded stays padded": (Moved({10: 9}), "08, 10", "08, 09"),
    "padded range": (Moved({9: 11, 10: 9, 11: 10}), "09-10", "09, 11"),
    "shift down": (CYCLE, "14-15", "15-16"),
    "sorted lists stay sorted": (CYCLE, "15, 17", "16, 17"),
    "sorted lists are sorted again": (SWAP, "13, 14 and 16", "13, 15 and 16"),
    "other lists keep their order": (SWAP, "15, 13", "14, 13"),
}


@pytest.mark.parametrize(("moved", "text", "expected"), CHANGED.values(), ids=CHANGED)
def test_members_move_in_the_same_style(moved: Moved, text: str, expected: str) -> None:
    assert rewrite(text, moved) == expected


BROKEN = {
    "end leaves": (SWAP, "13-14", "13, 15"),
    "start leaves": (SWAP, "15-16", "14, 16"),
    "long range, end leaves": (SWAP, "10-14", "10-13, 15"),
    "dash": (SWAP, "10–14", "10–13, 15"),
    "blanks": (SWAP, "10 - 14", "10 - 13, 15"),
    "padded": (SWAP, "08-14", "08-13, 15"),
    "new one inside": (INSERT, "09-13", "09-10, 12-14"),
    "in a cycle": (CYCLE, "16-18", "14, 17-18"),
    "far away": (AWAY, "12-14", "12-13, 20"),
}


@pytest.mark.parametrize(("moved", "text", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_range_that_breaks_up_becomes_a_list(moved: Moved, text: str, expected: str) -> None:
    assert rewrite(text, moved) == expected


LEFT = {
    "words": (SWAP, "10 to 14"),
    "more words": (SWAP, "10 through 14"),
    "arrow": (SWAP, "10→14"),
    "dots": (SWAP, "10...14"),
    "long dash": (SWAP, "10 — 14"),
    "inside a list": (SWAP, "8, 10-14"),
    "in four pieces": (Moved({9: 19, 11: 21, 13: 23, 15: 25}), "9-15"),
}


@pytest.mark.parametrize(("moved", "text"), LEFT.values(), ids=LEFT)
def test_what_cannot_be_said_in_its_style_is_left(moved: Moved, text: str) -> None:
    assert rewrite(text, moved) is None


TIERED = {
    "a tier": ("08-13", "08-14"),
    "another tier": ("14-18", "15-19"),
    "unpadded": ("8-13", "8-14"),
    "two tiers": ("8-18", "8-19"),
    "from the start of a tier": ("14-16", "15-16"),
    "inside a tier": ("10-12", "10-12"),
    "to the end of a tier": ("16-18", "16-18"),
    "no tier": ("15-17", "15-17"),
}


@pytest.mark.parametrize(("text", "expected"), TIERED.values(), ids=TIERED)
def test_a_tiers_set_becomes_the_tiers_new_range(text: str, expected: str) -> None:
    assert rewrite(text, TIERS) == expected


def test_a_tier_that_is_gone_says_nothing() -> None:
    assert new_range(14, 18, Moved({14: 20}, BEFORE, ())) is None


def test_tiers_are_known_by_name_in_any_case() -> None:
    assert new_range(8, 13, Moved({}, BEFORE, (Tier("GROWTH", 7, 12),))) == (7, 12)


@pytest.mark.parametrize(("first", "last"), [(16, 14), (14, 13)])
def test_a_range_that_runs_backwards_is_no_range(first: int, last: int) -> None:
    assert new_range(first, last, SWAP) is None


@given(st.permutations(range(8, 20)), st.integers(8, 19), st.integers(8, 19))
def test_a_new_range_has_the_members_that_the_old_one_had(order: list[int], one: int, other: int) -> None:
    moved = Moved(dict(zip(range(8, 20), order, strict=True)))
    first, last = sorted((one, other))
    found = new_range(first, last, moved)
    members = {moved.of(number) for number in range(first, last + 1)}
    borders = {moved.of(first), moved.of(last)} == {first, last}
    if found and not borders:
        assert set(range(found[0], found[1] + 1)) == members


@given(st.permutations(range(8, 20)), st.lists(st.integers(8, 19), min_size=2, max_size=5, unique=True))
def test_a_list_keeps_its_members(order: list[int], numbers: list[int]) -> None:
    moved = Moved(dict(zip(range(8, 20), order, strict=True)))
    text = rewrite(", ".join(map(str, numbers)), moved)
    assert text is not None
    assert sorted(map(int, text.split(", "))) == sorted(moved.of(number) for number in numbers)


@given(st.permutations(range(8, 20)), st.integers(8, 19), st.integers(8, 19))
def test_a_range_that_breaks_up_keeps_its_members(order: list[int], one: int, other: int) -> None:
    moved = Moved(dict(zip(range(8, 20), order, strict=True)))
    first, last = sorted((one, other))
    text = rewrite(f"{first}-{last}", moved)
    if text and "," in text:
        pieces = (piece.split("-") for piece in text.split(", "))
        members = chain.from_iterable(range(int(piece[0]), int(piece[-1]) + 1) for piece in pieces)
        assert sorted(members) == sorted(moved.of(number) for number in range(first, last + 1))
