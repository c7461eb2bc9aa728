"""Read tables of contents: jupyter-book, mdBook, mkdocs, Quarto, MyST and Sphinx.

Gives pages, titles and parts with their places in the text; it opens no page and raises nothing.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from refactor.marks import BadYamlError, compose
from refactor.model import Tier
from refactor.settings import parse_range
from refactor.spans import SURROGATE, Span

if TYPE_CHECKING:
    from yaml import Node, ScalarNode

NAMES = frozenset(
    "_toc.yml _toc.yaml SUMMARY.md mkdocs.yml mkdocs.yaml _quarto.yml _quarto.yaml myst.yml index.rst index.md".split()
)
_OF_SPHINX = "conf.py"  # beside the pages that Sphinx builds

# The keys of all YAML dialects in one place: no key means two things in two of them.
_FILES = ("file", "root", "href")
_TITLES = ("title", "text")
_CAPTIONS = ("caption", "part", "section", "header")
_CHILDREN = frozenset("parts chapters sections subtrees entries items contents children appendices".split())

_STARTS = {
    "_toc": ((),),
    "mkdocs": (("nav",),),
    "_quarto": (("book", "chapters"), ("book", "appendices"), ("website", "sidebar")),
    "myst": (("project", "toc"),),
}
_PAGE = re.compile(r"[^*?\s]+\.[A-Za-z]\w*(#.*)?")
_ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]*:|//|#")


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A page in a table of contents. `path` counts from the root, and has a suffix only if the text has.

    `part` is the innermost caption above; `title` is "" and its span None if the text gives none.
    A span covers the text without its quotes.
    """

    path: str
    title: str
    part: str
    title_span: Span | None
    file_span: Span


@dataclass(frozen=True, slots=True)
class TocPart:
    """A caption that groups entries, and where it stands."""

    caption: str
    span: Span


@dataclass(frozen=True, slots=True)
class Toc:
    """A table of contents in its own order."""

    path: str
    entries: tuple[TocEntry, ...]
    parts: tuple[TocPart, ...]


_Item: TypeAlias = TocEntry | TocPart


def files(paths: Collection[str]) -> list[str]:
    """Those of a tree's files that may be tables of contents, sorted; index pages only in what Sphinx builds."""
    named = [(path, name) for path in paths if (name := path.rpartition("/")[2]) in NAMES or name == _OF_SPHINX]
    sphinx = tuple(path.removesuffix(name) for path, name in named if name == _OF_SPHINX)
    tocs = ((path, name) for path, name in named if name in NAMES)
    return sorted(path for path, name in tocs if not name.startswith("index.") or path.startswith(sphinx))


def read(path: str, text: str) -> Toc | None:
    """Read a table of contents; None if the file's name is none of `NAMES`, or nothing in it is a page."""
    folder, _, name = path.rpartition("/")
    if name not in NAMES:
        return None
    if name in _ITEMS:
        items, base = tuple(_ITEMS[name](text)), folder
    else:
        items, base = _from_yaml(text, name.rpartition(".")[0], folder)
    entries = tuple(found for item in items if isinstance(item, TocEntry) and (found := _resolved(item, base)))
    parts = tuple(item for item in items if isinstance(item, TocPart))
    return Toc(path, entries, parts) if entries else None


def _resolved(entry: TocEntry, base: str) -> TocEntry | None:
    """Give an entry its path from the root; None if it lies outside, or on another site."""
    target = entry.path.partition("#")[0]
    if not target or _ELSEWHERE.match(target):
        return None
    path = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
    return None if path == ".." or path.startswith(("../", "/")) or path == "." else replace(entry, path=path)


# --- YAML ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """A YAML text, the offset of its start in the file, and the nodes that were met.

    An alias leads to a node that was met before, perhaps to one that it lies in.
    """

    text: str
    shift: int
    met: set[int]

    def is_new(self, node: Node) -> bool:
        known = id(node) in self.met
        self.met.add(id(node))
        return not known

    def span(self, node: ScalarNode) -> Span:
        """The place of a scalar in the file, without its quotes or the sign of a block."""
        start, end = node.start_mark.index, node.end_mark.index
        if node.style in {"'", '"'}:
            start, end = start + 1, end - 1
        elif node.style in {"|", ">"} and (inner := self.text.find(node.value.strip(), start, end)) >= 0:
            start, end = inner, inner + len(node.value.strip())
        return Span(start + self.shift, end + self.shift)

    def entry(self, file: ScalarNode, title: ScalarNode | None, part: str) -> TocEntry:
        if title is None:
            return TocEntry(file.value, "", part, None, self.span(file))
        return TocEntry(file.value, title.value.strip(), part, self.span(title), self.span(file))

    def part(self, caption: ScalarNode) -> TocPart:
        return TocPart(caption.value.strip(), self.span(caption))


def _from_yaml(text: str, stem: str, folder: str) -> tuple[tuple[_Item, ...], str]:
    """The items of a YAML table of contents, and the folder that its paths count from."""
    shift = int(text.startswith("\ufeff"))
    source = _Source(SURROGATE.sub("\ufffd", text[shift:]), shift, set())
    try:
        top = compose(source.text, aliases=1000)
    except BadYamlError:
        return (), folder
    starts = [node for keys in _STARTS[stem] if (node := _at(top, keys))]
    if stem != "mkdocs":
        return tuple(item for node in starts for item in _items(node, "", source)), folder
    pages = _scalar(_at(top, ("docs_dir",)))
    base = posixpath.join(folder, pages.value if pages else "docs")
    return tuple(item for node in starts for item in _pairs(node, "", source)), base


def _at(node: Node | None, keys: Sequence[str]) -> Node | None:
    for key in keys:
        node = _fields(node).get(key)
    return node


def _fields(node: Node | None) -> dict[str, Node]:
    """The values of a mapping by their keys; nothing for any other node."""
    from yaml.nodes import MappingNode, ScalarNode

    if not isinstance(node, MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, ScalarNode)}


def _scalar(node: Node | None) -> ScalarNode | None:
    from yaml.nodes import ScalarNode

    return node if isinstance(node, ScalarNode) and node.value.strip() else None


def _members(node: Node) -> list[Node]:
    from yaml.nodes import SequenceNode

    return node.value if isinstance(node, SequenceNode) else []


def _items(node: Node, part: str, source: _Source) -> Iterator[_Item]:
    """Walk jupyter-book, Quarto and MyST: tables with a page, a title or caption, and children."""
    if not source.is_new(node):
        return
    if (page := _scalar(node)) and _PAGE.fullmatch(page.value):
        yield source.entry(page, None, part)
    for member in _members(node):
        yield from _items(member, part, source)
    fields = _fields(node)
    file, title, caption = (_first(fields, keys) for keys in (_FILES, _TITLES, _CAPTIONS))
    children = [value for key, value in fields.items() if key in _CHILDREN]
    if caption and not file and _PAGE.fullmatch(caption.value):  # Quarto: a part may be a page
        file, caption = caption, None
    elif children and not (caption or file):  # MyST: a title without a page is a caption
        title, caption = None, title
    if caption:
        yield source.part(caption)
        part = caption.value.strip()
    if file:
        yield source.entry(file, title, part)
    for child in children:
        yield from _items(child, part, source)


def _first(fields: Mapping[str, Node], keys: Iterable[str]) -> ScalarNode | None:
    return next((found for key in keys if (found := _scalar(fields.get(key)))), None)


def _pairs(node: Node, part: str, source: _Source) -> Iterator[_Item]:
    """Walk mkdocs: a page, `title: page`, or `caption: [...]`."""
    from yaml.nodes import MappingNode

    if not source.is_new(node):
        return
    for member in _members(node):
        if (page := _scalar(member)) and _PAGE.fullmatch(page.value):
            yield source.entry(page, None, part)
        for key, value in member.value if isinstance(member, MappingNode) else ():
            if (title := _scalar(key)) is None:
                continue
            if page := _scalar(value):
                yield source.entry(page, title, part)
            elif _members(value):
                yield source.part(title)
                yield from _pairs(value, title.value.strip(), source)


# --- mdBook -------------------------------------------------------------------------------------


_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|^(?P<fence>```|~~~).*?(?:^(?P=fence)|\Z)", re.DOTALL | re.MULTILINE)
_LINE = re.compile(
    r"^\ufeff?(?: {0,3}(?P<level>#{1,6})[ \t]+(?P<caption>\S.*)"
    r"|[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?"
    r"\[(?P<title>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])*)\]"
    r"\([ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>(?:[^\s()<]|\([^\s()]*\))+))(?:[ \t][^()\n]*)?\))",
    re.MULTILINE,
)
_CLOSING = re.compile(r"(?<=[ \t])#+[ \t]*$")


def _summary(text: str) -> Iterator[_Item]:
    """Walk the links and headings of a SUMMARY.md; a first heading of the first level is its own."""
    from urllib.parse import unquote

    part, first = "", True
    for line in _LINE.finditer(_HIDDEN.sub(lambda hidden: re.sub(r"[^\n]", " ", hidden[0]), text)):
        if line["level"] is None:
            group = "bare" if line["angled"] is None else "angled"
            title, span = _trimmed(line["title"], line.start("title"))
            yield TocEntry(unquote(line[group]), title, part, span if title else None, Span(*line.span(group)))
        elif not first or line["level"] != "#":
            part, span = _trimmed(_CLOSING.sub("", line["caption"].rstrip()), line.start("caption"))
            yield TocPart(part, span)
        first = False


# --- Sphinx -------------------------------------------------------------------------------------


_TOCTREE = re.compile(
    r"^(?P<indent>[ \t]*)\.\.[ \t]+toctree::[^\n]*\n(?P<rst>(?:[ \t]*\r?\n|(?P=indent)[ \t]+[^\n]*(?:\n|\Z))*)"
    r"|^[ \t]*(?P<fence>`{3,}|:{3,})\{toctree\}[^\n]*\n(?P<myst>.*?)^[ \t]*(?P=fence)[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)
_IN_TOCTREE = re.compile(
    r"^[ \t]*(?::?caption:[ \t]*[\"']?(?P<caption>[^\n\"']+)[^\n]*|:?[\w-]+:(?:[ \t][^\n]*)?|-{3,}"
    r"|(?:(?P<title>[^\n<>]*[^\s<>])[ \t]+<(?P<page>[^\n<>]+)>|(?P<bare>[^\s<>*?]+)))[ \t]*\r?$",
    re.MULTILINE,
)


def _toctrees(text: str) -> Iterator[_Item]:
    """Walk the toctrees of a page: a caption, and a page on each line, perhaps behind a title."""
    for tree in _TOCTREE.finditer(text) if "toctree" in text else ():
        part = ""
        for line in _IN_TOCTREE.finditer(text, *tree.span("rst" if tree["fence"] is None else "myst")):
            if line["caption"]:
                part, span = _trimmed(line["caption"], line.start("caption"))
                yield TocPart(part, span)
            elif line["title"]:
                yield TocEntry(line["page"], line["title"], part, Span(*line.span("title")), Span(*line.span("page")))
            elif line["bare"] and line["bare"] != "self":
                yield TocEntry(line["bare"], "", part, None, Span(*line.span("bare")))


_ITEMS: dict[str, Callable[[str], Iterator[_Item]]] = {
    "SUMMARY.md": _summary, "index.rst": _toctrees, "index.md": _toctrees,
}  # fmt: skip


def _trimmed(text: str, start: int) -> tuple[str, Span]:
    """A piece of text without blanks at its ends, and where it stands."""
    inner = text.strip()
    start += len(text) - len(text.lstrip())
    return inner, Span(start, start + len(inner))


# --- tiers --------------------------------------------------------------------------------------


_KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
_RANGE = re.compile(r"[(\[](?:[^\W\d_]+\.?[ \t]+)?(?P<range>[^()\[\]]*)[)\]]\s*$")
_GROUP = re.compile(r"(?i)[ \t]+(?:tier|part|section)$")


def parse_tier(caption: str) -> Tier | None:
    """Read a caption that ends in a range: "⚡ Optimization Tier (15-19)" names Optimization, 15 to 19."""
    found = _RANGE.search(caption)
    numbers = parse_range(found["range"]) if found else None
    if not found or not numbers:
        return None
    name = _GROUP.sub("", _without_signs(caption[: found.start()]))
    return Tier(name, *numbers) if name else None


def _without_signs(text: str) -> str:
    """Take emoji, other signs and blanks off both ends."""
    text = _KEYCAP.sub("", text)
    while text and _is_sign(text[0]):
        text = text[1:]
    while text and _is_sign(text[-1]):
        text = text[:-1]
    return text


def _is_sign(character: str) -> bool:
    # Variation selectors and joiners belong to the emoji before them.
    category = unicodedata.category(character)
    return category in {"So", "Sk", "Cf", "Cn", "Co", "Zs", "Cc"} or character in "\ufe0e\ufe0f-–—:|·"
