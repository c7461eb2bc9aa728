"""What a branch did to a tree since it left another: lines it wrote, paths it took away, and findings that are its own.

Asks git, and nobody else; whether a finding is right is not its business.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from refactor import git
from refactor.errors import RefactorError
from refactor.model import Document, Finding
from refactor.spans import Span

# Whatever a person's settings say, this is what we can read.
_DIFF = (
    "diff --relative --no-color --no-ext-diff --no-textconv --ignore-submodules=all --find-renames --unified=0"
    " --inter-hunk-context=0 --src-prefix=a/ --dst-prefix=b/ --output-indicator-new=+"
).split()
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))
_NO_TEXT = 8000  # as git, which takes a file for binary if there is a NUL this early

# Names that too many files share: these say which file is meant only together with their folder.
_COMMON = frozenset("readme index __init__ __main__ main conftest intro overview license changelog summary".split())


def changed_lines(root: Path, base: str) -> Mapping[str, frozenset[int]]:
    """Tell which lines of the files on disk, counted from 1, are not as they were where the branch left `base`.

    Staged, unstaged and untracked changes count. A file that was only moved, or only lost lines, has none.
    Raises RefactorError if git cannot tell where the branch left.
    """
    start = _fork(root, base)
    found = _written(git.run(root, *_DIFF, start))
    untracked = set(git.files(root)) - set(git.tracked(root))
    return found | {path: _all_lines(root / path) for path in (*_opaque(root, start), *untracked)}


def gone(root: Path, base: str) -> frozenset[str]:
    """List the paths that were there where the branch left `base` and are not any more: deleted or moved away.

    Raises RefactorError if git cannot tell where the branch left.
    """
    listed = git.run(root, *_DIFF, "--no-renames", "--diff-filter=D", "--name-only", "-z", _fork(root, base))
    return frozenset(_decoded(path) for path in listed.split(b"\0") if path) - set(git.files(root))


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


def _fork(root: Path, base: str) -> str:
    """The commit that the branch and its base have in common."""
    if git.repository(root) is None:
        raise RefactorError(
            f"{root} is not in a git repository, so there is nothing to compare with: leave out {base}."
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


def _written(diff: bytes) -> dict[str, frozenset[int]]:
    """Read the hunks of a diff; a file without one, for it was only moved, is there with no lines."""
    found: dict[str, set[int]] = {}
    lines = iter(diff.split(b"\n"))
    path = ""
    for line in lines:
        if line.startswith((b"+++ ", b"rename to ")):
            named = line.removeprefix(b"rename to ") if line.startswith(b"r") else line[4:]
            path = _unquoted(named, prefix=b"" if line.startswith(b"r") else b"b/")
            found.setdefault(path, set())
        elif hunk := _HUNK.match(line):
            removed, first, added = (int(number or 1) for number in hunk.groups())
            found[path].update(range(first, first + added))
            _skip(lines, removed + added)
    return {path: frozenset(lines) for path, lines in found.items() if path}


def _skip(lines: Iterator[bytes], count: int) -> None:
    """Step over the lines of a hunk, which may look like anything."""
    while count:
        count -= not next(lines).startswith(b"\\")  # "\ No newline at end of file" is no line


def _unquoted(name: bytes, prefix: bytes) -> str:
    r"""Read a name as git writes it: quoted if it holds a quote or a line break, with a tab behind it if a blank."""
    name = name.removesuffix(b"\t")
    if name.startswith(b'"'):
        name = _ESCAPE.sub(_character, name[1:-1])
    return _decoded(name.removeprefix(prefix)) if name != b"/dev/null" else ""


def _character(escape: re.Match[bytes]) -> bytes:
    written = escape[1]
    return bytes([int(written, 8)]) if len(written) == 3 else bytes([_ESCAPED.get(written[0], written[0])])


def _opaque(root: Path, start: str) -> Iterator[str]:
    """Files that git compares as a whole: pictures, and texts that .gitattributes says so of."""
    fields = iter(git.run(root, *_DIFF, "--numstat", "-z", start).split(b"\0"))
    for field in fields:
        if field.startswith(b"-\t-\t"):
            moved = field == b"-\t-\t"  # its two names follow
            yield _decoded([next(fields), next(fields)][1] if moved else field[4:])
        elif field.endswith(b"\t"):
            _skip_names = (next(fields), next(fields))


def _all_lines(file: Path) -> frozenset[int]:
    """The numbers of all lines of a text; none of what is no text, or is not there."""
    if file.is_symlink() or not file.is_file():
        return frozenset()
    data = file.read_bytes()
    return frozenset() if b"\0" in data[:_NO_TEXT] else frozenset(range(1, data.count(b"\n") + 2))
