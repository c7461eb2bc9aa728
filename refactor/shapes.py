"""Pieces of patterns that several kinds share: what may stand between a word, a number and a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from refactor.model import Claim, Document, Entry, Part
from refactor.spans import Span
from refactor.words import Name, Words

if TYPE_CHECKING:
    import regex

# A number that is not part of a larger one: no version, percentage, decimal, unit or date.
_DATE = r"(?!\s(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s\d{4})"
NUMBER = rf"(?P<number>\d{{1,3}})(?P<letter>[a-z]?)(?![\w%°])(?!\.\d)(?!:\d){_DATE}"

# Between a word and its number: blanks, a soft wrap (with a comment's or quote's leader), inline markup.
GAP = (
    r"(?:\*\*|__|[*_`\]])?"
    r"(?:[ \t\u00a0~]{1,2}|[ \t]*\r?\n[ \t]*(?:(?:[#>*]|//|--)[ \t]+)*|-|(?=[\[(#*]))"
    r"(?:\*\*|__|[*`\[(#]|№){0,2}"
)

# Words of measure: a number before one of them counts something.
UNIT = (
    r"(?!\s?(?:[-–]?\s?)(?:weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|x|×|%|bits?|bytes?|[KMG]B|"
    r"points?|pts|times|percent|lines?|pages?|students?|years?|months?|epochs?|steps?|samples?|layers?|fps|"
    r"tokens?|iterations?|of\b)(?!\w))"
)

_COUNTING = frozenset(("#", "no", "nr", "№", "number"))  # what heads a column of numbers

_AFTER = re.compile(
    r"(?:\*\*|__|[`*\"']|\](?!\())*"
    r"(?P<sep>[ \t]*(?:[:–—|]|-(?=[ \t])|\()[ \t]*|[ \t]+|[\"']?[ \t]*[:,][ \t]*[(\[]?[\"'])"
    r"(?:\*\*|__|[`*\"'\[])*"
    r"(?P<name>[^\W\d_][^\n|()\[\]*`\"':;,.!?–—→{}<>]{0,80})"
)
_IN_LABEL = re.compile(
    r"\.[ \t]+(?P<name>[^\W\d_][^\n\[\]]{0,80})\]\("
)  # "[Module 14. KV Caching](": no sentence ends here
_OWNER = re.compile(r"(?i:your|our|my)[ ](?=[A-Z])")
_BEFORE = re.compile(r"(?P<name>[^\n|()\[\]*`\"':;,.!?→{}<>]{2,80}?)(?:\*\*|__|[`*])*[ \t]*\((?:\*\*|__|[`*])*$")


def name_after(view: str, end: int, number: int, words: Words) -> Name | None:
    """The name that follows a number: "14: KV Caching", "14 (KV Caching)", "14 KV Caching"."""
    found = _AFTER.match(view, end)
    if not found:
        return _name_in_label(view, end, words)
    text = found["name"].split(" - ")[0]
    if re.fullmatch(r"[A-Z]\d{1,3}", text):
        return None  # "Module 14 (M14)": the same number once more
    strong = bool(found["sep"].strip())
    owner = _OWNER.match(text)  # "Module 14: YOUR Cache" speaks of what the reader makes of "Cache"
    skipped = owner.end() if owner else 0
    name = words.name_at_start(text[skipped:], found.start("name") + skipped, exact=not strong, old=True)
    own = words.by_number.get(number, ())
    if name and not agree(name, own) and (inside := words.names_one_of(text, own)):
        return Name(inside, None, inside[0].titles[0])  # "15: Profiling and KV Caching"
    if name is None or strong:
        return name
    exactly = name.part is not None and any(name.text in entry.titles for entry in name.entries)
    return Name(name.entries, name.part if exactly else None, name.text, strong=False)


def _name_in_label(view: str, end: int, words: Words) -> Name | None:
    label = _IN_LABEL.match(view, end)
    name = words.name_at_start(label["name"], label.start("name"), exact=True) if label else None
    return name if label and name and len(name.text) == len(label["name"].rstrip()) else None


def name_before(view: str, start: int, number: int, words: Words) -> Name | None:
    """The name before a number in parentheses: "KV Caching (Module 14)". A description there is no name."""
    if not view[max(0, start - 90) : start].rstrip("*_`").endswith("("):
        return None
    found = _BEFORE.search(view, max(0, start - 90), start)
    if not found:
        return None
    own = words.by_number.get(number, ())
    name = words.name_at_end(found["name"], found.start("name"), old=True)
    fits = name is not None and name.part is not None and agree(name, own)
    inside = () if fits else words.names_one_of(found["name"], own) or words.reminds_of(found["name"], own)
    if name and name.part and not inside:
        # "KV Caching (Module 14)" is the title; "use KV caching (Module 14)" is the technique.
        return name if _capitalised(name.text) else Name(name.entries, None, name.text)
    return Name(inside, None, found["name"]) if inside else (name if agree(name, own) else None)


def _capitalised(text: str) -> bool:
    return all(word[:1].isupper() or not word[:1].isalpha() for word in text.split())


def number_part(found: regex.Match[str] | re.Match[str]) -> Part:
    """The number of a hit, as the part of a claim."""
    return Part(Span(*found.span("number")), "number", found["number"])


def with_name(kind: str, span: Span, number: Part, name: Name | None, noun: str = "") -> Claim:
    """Put number and name into one claim; a name that is only hinted at gives evidence and no part."""
    if name is None:
        return Claim(kind, span, (number,), noun=noun)
    part = name.part or Part(Span(number.span.end, number.span.end), "hint" if name.strong else "aside", name.text)
    if name.part is not None:
        span = Span(min(span.start, part.span.start), max(span.end, part.span.end))
    return Claim("number+name", span, (number, part), noun=noun)


def agree(name: Name | None, entries: tuple[Entry, ...]) -> bool:
    """Tell whether a name may be that of one of the entries."""
    return name is not None and any(entry.key == other.key for entry in name.entries for other in entries)


def counts_entries(head: str, words: Words) -> bool:
    """Tell whether the head of a column says nothing but that numbers of entries stand below: "#", "Lesson", "Day No."."""
    said = [word.strip("*_`.").casefold() for word in head.split()]
    return bool(said) and all(word in _COUNTING or word in words.series.nouns for word in said)


def spots(view: str, literals: Iterable[str]) -> list[int]:
    """Where any of some literal texts stands, in order. Many times quicker than one pattern for them all."""
    found: set[int] = set()
    for literal in literals:
        position = view.find(literal)
        while position >= 0:
            found.add(position)
            position = view.find(literal, position + 1)
    return sorted(found)


@lru_cache(maxsize=1024)
def noun_spots(document: Document, words: Words) -> tuple[int, ...]:
    """Where a noun of the series stands, as a word or as the end of one: some kinds look there and nowhere else."""
    view, is_noun = document.view, compiled(_noun, words.noun_pattern).match
    folded = view.lower()
    if len(folded) != len(view):  # a few letters grow when folded, and places would shift
        return tuple(found.start() for found in compiled(_noun, words.noun_pattern).finditer(view))
    return tuple(spot for spot in spots(folded, words.noun_starts) if is_noun(view, spot))


def _noun(nouns: str) -> str:
    return rf"(?i){nouns}(?![^\W\d_])"


def at_nouns(build: Callable[[str], str], document: Document, words: Words) -> Iterator[regex.Match[str]]:
    """The matches of a pattern that starts with a noun; none starts inside another."""
    return matches(compiled(build, words.noun_pattern), document.view, noun_spots(document, words))


def matches(pattern: regex.Pattern[str], view: str, at: Iterable[int]) -> Iterator[regex.Match[str]]:
    """The matches of a pattern that start at one of some offsets, in order; none starts inside another."""
    done = 0
    for spot in at:
        if spot >= done and (found := pattern.match(view, spot)):
            done = found.end()
            yield found


@lru_cache(maxsize=32)
def compiled(build: Callable[[str], str], nouns: str) -> regex.Pattern[str]:
    """Compile a pattern that depends on a series' nouns, once."""
    import regex

    return regex.compile(build(nouns))
