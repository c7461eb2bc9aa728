"""The demo: write the shipped course, renumber its optimization tier, and show what happened and why."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from refactor import transaction
from refactor.demo import course, history
from refactor.model import Edit, Left, Plan
from refactor.moves import Moves
from refactor.plan_json import place
from refactor.planfile import read
from refactor.renaming import build, find_series
from refactor.spans import Span, line_at, splice
from refactor.verbs import plan_of
from refactor.workspace import Workspace, open_tree

# One edit of each is shown, so that the list reads as a tour.
_TOUR = ("number", "number+name", "slug", "stem", "set", "title", "command", "identifier", "pair", "anchor")


def demo(arguments: argparse.Namespace) -> int:
    """Write the demo course with its history, rename on it, and print what moved, what changed, and what was left."""
    root = (arguments.into or Path(tempfile.mkdtemp(prefix="renumber-demo-"))).resolve()
    history.make_history(root)
    workspace = open_tree(root)
    wanted = read(course.plan_path())
    pairs = [(one.old_id, one.new_id) for one in wanted.renames]
    series = find_series(workspace.catalogue, [old for old, _ in pairs], wanted.series)
    asked = build(series, pairs, {one.old_id: one.title for one in wanted.renames if one.title}, tiers=wanted.tiers)
    plan = plan_of(workspace, asked, Moves(asked, workspace.words(series)))
    transaction.apply(root, plan, label=f"rename of {len(plan.renames)} {series.name}s")
    print("\n".join(_story(root, workspace, plan)))
    return 0


def _story(root: Path, workspace: Workspace, plan: Plan) -> Iterator[str]:
    yield f"A course of {len(workspace.catalogue.series[0].entries)} modules is in {root}"
    yield "Its optimization tier was renumbered in one transaction:\n"
    for one in plan.renames:
        title = f'  now called "{one.title}"' if one.title else ""
        yield f"  {one.old.id:<18} -> {one.new.id}{title}"
    yield f"\n{len(plan.moves)} files and folders moved, among them"
    yield from (f"  {move.old} -> {move.new}" for move in plan.moves[:4])
    files = len({edit.path for edit in plan.edits})
    yield f"\n{len(plan.edits)} mentions in {files} files were rewritten; one line of each kind:"
    yield from _tour(plan.edits, workspace)
    yield from _left_alone(plan.left, workspace)
    yield "\nLook around, then:"
    yield f"  git -C {root} diff                         every change"
    yield f"  python -m refactor --root {root} undo      the course as it was, byte for byte"


def _tour(edits: tuple[Edit, ...], workspace: Workspace) -> Iterator[str]:
    """Whole lines before and after, each from another file."""
    seen: set[str] = set()
    for kind in _TOUR:
        edit = next((edit for edit in edits if edit.kind == kind and edit.path not in seen), None)
        if edit is not None:
            seen.add(edit.path)
            before, after = _line_with(edit, edits, workspace)
            yield f"  {_where(edit, workspace)}  ({kind}: {edit.because})"
            yield f"    - {before}"
            yield f"    + {after}"


def _line_with(edit: Edit, edits: tuple[Edit, ...], workspace: Workspace) -> tuple[str, str]:
    text = workspace.documents[edit.path].text
    line = line_at(text, edit.span.start, edit.span.end)
    inside = [(one.span, one.old, one.new) for one in edits if one.path == edit.path and line.holds(one.span)]
    moved = [(Span(span.start - line.start, span.end - line.start), old, new) for span, old, new in inside]
    return _cut(text[line.start : line.end]), _cut(splice(text[line.start : line.end], moved))


def _cut(line: str) -> str:
    line = line.strip()
    return line if len(line) <= 100 else line[:97] + "..."


def _left_alone(left: tuple[Left, ...], workspace: Workspace) -> Iterator[str]:
    counts = Counter(one.verdict.value for one in left)
    spread = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    yield f"\n{len(left)} mentions were looked at and left alone ({spread}); for example:"
    for verdict in ("stale", "history", "foreign", "ambiguous"):
        chosen = {one.path: one for one in left if one.verdict.value == verdict}
        for one in list(chosen.values())[:2]:
            yield f"  {_where(one, workspace)}"
            yield f"      {_flat(one.text)}    ({one.verdict.value}: {one.reason})"
    order = [one for one in left if one.reason.startswith("order")]
    if order:
        yield f"  {_where(order[0], workspace)}"
        yield f"      {_flat(order[0].text)}    (rewritten, but {order[0].reason.removeprefix('order: ')})"


def _where(one: Edit | Left, workspace: Workspace) -> str:
    return f"{one.path}:{place(workspace.documents[one.path], one.span)['line']}"


def _flat(text: str) -> str:
    return " ".join(text.split())
