"""Measure one thing in a course before and after a restructure, item by item, and name every item that got worse.

    python no_worse.py MEASURE BEFORE AFTER [options]

MEASURE is static, exports, scripts, tests, commands or book (see measures.py). BEFORE and AFTER are two copies of the
course; neither is written to, all work happens in temporary copies. Items are compared under the names that they had
before: the renaming is read from the plan that this file lies beside. Exit code 0: nothing is worse. 1: something is,
and each such item is printed. 2: wrong arguments.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import measures
from course import Course, Result, read_renames


def main() -> int:
    """Measure both trees, compare, print."""
    options = _arguments()
    renames = read_renames(Path(options.plan))
    measure = measures.ALL[options.measure]
    courses = [Course.copy(Path(tree), options, renames if side else {}) for side, tree in enumerate(options.trees)]
    try:
        with ThreadPoolExecutor(len(courses)) as pool:
            before, after = pool.map(measure, courses)
        suspects = {item for item in before | after if _is_worse(before.get(item), after.get(item))}
        if suspects and options.measure in measures.REPEATABLE:  # a busy machine is no regression
            after |= measures.REPEATABLE[options.measure](courses[1], suspects)
    finally:
        for course in courses:
            course.remove()
    return _report(options, before, after)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", choices=sorted(measures.ALL))
    parser.add_argument("trees", nargs=2, metavar="TREE", help="the course before, and after")
    parser.add_argument("--plan", default=Path(__file__).resolve().parents[2] / "plan.yaml", help="where renames stand")
    parser.add_argument("--modules", default="modules/source", help="folder that holds the modules")
    parser.add_argument("--package", default="", help="folder that the modules are exported to")
    parser.add_argument("--book", default="book", help="folder of the book")
    parser.add_argument("--tests", default="tests", help="folder of the tests")
    parser.add_argument("--tool", default="", help="the command of the course, for example 'python bin/tool'")
    parser.add_argument("--export", action="append", default=[], help="a command that exports; globs are expanded")
    parser.add_argument("--only", action="append", default=[], help="only items that begin so, by their old names")
    parser.add_argument("--added", action="append", default=[], help="an item that may be new")
    parser.add_argument("--changed", action="append", default=[], help="an item that may have changed")
    parser.add_argument("--hide", action="append", default=[], help="a package that must seem not to be installed")
    parser.add_argument("--seconds", type=int, default=120, help="time limit for each item")
    return parser.parse_args()


def _is_worse(before: Result | None, after: Result | None) -> bool:
    if after is None:
        return before is not None and before.ok
    if before is None:
        return not after.ok
    if before.timed_out:
        return False  # nothing is known about it
    if after.score != before.score:
        return after.score < before.score
    return not after.ok and after.detail != before.detail


def _report(options: argparse.Namespace, before: dict[str, Result], after: dict[str, Result]) -> int:
    worse = 0
    for item in sorted(before.keys() | after.keys()):
        old, new = before.get(item), after.get(item)
        allowed = item in options.changed or (old is None and item in options.added)
        unplanned = options.measure == "exports" and (old is None or new is None or old.detail != new.detail)
        if allowed or not (unplanned or _is_worse(old, new)):
            continue
        worse += 1
        print(f"worse: {item}\n  before: {old or 'not there'}\n  after:  {new or 'not there'}")
    good = sum(result.ok for result in after.values())
    print(f"{options.measure}: {len(after)} items, {good} good, {worse} worse than before")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
