"""Read one YAML file that people write, and say of every mistake in it where it stands.

Knows nothing of what the keys mean, and reads no more of a file than it is told to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor.errors import RefactorError
from refactor.marks import BadYamlError, KeyPath, Value, read_yaml
from refactor.spans import line_column, line_starts


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file says, and line and column of every key and list item, both counted from 1."""

    path: Path
    value: Value
    marks: Mapping[KeyPath, tuple[int, int]]

    def where(self, way: KeyPath) -> str:
        """Name the place of a key or list item, or of the nearest one around it: "pack.yaml:14:3"."""
        known = next((way[:size] for size in range(len(way), 0, -1) if way[:size] in self.marks), ())
        line, column = self.marks.get(known, (1, 1))
        return f"{self.path}:{line}:{column}"

    def fault(self, way: KeyPath, problem: str, advice: str) -> RefactorError:
        """Make an error about the key at a path out of what is wrong and what to do."""
        return RefactorError(f"{self.where(way)}: {problem}: {advice}")


def read(path: Path, *, largest: int) -> YamlFile:
    """Read a file of at most `largest` bytes. Everything wrong with it is a RefactorError."""
    return parsed(path, _data(path, largest))


def parsed(path: Path, data: bytes) -> YamlFile:
    """Take the bytes of a file apart. Raises RefactorError with the place where they are no UTF-8, or no YAML."""
    text = _text(path, data)
    starts = line_starts(text)
    try:
        marked = read_yaml(text)
    except BadYamlError as error:
        line, column = line_column(starts, error.offset)
        is_tab = text[error.offset : error.offset + 1] == "\t"
        problem = "a tab stands where only spaces may: replace it" if is_tab else error.problem
        raise RefactorError(f"{path}:{line}:{column}: {problem}.") from error
    return YamlFile(path, marked.value, {way: line_column(starts, offset) for way, offset in marked.marks.items()})


def _data(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise RefactorError(f"{path} cannot be read ({error.strerror}): check the path and its permissions.") from error
    if len(data) > largest:
        raise RefactorError(f"{path} is larger than {largest // 1000} kB: shorten it, for it is read by people.")
    return data


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefactorError(f"{path}:{line}:1: this line is not UTF-8: save the file as UTF-8.") from error
