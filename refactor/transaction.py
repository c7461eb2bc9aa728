"""Apply a plan to the working tree, wholly or not at all; undo it; recover from a kill.

The only room that writes to the tree. It decides nothing: the plan says what and where. `survey` refuses what cannot
be done, `parking` takes the steps, `journal` remembers them. The git index is never touched.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from refactor import git
from refactor.errors import RefactorError
from refactor.journal import (
    Journal,
    Write,
    begin,
    committed,
    complete,
    completed_at,
    last,
    locked,
    next_id,
    pending,
    refuse_held,
    store_of,
    waiting,
)
from refactor.ledger import NAME as LEDGER
from refactor.model import Plan
from refactor.parking import content, perform, refuse_orphans, take_back, told
from refactor.records import Recording
from refactor.staging import follow as follow_branch
from refactor.staging import left_by_git, resume
from refactor.survey import invert, survey
from refactor.wording import count

_NEW_FILE = 0o644
NOTHING_PENDING = "Nothing to recover."
PUT_BACK = "a move of the branch, which was interrupted"
NOTHING_DONE = "There is nothing to undo: no renaming was applied here that is not undone."


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: the id that undo knows it by ("" if there was nothing to do), how many things moved, how many
    edits went into how many files, the files that were not there before, and the file that tells of it if it was written
    (paths of the new tree)."""

    id: str
    moved: int
    edited: int
    files: int
    created: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Site:
    """A root, its repository if it has one, the store, and the folder that the store belongs to."""

    root: Path
    repository: git.Repository | None
    store: Path
    base: Path

    @property
    def prefix(self) -> str:
        return self.root.relative_to(self.base).as_posix()


def check(root: Path, plan: Plan, *, allow_dirty: bool = False) -> None:
    """Raise a RefactorError if the plan cannot be applied as the tree is now. Writes nothing."""
    with _plain_words():
        site = _site(root)
        refuse_held(site.store)
        survey(site.root, site.repository, plan, allow_dirty=allow_dirty, previous=_previous(site))


def apply(
    root: Path,
    plan: Plan,
    *,
    allow_dirty: bool = False,
    label: str = "renaming",
    record: Recording | None = None,
    commit: Callable[[Applied], object] | None = None,
) -> Applied:
    """Carry a plan out, wholly or not at all; on a RefactorError the tree is as it was.

    `label` is what undo and recover call it; `record` is a file that tells of it, written along with the rest. `commit` moves the branch to what was applied; if it fails, or is killed,
    before it has done that, the tree is taken back as well.
    """
    check(root, plan, allow_dirty=allow_dirty)
    if not plan.moves and not plan.edits and not plan.gone:
        return Applied("", 0, 0, 0)
    with _plain_words():
        site = _site(root)
        with locked(site.store):  # the tree may have changed since the check; from here on only we write
            journal = survey(site.root, site.repository, plan, allow_dirty=allow_dirty, previous=_previous(site))
            journal = _recording(site, replace(journal, label=label), record)
            done = _carry_out(site, journal, uncommitted=commit is not None)
            applied = _applied(plan, done, record)
            if commit is not None:
                _commit(site, lambda: commit(applied))
    return applied


def _applied(plan: Plan, done: Journal, record: Recording | None) -> Applied:
    own = [write for write in done.writes if record is None or write.new != record.path]
    created = tuple(write.new for write in own if write.before is None)
    recorded = tuple(write.new for write in done.writes if write not in own and write.after is not None)
    return Applied(done.id, len(plan.moves), len(plan.edits), len(own), created, recorded)


def undo(root: Path, record: Recording | None = None) -> str:
    """Restore the tree from before the last transaction that is not undone yet, and say what was restored.

    Refuses if a file that was written has changed since. What else happened in moved folders moves back along. If the
    transaction wrote the file of a `record`, that says what stands there afterwards.
    """
    with _plain_words():
        site = _site(root)
        if not site.store.is_dir():
            raise RefactorError(NOTHING_DONE)
        with locked(site.store):
            journal = last(site.store)
            if journal is None:
                raise RefactorError(NOTHING_DONE)
            _take_back_whole(site, journal, record)
    return f"Undid {journal.label}: {_counts(journal)}."


def follow(root: Path, tip: str) -> None:
    """Let tree, index and branch go on to a commit on top of them, wholly or not at all.

    Raises RefactorError, too, where something would be overwritten that is not committed.
    """
    with _plain_words():
        site, head = _site(root), git.head(root)
        if site.repository is None or head is None:
            raise RefactorError(f"There is no commit in {root} to go on from; make one first.")
        with locked(site.store):
            try:
                follow_branch(site.repository, head, tip)
            except (RefactorError, OSError):  # a failure after the branch has moved is none
                if _resume(site) or git.head(root) != tip:
                    raise


def unfinished(root: Path) -> Journal | None:
    """Give the transaction that was begun here and not completed, or not committed as it was to be. Reads only."""
    with _plain_words():
        store = _site(root).store
        return pending(store) or waiting(store)


def remembered(root: Path) -> tuple[Journal | None, Callable[[str], bool]]:
    """Give the last transaction that is not undone, and a test for paths that changed after it. Reads only."""
    with _plain_words():
        site = _site(root)
        journal = _previous(site)
        when = completed_at(site.store, journal) if journal else 0

    def is_newer(path: str) -> bool:
        try:
            return (site.root / path).stat().st_mtime_ns > when
        except OSError:
            return True

    return journal, is_newer


def recover(root: Path) -> str:
    """Restore the tree as it was before a transaction that was killed, and say so. May itself be killed and repeated.

    One that was to be committed is over once the branch has moved: what is missing then is done.
    """
    with _plain_words():
        site = _site(root)
        if not site.store.is_dir():
            return NOTHING_PENDING
        with locked(site.store, takeover=True):
            journal = pending(site.store)
            if journal is not None:
                take_back(site.store, site.base / journal.root, journal)
            put_back = _resume(site)
            journal = _withdraw(site) or journal
    if journal is None and not put_back:
        return f"{NOTHING_PENDING}{_locks(site)}"
    done = f"{journal.label}, which was interrupted: {_counts(journal)}" if journal else PUT_BACK
    return f"Took back {done}. The tree is as it was before.{_locks(site)}"


def _commit(site: _Site, commit: Callable[[], object]) -> None:
    """Have a transaction committed that is complete, or take it back; a failure after the branch has moved is none."""
    try:
        commit()
    except (RefactorError, OSError):
        if _withdraw(site):
            raise
    except BaseException:  # Ctrl-C as well
        _withdraw(site)
        raise
    committed(site.store)


def _withdraw(site: _Site) -> Journal | None:
    """Take back the transaction that waits to be committed, and give it; None if there is none, or it is committed."""
    _resume(site)
    journal = waiting(site.store) if site.repository else None
    if journal is not None:
        _take_back_whole(site, journal)
    return journal


def _resume(site: _Site) -> bool:
    """End what a killed run has begun with the index and the branch; tell whether files were put back."""
    if site.repository is None:
        return False
    try:
        return resume(site.repository)
    except OSError as error:
        raise RefactorError(f"{told(error)}; put that right, then run `python -m refactor recover`.") from error


def _take_back_whole(site: _Site, journal: Journal, record: Recording | None = None) -> None:
    """Undo a complete transaction, in one of its own."""
    site = replace(site, root=site.base / journal.root)
    inverse = invert(site.root, journal)
    writes = tuple(_kept(write, record) for write in inverse.writes)
    _carry_out(site, replace(inverse, label=f"undo of {journal.label}", writes=writes))
    committed(site.store)


def _locks(site: _Site) -> str:
    locks = left_by_git(site.repository) if site.repository else ()
    return f" Delete {locks[0]} if no git is at work: one that was killed has left it." if locks else ""


def _recording(site: _Site, journal: Journal, record: Recording | None) -> Journal:
    """Let a transaction write a file that tells of it, too."""
    if record is None:
        return journal
    before = content(site.root / record.path)
    after = record.text(before, None)
    mode = _NEW_FILE if before is None else stat.S_IMODE((site.root / record.path).stat().st_mode)
    write = Write(record.path, record.path, mode, before, after)
    return replace(journal, writes=(*journal.writes, write)) if before != after else journal


def _kept(write: Write, record: Recording | None) -> Write:
    return (
        replace(write, after=record.text(write.before, write.after)) if record and write.old == record.path else write
    )


def _previous(site: _Site) -> Journal | None:
    journal = last(site.store) if site.store.is_dir() else None
    return journal if journal and site.base / journal.root == site.root else None


def _site(root: Path) -> _Site:
    root = root.resolve()
    if not root.is_dir():
        raise RefactorError(f"{root} is no folder; name the root of the course with --root.")
    repository = git.repository(root)
    if repository is None:
        return _Site(root, None, root / ".refactor", root)
    return _Site(root, repository, store_of(repository), repository.top.resolve())


def _carry_out(site: _Site, journal: Journal, *, uncommitted: bool = False) -> Journal:
    head = git.head(site.root) if site.repository else None
    journal = replace(journal, id=next_id(site.store), root=site.prefix, head=head or "")
    refuse_orphans(site.store, site.root)
    try:
        begin(site.store, journal, uncommitted=uncommitted)
        perform(site.store, site.root, journal)
        complete(site.store, journal)
    except BaseException:  # Ctrl-C as well: the tree must not stay half-way
        if pending(site.store):
            take_back(site.store, site.root, journal)
        raise
    return journal


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RefactorError(f"{told(error)}; nothing was changed. Put that right, then run this again.") from error


def _counts(journal: Journal) -> str:
    edited = [write for write in journal.writes if write.old != LEDGER]
    return f"{count(len(journal.moves), 'move')}, {count(len(edited), 'edited file')}"
