"""A plan for people: what moves, what changes, what is left and why, in counts and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from refactor.model import Document, Edit, Left, Plan
from refactor.spans import line_column

_SHOWN = 20


def render(plan: Plan, documents: Mapping[str, Document], *, done: bool = False, everything: bool = False) -> str:
    """Describe a plan; in the past tense when it was carried out. Long lists are cut unless `everything`."""
    would = "" if done else "would "
    verb = ("renamed", "moved", "edited") if done else ("rename", "move  ", "edit  ")
    lines = [f"{would}{verb[0]}  {one.old.id} -> {one.new.id}" + (f"  ({one.title})" if one.title else "")
             for one in plan.renames]  # fmt: skip
    lines += [f"{would}{verb[1]}  {move.old} -> {move.new}" for move in plan.moves]
    if plan.edits:
        files = len({edit.path for edit in plan.edits})
        lines.append(
            f"{would}{verb[2]}  {_count(len(plan.edits), 'mention')} in {_count(files, 'file')} ({_kinds(plan.edits)})"
        )
    if not lines:
        lines.append("nothing to do")
    lines += _left(plan.left, documents, everything=everything)
    return "\n".join(lines) + "\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _kinds(edits: Sequence[Edit]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(edit.kind for edit in edits).most_common())


def _left(left: Sequence[Left], documents: Mapping[str, Document], *, everything: bool) -> Iterator[str]:
    """What a person should look at first: not what stays because it is right."""
    shown = [one for one in left if everything or _matters(one)]
    if not left:
        return
    yield f"left alone  {_count(len(left), 'mention')}" + (
        f", {len(shown)} of them worth a look:" if shown else ", all of them right"
    )
    for one in shown if everything else shown[:_SHOWN]:
        line, column = line_column(documents[one.path].starts, one.span.start)
        text = " ".join(one.text.split())
        yield f"  {_safe(one.path)}:{line}:{column}  {_safe(text)!r}  {one.verdict.value}: {one.reason}"
    if not everything and len(shown) > _SHOWN:
        yield f"  ... and {len(shown) - _SHOWN} more; --format json shows all"


def _matters(one: Left) -> bool:
    return one.verdict.value in {"stale", "ambiguous"} or one.reason.startswith("order")


def _safe(text: str) -> str:
    """No control characters from the tree reach the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
