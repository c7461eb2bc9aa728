"""Shapes of arguments: one place for what a value may be, how the schema says it, and how a mistake is told.

Looks at values only, never at files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from refactor.marks import KeyPath, Value
from refactor.steps import Key, Shape
from refactor.tables import outside, suggestion

Faults = Iterator[tuple[KeyPath, str, str]]


def _simple(wanted: str, schema: Mapping[str, object], holds: Callable[[Value], bool], advice: str) -> Shape:
    def faults(value: Value, way: KeyPath) -> Faults:
        if not holds(value):
            yield way, f"{_named(way)} must be {wanted}", advice

    return Shape(wanted, schema, faults)


def _named(way: KeyPath) -> str:
    last = way[-1] if way else ""
    return f"item {last + 1} of {way[-2]!r}" if isinstance(last, int) and len(way) > 1 else repr(last)


def _is_word(value: Value) -> bool:
    return isinstance(value, (str, int, float)) and bool(str(value).strip())


def _is_path(value: Value) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not outside(value)


def _is_glob(value: Value) -> bool:
    return isinstance(value, str) and _is_path(value.removeprefix("!").removeprefix("/"))


def _is_number(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


WORD = _simple(
    "a text",
    {"anyOf": [{"type": "string", "pattern": "\\S"}, {"type": ["number", "boolean"]}]},
    _is_word,
    "write a text there",
)
TEXT = _simple(
    "a text, which may be empty",
    {"type": ["string", "number", "boolean"]},
    lambda value: isinstance(value, (str, int, float)),
    "write a text there, '' for none",
)
PATH = _simple(
    "a path from the root",
    {"type": "string", "pattern": "\\S", "not": {"pattern": "^(/|~/|[A-Za-z]:|\\\\)|(^|[/\\\\])\\.\\.([/\\\\]|$)"}},
    _is_path,
    "name it from the root downwards, without '..'",
)
GLOB = _simple(
    "a glob as in .gitignore",
    {"type": "string", "pattern": "\\S", "not": {"pattern": "(^|[/\\\\])\\.\\.([/\\\\]|$)"}},
    _is_glob,
    "write it as in .gitignore, without '..'; '/docs/' is the folder docs at the root",
)
NUMBER = _simple(
    "a whole number from 1 on", {"type": "integer", "minimum": 1}, _is_number, "write a number, for example 2"
)
CODE = _simple(
    "an exit code",
    {"type": "integer", "minimum": 0, "maximum": 255},
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255,
    "write a number from 0 to 255",
)
FLAG = _simple("true or false", {"type": "boolean"}, lambda value: isinstance(value, bool), "write true or false")


def choice(*choices: str) -> Shape:
    """One of some words."""
    wanted = f"one of {', '.join(choices)}"
    return _simple(wanted, {"enum": list(choices)}, lambda value: value in choices, "write one of these")


def _list_faults(shape: Shape, value: Value, way: KeyPath) -> Faults:
    if not isinstance(value, list) or not value:
        yield way, f"{_named(way)} must be a list", f"write a dash and {shape.wanted} in each line"
        return
    for at, item in enumerate(value):
        yield from shape.faults(item, (*way, at))


def list_of(shape: Shape) -> Shape:
    """A list with at least one item."""
    schema = {"type": "array", "minItems": 1, "items": shape.schema}
    return Shape(f"a list, each {shape.wanted}", schema, partial(_list_faults, shape))


def any_number_of(shape: Shape) -> Shape:
    """A list, which may be empty."""
    one = list_of(shape)

    def faults(value: Value, way: KeyPath) -> Faults:
        yield from () if value == [] else one.faults(value, way)

    return Shape(one.wanted, {"type": "array", "items": shape.schema}, faults)


def _either_faults(shapes: tuple[Shape, ...], value: Value, way: KeyPath) -> Faults:
    for shape in shapes:
        if isinstance(value, list) == (shape.schema.get("type") == "array"):
            yield from shape.faults(value, way)
            return
    yield way, f"{_named(way)} must be {' or '.join(shape.wanted for shape in shapes)}", "write one of these"


def one_or_many(shape: Shape) -> Shape:
    """A value, or a list of such values."""
    many = list_of(shape)
    both = (shape, many)
    return Shape(
        f"{shape.wanted}, or {many.wanted}",
        {"anyOf": [one.schema for one in both]},
        partial(_either_faults, both),
    )


def _map_faults(shape: Shape, value: Value, way: KeyPath) -> Faults:
    if not isinstance(value, dict) or not value:
        yield way, f"{_named(way)} must be a table", f"write key: value below it, each value {shape.wanted}"
        return
    for key, item in value.items():
        yield from shape.faults(item, (*way, key))


def map_of(shape: Shape) -> Shape:
    """A table with keys of any name."""
    schema = {"type": "object", "minProperties": 1, "additionalProperties": shape.schema}
    return Shape(f"a table, each value {shape.wanted}", schema, partial(_map_faults, shape))


def _table_faults(keys: tuple[Key, ...], one_of: tuple[tuple[str, ...], ...], value: Value, way: KeyPath) -> Faults:
    value = {} if value is None else value
    if not isinstance(value, dict):
        yield way, f"{_named(way)} must be a table", f"write keys below it: {', '.join(key.name for key in keys)}"
        return
    by_name = {key.name: key for key in keys}
    for name, item in value.items():
        if name not in by_name:
            yield (*way, name), f"unknown key {name!r}", suggestion(name, by_name)
        else:
            yield from by_name[name].shape.faults(item, (*way, name))
    for key in keys:
        if key.required and key.name not in value:
            yield way, f"{_named(way)} has no key {key.name!r}", f"add it: {key.about}"
    for group in one_of:
        given = [name for name in group if name in value]
        if len(given) != 1:
            wrong = f"has both {given[0]!r} and {given[1]!r}" if given else f"has none of {', '.join(group)}"
            yield way, f"{_named(way)} {wrong}", "give exactly one of them"


def table(*keys: Key, one_of: tuple[tuple[str, ...], ...] = ()) -> Shape:
    """A table with known keys; of each group of `one_of` exactly one."""
    return Shape("a table", schema_of(keys, one_of), partial(_table_faults, keys, one_of))


def schema_of(keys: tuple[Key, ...], one_of: tuple[tuple[str, ...], ...] = ()) -> dict[str, object]:
    """The JSON Schema of a table."""
    schema: dict[str, object] = {
        "type": "object" if any(key.required for key in keys) or one_of else ["object", "null"],
        "additionalProperties": False,
        "properties": {key.name: {"description": key.about, **key.shape.schema} for key in keys},
    }
    if required := [key.name for key in keys if key.required]:
        schema["required"] = required
    if one_of:
        schema["allOf"] = [{"oneOf": [{"required": [name]} for name in group]} for group in one_of]
    return schema


FILE = Key("file", PATH, "the file, as it is called when the step's turn comes", required=True)
ASSET = Key("asset", PATH, "a file beside the plan that holds the text", is_asset=True)
COUNT = Key("count", NUMBER, "how many times the old text stands there (default: 1)")
