"""Programs run inside a course: git, Python as a student would, and what a command of ours said. Judges nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Told:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def git(root: Path, *arguments: str) -> str:
    """Run git and give what it prints."""
    command = ("git", "-C", str(root), *arguments)
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def commit(root: Path) -> str:
    """Put everything into a new repository, or a new commit of it; give the commit."""
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Write it down")
    return git(root, "rev-parse", "HEAD").strip()


def python(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the tests' own Python on something of the course, as a student would from its root."""
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    command = (sys.executable, *arguments)
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False)
