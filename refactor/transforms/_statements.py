"""Import statements and the uses of what they import, as edits measured on a parsed file.

Reads scopes to tell a module from a variable of the same name; it never looks inside strings or comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from refactor.model import Edit
from refactor.spans import Span
from refactor.transforms import _packages
from refactor.transforms._positions import Syntax
from refactor.transforms.dotted import STATEMENT, USE, Renames, change, follow

if TYPE_CHECKING:
    import libcst as cst
    from libcst.metadata import Access, BaseAssignment, Scope


@dataclass(frozen=True)
class Alias:
    """One clause of an import: the whole names of what it imports, before and after."""

    span: Span
    places: tuple[Span, ...]
    old: str
    new: str
    local: str  # the name it binds; of `import a.b` the whole name
    is_plain: bool  # `import a.b`, which binds `a`
    has_local: bool

    def clause(self, *, local: str) -> str:
        """Write the last part of the new name so that it binds `local`."""
        leaf = self.new.rpartition(".")[2]
        return leaf if leaf == local else f"{leaf} as {local}"


@dataclass(frozen=True)
class Use:
    """A chain of names that starts with an imported one, and the chain that says the same afterwards."""

    places: tuple[Span, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Source:
    """A parsed Python file, and the package it belongs to before and after."""

    path: str
    text: str
    syntax: Syntax
    renames: Renames
    home: str
    new_home: str

    @cached_property
    def statements(self) -> dict[cst.CSTNode, tuple[Alias, ...]]:
        """All import statements with their clauses; a star has none."""
        import libcst as cst

        kinds = (cst.Import, cst.ImportFrom)
        return {node: tuple(self._clauses(node)) for node in self.syntax.nodes() if isinstance(node, kinds)}

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names that stand for something else than a plainly imported module, anywhere in the file."""
        import libcst as cst

        named = {node.name.value for node in self.syntax.nodes() if isinstance(node, cst.NameItem)}
        for scope in self.syntax.scopes:
            for assignment in scope.assignments:
                if not any(alias.is_plain for alias in self.aliases(assignment)):
                    named.add(assignment.name)
        return frozenset(named)

    def accesses(self) -> Iterator[Access]:
        """Give each place that reads a name; of a quoted annotation, the string."""
        for scope in self.syntax.scopes:
            yield from (access for access in scope.accesses if access.node in self.syntax.positions)

    def aliases(self, assignment: BaseAssignment) -> list[Alias]:
        """Find the clauses that make an assignment, if an import does; `import a.b` makes `a` and `a.b`."""
        node = getattr(assignment, "node", None)
        name = assignment.name
        return [
            alias
            for alias in (self.statements.get(node, ()) if node is not None else ())
            if alias.local == name or (alias.is_plain and alias.local.startswith(f"{name}."))
        ]

    def imported(self, scope: Scope, name: str) -> list[Alias]:
        """Find the clauses that may have brought a name to a scope."""
        return [alias for assignment in scope[name] for alias in self.aliases(assignment)]

    def keeps_local(self, alias: Alias) -> bool:
        """Tell whether `import old` must become `import new as old`, as a name means several things."""
        return alias.is_plain and "." not in alias.old and not self.bound.isdisjoint({alias.old, top(alias.new)})

    def _clauses(self, node: cst.Import | cst.ImportFrom) -> Iterator[Alias]:
        import libcst as cst

        base = self.base(node) if isinstance(node, cst.ImportFrom) else ""
        for alias in () if isinstance(node.names, cst.ImportStar) or base is None else node.names:
            names = self.syntax.dotted(alias.name)
            name = ".".join(word for _, word in names)
            old = f"{base}.{name}" if base else name
            yield Alias(
                self.syntax.span(alias, names[0][1]),
                tuple(place for place, _ in names),
                old,
                follow(old, self.renames),
                alias.evaluated_alias or name,
                is_plain=isinstance(node, cst.Import) and alias.asname is None,
                has_local=alias.asname is not None,
            )

    def base(self, node: cst.ImportFrom) -> str | None:
        """Give the whole name of the module after `from`, or None if it is out of our packages."""
        written = "".join(text for _, text in self.module(node))
        return _packages.absolute(written, self.home) if node.relative else written

    def module(self, node: cst.ImportFrom) -> list[tuple[Span, str]]:
        """Give the dots and the name after `from`, each with its place."""
        pieces = [(self.syntax.span(dot, "."), ".") for dot in node.relative]
        if node.module is not None:
            names = self.syntax.dotted(node.module)
            span = Span(names[0][0].start, names[-1][0].end)
            pieces.append((span, ".".join(word for _, word in names)))
        return pieces


def top(name: str) -> str:
    """Give the first component of a dotted name."""
    return name.partition(".")[0]


def import_edits(source: Source) -> Iterator[Edit]:
    """Edits of all import statements."""
    import libcst as cst

    uses = list(_uses(source))
    for use in uses:
        if use.new != use.old:
            yield change(source.path, source.text, use.places, use.new, USE)
    needed = {use.old[0] for use in uses if use.new == use.old}
    for node, aliases in source.statements.items():
        if isinstance(node, cst.ImportFrom):
            yield from _from_edits(source, node, aliases)
            continue
        for alias in aliases:
            if alias.new != alias.old:
                yield _import_edit(source, alias, needed - {top(other.new) for other in aliases if other.is_plain})
    yield from _annotation_edits(source)


def _import_edit(source: Source, alias: Alias, needed: set[str]) -> Edit:
    new = alias.new.split(".")
    if alias.has_local and alias.new == alias.local:
        return _clause_edit(source, alias, alias.new)
    if source.keeps_local(alias):
        new = [f"{alias.new} as {alias.old}"]
    elif alias.is_plain and top(alias.new) != top(alias.old) and top(alias.old) in needed:
        # `import a.b` also brought `a`, and something else in `a` is still used.
        new[-1] += f", {top(alias.old)}"
    return change(source.path, source.text, alias.places, new, STATEMENT)


# --- uses -----------------------------------------------------------------------------------------


def _uses(source: Source) -> Iterator[Use]:
    import libcst as cst

    outer: dict[cst.CSTNode, cst.Attribute] = {
        node.value: node for node in source.syntax.nodes() if isinstance(node, cst.Attribute)
    }
    for access in source.accesses():
        node: cst.CSTNode = access.node
        while node in outer:
            node = outer[node]
        chain = source.syntax.dotted(node)
        # Not what LibCST says it refers to: that misses `a.b` before an `import a.b` that follows, and
        # finds that import where `a` is a parameter.
        aliases = source.imported(access.scope, chain[0][1]) if chain else []
        if aliases:
            old = tuple(name for _, name in chain)
            yield Use(tuple(place for place, _ in chain), old, _followed(source, aliases, old))


def _followed(source: Source, aliases: Sequence[Alias], chain: tuple[str, ...]) -> tuple[str, ...]:
    """Give the chain after the renaming, or the same chain where the new name is out of its reach."""
    new = {_from_local(source, alias, chain) for alias in aliases if not alias.is_plain}
    plain = [alias for alias in aliases if alias.is_plain]
    whole = follow(".".join(chain), source.renames)
    if plain:
        is_reached = any(top(alias.new) == top(whole) and not source.keeps_local(alias) for alias in plain)
        new.add(tuple(whole.split(".")) if is_reached else chain)
    return new.pop() if len(new) == 1 else chain


def _from_local(source: Source, alias: Alias, chain: tuple[str, ...]) -> tuple[str, ...]:
    new = follow(".".join([alias.old, *chain[1:]]), source.renames)
    if not f"{new}.".startswith(f"{alias.new}."):
        return chain
    return (chain[0], *filter(None, new[len(alias.new) :].split(".")))


def _annotation_edits(source: Source) -> Iterator[Edit]:
    """Edits inside quoted annotations, `"loader_dev.Loader"`, whose names LibCST places at the string."""
    import libcst as cst

    for access in source.accesses():
        if not isinstance(access.node, cst.SimpleString):
            continue
        span = source.syntax.span(access.node, access.node.value)
        for alias in (alias for assignment in access.referents for alias in source.aliases(assignment)):
            if "." in alias.old or not alias.is_plain or source.keeps_local(alias):
                continue
            for match in re.finditer(rf"(?<![\w.]){re.escape(alias.old)}(?!\w)", source.text[span.start : span.end]):
                place = Span(span.start + match.start(), span.start + match.end())
                yield change(source.path, source.text, [place], [alias.new], USE)


# --- from a import b ------------------------------------------------------------------------------


def _from_edits(source: Source, node: cst.ImportFrom, aliases: Sequence[Alias]) -> Iterator[Edit]:
    """Edits of one `from` statement: names that move to other modules than the rest leave it."""
    base = source.base(node)
    if base is None or (source.home == source.new_home and follow(base, source.renames) == base and _all_stay(aliases)):
        return
    homes = [alias.new.rpartition(".")[0] for alias in aliases]
    candidates = [follow(base, source.renames), *homes]
    kept = next((home for home in candidates if (home in homes or not homes) and _spelled(source, node, home)), None)
    if kept is None:
        yield from _replaced(source, node, aliases)
        return
    yield from _module_edit(source, node, _spelled(source, node, kept))
    for alias, home in zip(aliases, homes, strict=True):
        if home == kept and alias.new.rpartition(".")[2] != alias.old.rpartition(".")[2]:
            leaf = alias.new.rpartition(".")[2]
            yield _clause_edit(source, alias, leaf)
    leaving = [index for index, home in enumerate(homes) if home != kept]
    if leaving:
        yield from _departed(source, node, aliases, leaving)


def _clause_edit(source: Source, alias: Alias, leaf: str) -> Edit:
    """Change the name of a clause; `new as local` is written for `local`, and the other way round."""
    if alias.has_local and leaf == alias.local:
        return change(source.path, source.text, [alias.span], [leaf], STATEMENT)
    new = leaf if alias.has_local else f"{leaf} as {alias.local}"
    return change(source.path, source.text, alias.places, [new], STATEMENT)


def _all_stay(aliases: Sequence[Alias]) -> bool:
    return all(alias.new == alias.old for alias in aliases)


def _spelled(source: Source, node: cst.ImportFrom, home: str) -> str:
    """Write a module after `from`; the empty string says that it takes `import` instead."""
    if not node.relative:
        return home
    written = "".join(text for _, text in source.module(node))
    return _packages.relative(home, source.new_home, written=written, old_home=source.home)


def _module_edit(source: Source, node: cst.ImportFrom, spelled: str) -> Iterator[Edit]:
    pieces = source.module(node)
    written = "".join(text for _, text in pieces)
    if spelled == written:
        return
    because = "import from a renamed module"
    name, old_name = spelled.lstrip("."), written.lstrip(".")
    if name and old_name and len(spelled) - len(name) == len(node.relative):
        places = [place for place, _ in source.syntax.dotted(node.module)] if node.module else []
        yield change(source.path, source.text, places, name.split("."), because)
        return
    span = Span(pieces[0][0].start, pieces[-1][0].end)
    # `from.a import b` is good Python, and `froma import b` is not.
    before = "" if source.text[span.start - 1].isspace() else " "
    after = "" if source.text[span.end].isspace() else " "
    old = source.text[span.start : span.end]
    yield Edit(source.path, span, old, before + spelled + after, because, "dotted")


def _replaced(source: Source, node: cst.ImportFrom, aliases: Sequence[Alias]) -> Iterator[Edit]:
    span = source.syntax.span(node, "from")
    new = _statement("", aliases)
    yield Edit(source.path, span, source.text[span.start : span.end], new, STATEMENT, "dotted")


def _departed(source: Source, node: cst.ImportFrom, aliases: Sequence[Alias], leaving: list[int]) -> Iterator[Edit]:
    """Take clauses out of a statement and write statements of their own in front of it."""
    groups: dict[str, list[Alias]] = {}
    for index in leaving:
        home = aliases[index].new.rpartition(".")[0]
        groups.setdefault(_spelled(source, node, home), []).append(aliases[index])
    start = source.syntax.span(node, "from").start
    joint = _joint(source.text, start)
    new = "".join(_statement(spelled, group) + joint for spelled, group in groups.items())
    yield Edit(source.path, Span(start, start + 4), "from", f"{new}from", STATEMENT, "dotted")
    for span in _cuts([alias.span for alias in aliases], leaving):
        old = source.text[span.start : span.end]
        yield Edit(source.path, span, old, "", "imported by a statement of its own", "dotted")


def _statement(spelled: str, aliases: Sequence[Alias]) -> str:
    if spelled:
        return f"from {spelled} import " + ", ".join(alias.clause(local=alias.local) for alias in aliases)
    clauses = [alias.new if alias.new == alias.local else f"{alias.new} as {alias.local}" for alias in aliases]
    return "import " + ", ".join(clauses)


def _joint(text: str, start: int) -> str:
    """What separates a statement from one put in front of it: a new line if it begins a line."""
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start].lstrip("\ufeff")
    if indent.strip() or text[:line].rstrip("\r\n").endswith("\\"):
        return "; "
    return ("\r\n" if "\r\n" in text else "\n") + indent


def _cuts(spans: Sequence[Span], leaving: Sequence[int]) -> Iterator[Span]:
    """Give the pieces to cut so that the commas between the clauses that stay are right."""
    last_kept = max(index for index in range(len(spans)) if index not in leaving)
    for index in leaving:
        if index < last_kept:
            yield Span(spans[index].start, spans[index + 1].start)
    if last_kept + 1 < len(spans):
        yield Span(spans[last_kept].end, spans[-1].end)
