"""`migrate --onto`: do on a branch the renamings that another went through, so that the two merge without conflicts of names.

Everything happens in a clone; the branch itself moves last, at once, and only forward. Git guesses renames from contents
and guesses wrong where files are alike. So the branch first takes over what the other had before the renaming, which
needs no guess; then it is renamed; then the other's renaming is recorded as merged, and what follows needs none either.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from refactor import branches, changes, clones, commits, git, migrate, plan_text, records, transaction
from refactor.errors import RefactorError
from refactor.ledger import NAME, Record
from refactor.moves import Moves
from refactor.verbs import plan_of, with_exports
from refactor.workspace import open_tree


@dataclass(frozen=True, slots=True)
class Renumbered:
    """Entries of a ledger, the commit that brought them, and the last one before that renaming began."""

    records: tuple[Record, ...]
    commit: str
    before: str


def run(root: Path, arguments: argparse.Namespace) -> int:
    """Bring a branch up to date with the renamings of another: 0 done or nothing to do, 1 if `--check` finds some."""
    ref: str = arguments.onto
    if arguments.format == "json":
        raise RefactorError("--onto makes commits, which are no plan; leave out --format json, or see --diff.")
    steps = branches.pending(root, ref)
    if not steps:
        print(f"nothing to do: this branch has every renaming that {ref} has")
        return 0
    found = _together(_find(root, ref, one) for one in steps)
    _refuse_dirty(root)
    with clones.at(root, "HEAD") as folder:
        said = [text for one in found for text in _bring(folder, one, ref)]
        _show(folder, git.head(root) or "", said, arguments)
        if arguments.check or arguments.dry_run or arguments.diff:
            return int(arguments.check)
        _publish(root, clones.bring(root, folder), ref)
    return 0


def _refuse_dirty(root: Path) -> None:
    if dirty := git.status(root):
        raise RefactorError(f"Changes are not committed in {dirty[0].path}; commit or stash them, then run this again.")


def _find(root: Path, ref: str, record: Record) -> Renumbered:
    """Where another branch renumbered."""
    since = f"{changes.fork(root, ref)}..{ref}"
    listed = git.run(root, "log", "--reverse", "--topo-order", "--format=%H", since, "--", NAME).decode().split()
    commit = next((one for one in listed if records.at(root, one).has(record)), "")
    if not commit:
        raise RefactorError(
            f"{ref} took a renaming back since this branch left it, which cannot be done here for it; "
            f"`git merge {ref}`, then run `python -m refactor migrate`."
        )
    before = branches.commit_of(root, record.base) if record.base else ""
    if not before or not _is_part(root, before, commit):
        before = branches.commit_of(root, f"{commit}^")
    return Renumbered((record,), commit, before)


def _together(found: Iterable[Renumbered]) -> list[Renumbered]:
    """Entries that one commit brought are one renaming."""
    done: list[Renumbered] = []
    for one in found:
        if done and done[-1].commit == one.commit:
            done[-1] = replace(done[-1], records=(*done[-1].records, *one.records))
        else:
            done.append(one)
    return done


def _is_part(root: Path, commit: str, of: str) -> bool:
    return not git.attempt(root, ("merge-base", "--is-ancestor", commit, of)).returncode


# --- in the clone -------------------------------------------------------------------------------


def _bring(folder: Path, one: Renumbered, ref: str) -> Sequence[str]:
    """Take over one renaming; give what there is to say about it."""
    if not _is_part(folder, one.before, "HEAD"):
        _merge(folder, one.before, ref)
    said = _replay(folder, one)
    ours = git.head(folder) or ""
    _check_out(folder, one.before)
    _replay(folder, one)
    _check_out(folder, _joined(folder, ours, git.head(folder) or "", one.commit, ref))
    return said


def _merge(folder: Path, commit: str, ref: str) -> None:
    message = f"Merge {ref} as it was before it renumbered"
    if git.attempt(folder, ("merge", "--quiet", "--no-edit", "-m", message, commit)).returncode:
        raise RefactorError(
            f"what {ref} did before it renumbered conflicts with this branch; run `git merge {commit[:12]}`, settle that, "
            f"then run `python -m refactor migrate --onto {ref}` again."
        )


def _replay(folder: Path, one: Renumbered) -> Sequence[str]:
    """Do a renaming on what is checked out, and commit it as pure moves and contents."""
    said = []
    text = git.content(folder, one.commit, NAME)
    workspace = replace(open_tree(folder), memory=None)
    for asked in migrate.renamings(workspace.catalogue, one.records):
        moves = Moves(asked, workspace.words(asked.series))
        plan = with_exports(workspace, asked, plan_of(workspace, asked, moves))
        said.append(plan_text.render(plan, workspace.documents, done=True))
        record = records.Recording(NAME, lambda _now, _before: text)
        transaction.apply(folder, plan, record=record, commit=partial(commits.commit, folder, plan))
    _tell(folder, text or b"")
    return said


def _tell(folder: Path, text: bytes) -> None:
    """Let the ledger say what was done, where nothing was there to be renamed."""
    if git.content(folder, "HEAD", NAME) != text:
        (folder / NAME).write_bytes(text)
        git.add(folder, [NAME])
        git.commit(folder, "refactor: take over the ledger")


def _check_out(folder: Path, commit: str) -> None:
    git.run(folder, "checkout", "--quiet", "--detach", "--force", commit)


def _joined(folder: Path, ours: str, model: str, theirs: str, ref: str) -> str:
    """Record the other branch's renaming as merged. What it did beside what renumber does (`model`) is merged as well."""
    tree = f"{ours}^{{tree}}"
    if _tree(folder, model) != _tree(folder, theirs):
        sides = [_commit(folder, f"{one}^{{tree}}", "a side", model) for one in (ours, theirs)]
        done = git.attempt(folder, ("merge-tree", "--write-tree", *sides))
        if done.returncode:
            raise RefactorError(
                f"the commit {theirs[:12]} in which {ref} renumbered did more than that, and it conflicts with this branch; "
                f"run `git merge {ref}` and settle that, then `python -m refactor migrate`."
            )
        tree = done.stdout.decode().split("\n", 1)[0]
    return _commit(folder, tree, f"Merge the renaming of {ref}, done on this branch already", ours, theirs)


def _tree(folder: Path, commit: str) -> str:
    return git.line(git.run(folder, "rev-parse", f"{commit}^{{tree}}"))


def _commit(folder: Path, tree: str, message: str, *parents: str) -> str:
    given = [word for parent in parents for word in ("-p", parent)]
    return git.line(git.run(folder, "commit-tree", *given, "-m", message, tree))


# --- on the branch ------------------------------------------------------------------------------


def _show(folder: Path, before: str, said: Sequence[str], arguments: argparse.Namespace) -> None:
    if arguments.diff:
        print(
            git.run(folder, "diff", "--find-renames", "--no-ext-diff", "--no-textconv", before, "HEAD").decode(
                "utf-8", "replace"
            ),
            end="",
        )
        return
    print(f"what {arguments.onto} renamed, done on this branch:")
    print("".join(said), end="")


def _publish(root: Path, tip: str, ref: str) -> None:
    """Let the branch follow, wholly or not at all."""
    before = git.head(root) or ""
    transaction.follow(root, tip)
    print(f"next: git merge {ref}; take this back with: git reset --keep {before[:12]}")
