"""Dotted module names: what a name becomes, and where text that no parser reads mentions one.

Knows nothing of files, packages or LibCST; a name that is only one word is followed in import contexts alone.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from refactor.model import Edit
from refactor.spans import Span

Renames = Mapping[str, str]

STATEMENT = "import of a renamed module"
USE = "use of an imported module that is renamed"

# `\ntinytool.x` in a string: the n belongs to the escape, not to the name. `x.tinytool`, `x/tinytool`
# and `x-tinytool` are names of something else.
BEFORE = r"(?:(?<![\w./\\-])|(?<=\\[nrt]))"
# `loader.py` is a file, which moves and is renamed by its path.
_NO_FILE = r"(?!\.(?:py[cio]?|ipynb|md|rst|html?|txt|json|ya?ml|toml|ini|cfg|sh|csv|bak)\b)"
AFTER = rf"(?!\w){_NO_FILE}"

# A quote inside a string: `\"`, or a filler and the quote in the view of a notebook.
ESCAPED = r"[\\\x1f]"

_NAME = r"[^\W\d]\w*"
_DOTTED = rf"{_NAME}(?:\.{_NAME})*"
_CLAUSE = rf"{_DOTTED}(?:[ \t]+as[ \t]+{_NAME})?"
_CLAUSES = rf"{_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*"
FROM = re.compile(rf"\bfrom[ \t]+(?P<module>{_DOTTED})[ \t]+import\b(?:[ \t]*\(?[ \t]*(?P<names>{_CLAUSES}))?")
# In prose "import" is an ordinary verb, so the statement must have its line, quotes or code span to itself.
_IMPORT = re.compile(
    rf"""(?:^|[`"'>\#;:]|\\n)[ \t]*import[ \t]+(?P<names>{_CLAUSES})(?=[ \t]*(?:\r?$|["'`\#;]|{ESCAPED}))""",
    re.MULTILINE | re.VERBOSE,
)
_ONE_CLAUSE = re.compile(rf"(?P<name>{_DOTTED})(?:[ \t]+as[ \t]+(?P<local>{_NAME}))?")


def follow(name: str, renames: Renames) -> str:
    """Give the new name of a module or of something in it: the longest renamed prefix decides."""
    head = name
    while head:
        if head in renames:
            return renames[head] + name[len(head) :]
        head = head.rpartition(".")[0]
    return name


def are_mentioned(text: str, renames: Renames) -> bool:
    """Tell whether a text could mention an old name at all."""
    return any(old.rpartition(".")[2] in text for old in renames)


def narrow(places: Sequence[Span], old: Sequence[str], new: Sequence[str], joint: str) -> tuple[Span, str]:
    """Reduce a change of a dotted name to the components that differ; `places` are those of `old`.

    At least one component is replaced by at least one, so that the edit shows a name, not a gap.
    """
    most = min(len(old), len(new)) - 1
    head = next((count for count in range(most) if old[count] != new[count]), most)
    most -= head
    tail = next((count for count in range(most) if old[-1 - count] != new[-1 - count]), most)
    span = Span(places[head].start, places[len(old) - 1 - tail].end)
    return span, joint.join(new[head : len(new) - tail])


def change(
    path: str,
    text: str,
    places: Sequence[Span],
    new: Sequence[str],
    because: str,
    *,
    kind: str = "dotted",
    joint: str = ".",
) -> Edit:
    """Make the smallest edit that turns the components at `places` into `new`."""
    old = [text[place.start : place.end] for place in places]
    span, replacement = narrow(places, old, new, joint)
    return Edit(path, span, text[span.start : span.end], replacement, because, kind)


def components(start: int, name: str) -> list[Span]:
    """Give the places of the components of a dotted name that is written at an offset."""
    places = []
    for component in name.split("."):
        places.append(Span(start, start + len(component)))
        start += len(component) + 1
    return places


def rename_dotted_text(path: str, text: str, renames: Renames) -> list[Edit]:
    """Rename modules in a text that is not parsed: Markdown, notebooks, YAML, TOML, broken Python.

    Dotted names are followed wherever they stand whole; one-word names in import statements, in calls
    that import by name, and in `name.attribute` where the text imports the name. Pass a document's
    view where not all of its text is content. Edits are sorted and disjoint; offsets are of `text`.
    """
    if not are_mentioned(text, renames):
        return []
    return sorted({*in_words(path, text, renames), *in_calls(path, text, renames)})


def in_words(path: str, text: str, renames: Renames) -> list[Edit]:
    """Edits for import statements and whole dotted names; the calls of `in_calls` are left out."""
    froms = list(FROM.finditer(text))
    governed = {match.start("module") for match in froms}
    words = [edit for old in renames if "." not in old for edit in _word_edits(path, text, old, renames[old])]
    statements = [edit for match in froms for edit in _from_edits(path, text, match, renames)]
    return [*statements, *_dotted_edits(path, text, renames, governed), *words]


def in_calls(path: str, text: str, renames: Renames) -> list[Edit]:
    """Edits for one-word module names in strings that import by name, such as `sys.modules["name"]`."""
    words = tuple(sorted(old for old in renames if "." not in old))
    if not words:
        return []
    because = "name of a renamed module where it is imported by name"
    places = (Span(*match.span(match.lastindex or 0)) for match in _calls(words).finditer(text))
    return [change(path, text, [place], [renames[text[place.start : place.end]]], because) for place in places]


@lru_cache(maxsize=8)
def _calls(words: tuple[str, ...]) -> re.Pattern[str]:
    name = "(" + "|".join(map(re.escape, words)) + ")"
    quote = rf"""{ESCAPED}?["']"""
    return re.compile(
        rf"""\b(?:(?:import_module|__import__|find_spec|spec_from_file_location|importorskip|run_module
              |(?:monkeypatch|mocker)\.(?:setattr|delattr)|patch(?:\.dict|\.multiple)?)\(\s*
              |sys\.modules(?:\[|,|\.(?:get|pop|setdefault)\()\s*)
            [rRuU]?{quote}{name}(?=[.:"']|{ESCAPED})
        |   {quote}{name}{quote}\s+(?:not\s+)?in\s+sys\.modules
        |   {quote}-m{quote}\s*,\s*{quote}{name}(?=[."']|{ESCAPED})
        |   \bpython[\d.]*[ \t]+(?:-\w+[ \t]+)*-m[ \t]+{name}(?![\w-])""",
        re.VERBOSE,
    )


def _dotted_edits(path: str, text: str, renames: Renames, governed: Container[int]) -> Iterator[Edit]:
    names = sorted((old for old in renames if "." in old), key=len, reverse=True)
    if not names:
        return
    pattern = f"{BEFORE}(?:{'|'.join(map(re.escape, names))}){AFTER}"
    for match in re.finditer(pattern, text):
        if match.start() in governed:
            continue
        new = follow(match[0], renames).split(".")
        yield change(path, text, components(match.start(), match[0]), new, "dotted name of a renamed module")


def _from_edits(path: str, text: str, match: re.Match[str], renames: Renames) -> Iterator[Edit]:
    """Edits of `from a.b import c, d as e`; a name keeps its local name, since uses are not known."""
    module = match["module"]
    clauses = list(_clauses(match))
    moved = [follow(f"{module}.{clause['name']}", renames).rpartition(".") for clause in clauses]
    parents = {parent for parent, _, _ in moved} or {follow(module, renames)}
    parent = parents.pop() if len(parents) == 1 else follow(module, renames)
    if not parent:  # a module at the top has no package to import it from
        return
    if parent != module:
        places = components(match.start("module"), module)
        yield change(path, text, places, parent.split("."), "import from a renamed module")
    for clause, (home, _, leaf) in zip(clauses, moved, strict=True):
        if home == parent and leaf != clause["name"]:
            yield _clause_edit(path, text, match, clause, leaf)


def _clause_edit(path: str, text: str, match: re.Match[str], clause: re.Match[str], leaf: str) -> Edit:
    """Change the name of a clause; `new as local` is written for `local`, and the other way round."""
    place = _place(clause, match)
    if clause["local"] == leaf:
        return change(path, text, [Span(place.start, place.start + len(clause[0]))], [leaf], STATEMENT)
    new = leaf if clause["local"] else f"{leaf} as {clause['name']}"
    return change(path, text, [place], [new], STATEMENT)


def _clauses(match: re.Match[str]) -> Iterator[re.Match[str]]:
    return _ONE_CLAUSE.finditer(match["names"] or "")


def _place(clause: re.Match[str], match: re.Match[str]) -> Span:
    offset = match.start("names")
    return Span(offset + clause.start("name"), offset + clause.end("name"))


def _word_edits(path: str, text: str, old: str, new: str) -> Iterator[Edit]:
    """Edits of `import old` and, where the text uses the name for nothing else, of `old.attribute`."""
    imports = [
        (_place(clause, match), clause["local"])
        for match in _IMPORT.finditer(text)
        for clause in _clauses(match)
        if clause["name"] == old
    ]
    plain = {place.start for place, local in imports if not local}
    uses = list(_uses(text, old, plain)) if plain else []
    is_clear = all(is_attribute for _, is_attribute in uses)
    for place, local in imports:
        clause = new if local or is_clear else f"{new} as {old}"
        yield change(path, text, [place], [clause], STATEMENT)
    for place, _ in uses if is_clear else ():
        yield change(path, text, [place], [new], USE)


def _uses(text: str, old: str, imported: Iterable[int]) -> Iterator[tuple[Span, bool]]:
    """Other places of a word, and whether each is the start of `word.attribute`."""
    known = {*imported, *(match.start("module") for match in FROM.finditer(text))}
    known |= {match.start(match.lastindex or 0) for match in _calls((old,)).finditer(text)}
    for match in re.finditer(rf"{BEFORE}{re.escape(old)}{AFTER}(?P<attribute>\.[^\W\d])?", text):
        if match.start() not in known:
            yield Span(match.start(), match.start() + len(old)), match["attribute"] is not None
