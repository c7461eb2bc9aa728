"""Documents times kinds: every claim of a tree, and the votes that claims cast on each other.

A vote is a claim that says a number and a name at once: it tells which numbering its text follows.
Nothing is decided here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from refactor.kinds import Kind
from refactor.model import Claim, Document, Entry, ZoneKind
from refactor.naming import split_suffix
from refactor.spans import LONGEST, Span
from refactor.words import Words

_BLANK = re.compile(r"""^[\s#>*|"'=─━_:`~.-]*$""")

_RUN = 100  # so many letters, digits and slashes in one go are data: `base64,R0lGOD...`
_DATA = re.compile(rf"[A-Za-z0-9+/=]{{{_RUN}}}")

_EXACT = frozenset({"slug", "name", "title", "unknown"})
_NEAR = 80  # lines on either side that may belong to a block
_FURTHEST = 300  # code points from a name in a path or an address to its beginning
_NEAR_ENOUGH = 8 * LONGEST  # and code points

_NO_ADDRESS = re.compile(r"[\s\"'<>)\]]")
_PATH_AFTER = re.compile(r"[\w.-]*")


@dataclass(frozen=True, slots=True)
class Vote:
    """A number and the entries named beside it; `agrees` if today's catalogue says the same."""

    offset: int
    line: int
    number: int
    targets: tuple[Entry, ...]
    agrees: bool
    exact: bool


@dataclass(frozen=True, eq=False)
class Tally:
    """Some votes, counted once however many claims ask."""

    votes: tuple[Vote, ...]

    def __len__(self) -> int:
        return len(self.votes)

    @cached_property
    def agreeing(self) -> int:
        """How many follow today's numbering."""
        return sum(vote.agrees for vote in self.votes)

    @property
    def against(self) -> int:
        """How many follow another."""
        return len(self.votes) - self.agreeing

    def about(self, numbers: tuple[int, ...]) -> Tally:
        """The votes on some numbers."""
        if numbers not in self._about:
            self._about[numbers] = Tally(tuple(vote for vote in self.votes if vote.number in numbers))
        return self._about[numbers]

    @cached_property
    def _about(self) -> dict[tuple[int, ...], Tally]:
        return {}

    @cached_property
    def named(self) -> tuple[Entry, ...]:
        """The entries that they name, each once."""
        return tuple({entry.key: entry for vote in self.votes for entry in vote.targets}.values())


@dataclass(frozen=True, eq=False)
class Page:
    """One document with its claims, sorted, no two of which share a piece of text."""

    document: Document
    claims: tuple[Claim, ...]
    words: Words

    @cached_property
    def votes(self) -> tuple[Vote, ...]:
        """All votes; a line that agrees about a number outvotes hints on the same line."""
        cast = _without_lone_hints([vote for claim in self.claims if (vote := _vote(claim, self))])
        agreed = {(vote.line, vote.number) for vote in cast if vote.agrees}
        return tuple(vote for vote in cast if vote.agrees or (vote.line, vote.number) not in agreed)

    @cached_property
    def tally(self) -> Tally:
        """The votes of the whole page."""
        return Tally(self.votes)

    @cached_property
    def _lines(self) -> list[int]:
        return [vote.line for vote in self.votes]

    @cached_property
    def bare_lines(self) -> tuple[int, ...]:
        """The lines, counted from 1, on which some claim says a number and names nothing exactly."""
        bare = (claim for claim in self.claims if _EXACT.isdisjoint(part.role for part in claim.parts))
        starts = (part.span.start for claim in bare for part in claim.parts if part.role == "number")
        return tuple(sorted(set(filter(None, map(self.line_in_file, starts)))))

    @cached_property
    def _tallies(self) -> dict[tuple[int, int], Tally]:
        return {}

    def votes_between(self, first: int, last: int) -> Tally:
        """The votes on lines `first` to `last`, counted from 1, both inclusive."""
        if (first, last) not in self._tallies:
            votes = self.votes[bisect_left(self._lines, first) : bisect_right(self._lines, last)]
            self._tallies[first, last] = Tally(votes)
        return self._tallies[first, last]

    @cached_property
    def _starts(self) -> list[int]:
        """Where lines start; one that is longer than anybody reads counts as several."""
        starts = self.document.starts
        if len(self.document.view) <= LONGEST:
            return starts
        ends = (*starts[1:], len(self.document.view))
        return [
            at for start, end in zip(starts, ends, strict=True) for at in range(start, max(end, start + 1), LONGEST)
        ]

    def line_of(self, offset: int) -> int:
        """The line of an offset, counted from 1."""
        return bisect_right(self._starts, offset)

    def line_in_file(self, offset: int) -> int:
        """The line of an offset as git counts them, from 1; 0 if it is longer than anybody reads."""
        starts = self.document.starts
        line = bisect_right(starts, offset)
        end = starts[line] if line < len(starts) else len(self.document.view)
        return line if end - starts[line - 1] <= LONGEST else 0

    def line_text(self, line: int) -> str:
        """A line of the view, without its end; lines count from 1."""
        starts = self._starts
        end = starts[line] if line < len(starts) else len(self.document.view)
        return self.document.view[starts[line - 1] : end].rstrip("\r\n")

    def block(self, line: int) -> tuple[int, int]:
        """First and last line of the block of lines around a line: no blank line, no bare rule inside."""
        before, after = bisect_left(self._breaks, line) - 1, bisect_right(self._breaks, line)
        start = self._starts[line - 1]
        return (
            max(
                self._breaks[before] + 1 if before >= 0 else 1,
                line - _NEAR,
                bisect_left(self._starts, start - _NEAR_ENOUGH) + 1,
            ),
            min(
                self._breaks[after] - 1 if after < len(self._breaks) else len(self._starts),
                line + _NEAR,
                bisect_right(self._starts, start + _NEAR_ENOUGH),
            ),
        )

    @cached_property
    def _breaks(self) -> list[int]:
        """The lines that end a block."""
        return [line for line in range(1, len(self._starts) + 1) if _BLANK.match(self.line_text(line))]


@dataclass(frozen=True, eq=False)
class Index:
    """The pages of a tree on which something was found."""

    words: Words
    pages: tuple[Page, ...]


def build(documents: Iterable[Document], words: Words, kinds: Sequence[Kind]) -> Index:
    """Find all claims of all documents; of a series without entries there are none."""
    if not words.series.entries:
        return Index(words, ())
    ordered = in_order(kinds)
    pages = (Page(document, claims_of(document, words, ordered), words) for document in documents)
    return Index(words, tuple(page for page in pages if page.claims))


def in_order(kinds: Iterable[Kind]) -> list[Kind]:
    """The kinds in the order in which they are asked."""
    return sorted(kinds, key=lambda kind: (kind.rank, kind.name))


def claims_of(document: Document, words: Words, kinds: Sequence[Kind]) -> tuple[Claim, ...]:
    """The claims of one document: where two kinds claim the same piece of text, the first kind keeps it."""
    kept: list[Claim] = []
    taken: list[tuple[int, int]] = []
    for kind in kinds:
        for claim in kind.find(document, words):
            pieces = [(part.span.start, part.span.end) for part in claim.parts if len(part.span)]
            if not any(_overlaps(piece, taken) for piece in pieces) and _is_written(claim, document.view):
                kept.append(claim)
                for piece in pieces:
                    taken.insert(bisect_left(taken, piece), piece)
    return tuple(sorted(kept, key=lambda claim: claim.span))


def _is_written(claim: Claim, view: str) -> bool:
    """Tell whether somebody wrote this: not with the digits of other scripts, and not in the letters of a picture's data."""
    start, end = claim.span.start, claim.span.end
    is_joined = view[start - 1 : start] in {"+", "/"} or view[end : end + 1] in {"+", "/"}
    if is_joined and _DATA.search(view, max(0, start - _RUN), end + _RUN):
        return False
    return all(part.text.isascii() for part in claim.parts if part.role == "number")


def _overlaps(piece: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    at = bisect_left(taken, piece)
    return (at < len(taken) and taken[at][0] < piece[1]) or (at > 0 and taken[at - 1][1] > piece[0])


def number_of(claim: Claim) -> int | None:
    """The one number of a claim, or None if it has none or several."""
    numbers = [part for part in claim.parts if part.role == "number"]
    return int(numbers[0].text) if len(numbers) == 1 else None


def named(claim: Claim, words: Words) -> tuple[tuple[Entry, ...], bool]:
    """The entries that a claim names beside its number, and whether it names them exactly."""
    for part in claim.parts:
        if part.role == "slug":
            return words.whose(part.text), True
        if part.role in {"name", "title"}:
            return words.called(part.text), True
        if part.role in {"hint", "aside"}:
            name = words.name_at_start(part.text, 0, old=True) or None
            exact = bool(name and name.part)
            return (name.entries if name else ()), exact
    return (), False


def _vote(claim: Claim, page: Page) -> Vote | None:
    number = number_of(claim)
    if number is None or len(claim.parts) < 2:
        return None
    targets, exact = named(claim, page.words)
    if not targets and not any(part.role == "unknown" for part in claim.parts):
        return None
    if address_before(page.document.view, claim.span.start) or (not targets and _is_path(claim, page)):
        return None
    if not targets and _may_be_of_own(claim, number, page.words):
        return None
    agrees = any(entry.number == number for entry in targets)
    if not agrees and targets and any(part.role == "aside" for part in claim.parts):
        return None
    if not agrees and names_a_file(page, claim.span):
        return None
    return Vote(claim.span.start, page.line_of(claim.span.start), number, targets, agrees, exact or not targets)


def _may_be_of_own(claim: Claim, number: int, words: Words) -> bool:
    """An unknown id may be what somebody called a file of the entry: `05_caching_model.pth`, or `unit5_quiz` of `unit5`."""
    unknown = next(part.text for part in claim.parts if part.role == "unknown")
    own = words.by_number.get(number, ())
    has_no_name = bool(own) and not any(entry.slug for entry in own)
    return has_no_name or bool(words.reminds_of(unknown.replace("_", " "), own))


def way_before(view: str, start: int) -> str:
    """The path that leads up to an offset of a view, without blanks: `../modules/` before `03_water`."""
    begin, furthest = start, max(0, start - _FURTHEST)
    while begin > furthest and (view[begin - 1].isalnum() or view[begin - 1] in "_./~-"):
        begin -= 1
    return view[begin:start]


def token_at(view: str, span: Span) -> str:
    """A piece of a view with what is written on to it: `03_water` in `03_water.py` gives all of it."""
    rest = _PATH_AFTER.match(view, span.end)
    return view[span.start : span.end] + (rest[0] if rest else "")


def names_a_file(page: Page, span: Span) -> bool:
    """Tell whether a piece of a page is the name of a file of the tree, with its suffix; what is imported has none."""
    stem, suffix = split_suffix(token := token_at(page.document.view, span))
    if suffix:
        return token in page.words.file_names
    return stem in page.words.components and page.document.zone_at(span.start).kind is ZoneKind.IMPORT


def _without_lone_hints(votes: list[Vote]) -> list[Vote]:
    """A hint may confirm a number; it contradicts one only if an exact name nearby is off by as much."""
    certain = [vote for vote in votes if vote.exact and vote.targets and not vote.agrees]
    shifts = {(vote.line + near, vote.number - vote.targets[0].number) for vote in certain for near in range(-3, 4)}

    def holds(vote: Vote) -> bool:
        single = len({entry.number for entry in vote.targets}) == 1
        return single and (vote.line, vote.number - vote.targets[0].number) in shifts

    return [vote for vote in votes if vote.agrees or vote.exact or holds(vote)]


def address_before(view: str, start: int) -> str:
    """The address (`https://...`) that leads up to an offset of a view, or nothing."""
    at = view.rfind("://", max(0, start - _FURTHEST), start)
    if at < 0 or _NO_ADDRESS.search(view, at, start):
        return ""
    begin = at
    while begin and view[begin - 1].isalpha():
        begin -= 1
    return view[begin:start]


def _is_path(claim: Claim, page: Page) -> bool:
    """An unknown id that stands in the tree belongs to another series and says nothing about this one."""
    return page.document.view[claim.span.start : claim.span.end] + claim.detail in page.words.components
