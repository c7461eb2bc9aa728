"""Files that speak of a tree as it is to be, or as it was: what they name need not be there today.

Decides by name alone.
"""

from __future__ import annotations

import re

_PLAN = re.compile(r"(?i)(?:^|[-_ ])(?:plan|proposal|roadmap|rfc|todo)s?(?:[-_ .][^/]*)?$")
_COPY = (".bak", ".orig", ".old", "~")


def is_plan(path: str) -> bool:
    """Tell whether a file is named as a plan."""
    return _PLAN.search(path.rpartition("/")[2]) is not None


def is_copy(path: str) -> bool:
    """Tell whether a file is named as somebody's backup copy."""
    return path.endswith(_COPY)
