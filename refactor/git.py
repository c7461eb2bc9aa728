"""Ask git, and tell it: the only door to it.

Never decides what a path or a commit means, and never lets a surrounding hook's GIT_* variables choose another
repository. Every path is relative to the root that the caller names, even where git lies further up.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor.errors import RefactorError

SUBMODULE = "160000"
SYMLINK = "120000"

# Hooks export GIT_DIR, GIT_INDEX_FILE and more, which would answer about another tree. What tells who commits
# and where a person's settings lie may stay.
_KEPT = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH")
_SAFE = (
    "--no-pager --literal-pathspecs --no-optional-locks -c core.quotepath=false -c core.fsmonitor=false "
    "-c log.showSignature=false"  # else `git log` runs the program that checks signatures
).split()
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the work tree starts, its own git directory (a linked worktree has one of its own),
    and the way from the top to the root: "" or "docs/course/"."""

    top: Path
    folder: Path
    prefix: str


@dataclass(frozen=True, slots=True)
class Change:
    """A path that differs: its letters of `git status`, staged and not ("?" twice: untracked)."""

    path: str
    staged: str
    unstaged: str


@dataclass(frozen=True, slots=True)
class Blob:
    """What the index has for a path: the mode (`SUBMODULE`, `SYMLINK` or a file's) and the object."""

    mode: str
    id: str


def run(root: Path, *arguments: str, stdin: bytes = b"", index: Path | None = None) -> bytes:
    """Give what git prints; if it fails, raise a RefactorError with git's own words.

    `index` names an index file to use in place of the repository's.
    """
    done = attempt(root, arguments, stdin, index)
    if done.returncode:
        raise RefactorError(f"`git {arguments[0]}` failed in {root}: {_words(done.stderr)}")
    return done.stdout


def attempt(
    root: Path, arguments: tuple[str, ...], stdin: bytes = b"", index: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Ask git, and give what it printed and its exit code, whatever that is; see `run`."""
    environment = {name: value for name, value in os.environ.items() if _may_stay(name)}
    environment["GIT_TERMINAL_PROMPT"] = "0"
    if index is not None:
        environment["GIT_INDEX_FILE"] = os.fspath(index)
    hooks = () if arguments[0] == "commit" else _NO_HOOKS
    command = ("git", "-C", os.fspath(root), *_SAFE, *hooks, *arguments)
    try:
        return subprocess.run(command, env=environment, input=stdin, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise RefactorError("git is not installed, or not on the PATH; install it, then run this again.") from error


def repository(root: Path) -> Repository | None:
    """Find the repository that the root lies in; None where there is no git."""
    try:
        done = attempt(root, ("rev-parse", "--show-toplevel"))
    except RefactorError:
        if _has_git(root):
            raise
        return None
    if not done.returncode:
        top = Path(line(done.stdout))
        inside = root.resolve().relative_to(top.resolve()).as_posix()
        folder = Path(line(run(root, "rev-parse", "--absolute-git-dir")))
        return Repository(top, folder, "" if inside == "." else f"{inside}/")
    if _has_git(root):  # not ours to read, or damaged: going on as if there were no git would skip its checks
        raise RefactorError(f"git cannot use the repository around {root}: {_words(done.stderr)}")
    return None


def head(root: Path) -> str | None:
    """Give the commit that is checked out, or None before the first one."""
    done = attempt(root, ("rev-parse", "--verify", "--quiet", "HEAD^{commit}"))
    return None if done.returncode else line(done.stdout)


def contains(root: Path, commit: str) -> bool:
    """Tell whether a commit is the one that is checked out, or one that it builds on. What is no commit is neither."""
    done = attempt(root, ("merge-base", "--is-ancestor", commit, "HEAD"))
    if done.returncode < 0:
        raise RefactorError(f"git was killed while it looked at {root}; run this again.")
    return done.returncode == 0


def content(root: Path, commit: str, path: str) -> bytes | None:
    """Give what a file below the root held at a commit; None if it was not there."""
    prefix = line(run(root, "rev-parse", "--show-prefix"))
    done = attempt(root, ("cat-file", "blob", f"{commit}:{prefix}{path}"))
    return None if done.returncode else done.stdout


def under_way(repository: Repository) -> str | None:
    """Name what waits to be finished: "merge", "rebase", "cherry-pick", "revert", or None."""
    return next((name for file, name in _UNDER_WAY.items() if (repository.folder / file).exists()), None)


def tracked(root: Path) -> tuple[str, ...]:
    """List the files in the index, sorted, those deleted on disk as well."""
    return _files(run(root, "ls-files", "-z"))


def files(root: Path) -> tuple[str, ...]:
    """List what git tracks and what it would offer to add (not what it ignores), sorted."""
    return _files(run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"))


def listing(root: Path) -> tuple[str, ...]:
    """What `files` lists, and nothing where there is no git. Raises RefactorError where git cannot use its repository."""
    try:
        return files(root)
    except RefactorError:
        if repository(root):
            raise
        return ()


def blobs(root: Path, index: Path | None = None) -> dict[str, Blob]:
    """Tell mode and object of every path in the index."""
    found = {}
    for record in records(run(root, "ls-files", "-z", "--stage", index=index)):
        about, _, path = record.partition("\t")
        mode, name, _stage = about.split(" ")
        found[path] = Blob(mode, name)
    return found


def hidden(root: Path) -> tuple[str, ...]:
    """List tracked files of which git does not look at the disk: `status` never tells that they differ.

    They are marked skip-worktree, as what a sparse checkout leaves out, or assume-unchanged.
    """
    tagged = records(run(root, "ls-files", "-z", "-v"))
    return tuple(record[2:] for record in tagged if record[0] == "S" or record[0].islower())


def status(root: Path, paths: Iterable[str] = (), *, untracked: bool = False) -> tuple[Change, ...]:
    """List what differs from the commit, staged or not, at or below the given paths (none: anywhere in the root).

    A file that git calls renamed is listed twice, deleted and added. The index file is not refreshed.
    """
    kind = "all" if untracked else "no"
    output = run(root, "status", "--porcelain=v1", "-z", "--no-renames", f"--untracked-files={kind}", "--", ".")
    wanted = tuple(paths)
    prefix = line(run(root, "rev-parse", "--show-prefix"))  # this one form of status counts paths from the top
    changes = (Change(record[3:].removeprefix(prefix), record[0], record[1]) for record in records(output))
    return tuple(change for change in changes if not wanted or is_within(change.path, wanted))


# --- telling git --------------------------------------------------------------------------------


def add(root: Path, paths: Iterable[str], index: Path | None = None) -> None:
    """Stage files as they stand on disk (filters and modes as git sees fit)."""
    run(root, "update-index", "-z", "--add", "--stdin", stdin=_joined(paths), index=index)


def stage(root: Path, removed: Iterable[str], added: Mapping[str, Blob], index: Path | None = None) -> None:
    """Take paths out of the index, then put blobs in, without a look at the disk.

    `root` must be the top of the work tree: git counts these paths from there.
    """
    nothing = "0" * len(line(run(root, "hash-object", "--stdin")))
    lines = [f"0 {nothing}\t{path}" for path in removed]
    lines += [f"{blob.mode} {blob.id} 0\t{path}" for path, blob in added.items()]
    run(root, "update-index", "-z", "--index-info", stdin=_joined(lines), index=index)


def read_tree(root: Path, commit: str, index: Path) -> None:
    """Fill an index file with the tree of a commit."""
    run(root, "read-tree", commit, index=index)


def refresh(root: Path, index: Path) -> None:
    """Let an index learn the times and sizes on disk, so that nothing looks changed that is not."""
    attempt(root, ("update-index", "-q", "--refresh"), index=index)  # its failure only says that something does differ


def commit(root: Path, message: str) -> str:
    """Commit what is staged, as a person would (hooks run), and give the commit."""
    run(root, "commit", "--quiet", "--file=-", stdin=os.fsencode(message))
    return line(run(root, "rev-parse", "HEAD"))


def commit_index(root: Path, index: Path, parent: str, message: str) -> str:
    """Make a commit of an index file on top of a parent: no hook runs, and no branch moves.

    It is signed if the person has asked git to sign every commit.
    """
    tree = line(run(root, "write-tree", index=index))
    signed = line(attempt(root, ("config", "--type=bool", "commit.gpgsign")).stdout) == "true"
    options = ("-S",) if signed else ()
    return line(run(root, "commit-tree", *options, "-p", parent, tree, stdin=os.fsencode(message)))


def move_head(root: Path, commit: str, before: str, reason: str) -> None:
    """Let the branch that is checked out point to a commit, unless it has left `before` meanwhile."""
    run(root, "update-ref", "-m", reason, "HEAD", commit, before)


def _may_stay(variable: str) -> bool:
    return not variable.startswith("GIT_") or variable.startswith(_KEPT)


def is_within(path: str, folders: Iterable[str]) -> bool:
    """Tell whether a path is one of those, or lies below one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _has_git(root: Path) -> bool:
    found = (folder / ".git" for folder in (root.absolute(), *root.absolute().parents))
    return any(git.is_file() or (git / "HEAD").exists() for git in found)


def _words(stderr: bytes) -> str:
    said = (
        line.removeprefix("fatal: ").removeprefix("error: ") for line in stderr.decode("utf-8", "replace").splitlines()
    )
    return " ".join(" ".join(said).split()) or "git gave no reason"


def line(output: bytes) -> str:
    """The one line that git printed."""
    return os.fsdecode(output).removesuffix("\n")


def records(output: bytes) -> list[str]:
    """What git printed with `-z`, taken apart."""
    return [os.fsdecode(record) for record in output.split(b"\0") if record]


def _joined(records: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(record) + b"\0" for record in records)


def _files(output: bytes) -> tuple[str, ...]:
    # A repository inside that is no submodule is named with a slash at its end; its files are its own.
    return tuple(sorted({path for path in records(output) if not path.endswith("/")}))
