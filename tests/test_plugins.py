"""The plug-in door: what it lets in, and what it says about a file it cannot take."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from refactor import plugins
from refactor.errors import RefactorError
from refactor.model import Format


def _room(folder: Path, name: str, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Write a package of plug-ins that can be imported during one test."""
    home = folder / name
    home.mkdir()
    for file, content in {"__init__.py": "", **files}.items():
        (home / file).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    for module in [name, *(f"{name}.{Path(file).stem}" for file in files)]:
        monkeypatch.delitem(sys.modules, module, raising=False)
    return name


def test_one_constant_a_file_by_the_name_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"zebra.py": "THING = 'z'", "ant.py": "THING = 'a'"}
    room = _room(tmp_path, "room_of_two", files, monkeypatch)
    assert list(plugins.load(room, "THING", str).items()) == [("ant", "a"), ("zebra", "z")]


def test_files_that_begin_with_an_underscore_stay_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"_shared.py": "raise RuntimeError", "ant.py": "THING = 'a'"}
    room = _room(tmp_path, "room_with_shared", files, monkeypatch)
    assert plugins.load(room, "THING", str) == {"ant": "a"}


def test_an_empty_room_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert plugins.load(_room(tmp_path, "room_of_none", {}, monkeypatch), "THING", str) == {}


@pytest.mark.parametrize("content", ["", "THING = 3", "thing = 'a'"])
def test_a_file_without_the_constant_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    room = _room(tmp_path, "room_of_one", {"ant.py": content}, monkeypatch)
    with pytest.raises(RefactorError, match=r"room_of_one/ant\.py must define THING = str\(\.\.\.\)"):
        plugins.load(room, "THING", str)


def test_loading_twice_gives_the_same_records() -> None:
    assert plugins.load("refactor.formats", "FORMAT", Format) == plugins.load("refactor.formats", "FORMAT", Format)


def test_every_format_is_found() -> None:
    expected = ["html", "markdown", "notebook", "plain", "python", "shell", "toml", "yaml"]
    assert list(plugins.load("refactor.formats", "FORMAT", Format)) == expected
