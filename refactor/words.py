"""The words of one series, compiled for searching: numbers, slugs, titles, nouns.

Answers "whose name is this?"; decides nothing about meaning.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from refactor.model import Entry, Part, Place, Series
from refactor.naming import same, same_linked, split_suffix, stems
from refactor.places import NOUNS, folders_of
from refactor.spans import Span

_WORD = re.compile(r"[^\W_]+(?:[-&/'’][^\W_]+)*(?:\+\+|#(?!\w))?")
_MOST_WORDS = 6  # the longest name that is looked up


@dataclass(frozen=True, slots=True)
class Name:
    """A name found in a text: whose it may be, and its part where it is written exactly."""

    entries: tuple[Entry, ...]
    part: Part | None
    text: str
    strong: bool = True


@dataclass(frozen=True, eq=False)
class Words:
    """Look-ups over one series. `paths` are all paths of the tree, for stems in use."""

    series: Series
    paths: frozenset[str]
    foreign: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    repository: str = ""  # "owner/name" of the tree itself, if its README tells
    old: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)  # entries by what they were called once

    @cached_property
    def by_number(self) -> dict[int, tuple[Entry, ...]]:
        """Entries of a number; mostly one."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.series.entries:
            found[entry.number].append(entry)
        return {number: tuple(entries) for number, entries in found.items()}

    @cached_property
    def has_letters(self) -> bool:
        """Whether some number of the series goes with a letter, as in `13a`."""
        return any(entry.letter for entry in self.series.entries)

    @cached_property
    def is_dotted(self) -> bool:
        """Whether a dot stands behind the numbers in ids: `01.intro.md`, `01.02-magic.ipynb`."""
        return any("." in place.separator for place in self.series.places)

    @cached_property
    def by_slug(self) -> dict[str, tuple[Entry, ...]]:
        """Entries by every slug that one of their homes carries, in comparable form."""
        pairs = ((same(home.slug), entry) for entry in self.series.entries for home in entry.homes if home.slug)
        return _grouped([*((same(entry.slug), entry) for entry in self.series.entries if entry.slug), *pairs])

    @cached_property
    def slugs(self) -> frozenset[str]:
        """The slugs exactly as ids write them."""
        return frozenset(entry.slug for entry in self.series.entries if entry.slug)

    @cached_property
    def by_title(self) -> dict[str, tuple[Entry, ...]]:
        """Entries by title or slug, in comparable form."""
        titles = [(same(title), entry) for entry in self.series.entries for title in entry.titles if same(title)]
        slugs = [(same(entry.slug), entry) for entry in self.series.entries if entry.slug]
        return _grouped([*titles, *slugs])

    def by_id(self, name: str) -> tuple[Entry, ...]:
        """The entries that an id or a slug names."""
        return tuple(entry for entry in self.series.entries if name in {entry.id, entry.slug})

    def whose(self, slug: str) -> tuple[Entry, ...]:
        """The entries that a slug belongs to, today or once."""
        name = same_linked(slug)
        return self.by_slug.get(name) or self.old.get(name, ())

    def is_frozen_name(self, slug: str) -> bool:
        """Tell whether only homes in old editions have a slug."""
        return same_linked(slug) in self.by_slug and same_linked(slug) not in self._living_slugs

    @cached_property
    def _living_slugs(self) -> frozenset[str]:
        slugs = (slug for entry in self.series.entries for slug in (entry.slug, *(home.slug for home in entry.living)))
        return frozenset(map(same, slugs))

    def called(self, name: str) -> tuple[Entry, ...]:
        """The entries that a title or slug names, today or once."""
        return self._known(name) or self._either(name)

    def _either(self, name: str) -> tuple[Entry, ...]:
        """The entry that is called one of the alternatives in "Spatial/CNN", unless they name several."""
        found = {entry.key: entry for one in name.split("/")[:_MOST_WORDS] for entry in self._known(one)}
        return tuple(found.values()) if "/" in name and len(found) == 1 else ()

    def _known(self, name: str) -> tuple[Entry, ...]:
        return self.by_title.get(same(name)) or self.old.get(same(name), ())

    def is_old(self, name: str) -> bool:
        """Tell whether an entry was called so once, and none is today."""
        key = same(name) if self.old else ""
        return key in self.old and key not in self.by_title and key not in self.by_slug

    @cached_property
    def by_page(self) -> dict[str, tuple[Entry, ...]]:
        """Entries by the name of a file of theirs, without its suffix: what a table of contents lists."""
        homes = ((home, entry) for entry in self.series.entries for home in entry.homes if not home.place.folder)
        return _grouped([(split_suffix(home.path.rpartition("/")[2])[0], entry) for home, entry in homes])

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """Everything that a title may start with; most words are told apart by this alone."""
        return frozenset(title[:length] for title in self.by_title for length in range(1, len(title) + 1))

    @cached_property
    def _endings(self) -> frozenset[str]:
        return frozenset(title[-length:] for title in self.by_title for length in range(1, len(title) + 1))

    @cached_property
    def by_stem(self) -> dict[str, tuple[Entry, ...]]:
        """Entries by the first letters of the words in their titles; only words that tell entries apart."""
        pairs = {(stem, entry.key): entry for entry in self.series.entries
                 for title in (*entry.titles, entry.slug) for stem in stems(title.replace("_", " "))}  # fmt: skip
        grouped = _grouped([(stem, entry) for (stem, _), entry in pairs.items()])
        return {stem: entries for stem, entries in grouped.items() if len(entries) <= 2}

    @cached_property
    def tails(self) -> tuple[str, ...]:
        """What follows the slug in the names of own files of at least three entries: `_dev`, or nothing (`kv/kv.py`)."""
        found: Counter[str] = Counter()
        folders = {home.path: entry for entry in self.series.entries for home in entry.homes if home.place.folder}
        for path in self.paths:
            root, _, name = path.rpartition("/")
            entry, stem = folders.get(root), split_suffix(name)[0]
            if entry and entry.slug and stem.startswith(entry.slug):
                found[stem[len(entry.slug) :]] += 1
        shared = {tail for tail, count in found.items() if count >= 3}
        shared |= {split_suffix(place.suffix)[0] for place in self.series.places if not place.suffix.startswith(".")}
        return tuple(sorted(shared, key=lambda tail: (-len(tail), tail)))

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """Prefixes of the series' places, longest first, without the empty one; a blank as links write it: elsewhere
        "Week 3" is a noun and a number."""
        found = {home.place.prefix.replace(" ", "%20") for entry in self.series.entries for home in entry.homes}
        return tuple(sorted((prefix for prefix in found if prefix), key=len, reverse=True))

    @cached_property
    def noun_pattern(self) -> str:
        """An alternation of the nouns, their plurals and their short forms."""
        short = [short for short, noun in NOUNS.items() if noun in self.series.nouns]
        forms = [*(re.escape(noun) + "s?" for noun in self.series.nouns), *(re.escape(s) + r"s?\.?" for s in short)]
        return "(?:" + "|".join(sorted(forms, key=len, reverse=True)) + ")"

    @cached_property
    def noun_starts(self) -> tuple[str, ...]:
        """What nouns and their short forms start with, in lower case: "mod" stands for "module", too."""
        forms = {*self.series.nouns, *(short for short, noun in NOUNS.items() if noun in self.series.nouns)}
        return tuple(sorted(form for form in forms if not any(form.startswith(o) for o in forms - {form})))

    @cached_property
    def foreign_pattern(self) -> re.Pattern[str]:
        """A noun of another numbering at the end of a text: "Checkpoint " before a number."""
        return re.compile(rf"(?i)(?:{'|'.join(map(re.escape, self.foreign)) or '(?!)'})s?[\W_]*$")

    @cached_property
    def noun_before(self) -> re.Pattern[str]:
        """A noun of the series at the end of a text: "modules (" before a number."""
        return re.compile(rf"(?i)\b{self.noun_pattern}[\W_]*$")

    @cached_property
    def speaking(self) -> re.Pattern[str]:
        """A noun or a tier's name: a line with one of them speaks of the series."""
        tiers = "".join(f"|{re.escape(tier.name)}" for tier in self.series.tiers)
        return re.compile(rf"(?i)(?:\b|_){self.noun_pattern}\b|\b(?:tier{tiers})\b")

    @cached_property
    def live_places(self) -> tuple[Place, ...]:
        """Places that follow a renaming."""
        return tuple(place for place in self.series.places if place.scope.value == "live")

    @cached_property
    def narrowest(self) -> int:
        """How many digits the shortest way of writing a number has among those places; 10 and more tell little."""
        homes = (home for entry in self.series.entries if entry.number < 10 for home in entry.homes)
        small = {home.place for home in homes} & {*self.live_places}
        return min((place.width for place in small or self.live_places), default=1)

    @cached_property
    def odd_slugs(self) -> tuple[str, ...]:
        """Slugs that hold more than letters, digits and hyphens (`C++`, `Q&A`), the longest first."""
        slugs = {home.slug for entry in self.series.entries for home in entry.homes}
        return _longest_first(slug for slug in slugs if re.search(r"[^\w-]", slug))

    @cached_property
    def spaced_slugs(self) -> tuple[str, ...]:
        """The slugs of homes with a blank in their name, as files are called and as links write it, the longest first."""
        named = ((home.path.rpartition("/")[2], home.slug) for entry in self.series.entries for home in entry.homes)
        slugs = {slug for name, slug in named if slug and " " in name}
        return _longest_first({*slugs, *(slug.replace(" ", "%20") for slug in slugs)})

    @cached_property
    def home_names(self) -> frozenset[str]:
        """What homes are called, without suffixes."""
        homes = (home.path.rpartition("/")[2] for entry in self.series.entries for home in entry.homes)
        return frozenset(split_suffix(name)[0] for name in homes)

    @cached_property
    def all_paths(self) -> frozenset[str]:
        """Every file and folder of the tree."""
        return self.paths | folders_of(self.paths)

    @cached_property
    def components(self) -> frozenset[str]:
        """Every name of a file or folder of the tree, files without their suffix."""
        return frozenset(split_suffix(part)[0] for path in self.paths for part in path.split("/"))

    @cached_property
    def file_names(self) -> frozenset[str]:
        """Every name of a file of the tree."""
        return frozenset(path.rpartition("/")[2] for path in self.paths)

    @cached_property
    def _homes(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.series.entries:
            for home in entry.homes:
                found[home.path].append(entry)
        return {path: tuple(entries) for path, entries in found.items()}

    def home_of(self, path: str) -> tuple[Entry, ...]:
        """The entries in whose home a file lies, or whose home it is; mostly one or none."""
        while path:
            if path in self._homes:
                return self._homes[path]
            path = path.rpartition("/")[0]
        return ()

    def may_name(self, text: str, count: int) -> bool:
        """Tell cheaply whether a text could hold as many titles; says yes too often, never no by mistake."""
        found = 0
        for word in _WORD.finditer(text):
            found += same(word[0]) in self._beginnings
            if found >= count:
                return True
        return False

    def may_begin(self, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
        """Tell cheaply whether a text could begin with a title; says yes too often, never no by mistake."""
        word = _WORD.search(text, start, end)
        return word is not None and same(word[0]) in self._beginnings

    def name_at_start(self, text: str, offset: int, *, exact: bool = False, old: bool = False) -> Name | None:
        """The entry named by the first words of `text`, which stands at `offset` of its document.

        `exact`: no hints. `old`: a text that is nothing but what an entry was called once names it, too; only beside
        a noun and a number is that sure.
        """
        if old and (whole := self._once(text, offset)):
            return whole
        likely = self.may_begin(text)
        words = list(islice(_WORD.finditer(text), _MOST_WORDS)) if likely or not exact else []
        for count in range(len(words) if likely else 0, 0, -1):
            piece = Span(words[0].start(), words[count - 1].end())
            if entries := self.by_title.get(same(text[piece.start : piece.end])):
                return self._named(entries, text, piece, offset)
        return None if exact else self._hinted(text, words[:4])

    def name_at_end(self, text: str, offset: int, *, exact: bool = False, old: bool = False) -> Name | None:
        """The entry named by the last words of `text`; `exact` and `old` as above."""
        if old and (whole := self._once(text, offset)):
            return whole
        words = list(_WORD.finditer(text))[-_MOST_WORDS:]
        likely = words and same(words[-1][0]) in self._endings
        for count in range(len(words) if likely else 0, 0, -1):
            piece = Span(words[-count].start(), words[-1].end())
            if entries := self.by_title.get(same(text[piece.start : piece.end])):
                return self._named(entries, text, piece, offset)
        return None if exact else self._hinted(text, words[-4:])

    def names_one_of(self, text: str, own: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Those of the given entries whose title stands anywhere in the text."""
        words = list(_WORD.finditer(text))
        spans = (
            (first, last) for first in range(len(words)) for last in range(first, min(first + _MOST_WORDS, len(words)))
        )
        said = {same(text[words[first].start() : words[last].end()]) for first, last in spans}
        keys = {entry.key for name in said for entry in self.by_title.get(name, ())}
        return tuple(entry for entry in own if entry.key in keys)

    def reminds_of(self, text: str, own: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Those of the given entries one of whose words stands in the text in some form."""
        keys = {entry.key for stem in stems(text) for entry in self.by_stem.get(stem, ())}
        return tuple(entry for entry in own if entry.key in keys)

    def _once(self, text: str, offset: int) -> Name | None:
        """The entry that was once called exactly so, or is called one of two things: "Spatial/CNN"."""
        entries = self.old[same(text)] if self.is_old(text) else self._either(text)
        start = len(text) - len(text.lstrip())
        return self._named(entries, text, Span(start, len(text.rstrip())), offset) if entries else None

    def _named(self, entries: tuple[Entry, ...], text: str, piece: Span, offset: int) -> Name:
        if "(" in text[piece.start : piece.end] and text[piece.end : piece.end + 1] == ")":
            piece = Span(piece.start, piece.end + 1)
        written = text[piece.start : piece.end]
        return Name(entries, Part(Span(offset + piece.start, offset + piece.end), "name", written), written)

    def _hinted(self, text: str, words: Sequence[re.Match[str]]) -> Name | None:
        if not words:
            return None
        written = text[words[0].start() : words[-1].end()]
        found = {entry.key: entry for stem in stems(written) for entry in self.by_stem.get(stem, ())}
        return Name(tuple(found.values()), None, written) if found else Name((), None, written)


def _longest_first(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(slugs, key=lambda slug: (-len(slug), slug)))


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, dict[tuple[int, str, str], Entry]] = defaultdict(dict)
    for name, entry in pairs:
        if name:
            found[name][entry.key] = entry
    return {name: tuple(entries.values()) for name, entries in found.items()}
