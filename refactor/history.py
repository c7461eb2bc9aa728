"""What numbers meant when they were written: the numberings of past commits, and who wrote a mention.

Reads git and nothing else. Decides nothing: the rule that asks is in `resolve`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path

from refactor import git, gitlog, lineage, parallel
from refactor.model import Document, Entry
from refactor.naming import parse_id, same, split_suffix
from refactor.places import FEWEST
from refactor.progress import watched
from refactor.recall import Recall
from refactor.tree import digest
from refactor.words import Words

_DIGITS = re.compile(r"\d+")
_ALIKE = 0.6  # how much of two lines must agree for one to be the other, rewritten
_FURTHEST = 10  # commits that a line is followed back through

Numbering = Mapping[int, frozenset[str]]  # the slugs that go with a number


@dataclass(frozen=True, slots=True)
class Then:
    """A commit, its day, and what the numbers meant in it."""

    commit: str
    day: str
    names: Numbering
    entry_of: Callable[[str], tuple[Entry, ...]]

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
    read: Callable[[str], Document | None]
    recall: Recall
    unsaved: Mapping[str, bytes] = field(default_factory=dict)  # what stands in an editor and not on disk
    became: Mapping[str, str] = field(default_factory=dict)  # what slugs are called now, as a ledger or a person tells
    settled: Callable[[str, Numbering], Numbering] = lambda _, names: (
        names
    )  # a commit's numbering, as its ledger has it

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
        """Find out who wrote some lines (from 1) of files, several files at a time: git takes its time over each.

        A file is asked about once.
        """
        lines = {path: numbers for path, numbers in lines.items() if not self._is_told(path, numbers)}
        self._blamed.update(self._blame_all(lines))
        for path in lines:
            self.recall.new.learn(path, self._content(path), "", [])
        commits = {one.commit for path in lines for one in self._blamed[path].values()} - self._numberings.keys()
        if commits:
            self._learn_numberings(sorted(commits))

    def _blame_all(self, lines: Mapping[str, tuple[int, ...]]) -> dict[str, dict[int, gitlog.Written]]:
        if len(lines) < 2:  # a pool takes longer to load than git to answer
            return {path: self._blame(path, lines[path]) for path in lines}
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(parallel.processors()) as pool:
            asked = {path: pool.submit(self._blame, path, lines[path]) for path in lines}
            return {path: asked[path].result() for path in watched(asked, len(asked), "asking git")}

    def _blame(self, path: str, lines: tuple[int, ...]) -> dict[int, gitlog.Written]:
        ignored = gitlog.IGNORED if (self.repository.top / gitlog.IGNORED).is_file() else ""
        top, name = self.repository.top, self.repository.prefix + path
        return gitlog.blame(top, name, lines, ignored=ignored, contents=self.unsaved.get(path))

    @cached_property
    def _blamed(self) -> dict[str, dict[int, gitlog.Written]]:
        return {}

    def written(self, path: str, line: int, text: str, mention: str) -> Then | None:
        """The commit that wrote a mention on a line (from 1) of a file, and its numbering.

        None if git does not know. `text` is the line as it is. A later commit that wrote the line anew, and had the
        mention from an older line, does not count.
        """
        key = f"{line} {mention}"
        answer = self._answers(path).get(key)
        if answer is None:
            answer = self._find_out(path, line, text, mention)
            self.recall.new.learn(path, self._content(path), key, answer)
        if not answer:
            return None
        commit, day = answer
        return Then(commit, day, self.settled(commit, self.numbering(commit)), self.entries)

    def _answers(self, path: str) -> Mapping[str, list[str]]:
        return self._carried.get(path) or self.recall.known.about(path, self._content(path)) or {}

    def _is_told(self, path: str, lines: tuple[int, ...]) -> bool:
        known = path in self._blamed or path in self._carried or self._answers(path)
        return bool(known) or self._carries(path, lines)

    def _content(self, path: str) -> str | None:
        """What tells the content of a file from any other; of one that is changed all the time nothing new is kept."""
        document = self.read(path) if path not in self._carried else None
        return digest(document.data) if document else None

    @cached_property
    def _carried(self) -> dict[str, Mapping[str, list[str]]]:
        return {}

    def _carries(self, path: str, lines: tuple[int, ...]) -> bool:
        """Take over what is remembered of the committed version of a file that was changed since, if it tells all.

        A line above all changes, or below them all, was written by whom it was.
        """
        kept = self.recall.known.lines.get(path)
        now = self.read(path) if kept else None
        before = gitlog.content(self._root, self.head, path) if now else None
        if not kept or not now or before is None or digest(before) != kept[0]:
            return False
        places = _unchanged(before.split(b"\n"), now.data.split(b"\n"))
        if not set(lines) <= set(places.values()):
            return False
        told = ((key.partition(" "), answer) for key, answer in kept[1].items() if key)
        known = ((places.get(int(line)), mention, answer) for (line, _, mention), answer in told)
        self._carried[path] = {f"{line} {mention}": answer for line, mention, answer in known if line}
        return True

    def _find_out(self, path: str, line: int, text: str, mention: str) -> list[str]:
        """The commit and its day, or nothing."""
        known = self._blamed.setdefault(path, {})
        if line not in known:
            known.update(self._blame(path, (line,)))
        found = known.get(line)
        if found is None:
            return []
        found = self._oldest(found, text, mention)
        return [] if found.commit in self._cut_off else [found.commit, found.day]

    def _oldest(self, found: gitlog.Written, text: str, mention: str) -> gitlog.Written:
        for _ in range(_FURTHEST):
            line, old = self._replaced(found, text)
            if not line or not _stands_in(mention, text, old) or found.commit in self._renamings:
                return found
            older = gitlog.blame(self.repository.top, found.path_before, [line], found.before).get(line)
            if older is None:
                return found
            found, text = older, old
        return found

    def _replaced(self, found: gitlog.Written, text: str) -> tuple[int, str]:
        """The line, from 1, that a commit replaced by this one, and how it read; 0 if the line was new."""
        old, new = (found.before, found.path_before), (found.commit, found.path)
        if found.before and (old, new) not in self._hunks:
            self._hunks[old, new] = gitlog.hunks(self.repository.top, old, new)
        around = (one for one in self._hunks.get((old, new), ()) if one.new <= found.line < one.new + one.count)
        alike = [
            (_likeness(was, text), -abs(found.line - hunk.new - at), hunk.old + at, was)
            for hunk in around
            for at, was in enumerate(hunk.gone)
        ]
        likeness, _, line, was = max(alike, default=(0.0, 0, 0, ""))
        return (line, was) if likeness >= _ALIKE else (0, "")

    @cached_property
    def _renamings(self) -> frozenset[str]:
        """The commits of renamings: what one of them wrote, it meant."""
        return gitlog.with_trailer(self.repository.top, gitlog.TRAILER)

    @cached_property
    def _hunks(self) -> dict[tuple[tuple[str, str], tuple[str, str]], tuple[gitlog.Hunk, ...]]:
        return {}

    @property
    def remark(self) -> str:
        """What keeps history from telling all it might; "" if nothing does."""
        if not self._cut_off:
            return ""
        return "the clone is shallow, and who wrote older lines is not known; run `git fetch --unshallow` for more"

    @cached_property
    def _cut_off(self) -> frozenset[str]:
        """The commits at which a shallow history ends: they did not write what they are said to have written."""
        file = self.repository.folder / "shallow"
        return frozenset(file.read_text(encoding="ascii").split()) if file.is_file() else frozenset()


def _unchanged(before: list[bytes], now: list[bytes]) -> dict[int, int]:
    """Where lines (from 1) above and below all changes stand now."""
    most = min(len(before), len(now))
    above = next((at for at in range(most) if before[at] != now[at]), most)
    below = next((at for at in range(most - above) if before[-1 - at] != now[-1 - at]), most - above)
    moved = len(now) - len(before)
    rest = range(len(before) - below + 1, len(before) + 1)
    return {**{line: line for line in range(1, above + 1)}, **{line: line + moved for line in rest}}


def _likeness(one: str, other: str) -> float:
    """How much of two lines agrees, numbers aside: those are what a renumbering changes."""
    from difflib import SequenceMatcher

    one, other = (_DIGITS.sub("#", line.strip()) for line in (one, other))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _stands_in(mention: str, text: str, old: str) -> bool:
    """Tell whether an older line has the mention, and as the same of its numbers, counted from either end."""
    shape = re.compile(rf"(?<!\w){re.escape(mention)}(?!\w)")
    return not {*_ranks(shape, text)}.isdisjoint(_ranks(shape, old))


def _ranks(shape: re.Pattern[str], text: str) -> Iterator[int]:
    """Where the last number of each hit stands among the numbers of a text: from 0, and from -1."""
    ends = [found.end() for found in _DIGITS.finditer(text)]
    for hit in shape.finditer(text):
        at = sum(end < hit.end() for end in ends)
        yield from (at, at - len(ends))


def _numbering(names: tuple[str, ...], prefixes: frozenset[str]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for name in names:
        one = parse_id(split_suffix(name)[0])
        if one and one.slug and one.prefix in prefixes and "backup" not in one.slug:
            found[one.number].add(one.slug)
    return {number: frozenset(slugs) for number, slugs in found.items()}
