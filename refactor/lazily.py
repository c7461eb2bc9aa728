"""Values that are made when they are first asked for, so that a run pays only for what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def everything(_path: str) -> bool:
    """Say yes to every path: what is asked about where nothing is left out."""
    return True


class Lazily(Mapping[str, T]):
    """A mapping over given keys that makes a value when it is first looked up, and then keeps it.

    A key for which nothing is made is not in the mapping.
    """

    def __init__(self, keys: Sequence[str], make: Callable[[str], T | None]) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = make
        self._made: dict[str, T | None] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self._made:
            self._made[key] = self._make(key) if key in self._keys else None
        found = self._made[key]
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._keys if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
