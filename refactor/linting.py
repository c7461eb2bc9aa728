"""The `lint` verb: run the checks, leave out what is suppressed, known or old, mend what may be mended, and report."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor import baseline, changes, plugins, rulepack, suppress, transaction
from refactor.errors import RefactorError
from refactor.lint import Check, View, edits_of, everything, run, selected
from refactor.model import Finding, Plan, Series
from refactor.plan_diff import render as render_diff
from refactor.reporters import Reporter
from refactor.tables import suggestion
from refactor.wording import count
from refactor.workspace import Workspace, open_tree

ENV_FORMAT = "REFACTOR_OUTPUT_FORMAT"


@dataclass(frozen=True, eq=False)
class Judged:
    """One tree, seen: what was found, and what checks looked at."""

    workspace: Workspace
    view: View
    findings: list[Finding]


def lint(arguments: argparse.Namespace) -> int:
    """Report what is wrong in a tree: 0 if nothing is, 1 if something is, unless `--exit-zero`."""
    root = arguments.root.resolve()
    judged = _judge(root, arguments)
    if arguments.write_baseline:
        return _write_baseline(judged, arguments)
    if arguments.diff:
        return _show_diff(judged, arguments)
    if arguments.fix or arguments.unsafe_fixes:
        judged = _mend(root, judged, arguments)
    _report(judged, arguments)
    return int(bool(judged.findings) and not arguments.exit_zero)


# --- what is found ------------------------------------------------------------------------------


def _judge(root: Path, arguments: argparse.Namespace) -> Judged:
    workspace = open_tree(root)
    asks = _asks([_inside(path, root) for path in arguments.paths])
    checks = checks_of(workspace, arguments.rules)
    chosen = selected(checks, _ids(arguments.select, checks), _ids(arguments.ignore, checks))
    series = workspace.catalogue.series[0] if workspace.catalogue.series else Series("entry", ("entry",), ())
    view = workspace.view(series, asks)
    ran = [check.name for check in chosen]
    found, about = suppress.apply(run(view, chosen), view.asked, [*checks, suppress.UNUSED, suppress.INVALID], ran)
    return Judged(workspace, view, _left(sorted((*found, *about)), workspace, view, arguments))


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


def _left(findings: list[Finding], workspace: Workspace, view: View, arguments: argparse.Namespace) -> list[Finding]:
    """The findings that are neither old nor accepted."""
    if arguments.diff_base:
        changed = changes.changed_lines(workspace.root, arguments.diff_base)
        gone = changes.gone(workspace.root, arguments.diff_base)
        findings = [one for one in findings if changes.is_new(one, changed, gone, view.documents)]
    if arguments.baseline:
        known = baseline.read(_text(arguments.baseline))
        findings, _ = baseline.sift(findings, view.documents, known)
    return findings


def _inside(path: Path, root: Path) -> str:
    """A path given on the command line, as the tree calls it; "" is the whole tree."""
    resolved = (Path.cwd() / path).resolve()
    if not resolved.is_relative_to(root):
        raise RefactorError(f"{path} lies outside {root}; lint it from its own root with --root.")
    if not os.path.lexists(resolved):
        raise RefactorError(f"{path} does not exist; give files or folders of the tree.")
    found = resolved.relative_to(root).as_posix()
    return "" if found == "." else found


def _asks(wanted: Sequence[str]) -> Callable[[str], bool]:
    """Make a test for paths that are asked about: files or folders as the tree calls them, or none for all."""
    if not wanted or "" in wanted:
        return everything
    below = tuple(f"{one}/" for one in wanted)
    return lambda path: path in wanted or path.startswith(below)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefactorError(f"the baseline {path} cannot be read; write one with --write-baseline.") from error


# --- what is done about it ----------------------------------------------------------------------


def _plan(judged: Judged, arguments: argparse.Namespace) -> Plan:
    return Plan(None, (), tuple(edits_of(judged.findings, unsafe=arguments.unsafe_fixes)), ())


def _mend(root: Path, judged: Judged, arguments: argparse.Namespace) -> Judged:
    """Write the fixes and look again: a fix must leave nothing new behind."""
    plan = _plan(judged, arguments)
    if not plan.edits:
        return judged
    applied = transaction.apply(root, plan, allow_dirty=True, label="lint --fix")
    files = count(applied.files, "file")
    print(f"fixed {applied.edited} in {files}; undo with: python -m refactor undo", file=sys.stderr)
    return _judge(root, arguments)


def _show_diff(judged: Judged, arguments: argparse.Namespace) -> int:
    plan = _plan(judged, arguments)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    sys.stdout.write(render_diff(plan, judged.view.documents, (), lambda path: path, terminal=colour))
    return int(bool(plan.edits) and not arguments.exit_zero)


def _write_baseline(judged: Judged, arguments: argparse.Namespace) -> int:
    target: Path = arguments.write_baseline
    target.write_text(baseline.write(judged.findings, judged.view.documents), encoding="utf-8")
    print(f"wrote {target}: {len(judged.findings)} findings are accepted from now on with --baseline {target}")
    return 0


def _report(judged: Judged, arguments: argparse.Namespace) -> None:
    found = plugins.load("refactor.reporters", "REPORTER", Reporter)
    reporters = {one.name: one for one in found.values()}
    name = "statistics" if arguments.statistics else _format(judged, arguments)
    if name not in reporters:
        raise RefactorError(f"there is no output format '{name}'; {suggestion(name, reporters)}")
    sys.stdout.write(reporters[name].render(judged.findings, judged.view.documents))


def _format(judged: Judged, arguments: argparse.Namespace) -> str:
    given = arguments.output_format or os.environ.get(ENV_FORMAT) or judged.workspace.settings.output_format
    return given or ("full" if sys.stdout.isatty() else "concise")
