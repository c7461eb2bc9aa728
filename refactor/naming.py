"""How entries are written: ids in path components, and when two names are the same name.

Knows nothing of trees or files; only strings go in and out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# `ch17-02-trait-objects`, `14_caching`, `week_3_data`, `13a_learner`, `chapter17`, `listing-17-03`
_ID = re.compile(
    r"(?P<prefix>(?:[A-Za-z][A-Za-z_.-]*?[ ]?)?)(?P<number>[0-9]{1,3})(?P<letter>[a-z]?)(?![0-9A-Za-z])"
    r"(?:(?P<separator>[_. -]+)(?:(?P<section>[0-9]{1,3})(?![0-9A-Za-z])(?:[_. -]+|$))?(?P<slug>.*))?"
)
_COUNTED = re.compile(r"(?:[0-9]{1,3}\.)+(?=[^.]+\.)")


@dataclass(frozen=True, slots=True)
class Id:
    """A path component taken apart; offsets count from the start of the component."""

    prefix: str
    number: int
    digits: str
    letter: str
    separator: str
    section: str
    slug: str
    number_at: int
    slug_at: int


@lru_cache(maxsize=1 << 16)
def parse_id(stem: str) -> Id | None:
    """Read a file's stem or a folder's name as an id, or give None if it holds no leading number."""
    found = _ID.fullmatch(stem)
    if not found:
        return None
    return Id(
        prefix=found["prefix"],
        number=int(found["number"]),
        digits=found["number"],
        letter=found["letter"],
        separator=found["separator"] or "",
        section=found["section"] or "",
        slug=found["slug"] or "",
        number_at=found.start("number"),
        slug_at=found.start("slug") if found["slug"] else len(stem),
    )


def split_suffix(name: str) -> tuple[str, str]:
    """Split a file's name at its first dot after the first character: ("14_kv", ".test.py").

    The dot of a number that begins the name is none, if another follows: ("01.02-magic", ".ipynb").
    """
    numbered = _COUNTED.match(name) if name[:1].isdigit() else None
    dot = name.find(".", numbered.end() if numbered else 1)
    return (name, "") if dot < 0 else (name[:dot], name[dot:])


def number_in(name: str) -> int | None:
    """The number that a file's name begins with, behind its prefix; None if it is no id."""
    found = parse_id(split_suffix(name)[0])
    return found.number if found else None


@lru_cache(maxsize=1 << 16)
def same(name: str) -> str:
    """A form in which spellings of one name are equal: "Drip-Lines" and "driplines" both do."""
    folded = name.casefold()
    return folded if folded.isalnum() else "".join(letter for letter in folded if letter.isalnum() or letter in "+#")


def same_linked(slug: str) -> str:
    """The same form of a slug that may stand in a link, where a blank is written `%20`."""
    return same(slug.replace("%20", " "))


@lru_cache(maxsize=1 << 16)
def stems(name: str) -> frozenset[str]:
    """The words of a name, cut to six letters, so that "Quantized" meets "Quantization".

    Words of fewer than four letters say too little to be evidence.
    """
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    return frozenset(word.casefold().rstrip("s")[:6] for word in words if len(word) > 3)


def title_from_slug(slug: str) -> str:
    """The title a slug suggests: "convolutional_networks" gives "Convolutional Networks". One with blanks is one already."""
    if " " in slug.strip():
        return slug.strip()
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[_\- .]+", slug) if word)


def restyle(old: str, new: str) -> str:
    """Write a new name in the manner of the old spelling: upper, lower, snake or kebab case."""
    words = new.split(" ")
    if "_" in old and " " not in old:
        new = "_".join(words)
    elif "-" in old and " " not in old and old == old.lower():
        new = "-".join(words)
    if old.isupper() and len(old) > 2:
        return new.upper()
    if old == old.lower():
        return new.lower()
    return new


def pad(number: int, digits: str) -> str:
    """Write a number as wide as the digits that it replaces, if those were padded."""
    return f"{number:0{len(digits)}d}" if digits.startswith("0") else str(number)
