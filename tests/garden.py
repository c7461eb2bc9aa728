"""A course of six modules, made by hand, for tests that need the words of a series and no tree.

Numbers cross from one digit to two, one title is not its slug, and nothing is called like a word of the other tests.
"""

from __future__ import annotations

from refactor import plugins
from refactor.kinds import Kind
from refactor.model import Document, Entry, Format, Home, Place, Series, Tier
from refactor.spans import encode
from refactor.tree import Formats
from refactor.words import Words

FORMATS = Formats.of(tuple(plugins.load("refactor.formats", "FORMAT", Format).values()))
KINDS = tuple(plugins.load("refactor.kinds", "KIND", Kind).values())

FOLDERS = Place("modules", "", 2, "_", "", folder=True)
PAGES = Place("book", "", 2, "-", ".md", folder=False)
TITLES = {
    "08_soil": ("Soil",),
    "09_seeds": ("Seeds",),
    "10_drip_lines": ("Drip Lines",),
    "11_pruning": ("Pruning",),
    "12_compost": ("Composting", "Compost"),
    "13_greenhouse": ("Greenhouse",),
}
TIERS = (Tier("Basics", 8, 10), Tier("Growth", 11, 13))
FOREIGN = ("checkpoint", "figure", "milestone", "phase", "section", "step", "version", "week")


def entry(written: str) -> Entry:
    """The entry with an id, at home in `modules/` and in `book/`."""
    digits, _, slug = written.partition("_")
    tier = next(tier.name for tier in TIERS if tier.first <= int(digits) <= tier.last)
    homes = (
        Home(f"modules/{written}", slug, FOLDERS),
        Home(f"book/{written.replace('_', '-')}.md", slug.replace("_", "-"), PAGES),
    )
    return Entry("module", int(digits), "", slug, written, TITLES[written], homes, tier)


SERIES = Series(
    "module", ("module", "chapter"), tuple(map(entry, TITLES)), (FOLDERS, PAGES), TIERS, ("listing",), ("position",)
)
PATHS = frozenset(
    path
    for one in SERIES.entries
    for path in (f"{one.homes[0].path}/{one.slug}_dev.py", f"{one.homes[0].path}/README.md", one.homes[1].path)
)
WORDS = Words(SERIES, PATHS | {"milestones/02_pruning.py", "tests/test_module_09_pruning.py"}, FOREIGN, ("grow",))


def document(text: str, path: str = "notes.md") -> Document:
    """A document as the tree would give it; its name chooses the format."""
    return Document(path, encode(text), FORMATS.claimed(path) or FORMATS.fallback)
