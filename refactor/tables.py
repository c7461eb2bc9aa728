"""Take apart a table of a settings or plan file, and say of every mistake where it stands.

Knows nothing of TOML or YAML: whoever read the file hands in the maker of errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from refactor.errors import RefactorError
from refactor.marks import KeyPath

# Makes an error about the key at a path out of what is wrong and what to do.
Fault = Callable[[KeyPath, str, str], RefactorError]

_KINDS = {dict: "a table", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a settings or plan file, with the way to it and the maker of errors."""

    values: Mapping[str, object]
    path: KeyPath
    fault: Fault

    @classmethod
    def of(cls, value: object, path: KeyPath, fault: Fault) -> Table:
        """Take a value as a table; nothing at all is an empty one."""
        if value is None:
            return cls({}, path, fault)
        if not isinstance(value, dict):
            name = repr(path[-1]) if path else "the whole"
            raise fault(path, f"{name} must be a table, not {_kind(value)}", "write keys with their values")
        return cls(value, path, fault)

    def refuse_unknown(self, known: Iterable[str], elsewhere: Mapping[str, str] | None = None) -> None:
        """Raise an error for a key that is not known; `elsewhere` tells of keys where they belong."""
        known = tuple(known)
        for key in self.values:
            if key not in known:
                advice = (elsewhere or {}).get(key) or suggestion(key, known)
                raise self.fault((*self.path, key), f"unknown key {key!r}", advice)

    def table(self, key: str) -> Table:
        """The table at a key, empty if there is none."""
        return Table.of(self.values.get(key), (*self.path, key), self.fault)

    def text(self, key: str) -> str | None:
        """The text at a key, or None if the key is not there."""
        if key not in self.values:
            return None
        value = self.values[key]
        if not isinstance(value, str):
            raise self._wrong(key, "a text", value, f'write {key} = "..."')
        if not value.strip():
            raise self.fault((*self.path, key), f"{key!r} is empty", "fill it in, or leave the key out")
        return value

    def required(self, key: str) -> str:
        """The text at a key that is there."""
        return self.text(key) or ""

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts at a key, () if the key is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list of texts", value, f'write {key} = ["..."]')
        for position, item in enumerate(value, start=1):
            if not isinstance(item, str) or not item.strip():
                shown = "an empty text" if isinstance(item, str) else _kind(item)
                raise self.fault((*self.path, key), f"item {position} of {key!r} is {shown}", "write a text there")
        return tuple(value)

    def one_or_more(self, key: str) -> tuple[str, ...]:
        """The text or the list of texts at a key."""
        return self.texts(key) if isinstance(self.values.get(key), list) else (self.required(key),)

    def globs(self, key: str) -> tuple[str, ...]:
        """The list of globs or folders at a key, all within the root."""
        found = self.texts(key)
        for glob in found:
            if problem := outside(glob.removeprefix("!")):
                raise self.fault((*self.path, key), f"{glob!r} in {key!r} {problem}", "name it from the root downwards")
        return found

    def _wrong(self, key: str, wanted: str, value: object, advice: str) -> RefactorError:
        return self.fault((*self.path, key), f"{key!r} must be {wanted}, not {_kind(value)}", advice)


def _kind(value: object) -> str:
    return "nothing" if value is None else _KINDS.get(type(value), "a date or time")


def outside(path: str) -> str:
    """Say why a path or glob may lie outside the root, or ""."""
    if path.startswith(("/", "~/", "\\\\")) or re.match(r"[A-Za-z]:", path):
        return "is an absolute path"
    return "leads out of its folder with '..'" if ".." in re.split(r"[/\\]", path) else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Advice for a word that is not known: the nearest known one, or all of them."""
    from difflib import get_close_matches

    known = tuple(known)
    nearest = get_close_matches(word, known, n=1)
    return f"did you mean {nearest[0]!r}?" if nearest else f"choose from {', '.join(known)}"
