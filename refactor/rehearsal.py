"""A second work tree of the repository, in which a plan is tried before anything of the person's tree is touched.

It lies in the cache folder, shares objects and settings with the repository, and is gone afterwards; what a kill leaves
of it is removed the next time. Decides nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from refactor import cache, git
from refactor.errors import RefactorError
from refactor.journal import locked

_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}", "-c", "advice.detachedHead=false")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A scratch work tree: `root` stands for the person's root, `before` is where a copy of another commit may lie."""

    root: Path
    top: Path
    before: Path

    @property
    def head(self) -> str:
        """The commit that is checked out."""
        return git.line(git.run(self.top, "rev-parse", "HEAD"))

    def go_to(self, commit: str) -> None:
        """Check a commit out, and nothing else than it."""
        git.run(self.top, *_NO_HOOKS, "checkout", "--quiet", "--force", "--detach", commit)
        self.clean()

    def clean(self) -> None:
        """Put the tree back to its commit, with nothing beside it."""
        git.run(self.top, *_NO_HOOKS, "reset", "--quiet", "--hard")
        git.run(self.top, "clean", "-ffdxq")

    def open_before(self, commit: str) -> Path:
        """A third work tree, at a commit before; the same one each time."""
        if not self.before.exists():
            _add(self.top, self.before, commit)
        return self.before / self.root.relative_to(self.top)


@contextmanager
def rehearsal(root: Path, commit: str) -> Iterator[Rehearsal]:
    """Open a scratch work tree at a commit, for as long as the block runs; only one at a time for one repository."""
    repository = git.repository(root)
    if repository is None:
        raise RefactorError(
            f"{root} is not in a git repository; a plan is applied commit by commit, so run `git init`."
        )
    store = _store(repository.top)
    store.mkdir(parents=True, exist_ok=True)
    with locked(store, takeover=True):
        _remove(root, store)
        top = store / "tree"
        try:
            _add(root, top, commit)
            yield Rehearsal(top / repository.prefix.rstrip("/"), top, store / "before")
        finally:
            _remove(root, store)


def _store(top: Path) -> Path:
    """The folder for one repository: the same each time, so that what history told is still known."""
    home = cache.folder_of(None) or Path(tempfile.gettempdir())
    return home / f"rehearsal-{cache.digest(str(top.resolve()))[:16]}"


def _add(root: Path, top: Path, commit: str) -> None:
    # Twice, for git locks a work tree while it makes it, and a kill then leaves it locked.
    force = ("--force", "--force")
    git.run(root, *_NO_HOOKS, "worktree", "add", "--quiet", *force, "--detach", str(top), commit)


def _remove(root: Path, store: Path) -> None:
    for name in ("tree", "before"):
        if (store / name).exists():
            git.attempt(root, ("worktree", "remove", "--force", "--force", str(store / name)))
            with suppress(FileNotFoundError):
                shutil.rmtree(store / name)
    git.run(root, "worktree", "prune")
