"""A claim in its surroundings, as the rules of meaning look at it, and what they say of it. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from refactor.index import Page, address_before, named, names_a_file, number_of, token_at, way_before
from refactor.model import Claim, Entry, Verdict
from refactor.naming import split_suffix
from refactor.paths import seen_from
from refactor.ranges import RANGE
from refactor.words import Words

if TYPE_CHECKING:  # git takes long to load for those who need not ask it
    from refactor.history import Then

    # Who wrote a mention: asked with path, line (from 1), the line's text, and the mention; None if nobody knows.
    Author = Callable[[str, int, str, str], Then | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """The entries meant, the verdict, and the evidence in words."""

    targets: tuple[Entry, ...]
    verdict: Verdict
    because: str


@dataclass(frozen=True, eq=False)
class Case:
    """A claim in its surroundings: what the rules look at."""

    claim: Claim
    page: Page
    history: Callable[[str], bool]
    author: Author

    @property
    def words(self) -> Words:
        """The words of the series."""
        return self.page.words

    @property
    def path(self) -> str:
        """The document's path."""
        return self.page.document.path

    @property
    def line(self) -> int:
        """The line of the claim, counted from 1."""
        return self.page.line_of(self.claim.span.start)

    @cached_property
    def url(self) -> str:
        """The address that leads up to the claim, or nothing."""
        return address_before(self.page.document.view, self.claim.span.start)

    @cached_property
    def way(self) -> str:
        """The path that leads up to the claim: `../modules/` before `03_water`."""
        return way_before(self.page.document.view, self.claim.span.start)

    @cached_property
    def token(self) -> str:
        """The claim with what is written on to it: `03_water.py`."""
        return token_at(self.page.document.view, self.claim.span)

    @property
    def stands_here(self) -> bool:
        """Whether some file or folder of the tree is called as the token, suffixes aside."""
        return split_suffix(self.token)[0] in self.words.components

    @cached_property
    def leads_to(self) -> tuple[str, ...]:
        """What lies where the claim is the end of a path, seen from the document's folder or from the root."""
        if "/" not in self.way:
            return ()
        return tuple(path for path in seen_from(self.path, self.way + self.token) if path in self.words.all_paths)

    @property
    def is_file(self) -> bool:
        """Whether the token is the name of a file of the tree."""
        return names_a_file(self.page, self.claim.span)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that the claim says."""
        return tuple(int(part.text) for part in self.claim.parts if part.role == "number")

    @property
    def is_range(self) -> bool:
        """Whether the claim names a set by its two ends."""
        return self.claim.detail == RANGE and len(self.numbers) == 2

    @property
    def has_noun(self) -> bool:
        """Whether a noun of the series stands before the claim: "Modules 5-8", "modules (05-11)"."""
        view, start = self.page.document.view, self.claim.span.start
        return bool(self.claim.noun) or self.words.noun_before.search(view, max(0, start - 30), start) is not None

    @cached_property
    def then(self) -> Then | None:
        """The commit that wrote the claim's first number, and what the numbers meant in it."""
        number = next((part.span for part in self.claim.parts if part.role == "number"), None)
        if number is None:
            return None
        line, view = self.page.line_in_file(number.start), self.page.document.view
        if not line:
            return None
        begin = max(self.claim.span.start, view.rfind("\n", 0, number.start) + 1)
        text = self.page.line_text(self.page.line_of(number.start))
        return self.author(self.path, line, text, view[begin : number.end])

    @property
    def today(self) -> tuple[Entry, ...]:
        """The entries that bear the claim's number today."""
        number = number_of(self.claim)
        entries = () if number is None else self.words.by_number.get(number, ())
        return tuple(entry for entry in entries if entry.letter == self.letter) or (() if self.letter else entries)

    @property
    def all_numbers(self) -> tuple[int, ...]:
        """The numbers that the claim says; for a range, all numbers between."""
        return tuple(range(min(self.numbers), max(self.numbers) + 1)) if self.is_range else self.numbers

    @property
    def own(self) -> tuple[Entry, ...]:
        """The entries with a number that the claim says, in whose home the document lies."""
        return tuple(entry for entry in self.words.home_of(self.path) if entry.number in self.numbers)

    @property
    def members(self) -> tuple[Entry, ...]:
        """The entries that bear the numbers today."""
        if len(self.numbers) == 1:
            return self.today
        return tuple(entry for number in self.all_numbers for entry in self.words.by_number.get(number, ()))

    @property
    def meant(self) -> tuple[Entry, ...]:
        """The entries that the claim names, or else those that bear its numbers today."""
        return named(self.claim, self.words)[0] or self.members

    @property
    def letter(self) -> str:
        """The letter behind the claim's number: "Module 13a"."""
        return next((part.text for part in self.claim.parts if part.role == "letter"), "")
