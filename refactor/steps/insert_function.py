"""The step `insert_function`: put a function or method before, after or in place of a definition of a Python file."""

from __future__ import annotations

import ast
import re
import textwrap

from refactor.draft import Draft, Outcome
from refactor.model import Document, Edit
from refactor.spans import SURROGATE, Span, line_starts
from refactor.steps import Call, Key, Step
from refactor.steps._cells import NOTEBOOK, Cell, cells_of, with_source
from refactor.steps._pairs import notebook_of
from refactor.steps._shapes import ASSET, FILE, WORD

_PLACES = ("before", "after", "instead_of")


def _plan(call: Call, draft: Draft) -> Outcome:
    document = call.document(draft)
    beside, left = notebook_of(call, draft, document)
    span, new = _inserted(call, document.text, document.path)
    old = document.text[span.start : span.end]
    edits = [Edit(document.path, span, old, new, "step of the plan", "insert_function")]
    if beside and (edit := _in_notebook(call, beside)):
        edits.append(edit)
    return Outcome(edits=tuple(edits), left=left)


def _key(call: Call) -> str:
    return next(key for key in _PLACES if key in call.values)


def _inserted(call: Call, text: str, where: str) -> tuple[Span, str]:
    """Where the code is put in a text, and how it is written there."""
    key = _key(call)
    node = _definition(call, text, where, key)
    starts = [*line_starts(text), len(text)]
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    code = textwrap.indent(textwrap.dedent(call.assets["asset"]).strip("\n"), " " * node.col_offset)
    gap = "\n" if node.col_offset else "\n\n"
    start, end = _shifted(text, starts[first - 1]), starts[node.end_lineno or node.lineno]
    if key == "before":
        return Span(start, start), _as_in(text, f"{code}\n{gap}")
    if key == "instead_of":
        return Span(start, end), _as_in(text, f"{code}\n")
    broken = "" if text[:end].endswith("\n") else "\n"
    return Span(end, end), _as_in(text, f"{broken}{gap}{code}\n")


def _shifted(text: str, at: int) -> int:
    return max(at, int(text.startswith("\ufeff")))


def _as_in(text: str, new: str) -> str:
    return new.replace("\n", "\r\n") if "\r\n" in text else new


def _definition(call: Call, text: str, where: str, key: str) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef:
    """The one definition with a dotted name."""
    # A magic of IPython or a byte of another encoding is no Python; its line keeps its length as a comment.
    plain = re.sub(r"^[ \t]*[%!]", "#", SURROGATE.sub("x", text.replace("\ufeff", "")), flags=re.MULTILINE)
    try:
        found: list[ast.AST] = [ast.parse(plain)]
    except (SyntaxError, ValueError, RecursionError) as error:
        raise call.stop(f"{where} cannot be parsed ({error})", "mend it first, or use edit_text", "file") from error
    name = call.text(key)
    for part in name.split("."):
        found = [one for node in found for one in ast.iter_child_nodes(node) if getattr(one, "name", "") == part]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    definitions = [node for node in found if isinstance(node, kinds)]
    if len(definitions) != 1:
        often = f"{len(definitions)} times" if definitions else "nowhere"
        raise call.stop(f"{where} defines {name!r} {often}", "name one function or class, as in Class.method", key)
    return definitions[0]


def _in_notebook(call: Call, notebook: Document) -> Edit | None:
    key = _key(call)
    first = re.escape(call.text(key).partition(".")[0])
    shape = re.compile(rf"^(?:(?:async )?def|class) {first}\b", re.MULTILINE)
    cells: list[Cell] = [cell for cell in cells_of(notebook) if not cell.is_markdown and shape.search(cell.source)]
    call.only(notebook, [cell.span for cell in cells], f"cell that defines {call.text(key)!r}", key)
    source = cells[0].source
    span, new = _inserted(call, source, notebook.path)
    return with_source(notebook, cells[0], (source[: span.start] + new + source[span.end :]).rstrip("\n"))


STEP = Step(
    name="insert_function",
    summary="Put a function, method or class before, after or in place of a definition of a Python file.",
    about="The code of the asset is indented as the definition is, with blank lines between. In a dev file it becomes "
    "part of the cell that the definition stands in, and the notebook beside it is changed along.",
    keys=(
        FILE,
        Key("before", WORD, "the definition that it comes before: name, or Class.method"),
        Key("after", WORD, "the definition that it comes after"),
        Key("instead_of", WORD, "the definition that it replaces"),
        ASSET,
        NOTEBOOK,
    ),
    one_of=(_PLACES, ("asset",)),
    plan=_plan,
    example="""\
insert_function:
  file: tool/commands/export.py
  before: ExportCommand.run
  asset: assets/resolve_number.py
""",
)
