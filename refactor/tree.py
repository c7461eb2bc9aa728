"""The files of a tree: which there are, which are documents, and which are passed over and why.

Reads a file only when somebody asks for it, and never one that a link leads to.
"""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from refactor import git
from refactor.errors import RefactorError
from refactor.model import Document, Format, ZoneKind
from refactor.settings import Settings

LARGEST = 10 * 1024 * 1024  # bytes
_HEAD = 8192  # bytes that tell text from other data, as in git

_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})
# Written by programs for programs: nobody looks for words in them. Our own ledger tells of names that are past.
_LOCK_FILES = frozenset(
    "package-lock.json npm-shrinkwrap.json pnpm-lock.yaml packages.lock.json go.sum bun.lockb conda-lock.yml "
    "refactor.ledger.toml".split()
)
# Kinds of file that may hold no NUL near their start and still are not text.
_BINARY = frozenset(
    ".pdf .ps .eps .png .jpg .jpeg .gif .webp .ico .bmp .tiff .zip .gz .bz2 .xz .7z .tar .whl .jar .pkl .pickle .npy .npz "
    ".pt .pth .onnx .h5 .hdf5 .parquet .woff .woff2 .ttf .otf .eot .mp3 .mp4 .wav .mov .webm .pyc .so .dll .exe .docx "
    ".xlsx .pptx .odt .sqlite .db".split()
)
_POINTER = b"version https://git-lfs.github.com/spec/"
POINTER = "Git LFS pointer"  # the reason for which such a file is no document
_PLAIN = Format("plain", (), (), ZoneKind.PROSE, lambda _text: ())


@dataclass(frozen=True, eq=False)
class Formats:
    """Which format a file has, by its name or the longest of its suffixes that is known."""

    names: Mapping[str, Format]
    suffixes: Mapping[str, Format]
    fallback: Format

    @classmethod
    def of(cls, formats: Sequence[Format]) -> Formats:
        """Build the look-up; the format named "plain" takes what no other claims."""
        names = {name: one for one in formats for name in one.names}
        suffixes = {suffix: one for one in formats for suffix in one.suffixes}
        return cls(names, suffixes, next((one for one in formats if one.name == "plain"), _PLAIN))

    def claimed(self, path: str) -> Format | None:
        """The format that claims a path, if any does."""
        name = path.rpartition("/")[2]
        if name in self.names:
            return self.names[name]
        name = name.lower()
        dots = (at for at, character in enumerate(name) if character == ".")
        return next((self.suffixes[name[at:]] for at in dots if name[at:] in self.suffixes), None)

    def of_file(self, path: str) -> Format:
        """The format in which a path is read."""
        return self.claimed(path) or self.fallback


@dataclass(frozen=True, eq=False)
class Tree:
    """The files below a root, as paths from it.

    `paths` are all files and links, also those that are no documents; `folders` all folders;
    `files` what may be a document, sorted; `states` what the file system said of all these when they were listed, and
    `refused` what was passed over then, and why. `unsaved` are texts that stand in an editor and not on disk.
    """

    root: Path
    files: tuple[str, ...]
    paths: frozenset[str]
    folders: frozenset[str]
    formats: Formats
    states: Mapping[str, os.stat_result]
    refused: tuple[tuple[str, str], ...]
    _passed: dict[str, str]
    _notes: dict[str, str] = field(default_factory=dict)
    _kept: dict[str, Document | None] = field(default_factory=dict)
    _digests: dict[str, str | None] = field(default_factory=dict)
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    def with_unsaved(self, path: str, data: bytes) -> Tree:
        """The tree as it would be if a file were saved with these bytes."""
        files = tuple(sorted({*self.files, path}))
        return replace(self, files=files, paths=self.paths | {path}, unsaved={path: data})

    def links(self) -> Iterator[tuple[str, str]]:
        """Every symbolic link, and what it says."""
        for path in sorted(self.paths):
            if stat.S_ISLNK(self.states[path].st_mode):
                yield path, os.readlink(f"{self.root}/{path}")  # noqa: PTH115 - a Path would write it anew

    def documents(self) -> Iterator[Document]:
        """Read every document, one at a time; only those that `read` has given before are still kept."""
        for path in self.files:
            document = self._kept[path] if path in self._kept else self._load(path)
            if document is not None:
                yield document

    def read(self, path: str) -> Document | None:
        """Read one document and keep it; None if the path is none of `files`, or turns out to be no text."""
        if path not in self._kept:
            self._kept[path] = self._load(path) if path in self._known else None
        return self._kept[path]

    def digest(self, path: str) -> str | None:
        """What tells the content of one of `files` from any other, as far as it is read; None if it cannot be."""
        if path not in self._digests:
            self.read(path)
        return self._digests[path]

    def exists(self, path: str) -> bool:
        """Tell whether a path is a file, link or folder of the tree."""
        return path in self.paths or path in self.folders

    def children(self, folder: str) -> tuple[str, ...]:
        """What lies directly in a folder, sorted; "" is the root."""
        return self._children.get(folder, ())

    @property
    def passed_over(self) -> tuple[tuple[str, str], ...]:
        """Files that look like text and are no documents, each with the reason. Reads what was not read yet."""
        return self.passed_over_among(lambda _path: True)

    def passed_over_among(self, asks: Callable[[str], bool]) -> tuple[tuple[str, str], ...]:
        """Those of `passed_over` whose path is asked about. Reads no other files."""
        self._see(asks)
        return tuple(sorted((path, reason) for path, reason in self._passed.items() if asks(path)))

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """Documents with something odd about them, each with a remark. Reads what was not read yet."""
        return self.notes_among(lambda _path: True)

    def notes_among(self, asks: Callable[[str], bool]) -> tuple[tuple[str, str], ...]:
        """Those of `notes` whose path is asked about. Reads no other files."""
        self._see(asks)
        return tuple(sorted((path, note) for path, note in self._notes.items() if asks(path)))

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.paths | self.folders):
            found[path.rpartition("/")[0]].append(path)
        return {folder: tuple(paths) for folder, paths in found.items()}

    def _see(self, asks: Callable[[str], bool]) -> None:
        for path in self.files:
            if path not in self._digests and asks(path):
                self._load(path)

    def _load(self, path: str) -> Document | None:
        self._digests[path] = None
        try:
            data = self.unsaved[path] if path in self.unsaved else _content(f"{self.root}/{path}")
        except OSError as error:
            self._passed[path] = _trouble(error)
            return None
        self._digests[path] = digest(data)
        claimed = self.formats.claimed(path)
        if reason := _no_text(data):
            if claimed or reason != "binary":
                self._passed[path] = reason
            return None
        if problem := _not_utf8(data):
            self._notes[path] = problem
        return Document(path, data, claimed or self.formats.fallback)


def digest(data: bytes) -> str:
    """What tells a content from any other."""
    return blake2b(data, digest_size=16).hexdigest()


def real(path: Path) -> Path:
    """An absolute path without links. Where they lead in a ring it is as far as one gets; `Path.resolve` raises there."""
    return Path(os.path.realpath(path))


def discover(root: Path, settings: Settings, formats: Sequence[Format]) -> Tree:
    """List the files of a tree: in git what is tracked or could be, elsewhere all but hidden folders.

    Opens none of them. Raises RefactorError if the root is no folder or a glob is malformed.
    """
    if not root.is_dir():
        raise RefactorError(f"{root} is no folder: name the folder of the course or book.")
    is_excluded = matcher(settings.exclude)
    passed: dict[str, str] = {}
    listed, folders = _listed(root, passed)
    found = dict(_present(root, listed, passed))
    modules = {path for path, status in found.items() if stat.S_ISDIR(status.st_mode)}
    passed.update(dict.fromkeys(modules, "submodule"))
    files = []
    for path in sorted(found.keys() - modules):
        if is_excluded(path) or _is_nothing(path, found[path]):
            continue
        if reason := _reason(path, found[path]):
            passed[path] = reason
        else:
            files.append(path)
    paths = frozenset(found.keys() - modules)
    refused = tuple(sorted(passed.items()))
    return Tree(
        root, tuple(files), paths, frozenset((folders | modules) - paths), Formats.of(formats), found, refused, passed
    )


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Make a test for paths from globs that mean what they mean in .gitignore. Raises RefactorError."""
    if not globs:
        return lambda _path: False
    from pathspec import GitIgnoreSpec

    specs = []
    for glob in globs:
        try:
            specs.append(GitIgnoreSpec.from_lines([glob], backend="simple"))
        except (ValueError, re.error) as error:
            raise RefactorError(f"{glob!r} is no glob: write it as in .gitignore.") from error
    return GitIgnoreSpec([one for spec in specs for one in spec.patterns], backend="simple").match_file


# --- listing ------------------------------------------------------------------------------------


def _listed(root: Path, passed: dict[str, str]) -> tuple[Sequence[str], set[str]]:
    """All paths and their folders. A root that git ignores as a whole is walked as if git were not there."""
    listed = git.listing(root)
    if not listed:
        return _walked(root, passed)
    folders = _folders_of(listed)
    linked = {folder for folder in folders if os.path.islink(f"{root}/{folder}")}  # noqa: PTH114 - never raises
    if not linked:
        return listed, folders
    behind = {path for path in (*listed, *folders) if not linked.isdisjoint(_ancestors(path))}
    return [path for path in listed if path not in behind], folders - behind - linked


def _walked(root: Path, passed: dict[str, str]) -> tuple[list[str], set[str]]:
    """All paths below a folder, except in hidden and installed ones."""
    files: list[str] = []
    folders = [""]
    for folder in folders:  # which grows as we go
        try:
            with os.scandir(f"{root}/{folder}") as listing:
                entries = list(listing)
        except OSError as error:
            passed[folder or "."] = _trouble(error)
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}".lstrip("/")
            if not entry.is_dir(follow_symlinks=False):
                files.append(path)
            elif not entry.name.startswith(".") and entry.name not in _SKIPPED_FOLDERS:
                folders.append(path)
    return files, set(folders[1:])


def _folders_of(paths: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        for folder in _ancestors(path):
            if folder in found:
                break
            found.add(folder)
    return found


def _ancestors(path: str) -> Iterator[str]:
    """The folders that a path lies in, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _present(root: Path, listed: Iterable[str], passed: dict[str, str]) -> Iterator[tuple[str, os.stat_result]]:
    for path in listed:
        try:
            yield path, os.lstat(f"{root}/{path}")
        except (FileNotFoundError, NotADirectoryError):  # git tracks it, and it was deleted
            continue
        except OSError as error:
            passed[path] = _trouble(error)


def _is_nothing(path: str, status: os.stat_result) -> bool:
    """Tell whether nobody would look for words in a file: it is empty, or a picture, an archive, a font."""
    if not stat.S_ISREG(status.st_mode):
        return False
    return status.st_size == 0 or os.path.splitext(path)[1].lower() in _BINARY  # noqa: PTH122 - this is no Path


def _reason(path: str, status: os.stat_result) -> str:
    """Why a file is no document, as far as its directory entry tells; "" if it may be one."""
    if stat.S_ISLNK(status.st_mode):
        return "symbolic link"
    if not stat.S_ISREG(status.st_mode):
        return "no regular file"
    if status.st_size > LARGEST:
        return "larger than 10 MB"
    name = path.rpartition("/")[2]
    return "lock file" if name in _LOCK_FILES or name.endswith(".lock") else ""


# --- reading ------------------------------------------------------------------------------------


def _content(path: str) -> bytes:
    """The bytes of a file, or only the first of them if they are those of no text."""
    with open(path, "rb") as file:  # noqa: PTH123 - some hundred times, and a Path costs more than the call
        head = file.read(_HEAD)
        return head if len(head) < _HEAD or _no_text(head) else head + file.read()


def _no_text(data: bytes) -> str:
    """Why bytes are no text, "" if they are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in data[:_HEAD]:
        return "UTF-16: save it as UTF-8"
    if b"\0" in data[:_HEAD]:
        return "binary"
    return POINTER if data.startswith(_POINTER) else ""


def _not_utf8(data: bytes) -> str:
    if data.isascii():
        return ""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8 from byte {error.start} on"
    return ""


def _trouble(error: OSError) -> str:
    return f"cannot be read ({error.strerror})"
