"""Turn what a person asks for into one simultaneous renaming: pairs, shift, swap, insert, remove.

Checks that the result is a numbering; looks at no file.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from refactor.errors import RefactorError
from refactor.model import Catalogue, Entry, Rename, Renaming, Series, Tier
from refactor.naming import Id, parse_id, same, split_suffix, title_from_slug
from refactor.widths import width_of


def find_entry(series: Series, name: str) -> Entry:
    """The entry with an id, with a slug that only one entry has, or with a home of that name; else an error with
    suggestions."""
    for written in (str.__eq__, lambda one, other: same(one) == same(other)):
        found = [entry for entry in series.entries if written(name, entry.id)]
        found = found or [entry for entry in series.entries if entry.slug and written(name, entry.slug)]
        found = found or [entry for entry in series.entries if any(written(name, home) for home in names_of(entry))]
        if len(found) == 1:
            return found[0]
        if found:
            choices = ", ".join(entry.id for entry in found)
            raise RefactorError(f"'{name}' could be {choices}; give the whole id.")
    ids = [entry.id for entry in series.entries]
    near = difflib.get_close_matches(name, [*ids, *(entry.slug for entry in series.entries if entry.slug)], 3, 0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else f" Entries are {ids[0]} to {ids[-1]}."
    raise RefactorError(f"no {series.name} is called '{name}'.{hint}")


def names_of(entry: Entry) -> frozenset[str]:
    """How the homes of an entry are called, suffixes aside: `L03_loops` and `l03`."""
    names = ((home, home.path.rpartition("/")[2]) for home in entry.homes)
    return frozenset(name if home.place.folder else split_suffix(name)[0] for home, name in names)


def find_series(catalogue: Catalogue, names: Sequence[str], wanted: str | None = None) -> Series:
    """The series that is meant: by name or noun, else the first that knows all the names."""
    if not catalogue.series:
        raise RefactorError(
            "no numbered series was found here; run `python -m refactor list modules` to see what is seen."
        )
    if wanted:
        for series in catalogue.series:
            if wanted == series.name or wanted in series.nouns:
                return series
        names_known = ", ".join(series.name for series in catalogue.series)
        raise RefactorError(f"there is no series '{wanted}' here; the series are {names_known}.")
    return next((one for one in catalogue.series if all(_knows(one, name) for name in names)), catalogue.series[0])


def _knows(series: Series, name: str) -> bool:
    known = ({entry.id, entry.slug, *names_of(entry)} for entry in series.entries if entry.id)
    return any(same(name) in map(same, names) for names in known)


def _as_id(source: str, target: str, old: Entry) -> str:
    """The target as the id is written, if entry and target are both called as another home of it is: `--from 03_water
    --to 04_water` where the id is `03-water` changes the number, and no separator."""
    given, wanted, style = parse_id(source), parse_id(target), parse_id(old.id)
    if not (given and wanted and style and given.slug and wanted.slug) or given.separator == style.separator:
        return target
    if (given.prefix, given.separator) != (wanted.prefix, wanted.separator):
        return target
    slug = (
        style.slug if same(given.slug) == same(wanted.slug) else wanted.slug.replace(given.separator, style.separator)
    )
    return f"{style.prefix}{wanted.digits}{wanted.letter}{style.separator}{slug}"


def target_of(old: Entry, name: str, series: Series) -> Entry:
    """The entry that `old` becomes under a new id; the id may leave out a slug that stays."""
    found = parse_id(name)
    style = parse_id(old.id)
    if found is None or style is None or found.section:
        raise RefactorError(f"'{name}' is no id of this series; write it as {old.id} is written, number first.")
    if not all(letter.isalnum() or letter in {*"_-.", *old.id} for letter in name) or ".." in name:
        raise RefactorError(f"'{name}' has characters that an id should not have; use letters, digits, '_' and '-'.")
    if found.slug and (
        style.slug or not old.slug
    ):  # also its manner of writing is meant, `week_3_tables` -> `03-tables`
        return replace(old, number=found.number, letter=found.letter, slug=found.slug, id=name)
    return _renumbered(old, found.number, found.letter, found.slug or old.slug, style)


def _renumbered(old: Entry, number: int, letter: str, slug: str, style: Id | None = None) -> Entry:
    style = style or parse_id(old.id)
    if style is None:
        return replace(old, number=number, letter=letter, slug=slug)
    padded = style.digits.startswith("0")
    width = len(style.digits) if padded else min(len(style.digits), width_of(old, style.prefix) or len(style.digits))
    named = f"{style.separator}{slug}" if style.slug else ""
    return replace(old, number=number, letter=letter, slug=slug, id=f"{style.prefix}{number:0{width}d}{letter}{named}")


def build(
    series: Series,
    pairs: Sequence[tuple[str, str]],
    titles: Mapping[str, str],
    *,
    tiers: tuple[Tier, ...] = (),
    exports: tuple[tuple[str, str], ...] = (),
    shift: bool = False,
    swap: bool = False,
) -> Renaming:
    """Make a renaming of pairs of names; raises RefactorError if it is no renaming of this series."""
    wanted: dict[tuple[int, str, str], tuple[Entry, Entry]] = {}
    for source, target in pairs:
        old = find_entry(series, source)
        new = target_of(old, _as_id(source, target, old), series)
        if old.key in wanted:
            raise RefactorError(
                f"{old.id} is renamed twice, to {wanted[old.key][1].id} and to {new.id}; keep one pair."
            )
        wanted[old.key] = (old, new)
    if shift and swap:
        raise RefactorError("--shift and --swap are two ways of making room; give one of them.")
    moved = list(wanted.values())
    if shift:
        moved += _shifted(series, moved)
    if swap:
        moved = _swapped(series, moved)
    return finish(series, moved, titles, tiers=tiers, exports=exports)


def insert(series: Series, number: int) -> Renaming | None:
    """Make room: every entry from `number` on moves up by one. None if there is room at `number` already."""
    if number < 0:
        raise RefactorError(f"--insert {number} is no number of a {series.name}; give the number that is to be free.")
    entries = series.living
    if any(entry.number > number for entry in entries) and all(entry.number != number for entry in entries):
        return None
    up = [(entry, _renumbered(entry, entry.number + 1, entry.letter, entry.slug))
          for entry in entries if entry.number >= number]  # fmt: skip
    if not up:
        last = max((entry.number for entry in entries), default=0)
        raise RefactorError(f"there is no {series.name} from {number} on; the last one is {last}, so nothing moves.")
    return finish(series, up, {}, tiers=_moved_tiers(series.tiers, number))


def remove(series: Series, name: str) -> Renaming:
    """Close the gap of an entry whose files are gone: everything behind it moves down by one."""
    found = parse_id(name) or parse_id(find_entry(series, name).id)
    number = found.number if found else 0
    left = [home.path for entry in series.living if entry.number == number for home in entry.living]
    if left:
        raise RefactorError(
            f"{name} still has files, first {left[0]}; delete or move them (git rm -r), then run the same command again."
        )
    down = [(entry, _renumbered(entry, entry.number - 1, entry.letter, entry.slug))
            for entry in series.living if entry.number > number]  # fmt: skip
    if not down:
        raise RefactorError(f"nothing comes after {name}, so there is no gap to close.")
    tiers = tuple(
        replace(tier, first=tier.first - (tier.first > number), last=tier.last - (tier.last >= number))
        for tier in series.tiers
    )
    return finish(series, down, {}, tiers=tuple(tier for tier in tiers if tier.first <= tier.last))


def _moved_tiers(tiers: Iterable[Tier], start: int) -> tuple[Tier, ...]:
    return tuple(
        replace(tier, first=tier.first + (tier.first >= start), last=tier.last + (tier.last >= start)) for tier in tiers
    )


def _shifted(series: Series, moved: Sequence[tuple[Entry, Entry]]) -> list[tuple[Entry, Entry]]:
    """List-move: the entries between the old and the new number close the gap."""
    if len(moved) != 1:
        raise RefactorError("--shift moves one entry along the list; give it one --from/--to pair.")
    (old, new) = moved[0]
    step = -1 if new.number > old.number else 1
    between = range(min(old.number, new.number), max(old.number, new.number) + 1)
    return [
        (entry, _renumbered(entry, entry.number + step, entry.letter, entry.slug))
        for entry in series.living
        if entry.number in between and entry.number != old.number
    ]


def _swapped(series: Series, moved: Sequence[tuple[Entry, Entry]]) -> list[tuple[Entry, Entry]]:
    """The pair with the one that goes the other way; who names the other entry wants its number, not its name."""
    if len(moved) != 1:
        raise RefactorError("--swap exchanges two entries; give it one --from/--to pair.")
    (old, new) = moved[0]
    others = [entry for entry in series.living if entry.number == new.number and entry.key != old.key]
    if len(others) != 1:
        raise RefactorError(
            f"--swap needs exactly one {series.name} with number {new.number}, there are {len(others)}."
        )
    other = others[0]
    if other.slug and same(new.slug) == same(other.slug):
        new = _renumbered(old, other.number, other.letter, old.slug)
    return [(old, new), (other, _renumbered(other, old.number, old.letter, other.slug))]


def finish(
    series: Series,
    moved: Iterable[tuple[Entry, Entry]],
    titles: Mapping[str, str],
    *,
    tiers: tuple[Tier, ...] = (),
    exports: tuple[tuple[str, str], ...] = (),
) -> Renaming:
    """Check that no two entries end up in one place, add titles, and leave out what does not change."""
    named = {old.key: (old, new) for old, new in moved}
    for name in titles:
        entry = _titled(series, list(named.values()), name)
        named.setdefault(entry.key, (entry, entry))
    pairs = sorted(named.values(), key=lambda pair: pair[0].key)
    new_titles = _titles(series, pairs, titles)
    _no_clash(series.living, pairs)
    renames = (_rename(old, new, new_titles.get(old.key)) for old, new in pairs)
    changed = tuple(one for one in renames if one.old.key != one.new.key or one.title)
    return Renaming(series, changed, tiers, exports)


def _titles(
    series: Series, pairs: Sequence[tuple[Entry, Entry]], titles: Mapping[str, str]
) -> dict[tuple[int, str, str], str]:
    """Titles by entry; they may be given under the old or the new name."""
    found = {}
    for name, title in titles.items():
        entry = _titled(series, pairs, name)
        if not title.strip() or "\n" in title:
            raise RefactorError(f"the title for {name} is empty or has a line break.")
        found[entry.key] = title
    return found


def _titled(series: Series, pairs: Sequence[tuple[Entry, Entry]], name: str) -> Entry:
    """The entry that a title is given to, under its old or its new name."""
    wanted = [old for old, new in pairs if same(name) in {same(new.slug), same(new.id), same(old.slug), same(old.id)}]
    return wanted[0] if len(wanted) == 1 else find_entry(series, name)


def _rename(old: Entry, new: Entry, title: str | None) -> Rename:
    if title is None and same(old.slug) != same(new.slug):
        title = title_from_slug(new.slug)
    if title is not None and title in old.titles[:1]:
        title = None
    return Rename(old, replace(new, titles=(title, *old.titles) if title else old.titles), title)


def _no_clash(entries: Sequence[Entry], pairs: Sequence[tuple[Entry, Entry]]) -> None:
    after: dict[tuple[int, str, str], Entry] = {entry.key: entry for entry in entries}
    becomes = {old.key: new for old, new in pairs}
    places = [becomes.get(key, entry) for key, entry in after.items()]
    for key, count in Counter(map(_place, places)).items():
        if count > 1:
            stays = [entry.id for entry in entries if entry.key not in becomes and _place(entry) == key]
            names = [*stays, *(old.id for old, new in pairs if _place(new) == key)]
            written = next(new.id for _, new in pairs if _place(new) == key)
            raise RefactorError(f"{' and '.join(names)} would both be {written} then; give them different targets.")
    _no_taken_number(entries, pairs, becomes)


def _place(entry: Entry) -> tuple[int, str, str]:
    return (entry.number, entry.letter, same(entry.slug))


def _no_taken_number(
    entries: Sequence[Entry], pairs: Sequence[tuple[Entry, Entry]], becomes: Mapping[tuple[int, str, str], Entry]
) -> None:
    """Two entries may share a number that they shared before; a renaming makes no new clash."""
    before = {(one.number, one.letter, other.key) for one in entries for other in entries
              if one.key != other.key and (one.number, one.letter) == (other.number, other.letter)}  # fmt: skip
    for old, new in pairs:
        for other in entries:
            place = becomes.get(other.key, other)
            if other.key == old.key or (place.number, place.letter) != (new.number, new.letter):
                continue
            if (old.number, old.letter, other.key) in before and (old.number, old.letter) == (
                other.number,
                other.letter,
            ):
                continue
            if other.key in becomes:
                raise RefactorError(
                    f"{old.id} and {other.id} would both get number {new.number}; give them different ones."
                )
            raise RefactorError(
                f"number {new.number} is taken by {other.id}. Three ways out: --shift (the entries between close "
                f"the gap), --swap (the two change places), or another --from/--to pair that moves {other.id} away."
            )


def is_done(series: Series, pairs: Sequence[tuple[str, str]]) -> bool:
    """Tell whether every pair was carried out before: no entry has an old id, each new id is there."""
    ids = {name for entry in series.entries for name in (entry.id, *names_of(entry))}
    slugs = {entry.slug for entry in series.entries}
    return bool(pairs) and all(
        target in ids and source not in ids and (source not in slugs or target.endswith(source))
        for source, target in pairs
    )
