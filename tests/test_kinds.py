"""Every kind of mention as a table: what it claims in a text, and the texts where it keeps its hands off.

A claim is shown as the text it covers, a bar, and its parts with their roles. What a claim means is told in `test_resolve`.
"""

from __future__ import annotations

import pytest
from garden import KINDS, WORDS, document

from refactor.index import claims_of, in_order

BY_NAME = {kind.name: kind for kind in KINDS}

# Numbers that count something else; no kind may take one of them for an entry of the course.
OTHER_NUMBERS = (
    "Python 3.11",
    "version 1.11.2",
    "Module 11.5",
    "module v11",
    "2024-11-09",
    "11/09/2024",
    "09.11.2024",
    "at 11:30",
    "127.0.0.11",
    "host 10.11.12.13",
    "port 8011",
    "11%",
    "Module 11%",
    "11.5 %",
    "11°C",
    "shape (11, 13)",
    "a 9x11 grid",
    "16-bit",
    "11-bit colour",
    "a 12-factor app",
    "notes.py:11",
    "line 11",
    "lines 9-11",
    "p. 11",
    "pages 9-11",
    "Figure 11",
    "Week 11",
    "Week 9-10",
    "Step 11",
    "Checkpoint 11",
    "Checkpoints 9-11",
    "issue #11",
    "M11 chips",
    "the M1 and the M2",
    "submodule 11",
    "submodule_11",
    "submodule_3",
    "Modulus 11",
    "modular 11",
    "https://example.org/11",
    "https://example.org/?page=11",
    "tel. 555-1113",
    "11 modules",
    "11 minutes",
    "$11",
    "resnet11",
    "0.11",
    "11e-3",
    "1_100",
    "11_000",
    "Module 2024",
    "Module 11th",
    "Module eleven",
    "Module",
    "the module is 11 pages long",
    "utf-8",
    "sha1 08a9b10c",
    "第11页",
    "the module\n* 11 March 2023",
    "Module 11 Mar. 2023",
)


def claims(kind: str, text: str, path: str = "notes.md") -> list[str]:
    """The claims of one kind, as rows."""
    page = document(text, path)
    found = claims_of(page, WORDS, [BY_NAME[kind]])
    return [
        f"{text[claim.span.start : claim.span.end]} | {', '.join(f'{part.role} {part.text}' for part in claim.parts)}"
        for claim in found
    ]


def test_every_kind_has_a_table() -> None:
    assert sorted(BY_NAME) == [
        "column", "command", "dependent", "field", "heading", "identifier", "number", "pair", "section", "set", "slug", "stem",
        "title",
    ]  # fmt: skip


@pytest.mark.parametrize("text", OTHER_NUMBERS)
def test_numbers_of_other_things_are_claimed_by_no_kind(text: str) -> None:
    assert claims_of(document(text), WORDS, KINDS) == ()


# --- number: a noun and a number ----------------------------------------------------------------

NUMBERS = {
    "plain": ("in Module 11 we", ["Module 11 | number 11"]),
    "lower": ("in module 11 we", ["module 11 | number 11"]),
    "upper": ("MODULE 11", ["MODULE 11 | number 11"]),
    "plural": ("Modules 11", ["Modules 11 | number 11"]),
    "padded": ("Module 08", ["Module 08 | number 08"]),
    "one digit": ("Module 8", ["Module 8 | number 8"]),
    "second noun": ("Chapter 11", ["Chapter 11 | number 11"]),
    "short noun": ("see Ch. 11", ["Ch. 11 | number 11"]),
    "LaTeX": ("see Module~11.", ["Module~11 | number 11"]),
    "short noun, no dot": ("see mod 11", ["mod 11 | number 11"]),
    "behind the number": ("第11章", ["第11章 | number 11"]),
    "behind, with blanks": ("第 11 章", ["第 11 章 | number 11"]),
    "number sign": ("Module #11", ["Module #11 | number 11"]),
    "numero": ("Module №11", ["Module №11 | number 11"]),
    "hyphen": ("Module-11", ["Module-11 | number 11"]),
    "bold number": ("Module **11**", ["Module **11 | number 11"]),
    "bold whole": ("**Module 11**", ["Module 11 | number 11"]),
    "bold noun": ("**Module** 11", ["Module** 11 | number 11"]),
    "code": ("`Module 11`", ["Module 11 | number 11"]),
    "tab": ("Module\t11", ["Module\t11 | number 11"]),
    "no-break space": ("Module\u00a011", ["Module\u00a011 | number 11"]),
    "soft wrap": ("the Module\n11 is", ["Module\n11 | number 11"]),
    "soft wrap, crlf": ("the Module\r\n11 is", ["Module\r\n11 | number 11"]),
    "soft wrap in a quote": ("> Module\n> 11", ["Module\n> 11 | number 11"]),
    "genitive": ("Module 11's end", ["Module 11 | number 11"]),
    "end of sentence": ("in Module 11.", ["Module 11 | number 11"]),
    "before a comma": ("Module 11, 15 minutes in", ["Module 11 | number 11"]),
    "of how many": ("Module 11 of 13", ["Module 11 | number 11"]),
    "two of them": ("Module 9 and Module 11", ["Module 9 | number 9", "Module 11 | number 11"]),
    "short form that is spelled out": ("Module 11, or M11", ["Module 11 | number 11", "M11 | number 11"]),
    "short form in a diagram": ('M11["11. Pruning"]', ["M11 | number 11"]),
    "name after a colon": ("Module 11: Pruning", ["Module 11: Pruning | number 11, name Pruning"]),
    "name in parentheses": ("Module 11 (Pruning)", ["Module 11 (Pruning | number 11, name Pruning"]),
    "name after a dash": ("Module 11 - Pruning", ["Module 11 - Pruning | number 11, name Pruning"]),
    "name after a long dash": ("Module 11 – Pruning", ["Module 11 – Pruning | number 11, name Pruning"]),
    "name after a blank": ("Module 11 Pruning", ["Module 11 Pruning | number 11, name Pruning"]),
    "name in a label": ("[Module 11. Pruning](x.md)", ["Module 11. Pruning | number 11, name Pruning"]),
    "no name in a label": ("[Module 11. Pruning shears](x.md)", ["Module 11 | number 11"]),
    "name in the next sentence": ("After Module 11. Pruning is done", ["Module 11 | number 11"]),
    "name in bold": ("Module 11: **Pruning**", ["Module 11: **Pruning | number 11, name Pruning"]),
    "name of two words": ("Module 10: Drip Lines", ["Module 10: Drip Lines | number 10, name Drip Lines"]),
    "name with a hyphen": ("Module 10: Drip-Lines", ["Module 10: Drip-Lines | number 10, name Drip-Lines"]),
    "second title": ("Module 12: Compost", ["Module 12: Compost | number 12, name Compost"]),
    "explained name": ("Module 11: Pruning - well", ["Module 11: Pruning | number 11, name Pruning"]),
    "name before": ("Pruning (Module 11)", ["Pruning (Module 11 | number 11, name Pruning"]),
    "technique before": ("do some pruning (Module 11)", ["Module 11 | number 11, hint pruning"]),
    "name of another": ("Module 11: Seeds", ["Module 11: Seeds | number 11, name Seeds"]),
    "name of nobody": ("Module 11: Roses", ["Module 11 | number 11, hint Roses"]),
    "part of a name": ("Module 10: Drip", ["Module 10 | number 10, hint Drip"]),
    "words behind": ("Module 11 shows how", ["Module 11 | number 11"]),
    "next line is no name": ("Module 11\nPruning", ["Module 11 | number 11"]),
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_number(text: str, expected: list[str]) -> None:
    assert claims("number", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Lesson 11",
        "Module11",
        "module_11",
        "Module: 11",
        "Module   11",
        "Modules 9-11",
        "Module 9–11",
        "Module 11px",
        "Module 11:30",
        "Module 1111",
        "sub-module 11",
        "M11",
        "M1",
        "Module\n\n11",
        "Look after all modules\n11. Prune them",
        "Look after all modules\n11) Prune them",
        "11 Pruning",
        "11_pruning",
        "第11",
        "第11週",
    ],
)
def test_number_keeps_off(text: str) -> None:
    assert claims("number", text) == []


def test_number_is_found_in_comments_docstrings_and_strings() -> None:
    text = '"""Module 11."""\nx = "Module 12"  # Module 13\n# about Module\n# 10\n'
    assert claims("number", text, "a.py") == [
        "Module 11 | number 11",
        "Module 12 | number 12",
        "Module 13 | number 13",
        "Module\n# 10 | number 10",
    ]


# --- slug: an id ---------------------------------------------------------------------------------

SLUGS = {
    "plain": ("11_pruning", ["11_pruning | number 11, slug pruning"]),
    "hyphen": ("11-pruning", ["11-pruning | number 11, slug pruning"]),
    "two words": ("10_drip_lines", ["10_drip_lines | number 10, slug drip_lines"]),
    "two words, hyphens": ("10-drip-lines", ["10-drip-lines | number 10, slug drip-lines"]),
    "in a path": ("modules/11_pruning/x.py", ["11_pruning | number 11, slug pruning"]),
    "file": ("book/11-pruning.md", ["11-pruning | number 11, slug pruning"]),
    "dot path": ("../11_pruning", ["11_pruning | number 11, slug pruning"]),
    "windows path": (r"modules\11_pruning", ["11_pruning | number 11, slug pruning"]),
    "in code": ("`11_pruning`", ["11_pruning | number 11, slug pruning"]),
    "url": ("https://example.org/11_pruning/", ["11_pruning | number 11, slug pruning"]),
    "anchor": ("x.md#11-pruning", ["11-pruning | number 11, slug pruning"]),
    "percent": ("%2F11_pruning", []),
    "unpadded": ("8_soil", ["8_soil | number 8, slug soil"]),
    "padded": ("08_soil", ["08_soil | number 08, slug soil"]),
    "with a tail": ("11_pruning_dev.py", ["11_pruning | number 11, slug pruning"]),
    "upper case": ("11_Pruning", ["11_Pruning | number 11, slug Pruning"]),
    "old number": ("12_pruning", ["12_pruning | number 12, slug pruning"]),
    "number far away": ("99_pruning", ["99_pruning | number 99, slug pruning"]),
    "slug of nobody": ("14_roses", ["14_roses | number 14, unknown roses"]),
    "slug of nobody in a path": ("book/14-roses.md", ["14-roses | number 14, unknown roses"]),
    "somebody's copy": ("11_pruning_backup", ["11_pruning_backup | number 11, unknown pruning_backup"]),
    "two": ("11_pruning -> 12_compost",
            ["11_pruning | number 11, slug pruning", "12_compost | number 12, slug compost"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SLUGS.values(), ids=SLUGS)
def test_slug(text: str, expected: list[str]) -> None:
    assert claims("slug", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "pruning",
        "11",
        "11_",
        "11pruning",
        "11 pruning",
        "11.pruning",
        "11__pruning",
        "x11_pruning",
        "_11_pruning",
        "v11_pruning",
        "test_11_pruning",
        "2024_11_pruning",
        "1111_pruning",
        "11-day-trip",
        "11-pruning-and-more",
        "7_roses",
        "17_roses",
        "99_roses",
        "12-roses",
        "Module 11",
        "listing-11-pruning",
        "[the roses][11_roses]",
        "[11_roses]: https://example.org/",
        "[[11_roses]]",
        "<<11_roses>>",
        "<<book#11_roses>>",
    ],
)
def test_slug_keeps_off(text: str) -> None:
    assert claims("slug", text) == []


def test_slug_behind_the_escape_of_a_line_break() -> None:
    assert claims("slug", 'print("\\n11_pruning")\n', "a.py") == ["11_pruning | number 11, slug pruning"]


# --- stem: a file name that carries a slug -------------------------------------------------------

STEMS = {
    "bare": ("pruning_dev", ["pruning_dev | slug pruning"]),
    "file": ("pruning_dev.py", ["pruning_dev | slug pruning"]),
    "path": ("modules/x/pruning_dev.ipynb", ["pruning_dev | slug pruning"]),
    "dotted": ("course.pruning_dev.cut", ["pruning_dev | slug pruning"]),
    "import": ("from pruning_dev import cut", ["pruning_dev | slug pruning"]),
    "two words": ("drip_lines_dev", ["drip_lines_dev | slug drip_lines"]),
    "code": ("`pruning_dev`", ["pruning_dev | slug pruning"]),
}


@pytest.mark.parametrize(("text", "expected"), STEMS.values(), ids=STEMS)
def test_stem(text: str, expected: list[str]) -> None:
    assert claims("stem", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "roses_dev",
        "_dev",
        "my_pruning_dev",
        "_pruning_dev",
        "11_pruning_dev",
        "pruning_devs",
        "pruning_dev2",
        "pruning_dev_old",
        "pruning_test",
        "pruning-dev",
        "pruning",
    ],
)
def test_stem_keeps_off(text: str) -> None:
    assert claims("stem", text) == []


# --- field: what holds the number on an entry's page ---------------------------------------------


def test_field() -> None:
    text = "---\nposition: 8\nhours: 11\n---\n\nposition: 9\n"
    assert claims("field", text, "book/11-pruning.md") == ["8 | number 8"]
    assert claims("field", text) == []


# --- dependent: the leading part of "Listing 11-3" -----------------------------------------------

DEPENDENTS = {
    "plain": ("Listing 11-3", ["Listing 11-3 | number 11"]),
    "lower": ("in listing 11-3,", ["listing 11-3 | number 11"]),
    "plural": ("Listings 11-3", ["Listings 11-3 | number 11"]),
    "dot": ("Listing 11.3", ["Listing 11.3 | number 11"]),
    "dash": ("Listing 11–3", ["Listing 11–3 | number 11"]),
    "bold": ("Listing **11-3**", ["Listing **11-3 | number 11"]),
    "soft wrap": ("Listing\n11-3", ["Listing\n11-3 | number 11"]),
    "end of sentence": ("see Listing 11-3.", ["Listing 11-3 | number 11"]),
}


@pytest.mark.parametrize(("text", "expected"), DEPENDENTS.values(), ids=DEPENDENTS)
def test_dependent(text: str, expected: list[str]) -> None:
    assert claims("dependent", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Listing 11",
        "Listing 11-",
        "Listing 11-3-4",
        "Listing 11-3.4",
        "Listing 11-3a",
        "Listing 2024-11",
        "Listing 11-3333",
        "Relisting 11-3",
        "Figure 11-3",
        "Table 11-3",
        "Module 11-3",
    ],
)
def test_dependent_keeps_off(text: str) -> None:
    assert claims("dependent", text) == []


# --- set: several numbers at once ----------------------------------------------------------------

SETS = {
    "a tilde": ("Module 9~11", ["Module 9~11 | number 9, number 11"]),
    "range": ("Modules 9-11", ["Modules 9-11 | number 9, number 11"]),
    "one noun": ("Module 9-11", ["Module 9-11 | number 9, number 11"]),
    "dash": ("Modules 9–11", ["Modules 9–11 | number 9, number 11"]),
    "long dash": ("Modules 09—11", ["Modules 09—11 | number 09, number 11"]),
    "blanks": ("Modules 9 - 11", ["Modules 9 - 11 | number 9, number 11"]),
    "arrow": ("Modules 09->11", ["Modules 09->11 | number 09, number 11"]),
    "to": ("Modules 9 to 11", ["Modules 9 to 11 | number 9, number 11"]),
    "through": ("Modules 9 through 11", ["Modules 9 through 11 | number 9, number 11"]),
    "dots": ("Modules 9...11", ["Modules 9...11 | number 9, number 11"]),
    "and": ("Modules 9 and 11", ["Modules 9 and 11 | number 9, number 11"]),
    "or": ("Modules 9 or 11", ["Modules 9 or 11 | number 9, number 11"]),
    "ampersand": ("Modules 9 & 11", ["Modules 9 & 11 | number 9, number 11"]),
    "slash": ("Modules 9/10", ["Modules 9/10 | number 9, number 10"]),
    "list": ("Modules 9, 10 and 12", ["Modules 9, 10 and 12 | number 9, number 10, number 12"]),
    "list, last comma": ("Modules 9, 10, and 12", ["Modules 9, 10, and 12 | number 9, number 10, number 12"]),
    "list with a range": ("modules 8, 10-12", ["modules 8, 10-12 | number 8, number 10, number 12"]),
    "bold": ("Modules **9-11**", ["Modules **9-11 | number 9, number 11"]),
    "link": ("Modules [9-11](x.md)", ["Modules [9-11 | number 9, number 11"]),
    "second noun": ("Chapters 9-11", ["Chapters 9-11 | number 9, number 11"]),
    "a list, then minutes": ("Modules 9, 10, 11 minutes", ["Modules 9, 10 | number 9, number 10"]),
    "tier": ("Growth Tier (11-13)", ["11-13 | number 11, number 13"]),
    "tier's name": ("Basics: 08-10", ["08-10 | number 08, number 10"]),
    "titles on the line": ("08-09 (Soil, Seeds)", ["08-09 | number 08, number 09"]),
    "noun behind": ("11-13 are the last modules", ["11-13 | number 11, number 13"]),
    "short form that is spelled out": ("Module 9 opens M09-11", ["M09-11 | number 09, number 11"]),
    "in a column of numbers and titles": (
        "| 1 | 08 Soil |\n| 2 | 09 Seeds |\n| 3 | 10-11 Tools |",
        ["10-11 | number 10, number 11"],
    ),
    "short form, twice": ("Module 9 opens M09-M11", ["M09-M11 | number 09, number 11"]),
}


@pytest.mark.parametrize(("text", "expected"), SETS.values(), ids=SETS)
def test_set(text: str, expected: list[str]) -> None:
    assert claims("set", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "9-11",
        "(08-13)",
        "grades 9-11",
        "Module 11",
        "Module 11, 15 minutes",
        "Module 9, 10 minutes in",
        "Module 9 and 10 others",
        "Modules 9-10 weeks",
        "Each module takes 9-10 weeks",
        "Each module takes 9-10 hours",
        "modules of 9-11 pages",
        "a module of 9-11 minutes",
        "Weeks 9-10 modules",
        "Week 9-10, module",
        "Checkpoint 9-11 of a module",
        "version 9-11 of a module",
        "Modules 9-11%",
        "Modules 9-11.5",
        "Modules 9x11",
        "a module on 2024-11-09",
        "a module for $9-11",
        "module 555-1234",
        "submodules 9-11",
        "M09-11",
        "| 1 | 08 Soil |\n| 2 | 09 Seeds |\n| 3 | for 10-11 years |",
        "| 1 | 08 Soil |\n| 2 | 10-11 Tools |",
        "Modules 9:11",
        "Modules a9-11",
    ],
)
def test_set_keeps_off(text: str) -> None:
    assert claims("set", text) == []


def test_nothing_is_read_in_the_data_of_a_picture() -> None:
    def numbers(text: str) -> int:
        return len(claims_of(document(text), WORDS, in_order(KINDS)))

    assert numbers("img " + "Ab9/" * 30 + "ch11/" + "Ab9+" * 30) == 0
    assert numbers("img " + "Ab9/" * 10 + "ch11/ and module 11") == 2


# --- command: an argument of the repository's own command ----------------------------------------

COMMANDS = {
    "number": ("$ grow test 11", ["grow test 11 | number 11"]),
    "padded": ("$ grow test 08", ["grow test 08 | number 08"]),
    "slug": ("$ grow test pruning", ["pruning | slug pruning"]),
    "path to it": ("./bin/grow test 11", ["grow test 11 | number 11"]),
    "two": ("$ grow export 11 12", ["grow export 11 | number 11", "grow export 11 12 | number 12"]),
    "option named as the series": ("$ grow test --module 11", ["grow test --module 11 | number 11"]),
    "comment behind": ("$ grow test 11 # on 12 beds", ["grow test 11 | number 11"]),
}


@pytest.mark.parametrize(("text", "expected"), COMMANDS.values(), ids=COMMANDS)
def test_command(text: str, expected: list[str]) -> None:
    assert claims("command", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "grow",
        "grow 11",
        "grow seeds",
        "We grow 11 trees.",
        "grow test 11 in a sentence means the words",
        "$ grow test",
        "grow test roses",
        "grow test 11_pruning",
        "grow test --port 8011",
        "grow test --limit 11",
        "grow test limit=11",
        "grow test 1111",
        "grow week 11",
        "grow checkpoint 11",
        "grow checkpoint test 11",
        "outgrow test 11",
        "grow-all test 11",
        "plant test 11",
    ],
)
def test_command_keeps_off(text: str) -> None:
    assert claims("command", text) == []


# --- identifier: a noun and a number in one word -------------------------------------------------

IDENTIFIERS = {
    "function": ("test_module_11", ["test_module_11 | number 11"]),
    "with the slug": ("test_module_11_pruning", ["test_module_11_pruning | number 11, slug pruning"]),
    "slug of two words": ("module_10_drip_lines", ["module_10_drip_lines | number 10, slug drip_lines"]),
    "other words": ("test_module_11_runs", ["test_module_11_runs | number 11"]),
    "constant": ("MODULE_11", ["MODULE_11 | number 11"]),
    "class": ("Module11Tests", ["Module11Tests | number 11"]),
    "class, noun inside": ("TestModule11", ["TestModule11 | number 11"]),
    "class with the title": ("Module11Pruning", ["Module11Pruning | number 11, hint Pruning"]),
    "glued": ("module11", ["module11 | number 11"]),
    "second noun": ("test_chapter_11", ["test_chapter_11 | number 11"]),
    "short noun": ("ch11", ["ch11 | number 11"]),
    "file": ("module_11.py", ["module_11 | number 11"]),
    "attribute": ("course.module_11", ["module_11 | number 11"]),
}


@pytest.mark.parametrize(("text", "expected"), IDENTIFIERS.values(), ids=IDENTIFIERS)
def test_identifier(text: str, expected: list[str]) -> None:
    assert claims("identifier", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "submodule11",
        "xmodule_11",
        "demodule_11",
        "mymodule11",
        "module_1111",
        "module_v11",
        "module1?/notes",
        "module__11",
        "modulo_11",
        "model_11",
        "chunk_11",
        "batch11",
        "epoch11",
        "patch_11",
        "week_11",
        "test_11",
        "Module 11",
    ],
)
def test_identifier_keeps_off(text: str) -> None:
    assert claims("identifier", text) == []


# --- pair: a number next to a title --------------------------------------------------------------

PAIRS = {
    "list": ("11. Pruning", ["11. Pruning | number 11, name Pruning"]),
    "padded": ("08. Soil", ["08. Soil | number 08, name Soil"]),
    "cells": ("| 11 | Pruning |", ["11 | Pruning | number 11, name Pruning"]),
    "cells, bold": ("|11|**Pruning**|", ["11|**Pruning | number 11, name Pruning"]),
    "colon": ("11: Pruning", ["11: Pruning | number 11, name Pruning"]),
    "dash": ("11 - Pruning", ["11 - Pruning | number 11, name Pruning"]),
    "parentheses": ("11 (Pruning)", ["11 (Pruning | number 11, name Pruning"]),
    "other case": ("11: PRUNING", ["11: PRUNING | number 11, name PRUNING"]),
    "mapping": ('"11": "Pruning"', ['11": "Pruning | number 11, name Pruning']),
    "tuple": ('(11, "Pruning")', ['11, "Pruning | number 11, name Pruning']),
    "mapping to an id": ('"11": "11_pruning"', ["11 | number 11, hint 11_pruning"]),
    "tuple with an id": ('(11, ("11_pruning", 3))', ["11 | number 11, hint 11_pruning"]),
    "mapping to what comes next": ('"11": "12_compost"', []),
    "padded, in a heading": ("# 08 Soil", ["08 Soil | number 08, name Soil"]),
    "short, in a title": ("# 8. Soil", ["8. Soil | number 8, name Soil"]),
    "short, as a link": ("[8. Soil](x.md)", ["8. Soil | number 8, name Soil"]),
    "short, in a column that counts": (
        "| No. | Module |\n|--|--|\n| 8 | [Soil](x.md) |\n| **9** | Seeds |\n",
        ["8 | [Soil | number 8, name Soil", "9** | Seeds | number 9, name Seeds"]),
    "short, below the noun": ("Text\n\n| Module | Title |\n|--|--|\n| 8 | Soil |\n", ["8 | Soil | number 8, name Soil"]),
    "name first": ("Pruning (11)", ["Pruning (11 | number 11, name Pruning"]),
    "name first, two words": ("Drip Lines (10)", ["Drip Lines (10 | number 10, name Drip Lines"]),
    "name of nobody, as its neighbours": (
        "| 8 | Soil |\n| 09 | Seeds |\n| 10 | Ponds |\n| 11 | Pruning |\n",
        ["09 | Seeds | number 09, name Seeds", "10 | number 10, hint Ponds", "11 | Pruning | number 11, name Pruning"],
    ),
    "name of nobody, in a list": (
        "- 09 (Seeds), 11 (Pruning), 12 (Ponds)\n",
        ["09 (Seeds | number 09, name Seeds", "11 (Pruning | number 11, name Pruning", "12 | number 12, hint Ponds"],
    ),
    "two lines": ('MODULE_NUMBER = "11"\nMODULE_NAME = "Pruning"\n',
                  ['11"\nMODULE_NAME = "Pruning | number 11, name Pruning']),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PAIRS.values(), ids=PAIRS)
def test_pair(text: str, expected: list[str]) -> None:
    assert claims("pair", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "11",
        "Pruning",
        "11 Pruning",
        "11, Pruning",
        "11; Pruning",
        "11/Pruning",
        "# 11 Pruning",
        "11. Roses",
        "11. Prune the trees",
        "| 11 | Roses |",
        "| 8 | Soil |",
        "| Rank | Module |\n|--|--|\n| 8 | Soil |\n",
        "| # | Module |\n|--|--|\n| 8 beds | Soil |\n",
        "| # | Module |\n|--|--|\n| 8 | Seeds |\n",
        "| 10 | Ponds |\n\n| 11 | Roses |",
        "8. Soil",
        "- 8. Soil",
        "Pruning (12)",
        "pruning (11)",
        "3.11: Pruning",
        "v11: Pruning",
        "$11 (Pruning)",
        "11%: Pruning",
        "12:11 Pruning",
        "2024-11: Pruning",
        "1111: Pruning",
        "#11: Pruning",
        "Test 11: Pruning",
        "Step 11. Pruning",
        "Checkpoint 11: Pruning",
        "Week 11 | Pruning",
        "| 11 | Pruning, Seeds, and Soil |",
        "11 minutes (Pruning)",
        'WEEK_NUMBER = "11"\nWEEK_NAME = "Pruning"\n',
    ],
)
def test_pair_keeps_off(text: str) -> None:
    assert claims("pair", text) == []


def test_pair_leaves_the_sections_of_another_entry_s_page() -> None:
    assert claims("pair", "# 11. Pruning\n", "book/12-compost.md") == []
    assert claims("pair", "# 11. Pruning\n", "book/11-pruning.md") == ["11. Pruning | number 11, name Pruning"]
    assert claims("pair", "- 11. Pruning\n", "book/12-compost.md") == ["11. Pruning | number 11, name Pruning"]


# --- section: what an entry's own page counts behind its number --------------------------------------

SECTIONS = {
    "headings": ("# Pruning\n\n## 11.1 Tools\n\n## 11.2. Cuts\n", ["11.1 | number 11", "11.2 | number 11"]),
    "items": ("- 11.0 Tools\n- [11.1.1 Cuts](x.md)\n- 11.10 Wounds\n",
              ["11.0 | number 11", "11.1.1 | number 11", "11.10 | number 11"]),
    "marked": ("* :tree: 11.1 Tools\n* \N{DECIDUOUS TREE} **11.2** Cuts\n", ["11.1 | number 11", "11.2 | number 11"]),
    "items that measure": ("## 11.1 Tools\n- 11.5 cm\n- 11.2 cm\n## 11.2 Cuts\n", ["11.1 | number 11", "11.2 | number 11"]),
    "one": ("## 11.1 Tools\n", []),
    "from the middle": ("## 11.2 Tools\n## 11.3 Cuts\n", []),
    "twice": ("## 11.1 Tools\n## 11.1 Cuts\n", []),
    "another's": ("## 11.1 Tools\n## 11.2 Cuts\n## 12.1 Heaps\n", []),
    "in no order": ("## 11.1 Tools\n## 11.3 Cuts\n## 11.2 Wounds\n", []),
    "in sentences": ("11.1 Tools\n11.2 Cuts\n", []),
    "below its own heading": ("# 11. Pruning\n## 11.1 Tools\n## 11.2 Cuts\n", ["11.1 | number 11", "11.2 | number 11"]),
    "on a page that counts by itself": ("## 1. Why\n## 11. How\n### 11.1 Tools\n### 11.2 Cuts\n", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SECTIONS.values(), ids=SECTIONS)
def test_section(text: str, expected: list[str]) -> None:
    assert claims("section", text, "book/11-pruning.md") == expected
    assert claims("section", text, "book/12-compost.md") == claims("section", text) == []


# --- heading: the number on top of an entry's own page ----------------------------------------------

CELL = '{{"cells": [{{"cell_type": "markdown", "metadata": {{}}, "source": ["{}"]}}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'
HEADINGS = {
    "its page": ("book/11-pruning.md", "# 11. How to cut\n", ["11 | number 11"]),
    "its folder's page": ("modules/11_pruning/README.md", "Hello\n\n## **11.** How to cut\n", ["11 | number 11"]),
    "with a colon": ("modules/11_pruning/index.md", "# 11: How to cut\n", ["11 | number 11"]),
    "a notebook": ("modules/11_pruning/README.ipynb", CELL.format("# 11. How to cut"), ["11 | number 11"]),
    "sections behind it": ("modules/11_pruning/plan.md", "# 11. How\n\n### 11.1 Why\n", ["11 | number 11"]),
    "any page of the folder": ("modules/11_pruning/plan.md", "# 11. How to cut\n", []),
    "sections of another": ("modules/11_pruning/plan.md", "# 11. How\n\n### 1.1 Why\n", []),
    "another number": ("modules/11_pruning/README.md", "# 12. How to cut\n", []),
    "not the first": ("modules/11_pruning/README.md", "# Cuts\n\n## 11. How to cut\n", []),
    "a number of things": ("modules/11_pruning/README.md", "# 11 tools\n", []),
    "elsewhere": ("notes.md", "# 11. How to cut\n", []),
    "deeper": ("modules/11_pruning/tools/README.md", "# 11. How to cut\n", []),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), HEADINGS.values(), ids=HEADINGS)
def test_heading(path: str, text: str, expected: list[str]) -> None:
    assert claims("heading", text, path) == expected


# --- column: a number below the noun, in a row that names an entry ----------------------------------


def table(head: str, *rows: str) -> str:
    """A table of Markdown below some text."""
    return "\n".join(("What you need.", "", head, "|---" * (head.count("|") - 1) + "|", *rows, ""))


COLUMNS = {
    "a name in each row": (
        table("| Question | Modules Required |", "| What is soil? | 09 |", "| Which seeds? | 10 |", "| Why pruning? | 12 |"),
        ["09 | number 09, hint Soil", "10 | number 10, hint Seeds", "12 | number 12, hint Pruning"],
    ),
    "a row without a name": (
        table("| Topic | **Module** to read | Done |", "| Soil | 08 | x |", "| Seeds | **09** | |", "| Weeds | 10 | |", "| Seeds |",
              "| Pruning | `11` | |"),
        ["08 | number 08, hint Soil", "09 | number 09, hint Seeds", "11 | number 11, hint Pruning"],
    ),
}  # fmt: skip


COLUMNS |= {
    "links": (
        table("| # Module | Topic |", "| 08 | [Earth](modules/08_soil/README.md) |", "| **11** | [Cuts](book/11-pruning.md#why) |"),
        ["08 | number 08", "11 | number 11"],
    ),
    "links, not padded": (table("| No. | Topic |", "| 8 | [Earth](modules/08_soil) |"), ["8 | number 8"]),
    "the noun behind": (table("| Topic | Module |", "| [Earth](./modules/08_soil/) | 8 |"), ["8 | number 8"]),
    "links to others": (
        table("| # | Topic |", "| 8 | [Earth](modules/09_seeds) |", "| 9 | [Home](README.md) |", "| 10 | Rest |", "| 08/11 | [A](modules/08_soil) |"),
        [],
    ),
    "another head": (table("| Hours | Topic |", "| 8 | [Earth](modules/08_soil) |"), []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_column(text: str, expected: list[str]) -> None:
    assert claims("column", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        table("| Topic | Module |", "| Soil | 08 |", "| Seeds | 09 |"),
        table("| Topic | Week |", "| Soil | 08 |", "| Seeds | 09 |", "| Pruning | 11 |"),
        table("| Topic | Number of pages in the module |", "| Soil | 08 |", "| Seeds | 09 |", "| Pruning | 11 |"),
        table("| Topic | Modules |", "| Soil | 8 |", "| Seeds | 9 |", "| Pruning | 7 |"),
        table("| Topic | Modules |", "| Soil | 12 |", "| Seeds | 11 |", "| Pruning | 14 |"),
        table("| Topic | Modules |", "| Soil | 08 |", "| Seeds | 08 |", "| Pruning | 11 |"),
        table("| Topic | Modules |", "| Pruning | 08 |", "| Soil | 09 |", "| Seeds | 11 |"),
        table("| Topic | Modules |", "| Soil | 08 |", "| Other soil | 09 |", "| Seeds | 11 |"),
        table("| Topic | Modules |", "| Soil and seeds | 08 |", "| Seeds, pruning | 09 |", "| Soil, pruning | 11 |"),
        table("| Topic | Modules |", "| Soil | 08, 09 |", "| Seeds | 09-10 |", "| Pruning | 11% |"),
        table("| Module | Topic |", "| 08 | Soil |", "| 09 | Seeds |", "| 11 | Pruning |"),
        "| Topic | Module |\n| Soil | 08 |\n| Seeds | 09 |\n| Pruning | 11 |\n",
        "| Topic | Module |",
    ],
    ids=("two", "other noun", "a sentence", "not padded", "numbers in no order", "a number twice",
         "names in no order", "a name twice", "two names",
         "more than a number", "in front", "no rule below the head", "end of the text"),
)  # fmt: skip
def test_column_keeps_off(text: str) -> None:
    assert claims("column", text) == []


# --- title: a title alone where a title belongs --------------------------------------------------

TITLED = {
    "chain": ("Soil → Seeds → Roses", ["Soil | name Soil", "Seeds | name Seeds"]),
    "chain of slugs": ("soil -> seeds", ["soil | name soil", "seeds | name seeds"]),
    "chain behind a label": ("Path: Soil → Seeds", ["Soil | name Soil", "Seeds | name Seeds"]),
    "through": ("from Seeds through Pruning", ["Seeds | name Seeds", "Pruning | name Pruning"]),
    "before the noun": ("the Pruning module", ["Pruning | name Pruning"]),
    "before the noun, small": ("the pruning module", ["pruning | name pruning"]),
    "list before the noun": ("Soil, Seeds, Pruning modules",
                             ["Soil | name Soil", "Seeds | name Seeds", "Pruning | name Pruning"]),
    "link": ("[Pruning](modules/11_pruning/README.md)", ["Pruning | name Pruning"]),
    "list in parentheses": ("Modules (Soil, Seeds)", ["Soil | name Soil", "Seeds | name Seeds"]),
    "list behind a range": ("8-9 (Soil, Seeds)", ["Soil | name Soil", "Seeds | name Seeds"]),
    "cell of titles": ("| a | b |\n|---|---|\n| Soil, Seeds | x |\n", ["Soil | name Soil", "Seeds | name Seeds"]),
    "column": ("| a |\n|---|\n| Soil |\n| Seeds |\n| Pruning |\n| Roses |\n",
               ["Soil | name Soil", "Seeds | name Seeds", "Pruning | name Pruning"]),
    "list": ("- Soil\n- Seeds\n- Roses\n", ["Soil | name Soil", "Seeds | name Seeds"]),
    "ordered list": ("1. Soil\n2. Seeds\n3. Roses\n", ["Soil | name Soil", "Seeds | name Seeds"]),
    "heads of items": ("- Soil: dig\n- Seeds: sow\n- Drip Lines: lay\n",
                       ["Soil | name Soil", "Seeds | name Seeds", "Drip Lines | name Drip Lines"]),
    "beside its id": ('"11_pruning": "Pruning"', ["Pruning | name Pruning"]),
    "prerequisites": ("---\nprerequisites: [Soil, Roses]\n---\n", ["Soil | name Soil"]),
    "next": ("---\nnext: Seeds\n---\n", ["Seeds | name Seeds"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TITLED.values(), ids=TITLED)
def test_title(text: str, expected: list[str]) -> None:
    assert claims("title", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Pruning",
        "Pruning is mandatory.",
        "good pruning makes good soil",
        "Soil and seeds and compost",
        "Soil | Seeds",
        "# Pruning\n",
        "## Pruning\n",
        "Roses → Lilies",
        "Roses → Pruning",
        "prune through the greenhouse",
        "[Pruning](12_compost/README.md)",
        "[More about Pruning](11_pruning/README.md)",
        "some words (Soil, Seeds)",
        "Module (Soil, Peas, Corn)",
        "| a |\n|---|\n| Soil |\n| Bread |\n| Milk |\n",
        "- Soil\n- Bread\n- Milk\n",
        "- Soil\n- Seeds\n",
        "- soil: dig\n- seeds: sow\n- pruning: cut\n",
        '"11_pruning": "Pruning tools"',
        '"12_compost": "Pruning"',
        "---\ntitle: Pruning\n---\n",
        "---\ntags: [Soil]\n---\n",
        "the Pruning modules 9",
    ],
)
def test_title_keeps_off(text: str) -> None:
    assert claims("title", text) == []


OWN = {
    "heading": ("# Pruning\n", ["Pruning | name Pruning"]),
    "explained heading": ("# Pruning: when and why\n", ["Pruning | name Pruning"]),
    "front matter": ("---\ntitle: Pruning\n---\n", ["Pruning | name Pruning"]),
    "summary heading": ("## Module Summary: Pruning at large\n", ["Pruning at large | title Pruning at large"]),
    "another's heading": ("# Soil\n", []),
    "another's summary": ("## Module Summary: Soil\n", []),
    "another's front matter": ("---\ntitle: Soil\n---\n", []),
    "second level": ("## Pruning\n", []),
    "prose": ("Pruning needs care.\n", []),
    "heading in a fence": ("```\n# Pruning\n```\n", []),
}


@pytest.mark.parametrize(("text", "expected"), OWN.values(), ids=OWN)
def test_title_on_an_entrys_own_page(text: str, expected: list[str]) -> None:
    assert claims("title", text, "book/11-pruning.md") == expected
