"""Write a set of numbers again after its members moved: "Modules 14-16", "14, 15 and 18".

Pure arithmetic and spelling; which set is meant was decided before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from refactor.model import Tier
from refactor.naming import pad

# What stands between the two ends of a range, as a sign or as a word.
SIGN = r"\s?(?:->|[-–—→~～]|\.{2,3})\s?"
WORD = r"\s(?:to|through|thru|until)\s"

RANGE = "range"  # the detail of a claim that names a set by its ends


@dataclass(frozen=True, slots=True)
class Moved:
    """How numbers move, and the tiers before and after."""

    numbers: Mapping[int, int]
    before: tuple[Tier, ...] = ()
    after: tuple[Tier, ...] = ()
    known: frozenset[int] | None = None  # the numbers in use, if somebody counted them

    def has(self, number: int) -> bool:
        """Tell whether an entry has this number."""
        return self.known is None or number in self.known

    def is_free(self, number: int) -> bool:
        """Tell whether no entry has this number afterwards, though one had it before."""
        return self.known is not None and number in self.known and number not in {self.of(one) for one in self.known}

    def of(self, number: int) -> int:
        """The new number of a number."""
        return self.numbers.get(number, number)


def new_range(first: int, last: int, moved: Moved) -> tuple[int, int] | None:
    """The range that a range becomes, or None if its members do not form one any more."""
    if first > last or not (moved.has(first) and moved.has(last)):
        return None  # it names what this series does not have
    if whole := _tier_range(first, last, moved):
        return whole
    members = sorted({moved.of(number) for number in range(first, last + 1)})
    # Where room was made, the range that spans the place spans the new entry too: 1-6 becomes 1-7.
    members = [number for number in range(members[0], members[-1] + 1) if number in members or moved.is_free(number)]
    if members[-1] - members[0] + 1 == len(members):
        return members[0], members[-1]
    return _by_borders(first, last, moved)


def _tier_range(first: int, last: int, moved: Moved) -> tuple[int, int] | None:
    """A tier's set becomes the tier's new range."""
    named = {tier.name.casefold(): tier for tier in moved.after}
    for tier in moved.before:
        if (tier.first, tier.last) == (first, last) and tier.name.casefold() in named:
            after = named[tier.name.casefold()]
            return after.first, after.last
    return None


def _by_borders(first: int, last: int, moved: Moved) -> tuple[int, int] | None:
    """Ends that are a tier's ends follow the tier; other ends must not move."""
    named = {tier.name.casefold(): tier for tier in moved.after}
    pairs = [(tier, named[tier.name.casefold()]) for tier in moved.before if tier.name.casefold() in named]
    start = next((new.first for old, new in pairs if old.first == first), None)
    end = next((new.last for old, new in pairs if old.last == last), None)
    if start is None and moved.of(first) == first:
        start = first
    if end is None and moved.of(last) == last:
        end = last
    return (start, end) if start is not None and end is not None and start <= end else None


def rewrite(text: str, moved: Moved) -> str | None:
    """Write a set again in its own style, or None if it cannot be said in that style."""
    digits = re.findall(r"\d+", text)
    numbers = [int(number) for number in digits]
    if len(numbers) == 2 and is_range(text):
        return _rewrite_range(text, digits, moved)
    if any(is_range(piece) for piece in re.split(r",|\band\b|&|/", text)):
        return _rewrite_mixed(text, moved)
    new = [moved.of(number) for number in numbers]
    if numbers == sorted(numbers):
        new.sort()
    return _with_numbers(text, [pad(number, old) for number, old in zip(new, _widths(digits), strict=True)])


def is_range(text: str) -> bool:
    """Tell whether a set is written with its two ends only: "14-16", "1 through 7"."""
    return bool(re.search(rf"\d(?:{SIGN}|{WORD})\d", text))


def _rewrite_range(text: str, digits: Sequence[str], moved: Moved) -> str | None:
    ends = new_range(int(digits[0]), int(digits[1]), moved)
    if ends is None:
        return _as_list(text, digits, moved)
    return _with_numbers(text, [pad(number, old) for number, old in zip(ends, _widths(digits), strict=True)])


def _as_list(text: str, digits: Sequence[str], moved: Moved) -> str | None:
    """A range that broke up is written as ranges and numbers: "10-14" becomes "10-13, 15"."""
    first, last = int(digits[0]), int(digits[1])
    if not re.fullmatch(r"\d+\s?[-–]\s?\d+", text) or first > last or not (moved.has(first) and moved.has(last)):
        return None
    members = sorted(moved.of(number) for number in range(first, last + 1))
    runs: list[list[int]] = []
    for member in members:
        if runs and runs[-1][1] + 1 == member:
            runs[-1][1] = member
        else:
            runs.append([member, member])
    if len(runs) > 3:
        return None
    dash = re.sub(r"\d", "", text)
    width = _widths(digits)[0]
    written = [pad(a, width) if a == b else pad(a, width) + dash + pad(b, width) for a, b in runs]
    return ", ".join(written)


def _rewrite_mixed(text: str, moved: Moved) -> str | None:
    """A list that holds ranges: each range must stay one."""
    position, pieces = 0, []
    for found in re.finditer(rf"\d+(?:{SIGN}\d+)?", text):
        new = rewrite(found[0], moved) if is_range(found[0]) else pad(moved.of(int(found[0])), found[0])
        if new is None or "," in new:
            return None
        pieces += [text[position : found.start()], new]
        position = found.end()
    return "".join((*pieces, text[position:]))


def _widths(digits: Sequence[str]) -> list[str]:
    """If one number of a set is padded, all are."""
    padded = any(number.startswith("0") for number in digits)
    return ["0" * len(number) if padded else number for number in digits]


def _with_numbers(text: str, numbers: Sequence[str]) -> str:
    fresh = iter(numbers)
    return re.sub(r"\d+", lambda _: next(fresh), text)
