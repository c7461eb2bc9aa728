"""A commit checked out somewhere else: a clone that borrows the repository's objects and is thrown away.

The person's work tree, index and branches are not touched. Decides nothing about what is done there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from refactor import git
from refactor.errors import RefactorError

# What a person has set for one repository and a commit or a checkout depends on.
_SETTINGS = ("user.", "commit.gpgsign", "gpg.", "core.autocrlf", "core.eol")


@contextmanager
def at(root: Path, commit: str) -> Iterator[Path]:
    """Give the folder that the root is in a checkout of a commit. No hook runs there."""
    found = git.repository(root)
    if found is None:
        raise RefactorError(f"{root} is not in a git repository; run `git init` first.")
    with TemporaryDirectory(prefix="renumber-") as scratch:
        top = Path(scratch, "tree")
        options = ("--quiet", "--shared", "--no-checkout", "--no-tags", "--config", "core.hooksPath=/dev/null")
        git.run(root, "clone", *options, "--", str(found.top), str(top))
        _settle(root, top)
        git.run(top, "checkout", "--quiet", "--detach", commit)
        yield top / found.prefix


def _settle(root: Path, top: Path) -> None:
    listed = git.run(root, "config", "--local", "--list", "-z")
    for one in git.records(listed):
        key, _, value = one.partition("\n")
        if key.startswith(_SETTINGS):
            git.run(top, "config", "--add", key, value)


def bring(root: Path, folder: Path) -> str:
    """Let the repository of the root have what is checked out in such a folder, and give the commit. No branch moves."""
    git.run(root, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", str(folder), "HEAD")
    return git.head(folder) or ""
