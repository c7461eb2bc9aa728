"""Let the files on disk go from one commit to another, and put them back where that was cut short.

Git does both. What somebody has written is never overwritten, and neither the person's index nor a branch is touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from refactor import git
from refactor.errors import RefactorError
from refactor.paths import parents


def check(top: Path, index: Path, old: str, new: str) -> None:
    """Raise a RefactorError if something stands in the way that is in neither commit. Changes nothing."""
    with TemporaryDirectory() as scratch:
        copy = Path(scratch, "index")
        shutil.copy2(index, copy)
        git.refresh(top, copy)
        try:
            git.run(top, "read-tree", "-m", "-u", "--dry-run", old, new, index=copy)
        except RefactorError as error:
            raise RefactorError(f"{str(error).rstrip('.')}; commit it or move it away, then run this again.") from error


def go(top: Path, index: Path, old: str, new: str) -> None:
    """Make files and index what a commit has, from what another has. May raise OSError."""
    git.refresh(top, index)
    git.run(top, "read-tree", "-m", "-u", old, new, index=index)
    _clear(top, old, new)


def put_back(top: Path, old: str, new: str) -> None:
    """Make the files what they were before `go`, however far that came. May be killed and repeated.

    Raises RefactorError, with nothing changed, if somebody has written one of them since.
    """
    if strange := _strange(top, old, new):
        raise RefactorError(
            f"{strange[0]} was written after the branch had been interrupted on its way to {new[:12]}; "
            "move that file away, then run `python -m refactor recover` again."
        )
    with TemporaryDirectory() as scratch:
        index = Path(scratch, "index")
        git.read_tree(top, new, index)
        git.run(top, "read-tree", "--reset", "-u", old, index=index)
    _clear(top, new, old)


def _clear(top: Path, old: str, new: str) -> None:
    """Remove what a commit had and the next has not, and the folders that are empty then: git goes on if it cannot."""
    gone, there = _changed(top, old, new, "D"), {path.casefold() for path in _changed(top, old, new, "A")}
    for path in (one for one in gone if one.casefold() not in there):  # to some disks both are one name
        is_led_away = any((top / folder).is_symlink() for folder in parents(path))
        if not is_led_away and ((top / path).is_symlink() or (top / path).is_file()):
            (top / path).unlink()
    for folder in sorted({folder for path in gone for folder in parents(path)}, reverse=True):
        with suppress(FileNotFoundError, NotADirectoryError):
            if not any((top / folder).iterdir()):
                (top / folder).rmdir()


def _changed(top: Path, old: str, new: str, kinds: str = "ADMT") -> list[str]:
    """The paths that a commit adds to another, deletes or modifies, by git's letters for that."""
    options = ("--name-only", "--no-renames", f"--diff-filter={kinds}", "-z")
    return git.records(git.run(top, "diff", *options, old, new))


def _strange(top: Path, old: str, new: str) -> list[str]:
    """The files on the way that hold what neither commit has, nor the beginning of it."""
    known = _as_in(top, old) | _as_in(top, new)
    unknown = [path for path in _changed(top, old, new) if path not in known and (top / path).is_file()]
    return [path for path in unknown if not _begins(top, path, (old, new))]


def _as_in(top: Path, commit: str) -> set[str]:
    with TemporaryDirectory() as scratch:
        index = Path(scratch, "index")
        git.read_tree(top, commit, index)
        git.refresh(top, index)
        differing = git.records(git.run(top, "diff-files", "--name-only", "-z", index=index))
        return git.blobs(top, index).keys() - set(differing)


def _begins(top: Path, path: str, commits: Iterable[str]) -> bool:
    """Tell whether a file holds as much as git had written of it."""
    data = (top / path).read_bytes()
    return any((git.content(top, commit, path) or b"").startswith(data) for commit in commits)
