"""What git knows of the past: commits, what lay where in them, and who wrote a line.

Never decides what a number meant. Paths are relative to the root, as in `git`, unless a docstring says otherwise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from refactor import git

IGNORED = ".git-blame-ignore-revs"  # at the top: commits that only moved text about
TRAILER = "Refactor-Renaming"  # the last lines of a message say so where a commit is one of a renaming
_RENAME = re.compile(r"R\d{3}")
_REVERTS = re.compile(r"(?m)^This reverts commit ([0-9a-f]{7,64})\b")
_HEADER = re.compile(rb"([0-9a-f]{40,64}) (\d+) (\d+)(?: \d+)?")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a line: the commit, its day (2025-09-24), the path and line (from 1) it had there, where the line came
    from if the commit did not make the file ("" if it did), the author with the second, which a rebase keeps, and the
    line itself, as the file that was asked about has it."""

    commit: str
    day: str
    path: str
    line: int
    before: str
    path_before: str
    by: str = ""
    text: bytes = b""


@dataclass(frozen=True, slots=True)
class Renamed:
    """What git takes for one rename: the commit, the path before and after, and their likeness in percent."""

    commit: str
    old: str
    new: str
    likeness: int


def first_parents(root: Path) -> tuple[tuple[str, str], ...]:
    """List the commits from the first to the one that is checked out, without merged branches, each with its day."""
    lines = git.run(root, "log", "--first-parent", "--reverse", "--format=%H %cs", "HEAD").decode().splitlines()
    return tuple((commit, day) for commit, _, day in (line.partition(" ") for line in lines))


def with_trailer(root: Path, key: str) -> frozenset[str]:
    """The commits on the way to the present one whose message has a trailer of this name."""
    return frozenset(git.run(root, "log", "--format=%H", f"--grep=^{key}:", "HEAD").decode().split())


def reverts(root: Path) -> dict[str, str]:
    """The commits on the way to the present one that take back another, as `git revert` says it, each with the other.

    Where one takes back several, the last that it names was the first to be made.
    """
    options = ("log", "--format=%x00%H%n%B", "--grep=^This reverts commit ", "HEAD")
    messages = git.run(root, *options).decode(errors="replace").split("\0")
    found = ((message[: message.find("\n")], _REVERTS.findall(message)) for message in messages)
    return {commit: taken[-1] for commit, taken in found if taken}


def added(root: Path) -> tuple[str, ...]:
    """List every path below the root that some commit added, sorted."""
    output = git.run(
        root, "log", "--format=", "--name-only", "--relative", "--no-renames", "--diff-filter=A", "-z", "HEAD"
    )
    return tuple(sorted(set(git.records(output.replace(b"\n", b"\0")))))


def renamed(root: Path) -> tuple[Renamed, ...]:
    """List what git takes for renames in the whole history, newest first.

    Where contents are missing (a partial clone), only files that did not change on the way are found.
    """
    options = ("log", "--format=%H", "--name-status", "--relative", "--diff-filter=R", "-z")
    done = git.attempt(root, (*options, "-M", "HEAD"))
    output = git.run(root, *options, "-M100%", "HEAD") if done.returncode else done.stdout
    fields, commit, found = iter(field.lstrip("\n") for field in git.records(output)), "", []
    for field in fields:
        if _RENAME.fullmatch(field):
            found.append(Renamed(commit, next(fields), next(fields), int(field[1:])))
        else:
            commit = field
    return tuple(found)


def folders(root: Path, commits: Iterable[str], paths: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Tell what lay directly in folders at commits, by commit and folder; one that was not there is left out."""
    prefix = git.line(git.run(root, "rev-parse", "--show-prefix"))
    asked = [(commit, path) for commit in dict.fromkeys(commits) for path in paths]
    specs = "".join(f"{commit}:{(prefix + path).rstrip('/')}\n" for commit, path in asked)
    answers = git.run(
        root, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=os.fsencode(specs)
    ).splitlines()
    trees = {key: answer[:-5].decode() for key, answer in zip(asked, answers, strict=True) if answer.endswith(b" tree")}
    names = _children(root, set(trees.values()))
    return {key: names[tree] for key, tree in trees.items()}


def _children(root: Path, trees: set[str]) -> dict[str, tuple[str, ...]]:
    """The names in trees, read in one go: a record is "mode name", a zero byte and the object's id in bytes."""
    output, at = git.run(root, "cat-file", "--batch", stdin="".join(f"{tree}\n" for tree in trees).encode()), 0
    found = {}
    while at < len(output):
        tree, _, size = output[at : (end := output.index(b"\n", at))].decode().split(" ")
        record = re.compile(rb"\d+ ([^\0]+)\0.{%d}" % (len(tree) // 2), re.DOTALL)
        at = end + 1 + int(size) + 1
        found[tree] = tuple(map(os.fsdecode, record.findall(output, end + 1, at - 1)))
    return found


def blobs_at(root: Path, commits: Iterable[str], path: str) -> dict[str, str]:
    """Tell what stood for the content of a file at commits; "" where it was not there."""
    prefix, asked = git.line(git.run(root, "rev-parse", "--show-prefix")), sorted(set(commits))
    specs = "".join(f"{commit}:{prefix}{path}\n" for commit in asked)
    answers = git.run(root, "cat-file", "--batch-check=%(objectname)", stdin=os.fsencode(specs)).splitlines()
    return {one: "" if b" " in told else told.decode() for one, told in zip(asked, answers, strict=True)}


def changed(root: Path, before: str) -> frozenset[str] | None:
    """The paths that commits since an earlier one touched; None if that is no commit on the way to the present one."""
    if git.attempt(root, ("merge-base", "--is-ancestor", before, "HEAD")).returncode:
        return None
    output = git.run(
        root, "log", "--format=", "--name-only", "--relative", "--no-renames", "-m", "-z", f"{before}..HEAD"
    )
    return frozenset(git.records(output.replace(b"\n", b"\0")))


def content(root: Path, commit: str, path: str) -> bytes | None:
    """Give what a file held at a commit; None if it was not there."""
    done = git.attempt(root, ("cat-file", "blob", f"{commit}:./{path}"))
    return None if done.returncode else done.stdout


def fingerprint(root: Path) -> tuple[bytes, ...] | None:
    """Give what answers about the past depend on besides the files of the tree; None if that cannot be told cheaply.

    This is the commit, an unfinished merge, where a shallow history ends, and what a person's settings say.
    """
    asked = git.attempt(root, ("rev-parse", "HEAD", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"))
    if asked.returncode:  # no repository, or no commit in it
        return (asked.stdout,)
    lines = asked.stdout.removesuffix(b"\n").split(b"\n")
    if len(lines) != 4:  # a folder on the way to the root has a line end in its name
        return None
    _, own, shared, top = (root / os.fsdecode(line) for line in lines)
    settings = git.attempt(root, ("config", "--list", "-z")).stdout
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
    """Tell who wrote some lines of a file (from 1; none: all), as it is on disk, has these contents, or was at a commit.

    White space does not count, lines are followed to other files that the same commit changed, and commits listed in
    the file `ignored` are passed over. Lines that are not committed yet are left out. Nothing is known of a path that
    git does not track: the answer is empty.
    """
    options = [f"-L{line},{line}" for line in lines]
    options += [f"--ignore-revs-file={ignored}"] if ignored else []
    options += ["--contents=-"] if contents is not None else []
    what = ("blame", "-w", "-C", "--porcelain", "--no-textconv", *options, *([commit] if commit else []), "--", path)
    done = git.attempt(root, what, contents or b"")
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
                by = f"{known['author-mail']} {known['author-time']}"
                found[final] = Written(commit, day, known["filename"], line, before, path_before, by, row[1:])
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
    done = git.attempt(root, ("diff", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", *specs))
    found: list[tuple[re.Match[bytes], list[str]]] = []
    for row in done.stdout.split(b"\n"):
        if head := _HUNK.match(row):
            found.append((head, []))
        elif found and row.startswith(b"-"):
            found[-1][1].append(row[1:].decode("utf-8", "surrogateescape"))
    return tuple(Hunk(int(head[1]), int(head[3]), int(head[4] or 1), tuple(gone)) for head, gone in found)
