"""From the claims of pages to references: drafted first, and settled when git has told what only it knows.

The rules are in `resolve`; here is only in which order they are asked, and what for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refactor.case import Case, Decision
from refactor.index import Index, Page
from refactor.model import Claim, Reference
from refactor.resolve import decide

if TYPE_CHECKING:
    from refactor.history import Past


@dataclass(frozen=True, eq=False)
class Draft:
    """What the rules say of a page before anybody asks who wrote it, and the places among its claims of those for which
    a rule would ask: git takes its time, and of most pages nobody wants to know."""

    page: Page
    decisions: tuple[tuple[str, Decision], ...]  # each with the name of its rule
    unsure: frozenset[int]


def draft(page: Page, history: Callable[[str], bool]) -> Draft:
    """Decide the claims of a page without its past, and note for which of them the past may tell otherwise."""
    unsure: list[int] = []

    def decided(at: int, claim: Claim) -> tuple[str, Decision]:
        return decide(Case(claim, page, history, lambda *_mention: unsure.append(at)))

    decisions = tuple(decided(at, claim) for at, claim in enumerate(page.claims))
    return Draft(page, decisions, frozenset(unsure))


def ask(past: Past | None, drafts: Iterable[Draft]) -> None:
    """Find out who wrote the bare numbers of several pages at once, where that counts.

    Git is asked about all of a page: whether it knows a line again in another file depends on the lines beside it.
    """
    if past:
        past.ask({one.page.document.path: one.page.bare_lines for one in drafts if one.unsure})


def settled(first: Draft, history: Callable[[str], bool], past: Past | None) -> Iterator[Reference]:
    """The mentions of a page: as drafted, except where the past was wanted and there is one."""
    path = first.page.document.path
    ask(past, [first])
    for at, claim in enumerate(first.page.claims):
        rule, decision = first.decisions[at]
        if past and at in first.unsure:
            rule, decision = decide(Case(claim, first.page, history, past.written))
        yield Reference(path, claim, decision.targets, decision.verdict, decision.because, rule)


def resolve(
    index: Index, history: Callable[[str], bool] = lambda _: False, past: Past | None = None
) -> Iterator[Reference]:
    """Decide every claim of an index, in order of path and place.

    `history` marks further files of the past; `past` knows who wrote a line, if the tree has a history.
    """
    drafts = [draft(page, history) for page in sorted(index.pages, key=lambda page: page.document.path)]
    ask(past, drafts)
    for one in drafts:
        yield from settled(one, history, past)
