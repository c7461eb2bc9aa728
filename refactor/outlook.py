"""`list branches`: which branches a renaming would hit, told before it is done. Changes nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from refactor import branches, changes, git, index, planfile, verdicts
from refactor.errors import RefactorError
from refactor.model import Document
from refactor.moves import Moves
from refactor.rename import plan as make_plan
from refactor.spans import line_column
from refactor.tree import real
from refactor.verbs import renaming_of
from refactor.wording import count, safe
from refactor.workspace import Workspace, open_tree

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """A branch under all its names, where it left, how many commits ago, its files in places that move (path, new path),
    and its lines that would be edited (path, line from 1, text)."""

    names: tuple[str, ...]
    tip: str
    fork: str
    commits: int
    files: tuple[tuple[str, str], ...]
    mentions: tuple[tuple[str, int, str], ...]


def show(arguments: argparse.Namespace) -> int:
    """Print the branches that are not part of this one, and what of theirs a renaming would hit."""
    root = real(arguments.root)
    if git.repository(root) is None or git.head(root) is None:
        raise RefactorError(f"{root} has no git history, and so no branches.")
    wanted = planfile.read(arguments.plan) if arguments.plan else None
    workspace = open_tree(root, wanted.settings if wanted else None, arguments.alias)
    asked = renaming_of(workspace, arguments, wanted)
    if asked is None:
        raise RefactorError(
            "this renaming was applied already; `python -m refactor migrate` brings older lines up to date."
        )
    moves = Moves(asked, workspace.words(asked.series))
    found = [_hit(workspace, moves, names, tip) for tip, names in branches.apart(root).items()]
    print(_json(found) if arguments.format == "json" else "\n".join(_text(found)))
    return 0


def _hit(workspace: Workspace, moves: Moves, names: tuple[str, ...], tip: str) -> Hit:
    root = workspace.root
    fork = branches.parting(root, tip)
    lines, paths = changes.lines_between(root, fork, tip), changes.paths_between(root, fork, tip)
    files = tuple((path, new) for path in sorted(paths) if (new := moves.new_path(path)) != path)
    found = ((path, *one) for path in sorted(lines) for one in _mentions(workspace, moves, tip, path))
    mentions = tuple((path, line, text) for path, line, text in found if line in lines[path])
    commits = int(git.line(git.run(root, "rev-list", "--count", f"{fork}..{tip}")))
    return Hit(names, tip, fork, commits, files, mentions)


def _mentions(workspace: Workspace, moves: Moves, tip: str, path: str) -> Iterator[tuple[int, str]]:
    """What a renaming would edit in a file of a commit: its lines (from 1) and texts."""
    data = git.content(workspace.root, tip, path)
    if data is None or b"\0" in data:
        return
    formats = workspace.tree.formats
    document = Document(path, data, formats.claimed(path) or formats.fallback)
    found = index.build([document], moves.words, workspace.kinds)
    references = list(verdicts.resolve(found, workspace.is_history))
    for edit in make_plan(references, {path: document}, moves.renaming, moves).edits:
        line, _ = line_column(document.starts, edit.span.start)
        yield line, " ".join(edit.old.split())


# --- what is shown ------------------------------------------------------------------------------


def _text(found: Sequence[Hit]) -> Iterator[str]:
    hit = [one for one in found if one.files or one.mentions]
    for one in hit:
        files, mentions = count(len(one.files), "file"), count(len(one.mentions), "mention")
        yield f"{', '.join(one.names)}: {files} in places that move, {mentions} of what is renamed ({count(one.commits, 'commit')})"
        rows = [f"  {safe(path)} -> {safe(new)}" for path, new in one.files]
        rows += [f"  {safe(path)}:{line}  {safe(text)}" for path, line, text in one.mentions]
        yield from rows[:_SHOWN]
        if len(rows) > _SHOWN:
            yield f"  ... and {len(rows) - _SHOWN} more; --format json shows all"
    yield f"{len(hit)} of {len(found)} other branches would be hit"
    if hit:
        yield "merge them first, or bring them along afterwards: on each, python -m refactor migrate --onto REF"


def _json(found: Sequence[Hit]) -> str:
    rows = [
        {"branches": one.names, "commit": one.tip, "fork": one.fork, "commits": one.commits,
         "files": [{"path": path, "to": new} for path, new in one.files],
         "mentions": [{"path": path, "line": line, "text": text} for path, line, text in one.mentions]}
        for one in found
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1)
