"""What a person asks for becomes one simultaneous renaming, or one sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from garden import FOLDERS, SERIES, TITLES

from refactor import renaming
from refactor.errors import RefactorError
from refactor.model import Catalogue, Entry, Home, Renaming, Series, Tier

WEEKS = Series("week", ("week",), tuple(Entry("week", n, "", slug, f"week_{n}_{slug}") for n, slug in
                                        ((8, "sun"), (9, "rain"), (10, "wind"))))  # fmt: skip
PLAIN = Series("chapter", ("chapter",), tuple(Entry("chapter", n, id=f"ch{n:02d}") for n in (1, 2, 3)))
SHARED = Series("module", ("module",), tuple(Entry("module", n, letter, slug, f"{n:02d}{letter}_{slug}") for n, letter, slug in
                                             ((12, "", "soil"), (13, "", "seeds"), (13, "a", "peas"),
                                              (20, "", "final"), (20, "", "race"))))  # fmt: skip


def asked(*pairs: str, series: Series = SERIES, shift: bool = False, swap: bool = False, **titles: str) -> Renaming:
    """The renaming of pairs written as `old -> new`; titles are given by slug."""
    split = [(old, new) for old, _, new in (pair.partition(" -> ") for pair in pairs)]
    return renaming.build(series, split, titles, shift=shift, swap=swap)


def pairs_of(found: Renaming | None) -> list[str]:
    """The pairs of a renaming, with the new title where titles change."""
    assert found is not None
    return [
        f"{one.old.id} -> {one.new.id}" + (f" ({one.title})" if one.title is not None else "") for one in found.renames
    ]


def sentence(call: Callable[[], object]) -> str:
    """The one sentence that a person gets."""
    with pytest.raises(RefactorError) as caught:
        call()
    return str(caught.value)


# --- pairs ---------------------------------------------------------------------------------------

PAIRS = {
    "number": (["11_pruning -> 14_pruning"], ["11_pruning -> 14_pruning"]),
    "slug": (["11_pruning -> 11_cutting"], ["11_pruning -> 11_cutting (Cutting)"]),
    "both": (["11_pruning -> 14_cutting_back"], ["11_pruning -> 14_cutting_back (Cutting Back)"]),
    "bare slug": (["pruning -> 14_pruning"], ["11_pruning -> 14_pruning"]),
    "other spelling": (["11-Pruning -> 14_pruning"], ["11_pruning -> 14_pruning"]),
    "number alone": (["11_pruning -> 14"], ["11_pruning -> 14_pruning"]),
    "one digit": (["11_pruning -> 7_pruning"], ["11_pruning -> 7_pruning"]),
    "one digit, number alone": (["11_pruning -> 7"], ["11_pruning -> 07_pruning"]),
    "letter": (["11_pruning -> 10a_pruning"], ["11_pruning -> 10a_pruning"]),
    "spelled anew": (["10_drip_lines -> 10_drip-lines"], ["10_drip_lines -> 10_drip-lines"]),
    "nothing": (["11_pruning -> 11_pruning"], []),
    "exchange": (
        ["11_pruning -> 12_pruning", "12_compost -> 11_compost"],
        ["11_pruning -> 12_pruning", "12_compost -> 11_compost"],
    ),
    "exchange of names": (
        ["11_pruning -> 11_compost", "12_compost -> 12_pruning"],
        ["11_pruning -> 11_compost (Compost)", "12_compost -> 12_pruning (Pruning)"],
    ),
    "cycle, in any order": (
        ["13_greenhouse -> 11_greenhouse", "11_pruning -> 12_pruning", "12_compost -> 13_compost"],
        ["11_pruning -> 12_pruning", "12_compost -> 13_compost", "13_greenhouse -> 11_greenhouse"],
    ),
    "chain": (
        ["12_compost -> 13_compost", "13_greenhouse -> 14_greenhouse"],
        ["12_compost -> 13_compost", "13_greenhouse -> 14_greenhouse"],
    ),
}


@pytest.mark.parametrize(("pairs", "expected"), PAIRS.values(), ids=PAIRS)
def test_pairs(pairs: list[str], expected: list[str]) -> None:
    assert pairs_of(asked(*pairs)) == expected


@pytest.mark.parametrize(
    ("series", "pair", "expected"),
    [
        (WEEKS, "week_9_rain -> week_12_rain", "week_9_rain -> week_12_rain"),
        (WEEKS, "week_9_rain -> 12", "week_9_rain -> week_12_rain"),
        (WEEKS, "rain -> 11", "week_9_rain -> week_11_rain"),
        (PLAIN, "ch02 -> ch04", "ch02 -> ch04"),
        (PLAIN, "ch02 -> 4", "ch02 -> ch04"),
        (SHARED, "13a_peas -> 14_peas", "13a_peas -> 14_peas"),
        (SHARED, "20_race -> 21_race", "20_race -> 21_race"),
        (SHARED, "20_race -> 20_regatta", "20_race -> 20_regatta (Regatta)"),
    ],
)
def test_pairs_in_other_styles(series: Series, pair: str, expected: str) -> None:
    assert pairs_of(asked(pair, series=series)) == [expected]


def test_titles_are_given_under_the_old_or_the_new_name() -> None:
    pair = "11_pruning -> 14_cutting"
    assert pairs_of(asked(pair, pruning="Cutting Back")) == ["11_pruning -> 14_cutting (Cutting Back)"]
    assert pairs_of(asked(pair, cutting="Cutting Back")) == ["11_pruning -> 14_cutting (Cutting Back)"]
    assert pairs_of(asked(pair)) == ["11_pruning -> 14_cutting (Cutting)"]


def test_a_title_that_is_already_there_is_no_change() -> None:
    assert pairs_of(asked("11_pruning -> 11_pruning", pruning="Pruning")) == []
    assert pairs_of(asked("11_pruning -> 14_cutting", pruning="Pruning")) == ["11_pruning -> 14_cutting"]


def test_a_new_entry_has_its_new_title_first() -> None:
    (one,) = asked("12_compost -> 12_mulch").renames
    assert one.new.titles == ("Mulch", "Composting", "Compost")


def test_a_title_alone_is_a_renaming() -> None:
    assert pairs_of(asked("11_pruning -> 11_pruning", pruning="Cutting")) == ["11_pruning -> 11_pruning (Cutting)"]


# --- shift and swap ------------------------------------------------------------------------------

SHIFTS = {
    "up": ("10_drip_lines -> 12_drip_lines",
           ["10_drip_lines -> 12_drip_lines", "11_pruning -> 10_pruning", "12_compost -> 11_compost"]),
    "down": ("12_compost -> 10_compost",
             ["10_drip_lines -> 11_drip_lines", "11_pruning -> 12_pruning", "12_compost -> 10_compost"]),
    "next": ("11_pruning -> 12_pruning", ["11_pruning -> 12_pruning", "12_compost -> 11_compost"]),
    "to the start": ("09_seeds -> 08_seeds", ["08_soil -> 09_soil", "09_seeds -> 08_seeds"]),
    "with a new name": ("11_pruning -> 12_cutting", ["11_pruning -> 12_cutting (Cutting)", "12_compost -> 11_compost"]),
    "behind the end": ("12_compost -> 14_compost", ["12_compost -> 14_compost", "13_greenhouse -> 12_greenhouse"]),
}  # fmt: skip


@pytest.mark.parametrize(("pair", "expected"), SHIFTS.values(), ids=SHIFTS)
def test_shift_closes_the_gap(pair: str, expected: list[str]) -> None:
    assert pairs_of(asked(pair, shift=True)) == expected


SWAPS = {
    "neighbours": ("11_pruning -> 12_pruning", ["11_pruning -> 12_pruning", "12_compost -> 11_compost"]),
    "far apart": ("08_soil -> 13_soil", ["08_soil -> 13_soil", "13_greenhouse -> 08_greenhouse"]),
    "number alone": ("12_compost -> 9", ["09_seeds -> 12_seeds", "12_compost -> 09_compost"]),
    "the other one named": ("11_pruning -> 12_compost", ["11_pruning -> 12_pruning", "12_compost -> 11_compost"]),
    "with a new name": ("11_pruning -> 12_cutting", ["11_pruning -> 12_cutting (Cutting)", "12_compost -> 11_compost"]),
}


@pytest.mark.parametrize(("pair", "expected"), SWAPS.values(), ids=SWAPS)
def test_swap_exchanges_two(pair: str, expected: list[str]) -> None:
    assert pairs_of(asked(pair, swap=True)) == expected


# --- insert and remove ---------------------------------------------------------------------------


def without(number: int) -> Series:
    """The course after the files of an entry are gone."""
    return replace(SERIES, entries=tuple(one for one in SERIES.entries if one.number != number))


def test_insert_moves_everything_from_there_on_up() -> None:
    assert pairs_of(renaming.insert(SERIES, 11)) == [
        "11_pruning -> 12_pruning", "12_compost -> 13_compost", "13_greenhouse -> 14_greenhouse",
    ]  # fmt: skip


def test_insert_at_the_front_and_at_the_end() -> None:
    assert len(pairs_of(renaming.insert(SERIES, 8))) == len(TITLES)
    assert pairs_of(renaming.insert(SERIES, 13)) == ["13_greenhouse -> 14_greenhouse"]


def test_insert_keeps_widths_and_letters() -> None:
    assert pairs_of(renaming.insert(WEEKS, 9)) == ["week_9_rain -> week_10_rain", "week_10_wind -> week_11_wind"]
    assert pairs_of(renaming.insert(PLAIN, 3)) == ["ch03 -> ch04"]
    assert pairs_of(renaming.insert(SHARED, 13)) == [
        "13_seeds -> 14_seeds", "13a_peas -> 14a_peas", "20_final -> 21_final", "20_race -> 21_race",
    ]  # fmt: skip


def test_insert_where_there_is_room_is_nothing() -> None:
    assert renaming.insert(without(11), 11) is None


def test_insert_makes_tiers_longer() -> None:
    found = renaming.insert(SERIES, 10)
    assert found is not None
    assert found.tiers == (Tier("Basics", 8, 11), Tier("Growth", 12, 14))


def test_insert_between_tiers_moves_the_second() -> None:
    found = renaming.insert(SERIES, 11)
    assert found is not None
    assert found.tiers == (Tier("Basics", 8, 10), Tier("Growth", 12, 14))


@pytest.mark.parametrize("name", ["10_drip_lines", "10", "10_anything"])
def test_remove_closes_the_gap(name: str) -> None:
    assert pairs_of(renaming.remove(without(10), name)) == [
        "11_pruning -> 10_pruning", "12_compost -> 11_compost", "13_greenhouse -> 12_greenhouse",
    ]  # fmt: skip


def test_remove_makes_tiers_shorter() -> None:
    assert renaming.remove(without(9), "09_seeds").tiers == (Tier("Basics", 8, 9), Tier("Growth", 10, 12))


# --- which series, which entry -------------------------------------------------------------------

BOTH = Catalogue((SERIES, WEEKS))


@pytest.mark.parametrize(
    ("names", "wanted", "expected"),
    [
        ([], None, "module"),
        (["11_pruning"], None, "module"),
        (["week_9_rain"], None, "week"),
        (["rain"], None, "week"),
        (["nobody"], None, "module"),
        (["11_pruning", "rain"], None, "module"),
        ([], "week", "week"),
        ([], "chapter", "module"),
        (["11_pruning"], "week", "week"),
    ],
)
def test_the_series_is_the_one_that_knows_all_names(names: list[str], wanted: str | None, expected: str) -> None:
    assert renaming.find_series(BOTH, names, wanted).name == expected


@pytest.mark.parametrize("name", ["11_pruning", "pruning", "11-pruning", "PRUNING", "11_Pruning"])
def test_an_entry_is_known_by_id_or_slug(name: str) -> None:
    assert renaming.find_entry(SERIES, name).id == "11_pruning"


def test_an_id_is_known_before_a_slug() -> None:
    twins = Series("x", ("x",), (Entry("x", 1, "", "a", "01_a"), Entry("x", 2, "", "01_a", "02_01_a")))
    assert renaming.find_entry(twins, "01_a").number == 1


# --- what cannot be done -------------------------------------------------------------------------

TAKEN = (
    "number 12 is taken by 12_compost. Three ways out: --shift (the entries between close the gap), --swap (the two "
    "change places), or another --from/--to pair that moves 12_compost away."
)
ERRORS: dict[str, tuple[Callable[[], object], str]] = {
    "unknown id": (
        lambda: asked("11_prunning -> 14_x"),
        "no module is called '11_prunning'. Did you mean 11_pruning or pruning?",
    ),
    "unknown slug": (lambda: asked("greenhaus -> 14_x"),
                     "no module is called 'greenhaus'. Did you mean greenhouse or 13_greenhouse?"),
    "nothing like it": (lambda: asked("zzz -> 14_x"), "no module is called 'zzz'. Entries are 08_soil to 13_greenhouse."),
    "shared slug": (
        lambda: asked("soil -> 14_x", series=replace(SHARED, entries=(*SHARED.entries, Entry("module", 30, "", "soil", "30_soil")))),
        "'soil' could be 12_soil, 30_soil; give the whole id.",
    ),
    "no number": (
        lambda: asked("11_pruning -> cutting"),
        "'cutting' is no id of this series; write it as 11_pruning is written, number first.",
    ),
    "a section": (
        lambda: asked("11_pruning -> 11_2_cutting"),
        "'11_2_cutting' is no id of this series; write it as 11_pruning is written, number first.",
    ),
    "four digits": (
        lambda: asked("11_pruning -> 1234_cutting"),
        "'1234_cutting' is no id of this series; write it as 11_pruning is written, number first.",
    ),
    "empty": (
        lambda: asked("11_pruning -> "),
        "'' is no id of this series; write it as 11_pruning is written, number first.",
    ),
    "a way up": (
        lambda: asked("11_pruning -> ../14_cutting"),
        "'../14_cutting' is no id of this series; write it as 11_pruning is written, number first.",
    ),
    "a folder": (
        lambda: asked("11_pruning -> 14_a/b"),
        "'14_a/b' has characters that an id should not have; use letters, digits, '_' and '-'.",
    ),
    "a blank": (
        lambda: asked("11_pruning -> 14 cutting"),
        "'14 cutting' has characters that an id should not have; use letters, digits, '_' and '-'.",
    ),
    "dots": (
        lambda: asked("11_pruning -> 14_a..b"),
        "'14_a..b' has characters that an id should not have; use letters, digits, '_' and '-'.",
    ),
    "taken": (lambda: asked("11_pruning -> 12_pruning"), TAKEN),
    "taken, new name": (lambda: asked("11_pruning -> 12_cutting"), TAKEN),
    "taken, half a cycle": (
        lambda: asked("11_pruning -> 12_pruning", "12_compost -> 13_compost"),
        TAKEN.replace("number 12", "number 13").replace("12_compost", "13_greenhouse"),
    ),
    "one target": (
        lambda: asked("11_pruning -> 14_x", "12_compost -> 14_x"),
        "11_pruning and 12_compost would both be 14_x then; give them different targets.",
    ),
    "one source": (
        lambda: asked("11_pruning -> 14_x", "pruning -> 15_x"),
        "11_pruning is renamed twice, to 14_x and to 15_x; keep one pair.",
    ),
    "shift of two": (
        lambda: asked("11_pruning -> 12_x", "12_compost -> 13_x", shift=True),
        "--shift moves one entry along the list; give it one --from/--to pair.",
    ),
    "swap of two": (
        lambda: asked("11_pruning -> 12_x", "12_compost -> 13_x", swap=True),
        "--swap exchanges two entries; give it one --from/--to pair.",
    ),
    "swap with nobody": (
        lambda: asked("11_pruning -> 20_pruning", swap=True),
        "--swap needs exactly one module with number 20, there are 0.",
    ),
    "swap with two": (
        lambda: asked("12_soil -> 20_soil", series=SHARED, swap=True),
        "--swap needs exactly one module with number 20, there are 2.",
    ),
    "title of nobody": (
        lambda: asked("11_pruning -> 14_x", zzz="Title"),
        "no module is called 'zzz'. Entries are 08_soil to 13_greenhouse.",
    ),
    "empty title": (
        lambda: asked("11_pruning -> 14_x", pruning="  "),
        "the title for pruning is empty or has a line break.",
    ),
    "title of two lines": (
        lambda: asked("11_pruning -> 14_x", pruning="A\nB"),
        "the title for pruning is empty or has a line break.",
    ),
    "insert behind the end": (
        lambda: renaming.insert(SERIES, 14),
        "there is no module from 14 on; the last one is 13, so nothing moves.",
    ),
    "remove what is there": (
        lambda: renaming.remove(SERIES, "11_pruning"),
        "11_pruning still has files, first modules/11_pruning; delete or move them (git rm -r), "
        "then run the same command again.",
    ),
    "remove the last": (lambda: renaming.remove(without(13), "13"), "nothing comes after 13, so there is no gap to close."),
    "remove nobody": (
        lambda: renaming.remove(without(11), "zzz"),
        "no module is called 'zzz'. Entries are 08_soil to 13_greenhouse.",
    ),
    "no series": (
        lambda: renaming.find_series(Catalogue(()), []),
        "no numbered series was found here; run `python -m refactor list modules` to see what is seen.",
    ),
    "unknown series": (
        lambda: renaming.find_series(BOTH, [], "lesson"),
        "there is no series 'lesson' here; the series are module, week.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "expected"), ERRORS.values(), ids=ERRORS)
def test_what_cannot_be_done_is_told_in_one_sentence(call: Callable[[], object], expected: str) -> None:
    assert sentence(call) == expected


# --- what was done before ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("14_pruning", "11_pruning")], True),
        ([("11_cutting", "11_pruning")], True),
        ([("14_pruning", "11_pruning"), ("15_compost", "12_compost")], True),
        ([("pruning", "11_pruning")], True),
        ([("11_pruning", "14_pruning")], False),
        ([("11_pruning", "12_pruning"), ("12_compost", "11_compost")], False),
        ([("14_pruning", "11_pruning"), ("12_compost", "15_compost")], False),
        ([("zzz", "14_zzz")], False),
        ([], False),
    ],
)
def test_a_renaming_is_done_when_only_its_new_ids_are_there(pairs: list[tuple[str, str]], expected: bool) -> None:  # noqa: FBT001
    assert renaming.is_done(SERIES, pairs) is expected


def test_homes_travel_with_the_entry() -> None:
    (one,) = asked("11_pruning -> 14_cutting").renames
    assert Home("modules/11_pruning", "pruning", FOLDERS) in one.new.homes
