"""Make the git repository of the demo course, with every commit of its history.

The same bytes, names and dates go in every time, so the commits have the same ids everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from refactor import git
from refactor.demo.course import make_folder, pages
from refactor.demo.editions import Commit, commits

_BRANCH = "main"
# What the repository says for itself: line ends stay as they are, and whoever tries the demo can commit.
_SETTINGS = {
    "core.autocrlf": "false",
    "core.safecrlf": "false",
    "commit.gpgsign": "false",
    "user.name": "Cairn",
    "user.email": "cairn@cairn.example",
}


def make_history(into: Path) -> None:
    """Make a repository in `into` whose work tree is the finished course, with its history behind it.

    Raises RefactorError if `into` is not an empty or new folder, or git cannot be run.
    """
    make_folder(into)
    git.run(into, "init", "--quiet", "--template=", "--object-format=sha1", f"--initial-branch={_BRANCH}")
    for name, value in _SETTINGS.items():
        git.run(into, "config", name, value)
    git.run(into, "fast-import", "--quiet", stdin=b"".join(_stream()))
    git.run(into, "reset", "--quiet", "--hard", _BRANCH)


def _stream() -> Iterator[bytes]:
    """The history in the format of `git fast-import`: every commit lists its whole tree."""
    for commit in commits():
        yield f"commit refs/heads/{_BRANCH}\n".encode()
        for role in ("author", "committer"):
            yield f"{role} {commit.author} {_time(commit)}\n".encode()
        yield _data(f"{commit.message}\n".encode())
        yield b"deleteall\n"
        for page in pages(commit.step):
            mode = "100755" if page.executable else "100644"
            yield f"M {mode} inline {page.path}\n".encode() + _data(page.data)
    yield b"done\n"


def _time(commit: Commit) -> str:
    return f"{int(datetime.fromisoformat(commit.date).timestamp())} +0000"


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
