"""Comments that silence findings: what they say, what they hold, and which of them hold nothing.

One grammar in two spellings, by how a comment of the format begins: `# refactor: ignore[check]` and
`<!-- refactor-disable-line check -->`. Never guesses: what is written wrong is a finding and silences nothing.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from refactor.lint import ERROR, at
from refactor.model import Document, Finding, ZoneKind
from refactor.spans import Span

INVALID, UNUSED = "invalid-suppression", "unused-suppression"

_HINT = re.compile(rb"refactor[-:]")
_LINE_END = re.compile("[\n\x1e]")  # where a notebook is on one line, a cell ends its last line
_LAST = sys.maxsize

_ID = r"\w[\w./-]*"
_IDS = rf"{_ID}(?:\s*,\s*{_ID})*"
_REASON = r"(?:\s+--\s+\S.*)?"
_NAME = re.compile(_ID)
# One comment may hold several, each behind a hash of its own, and ours may be any of them.
_HASH = re.compile(r"(?<!\S)#+[ \t]*refactor(?P<mark>[-:])[ \t]*(?P<said>(?:(?![ \t]#).)*)")
_HTML = re.compile(r"\A<!--\s*refactor(?P<mark>[-:])\s*(?P<said>(?:(?!-->).)*+)(?:-->)?", re.DOTALL)
_WORDS = re.compile(r"([\w-]*)\s*([\w-]+|\S)?")


class _Reach(Enum):
    """What a comment holds."""

    HERE = auto()  # its line, and the next one if it has a line for itself
    LINE = auto()
    NEXT = auto()
    OPEN = auto()  # from here to where it is closed, or to the end
    CLOSE = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class _Form:
    """One spelling: how comments to us begin, how they go on, and what to tell who got it wrong."""

    opening: re.Pattern[str]
    mark: str
    written: re.Pattern[str]
    verbs: Mapping[str, _Reach]
    example: str


_FORMS = {
    "#": _Form(
        _HASH,
        ":",
        re.compile(rf"(?P<verb>[a-z-]+)\[\s*(?P<ids>{_IDS})\s*\]{_REASON}\s*"),
        {"ignore": _Reach.HERE, "disable": _Reach.OPEN, "enable": _Reach.CLOSE, "ignore-file": _Reach.FILE},
        "# refactor: ignore[check] -- reason",
    ),
    "<": _Form(
        _HTML,
        "-",
        re.compile(rf"(?P<verb>[a-z-]+)\s+(?P<ids>{_IDS}){_REASON}\s*", re.DOTALL),
        {
            "disable-line": _Reach.LINE,
            "disable-next-line": _Reach.NEXT,
            "disable": _Reach.OPEN,
            "enable": _Reach.CLOSE,
            "disable-file": _Reach.FILE,
        },
        "<!-- refactor-disable-line check -- reason -->",
    ),
}


@dataclass(frozen=True, slots=True)
class _Directive:
    """A comment that is written right: what it holds of which checks; `zone` is the whole comment around it."""

    reach: _Reach
    ids: tuple[tuple[str, Span], ...]
    span: Span
    zone: Span


@dataclass(frozen=True, slots=True)
class Region:
    """Lines, both inclusive and counted from 1, in which one check is silent; `span` is where its id is written.

    Only a region that starts at line 0 holds findings about the file as a whole.
    """

    code: str
    span: Span
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Suppressions:
    """What the comments of one document say: regions, the comments themselves, and what is wrong with others.

    `starts` are the offsets of the lines that a reader sees; those of a notebook are the lines of its cells.
    """

    regions: tuple[Region, ...]
    comments: tuple[Span, ...]
    problems: tuple[Finding, ...]
    starts: tuple[int, ...]

    def holding(self, finding: Finding) -> Region | None:
        """The narrowest region that silences a finding on any line it touches."""
        whole = finding.span == Span(0, 0)
        first = 0 if whole else _line(self.starts, finding.span.start)
        last = 0 if whole else _line(self.starts, max(finding.span.end - 1, finding.span.start))
        holding = [
            region
            for region in self.regions
            if region.code == finding.code and region.first <= last and first <= region.last
        ]
        return min(holding, key=lambda region: region.last - region.first, default=None)

    def says(self, finding: Finding) -> bool:
        """Tell whether a finding is about the words of such a comment, its reason say."""
        return len(finding.span) > 0 and any(span.holds(finding.span) for span in self.comments)


def read(document: Document, known: Collection[str]) -> Suppressions:
    """Read the comments of a document; those with a mistake, or an id that is not known, become findings.

    Of a comment with several ids, the known ones hold.
    """
    view = document.view
    starts = (0, *(end.end() for end in _LINE_END.finditer(view)))
    found = list(_directives(document, known)) if _HINT.search(document.data) else []
    directives = [one for one in found if isinstance(one, _Directive)]
    regions = list(_regions(document, directives, starts, known))
    problems = [one for one in (*found, *regions) if isinstance(one, Finding)]
    return Suppressions(
        tuple(one for one in regions if isinstance(one, Region)),
        tuple(directive.span for directive in directives),
        tuple(sorted(problems)),
        starts,
    )


def apply(
    findings: Iterable[Finding],
    documents: Mapping[str, Document],
    known: Collection[str],
    ran: Collection[str] | None = None,
) -> tuple[list[Finding], list[Finding]]:
    """Part findings into those that stand and those about suppressions themselves, each in order.

    Only a check that ran (none given: every known one) can show that silencing it has no use.
    """
    spoken = {path: read(one, known) for path, one in documents.items() if _HINT.search(one.data)}
    kept: list[Finding] = []
    used: set[tuple[str, Region]] = set()
    for finding in findings:
        here = spoken.get(finding.path)
        if here and here.says(finding):
            continue
        if here and (region := here.holding(finding)):
            used.add((finding.path, region))
        else:
            kept.append(finding)
    judged = set(known if ran is None else ran) - {UNUSED, INVALID}
    about = [problem for here in spoken.values() for problem in here.problems]
    for path, here in spoken.items():
        unused = (_unused(path, one) for one in here.regions if one.code in judged and (path, one) not in used)
        about += (finding for finding in unused if not here.holding(finding))
    return sorted(kept), sorted(about)


def _unused(path: str, region: Region) -> Finding:
    return at(UNUSED, path, region.span, f"nothing here is a {region.code}: remove this suppression")


def _line(starts: tuple[int, ...], offset: int) -> int:
    return bisect_right(starts, offset)


# --- what is written ----------------------------------------------------------------------------


def _directives(document: Document, known: Collection[str]) -> Iterator[_Directive | Finding]:
    """Read every comment of the grammar of the format; strings and code examples hold none."""
    for zone in document.zones:
        text = document.view[zone.span.start : zone.span.end]
        form = _FORMS.get(text[:1]) if zone.kind is ZoneKind.COMMENT else None
        if form is None:
            continue
        for opening in form.opening.finditer(text):
            directive = _directive(form, opening, zone.span)
            if directive:
                yield directive
                yield from _unknown(document.path, directive, known)
            elif _is_meant(form, opening["said"], known):
                yield _invalid(document.path, _shifted(opening.span(), zone.span.start), f"write `{form.example}`")


def _directive(form: _Form, opening: re.Match[str], zone: Span) -> _Directive | None:
    written = form.written.fullmatch(opening["said"])
    is_closed = opening[0].endswith("-->") or not opening[0].startswith("<")
    if not written or written["verb"] not in form.verbs or opening["mark"] != form.mark or not is_closed:
        return None
    first = zone.start + opening.start("said") + written.start("ids")
    ids = tuple((name[0], _shifted(name.span(), first)) for name in _NAME.finditer(written["ids"]))
    span = _shifted(opening.span(), zone.start)
    return _Directive(form.verbs[written["verb"]], ids, span, zone)


def _unknown(path: str, directive: _Directive, known: Collection[str]) -> Iterator[Finding]:
    for name, span in directive.ids:
        if name not in known:
            close = _close(name, known)
            yield _invalid(path, span, f"there is no check {name}" + (f", did you mean {close}?" if close else ""))


def _is_meant(form: _Form, said: str, known: Collection[str]) -> bool:
    """Tell a slip from a note to oneself: `# refactor: disable the old exporter` is none of our business."""
    words = _WORDS.match(said)
    verb, follows = (words[1], words[2] or "") if words else ("", "")
    names = follows == "all" or follows in known
    if verb in form.verbs:
        return names or not follows[:1].isalpha()
    return (names or follows == "[") and bool(_close(verb, (*form.verbs, *_FORMS["<"].verbs, *_FORMS["#"].verbs)))


def _close(name: str, names: Collection[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, sorted(names), 1)), "")


def _invalid(path: str, span: Span, what: str) -> Finding:
    return at(INVALID, path, span, f"this suppresses nothing: {what}", severity=ERROR)


def _shifted(span: tuple[int, int], offset: int) -> Span:
    return Span(span[0] + offset, span[1] + offset)


# --- what it holds ------------------------------------------------------------------------------


def _regions(
    document: Document, directives: list[_Directive], starts: tuple[int, ...], known: Collection[str]
) -> Iterator[Region | Finding]:
    """Give the lines that each known id of each directive holds; what closes nothing is a finding."""
    alone = {line for one in directives for line in _lines_alone(document.view, one, starts)}
    opened: dict[str, list[tuple[Span, int]]] = {}
    for directive in directives:
        first, last = _line(starts, directive.span.start), _line(starts, directive.span.end - 1)
        for code, span in directive.ids:
            if code not in known:
                continue
            if directive.reach is _Reach.OPEN:
                opened.setdefault(code, []).append((span, first))
            elif directive.reach is not _Reach.CLOSE:
                yield Region(code, span, *_lines(directive.reach, first, last, alone))
            elif opened.get(code):
                opening, line = opened[code].pop()
                yield Region(code, opening, line, last)
            else:
                yield _invalid(document.path, span, f"no block with {code} is open here")
    for code, blocks in opened.items():
        yield from (Region(code, span, line, _LAST) for span, line in blocks)


def _lines(reach: _Reach, first: int, last: int, alone: Collection[int]) -> tuple[int, int]:
    """What a comment from one line to another holds; the next line is the next one that is no such comment itself."""
    if reach is _Reach.FILE:
        return 0, _LAST
    behind = next(line for line in range(last + 1, _LAST) if line not in alone)
    if reach is _Reach.NEXT:
        return behind, behind
    return first, behind if reach is _Reach.HERE and last in alone else last


def _lines_alone(view: str, directive: _Directive, starts: tuple[int, ...]) -> range:
    """The lines that a comment has for itself: none, if anything stands before or behind it."""
    first, last = _line(starts, directive.zone.start), _line(starts, directive.zone.end - 1)
    end = starts[last] if last < len(starts) else len(view)
    around = view[starts[first - 1] : directive.zone.start] + view[directive.zone.end : end]
    return range(0) if around.strip().strip("\ufeff") else range(first, last + 1)
