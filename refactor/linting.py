"""The `lint` verb: find what is wrong, leave out what is known or old, mend what may be mended, and report.

What was found in a tree that has not changed since comes from the cache; then nothing is loaded that looks for it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor import cache, gitlog, plugins
from refactor.errors import RefactorError
from refactor.lazily import Lazily, everything
from refactor.model import Document, Finding, Format, Plan
from refactor.records import on_disk
from refactor.reporters import Reporter
from refactor.settings import Settings, read_alias
from refactor.settings import read as read_settings
from refactor.tree import Tree, discover, real

ENV_FORMAT = "REFACTOR_OUTPUT_FORMAT"


@dataclass(frozen=True, eq=False)
class Judged:
    """One tree, seen: what was found, and the documents that it is in, read when they are looked up."""

    settings: Settings
    documents: Mapping[str, Document]
    findings: list[Finding]


def lint(arguments: argparse.Namespace) -> int:
    """Report what is wrong in a tree: 0 if nothing is, 1 if something is, unless `--exit-zero`."""
    root = real(arguments.root)
    if arguments.stdin_filename:
        _refuse_beside_stdin(arguments)
    if arguments.prune_baseline:
        _refuse_beside_pruning(arguments)
    judged = _judge(root, arguments)
    if arguments.write_baseline:
        return _write_baseline(judged, arguments)
    if arguments.prune_baseline:
        return _prune_baseline(judged, arguments)
    if arguments.diff:
        return _show_diff(judged, arguments)
    if arguments.fix or arguments.unsafe_fixes:
        judged = _mend(root, judged, arguments)
    _report(judged, arguments)
    return int(bool(judged.findings) and not arguments.exit_zero)


def _refuse_beside_stdin(arguments: argparse.Namespace) -> None:
    """What stands in an editor is only judged: it cannot be written, and there is nothing else to look at."""
    beside = {"PATH": arguments.paths, "--fix": arguments.fix, "--unsafe-fixes": arguments.unsafe_fixes and not arguments.diff,
              "--write-baseline": arguments.write_baseline, "--prune-baseline": arguments.prune_baseline,
              "--diff-base": arguments.diff_base}  # fmt: skip
    _refuse(beside, "--stdin-filename reads one text and writes none")


def _refuse_beside_pruning(arguments: argparse.Namespace) -> None:
    """Whoever looks at a part of the findings cannot tell which of all are gone."""
    beside = {"PATH": arguments.paths, "--select": arguments.select, "--ignore": arguments.ignore,
              "--diff-base": arguments.diff_base, "--baseline": arguments.baseline}  # fmt: skip
    _refuse(beside, "--prune-baseline has to look at all findings of the tree")


def _refuse(beside: Mapping[str, object], why: str) -> None:
    for name, given in beside.items():
        if given:
            raise RefactorError(f"{why}; leave out {name}.")


# --- what is found ------------------------------------------------------------------------------


def _judge(root: Path, arguments: argparse.Namespace) -> Judged:
    unsaved = _inside(arguments.stdin_filename, root, exists=False) if arguments.stdin_filename else None
    asks = _asks([unsaved] if unsaved else [_inside(path, root) for path in arguments.paths])
    settings = read_settings(root)
    began = time.time_ns()
    formats = tuple(plugins.load("refactor.formats", "FORMAT", Format).values())
    tree = discover(root, settings, formats)
    if unsaved:
        tree = tree.with_unsaved(unsaved, sys.stdin.buffer.read())
    documents = Lazily(tree.files, tree.read)
    findings = _found(tree, asks, _entry(tree, settings, arguments, began), settings, arguments)
    if arguments.diff_base:
        findings = sorted({*findings, *_outdated(tree, asks, settings, arguments)})
    return Judged(settings, documents, _left(findings, root, documents, arguments))


def _found(
    tree: Tree,
    asks: Callable[[str], bool],
    entry: cache.Entry | None,
    settings: Settings,
    arguments: argparse.Namespace,
) -> list[Finding]:
    """What was found when the tree was as it is now; else what is found now, which is kept if it is about all of it."""
    if entry and (remembered := cache.read(entry, tree, asks)) is not None:
        return remembered
    from refactor import checking, parallel
    from refactor.workspace import Workspace

    choice = checking.Choice(arguments.select, arguments.ignore, arguments.rules)
    workspace = Workspace(tree.root, settings, tree, _memory(arguments), tuple(map(read_alias, arguments.alias)))
    found = checking.find(workspace, asks, choice, arguments.jobs or parallel.copies())
    for remark in workspace.remarks:
        print(f"note: {remark}", file=sys.stderr)
    if entry and not arguments.paths and checking.is_certain(found):
        cache.write(entry, tree, found)
    return found


def _outdated(
    tree: Tree, asks: Callable[[str], bool], settings: Settings, arguments: argparse.Namespace
) -> list[Finding]:
    """What the branch wrote before the one that it is compared with renumbered, as far as it is asked about."""
    from refactor.migrating import outdated
    from refactor.workspace import Workspace

    found = outdated(Workspace(tree.root, settings, tree, _memory(arguments)), arguments.diff_base)
    names = [{name for text in given for name in text.split(",")} for given in (arguments.select, arguments.ignore)]
    return [
        one for one in found if asks(one.path) and one.code not in names[1] and (not names[0] or one.code in names[0])
    ]


def _memory(arguments: argparse.Namespace) -> Path | None:
    return None if arguments.no_cache else cache.folder_of(arguments.cache_dir)


def _entry(tree: Tree, settings: Settings, arguments: argparse.Namespace, began: int) -> cache.Entry | None:
    folder = _memory(arguments)
    if folder is None or tree.unsaved:
        return None
    past, packs = gitlog.fingerprint(tree.root), list[bytes]()
    if past is None:
        return None
    if names := (*settings.rules, *arguments.rules):
        from refactor import rulepack

        packs = [path.read_bytes() for path in rulepack.paths_of(tree.root, names)]
    asked = (arguments.select, arguments.ignore, arguments.rules, arguments.alias)
    return cache.entry(folder, tree, asked, (settings, packs, past, on_disk(tree.root).text), began)


def _left(
    findings: list[Finding], root: Path, documents: Mapping[str, Document], arguments: argparse.Namespace
) -> list[Finding]:
    """The findings that are neither old nor accepted."""
    if arguments.diff_base:
        from refactor import changes

        changed = changes.changed_lines(root, arguments.diff_base)
        gone = changes.gone(root, arguments.diff_base)
        findings = [one for one in findings if changes.is_new(one, changed, gone, documents)]
    if arguments.baseline:
        from refactor import baseline

        findings, _ = baseline.sift(findings, documents, baseline.read(_text(arguments.baseline)))
    return findings


def _inside(path: Path, root: Path, *, exists: bool = True) -> str:
    """A path given on the command line, as the tree calls it; "" is the whole tree."""
    resolved = real(path)
    if not resolved.is_relative_to(root):
        raise RefactorError(f"{path} lies outside {root}; lint it from its own root with --root.")
    if exists and not os.path.lexists(resolved):
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
    from refactor.lint import edits_of

    return Plan(None, (), tuple(edits_of(judged.findings, unsafe=arguments.unsafe_fixes)), ())


def _mend(root: Path, judged: Judged, arguments: argparse.Namespace) -> Judged:
    """Write the fixes and look again: a fix must leave nothing new behind."""
    plan = _plan(judged, arguments)
    if not plan.edits:
        return judged
    from refactor import transaction
    from refactor.wording import count

    applied = transaction.apply(root, plan, allow_dirty=True, label="lint --fix")
    files = count(applied.files, "file")
    print(f"fixed {applied.edited} in {files}; undo with: python -m refactor undo", file=sys.stderr)
    return _judge(root, arguments)


def _show_diff(judged: Judged, arguments: argparse.Namespace) -> int:
    from refactor.plan_diff import render

    plan = _plan(judged, arguments)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    sys.stdout.write(render(plan, judged.documents, (), lambda path: path, terminal=colour))
    return int(bool(plan.edits) and not arguments.exit_zero)


def _write_baseline(judged: Judged, arguments: argparse.Namespace) -> int:
    from refactor import baseline

    target: Path = arguments.write_baseline
    cache.place(target, baseline.write(judged.findings, judged.documents).encode())
    print(f"wrote {target}: {len(judged.findings)} findings are accepted from now on with --baseline {target}")
    return 0


def _prune_baseline(judged: Judged, arguments: argparse.Namespace) -> int:
    from refactor import baseline
    from refactor.wording import count

    target: Path = arguments.prune_baseline
    accepted = baseline.read(_text(target))
    _, gone = baseline.sift(judged.findings, judged.documents, accepted)
    cache.place(target, baseline.prune(judged.findings, judged.documents, accepted).encode())
    print(f"pruned {target}: {count(sum(gone.counts.values()), 'accepted finding')} occurred no more")
    return 0


def _report(judged: Judged, arguments: argparse.Namespace) -> None:
    name = "statistics" if arguments.statistics else _format(judged, arguments)
    reporter = plugins.find("refactor.reporters", "REPORTER", Reporter, name)
    if reporter is None:
        from refactor.tables import suggestion

        known = [one.name for one in plugins.load("refactor.reporters", "REPORTER", Reporter).values()]
        raise RefactorError(f"there is no output format '{name}'; {suggestion(name, known)}")
    sys.stdout.write(reporter.render(judged.findings, judged.documents))


def _format(judged: Judged, arguments: argparse.Namespace) -> str:
    given = arguments.output_format or os.environ.get(ENV_FORMAT) or judged.settings.output_format
    return given or ("full" if sys.stdout.isatty() else "concise")
