"""Paths as texts: the folders above one, and where one lies after moves.

Knows no disk, and never asks whether a path is there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping


def parents(path: str) -> Iterator[str]:
    """Give the folders above a path, the nearest first, without the root: `a/b/c` gives `a/b`, `a`."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def seen_from(path: str, written: str) -> tuple[str, str]:
    """Give what a path written in a file may lead to: seen from the folder of the file, and from the root."""
    folders = (posixpath.dirname(path), "")
    from_file, from_root = (posixpath.normpath(posixpath.join(folder, written)).lstrip("/") for folder in folders)
    return from_file, from_root


def final(path: str, moves: Mapping[str, str]) -> str:
    """Tell where a path of the tree before lies afterwards: it goes with the nearest thing at or above it that moves."""
    for known in (path, *parents(path)):
        if known in moves:
            return moves[known] + path[len(known) :]
    return path
