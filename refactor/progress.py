"""Say on a terminal how far long work is; silent elsewhere, and for the first second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_PATIENCE = 1.0  # seconds before anything is said
_EVERY = 0.1


def watched(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Give the items on; where standard error is a terminal and it takes long, count them on one line there."""
    if not sys.stderr.isatty():
        yield from items
        return
    due, said = time.monotonic() + _PATIENCE, False
    for count, item in enumerate(items, 1):
        if time.monotonic() >= due:
            print(f"\r{what} {count} of {total}", end="", file=sys.stderr, flush=True)
            due, said = time.monotonic() + _EVERY, True
        yield item
    if said:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
