"""Fields at the top of an entry's page that hold its number: `sidebar_position: 3`, `nav_order: 3`, `weight = 3`.

Nobody says which they are: a field holds the number if it does so on the pages of most entries. Decides nothing else.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from refactor.model import Entry
from refactor.titles import front_matter_end, own_texts, speaks_for
from refactor.tree import Tree

_FIELD = re.compile(r"(?m)^(?P<key>[A-Za-z][\w-]*)[ \t]*[:=][ \t]*(?P<number>\d{1,3})[ \t]*\r?$")
_IN_JSON = re.compile(r'"(?P<key>[A-Za-z][\w-]*)"[ \t]*:[ \t]*(?P<number>\d{1,3})(?=\s*[,}])')
_OF_FOLDER = "_category_.json"  # what Docusaurus knows of a folder
_PAGES = (".md", ".mdx", ".qmd", ".rst")
_FEWEST = 3  # entries on whose pages a field must hold the number


def find(path: str, text: str) -> Iterator[re.Match[str]]:
    """Yield the fields with a number in the front matter of a page, or in the file that describes a folder.

    Each has the groups `key` and `number`, in code points of the text.
    """
    if path.endswith(f"/{_OF_FOLDER}"):
        yield from _IN_JSON.finditer(text)
    else:
        yield from _FIELD.finditer(text, 0, front_matter_end(text))


def is_own(path: str, entry: Entry) -> bool:
    """Tell whether a file is a page of an entry, or speaks for its folder."""
    folder, _, name = path.rpartition("/")
    below = any(home.path == folder and home.place.folder for home in entry.homes)
    return any(home.path == path for home in entry.homes) or (below and (name == _OF_FOLDER or speaks_for(path, entry)))


def holding_numbers(tree: Tree, entries: Iterable[Entry]) -> tuple[str, ...]:
    """The fields that hold the number of nearly every entry that has them, sorted."""
    own, seen = defaultdict[str, set[int]](set), Counter[str]()
    for entry in entries:
        said = {(one["key"], int(one["number"])) for path, text in _texts(tree, entry) for one in find(path, text)}
        for key, number in said:
            seen[key] += 1
            own[key].update([number] if number == entry.number else ())
    return tuple(
        sorted(key for key, found in own.items() if len(found) >= _FEWEST and 10 * len(found) >= 9 * seen[key])
    )


def _texts(tree: Tree, entry: Entry) -> Iterator[tuple[str, str]]:
    pages = (home.path for home in entry.homes if not home.place.folder and home.path.endswith(_PAGES))
    folders = (f"{home.path}/{_OF_FOLDER}" for home in entry.homes if home.place.folder)
    paths = (*pages, *own_texts([entry], tree), *(path for path in folders if path in tree.paths))
    yield from ((path, document.text) for path in dict.fromkeys(paths) if (document := tree.read(path)))
