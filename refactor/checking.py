"""Run checks over a tree: which ones there are, which of them are chosen, and what they find that no comment silences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from refactor import plugins, rulepack, suppress
from refactor.errors import RefactorError
from refactor.lint import Check, View, run, selected
from refactor.model import Finding, Series
from refactor.parallel import gather
from refactor.settings import Settings
from refactor.tables import suggestion
from refactor.tree import Tree
from refactor.workspace import Workspace

_SHARE = 500_000  # bytes of text that are worth a process of their own


@dataclass(frozen=True, slots=True)
class Choice:
    """Checks by name, one or several with commas between: those to run, those to leave out; and rule packs to add."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    rules: Sequence[str] = ()


def find(tree: Tree, settings: Settings, asks: Callable[[str], bool], choice: Choice, jobs: int = 1) -> list[Finding]:
    """What the chosen checks find in what is asked about, and what is wrong with suppressions there, in order.

    The same whatever the number of jobs: each is asked about a share of the paths.
    """
    workspace = Workspace(tree.root, settings, tree)
    checks = checks_of(workspace, choice.rules)
    chosen = selected(checks, _ids(choice.select, checks), _ids(choice.ignore, checks))
    series = workspace.catalogue.series[0] if workspace.catalogue.series else Series("entry", ("entry",), ())
    known = [*checks, suppress.UNUSED, suppress.INVALID]
    views = _shared(workspace.view(series, asks), jobs)
    return sorted(chain.from_iterable(gather([partial(_find, view, chosen, known) for view in views])))


def _find(view: View, chosen: Sequence[Check], known: Collection[str]) -> list[Finding]:
    ran = [check.name for check in chosen]
    found, about = suppress.apply(run(view, chosen), view.asked, known, ran)
    return [*found, *about]


def _shared(view: View, jobs: int) -> list[View]:
    """The view, or where there is much to do several, which together are asked about as much; all is read before."""
    sizes = {path: len(document.data) for path, document in view.asked.items()}
    shares = min(jobs, sum(sizes.values()) // _SHARE)
    if shares < 2:
        return [view]
    loads, share_of = [0] * shares, {}
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        share_of[path] = loads.index(min(loads))
        loads[share_of[path]] += sizes[path]
    return [replace(view, asks=partial(_is_in, share_of, share, view.asks)) for share in range(shares)]


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
