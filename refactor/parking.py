"""Carry a transaction out in the tree: park everything that moves, place it, write contents; or take it all back.

Never asks whether the plan is sensible (`survey` has done that) and remembers nothing between calls: the marks in the
store and the tree itself say how far a transaction has got. `journal` tells why a kill at any instant is survived.
"""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

from refactor.errors import RefactorError
from refactor.journal import AGAIN, Folder, Journal, Write, create, drop, settle

# What leaves its place or arrives at one: a moved thing (its number), a folder, a file that is deleted or new.
Item = int | Folder | Write
Step = tuple[str, Item]


def refuse_orphans(store: Path, root: Path) -> None:
    """Refuse to begin while the parking holds things whose journal is lost: nothing tells where they belong."""
    parking = _parking(store, root)
    if parking.exists() and any(parking.iterdir()):
        raise RefactorError(
            f"{parking} holds parts of the tree, but their journal is gone; put them back by hand first."
        )


def perform(store: Path, root: Path, journal: Journal) -> None:
    """Take every step but the last; raise OSError or RefactorError where one cannot be taken."""
    parking, departures, arrivals = _parking(store, root), _departures(journal), _arrivals(journal)
    parking.mkdir(exist_ok=True)
    for path, item in reversed(departures):
        _leave(root / path, item, parking)
    _mark(store / "pending" / "parked", root, parking, departures)
    for path, item in arrivals:
        _arrive(root / path, item, parking)
    _mark(store / "pending" / "placed", root, parking, arrivals)
    for write in _changes(journal):
        _sketch(root / write.new, write.after, write.mode)
    for write in _changes(journal):
        _expect(root / write.new, write.before)
    _mark(store / "pending" / "drafted", root, parking, [])
    for write in _changes(journal):
        _swap(root / write.new, write.before, write.after)
    settle({(root / write.new).parent for write in _changes(journal)})
    parking.rmdir()


def take_back(store: Path, root: Path, journal: Journal) -> None:
    """Restore the tree as it was before the pending transaction, however far that has got. Safe to repeat.

    Raises RefactorError, and may be repeated, where somebody else's work is in the way.
    """
    pending, parking = store / "pending", _parking(store, root)
    departures, arrivals, changes = _departures(journal), _arrivals(journal), _changes(journal)
    try:
        parking.mkdir(exist_ok=True)
        if (pending / "drafted").exists():
            for write in changes:
                _restore(root / write.new, write.after, write.before, write.mode)
            _unmark(pending / "drafted", root, parking, [(write.new, write) for write in changes])
        if (pending / "placed").exists():
            for write in changes:
                _draft(root / write.new).unlink(missing_ok=True)
            _unmark(pending / "placed", root, parking, [])
        if (pending / "parked").exists():
            for path, item in reversed(arrivals):
                _take_off(root / path, item, parking)
            _unmark(pending / "parked", root, parking, arrivals)
        for path, item in departures:
            _bring_back(root / path, item, parking)
        settle({parking, *_folders(root, departures)})
        parking.rmdir()
        drop(store, pending)
    except OSError as error:
        raise RefactorError(f"The tree cannot be restored yet ({told(error)}); put that right, {AGAIN}.") from error


def stands(path: Path) -> bool:
    """Tell whether anything is at a path, be it a link that leads nowhere."""
    return os.path.lexists(path)


def content(path: Path) -> bytes | None:
    """Read a file, or give None where nothing is; a link or a folder in its stead is refused."""
    if not stands(path):
        return None
    if path.is_symlink() or not path.is_file():
        raise RefactorError(
            f"{path} is no file of its own (but a link or a folder); put that right, then run this again."
        )
    return path.read_bytes()


def told(error: OSError) -> str:
    """Say what the system refused, and where."""
    place = error.filename2 if error.filename2 is not None else error.filename
    return f"{place}: {error.strerror}" if place is not None else str(error.strerror)


def _departures(journal: Journal) -> list[Step]:
    """List what leaves its place, the shallowest first: the order of coming back. Leaving goes the other way round."""
    moved: list[Step] = [(move.old, number) for number, move in enumerate(journal.moves)]
    emptied: list[Step] = [(folder.path, folder) for folder in journal.emptied]
    deleted: list[Step] = [(write.old, write) for write in journal.writes if write.after is None]
    return sorted([*moved, *emptied, *deleted], key=_depth)


def _arrivals(journal: Journal) -> list[Step]:
    """List what arrives, the shallowest first: a folder is there before what goes into it."""
    moved: list[Step] = [(move.new, number) for number, move in enumerate(journal.moves)]
    made: list[Step] = [(folder.path, folder) for folder in journal.made]
    created: list[Step] = [(write.new, write) for write in journal.writes if write.before is None]
    return sorted([*moved, *made, *created], key=_depth)


def _changes(journal: Journal) -> list[Write]:
    return [write for write in journal.writes if write.before is not None and write.after is not None]


def _depth(step: Step) -> int:
    return step[0].count("/")


def _leave(path: Path, item: Item, parking: Path) -> None:
    match item:
        case Folder():
            _remove_empty(path)
        case Write():
            _replace(path, item.before, None, item.mode)
        case number:
            _rename(path, parking / str(number))


def _arrive(path: Path, item: Item, parking: Path) -> None:
    match item:
        case Folder():
            _make(path, item)
        case Write():
            _replace(path, None, item.after, item.mode)
        case number:
            _rename(parking / str(number), path)


def _take_off(path: Path, item: Item, parking: Path) -> None:
    """Invert `_arrive`, whether or not it has happened. Nothing else can be at a new place: all the rest is parked."""
    match item:
        case Folder():
            _remove_empty(path)
        case Write():
            _restore(path, item.after, None, item.mode)
        case number if not stands(parking / str(number)):
            _rename(path, parking / str(number))


def _bring_back(path: Path, item: Item, parking: Path) -> None:
    """Invert `_leave`, whether or not it has happened."""
    match item:
        case Folder():
            _make(path, item)
        case Write():
            _restore(path, None, item.before, item.mode)
        case number if stands(parking / str(number)):
            _rename(parking / str(number), path)


def _replace(path: Path, before: bytes | None, after: bytes | None, mode: int) -> None:
    _sketch(path, after, mode)
    _swap(path, before, after)


def _sketch(path: Path, after: bytes | None, mode: int) -> None:
    if after is not None:
        create(_draft(path), after, mode, like=path)


def _swap(path: Path, before: bytes | None, after: bytes | None) -> None:
    """Let the draft take the place of a content in one step; None stands for no file."""
    _expect(path, before)
    if after is not None:
        _draft(path).replace(path)
    elif before is not None:
        path.unlink()


def _expect(path: Path, before: bytes | None) -> None:
    if content(path) != before:
        raise RefactorError(f"{path} was changed by another program just now; run this again when that is done.")


def _restore(path: Path, ours: bytes | None, before: bytes | None, mode: int) -> None:
    """Write a content back as it was. What is neither that nor ours is somebody's work, and refused."""
    _draft(path).unlink(missing_ok=True)
    found = content(path)
    if found == before:
        return
    if found not in {ours, None}:
        raise RefactorError(f"{path} was changed while a renaming was under way; move it elsewhere, {AGAIN}.")
    _replace(path, found, before, mode)


def _draft(path: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]  # the name itself may fill the file system's limit
    return path.parent / f".refactor-{digest}.tmp"


def _rename(source: Path, target: Path) -> None:
    if stands(target):  # a rename would replace a file or an empty folder without a word
        raise RefactorError(f"{target} is in the way; move it elsewhere, then run this again.")
    source.rename(target)


def _make(path: Path, folder: Folder) -> None:
    path.mkdir(exist_ok=True)
    if folder.mode is not None:
        path.chmod(folder.mode)


def _remove_empty(path: Path) -> None:
    try:
        path.rmdir()
    except OSError as error:
        if error.errno not in {errno.ENOENT, errno.ENOTDIR, errno.ENOTEMPTY, errno.EEXIST}:
            raise


def _parking(store: Path, root: Path) -> Path:
    """Name a folder from which a rename reaches the tree: the store, unless it is on another disk."""
    same = store.stat().st_dev == root.stat().st_dev
    return store / "parking" if same else root / ".refactor-parking"


def _mark(mark: Path, root: Path, parking: Path, steps: list[Step]) -> None:
    """Set a mark once the steps that it stands for are on the disk."""
    settle({parking, *_folders(root, steps)})
    mark.touch()
    settle({mark.parent})


def _unmark(mark: Path, root: Path, parking: Path, steps: list[Step]) -> None:
    settle({parking, *_folders(root, steps)})
    mark.unlink()
    settle({mark.parent})


def _folders(root: Path, steps: list[Step]) -> set[Path]:
    return {(root / path).parent for path, _ in steps}
