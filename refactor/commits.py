"""Commit an applied plan so that history stays readable: moves first, contents of what moved after them.

Never runs a hook, never commits a path that is not the plan's, and moves the branch last and at once: until then
only objects are written. The commits are made in an index of our own, so the tree on disk is not touched.

Git does not record moves; `git log --follow` guesses them, one commit at a time. It guesses wrong if in one commit

    a file arrives where another has just left    (shown as a change of the other's content)
    two files with one content leave              (either could be where a new file comes from)

so things of the first kind go by way of a temporary name, and those of the second kind in separate commits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from refactor import git, gitlog
from refactor.errors import RefactorError
from refactor.git import Blob, Repository
from refactor.model import Entry, Plan
from refactor.paths import final, parents
from refactor.staging import drafted
from refactor.transaction import Applied

_WAY = ".renaming"  # the folder of temporary names; it exists in commits only


@dataclass(frozen=True, slots=True)
class _Step:
    """One file's way in one commit; `home` is the thing of the plan that takes it along."""

    home: str
    old: str
    new: str
    blob: Blob


@dataclass(frozen=True, slots=True)
class _Work:
    """What was applied, in paths from the top: the moves, edited files where they were, files that are new."""

    moves: Mapping[str, str]
    edited: frozenset[str]
    created: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """The two subjects, and what stands below each."""

    moves: str
    contents: str
    body: str


# What moves in one commit, by content: only files with one content can be taken for each other.
_Batch = dict[str, list[_Step]]


def check(root: Path, plan: Plan, *also: str) -> None:
    """Raise a RefactorError if the plan, once applied, could not be committed, or paths that are written besides."""
    _base(root)
    touched = {path for move in plan.moves for path in (move.old, move.new)} | {edit.path for edit in plan.edits}
    own = git.status(root, also, untracked=True) if also else ()
    if dirty := own or (git.status(root, touched) if touched else ()):
        raise RefactorError(f"Changes are not committed in {dirty[0].path}; commit or stash them before --commit.")
    if hidden := [path for path in git.hidden(root) if git.is_within(path, touched)]:
        raise RefactorError(
            f"git does not look at {hidden[0]} (skip-worktree or assume-unchanged), so it cannot be committed as it is; "
            "clear that with `git update-index` or `git sparse-checkout disable`, or leave out --commit."
        )
    git.run(root, "var", "GIT_COMMITTER_IDENT")  # fails, with advice, if git does not know who commits


def commit(root: Path, plan: Plan, applied: Applied, message: str | None = None, trailers: str = "") -> tuple[str, ...]:
    """Commit what was applied and give the commits, the oldest first: moves, then contents.

    `message` replaces the usual words, its first line being the subject; `trailers` stand below. What else is staged
    stays so, untracked files stay untracked. On a RefactorError the branch and the index are as they were.
    """
    repository, base = _base(root)
    work = _work(repository.prefix, plan, applied)
    with TemporaryDirectory() as scratch:
        index = Path(scratch, "index")
        git.read_tree(repository.top, base, index)
        before = git.blobs(repository.top, index)
        commits = _build(repository.top, index, base, work, _words(plan, message, trailers))
        after = git.blobs(repository.top, index)
    if commits:
        _publish(repository, base, commits[-1], before, after)
    return commits


def _base(root: Path) -> tuple[Repository, str]:
    repository = git.repository(root)
    if repository is None:
        raise RefactorError(f"{root} is not in a git repository; leave out --commit, or run `git init` first.")
    base = git.head(root)
    if base is None:
        raise RefactorError(f"There is no commit in {repository.top} yet; make the first one before --commit.")
    return repository, base


def _work(prefix: str, plan: Plan, applied: Applied) -> _Work:
    moves = {prefix + move.old: prefix + move.new for move in plan.moves}
    edited = frozenset(prefix + edit.path for edit in plan.edits)
    return _Work(moves, edited, tuple(prefix + path for path in (*applied.created, *applied.recorded)))


def _build(top: Path, index: Path, base: str, work: _Work, words: _Words) -> tuple[str, ...]:
    """Write the commits, one on top of the other; the index file ends as the last one's tree."""
    before = git.blobs(top, index)
    commits, batches = [base], _batches(before, work.moves)
    written = [final(path, work.moves) for path in sorted(work.edited & before.keys())]
    for number, steps in enumerate(batches, 1):
        git.stage(top, [step.old for step in steps], {step.new: step.blob for step in steps}, index)
        part = f" ({number} of {len(batches)})" if len(batches) > 1 else ""
        goes_along = number == len(batches) and written and _stands_still(work)
        if goes_along:
            git.add(top, written, index)
        subject = words.contents if goes_along else f"{words.moves}{part}"
        commits.append(git.commit_index(top, index, commits[-1], f"{subject}{words.body}"))
    moved = git.blobs(top, index)
    git.add(top, [*written, *work.created], index)
    if git.blobs(top, index) != moved:
        commits.append(git.commit_index(top, index, commits[-1], f"{words.contents}{words.body}"))
    return tuple(commits[1:])


def _stands_still(work: _Work) -> bool:
    """Tell whether only files change that do not move. Git cannot take these for what moves, so a table of contents goes
    with the pages that it lists."""
    return not work.created and all(final(path, work.moves) == path for path in work.edited)


def _publish(
    repository: Repository, base: str, tip: str, before: Mapping[str, Blob], after: Mapping[str, Blob]
) -> None:
    """Bring what was committed into the person's index, and let the branch follow; both or neither."""
    gone = before.keys() - after.keys()
    changed = {path: blob for path, blob in after.items() if before.get(path) != blob}
    top = repository.top
    with drafted(repository, tip) as index:
        staged = git.blobs(top, index)
        for path in sorted(gone | changed.keys()):
            if staged.get(path) != before.get(path):
                raise RefactorError(f"{path} is staged otherwise; unstage it with `git restore --staged`, then commit.")
        git.stage(top, gone, changed, index)
        git.refresh(top, index)
        git.move_head(top, tip, base, "refactor: commit a renaming")


def _batches(before: Mapping[str, Blob], moves: Mapping[str, str]) -> list[list[_Step]]:
    """Distribute the moves of all tracked files over as few commits as let git follow every one of them."""
    moving = {old: new for old in before if (new := final(old, moves)) != old}
    steps = [_Step(_home(old, moves), old, new, before[old]) for old, new in moving.items()]
    detours = _detours(steps, before)
    away = [replace(step, new=_on_the_way(step)) if step.home in detours else step for step in steps]
    there = [replace(step, old=_on_the_way(step)) for step in steps if step.home in detours]
    return [*_apart(away), *_apart(there)]


def _home(path: str, moves: Mapping[str, str]) -> str:
    return [known for known in (path, *parents(path)) if known in moves][-1]


def _on_the_way(step: _Step) -> str:
    # The old name, since git looks at names where contents are alike; and it takes what comes first in the alphabet.
    return f"{_WAY}/{step.new}/{_name(step.old)}"


def _detours(steps: Sequence[_Step], before: Mapping[str, Blob]) -> set[str]:
    """Find the homes that cannot go straight: a file of theirs arrives where another leaves, or is given a name that
    another file with its content has, too."""
    left = {step.old for step in steps}
    folders = {folder for path in left for folder in parents(path)}
    names = Counter((blob.id, _name(path)) for path, blob in before.items())
    names.update((step.blob.id, _name(step.new)) for step in steps)
    return {
        step.home
        for step in steps
        if step.new in left
        or step.new in folders
        or not left.isdisjoint(parents(step.new))
        or (_name(step.old) != _name(step.new) and names[step.blob.id, _name(step.new)] > 1)
    }


def _apart(steps: Iterable[_Step]) -> list[list[_Step]]:
    """Put every home into the first commit where none of its files can be taken for another's. Files that can be
    taken for another one of their own home go into further commits."""
    batches: list[_Batch] = []
    for _, home in groupby(sorted(steps, key=lambda step: (step.home, step.old)), key=lambda step: step.home):
        rest = list(home)
        while rest:
            unit: _Batch = {}
            rest = [step for step in rest if not _join(unit, step)]
            batch = next((batch for batch in batches if all(_fits(batch, step) for step in _all(unit))), None)
            if batch is None:
                batches.append(unit)
                continue
            for step in _all(unit):
                _join(batch, step)
    return [_all(batch) for batch in batches]


def _join(batch: _Batch, step: _Step) -> bool:
    fits = _fits(batch, step)
    if fits:
        batch.setdefault(step.blob.id, []).append(step)
    return fits


def _fits(batch: _Batch, step: _Step) -> bool:
    alike = batch.get(step.blob.id, ())
    return not any(_may_be_taken_for(step, other) or _may_be_taken_for(other, step) for other in alike)


def _may_be_taken_for(step: _Step, other: _Step) -> bool:
    """Tell whether git could think that `step`'s file, with the same content, has become the other's: it prefers a
    source of the same name, and else takes any."""
    return (_name(step.old) == _name(other.new)) >= (_name(other.old) == _name(other.new))


def _all(batch: _Batch) -> list[_Step]:
    return [step for steps in batch.values() for step in steps]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def publish(root: Path, tip: str) -> None:
    """Let the branch and the index follow to a commit on top of them, whose content the tree already has; or neither.

    Raises RefactorError if the branch has moved meanwhile, or something of it is staged otherwise.
    """
    repository, base = _base(root)
    with TemporaryDirectory() as scratch:
        trees = {}
        for commit_ in (base, tip):
            git.read_tree(repository.top, commit_, Path(scratch, commit_))
            trees[commit_] = git.blobs(repository.top, Path(scratch, commit_))
    _publish(repository, base, tip, trees[base], trees[tip])


def _words(plan: Plan, message: str | None, trailers: str = "") -> _Words:
    pairs = [(_id(rename.old), _id(rename.new)) for rename in plan.renames]
    listed = "".join(f"- {old} -> {new}\n" for old, new in pairs) if len(pairs) > 1 else ""
    trailer = f"{gitlog.TRAILER}: {' '.join(f'{old}={new}' for old, new in pairs)}\n" if pairs else ""
    body = "".join(f"\n{paragraph}" for paragraph in (listed, trailer) if paragraph)
    body += f"\n{trailers}" if trailers else ""
    if message or not pairs:
        subject, _, more = (message or "refactor: apply a plan").partition("\n")
        body = f"\n\n{more.strip()}\n{body}" if more.strip() else f"\n{body}"
        return _Words(f"{subject} (files)", subject, body)
    series = plan.renames[0].old.series
    what = " to ".join(pairs[0]) if len(pairs) == 1 else f"{len(pairs)} {series}s"
    start = f"refactor({series}s)" if series else "refactor"
    return _Words(f"{start}: move {what}", f"{start}: rename {what}", f"\n{body}")


def _id(entry: Entry) -> str:
    return entry.id or entry.slug or f"{entry.number}{entry.letter}"
