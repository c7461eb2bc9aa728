"""Time lint against codespell, git grep and an interpreter that does nothing, in turn, and print the ratios.

Usage: python bench/lint.py TREE [--file README.md] [--codespell PROGRAM] [--runs N]. TREE is a git checkout; the work is
done on a copy of it, so that a file can change between runs. The smallest time of each command counts.
Leave PYTHONDONTWRITEBYTECODE unset, or the compiler is measured too.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATTERN = "[Mm]odule[ _]?[0-9]+|[0-9]{2}_[a-z]+"
BARS = (
    ("whole tree, nothing remembered", "codespell", 0.5),
    ("whole tree, remembered", "git grep", 3),
    ("one file, nothing remembered", "python -c pass", 8),
    ("one file that has just changed", "python -c pass", 8),
    ("one file, remembered", "python -c pass", 8),
)


def main() -> None:
    """Run every command in turn; print the smallest time of each, and the ratios that count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--file", default="README.md", help="a path in the tree")
    parser.add_argument("--codespell", default="codespell")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tree, cache = Path(folder, "tree"), Path(folder, "cache")
        shutil.copytree(arguments.tree, tree, symlinks=True)
        best = _best(tree, arguments.file, cache, arguments.codespell, arguments.runs)
    for name, seconds in best.items():
        print(f"{name:32} {1000 * seconds:8.1f} ms")
    for name, other, bar in BARS:
        print(f"{name:32} {best[name] / best[other]:8.2f} x {other} (bar {bar})")


def _best(tree: Path, name: str, cache: Path, codespell: str, runs: int) -> dict[str, float]:
    ours = (sys.executable, "-m", "refactor", "--root", str(tree), "lint", "--cache-dir", str(cache))
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "git grep": ("git", "grep", "-nE", PATTERN),
        "codespell": (codespell, "--skip", ".git", "."),
        "whole tree, nothing remembered": (*ours, "--no-cache"),
        "whole tree, remembered": ours,
        "one file, nothing remembered": (*ours, "--no-cache", name),
        "one file, remembered": (*ours, name),
    }
    best: dict[str, float] = {}
    _seconds(ours, tree)  # fills the byte code cache, and ours
    for _ in range(runs):
        for what, command in commands.items():
            best[what] = min(best.get(what, 9e9), _seconds(command, tree))
    what, file = "one file that has just changed", tree / name
    for _ in range(runs):
        file.write_bytes(file.read_bytes() + b"\n")
        best[what] = min(best.get(what, 9e9), _seconds((*ours, name), tree))
    return best


def _seconds(command: tuple[str, ...], folder: Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in {0, 1, 65}:  # codespell says 65 where it found something
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace')}")
    return seconds


if __name__ == "__main__":
    main()
