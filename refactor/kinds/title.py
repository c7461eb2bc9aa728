"""A title alone, where a title is what belongs there: own headings, front matter, chains of arrows, lists of titles.

In running prose the same words are the technique, not the entry, and no claim is made.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from refactor.kinds import Kind
from refactor.model import Claim, Document, Entry, Part, Zone, ZoneKind
from refactor.naming import same, split_suffix
from refactor.shapes import compiled, noun_spots
from refactor.spans import Span, line_or_piece
from refactor.words import Name, Words

_SEQUENCE_KEYS = frozenset("prerequisites prerequisite next_steps next previous prev requires depends_on".split())
_FILE_KEYS = frozenset("file href path root".split())
_TITLE_KEYS = frozenset("title sidebar_label nav_title name".split())
_ARROW = re.compile(r"[→➜⟶]|-{1,2}>|=>|──+|[•·](?=[ \t])")
_SLOT = re.compile(
    r"(?:[^\w\n]*(?:[A-Z][A-Za-z]+[ \t]+)?(?:SUMMARY|Summary|OVERVIEW|Overview)[ \t]*[:–—-][ \t]*)(?P<slot>[^\n#]+)"
)
_FIRST = re.compile(r"[A-Z][\w&/-]*(?: [\w&/-]+){0,2}$")
_LAST = re.compile(r"[A-Z][\w&/-]*(?: [\w&/-]+){0,3}")
_LINK = re.compile(r"\[(?P<text>[^\]\n]{1,400})\]\((?P<target>[^)\s]{1,1000})")


def find(document: Document, words: Words) -> Iterator[Claim]:
    """Yield titles in title positions; each position is a rule of its own below."""
    yield from _values(document, words)
    yield from _own_headings(document, words)
    yield from _chains(document, words)
    yield from _title_and_noun(document, words)
    yield from _through(document, words)
    yield from _link_texts(document, words)
    yield from _lists(document, words)
    yield from _cells(document, words)
    yield from _beside_id(document, words)


def _claim(name: Name | None, detail: str) -> Iterator[Claim]:
    if name and name.part and name.entries:
        yield Claim("title", name.part.span, (name.part,), detail=detail)


def _is_own(name: Name | None, own: tuple[Entry, ...]) -> bool:
    return name is not None and any(entry.key == other.key for entry in name.entries for other in own)


def _values(document: Document, words: Words) -> Iterator[Claim]:
    """`title:` of an own page, and the entries that front matter lists as before or after it."""
    if document.format.name in {"python", "shell", "html"}:
        return  # they have no values with keys
    own = words.home_of(document.path)
    listed = _pages_beside(document, words)
    for zone in document.zones:
        if zone.kind is not ZoneKind.VALUE:
            continue
        keys = zone.detail.casefold().split(".")
        text = document.view[zone.span.start : zone.span.end]
        if _SEQUENCE_KEYS & set(keys):
            yield from _claim(words.name_at_start(text.split(" - ")[0], zone.span.start, exact=True), "sequence")
        elif keys[-1] in _TITLE_KEYS and (whose := own or listed.get(zone.detail.rpartition(".")[0], ())):
            name = words.name_at_start(text.split(" - ")[0], zone.span.start, exact=True)
            yield from _claim(name, "own title") if _is_own(name, whose) else ()


def _pages_beside(document: Document, words: Words) -> dict[str, tuple[Entry, ...]]:
    """In a table of contents: whose page the `file:` beside a `title:` is, by the path of keys above both."""
    found = {}
    for zone in document.zones:
        above, _, key = zone.detail.rpartition(".")
        if zone.kind is ZoneKind.VALUE and key in _FILE_KEYS:
            stem = document.view[zone.span.start : zone.span.end].rpartition("/")[2]
            if entries := words.by_page.get(split_suffix(stem)[0], ()):
                found[above] = entries
    return found


def _own_headings(document: Document, words: Words) -> Iterator[Claim]:
    """The heading of an entry's own page, and the slot of its summary heading as a whole."""
    own = words.home_of(document.path)
    if not own:
        return
    for zone in document.zones:
        if zone.kind is not ZoneKind.HEADING:
            continue
        text = document.view[zone.span.start : zone.span.end]
        lead = len(text) - len(text.lstrip("# \t"))
        if slot := _SLOT.search(text):
            name = words.name_at_start(slot["slot"], zone.span.start + slot.start("slot"), exact=True)
            if name and name.part and _is_own(name, own):
                start = zone.span.start + slot.start("slot")
                whole = Part(Span(start, start + len(slot["slot"].rstrip())), "title", slot["slot"].rstrip())
                yield Claim("title", whole.span, (whole,), detail="summary heading")
        elif zone.detail == "1":
            name = words.name_at_start(text[lead:].split(" - ")[0], zone.span.start + lead, exact=True)
            yield from _claim(name, "own heading") if _is_own(name, own) else ()


def _chains(document: Document, words: Words) -> Iterator[Claim]:
    """A chain of arrows of which at least two members are titles: a connection map."""
    view, done = document.view, -1
    for position in sorted(_arrows(view)):
        if position < done:
            continue
        line = line_or_piece(view, position)
        begin, done = line.start, line.end
        if not words.may_name(view[begin:done], 2):
            continue
        names = [name for name in _members(view[begin:done], begin, words) if name is not None]
        if len(names) >= 2 and document.zone_at(position).kind is not ZoneKind.CODE:
            for name in names:
                yield from _claim(name, "chain")


def _arrows(view: str) -> Iterator[int]:
    """Where an arrow may be, the first of each sign on a line; plain searches, since nearly no line has one."""
    for sign in ("→", "➜", "⟶", "->", "=>", "──", "• ", "· "):
        position = view.find(sign)
        while position >= 0:
            yield position
            position = view.find(sign, max(line_or_piece(view, position).end, position + 1))


def _members(line: str, offset: int, words: Words) -> Iterator[Name | None]:
    """The members of a chain; a label before the first one and an explanation after the last are cut off."""
    position = 0
    for arrow in (*_ARROW.finditer(line), None):
        end = arrow.start() if arrow else len(line)
        piece = line[position:end]
        if position == 0:
            cut = piece.rfind(": ") + 1
            yield _whole_name(piece[cut:], offset + cut, words)
        else:
            yield _whole_name(piece.split(": ")[0], offset + position, words)
        position = arrow.end() if arrow else end


# One after the other and not in one pattern, which would try every way to share out blanks and signs.
_WHOLE = re.compile(r"[^\w(]*+(?P<name>[^()\n]*+)")
_TAIL = re.compile(r"\W++\Z")
_NOTE = re.compile(r"[^\w)]*(?:\([^()]*\))?\W*")
_LONGEST_NAME, _LONGEST_PIECE = 80, 400


def _whole_name(piece: str, offset: int, words: Words) -> Name | None:
    """A name that is the whole piece, but for markup, a tick in front and a note in parentheses."""
    found = _WHOLE.match(piece) if len(piece) <= _LONGEST_PIECE else None
    if not found or not found["name"] or not _NOTE.fullmatch(piece, found.end()):
        return None
    text = _TAIL.sub("", found["name"])
    if len(text) > _LONGEST_NAME:
        return None
    name = words.name_at_start(text, offset + found.start("name"), exact=True)
    if name is None or name.part is None:
        return None
    return name if len(name.text) == len(text.strip("*_` ")) else None


def _noun_pattern(nouns: str) -> str:
    return rf"(?<=[\w)][ \t])(?i:{nouns})(?![\w-]|[ \t]+#?\d)"


_BLANKS = frozenset(" \t")


_WORDS_BEFORE = re.compile(r"[\w&/-]+(?:,?[ \t]+[\w&/-]+){0,8}(?=[ \t]+$)")


def _title_and_noun(document: Document, words: Words) -> Iterator[Claim]:
    """A title right before the noun ("the KV Caching module"), and a list of titles before its plural."""
    view = document.view
    pattern = compiled(_noun_pattern, words.noun_pattern)
    for spot in noun_spots(document, words):
        found = pattern.match(view, spot) if view[spot - 1 : spot] in _BLANKS else None
        if found is None:
            continue
        begin = max(view.rfind("\n", 0, found.start()) + 1, found.start() - 90)
        before = _WORDS_BEFORE.search(view, begin, found.start())
        if before:
            yield from _before_noun(before, words, one=not found[0].casefold().endswith("s"))


def _before_noun(before: re.Match[str], words: Words, *, one: bool) -> Iterator[Claim]:
    pieces = list(re.finditer(r"[^,]+", before[0]))
    last = words.name_at_end(pieces[-1][0], before.start() + pieces[-1].start(), exact=True)
    if last is None or last.part is None or last.part.span.end != before.end():
        return
    if len(pieces) >= 3:
        for piece in pieces[:-1]:
            yield from _claim(words.name_at_end(piece[0], before.start() + piece.start(), exact=True), "list")
    spelled = one and any(last.text in entry.titles for entry in last.entries)
    if len(pieces) >= 3 or spelled or re.search(r"(?i)\b(?:entire|the|this|our|whole)\s", pieces[-1][0]):
        yield from _claim(last, "before the noun")


_BETWEEN = " through "


def _through(document: Document, words: Words) -> Iterator[Claim]:
    """ "Tensor through Spatial": both ends are titles."""
    view, position = document.view, document.view.find(_BETWEEN)
    while position >= 0:
        before, after = (
            _FIRST.search(view, max(0, position - 60), position),
            _LAST.match(view, position + len(_BETWEEN)),
        )
        first = words.name_at_end(before[0], before.start(), exact=True) if before else None
        last = words.name_at_start(after[0], after.start(), exact=True) if after else None
        if first and last:
            yield from _claim(first, "range of titles")
            yield from _claim(last, "range of titles")
        position = view.find(_BETWEEN, position + 1)


def _link_texts(document: Document, words: Words) -> Iterator[Claim]:
    """A link whose text is the title of the entry that it leads to."""
    if "](" not in document.view:
        return
    for found in _LINK.finditer(document.view):
        name = words.name_at_start(found["text"].split(" - ")[0], found.start("text"), exact=True)
        if (name and any(entry.slug and entry.slug in found["target"] for entry in name.entries)) or (
            name and any(home.slug and home.slug in found["target"] for e in name.entries for home in e.homes)
        ):
            yield from _claim(name, "link text")


def _cells(document: Document, words: Words) -> Iterator[Claim]:
    """A table cell that lists nothing but titles, and a column or list most of whose members are titles."""
    has_table = any(rule.search(document.view) for rule in _RULES)
    cells = [zone for zone in document.zones if zone.kind is ZoneKind.TABLE] if has_table else []
    for zone in cells:
        text = document.view[zone.span.start : zone.span.end]
        items = list(re.finditer(r"[^,+&]+", text)) if words.may_name(text, 2) else []
        names = [_whole_name(item[0], zone.span.start + item.start(), words) for item in items if item[0].strip()]
        if len(names) >= 2 and all(names):
            for name in names:
                yield from _claim(name, "cell of titles")
    for block in _siblings(document, cells):
        likely = sum(words.may_begin(document.view, span.start, span.end) for span in block)
        if len(block) < 3 or 2 * likely <= len(block):
            continue
        names = [_whole_name(document.view[span.start : span.end], span.start, words) for span in block]
        if 2 * sum(name is not None for name in names) > len(names):
            for name in names:
                yield from _claim(name, "among titles")
        elif all(heads := [_head(document.view[span.start : span.end], span.start, words) for span in block]):
            for name in heads:
                yield from _claim(name, "head of an item")


def _head(item: str, offset: int, words: Words) -> Name | None:
    """The title that a list item begins with: "KV Caching: what to keep"."""
    found = re.match(r"[^:–—\n]*?(?=\*{0,2}(?::|[ \t][–—-][ \t]))", item)
    name = _whole_name(found[0], offset, words) if found else None
    return name if name and any(name.text in entry.titles for entry in name.entries) else None


def _after_id(_: str) -> str:
    return r"""(?<!\w)\d{1,3}[_-](?P<slug>[A-Za-z][\w-]*)["'][ \t]*[:,][ \t]*["'](?P<text>[^"'\n]+)(?=["'])"""


def _beside_id(document: Document, words: Words) -> Iterator[Claim]:
    """A text that is nothing but a title, next to the id of its entry: `"03_seeds": "Seeds"`."""
    for found in compiled(_after_id, "").finditer(document.view):
        name = words.name_at_start(found["text"], found.start("text"), exact=True)
        if name and name.part and len(name.part.span) == len(found["text"]):
            slug = same(found["slug"])
            yield from _claim(name, "beside its id") if any(same(entry.slug) == slug for entry in name.entries) else ()


_RULES = (re.compile(r"\|[ \t]*:?-{2}"), re.compile(r"--:?[ \t]*\|"))  # two, as each begins with a literal: far faster
_ITEM = re.compile(r"\n[ \t]*(?:[-*+]|\d{1,2}[.)])[ \t]+(?P<text>[^\n]+)")  # `(?m)^` would be tried at every letter


def _siblings(document: Document, cells: list[Zone]) -> Iterator[list[Span]]:
    """Cells that stand below each other, and items of one list."""
    columns: dict[tuple[int, int], list[Span]] = {}
    table, last, column = 0, -2, 0
    for zone in cells:
        line = bisect_right(document.starts, zone.span.start)
        column = column + 1 if line == last else 0
        table += line > last + 2
        last = line
        columns.setdefault((table, column), []).append(zone.span)
    yield from columns.values()
    items: list[Span] = []
    for found in _ITEM.finditer("\n" + document.view):  # so that the first line has a line end before it, too
        start, end = found.start("text") - 1, found.end("text") - 1
        if items and document.view.count("\n", items[-1].end, found.start()) > 1:
            yield items
            items = []
        items.append(Span(start, end))
    yield items


_BRACKETS = re.compile(r"\((?P<items>[^()\n]*+)\)")
_TO_BRACKET = re.compile(r"[^\n(]*+")


def _lists(document: Document, words: Words) -> Iterator[Claim]:
    """A list in parentheses behind a noun or range on its line, of which one other item is a whole title."""
    view, done, bracket = document.view, 0, -1
    ranges = (found.start() for found in compiled(_range, "").finditer(view))
    for start in sorted((*noun_spots(document, words), *ranges)):
        if start < max(done, bracket):
            continue
        before = _TO_BRACKET.match(view, start)
        bracket = before.end() if before else start
        found = _BRACKETS.match(view, bracket)
        if found is None or "," not in found["items"] or not words.may_name(found["items"], 2):
            continue
        done = found.end()
        items = [(item[0], found.start("items") + item.start()) for item in re.finditer(r"[^,+]+", found["items"])]
        names = [words.name_at_start(text.split(" - ")[0], offset, exact=True) for text, offset in items]
        if sum(name is not None for name in names) >= 2 and 2 * sum(n is not None for n in names) >= len(names):
            for name in names:
                yield from _claim(name, "list of titles")


def _range(_: str) -> str:
    return r"\d{1,2}[-–]\d{1,2}"


KIND = Kind("title", 6, "a title alone where a title belongs", find)
