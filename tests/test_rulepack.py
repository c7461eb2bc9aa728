"""Rule packs: every mistake has its place, rules find what their examples say, and hostile ones cost bounded time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from refactor import cli, explain, explain_text, patterns, rulepack
from refactor.errors import RefactorError
from refactor.lint import edits_of
from refactor.model import Finding, Fix, Series, ZoneKind
from refactor.spans import Span, splice
from refactor.workspace import open_tree

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "rules" / "optimization_tier.yaml"

FULL = r"""
rules:
  - id: old-spade
    name: Finds the old name of the trowel.
    message: the spade is called trowel
    why: The shop knows no spade.
    severity: error
    zones: [prose, heading]
    include: ["*.md"]
    exclude: [drafts/]
    pattern: (?<size>big|small) spade
    exceptions: [big spade of gold]
    fix: \g<size> trowel
    applicability: safe
    url: https://example.org/tools
    tests:
      valid: [a small trowel]
      invalid:
        - {path: tools.md, text: a big spade, fix: a big trowel}
"""


def rule(body: str) -> str:
    """A pack with one rule of two needed keys and what a test is about, a key a line."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"rules:\n  - id: a\n    message: m\n{lines}"


def write(folder: Path, text: str, name: str = "pack.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def error_of(path: Path) -> str:
    """The error of a pack, with the folder left out of its path."""
    with pytest.raises(RefactorError) as caught:
        rulepack.read(path)
    return str(caught.value).replace(f"{path.parent}{os.sep}", "")


def course(root: Path, files: dict[str, str]) -> Path:
    """A course of three lessons with more files in it."""
    for name in ("01_soil", "02_seeds", "03_water"):
        write(root, "# A lesson\n", f"lessons/{name}/README.md")
    for path, text in files.items():
        write(root, text, path)
    return root


def found(root: Path, *packs: str, limit: float = rulepack.LIMIT, frozen: tuple[str, ...] = ()) -> list[Finding]:
    """What the packs find in a tree; a pack is a name or path below the root."""
    workspace = open_tree(root)
    view = workspace.view(workspace.catalogue.series[0])
    checks = rulepack.as_checks(rulepack.packs_of(root, packs), frozen=frozen, limit=limit)
    return sorted(finding for check in checks for finding in check.find(view))


def places(findings: list[Finding]) -> list[tuple[str, int, int]]:
    return [(finding.path, finding.span.start, finding.span.end) for finding in findings]


def hits(root: Path, body: str, text: str, path: str = "page.md") -> list[str]:
    """The pieces of a text that a rule reports."""
    write(course(root, {path: text}), rule(body), "rules/pack.yaml")
    return [text[one.span.start : one.span.end] for one in found(root, "rules")]


# --- reading ------------------------------------------------------------------------------------


def test_a_pack_is_read_with_all_its_keys(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    (one,) = rulepack.read(path).rules
    assert (one.id, one.name, one.message) == (
        "old-spade", "Finds the old name of the trowel.", "the spade is called trowel",
    )  # fmt: skip
    assert (one.why, one.severity, one.url) == ("The shop knows no spade.", "error", "https://example.org/tools")
    assert one.zones == {ZoneKind.PROSE, ZoneKind.HEADING}
    assert (one.include, one.exclude) == (("*.md",), ("drafts/",))
    assert (one.fix, one.applicability) == (r"\g<size> trowel", "safe")
    assert one.where == f"{path}:3:5"
    assert [(example.path, example.text) for example in one.valid] == [("example.md", "a small trowel")]
    assert [(example.text, example.fixed, example.where) for example in one.invalid] == [
        ("a big spade", "a big trowel", f"{path}:19:11")
    ]


def test_what_is_left_out_has_a_mild_default(tmp_path: Path) -> None:
    (one,) = rulepack.read(write(tmp_path, rule("terms: [spade]"))).rules
    assert (one.name, one.why, one.severity, one.zones) == ("m", "m", "warning", frozenset())
    assert (one.fix, one.applicability, one.valid, one.invalid) == (None, "unsafe", (), ())


MISTAKES = {
    "rulse: []": "pack.yaml:1:1: unknown key 'rulse': did you mean 'rules'?",
    "- id: a": "pack.yaml:1:1: the whole must be a table, not a list: write keys with their values",
    "rules: []": "pack.yaml:1:1: the pack has no list of rules: write 'rules:', and each rule below with a dash",
    "": "pack.yaml:1:1: the pack has no list of rules: write 'rules:', and each rule below with a dash",
    "rules: [a]": "pack.yaml:1:9: rule 1 is no table: write keys with their values",
    "rules:\n  - {id: a}": "pack.yaml:2:5: the rule has no 'message': add it",
    rule("terms: [b]\npatern: c"): "pack.yaml:5:5: unknown key 'patern': did you mean 'pattern'?",
    rule(""): "pack.yaml:2:5: a rule has either 'pattern' or 'terms': write one of them",
    rule("terms: [b]\npattern: c"): "pack.yaml:2:5: a rule has either 'pattern' or 'terms': write one of them",
    rule("terms: []"): "pack.yaml:4:5: 'terms' is empty: write the terms to be found",
    rule("pattern: (b"): "pack.yaml:4:5: '(b' is no pattern (missing ) at position 2) in 'pattern':"
    " correct it, or escape the character",
    rule("pattern: b*"): "pack.yaml:4:5: 'b*' matches an empty text in 'pattern': write what must be there",
    rule("terms: [b]\nexceptions: ['[']"): "pack.yaml:5:5: '[' is no pattern (unterminated character set at position 1)"
    " in 'exceptions': correct it, or escape the character",
    rule("terms: [b]\nzones: [prosa]"): "pack.yaml:5:5: 'prosa' is unknown in 'zones': did you mean 'prose'?",
    rule("terms: [b]\nseverity: err"): "pack.yaml:5:5: 'err' is unknown in 'severity': did you mean 'error'?",
    rule("terms: [b]\nfix: c\napplicability: save"): "pack.yaml:6:5: 'save' is unknown in 'applicability':"
    " did you mean 'safe'?",
    rule("terms: [b]\napplicability: safe"): "pack.yaml:5:5: 'applicability' without 'fix': add the fix",
    rule("pattern: b\nfix: \\g<c>"): "pack.yaml:5:5: the pattern has no group 'c': name it as (?<name>...)",
    rule("pattern: (b)\nfix: \\1"): "pack.yaml:5:5: 'fix' holds \\1: write \\g<1>",
    rule("terms: [b]\ninclude: [../c]"): "pack.yaml:5:5: '../c' in 'include' leads out of its folder with '..':"
    " name it from the root downwards",
    rule("terms: [b]\ntests: {vald: []}"): "pack.yaml:5:13: unknown key 'vald': did you mean 'valid'?",
    rule("terms: [b]\ntests:\n  valid: [{fix: c, text: b}]"): "pack.yaml:6:16: unknown key 'fix':"
    " choose from path, text",
    rule("terms: [b]\ntests:\n  invalid: [b, {path: c}]"): "pack.yaml:6:20: the example has no 'text':"
    " write a text, or {path: ..., text: ...}",
    rule("terms: [b]\ntests:\n  invalid: b"): "pack.yaml:6:7: 'invalid' must be a list: start each example with a dash",
    rule("terms: [b]") + "  - {id: a, message: n, terms: [c]}": "pack.yaml:5:6: the id 'a' stands twice,"
    " first at pack.yaml:2:5: give one another id",
    "rules:\n  - {id: Old Spade, message: m, terms: [b]}": "pack.yaml:2:6: 'Old Spade' is no id:"
    " write small words joined by '-', as in old-name",
    "rules:\n\t- id: a": "pack.yaml:2:1: a tab stands where only spaces may: replace it.",
    "rules: !!python/object:os.system {}": "pack.yaml:1:8: the tag 'python/object:os.system' has no meaning here.",
}


@pytest.mark.parametrize("text", MISTAKES, ids=map(str, range(len(MISTAKES))))
def test_every_mistake_is_one_sentence_with_its_place(tmp_path: Path, text: str) -> None:
    assert error_of(write(tmp_path, text)).replace(f"{tmp_path}{os.sep}", "") == MISTAKES[text]


HOSTILE = {
    "rules:\n  - &a [" + "x, " * 9 + "]\n" + "  - [" + "*a, " * 9 + "]": "too many aliases: write the text out.",
    "rules: " + "[" * 5000: "this is nested more than 100 levels deep.",
    rule("pattern: '((((a{100}){100}){100}){100})'"): "repeats itself too often",
    rule("pattern: '" + "(?:" * 40 + "a" + ")+" * 40 + "'"): "repeats itself too often",
    rule("pattern: (?R)?a"): "repeats itself too often",
    rule("pattern: " + "(" * 4000 + "a" + ")" * 4000): "a pattern is too large",
    rule("pattern: " + "a" * 20_000): "a pattern is longer than 10000 characters",
    rule("pattern: a{" + "9" * 5000 + "}"): "repeats itself too often",
}


@pytest.mark.parametrize("text", HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_a_hostile_pack_is_one_clear_error(tmp_path: Path, text: str) -> None:
    error = error_of(write(tmp_path, text))
    assert HOSTILE[text] in error
    assert "\n" not in error


def test_a_pack_of_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, "# " + "x" * 10_000_000)
    assert error_of(path) == "pack.yaml is larger than 1000 kB: shorten it, for it is read by people."


def test_a_pack_that_is_not_utf8_is_one_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_bytes(b"rules:\n  - id: \xff")
    assert error_of(path) == "pack.yaml:2:1: this line is not UTF-8: save the file as UTF-8."


@settings(max_examples=300)
@given(st.text(st.sampled_from(r"ab(|)[]{}*+?1239,\^$.:<>=!iPR&#-" + "\n"), max_size=24))
def test_any_text_is_a_pattern_or_a_clear_refusal(written: str) -> None:
    try:
        pattern = patterns.compiled(written, 0.2)
    except patterns.BadPatternError as error:
        assert error.problem
        assert error.advice
    else:
        assert pattern.fullmatch("") is None


# --- finding packs ------------------------------------------------------------------------------


def test_a_shipped_pack_is_used_only_when_it_is_named(tmp_path: Path) -> None:
    assert rulepack.packs_of(tmp_path, []) == []
    (pack,) = rulepack.packs_of(tmp_path, ["optimization_tier"])
    assert pack.path == SHIPPED


def test_a_folder_of_the_tree_holds_packs(tmp_path: Path) -> None:
    write(tmp_path, rule("terms: [b]"), "lint/b.yml")
    write(tmp_path, rule("terms: [b]"), "lint/a.yaml")
    write(tmp_path, "no pack", "lint/README.md")
    root = tmp_path.resolve()
    assert [pack.path for pack in rulepack.packs_of(tmp_path, ["lint", "lint/b.yml"])] == [
        root / "lint" / "a.yaml", root / "lint" / "b.yml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("../rules", "the rule pack '../rules' leads out of its folder with '..': name a folder of the tree, or a shipped pack."),
        ("/etc", "the rule pack '/etc' is an absolute path: name a folder of the tree, or a shipped pack."),
        ("optimisation_tier", "there is no folder or rule pack 'optimisation_tier': did you mean 'optimization_tier'?"),
        ("empty", "there is no rule pack at {root}/empty: name a YAML file, or a folder that holds some."),
    ],
)  # fmt: skip
def test_a_name_that_leads_to_no_pack_is_refused(tmp_path: Path, name: str, error: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RefactorError) as caught:
        rulepack.packs_of(tmp_path, [name])
    assert str(caught.value) == error.format(root=tmp_path.resolve())


@pytest.mark.parametrize("link", ["rules", "rules/pack.yaml"])
def test_a_link_out_of_the_tree_is_refused(tmp_path: Path, link: str) -> None:
    write(tmp_path, rule("terms: [b]"), "outside/pack.yaml")
    target = tmp_path / "tree" / link
    target.parent.mkdir(parents=True)
    target.symlink_to(tmp_path / "outside" / ("pack.yaml" if link.endswith("yaml") else ""))
    with pytest.raises(RefactorError, match="is a link that leads out of the tree"):
        rulepack.packs_of(tmp_path / "tree", ["rules"])


# --- what rules find ----------------------------------------------------------------------------


def test_a_finding_has_place_code_message_and_fix(tmp_path: Path) -> None:
    course(tmp_path, {"tools.md": "Take a big spade.\n", "tools.txt": "a big spade", "drafts/a.md": "a big spade"})
    write(tmp_path, FULL, "rules/pack.yaml")
    (one,) = found(tmp_path, "rules")
    assert (one.path, one.span, one.code, one.severity) == ("tools.md", Span(7, 16), "old-spade", "error")
    assert one.message == "the spade is called trowel"
    assert isinstance(one.fix, Fix)
    assert (one.fix.applicability, one.fix.message) == ("safe", "Replace it with 'big trowel'")
    assert [(edit.span, edit.old, edit.new) for edit in one.fix.edits] == [(Span(7, 16), "big spade", "big trowel")]


@pytest.mark.parametrize(
    ("body", "text", "expected"),
    [
        ("terms: [kv caching]", "KV Caching, kv-caching, kv\ncaching, xkv caching, kv cachings", ["KV Caching", "kv\ncaching"]),
        ("terms: [KV Caching]", "kv caching, KV caching, KV  Caching", ["KV  Caching"]),
        ("terms: [c++, .net]", "C++ and .NET, c+ and net", ["C++", ".NET"]),
        ("terms: [schön]", "schön, schöner, unschön", ["schön"]),
        ("terms: [spade]\nexceptions: [spade of gold]", "spade, spade of gold, spade of iron", ["spade", "spade"]),
        ("terms: [spade]\nexceptions: ['\\w+ spade']", "spade, big spade", ["spade"]),
        ("terms: [a spade]\nexceptions: [spade (old)]", "a spade, a spade (old)", ["a spade"]),
        ("pattern: ^spade$", "spade\na spade\nspade\n", ["spade", "spade"]),
        ("pattern: (?=spade)", "spade", []),
        ("terms: [spade]\nzones: [heading]", "# The spade\n\nA spade.\n", ["spade"]),
        ("terms: [spade]\nzones: [code span, code block]", "A spade, `a spade`.\n\n```\nspade\n```\n", ["spade", "spade"]),
    ],
)  # fmt: skip
def test_what_a_rule_finds(tmp_path: Path, body: str, text: str, expected: list[str]) -> None:
    assert hits(tmp_path, body, text) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("page.md", "<!-- refactor-disable-next-line a -- no\nspade -->\n"),
        ("page.md", "<!-- refactor-disable-line spade -->\n"),
        ("code.py", "x = 1  # refactor: ignore[a] -- a spade\n"),
        ("conf.yml", "a: 1  # refactor: ignore[spade]\n"),
        ("CHANGELOG.md", "- the spade\n"),
        ("archive/old.md", "the spade\n"),
        ("kept/page.md", "the spade\n"),
        ("past/page.md", "the spade\n"),
        ("rules/pack.yml", "rules:\n- {id: b, message: spade, terms: [xyz]}\n"),
    ],
)
def test_where_no_rule_fires(tmp_path: Path, path: str, text: str) -> None:
    course(tmp_path, {path: text, "refactor.toml": "history = ['past/']\n"})
    write(tmp_path, rule("terms: [spade]"), "rules/pack.yaml")
    assert found(tmp_path, "rules", frozen=("kept/",)) == []


def test_text_beside_a_suppression_is_still_found(tmp_path: Path) -> None:
    """Whether a finding is suppressed is decided afterwards, or no suppression would ever count as used."""
    assert hits(tmp_path, "terms: [spade]", "spade <!-- refactor-disable-line a --> spade\n") == ["spade", "spade"]


def test_the_shipped_packs_are_rule_files_where_they_lie() -> None:
    """A checkout of renumber may lint itself with its own packs."""
    checks = rulepack.as_checks(rulepack.packs_of(ROOT, ["optimization_tier"]))
    view = open_tree(ROOT).view(Series("entry", ("entry",), ()))
    assert SHIPPED.relative_to(ROOT).as_posix() in view.documents
    assert [one for check in checks for one in check.find(view) if one.path.startswith("rules/")] == []


def test_a_fix_in_a_notebook_never_breaks_its_syntax(tmp_path: Path) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["The spade.\n", "An old\n", "spade."]}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    write(course(tmp_path, {"a.ipynb": text}), rule("terms: [spade, old spade]\nfix: trowel"), "rules/a.yaml")
    whole, split = found(tmp_path, "rules")
    assert whole.fix is not None
    assert [(edit.old, edit.new) for edit in whole.fix.edits] == [("spade", "trowel")]
    assert split.fix is None
    write(tmp_path, rule('terms: [the spade]\nfix: a "trowel"'), "rules/a.yaml")
    assert [one.fix for one in found(tmp_path, "rules")] == [None]


def test_an_id_belongs_to_one_rule_or_check(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path, rule("terms: [b]"), f"rules/{name}.yaml")
    packs = rulepack.packs_of(tmp_path, ["rules"])
    with pytest.raises(RefactorError, match=r"b\.yaml:2:5: the id 'a' is taken by .*a\.yaml:2:5: give it another id"):
        rulepack.as_checks(packs)
    with pytest.raises(RefactorError, match="the id 'a' is taken by a built-in check"):
        rulepack.as_checks(packs[:1], taken=["a"])


# --- hostile rules ------------------------------------------------------------------------------


def test_a_catastrophic_pattern_is_one_finding_a_file_and_is_given_up(tmp_path: Path) -> None:
    long = "a" * 5000 + "b"
    course(tmp_path, {f"{name}.txt": long for name in "pqrstu"})
    write(tmp_path, rule("pattern: (a|aa)+$") + "  - {id: z, message: m, pattern: ab}\n", "rules/pack.yaml")
    all_found = found(tmp_path, "rules", limit=0.05)
    slow = [one for one in all_found if one.code == "rule-timeout"]
    assert [(one.path, one.span, one.severity) for one in slow] == [
        ("p.txt", Span(0, 0), "error"), ("q.txt", Span(0, 0), "error"), ("r.txt", Span(0, 0), "error"),
    ]  # fmt: skip
    assert slow[0].message == "the rule a took too long here: make its pattern simpler"
    assert (
        slow[2].message == "the rule a took too long here; it was not tried on further files: make its pattern simpler"
    )
    assert [one.path for one in all_found if one.code == "z"] == [f"{name}.txt" for name in "pqrstu"]


def test_a_line_of_megabytes_with_many_hits_is_searched_once(tmp_path: Path) -> None:
    course(tmp_path, {"long.txt": "spade of gold " * 20_000 + "spade"})
    write(tmp_path, rule("terms: [spade]\nexceptions: [spade of gold]"), "rules/pack.yaml")
    assert places(found(tmp_path, "rules", limit=20)) == [("long.txt", 280_000, 280_005)]


def test_bytes_that_are_no_text_are_no_trouble(tmp_path: Path) -> None:
    course(tmp_path, {})
    (tmp_path / "a.md").write_bytes(b"\xff\xfe spade \x80")
    write(tmp_path, rule("terms: [spade]\nfix: trowel"), "rules/pack.yaml")
    assert places(found(tmp_path, "rules")) == [("a.md", 3, 8)]


# --- examples -----------------------------------------------------------------------------------


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "refactor", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)


def test_failing_examples_are_named_by_place_rule_and_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "terms: [spade]\nfix: iron spade\ntests:\n  valid: [a trowel, two spade]\n  invalid: [a rake, {text: spade, fix: rake}, spade]\n"
    path = write(tmp_path, rule(body))
    assert cli.main(["--root", str(tmp_path), "rules", "test", str(path)]) == 1
    assert capsys.readouterr().out.replace(f"{tmp_path}{os.sep}", "").splitlines() == [
        "pack.yaml:7:25: a: valid example 2 is reported for 'spade'",
        "pack.yaml:8:17: a: invalid example 1 is not reported",
        "pack.yaml:8:25: a: invalid example 2 becomes 'iron spade', not 'rake'",
        "pack.yaml:8:51: a: invalid example 3 is still reported once it is mended to 'iron spade'",
        "pack.yaml: 1 rules, 5 examples, 4 failed",
    ]


def test_an_example_that_the_rule_does_not_look_at_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "terms: [spade]\ninclude: ['*.py']\ntests: {invalid: [spade, {path: a.py, text: '# spade'}]}"
    path = write(tmp_path, rule(body))
    assert cli.main(["--root", str(tmp_path), "rules", "test", str(path)]) == 1
    assert "a: invalid example 1 is not looked at in example.md\n" in capsys.readouterr().out


def test_a_rule_without_examples_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, rule("terms: [spade]"))
    assert cli.main(["--root", str(tmp_path), "rules", "test", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: 1 rules, 0 examples, all as they should be; too few examples: a\n"


def test_without_a_path_the_packs_of_the_tree_are_tested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--root", str(tmp_path), "rules", "test"]) == 0
    assert "optimization_tier.yaml: 18 rules" in capsys.readouterr().out
    write(tmp_path, FULL, "lint/tools.yaml")
    write(tmp_path, "rules = ['lint']\n", "refactor.toml")
    assert cli.main(["--root", str(tmp_path), "rules", "test"]) == 0
    assert (
        capsys.readouterr().out == f"{tmp_path / 'lint' / 'tools.yaml'}: 1 rules, 2 examples, all as they should be\n"
    )


def test_a_bad_pack_is_an_error_for_every_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, rule("terms: [b]\nfixx: c"), "lint/pack.yaml")
    write(tmp_path, "rules = ['lint']\n", "refactor.toml")
    for words in (["rules", "test"], ["explain", "stale-number"], ["list", "rules"]):
        assert cli.main(["--root", str(tmp_path), *words]) == 2
        assert "pack.yaml:5:5: unknown key 'fixx': did you mean 'fix'?" in capsys.readouterr().err


# --- explaining ---------------------------------------------------------------------------------


def test_a_rule_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, FULL, "lint/tools.yaml")
    assert cli.main(["--root", str(tmp_path), "explain", "old-spade", "--rules", "lint"]) == 0
    assert capsys.readouterr().out == (
        "old-spade (error, rule of tools.yaml, https://example.org/tools)\n\n"
        "What it does\n  Finds the old name of the trowel.\n\n"
        "Why\n  The shop knows no spade.\n\n"
        "Example\n  tools.md:\n    a big spade\n\n"
        "Use instead\n  example.md:\n    a small trowel\n\n"
        "Fix\n  Safe: `lint --fix` applies it.\n    - a big spade\n    + a big trowel\n\n"
    )


def test_a_check_is_explained_by_what_it_does_with_its_examples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--root", str(tmp_path), "explain", "stale-number"]) == 0
    told = capsys.readouterr().out
    titles = [line for line in told.splitlines()[1:] if line and not line.startswith(" ")]
    assert titles == ["What it does", "Why", "Example", "Use instead", "Fix"]
    assert "    Read Module 2: Water first.\n" in told
    assert "    + Read Module 3: Water first.\n" in told


@pytest.mark.parametrize("name", ["rule-timeout", "unused-suppression", "invalid-suppression", "kv-caching-title"])
def test_every_code_that_lint_may_print_is_explained(tmp_path: Path, name: str) -> None:
    assert cli.main(["--root", str(tmp_path), "explain", name]) == 0


def test_an_unknown_name_gets_the_nearest_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--root", str(tmp_path), "explain", "stale-nubmer"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: there is no check or rule 'stale-nubmer'; the nearest names are stale-number")
    assert error.count("\n") == 1


def test_nothing_in_a_pack_steers_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = 'terms: [spade]\nname: "\\e[31mred"\nwhy: "a\\u202eb"\ntests: {invalid: ["\\e]0;spade\\a"]}'
    write(tmp_path, rule(body), "lint/pack.yaml")
    for words in (["explain", "a", "--rules", "lint"], ["list", "rules", "--rules", "lint"]):
        assert cli.main(["--root", str(tmp_path), *words]) == 0
        told = capsys.readouterr().out
        assert r"\u001b[31mred" in told
        assert not {"\x1b", "\x07", "\u202e"} & set(told)


def test_rules_are_listed_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, FULL, "lint/tools.yaml")
    assert cli.main(["--root", str(tmp_path), "list", "rules", "--rules", "lint", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[-1] == {
        "id": "old-spade", "severity": "error", "source": "tools.yaml", "default": True,
        "summary": "Finds the old name of the trowel.",
    }  # fmt: skip
    assert {"stale-number", "rule-timeout"} <= {row["id"] for row in rows}


def test_the_reference_page_is_what_explain_prints() -> None:
    told = run("explain", "--all", "--format", "markdown")
    assert told.returncode == 0, told.stderr
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == told.stdout


def test_the_example_of_the_how_to_is_a_pack_that_passes(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    pack = page.split("```yaml\n")[1].split("```")[0]
    (one,) = rulepack.read(write(tmp_path, pack)).rules
    assert [*explain.failures_of(one, explain._formats())] == []
    assert one.valid
    assert one.invalid


# --- the published schema -----------------------------------------------------------------------


def schema() -> Draft202012Validator:
    content = json.loads(explain_text.SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


@pytest.mark.parametrize("text", [FULL, rule("terms: [spade]"), rule("pattern: b\nfix: ''"), rule("pattern: b\nfix:")])
def test_what_the_schema_accepts_is_read(tmp_path: Path, text: str) -> None:
    assert [*schema().iter_errors(yaml.safe_load(text))] == []
    rulepack.read(write(tmp_path, text))


# What only the compiler of patterns, or somebody who compares rules, can see.
BEYOND_SCHEMA = ("is no pattern", "matches an empty text", "has no group", "'fix' holds", "stands twice")


@pytest.mark.parametrize(
    "text",
    [
        text
        for text, error in MISTAKES.items()
        if not any(part in error for part in BEYOND_SCHEMA) and "\t" not in text and "!!" not in text
    ],
)
def test_what_the_schema_refuses_is_refused(text: str) -> None:
    assert not schema().is_valid(yaml.safe_load(text))


def test_the_schema_knows_the_same_keys() -> None:
    content = json.loads(explain_text.SCHEMA.read_text(encoding="utf-8"))
    properties = content["$defs"]["rule"]["properties"]
    assert tuple(properties) == rulepack.RULE_KEYS
    assert properties["zones"]["items"]["enum"] == [*ZoneKind]
    assert tuple(content["properties"]) == rulepack.KEYS


# --- the shipped pack ---------------------------------------------------------------------------


def test_the_examples_of_the_shipped_pack_hold() -> None:
    pack = rulepack.read(SHIPPED)
    formats = explain._formats()
    assert [failure for one in pack.rules for failure in explain.failures_of(one, formats)] == []
    assert [one.id for one in pack.rules if not (one.valid and one.invalid)] == []
    assert [*schema().iter_errors(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))] == []


def test_the_shipped_pack_leaves_the_technique_alone(tmp_path: Path) -> None:
    text = (
        "KV caching is mandatory. Without KV-caching, spatial dimensions would not matter.\n\n"
        "## Spatial Downsampling\n\n- KV Caching\n- Spatial features\n\nModule 15 (Memoization) builds KV caching.\n"
        "techniques=['kvcaching', 'KV Caching'], tinytorch.core.spatial, spatial_size\n"
    )
    assert found(course(tmp_path, {"page.md": text}), "optimization_tier") == []


def test_after_the_fixes_of_the_shipped_pack_nothing_is_left(tmp_path: Path) -> None:
    text = (
        "# 14. KV Caching\n\nAfter Module 09: Spatial (CNNs), see `14_kvcaching/kvcaching_dev.py`.\n\n"
        "| 09 | Spatial |\n\nArchitecture Tier (08-14), Performance Tier, [page](09-spatial.md)\n"
    )
    findings = found(course(tmp_path, {"page.md": text}), "optimization_tier")
    mended = splice(text, ((edit.span, edit.old, edit.new) for edit in edits_of(findings)))
    assert mended == (
        "# 15. Memoization\n\nAfter Module 09: Convolutional Networks, see `15_memoization/memoization_dev.py`.\n\n"
        "| 09 | Convolutional Networks |\n\n"
        "Architecture Tier (08-13), Optimization Tier, [page](09-convolutional-networks.md)\n"
    )
    write(tmp_path, mended, "page.md")
    assert found(tmp_path, "optimization_tier") == []


@pytest.mark.tinytorch
def test_the_shipped_pack_finds_the_old_names_in_the_real_course(tinytorch: Path) -> None:
    findings = found(tinytorch, "optimization_tier")
    by_code = {one.code for one in findings}
    assert by_code == {one.id for one in rulepack.read(SHIPPED).rules}
    chapter = tinytorch / "book" / "chapters" / "14-kvcaching.md"
    lines = chapter.read_text(encoding="utf-8").splitlines()
    technique = {number for number, line in enumerate(lines, start=1) if "KV caching" in line}
    reported = {
        chapter.read_text(encoding="utf-8").count("\n", 0, one.span.start) + 1
        for one in findings
        if one.path == "book/chapters/14-kvcaching.md"
    }
    assert technique
    assert not technique & reported
