"""Tiers that are named with a range which is not theirs, and entries that are said to be in another tier.

A tier's name is often an ordinary word, so it counts only where "tier", or the word that captions use, follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from refactor.checks._homes import live
from refactor.checks._plans import is_plan
from refactor.lint import UNSAFE, Check, View, at
from refactor.model import Document, Edit, Entry, Finding, Fix, Tier, Verdict, ZoneKind
from refactor.naming import pad
from refactor.shapes import UNIT
from refactor.spans import Span

_CODE = "tier-range"
_WORD = re.compile(r"(?i)[ \t]+(tier|part|section|stage|level|unit)\b")
_RANGE = rf"(?P<first>\d{{1,3}})[ \t]?(?:[-–—→]|to|through)[ \t]?(?:[A-Z])?(?P<last>\d{{1,3}})(?![\w%°]|[.:/-]\d){UNIT}(?![)\]*_`]*[ \t]*(?:→|[-=]>))"
_GAP = r"[^\w\n.;!?]{0,8}"
_PAGE_TOP = 60  # lines; a badge stands above the text


@dataclass(frozen=True, eq=False)
class _Tiers:
    """The tiers of a series and the shapes in which they are mentioned."""

    view: View

    @cached_property
    def by_name(self) -> dict[str, list[Tier]]:
        """The tiers by name; two tables of contents may cut them differently."""
        found: dict[str, list[Tier]] = {}
        for tier in self.view.series.tiers:
            found.setdefault(tier.name.casefold(), []).append(tier)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that follow a tier's name in the captions, in lower case."""
        captions = [part.caption for toc in self.view.tocs for part in toc.parts]
        return frozenset({"tier"} | {one[1].lower() for caption in captions for one in _WORD.finditer(caption)})

    @cached_property
    def _named(self) -> str:
        names = "|".join(re.escape(tier.name) for tier in self.view.series.tiers)
        return rf"(?P<name>{names})[ \t]+(?:{'|'.join(sorted(self.words))})\b"

    @cached_property
    def with_range(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """ "Foundation Tier (Modules 01-07)", and "Modules 01-07: Foundation Tier"."""
        noun = rf"(?:{self.view.words.noun_pattern}[ \t]*|(?-i:[A-Z]))?"
        return (
            re.compile(rf"(?i)(?<![\w-]){self._named}{_GAP}{noun}{_RANGE}"),
            re.compile(rf"(?i)(?<![\w.–-]){_RANGE}{_GAP}{self._named}"),
        )

    @cached_property
    def badge(self) -> re.Pattern[str]:
        """A line that begins with nothing but a tier's name: "**FOUNDATION TIER** | Difficulty: 1"."""
        return re.compile(rf"(?im)^[ \t>]*(?:\*\*|__)?[^\w\n]{{0,6}}{self._named}(?:\*\*|__)?[ \t]*(?:\||\r?$)")

    @cached_property
    def behind(self) -> re.Pattern[str]:
        """A tier in brackets behind a mention: "Module 15 (Optimization Tier)"."""
        return re.compile(rf"(?i)[)\]*_`]*[ \t]*[(\[,–—-]+[ \t]*(?:the[ \t]+)?{self._named}")

    @cached_property
    def value(self) -> re.Pattern[str]:
        """A tier's name as the whole value of a key."""
        names = "|".join(re.escape(tier.name) for tier in self.view.series.tiers)
        return re.compile(rf"(?i)(?P<name>{names})(?:[ \t]+(?:{'|'.join(sorted(self.words))}))?")


def find(view: View) -> Iterator[Finding]:
    """Yield every wrong range of a tier and every entry in a wrong tier."""
    if not view.series.tiers:
        return
    tiers, is_live = _Tiers(view), live(view)
    for path, document in view.asked.items():
        folded = document.view.lower()
        if any(word in folded for word in tiers.words) and is_live(path) and not is_plan(path):
            yield from _ranges(document, tiers)
            yield from _own(document, tiers)
            yield from _mentions(document, tiers)


def _ranges(document: Document, tiers: _Tiers) -> Iterator[Finding]:
    for shape in tiers.with_range:
        for found in shape.finditer(document.view):
            said = (int(found["first"]), int(found["last"]))
            fitting = tiers.by_name[found["name"].casefold()]
            if said not in {(tier.first, tier.last) for tier in fitting}:
                yield _wrong_range(document, found, fitting, tiers)


def _wrong_range(document: Document, found: re.Match[str], fitting: list[Tier], tiers: _Tiers) -> Finding:
    span, tier = Span(found.start("first"), found.end("last")), fitting[0]
    width = found["first"] if found["first"].startswith("0") else found["last"]
    ends = [(Span(*found.span(group)), pad(number, found[group] if found[group].startswith("0") else width))
            for group, number in (("first", tier.first), ("last", tier.last))]  # fmt: skip
    edits = (Edit(document.path, end, document.text[end.start : end.end], new, f"the range of the {tier.name} tier", "set")
             for end, new in ends)  # fmt: skip
    fix = Fix(UNSAFE, f"Write {tier.first}-{tier.last}", tuple(edit for edit in edits if edit.old != edit.new))
    message = f"the {tier.name} tier is {tier.first}-{tier.last}, not {int(found['first'])}-{int(found['last'])}"
    because = f"the table of contents or the settings give {tier.name} that range"
    verdict = _verdict(document, span, tiers)
    return at(_CODE, document.path, span, message, because, fix=fix if len(fitting) == 1 else None, verdict=verdict)


def _verdict(document: Document, span: Span, tiers: _Tiers) -> Verdict:
    """What the index says of the numbers: they may be right, and only the tier's name beside them wrong."""
    mentions = tiers.view.by_path.get(document.path, ())
    return next((one.verdict for one in mentions if one.claim.span.touches(span)), Verdict.STALE)


# --- members ------------------------------------------------------------------------------------


def _own(document: Document, tiers: _Tiers) -> Iterator[Finding]:
    """What an entry's own page says of its tier: a `tier:` key, or a badge on top."""
    own = tiers.view.words.home_of(document.path)
    if not own:
        return
    keys = (zone for zone in document.zones if zone.kind is ZoneKind.VALUE)
    for zone in (one for one in keys if one.detail.rpartition(".")[2].casefold() == "tier"):
        if found := tiers.value.fullmatch(document.view, zone.span.start, zone.span.end):
            yield from _member(document, found, own, tiers)
    end = document.starts[_PAGE_TOP] if len(document.starts) > _PAGE_TOP else len(document.view)
    for found in tiers.badge.finditer(document.view, 0, end):
        if document.zone_at(found.start("name")).kind is ZoneKind.PROSE:
            yield from _member(document, found, own, tiers)
            return


def _mentions(document: Document, tiers: _Tiers) -> Iterator[Finding]:
    """A tier in brackets behind the mention of one entry."""
    for one in tiers.view.by_path.get(document.path, ()):
        is_sure = one.verdict is Verdict.CURRENT and len(one.targets) == 1 and one.claim.kind != "set"
        found = tiers.behind.match(document.view, one.claim.span.end) if is_sure else None
        if found:
            yield from _member(document, found, one.targets, tiers)


def _member(document: Document, found: re.Match[str], entries: tuple[Entry, ...], tiers: _Tiers) -> Iterator[Finding]:
    """The finding on an entry that is none of the named tier's."""
    fitting = tiers.by_name[found["name"].casefold()]
    if any(tier.first <= entry.number <= tier.last for tier in fitting for entry in entries):
        return
    entry = entries[0]
    now = f"it is in {entry.tier}" if entry.tier else "it is in no tier"
    message = f"{entry.id} is not in the {fitting[0].name} tier ({fitting[0].first}-{fitting[0].last}): {now}"
    yield at(_CODE, document.path, Span(*found.span("name")), message, now, target=entry.id)


_TREE = {
    "_toc.yml": "format: jb-book\nroot: intro\nparts:\n- caption: Ground Tier (01-02)\n  chapters:\n"
    "  - file: chapters/01-soil\n  - file: chapters/02-seeds\n- caption: Growth Tier (03-04)\n  chapters:\n"
    "  - file: chapters/03-water\n  - file: chapters/04-light\n",
    "intro.md": "# Garden\n",
    "chapters/01-soil.md": "# 1. Soil\n",
    "chapters/02-seeds.md": "# 2. Seeds\n",
    "chapters/03-water.md": "# 3. Water\n",
    "chapters/04-light.md": "# 4. Light\n",
}

CHECK = Check(
    name=_CODE,
    summary="A tier is named with a range that is not its range, or an entry is put into another tier.",
    why="Readers plan by tiers, and would begin or stop at the wrong entry.",
    find=find,
    good=(
        {**_TREE, "README.md": "Ground Tier (01-02), then the Growth Tier (Chapters 3-4), in 3-5 weeks.\n"},
        {**_TREE, "README.md": "Good ground (1-4) and steady growth (5-9); Ground Tier (2-3 weeks).\n"},
    ),
    bad=(
        {**_TREE, "README.md": "## Ground Tier (Chapters 01-03)\n"},
        {**_TREE, "README.md": "- Chapters 2-4: Growth Tier\n"},
        {**_TREE, "chapters/02-seeds.md": "# 2. Seeds\n\n**GROWTH TIER** | Two hours\n"},
        {**_TREE, "chapters/02-seeds.md": "---\ntier: growth\n---\n# 2. Seeds\n"},
    ),
)
