"""Comments that silence findings: one table of what is written, what it holds, and what is said of mistakes."""

from __future__ import annotations

import json

import pytest
from garden import FORMATS
from hypothesis import given
from hypothesis import strategies as st

from refactor import suppress
from refactor.lint import ERROR, at
from refactor.model import Document, Finding
from refactor.spans import Span, encode

KNOWN = ("stale-number", "stale-name", "broken-path", "unused-suppression")


def document(path: str, text: str) -> Document:
    return Document(path, encode(text), FORMATS.claimed(path) or FORMATS.fallback)


def on_every_hit(one: Document, code: str = "stale-number") -> list[Finding]:
    """A finding wherever `HIT` stands, plain text or JSON."""
    places = [place for place in range(len(one.text)) if one.text.startswith("HIT", place)]
    return [at(code, one.path, Span(place, place + 3), "is wrong") for place in places]


def kept(path: str, text: str, code: str = "stale-number") -> str:
    """Which hits are still found, "x", and which are silent, "."."""
    one = document(path, text)
    findings = on_every_hit(one, code)
    left, _ = suppress.apply(findings, {path: one}, KNOWN)
    return "".join("x" if finding in left else "." for finding in findings)


def about(path: str, text: str, hits: str = "stale-number") -> list[tuple[str, str, str]]:
    """What is said about the comments: code, the text it points to, the message."""
    one = document(path, text)
    _, said = suppress.apply(on_every_hit(one, hits), {path: one}, KNOWN)
    return [(finding.code, one.view[finding.span.start : finding.span.end], finding.message) for finding in said]


# What a comment holds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HIT  # refactor: ignore[stale-number]\nHIT\n", ".x"),
        ("HIT  #refactor:ignore[stale-number]\nHIT\n", ".x"),
        ("HIT  # refactor: ignore[stale-number] -- HIT was its number then\nHIT\n", "..x"),
        ("HIT  # refactor: ignore[ broken-path , stale-number ]\n", "."),
        ("HIT  # refactor: ignore[broken-path]\n", "x"),
        ("HIT  # type: ignore[x]  # refactor: ignore[stale-number]  # see HIT\n", ".."),
        ("HIT\n# refactor: ignore[stale-number]\nHIT\nHIT\n", "x.x"),
        ("if x:\n    # refactor: ignore[stale-number]\n    HIT\n    HIT\n", ".x"),
        ("# refactor: ignore[stale-number]\n# refactor: ignore[stale-name]\nHIT\nHIT\n", ".x"),
        ("# refactor: ignore[stale-number]\n\nHIT\n", "x"),
        ("\ufeff# refactor: ignore[stale-number]\r\nHIT\r\nHIT\r\n", ".x"),
        ("HIT\n# refactor: disable[stale-number]\nHIT\nHIT\n# refactor: enable[stale-number]\nHIT\n", "x..x"),
        ("HIT\n# refactor: disable[stale-number]\nHIT\nHIT\n", "x.."),
        ("# refactor: disable[stale-number, stale-name]\n# refactor: enable[stale-name]\nHIT\n", "."),
        ("# refactor: disable[stale-number, stale-name]\n# refactor: enable[stale-number]\nHIT\n", "x"),
        ("HIT\nHIT\n# refactor: ignore-file[stale-number]\n", ".."),
        ("HIT\n# refactor: ignore-file[stale-name]\n", "x"),
        ("x = '# refactor: ignore-file[stale-number]'\nHIT\n", "x"),
        ('"""\n# refactor: ignore-file[stale-number]\n"""\nHIT\n', "x"),
        ('# Write "# refactor: ignore-file[stale-number]" for that.\nHIT\n', "x"),
        ("# refactor : ignore-file[stale-number]\n#| refactor: ignore-file[stale-number]\nHIT\n", "x"),
        ("from x import (  # refactor: ignore[stale-number]\n    HIT,\n)\nHIT  # HIT\n", "xxx"),
        ("from x import (\n    HIT,  # refactor: ignore[stale-number]\n)\n", "."),
    ],
)
def test_a_comment_behind_a_hash_in_python(text: str, expected: str) -> None:
    assert kept("a.py", text) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.yml", "a: HIT # refactor: ignore[stale-number]\nb: HIT\n", ".x"),
        ("a.yml", "a: '# refactor: ignore-file[stale-number]'\nb: HIT\n", "x"),
        ("a.yml", "a: |\n  # refactor: ignore-file[stale-number]\nb: HIT\n", "x"),
        ("a.toml", "# refactor: ignore[stale-number]\na = 'HIT'\nb = 'HIT'\n", ".x"),
        ("a.toml", "a = '''\n# refactor: ignore-file[stale-number]\n'''\nb = 'HIT'\n", "x"),
        ("a.sh", "ls HIT # refactor: ignore[stale-number]\nls HIT\n", ".x"),
        ("a.sh", "echo '# refactor: ignore-file[stale-number]' HIT\n", "x"),
        ("Makefile", "# refactor: ignore-file[stale-number]\nall: HIT\n", "."),
        ("a.md", "---\n# refactor: ignore[stale-number]\ntitle: HIT\n---\nHIT\n", ".x"),
        ("a.txt", "# refactor: ignore-file[stale-number]\nHIT\n", "x"),
    ],
)
def test_a_comment_behind_a_hash_elsewhere(path: str, text: str, expected: str) -> None:
    assert kept(path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HIT <!-- refactor-disable-line stale-number -->\nHIT\n", ".x"),
        ("HIT <!--refactor-disable-line stale-name,stale-number-->\nHIT\n", ".x"),
        ("HIT <!-- refactor-disable-line stale-number -- HIT is\nthe old one --> HIT\nHIT\n", "...x"),
        ("<!-- refactor-disable-line stale-number -->\nHIT\n", "x"),
        ("HIT\n<!-- refactor-disable-next-line stale-number -->\nHIT\nHIT\n", "x.x"),
        ("- HIT\n  <!-- refactor-disable-next-line stale-number -->\n- HIT\n- HIT\n", "x.x"),
        ("> a\n> <!-- refactor-disable-next-line stale-number -->\n> HIT\n", "."),
        (
            "<!-- refactor-disable-next-line stale-number -->\n<!-- refactor-disable-next-line stale-name -->\nHIT\nHIT\n",
            ".x",
        ),
        ("| a |\n|---|\n| HIT <!-- refactor-disable-line stale-number --> |\n| HIT |\n", ".x"),
        ("<!-- refactor-disable stale-number -->\n\nHIT\n\n<!-- refactor-enable stale-number -->\n\nHIT\n", ".x"),
        ("HIT\n\n<!-- refactor-disable-file stale-number -->\n", "."),
        ("```\n<!-- refactor-disable-file stale-number -->\n```\nHIT\n", "x"),
        ("    <!-- refactor-disable-file stale-number -->\n\nHIT\n", "x"),
        ("`<!-- refactor-disable-file stale-number -->` HIT\n", "x"),
        ("<!-- see <!-- refactor-disable-file stale-number -->\nHIT\n", "x"),
        ("```python\nHIT  # refactor: ignore[stale-number]\n```\n", "x"),
        ("HIT # refactor: ignore[stale-number]\n", "x"),
        ("Read\nHIT <!-- refactor-disable-line stale-number -->\n", "."),
    ],
)
def test_a_comment_in_markdown(text: str, expected: str) -> None:
    assert kept("a.md", text) == expected


def test_html_and_markdown_inside_python_have_the_form_of_markdown() -> None:
    assert kept("a.html", "<p>HIT</p> <!-- refactor-disable-line stale-number -->\n<p>HIT</p>\n") == ".x"
    cell = '# %% [markdown]\n"""\nHIT <!-- refactor-disable-line stale-number -->\n"""\n# %%\nHIT\n'
    assert kept("a.py", cell) == ".x"


CELLS = [
    {"cell_type": "markdown", "source": ["HIT <!-- refactor-disable-line stale-number -->\n", "HIT\n"]},
    {"cell_type": "code", "source": ["HIT\n", "# refactor: ignore[stale-number]\n", "HIT\n", "HIT"]},
    {"cell_type": "code", "source": "HIT  # refactor: ignore[stale-number]\nHIT\n# refactor: ignore[stale-number]"},
    {"cell_type": "code", "source": "HIT", "outputs": [{"text": ["# refactor: ignore-file[stale-number]"]}]},
]


@pytest.mark.parametrize("indent", [1, None])
def test_lines_of_a_notebook_are_those_of_its_cells(indent: int | None) -> None:
    assert kept("a.ipynb", json.dumps({"cells": CELLS}, indent=indent)) == ".xx.x.xx"


def test_a_finding_over_several_lines_is_held_from_any_of_them() -> None:
    text = "Read Module\n16 now <!-- refactor-disable-line stale-number -->\n"
    one = document("a.md", text)
    finding = at("stale-number", "a.md", Span(5, 14), "is wrong")
    assert suppress.apply([finding], {"a.md": one}, KNOWN) == ([], [])


def test_only_a_comment_for_the_file_holds_a_finding_about_the_file() -> None:
    whole = at("stale-number", "a.md", Span(0, 0), "is wrong")
    for comment, left in (("disable-file", []), ("disable-line", [whole]), ("disable", [whole])):
        one = document("a.md", f"<!-- refactor-{comment} stale-number -->\n")
        assert suppress.apply([whole], {"a.md": one}, KNOWN)[0] == left


def test_a_finding_where_no_document_is_stays() -> None:
    finding = at("stale-number", "modules/14_soil", Span(0, 0), "is wrong")
    assert suppress.apply([finding], {}, KNOWN) == ([finding], [])


# What is written wrong

WRITE_HASH = "this suppresses nothing: write `# refactor: ignore[check] -- reason`"
WRITE_HTML = "this suppresses nothing: write `<!-- refactor-disable-line check -- reason -->`"


@pytest.mark.parametrize(
    "comment",
    [
        "# refactor: ignore",
        "# refactor: ignore[]",
        "# refactor: ignore[ ]",
        "# refactor: ignore[stale-number",
        "# refactor: ignore[stale-number,]",
        "# refactor: ignore[stale-number stale-name]",
        "# refactor: ignore[*]",
        "# refactor: ignore[stale-number] because",
        "# refactor: ignore[stale-number] --",
        "# refactor: ignore stale-number",
        "# refactor: ignore all",
        "# refactor: ignore: stale-number",
        "# refactor: ignroe[stale-number]",
        "# refactor: disable-line[stale-number]",
        "# refactor-disable-line stale-number",
        "# refactor: disable-file stale-number",
    ],
)
def test_a_slip_behind_a_hash_silences_nothing(comment: str) -> None:
    text = f"HIT  {comment}\n"
    assert kept("a.py", text) == "x"
    assert about("a.py", text) == [("invalid-suppression", comment, WRITE_HASH)]


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- refactor-disable-line -->",
        "<!-- refactor-disable-line -- reason -->",
        "<!-- refactor-disable-line stale-number stale-name -->",
        "<!-- refactor-disable-line stale-number, -->",
        "<!-- refactor-disable-line [stale-number] -->",
        "<!-- refactor-disabel-line stale-number -->",
        "<!-- refactor-ignore stale-number -->",
        "<!-- refactor: disable-line stale-number -->",
        "<!-- refactor: ignore[stale-number] -->",
    ],
)
def test_a_slip_in_markdown_silences_nothing(comment: str) -> None:
    text = f"HIT {comment}\n"
    assert kept("a.md", text) == "x"
    assert about("a.md", text) == [("invalid-suppression", comment, WRITE_HTML)]


def test_a_comment_that_is_never_closed_silences_nothing() -> None:
    text = "HIT\n\n<!-- refactor-disable-file stale-number\n\nHIT\n"
    assert kept("a.md", text) == "xx"
    assert [code for code, _, _ in about("a.md", text)] == ["invalid-suppression"]


def test_an_unknown_check_is_named_and_the_known_ones_hold() -> None:
    text = "HIT  # refactor: ignore[stale-nmber, stale-number, E501]\n"
    assert kept("a.py", text) == "."
    assert about("a.py", text) == [
        ("invalid-suppression", "stale-nmber", "this suppresses nothing: there is no check stale-nmber, did you mean stale-number?"),
        ("invalid-suppression", "E501", "this suppresses nothing: there is no check E501"),
    ]  # fmt: skip


def test_closing_what_is_not_open_is_said() -> None:
    assert about("a.py", "# refactor: enable[stale-number]\nHIT\n") == [
        ("invalid-suppression", "stale-number", "this suppresses nothing: no block with stale-number is open here")
    ]


def test_a_mistake_is_an_error() -> None:
    (problem,) = suppress.read(document("a.py", "x\n# refactor: ignore\n"), KNOWN).problems
    assert (problem.severity, problem.span) == (ERROR, Span(2, 20))


@pytest.mark.parametrize(
    "text",
    [
        "# refactor: split this function\n",
        "# refactor: disable the old exporter\n",
        "# refactor: ignore what is above\n",
        "# refactor: data[0] is slow\n",
        "# TODO refactor: ignore\n",
        "# refactor:\n",
        "# refactor-me\n",
        "# the refactor: ignore[x]\n",
        "import refactor  # refactor\n",
    ],
)
def test_notes_to_oneself_are_none_of_our_business(text: str) -> None:
    assert about("a.py", text) == []
    assert about("a.md", f"<!-- {text[2:-1]} -->\n") == []


# What holds nothing

REMOVE = "nothing here is a {}: remove this suppression"


def test_an_id_that_holds_nothing_is_found_where_it_is_written() -> None:
    text = "HIT  # refactor: ignore[stale-name, stale-number]\nx  # refactor: ignore[stale-number]\n"
    assert about("a.py", text) == [
        ("unused-suppression", "stale-name", REMOVE.format("stale-name")),
        ("unused-suppression", "stale-number", REMOVE.format("stale-number")),
    ]


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("# refactor: disable[stale-number]\nHIT\n# refactor: enable[stale-number]\n", 0),
        ("# refactor: disable[stale-number]\n# refactor: enable[stale-number]\nHIT\n", 1),
        ("# refactor: ignore-file[stale-number]\nHIT  # refactor: ignore[stale-number]\n", 1),
        ("# refactor: ignore-file[stale-number]\nHIT  # refactor: ignore[stale-number]\nHIT\n", 0),
        ("HIT  # refactor: ignore[stale-number, stale-number]\n", 1),
        ("x  # refactor: ignore[stale-number] -- HIT\n", 1),
        ("x  # refactor: ignore[stale-number, unused-suppression]\n", 0),
        ("# refactor: ignore-file[unused-suppression]\nx  # refactor: ignore[stale-number]\n", 0),
        ("# refactor: ignore-file[unused-suppression]\n", 0),
    ],
)
def test_each_finding_is_held_by_the_narrowest_comment(text: str, unused: int) -> None:
    assert len(about("a.py", text)) == unused


def test_a_check_that_did_not_run_proves_nothing() -> None:
    one = document("a.py", "x  # refactor: ignore[stale-number, broken-path]\n")
    _, said = suppress.apply([], {"a.py": one}, KNOWN, ran={"broken-path"})
    assert [one.view[finding.span.start : finding.span.end] for finding in said] == ["broken-path"]


# Whatever is written

PIECES = st.sampled_from(
    ["# refactor: ", "<!-- refactor-", "ignore", "disable", "enable", "-line", "-next-line", "-file", "[", "]", " ", "\n", ",",
     "stale-number", "-->", " -- ", "HIT", "`", "'", "#", "all"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["a.py", "a.md", "a.yml", "a.sh", "a.txt"]))
def test_anything_is_read_and_only_a_whole_comment_silences(text: str, path: str) -> None:
    one = document(path, text)
    findings = on_every_hit(one)
    left, said = suppress.apply(findings, {path: one}, KNOWN)
    assert set(left) <= set(findings)
    if "refactor: " not in text and "refactor-" not in text:
        assert (left, said) == (findings, [])
    if "stale-number" not in text:
        assert left == findings
    assert all(0 <= finding.span.start < finding.span.end <= len(text) for finding in said)


def test_hostile_comments_are_read_at_once() -> None:
    for text in ("# refactor: ignore[" + "a," * 200_000, "# refactor: ignore[a" + " " * 400_000 + "b]", "# " * 400_000):
        suppress.read(document("a.py", text + "\n# refactor: ignore[stale-number]\n"), KNOWN)
        suppress.read(document("a.md", f"<!-- refactor-disable {text} {text} -->\n"), KNOWN)
