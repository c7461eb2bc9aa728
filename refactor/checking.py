"""Run checks over a tree: which ones there are, which of them are chosen, and what they find that no comment silences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from refactor import plugins, rulepack, suppress
from refactor.errors import RefactorError
from refactor.lint import Check, View, run, selected
from refactor.model import Finding, Series
from refactor.parallel import gather, split
from refactor.recall import Facts
from refactor.tables import suggestion
from refactor.titles import NO_NOUN
from refactor.workspace import Workspace

if TYPE_CHECKING:
    from refactor.history import Past


@dataclass(frozen=True, slots=True)
class Choice:
    """Checks by name, one or several with commas between: those to run, those to leave out; and rule packs to add."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    rules: Sequence[str] = ()


def find(workspace: Workspace, asks: Callable[[str], bool], choice: Choice, jobs: int = 1) -> list[Finding]:
    """What the chosen checks find in what is asked about, and what is wrong with suppressions there, in order.

    The same whatever the number of jobs: each is asked about a share of the paths.
    """
    checks = checks_of(workspace, choice.rules)
    chosen = selected(checks, _ids(choice.select, checks), _ids(choice.ignore, checks))
    series = workspace.catalogue.series[0] if workspace.catalogue.series else Series(NO_NOUN, (NO_NOUN,), ())
    known = [*checks, suppress.UNUSED, suppress.INVALID]
    views, past = _shared(workspace.view(series, asks), jobs), workspace.past(series)
    done = gather([partial(_find, view, chosen, known, past) for view in views])
    if past:
        for _, learned in done:
            past.recall.new.take(learned)
        past.recall.keep()
    return sorted(chain.from_iterable(found for found, _ in done))


def _find(
    view: View, chosen: Sequence[Check], known: Collection[str], past: Past | None
) -> tuple[list[Finding], Facts]:
    """What is found, and what was learned from history on the way."""
    ran = [check.name for check in chosen]
    found, about = suppress.apply(run(view, chosen), view.asked, known, ran)
    return [*found, *about], past.recall.new if past else Facts()


def _shared(view: View, jobs: int) -> list[View]:
    """The view, or where there is much to do several, which together are asked about as much; all is read before."""
    shares = split({path: len(document.data) for path, document in view.asked.items()}, jobs)
    if len(shares) < 2:
        return [view]
    share_of = {path: at for at, share in enumerate(shares) for path in share}
    return [replace(view, asks=partial(_is_in, share_of, share, view.asks)) for share in range(len(shares))]


def _is_in(share_of: Mapping[str, int], share: int, asks: Callable[[str], bool], path: str) -> bool:
    return share_of.get(path, 0) == share and asks(path)


def is_certain(findings: Iterable[Finding]) -> bool:
    """Tell whether another run would find the same; a rule that took too long may not the next time."""
    return all(one.code != rulepack.TIMEOUT for one in findings)


def checks_of(workspace: Workspace, named: Sequence[str] = ()) -> dict[str, Check]:
    """The built-in checks and the rules of the packs that settings or arguments name, by name."""
    built_in = {check.name: check for check in plugins.load("refactor.checks", "CHECK", Check).values()}
    packs = rulepack.packs_of(workspace.root, (*workspace.settings.rules, *named))
    rules = rulepack.as_checks(packs, frozen=workspace.settings.frozen, taken=built_in)
    return {**built_in, **{check.name: check for check in rules}}


def _ids(given: Sequence[str], checks: Mapping[str, Check]) -> list[str]:
    """Names given once or separated by commas; an unknown one is an error."""
    names = [name for text in given for name in text.split(",") if name]
    for name in names:
        if name not in checks:
            raise RefactorError(f"there is no check '{name}'; {suggestion(name, checks)}")
    return names
