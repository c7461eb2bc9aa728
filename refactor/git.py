"""Ask git, and tell it: the only door to a subprocess.

Never decides what a path or a commit means, and never lets a surrounding hook's GIT_* variables choose another
repository. Every path is relative to the root that the caller names, even where git lies further up.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor.errors import RefactorError

IGNORED = ".git-blame-ignore-revs"  # at the top: commits that only moved text about
SUBMODULE = "160000"
SYMLINK = "120000"

# Hooks export GIT_DIR, GIT_INDEX_FILE and more, which would answer about another tree. What tells who commits
# and where a person's settings lie may stay.
_KEPT = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH")
_SAFE = "--no-pager --literal-pathspecs --no-optional-locks -c core.quotepath=false -c core.fsmonitor=false".split()
_RENAME = re.compile(r"R\d{3}")
_HEADER = re.compile(rb"([0-9a-f]{40,64}) (\d+) (\d+)(?: \d+)?")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
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
    done = _call(root, arguments, stdin, index)
    if done.returncode:
        raise RefactorError(f"`git {arguments[0]}` failed in {root}: {_words(done.stderr)}")
    return done.stdout


def repository(root: Path) -> Repository | None:
    """Find the repository that the root lies in; None where there is no git."""
    try:
        done = _call(root, ("rev-parse", "--show-toplevel"))
    except RefactorError:
        if _has_git(root):
            raise
        return None
    if not done.returncode:
        top = Path(_line(done.stdout))
        inside = root.resolve().relative_to(top.resolve()).as_posix()
        folder = Path(_line(run(root, "rev-parse", "--absolute-git-dir")))
        return Repository(top, folder, "" if inside == "." else f"{inside}/")
    if _has_git(root):  # not ours to read, or damaged: going on as if there were no git would skip its checks
        raise RefactorError(f"git cannot use the repository around {root}: {_words(done.stderr)}")
    return None


def head(root: Path) -> str | None:
    """Give the commit that is checked out, or None before the first one."""
    done = _call(root, ("rev-parse", "--verify", "--quiet", "HEAD^{commit}"))
    return None if done.returncode else _line(done.stdout)


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
    for record in _records(run(root, "ls-files", "-z", "--stage", index=index)):
        about, _, path = record.partition("\t")
        mode, name, _stage = about.split(" ")
        found[path] = Blob(mode, name)
    return found


def status(root: Path, paths: Iterable[str] = (), *, untracked: bool = False) -> tuple[Change, ...]:
    """List what differs from the commit, staged or not, at or below the given paths (none: anywhere in the root).

    A file that git calls renamed is listed twice, deleted and added. The index file is not refreshed.
    """
    kind = "all" if untracked else "no"
    output = run(root, "status", "--porcelain=v1", "-z", "--no-renames", f"--untracked-files={kind}", "--", ".")
    wanted = tuple(paths)
    prefix = _line(run(root, "rev-parse", "--show-prefix"))  # this one form of status counts paths from the top
    changes = (Change(record[3:].removeprefix(prefix), record[0], record[1]) for record in _records(output))
    return tuple(change for change in changes if not wanted or _is_within(change.path, wanted))


# --- the past -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a line: the commit, its day (2025-09-24), the path and line (from 1) it had there, and where the line
    came from if the commit did not make the file ("" if it did)."""

    commit: str
    day: str
    path: str
    line: int
    before: str
    path_before: str


def first_parents(root: Path) -> tuple[tuple[str, str], ...]:
    """List the commits from the first to the one that is checked out, without merged branches, each with its day."""
    lines = run(root, "log", "--first-parent", "--reverse", "--format=%H %cs", "HEAD").decode().splitlines()
    return tuple((commit, day) for commit, _, day in (line.partition(" ") for line in lines))


def added(root: Path) -> tuple[str, ...]:
    """List every path below the root that some commit added, sorted."""
    output = run(root, "log", "--format=", "--name-only", "--relative", "--no-renames", "--diff-filter=A", "-z", "HEAD")
    return tuple(sorted(set(_records(output.replace(b"\n", b"\0")))))


def renamed(root: Path) -> tuple[tuple[str, str, int], ...]:
    """List what git takes for renames in the whole history, newest first: old path, new path, likeness in percent.

    Where contents are missing (a partial clone), only files that did not change on the way are found.
    """
    options = ("log", "--format=", "--name-status", "--relative", "--diff-filter=R", "-z")
    done = _call(root, (*options, "-M", "HEAD"))
    output = run(root, *options, "-M100%", "HEAD") if done.returncode else done.stdout
    fields = [field.lstrip("\n") for field in _records(output)]
    starts = [at for at, field in enumerate(fields) if _RENAME.fullmatch(field)]
    return tuple((fields[at + 1], fields[at + 2], int(fields[at][1:])) for at in starts if at + 2 < len(fields))


def folders(root: Path, commits: Iterable[str], paths: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Tell what lay directly in folders at commits, by commit and folder; one that was not there is left out."""
    prefix = _line(run(root, "rev-parse", "--show-prefix"))
    asked = [(commit, path) for commit in dict.fromkeys(commits) for path in paths]
    specs = "".join(f"{commit}:{(prefix + path).rstrip('/')}\n" for commit, path in asked)
    answers = run(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=os.fsencode(specs)).splitlines()
    trees = {key: answer[:-5].decode() for key, answer in zip(asked, answers, strict=True) if answer.endswith(b" tree")}
    names = _children(root, set(trees.values()))
    return {key: names[tree] for key, tree in trees.items()}


def _children(root: Path, trees: set[str]) -> dict[str, tuple[str, ...]]:
    """The names in trees, read in one go: a record is "mode name", a zero byte and the object's id in bytes."""
    output, at = run(root, "cat-file", "--batch", stdin="".join(f"{tree}\n" for tree in trees).encode()), 0
    found = {}
    while at < len(output):
        tree, _, size = output[at : (end := output.index(b"\n", at))].decode().split(" ")
        record = re.compile(rb"\d+ ([^\0]+)\0.{%d}" % (len(tree) // 2), re.DOTALL)
        at = end + 1 + int(size) + 1
        found[tree] = tuple(map(os.fsdecode, record.findall(output, end + 1, at - 1)))
    return found


def changed(root: Path, before: str) -> frozenset[str] | None:
    """The paths that commits since an earlier one touched; None if that is no commit on the way to the present one."""
    if _call(root, ("merge-base", "--is-ancestor", before, "HEAD")).returncode:
        return None
    output = run(root, "log", "--format=", "--name-only", "--relative", "--no-renames", "-m", "-z", f"{before}..HEAD")
    return frozenset(_records(output.replace(b"\n", b"\0")))


def fingerprint(root: Path) -> tuple[bytes, ...] | None:
    """Give what answers about the past depend on besides the files of the tree; None if that cannot be told cheaply.

    This is the commit, an unfinished merge, where a shallow history ends, and what a person's settings say.
    """
    asked = _call(root, ("rev-parse", "HEAD", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"))
    if asked.returncode:  # no repository, or no commit in it
        return (asked.stdout,)
    _, own, shared, top = (root / os.fsdecode(line) for line in asked.stdout.splitlines())
    settings = _call(root, ("config", "--list", "-z")).stdout
    replaced = (shared / "refs" / "replace").exists() or b"refs/replace/" in _content(shared / "packed-refs")
    if replaced or b"blame.ignorerevsfile" in settings:
        return None
    files = (own / "MERGE_HEAD", shared / "shallow", shared / "info/grafts", shared / "info/attributes", top / IGNORED)
    return (asked.stdout, settings, *map(_content, files))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def blame(
    root: Path, path: str, lines: Iterable[int], commit: str = "", *, ignored: str = "", contents: bytes | None = None
) -> dict[int, Written]:
    """Tell who wrote some lines of a file (from 1), as it is on disk, has these contents, or was at a commit.

    White space does not count, lines are followed to other files that the same commit changed, and commits listed in
    the file `ignored` are passed over. Lines that are not committed yet are left out. Nothing is known of a path that
    git does not track: the answer is empty.
    """
    options = [f"-L{line},{line}" for line in lines]
    options += [f"--ignore-revs-file={ignored}"] if ignored else []
    options += ["--contents=-"] if contents is not None else []
    what = ("blame", "-w", "-C", "--porcelain", *options, *([commit] if commit else []), "--", path)
    done = _call(root, what, contents or b"")
    return {} if done.returncode else _blamed(done.stdout)


def _blamed(porcelain: bytes) -> dict[int, Written]:
    found: dict[int, Written] = {}
    about: dict[str, dict[str, str]] = {}
    commit, line, final = "", 0, 0
    for row in porcelain.split(b"\n"):
        if row.startswith(b"\t"):
            known = about[commit]
            if commit.strip("0"):
                before, _, path_before = known.get("previous", "").partition(" ")
                day = _day(int(known["committer-time"]))
                found[final] = Written(commit, day, known["filename"], line, before, path_before)
        elif header := _HEADER.fullmatch(row):
            commit, line, final = header[1].decode(), int(header[2]), int(header[3])
            about.setdefault(commit, {})
        else:
            key, _, value = os.fsdecode(row).partition(" ")
            if commit:
                about[commit][key] = value
    return found


def _day(seconds: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that took the place of others: where both begin (from 1), how many are new, and the old ones."""

    old: int
    new: int
    count: int
    gone: tuple[str, ...]


def hunks(root: Path, old: tuple[str, str], new: tuple[str, str]) -> tuple[Hunk, ...]:
    """What differs between two files, each given as commit and path from the top of the work tree."""
    specs = [f"{commit}:{path}" for commit, path in (old, new)]
    done = _call(root, ("diff", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", *specs))
    found: list[tuple[re.Match[bytes], list[str]]] = []
    for row in done.stdout.split(b"\n"):
        if head := _HUNK.match(row):
            found.append((head, []))
        elif found and row.startswith(b"-"):
            found[-1][1].append(row[1:].decode("utf-8", "surrogateescape"))
    return tuple(Hunk(int(head[1]), int(head[3]), int(head[4] or 1), tuple(gone)) for head, gone in found)


# --- telling git --------------------------------------------------------------------------------


def add(root: Path, paths: Iterable[str], index: Path | None = None) -> None:
    """Stage files as they stand on disk (filters and modes as git sees fit)."""
    run(root, "update-index", "-z", "--add", "--stdin", stdin=_joined(paths), index=index)


def stage(root: Path, removed: Iterable[str], added: Mapping[str, Blob], index: Path | None = None) -> None:
    """Take paths out of the index, then put blobs in, without a look at the disk.

    `root` must be the top of the work tree: git counts these paths from there.
    """
    nothing = "0" * len(_line(run(root, "hash-object", "--stdin")))
    lines = [f"0 {nothing}\t{path}" for path in removed]
    lines += [f"{blob.mode} {blob.id} 0\t{path}" for path, blob in added.items()]
    run(root, "update-index", "-z", "--index-info", stdin=_joined(lines), index=index)


def read_tree(root: Path, commit: str, index: Path) -> None:
    """Fill an index file with the tree of a commit."""
    run(root, "read-tree", commit, index=index)


def refresh(root: Path) -> None:
    """Let the index learn the times and sizes on disk, so that nothing looks changed that is not."""
    _call(root, ("update-index", "-q", "--refresh"))  # its failure only says that something does differ


def commit(root: Path, message: str) -> str:
    """Commit what is staged, as a person would (hooks run), and give the commit."""
    run(root, "commit", "--quiet", "--file=-", stdin=os.fsencode(message))
    return _line(run(root, "rev-parse", "HEAD"))


def commit_index(root: Path, index: Path, parent: str, message: str) -> str:
    """Make a commit of an index file on top of a parent: no hook runs, and no branch moves.

    It is signed if the person has asked git to sign every commit.
    """
    tree = _line(run(root, "write-tree", index=index))
    signed = _line(_call(root, ("config", "--type=bool", "commit.gpgsign")).stdout) == "true"
    options = ("-S",) if signed else ()
    return _line(run(root, "commit-tree", *options, "-p", parent, tree, stdin=os.fsencode(message)))


def move_head(root: Path, commit: str, before: str, reason: str) -> None:
    """Let the branch that is checked out point to a commit, unless it has left `before` meanwhile."""
    run(root, "update-ref", "-m", reason, "HEAD", commit, before)


def _call(
    root: Path, arguments: tuple[str, ...], stdin: bytes = b"", index: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if _may_stay(name)}
    environment["GIT_TERMINAL_PROMPT"] = "0"
    if index is not None:
        environment["GIT_INDEX_FILE"] = os.fspath(index)
    command = ("git", "-C", os.fspath(root), *_SAFE, *arguments)
    try:
        return subprocess.run(command, env=environment, input=stdin, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise RefactorError("git is not installed, or not on the PATH; install it, then run this again.") from error


def _may_stay(variable: str) -> bool:
    return not variable.startswith("GIT_") or variable.startswith(_KEPT)


def _is_within(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _has_git(root: Path) -> bool:
    found = (folder / ".git" for folder in (root.absolute(), *root.absolute().parents))
    return any(git.is_file() or (git / "HEAD").exists() for git in found)


def _words(stderr: bytes) -> str:
    return " ".join(stderr.decode("utf-8", "replace").split()).removeprefix("fatal: ") or "git gave no reason"


def _line(output: bytes) -> str:
    return os.fsdecode(output).removesuffix("\n")


def _records(output: bytes) -> list[str]:
    return [os.fsdecode(record) for record in output.split(b"\0") if record]


def _joined(records: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(record) + b"\0" for record in records)


def _files(output: bytes) -> tuple[str, ...]:
    # A repository inside that is no submodule is named with a slash at its end; its files are its own.
    return tuple(sorted({path for path in _records(output) if not path.endswith("/")}))
