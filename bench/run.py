"""Measure renumber beside other tools, all in one run, and print how they compare.

Usage: python bench/run.py [--quick] [--slow] [--runs N] [--clock wall|cpu] [--only NAME] [--out FOLDER]

Trees: the demo course once, 10 and 50 times in one repository, 40,000 small pages, and the checkout of TinyTorch that
REFACTOR_TINYTORCH names, with its history and without. Peers run where they are installed: git grep, typos,
codespell, ast-grep, rumdl, and LibCST's RenameCommand; with --slow also Fixit and semgrep, and LibCST on many courses.
Prints a table in Markdown; --out also gets bench.json, bench.md and bench.svg. A busy machine changes the clock more
than the ratios, and --clock cpu least.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import commands  # noqa: E402
import report  # noqa: E402
import trees  # noqa: E402
from measure import in_turn, run  # noqa: E402

CHECKOUT = "REFACTOR_TINYTORCH"


def main() -> None:
    """Make every tree in a temporary folder, measure on it, and report."""
    arguments = _arguments()
    found = []
    for kind in _kinds(quick=arguments.quick):
        if arguments.only in kind.name:
            print(f"{kind.name} ...", file=sys.stderr)
            found.append(_measured(kind, arguments))
    said = report.table(found, arguments.clock)
    print(said)
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        machine = {"python": platform.python_version(), "system": platform.platform(), "processors": _processors()}
        (arguments.out / "bench.json").write_text(json.dumps(report.as_json(found, machine), indent=1) + "\n")
        (arguments.out / "bench.md").write_text(said + "\n")
        (arguments.out / "bench.svg").write_text(report.plot(found, arguments.clock))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one course and ten, 2,000 pages")
    parser.add_argument("--slow", action="store_true", help="also peers that take minutes")
    parser.add_argument("--runs", type=int, default=3, help="rounds; the ratio is the median of theirs (default: 3)")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--only", default="", metavar="NAME", help="trees whose name has this in it")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where JSON, table and plot are written")
    return parser.parse_args()


def _kinds(*, quick: bool) -> Iterator[trees.Kind]:
    yield from (trees.course(count) for count in ((1, 10) if quick else (1, 10, 50)))
    yield trees.flat(2_000 if quick else 40_000)
    if checkout := os.environ.get(CHECKOUT):
        yield from (trees.real(Path(checkout), past=past) for past in (False, True))


def _measured(kind: trees.Kind, arguments: argparse.Namespace) -> report.Measured:
    with tempfile.TemporaryDirectory() as folder:
        tree, scratch, cache = Path(folder, "tree"), Path(folder, "scratch"), Path(folder, "cache")
        kind.write(tree)
        scratch.mkdir()
        wanted = [*commands.ours(kind, tree, cache), *commands.peers(tree, scratch, slow=arguments.slow)]
        if kind.plan or arguments.slow:
            wanted += commands.libcst()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "REFACTOR_CACHE_DIR": str(cache)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else the compiler is measured too
        again = next(command for command in wanted if command.name == commands.AGAIN)
        run(again, tree, environment)  # fills Python's cache of byte code, and ours
        taken = in_turn(wanted, tree, environment, arguments.runs)
        sizes = [path.stat().st_size for path in tree.rglob("*") if path.is_file() and ".git" not in path.parts]
        return report.Measured(kind.name, len(sizes), sum(sizes), kind.courses, taken)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    main()
