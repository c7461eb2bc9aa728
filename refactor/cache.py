"""What a run over a whole tree found, kept for the next run in the user's cache folder.

An entry is believed only if nothing that findings depend on has changed: the package, Python, the settings, the rule
packs, the checks that were asked for, the commit and what else git says of the past, and every file of the tree, by its
state as in git's index and else by its content. Whatever is wrong with an entry, it is passed over; no error of the cache ever reaches a run.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from refactor import __version__
from refactor.model import Edit, Finding, Fix, Verdict
from refactor.spans import Span
from refactor.tree import Tree

ENV_FOLDER = "REFACTOR_CACHE_DIR"
MOST_ENTRIES, MOST_BYTES = 100, 100_000_000
_RACY = 2_000_000_000  # nanoseconds: a file changed this shortly before it was read may change and keep its time
_ABANDONED = 3600  # seconds after which a half-written entry is nobody's

_Row = list[Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the findings of one kind of run over one tree are kept, and what they depend on besides its files.

    `began` is the time in nanoseconds before the tree was listed.
    """

    file: Path
    key: str
    began: int


# --- where --------------------------------------------------------------------------------------


def folder_of(chosen: Path | None) -> Path | None:
    """The chosen folder, else the one that the environment names, else the user's own; None if there is no such."""
    named = os.environ.get(ENV_FOLDER)
    if chosen or named:
        return chosen or Path(named or "")
    with suppress(RuntimeError):  # nobody's home
        return _users() / "renumber"
    return None


def _users() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    named = os.environ.get("XDG_CACHE_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".cache"


def entry(folder: Path, tree: Tree, asked: Sequence[object], depends: Sequence[object], began: int) -> Entry:
    """The entry for a tree and what is asked of it; if what it `depends` on besides is another now, it is void."""
    listing = (sorted(tree.paths), sorted(tree.folders), tree.files, tree.refused)
    name = digest(repr((os.fspath(tree.root), asked)))
    key = digest(repr((__version__, sys.version, _package(), _installed(), listing, depends)))
    return Entry(folder / f"lint-{name}.json", key, began)


def ourselves() -> str:
    """What tells this very program from any other that may have written an entry."""
    return digest(repr((__version__, sys.version, _package())))


def _package() -> list[tuple[str, int, int]]:
    """Name, size and time of our own source files: a checkout changes without a new version."""
    top = os.path.dirname(__file__)  # noqa: PTH120 - a hundred times, and a Path costs more than the call
    found, folders = [], [top]
    for folder in folders:  # which grows as we go
        with os.scandir(folder) as listing:
            for one in listing:
                if one.is_dir():
                    folders.extend([one.path] if one.name not in {"__pycache__", "demo"} else [])
                elif one.name.endswith(".py"):
                    status = one.stat()
                    found.append((one.path, status.st_size, status.st_mtime_ns))
    return sorted(found)


def _installed() -> list[tuple[str, int]]:
    """Time of the folders into which packages are installed: an upgrade of one makes and deletes folders there."""
    folders = [one for one in sys.path if one.endswith("-packages")]
    return [(one, os.stat(one).st_mtime_ns) for one in folders if os.path.isdir(one)]  # noqa: PTH112, PTH116


def digest(text: str) -> str:
    """What tells a text from any other."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


# --- reading ------------------------------------------------------------------------------------


def read(entry: Entry, tree: Tree, asks: Callable[[str], bool]) -> list[Finding] | None:
    """What was found when the tree was as it is, on the paths that are asked about; None if anything differs."""
    try:
        kept = load(entry.file)
        if kept["key"] != entry.key or kept["files"].keys() != set(tree.files):
            return None
        again = [path for path, (state, _) in kept["files"].items() if state != _state(tree.states[path])]
        if any(tree.digest(path) != kept["files"][path][1] for path in again):
            return None
        _renew(entry, kept, {path: _settled(tree.states[path], entry.began) for path in again})
        return [_finding(path, row) for path, rows in kept["findings"].items() if asks(path) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def load(file: Path) -> Any:
    """What was stored in a file; None if it is not there, or is not as it was written."""
    try:
        checksum, _, body = file.read_bytes().decode("ascii").partition("\n")
        return json.loads(body) if digest(body) == checksum else None
    except (OSError, ValueError, RecursionError):
        return None


def _renew(entry: Entry, kept: dict[str, Any], states: Mapping[str, list[int] | None]) -> None:
    """Note the states of files that had to be read again, and that the entry was used."""
    if not any(states.values()):
        with suppress(OSError):
            os.utime(entry.file)
        return
    for path, state in states.items():
        kept["files"][path][0] = state
    store(entry.file, kept)


def _state(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_mode]


def _settled(status: os.stat_result, began: int) -> list[int] | None:
    """The state of a file; None if it changed shortly before, so that the next run reads it again."""
    return _state(status) if max(status.st_mtime_ns, status.st_ctime_ns) < began - _RACY else None


# --- writing ------------------------------------------------------------------------------------


def write(entry: Entry, tree: Tree, findings: Iterable[Finding]) -> None:
    """Keep what a run over the whole tree found; nothing, if a file of the tree could not be read."""
    files = {path: [_settled(tree.states[path], entry.began), tree.digest(path)] for path in tree.files}
    if any(digest is None for _, digest in files.values()):
        return
    rows: dict[str, list[_Row]] = {}
    for finding in findings:
        rows.setdefault(finding.path, []).append(_row(finding))
    store(entry.file, {"key": entry.key, "files": files, "findings": rows})


def store(file: Path, kept: Mapping[str, Any]) -> None:
    """Keep what JSON can hold; if it cannot be kept, the next run does without."""
    body = json.dumps(kept, separators=(",", ":"))
    with suppress(OSError):
        _make_folder(file.parent)
        place(file, f"{digest(body)}\n{body}".encode("ascii"))
        _bound(file.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def place(file: Path, data: bytes) -> None:
    """Put a file in its place as a whole, whoever else writes it, and whenever we are killed. May raise OSError."""
    half = file.with_suffix(f".{os.getpid()}.part")
    try:
        half.write_bytes(data)
        os.replace(half, file)  # noqa: PTH105 - says what it does
    except OSError:
        half.unlink(missing_ok=True)
        raise


def _bound(folder: Path) -> None:
    """Delete the entries that were not used for the longest time, and what others left half written."""
    kept = bytes_kept = 0
    for status, path in sorted(_entries(folder), key=lambda one: -one[0].st_mtime_ns):
        kept, bytes_kept = kept + 1, bytes_kept + status.st_size
        is_part = path.suffix == ".part"
        if (
            (time.time() - status.st_mtime > _ABANDONED)
            if is_part
            else (kept > MOST_ENTRIES or bytes_kept > MOST_BYTES)
        ):
            path.unlink(missing_ok=True)


def _entries(folder: Path) -> Iterator[tuple[os.stat_result, Path]]:
    for path in (*folder.glob("lint-*"), *folder.glob("past-*")):
        with suppress(OSError):
            yield path.stat(), path


# --- findings as rows ---------------------------------------------------------------------------


def _row(one: Finding) -> _Row:
    fix = one.fix and [one.fix.applicability, one.fix.message, [_edit_row(edit) for edit in one.fix.edits]]
    return [
        one.span.start,
        one.span.end,
        one.code,
        one.message,
        one.severity,
        fix,
        one.target,
        one.verdict,
        one.because,
    ]


def _edit_row(one: Edit) -> _Row:
    return [one.path, one.span.start, one.span.end, one.old, one.new, one.because, one.kind, one.target]


def _finding(path: str, row: _Row) -> Finding:
    start, end, code, message, severity, fix, target, verdict, because = row
    mended = fix and Fix(fix[0], fix[1], tuple(_edit(one) for one in fix[2]))
    return Finding(path, Span(start, end), code, message, severity, mended, target, Verdict(verdict), because)


def _edit(row: _Row) -> Edit:
    path, start, end, *rest = row
    return Edit(path, Span(start, end), *rest)
