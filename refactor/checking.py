"""Run checks over a tree: which ones there are, which of them are chosen, and what they find that no comment silences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from refactor import plugins, rulepack, suppress
from refactor.errors import RefactorError
from refactor.lint import Check, run, selected
from refactor.model import Finding, Series
from refactor.settings import Settings
from refactor.tables import suggestion
from refactor.tree import Tree
from refactor.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Choice:
    """Checks by name, one or several with commas between: those to run, those to leave out; and rule packs to add."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    rules: Sequence[str] = ()


def find(tree: Tree, settings: Settings, asks: Callable[[str], bool], choice: Choice) -> list[Finding]:
    """What the chosen checks find in what is asked about, and what is wrong with suppressions there, in order."""
    workspace = Workspace(tree.root, settings, tree)
    checks = checks_of(workspace, choice.rules)
    chosen = selected(checks, _ids(choice.select, checks), _ids(choice.ignore, checks))
    series = workspace.catalogue.series[0] if workspace.catalogue.series else Series("entry", ("entry",), ())
    view = workspace.view(series, asks)
    ran = [check.name for check in chosen]
    found, about = suppress.apply(run(view, chosen), view.asked, [*checks, suppress.UNUSED, suppress.INVALID], ran)
    return sorted((*found, *about))


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
