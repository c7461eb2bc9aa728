"""The verbs that change a tree: rename, undo, recover. Each turns arguments into calls of the rooms below."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from posixpath import dirname, join, normpath

from refactor import commits, git, ledger, planfile, records, renaming, transaction, tree
from refactor.errors import RefactorError
from refactor.memory import as_before
from refactor.model import Plan, Renaming
from refactor.moves import Moves
from refactor.places import is_frozen
from refactor.rename import plan as make_plan
from refactor.reorder import reorder
from refactor.wording import safe
from refactor.workspace import Workspace, open_tree

_RENAME = "rename"  # what a transaction is called that the ledger has an entry for


def rename(arguments: argparse.Namespace) -> int:
    """Plan a renaming, and show it or carry it out."""
    root = _root(arguments)
    wanted = planfile.read(arguments.plan) if arguments.plan else None
    workspace = open_tree(root, wanted.settings if wanted else None, arguments.alias)
    asked = renaming_of(workspace, arguments, wanted)
    if asked is None or _again(workspace, asked, arguments):
        return _nothing(arguments, workspace, wanted)
    moves = Moves(asked, workspace.words(asked.series))
    references = workspace.references(asked.series)
    plan = make_plan(references, workspace.documents, asked, moves, base=git.head(root), repair=arguments.repair)
    plan = with_exports(workspace, asked, plan)
    if arguments.reorder:
        plan = reorder(plan, references, workspace.documents, asked)
    refuse_pointers(workspace, moves)
    plan = as_before(plan, workspace.documents, *transaction.remembered(root))
    if arguments.interactive and not (arguments.dry_run or arguments.check or arguments.diff):
        from refactor.interactive import choose

        plan = choose(plan, workspace.documents, sys.stdin, sys.stderr if arguments.format == "json" else sys.stdout)
    unseen = tuple(_unseen(workspace, moves))
    if arguments.dry_run or arguments.diff or arguments.check:
        sys.stdout.write(_shown(plan, workspace, arguments, moves))
        _report_unread(workspace, arguments, unseen)
        return int(arguments.check and bool(plan.edits or plan.moves))
    code = _carry_out(root, plan, workspace, arguments, moves)
    _report_unread(workspace, arguments, unseen)
    return code


def undo(arguments: argparse.Namespace) -> int:
    """Restore the tree from before the last renaming."""
    root = _root(arguments)
    last, _ = transaction.remembered(root)
    is_renaming = last is not None and last.label.startswith(_RENAME)
    print(transaction.undo(root, records.of_undo(root) if is_renaming else None))
    return 0


def recover(arguments: argparse.Namespace) -> int:
    """Restore the tree from before an interrupted renaming."""
    print(transaction.recover(_root(arguments)))
    return 0


def _root(arguments: argparse.Namespace) -> Path:
    root: Path = tree.real(arguments.root)
    if not root.is_dir():
        raise RefactorError(f"{arguments.root} is not a folder; give the tree to work on with --root.")
    return root


def plan_of(workspace: Workspace, asked: Renaming, moves: Moves) -> Plan:
    """The plan of a renaming on a tree as it is now."""
    references = workspace.references(asked.series)
    return make_plan(references, workspace.documents, asked, moves, base=git.head(workspace.root))


def refuse_pointers(workspace: Workspace, moves: Moves) -> None:
    """Refuse to rename a page whose text is not here, since its mentions would stay old. Data may be moved unread."""
    for path, reason in workspace.tree.passed_over:
        claimed = workspace.tree.formats.claimed(path)
        is_page = path in moves.names or (claimed is not None and claimed.name != "plain")
        if reason == tree.POINTER and is_page and moves.new_path(path) != path:
            raise RefactorError(
                f"{path} is only a pointer to a file in git LFS, and what it says could not be renamed; "
                "run `git lfs pull` first."
            )


def with_exports(workspace: Workspace, asked: Renaming, plan: Plan) -> Plan:
    """Add what `--export` asks for: directives, package files and imports."""
    if not asked.exports:
        return plan
    from refactor.transforms.exports import export_plan

    live = (one for one in workspace.documents.values() if not (workspace.is_history(one.path) or is_frozen(one.path)))
    edits, moves = export_plan(live, workspace.tree.paths, asked.exports)
    return replace(plan, edits=tuple(sorted({*plan.edits, *edits})), moves=tuple(sorted({*plan.moves, *moves})))


# --- what is asked for --------------------------------------------------------------------------


def renaming_of(
    workspace: Workspace, arguments: argparse.Namespace, wanted: planfile.PlanFile | None
) -> Renaming | None:
    """The renaming that the arguments ask for, or None if the tree already looks like that."""
    _one_way(arguments)
    if arguments.insert is not None or arguments.remove is not None:
        series = renaming.find_series(workspace.catalogue, [], arguments.series)
        if arguments.insert is not None:
            return renaming.insert(series, arguments.insert)
        return renaming.remove(series, arguments.remove)
    pairs = _pairs(arguments, wanted)
    series = renaming.find_series(
        workspace.catalogue, [source for source, _ in pairs], arguments.series or (wanted.series if wanted else None)
    )
    exports = (*map(_pair("--export", "OLD=NEW"), arguments.export), *(wanted.exports if wanted else ()))
    if renaming.is_done(series, pairs):
        return None
    return renaming.build(
        series, pairs, _titles(arguments, wanted), tiers=wanted.tiers if wanted else (), exports=exports,
        shift=arguments.shift, swap=arguments.swap,
    )  # fmt: skip


def _one_way(arguments: argparse.Namespace) -> None:
    if len(arguments.sources) != len(arguments.targets):
        raise RefactorError("--from and --to come in pairs; give each --from its --to.")
    ways = [bool(arguments.sources), bool(arguments.plan), arguments.insert is not None, arguments.remove is not None]
    if not any(ways) and not arguments.export and not arguments.title:
        raise RefactorError(
            "nothing to rename; give --from and --to, --plan, --insert or --remove (see rename --help)."
        )
    if any(ways[2:]) and (arguments.shift or arguments.swap or arguments.title or arguments.export):
        raise RefactorError(
            "--insert and --remove move whole numbers; leave out --shift, --swap, --title and --export."
        )
    if sum(ways[1:]) > 1 or (any(ways[2:]) and ways[0]):
        raise RefactorError("give one of --from/--to, --plan, --insert and --remove, not several.")


def _pairs(arguments: argparse.Namespace, wanted: planfile.PlanFile | None) -> list[tuple[str, str]]:
    planned = [(one.old_id, one.new_id) for one in wanted.renames] if wanted else []
    return [*zip(arguments.sources, arguments.targets, strict=True), *planned]


def _titles(arguments: argparse.Namespace, wanted: planfile.PlanFile | None) -> Mapping[str, str]:
    given = dict(map(_pair("--title", "SLUG=TITLE"), arguments.title))
    planned = {one.old_id: one.title for one in wanted.renames if one.title} if wanted else {}
    return {**planned, **given}


class _pair:  # noqa: N801  reads as a verb where it is used
    """Split an argument at its first `=`."""

    def __init__(self, option: str, form: str) -> None:
        self.option, self.form = option, form

    def __call__(self, text: str) -> tuple[str, str]:
        left, sign, right = text.partition("=")
        if not (left and sign and right):
            raise RefactorError(f"{self.option} takes {self.form}, got '{text}'.")
        return left, right


# --- what is shown and done ---------------------------------------------------------------------


def _nothing(arguments: argparse.Namespace, workspace: Workspace, wanted: planfile.PlanFile | None) -> int:
    if arguments.format == "json":
        print('{"version": 1, "base": null, "renames": [], "moves": [], "edits": [], "left": []}')
        return 0
    known = ledger.applied(workspace.ledger, _pairs(arguments, wanted))
    free = f"number {arguments.insert} is free already" if arguments.insert is not None else ""
    applied = f"already applied (ledger entry {known.id})" if known else ""
    print(f"nothing to do: {free or applied or 'the tree already carries the new ids'}")
    return 0


def _again(workspace: Workspace, asked: Renaming, arguments: argparse.Namespace) -> bool:
    """Tell whether a plan was the last thing that was applied: ids without a name do not tell by themselves."""
    last = workspace.ledger.in_force[-1:] if arguments.plan else ()
    wanted = ledger.record_of(asked, None)
    return any(wanted.does_the_same_as(one) for one in last)


def _shown(plan: Plan, workspace: Workspace, arguments: argparse.Namespace, moves: Moves, *, done: bool = False) -> str:
    from refactor import plan_diff, plan_json, plan_text

    if arguments.format == "json":
        return plan_json.render(plan, workspace.documents)
    if arguments.diff:
        paths = workspace.tree.paths
        return plan_diff.render(plan, workspace.documents, paths, moves.new_path, terminal=_colour())
    return plan_text.render(plan, workspace.documents, done=done)


def _report_unread(workspace: Workspace, arguments: argparse.Namespace, unseen: Sequence[tuple[str, str]]) -> None:
    """Say on standard error which files were passed over or read as bytes: nothing is skipped in silence."""
    if arguments.format == "json":
        return
    for remark in workspace.remarks:
        print(f"note: {remark}", file=sys.stderr)
    reasons: dict[str, list[str]] = {}
    for path, reason in (*workspace.tree.passed_over, *workspace.tree.notes, *unseen):
        if reason == "lock file":
            continue  # it names versions, never entries
        reasons.setdefault(reason, []).append(path)
    for reason, paths in sorted(reasons.items()):
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        print(f"note: {safe(paths[0])}{more}: {reason}", file=sys.stderr)


def _unseen(workspace: Workspace, moves: Moves) -> Iterator[tuple[str, str]]:
    """What a renaming leaves wrong without having read it: links to what has moved, and files that are not checked out."""
    for path, text in workspace.tree.links():
        before, after = (normpath(join(dirname(place), text)) for place in (path, moves.new_path(path)))
        if workspace.tree.exists(before) and moves.new_path(before) != after:
            yield path, f"a link to {safe(before)}, which moves: make it anew"
    if git.repository(workspace.root):
        absent = (path for path in git.hidden(workspace.root) if not workspace.tree.exists(path))
        yield from ((path, "not checked out (sparse checkout): what it says stays as it is") for path in absent)


def _colour() -> bool:
    import os

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _carry_out(root: Path, plan: Plan, workspace: Workspace, arguments: argparse.Namespace, moves: Moves) -> int:
    label = f"{_RENAME} {', '.join(f'{one.old.id} -> {one.new.id}' for one in plan.renames)}"
    shown = _shown(plan, workspace, arguments, moves, done=True)
    if arguments.commit:
        commits.check(root, plan, ledger.NAME)
    record = records.of_renaming(root, ledger.record_of(moves.renaming, plan.base))
    commit = partial(commits.commit, root, plan) if arguments.commit else None
    applied = transaction.apply(
        root, plan, allow_dirty=arguments.allow_dirty, label=label, record=record, commit=commit
    )
    print(shown, end="")
    if arguments.format == "text" and applied.id:
        print("undo with: python -m refactor undo")
    return 0
