"""Write the demo course as it stood at the end of an edition, and list what is right for its references.

Writes only below the folder that it is given, and only if that is empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from refactor.demo.editions import TODAY, Step, data_path, data_text, last_step, parse_step
from refactor.demo.templates import Mention, Press, read_flags, unmark
from refactor.errors import RefactorError
from refactor.spans import line_column, line_starts

_BUNDLES = ("course.txt", "docs.txt", "tool.txt")
_CELL = re.compile(r"^# %%(?P<head>.*)\n(?P<body>(?s:.*?))(?=^# %%|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Template:
    """A file of the course before it is filled."""

    path: str
    flags: dict[str, str]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the course at one step. `mentions` come with the offset at which they begin."""

    path: str
    text: str
    executable: bool
    mentions: tuple[tuple[int, Mention], ...]

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode()


@dataclass(frozen=True, slots=True)
class Planted:
    """A reference of the finished course and what is right for it after plan.yaml.

    `line` counts from 1 and `col` from 0, in code points. `label` is rename (must become `new`), stale (wrong before;
    `new` is what it should say, None if nothing), keep, history or ambiguous. With `seq`, `identity` and `successor`
    are both right: the text says what comes before or after. `epoch` is the older numbering that it comes from.
    """

    file: str
    line: int
    col: int
    text: str
    label: str
    new: str | None
    kind: str
    target: str | None
    epoch: str
    alt: tuple[str, ...]
    seq: bool
    identity: str | None
    successor: str | None


def plan_path() -> Path:
    """The renaming plan of the demo: the optimisation tier put in a better order."""
    return data_path("plan.yaml")


def write_course(into: Path, epoch: int | None = None) -> None:
    """Write the whole course below `into`, as it stood at the end of an epoch (1 to 3; None is the last).

    Raises RefactorError if the epoch is unknown or `into` is not an empty or new folder.
    """
    edition = TODAY if epoch is None else epoch
    if not 1 <= edition <= TODAY:
        raise RefactorError(f"The demo course has no epoch {edition}; choose one from 1 to {TODAY}.")
    make_folder(into)
    for page in pages(last_step(edition)):
        target = into / page.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(page.data)
        if page.executable:
            target.chmod(0o755)


def make_folder(into: Path) -> None:
    """Make a folder for the course; raises RefactorError if something is there already."""
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise RefactorError(f"{into} is not an empty folder; name a new one for the demo course.")
    into.mkdir(parents=True, exist_ok=True)


@cache
def planted() -> tuple[Planted, ...]:
    """List every reference of the finished course with its label, sorted by place."""
    return tuple(row for page in pages(last_step(TODAY)) for row in _rows(page))


def planted_jsonl() -> str:
    """The same as JSON lines, one reference a line; fields that say nothing are left out."""
    always = {"file", "line", "col", "text", "label", "new", "kind", "target"}
    rows = ({name: value for name, value in asdict(row).items() if value or name in always} for row in planted())
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def pages(step: Step) -> tuple[Page, ...]:
    """Every file of the course at a step of its history, sorted by path."""
    return tuple(sorted(_pages(Press(step, _sections())), key=lambda page: page.path))


def _pages(press: Press) -> Iterator[Page]:
    for template in _templates():
        about = [member.key for member in press.edition.members] if "«self." in template.path else [""]
        for key in about:
            path = "".join(press.line(template.path, key))
            if path and press.admits(template.flags, key):
                yield from _filled(press, template, unmark(path, press.mentions)[0], key)


def _filled(press: Press, template: Template, path: str, key: str) -> Iterator[Page]:
    marked = "".join(f"{line}\n" for line in press.fill(template.lines, key))
    flags = template.flags
    if "bullets" in flags and press.step < parse_step(flags["bullets"]):
        marked = re.sub(r"^- ", "* ", marked, flags=re.MULTILINE)
    if "crlf" in flags:
        marked = marked.replace("\n", "\r\n")
    if "bom" in flags:
        marked = "\ufeff" + marked
    yield _page(path, marked, press, flags)
    if "notebook" in flags:
        outputs = list(press.fill(_sections().get(f"{key}/output", ()), key))
        yield _page(path.removesuffix(".py") + ".ipynb", _notebook(marked, outputs), press, flags)


def _page(path: str, marked: str, press: Press, flags: dict[str, str]) -> Page:
    text, mentions = unmark(marked, press.mentions)
    if "history" in flags:
        mentions = tuple((place, _past(mention)) for place, mention in mentions)
    return Page(path, text, "exec" in flags, mentions)


def _past(mention: Mention) -> Mention:
    """A mention in a file that tells what has been: it stays, whatever it says."""
    if mention.label == "keep":
        return mention
    return Mention(mention.text, "history", mention.kind, mention.target)


def _notebook(source: str, outputs: Sequence[str]) -> str:
    """Pair a percent-format file with a notebook; the checked cell gets the outputs, if there are any."""
    cells = [_cell(number, found["head"], found["body"].strip()) for number, found in enumerate(_CELL.finditer(source))]
    for cell in cells:
        if cell["cell_type"] == "code":
            checked = bool(cell["metadata"]) and bool(outputs)
            text = [f"{line}\n" for line in outputs]
            cell["execution_count"] = 1 if checked else None
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": text}] if checked else []
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _cell(number: int, head: str, body: str) -> dict[str, object]:
    markdown = "[markdown]" in head
    text = body.removeprefix('"""').removesuffix('"""').strip() if markdown else body
    _, grading, settings = head.partition("nbgrader=")
    return {
        "cell_type": "markdown" if markdown else "code",
        "id": f"cell-{number:02d}",
        "metadata": {"nbgrader": json.loads(settings)} if grading else {},
        "source": text.splitlines(keepends=True),
    }


def _rows(page: Page) -> Iterator[Planted]:
    starts = line_starts(page.text)
    for offset, mention in page.mentions:
        line, column = line_column(starts, offset)
        yield Planted(
            file=page.path, line=line, col=column - 1, text=mention.text, label=mention.label, new=mention.new,
            kind=mention.kind, target=mention.target or None, epoch=mention.epoch, alt=mention.alternatives,
            seq=mention.successor is not None, identity=mention.identity, successor=mention.successor,
        )  # fmt: skip


@cache
def _templates() -> tuple[Template, ...]:
    return tuple(Template(path, read_flags(flags), lines) for name in _BUNDLES for path, flags, lines in _bundle(name))


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    return {path: lines for path, _, lines in _bundle("modules.txt")}


def _bundle(name: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Take a data file apart at its `==> path flags` lines; what stands before the first is about the file itself."""
    for piece in re.split(r"^==> ", data_text(name), flags=re.MULTILINE)[1:]:
        head, _, body = piece.partition("\n")
        path, _, flags = head.partition(" ")
        yield path, flags, tuple(body.rstrip("\n").split("\n")) if body.strip() else ()
