"""A first restructure plan from a renaming: its phases, and an empty asset for every statement that a person must judge.

Pure: gives the files of the plan as texts, writes none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from refactor.draft import Draft, Outcome
from refactor.model import Document, Edit, Left, Plan, Renaming
from refactor.paths import final
from refactor.spans import Span, line_at
from refactor.steps._cells import cells_of
from refactor.tree import Tree
from refactor.wording import count

_INSTRUCTIONS = """\
#? {path}
#? This statement is about an order that the renaming changes, so it may be false afterwards. Before:
#?   {before}
#? After the renaming it reads:
#?   {after}
#? Write below what is to stand there in its place. Lines that begin with #? are for you; they go nowhere.
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """A line that a person must judge: its file and text after the renaming, and as it was."""

    path: str
    line: str
    before: str
    often: int


def first_plan(name: str, asked: Renaming, plan: Plan, tree: Tree) -> dict[str, str]:
    """The files of a first plan by their names: plan.yaml, and the assets that are to be written."""
    draft = Draft(tree).after(Outcome(plan.edits, plan.moves))
    found = [*_statements(plan, tree, draft)]
    names = [f"assets/order-{at:02d}.md" for at in range(1, len(found) + 1)]
    files = {"plan.yaml": "\n".join([*_head(name, asked), *_phases(plan, found, names, draft)]) + "\n"}
    for asset, one in zip(names, found, strict=True):
        files[asset] = _INSTRUCTIONS.format(path=one.path, before=one.before, after=one.line)
    return files


# --- statements ---------------------------------------------------------------------------------


def _statements(plan: Plan, tree: Tree, draft: Draft) -> Iterator[Statement]:
    """Every line with a statement of order, once; not in a notebook beside a dev file, which is changed along."""
    there = {move.old: move.new for move in plan.moves}
    edits = {path: [*group] for path, group in groupby(plan.edits, key=lambda edit: edit.path)}
    seen: set[tuple[str, str]] = set()
    for left in plan.left:
        before, path = tree.read(left.path), final(left.path, there)
        after = draft.read(path)
        if not left.reason.startswith("order") or before is None or after is None or _has_twin(left.path, tree):
            continue
        line = _line_after(left, edits.get(left.path, []), after)
        if line and (path, line) not in seen:
            seen.add((path, line))
            old = line_at(before.text, left.span.start)
            yield Statement(path, line, before.text[old.start : old.end].strip(), after.text.count(line))


def _has_twin(path: str, tree: Tree) -> bool:
    return path.endswith(".ipynb") and path.removesuffix(".ipynb") + ".py" in tree.paths


def _line_after(left: Left, edits: Sequence[Edit], after: Document) -> str:
    """What the line of a statement reads after the renaming, without the blanks around it."""
    shift = sum(len(edit.new) - len(edit.old) for edit in edits if edit.span.end <= left.span.start)
    inside = next((edit.span.start for edit in edits if edit.span.touches(left.span)), left.span.start)
    place = line_at(after.text, min(inside + shift, len(after.text)))
    if not after.path.endswith(".ipynb"):
        return after.text[place.start : place.end].strip()
    cell = next((one for one in cells_of(after) if one.inner.touches(Span(place.start, place.end + 1))), None)
    said = [line.strip() for line in cell.source.split("\n")] if cell else []
    return next(
        (
            line
            for line in said
            if line and json.dumps(line, ensure_ascii=False)[1:-1] in after.text[place.start : place.end]
        ),
        "",
    )


# --- the plan file ------------------------------------------------------------------------------


def _head(name: str, asked: Renaming) -> Iterator[str]:
    yield f"plan: {_text(name)}"
    yield f"series: {_text(asked.series.name)}"
    yield "rename:"
    for one in asked.renames:
        title = f", title: {_text(one.title)}" if one.title else ""
        yield f"  {_text(one.old.id)}: {{to: {_text(one.new.id)}{title}}}"
    if asked.tiers:
        yield "tiers:"
        yield from (f"  {_text(tier.name)}: {tier.first:02d}-{tier.last:02d}" for tier in asked.tiers)


def _phases(plan: Plan, found: Sequence[Statement], assets: Sequence[str], draft: Draft) -> Iterator[str]:
    folders = sorted({f"/{move.old.partition('/')[0]}/" for move in plan.moves if "/" in move.old})
    yield "phases:"
    if folders:
        yield from _phase("entries", "The entries themselves", "refactor: give the entries their new places")
        yield f"  - rename: {{paths: {json.dumps(folders, ensure_ascii=False)}}}"
    yield from _phase("mentions", "Mentions everywhere else", "docs: follow the new places")
    yield "  - rename: {}"
    if found:
        yield f"# {count(len(found), 'statement')} of order; each asset says what is asked. Take out the steps that need no change."
        yield from _phase("statements", "Statements of order", "docs: say what comes before and after")
        for one, asset in zip(found, assets, strict=True):
            yield from _step(one, asset, draft)
    yield "- phase: check"
    yield "  title: Nothing is worse than before"
    yield "  verify:"
    yield "  - lint: {only_new: true}"


def _phase(slug: str, title: str, message: str) -> Iterator[str]:
    yield from (f"- phase: {slug}", f"  title: {title}", f"  message: {_text(message)}", "  steps:")


def _step(one: Statement, asset: str, draft: Draft) -> Iterator[str]:
    path, line = _text(one.path), _text(one.line)
    document = draft.read(one.path)
    cells = [at for at, cell in enumerate(cells_of(document), 1) if one.line in cell.source] if document else []
    if not one.path.endswith((".py", ".ipynb")) or not cells:
        times = f", count: {one.often}" if one.often > 1 else ""
        yield f"  - edit_text: {{file: {path}, old: {line}, asset: {asset}{times}}}"
        return
    anchor = f"{{contains: {line}}}" if len(cells) == 1 else f"{{number: {cells[0]}}}"
    leave = ", notebook: leave" if _is_behind(one, draft) else ""
    yield f"  - replace_in_cell: {{file: {path}, cell: {anchor}, old: {line}, asset: {asset}{leave}}}"


def _is_behind(one: Statement, draft: Draft) -> bool:
    """Tell whether the notebook beside a dev file does not say what that says."""
    notebook = draft.read(one.path.removesuffix(".py") + ".ipynb") if one.path.endswith(".py") else None
    return notebook is not None and sum(one.line in cell.source for cell in cells_of(notebook)) != 1


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
