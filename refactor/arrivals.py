"""Paths that lead somewhere before a renaming, and where they must lead after it. Pure.

A mention may look like one of an entry that moves, and be a part of the name of something that stays.
"""

from __future__ import annotations

import re

from refactor.index import way_before
from refactor.model import Document, Edit
from refactor.moves import Moves
from refactor.paths import seen_from

_PATH = re.compile(r"[\w./~-]+")
_FURTHEST = 300  # code points from an edit to the end of its path
_DOTS = frozenset({"", ".", ".."})
_NAMES = frozenset({"slug", "stem", "identifier"})  # what may be a path without a slash


def is_led_astray(edit: Edit, document: Document, moves: Moves) -> bool:
    """Tell whether an edit would change a name in a path to something that is there and keeps this name."""
    start, written = _path_around(edit, document.view)
    if edit.kind not in _NAMES and "/" not in written:
        return False
    after = _led(written, document.path, moves)
    at = written.count("/", 0, max(0, edit.span.start - start))
    return after is not None and after[at] == written.split("/")[at]


def _path_around(edit: Edit, view: str) -> tuple[int, str]:
    """The path that an edit changes, and where it begins."""
    begin = edit.span.start - len(way_before(view, edit.span.start))
    found = _PATH.match(view, begin, edit.span.end + _FURTHEST)
    return begin, found[0].rstrip(".") if found else ""


def _led(written: str, path: str, moves: Moves) -> list[str] | None:
    """The components of a written path as they must be afterwards; None if it leads to nothing now.

    A path is seen from its file, or else from the root.
    """
    parts = written.split("/")
    names = [part for part in parts if part not in _DOTS]
    for place in seen_from(path, written.lstrip("/")):
        if names and place in moves.words.all_paths and place.split("/")[-len(names) :] == names:
            new = iter(moves.new_path(place).split("/")[-len(names) :])
            return [part if part in _DOTS else next(new) for part in parts]
    return None
