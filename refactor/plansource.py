"""The YAML of a plan, with the place of every key; a plan that extends another one is put together with it.

Knows how plans are put together, not what they mean.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor import yamlfile
from refactor.errors import RefactorError
from refactor.marks import KeyPath, Value, words
from refactor.tables import Table, suggestion

NAME = "plan.yaml"
LARGEST = 1_000_000  # bytes
EXTENDS, GROUPS = "extends", "groups"


@dataclass(frozen=True, slots=True)
class Source:
    """What a plan says, the place of each key as "plan.yaml:14:3", and the folders that its assets lie in, nearest first."""

    path: Path
    value: Value
    places: Mapping[KeyPath, str]
    folders: tuple[Path, ...]

    def where(self, way: KeyPath) -> str:
        """Name the place of a key or list item, or of the nearest one around it."""
        known = next((way[:size] for size in range(len(way), 0, -1) if way[:size] in self.places), None)
        return self.places[known] if known is not None else f"{self.path}:1:1"

    def fault(self, way: KeyPath, problem: str, advice: str) -> RefactorError:
        """Make an error about the key at a path out of what is wrong and what to do."""
        return RefactorError(f"{self.where(way)}: {problem}: {advice}")


def read(path: Path, above: Sequence[Path] = ()) -> Source:
    """Read a plan file, or the plan.yaml of a folder, and what it extends. Every mistake is a RefactorError.

    `above` are the plans that extend this one.
    """
    own = _own(*_content(path))
    fields = _fields(own.value)
    if EXTENDS not in fields:
        if GROUPS in fields:
            raise own.fault((GROUPS,), "'groups' are for a plan that is extended", "add 'extends', or take them out")
        return own
    if own.path.resolve() in above:
        raise own.fault((EXTENDS,), "the plan extends itself", "name another plan")
    if "phases" in fields:
        raise own.fault(("phases",), "a plan that extends another has its phases", "put steps below 'groups'")
    named = own.path.parent / Table.of(words(own.value), (), own.fault).required(EXTENDS)
    return _put_together(own, read(Path(os.path.normpath(named)), (*above, own.path.resolve())))


def _content(path: Path) -> tuple[Path, bytes]:
    """The file that a path names, and its bytes."""
    try:
        path = path / NAME if path.is_dir() else path
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise RefactorError(f"there is no plan at {path}: name a YAML file, or a folder that holds {NAME}.") from error
    except OSError as error:
        raise RefactorError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if len(data) > LARGEST:
        raise RefactorError(
            f"{path} is larger than {LARGEST // 1_000_000} MB: shorten it, for a plan is read by people."
        )
    return path, data


def _own(path: Path, data: bytes) -> Source:
    """What one file says, whatever it extends."""
    file = yamlfile.parsed(path, data)
    return Source(path, file.value, {way: file.where(way) for way in file.marks}, (path.absolute().parent,))


# --- putting together ---------------------------------------------------------------------------


def _put_together(own: Source, base: Source) -> Source:
    """A plan and the one that it extends: its keys count, its values come in place of those of the same name, and its
    groups in place of the steps of those groups.
    """
    groups = _table(own, GROUPS)
    places = {**base.places, **{way: place for way, place in own.places.items() if way[:1] != (GROUPS,)}}
    known: set[str] = set()

    def filled(value: Value, way: KeyPath) -> Value:
        if isinstance(value, list):
            return [filled(item, (*way, at)) for at, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        name = words(value.get("group"))
        known.update([name] if isinstance(name, str) else [])
        if name in groups:
            places.update(_moved(own.places, (GROUPS, str(name)), (*way, "steps")))
            return {**value, "steps": groups[str(name)]}
        return {key: filled(item, (*way, key)) for key, item in value.items()}

    values: dict[str, Value] = {**_table(base, "values"), **_table(own, "values")}
    phases = filled(_fields(base.value).get("phases"), ("phases",))
    for name in groups:
        if name not in known:
            raise own.fault((GROUPS, name), f"{base.path} has no group {name!r}", suggestion(name, sorted(known)))
    kept = {key: item for key, item in _fields(own.value).items() if key not in {EXTENDS, GROUPS}}
    whole = {**_fields(base.value), **kept, "values": values, "phases": phases}
    return Source(own.path, whole, places, (*own.folders, *base.folders))


def _moved(places: Mapping[KeyPath, str], old: KeyPath, new: KeyPath) -> dict[KeyPath, str]:
    """The places below a key, as if they stood below another one."""
    return {(*new, *way[len(old) :]): place for way, place in places.items() if way[: len(old)] == old}


def _fields(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _table(source: Source, key: str) -> dict[str, Value]:
    value = _fields(source.value).get(key)
    if value is not None and not isinstance(value, dict):
        raise source.fault((key,), f"{key!r} must be a table", "write keys with their values")
    return _fields(value)
