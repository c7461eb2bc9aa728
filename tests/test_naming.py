"""How ids are read, when two names are one name, and how a new name is written in the manner of the old one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.naming import pad, parse_id, restyle, same, split_suffix, stems, title_from_slug

# prefix, number, digits, letter, separator, section, slug
IDS = {
    "14_kvcaching": ("", 14, "14", "", "_", "", "kvcaching"),
    "09_two_words": ("", 9, "09", "", "_", "", "two_words"),
    "03-loops": ("", 3, "03", "", "-", "", "loops"),
    "ch17": ("ch", 17, "17", "", "", "", ""),
    "Ch17": ("Ch", 17, "17", "", "", "", ""),
    "chapter-3": ("chapter-", 3, "3", "", "", "", ""),
    "ch17-02-traits": ("ch", 17, "17", "", "-", "02", "traits"),
    "listing-17-03": ("listing-", 17, "17", "", "-", "03", ""),
    "week_3_data": ("week_", 3, "3", "", "_", "", "data"),
    "13a_learner": ("", 13, "13", "a", "_", "", "learner"),
    "14b": ("", 14, "14", "b", "", "", ""),
    "14": ("", 14, "14", "", "", "", ""),
    "0_zero": ("", 0, "0", "", "_", "", "zero"),
    "014_wide": ("", 14, "014", "", "_", "", "wide"),
    "14__two": ("", 14, "14", "", "__", "", "two"),
    "14 blank": ("", 14, "14", "", " ", "", "blank"),
    "14.dot": ("", 14, "14", "", ".", "", "dot"),
    "14_2d_games": ("", 14, "14", "", "_", "", "2d_games"),
}


@pytest.mark.parametrize(("written", "expected"), IDS.items(), ids=IDS)
def test_ids_are_taken_apart(written: str, expected: tuple[str, int, str, str, str, str, str]) -> None:
    found = parse_id(written)
    assert found is not None
    assert (
        found.prefix, found.number, found.digits, found.letter, found.separator, found.section, found.slug
    ) == expected  # fmt: skip


def test_an_id_says_where_its_number_and_slug_stand() -> None:
    found = parse_id("week_3_data")
    assert found is not None
    assert (found.number_at, found.slug_at) == (5, 7)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "x",
        "readme",
        "2024_report",
        "1234",
        "_14_x",
        "-14",
        "14kv",
        "a1b2",
        "4x4_grid",
        "x14yz",
        "setup3tools",
        "14ab_x",
    ],
)
def test_other_names_are_no_ids(written: str) -> None:
    assert parse_id(written) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("14_kv.test.py", ("14_kv", ".test.py")),
        ("a.tar.gz", ("a", ".tar.gz")),
        ("a", ("a", "")),
        (".hidden", (".hidden", "")),
        (".hidden.md", (".hidden", ".md")),
        ("a.", ("a", ".")),
        ("14.md", ("14", ".md")),
        ("14.caching.md", ("14.caching", ".md")),
        ("01.02-magic.ipynb", ("01.02-magic", ".ipynb")),
        ("1.2.3.md", ("1.2.3", ".md")),
    ],
)
def test_a_suffix_starts_at_the_first_dot_behind_the_first_letter(name: str, expected: tuple[str, str]) -> None:
    assert split_suffix(name) == expected


@pytest.mark.parametrize(
    "name", ["kvcaching", "KVCaching", "KV Caching", "KV-Caching", "kv_caching", "kv.caching", "K.V. Caching"]
)
def test_spellings_of_one_name_are_the_same(name: str) -> None:
    assert same(name) == "kvcaching"


@pytest.mark.parametrize(
    ("one", "other"), [("kv", "kvcaching"), ("tensor", "tensors"), ("lab1", "lab2"), ("soil", "söil"), ("日本", "日")]
)
def test_different_names_are_not_the_same(one: str, other: str) -> None:
    assert same(one) != same(other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Quantization", {"quanti"}),
        ("Quantized", {"quanti"}),
        ("Drip Lines", {"drip", "line"}),
        ("DripLines", {"drip", "line"}),
        ("drip-lines", {"drip", "line"}),
        ("the KV of it", set[str]()),
        ("", set[str]()),
        ("123 456", set[str]()),
    ],
)
def test_stems_are_the_beginnings_of_long_words(name: str, expected: set[str]) -> None:
    assert stems(name) == expected


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("pruning", "Pruning"),
        ("drip_lines", "Drip Lines"),
        ("drip-lines", "Drip Lines"),
        ("drip.lines", "Drip Lines"),
        ("kvCache", "KvCache"),
        ("a__b", "A B"),
        ("", ""),
    ],
)
def test_a_slug_suggests_a_title(slug: str, title: str) -> None:
    assert title_from_slug(slug) == title


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("Pruning", "Drip Lines", "Drip Lines"),
        ("pruning", "Drip Lines", "drip lines"),
        ("PRUNING", "Drip Lines", "DRIP LINES"),
        ("DRIP LINES", "Pruning", "PRUNING"),
        ("two_words", "Drip Lines", "drip_lines"),
        ("two-words", "Drip Lines", "drip-lines"),
        ("TWO_WORDS", "Drip Lines", "DRIP_LINES"),
        ("Two-Words", "Drip Lines", "Drip Lines"),
        ("KV", "Memo", "Memo"),
        ("Pruning", "kNN", "kNN"),
        ("Pruning", "Pruning", "Pruning"),
    ],
)
def test_a_new_name_is_written_as_the_old_one_was(old: str, new: str, written: str) -> None:
    assert restyle(old, new) == written


@pytest.mark.parametrize(
    ("number", "digits", "written"),
    [
        (9, "08", "09"),
        (10, "08", "10"),
        (100, "08", "100"),
        (9, "008", "009"),
        (9, "14", "9"),
        (9, "8", "9"),
        (10, "9", "10"),
    ],
)
def test_a_number_is_as_wide_as_the_padded_one_before_it(number: int, digits: str, written: str) -> None:
    assert pad(number, digits) == written


@given(
    st.integers(0, 999),
    st.sampled_from(["", "ch", "week_", "lab-"]),
    st.sampled_from(["_", "-"]),
    st.sampled_from(["", "x", "two_words"]),
)
def test_what_was_put_together_is_taken_apart(number: int, prefix: str, separator: str, slug: str) -> None:
    found = parse_id(f"{prefix}{number:02d}{separator if slug else ''}{slug}")
    assert found is not None
    assert (found.prefix, found.number, found.slug) == (prefix, number, slug)
