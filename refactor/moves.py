"""Where the files of renamed entries go: every home, and every file in it that carries the slug.

Pure: works on the list of paths, moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from refactor.model import Move, Place, Rename, Renaming
from refactor.naming import parse_id, same, split_suffix
from refactor.words import Words


@dataclass(frozen=True, eq=False)
class Moves:
    """The moves of a renaming."""

    renaming: Renaming
    words: Words

    @cached_property
    def names(self) -> dict[str, str]:
        """New last component by old path, for every file and folder whose own name changes."""
        renamed = (pair for rename in self.renaming.renames for pair in _renamed(rename, self.words))
        return {path: name for path, name in renamed if name != path.rpartition("/")[2]}

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """All moves, outermost first; a path inside a moved folder is given whole, before and after."""
        return tuple(Move(path, self.new_path(path)) for path in sorted(self.names))

    def new_path(self, path: str) -> str:
        """Where a path lies after the renaming."""
        return new_path(path, self.names)


def new_path(path: str, names: Mapping[str, str]) -> str:
    """Apply new last components to every folder on the way and to the path itself."""
    parts = path.split("/")
    for depth in range(len(parts)):
        parts_before = "/".join(path.split("/")[: depth + 1])
        parts[depth] = names.get(parts_before, parts[depth])
    return "/".join(parts)


def _renamed(rename: Rename, words: Words) -> Iterator[tuple[str, str]]:
    for home in rename.old.living:
        yield home.path, new_name(home.path.rpartition("/")[2], rename, home.place)
        if home.place.folder:
            yield from _own_files(home.path, rename, words)


def _own_files(folder: str, rename: Rename, words: Words) -> Iterator[tuple[str, str]]:
    """Files of the folder that carry its slug and a tail that such files share: `seeds_dev.py`."""
    old, new = rename.old.slug, rename.new.slug
    if not old or old == new:
        return
    for path in words.paths:
        root, _, name = path.rpartition("/")
        stem, suffix = split_suffix(name)
        if root == folder and any(stem == old + tail for tail in words.tails):
            yield path, f"{new}{stem[len(old) :]}{suffix}"


def new_name(name: str, rename: Rename, place: Place) -> str:
    """Write a path's last component for the new entry, in its own style; what follows the slug there stays."""
    suffix = place.suffix if name.endswith(place.suffix) else split_suffix(name)[1]
    stem = name.removesuffix(suffix)
    found = parse_id(stem)
    if found is None:
        return name
    if stem == rename.old.id:
        return rename.new.id + suffix
    width = len(found.digits) if found.digits.startswith("0") else min(len(found.digits), place.width)
    digits = f"{rename.new.number:0{width}d}"
    end = found.number_at + len(found.digits) + len(found.letter)
    rest = stem[end:]
    if found.slug and same(found.slug) == same(rename.old.slug):
        rest = stem[end : found.slug_at] + _styled(found.slug, found.separator, rename.new.slug)
    return stem[: found.number_at] + digits + rename.new.letter + rest + suffix


def _styled(old: str, separator: str, new: str) -> str:
    if "-" in old or ("-" in separator and "_" not in old):
        return new.replace("_", "-")
    return new.replace("-", "_") if "_" in old or "_" in separator else new
