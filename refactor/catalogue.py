"""Discover the series of a tree: entries, their homes, titles, nouns and tiers.

Reads pages and tables of contents, writes nothing, and judges no mention.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from refactor import fields
from refactor.model import Catalogue, Entry, Home, Place, Scope, Series, Tier
from refactor.namesakes import with_namesakes
from refactor.naming import Id, number_in, parse_id, same, split_suffix
from refactor.places import FEWEST, Candidate, Item, cluster, declared, find_places, is_frozen, noun_of
from refactor.settings import SeriesSettings, Settings
from refactor.titles import (
    COMMON_NOUNS,
    borne_nouns,
    listed_titles,
    nouns_of,
    own_texts,
    pages,
    read_heading,
    with_titles,
    without_shared,
)
from refactor.toc import Toc, parse_tier
from refactor.tree import Tree, matcher
from refactor.widths import with_widths

# What files that can be called end in.
_SCRIPTS = frozenset(["", *".py .sh .bash .zsh .fish .rb .pl .js .mjs .ts .ps1 .bat .cmd .exe".split()])

# Words that always number something else, whatever the tree looks like.
_PICTURES = frozenset(".png .jpg .jpeg .gif .svg .webp .pdf .ico .bmp .dot".split())
OTHER_NOUNS = frozenset("checkpoint milestone phase issue version figure table listing line page row column".split())


def discover(tree: Tree, settings: Settings, tocs: Sequence[Toc]) -> Catalogue:
    """Build the catalogue of a tree. Needs no settings; settings only add to what is found."""
    frozen = matcher(settings.frozen)
    found = _outside_homes(find_places(tree.paths, lambda path: is_frozen(path) or frozen(path)))
    groups = [group for group in cluster(found) if group[0].place.scope is Scope.LIVE and not _only_pictures(group)]
    others = _borne_by_others(groups)
    every = [_series(tree, group, tocs, nouns) for group, nouns in zip(groups, others, strict=True)]
    built = [with_widths(one) for one in with_namesakes(_with_nested_nouns(every), tree, frozen)]
    built.sort(key=lambda one: (bool(OTHER_NOUNS.intersection(one.nouns)), _only_spoken(one)))
    whole = _unique_names(_told(built, settings, tree, tocs))
    series = tuple(replace(one, dependents=_dependents(tree, one.entries)) for one in whole)
    nouns = {noun for one in series for noun in one.nouns}
    foreign = nouns | COMMON_NOUNS | OTHER_NOUNS | {noun.casefold() for noun in settings.foreign}
    return Catalogue(series, tuple(sorted(foreign)), _commands(tree, settings))


def _borne_by_others(groups: Sequence[Sequence[Candidate]]) -> list[frozenset[str]]:
    """For each group, the nouns that files of another bear."""
    borne = [frozenset(borne_nouns(group)) for group in groups]
    bearers = Counter(noun for nouns in borne for noun in nouns)
    return [frozenset(noun for noun, count in bearers.items() if count > (noun in nouns)) for nouns in borne]


def _with_nested_nouns(built: Sequence[Series]) -> list[Series]:
    """Where `week3/` holds `hw3.py`, homeworks have the numbers of weeks, unless they are a series of their own."""
    taken = {noun for one in built for noun in one.nouns}
    return [replace(one, nouns=(*one.nouns, *sorted(_nested_nouns(one) - taken))) for one in built]


def _nested_nouns(series: Series) -> set[str]:
    nested = {(noun_of(home.place.prefix), entry.key) for entry in series.entries for home in entry.homes
              if home.place.root.endswith("*") and not home.place.section}  # fmt: skip
    counted = Counter(noun for noun, _ in nested)
    return {noun for noun, count in counted.items() if count >= FEWEST and noun in COMMON_NOUNS}


def _only_pictures(group: Sequence[Candidate]) -> bool:
    return all(candidate.place.suffix.lower() in _PICTURES for candidate in group)


def _only_spoken(series: Series) -> bool:
    """Subtitles follow what they were spoken for: a course is not named after them."""
    return all(place.suffix.endswith((".srt", ".vtt")) for place in series.places)


def _told(built: Sequence[Series], settings: Settings, tree: Tree, tocs: Sequence[Toc]) -> list[Series]:
    """What settings say of a series comes on top of what was found; declared series come first."""
    told = {one.name: one for one in settings.series}
    first = [_with_settings(_declared_series(one, built, tree, tocs), one) for one in settings.series]
    rest = [one for one in built if one.name not in told and all(one.entries != other.entries for other in first)]
    series = [one for one in (*first, *rest) if one.entries]
    if series and settings.nouns:
        series[0] = replace(series[0], nouns=tuple(dict.fromkeys((*series[0].nouns, *settings.nouns))))
    return series


def _declared_series(said: SeriesSettings, built: Sequence[Series], tree: Tree, tocs: Sequence[Toc]) -> Series:
    """The series that settings describe: by its places, else the one found under its name or noun."""
    group = declared([place for place in said.places if place.width], tree.paths)
    if group:
        return _series(tree, group, tocs, frozenset())
    fitting = [one for one in built if said.name == one.name or said.name in one.nouns]
    return fitting[0] if fitting else Series(said.name, (said.name,), ())


def _with_settings(series: Series, said: SeriesSettings) -> Series:
    titles = dict(said.titles)
    tiers = said.tiers or series.tiers
    entries = tuple(
        replace(one, series=said.name, tier=_tier_of(one, tiers),
                titles=tuple(dict.fromkeys((*titles.get(one.id, ()), *one.titles))))
        for one in series.entries
    )  # fmt: skip
    return replace(series, name=said.name, nouns=said.nouns or series.nouns, entries=entries, tiers=tiers)


def _outside_homes(places: Sequence[Candidate]) -> list[Candidate]:
    """Leave out places inside an entry's folder: their numbers start anew in every folder."""
    folders = {item.path for place in places if place.place.folder for item in place.items}
    return [place for place in places if not any(part in folders for part in _ancestors(place.place.root))]


def _ancestors(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _unique_names(built: Iterable[Series]) -> Iterator[Series]:
    seen: Counter[str] = Counter()
    for one in built:
        seen[one.name] += 1
        yield one if seen[one.name] == 1 else replace(one, name=f"{one.name}-{seen[one.name]}")


def _series(tree: Tree, group: Sequence[Candidate], tocs: Sequence[Toc], others: frozenset[str]) -> Series:
    entries = _entries(group)
    headings = {path: read_heading(tree, path) for path in (*pages(entries), *own_texts(entries, tree))}
    nouns = nouns_of(group, entries, headings, tree, others)
    listed = listed_titles(tocs)
    titled = without_shared([with_titles(entry, tree, headings, listed) for entry in entries])
    tiers = _tiers(tocs, titled)
    homes = (home for candidate in group for home in _homes(candidate))
    places = tuple(dict.fromkeys(home.place for home in homes))
    whole = (_with_companions(_with_nested_homes(entry, tree), tree) for entry in titled)
    nested = [replace(entry, series=nouns[0], tier=_tier_of(entry, tiers)) for entry in whole]
    named = _with_numbered_files(nested, tree)
    return Series(nouns[0], nouns, named, places, tiers, fields=fields.holding_numbers(tree, named))


def _homes(candidate: Candidate) -> Iterator[Home]:
    for item in candidate.items:
        yield Home(item.path, item.id.slug, candidate.place)


# --- entries ------------------------------------------------------------------------------------


def _entries(group: Sequence[Candidate]) -> list[Entry]:
    """Entries are numbers where pages have sections or no names, else number and name together."""
    by_number = any(c.place.section for c in group) or not group[0].names
    return _entries_by_number(group) if by_number else _entries_by_name(group)


def _entries_by_number(group: Sequence[Candidate]) -> list[Entry]:
    homes: dict[tuple[int, str], list[Home]] = defaultdict(list)
    for candidate in group:
        for item in candidate.items:
            homes[item.id.number, item.id.letter].append(Home(item.path, item.id.slug, candidate.place))
    first = group[0].place
    found = []
    for (number, letter), own in sorted(homes.items()):
        slug = next((home.slug for home in own if home.slug), "")
        written = f"{first.prefix}{number:0{first.width}d}{letter}"
        found.append(Entry("", number, letter, slug, written, homes=tuple(own)))
    return found


def _entries_by_name(group: Sequence[Candidate]) -> list[Entry]:
    first, *others = group
    found = {_name_key(item): _entry(first.place, item) for item in first.items}
    for candidate in others:
        own_slugs = 2 * len(candidate.names & first.names) < len(candidate.names) or _is_one_to_one(candidate, first)
        for item in candidate.items:
            _settle(found, candidate.place, item, own_slugs=own_slugs)
    return sorted(found.values(), key=lambda entry: entry.key)


def _is_one_to_one(one: Candidate, other: Candidate) -> bool:
    """Tell whether two places have the same numbers, each of them once: `01-introduction/` and `ch01-getting-started.asc`.
    One name of its own may be a leftover, several are how the place calls things; an old edition may have had others."""
    numbers, others = ([(item.id.number, item.id.letter) for item in each.items] for each in (one, other))
    is_once = sorted(numbers) == sorted(others) and len({*numbers}) == len(numbers)
    return is_once and len(one.names - other.names) > 1 and one.place.scope is Scope.LIVE


def _settle(found: dict[tuple[int, str, str], Entry], place: Place, item: Item, *, own_slugs: bool) -> None:
    """Give a numbered path to its entry; a path that contradicts the main place is nobody's home."""
    key, home = _name_key(item), Home(item.path, item.id.slug, place)
    if key in found:
        found[key] = replace(found[key], homes=(*found[key].homes, home))
        return
    same_number = [k for k in found if k[:2] == key[:2]]
    if any(k[2] == key[2] for k in found):
        return
    if not same_number and place.scope is Scope.LIVE:
        found[key] = _entry(place, item)
    elif own_slugs and len(same_number) == 1:
        entry = found[same_number[0]]
        found[same_number[0]] = replace(entry, homes=(*entry.homes, home))


def _name_key(item: Item) -> tuple[int, str, str]:
    return (item.id.number, item.id.letter, same(item.id.slug))


def _entry(place: Place, item: Item) -> Entry:
    found = item.id
    written = f"{place.prefix}{found.digits}{found.letter}{found.separator}{found.slug}"
    return Entry("", found.number, found.letter, found.slug, written, homes=(Home(item.path, found.slug, place),))


def _with_nested_homes(entry: Entry, tree: Tree) -> Entry:
    """Add what inside an entry's folders repeats its number: `listings/ch17-oop/listing-17-03`."""
    nested = [home for folder in entry.homes if folder.place.folder for home in _nested(entry, folder, tree)]
    return replace(entry, homes=(*entry.homes, *nested))


def _nested(entry: Entry, folder: Home, tree: Tree) -> Iterator[Home]:
    known = {entry.slug, *(home.slug for home in entry.homes)}
    for path in sorted(tree.children(folder.path)):
        is_folder = path in tree.folders
        name = path.rpartition("/")[2]
        stem, suffix = (name, "") if is_folder else split_suffix(name)
        found = parse_id(stem)
        if not found or found.number != entry.number:
            continue
        is_same = _is_called(found.slug, known) and (found.slug or not _is_counted(found, folder, tree))
        root = f"{folder.place.root}/*".lstrip("/")
        is_bare = bool(found.section) and not found.slug and not found.prefix  # the `3.1` in `unit3` counts sections
        if _is_part(found, folder) and not is_folder:
            tail = stem.removeprefix(f"{found.prefix}{found.digits}{found.letter}")
            yield Home(path, "", Place(root, found.prefix, len(found.digits), "", tail + suffix, False,
                                       scope=folder.place.scope))  # fmt: skip
        elif (found.section or is_same) and not is_bare:
            yield Home(path, found.slug, Place(root, found.prefix, len(found.digits), found.separator, suffix, is_folder,
                                               bool(found.section), folder.place.scope))  # fmt: skip


def _is_part(one: Id, folder: Home) -> bool:
    """Tell whether a file goes on with the name of its folder, which has a number alone: `unit8/unit8_part1.ipynb`."""
    return bool(one.prefix and one.slug and not one.section and not folder.slug and one.prefix == folder.place.prefix)


def _is_called(slug: str, known: Iterable[str]) -> bool:
    """Tell whether a slug is one of some, or the end of one: `04_strings.md` in `04_Day_Strings`."""
    names = [re.split(r"[_-]", name.casefold()) for name in known]
    words = re.split(r"[_-]", slug.casefold())
    return any(same(slug) == same(name) for name in known) or (
        bool(slug) and any(name[-len(words) :] == words for name in names)
    )


def _is_counted(one: Id, folder: Home, tree: Tree) -> bool:
    """Tell whether a number alone counts what lies in a folder: `chapter5/5.md` beside `chapter5/4.md`."""
    stems = (split_suffix(path.rpartition("/")[2])[0] for path in tree.children(folder.path))
    beside = (found for stem in stems if (found := parse_id(stem)))
    return any((found.prefix, found.slug) == (one.prefix, "") and found.number != one.number for found in beside)


def _with_companions(entry: Entry, tree: Tree) -> Entry:
    """Add files that lie beside an entry's file and have its name: `03-hats.png` beside `03-hats.md`."""
    known = {home.path for home in entry.homes}
    found = []
    for home in entry.homes:
        root, _, name = home.path.rpartition("/")
        for path in tree.children(root) if not home.place.folder else ():
            stem, suffix = split_suffix(path.rpartition("/")[2])
            if stem == split_suffix(name)[0] and suffix and path not in known and path not in tree.folders:
                found.append(replace(home, path=path, place=replace(home.place, suffix=suffix)))
                known.add(path)
    return replace(entry, homes=(*entry.homes, *found))


def _with_numbered_files(entries: Sequence[Entry], tree: Tree) -> tuple[Entry, ...]:
    """Add files such as `img/trpl17-02.svg`: their own chapter's pages show them under that name."""
    known = {home.path for entry in entries for home in entry.homes}
    numbers = {entry.number for entry in entries}
    groups: dict[str, list[Home]] = defaultdict(list)
    for path in sorted(tree.paths - known):
        root, _, name = path.rpartition("/")
        stem, suffix = split_suffix(name)
        found = parse_id(stem)
        if (
            found
            and found.section
            and found.prefix
            and not found.slug
            and found.number in numbers
            and not is_frozen(path)
        ):
            place = Place(root, found.prefix, len(found.digits), found.separator, suffix, False, True)
            groups[found.prefix].append(Home(path, "", place))
    wanted = {prefix for prefix, homes in groups.items() if _shown_on_own_pages(homes, entries, tree)}
    extra = {number: [h for prefix in wanted for h in groups[prefix] if _number(h) == number] for number in numbers}
    return tuple(replace(entry, homes=(*entry.homes, *extra[entry.number])) for entry in entries)


def _number(home: Home) -> int:
    found = number_in(home.path.rpartition("/")[2])
    return -1 if found is None else found


def _shown_on_own_pages(homes: Sequence[Home], entries: Sequence[Entry], tree: Tree) -> bool:
    """Most files of a kind that any page shows are shown by a page of their own number."""
    texts = {entry.number: "".join(d.text for p in pages([entry]) if (d := tree.read(p))) for entry in entries}
    shown = [home for home in homes if any(home.path.rpartition("/")[2] in text for text in texts.values())]
    own = [home for home in shown if home.path.rpartition("/")[2] in texts[_number(home)]]
    return len(own) >= 2 and 10 * len(own) >= 9 * len(shown)


# --- tiers, dependents, commands ----------------------------------------------------------------


def _tiers(tocs: Sequence[Toc], entries: Sequence[Entry]) -> tuple[Tier, ...]:
    """Named ranges in the captions of the tables of contents that list these entries."""
    own = {home.path.removesuffix(".md") for entry in entries for home in entry.homes}
    numbers = {entry.number for entry in entries}
    found = []
    for toc in tocs:
        if not any(e.path.removesuffix(".md") in own for e in toc.entries):
            continue
        for part in toc.parts:
            tier = parse_tier(part.caption)
            if tier and {tier.first, tier.last} <= numbers:
                found.append(tier)
    return tuple(dict.fromkeys(found))


def _tier_of(entry: Entry, tiers: Sequence[Tier]) -> str:
    return next((tier.name for tier in tiers if tier.first <= entry.number <= tier.last), "")


_DEPENDENT = re.compile(r"(?<![\w-])(?P<noun>[A-Z][a-z]+)\s(?P<number>\d{1,3})[-.]\d{1,3}(?![\w.-]*\w)")
_SECTION = re.compile(r"(?m)^[ \t>\"]*#{1,6}[ \t]+(?P<number>\d{1,3})(?:\.\d{1,2}){1,3}[.:)]?[ \t]")


def _numbered(text: str) -> Iterator[tuple[str, int]]:
    """What a text counts behind another number, and that number; a heading "## 5.2 Tools" is one of a section."""
    yield from ((found["noun"].casefold(), int(found["number"])) for found in _DEPENDENT.finditer(text))
    yield from (("section", int(found["number"])) for found in _SECTION.finditer(text))


def _dependents(tree: Tree, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Nouns whose number starts with the chapter's: most of "Listing 17-3" stand in chapter 17."""
    own: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    where: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        for path in pages([entry]):
            document = tree.read(path)
            for noun, number in _numbered(document.text) if document else ():
                seen[noun] += 1
                if number == entry.number:
                    own[noun] += 1
                    where[noun].add(entry.number)
    return tuple(sorted(n for n in own if len(where[n]) >= 3 and 2 * own[n] > seen[n]))


def _commands(tree: Tree, settings: Settings) -> tuple[str, ...]:
    """Commands of the repository itself: what lies in `bin/` or `scripts/`, and project scripts."""
    found = set(settings.commands)
    for path in tree.paths:
        root, _, name = path.rpartition("/")
        if root in {"bin", "scripts"} and not is_frozen(path):
            stem, suffix = split_suffix(name)
            found.update([stem] if suffix.lower() in _SCRIPTS else ())
    document = tree.read("pyproject.toml")
    if document:
        section = re.search(r"(?ms)^\[project\.scripts\]\s*$(.*?)(?=^\[|\Z)", document.text)
        found |= set(re.findall(r"(?m)^[ \t]*[\"']?([\w-]+)[\"']?[ \t]*=", section[1])) if section else set()
    return tuple(sorted(found))
