"""The step `set_front_matter`: give keys of a page's front matter new values, written as the old ones were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from refactor.draft import Draft, Outcome
from refactor.marks import BadYamlError, Value, compose, words
from refactor.model import Document, Edit
from refactor.spans import Span
from refactor.steps import Call, Key, Step, replaced
from refactor.steps._shapes import FILE, TEXT, map_of, one_or_many

if TYPE_CHECKING:
    from yaml import Node

_BLOCK = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<inner>.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_PLAIN = re.compile(r"[^\W_][^:#\n\[\]{},&*!|>'\"%@`]*")


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    block = _BLOCK.match(document.text)
    if block is None:
        raise call.stop(f"{document.path} has no front matter", "add it with the step edit_text", "file")
    fields = _fields(call, document, block)
    wanted = {key: words(value) for key, value in call.table("set").items()}
    edits = [edit for key, value in wanted.items() if key in fields
             for edit in _changed(document, block.start("inner"), fields[key], value)]  # fmt: skip
    new = "".join(_line(key, value) for key, value in wanted.items() if key not in fields)
    end = block.end("inner")
    return Outcome(edits=(*edits, *(replaced(document, Span(end, end), new, "set_front_matter") if new else ())))


def _fields(call: Call, document: Document, block: re.Match[str]) -> dict[str, Node]:
    from yaml.nodes import MappingNode

    try:
        top = compose(block["inner"])
    except BadYamlError as error:
        raise call.stop(f"the front matter of {document.path} is no YAML", error.problem, "file") from error
    return {key.value: value for key, value in top.value} if isinstance(top, MappingNode) else {}


def _changed(document: Document, shift: int, node: Node, value: Value) -> Iterator[Edit]:
    from yaml.nodes import ScalarNode, SequenceNode

    span = Span(node.start_mark.index + shift, _end(node) + shift)
    old = document.text[span.start : span.end]
    if isinstance(value, list) and isinstance(node, SequenceNode) and not node.flow_style:
        break_ = "\n" + " " * node.start_mark.column
        quote = _quote(document.text[node.value[0].start_mark.index + shift :]) if node.value else ""
        new = break_.join(f"- {_written(str(item), quote)}" for item in value)
    elif isinstance(value, list):
        new = _flow(value, _quote_in(old))
    else:
        new = _written(str(value), _quote(old) if isinstance(node, ScalarNode) else "")
    yield from replaced(document, span, new, "set_front_matter")


def _quote_in(old: str) -> str:
    """How the texts of a list in brackets are quoted; in double quotes where there is none to look at."""
    found = re.search(r"[\"']", old)
    return found[0] if found else "" if old.strip("[] \t\n") else '"'


def _flow(items: list[Value], quote: str) -> str:
    return f"[{', '.join(_written(str(item), quote) for item in items)}]"


def _end(node: Node) -> int:
    """Where a value ends; a block list, whose mark lies behind it, with its last item."""
    from yaml.nodes import SequenceNode

    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return node.end_mark.index


def _quote(text: str) -> str:
    return text[:1] if text[:1] in {"'", '"'} else ""


def _written(value: str, quote: str) -> str:
    """A scalar in a manner of quoting, or in double quotes if it needs them."""
    if quote == "'":
        return "'" + value.replace("'", "''") + "'"
    if quote == '"' or not _PLAIN.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return value


def _line(key: str, value: Value) -> str:
    if isinstance(value, list):
        return f"{key}: {_flow(value, chr(34))}\n"
    return f"{key}: {_written(str(value), '')}\n"


STEP = Step(
    name="set_front_matter",
    summary="Give keys of a page's front matter new values.",
    about="A value is written as the old one was: its quotes, a list in brackets or with dashes. A key that is not there "
    "is added at the end.",
    keys=(FILE, Key("set", map_of(one_or_many(TEXT)), "keys of the first level with their new values", required=True)),
    plan=_plan,
    example="""\
set_front_matter:
  file: book/chapters/15-memoization.md
  set: {difficulty: 2, prerequisites: [Transformers, Profiling]}
""",
)
