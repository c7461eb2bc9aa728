"""One spelling of a mention a file; each exports one frozen `KIND`, found by `plugins.load`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from refactor.model import Claim, Document
from refactor.words import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mention. `rank` settles which claim keeps a piece of text that two kinds find:
    the lower one. `find` yields claims with spans in code points of the document's view."""

    name: str
    rank: int
    summary: str
    find: Callable[[Document, Words], Iterator[Claim]]
