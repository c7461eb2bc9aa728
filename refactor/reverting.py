"""Commits that take other commits back exactly, made of objects only: tree, index and branch stay as they are.

Refuses where something else has changed the same paths since; it merges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from refactor import git
from refactor.errors import RefactorError
from refactor.git import Blob
from refactor.trail import Done, undone


def revert(top: Path, plan: str, done: Sequence[Done]) -> tuple[str, ...]:
    """Make a commit for each of some commits, given oldest first, that takes it back; the last is the first to go.

    `top` is the top of the work tree. Raises RefactorError for a path that was changed since.
    """
    with TemporaryDirectory() as scratch:
        index, other = Path(scratch, "index"), Path(scratch, "other")
        tip = git.head(top) or ""
        git.read_tree(top, tip, index)
        now = git.blobs(top, index)
        made: list[str] = []
        for one in reversed(done):
            before, after = _blobs(top, one.parent, other), _blobs(top, one.commit, other)
            touched = {path for path in {*before, *after} if before.get(path) != after.get(path)}
            _refuse_changed(top, one, touched, now, after)
            restored = {path: before[path] for path in touched & before.keys()}
            git.stage(top, touched & now.keys(), restored, index)
            now = {path: blob for path, blob in now.items() if path not in touched} | restored
            tip = git.commit_index(top, index, tip, _words(plan, one))
            made.append(tip)
    return tuple(made)


def _blobs(top: Path, commit: str, index: Path) -> dict[str, Blob]:
    git.read_tree(top, commit, index)
    return git.blobs(top, index)


def _refuse_changed(
    top: Path, one: Done, touched: set[str], now: Mapping[str, Blob], after: Mapping[str, Blob]
) -> None:
    changed = sorted(path for path in touched if now.get(path) != after.get(path))
    if not changed:
        return
    by = git.line(git.run(top, "log", "-1", "--format=%h (%s)", f"{one.commit}..HEAD", "--", changed[0]))
    raise RefactorError(
        f"{changed[0]} was changed after phase {one.phase}, by {by or 'a later commit'}; take that back first, "
        f"or revert {one.commit[:12]} by hand."
    )


def _words(plan: str, one: Done) -> str:
    return f'Revert "{one.subject}"\n\nThis reverts commit {one.commit}.\n\n{undone(plan, one.phase)}'
