"""Tell whether a Python file needs its structure known to rename modules in it, or is plain text for that.

Reads with `ast`, which is twenty times as fast as LibCST; it makes no edits, and in doubt says no.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from refactor.transforms import _packages
from refactor.transforms.dotted import FROM, Renames, follow

_LINES = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class _Page:
    """A file as `ast` reads it, and the package it belongs to."""

    lines: list[str]
    nodes: list[ast.AST]
    renames: Renames
    home: str

    def moves(self, name: str) -> bool:
        """Tell whether a whole name changes."""
        return follow(name, self.renames) != name


def is_plain(text: str, renames: Renames, home: str) -> bool:
    """Tell whether all there is to rename are modules of `from a.b import c`, strings and comments.

    False for whatever changes more than a name in its place, for uses, and for what `ast` cannot read.
    """
    # One word may be a variable as well, so an import of it takes knowledge of scopes.
    if any("." not in old and re.search(rf"\bimport\b.*\b{re.escape(old)}\b", text) for old in renames):
        return False
    source = text.removeprefix("\ufeff")
    tree = _tree(source)
    if tree is None:
        return False
    page = _Page(_LINES.split(source), list(ast.walk(tree)), renames, home)
    if not all(_stays_in_place(page, node) for node in page.nodes):
        return False
    bound = _bound(page)
    return all(_is_out_of_reach(page, chain, bound) for chain in _chains(page.nodes))


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a string is no business of ours
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _stays_in_place(page: _Page, node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return not any(page.moves(alias.name) for alias in node.names)
    base = _base(page, node)
    if not isinstance(node, ast.ImportFrom) or base is None:
        return True
    names = [name for _, name in _imported(page, node)]
    if not any(map(page.moves, (base, *names))):
        return True
    moved = follow(base, page.renames)
    is_same = all(follow(name, page.renames) == moved + name[len(base) :] for name in names)
    return is_same and not node.level and _is_on_one_line(page, node)


def _base(page: _Page, node: ast.AST) -> str | None:
    """Give the whole name of the module after `from`, or None if there is none that we know."""
    if not isinstance(node, ast.ImportFrom):
        return None
    written = "." * node.level + (node.module or "")
    return _packages.absolute(written, page.home) if node.level else written


def _imported(page: _Page, node: ast.AST) -> Iterator[tuple[str, str]]:
    """Give each name that an import binds, and the whole name it stands for."""
    base = _base(page, node)
    for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
        if isinstance(node, ast.ImportFrom):
            if base is not None:
                yield alias.asname or alias.name, f"{base}.{alias.name}".lstrip(".")
        else:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)


def _bound(page: _Page) -> dict[str, set[str]]:
    bound: dict[str, set[str]] = {}
    for node in page.nodes:
        for local, name in _imported(page, node):
            bound.setdefault(local, set()).add(name)
    return bound


def _is_on_one_line(page: _Page, node: ast.ImportFrom) -> bool:
    line = page.lines[node.lineno - 1].encode()[node.col_offset :].decode()
    match = FROM.match(line)
    return match is not None and match["module"] == node.module


def _chains(nodes: list[ast.AST]) -> Iterator[list[str]]:
    """Give `a.b.c` as names; its inner part `a.b` comes as well, and says no less."""
    for node in nodes:
        names: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            names.append(inner.attr)
            inner = inner.value
        if names and isinstance(inner, ast.Name):
            yield [inner.id, *reversed(names)]


def _is_out_of_reach(page: _Page, chain: list[str], bound: Mapping[str, set[str]]) -> bool:
    """Tell whether a chain says the same as before, given that its first name stays what it is."""
    rest = "".join(f".{name}" for name in chain[1:])
    if page.moves(chain[0] + rest):  # also where the name is a variable, for plain text cannot know
        return False
    names = bound.get(chain[0], ())
    return all(follow(name + rest, page.renames) == follow(name, page.renames) + rest for name in names)
