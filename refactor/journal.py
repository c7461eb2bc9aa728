"""A transaction as kept on disk: what it is going to do, how it is done step by step, and how it is taken back.

Never asks whether a plan is sensible; `transaction` has done that.

How a kill at any instant is survived. The store (`.git/refactor/`, or `.refactor/` outside git) holds

    lock            who is at work
    pending/        the transaction under way: all of it is written down before the tree is touched
        journal     the moves, and every edited file as it was and as it will be
        parked      a mark: everything that moves has left its old place
        placed      a mark: everything that moves is at its new place
        drafted     a mark: every new content lies beside its file, whose content is still the old one
    parking/N       the Nth moved thing, on its way
    done/000001/    transactions that are complete, for undo
        uncommitted a mark: the tree is the new one, and waits to be committed

A pending transaction is always taken back, never finished: the one step that completes it renames `pending` to
`done/...`, and a rename happens or does not. Taking back needs no memory, for the disk tells what was done:

    no mark         the Nth thing has left if parking/N exists; then it goes back to its old place
    parked          the Nth thing has arrived if parking/N does not exist; then it goes back to the parking
    placed          everything has arrived; drafts may lie about, and are removed
    drafted         contents may differ, and are written back

A transaction that is to be committed is not over before it is: while that mark stands, it is undone. `staging` removes
the mark once the branch has moved.

Folders and files that are new or go are steps among these: made or removed again according to what is there.

Each stage of taking back ends by removing its mark, so that it may itself be killed and begun again.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from refactor.errors import RefactorError
from refactor.git import Repository
from refactor.model import Move

VERSION = 1
_UNCOMMITTED = "done/*/uncommitted"
REMEMBERED = 20  # completed transactions that undo can go back through
UNFINISHED = "A renaming was interrupted; run `python -m refactor recover` first."
AGAIN = "then run `python -m refactor recover` again"


@dataclass(frozen=True, slots=True)
class Write:
    """A file's content before and after, None where there is no file; its path before and after."""

    old: str
    new: str
    mode: int
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that comes or goes; without a `mode` it is made as any new folder is."""

    path: str
    mode: int | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """One transaction. `root` is relative to the folder that the store belongs to. `made` are folders of the tree
    afterwards, `emptied` folders of the tree before. `undoes` is the id of the transaction that this one inverts;
    `head` is the commit that was checked out."""

    moves: tuple[Move, ...]
    writes: tuple[Write, ...]
    made: tuple[Folder, ...]
    emptied: tuple[Folder, ...]
    id: str = ""
    label: str = ""
    root: str = ""
    undoes: str = ""
    head: str = ""


def store_of(repository: Repository) -> Path:
    """Tell where the store of a repository lies; it need not be there."""
    return repository.folder / "refactor"


@contextmanager
def locked(store: Path, *, takeover: bool = False) -> Iterator[None]:
    """Hold the store for one piece of work. Only with `takeover` (it is for recover) may a dead process have held it,
    and may a transaction be pending; else a RefactorError says what to do."""
    store.mkdir(exist_ok=True)
    lock = store / "lock"
    descriptor = _seize(lock) if takeover and lock.exists() else _create_lock(lock)
    try:
        if not takeover:
            _refuse_pending(store)
        _discard(store / "fresh")  # left by a kill before `begin` was through: nothing had been touched
        _discard(store / "scrap")
        yield
    finally:
        with suppress(OSError):  # what was done is done; recover removes a lock that stays
            lock.unlink()
        os.close(descriptor)


def refuse_held(store: Path) -> None:
    """Raise a RefactorError if somebody is at work in the store, or has died at it."""
    try:
        descriptor = os.open(store / "lock", os.O_RDONLY)
    except FileNotFoundError:
        _refuse_pending(store)
        return
    try:
        alive = not _grab(descriptor)
        process = os.read(descriptor, 20).decode("ascii", "replace") or "unknown"
    finally:
        os.close(descriptor)
    if alive:
        lock = store / "lock"
        raise RefactorError(
            f"Another renaming is under way; wait for process {process}, or if it is gone delete {lock}."
        )
    raise RefactorError(UNFINISHED)


def begin(store: Path, journal: Journal, *, uncommitted: bool = False) -> None:
    """Write the whole transaction down, in a store that is locked. Once `pending` exists, the tree may be touched.

    What is `uncommitted` is to be committed when it is complete, and over only then.
    """
    fresh = store / "fresh"
    fresh.mkdir()
    create(fresh / "journal", _dump(journal), 0o600)
    if uncommitted:
        create(fresh / "uncommitted", b"", 0o600)
    settle({fresh})
    fresh.rename(store / "pending")
    settle({store})


def complete(store: Path, journal: Journal) -> None:
    """Take the last step: from here on the tree is the new one, and the journal serves undo."""
    done = store / "done"
    done.mkdir(exist_ok=True)
    (store / "pending").rename(done / journal.id)
    with suppress(OSError):  # what is left is housekeeping
        settle({done, store})
        for name in _completed(store)[:-REMEMBERED]:
            drop(store, done / name)


def pending(store: Path) -> Journal | None:
    """Give the transaction that was begun and not completed."""
    return _load(store / "pending") if (store / "pending").exists() else None


def waiting(store: Path) -> Journal | None:
    """Give the transaction that is complete and was not committed, as it was to be."""
    journal = last(store) if any(store.glob(_UNCOMMITTED)) else None
    return journal if journal and (store / "done" / journal.id / "uncommitted").exists() else None


def committed(store: Path) -> None:
    """Note that nothing waits to be committed any more."""
    for mark in store.glob(_UNCOMMITTED):
        mark.unlink()


def last(store: Path) -> Journal | None:
    """Give the latest transaction that is complete and not undone."""
    undone = set()
    for name in reversed(_completed(store)):
        journal = _load(store / "done" / name)
        if journal.undoes:
            undone.add(journal.undoes)
        elif journal.id not in undone:
            return journal
    return None


def completed_at(store: Path, journal: Journal) -> int:
    """Tell when a transaction was complete, in nanoseconds of the file system's clock."""
    return (store / "done" / journal.id).stat().st_mtime_ns


def next_id(store: Path) -> str:
    """Give the id for a new transaction; ids sort in the order of time."""
    return f"{int(max(_completed(store), default='0')) + 1:06}"


def create(path: Path, data: bytes, mode: int, like: Path | None = None) -> None:
    """Write a new file so that it is on the disk when this returns, owned and labelled as the file `like` is."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if like is not None:
        with suppress(FileNotFoundError, PermissionError):
            shutil.chown(path, like.lstat().st_uid, like.lstat().st_gid)
        _label(path, like)
    path.chmod(mode)


def _label(path: Path, like: Path) -> None:
    """Copy the attributes that a person or the system has put on a file, access lists among them, where there are any."""
    if sys.platform != "linux":
        return
    with suppress(OSError):  # not every disk has them, and not everybody may set them
        for name in os.listxattr(like):
            os.setxattr(path, name, os.getxattr(like, name))


def settle(folders: set[Path]) -> None:
    """Wait until the names in folders are on the disk. Without this a power cut may undo renames out of order."""
    if os.name == "nt":  # no folder can be opened there
        return
    for folder in folders:
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue  # it has moved on itself, or lets us in without letting us look
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # not every file system can
                raise
        finally:
            os.close(descriptor)


def drop(store: Path, folder: Path) -> None:
    """Remove a transaction from the store in one step: half of one would be misread."""
    _discard(store / "scrap")
    folder.rename(store / "scrap")
    _discard(store / "scrap")


def _refuse_pending(store: Path) -> None:
    if (store / "pending").exists() or (store / "index-note").exists() or waiting(store):
        raise RefactorError(UNFINISHED)


def _create_lock(lock: Path) -> int:
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise _taken(lock) from None
    _grab(descriptor, wait=True)  # somebody may be looking whether we live; where there are no locks, we have the file
    return _sign(lock, descriptor)


def _seize(lock: Path) -> int:
    descriptor = os.open(lock, os.O_RDWR)
    if _grab(descriptor):
        return _sign(lock, descriptor)
    os.close(descriptor)
    raise _taken(lock)


def _sign(lock: Path, descriptor: int) -> int:
    # While we waited, another may have taken the lock over, ended, and removed this very file.
    if not lock.exists() or not os.path.samestat(os.fstat(descriptor), lock.stat()):
        os.close(descriptor)
        raise _taken(lock)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode("ascii"))
    return descriptor


def _taken(lock: Path) -> RefactorError:
    refuse_held(lock.parent)
    return RefactorError("Another renaming has ended just now; run this again.")


def _grab(descriptor: int, *, wait: bool = False) -> bool:
    """Take the operating system's lock on the lock file: it ends with the process, however that dies."""
    try:
        import fcntl
    except ImportError:  # not on this system: nobody's death can be told
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held, or the file system has no locks
        return False
    return True


def _completed(store: Path) -> list[str]:
    return sorted(path.name for path in (store / "done").glob("*"))


def _discard(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _dump(journal: Journal) -> bytes:
    """Write one line of JSON, then all contents one after another; the line has their lengths."""
    about = {
        "version": VERSION,
        "id": journal.id,
        "label": journal.label,
        "root": journal.root,
        "undoes": journal.undoes,
        "head": journal.head,
        "moves": [[move.old, move.new] for move in journal.moves],
        "writes": [[w.old, w.new, w.mode, _length(w.before), _length(w.after)] for w in journal.writes],
        "made": [[folder.path, folder.mode] for folder in journal.made],
        "emptied": [[folder.path, folder.mode] for folder in journal.emptied],
    }
    contents = (data for write in journal.writes for data in (write.before, write.after) if data is not None)
    return b"".join((json.dumps(about).encode("ascii"), b"\n", *contents))


def _load(folder: Path) -> Journal:
    with (folder / "journal").open("rb") as file:
        about = json.loads(file.readline())
        if about["version"] != VERSION:
            raise RefactorError(f"{file.name} was written by another version of this program; use that one.")
        writes = [
            Write(old, new, mode, _take(file, before), _take(file, after))
            for old, new, mode, before, after in about["writes"]
        ]
    return Journal(
        id=about["id"],
        label=about["label"],
        root=about["root"],
        undoes=about["undoes"],
        head=about.get("head", ""),
        moves=tuple(Move(*pair) for pair in about["moves"]),
        writes=tuple(writes),
        made=tuple(Folder(*pair) for pair in about["made"]),
        emptied=tuple(Folder(*pair) for pair in about["emptied"]),
    )


def _length(data: bytes | None) -> int | None:
    return None if data is None else len(data)


def _take(file: BinaryIO, length: int | None) -> bytes | None:
    return None if length is None else file.read(length)
