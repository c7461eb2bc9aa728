"""File formats: each public module turns a text into zones and exports one `FORMAT`.

This package only chooses among formats it is given; it does not load, read or change files.
"""

from __future__ import annotations

from collections.abc import Sequence

from refactor.model import Format

FALLBACK = "plain"


def choose(path: str, formats: Sequence[Format]) -> Format:
    """Pick the format of a path: by whole file name, then by suffix, else the one named "plain"."""
    name = path.rpartition("/")[2]
    lower = name.lower()
    for known in formats:
        if name in known.names:
            return known
    for known in formats:
        if lower.endswith(known.suffixes):
            return known
    return next(known for known in formats if known.name == FALLBACK)
