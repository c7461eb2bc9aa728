"""Read a case: a Markdown page that tells a story with a tree before, commands, and a tree after.

Reads only; `test_cases.py` runs what is read here. The grammar of a fence's header is

    text tree/PATH (bom, crlf)    a file of the tree before; `beside/PATH` lies next to the tree, where commands run
    text moves                    `OLD -> NEW` a line, files or folders, all at once
    text after/PATH               a file that reads differently afterwards; any other is as it was
    console (exit 2)              commands after `$ `, then what they print, `...` standing for anything
    json left                     one object a line: fields that an item of `left` must show

`<!-- again: no -->` and `<!-- inverse: no -->`, or `<!-- inverse: ARGUMENTS -->`, change what is tried after the story.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROMPT = "$ python -m refactor "

_FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<language>\w+)[ ]?(?P<name>(?:[^\s(]+(?:[ ][^\s(]+)*)?)[ ]?(?:\((?P<options>[^)]*)\))?\n"
    r"(?P<body>.*?)^(?P=ticks)`*$",
    re.MULTILINE | re.DOTALL,
)
_DECLARATION = re.compile(r"^<!-- (?P<key>\w+): (?P<value>.*) -->$", re.MULTILINE)

Tree = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Command:
    """One command line, what it must print (empty: anything) and its exit code."""

    arguments: tuple[str, ...]
    output: str
    code: int


@dataclass(frozen=True, slots=True)
class Case:
    """A page taken apart. `after` is the whole tree that must be there in the end."""

    before: Tree
    after: Tree
    beside: Tree
    commands: tuple[Command, ...]
    left: tuple[dict[str, object], ...]
    again: bool
    inverse: str


@dataclass(frozen=True, slots=True)
class _Fence:
    """One fence: what its header says and what it holds."""

    language: str
    name: str
    options: frozenset[str]
    body: str

    @property
    def data(self) -> bytes:
        """The bytes of the file that the fence shows."""
        text = self.body.removesuffix("\n") if "no newline" in self.options else self.body
        text = text.replace("\n", "\r\n") if "crlf" in self.options else text
        return text.encode("utf-8-sig" if "bom" in self.options else "utf-8")


def read_case(page: Path) -> Case:
    """Read a page; raises ValueError for what is not in the grammar, so that no typo passes as a test."""
    text = page.read_text(encoding="utf-8")
    fences = [_fence(match, page) for match in _FENCE.finditer(text)]
    outside = _FENCE.sub("", text)
    declared = {match["key"]: match["value"] for match in _DECLARATION.finditer(outside)}
    if not text.startswith("# ") or "```" in outside or declared.keys() - {"again", "inverse"}:
        raise ValueError(f"{page.name}: no heading, or a fence or a declaration that cannot be read")
    before = _files(fences, "tree/")
    return Case(
        before=before,
        after=_moved(before, _lines(fences, "moves")) | _files(fences, "after/"),
        beside=_files(fences, "beside/"),
        commands=tuple(command for fence in fences if fence.language == "console" for command in _commands(fence)),
        left=tuple(json.loads(line) for line in _lines(fences, "left")),
        again=declared.get("again") != "no",
        inverse=declared.get("inverse", ""),
    )


def _fence(match: re.Match[str], page: Path) -> _Fence:
    options = frozenset(filter(None, (option.strip() for option in (match["options"] or "").split(","))))
    fence = _Fence(match["language"], match["name"], options, match["body"])
    console = fence.language == "console" and not fence.name
    if not (console or fence.name in {"moves", "left"} or fence.name.startswith(("tree/", "after/", "beside/"))):
        raise ValueError(f"{page.name}: what is a fence {fence.language!r} {fence.name!r}?")
    return fence


def _lines(fences: Sequence[_Fence], name: str) -> list[str]:
    return [line for fence in fences if fence.name == name for line in fence.body.splitlines()]


def _files(fences: Sequence[_Fence], folder: str) -> Tree:
    return {fence.name.removeprefix(folder): fence.data for fence in fences if fence.name.startswith(folder)}


def _moved(before: Tree, moves: Sequence[str]) -> Tree:
    """Lay the files where the moves say; all moves are measured on the tree before."""
    targets = dict(move.split(" -> ") for move in moves)
    return {_new_path(path, targets): data for path, data in before.items()}


def _new_path(path: str, targets: Mapping[str, str]) -> str:
    """Follow the longest move that holds the path."""
    folder = path
    while folder:
        if folder in targets:
            return targets[folder] + path.removeprefix(folder)
        folder = folder.rpartition("/")[0]
    return path


def _commands(fence: _Fence) -> Iterator[Command]:
    """Split a console fence at its prompts; the exit code in its header is that of its last command."""
    code = next((int(option.removeprefix("exit ")) for option in fence.options), 0)
    _, *blocks = fence.body.replace("\\\n", " ").split(_PROMPT)
    for position, block in enumerate(blocks, start=1):
        line, _, output = block.partition("\n")
        yield Command(tuple(shlex.split(line)), output, code if position == len(blocks) else 0)
