"""Change what git has staged, and move the branch, so that a kill in between can be told and mended.

Decides nothing about what is staged. The lock that git itself leaves on its index when it is killed looks like one that
is in use. So the new index is made beside, in our store, under a lock that is a second name of a note of ours:

    index-note      in our store: the commit that the branch is to move to; behind it the one that it leaves, if the
                    files on disk go along, and are not there already
    index.lock      git's lock on the index, which is that very file
    index-draft     in our store: the index as it will be

The branch moves before the draft takes the place of the index. Whoever comes after a kill sees by the branch whether
to finish that or to drop it, and to put the files back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from refactor import checkout, git
from refactor.errors import RefactorError
from refactor.git import Repository
from refactor.journal import committed, store_of


@contextmanager
def drafted(repository: Repository, tip: str, leaving: str = "") -> Iterator[Path]:
    """Give a copy of the index to work on, which is the index when the work is done. The work moves the branch to
    `tip` as its last step; if it fails before that, index and branch are as they were, and so are the files if it
    takes them along from the commit that it is `leaving`."""
    store = store_of(repository)
    store.mkdir(exist_ok=True)
    note, lock, draft = store / "index-note", repository.folder / "index.lock", store / "index-draft"
    _write_note(note, f"{tip} {leaving}".strip())
    try:
        _take(lock, note)
        if (repository.folder / "index").exists():
            shutil.copy2(repository.folder / "index", draft)
        yield draft
    finally:
        resume(repository)


def follow(repository: Repository, old: str, new: str) -> None:
    """Let files, index and branch go from the commit that is checked out to one on top of it, or none of them.

    Raises RefactorError, too, where something would be overwritten that is not committed.
    """
    checkout.check(repository.top, repository.folder / "index", old, new)
    with drafted(repository, new, old) as index:
        checkout.go(repository.top, index, old, new)
        git.move_head(repository.top, new, old, f"refactor: go on to {new[:12]}")


def resume(repository: Repository) -> bool:
    """Finish what `drafted` has begun if the branch has moved, and drop it otherwise. May be killed and repeated.

    Tells whether files were put back.
    """
    store = store_of(repository)
    note, draft = store / "index-note", store / "index-draft"
    if not note.exists():
        return False
    tip, _, leaving = note.read_text(encoding="ascii").partition(" ")
    goes_along = leaving != "" and len(leaving) == len(tip)  # when the note was half written, nothing had begun
    moved = git.contains(repository.top, tip)
    if moved:
        if draft.exists() and _is_ours(repository) and git.head(repository.top) == tip:
            draft.replace(repository.folder / "index")
        committed(store)
    elif goes_along:
        checkout.put_back(repository.top, leaving, tip)
    _release(repository)
    return goes_along and not moved


def left_by_git(repository: Repository) -> tuple[Path, ...]:
    """List git's locks that lie about: if no git is at work, one that was killed has left them."""
    return tuple(sorted([*repository.folder.glob("*.lock"), *(repository.folder / "refs").rglob("*.lock")]))


def _write_note(note: Path, tip: str) -> None:
    try:
        with note.open("x", encoding="ascii") as file:
            file.write(tip)
    except FileExistsError:
        raise RefactorError(
            "Another renaming is being committed, or was interrupted at that; wait, or run `python -m refactor recover`."
        ) from None


def _take(lock: Path, note: Path) -> None:
    try:
        _name_too(lock, note)
    except FileExistsError:
        raise RefactorError(
            f"{lock} is there, so another git is at work; wait for it, or if there is none delete that file."
        ) from None


def _name_too(lock: Path, note: Path) -> None:
    try:
        lock.hardlink_to(note)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # this disk has no second names
        with lock.open("xb") as file:
            file.write(note.read_bytes())


def _is_ours(repository: Repository) -> bool:
    note, lock = store_of(repository) / "index-note", repository.folder / "index.lock"
    try:
        return note.samefile(lock) or lock.read_bytes() == note.read_bytes() != b""
    except FileNotFoundError:
        return False


def _release(repository: Repository) -> None:
    """Remove the lock if it is ours, then the draft, and the note last: it is what tells that there is something."""
    store = store_of(repository)
    if _is_ours(repository):
        (repository.folder / "index.lock").unlink()
    for name in ("index-draft.lock", "index-draft", "index-note"):
        (store / name).unlink(missing_ok=True)
