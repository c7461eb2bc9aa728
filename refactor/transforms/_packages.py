"""Where a Python file stands among packages, and how a module is written as seen from there.

Works on paths and names alone; it reads no file and asks nobody whether a module exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile


def module_name(path: str, renamed: Iterable[str], root: str | None = None) -> str:
    """Give the dotted name of a Python file, counted from the folder `root`.

    Without a root, the packages start at the innermost folder that starts a renamed module, or else
    after the last folder that is no identifier, such as `14_loader`.
    """
    *folders, name = path.rsplit(".", 1)[0].split("/")
    parts = folders if name == "__init__" else [*folders, name]
    if root is not None:
        return ".".join(parts[len([folder for folder in root.split("/") if folder]) :])
    packages = list(takewhile(str.isidentifier, reversed(folders)))
    first = len(folders) - len(packages)
    tops = {old.partition(".")[0] for old in renamed if "." in old}
    starts = [index for index in range(first, len(folders)) if folders[index] in tops]
    return ".".join(parts[max(starts, default=first) :])


def package(path: str, module: str) -> str:
    """Give the package that relative imports of a module start from."""
    return module if path.rpartition("/")[2].startswith("__init__.") else module.rpartition(".")[0]


def absolute(relative: str, home: str) -> str | None:
    """Resolve `..a.b` in a package; None if it leads out of the packages we know."""
    name = relative.lstrip(".")
    above = _split(home)
    up = len(relative) - len(name) - 1
    if up > len(above):
        return None
    return ".".join([*above[: len(above) - up], *([name] if name else [])])


def relative(name: str, home: str, *, written: str, old_home: str) -> str:
    """Write a module as seen from a package, in the manner of the relative name it replaces.

    A name that had as few dots as it could has as few again; otherwise the dots stay if they reach. A
    module that shares no package with `home` is written whole; the top of all packages is "".
    """
    dots = len(written) - len(written.lstrip("."))
    if home == old_home and dots == len(_split(home)) + 1:  # dots that lead above all packages
        return "." * dots + name
    anchor = _split(home)[: len(_split(home)) - dots + 1]
    is_shortest = _shortest(absolute(written, old_home) or "", old_home) == written
    if not is_shortest and dots <= len(_split(home)) and _split(name)[: len(anchor)] == anchor:
        return "." * dots + ".".join(_split(name)[len(anchor) :])
    return _shortest(name, home)


def _shortest(name: str, home: str) -> str:
    target, above = _split(name), _split(home)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(target, above, strict=False)))
    return "." * (len(above) - shared + 1) + ".".join(target[shared:]) if shared else name


def _split(name: str) -> list[str]:
    return name.split(".") if name else []
