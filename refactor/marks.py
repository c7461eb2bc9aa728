"""Read YAML and TOML with the place of every key, so that an error can name its line.

Builds nothing but texts, numbers, lists and tables, and knows nothing of what the keys mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from yaml import Event, MappingNode, Mark, Node, ScalarNode, _yaml

KeyPath: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"

DEEPEST = 100  # levels; at some ten thousand the C parser overflows its stack
FEW_ALIASES = 8  # each may repeat what the others repeat

_CORE = "tag:yaml.org,2002:"
_PLAIN = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "seq", "map", "timestamp"))
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?P<fraction>\.[0-9]{1,9})?")

_TOML_LITERAL = re.compile(r'#[^\n]*|"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL)
_TOML_KEY = re.compile(r"(?m)^[ \t]*(?:\[\[?[ \t]*(?P<table>[^\[\]\n]+?)[ \t]*\]|(?P<key>[^=\n\[\]{},]+?)[ \t]*=)")


class BadYamlError(ValueError):
    """A text that is not YAML, or more of it than a person writes. `offset` counts code points from 0."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Marked:
    """What a YAML text says, and the offset of every key and list item by its path."""

    value: Value
    marks: dict[KeyPath, int]


# --- YAML ---------------------------------------------------------------------------------------


def compose(text: str, *, aliases: int = FEW_ALIASES) -> Node | None:
    """Parse one YAML document into nodes; None if it is empty. No tag is ever obeyed.

    Marks of nodes count code points from 0. The text must not start with a byte order mark.
    Raises BadYamlError, also for nesting and aliases beyond what a person writes.
    """
    import yaml
    from yaml.reader import Reader

    if found := Reader.NON_PRINTABLE.search(text):
        raise BadYamlError(f"the character {found[0]!r} cannot stand here", found.start())
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_size(yaml.parse(text, loader), aliases)
        return yaml.compose(text, loader)
    except yaml.MarkedYAMLError as error:
        raise BadYamlError(error.problem or "this is not YAML", _index(error.problem_mark)) from None


def _check_size(events: Iterable[Event], aliases: int) -> None:
    from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in events:
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        aliases -= isinstance(event, AliasEvent)
        if depth > DEEPEST:
            raise BadYamlError(f"this is nested more than {DEEPEST} levels deep", _index(event.start_mark))
        if aliases < 0:
            raise BadYamlError("too many aliases: write the text out", _index(event.start_mark))


def read_yaml(text: str) -> Marked:
    """Read one YAML document as texts, numbers, lists and tables.

    A plain scalar is a number only if the number is written the same way, so `08`, `14_15` and
    `3.10` stay texts; only `true` and `false` are truth values. Raises BadYamlError, also for a key
    that stands twice and for tags.
    """
    marks: dict[KeyPath, int] = {}
    node = compose(text)
    return Marked(None if node is None else _value(node, (), marks), marks)


def words(value: Value) -> Value:
    """Write every number and truth value as the text it was read from."""
    if isinstance(value, list):
        return [words(item) for item in value]
    if isinstance(value, dict):
        return {key: words(item) for key, item in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def _index(mark: Mark | _yaml.Mark | None) -> int:
    return mark.index if mark else 0


def _value(node: Node, path: KeyPath, marks: dict[KeyPath, int]) -> Value:
    from yaml.nodes import MappingNode, ScalarNode

    if len(path) > DEEPEST:  # only an alias that stands in its own anchor leads so deep
        raise BadYamlError("this contains itself", _index(node.start_mark))
    if node.tag not in _PLAIN:
        raise BadYamlError(f"the tag {node.tag.removeprefix(_CORE)!r} has no meaning here", _index(node.start_mark))
    if isinstance(node, MappingNode):
        return _table(node, path, marks)
    if isinstance(node, ScalarNode):
        return _scalar(node)
    found: list[Value] = []
    for position, item in enumerate(node.value):
        marks[*path, position] = _index(item.start_mark)
        found.append(_value(item, (*path, position), marks))
    return found


def _table(node: MappingNode, path: KeyPath, marks: dict[KeyPath, int]) -> Value:
    found: dict[str, Value] = {}
    for key, value in node.value:
        if key.id != "scalar":
            raise BadYamlError("a key must be a word", _index(key.start_mark))
        if key.value in found:
            raise BadYamlError(f"the key {key.value!r} stands twice", _index(key.start_mark))
        marks[*path, key.value] = _index(key.start_mark)
        found[key.value] = _value(value, (*path, key.value), marks)
    return found


def _scalar(node: ScalarNode) -> Value:
    text: str = node.value
    if node.tag == _CORE + "null":
        return None
    if node.tag == _CORE + "bool" and text in {"true", "false"}:
        return text == "true"
    shape = _DECIMAL.fullmatch(text)
    if node.tag == _CORE + "str" or not shape:
        return text
    number = float(text) if shape["fraction"] else int(text)
    return number if str(number) == text else text


# --- TOML ---------------------------------------------------------------------------------------


def toml_keys(text: str) -> dict[tuple[str, ...], int]:
    """The offset of each key and table header of a valid TOML text, by its path.

    Keys of inline tables are not listed: look up the longest prefix that is.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for line in _TOML_KEY.finditer(_TOML_LITERAL.sub(_blank, text)):
        group = "table" if line["table"] else "key"
        path = _dotted(line[group])
        if not path:
            continue
        if group == "table":
            table = path
        found.setdefault(path if group == "table" else (*table, *path), line.start(group))
    return found


def _blank(literal: re.Match[str]) -> str:
    """Hide what cannot be a key: comments, and strings that span lines."""
    if literal[0].startswith(("#", '"""', "'''")):
        return re.sub(r"[^\n]", " ", literal[0])
    return literal[0]


def _dotted(written: str) -> tuple[str, ...]:
    """Take a key apart as TOML does: `series."a.b"` has two parts. What is no key gives ()."""
    import tomllib

    try:
        value: object = tomllib.loads(f"{written} = 0")
    except ValueError:  # TOML's own error is one
        return ()
    path: list[str] = []
    while isinstance(value, dict):
        (key, value), *_ = value.items()
        path.append(key)
    return tuple(path)
