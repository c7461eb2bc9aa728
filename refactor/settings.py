"""Read what a tree says about itself: `[tool.refactor]` in pyproject.toml, or refactor.toml.

Checks every key and names the line of a mistake; it looks at no other file, and needs none of them.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor.errors import RefactorError
from refactor.marks import KeyPath, toml_keys
from refactor.model import Place, Tier
from refactor.spans import line_column, line_starts
from refactor.tables import Fault, Table, outside, suggestion

LARGEST = 1_000_000  # bytes
KEYS = ("exclude", "history", "frozen", "generated", "commands", "rules", "output-format", "nouns", "foreign", "series")
SERIES_KEYS = ("places", "nouns", "titles", "tiers", "aliases")
_OUTER = dict.fromkeys(KEYS, "it belongs further out, beside 'series'")
_INNER = dict.fromkeys(SERIES_KEYS, "it belongs to one series, as in series.module")

_TOKEN = re.compile(r"\{([^{}]*)\}")
_COMPONENT = re.compile(
    r"(?P<prefix>[^{}]*)"
    r"(?:\{(?P<number>n+)\}(?:\{letter\})?(?:(?P<before>[^{}]+)\{section\})?(?:(?P<separator>[^{}]+)\{slug\})?|\{slug\})"
    r"(?P<suffix>[^{}]*)"
)


@dataclass(frozen=True, slots=True)
class SeriesSettings:
    """What is said of one series. `titles` and `aliases` are pairs: id and titles, old name and id."""

    name: str
    places: tuple[Place, ...] = ()
    nouns: tuple[str, ...] = ()
    titles: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tiers: tuple[Tier, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said of a tree. Globs are written as in .gitignore and count from the root.

    `nouns` belong to the main series, whatever its name; `foreign` are nouns of other numberings.
    """

    exclude: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    output_format: str | None = None
    nouns: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    series: tuple[SeriesSettings, ...] = ()


# --- reading ------------------------------------------------------------------------------------


def read(root: Path) -> Settings:
    """Read the settings of a tree; without any, all are at their defaults.

    refactor.toml wins over pyproject.toml, which is then not read. Raises RefactorError.
    """
    for name, section in (("refactor.toml", ()), ("pyproject.toml", ("tool", "refactor"))):
        text = _text(root / name)
        # Most files of this name do not speak of us, and the parser costs as much as a hook may take in all.
        if text is None or (section and "refactor" not in text):
            continue
        found = _section(_parsed(text, name), section)
        return check(found, _toml_fault(text, name, section))
    return Settings()


def _text(path: Path) -> str | None:
    try:
        if not path.is_dir():
            _refuse_odd(path, path.stat())
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise RefactorError(f"{path.name} is not UTF-8 (byte {error.start}): save it as UTF-8.") from error
    except OSError as error:
        raise RefactorError(f"{path.name} cannot be read ({error.strerror}): check its permissions.") from error


def _refuse_odd(path: Path, status: os.stat_result) -> None:
    """A link may lead to a device that never ends."""
    if not stat.S_ISREG(status.st_mode):
        raise RefactorError(f"{path.name} is no regular file: put the settings themselves there.")
    if status.st_size > LARGEST:
        raise RefactorError(f"{path.name} is larger than {LARGEST // 1000} kB: shorten it, for it is read by people.")


def _parsed(text: str, name: str) -> object:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (line \d+, column \d+|end of document)\)$", str(error))
        problem, where = (str(error)[: place.start()], f", {place[1]}") if place else (str(error), "")
        raise RefactorError(f"{name} is not valid TOML{where}: {problem[:1].lower()}{problem[1:]}.") from error
    except ValueError as error:
        raise RefactorError(f"{name} holds a number that is too long to be read: shorten it.") from error
    except RecursionError as error:
        raise RefactorError(f"{name} is nested too deeply: write fewer brackets inside brackets.") from error


def _section(value: object, section: tuple[str, ...]) -> object:
    for key in section:
        value = value.get(key, {}) if isinstance(value, dict) else {}
    return value


def _toml_fault(text: str, name: str, section: tuple[str, ...]) -> Fault:
    def fault(path: KeyPath, problem: str, advice: str) -> RefactorError:
        full = (*section, *(str(part) for part in path))
        keys = toml_keys(text)
        known = next((full[:size] for size in range(len(full), len(section) - 1, -1) if full[:size] in keys), None)
        table = f" [{'.'.join(full[:-1])}]" if full[:-1] else ""
        place = ""
        if known:
            line, column = line_column(line_starts(text), keys[known])
            place = f", line {line}, column {column}"
        return RefactorError(f"{problem} in {name}{table}{place}: {advice}")

    return fault


def check(value: object, fault: Fault) -> Settings:
    """Make settings of what a file says, wherever it says it. Raises what `fault` makes."""
    table = Table.of(value, (), fault)
    table.refuse_unknown(KEYS, _INNER)
    return Settings(
        exclude=table.globs("exclude"),
        history=table.globs("history"),
        frozen=table.globs("frozen"),
        generated=table.globs("generated"),
        commands=table.texts("commands"),
        rules=table.globs("rules"),
        output_format=table.text("output-format"),
        nouns=table.texts("nouns"),
        foreign=table.texts("foreign"),
        series=tuple(_series(name, table.table("series")) for name in table.table("series").values),
    )


def _series(name: str, parent: Table) -> SeriesSettings:
    table = parent.table(name)
    table.refuse_unknown(SERIES_KEYS, _OUTER)
    titles, aliases = table.table("titles"), table.table("aliases")
    return SeriesSettings(
        name=name,
        places=tuple(_checked_place(table, pattern) for pattern in table.texts("places")),
        nouns=table.texts("nouns"),
        titles=tuple((id_, titles.one_or_more(id_)) for id_ in titles.values),
        tiers=read_tiers(table.table("tiers")),
        aliases=tuple((old, aliases.required(old)) for old in aliases.values),
    )


def read_tiers(table: Table) -> tuple[Tier, ...]:
    """Read a table of tier names and ranges: `Optimization = "14-19"`."""
    found = []
    for name in table.values:
        written = table.required(name)
        numbers = parse_range(written)
        if numbers is None:
            raise table.fault(
                (*table.path, name), f"the tier {name!r} has no range, but {written!r}", 'write it as in "14-19"'
            )
        found.append(Tier(name, *numbers))
    return tuple(found)


def read_alias(written: str) -> tuple[str, str]:
    """Read an old name and what it is called now, as the command line takes them. Raises RefactorError."""
    old, sign, new = (part.strip() for part in written.partition("="))
    if not (old and sign and new):
        raise RefactorError(f"--alias takes OLD=NEW, got '{written}'.")
    return old, new


def parse_range(text: str) -> tuple[int, int] | None:
    """Read "08-13" as 8 and 13, ends included, and "20" as 20 and 20; None if it is no range."""
    found = re.fullmatch(r"\s*([0-9]{1,4})(?:\s*(?:[-\u2010-\u2015]|to)\s*([0-9]{1,4}))?\s*", text)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (first, last) if first <= last else None


def _checked_place(table: Table, pattern: str) -> Place:
    place = _place(pattern)
    if isinstance(place, str):
        raise table.fault((*table.path, "places"), f"{pattern!r} is no place", place)
    return place


# --- places -------------------------------------------------------------------------------------


def parse_place(pattern: str) -> Place:
    """Read a pattern such as `book/chapters/{nn}-{slug}.md`; a slash at the end makes it a folder.

    `{n}` is an unpadded number, `{nn}` one of two digits; a place without a number has width 0.
    Folders on the way that hold a number or a slug become `*`. Raises RefactorError.
    """
    place = _place(pattern)
    if isinstance(place, str):
        raise RefactorError(f"{pattern!r} is no place: {place}")
    return place


def format_place(place: Place) -> str:
    """Write a place as the pattern that `parse_place` reads; the scope is not part of it."""
    root = f"{place.root}/" if place.root else ""
    number = "{" + "n" * place.width + "}" if place.width else ""
    section = place.separator + "{section}" if place.section else ""
    slug = place.separator + "{slug}" if place.separator or not place.width else ""
    return f"{root}{place.prefix}{number}{section}{slug}{place.suffix}{'/' if place.folder else ''}"


def _place(pattern: str) -> Place | str:
    """Read a pattern, or say what is wrong with it."""
    if problem := outside(pattern):
        return f"it {problem}; name it from the root downwards"
    if "\\" in pattern:
        return "write / between folders"
    *folders, last = pattern.removesuffix("/").split("/")
    if not all((*folders, last)):
        return "a folder in it has no name"
    for part in (*folders, last):
        if problem := _component_problem(part):
            return problem
    shape = _COMPONENT.fullmatch(last)
    if not shape:
        return "its last part must hold {nn} or {slug}; what else lies in an entry's folder moves with it"
    if problem := _shape_problem(shape):
        return problem
    root = "/".join("*" if "{" in folder else folder for folder in folders)
    return Place(
        root, shape["prefix"], len(shape["number"] or ""), shape["separator"] or shape["before"] or "",
        shape["suffix"], folder=pattern.endswith("/"), section=bool(shape["before"]),
    )  # fmt: skip


def _component_problem(part: str) -> str:
    for token in _TOKEN.findall(part):
        if not re.fullmatch(r"n+|slug|section|letter", token):
            return f"{{{token}}} is unknown; " + suggestion(token, ("nn", "slug", "section", "letter"))
    if "{" in part and not _COMPONENT.fullmatch(part):
        return "write it as prefix{nn}-{section}-{slug}suffix: the number first, and something between the two"
    return "only a whole folder may be *" if re.search(r"[*?\[\]]", part) and part != "*" else ""


def _shape_problem(shape: re.Match[str]) -> str:
    """A number must be seen to begin and to end where it does."""
    number, before, separator = shape["number"], shape["before"], shape["separator"]
    if before and separator and before != separator:
        return f"the same sign must stand before {{section}} and before {{slug}}, not {before!r} and {separator!r}"
    after = before or separator or ("" if not number else shape["suffix"])
    if number and (shape["prefix"][-1:].isdigit() or after[:1].isdigit()):
        return "a digit next to {nn} would be taken for a part of the number"
    return "a letter next to {nn} would be taken for a part of it" if (before or separator or "")[:1].isalpha() else ""


# --- merging ------------------------------------------------------------------------------------


def merge(settings: Settings, extra: Mapping[str, object]) -> Settings:
    """Add the settings of a plan: lists grow, and for one text or key the plan's word counts.

    Raises RefactorError for what would be wrong in a settings file too.
    """
    found = check(extra, lambda _path, problem, advice: RefactorError(f"{problem} in the plan's settings: {advice}"))
    names = dict.fromkeys(one.name for one in (*settings.series, *found.series))
    return Settings(
        exclude=_union(settings.exclude, found.exclude),
        history=_union(settings.history, found.history),
        frozen=_union(settings.frozen, found.frozen),
        generated=_union(settings.generated, found.generated),
        commands=_union(settings.commands, found.commands),
        rules=_union(settings.rules, found.rules),
        output_format=found.output_format or settings.output_format,
        nouns=_union(settings.nouns, found.nouns),
        foreign=_union(settings.foreign, found.foreign),
        series=tuple(_merged(_named(settings, name), _named(found, name)) for name in names),
    )


def _named(settings: Settings, name: str) -> SeriesSettings:
    return next((one for one in settings.series if one.name == name), SeriesSettings(name))


def _merged(one: SeriesSettings, other: SeriesSettings) -> SeriesSettings:
    tiers = {tier.name: tier for tier in (*one.tiers, *other.tiers)}
    return SeriesSettings(
        name=one.name,
        places=tuple(dict.fromkeys((*one.places, *other.places))),
        nouns=_union(one.nouns, other.nouns),
        titles=tuple({**dict(one.titles), **dict(other.titles)}.items()),
        tiers=tuple(tiers.values()),
        aliases=tuple({**dict(one.aliases), **dict(other.aliases)}.items()),
    )


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
