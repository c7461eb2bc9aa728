"""Ledgers as they are kept: on disk and in commits; and what a transaction writes there.

Reads only. What a ledger says is the business of `ledger`, and writing it that of `transaction`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from refactor import git, gitlog
from refactor.errors import RefactorError
from refactor.ledger import NAME, Ledger, Record, after_renaming, after_undo, read
from refactor.spans import encode


@dataclass(frozen=True, slots=True)
class Recording:
    """A file that tells of a transaction, by its path. `text` makes what it is to hold (None: it goes) of what it holds
    now and, for undo, of what it held before; it may raise a RefactorError."""

    path: str
    text: Callable[[bytes | None, bytes | None], bytes | None]


def on_disk(root: Path) -> Ledger:
    """The ledger of a tree; an empty one if there is none. Raises RefactorError if it cannot be trusted."""
    file = root / NAME
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise RefactorError(f"{NAME} is no file of its own; put the ledger itself there.")
    try:
        return read(file.read_bytes())
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise RefactorError(f"{NAME} cannot be read ({error.strerror}): check its permissions.") from error


def at(root: Path, commit: str) -> Ledger:
    """The ledger of a commit; an empty one if there is none. Raises RefactorError that names the commit."""
    try:
        return read(git.content(root, commit, NAME))
    except RefactorError as error:
        raise RefactorError(f"In {commit}, {error}") from error


def committed(root: Path) -> Ledger:
    """The ledger of the commit that is checked out; an empty one without git or a commit, or if it cannot be trusted."""
    if git.repository(root) is None or git.head(root) is None:
        return Ledger()
    return _trusted(root, "HEAD")


@dataclass(frozen=True, eq=False)
class Past:
    """The ledgers of the commits of a branch, each read once; one that cannot be trusted tells nothing."""

    root: Path

    def at(self, commit: str) -> Ledger:
        """The ledger of a commit."""
        blob = self._blobs.get(commit, "")
        if blob and blob not in self._known:
            self._known[blob] = _trusted(self.root, commit)
        return self._known[blob] if blob else Ledger()

    @cached_property
    def _blobs(self) -> dict[str, str]:
        """What stands for the ledger of every commit that is no ancestor of the first with one."""
        touched = git.run(self.root, "rev-list", "--topo-order", "--full-history", "HEAD", "--", NAME).decode().split()
        if not touched:
            return {}
        later = git.run(self.root, "rev-list", "HEAD", "--not", f"{touched[-1]}^@").decode().split()
        return gitlog.blobs_at(self.root, later, NAME)

    @cached_property
    def _known(self) -> dict[str, Ledger]:
        return {}


def _trusted(root: Path, commit: str) -> Ledger:
    try:
        return at(root, commit)
    except RefactorError:
        return Ledger()


def of_renaming(root: Path, record: Record) -> Recording:
    """What is written when a renaming is applied."""
    known = committed(root)
    return Recording(NAME, lambda now, _: encode(after_renaming(read(now), record, known)) or None)


def of_undo(root: Path) -> Recording:
    """What is written when a renaming is undone."""
    known, base = committed(root), git.head(root) if git.repository(root) else None

    def text(now: bytes | None, before: bytes | None) -> bytes | None:
        found = encode(after_undo(read(now), read(before), known, base)) or None
        return before if found == (before or None) else found

    return Recording(NAME, text)
