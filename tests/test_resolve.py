"""What a mention means, rule by rule in the order of the table: a text, and for each mention its verdict and why.

A row of an answer is `text | verdict | targets | why`; the evidence is compared as far as the row quotes it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from garden import FOLDERS, KINDS, SERIES, WORDS, document

from refactor import index
from refactor.model import Home, Scope
from refactor.outside import repository_of
from refactor.resolve import RULES
from refactor.verdicts import resolve
from refactor.words import Words
from refactor.workspace import open_tree

# The tree has an address, and pruning was called "cutting down" once.
KNOWN = replace(WORDS, repository="ada/garden", old={"cuttingdown": WORDS.by_number[11]})

RULE_NAMES = [
    "past", "address", "label", "elsewhere", "other_name", "other_noun", "slug", "unknown_slug", "number_and_name", "unknown_name", "title", "field", "dependent",
    "tier_set", "whole_set", "all_before", "vote_on_line", "vote_in_block", "line_history", "mixed_block", "own_number", "range_history",
    "file", "today",
]  # fmt: skip


def answers(text: str, path: str = "notes.md", *, history: str = "", words: Words = WORDS) -> list[str]:
    """Every mention of a text with its verdict, the ids it means and the evidence."""
    found = resolve(index.build([document(text, path)], words, KINDS), lambda one: bool(history) and one == history)
    return [
        " | ".join((
            text[one.claim.span.start : one.claim.span.end],
            one.verdict.value,
            ", ".join(entry.id for entry in one.targets),
            one.because,
        ))
        for one in found
    ]  # fmt: skip


def verdicts(text: str, path: str = "notes.md") -> list[str]:
    """Every mention of a text with its verdict."""
    return [" | ".join(row.split(" | ")[:-2]) for row in answers(text, path)]


def test_this_page_has_a_block_for_every_rule() -> None:
    assert [rule.__name__.lstrip("_") for rule in RULES] == RULE_NAMES


# --- past ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "CHANGELOG.md", "CHANGELOG", "更新日志.md", "docs/changelog.txt", "change_log.md", "CHANGES.rst", "HISTORY.md",
        "docs/history.md", "NEWS", "news.md", "RELEASES.md", "release-notes.md", "release_notes-2.md", "build.log",
        "commit-log.txt",
    ],
)  # fmt: skip
def test_past_files_describe_what_was(path: str) -> None:
    assert answers("Module 11: Pruning", path) == [
        "Module 11: Pruning | history | 11_pruning | the file describes the past"
    ]


@pytest.mark.parametrize(
    "path",
    [
        "notes.md", "newsletter.md", "docs/exchanges.md", "prehistory.md", "logs.md", "changelogs_we_like.md",
        "history/notes.md", "modules/11_pruning/README.md", "catalog", "dialog.md",
    ],
)  # fmt: skip
def test_past_is_not_every_file_that_sounds_like_it(path: str) -> None:
    assert verdicts("Module 11: Pruning", path) == ["Module 11: Pruning | current"]


@pytest.mark.parametrize(
    "path",
    ["module_11_audit.md", "docs/ANALYSIS.md", "scaffolding_analysis_and_ideas.md", "COMPLETION_REPORT-2.txt", "post-mortem.rst"],
)  # fmt: skip
def test_what_is_old_in_a_report_was_right_then(path: str) -> None:
    assert verdicts("Module 11: Pruning\n\n- Module 08: Seeds\n", path) == [
        "Module 11: Pruning | current", "Module 08: Seeds | history",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path", ["notes.md", "status_report.py", "reporting.md", "book/11-pruning.md", "reports/notes.md"]
)
def test_a_report_is_a_text_that_is_called_so(path: str) -> None:
    assert verdicts("Module 11: Soil", path) == ["Module 11: Soil | stale"]


def test_past_files_are_also_those_that_the_settings_name() -> None:
    told = answers("Module 11", "diary.md", history="diary.md")
    assert told == ["Module 11 | history | 11_pruning | the file describes the past"]


@pytest.mark.parametrize(
    "text", ["0123abc Module 11", "- 0123abc fix Module 11", "* deadbeef1 Module 11", "1234567 Module 11"]
)
def test_past_lines_are_those_of_a_log(text: str) -> None:
    assert answers(text) == ["Module 11 | history | 11_pruning | the line is an entry of a log"]


@pytest.mark.parametrize("text", ["fix 0123abc Module 11", "abc Module 11", "deadbeefs Module 11", "0123ab Module 11"])
def test_past_lines_start_with_a_commit(text: str) -> None:
    assert verdicts(text) == ["Module 11 | current"]


def test_past_does_not_hold_for_paths_in_a_log_line() -> None:
    assert verdicts("- 0123abc touch modules/11_pruning/") == ["11_pruning | current"]


# --- address -------------------------------------------------------------------------------------

ADDRESSES = {
    "version": ("https://example.org/v1.2/11_pruning", "the address of a released version"),
    "bare version": ("https://example.org/2.0/modules/11_pruning", "the address of a released version"),
    "commit": (f"https://example.org/tree/{'0123456789' * 4}/11_pruning", "the address of a released version"),
    "archive": ("https://example.org/archive/11_pruning", "the address of a released version"),
    "picture that is not here": ("https://example.org/x/11_pruning/saw.svg", "an address outside this tree"),
    "file store": ("https://example.org/data/resolve/main/en/11_pruning/", "an address outside this tree"),
}


@pytest.mark.parametrize(("text", "why"), ADDRESSES.values(), ids=ADDRESSES)
def test_address_of_something_else_stays(text: str, why: str) -> None:
    assert answers(text) == [f"11_pruning | foreign |  | {why}"]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/latest/11_pruning",
        "https://example.org/latest/11_pruning/saws.html",
        "https://example.org/tree/main/modules/11_pruning/",
        "https://mybinder.org/v2/gh/ada/garden/main?filepath=modules/11_pruning/saw.ipynb",
    ],
)
def test_address_of_the_living_course_is_its_entry(text: str) -> None:
    assert verdicts(text) == ["11_pruning | current"]


@pytest.mark.parametrize(
    "text", ["https://example.org/module-11", "https://example.org/x?q=module-11", "https://example.org/#ch-11"]
)
def test_address_with_a_number_alone_is_not_ours(text: str) -> None:
    assert [row.split(" | ")[1] for row in answers(text)] == ["foreign"]


OWN_ADDRESSES = {
    "https://github.com/ada/garden/blob/main/modules/11_pruning/pruning_dev.py": "current",
    "https://github.com/ada/garden/tree/main/modules/11_pruning": "current",
    "https://mybinder.org/v2/gh/ada/garden/main?filepath=modules/11_pruning/": "current",
    "https://mybinder.org/v2/gh/eve/garden/main?filepath=modules/11_pruning/": "foreign",
    "https://colab.research.google.com/github/eve/garden/blob/main/modules/11_pruning/x.ipynb": "foreign",
    "https://nbviewer.org/github/eve/garden/blob/main/modules/11_pruning/x.ipynb": "foreign",
    "https://github.com/ada/garden/blob/main/book/11-pruning.md": "current",
    "https://github.com/ada/garden/blob/main/book/11-pruning.rst": "foreign",
    "https://github.com/ada/garden/blob/main/labs/11_pruning/README.md": "foreign",
    "https://github.com/bob/garden/blob/main/modules/11_pruning/README.md": "foreign",
    "https://ada.example.org/garden/11-pruning.html": "current",
    "https://ada.example.org/garden/11-pruning-in-spring.html": "foreign",
}


@pytest.mark.parametrize(("text", "verdict"), OWN_ADDRESSES.items(), ids=OWN_ADDRESSES)
def test_address_of_a_path_that_the_tree_has_is_ours(text: str, verdict: str) -> None:
    assert {row.split(" | ")[1] for row in answers(text, words=KNOWN)} == {verdict}


# --- label ---------------------------------------------------------------------------------------

LABELS = {
    "another repository": ("[Module 11](https://github.com/eve/pond/)", True),
    "a file of another": ("[Module 11](https://github.com/eve/pond/blob/main/modules/11_fish/README.md)", True),
    "with more to it": ("[Pond, Module 11 of it](https://github.com/eve/pond)", True),
    "a set": ("[Modules 11-12](https://github.com/eve/pond)", True),
    "our repository": ("[Module 11](https://github.com/ada/garden/)", False),
    "a file that is here": ("[Module 11](https://github.com/eve/garden/blob/main/book/11-pruning.md#why)", False),
    "any page": ("[Module 11](https://example.org/pond/)", False),
    "beside the link": ("Module 11 is [here](https://github.com/eve/pond/)", False),
    "with its name": ("[Module 11: Pruning](https://github.com/eve/pond/)", False),
}


@pytest.mark.parametrize(("text", "is_foreign"), LABELS.values(), ids=LABELS)
def test_label_of_a_link_into_another_repository_is_of_that_one(text: str, *, is_foreign: bool) -> None:
    told = answers(text, words=KNOWN)[0]
    assert ("foreign |  | the link leads to another repository" in told) == is_foreign


def test_label_of_a_link_to_a_file_that_is_not_here_needs_no_repository() -> None:
    assert verdicts("[Module 11](https://github.com/eve/pond/tree/main/11_fish)")[0] == "Module 11 | foreign"
    assert verdicts("[Module 11](https://github.com/eve/pond/)") == ["Module 11 | current"]


REPOSITORIES = {
    "none": ("# Garden", ""),
    "one": ("See https://github.com/Ada/Garden.git", "ada/garden"),
    "the one of most links": ("github.com/eve/pond github.com/ada/garden github.com/ada/garden/issues", "ada/garden"),
    "as many": ("github.com/eve/pond github.com/ada/garden", ""),
    "the one whose file is here": (
        "github.com/eve/pond github.com/eve/pond/wiki github.com/ada/garden/blob/main/book", "ada/garden",
    ),
    "none whose file is here": ("github.com/eve/pond/blob/main/fish github.com/eve/pond/tree/main/frogs", ""),
    "links to people": ("github.com/users/ada github.com/users/ada github.com/ada/garden", "ada/garden"),
    "where notebooks are run": ("https://mybinder.org/v2/gh/ada/garden/main", "ada/garden"),
}  # fmt: skip


@pytest.mark.parametrize(("readme", "expected"), REPOSITORIES.values(), ids=REPOSITORIES)
def test_the_repository_is_told_by_the_links_of_its_readme(readme: str, expected: str) -> None:
    assert repository_of(readme, {"book", "README.md"}.__contains__) == expected


# --- elsewhere -----------------------------------------------------------------------------------

ELSEWHERE = {
    "year folder": ("see ../2019/11_pruning", "the path leads into an older edition"),
    "old folder": ("see old/11_pruning/README.md", "the path leads into an older edition"),
    "edition": ("see second-edition/11_pruning", "the path leads into an older edition"),
}


@pytest.mark.parametrize(("text", "why"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_elsewhere_numbers_stay(text: str, why: str) -> None:
    assert answers(text) == [f"11_pruning | foreign |  | {why}"]


@pytest.mark.parametrize(
    "path", ["2019/notes.md", "archive/a.md", "old/a.py", "v2/notes.md", "docs/legacy/a.md", "book-2nd-edition/a.md"]
)
def test_elsewhere_is_a_whole_file_of_an_older_edition(path: str) -> None:
    assert answers("# Module 11", path) == [
        "Module 11 | foreign |  | the file belongs to an older edition, which keeps its own numbers"
    ]


@pytest.mark.parametrize(
    "text", ["see ../modules/11_pruning", "see modules/11_pruning/", "see ./11_pruning", "see renewed/11_pruning"]
)
def test_elsewhere_is_not_the_living_course(text: str) -> None:
    assert verdicts(text) == ["11_pruning | current"]


@pytest.mark.parametrize("path", ["old_notes.md", "editions.md", "gold/notes.md", "folded/notes.md", "archives.md"])
def test_elsewhere_is_not_every_name_that_sounds_like_it(path: str) -> None:
    assert verdicts("Module 11", path) == ["Module 11 | current"]


def test_elsewhere_links_back_into_the_course_move() -> None:
    assert verdicts("[now](../modules/11_pruning/README.md)", "2019/notes.md") == ["11_pruning | current"]


# --- other_name ----------------------------------------------------------------------------------


def test_other_name_is_that_of_a_folder_of_several(tmp_path: Path) -> None:
    for number in range(1, 7):
        page = tmp_path / ("day1-3" if number < 4 else "day4-6") / f"{number}.{'abcdef'[number - 1]}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text("# Soil\n")
    (tmp_path / "notes.md").write_text("Look into day4-6, which was day4-5, for day4.\n")
    workspace = open_tree(tmp_path)
    found = [one for one in workspace.references(workspace.catalogue.series[0]) if one.path == "notes.md"]
    text = (tmp_path / "notes.md").read_text()
    assert [f"{text[one.claim.span.start : one.claim.span.end]} {one.verdict.value}" for one in found] == [
        "day4-6 foreign", "day4-5 current", "day4 current",
    ]  # fmt: skip


# --- no mention at all ---------------------------------------------------------------------------


def test_a_list_counts_its_items_also_where_the_series_counts_from_zero(tmp_path: Path) -> None:
    slugs = [f"{letter}{letter}{letter}{letter}" for letter in "abcdefghijklm"]
    for number, slug in enumerate(slugs):
        (tmp_path / f"{number:02d}-{slug}.md").write_text(f"# {slug.title()}\n")
    counted = "".join(f"{number}. [{slug.title()}](x)\n" for number, slug in enumerate(slugs, 1))
    (tmp_path / "list.md").write_text(counted)
    (tmp_path / "other.md").write_text(counted.partition("\n")[2])
    workspace = open_tree(tmp_path)
    found = [one for one in workspace.references(workspace.catalogue.series[0]) if one.verdict.value == "stale"]
    assert {one.path for one in found} == {"other.md"}


# --- other_noun ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Checkpoint 11", "Checkpoint 11: Pruning", "Checkpoint 11 | Pruning", "Week 11: Pruning", "Step 11 (Pruning)",
        "Figure 11: Pruning", "Section 11. Pruning", "Checkpoints 11-13 of the module", "Weeks 11-13, one module each",
        "Phase **11-13** of a module",
    ],
)  # fmt: skip
def test_other_nouns_count_other_things(text: str) -> None:
    assert [row for row in verdicts(text) if "11" in row and not row.endswith("| foreign")] == []


@pytest.mark.parametrize("text", ["Step **11: Pruning**", "Checkpoint `11`: Pruning", "Week (11: Pruning)"])
def test_other_nouns_count_other_things_through_markup(text: str) -> None:
    (row,) = answers(text)
    assert row.split(" | ")[1:] == ["foreign", "", "the number belongs to another series"]


@pytest.mark.parametrize(
    "text",
    [
        "11: Pruning",
        "## Next step\n\n| 11 | Pruning |",
        "At checkpoint 3, Module 11: Pruning",
        "one step. 11: Pruning a",
    ],
)
def test_other_nouns_elsewhere_say_nothing(text: str) -> None:
    assert [row.split(" | ")[-3:-1] for row in answers(text)] == [["current", "11_pruning"]]


# --- slug ----------------------------------------------------------------------------------------

SLUG = {
    "its number": ("11_pruning", ["11_pruning | current | 11_pruning | pruning is the slug of 11_pruning"]),
    "other case": ("11_Pruning", ["11_Pruning | current | 11_pruning | Pruning is the slug of 11_pruning"]),
    "own slug of a place": (
        "10-drip-lines", ["10-drip-lines | current | 10_drip_lines | drip-lines is the slug of 10_drip_lines"]
    ),
    "unpadded": ("8_soil", ["8_soil | current | 08_soil | soil is the slug of 08_soil"]),
    "no number": ("pruning_dev.py", ["pruning_dev | current | 11_pruning | pruning is the slug of 11_pruning"]),
    "in an identifier": (
        "test_module_11_pruning",
        ["test_module_11_pruning | current | 11_pruning | pruning is the slug of 11_pruning"],
    ),
    "another's number": ("12_pruning", ["12_pruning | stale | 11_pruning | pruning is now 11_pruning"]),
    "nobody's number": ("17_pruning", ["17_pruning | stale | 11_pruning | pruning is now 11_pruning"]),
    "file of this name": ("python 02_pruning.py", ["02_pruning | foreign |  | a file is called so"]),
    "folder of this name": ("see 02_pruning", ["02_pruning | stale | 11_pruning | pruning is now 11_pruning"]),
    "identifier with another's number": (
        "module_12_pruning", ["module_12_pruning | stale | 11_pruning | pruning is now 11_pruning"]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SLUG.values(), ids=SLUG)
def test_slug_decides_over_the_number(text: str, expected: list[str]) -> None:
    assert answers(text) == expected


def test_slug_decides_against_everything_around_it() -> None:
    text = "12_seeds\n12_compost\n14_greenhouse\n"
    assert verdicts(text) == ["12_seeds | stale", "12_compost | current", "14_greenhouse | stale"]


def test_slug_of_several_entries_is_that_of_the_one_with_its_number() -> None:
    twin = replace(WORDS.by_number[11][0], number=14, id="14_pruning")
    both = replace(WORDS, series=replace(WORDS.series, entries=(*WORDS.series.entries, twin)))
    assert answers("14_pruning", words=both) == [
        "14_pruning | current | 14_pruning | pruning is the slug of 14_pruning"
    ]
    assert answers("12_pruning", words=both) == [
        "12_pruning | ambiguous | 11_pruning, 14_pruning | pruning belongs to several entries, none of them 12"
    ]


def test_slug_of_an_old_edition_is_no_name_of_today() -> None:
    old = Home("2019/11_cutting", "cutting", replace(FOLDERS, root="2019", scope=Scope.FROZEN))
    entries = [replace(one, homes=(*one.homes, old)) if one.number == 11 else one for one in SERIES.entries]
    words = replace(WORDS, series=replace(SERIES, entries=tuple(entries)))
    assert answers("11_cutting", words=words) == ["11_cutting | foreign |  | only an older edition has this name"]
    assert answers("11_pruning", words=words)[0].startswith("11_pruning | current")


def test_slug_behind_too_few_digits_may_count_something_else() -> None:
    assert answers("modules/08_soil/9_soil.md")[1:] == [
        "9_soil | ambiguous | 08_soil | no id here is written with so few digits as 9_soil.md"
    ]
    assert verdicts("modules/08_soil/8_soil.md") == ["08_soil | current", "8_soil | current"]


def test_slug_of_the_past_is_its_entry_unless_something_is_still_called_so() -> None:
    assert answers("11_cutting_down", words=KNOWN) == [
        "11_cutting_down | stale | 11_pruning | cutting_down is called 11_pruning now"
    ]
    kept = replace(KNOWN, paths=KNOWN.paths | {"kept/11_cutting_down.ipynb"})
    assert answers("see 11_cutting_down.ipynb", words=kept) == [
        "11_cutting_down | foreign |  | a file or folder is still called so"
    ]


def test_a_module_that_is_there_is_imported_by_the_number_in_its_name() -> None:
    row = "test_module_09_pruning | stale | 11_pruning | pruning is now 11_pruning"
    assert answers("import test_module_09_pruning\n", "use.py") == [
        "test_module_09_pruning | foreign |  | a file is called so"
    ]
    assert answers("import test_module_10_pruning\n", "use.py") == [row.replace("09", "10")]
    assert answers("def test_module_09_pruning(): ...\n", "use.py") == [row]
    assert verdicts("from test_module_09_pruning import run_module_11_tests\n", path="use.py")[1:] == [
        "run_module_11_tests | current"
    ]


# --- unknown_slug --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["11_roses", "14_roses", "modules/11_roses/", "book/11-roses.md", "11_pruning_backup"])
def test_unknown_slugs_are_not_the_entry_with_that_number(text: str) -> None:
    assert [row.split(" | ")[1:3] for row in answers(text)] == [["foreign", ""]]


def test_unknown_slugs_are_named_in_the_evidence() -> None:
    assert answers("11_roses") == ["11_roses | foreign |  | no entry is called roses"]


# --- number_and_name -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Module 11: Pruning", "Module 11 (Pruning)", "Module 11 - Pruning", "Module 11 Pruning", "Pruning (Module 11)",
        "Chapter 11: Pruning", "MODULE 11: PRUNING", "| 11 | Pruning |", "11. Pruning", "11: Pruning",
        '"11": "Pruning"', "Pruning (11)",
    ],
)  # fmt: skip
def test_number_and_name_that_agree_are_current(text: str) -> None:
    assert [row.split(" | ")[-3:] for row in answers(text)] == [
        ["current", "11_pruning", "number and name agree on 11_pruning"]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Module 12: Composting",
        "Module 12: Compost",
        "Module 10: Drip Lines",
        "Module 10: Drip-Lines",
        "Module 10: Drip",
        "Module 10: Seeds and Drip Lines",
        "Composted Soil (Module 12)",
    ],
)
def test_number_and_name_in_any_of_its_spellings(text: str) -> None:
    assert [row.split(" | ")[1] for row in answers(text)] == ["current"]


@pytest.mark.parametrize(
    "text",
    [
        "Module 12: Pruning", "Module 12 (Pruning)", "Pruning (Module 12)", "Module 14: Pruning", "| 12 | Pruning |",
        "12. Pruning", '"12": "Pruning"', "Module 12 Pruning",
    ],
)  # fmt: skip
def test_number_and_name_that_differ_are_stale_and_the_name_decides(text: str) -> None:
    assert [row.split(" | ")[-3:-1] for row in answers(text)] == [["stale", "11_pruning"]]


def test_number_and_name_in_words_that_are_no_title_say_nothing() -> None:
    assert verdicts("Module 12 is about pruning too") == ["Module 12 | current"]


@pytest.mark.parametrize(
    "text",
    ["Module 11: Cutting Down", "cutting down (Module 11)", "Cutting Down (Module 12)", "Module 13 (Cutting Down)"],
)
def test_number_and_a_name_of_the_past_are_stale(text: str) -> None:
    [row] = answers(text, words=KNOWN)
    assert row.split(" | ")[1:3] == ["stale", "11_pruning"]
    assert row.casefold().endswith("| cutting down is called 11_pruning now")


def test_number_and_a_name_of_the_past_in_a_sentence_say_nothing() -> None:
    [row] = answers("Module 11 cutting down", words=KNOWN)
    assert row.startswith("Module 11 | current | 11_pruning | ")


# --- dependent -----------------------------------------------------------------------------------


def test_dependent_numbers_on_the_entrys_own_page_are_its_own() -> None:
    [row] = answers("Listing 11-3 goes on.", "modules/11_pruning/README.md")
    assert row == "Listing 11-3 | current | 11_pruning | the page belongs to 11_pruning"
    [row] = answers("Listing 12-3 goes on.", "modules/11_pruning/README.md")
    assert row == "Listing 12-3 | current | 12_compost | nothing contradicts the current numbering"


# --- unknown_name --------------------------------------------------------------------------------

UNKNOWN = {
    "a title of nobody": ("Module 11: Roses", "Module 11 | ambiguous | 11_pruning | no entry is called 'Roses'"),
    "in parentheses": ("Module 11 (Roses)", "Module 11 | ambiguous | 11_pruning | no entry is called 'Roses'"),
    "three words": (
        "Module 11: Roses In Spring", "Module 11 | ambiguous | 11_pruning | no entry is called 'Roses In Spring'"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_names_are_not_the_entry_with_that_number(text: str, expected: str) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Module 11: how to cut",
        "Module 11 (about 20 trees)",
        "Module 11: A long list of many flowers",
        "Module 11: Four Big Red Roses",
        "Module 11: e-mail",
        "Module 11 - for later",
        "**After Module 11**: Make **20 cuts** a day.",
        "Module 11: Let's cut",
    ],
)
def test_unknown_names_are_not_descriptions(text: str) -> None:
    assert verdicts(text) == ["Module 11 | current"]


def test_unknown_names_may_be_parts_of_a_title() -> None:
    entries = (replace(one, titles=("The Big Cut",)) if one.number == 11 else one for one in SERIES.entries)
    words = replace(KNOWN, series=replace(SERIES, entries=tuple(entries)))
    assert answers("Module 11: Cut", words=words)[0].startswith("Module 11 | current")
    assert answers("Module 11: Dig", words=words)[0].startswith("Module 11 | ambiguous")


def test_unknown_names_on_top_of_the_entrys_page_are_its_own() -> None:
    assert answers("# Module 11: Roses", "modules/11_pruning/more.md") == [
        "Module 11 | current | 11_pruning | a heading of 11_pruning itself"
    ]
    assert verdicts("## Module 11: Roses", "modules/11_pruning/more.md") == ["Module 11 | ambiguous"]
    assert verdicts("# Module 11: Roses", "modules/12_compost/more.md") == ["Module 11 | ambiguous"]


def test_unknown_names_are_no_riddle_where_no_name_is_known() -> None:
    bare = replace(SERIES, entries=tuple(replace(one, titles=(), slug="", homes=()) for one in SERIES.entries))
    assert "no entry is called" not in answers("Module 11: Roses", words=replace(KNOWN, series=bare))[0]


# --- title ---------------------------------------------------------------------------------------


def test_title_in_a_title_position_is_its_entry() -> None:
    assert answers("Soil → Seeds") == [
        "Soil | current | 08_soil | a title stands here (chain)",
        "Seeds | current | 09_seeds | a title stands here (chain)",
    ]


def test_title_of_an_entrys_own_summary_is_its_entry_whatever_else_it_says() -> None:
    assert answers("## Module Summary: Pruning at large\n", "modules/11_pruning/README.md") == [
        "Pruning at large | current | 11_pruning | a title stands here (summary heading)"
    ]


@pytest.mark.parametrize("text", ["Good soil and seeds", "Pruning is mandatory", "We did pruning and composting."])
def test_title_in_prose_is_the_technique(text: str) -> None:
    assert answers(text) == []


# --- field ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "verdict"), [("11", "current"), ("12", "stale")])
def test_field_on_an_entrys_page_holds_the_entrys_number(number: str, verdict: str) -> None:
    text = f"---\nposition: {number}\n---\n\n| 12 | Soil |\n"
    assert (
        answers(text, "book/11-pruning.md")[0]
        == f"{number} | {verdict} | 11_pruning | position is the number of 11_pruning"
    )


def test_field_elsewhere_is_anything() -> None:
    assert answers("---\nposition: 11\n---\n") == []


# --- tier_set ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Growth Tier (11-13)", "the growth modules 11-13", "Growth: Modules 11-13"])
def test_tier_set_is_the_range_of_its_tier(text: str) -> None:
    assert [row.split(" | ")[1:] for row in answers(text)] == [
        ["current", "11_pruning, 12_compost, 13_greenhouse", "the range of the Growth tier"]
    ]


@pytest.mark.parametrize("text", ["Growth: Modules 11-12", "Basics: Modules 11-13", "Modules 11-13"])
def test_tier_set_needs_the_name_and_the_range(text: str) -> None:
    assert [row.split(" | ")[-1] for row in answers(text)] == ["nothing contradicts the current numbering"]


# --- whole_set -----------------------------------------------------------------------------------


def test_whole_set_is_right_wherever_it_stands() -> None:
    other = "Module 11: Soil, Module 12: Seeds, Module 9: Pruning\n"
    assert answers(other + "All of it (modules 08-13)\n")[-1] == (
        "modules 08-13 | current | 08_soil, 09_seeds, 10_drip_lines, 11_pruning, 12_compost, 13_greenhouse | "
        "the range of the whole series"
    )
    assert answers(other + "Nearly all of it (modules 08-12)\n")[-1].split(" | ")[1] == "stale"


# --- all_before ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Modules 01-10", "Modules 1-10", "Modules 0-10", "Modules 01 through 10"])
def test_all_before_an_entry_in_its_own_home(text: str) -> None:
    assert answers(text, "modules/11_pruning/README.md") == [
        f"{text} | current | 11_pruning | everything before the entry that the file belongs to"
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Modules 01-10", "notes.md"),
        ("Modules 01-10", "modules/12_compost/README.md"),
        ("Modules 08-10", "modules/11_pruning/README.md"),
        ("Modules 01-11", "modules/11_pruning/README.md"),
        ("Modules 01-09", "modules/11_pruning/README.md"),
        ("Modules 02-10", "modules/11_pruning/README.md"),
    ],
)
def test_all_before_is_no_other_range(text: str, path: str) -> None:
    assert "everything before" not in answers(text, path)[0]


# --- vote_on_line --------------------------------------------------------------------------------

LINE = {
    "agrees": (
        "11_pruning/  # Module 11",
        "Module 11 | current | 11_pruning | the line agrees with the current numbering",
    ),
    "older": (
        "12_pruning/  # Module 12",
        "Module 12 | stale | 11_pruning | the line follows an older numbering",
    ),
    "older, of another number": (
        "12_pruning/  # before Module 13",
        "Module 13 | stale |  | the line follows an older numbering",
    ),
}


@pytest.mark.parametrize(("text", "expected"), LINE.values(), ids=LINE)
def test_vote_on_line(text: str, expected: str) -> None:
    assert answers(text)[-1] == expected


# --- vote_in_block -------------------------------------------------------------------------------

BLOCK = {
    "agrees": (
        "- 11_pruning\n- 12_compost\n- Module 13\n",
        "Module 13 | current | 13_greenhouse | the text around it agrees with the current numbering",
    ),
    "older": (
        "- 12_pruning\n- 13_compost\n- Module 11\n",
        "Module 11 | stale |  | the text around it follows an older numbering",
    ),
    "older, and named here": (
        "- 12_pruning\n- 13_compost\n- Module 12\n",
        "Module 12 | stale | 11_pruning | the text around it follows an older numbering",
    ),
    "mixed": (
        "- 11_pruning\n- 13_compost\n- Module 12\n",
        "Module 12 | ambiguous | 12_compost | the text around it mixes two numberings",
    ),
    "one more that is right": (
        "- 11_pruning\n- 13_compost\n- Module 11\n",
        "Module 11 | ambiguous | 11_pruning | the text around it mixes two numberings",
    ),
    "twice this and once that": (
        "- 11_pruning\n- 11-pruning\n- 11_seeds\n- Module 11\n",
        "Module 11 | ambiguous | 11_pruning | the text around it mixes two numberings",
    ),
    "nearly all older": (
        "- 11_pruning\n- 13_compost\n- 10_seeds\n- 12_soil\n- 13_water\n- 14_drip_lines\n- Module 12\n- Module 9\n",
        "Module 9 | stale |  | nearly all of the text around it follows an older numbering",
    ),
    "what is called after the entry": (
        "- 11_pruning_shears.png\n- Module 11\n",
        "Module 11 | current | 11_pruning | nothing contradicts the current numbering",
    ),
    "older, and it reminds of one": (
        "- 12_pruning\n- 13_compost\n- Module 9: how much drip\n",
        "Module 9 | stale | 10_drip_lines | the text around it follows an older numbering",
    ),
    "older, and it reminds of two": (
        "- 12_pruning\n- 13_compost\n- Module 14: which soil for seed\n",
        "Module 14 | stale |  | the text around it follows an older numbering",
    ),
    "rows of a table": (
        "| 12 | Pruning |\n| 13 | Composting |\n| Module 10 | |\n",
        "Module 10 | stale |  | the text around it follows an older numbering",
    ),
    "files of another numbering": (
        "- 02_pruning.py\n- Module 13\n",
        "Module 13 | current | 13_greenhouse | nothing contradicts the current numbering",
    ),
    "docstring": (
        '"""\n11_pruning and 12_compost,\nthen Module 13.\n"""\n',
        "Module 13 | current | 13_greenhouse | the text around it agrees with the current numbering",
    ),
}


@pytest.mark.parametrize(("text", "expected"), BLOCK.values(), ids=BLOCK)
def test_vote_in_block(text: str, expected: str) -> None:
    assert answers(text)[-1] == expected


@pytest.mark.parametrize("between", ["\n", "---\n", "***\n", "# ----\n"])
def test_vote_in_block_ends_at_a_blank_line_or_a_rule(between: str) -> None:
    told = answers(f"12_pruning\n13_compost\n{between}Module 11\n")
    assert told[-1] == "Module 11 | ambiguous | 11_pruning | the file follows an older numbering in other places"


# --- own_number ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["modules/11_pruning/README.md", "modules/11_pruning/pruning_dev.py", "book/11-pruning.md"]
)
def test_own_number_in_the_entrys_home(path: str) -> None:
    assert answers("# Module 11\n", path) == ["Module 11 | current | 11_pruning | the file belongs to 11_pruning"]


def test_own_number_is_trusted_more_than_other_mentions_of_the_file() -> None:
    told = answers("after 13_compost\n\nModule 11\n", "book/11-pruning.md")
    assert told == [
        "13_compost | stale | 12_compost | compost is now 12_compost",
        "Module 11 | current | 11_pruning | the file belongs to 11_pruning",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Module 12", "nothing contradicts the current numbering"),
        ("Modules 11-12", "nothing contradicts the current numbering"),
        ("11_soil\n\nModule 11", "the file gives this number to another name"),
    ],
)
def test_own_number_is_one_number_that_nobody_denies(text: str, why: str) -> None:
    assert answers(text, "book/11-pruning.md")[-1].endswith(f"| {why}")


# --- file ----------------------------------------------------------------------------------------

FILE = {
    "names the entry": (
        "Module 11: Pruning\n\nlater Module 11\n",
        "Module 11 | current | 11_pruning | the file names this entry with this number",
    ),
    "names another": (
        "Module 11: Seeds\n\nlater Module 11\n",
        "Module 11 | stale | 09_seeds | the file gives this number to another name",
    ),
    "is older": (
        "Module 11: Seeds\n\nlater Module 12\n",
        "Module 12 | ambiguous | 12_compost | the file follows an older numbering in other places",
    ),
    "is older in all it says": (
        "12_pruning\n\n13_compost\n\n14_greenhouse\n\nModule 10\n",
        "Module 10 | stale |  | the file follows an older numbering",
    ),
    "is older in half of it": (
        "12_pruning\n\n13_compost\n\n14_greenhouse\n\n08_soil\n\n09_seeds\n\n08-soil\n\nModule 10\n",
        "Module 10 | ambiguous | 10_drip_lines | the file follows an older numbering in other places",
    ),
    "is mostly current": (
        "08_soil\n\n09_seeds\n\n11_pruning\n\n14_compost\n\nModule 13\n",
        "Module 13 | current | 13_greenhouse | nothing contradicts the current numbering",
    ),
}


@pytest.mark.parametrize(("text", "expected"), FILE.values(), ids=FILE)
def test_file(text: str, expected: str) -> None:
    assert answers(text)[-1] == expected


# --- today ---------------------------------------------------------------------------------------

TODAY = {
    "number": ("Module 11", ["Module 11 | current | 11_pruning | nothing contradicts the current numbering"]),
    "range": (
        "Modules 11-13",
        ["Modules 11-13 | current | 11_pruning, 12_compost, 13_greenhouse | nothing contradicts the current numbering"],
    ),
    "list": (
        "Modules 9, 10 and 12",
        [
            "Modules 9, 10 and 12 | current | 09_seeds, 10_drip_lines, 12_compost | "
            "nothing contradicts the current numbering"
        ],
    ),
    "list of two": (
        "Modules 9 and 12",
        ["Modules 9 and 12 | current | 09_seeds, 12_compost | nothing contradicts the current numbering"],
    ),
    "no such number": ("Module 14", ["Module 14 | stale |  | no entry has this number"]),
    "before the first": ("Module 7", ["Module 7 | stale |  | no entry has this number"]),
    "no such numbers": ("Modules 14 and 15", ["Modules 14 and 15 | stale |  | no entry has this number"]),
}


@pytest.mark.parametrize(("text", "expected"), TODAY.values(), ids=TODAY)
def test_today(text: str, expected: list[str]) -> None:
    assert answers(text) == expected


def test_an_answer_names_the_rule_that_gave_it() -> None:
    page = index.build([document("Module 11 is\n\n11_pruning\n")], WORDS, KINDS)
    assert [one.rule for one in resolve(page)] == ["file", "slug"]


def test_an_answer_does_not_depend_on_the_order_of_documents() -> None:
    pages = [document("Module 11", "b.md"), document("12_pruning", "a.md"), document("Soil → Seeds", "c.md")]
    forwards, backwards = (list(resolve(index.build(some, WORDS, KINDS))) for some in (pages, pages[::-1]))
    assert forwards == backwards
    assert [one.path for one in forwards] == ["a.md", "b.md", "c.md", "c.md"]
