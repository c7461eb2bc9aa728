"""Two entries of one place with one number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from refactor.checks._homes import live, numbered_homes, page_of
from refactor.lint import Check, View, at
from refactor.model import Entry, Finding, Home, Place, Verdict
from refactor.naming import same
from refactor.spans import Span

NAME = "number-clash"


def find(view: View) -> Iterator[Finding]:
    """Yield every entry whose number belongs to an entry before it in the same place; each only once."""
    is_live = live(view)
    reported: set[tuple[int, str, str]] = set()
    for groups in _places(view).values():
        clashes = [sorted(group, key=lambda one: one[1].path) for group in groups.values() if len(group) > 1]
        if 2 * len(clashes) > len(groups):
            continue  # here most numbers stand on several pages: a lecture and a lab of each week
        for (_, first), *others in clashes:
            for entry, home in others:
                key = (entry.number, entry.letter, same(home.slug))
                if key not in reported and is_live(home.path) and not _is_variant(home.slug, first.slug):
                    reported.add(key)
                    yield _finding(entry, home, first, view)


def _places(view: View) -> dict[Place, dict[tuple[int, str], list[tuple[Entry, Home]]]]:
    """By place and number, with its letter: the homes that have it."""
    found: dict[Place, dict[tuple[int, str], list[tuple[Entry, Home]]]] = defaultdict(lambda: defaultdict(list))
    for entry, home in numbered_homes(view):
        found[home.place][entry.number, entry.letter].append((entry, home))
    return found


def _is_variant(slug: str, other: str) -> bool:
    """Tell whether two slugs name one entry: `infrastructure`, `infrastructure-aws`, `infrastructure-gcp`."""
    return _first_word(slug) == _first_word(other)


def _first_word(slug: str) -> str:
    return re.split(r"[-_. ]+", slug.casefold())[0]


def _finding(entry: Entry, home: Home, first: Home, view: View) -> Finding:
    name, taken = (one.path.rpartition("/")[2] for one in (home, first))
    message = f"{name} has the number of {taken}: give one of them another number, or a letter"
    return at(
        NAME,
        page_of(home, view),
        Span(0, 0),
        message,
        f"both lie in {home.place.root or '.'}",
        target=entry.id,
        verdict=Verdict.AMBIGUOUS,
    )


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
}

CHECK = Check(
    name=NAME,
    summary="Two entries of one place have the same number.",
    why="`Module 3` then means two things, and whichever sorts first is taken for the other.",
    find=find,
    good=(
        _TREE,
        {**_TREE, "modules/03a_rain/README.md": "# Module 3a: Rain\n"},
        {**_TREE, "modules/03_water_advanced/README.md": "# Module 3: Water, advanced\n"},
    ),
    bad=({**_TREE, "modules/03_light/README.md": "# Module 3: Light\n"},),
)
