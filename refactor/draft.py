"""A tree as the steps of one commit leave it, before anything of it is written.

Steps look at it in turn, and each sees what those before it did. Pure: reads files, writes none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from refactor.errors import RefactorError
from refactor.marks import KeyPath
from refactor.model import Document, Edit, Left, Move, Plan
from refactor.paths import final
from refactor.spans import Span, encode, splice
from refactor.tree import Tree


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run with the tree as its working folder, and what it must do: end with `code` within `seconds`,
    and print `prints`. `writes` are globs of the files that are taken over from it."""

    words: tuple[str, ...]
    folder: str = ""
    seconds: float = 600
    code: int = 0
    prints: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    writes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clean:
    """A lint that must find nothing: checks by name, rule packs, and globs of the files it is about. With `only_new`,
    what was found before the plan is accepted."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    only_new: bool = False


@dataclass(frozen=True, slots=True)
class Mend:
    """What a lint finds is to be mended: what is certain, or with `unsafe` what is likely, too."""

    lint: Clean
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step asks for. Edits and moves are measured on the draft that the step saw; an edit of a file that is
    not there makes it."""

    edits: tuple[Edit, ...] = ()
    moves: tuple[Move, ...] = ()
    left: tuple[Left, ...] = ()
    commands: tuple[Command, ...] = ()
    cleans: tuple[Clean, ...] = ()
    mends: tuple[Mend, ...] = ()


def _no_share(_way: KeyPath) -> Outcome:
    raise RefactorError("the plan renames nothing; list entries below 'rename' before a phase has a step 'rename'.")


@dataclass(frozen=True, eq=False)
class Draft:
    """A tree, and what is already decided about it: new texts by the path that they will have, and moves of the tree.

    `share` gives what the renaming does in the `rename` step at a place of the plan.
    """

    tree: Tree
    texts: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    share: Callable[[KeyPath, Draft], Outcome] = lambda way, _draft: _no_share(way)

    @cached_property
    def paths(self) -> frozenset[str]:
        """All files as they lie in the draft."""
        return frozenset({final(path, self._there) for path in self.tree.paths} | self.texts.keys())

    def origin(self, path: str) -> str:
        """Where a path of the draft lies in the tree."""
        return final(path, self._back)

    def read(self, path: str) -> Document | None:
        """The text file at a path of the draft; None if there is none."""
        if path in self.texts:
            claimed = self.tree.formats.claimed(path) or self.tree.formats.fallback
            return Document(path, encode(self.texts[path]), claimed)
        origin = self.origin(path)
        found = self.tree.read(origin) if final(origin, self._there) == path else None
        return replace(found, path=path) if found and path != origin else found

    def after(self, outcome: Outcome) -> Draft:
        """The draft with what a step asks for. Raises ValueError if an edit does not fit."""
        texts = dict(self.texts)
        for path, edits in groupby(sorted(outcome.edits, key=lambda edit: edit.path), key=lambda edit: edit.path):
            found = self.read(path)
            texts[path] = splice(found.text if found else "", ((edit.span, edit.old, edit.new) for edit in edits))
        there = {move.old: move.new for move in outcome.moves}
        moved = {final(path, there): text for path, text in texts.items()}
        return replace(self, texts=moved, moves=(*self.moves, *outcome.moves))

    def plan(self) -> Plan:
        """Everything that is to be done to the tree, at once; one edit a file."""
        edits = tuple(edit for path in sorted(self.texts) if (edit := self._edit(path)))
        return Plan(None, (), edits, tuple(sorted(self.moves)))

    def _edit(self, path: str) -> Edit | None:
        origin, new = self.origin(path), self.texts[path]
        found = self.tree.read(origin)
        if found is None:
            if origin in self.tree.paths:
                raise RefactorError(f"{path} is no text that can be edited; leave it out of the plan.")
            return Edit(origin, Span(0, 0), "", new)
        return difference(origin, found.text, new)

    @cached_property
    def _there(self) -> dict[str, str]:
        return {move.old: move.new for move in self.moves}

    @cached_property
    def _back(self) -> dict[str, str]:
        return {move.new: move.old for move in self.moves}


def difference(path: str, before: str, after: str) -> Edit | None:
    """The one edit that makes a text of another, as short as can be; None if they are the same."""
    if before == after:
        return None
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    end = next((at for at in range(shorter - start) if before[-1 - at] != after[-1 - at]), shorter - start)
    span = Span(start, len(before) - end)
    return Edit(path, span, before[start : span.end], after[start : len(after) - end])


def left_over(outcomes: Iterable[Outcome]) -> tuple[Left, ...]:
    """What several steps leave for a person, once each."""
    return tuple(dict.fromkeys(left for outcome in outcomes for left in outcome.left))
