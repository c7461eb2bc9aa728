"""What is called just as an entry, deep in its folder or elsewhere: `ch03/code/ch03.ipynb`, `assets/03_water/`.

It follows its entry, or every path to it would be wrong afterwards. Works on paths; reads no file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from refactor.model import Entry, Home, Place, Series
from refactor.naming import Id, parse_id, split_suffix
from refactor.paths import parents
from refactor.places import is_frozen, is_hidden
from refactor.tree import Tree


def with_namesakes(built: Sequence[Series], tree: Tree, frozen: Callable[[str], bool]) -> list[Series]:
    """Add what is called as exactly one entry, in either way of joining words, to the entry's homes.

    A number alone is a name only in the entry's own folder. Where something beside it has a number and no entry's name, that folder counts for itself. `frozen` tells which
    paths belong to an older edition.
    """
    homes = {home.path: entry for one in built for entry in one.entries for home in entry.homes}
    found: dict[tuple[str, tuple[int, str, str]], list[Home]] = defaultdict(list)
    for path, entry, written in _called_as_entries(built, tree):
        around = {homes[folder].key for folder in parents(path) if folder in homes}
        is_kept = is_frozen(path) or frozen(path) or is_hidden(path)
        if path not in homes and not is_kept and _is_taken_along(entry, written, around):
            homes[path] = entry
            found[entry.series, entry.key].append(_home(path, written, is_folder=path in tree.folders))
    return [replace(one, entries=tuple(_grown(entry, found) for entry in one.entries)) for one in built]


def _is_taken_along(entry: Entry, written: Id, around: Collection[tuple[int, str, str]]) -> bool:
    """In the entry's own folder `ch03` is a name, and a 3 alone counts anything; elsewhere only a slug is a name."""
    if around:
        return set(around) == {entry.key} and bool(written.prefix or written.slug)
    return bool(entry.slug)


def _grown(entry: Entry, found: Mapping[tuple[str, tuple[int, str, str]], Sequence[Home]]) -> Entry:
    return replace(entry, homes=(*entry.homes, *found.get((entry.series, entry.key), ())))


def _called_as_entries(built: Sequence[Series], tree: Tree) -> Iterator[tuple[str, Entry, Id]]:
    """Paths, those of folders first, with the one entry that each is called as, and the name taken apart."""
    called = defaultdict[str, list[Entry]](list)
    for entry in (entry for one in built for entry in one.entries):
        for written in {entry.id, entry.id.replace("_", "-"), entry.id.replace("-", "_")}:
            called[written].append(entry)
    for path in (*sorted(tree.folders), *sorted(tree.paths)):
        stem = _stem(path, tree)
        own = called.get(stem, ())
        if len(own) == 1 and (found := parse_id(stem)) and not _counts(path.rpartition("/")[0], called, tree):
            yield path, own[0], found


def _stem(path: str, tree: Tree) -> str:
    name = path.rpartition("/")[2]
    return name if path in tree.folders else split_suffix(name)[0]


def _counts(folder: str, called: Collection[str], tree: Tree) -> bool:
    stems = (_stem(path, tree) for path in tree.children(folder))
    return any((found := parse_id(stem)) and found.slug and stem not in called for stem in stems)


def _home(path: str, written: Id, *, is_folder: bool) -> Home:
    suffix = "" if is_folder else split_suffix(path.rpartition("/")[2])[1]
    place = Place(path.rpartition("/")[0], written.prefix, len(written.digits), written.separator, suffix, is_folder)
    return Home(path, written.slug, place)
