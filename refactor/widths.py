"""How wide a place writes its numbers. Numbers of ten and more do not tell, so those below ten do for all of their kind."""

from __future__ import annotations

from dataclasses import replace

from refactor.model import Entry, Home, Place, Scope, Series

_Kind = tuple[str, str, bool, bool, Scope]


def with_widths(series: Series) -> Series:
    """Give homes of large numbers the width of small ones that are written alike: `Chap10/10_1_x` that of `Chap09/9_1_x`."""
    small: dict[_Kind, int] = {}
    for home in (home for entry in series.entries if entry.number < 10 for home in entry.homes if home.place.width):
        kind = _kind(home.place)
        small[kind] = min(small.get(kind, home.place.width), home.place.width)
    return replace(series, entries=tuple(_with_small(entry, small) for entry in series.entries))


def _kind(place: Place) -> _Kind:
    return place.prefix, place.separator, place.folder, place.section, place.scope


def _with_small(entry: Entry, small: dict[_Kind, int]) -> Entry:
    if entry.number < 10:
        return entry
    return replace(entry, homes=tuple(_narrowed(home, small) for home in entry.homes))


def _narrowed(home: Home, small: dict[_Kind, int]) -> Home:
    width = min(home.place.width, small.get(_kind(home.place), home.place.width))
    return home if width == home.place.width else replace(home, place=replace(home.place, width=width))


def width_of(entry: Entry, written: str) -> int:
    """The width of numbers in the homes of an entry that are written with a prefix, of which the longest that the text in
    front of the number ends with counts; 0 if there are none."""
    fitting = [
        (len(home.place.prefix), home.place.width)
        for home in entry.living or entry.homes
        if home.place.width and written.endswith(home.place.prefix)
    ]
    longest = max((length for length, _ in fitting), default=0)
    return min((width for length, width in fitting if length == longest), default=0)
