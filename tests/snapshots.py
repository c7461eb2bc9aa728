"""What a tree is, to the byte: files, folders and links with their modes, git's index and the commit checked out.

Reads only, and knows nothing of `refactor` but the name of its store.
"""

from __future__ import annotations

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

Snapshot = dict[str, tuple[str, int, bytes]]


@dataclass(frozen=True, slots=True)
class State:
    """A tree, what git has staged, and the commit that is checked out."""

    tree: Snapshot
    index: str
    head: str


def snapshot(root: Path) -> Snapshot:
    """Take everything below the root but git's and our own folder: kind, mode, content or link target."""
    found: Snapshot = {}
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name not in {".git", ".refactor"}]
        for name in (*names, *files):
            path = Path(folder, name)
            about = path.lstat()
            if stat.S_ISLNK(about.st_mode):
                found[path.relative_to(root).as_posix()] = ("link", 0, os.fsencode(path.readlink()))
            elif stat.S_ISDIR(about.st_mode):
                found[path.relative_to(root).as_posix()] = ("folder", stat.S_IMODE(about.st_mode), b"")
            else:
                found[path.relative_to(root).as_posix()] = ("file", stat.S_IMODE(about.st_mode), path.read_bytes())
    return found


def state(root: Path) -> State:
    """Take a tree in git, all of it. The index counts by what is staged: times and sizes in it change by themselves."""
    return State(snapshot(root), _git(root, "ls-files", "--stage", "-t"), _git(root, "rev-parse", "HEAD"))


def _git(root: Path, *arguments: str) -> str:
    command = ("git", "--no-optional-locks", *arguments)
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
