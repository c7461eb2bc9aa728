"""What numbers meant when they were written: the numberings of past commits, asked at the commit of a mention's author.

Reads git and nothing else. Decides nothing: the rule that asks is in `resolve`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from refactor import git, gitlog, lineage
from refactor.authors import Authors
from refactor.model import Entry
from refactor.naming import parse_id, same, split_suffix
from refactor.places import FEWEST
from refactor.recall import Recall
from refactor.words import Words

_FURTHEST = 10  # names that an entry is followed through

Numbering = Mapping[int, frozenset[str]]  # the slugs that go with a number


@dataclass(frozen=True, slots=True)
class Then:
    """A commit, its day, and what the numbers meant in it; `is_import` if it brought the series as it is today.

    Of what came with the series (an import, a course made of a template) nobody knows how old it is.
    """

    commit: str
    day: str
    names: Numbering
    entry_of: Callable[[str], tuple[Entry, ...]]
    is_import: bool

    def has(self, number: int) -> bool:
        """Tell whether the series had this number then."""
        return number in self.names

    def entries(self, number: int) -> tuple[Entry, ...]:
        """The entries of today that had this number then; none if what had it is gone."""
        found = {entry.key: entry for slug in sorted(self.names.get(number, ())) for entry in self.entry_of(slug)}
        return tuple(found.values())

    def told(self, number: int) -> str:
        """The evidence in words."""
        names = " and ".join(sorted(self.names[number]))
        return f"written {self.day} in {self.commit[:7]}, when {number:02d} was {names}"


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of history in which the numbering did not change: its first and last commit with their days."""

    first: tuple[str, str]
    last: tuple[str, str]
    names: Numbering


@dataclass(frozen=True, eq=False)
class Past:
    """The history of one series, as far as the repository tells; every part is computed when first asked for."""

    repository: git.Repository
    head: str  # the commit that is checked out
    words: Words
    recall: Recall
    authors: Authors
    became: Mapping[str, str]  # what slugs are called now, as a ledger or a person tells
    settled: Callable[[str, Numbering], Numbering]  # a commit's numbering, as its ledger has it

    # --- numberings -----------------------------------------------------------------------------

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """The folders that entries ever lay in: where they live today, where they lived before, where else they live."""
        today = [place.root for place in self.words.live_places]
        before = [folder for folder in self._lived_in() if folder not in today]
        return tuple(dict.fromkeys((*today[:1], *before, *today[1:])))

    def _lived_in(self) -> list[str]:
        """The folders into which some commit put entries: first those with folders, if they live in folders today, or
        with pages; then by how many of today's entries each has had."""
        slugs, pages = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for path in gitlog.added(self._root):
            for folder, slug in lineage.ids(path):
                slugs[folder].add(slug)
                pages[folder].update([slug] if path.rpartition("/")[0] == folder else ())
        known, today = self.words.by_slug.keys(), self.words.live_places[:1]
        in_pages = {folder: 2 * len(pages[folder]) >= len(found) for folder, found in slugs.items()}
        unlike = {folder: any(place.folder == in_pages[folder] for place in today) for folder in slugs}
        many = [folder for folder, found in slugs.items() if len(found & known) >= FEWEST]
        return sorted(many, key=lambda folder: (unlike[folder], -len(slugs[folder] & known), folder))

    @cached_property
    def _today(self) -> Numbering:
        found = defaultdict[int, set[str]](set)
        for entry in self.words.series.entries:
            found[entry.number].add(entry.slug)
        return {number: frozenset(slugs) for number, slugs in found.items()}

    def numbering(self, commit: str) -> Numbering:
        """The numbers of a commit; empty if the series was not there."""
        if commit not in self._numberings:
            self._learn_numberings([commit])
        return self._numberings[commit]

    @cached_property
    def _numberings(self) -> dict[str, Numbering]:
        known = self.recall.known.names.items()
        return {commit: {int(n): frozenset(slugs) for n, slugs in names.items()} for commit, names in known}

    def _learn_numberings(self, commits: list[str]) -> None:
        found = self._read(commits)
        self._numberings.update(found)
        as_json = {c: {str(n): sorted(slugs) for n, slugs in names.items()} for c, names in found.items()}
        self.recall.new.names.update(as_json)

    def _read(self, commits: list[str]) -> dict[str, Numbering]:
        listed = gitlog.folders(self._root, commits, self.folders)
        return {
            commit: self._first([listed.get((commit, folder), ()) for folder in self.folders]) for commit in commits
        }

    def _first(self, listings: list[tuple[str, ...]]) -> Numbering:
        """The numbering of the first folder that holds a series."""
        numberings = (_numbering(names, self._prefixes) for names in listings if names)
        return next((one for one in numberings if len(one) >= FEWEST), {})

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset({"", *self.words.prefixes})

    @property
    def _root(self) -> Path:
        return self.repository.top / self.repository.prefix

    # --- identity -------------------------------------------------------------------------------

    def entries(self, slug: str) -> tuple[Entry, ...]:
        """The entries of today that a slug of the past belongs to, through renamed folders if need be."""
        name = same(slug)
        for _ in range(_FURTHEST):
            if name in self.words.by_slug or name not in self._became:
                break
            name = self._became[name]
        return self.words.by_slug.get(name, ())

    def called_later(self, slug: str, among: Collection[str]) -> str:
        """Which of some slugs is what another became, perhaps by way of more; "" if none is."""
        known, name = {same(one): one for one in among}, same(slug)
        for _ in range(_FURTHEST):
            name = self._became.get(name, "")
            if not name or name in known:
                break
        return known.get(name, "")

    @cached_property
    def old_names(self) -> dict[str, tuple[Entry, ...]]:
        """The entries of today by the slugs, in comparable form, that they had once and nobody has now."""
        found = {slug: self.entries(slug) for slug in self._became if slug not in self.words.by_title}
        return {slug: entries for slug, entries in found.items() if len(entries) == 1}

    @cached_property
    def _became(self) -> dict[str, str]:
        return {**self._renamed, **self._not_committed, **self.became}

    @cached_property
    def _not_committed(self) -> dict[str, str]:
        """What entries of the last commit are called now: those with one number, and the one that is left over."""
        before = self.numbering(self.head)
        once = {same(slug): number for number, slugs in before.items() for slug in slugs}
        today = {same(entry.slug): entry.number for entry in self.words.series.entries if entry.slug}
        gone = [slug for slug in once if slug not in self.words.by_slug]
        came = [slug for slug in today if slug not in once]
        found = {old: new for old in gone for new in came if once[old] == today[new]}
        rest = [old for old in gone if old not in found], [new for new in came if new not in found.values()]
        return {**found, rest[0][0]: rest[1][0]} if len(rest[0]) == len(rest[1]) == 1 else found

    @cached_property
    def _renamed(self) -> dict[str, str]:
        if self.recall.known.renamed is not None:
            return self.recall.known.renamed
        also = {place.root for place in self.words.live_places[1:]}
        self.recall.new.renamed = lineage.became(self._root, self.folders, also)
        return self.recall.new.renamed

    # --- epochs ---------------------------------------------------------------------------------

    @cached_property
    def epochs(self) -> tuple[Epoch, ...]:
        """The numberings of the branch from its first commit on; commits without the series are passed over."""
        commits = gitlog.first_parents(self._root)
        found = self._read([commit for commit, _ in commits])
        stretches = groupby(((one, found[one[0]]) for one in commits if found[one[0]]), key=lambda pair: pair[1])
        listed = [(names, [one for one, _ in group]) for names, group in stretches]
        return tuple(Epoch(ones[0], ones[-1], names) for names, ones in listed)

    # --- who wrote a mention --------------------------------------------------------------------

    def ask(self, lines: Mapping[str, tuple[int, ...]]) -> None:
        """Find out who wrote some lines (from 1) of files, and what the numbers meant to them, all in a few questions."""
        written = self.authors.ask(lines)
        commits = {*written, *map(_before, written)} - self._numberings.keys()
        if commits:
            self._learn_numberings(sorted(commits))

    def written(self, path: str, line: int, text: str, mention: str) -> Then | None:
        """The commit that wrote a mention on a line (from 1) of a file, and its numbering; None if git does not know.

        `text` is the line as it is.
        """
        found = self.authors.of(path, line, text, mention)
        if not found:
            return None
        commit, day = found
        names = self.numbering(commit)
        is_import = names.items() <= self._today.items() and not self.numbering(_before(commit))
        return Then(commit, day, self.settled(commit, names), self.entries, is_import)

    @property
    def remark(self) -> str:
        """What keeps history from telling all it might; "" if nothing does."""
        if not self.authors.cut_off:
            return ""
        return "the clone is shallow, and who wrote older lines is not known; run `git fetch --unshallow` for more"


def _before(commit: str) -> str:
    return f"{commit}^"


def _numbering(names: tuple[str, ...], prefixes: frozenset[str]) -> dict[int, frozenset[str]]:
    """The numbers with their names; what many are called is none, as in `01_Day`, `02_Day`, `03_Day`."""
    found: dict[int, set[str]] = defaultdict(set)
    for name in names:
        one = parse_id(split_suffix(name)[0])
        if one and one.slug and one.prefix in prefixes and "backup" not in one.slug:
            found[one.number].add(one.slug)
    said = Counter(slug for slugs in found.values() for slug in slugs)
    return {number: frozenset(slugs) for number, slugs in found.items() if any(said[slug] < FEWEST for slug in slugs)}
