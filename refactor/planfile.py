"""Read a plan file: which entries get which ids, and the phases of the restructure around it.

Checks what the file says, with the line of every mistake; whether the entries exist is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor import plansource, settings
from refactor.marks import Value, words
from refactor.model import Tier
from refactor.plansource import NAME, Source
from refactor.tables import Fault, Table

KEYS = ("plan", "series", "rename", "tiers", "settings", "values", "phases", "extends", "groups")
RENAME_KEYS = ("to", "title", "export")

# One component of a path on any system, with a letter or digit in it.
_ID = re.compile(r"""(?![. ])(?=.*\w)[^/\\<>:"|?*\x00-\x1f]*[^/\\<>:"|?*\x00-\x1f. ]""")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.\w+)*")


@dataclass(frozen=True, slots=True)
class PlanRename:
    """One pair of ids as written."""

    old_id: str
    new_id: str
    title: str | None


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as written. `exports` are pairs of dotted module paths, old and new.

    `values` are texts that phases may use; `phases` are as they stand in the file.
    """

    path: Path
    name: str
    series: str | None
    renames: tuple[PlanRename, ...]
    tiers: tuple[Tier, ...]
    exports: tuple[tuple[str, str], ...]
    settings: Mapping[str, object]
    values: Mapping[str, object]
    phases: tuple[Value, ...]
    source: Source

    def where(self, *way: str | int) -> str:
        """Name the place of a key or list item: "plan.yaml:14:3", both counted from 1."""
        return self.source.where(way)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where assets lie: beside the plan, then beside the one that it extends."""
        return self.source.folders


def read(path: Path) -> PlanFile:
    """Read a plan file, or the plan.yaml of a folder. Every mistake is a RefactorError with its place."""
    return _plan(plansource.read(path))


def _plan(source: Source) -> PlanFile:
    path, value, fault = source.path, source.value, source.fault
    top = Table.of(words(value), (), fault)
    top.refuse_unknown(KEYS)
    if "rename" not in top.values:
        raise fault((), "the plan has no key 'rename'", "add it, with old_id: new_id below")
    table, chosen, phases = top.table("rename"), top.table("settings"), _phases(value, fault)
    if not table.values and not phases:
        raise fault(("rename",), "the plan does nothing", "add old_id: new_id below 'rename'")
    settings.check(chosen.values, lambda way, *rest: fault(("settings", *way), *rest))
    return PlanFile(
        path=path,
        name=" ".join((top.text("plan") or "").split())
        or (path.absolute().parent.name if path.name == NAME else path.stem),
        series=top.text("series"),
        renames=_renames(table),
        tiers=settings.read_tiers(top.table("tiers")),
        exports=tuple(pair for id_ in table.values for pair in _exports(table, id_)),
        settings=chosen.values,
        values=_values(top.table("values")),
        phases=phases,
        source=source,
    )


def _phases(value: Value, fault: Fault) -> tuple[Value, ...]:
    phases = value.get("phases") if isinstance(value, dict) else None
    if phases is None:
        return ()
    if not isinstance(phases, list):
        raise fault(("phases",), "'phases' must be a list", "start each phase with a dash")
    return tuple(phases)


def _values(table: Table) -> dict[str, object]:
    """Texts by name, all of them simple words."""
    for name in table.values:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise table.fault((*table.path, name), f"{name!r} is no name of a value", "use small letters, digits and _")
        table.required(name)
    return dict(table.values)


# --- renames ------------------------------------------------------------------------------------


def _renames(table: Table) -> tuple[PlanRename, ...]:
    found: dict[str, PlanRename] = {}
    for old in table.values:
        _refuse_odd_id(table, old, old)
        new, title = _target(table, old)
        if new in found:
            raise table.fault((*table.path, old), f"{found[new].old_id!r} becomes {new!r} too", "give one another id")
        found[new] = PlanRename(old, new, title)
    return tuple(found.values())


def _target(table: Table, old: str) -> tuple[str, str | None]:
    """The new id and title; an entry with a title alone keeps its id."""
    if isinstance(table.values[old], str):
        _refuse_odd_id(table, old, table.required(old))
        return table.required(old), None
    pair = table.table(old)
    pair.refuse_unknown(RENAME_KEYS)
    new, title = pair.text("to"), pair.text("title")
    if new is None and title is None:
        raise table.fault((*table.path, old), f"{old!r} has no new id", "write old_id: new_id, or {to: new_id}")
    _refuse_odd_id(table, old, new or old)
    return new or old, title


def _refuse_odd_id(table: Table, old: str, written: str) -> None:
    if not _ID.fullmatch(written):
        raise table.fault((*table.path, old), f"{written!r} is no id", "write it as in 14_profiling or ch17")


def _exports(table: Table, old: str) -> Iterator[tuple[str, str]]:
    """The module paths that change with an entry: `old.path=new.path`, or a table of such pairs."""
    if isinstance(table.values[old], str):
        return
    pair = table.table(old)
    written = pair.values.get("export")
    if isinstance(written, str):
        before, _, after = written.partition("=")
        pairs = {before.strip(): after.strip()}
    else:
        nested = pair.table("export")
        pairs = {before: nested.required(before) for before in nested.values}
    for before, after in pairs.items():
        if not (_DOTTED.fullmatch(before) and _DOTTED.fullmatch(after)):
            raise pair.fault((*pair.path, "export"), "'export' names no modules", "write export: old.path=new.path")
        yield before, after
