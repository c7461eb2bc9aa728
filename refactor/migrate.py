"""What a branch brought, brought up to date: of a whole renaming only what stands on its own lines and in its own files.

Pure. The renaming is planned where the branch wrote, for there its text means what it meant; what has to be done is then
carried to where the lines are now, each known by who wrote it and when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from refactor import ledger, renaming
from refactor.branches import Key
from refactor.ledger import Record
from refactor.model import Catalogue, Document, Edit, Left, Move, Plan, Renaming, Verdict
from refactor.moves import Moves
from refactor.spans import Span, line_column

_TWICE = "nobody can tell whether this line was brought up to date already"


def renamings(catalogue: Catalogue, steps: Sequence[Record]) -> tuple[Renaming, ...]:
    """The renamings that several entries of a ledger together are for a tree, one for each of its series. What the tree
    does not have is left out; a RefactorError says what it has in the way."""
    known = {one.name: one for one in catalogue.series}
    names = [name for name in dict.fromkeys(one.series for one in steps) if name in known]
    found = (_renaming(catalogue, ledger.together(steps, name)) for name in names)
    return tuple(one for one in found if one is not None)


def _renaming(catalogue: Catalogue, record: Record) -> Renaming | None:
    series = next(one for one in catalogue.series if one.name == record.series)
    ids = {entry.id for entry in series.entries}
    pairs = [one for one in record.pairs if one.old in ids]
    titles = {one.old: one.title for one in pairs if one.title}
    if not pairs and not record.exports:
        return None
    moved = [(one.old, one.new) for one in pairs]
    return renaming.build(series, moved, titles, tiers=record.tiers, exports=record.exports)


# --- in the tree of the branch itself -----------------------------------------------------------


def own(
    plan: Plan,
    documents: Mapping[str, Document],
    moves: Iterable[Moves],
    lines: Mapping[str, Collection[int]],
    files: Collection[str],
) -> Plan:
    """Of a plan, what stands on some lines (from 1), and the moves of some files instead of all."""
    edits = tuple(one for one in plan.edits if _stands_on(lines, documents[one.path], one.span))
    left = tuple(one for one in plan.left if _stands_on(lines, documents[one.path], one.span))
    moved = {Move(path, new) for one in moves for path in files if (new := one.new_path(path)) != path}
    return replace(plan, edits=edits, left=left, moves=tuple(sorted(moved)))


def _stands_on(lines: Mapping[str, Collection[int]], document: Document, span: Span) -> bool:
    first, _ = line_column(document.starts, span.start)
    last, _ = line_column(document.starts, max(span.start, span.end - 1))
    known = lines.get(document.path, ())
    return all(line in known for line in range(first, last + 1))


# --- carried to another tree --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """What an edit does on one line: from which column (from 0), and what takes the place of what."""

    column: int
    edit: Edit


@dataclass(frozen=True, eq=False)
class Written:
    """What a branch wrote: its own part of a plan, the documents that this is about, and who wrote its own lines. `place`
    tells where a file of the branch lies in the other tree."""

    plan: Plan
    documents: Mapping[str, Document]
    keys: Mapping[str, Mapping[int, Key]]
    place: Mapping[str, str]

    @cached_property
    def pieces(self) -> dict[tuple[str, int], list[Piece]]:
        """What is to be done, by path and line (from 1)."""
        found: dict[tuple[str, int], list[Piece]] = defaultdict(list)
        for edit in self.plan.edits:
            for line, piece in _pieces(edit, self.documents[edit.path]):
                found[edit.path, line].append(piece)
        return found

    def after(self, path: str, line: int, key: Key) -> Key:
        """What a line is when all is done."""
        text = key[1]
        for piece in sorted(self.pieces.get((path, line), ()), key=lambda one: -one.column):
            text = text[: piece.column] + piece.edit.new + text[piece.column + len(piece.edit.old) :]
        return key[0], text


def _pieces(edit: Edit, document: Document) -> Iterator[tuple[int, Piece]]:
    line, column = line_column(document.starts, edit.span.start)
    old, new = edit.old.split("\n"), edit.new.split("\n")
    if len(old) != len(new):
        return
    for at, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            yield line + at, Piece(0 if at else column - 1, replace(edit, old=before, new=after))


@dataclass(frozen=True, eq=False)
class Here:
    """The tree that the lines are in now: its documents, and who wrote the lines of some."""

    documents: Mapping[str, Document]
    keys: Mapping[str, Mapping[int, Key]]

    @cached_property
    def by_key(self) -> dict[Key, list[tuple[str, int]]]:
        """Where lines are."""
        found: dict[Key, list[tuple[str, int]]] = defaultdict(list)
        for path in sorted(self.keys):
            for line, key in sorted(self.keys[path].items()):
                found[key].append((path, line))
        return found

    def span(self, path: str, line: int, column: int, length: int) -> Span:
        """A place of a document."""
        start = self.documents[path].starts[line - 1] + column
        return Span(start, start + length)


def carried(written: Written, here: Here) -> tuple[tuple[Edit, ...], tuple[Left, ...]]:
    """What has to be done where the lines are now, and what a person should look at."""
    edits: set[Edit] = set()
    left: set[Left] = set()
    for path in sorted({path for path, _ in written.pieces}):
        for line in sorted(at for one, at in written.pieces if one == path):
            key = written.keys.get(path, {}).get(line)
            if key is None:
                continue
            problem = _problem(written, here, path, key)
            for place in (one for one in here.by_key.get(key, ()) if one[0] == written.place[path]):
                new = [_edit(here, place, piece) for piece in written.pieces[path, line]]
                if problem:
                    left.update(_left(one, problem) for one in new)
                else:
                    edits.update(new)
    return tuple(sorted(edits)), tuple(sorted((*left, *_strays(written, here))))


def _problem(written: Written, here: Here, path: str, key: Key) -> str:
    """Why a line cannot be told from another of the same words; "" if it can."""
    lines = written.keys[path]
    after = {written.after(path, line, other) for line, other in lines.items() if other == key}
    if len(after) > 1:
        return "lines of the same words mean different things"
    makers = [other for line, other in lines.items() if other != key and written.after(path, line, other) == key]
    is_here = any(place == written.place[path] for other in makers for place, _ in here.by_key.get(other, ()))
    return _TWICE if makers and not is_here else ""


def _edit(here: Here, place: tuple[str, int], piece: Piece) -> Edit:
    path, line = place
    return replace(piece.edit, path=path, span=here.span(path, line, piece.column, len(piece.edit.old)))


def _left(edit: Edit, reason: str) -> Left:
    return Left(edit.path, edit.span, edit.old, edit.kind, Verdict.AMBIGUOUS, edit.target, edit.new, reason)


def _strays(written: Written, here: Here) -> Iterator[Left]:
    """Lines that a merge put into another file of the same name: git takes files for each other whose content is one."""
    for path, keys in sorted(written.keys.items()):
        home = written.place[path]
        for line in sorted(keys):
            places = here.by_key.get(keys[line], ()) if keys[line][1].strip() else ()
            astray = [one for one in places if one[0] != home and _name(one[0]) == _name(home)]
            if not astray or len(astray) < len(places):
                continue
            (there, at), text = astray[0], keys[line][1]
            reason = f"this was written in {path}, which is {home} now, and a merge put it here; move it by hand"
            yield Left(there, here.span(there, at, 0, len(text)), text, "line", Verdict.AMBIGUOUS, "", None, reason)
            break


def _name(path: str) -> str:
    return path.rpartition("/")[2]
