"""Rename Python modules where a Python file imports, uses or mentions them.

It moves no files, and leaves a use alone that the new name cannot reach from the import at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.model import Edit
from refactor.spans import Span
from refactor.transforms import _packages
from refactor.transforms._plain import is_plain
from refactor.transforms._positions import UnplacedError, parse
from refactor.transforms._statements import Source, import_edits
from refactor.transforms.dotted import (
    Renames,
    are_mentioned,
    change,
    components,
    follow,
    in_calls,
    in_words,
    rename_dotted_text,
)

__all__ = ["rename_dotted_text", "rename_modules"]

_RELATIVE_CALL = re.compile(
    r"""\bimport_module\(\s*["'](?P<name>\.+\w[\w.]*)["']\s*,\s*(?:package\s*=\s*)?
        (?:["'](?P<package>[\w.]+)["']|__package__)\s*,?\s*\)""",
    re.VERBOSE,
)


def rename_modules(path: str, text: str, renames: Renames, *, root: str | None = None) -> list[Edit]:
    """Rename modules in a Python file: imports, uses, strings and comments; `renames` applies at once.

    `root` is the folder that holds the top-level packages ("" or "src"); without it, it is guessed from
    the path. If the file itself is one of the renamed modules, its relative imports are written for its
    new place. A file that cannot be parsed is treated as text. Edits are sorted and disjoint; offsets
    are code points of `text`.
    """
    module = _packages.module_name(path, renames, root)
    home = _packages.package(path, module)
    new_home = _packages.package(path, follow(module, renames))
    if home == new_home and not are_mentioned(text, renames):
        return []
    if home == new_home and not _RELATIVE_CALL.search(text) and is_plain(text, renames, home):
        return rename_dotted_text(path, text, renames)
    syntax = parse(text)
    if syntax is None:
        return rename_dotted_text(path, text, renames)
    source = Source(path, text, syntax, renames, home, new_home)
    try:
        return sorted({*import_edits(source), *_relative_calls(source), *_word_edits(source)})
    except UnplacedError:
        return rename_dotted_text(path, text, renames)


def _word_edits(source: Source) -> Iterator[Edit]:
    """Edits in strings and comments; code is blanked, for it was read by its grammar."""
    words = re.sub(r"[^\n]", " ", source.text)
    pieces: list[str] = []
    position = 0
    for span in sorted(source.syntax.words()):
        pieces += (words[position : span.start], source.text[span.start : span.end])
        position = span.end
    words = "".join((*pieces, words[position:]))
    yield from in_words(source.path, words, source.renames)
    for edit in in_calls(source.path, source.text, source.renames):
        if words.startswith(edit.old, edit.span.start):
            yield edit


def _relative_calls(source: Source) -> Iterator[Edit]:
    """Edits of `import_module(".loader", package="tinytool.data")`."""
    for match in _RELATIVE_CALL.finditer(source.text):
        home = match["package"] or source.home
        new_home = follow(match["package"], source.renames) if match["package"] else source.new_home
        written = match["name"]
        whole = _packages.absolute(written, home)
        if whole is None:
            continue
        new = follow(whole, source.renames)
        spelled = _packages.relative(new, new_home, written=written, old_home=home)
        if spelled != written:
            yield _respelled(source, match.start("name"), written, spelled)


def _respelled(source: Source, start: int, written: str, spelled: str) -> Edit:
    because = "relative name of a renamed module"
    name, new_name = written.lstrip("."), spelled.lstrip(".")
    if len(spelled) - len(new_name) != len(written) - len(name):
        return Edit(source.path, Span(start, start + len(written)), written, spelled, because, "dotted")
    places = components(start + len(written) - len(name), name)
    return change(source.path, source.text, places, new_name.split("."), because)
