"""Where entries live: which files speak of the tree as it is today, and which file stands for an entry.

Decides by paths alone; it opens no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from refactor.lint import View
from refactor.model import Entry, Home, Scope
from refactor.naming import same, split_suffix
from refactor.outside import describes_past
from refactor.places import is_frozen


def live(view: View) -> Callable[[str], bool]:
    """Make a test for paths: what belongs to neither history nor an older edition is live."""
    homes = (home for entry in view.series.entries for home in entry.homes)
    frozen = tuple(home.path for home in homes if home.place.scope is Scope.FROZEN)

    def is_live(path: str) -> bool:
        if is_frozen(path) or describes_past(path) or view.is_history(path):
            return False
        return not any(path == home or path.startswith(f"{home}/") for home in frozen)

    return is_live


def numbered_homes(view: View) -> Iterator[tuple[Entry, Home]]:
    """Every live home that carries its entry's number, and no second number that depends on it."""
    for entry in view.series.entries:
        for home in entry.homes:
            if home.place.scope is Scope.LIVE and home.place.width and not home.place.section:
                yield entry, home


def page_of(home: Home, view: View) -> str:
    """The file that stands for a home: itself, or in a folder the file with its slug, its README, or the first."""
    if not home.place.folder:
        return home.path
    inside = [path for path in view.tree.children(home.path) if path not in view.tree.folders]
    inside = inside or sorted(path for path in view.tree.paths if path.startswith(f"{home.path}/"))[:1]
    return min(inside, key=lambda path: _rank(path, home), default=home.path)


def _rank(path: str, home: Home) -> tuple[int, str]:
    stem, suffix = split_suffix(path.rpartition("/")[2])
    if home.slug and same(home.slug) in same(stem) and suffix in {".py", ".md", ".ipynb", ".qmd"}:
        return (0 if suffix != ".ipynb" else 1, path)
    return (2 if stem.casefold() in {"readme", "index"} else 3, path)
