"""Sections that an entry's own page counts behind its number: `## 5.2 Installation` and `- 5.2.1 Linux` on the page of 5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from refactor.kinds import Kind
from refactor.model import Claim, Document
from refactor.shapes import number_part
from refactor.spans import Span
from refactor.words import Words

# At the start of a heading or an item of a list, in a comment or a cell, too; behind an emoji, a bracket or emphasis.
_LABEL = re.compile(
    r"(?m)^[ \t>\"]*(?:# )?(?P<mark>#{1,6}|[-*+])[ \t]+[*_`\[]{0,3}"
    r"(?::\w+:[ \t]*|[^\w\s#\[\](){}*_`.\"'-]{1,3}[ \t]+)?[*_`\[]{0,3}"
    r"(?P<number>\d{1,3})(?P<sections>(?:\.\d{1,2}){1,3})(?=[.:)]?[*_`]{0,3}[ \t])"
)
# Headings that a page counts by itself: there `### 4.1` is a part of `## 4.`, whatever the page's number.
_COUNTED = re.compile(r"(?m)^[ \t>\"]*(?:# )?#{1,6}[ \t]+(?P<number>\d{1,2})[.:)]?[ \t]")
_FEWEST = 2  # labels that count on, unless other pages do so, too; one may be a version or a measure


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield the number in front of each section, where all headings or all items of a page count that way."""
    own = {entry.number for entry in words.home_of(document.path)}
    if not own or not any(f"{number}." in document.view for number in own) or _counts_itself(document.view, own):
        return
    labels = list(_LABEL.finditer(document.view))
    headings = [label for label in labels if label["mark"].startswith("#")]
    items = [label for label in labels if not label["mark"].startswith("#")]
    fewest = 1 if "section" in words.series.dependents else _FEWEST
    for group in (headings, items):
        if len(group) >= fewest and {int(label["number"]) for label in group} <= own and _counts(group):
            yield from map(_claim, group)


def _counts_itself(view: str, own: set[int]) -> bool:
    return any(int(heading["number"]) not in own for heading in _COUNTED.finditer(view))


def _counts(labels: Sequence[re.Match[str]]) -> bool:
    """Tell whether sections count up from 0 or 1: "3.5 million" and "3.14" do not."""
    said = [[int(part) for part in label["sections"].split(".")[1:]] for label in labels]
    return said[0][0] <= 1 and all(one < other for one, other in pairwise(said))


def _claim(label: re.Match[str]) -> Claim:
    return Claim("dependent", Span(label.start("number"), label.end("sections")), (number_part(label),))


KIND = Kind("section", 1, "a section that starts with its page's number", find)
