"""The words of the design as frozen data; no behaviour beyond what follows from a record.

Paths are POSIX paths relative to the root, as `str`. Spans count code points from 0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from refactor.spans import Span, decode, line_starts


class Verdict(StrEnum):
    """What a mention turned out to be."""

    CURRENT = "current"
    STALE = "stale"
    AMBIGUOUS = "ambiguous"
    FOREIGN = "foreign"
    HISTORY = "history"


class Scope(StrEnum):
    """Whether a place follows a renaming: live does, frozen keeps its own numbers."""

    LIVE = "live"
    FROZEN = "frozen"
    GENERATED = "generated"


class ZoneKind(StrEnum):
    """The places that a format's grammar can give to a piece of text."""

    PROSE = "prose"
    HEADING = "heading"
    TABLE = "table"
    LINK_TEXT = "link text"
    LINK_TARGET = "link target"
    CODE_SPAN = "code span"
    CODE_BLOCK = "code block"
    KEY = "key"
    VALUE = "value"
    HTML = "html"
    COMMENT = "comment"
    DOCSTRING = "docstring"
    STRING = "string"
    IMPORT = "import"
    DIRECTIVE = "directive"
    CODE = "code"
    OUTPUT = "output"


@dataclass(frozen=True, order=True, slots=True)
class Zone:
    """A piece of a document and its place in the grammar; `detail` is a fence's language,
    a front matter or YAML key's dotted path, a heading's level."""

    span: Span
    kind: ZoneKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `view` gives a text of the same length in which syntax that would hide a
    mention (JSON quotes and escapes, notebook outputs) is blank; `zones` gives disjoint, sorted
    zones of a view. Text between zones belongs to `default`."""

    name: str
    suffixes: tuple[str, ...]
    names: tuple[str, ...]
    default: ZoneKind
    zones: Callable[[str], tuple[Zone, ...]]
    view: Callable[[str], str] = lambda text: text


@dataclass(frozen=True, eq=False)
class Document:
    """One file as read. Decoded, viewed and split into zones only when somebody asks."""

    path: str
    data: bytes
    format: Format

    @cached_property
    def text(self) -> str:
        """The content, decoded without loss."""
        return decode(self.data)

    @cached_property
    def view(self) -> str:
        """The text to search: same length, syntax that is not content blanked."""
        return self.format.view(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """Offsets of the lines of the text."""
        return line_starts(self.text)

    @cached_property
    def zones(self) -> tuple[Zone, ...]:
        """The zones, sorted and disjoint."""
        return self.format.zones(self.view)

    @cached_property
    def _zone_starts(self) -> list[int]:
        return [zone.span.start for zone in self.zones]

    def zone_at(self, offset: int) -> Zone:
        """The zone that holds an offset; between zones, the format's default."""
        position = bisect_right(self._zone_starts, offset) - 1
        if position >= 0 and offset < self.zones[position].span.end:
            return self.zones[position]
        return Zone(Span(offset, offset), self.format.default)


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A pattern of homes: `root/{prefix}{number:0width}{letter}{separator}{slug}{suffix}`.

    `root` may itself hold an entry's folder (`modules/source/*`). `section` tells that a second,
    dependent number follows (`ch17-02-...`, `listing-17-03`). A width of 0 means no number (`{slug}_dev.py`).
    """

    root: str
    prefix: str
    width: int
    separator: str
    suffix: str
    folder: bool
    section: bool = False
    scope: Scope = Scope.LIVE


@dataclass(frozen=True, order=True, slots=True)
class Home:
    """Where an entry lives: a path whose last component is written in a place's way."""

    path: str
    slug: str
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of a series. `titles` come in order of trust; `slug` may be empty."""

    series: str
    number: int
    letter: str = ""
    slug: str = ""
    id: str = ""
    titles: tuple[str, ...] = ()
    homes: tuple[Home, ...] = ()
    tier: str = ""

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells entries of one series apart."""
        return (self.number, self.letter, self.slug)

    @property
    def living(self) -> tuple[Home, ...]:
        """The homes outside of old editions: those that a renaming moves."""
        return tuple(home for home in self.homes if home.place.scope is not Scope.FROZEN)


@dataclass(frozen=True, slots=True)
class Tier:
    """A named group of consecutive entries, numbers inclusive."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Series:
    """An ordered set of entries of one kind."""

    name: str
    nouns: tuple[str, ...]
    entries: tuple[Entry, ...]
    places: tuple[Place, ...] = ()
    tiers: tuple[Tier, ...] = ()
    dependents: tuple[str, ...] = ()  # nouns of dependent numbers: "listing" in "Listing 17-3"
    fields: tuple[str, ...] = ()  # what holds the number on an entry's page: "sidebar_position"

    @property
    def living(self) -> tuple[Entry, ...]:
        """The entries with a home outside of old editions; of a series that has none of these, all."""
        return tuple(entry for entry in self.entries if entry.living) or self.entries


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All series of a tree. `foreign` are nouns that number things ("checkpoint"): for a series, those that are not
    its own count something else. `commands` are the repository's own command-line tools."""

    series: tuple[Series, ...]
    foreign: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, order=True, slots=True)
class Part:
    """A piece of a mention: what it is (number, letter, slug, stem, name) and how it is written."""

    span: Span
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a mention says before anyone asks whether it is so."""

    kind: str
    span: Span
    parts: tuple[Part, ...]
    noun: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A claim, the entries it means, the verdict, the evidence in words, and the rule that decided."""

    path: str
    claim: Claim
    targets: tuple[Entry, ...]
    verdict: Verdict
    because: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """One pair of a renaming. `title` is the new title, or None if titles stay."""

    old: Entry
    new: Entry
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Renaming:
    """A simultaneous mapping of entries of one series, with the tiers that hold afterwards
    and the exported module paths that change (old dotted path, new dotted path)."""

    series: Series
    renames: tuple[Rename, ...]
    tiers: tuple[Tier, ...] = ()
    exports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, order=True, slots=True)
class Edit:
    """One replacement in one file, measured on the tree before the renaming.

    `path` is the path before any move. Unless `old` stands at `span`, nothing is written.
    """

    path: str
    span: Span
    old: str
    new: str
    because: str = field(default="", compare=False)
    kind: str = field(default="", compare=False)
    target: str = field(default="", compare=False)


@dataclass(frozen=True, order=True, slots=True)
class Move:
    """A file or folder and where it lies afterwards; both are whole paths of their own tree.

    A move inside a moved folder is listed too, with its path before and its final path:
    `a/14_x -> a/15_y` and `a/14_x/x_dev.py -> a/15_y/y_dev.py`.
    """

    old: str
    new: str


@dataclass(frozen=True, order=True, slots=True)
class Left:
    """Something seen and not changed, and why."""

    path: str
    span: Span
    text: str
    kind: str
    verdict: Verdict
    target: str
    suggestion: str | None
    reason: str


@dataclass(frozen=True, order=True, slots=True)
class Fix:
    """What would mend a finding: `safe` if it cannot make a right mention wrong, else `unsafe`."""

    applicability: str
    message: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check objects to, at a place of a file (an empty span at 0 is the file as a whole)."""

    path: str
    span: Span
    code: str
    message: str
    severity: str = "warning"
    fix: Fix | None = None
    target: str = ""
    verdict: Verdict = Verdict.STALE
    because: str = ""

    def __lt__(self, other: Finding) -> bool:
        """Order by path, place, code and message."""
        return self._place < other._place

    @property
    def _place(self) -> tuple[str, Span, str, str]:
        return (self.path, self.span, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a renaming would do. `base` is the commit it was measured on, or None; `gone` are files to delete."""

    base: str | None
    renames: tuple[Rename, ...]
    edits: tuple[Edit, ...]
    moves: tuple[Move, ...]
    left: tuple[Left, ...] = ()
    gone: tuple[str, ...] = ()
