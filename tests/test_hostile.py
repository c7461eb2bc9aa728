"""Trees made to harm the linter: each costs bounded time and memory, and gives a report or one clear sentence.

Everything runs as a user runs it, in a process of its own with an address space that is too small for a mistake.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS = 60  # far more than any case takes; what grows with the square of its size takes longer
MEMORY = 3 * 2**30
LINE = 10_000_000  # bytes, just below what is read at all
DENSE = 150_000  # bytes of a line that is nothing but mentions: at this size a square takes minutes

COURSE = {
    "README.md": "# A garden\n\n- [Lesson 1: Soil](lessons/01_soil.md)\n- [Lesson 2: Seeds](lessons/02_seeds.md)\n"
    "- [Lesson 3: Water](lessons/03_water.md)\n",
    "lessons/01_soil.md": "# Lesson 1: Soil\n",
    "lessons/02_seeds.md": "# Lesson 2: Seeds\n",
    "lessons/03_water.md": "# Lesson 3: Water\n",
}
SWAP = ("rename", "--from", "01_soil", "--to", "02_soil", "--swap", "--dry-run")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def plant(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a course with some more files, in a repository that knows them."""
    for path, content in {**COURSE, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return known(root)


def known(root: Path) -> Path:
    subprocess.run(("git", "init", "--quiet"), cwd=root, check=True)
    subprocess.run(("git", "add", "--all"), cwd=root, check=True)
    return root


def refactor(root: Path, *arguments: str) -> Ran:
    """Run a command; it must end in time, within its memory, with a code of the contract and without a traceback."""
    done = subprocess.run(
        (sys.executable, "-m", "refactor", *arguments),
        cwd=root,
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin:/usr/local/bin", "NO_COLOR": "1"},
        capture_output=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert ran.code in {0, 1, 2}, ran.err
    assert "Traceback" not in ran.err
    if ran.code == 2:
        assert ran.err.startswith("error: ")
        assert ran.err.count("\n") == 1
    return ran


def filled(unit: str, size: int = LINE) -> str:
    """A line of a size, made of one unit."""
    return (unit * (size // len(unit) + 1))[:size]


def notebook(*sources: str) -> str:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [source]} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


# --- a line without an end ----------------------------------------------------------------------

WRONG = "Lesson 2: Water"
LONG_LINES = {
    "prose": ("a.md", filled("word ") + WRONG),
    "a picture in the text": ("a.md", "![](data:image/png;base64," + filled("iVBORw0K") + ") " + WRONG),
    "a quote": ("a.md", "> " + filled("soil ") + WRONG),
    "Python": ("a.py", 'a = "' + filled("word ") + '"  # ' + WRONG),
    "YAML": ("a.yml", "a: " + filled("word ") + WRONG),
    "JSON": ("a.json", '{"a": "' + filled("word ") + WRONG + '"}'),
    "a notebook": ("a.ipynb", notebook(filled("word ") + WRONG)),
    "plain text": ("a.txt", filled("word ") + WRONG),
    "digits": ("a.txt", filled("1") + " " + WRONG),
    "blanks": ("a.md", filled(" ") + "\n\n" + WRONG),
}


@pytest.mark.parametrize(("path", "text"), LONG_LINES.values(), ids=LONG_LINES)
def test_what_stands_at_the_end_of_a_very_long_line_is_found(tmp_path: Path, path: str, text: str) -> None:
    ran = refactor(plant(tmp_path, {path: text}), "lint", "--select", "stale-number", "--output-format", "json-lines")
    assert [json.loads(line)["filename"] for line in ran.out.splitlines()] == [path]


def test_a_file_that_is_too_large_is_one_finding(tmp_path: Path) -> None:
    ran = refactor(plant(tmp_path, {"a.md": filled("word ", 11_000_000)}), "lint")
    assert ran.out == "a.md:1:1: unreadable-file was not read: larger than 10 MB\nFound 1 finding.\n"


DENSE_LINES = (
    "Lesson 2 ",
    "Lesson 2: Soil ",
    "Lesson 9: Rain ",
    "Lessons 1, 2, ",
    "1-",
    "01→02 ",
    "lessons 01→02 x",
    "lessons/02_soil ",
    "02_soil ",
    "Soil → ",
    "Lesson (Soil, ",
    "[Soil](",
    "| 2 | Soil ",
    "[",
    "[a](",
    "<!-- refactor-disable ",
    "# refactor: ignore[",
    "├── 02_soil/ ",
    "http://a/02_soil/",
    "`a",
    "*a **b ",
    "<a href='",
)


@pytest.mark.parametrize("unit", DENSE_LINES)
@pytest.mark.parametrize("path", ["a.md", "lessons/02_seeds.py"])
def test_a_line_of_nothing_but_mentions_ends(tmp_path: Path, path: str, unit: str) -> None:
    refactor(plant(tmp_path, {path: f"](x) {filled(unit, DENSE)}"}), "lint", "--output-format", "json-lines")


@pytest.mark.parametrize("unit", ["Lesson 2\n", "- Lesson 2: Soil\n", "| 2 | Soil |\n", "├── 02_soil/\n"])
def test_many_lines_without_a_blank_one_end(tmp_path: Path, unit: str) -> None:
    refactor(plant(tmp_path, {"a.md": filled(unit, DENSE)}), "lint", "--output-format", "json-lines")


# --- depth --------------------------------------------------------------------------------------


def nested(before: str, after: str, depth: int, inside: str = "") -> str:
    return before * depth + inside + after * depth


def deep(depth: int) -> dict[str, dict[str, str]]:
    """Trees whose texts nest as deep, by what nests."""
    lists = "".join(f"{'  ' * level}- Lesson 2\n" for level in range(min(depth, 1000)))
    sections = "".join(f"{' ' * level}sections:\n{' ' * level}- file: a\n" for level in range(min(depth, 1000)))
    return {
        "lists": {"a.md": lists, "src/SUMMARY.md": f"# Summary\n\n{lists.replace('Lesson 2', '[a](a.md)')}"},
        "quotes": {"a.md": nested("> ", "", depth, "Lesson 2\n")},
        "emphasis": {"a.md": nested("*", "*", depth, "a") + "\n" + nested("*a _b ", "", depth) + "\n"},
        "links": {"a.md": nested("[", "](lessons/01_soil.md)", depth, "a") + "\n"},
        "directives": {"a.md": "\n".join(f"{':' * (depth + 3 - level)}{{note}}" for level in range(min(depth, 1000)))},
        "brackets": {"lessons/02_seeds.py": f"x = {nested('(', ')', depth, '1')}\ny = {nested('[', '', depth)}\n"},
        "operators": {"lessons/02_seeds.py": f"x = {nested('-', '', depth, '1')}\n"},
        "a flow": {"_toc.yml": f"format: jb-book\nroot: README\nchapters: {nested('[', ']', depth)}\n"},
        "a block": {"_toc.yml": f"format: jb-book\nroot: README\n{sections}"},
        "front matter": {"a.md": f"---\ntitle: {nested('{a: ', '}', depth, '1')}\n---\n# Lesson 2\n"},
        "JSON": {"a.json": nested("[", "]", depth), "a.ipynb": f'{{"cells": {nested("[", "]", depth)}}}'},
        "HTML": {"a.html": nested("<div>", "</div>", depth, "Lesson 2"), "a.md": nested("<div>\n", "</div>\n", depth)},
        "TOML": {
            "a.toml": f"a = {nested('[', ']', depth)}\n",
            "pyproject.toml": f"[a]\na = {nested('[', ']', depth)}\n",
        },
        "folders": {f"{'a/' * min(depth, 500)}a.md": "Lesson 2\n"},
    }


@pytest.mark.parametrize("depth", [200, 20_000])
@pytest.mark.parametrize("what", deep(1))
def test_depth_is_read_or_reported(tmp_path: Path, what: str, depth: int) -> None:
    root = plant(tmp_path, deep(depth)[what])
    assert refactor(root, "lint").code in {0, 1}
    assert refactor(root, *SWAP).code == 0


@pytest.mark.parametrize("name", ["refactor.toml", "pyproject.toml"])
def test_settings_that_nest_too_deep_are_an_error(tmp_path: Path, name: str) -> None:
    root = plant(tmp_path, {name: f"refactor = {nested('[', ']', 20_000)}\n"})
    for command in (("lint",), SWAP):
        assert (
            refactor(root, *command).err
            == f"error: {name} is nested too deeply: write fewer brackets inside brackets.\n"
        )


# --- patterns and aliases that explode ----------------------------------------------------------


def test_a_rule_that_never_comes_to_an_end_is_one_finding(tmp_path: Path) -> None:
    pack = "rules:\n- {id: slow, message: no, pattern: '(?:(?:a|a)+)+(?:a+)+$'}\n"
    files = {"slow.yaml": pack, "refactor.toml": 'rules = ["slow.yaml"]\n', "a.md": "a" * 5000 + "!\n"}
    ran = refactor(plant(tmp_path, files), "lint")
    assert ran.code == 1
    assert ran.out.startswith("a.md:1:1: rule-timeout the rule slow took too long here")


def bomb() -> str:
    """Ten to the power of twenty texts, in a few lines."""
    names = "abcdefghijklmnopqrstu"
    grown = (f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]" for before, after in itertools.pairwise(names))
    return "\n".join(("a: &a [x]", *grown))


BOMBS = {
    "front matter": {"a.md": f"---\n{bomb()}\ntitle: *u\n---\n# Lesson 2\n"},
    "a table of contents": {"_toc.yml": f"{bomb()}\nformat: jb-book\nroot: README\nchapters: *u\n"},
    "a navigation": {"mkdocs.yml": f"{bomb()}\nnav: *u\n"},
    "one that holds itself": {"_toc.yml": "format: jb-book\nroot: README\nchapters: &a\n- sections: *a\n"},
}


@pytest.mark.parametrize("files", BOMBS.values(), ids=BOMBS)
def test_aliases_do_not_grow(tmp_path: Path, files: dict[str, str]) -> None:
    root = plant(tmp_path, files)
    assert refactor(root, "lint").code in {0, 1}
    assert refactor(root, *SWAP).code == 0


def test_a_rule_pack_of_aliases_is_an_error(tmp_path: Path) -> None:
    root = plant(tmp_path, {"pack.yaml": bomb(), "refactor.toml": 'rules = ["pack.yaml"]\n'})
    assert refactor(root, "lint").err.endswith("too many aliases: write the text out.\n")


# --- bytes, names and links ---------------------------------------------------------------------


def test_bytes_that_are_no_text_are_findings(tmp_path: Path) -> None:
    files = {
        "a.md": b"\xff\xfa Lesson 2: Water \x80\n",
        "b.md": b"Lesson 9\0",
        "c.yml": b"a: \xff\n",
        "d.ipynb": b'{"cells": [\xff]}',
        "e.md": b"a" * 10_000 + b"\0 Lesson 2\n",
        ".gitignore": b"\xff[\n*.(\n",
    }
    root = plant(tmp_path, files)
    ran = refactor(root, "lint", "--select", "unreadable-file")
    assert ran.out.splitlines() == [
        ".gitignore:1:1: unreadable-file is not UTF-8 from byte 0 on",
        "a.md:1:1: unreadable-file is not UTF-8 from byte 0 on",
        "b.md:1:1: unreadable-file was not read: binary",
        "c.yml:1:1: unreadable-file is not UTF-8 from byte 3 on",
        "d.ipynb:1:1: unreadable-file is not UTF-8 from byte 11 on",
        "d.ipynb:1:12: unreadable-file is no JSON: Expecting value",
        "Found 6 findings.",
    ]
    assert refactor(root, *SWAP).code == 0


ODD_NAMES = (
    "a\n::error file=x::b.md",
    "c\x1b[31m.md",
    "::error::d.md",
    ":",
    "e\r::error::.md",
    "f%0A::error::.md",
    "g\u202e.md",
)
FORMATS = ("concise", "full", "json", "json-lines", "github", "gitlab", "junit", "markdown", "rdjson", "sarif")


@pytest.mark.parametrize("form", FORMATS)
def test_a_name_speaks_to_no_terminal_and_to_no_runner(tmp_path: Path, form: str) -> None:
    root = plant(tmp_path, dict.fromkeys(ODD_NAMES, "[a](no\x1bpe.md) and Lesson 2: Water\n"))
    ran = refactor(root, "lint", "--output-format", form)
    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert not any(line.startswith(("::error::", "::error file")) for line in ran.out.splitlines())
    assert "\x1b" not in refactor(root, *SWAP).out


def test_links_in_a_ring_are_not_followed(tmp_path: Path) -> None:
    plant(tmp_path, {"a.md": "[a](ring.md) [b](ring/a.md) [c](round.md)\n"})
    (tmp_path / "ring.md").symlink_to("round.md")
    (tmp_path / "round.md").symlink_to("ring.md")
    (tmp_path / "ring").symlink_to(".")
    (tmp_path / "lessons/04_ring").symlink_to("../lessons")
    known(tmp_path)
    ran = refactor(tmp_path, "lint")
    assert ran.out.splitlines()[:2] == [
        "a.md:1:18: broken-path ring/a.md leads nowhere, is it a.md?",
        "Found 1 finding.",
    ]
    assert refactor(tmp_path, "lint", "lessons", "ring.md").code == 0
    assert refactor(tmp_path, *SWAP).code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--root", "ring.md", "lint"),
        ("lint", "--rules", "ring.md"),
    ],
)
def test_a_ring_that_is_named_is_an_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    plant(tmp_path, {})
    (tmp_path / "ring.md").symlink_to("round.md")
    (tmp_path / "round.md").symlink_to("ring.md")
    assert refactor(tmp_path, *arguments).code == 2


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/stdin", "refactor.toml", "/etc"])
@pytest.mark.parametrize("name", ["refactor.toml", "pyproject.toml"])
def test_settings_that_lead_elsewhere_end(tmp_path: Path, name: str, target: str) -> None:
    plant(tmp_path, {})
    (tmp_path / name).symlink_to(target)
    known(tmp_path)
    refactor(tmp_path, "lint")


def test_settings_that_nobody_would_read_are_an_error(tmp_path: Path) -> None:
    root = plant(tmp_path, {"refactor.toml": "# " + filled("a", 2_000_000)})
    assert refactor(root, "lint").err == (
        "error: refactor.toml is larger than 1000 kB: shorten it, for it is read by people.\n"
    )
