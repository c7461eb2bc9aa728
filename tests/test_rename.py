"""What a renaming makes of a text, mention by mention, and what it leaves with which reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from garden import KINDS, SERIES, WORDS, document

from refactor import index
from refactor.describing import describes
from refactor.model import Edit, Entry, Plan, Tier, Verdict
from refactor.moves import Moves
from refactor.rename import plan
from refactor.renaming import build
from refactor.spans import Span, splice
from refactor.verdicts import resolve
from refactor.words import Words

SWAP = [("10_drip_lines", "11_drip_lines"), ("11_pruning", "10_pruning")]
AWAY = [("10_drip_lines", "20_drip_lines")]


def planned(
    text: str, pairs: list[tuple[str, str]], path: str = "notes.md", *, repair: bool = False, words: Words = WORDS
) -> Plan:
    """The plan of a renaming of the garden on one document."""
    one, asked = document(text, path), build(words.series, pairs, {})
    references = resolve(index.build([one], words, KINDS), lambda _path: False)
    return plan(references, {one.path: one}, asked, Moves(asked, words), repair=repair)


def written(
    text: str, pairs: list[tuple[str, str]], path: str = "notes.md", *, repair: bool = False, words: Words = WORDS
) -> str:
    """The text after the renaming."""
    edits = planned(text, pairs, path, repair=repair, words=words).edits
    return splice(text, ((edit.span, edit.old, edit.new) for edit in edits))


def left(text: str, pairs: list[tuple[str, str]], path: str = "notes.md", words: Words = WORDS) -> list[str]:
    """What is left alone, and why."""
    return [f"{one.text} | {one.reason}" for one in planned(text, pairs, path, words=words).left]


APART = "the numbers of this range do not stay together, and nothing here tells which are meant"
ITSELF = "the set maps onto itself"
NOBODY = "it names numbers that no entry has"
FAR = [("10_drip_lines", "13_drip_lines"), ("13_greenhouse", "10_greenhouse"), ("12_compost", "20_compost")]
ROTATE = [("10_drip_lines", "12_drip_lines"), ("11_pruning", "10_pruning"), ("12_compost", "11_compost")]

SETS_LEFT = {
    "a range of both": (SWAP, "Modules 10-11", ITSELF),
    "a list of both": (SWAP, "Modules 10 and 11", ITSELF),
    "a range around both": (SWAP, "Modules 9-12", ITSELF),
    "a range of the whole ring": (ROTATE, "Modules 10-12", ITSELF),
    "a part of the ring": (ROTATE, "Modules 10-11", APART),
    "one end of the two": (SWAP, "Modules 9-10", APART),
    "the other end": (SWAP, "Modules 11-12", APART),
    "one that goes away": (AWAY, "Modules 9-11", APART),
    "behind the last": (SWAP, "Modules 10-14", NOBODY),
    "before the first": (SWAP, "Modules 7-10", NOBODY),
    "a list that ends behind the last": (SWAP, "Modules 10, 11 and 14", NOBODY),
    "a list with others between": (FAR, "Modules 10 and 13", ITSELF),
}


@pytest.mark.parametrize(("pairs", "text", "reason"), SETS_LEFT.values(), ids=SETS_LEFT)
def test_a_set_that_stays_says_why(pairs: list[tuple[str, str]], text: str, reason: str) -> None:
    assert written(text, pairs) == text
    assert left(text, pairs) == [f"{text} | {reason}"]


@pytest.mark.parametrize("text", ["Modules 12-13", "Modules 8 and 9", "Modules 14-16", "Module 13", "`12_compost`"])
def test_what_has_nothing_to_do_with_the_renaming_is_not_listed(text: str) -> None:
    assert (written(text, SWAP), left(text, SWAP)) == (text, [])


def test_a_mention_that_stays_right_says_so() -> None:
    assert left("Module 10", [("10_drip_lines", "10_drippers")]) == ["Module 10 | the spelling stays right"]
    assert left("pruning_dev.py", SWAP) == ["pruning_dev | the spelling stays right"]


def test_a_wrong_number_that_others_have_is_listed_with_what_is_wrong() -> None:
    assert left("Module 11: Soil", SWAP) == ["Module 11: Soil | the line follows an older numbering"]


def test_a_range_follows_its_tier_where_that_is_named() -> None:
    asked = replace(build(SERIES, SWAP, {}), tiers=(Tier("Basics", 8, 9), Tier("Growth", 10, 13)))
    one = document("Growth: Modules 11-13\n\nModules 11-13\n")
    made = plan(resolve(index.build([one], WORDS, KINDS)), {one.path: one}, asked, Moves(asked, WORDS))
    assert [(edit.old, edit.new, edit.span.start) for edit in made.edits] == [("Modules 11-13", "Modules 10-13", 8)]
    assert [(item.text, item.span.start) for item in made.left] == [("Modules 11-13", 23)]


def test_a_number_that_several_have_follows_only_if_all_go_together() -> None:
    twin = Entry("module", 11, "", "roses", "11_roses", ("Roses",))
    words = replace(WORDS, series=replace(SERIES, entries=(*SERIES.entries, twin)))
    assert written("Module 11", [("11_roses", "14_roses")], words=words) == "Module 11"
    assert left("Module 11", [("11_roses", "14_roses")], words=words) == [
        "Module 11 | several entries have this number and do not move together"
    ]
    both = [("11_roses", "14_roses"), ("11_pruning", "15_pruning")]
    assert left("Module 11", both, words=words) == left("Module 11", [("11_roses", "14_roses")], words=words)


# One who only knows the numbers maps lists member by member; a range breaks up, or follows its tier, with evidence only.
SETS_WRITTEN = {
    "a list": (AWAY, "Modules 10 and 11.", "Modules 11 and 20."),
    "a list of three": (AWAY, "Modules 9, 10 and 11", "Modules 9, 11 and 20"),
    "a list with one of two": (SWAP, "Modules 10, 12", "Modules 11, 12"),
    "a list with an unknown number": (SWAP, "Modules 7, 10", "Modules 7, 11"),
    "the noun before": (SWAP, "the modules 9, 10", "the modules 9, 11"),
    "one that becomes one": (SWAP, "Module 10", "Module 11"),
}


@pytest.mark.parametrize(("pairs", "text", "after"), SETS_WRITTEN.values(), ids=SETS_WRITTEN)
def test_a_set_is_written_again_in_its_style(pairs: list[tuple[str, str]], text: str, after: str) -> None:
    assert written(text, pairs) == after
    assert left(text, pairs) == []


def test_an_edit_of_a_set_begins_at_its_noun() -> None:
    (edit,) = planned("Modules 10, 12", SWAP).edits
    assert (edit.old, edit.new, edit.kind, edit.span.start) == ("Modules 10, 12", "Modules 11, 12", "set", 0)
    assert edit.because == "nothing contradicts the current numbering"
    (edit,) = planned("See the modules 10, 12", SWAP).edits
    assert (edit.old, edit.new, edit.span.start) == ("modules 10, 12", "modules 11, 12", 8)
    (edit,) = planned("See the modules, modules 10, 12", SWAP).edits
    assert (edit.old, edit.span.start) == ("modules 10, 12", 17)


ALL_BEFORE = {
    "padded": ("modules/11_pruning/README.md", "Modules 01-10", "Modules 01-09"),
    "not padded": ("modules/11_pruning/README.md", "Modules 1-10", "Modules 1-9"),
    "one more": ("modules/10_drip_lines/README.md", "Modules 01-09", "Modules 01-10"),
    "of one that stays": ("modules/13_greenhouse/README.md", "Modules 01-12", "Modules 01-12"),
}


@pytest.mark.parametrize(("path", "text", "after"), ALL_BEFORE.values(), ids=ALL_BEFORE)
def test_all_that_comes_before_a_page_ends_before_its_new_number(path: str, text: str, after: str) -> None:
    assert written(text, SWAP, path) == after


def test_all_that_comes_before_is_padded_if_either_end_was() -> None:
    earlier = [("10_drip_lines", "09_drip_lines"), ("09_seeds", "10_seeds")]
    path = "modules/10_drip_lines/README.md"
    assert [written(text, earlier, path) for text in ("Modules 1-09", "Modules 1-9")] == ["Modules 1-08", "Modules 1-8"]


def test_repair_mends_what_is_stale_and_its_entry_may_move_or_not() -> None:
    assert written("Module 12: Pruning", SWAP) == "Module 12: Pruning"
    assert written("Module 12: Pruning", SWAP, repair=True) == "Module 10: Pruning"
    assert written("Module 12: Soil", SWAP, repair=True) == "Module 8: Soil"
    assert written("Module 14", SWAP, repair=True) == "Module 14"


def test_repair_knows_a_file_that_lost_its_number() -> None:
    (edit,) = planned("Open 12_pruning_dev.py", SWAP, repair=True).edits
    assert edit == Edit("notes.md", Span(5, 19), "12_pruning_dev", "pruning_dev")
    assert (edit.because, edit.kind, edit.target) == ("pruning is now 11_pruning", "slug", "11_pruning")
    numbered = replace(WORDS, paths=WORDS.paths | {"old/11_pruning_dev.py"})
    assert written("Open 12_pruning_dev.py", SWAP, repair=True, words=numbered) == "Open 10_pruning_dev.py"
    assert written("Open 12_pruning_test.py", SWAP, repair=True) == "Open 12_pruning_test.py"


def test_repair_leaves_sets_to_a_person() -> None:
    text = "- 12_pruning\n- 13_compost\n- Modules 12 and 15\n- Module 12\n"
    assert written(text, SWAP, repair=True) == "- 10_pruning\n- 12_compost\n- Modules 12 and 15\n- Module 10\n"


def test_repair_believes_a_name_of_the_past_beside_other_names() -> None:
    words = replace(WORDS, old={"cuttingdown": WORDS.by_number[11]})
    text = "Module 12 (Cutting Down), then Soil"
    assert written(text, SWAP, repair=True, words=words) == "Module 10 (Pruning), then Soil"


DESCRIBED = "the file describes this renaming"


def test_a_file_that_lists_the_renaming_stays_as_it_is() -> None:
    text = "- 10_drip_lines becomes 12_drip_lines\n- 11-pruning becomes 15-pruning\n- after 10_drip_lines\n"
    pairs = [("10_drip_lines", "14_drip_lines"), ("11_pruning", "15_pruning")]
    both = text.replace("12_drip", "14_drip")
    assert written(both, pairs) == both
    assert {(one.reason, one.verdict) for one in planned(both, pairs).left} == {(DESCRIBED, Verdict.HISTORY)}
    assert written(text, pairs) != text  # one line of the two says something else
    for letter in "xX5":
        glued = f"{letter}10_drip_lines is 14_drip_lines\n{letter}11_pruning is 15_pruning\n`10_drip_lines`\n"
        assert written(glued, pairs).endswith("\n`14_drip_lines`\n")


def test_names_that_others_have_today_describe_nothing() -> None:
    text = "- 10_drip_lines and 11_pruning\n- 10_drip_lines or 11_pruning\n"
    assert written(text, SWAP) == "- 11_drip_lines and 10_pruning\n- 11_drip_lines or 10_pruning\n"


def test_ids_that_are_numbers_only_describe_no_renaming() -> None:
    assert not describes(document("04 and 03\n04, then 03\n"), [("04", "03")])
    assert describes(document("ch04 is ch03 now\nch04, then ch03\n"), [("ch04", "ch03")])
