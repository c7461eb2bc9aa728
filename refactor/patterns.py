"""Patterns that other people wrote: compiled only if that takes bounded time and memory, and what a hit is replaced by.

Runs none of them on a text; who does gives a timeout.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regex import Match, Pattern

LONGEST = 10_000  # characters of a pattern
WIDEST = 50_000  # items that a pattern may stand for once its counts are written out

_GROUP = re.compile(r"\\g<(\w+)>")
_RECURSION = re.compile(r"\(\?(?:R\)|[+-]?\d+\)|&|P>)")
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<open>\()|(?P<close>\))|\{(?P<least>\d+)(?:,\d*)?\}|(?P<plus>\+)|.", re.DOTALL
)


class BadPatternError(ValueError):
    """A text that is no pattern, or one that would cost too much: what is wrong, and what to do."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice


def compiled(written: str, limit: float) -> Pattern[str]:
    """Compile a pattern in which `^` and `$` stand for the ends of a line. Raises BadPatternError.

    A pattern that matches an empty text is bad, too; trying that takes at most `limit` seconds.
    """
    import regex

    if len(written) > LONGEST:
        raise BadPatternError(f"a pattern is longer than {LONGEST} characters", "make several rules of it")
    if _width(written) > WIDEST or _RECURSION.search(written):
        raise BadPatternError("a pattern repeats itself too often", "use smaller counts, and no recursion")
    try:
        pattern = regex.compile(written, regex.MULTILINE)
        matches_nothing = pattern.fullmatch("", timeout=limit) is not None
    except regex.error as error:
        raise BadPatternError(f"{written!r} is no pattern ({error})", "correct it, or escape the character") from error
    except (RecursionError, MemoryError, OverflowError, TimeoutError) as error:
        raise BadPatternError("a pattern is too large", "make several rules of it") from error
    if matches_nothing:
        raise BadPatternError(f"{written!r} matches an empty text", "write what must be there")
    return pattern


def _width(written: str) -> int:
    """How many items the compiler makes of a pattern, which writes counted groups out: `((a{9}){9}){9}` is 729."""
    open_groups, last = [0], 0
    for token in _TOKEN.finditer(written):
        if token["open"]:
            open_groups.append(0)
        elif token["close"] and len(open_groups) > 1:
            last = open_groups.pop()
            open_groups[-1] += last
        elif token["least"] or token["plus"]:
            times = int(token["least"][:9]) if token["least"] else 2
            open_groups[-1] += last * (times - 1)
            last *= times
        else:
            last = 1
            open_groups[-1] += 1
    return sum(open_groups)


def term(text: str) -> str:
    """A pattern for a text on word boundaries: any blanks stand for a blank, any case for a text without capitals."""
    text = text.strip()
    before = r"\b" if re.match(r"\w", text) else ""
    after = r"\b" if re.search(r"\w$", text) else ""
    case = "i" if text == text.lower() else ""
    words = r"\s+".join(map(re.escape, text.split()))
    return f"{before}(?{case}:{words}){after}"


# --- replacing ----------------------------------------------------------------------------------


def groups_in(replacement: str) -> list[str]:
    r"""The names and numbers of the groups that a replacement holds as `\g<name>`."""
    return _GROUP.findall(replacement)


def has_group(pattern: Pattern[str], name: str) -> bool:
    """Tell whether a pattern has a group of a name or number; 0 is the whole hit."""
    return name in pattern.groupindex or (name.isdecimal() and int(name) <= pattern.groups)


def filled_in(replacement: str, hit: Match[str]) -> str:
    r"""A replacement with every `\g<name>` written out; all else stands for itself."""
    return _GROUP.sub(lambda group: hit[int(group[1]) if group[1].isdecimal() else group[1]] or "", replacement)
