"""Branches that left before a renaming: what they were compared with, where they left, and the lines they brought.

Asks git, and nobody else. What a line means, and what becomes of it, is not its business.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor import changes, git, gitlog, records
from refactor.errors import RefactorError
from refactor.ledger import NAME, Ledger, Record, way

_FURTHEST = 200  # entries of a reflog that are looked at
_DIFF = ("diff", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv", "--name-only", "-z")
_MAIN = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True)
class Side:
    """A commit whose own lines are in the tree and were written without some entries of the ledger; the commit that it
    was brought together with; and what led the one to the other ("merged", "rebased")."""

    tip: str
    other: str
    how: str


def default_base(root: Path) -> str | None:
    """What a branch is compared with if nobody says: what it tracks under another name, else the main branch."""
    own = _answer(root, "rev-parse", "--abbrev-ref", "HEAD")
    upstream = _answer(root, "rev-parse", "--abbrev-ref", "@{upstream}")
    if upstream and upstream.partition("/")[2] != own:
        return upstream
    known = (one for one in _MAIN if one != own and commit_of(root, one))
    return next(known, None)


def commit_of(root: Path, ref: str) -> str:
    """The commit that a name stands for; "" if git knows none."""
    return "" if ref.startswith("-") else _answer(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")


def pending(root: Path, ref: str) -> tuple[Record, ...]:
    """The renamings that another branch went through since this one left it, and this one did not.

    Raises RefactorError if this branch renumbered, too.
    """
    before = records.at(root, changes.fork(root, ref))
    theirs, ours = records.at(root, ref), records.on_disk(root)
    steps, known = way(ours, theirs), {one.id for one in theirs.records}
    mine = [one for one in ours.records if one.id not in known and not before.has(one)]
    new = [one for one in theirs.records if not ours.has(one) and not before.has(one)]
    if mine and new:
        raise RefactorError(
            f"this branch and {ref} both renumbered since they parted (ledger entries {mine[0].id} and {new[0].id}); "
            "take this branch's renaming back (`git revert` its commits, or `python -m refactor undo`), run migrate, "
            "then do the renaming again."
        )
    return () if mine or theirs.records == before.records else steps


def apart(root: Path) -> dict[str, tuple[str, ...]]:
    """Local and remote branches that hold commits which the one that is checked out does not: names by commit."""
    form = "--format=%(objectname) %(refname:short) %(symref)"
    listed = git.run(root, "for-each-ref", form, "--no-merged=HEAD", "refs/heads", "refs/remotes").decode().splitlines()
    rows = [row.split(" ") for row in listed]
    tips = dict.fromkeys(tip for tip, _, symbolic in rows if not symbolic)
    found = {tip: tuple(name for one, name, symbolic in rows if one == tip and not symbolic) for tip in tips}
    return {tip: names for tip, names in found.items() if parting(root, tip)}


def parting(root: Path, tip: str) -> str:
    """Where a commit and the one that is checked out have their last common ancestor; "" if there is none."""
    return _answer(root, "merge-base", "HEAD", tip)


def sides(root: Path, now: Ledger) -> tuple[Side, ...]:
    """What was merged or rebased into the tree after a renaming, and was written before it."""
    found = [*_merged(root, now), *_rebased(root, now)]
    return tuple({one.tip: one for one in found}.values())


def _merged(root: Path, now: Ledger) -> Iterator[Side]:
    rows = [row.split() for row in git.run(root, "rev-list", "--merges", "--parents", "HEAD").decode().splitlines()]
    blobs = gitlog.blobs_at(root, {commit for row in rows for commit in row}, NAME)
    for merge, *parents in rows:
        for tip in parents:
            if blobs[tip] != blobs[merge] and _lacks(root, tip, now):
                others = [one for one in parents if one != tip]
                yield Side(tip, next((one for one in others if blobs[one] == blobs[merge]), others[0]), "merged")


def _rebased(root: Path, now: Ledger) -> Iterator[Side]:
    """Where the branch stood before its commits were made anew on top of a renaming."""
    branch = _answer(root, "symbolic-ref", "--quiet", "HEAD") or "HEAD"
    log = git.attempt(root, ("log", "--walk-reflogs", f"--max-count={_FURTHEST}", "--format=%H", branch))
    for tip in dict.fromkeys(log.stdout.decode().split()):
        is_part = not git.attempt(root, ("merge-base", "--is-ancestor", tip, "HEAD")).returncode
        if not is_part and _lacks(root, tip, now):
            yield Side(tip, "HEAD", "rebased")
            return


def _lacks(root: Path, commit: str, now: Ledger) -> bool:
    """Tell whether something leads from the ledger of a commit to another. One that cannot be read tells nothing."""
    try:
        return bool(way(records.at(root, commit), now))
    except RefactorError:
        return False


# --- lines and files ----------------------------------------------------------------------------

Key = tuple[str, str]  # who wrote a line and when, and the line itself: a rebase or cherry-pick keeps both


def new_files(root: Path, base: str) -> frozenset[str]:
    """The files on disk that were not there where the branch left its base, untracked ones too."""
    listed = git.run(root, *_DIFF, "--diff-filter=A", changes.fork(root, base))
    known = {path for path in git.records(listed) if os.path.lexists(root / path)}
    return frozenset(known | (set(git.files(root)) - set(git.tracked(root))))


def twins(root: Path, base: str, paths: Iterable[str]) -> dict[str, str]:
    """Another file with the same content, for each of some files that had one where the branch left its base."""
    rows = git.records(git.run(root, "ls-tree", "-r", "-z", changes.fork(root, base)))
    blobs = {path: about.split(" ")[2] for about, _, path in (row.partition("\t") for row in rows)}
    alike: dict[str, list[str]] = defaultdict(list)
    for path, blob in blobs.items():
        alike[blob].append(path)
    found = {path: [one for one in alike[blobs[path]] if one != path] for path in paths if path in blobs}
    return {path: others[0] for path, others in found.items() if others}


def keys(root: Path, paths: Iterable[str], lines: Mapping[str, list[str]]) -> dict[str, dict[int, Key]]:
    """Who wrote the lines (from 1) of files on disk, whose `lines` are given; what is not committed is left out."""
    found = git.repository(root)
    top, prefix = (found.top, found.prefix) if found else (root, "")
    told = {}
    for path in paths:
        written = gitlog.blame(top, prefix + path, ())
        texts = lines.get(path, [])
        told[path] = {at: (one.by, texts[at - 1]) for at, one in written.items() if at <= len(texts)}
    return told


def brought(root: Path, side: Side) -> frozenset[str]:
    """The files that a merge changed beside what the other side had, as far as they lie on disk now."""
    output = git.run(root, *_DIFF, side.other)
    return frozenset(path for path in git.records(output) if (root / path).is_file() and not (root / path).is_symlink())


def _answer(root: Path, *arguments: str) -> str:
    done = git.attempt(root, arguments)
    return "" if done.returncode else git.line(done.stdout)
