"""Pages about checks and rules as text for a terminal and as Markdown. Pure functions; they print nothing.

Text of a page is written by others: control characters in it are shown, not obeyed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema") / "rules.schema.json"

_EXAMPLES = 2  # of each sort; the first ones say the most
_LINES = 12  # of each file of an example
_WIDTH = 160  # code points of each of these lines
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """An example: its files, the names of those that only stand around, what is reported, and the lines that a fix
    takes out and puts in, as in a diff."""

    files: Mapping[str, str]
    around: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """All that is said of one check or rule."""

    name: str
    facts: str
    does: str
    why: str
    bad: tuple[Shown, ...]
    good: tuple[Shown, ...]
    fix: str


def as_text(page: Page) -> str:
    """A page for a terminal."""
    lines = [f"{page.name} ({page.facts})", ""]
    for title, body in _sections(page):
        lines += [title, *(f"  {line}".rstrip() for line in body), ""]
    return "\n".join(lines) + "\n"


def _sections(page: Page) -> Iterator[tuple[str, list[str]]]:
    yield "What it does", [plain(page.does)]
    yield "Why", [plain(page.why)]
    for title, examples in (("Example", page.bad), ("Use instead", page.good)):
        if examples:
            yield title, [line for shown in examples[:_EXAMPLES] for line in _example(shown)]
    yield "Fix", [page.fix, *(f"  {plain(line)}" for shown in page.bad[:_EXAMPLES] for line in shown.changes)]


def _example(shown: Shown) -> Iterator[str]:
    for path, text in shown.files.items():
        yield f"{path}:"
        yield from (f"  {line}" for line in _lines(text))
    if shown.around:
        yield f"beside {', '.join(shown.around)}"
    yield from (f"reported: {plain(message)}" for message in shown.reports)


def _lines(text: str) -> list[str]:
    """The first lines of a text, fit for a terminal."""
    lines = text.removesuffix("\n").split("\n")
    shown = [plain(line if len(line) <= _WIDTH else f"{line[:_WIDTH]}...") for line in lines[:_LINES]]
    return [*shown, f"... and {len(lines) - _LINES} lines more"] if len(lines) > _LINES else shown


def plain(text: str) -> str:
    """A text with every character shown that would steer a terminal."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


# --- Markdown -----------------------------------------------------------------------------------


def as_markdown(page: Page) -> str:
    """One page as a section of a document."""
    parts = [f"## {page.name}", f"*{page.facts}*", f"**What it does.** {page.does}", f"**Why.** {page.why}"]
    for title, examples in (("Example", page.bad), ("Use instead", page.good)):
        if examples:
            parts += [f"**{title}.**", _fenced([line for one in examples[:_EXAMPLES] for line in _example(one)])]
    parts.append(f"**Fix.** {page.fix}")
    changes = [plain(line) for one in page.bad[:_EXAMPLES] for line in one.changes]
    if changes:
        parts.append(_fenced(changes, "diff"))
    return "\n\n".join(parts) + "\n"


def reference(pages: Sequence[Page]) -> str:
    """The whole reference: a table of all pages, the pages, and the format of rule packs as the schema has it."""
    rows = [f"| [{page.name}](#{page.name}) | {page.facts} | {page.does} |" for page in pages]
    top = f"{_INTRODUCTION}\n| check | | what it does |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    return "\n".join([top, *map(as_markdown, pages), _format()])


_INTRODUCTION = """\
# Checks and rules

What `lint` looks for, one section a check; each example below is also a test. `python -m refactor explain CHECK` shows
the same for one check, also for a rule of a pack. This page is made by

```sh
python -m refactor explain --all --format markdown > docs/rules.md
```
"""

_FORMAT = """\
## The format of a rule pack

A check that needs nothing but a pattern is written in YAML, as [a rule](writing-rules.md): `id`, `message`, and either
`pattern` or `terms` are needed. `refactor/schema/rules.schema.json` is the JSON Schema of a pack.

| key of a rule | what it says |
|---|---|"""


def _fenced(lines: Sequence[str], language: str = "text") -> str:
    longest = max((len(ticks) for line in lines for ticks in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([fence + language, *(line.rstrip() for line in lines), fence])


def _format() -> str:
    """The keys of a rule, out of the published schema."""
    rule = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]["rule"]
    described: dict[str, dict[str, str]] = rule["properties"]
    zones: list[str] = rule["properties"]["zones"]["items"]["enum"]
    rows = [f"| `{key}` | {value['description']} |" for key, value in described.items()]
    last = f"The zones are {', '.join(f'`{zone}`' for zone in zones)}.\n"
    return "\n".join([_FORMAT, *rows, "", last])
