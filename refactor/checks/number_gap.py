"""Numbers that are missing in a series which is otherwise complete."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from refactor.checks._homes import live, numbered_homes, page_of
from refactor.lint import INFO, Check, View, at
from refactor.model import Entry, Finding, Home
from refactor.naming import parse_id, split_suffix
from refactor.spans import Span

NAME = "number-gap"
_FEWEST = 3  # entries for each missing number: with fewer, gaps are the habit of the series


def find(view: View) -> Iterator[Finding]:
    """Yield every gap between the first and the last number of a series, at the entry behind it."""
    is_live = live(view)
    # Another place may skip what has no page there; only a number that nobody has is a gap.
    homes: dict[int, tuple[Entry, Home]] = {}
    for entry, home in numbered_homes(view):
        if is_live(home.path):
            homes.setdefault(entry.number, (entry, home))
    numbers = sorted(homes)
    if not numbers or _FEWEST * (numbers[-1] - numbers[0] + 1 - len(numbers)) > len(numbers):
        return
    for before, after in pairwise(numbers):
        if after - before > 1 and not _beside(homes[after][1], view) & set(range(before + 1, after)):
            yield _finding(homes[before][0], *homes[after], view)


def _beside(home: Home, view: View) -> set[int]:
    """The numbers of all that lies beside a home, written in whatever way."""
    names = (split_suffix(path.rpartition("/")[2])[0] for path in view.tree.children(home.place.root))
    return {found.number for name in names if (found := parse_id(name))}


def _finding(before: Entry, after: Entry, home: Home, view: View) -> Finding:
    first, last = before.number + 1, after.number - 1
    missing = f"{first} is" if first == last else f"{first} to {last} are"
    message = f"follows {before.id}: {missing} missing between them"
    return at(NAME, page_of(home, view), Span(0, 0), message, "the other numbers are complete", severity=INFO,
              target=after.id)  # fmt: skip


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
}

CHECK = Check(
    name=NAME,
    summary="A number is missing in a series that is otherwise complete.",
    why="Readers look for the missing entry; often it was deleted or moved, and the others were not renumbered.",
    find=find,
    good=(
        {**_TREE, "modules/04_light/README.md": "# Module 4: Light\n"},
        {f"lessons/{number}_{slug}.md": "# Lesson\n" for number, slug in ((10, "soil"), (12, "seeds"), (14, "water"))},
    ),
    bad=({**_TREE, "modules/05_light/README.md": "# Module 5: Light\n"},),
    severity=INFO,
)
