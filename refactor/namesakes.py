"""What is called just as an entry, deep in its folder or elsewhere: `ch03/code/ch03.ipynb`, `assets/03_water/`.

It follows its entry, or every path to it would be wrong afterwards. Works on paths; reads no file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from refactor.model import Entry, Home, Place, Series
from refactor.naming import Id, parse_id, split_suffix
from refactor.paths import parents
from refactor.places import is_frozen, is_hidden
from refactor.tree import Tree


def with_namesakes(built: Sequence[Series], tree: Tree, frozen: Callable[[str], bool]) -> list[Series]:
    """Add what is called as exactly one entry, in either way of joining words, to the entry's homes.

    A number alone is a name only in the entry's own folder. Elsewhere, where something beside it has a number and no
    entry's name, that folder counts for itself. `frozen` tells which paths belong to an older edition.
    """
    homes = {home.path: entry for one in built for entry in one.entries for home in entry.homes}
    called = _by_name(built)
    found: dict[tuple[str, tuple[int, str, str]], list[Home]] = defaultdict(list)
    alike = (path for path in (*tree.folders, *tree.paths) if _stem(path, tree) in called)
    for path in sorted(alike, key=lambda path: (path not in tree.folders, path)):
        own, written = called[stem := _stem(path, tree)], parse_id(stem)
        if len(own) != 1 or written is None or path in homes or is_frozen(path) or frozen(path) or is_hidden(path):
            continue
        around = {homes[folder].key for folder in parents(path) if folder in homes}
        if _is_taken_along(own[0], written, around) and (around or not _counts(path, called, tree)):
            homes[path] = own[0]
            found[own[0].series, own[0].key].append(_home(path, written, is_folder=path in tree.folders))
    return [replace(one, entries=tuple(_grown(entry, found) for entry in one.entries)) for one in built]


def _by_name(built: Sequence[Series]) -> Mapping[str, Sequence[Entry]]:
    called = defaultdict[str, list[Entry]](list)
    for entry in (entry for one in built for entry in one.entries):
        for written in {entry.id, entry.id.replace("_", "-"), entry.id.replace("-", "_")}:
            called[written].append(entry)
    return called


def _is_taken_along(entry: Entry, written: Id, around: Collection[tuple[int, str, str]]) -> bool:
    """In the entry's own folder `ch03` is a name, and a 3 alone counts anything; elsewhere only a slug is a name."""
    if around:
        return set(around) == {entry.key} and bool(written.prefix or written.slug)
    return bool(entry.slug)


def _grown(entry: Entry, found: Mapping[tuple[str, tuple[int, str, str]], Sequence[Home]]) -> Entry:
    return replace(entry, homes=(*entry.homes, *found.get((entry.series, entry.key), ())))


def _stem(path: str, tree: Tree) -> str:
    name = path.rpartition("/")[2]
    return name if path in tree.folders else split_suffix(name)[0]


def _counts(path: str, called: Collection[str], tree: Tree) -> bool:
    """Tell whether something beside a path has a number and a name of its own."""
    stems = (_stem(beside, tree) for beside in tree.children(path.rpartition("/")[0]))
    return any((found := parse_id(stem)) and found.slug and stem not in called for stem in stems)


def _home(path: str, written: Id, *, is_folder: bool) -> Home:
    suffix = "" if is_folder else split_suffix(path.rpartition("/")[2])[1]
    place = Place(path.rpartition("/")[0], written.prefix, len(written.digits), written.separator, suffix, is_folder)
    return Home(path, written.slug, place)
