"""The number in the first heading of an entry's own page, whatever it is called there: `## 5. Deploying models`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.kinds import Kind
from refactor.model import Claim, Document, ZoneKind
from refactor.naming import split_suffix
from refactor.shapes import number_part
from refactor.words import Words

_NUMBERED = re.compile(r"[#\s*_`\"]*(?P<number>\d{1,3})[*_`]{0,3}[.:)][*_`]{0,3}[ \t]+\S")
_SECTION = r"(?m)^[ \t>\"]*(?:# )?#{{1,6}}[ \t]+[*_`\[]{{0,3}}{}\.\d"  # which counts behind the heading's number: `### 5.1 Why`
_FOLDERS_PAGE = frozenset(("readme", "index"))  # what a folder says of itself


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield the number of a page's entry, if the first heading begins with it: of the page that speaks for the entry, and
    of any in its folder that counts sections behind that number."""
    own = words.home_of(document.path)
    if not own or not any(str(entry.number) in document.view for entry in own):
        return
    first = next((zone for zone in document.zones if zone.kind is ZoneKind.HEADING), None)
    found = _NUMBERED.match(document.view, first.span.start, first.span.end) if first else None
    if not found or int(found["number"]) not in {entry.number for entry in own}:
        return
    if _is_own_page(document.path, words) or re.search(_SECTION.format(found["number"]), document.view):
        number = number_part(found)
        yield Claim("dependent", number.span, (number,))


def _is_own_page(path: str, words: Words) -> bool:
    folder, _, name = path.rpartition("/")
    if split_suffix(name)[0].casefold() in _FOLDERS_PAGE:
        return any(home.path == folder for entry in words.home_of(path) for home in entry.homes)
    return any(home.path == path for entry in words.home_of(path) for home in entry.homes)


KIND = Kind("heading", 6, "the number in an own page's first heading", find)
