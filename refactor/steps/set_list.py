"""The step `set_list`: give a Markdown list new items, marked as the old ones were."""

from __future__ import annotations

import re

from refactor.draft import Draft, Outcome
from refactor.model import Document
from refactor.spans import Span, lines
from refactor.steps import Call, Key, Step, replaced
from refactor.steps._shapes import FILE, WORD, list_of

_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?:#[ ])?(?P<mark>[-*+]|(?P<number>\d+)(?P<dot>[.)]))(?P<gap>[ \t]+)(?P<words>.*)"
)


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    start = _behind(call, document)
    block = _block(document.text, start)
    first = _ITEM.match(document.text, block.start)
    if first is None or not len(block):
        raise call.stop(f"no list follows {call.text('after')!r} in {document.path}", "name the line above it", "after")
    new = "\n".join(_written(first, at, item) for at, item in enumerate(call.texts("items")))
    new = new.replace("\n", "\r\n") if "\r\n" in document.text else new
    return Outcome(edits=replaced(document, block, new, "set_list"))


def _behind(call: Call, document: Document) -> int:
    """Where the line ends that stands above the list."""
    wanted, at, found = call.text("after").strip(), 0, []
    for line in lines(document.text):
        if line.strip() == wanted or (line.lstrip("# \t").strip() == wanted and line.startswith("#")):
            found.append(Span(at, at + len(line)))
        at += len(line)
    return call.only(document, found, f"line {wanted!r}", "after").end


def _block(text: str, start: int) -> Span:
    """The list that follows, from its first item to the last, without the line break behind it."""
    at, begin, end, depth = start, -1, start, 0
    for line in lines(text[start:]):
        item, indent = _ITEM.match(line), len(line) - len(line.lstrip())
        is_part = bool(item) and (begin < 0 or indent >= depth)
        if begin < 0 and line.strip() and not item:
            break
        if begin >= 0 and line.strip() and not is_part and indent <= depth:
            break
        if line.strip():
            begin, depth = (at, indent) if begin < 0 else (begin, depth)
            end = at + len(line.rstrip("\r\n"))
        at += len(line)
    return Span(begin, end) if begin >= 0 else Span(start, start)


def _written(first: re.Match[str], at: int, item: str) -> str:
    mark = f"{int(first['number']) + at}{first['dot']}" if first["number"] else first["mark"]
    lead = f"{first['indent']}{mark}{first['gap']}"
    return lead + item.rstrip("\n").replace("\n", "\n" + " " * len(lead))


STEP = Step(
    name="set_list",
    summary="Give a Markdown list new items.",
    about="The list is the one that follows a line. Its items are marked, numbered and indented as the first one was.",
    keys=(
        FILE,
        Key("after", WORD, "the whole line above the list; of a heading, its text", required=True),
        Key("items", list_of(WORD), "the items, without their marks", required=True),
    ),
    plan=_plan,
    example="""\
set_list:
  file: docs/path.md
  after: "## Next steps"
  items: ["[Quantization](16-quantization.md)", "[Compression](17-compression.md)"]
""",
)
