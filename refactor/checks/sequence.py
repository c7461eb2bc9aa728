"""Statements of order that are not so: a prerequisite that comes later, a "next module" that is not the next one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from refactor.checks._homes import live
from refactor.lint import Check, View, of_reference
from refactor.model import Document, Entry, Finding, Reference, Verdict, ZoneKind
from refactor.spans import line_column

NAME = "order"
_BEFORE, _AFTER, _PREVIOUS, _NEXT = "a prerequisite", "a next step", "the previous one", "the next one"
_KEYS = (
    (re.compile(r"prerequisites?|requires|depends_on"), _BEFORE),
    (re.compile(r"next_steps"), _AFTER),
    (re.compile(r"next(?:_[a-z]+)?"), _NEXT),
    (re.compile(r"prev(?:ious)?(?:_[a-z]+)?"), _PREVIOUS),
)
_KEYLESS = frozenset(("python", "shell", "html"))
_LONGEST = 200  # code points of a line in front of a mention

# "**Next**: Module 17", "Next up is Module 17", "Next: [Light](04-", "[Next: Light](04-", `rel="next" href="04-`
_WAY = r"(?<![^\W_])(?P<way>next|prev(?:ious)?)(?![^\W_])"
_SIGNS = r"(?:_|[^\w\n.!])*"
_LINK = r"\[[^\[\]\n]*\]\([^()\s]*"
_LEADS = (
    rf"{_WAY}(?:[ ](?:up|step|page|NOUN)(?![^\W_]))?{_SIGNS}(?:(?:is|in)(?![^\W_]){_SIGNS})?(?:{_LINK})?$",
    rf"\[(?:_|[^\w\n\[\]])*{_WAY}[^\[\]\n]*\]\([^()\s]*$",
    rf"""{_WAY}["'][^<>\n]*\bhref=["'][^"'<>\s]*$""",
)
_LINKED = re.compile(r"\[[^\[\]\n]{0,200}\]\((?P<path>[^()\s#]{1,200})[^()\n]{0,200}\)")
_WHATS_NEXT = re.compile(r"(?i)[\W_]*(?:what(?:['’]?s| is| comes)|coming|up)[ ]next[\W_]*")
_OPENING = re.compile(r"(?i)(?![ \t]*(?:[-*+]|\d+[.)])[ \t])[\W_]*(?:in[ ])?[\W_]*")


def find(view: View) -> Iterator[Finding]:
    """Yield every mention that an entry's own page puts where it does not belong in the order of entries."""
    is_live = live(view)
    entries = sorted(view.series.entries, key=_position)
    noun = view.words.noun_pattern
    leads = [re.compile(lead.replace("NOUN", noun), re.IGNORECASE) for lead in _LEADS]
    for path, document in view.asked.items():
        own, references = view.words.home_of(path), view.by_path.get(path, ())
        if len(own) != 1 or not is_live(path):
            continue
        openings = _openings(document, references)
        reported: set[tuple[str, int]] = set()
        for one in references:
            if one.verdict is not Verdict.CURRENT or not one.targets or _is_own_page(one, document, view):
                continue
            said = _key(one, document) or _lead(one, document, leads) or openings.get(one.claim.span.start, "")
            fault = _fault(said, one, own[0], entries) if said else ""
            if fault and (statement := _statement(said, one, document)) not in reported:
                reported.add(statement)
                yield of_reference(NAME, one, fault)


def _is_own_page(reference: Reference, document: Document, view: View) -> bool:
    """Tell whether a link leads to a page in the same home: `[Introduction](01-intro.md)` beside it, not to 01-intro."""
    span = reference.claim.span
    around = _LINKED.finditer(document.view, max(span.start - _LONGEST, 0), span.end + _LONGEST)
    target = next((found["path"] for found in around if found.start() <= span.start and span.end <= found.end()), "")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), target))
    return bool(target) and path in view.tree.paths and view.words.home_of(path) == view.words.home_of(document.path)


def _statement(said: str, reference: Reference, document: Document) -> tuple[str, int]:
    """What tells statements apart: "Next: [Light](04-light.md)" is one and names its entry twice."""
    start = reference.claim.span.start
    return (said, start if said in {_BEFORE, _AFTER} else line_column(document.starts, start)[0])


# --- what is said -------------------------------------------------------------------------------


def _key(reference: Reference, document: Document) -> str:
    """What the key in front of a value says: `prerequisites: [Soil]`."""
    if document.format.name in _KEYLESS:
        return ""
    zone = document.zone_at(reference.claim.span.start)
    keys = zone.detail.casefold().replace("-", "_").split(".") if zone.kind is ZoneKind.VALUE else []
    return next((said for key in keys for pattern, said in _KEYS if pattern.fullmatch(key)), "")


def _lead(reference: Reference, document: Document, leads: Sequence[re.Pattern[str]]) -> str:
    """What the line says right in front of a mention, with nothing between but markup."""
    before = _before(reference, document)
    folded = before.casefold()
    if "next" not in folded and "prev" not in folded:
        return ""
    found = next((match for lead in leads if (match := lead.search(before))), None)
    return "" if found is None else _NEXT if found["way"].casefold() == "next" else _PREVIOUS


def _before(reference: Reference, document: Document) -> str:
    start = reference.claim.span.start
    return document.view[max(start - _LONGEST, 0) : start].rpartition("\n")[2]


def _openings(document: Document, references: Sequence[Reference]) -> dict[int, str]:
    """The mentions that open a section "What's Next?", by offset: "In Module 16: Acceleration, you'll ..."."""
    if "next" not in document.view.casefold():
        return {}
    headings = [zone.span for zone in document.zones if zone.kind is ZoneKind.HEADING]
    ends = [*(span.start for span in headings[1:]), len(document.view)]
    found = {}
    for span, end in zip(headings, ends, strict=True) if headings else ():
        if _WHATS_NEXT.fullmatch(document.view[span.start : span.end].strip("# \t")):
            first = next((one for one in references if span.end <= one.claim.span.start < end), None)
            if first and _OPENING.fullmatch(_before(first, document)):
                found[first.claim.span.start] = _NEXT
    return found


# --- whether it is so ---------------------------------------------------------------------------


def _position(entry: Entry) -> tuple[int, str]:
    return (entry.number, entry.letter)


def _fault(said: str, reference: Reference, own: Entry, entries: Sequence[Entry]) -> str:
    """What is wrong about a statement, or nothing. Entries that share a number are in no order."""
    here = _position(own)
    places = {_position(entry) for entry in reference.targets if entry.key != own.key} - {here}
    if not places:
        return ""
    if said in {_BEFORE, _AFTER}:
        wrong = max(places) > here if said == _BEFORE else min(places) < here
        side = "after" if said == _BEFORE else "before"
        return f"is said to be {said} of {own.id}, but comes {side} it" if wrong else ""
    aside = [entry for entry in entries if (_position(entry) > here if said == _NEXT else _position(entry) < here)]
    beside = (aside[0] if said == _NEXT else aside[-1]) if aside else None
    if len(places) > 1 or (beside and _position(beside) in places):
        return ""
    return f"is said to be {said} for {own.id}, but {f'that is {beside.id}' if beside else 'there is none'}"


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n\n**Next**: Module 2\n",
    "modules/02_seeds/README.md": '---\nprerequisites: ["Soil"]\nnext_steps: ["Water"]\n---\n# Module 2: Seeds\n',
    "modules/03_water/README.md": "# Module 3: Water\n\nIn Module 1 you learned about soil.\n",
    "modules/04_light/README.md": "# Module 4: Light\n",
}

CHECK = Check(
    name=NAME,
    summary="A page says that an entry comes before or after it, and that is not so.",
    why="After a renumbering each reference may be right and the order that a sentence tells still the old one.",
    find=find,
    good=(_TREE,),
    bad=(
        {**_TREE, "modules/02_seeds/README.md": '---\nprerequisites: ["Light"]\n---\n# Module 2: Seeds\n'},
        {**_TREE, "modules/02_seeds/README.md": '---\nnext_steps: ["Soil"]\n---\n# Module 2: Seeds\n'},
        {**_TREE, "modules/02_seeds/README.md": "# Module 2: Seeds\n\n**Next**: Module 4 brings light.\n"},
        {**_TREE, "modules/02_seeds/README.md": "# Module 2: Seeds\n\n## What's Next?\n\nIn Module 4, you'll see.\n"},
    ),
)
