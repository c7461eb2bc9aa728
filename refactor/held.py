"""What the `leave` steps of a plan hold back: from its renaming, from mending, and from what lint must find clean.

Tells places apart; it opens no file, and a place that nobody leaves is none of its business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from refactor.spans import Span
from refactor.steps import Call


def is_held(calls: Iterable[Call], names: Collection[str], span: Span, content: str, check: str = "") -> bool:
    """Tell whether a place of a file is left by one of some `leave` steps.

    `names` are the paths that the file has before and after the renaming, `content` is its text. A step that names
    checks leaves what these find there, and nothing else.
    """
    return any(_holds(call, names, span, content, check) for call in calls)


def _holds(call: Call, names: Collection[str], span: Span, content: str, check: str) -> bool:
    only, texts = call.texts("checks"), call.texts("text")
    if (only and check not in only) or not any(file in names for file in call.texts("file")):
        return False
    found = (place for text in texts for place in places(text, content))
    return not texts or any(place.holds(span) or place.touches(span) for place in found)


def places(text: str, content: str) -> Iterator[Span]:
    """Every place of a text in another one; none begins inside another."""
    start = content.find(text)
    while start >= 0:
        yield Span(start, start + len(text))
        start = content.find(text, start + len(text))
