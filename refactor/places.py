"""Find the numbered places of a tree from its paths alone, and which of them belong together.

Reads no file. A place is a folder with at least three numbered children written in one way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from refactor.model import Place, Scope
from refactor.naming import Id, parse_id, same, split_suffix

FEWEST = 3  # numbered siblings that make a place

# What pages are written in. A site shows `intro.md` as `intro.html` or `intro/`, so each of these may stand for a page.
PAGES = (".md", ".qmd", ".ipynb", ".rst", ".mdx", ".myst", ".markdown", ".rmd", ".Rmd", ".adoc", ".html")

_FIRST_WORD = re.compile(r"([^\W\d_]+)[_-](?=[^\W_])")
_RANGED = re.compile(r"(?P<noun>[^\W\d_]+)[ _.-]?\d+[-–_]\d+")

# A folder whose name says that it keeps an older state: its own numbers do not move.
_FROZEN = re.compile(
    r"(?i)(^|[-_. ])(archived?|old|legacy|deprecated|frozen|previous|editions?|v\d+([._]\d+)*)($|[-_. ])|^(19|20)\d\d$"
)

# Short forms that stand for a noun when they are a prefix: `ch17`, `lec_03`.
NOUNS = {
    "ch": "chapter", "chap": "chapter", "mod": "module", "lec": "lecture", "wk": "week", "ex": "exercise",
    "sec": "section", "les": "lesson", "nb": "notebook", "tut": "tutorial", "proj": "project", "hw": "homework",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered path and its last component taken apart."""

    path: str
    id: Id


@dataclass(frozen=True)
class Candidate:
    """A place with what was found in it."""

    place: Place
    items: tuple[Item, ...]

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers in use."""
        return frozenset(item.id.number for item in self.items)

    @cached_property
    def names(self) -> frozenset[tuple[int, str]]:
        """Numbers with the slug they carry, in comparable form."""
        return frozenset((item.id.number, same(item.id.slug)) for item in self.items if item.id.slug)

    @cached_property
    def infix(self) -> str:
        """The word that all slugs begin with: "Day" in `04_Day_Strings` beside `05_Day_Lists`; "" if there is none."""
        words = {found[1] for item in self.items if (found := _FIRST_WORD.match(item.id.slug))}
        all_have = len(words) == 1 and all(_FIRST_WORD.match(item.id.slug) for item in self.items)
        return next(iter(words)) if all_have and len(self.items) >= FEWEST else ""

    @cached_property
    def short_names(self) -> frozenset[tuple[int, str]]:
        """The names without that word."""
        return frozenset((number, slug.removeprefix(same(self.infix))) for number, slug in self.names)


def folders_of(paths: Iterable[str]) -> frozenset[str]:
    """Every folder that holds one of the paths, at any depth."""
    found: set[str] = set()
    for path in paths:
        while "/" in path:
            path = path.rpartition("/")[0]
            if path in found:
                break
            found.add(path)
    return frozenset(found)


def is_frozen(path: str) -> bool:
    """Tell whether a folder on the way to a path is named as an old edition or an archive."""
    return _is_frozen_folder(path.rpartition("/")[0])


@lru_cache(maxsize=4096)  # whoever asks about a file asks about those beside it
def _is_frozen_folder(folder: str) -> bool:
    return any(map(_FROZEN.search, folder.split("/")))


def noun_of(prefix: str) -> str:
    """The noun that a prefix stands for: "ch" and "chapter" both give "chapter"."""
    word = re.split(r"[-_. ]+", prefix.strip("-_. ").casefold())[-1]
    return NOUNS.get(word, word)


def find_places(paths: frozenset[str], frozen: Callable[[str], bool] = is_frozen) -> tuple[Candidate, ...]:
    """List the numbered places, the fullest first; `frozen` tells which paths belong to an older edition."""
    groups: dict[Place, list[Item]] = defaultdict(list)
    for path, folder in (*((p, False) for p in paths), *((p, True) for p in folders_of(paths))):
        root, _, name = path.rpartition("/")
        stem, suffix = (name, "") if folder else split_suffix(name)
        found = parse_id(stem)
        if found and not is_hidden(path):
            scope = Scope.FROZEN if frozen(path) else Scope.LIVE
            groups[_place(root, found, suffix, scope, folder=folder)].append(Item(path, found))
    merged = dict(_without_tail(place, items) for place, items in _merge_widths(groups).items())
    candidates = [Candidate(place, tuple(sorted(items, key=_order))) for place, items in merged.items()]
    kept = [one for one in candidates if _qualifies(one)]
    few = [one for one in candidates if not _qualifies(one) and any(_goes_with(one, other) for other in kept)]
    return tuple(sorted((*kept, *few), key=_rank))


def completes(one: Candidate, other: Candidate) -> bool:
    """Tell whether pages lie beside others of another format (`05_intro.md` among notebooks), as their twins or in their gaps."""
    place, beside = one.place, other.place
    if place.suffix == beside.suffix or not {place.suffix, beside.suffix} <= {*PAGES}:
        return False
    if replace(beside, suffix=place.suffix, width=place.width) != place:
        return False
    span = range(min(other.numbers), max(other.numbers) + 1)
    return one.names <= other.names or (other.numbers.isdisjoint(one.numbers) and one.numbers <= {*span})


def continues(one: Candidate, other: Candidate) -> bool:
    """Tell whether two folders hold parts of one series: `part1/01-soil.md` to 04, and `part2/05-water.md` to 09."""
    place, beside = one.place, other.place
    if place.root == beside.root or replace(beside, root=place.root, width=place.width) != place:
        return False
    if place.root.rpartition("/")[0] != beside.root.rpartition("/")[0]:
        return False
    first, second = sorted((one, other), key=lambda part: min(part.numbers))
    gap = min(second.numbers) - max(first.numbers)
    is_named = bool(place.prefix or (one.names and other.names))
    return is_named and (gap == 1 or (gap > 1 and _is_alike(place.root, beside.root)))


def _is_alike(one: str, other: str) -> bool:
    """Tell whether two folders are called the same but for numbers: `part1` and `part2`, `day01-20` and `day36-45`."""
    return re.sub(r"\d+", "#", one) == re.sub(r"\d+", "#", other)


def _goes_with(one: Candidate, other: Candidate) -> bool:
    return completes(one, other) or continues(one, other)


def _without_tail(place: Place, items: list[Item]) -> tuple[Place, list[Item]]:
    """What all names of a place end in is no part of the slugs: `14_profiling_ABOUT.md` beside `15_caching_ABOUT.md`."""
    slugs = [item.id.slug for item in items]
    found = re.search(r"[_-][A-Za-z]+$", slugs[0])
    if (
        place.folder
        or len(items) < FEWEST
        or not found
        or not all(s.endswith(found[0]) and s != found[0] for s in slugs)
    ):
        return place, items
    tail = found[0]
    stems = (split_suffix(item.path.rpartition("/")[2])[0].removesuffix(tail) for item in items)
    shorter = [Item(item.path, one) for item, stem in zip(items, stems, strict=True) if (one := parse_id(stem))]
    return (replace(place, suffix=tail + place.suffix), shorter) if len(shorter) == len(items) else (place, items)


def _place(root: str, found: Id, suffix: str, scope: Scope, *, folder: bool) -> Place:
    return Place(
        root, found.prefix, len(found.digits), found.separator, suffix, folder, section=bool(found.section), scope=scope
    )


def _merge_widths(groups: dict[Place, list[Item]]) -> dict[Place, list[Item]]:
    """Unpadded numbers give two widths (`week_9`, `week_10`); padded ones give one."""
    merged: dict[Place, list[Item]] = defaultdict(list)
    for place, items in groups.items():
        padded = any(item.id.digits.startswith("0") for item in items)
        merged[_with_width(place, 0)].extend(items)
        if padded:
            merged[_with_width(place, 0)].sort(key=_order)
    return {_with_width(place, _width(items)): items for place, items in merged.items()}


def _width(items: Sequence[Item]) -> int:
    padded = [len(item.id.digits) for item in items if item.id.digits.startswith("0")]
    if padded:
        return max(padded)
    widths = {len(item.id.digits) for item in items}
    return 1 if len(widths) > 1 else widths.pop()


def _with_width(place: Place, width: int) -> Place:
    return Place(
        place.root, place.prefix, width, place.separator, place.suffix, place.folder, place.section, place.scope
    )


def _order(item: Item) -> tuple[int, str, str, str]:
    return (item.id.number, item.id.letter, item.id.section, item.path)


def _rank(candidate: Candidate) -> tuple[bool, int, bool, int, Place]:
    place = candidate.place
    counted = sum(number > 0 for number in candidate.numbers)  # a book may have introductions numbered 0
    return (place.scope is not Scope.LIVE, -counted, not place.folder, -len(candidate.items), place)


def is_hidden(path: str) -> bool:
    """Tell whether a path lies where tools keep their own things, or is called as they call them."""
    return any(part.startswith(".") or part in {"node_modules", "__pycache__"} for part in path.split("/"))


def _qualifies(candidate: Candidate) -> bool:
    """Three numbers or more, dense enough to be a count and not a measure (`resnet50`, `2019`)."""
    numbers = candidate.numbers
    if len(numbers) < FEWEST:
        return False
    return max(numbers) - min(numbers) < 2 * len(numbers) + 3


def declared(places: Sequence[Place], paths: frozenset[str]) -> tuple[Candidate, ...]:
    """The candidates that settings name, however few paths they hold."""
    found = []
    for place in places:
        pool = folders_of(paths) if place.folder else paths
        items = (Item(path, one) for path in pool if (one := _fitting(path, place)))
        found.append(Candidate(place, tuple(sorted(items, key=_order))))
    return tuple(one for one in found if one.items)


def _fitting(path: str, place: Place) -> Id | None:
    root, _, name = path.rpartition("/")
    stem, suffix = (name, "") if place.folder else split_suffix(name)
    found = parse_id(stem)
    if root != place.root or suffix != place.suffix or found is None or found.prefix != place.prefix:
        return None
    return found if bool(found.section) == place.section else None


def belong_together(one: Candidate, other: Candidate) -> bool:
    """Tell whether two places number the same things: by shared names, or by the noun in front."""
    shared = len(one.names & other.names) or len(one.short_names & other.short_names)
    if shared >= 2 and 2 * shared >= min(len(one.names), len(other.names)):
        return True
    noun = noun_of(one.place.prefix)
    if not noun or (noun != noun_of(other.place.prefix) and (one.names or noun not in _nouns_above(other.place))):
        return False
    both = one.numbers & other.numbers
    return 5 * len(both) >= 3 * min(len(one.numbers), len(other.numbers))


def _nouns_above(place: Place) -> set[str]:
    """What the folders on the way call their content: `modules/source` holds modules."""
    return {ranged_noun(part) or part.removesuffix("s") for part in place.root.casefold().split("/")}


def ranged_noun(folder: str) -> str:
    """What a folder for a range of entries calls them, in lower case: "day" for `Day01-20`; "" if it holds no range."""
    found = _RANGED.fullmatch(folder)
    return found["noun"].casefold() if found else ""


def cluster(candidates: Sequence[Candidate]) -> tuple[tuple[Candidate, ...], ...]:
    """Put places that belong together into one group; each group's fullest live place comes first."""
    groups: list[list[Candidate]] = []
    for candidate in candidates:
        near = [group for group in groups if any(_is_with(candidate, member) for member in group)]
        if near:
            near[0].append(candidate)
        else:
            groups.append([candidate])
    return tuple(map(tuple, _with_parts(groups)))


def _is_with(one: Candidate, other: Candidate) -> bool:
    return belong_together(one, other) or completes(one, other)


def _with_parts(groups: list[list[Candidate]]) -> list[list[Candidate]]:
    """Join the groups whose fullest places are parts of one series, in the order of their numbers."""
    series: list[list[list[Candidate]]] = []
    for group in sorted(groups, key=lambda group: min(group[0].numbers)):
        before = next((parts for parts in series if any(continues(group[0], part[0]) for part in parts)), None)
        if before is None:
            series.append([group])
        else:
            before.append(group)
    return sorted([[one for part in parts for one in part] for parts in series], key=_rank_of_group)


def _rank_of_group(group: list[Candidate]) -> tuple[bool, int, bool, int, Place]:
    """A series is as full as all its places together."""
    is_frozen, _, is_file, items, place = _rank(group[0])
    live = (one for one in group if one.place.scope is Scope.LIVE)
    return (is_frozen, -len({number for one in live for number in one.numbers if number > 0}), is_file, items, place)
