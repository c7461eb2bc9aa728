"""How counts are worded, and text of a tree made harmless for terminals, logs and pages."""

from __future__ import annotations

import re

# Controls, direction marks, invisible fillers, tags, halves of surrogate pairs, non-characters. Listed, because what
# Python calls printable grows with every Unicode version, and a report must not depend on it.
UNSEEN = (
    "\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f"
)
_OBEYED = re.compile(f"[\x00-\x1f{UNSEEN}]")


def safe(text: str) -> str:
    """Put U+FFFD for every character that a terminal, a log or a page would obey instead of showing."""
    return _OBEYED.sub("\ufffd", text)


def count(number: int, noun: str) -> str:
    """A number and its noun: "1 finding", "2 findings"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
