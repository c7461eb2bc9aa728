"""What a branch did to a tree since it left another: lines it wrote, paths it took away, and findings that are its own.

Asks git, and nobody else; whether a finding is right is not its business.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from refactor import git, naming
from refactor.errors import RefactorError
from refactor.model import Document, Finding
from refactor.spans import Span

# Whatever a person's settings say, this is what we can read.
_DIFF = "diff --relative --find-renames --no-color --no-ext-diff --no-textconv --ignore-submodules=all".split()
_PATCH = "--unified=0 --inter-hunk-context=0 --src-prefix=a/ --dst-prefix=b/".split()
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))
_HEAD = 8000  # as git, which takes a file for binary if there is a NUL this early

# Names that too many files share: these say which file is meant only together with their folder.
_COMMON = frozenset("readme index __init__ __main__ main conftest intro overview license changelog summary".split())


def changed_lines(root: Path, base: str) -> Mapping[str, frozenset[int]]:
    """Tell which lines of the files on disk, counted from 1, are not as they were where the branch left `base`.

    Staged, unstaged and untracked changes count. A file that was only moved, or only lost lines, has none.
    Raises RefactorError if git cannot tell where the branch left.
    """
    start = fork(root, base)
    opaque, lines = _touched(root, start), _written(git.run(root, *_DIFF, *_PATCH, start))
    opaque |= dict.fromkeys(set(git.files(root)) - set(git.tracked(root)), True)
    return {path: _all_lines(root / path) if opaque[path] else lines.get(path, frozenset()) for path in sorted(opaque)}


def gone(root: Path, base: str) -> frozenset[str]:
    """List files and folders that were there where the branch left `base` and are not any more: deleted or moved away.

    Raises RefactorError if git cannot tell where the branch left.
    """
    deleted = git.run(root, *_DIFF, "--no-renames", "--diff-filter=D", "--name-only", "-z", fork(root, base))
    listed = map(os.fsdecode, filter(None, deleted.split(b"\0")))
    missing = {path for path in listed if not os.path.lexists(root / path)}
    return _with_folders(missing) - _with_folders(set(git.files(root)) - missing)


def lines_between(root: Path, start: str, end: str) -> Mapping[str, frozenset[int]]:
    """Tell which lines of the files of one commit, counted from 1, another did not have; files of text only."""
    return _written(git.run(root, *_DIFF, *_PATCH, start, end))


def paths_between(root: Path, start: str, end: str) -> frozenset[str]:
    """List the files that differ between two commits, under all the names that they have there."""
    return frozenset(git.records(git.run(root, *_DIFF, "--no-renames", "--name-only", "-z", start, end)))


def is_new(
    finding: Finding,
    changed: Mapping[str, Collection[int]],
    gone: frozenset[str],
    documents: Mapping[str, Document],
) -> bool:
    """Tell whether a branch brought a finding: it stands on a changed line, or speaks of a path that is gone.

    A finding about a file or folder as a whole is new if the branch touched it.
    """
    document = documents.get(finding.path)
    if document is None or finding.span == Span(0, 0):
        touched = finding.path in changed or any(path.startswith(f"{finding.path}/") for path in changed)
        return touched or _speaks_of(gone, finding, finding.message)
    if lines := changed.get(finding.path):
        first = bisect_right(document.starts, finding.span.start)
        last = bisect_right(document.starts, max(finding.span.end - 1, finding.span.start))
        if any(line in lines for line in range(first, last + 1)):
            return True
    return _speaks_of(gone, finding, document.view[finding.span.start : finding.span.end])


# --- where the branch left ----------------------------------------------------------------------


def fork(root: Path, base: str) -> str:
    """The commit that the branch and its base have in common. Raises RefactorError if git cannot tell."""
    if git.repository(root) is None:
        raise RefactorError(
            f"{root} is not in a git repository, so there is nothing to compare with: leave out `--diff-base`."
        )
    if git.head(root) is None:
        raise RefactorError(f"{root} has no commit yet, so it cannot be compared with {base}: commit first.")
    commit = _answer(root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}")
    if base.startswith("-") or not commit:
        raise RefactorError(f"git knows no commit called {base}: {_advice(root, 'check the name, or `git fetch` it.')}")
    if start := _answer(root, "merge-base", commit, "HEAD"):
        return start
    advice = _advice(root, "name a commit that this branch comes from.")
    raise RefactorError(f"{base} and this branch have no commit in common: {advice}")


def _answer(root: Path, *arguments: str) -> str:
    """What git prints on one line, or nothing if it has no answer."""
    try:
        return git.run(root, *arguments).decode().strip()
    except RefactorError:
        return ""


def _advice(root: Path, otherwise: str) -> str:
    if _answer(root, "rev-parse", "--is-shallow-repository") != "true":
        return otherwise
    return "this clone is shallow; run `git fetch --unshallow`, or set `fetch-depth: 0` where CI checks out."


# --- reading a diff -----------------------------------------------------------------------------


def _touched(root: Path, start: str) -> dict[str, bool]:
    """All files that differ, and whether git compares one as a whole: a picture, or what .gitattributes says is one."""
    fields = iter(git.run(root, *_DIFF, "--diff-filter=d", "--numstat", "-z", start).split(b"\0"))
    found = {}
    for field in filter(None, fields):
        added, _, path = field.split(b"\t", 2)
        if not path:  # renamed: the name it had and the name it has are fields of their own
            path = [next(fields), next(fields)][1]
        found[os.fsdecode(path)] = added == b"-"
    return found


def _written(diff: bytes) -> dict[str, frozenset[int]]:
    """Read the lines that a diff adds to each file."""
    found: dict[str, set[int]] = {}
    lines = iter(diff.split(b"\n"))
    path = ""
    for line in lines:
        if line.startswith(b"+++ "):
            path = _unquoted(line[4:])
        elif hunk := _HUNK.match(line):
            removed, first, added = (int(number or 1) for number in hunk.groups())
            found.setdefault(path, set()).update(range(first, first + added))
            _skip(lines, removed + added)
    return {path: frozenset(numbers) for path, numbers in found.items()}


def _skip(lines: Iterator[bytes], count: int) -> None:
    """Step over the lines of a hunk, which may look like anything."""
    while count:
        count -= not next(lines).startswith(b"\\")  # "\ No newline at end of file" is no line


def _unquoted(name: bytes) -> str:
    r"""Read a name behind `+++`: in quotes if it holds a quote or a line break, with a tab behind it if a blank."""
    name = name.removesuffix(b"\t")
    if name.startswith(b'"'):
        name = _ESCAPE.sub(_character, name[1:-1])
    return os.fsdecode(name.removeprefix(b"b/"))


def _character(escape: re.Match[bytes]) -> bytes:
    written = escape[1]
    return bytes([int(written, 8) if len(written) == 3 else _ESCAPED.get(written[0], written[0])])


def _all_lines(file: Path) -> frozenset[int]:
    """The numbers of all lines of a text; none of what is no text, or cannot be read."""
    if file.is_symlink():
        return frozenset()
    try:
        with file.open("rb") as content:
            head = content.read(_HEAD)
            data = b"" if b"\0" in head else head + content.read()
    except OSError:
        return frozenset()
    lines = data.count(b"\n") + (data[-1:] not in {b"", b"\n"})
    return frozenset(range(1, lines + 1))


# --- what is gone -------------------------------------------------------------------------------


def _with_folders(paths: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        while path and path not in found:
            found.add(path)
            path = path.rpartition("/")[0]
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Names:
    """What somebody calls paths that are gone: their stems, and the slugs of the entries they were homes of."""

    stems: re.Pattern[str]
    slugs: frozenset[str]


@lru_cache(maxsize=4)
def _names(gone: frozenset[str]) -> _Names:
    stems = {_stem(path) for path in gone}
    parsed = map(naming.parse_id, stems)
    listed = "|".join(map(re.escape, sorted(stems)))
    return _Names(
        re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])"), frozenset(one.slug for one in parsed if one and one.slug)
    )


def _stem(path: str) -> str:
    """A file's name without its suffix; one that many files share is told by its folder too."""
    folder, _, name = path.rpartition("/")
    stem = naming.split_suffix(name)[0]
    return f"{folder.rpartition('/')[2]}/{stem}".lstrip("/") if stem.lower() in _COMMON else stem


def _speaks_of(gone: frozenset[str], finding: Finding, text: str) -> bool:
    if not gone:
        return False
    names = _names(gone)
    parsed = naming.parse_id(finding.target)
    return bool(names.stems.search(text)) or (parsed is not None and parsed.slug in names.slugs)
