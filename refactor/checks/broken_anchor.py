"""Links to an anchor that the page they lead to does not have.

Site generators make anchors in different ways, so two anchors with the same letters and digits are the same here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from refactor.anchors import slug
from refactor.checks._homes import live
from refactor.checks._paths import Paths, is_ours, link_targets, unquoted
from refactor.lint import UNSAFE, Check, View, at
from refactor.model import Document, Edit, Finding, Fix, Zone, ZoneKind
from refactor.naming import same
from refactor.spans import Span, line_at

_CODE = "broken-anchor"
_LINKING = frozenset({"markdown", "notebook", "python"})
# Scripts, line numbers, footnotes and what Sphinx numbers itself are made by the site.
_MADE = re.compile(
    r"[/=!:&{}$<>%]|(?i:top|l\d+(?:-l?\d+)?|c(?:ell)?-?\d*|(?:fn|fnref|footnote|id|term|equation|cite|ref|tab)[-_:]?.*)$"
)
# A page that is put together from others has anchors that stand elsewhere.
_COMPOSED = re.compile(
    r"\{\{|\{%|\{include\}|\{eval-rst\}|\{auto|--8<--|<!-- *include|^:{3,} *\{?include", re.MULTILINE
)
_SHOWN = frozenset({ZoneKind.CODE_BLOCK, ZoneKind.CODE_SPAN, ZoneKind.STRING, ZoneKind.CODE})
_EXPLICIT = re.compile(
    r"""^[ \t>]*\((?P<target>[^()\n]+)\)=[ \t]*$|\{[^{}\n]{0,200}?\#(?P<braced>[\w:.-]+)[^{}\n]{0,200}\}
    |\b(?:id|name|label|xml:id)[ \t]*=[ \t]*["']?(?P<attribute>[^\s"'<>]+)|^[ \t:>]*:?(?:name|label):[ \t]*(?P<option>\S[^\n]{0,200}?)[ \t]*$
    |<h[1-6][^>\n]{0,300}>(?P<html>[^\n]{0,300}?)</h[1-6]>""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
# What a page with a label holds: `(label)=` at the end of a line, in a notebook perhaps with escapes.
_LABEL = re.compile(rb"\)(?:=|\\u003[dD])(?:[ \t]|\\t)*(?:[\r\n\"\\]|\Z)")
_ATTRIBUTES = re.compile(r"[ \t]*\{[^{}]*\}[ \t]*$|[ \t]+#+[ \t]*$")
_TELLING = 4  # letters; fewer are in too many headings
_COUNT = re.compile(r"-\d+$")


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of one page: by their letters and digits, as they are written; and whether these are all."""

    names: Mapping[str, str]
    is_whole: bool


@dataclass(frozen=True, eq=False)
class _Pages:
    """The anchors of the pages that links lead to, read when first asked for."""

    view: View
    known: dict[str, Anchors]

    def of(self, path: str) -> Anchors:
        """The anchors of a page."""
        if path not in self.known:
            self.known[path] = _anchors(self.view.documents[path])
        return self.known[path]

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """The labels of all pages: a MyST link without a path finds them wherever they stand."""
        tree, documents = self.view.tree, self.view.documents
        linking = (path for path in tree.files if tree.formats.of_file(path).name in _LINKING)
        texts = (one.view for path in linking if (one := documents.get(path)) and _LABEL.search(one.data))
        return frozenset(
            same(found["target"]) for text in texts for found in _EXPLICIT.finditer(text) if found["target"]
        )


def find(view: View) -> Iterator[Finding]:
    """Yield every link to an anchor that is not on its page."""
    paths, pages, is_live = Paths(view), _Pages(view, {}), live(view)
    for document in view.asked.values():
        if document.format.name in _LINKING and "#" in document.view and is_live(document.path):
            for zone in link_targets(document):
                yield from _judged(document, zone, paths, pages)


def _judged(document: Document, zone: Zone, paths: Paths, pages: _Pages) -> Iterator[Finding]:
    target, sign, anchor = document.view[zone.span.start : zone.span.end].partition("#")
    if not sign or not anchor or _MADE.search(unquoted(anchor)):
        return
    page = _page(document, target, paths)
    if page is None or _holds(pages, page, unquoted(anchor), is_bare=not target):
        return
    span = Span(zone.span.end - len(anchor), zone.span.end)
    fix = _fix(document.path, span, anchor, pages.of(page))
    hint = f", is it #{fix.edits[0].new}?" if fix else ""
    yield at(
        _CODE,
        document.path,
        span,
        f"{page} has no anchor #{anchor}{hint}",
        "no heading or label there gives it",
        fix=fix,
    )


def _page(document: Document, target: str, paths: Paths) -> str | None:
    """The document that a link leads to, if its anchors can be read."""
    target = target.partition("?")[0]
    if not target:
        return document.path
    if not is_ours(target):
        return None
    page = paths.found(target, paths.bases(document.path, target))
    known = paths.view.documents.get(page) if page else None
    return known.path if known and known.format.name in _LINKING else None


def _holds(pages: _Pages, page: str, anchor: str, *, is_bare: bool) -> bool:
    anchors = pages.of(page)
    if not anchors.is_whole or same(anchor) in anchors.names or same(_COUNT.sub("", anchor)) in anchors.names:
        return True
    return not same(anchor) or (is_bare and same(anchor) in pages.everywhere)


def _anchors(document: Document) -> Anchors:
    view = document.view
    if any(document.zone_at(one.start()).kind not in _SHOWN for one in _COMPOSED.finditer(view)):
        return Anchors({}, is_whole=False)
    found: dict[str, str] = {}
    for zone in document.zones:
        if zone.kind is ZoneKind.HEADING:
            for name in _of_heading(view, zone):
                found.setdefault(same(name), name)
    for one in _EXPLICIT.finditer(view):
        name = slug(one["html"]) if one["html"] else next(filter(None, one.groups()), "")
        found.setdefault(same(name), name)
    return Anchors(found, is_whole=True)


def _of_heading(view: str, zone: Zone) -> Iterator[str]:
    """The anchors of the heading on whose line a zone stands; a link or code in it splits its zone."""
    line = line_at(view, zone.span.start)
    text = _ATTRIBUTES.sub("", view[line.start : line.end].strip().lstrip("#>").strip())
    yield slug(text)
    yield slug(re.sub(r"\]\[[^\]]*\]|\{\w+\}|[<>]", "", text))


def _fix(path: str, span: Span, anchor: str, anchors: Anchors) -> Fix | None:
    """The one anchor of the page with the same words but for its numbers, or that begins with them."""
    words, names = _words(anchor), anchors.names.values()
    alike = [name for name in names if _words(name) == words] or [n for n in names if _words(n).startswith(words)]
    if len(alike) != 1 or len(words) < _TELLING:
        return None
    edit = Edit(path, span, anchor, alike[0], "the one heading with these words", "anchor")
    return Fix(UNSAFE, f"Write #{alike[0]}", (edit,))


def _words(anchor: str) -> str:
    return "".join(filter(str.isalpha, anchor.casefold()))


_PAGE = "# Tools\n\n## 2. The Spade\n\n(the-rake)=\n### Rakes & Hoes\n"
_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
    "docs/tools.md": _PAGE,
}

CHECK = Check(
    name=_CODE,
    summary="A link leads to an anchor that its page does not have.",
    why="The reader arrives at the top of a long page instead of the passage that was meant.",
    find=find,
    good=(
        {**_TREE, "README.md": "[spade](docs/tools.md#2-the-spade), [rake](docs/tools.html#the-rake)\n"},
        {**_TREE, "README.md": "[hoe](docs/tools.md#rakes--hoes), [line](docs/tools.md#L3)\n"},
    ),
    bad=(
        {**_TREE, "README.md": "[spade](docs/tools.md#3-the-spade)\n"},
        {**_TREE, "README.md": "# Garden\n\nSee [below](#the-pond).\n"},
    ),
)
