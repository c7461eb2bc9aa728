"""The one door through which every plug-in enters: it reads a room and returns what it found.

It keeps nothing: there is no registry, and importing a plug-in must not change anything either.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

from refactor.errors import RefactorError

T = TypeVar("T")


def load(package: str, constant: str, expected: type[T]) -> dict[str, T]:
    """Collect one constant from every public module of a package, by module name, sorted.

    Raises RefactorError for a module that lacks the constant or has another type there.
    """
    home = importlib.import_module(package)
    found: dict[str, T] = {}
    for name in sorted(_modules(home)):
        found[name] = _constant(package, name, constant, expected)
    return found


def find(package: str, constant: str, expected: type[T], name: str) -> T | None:
    """The constant of the one module that is called as a plug-in is, `json-lines` in json_lines.py; None without it."""
    module = name.replace("-", "_")
    home = importlib.import_module(package)
    return _constant(package, module, constant, expected) if module in _modules(home) else None


def _modules(home: ModuleType) -> Iterator[str]:
    """The public modules of a room. `pkgutil` would tell too, and loads what inspects objects to do so."""
    for file in (file for folder in home.__path__ for file in os.listdir(folder)):  # noqa: PTH208 - names are enough
        if file.endswith(".py") and not file.startswith("_"):
            yield file.removesuffix(".py")


def _constant(package: str, name: str, constant: str, expected: type[T]) -> T:
    value = getattr(importlib.import_module(f"{package}.{name}"), constant, None)
    if not isinstance(value, expected):
        where = f"{package.replace('.', '/')}/{name}.py"
        raise RefactorError(
            f"{where} must define {constant} = {expected.__name__}(...), so add it or rename the file to _{name}.py."
        )
    return value
