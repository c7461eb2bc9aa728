"""Time a dry-run rename against LibCST's own RenameCommand on one tree, in turn, and print the ratio.

Usage: python bench/rename.py TREE [--plan PLAN] [--runs N]. The tree is not changed: LibCST works on a copy of it.
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
from statistics import median

PLAN = Path(__file__).parents[1] / "plans" / "optimization_tier"
LIBCST = (
    "-m",
    "libcst.tool",
    "codemod",
    "rename.RenameCommand",
    "--old_name",
    "os.nothing",
    "--new_name",
    "os.nothing",
    ".",
)


def main() -> None:
    """Run both commands in turn and print every time, the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--plan", type=Path, default=PLAN)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    ours = (
        "-m",
        "refactor",
        "--root",
        str(arguments.tree.resolve()),
        "rename",
        "--plan",
        str(arguments.plan),
        "--dry-run",
    )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(arguments.tree, copy, ignore=shutil.ignore_patterns(".git"))
        _seconds(ours, Path.cwd())  # fills the byte code cache
        pairs = [(_seconds(ours, Path.cwd()), _seconds(LIBCST, copy)) for _ in range(arguments.runs)]
    for mine, theirs in pairs:
        print(f"rename --dry-run {mine:6.2f} s   LibCST RenameCommand {theirs:7.2f} s   1/{theirs / mine:.1f}")
    print(f"median ratio 1/{median(theirs / mine for mine, theirs in pairs):.1f}")


def _seconds(command: tuple[str, ...], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run((sys.executable, *command), cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
