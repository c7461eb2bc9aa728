"""Look at the tree with a plan in hand: refuse what cannot be done wholly, or give the journal of what will be done.

Writes nothing. Every refusal is a RefactorError that names the thing and the next step.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from refactor import git
from refactor.errors import RefactorError
from refactor.journal import Folder, Journal, Write
from refactor.model import Edit, Move, Plan
from refactor.parking import content, stands
from refactor.paths import final, parents
from refactor.spans import decode, encode, line_column, line_starts, splice

_OWN = {".git", ".refactor", ".refactor-parking"}  # a plan that writes here could break git, or us
_POINTER = b"version https://git-lfs"
_POINTER_SIZE = 1024  # a larger file is about LFS, not in it
_NEW_FILE = 0o644


@dataclass(frozen=True)
class Tree:
    """A root and what moves in it: which place of the tree before is which of the tree afterwards."""

    root: Path
    moves: tuple[Move, ...]

    @cached_property
    def there(self) -> dict[str, str]:
        """Old place to new place."""
        return {move.old: move.new for move in self.moves}

    @cached_property
    def back(self) -> dict[str, str]:
        """New place to old place."""
        return {move.new: move.old for move in self.moves}

    def final(self, path: str) -> str:
        """Tell where a path of the tree before lies afterwards."""
        return final(path, self.there)

    def origin(self, path: str) -> Path | None:
        """Find what lies at a path afterwards where it lies now; None if nothing does."""
        old = final(path, self.back)
        return self.root / old if self.final(old) == path and stands(self.root / old) else None


def survey(
    root: Path, repository: git.Repository | None, plan: Plan, *, allow_dirty: bool, previous: Journal | None = None
) -> Journal:
    """Check a plan against the tree and give its journal, still without id and label. What the `previous` transaction
    left uncommitted, and nobody touched since, is no dirt: it can be taken back.

    Raises ValueError if edits overlap: a plan must not contain such a thing.
    """
    tree = Tree(root, plan.moves)
    edits = _by_path(plan.edits)
    for path in (*edits, *tree.there, *tree.back, *plan.gone):
        _refuse_outside(path)
    if repository is not None:
        _refuse_in_git(tree, repository, (*edits, *plan.gone), allow_dirty=allow_dirty, previous=previous)
    _refuse_sources(tree)
    written = tuple(write for path, group in edits.items() if (write := _write(tree, path, group)))
    writes = (*written, *(_deletion(root, path) for path in plan.gone))
    arrivals = (*tree.back, *(write.new for write in writes if write.before is None))
    emptied = _emptied(tree, arrivals, plan.gone)
    _refuse_targets(tree, arrivals, emptied)
    return Journal(plan.moves, writes, _made(tree, arrivals), emptied)


def invert(root: Path, journal: Journal) -> Journal:
    """Give the journal that takes a completed transaction back, or refuse if the tree has changed since."""
    tree = Tree(root, tuple(Move(move.new, move.old) for move in journal.moves))
    _refuse_sources(tree)
    writes = tuple(_unwrite(tree, write) for write in journal.writes)
    came = (folder.path for folder in journal.made if (root / folder.path).is_dir())
    emptied = tuple(Folder(path, _mode(root / path)) for path in came)
    _refuse_targets(tree, tuple(tree.back), emptied)
    made = tuple(folder for folder in journal.emptied if tree.origin(folder.path) is None)
    return Journal(tree.moves, writes, made, emptied, undoes=journal.id)


def _by_path(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    groups: dict[str, list[Edit]] = defaultdict(list)
    for edit in sorted(edits):
        groups[edit.path].append(edit)
    return groups


def _refuse_sources(tree: Tree) -> None:
    for move, other in pairwise(sorted(tree.moves)):
        if move.old == other.old:
            raise RefactorError(f"{move.old} would move to {move.new} and to {other.new}; name one of them.")
    for move, other in pairwise(sorted(tree.moves, key=lambda move: move.new)):
        if move.new == other.new:
            raise RefactorError(
                f"{move.old} and {other.old} would both move to {move.new}; name another place for one."
            )
    for move in tree.moves:
        if not stands(tree.root / move.old):
            raise RefactorError(f"{move.old} is to be moved, but is not there; plan again.")
        _refuse_detour(tree.root, move.old)
        _refuse_fixed(tree.root, move.old)


def _refuse_targets(tree: Tree, arrivals: Iterable[str], emptied: Iterable[Folder]) -> None:
    leaving = tree.there.keys() | {folder.path for folder in emptied}
    for new in arrivals:
        _refuse_target(tree, new, leaving)


def _refuse_outside(path: str) -> None:
    parts = path.split("/")
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):  # "/a" and "a/" have an empty part
        raise RefactorError(f"{path!r} is no path inside the root; name one that is, without `.` and `..`.")
    if own := next((part for part in parts if part.casefold() in _OWN), None):
        raise RefactorError(f"{path} lies in {own}, which no renaming touches; leave it out of the plan.")


def _refuse_detour(root: Path, path: str) -> None:
    """Refuse a path that leads through a link: it may end anywhere."""
    for folder in parents(path):
        if (root / folder).is_symlink():
            raise RefactorError(f"{path} leads through the link {folder}; name the place itself.")


def _refuse_fixed(root: Path, old: str) -> None:
    """Refuse what the system will not let us move. A folder must be writable itself: its `..` changes."""
    path = root / old
    for folder in (path.parent, path):
        if folder.is_dir() and not folder.is_symlink() and not os.access(folder, os.W_OK | os.X_OK):
            raise RefactorError(f"{folder} cannot be written to; change its permissions, then run this again.")
    if path.lstat().st_dev != root.stat().st_dev:
        raise RefactorError(f"{old} lies on another disk than the root; move it by hand.")


def _refuse_target(tree: Tree, new: str, leaving: Collection[str]) -> None:
    for folder in parents(new):
        place = tree.origin(folder)
        if place is not None and (place.is_symlink() or not place.is_dir()):
            raise RefactorError(f"{new} would lie below {folder}, which is no folder; name another place.")
    above = next((place for folder in parents(new) if (place := tree.origin(folder))), tree.root)
    if not os.access(above, os.W_OK | os.X_OK) or above.stat().st_dev != tree.root.stat().st_dev:
        raise RefactorError(f"{above} cannot be written to, or is on another disk; {new} cannot be made there.")
    folder, _, name = new.rpartition("/")
    home = tree.origin(folder) if folder else tree.root
    found = _entry(home, name) if home else None
    if home and found and (home / found).relative_to(tree.root).as_posix() not in leaving:
        raise RefactorError(
            f"{new} is there already; move it away, or name another place for {tree.back.get(new, 'it')}."
        )


def _entry(folder: Path, name: str) -> str | None:
    """Find how the thing that answers to a name is really written: some disks take `a` for `A`."""
    path = folder / name
    if not stands(path):
        return None
    entries = list(folder.iterdir())
    if path in entries:
        return name
    return next((entry.name for entry in entries if os.path.samestat(path.lstat(), entry.lstat())), name)


def _write(tree: Tree, path: str, edits: Sequence[Edit]) -> Write | None:
    """Give what the edits make of one file; None if they change nothing."""
    _refuse_detour(tree.root, path)
    new = tree.final(path)
    if not stands(tree.root / path) and all(edit.old == "" and edit.span.end == 0 for edit in edits):
        return Write(path, new, _NEW_FILE, None, encode("".join(edit.new for edit in edits)))
    before = _read(tree.root, path)
    after = _edited(path, before, edits)
    return None if after == before else Write(path, new, _mode(tree.root / path), before, after)


def _deletion(root: Path, path: str) -> Write:
    _refuse_detour(root, path)
    before = _read(root, path)
    return Write(path, path, _mode(root / path), before, None)


def _read(root: Path, path: str) -> bytes:
    file = root / path
    if not stands(file):
        raise RefactorError(f"{path} is to be edited, but is not there; plan again.")
    if file.is_symlink() or not file.is_file():
        raise RefactorError(f"{path} is to be edited, but is a link or no file; name the file itself.")
    if not os.access(file, os.R_OK):
        raise RefactorError(f"{path} cannot be read; change its permissions, then run this again.")
    # Root may write to anything; a file without a single write bit is still meant to stay as it is.
    if not os.access(file, os.W_OK) or not _mode(file) & 0o222 or not os.access(file.parent, os.W_OK | os.X_OK):
        raise RefactorError(f"{path} or its folder is read-only; change the permissions, then run this again.")
    data = file.read_bytes()
    if data.startswith(_POINTER) and len(data) < _POINTER_SIZE:
        raise RefactorError(f"{path} is only a pointer to a file in git LFS; run `git lfs pull` first.")
    return data


def _edited(path: str, data: bytes, edits: Sequence[Edit]) -> bytes:
    text = decode(data)
    for edit in edits:
        if edit.span.end > len(text) or text[edit.span.start : edit.span.end] != edit.old:
            line, column = line_column(line_starts(text), min(edit.span.start, len(text)))
            raise RefactorError(f"{path}:{line}:{column} does not read {edit.old!r} any more; plan again.")
    return encode(splice(text, ((edit.span, edit.old, edit.new) for edit in edits)))


def _unwrite(tree: Tree, write: Write) -> Write:
    path = tree.root / write.new
    _refuse_detour(tree.root, write.new)
    if content(path) != write.after:
        raise RefactorError(f"{write.new} has changed since the renaming, and undo would lose that; put it back first.")
    mode = write.mode if write.after is None else _mode(path)
    return Write(write.new, write.old, mode, write.after, write.before)


def _made(tree: Tree, arrivals: Iterable[str]) -> tuple[Folder, ...]:
    """List the folders that something arrives in and that are not there."""
    wanted = {folder for path in arrivals for folder in parents(path)}
    return tuple(Folder(folder) for folder in sorted(wanted) if tree.origin(folder) is None)


def _emptied(tree: Tree, arrivals: Iterable[str], deleted: Collection[str] = ()) -> tuple[Folder, ...]:
    """List the folders that are left without content because all of it goes: git would not keep them."""
    needed = {folder for path in arrivals for folder in parents(path)} - tree.back.keys()
    left = {folder for old in (*tree.there, *deleted) for folder in parents(old)} - tree.there.keys()
    gone: set[str] = set(deleted)
    for folder in sorted(left, key=lambda path: path.count("/"), reverse=True):
        inside = (f"{folder}/{entry.name}" for entry in (tree.root / folder).iterdir())
        if tree.final(folder) not in needed and all(path in tree.there or path in gone for path in inside):
            gone.add(folder)
    return tuple(Folder(folder, _mode(tree.root / folder)) for folder in sorted(gone.difference(deleted)))


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def _refuse_in_git(
    tree: Tree, repository: git.Repository, edited: tuple[str, ...], *, allow_dirty: bool, previous: Journal | None
) -> None:
    if waiting := git.under_way(repository):
        raise RefactorError(f"A {waiting} is under way in {repository.top}; finish or abort it, then run this again.")
    touched = (*tree.there, *tree.back, *edited)
    modules = [path for path, blob in git.blobs(tree.root).items() if blob.mode == git.SUBMODULE]
    for module in modules:
        if _meets(module, touched):
            raise RefactorError(f"{module} is a submodule, which has its own history; use `git mv` for it first.")
    ours = _own_traces(tree.root, previous)
    dirty = [] if allow_dirty else [one for one in git.status(tree.root, touched) if not _meets(one.path, ours)]
    if dirty:
        names = ", ".join(change.path for change in dirty[:3])
        more = f" and {len(dirty) - 3} more" if len(dirty) > 3 else ""
        raise RefactorError(f"Changes are not committed in {names}{more}; commit or stash them, or use --allow-dirty.")


def _own_traces(root: Path, previous: Journal | None) -> tuple[str, ...]:
    """The paths that the previous transaction changed, if every file it wrote is still as it wrote it, and nothing
    was committed since: what differs from a later commit is somebody's work."""
    if previous is None or previous.head != (git.head(root) or ""):
        return ()
    if any(_content(root / write.new) != write.after for write in previous.writes):
        return ()
    moved = (path for move in previous.moves for path in (move.old, move.new))
    return (*moved, *(path for write in previous.writes for path in (write.old, write.new)))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _meets(module: str, touched: Iterable[str]) -> bool:
    """Tell whether a path is one of those, or lies above or below one."""
    return any(f"{module}/".startswith(f"{path}/") or f"{path}/".startswith(f"{module}/") for path in touched)
