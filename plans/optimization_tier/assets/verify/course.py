"""A course on disk: a temporary copy to work in, names as they were before the restructure, programs with limits.

Knows nothing of what is measured.
"""

from __future__ import annotations

import argparse
import glob
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_RENAME = re.compile(r"^ +(?P<old>[\w-]+): *(?:\{ *to: *)?(?P<new>[\w-]+)")
_SKIPPED = shutil.ignore_patterns(".git", "_build", "__pycache__", ".pytest_cache")


@dataclass(frozen=True)
class Result:
    """What came of one item. A higher score is better; `detail` says why something is not good."""

    ok: bool
    detail: str = ""
    score: int = 0
    timed_out: bool = False

    def __str__(self) -> str:
        return f"{'good' if self.ok else 'not good'}{': ' * bool(self.detail)}{self.detail}"


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code (None if it took too long) and what it printed."""

    code: int | None
    output: str


@dataclass(frozen=True)
class Course:
    """A copy of a course. `renames` are new ids by old ones, empty for the course as it was before."""

    root: Path
    options: argparse.Namespace
    renames: Mapping[str, str]

    @staticmethod
    def copy(tree: Path, options: argparse.Namespace, renames: Mapping[str, str]) -> Course:
        """Copy a tree to a temporary folder, without its history and what was built in it."""
        root = Path(tempfile.mkdtemp(prefix="no-worse-")) / "course"
        shutil.copytree(tree, root, symlinks=True, ignore=_SKIPPED)
        return Course(root, options, renames)

    def remove(self) -> None:
        """Delete the copy."""
        shutil.rmtree(self.root.parent, ignore_errors=True)

    def as_before(self, text: str) -> str:
        """Write new ids, and slugs that are new, as they were called before; all at once."""
        names: dict[str, str] = {}
        for old, new in self.renames.items():
            names |= {new: old, new.replace("_", "-"): old.replace("_", "-")}
            (old_slug, new_slug) = (name.partition("_")[2] for name in (old, new))
            if old_slug != new_slug:
                names |= {f"{new_slug}_dev": f"{old_slug}_dev"}
        return re.sub("|".join(map(re.escape, sorted(names, key=len, reverse=True))), lambda hit: names[hit[0]], text) if names else text

    def modules(self) -> list[Path]:
        """The folders of the modules."""
        found = (self.root / self.options.modules).iterdir()
        return sorted(path for path in found if path.is_dir() and path.name[:1].isdigit())

    def wanted(self, item: str) -> bool:
        """Whether an item, by its old name, is asked for."""
        return not self.options.only or item.startswith(tuple(self.options.only))

    def run(self, words: Sequence[str | Path], seconds: int | None = None, **environment: str) -> Ended:
        """Run a program in the copy; whatever it started ends with it."""
        variables = os.environ | {"PYTHONPATH": self._python_path(), "PYTHONDONTWRITEBYTECODE": "1"} | environment
        with subprocess.Popen(
            [str(word) for word in words], cwd=self.root, env=variables, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        ) as process:  # fmt: skip
            try:
                output, _ = process.communicate(timeout=seconds or self.options.seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return Ended(None, "")
        return Ended(process.returncode, output)

    def export(self) -> None:
        """Run the commands that export all modules. Ends the program if one fails."""
        for command in self.options.export:
            words = [word for piece in self.words(command) for word in self._expanded(piece)]
            ended = self.run(words, seconds=600)
            if ended.code != 0:
                sys.exit(f"{command!r} ended with {ended.code} in the course {'after' if self.renames else 'before'}:\n{ended.output[-2000:]}")

    def words(self, command: str) -> list[str]:
        """A command as words; `python` is the Python that runs this."""
        return [sys.executable if word == "python" else word for word in shlex.split(command)]

    def _expanded(self, word: str) -> list[str]:
        found = sorted(glob.glob(word, root_dir=self.root)) if "*" in word else []
        return found or [word]

    def _python_path(self) -> str:
        """The course, and before it packages that cannot be imported."""
        hidden = self.root.parent / "hidden"
        for name in self.options.hide:
            hidden.mkdir(exist_ok=True)
            (hidden / f"{name}.py").write_text(f"raise ImportError('{name} is hidden')\n")
        return os.pathsep.join([str(hidden)] * bool(self.options.hide) + [str(self.root)])


def read_renames(plan: Path) -> dict[str, str]:
    """Old ids with new ids, as they stand below `rename:` in a plan."""
    below = re.search(r"(?ms)^rename:\n(.*?)(?=^\S|\Z)", plan.read_text(encoding="utf-8"))
    lines = below[1].splitlines() if below else []
    return {found["old"]: found["new"] for line in lines if (found := _RENAME.match(line))}
