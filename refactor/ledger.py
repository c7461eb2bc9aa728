"""The ledger: which renamings were applied to a tree, in order, as the text of `refactor.ledger.toml`.

Pure: reads and writes texts, never a file, and decides nothing about a mention. Entries are only added at the end, and
each names the one before it, so that git stops where two branches add one each. An entry's id is a digest of what it
says: one that was edited by hand is found out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from refactor.errors import RefactorError
from refactor.marks import KeyPath
from refactor.model import Renaming, Tier
from refactor.naming import parse_id, same
from refactor.settings import read_tiers
from refactor.spans import decode, encode
from refactor.tables import Fault, Table

NAME = "refactor.ledger.toml"
VERSION = 1
LARGEST = 10_000_000  # bytes
_KEYS = ("id", "after", "base", "series", "renames", "tiers", "exports", "undoes")
_PAIR_KEYS = ("from", "to", "title")
_HEADER = f"""\
# The renamings of this tree, oldest first, as renumber applied them. It adds entries at the end; leave them as they are.
version = {VERSION}
"""
_ENTRY = re.compile(r"(?m)^\[\[renaming\]\][ \t\r]*$")
_CONFLICT = re.compile(r"(?m)^(?:<{7}|={7}|>{7})(?: |\r?$)")
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry's id before and after, and its new title ("" if titles stay)."""

    old: str
    new: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One renaming that was applied. `after` is the id of the entry before ("" for the first), `base` the commit that
    it was measured on ("" without one), `undoes` the id of the entry that it takes back."""

    series: str
    pairs: tuple[Pair, ...]
    tiers: tuple[Tier, ...] = ()
    exports: tuple[tuple[str, str], ...] = ()
    after: str = ""
    base: str = ""
    undoes: str = ""

    @property
    def id(self) -> str:
        """What tells this entry from any other: a digest of all that it says."""
        said = (self.after, self.base, self.series, [(one.old, one.new, one.title) for one in self.pairs],
                [(one.name, one.first, one.last) for one in self.tiers], self.exports, self.undoes)  # fmt: skip
        return blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    @property
    def inverse(self) -> Record:
        """The renaming that takes this one back; titles and tiers are not known any more."""
        back = tuple(Pair(one.new, one.old) for one in self.pairs)
        return Record(self.series, back, exports=tuple((new, old) for old, new in self.exports))

    def is_inverse_of(self, other: Record) -> bool:
        """Tell whether this one takes every id and export back to what it was before the other."""
        return self.series == other.series and (_moves(self), set(self.exports)) == (
            _moves(other.inverse),
            set(other.inverse.exports),
        )

    def does_the_same_as(self, other: Record) -> bool:
        """Tell whether both change the same ids of one series in the same way."""
        return self.series == other.series and _moves(self) == _moves(other) != set()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of a ledger, oldest first, and its text ("" if there is none)."""

    text: str = ""
    records: tuple[Record, ...] = ()

    @property
    def last(self) -> Record | None:
        """The entry that was added last."""
        return self.records[-1] if self.records else None

    @property
    def in_force(self) -> tuple[Record, ...]:
        """The entries that neither were taken back nor take one back."""
        undone = {one.undoes for one in self.records}
        return tuple(one for one in self.records if not one.undoes and one.id not in undone)

    def has(self, record: Record) -> bool:
        """Tell whether an entry is in this ledger."""
        return any(one.id == record.id for one in self.records)


def record_of(renaming: Renaming, base: str | None) -> Record:
    """What a renaming says, ready to be added to a ledger."""
    pairs = tuple(Pair(one.old.id, one.new.id, one.title or "") for one in renaming.renames)
    return Record(renaming.series.name, pairs, renaming.tiers, renaming.exports, base=base or "")


# --- adding -------------------------------------------------------------------------------------


def added(ledger: Ledger, record: Record) -> str:
    """The text of the ledger with one more entry."""
    text = ledger.text or _HEADER
    block = "\n".join(("", "[[renaming]]", *_lines(replace(record, after=ledger.last.id if ledger.last else "")), ""))
    end = "\r\n" if "\r\n" in text else "\n"
    return text + ("" if text.endswith("\n") else end) + block.replace("\n", end)


def taken_off(ledger: Ledger) -> str:
    """The text of the ledger without its last entry; "" if there was one only."""
    if len(ledger.records) < 2:
        return ""
    *_, last = _ENTRY.finditer(ledger.text)
    return re.sub(r"\r?\n\Z", "", ledger.text[: last.start()])


def after_renaming(ledger: Ledger, record: Record, committed: Ledger) -> str:
    """The text of the ledger when a renaming was applied: with an entry for it, or, if it takes back the last entry, and
    that is not `committed` yet, without that one."""
    last = ledger.last
    if last and record.is_inverse_of(last) and not last.undoes and not committed.has(last):
        return taken_off(ledger)
    known = [one for one in ledger.in_force[-1:] if record.is_inverse_of(one)]
    return added(ledger, replace(record, undoes=known[0].id if known else ""))


def after_undo(now: Ledger, before: Ledger, committed: Ledger, base: str | None) -> str:
    """The text of the ledger when a renaming was undone: as it was `before`, or, where the last entry is `committed`,
    with one more that says so."""
    last = now.last
    if last is None or len(now.records) <= len(before.records) or not committed.has(last):
        return before.text
    return added(now, replace(last.inverse, base=base or "", undoes=last.id))


def _lines(record: Record) -> Iterator[str]:
    yield f"id = {_quoted(record.id)}"
    yield f"after = {_quoted(record.after)}"
    yield f"base = {_quoted(record.base)}"
    if record.undoes:
        yield f"undoes = {_quoted(record.undoes)}"
    yield f"series = {_quoted(record.series)}"
    yield "renames = ["
    for one in record.pairs:
        title = f", title = {_quoted(one.title)}" if one.title else ""
        yield f"    {{ from = {_quoted(one.old)}, to = {_quoted(one.new)}{title} }},"
    yield "]"
    if record.tiers:
        tiers = (f'{_quoted(one.name)} = "{one.first:02d}-{one.last:02d}"' for one in record.tiers)
        yield f"tiers = {{ {', '.join(tiers)} }}"
    if record.exports:
        yield f"exports = {{ {', '.join(f'{_quoted(old)} = {_quoted(new)}' for old, new in record.exports)} }}"


def _quoted(text: str) -> str:
    """A TOML string; JSON writes one, but for a character that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- reading ------------------------------------------------------------------------------------


def read(data: bytes | None) -> Ledger:
    """Read a ledger; nothing at all is an empty one. Whatever is wrong with it is a RefactorError with its line."""
    if not data:
        return Ledger()
    text = decode(data)
    value = _parsed(text, len(data))
    fault = _fault(text)
    top = Table.of(value, (), fault)
    top.refuse_unknown(("version", "renaming"))
    if top.values.get("version") != VERSION:
        raise fault(
            ("version",), f"this is no ledger of version {VERSION}", "use the renumber that wrote it, or a newer one"
        )
    entries = top.values.get("renaming", [])
    if not isinstance(entries, list):
        raise fault(("renaming", 0), "'renaming' must be a list of tables", "write [[renaming]]")
    records: list[Record] = []
    for at, one in enumerate(entries):
        records.append(_record(Table.of(one, ("renaming", at), fault), records[-1].id if records else ""))
    if len(entries) != len(_ENTRY.findall(text)):
        raise fault((), "its entries are not written as renumber writes them", _BACK)
    return Ledger(text, tuple(records))


_BACK = f"bring back {NAME} as it was committed (`git checkout -- {NAME}`)"
_BOTH = (
    "two branches renumbered, and their entries do not follow one another; keep the entry of one (`git checkout --theirs`, "
    "or `--ours`, and abort the merge if the files of both were moved), then do the other's renaming again"
)


def _parsed(text: str, size: int) -> object:
    import tomllib

    if found := _CONFLICT.search(text):
        raise RefactorError(f"{_at(text, found.start())}: {_BOTH}.")
    if size > LARGEST:
        raise RefactorError(f"{NAME}:1: it is larger than {LARGEST // 1_000_000} MB: {_BACK}.")
    try:
        encode(text).decode()
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise RefactorError(f"{_at(text, error.start)}: this is not UTF-8: {_BACK}.") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        problem = str(error)[: place.start()] if place else str(error)
        raise RefactorError(f"{NAME}:{line}: {problem[:1].lower()}{problem[1:]}: {_BACK}.") from error
    except RecursionError as error:
        raise RefactorError(f"{NAME}:1: it is nested too deeply: {_BACK}.") from error


def _at(text: str, offset: int) -> str:
    return f"{NAME}:{text.count(chr(10), 0, offset) + 1}"


def _fault(text: str) -> Fault:
    """Makes errors that name the line of the entry that they are about."""
    starts = [found.start() for found in _ENTRY.finditer(text)]

    def fault(path: KeyPath, problem: str, advice: str) -> RefactorError:
        entry = path[1] if len(path) > 1 and isinstance(path[1], int) and path[1] < len(starts) else None
        version = re.search(r"(?m)^version\b", text) if path[:1] == ("version",) else None
        offset = starts[entry] if entry is not None else version.start() if version else 0
        return RefactorError(f"{_at(text, offset)}: {problem}: {advice}.")

    return fault


def _record(table: Table, before: str) -> Record:
    table.refuse_unknown(_KEYS)
    for key in ("id", "after", "base", "series", "renames"):
        if key not in table.values:
            raise table.fault(table.path, f"the entry has no key {key!r}", _BACK)
    exports = table.table("exports")
    record = Record(
        table.required("series"), tuple(_pairs(table)), read_tiers(table.table("tiers")),
        tuple((old, exports.required(old)) for old in exports.values),
        after=_perhaps(table, "after"), base=_perhaps(table, "base"), undoes=_perhaps(table, "undoes"),
    )  # fmt: skip
    if not _ID.fullmatch(table.required("id")) or record.id != table.required("id"):
        raise table.fault(table.path, "the entry was changed after it was written, for its id does not fit", _BACK)
    if record.after != before:
        what = f"the entry {before}" if before else "nothing"
        raise table.fault(
            table.path, f"the entry stands after {what}, and was written after {record.after or 'nothing'}", _BOTH
        )
    return record


def _perhaps(table: Table, key: str) -> str:
    """A text that may be empty."""
    return "" if table.values.get(key, "") == "" else table.required(key)


def _pairs(table: Table) -> Iterator[Pair]:
    rows = table.values["renames"]
    if not isinstance(rows, list):
        raise table.fault((*table.path, "renames"), "'renames' must be a list of tables", _BACK)
    for row in rows:
        pair = Table.of(row, table.path, table.fault)
        pair.refuse_unknown(_PAIR_KEYS)
        if not {"from", "to"} <= pair.values.keys():
            raise table.fault(table.path, "a rename needs 'from' and 'to'", _BACK)
        yield Pair(pair.required("from"), pair.required("to"), pair.text("title") or "")


# --- over time ----------------------------------------------------------------------------------


def way(before: Ledger, after: Ledger) -> tuple[Record, ...]:
    """What leads from one ledger to another, in order: entries that only the first has are taken back, latest first, and
    those that only the second has are applied."""
    shared = 0
    for one, other in zip(before.records, after.records, strict=False):
        if one.id != other.id:
            break
        shared += 1
    return (*(one.inverse for one in reversed(before.records[shared:])), *after.records[shared:])


def together(records: Iterable[Record], series: str) -> Record:
    """Several renamings of a series, one after the other, as one; what ends as it began is left out."""
    now: dict[str, Pair] = {}
    exports: dict[str, str] = {}
    tiers: tuple[Tier, ...] = ()
    for record in records:
        if record.series != series:
            continue
        now = _then(now, record.pairs)
        exports = _on(exports, record.exports)
        tiers = record.tiers or tiers
    pairs = tuple(one for one in now.values() if one.old != one.new or one.title)
    return Record(series, pairs, tiers, tuple((old, new) for old, new in exports.items() if old != new))


def _then(now: Mapping[str, Pair], step: Sequence[Pair]) -> dict[str, Pair]:
    """What entries are called after one more renaming; what was not renamed before has been called so from the start."""
    becomes = {one.old: one for one in step}
    called = {one.new for one in now.values()}
    follow = {
        start: Pair(start, becomes[one.new].new, becomes[one.new].title or one.title) if one.new in becomes else one
        for start, one in now.items()
    }
    fresh = {one.old: one for one in step if one.old not in called and one.old not in now}
    return {**follow, **fresh}


def _on(exports: Mapping[str, str], step: Iterable[tuple[str, str]]) -> dict[str, str]:
    becomes = dict(step)
    called = set(exports.values())
    fresh = {old: new for old, new in becomes.items() if old not in called and old not in exports}
    return {**{start: becomes.get(now, now) for start, now in exports.items()}, **fresh}


def old_names(ledger: Ledger, series: str) -> dict[str, str]:
    """The id of today by every slug, in comparable form, that an entry had and gave away."""
    records = [one for one in ledger.records if one.series == series]
    found: dict[str, str] = {}
    for at in range(len(records)):
        for pair in together(records[at:], series).pairs:
            slug = slug_of(pair.old)
            if slug and slug != slug_of(pair.new):
                found[slug] = pair.new
    return found


def settled(ledger: Ledger, series: str, names: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    """What numbers mean to those who have a ledger, if the folders are called so: where a branch took over the entries of
    another, and not yet its folders, the folders are behind."""
    places = {(number, slug) for number, slugs in names.items() for slug in slugs}
    for record in ledger.records:
        parsed = [(parse_id(one.old), parse_id(one.new)) for one in record.pairs if record.series == series]
        moves = {(a.number, a.slug): (b.number, b.slug) for a, b in parsed if a and b}
        places = {moves.get(one, one) for one in places}
    return {number: frozenset(slug for at, slug in places if at == number) for number, _ in sorted(places)}


def slug_of(written: str) -> str:
    """The slug of an id in comparable form, "" if it has none."""
    found = parse_id(written)
    return same(found.slug) if found else ""


def applied(ledger: Ledger, pairs: Sequence[tuple[str, str]]) -> Record | None:
    """The latest entry in force that carried out all these pairs of names; each may be an id or part of one."""

    def does(record: Record) -> bool:
        return all(any(_is_called(a, one.old) and _is_called(b, one.new) for one in record.pairs) for a, b in pairs)

    return next((one for one in reversed(ledger.in_force) if does(one)), None) if pairs else None


def _is_called(name: str, written: str) -> bool:
    """Tell whether a name is that of an id: the id itself, its slug, or its number alone."""
    found, given = parse_id(written), parse_id(name)
    number_only = found and given and not given.slug and (given.number, given.letter) == (found.number, found.letter)
    return name == written or bool(number_only) or same(name) == slug_of(written) != ""


def _moves(record: Record) -> set[tuple[str, str]]:
    return {(one.old, one.new) for one in record.pairs if one.old != one.new}
