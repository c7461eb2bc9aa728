"""Texts that write old and new ids side by side: a plan or a list of redirects says what it means, and stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from refactor.model import Document

_ENOUGH = 2  # lines with both ids of a pair
Pairs = Sequence[tuple[str, str]]  # old id, new id


def describes(document: Document, pairs: Pairs) -> bool:
    """Tell whether a text has two lines or more with the old and then the new id of one of some pairs. Ids that are
    nothing but a number do not tell: any line may hold two numbers."""
    named = ((old, new) for old, new in pairs if not (old.isdigit() or new.isdigit()))
    likely = (_shape(old, new) for old, new in named if _is_in(new, document.data) and _is_in(old, document.data))
    return sum(len(shape.findall(document.view)) for shape in likely) >= _ENOUGH


@lru_cache(maxsize=256)
def _shape(old: str, new: str) -> re.Pattern[str]:
    return re.compile(rf"{_either(old)}[^\n]*{_either(new)}")


def _is_in(written: str, data: bytes) -> bool:
    return written.encode() in data or written.replace("_", "-").encode() in data


def _either(written: str) -> str:
    return r"(?<![^\W_])" + re.escape(written).replace("_", "[_-]")
