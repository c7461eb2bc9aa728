"""The step `toc`: move, retitle or add a page in a table of contents, or caption a part anew; comments and quotes stay."""

from __future__ import annotations

import json
import re

from refactor import toc
from refactor.draft import Draft, Outcome
from refactor.model import Document, Edit
from refactor.naming import split_suffix
from refactor.spans import Span, line_at, lines
from refactor.steps import Call, Key, Step, replaced
from refactor.steps._shapes import FILE, WORD, table
from refactor.toc import Toc, TocEntry

_PLACES = ("before", "after", "part")
_DASH = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+")


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    found = toc.read(document.path, document.text)
    if found is None:
        raise call.stop(
            f"{document.path} is no table of contents", f"name one of {', '.join(sorted(toc.NAMES))}", "file"
        )
    way = next(name for name in _WAYS if name in call.values)
    asked = {name: str(value) for name, value in call.table(way).items()}
    return Outcome(edits=_WAYS[way](_Work(call, document, found), asked))


class _Work:
    """A table of contents at work: its text, its pages, and the step that asks."""

    def __init__(self, call: Call, document: Document, found: Toc) -> None:
        self.call, self.document, self.toc = call, document, found

    @property
    def is_yaml(self) -> bool:
        """Whether an entry may go over several lines, and its words be quoted."""
        return self.document.path.endswith((".yml", ".yaml"))

    def entry(self, page: str) -> TocEntry:
        """The one entry of a page, named as it is written there or from the root, with or without suffix."""
        text = self.document.text
        names = {page, _stem(page)}
        found = [one for one in self.toc.entries
                 if names & {text[one.file_span.start : one.file_span.end], one.path, _stem(one.path), _stem(text[one.file_span.start : one.file_span.end])}]  # fmt: skip
        self.call.only(self.document, [one.file_span for one in found], f"page {page!r}", "file")
        return found[0]

    def block(self, entry: TocEntry) -> Span:
        """The whole lines of an entry and of what lies below it."""
        text, start = self.document.text, line_at(self.document.text, entry.file_span.start).start
        depth = len(text[start:]) - len(text[start:].lstrip(" \t"))
        while self.is_yaml and not _DASH.match(text, start) and start > 0:
            line = line_at(text, start - 1)
            indent = len(text[line.start :]) - len(text[line.start :].lstrip(" \t"))
            start, depth = line.start, min(depth, indent)
        end = size = line_at(text, start).end - start + 1
        for below in lines(text[start + size :]):
            size += len(below)
            if below.strip() and len(below) - len(below.lstrip()) <= depth:
                break
            end = size if below.strip() and not below.lstrip().startswith("#") else end
        return Span(start, min(start + end, len(text)))

    def place(self, asked: dict[str, str]) -> tuple[int, TocEntry]:
        """Where something goes, and the entry that it stands beside."""
        if "before" in asked:
            beside = self.entry(asked["before"])
            return self.block(beside).start, beside
        if "after" in asked:
            beside = self.entry(asked["after"])
            return self.block(beside).end, beside
        inside = [one for one in self.toc.entries if one.part == asked["part"]]
        if not inside:
            captions = ", ".join(repr(part.caption) for part in self.toc.parts)
            raise self.call.stop(f"no part with pages is called {asked['part']!r}", f"there are {captions}", "file")
        return self.block(inside[-1]).end, inside[-1]

    def put(self, at: int, new: str) -> Edit:
        """The edit that puts whole lines at a place."""
        if at and not self.document.text[:at].endswith("\n"):
            new = "\n" + new.rstrip("\n")
        return Edit(self.document.path, Span(at, at), "", new, "step of the plan", "toc")


def _stem(page: str) -> str:
    stem, suffix = split_suffix(page)
    return stem if suffix in {".md", ".ipynb", ".rst", ".qmd"} else page


def _moved(work: _Work, asked: dict[str, str]) -> tuple[Edit, ...]:
    entry = work.entry(asked["page"])
    block, (at, beside) = work.block(entry), work.place(asked)
    old = work.document.text[block.start : block.end]
    if block.start < at < block.end:
        raise work.call.stop(f"{asked['page']} cannot move beside itself", "name another page", "move")
    new = _indented(old, _indent(work.document.text[work.block(beside).start :]))
    if at in {block.start, block.end} and new == old:
        return ()
    away = Edit(work.document.path, block, old, "", "step of the plan", "toc")
    return (away, work.put(at, new if new.endswith("\n") else new + "\n"))


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _indented(block: str, indent: str) -> str:
    """Lines with another indentation, which keep their own beyond it."""
    old = len(_indent(block))
    return "".join(indent + line[old:] if line.strip() else line for line in lines(block))


def _retitled(work: _Work, asked: dict[str, str]) -> tuple[Edit, ...]:
    entry = work.entry(asked["page"])
    if entry.title_span is None:
        raise work.call.stop(f"{asked['page']} has no title in {work.document.path}", "use edit_text", "retitle")
    return replaced(work.document, entry.title_span, _fitting(work, entry.title_span, asked["title"]), "toc")


def _fitting(work: _Work, span: Span, words: str) -> str:
    """Words as they can stand in place of others: escaped where those are quoted, quoted where they must be."""
    if not work.is_yaml:
        return words
    before = work.document.text[span.start - 1 : span.start]
    if before == '"':
        return json.dumps(words, ensure_ascii=False)[1:-1]
    if before == "'":
        return words.replace("'", "''")
    is_plain = re.fullmatch(r"(?![-?:,\[\]{}#&*!|>'\"%@`])(?!.*(?:: | #|:$))[^\n]*\S", words)
    return words if is_plain else json.dumps(words, ensure_ascii=False)


def _recaptioned(work: _Work, asked: dict[str, str]) -> tuple[Edit, ...]:
    spans = [part.span for part in work.toc.parts if part.caption == asked["part"].strip()]
    span = work.call.only(work.document, spans, f"part {asked['part']!r}", "recaption")
    return replaced(work.document, span, _fitting(work, span, asked["caption"]), "toc")


def _added(work: _Work, asked: dict[str, str]) -> tuple[Edit, ...]:
    at, beside = work.place(asked)
    if beside.title_span is None and "title" in asked:
        beside = next((one for one in work.toc.entries if one.title_span), beside)
    lead = _lead(work, beside)
    spans = [(beside.file_span, asked["page"])]
    if beside.title_span:
        spans.append((beside.title_span, _fitting(work, beside.title_span, asked.get("title", asked["page"]))))
    text, start = work.document.text, lead.start
    new, position = "", start
    for span, words in sorted(spans):
        new += text[position : span.start] + words
        position = span.end
    new += text[position : lead.end]
    indent = _indent(text[work.block(work.place(asked)[1]).start :])
    return (work.put(at, _indented(new if new.endswith("\n") else new + "\n", indent)),)


def _lead(work: _Work, entry: TocEntry) -> Span:
    """The lines of an entry that name it: down to its page and title, whichever comes last."""
    last = max(span.end for span in (entry.file_span, entry.title_span) if span)
    return Span(work.block(entry).start, min(line_at(work.document.text, last).end + 1, len(work.document.text)))


_WAYS = {"move": _moved, "retitle": _retitled, "recaption": _recaptioned, "add": _added}

_PAGE = Key("page", WORD, "the page, as the table of contents writes it or from the root", required=True)
_WHERE = (
    Key("before", WORD, "the page that it comes before"),
    Key("after", WORD, "the page that it comes after"),
    Key("part", WORD, "the caption of the part at whose end it comes"),
)

STEP = Step(
    name="toc",
    summary="Move, retitle or add a page in a table of contents, or caption a part anew.",
    about="Of jupyter-book, MyST, Quarto, mkdocs, mdBook and Sphinx. A page moves with what lies below it; a new one is written "
    "as the one beside it. Comments, quotes and order of everything else stay.",
    keys=(
        FILE,
        Key("move", table(_PAGE, *_WHERE, one_of=(_PLACES,)), "a page, and where it goes"),
        Key("retitle", table(_PAGE, Key("title", WORD, "its new title", required=True)), "a page, and its new title"),
        Key(
            "recaption",
            table(
                Key("part", WORD, "the caption as it is", required=True),
                Key("caption", WORD, "the new caption", required=True),
            ),
            "a part, and its new caption",
        ),
        Key(
            "add",
            table(_PAGE, Key("title", WORD, "its title"), *_WHERE, one_of=(_PLACES,)),
            "a new page, written as it is to stand there, and where",
        ),
    ),
    one_of=(("move", "retitle", "recaption", "add"),),
    plan=_plan,
    example="""\
toc:
  file: book/_toc.yml
  move: {page: chapters/15-memoization, after: chapters/14-profiling}
""",
)
