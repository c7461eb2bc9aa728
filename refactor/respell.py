"""Write one mention as its entry is called, in the manner of the old spelling. Pure; decides no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable

from refactor.model import Claim, Document, Edit, Entry, Part, Reference, Rename, ZoneKind
from refactor.naming import pad, parse_id, restyle, same, same_linked
from refactor.spans import Span
from refactor.widths import width_of

_WORD_BEFORE = re.compile(r"[^\W\d_]+[ \t-]?$")
_LONGEST_WORD = 30
_BEHIND_NOUN = re.compile(r"(?i)\b(?:module|chapter|lesson|lab|week|unit)s? (0(?=[1-9]\b)|[1-9]\b)")


def respell(reference: Reference, document: Document, rename: Rename) -> list[Edit]:
    """The edits that make a mention of the old entry one of the new entry; none if it stays right."""
    if _is_whole_id(reference.claim, document, rename) and _restyled(rename):
        return [
            Edit(
                reference.path,
                reference.claim.span,
                rename.old.id,
                rename.new.id,
                reference.because,
                "slug",
                rename.old.id,
            )
        ]
    pieces = ((part, _respell(part, reference.claim, document, rename)) for part in reference.claim.parts)
    return _as_edits(reference, document, pieces)


def as_named_today(reference: Reference, document: Document) -> list[Edit]:
    """The edits that give a stale mention the number and slug that its one target has now."""
    return respell(reference, document, Rename(reference.targets[0], reference.targets[0]))


def _is_whole_id(claim: Claim, document: Document, rename: Rename) -> bool:
    return claim.kind == "slug" and document.text[claim.span.start : claim.span.end] == rename.old.id


def _restyled(rename: Rename) -> bool:
    """Tell whether the new id is written in another manner: other prefix, separator or width."""
    old, new = parse_id(rename.old.id), parse_id(rename.new.id)
    if old is None or new is None:
        return False
    return (old.prefix, old.separator, len(old.digits)) != (new.prefix, new.separator, len(new.digits))


def _as_edits(reference: Reference, document: Document, pieces: Iterable[tuple[Part, str]]) -> list[Edit]:
    """One edit a changed part; a number takes its noun along, so that the edit reads as a mention."""
    target = reference.targets[0].id
    edits = []
    for part, new in pieces:
        if new == part.text or not len(part.span):
            continue
        span, text = part.span, new
        if (
            part.role == "number"
            and reference.claim.noun
            and reference.claim.kind in {"number", "number+name", "dependent"}
        ):
            span, text = _with_noun(reference.claim, part, document, new)
        old = document.text[span.start : span.end]
        edits.append(Edit(reference.path, span, old, text, reference.because, reference.claim.kind, target))
    return edits


def _with_noun(claim: Claim, part: Part, document: Document, new: str) -> tuple[Span, str]:
    start = document.text.rfind(claim.noun, claim.span.start, part.span.start)
    if start < 0:
        return part.span, new
    return Span(start, part.span.end), document.text[start : part.span.start] + new


def _respell(part: Part, claim: Claim, document: Document, rename: Rename) -> str:
    """Write one part as the new entry is called, in the manner of the old spelling."""
    if part.role == "number":
        letter = "" if any(one.role == "letter" for one in claim.parts) else rename.new.letter
        return _number(part, claim, document, rename) + (letter if letter != rename.old.letter else "")
    if part.role == "letter":
        return rename.new.letter
    if part.role == "slug":
        return _slug(part, claim, document, rename)
    if part.role == "name" and (title := rename.title or _title_today(part, rename.old)):
        return restyle(part.text, title)
    if part.role == "title" and rename.title:
        return rename.title
    return part.text


def _number(part: Part, claim: Claim, document: Document, rename: Rename) -> str:
    number = rename.new.number
    if part.text.startswith("0"):
        return pad(number, part.text)
    if number >= 10 or int(part.text) < 10 or claim.kind == "field":
        return str(number)
    if claim.kind == "slug":
        return f"{number:0{width_of(rename.old, document.view[claim.span.start : part.span.start]) or len(part.text)}d}"
    if _is_literal(part, document):
        return str(number)
    return f"{number:0{len(part.text)}d}" if _pads(part, claim, document) else str(number)


def _is_literal(part: Part, document: Document) -> bool:
    """Tell whether a number is one to Python, which takes no zero in front: `{10: "optimizers"}`."""
    around = document.view[max(part.span.start - 1, 0) : part.span.end + 1]
    return document.zone_at(part.span.start).kind is ZoneKind.CODE and not re.search(r"[^\W\d]", around)


def _pads(part: Part, claim: Claim, document: Document) -> bool:
    """Tell whether a text writes small numbers with a zero in front; those behind the same noun tell most. A label does
    in a name (`listing-10-01`), and nowhere else unless others do."""
    view, start = document.view, part.span.start
    alike = _alike(part, view)
    if alike:
        return 2 * sum(digits.startswith("0") for digits in alike) > len(alike)
    if claim.kind == "dependent":
        return view[start - 1 : start] in {"-", "_"} and start > 0
    first = [found[1] for found in _BEHIND_NOUN.finditer(view)]
    if first:
        return "0" in first
    return bool(re.search(r"(?<![\w/-])0[1-9](?![\w.:-])", view))


def _alike(part: Part, view: str) -> list[str]:
    """The numbers below ten that a text writes behind the same word in the same way: "Day09", "Day 9"."""
    word = _WORD_BEFORE.search(view, max(part.span.start - _LONGEST_WORD, 0), part.span.start)
    return re.findall(rf"(?i)(?<![^\W_]){re.escape(word[0])}(0?[1-9])(?!\d)", view) if word else []


def _title_today(part: Part, entry: Entry) -> str:
    """The title that an entry has in place of one it had once; "" if the name is one of today's."""
    today = {same(name) for name in (*entry.titles, entry.slug)}
    is_today = any(same(name) in today for name in (part.text, *part.text.split("/")))
    return "" if is_today or not entry.titles else entry.titles[0]


def _slug(part: Part, claim: Claim, document: Document, rename: Rename) -> str:
    """Only the main slug changes, or one of the past; a home's own slug (`ch17-oop` beside `ch17-00-oop`) stays."""
    is_link = "%20" in document.view[claim.span.start : claim.span.end]
    text = same_linked(part.text)
    is_own = text in {same(home.slug) for home in rename.old.homes}
    if is_own and (text != same(rename.old.slug) or rename.old.slug == rename.new.slug):
        return part.text
    new = rename.new.slug.replace(" ", "%20") if is_link else rename.new.slug
    before = document.view[part.span.start - 1 : part.span.start] if part.span.start else ""
    if "-" in part.text or (before == "-" and "_" not in part.text):
        return new.replace("_", "-")
    return new.replace("-", "_") if "_" in part.text or before == "_" else new
