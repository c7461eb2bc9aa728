"""Settings are read from one file, checked key by key, and every mistake is named with its place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from refactor import settings
from refactor.errors import RefactorError
from refactor.model import Place, Scope, Tier
from refactor.settings import SeriesSettings, Settings

SCHEMA = Path(settings.__file__).with_name("schema") / "settings.schema.json"

FULL = """\
[project]
name = "a-course"

[tool.refactor]
exclude = ["site/", "*.min.js"]
history = ["CHANGELOG.md", "!docs/CHANGELOG.md"]
frozen = ["editions/"]
generated = ["pkg/_modidx.py"]
commands = ["course"]
rules = ["tools/rules"]
output-format = "json"
nouns = ["Lab"]
foreign = ["checkpoint"]

[tool.refactor.series.module]
places = ["modules/source/{nn}_{slug}/", "book/chapters/{nn}-{slug}.md"]
nouns = ["Module", "Unit"]
tiers = { Architecture = "08-13", Optimization = "14–19", Capstone = "20" }
titles.14_kvcaching = "KV Caching"
titles."15_profiling" = ["Profiling", "Measuring"]

[tool.refactor.series.module.aliases]
caching = "14_kvcaching"
"""


def write(root: Path, text: str, name: str = "pyproject.toml") -> Path:
    (root / name).write_text(text, encoding="utf-8")
    return root


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(RefactorError) as caught:
        call()
    return str(caught.value)


# --- reading ------------------------------------------------------------------------------------


def test_without_files_everything_is_at_its_default(tmp_path: Path) -> None:
    assert settings.read(tmp_path) == Settings()


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'x'\n", "[tool.refactor]\n", "[tool.ruff]\nexclude = ['refactor']\n"]
)
def test_a_project_that_says_nothing_of_us_has_default_settings(tmp_path: Path, text: str) -> None:
    assert settings.read(write(tmp_path, text)) == Settings()


def test_every_key_is_read(tmp_path: Path) -> None:
    assert settings.read(write(tmp_path, FULL)) == Settings(
        exclude=("site/", "*.min.js"),
        history=("CHANGELOG.md", "!docs/CHANGELOG.md"),
        frozen=("editions/",),
        generated=("pkg/_modidx.py",),
        commands=("course",),
        rules=("tools/rules",),
        output_format="json",
        nouns=("Lab",),
        foreign=("checkpoint",),
        series=(
            SeriesSettings(
                name="module",
                places=(
                    Place("modules/source", "", 2, "_", "", folder=True),
                    Place("book/chapters", "", 2, "-", ".md", folder=False),
                ),
                nouns=("Module", "Unit"),
                titles=(("14_kvcaching", ("KV Caching",)), ("15_profiling", ("Profiling", "Measuring"))),
                tiers=(Tier("Architecture", 8, 13), Tier("Optimization", 14, 19), Tier("Capstone", 20, 20)),
                aliases=(("caching", "14_kvcaching"),),
            ),
        ),
    )


def test_a_file_of_our_own_has_the_same_keys_at_its_top(tmp_path: Path) -> None:
    write(tmp_path, 'exclude = ["site/"]\n\n[series.module]\nnouns = ["Lab"]\n', "refactor.toml")
    assert settings.read(tmp_path) == Settings(
        exclude=("site/",), series=(SeriesSettings(name="module", nouns=("Lab",)),)
    )


def test_our_own_file_wins_and_the_project_file_is_not_even_read(tmp_path: Path) -> None:
    write(tmp_path, "[tool.refactor\nbroken")
    write(tmp_path, 'foreign = ["milestone"]\n', "refactor.toml")
    assert settings.read(tmp_path) == Settings(foreign=("milestone",))


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "refactor.toml").write_bytes(b'\xef\xbb\xbfforeign = ["milestone"]\r\nnouns = ["Lab"]\r\n')
    assert settings.read(tmp_path) == Settings(foreign=("milestone",), nouns=("Lab",))


def test_a_broken_project_file_without_our_name_is_not_our_affair(tmp_path: Path) -> None:
    assert settings.read(write(tmp_path, "[tool.ruff\n")) == Settings()


def test_folders_with_the_names_of_settings_files_are_not_settings(tmp_path: Path) -> None:
    (tmp_path / "refactor.toml").mkdir()
    assert settings.read(write(tmp_path, '[tool.refactor]\nforeign = ["week"]\n')) == Settings(foreign=("week",))


# --- mistakes -----------------------------------------------------------------------------------


def test_a_misspelt_key_is_named_with_its_place_and_the_nearest_key(tmp_path: Path) -> None:
    write(tmp_path, '[project]\nname = "x"\n\n[tool.refactor.series.module]\n  palces = ["{nn}_{slug}/"]\n')
    assert error_of(lambda: settings.read(tmp_path)) == (
        "unknown key 'palces' in pyproject.toml [tool.refactor.series.module], line 5, column 3: did you mean 'places'?"
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "banana = 1\n",
            "unknown key 'banana' in refactor.toml, line 1, column 1: choose from exclude, history, frozen, "
            "generated, commands, rules, output-format, nouns, foreign, series",
        ),
        (
            '[series.module]\nforeign = ["week"]\n',
            "unknown key 'foreign' in refactor.toml [series.module], line 2, column 1: "
            "it belongs further out, beside 'series'",
        ),
        (
            'places = ["{nn}_{slug}/"]\n',
            "unknown key 'places' in refactor.toml, line 1, column 1: it belongs to one series, as in series.module",
        ),
        (
            "# one\nexclude = 3\n",
            "'exclude' must be a list of texts, not a number in refactor.toml, line 2, column 1: "
            'write exclude = ["..."]',
        ),
        (
            'exclude = "site"\n',
            "'exclude' must be a list of texts, not a text in refactor.toml, line 1, column 1: "
            'write exclude = ["..."]',
        ),
        (
            'nouns = ["Lab", 3]\n',
            "item 2 of 'nouns' is a number in refactor.toml, line 1, column 1: write a text there",
        ),
        (
            'nouns = [" "]\n',
            "item 1 of 'nouns' is an empty text in refactor.toml, line 1, column 1: write a text there",
        ),
        (
            "output-format = true\n",
            "'output-format' must be a text, not true or false in refactor.toml, line 1, column 1: "
            'write output-format = "..."',
        ),
        (
            'output-format = ""\n',
            "'output-format' is empty in refactor.toml, line 1, column 1: fill it in, or leave the key out",
        ),
        (
            "output-format = 2026-01-05\n",
            "'output-format' must be a text, not a date or time in refactor.toml, line 1, column 1: "
            'write output-format = "..."',
        ),
        (
            'series = ["module"]\n',
            "'series' must be a table, not a list in refactor.toml, line 1, column 1: write keys with their values",
        ),
        (
            "[series]\nmodule = 1\n",
            "'module' must be a table, not a number in refactor.toml [series], line 2, column 1: "
            "write keys with their values",
        ),
        (
            '[series.module.tiers]\n"Deep Part" = "14-x"\n',
            "the tier 'Deep Part' has no range, but '14-x' in refactor.toml [series.module.tiers], line 2, column 1: "
            'write it as in "14-19"',
        ),
        (
            '[series.module]\ntiers = { Late = "19-14" }\n',
            "the tier 'Late' has no range, but '19-14' in refactor.toml [series.module.tiers], line 2, column 1: "
            'write it as in "14-19"',
        ),
        (
            '[series.module]\nplaces = ["src/{nn}_{slugg}.md"]\n',
            "'src/{nn}_{slugg}.md' is no place in refactor.toml [series.module], line 2, column 1: "
            "{slugg} is unknown; did you mean 'slug'?",
        ),
        (
            '[series.module.titles]\n14_kv = [["KV"]]\n',
            "item 1 of '14_kv' is a list in refactor.toml [series.module.titles], line 2, column 1: write a text there",
        ),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(tmp_path: Path, text: str, error: str) -> None:
    write(tmp_path, text, "refactor.toml")
    assert error_of(lambda: settings.read(tmp_path)) == error


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[tool.refactor]\nseries.module.palces = []\n', "line 2, column 1"),
        ('[tool]\nrefactor.series.module = { palces = [] }\n', "line 2, column 1"),
        ('[tool.refactor]\n# palces = 1\nnouns = ["""\npalces = 2\n"""]\n[tool.refactor.series."module"]\npalces=[]\n', "line 7, column 1"),
        ("[[tool.x]]\npalces = 1\n[tool.refactor.series.module]\n\tpalces = []\n", "line 4, column 2"),
        ('[tool.refactor.series.module]\nnouns = [\n  "a=b",\n]\n"palces" = []\n', "line 5, column 1"),
    ],
)  # fmt: skip
def test_the_place_is_right_however_the_key_is_written(tmp_path: Path, text: str, place: str) -> None:
    found = error_of(lambda: settings.read(write(tmp_path, text)))
    assert f", {place}: " in found


def test_settings_that_are_no_table_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "[tool]\nrefactor = 3\n")
    assert error_of(lambda: settings.read(tmp_path)) == (
        "the whole must be a table, not a number in pyproject.toml [tool], line 2, column 1: "
        "write keys with their values"
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[tool.refactor\nx = 1", "pyproject.toml is not valid TOML, line 1, column 15: expected ']'"),
        ("[tool.refactor]\nx = 1\nx = 2\n", "pyproject.toml is not valid TOML, line 3, column 6: cannot overwrite"),
        ('[tool.refactor]\nx = """', "pyproject.toml is not valid TOML, end of document: "),
    ],
)
def test_bad_toml_is_named_with_its_place(tmp_path: Path, text: str, error: str) -> None:
    assert error_of(lambda: settings.read(write(tmp_path, text))).startswith(error)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "refactor.toml").write_bytes(b'nouns = ["\xe9tape"]\n')
    assert error_of(lambda: settings.read(tmp_path)) == "refactor.toml is not UTF-8 (byte 10): save it as UTF-8."


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "", "refactor.toml")
    (tmp_path / "refactor.toml").chmod(0)
    assert error_of(lambda: settings.read(tmp_path)) == (
        "refactor.toml cannot be read (Permission denied): check its permissions."
    )


@pytest.mark.parametrize("key", ["exclude", "history", "frozen", "generated", "rules"])
@pytest.mark.parametrize(
    ("glob", "problem"),
    [
        ("/etc/passwd", "is an absolute path"),
        ("!/etc", "is an absolute path"),
        ("~/notes", "is an absolute path"),
        ("C:/notes", "is an absolute path"),
        ("../other", "leads out of its folder with '..'"),
        ("docs/../../x", "leads out of its folder with '..'"),
        ("docs/..", "leads out of its folder with '..'"),
    ],
)
def test_globs_and_folders_stay_within_the_root(tmp_path: Path, key: str, glob: str, problem: str) -> None:
    write(tmp_path, f'{key} = ["docs", "{glob}"]\n', "refactor.toml")
    assert error_of(lambda: settings.read(tmp_path)) == (
        f"'{glob}' in '{key}' {problem} in refactor.toml, line 1, column 1: name it from the root downwards"
    )


@pytest.mark.parametrize("glob", ["docs/", "*~", "a..b", "...", "**/old/*", "!keep.md", "~x", r"\#x"])
def test_ordinary_globs_are_taken_as_they_are(glob: str) -> None:
    assert settings.merge(Settings(), {"exclude": [glob]}) == Settings(exclude=(glob,))


# --- ranges -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08-13", (8, 13)),
        ("1–5", (1, 5)),
        ("1 — 5", (1, 5)),
        ("15 to 19", (15, 19)),
        (" 20 ", (20, 20)),
        ("13-8", None),
        ("14-x", None),
        ("", None),
        ("-3", None),
        ("1-2-3", None),
        ("1.5", None),
        ("٣-٥", None),
        ("100000", None),
    ],
)
def test_a_range_has_two_ends_or_is_one_number(text: str, expected: tuple[int, int] | None) -> None:
    assert settings.parse_range(text) == expected


# --- places -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("modules/source/{nn}_{slug}/", Place("modules/source", "", 2, "_", "", folder=True)),
        ("{nn}_{slug}/{slug}_dev.py", Place("*", "", 0, "", "_dev.py", folder=False)),
        ("modules/source/*/{slug}_dev.py", Place("modules/source/*", "", 0, "", "_dev.py", folder=False)),
        ("book/chapters/{nn}-{slug}.md", Place("book/chapters", "", 2, "-", ".md", folder=False)),
        ("src/ch{nn}-{section}-{slug}.md", Place("src", "ch", 2, "-", ".md", folder=False, section=True)),
        (
            "listings/ch{nn}-{slug}/listing-{nn}-{section}/",
            Place("listings/*", "listing-", 2, "-", "", folder=True, section=True),
        ),
        ("nostarch/chapter{nn}.docx", Place("nostarch", "chapter", 2, "", ".docx", folder=False)),
        ("week_{n}_{slug}/", Place("", "week_", 1, "_", "", folder=True)),
        ("{nnn}. {slug}.md", Place("", "", 3, ". ", ".md", folder=False)),
        ("{nn}{letter}_{slug}/", Place("", "", 2, "_", "", folder=True)),
        ("labs/{nn}_{slug}/lab{nn}_dev.py", Place("labs/*", "lab", 2, "", "_dev.py", folder=False)),
        ("tests/test_{slug}.py", Place("tests", "test_", 0, "", ".py", folder=False)),
        ("第{nn}章/", Place("", "第", 2, "", "章", folder=True)),
    ],
)
def test_a_place_is_read_from_its_pattern(pattern: str, place: Place) -> None:
    assert settings.parse_place(pattern) == place


@pytest.mark.parametrize(
    ("place", "pattern"),
    [
        (Place("modules/source", "", 2, "_", "", folder=True), "modules/source/{nn}_{slug}/"),
        (Place("*", "", 0, "", "_dev.py", folder=False), "*/{slug}_dev.py"),
        (Place("", "ch", 2, "", ".md", folder=False), "ch{nn}.md"),
        (Place("src", "ch", 2, "-", ".md", folder=False, section=True), "src/ch{nn}-{section}-{slug}.md"),
        (Place("old", "", 1, "-", "", folder=True, scope=Scope.FROZEN), "old/{n}-{slug}/"),
    ],
)
def test_a_place_is_written_as_its_pattern(place: Place, pattern: str) -> None:
    assert settings.format_place(place) == pattern


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "a folder in it has no name"),
        ("/", "it is an absolute path; name it from the root downwards"),
        ("/src/{nn}_{slug}/", "it is an absolute path; name it from the root downwards"),
        ("../{nn}_{slug}/", "it leads out of its folder with '..'; name it from the root downwards"),
        ("src//{nn}_{slug}/", "a folder in it has no name"),
        (r"src\{nn}_{slug}", "write / between folders"),
        ("modules/{nn}_{slug}/README.md", "its last part must hold {nn} or {slug}; "
         "what else lies in an entry's folder moves with it"),
        ("modules", "its last part must hold {nn} or {slug}; what else lies in an entry's folder moves with it"),
        ("{slug}_{nn}.py", "write it as prefix{nn}-{section}-{slug}suffix: the number first, "
         "and something between the two"),
        ("{nn}{slug}.py", "write it as prefix{nn}-{section}-{slug}suffix: the number first, "
         "and something between the two"),
        ("{section}-{slug}.md", "write it as prefix{nn}-{section}-{slug}suffix: the number first, "
         "and something between the two"),
        ("{nn-{slug}", "write it as prefix{nn}-{section}-{slug}suffix: the number first, "
         "and something between the two"),
        ("{number}_{slug}/", "{number} is unknown; choose from nn, slug, section, letter"),
        ("{sluggish}/x_{nn}.md", "{sluggish} is unknown; did you mean 'slug'?"),
        ("src/*_{nn}_{slug}.md", "only a whole folder may be *"),
        ("s?c/{nn}_{slug}.md", "only a whole folder may be *"),
        ("v2{nn}_{slug}.md", "a digit next to {nn} would be taken for a part of the number"),
        ("{nn}3.md", "a digit next to {nn} would be taken for a part of the number"),
        ("{nn}x{slug}.md", "a letter next to {nn} would be taken for a part of it"),
        ("{nn}-{section}_{slug}.md", "the same sign must stand before {section} and before {slug}, not '-' and '_'"),
    ],
)  # fmt: skip
def test_a_pattern_that_is_no_place_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    assert error_of(lambda: settings.parse_place(pattern)) == f"{pattern!r} is no place: {reason}"


NAMES = st.text("abcXYZ_é ", min_size=1, max_size=6)
PLACES = st.builds(
    Place,
    root=st.lists(st.one_of(NAMES, st.just("*")), max_size=3).map("/".join),
    prefix=st.one_of(st.just(""), NAMES),
    width=st.integers(1, 4),
    separator=st.sampled_from(["-", "_", ". ", " - ", "__"]),
    suffix=st.sampled_from(["", ".md", "_dev.py", ".test.py"]),
    folder=st.booleans(),
    section=st.booleans(),
    scope=st.sampled_from(Scope),
)


@given(PLACES)
def test_reading_undoes_writing(place: Place) -> None:
    assert settings.parse_place(settings.format_place(place)) == replace(place, scope=Scope.LIVE)


@given(st.text("{}nslugectior/*.-_3 \\", max_size=30))
def test_any_pattern_is_read_or_refused(pattern: str) -> None:
    try:
        place = settings.parse_place(pattern)
    except RefactorError as error:
        assert str(error).startswith(f"{pattern!r} is no place: ")
    else:
        assert settings.parse_place(settings.format_place(place)) == place


# --- merging ------------------------------------------------------------------------------------


def test_a_plan_adds_to_the_settings_and_its_word_counts_last() -> None:
    own = Settings(
        history=("CHANGELOG.md",),
        output_format="concise",
        series=(
            SeriesSettings(
                name="module",
                nouns=("Module",),
                titles=(("14_kv", ("KV",)), ("15_profiling", ("Profiling",))),
                tiers=(Tier("Late", 14, 19),),
            ),
            SeriesSettings(name="week"),
        ),
    )
    extra: dict[str, object] = {
        "history": ["LOG.md", "CHANGELOG.md"],
        "foreign": ["milestone"],
        "series": {"module": {"nouns": ["Lab"], "titles": {"14_kv": "Memory"}, "tiers": {"Late": "15-19"}}},
    }
    assert settings.merge(own, extra) == Settings(
        history=("CHANGELOG.md", "LOG.md"),
        output_format="concise",
        foreign=("milestone",),
        series=(
            SeriesSettings(
                name="module",
                nouns=("Module", "Lab"),
                titles=(("14_kv", ("Memory",)), ("15_profiling", ("Profiling",))),
                tiers=(Tier("Late", 15, 19),),
            ),
            SeriesSettings(name="week"),
        ),
    )


def test_nothing_to_merge_changes_nothing(tmp_path: Path) -> None:
    own = settings.read(write(tmp_path, FULL))
    assert settings.merge(own, {}) == own


def test_a_plan_is_checked_like_a_file() -> None:
    assert error_of(lambda: settings.merge(Settings(), {"histroy": []})) == (
        "unknown key 'histroy' in the plan's settings: did you mean 'history'?"
    )


# --- the published schema -----------------------------------------------------------------------


GOOD: list[dict[str, object]] = [
    {},
    {"exclude": ["site/", "!keep"], "output-format": "json", "foreign": ["week"], "nouns": ["Lab"]},
    {"series": {"module": {"places": ["modules/{nn}_{slug}/", "src/ch{nn}-{section}-{slug}.md"]}}},
    {"series": {"module": {"titles": {"14_kv": "KV", "15_p": ["P", "Q"]}, "aliases": {"kv": "14_kv"}}}},
    {"series": {"module": {"tiers": {"Late": "14-19", "Last": "20"}, "nouns": ["Module"]}}},
]
BAD: list[dict[str, object]] = [
    {"histroy": []},
    {"exclude": "site"},
    {"exclude": ["/abs"]},
    {"exclude": ["!/abs"]},
    {"rules": ["a/../../b"]},
    {"frozen": [""]},
    {"output-format": 3},
    {"series": ["module"]},
    {"series": {"module": {"foreign": ["week"]}}},
    {"series": {"module": {"places": ["modules/README.md"]}}},
    {"series": {"module": {"places": ["{number}_{slug}/"]}}},
    {"series": {"module": {"tiers": {"Late": "14-x"}}}},
    {"series": {"module": {"titles": {"14_kv": [1]}}}},
    {"series": {"module": {"aliases": {"kv": ["14_kv"]}}}},
]


def schema() -> Draft202012Validator:
    content = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


@pytest.mark.parametrize("good", GOOD, ids=str)
def test_what_the_schema_accepts_is_read(good: dict[str, object]) -> None:
    assert schema().is_valid(good)
    settings.merge(Settings(), good)


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_the_schema_refuses_is_refused(bad: dict[str, object]) -> None:
    assert not schema().is_valid(bad)
    with pytest.raises(RefactorError):
        settings.merge(Settings(), bad)


def test_the_schema_knows_the_same_keys() -> None:
    content = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert set(content["properties"]) == set(settings.KEYS)
    assert set(content["$defs"]["series"]["properties"]) == set(settings.SERIES_KEYS)
