"""A tree that wants to run something, or to reach out of itself, is read like any other: nothing happens.

What harms by its size or depth, or by the names of its files, is in `test_hostile`; `docs/threats.md` lists it all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import faults
import pytest
from faults import Ran

COURSE = {
    "README.md": "# A garden\n\n- [Lesson 1: Soil](lessons/01_soil.md)\n- [Lesson 3: Seeds](lessons/02_seeds.md)\n",
    "lessons/01_soil.md": "# Lesson 1: Soil\n",
    "lessons/02_seeds.md": "# Lesson 2: Seeds\n",
    "lessons/03_water.md": "# Lesson 3: Water\n",
}
RENAME = ("rename", "--from", "01_soil", "--to", "02_soil", "--swap")
COMMANDS = {
    "lint": ("lint", "--no-cache"),
    "lint since": ("lint", "--no-cache", "--diff-base", "HEAD~1"),
    "list epochs": ("list", "epochs"),
    "list references": ("list", "references"),
    "dry run": (*RENAME, "--dry-run"),
    "many": ("many", ".", "--", "lint", "--no-cache"),
    "diff": (*RENAME, "--diff"),
    "fix": ("lint", "--no-cache", "--fix", "--unsafe-fixes"),
    "rename": (*RENAME, "--allow-dirty"),
    "commit": (*RENAME, "--commit"),
}


def git(root: Path, *arguments: str, stdin: str = "") -> str:
    """Run git, and none of the programs that the course wants to be run."""
    command = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments)
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, input=stdin).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course with two commits."""
    course = tmp_path / "course"
    write(course, COURSE)
    git(tmp_path, "init", "--quiet", "course")
    return commit(course)


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def commit(root: Path) -> Path:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "One")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Two")
    return root


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person does who stands in the course."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
    command = (sys.executable, "-m", "refactor", *arguments)
    return subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True, text=True)


# --- nothing of it runs -------------------------------------------------------------------------

CONFIGURED = (
    "core.fsmonitor", "core.pager", "core.editor", "gpg.program", "diff.external", "diff.odd.textconv", "diff.odd.command",
    "sequence.editor", "core.askpass", "credential.helper", "merge.odd.driver",
)  # fmt: skip
HOOKS = ("pre-commit", "post-commit", "reference-transaction", "post-index-change", "post-checkout", "pre-auto-gc")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_program_that_git_knows_of_is_run(root: Path, command: tuple[str, ...]) -> None:
    program, trace = root.parent / "program", root.parent / "it-ran"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{trace}"\ncat\n', encoding="utf-8")
    program.chmod(0o755)
    for hook in HOOKS:
        (root / ".git/hooks").mkdir(exist_ok=True)
        (root / ".git/hooks" / hook).symlink_to(program)
    for name in CONFIGURED:
        git(root, "config", name, str(program))
    git(root, "config", "log.showSignature", "true")
    write(root, {".gitattributes": "*.md diff=odd merge=odd\n"})
    commit(root)
    signed(root)
    if command != COMMANDS["commit"]:
        write(root, {"README.md": COURSE["README.md"] + "\nAfter Lesson 2: Soil.\n"})
    assert call(root, *command).returncode in {0, 1}
    assert not trace.exists(), trace.read_text(encoding="utf-8")


def signed(root: Path) -> None:
    """Put a commit on top that claims to be signed."""
    tree, parent = git(root, "rev-parse", "HEAD^{tree}"), git(root, "rev-parse", "HEAD")
    who = "A <a@example.org> 1700000000 +0000"
    mark = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n nonsense\n -----END PGP SIGNATURE-----"
    text = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n{mark}\n\nSigned\n"
    git(root, "update-ref", "HEAD", git(root, "hash-object", "-t", "commit", "-w", "--stdin", stdin=text))


# What we and what we use import, when and after the command line starts.
SHADOWS = (
    "argparse",
    "json",
    "tomllib",
    "hashlib",
    "tempfile",
    "yaml",
    "regex",
    "pathspec",
    "libcst",
    "pyromark",
    "sitecustomize",
)


@pytest.mark.parametrize("command", [*COMMANDS.values(), ("explain", "stale-number")], ids=[*COMMANDS, "explain"])
def test_no_module_of_the_tree_is_imported(root: Path, command: tuple[str, ...]) -> None:
    trace = root.parent / "it-ran"
    code = f"open({str(trace)!r}, 'a').write(__name__)\n"
    write(root, {f"{name}.py": code for name in SHADOWS})
    write(root, {"conftest.py": code, "setup.py": code, "lessons/__init__.py": code, "lessons/02_seeds.py": code})
    write(
        root, {"settings.ini": "[DEFAULT]\nlib_path = lessons\n", "_toc.yml": "root: !!python/object/apply:exit [7]\n"}
    )
    commit(root)
    assert call(root, *command).returncode in {0, 1}
    assert not trace.exists(), trace.read_text(encoding="utf-8")


# --- nothing outside is read or written ---------------------------------------------------------

PRIVATE = "Lesson 3: Soil is a secret.\n"
WAYS_OUT = {
    "links": {"a.md": "[a](../secret.md) [b](/secret.md) [c](file:///{out}/secret.md) ![d]({out}/secret.md)\n"},
    "includes": {"a.md": "```{include} ../secret.md\n```\n\n{{#include ../secret.md}}\n\n--8<-- '../secret.md'\n"},
    "a table of contents": {"_toc.yml": "format: jb-book\nroot: ../secret\nchapters:\n- file: {out}/secret\n- glob: ../*\n"},
    "a navigation": {"mkdocs.yml": "docs_dir: ..\nINHERIT: ../secret.md\nnav:\n- a: ../secret.md\n- b: '!include ../secret.md'\n"},
    "a book": {"book.toml": '[book]\nsrc = ".."\n', "src/SUMMARY.md": "# Summary\n\n- [a](../../secret.md)\n"},
    "a project": {"myst.yml": "extends: ../secret.md\nproject:\n  toc:\n  - file: ../secret.md\n", "_quarto.yml": "metadata-files: [../secret.md]\n"},
    "settings of Python": {"settings.ini": "[DEFAULT]\nlib_path = ..\nnbs_path = ..\n", "pyproject.toml": '[tool.nbdev]\nlib_path = ".."\n'},
    "links on the disk": {},
}  # fmt: skip


@faults.needed()
@pytest.mark.parametrize("way", WAYS_OUT)
def test_nothing_outside_of_the_root_is_opened(root: Path, way: str) -> None:
    out = root.parent
    write(out, {"secret.md": PRIVATE})
    write(root, {path: text.replace("{out}", str(out)) for path, text in WAYS_OUT[way].items()})
    (root / "lessons/04_out").symlink_to("../..")
    (root / "lessons/04_out.md").symlink_to("../../secret.md")
    (root / "notes.md").symlink_to(out / "secret.md")
    commit(root)
    for command in (COMMANDS["lint"], COMMANDS["list references"], COMMANDS["fix"], COMMANDS["rename"]):
        ran = watched(root, *command)
        assert ran.code in {0, 1}, ran.err
        assert (
            sorted({call.path for call in ran.calls if not call.path.startswith((str(root), str(out / "own")))}) == []
        )
        assert str(root / "README.md") in {call.path for call in ran.calls}
        assert "secret." not in ran.out.replace("secret.md", "")
    assert (out / "secret.md").read_text(encoding="utf-8") == PRIVATE


def watched(root: Path, *arguments: str) -> Ran:
    """Run a command and note what it opens around the course; what it keeps for itself lies in `own`."""
    own = root.parent / "own"
    own.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "TMPDIR": str(own),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment["REFACTOR_CACHE_DIR"] = str(own)
    return faults.run((sys.executable, "-m", "refactor", *arguments), root, root.parent, env=environment, reads=True)


@faults.needed()
@pytest.mark.parametrize("command", ["lint", "list epochs", "dry run", "diff", "many"])
def test_a_command_that_only_looks_writes_nothing_but_its_cache(root: Path, command: str) -> None:
    arguments = [word for word in COMMANDS[command] if word != "--no-cache"]
    own = root.parent / "own"
    own.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(own),
    }
    environment["REFACTOR_CACHE_DIR"] = str(own)
    ran = faults.run((sys.executable, "-m", "refactor", *arguments), root, Path("/"), env=environment)
    assert ran.code in {0, 1}
    allowed = (str(own), "/dev/", "/proc/")
    assert sorted({call.path for call in ran.calls if not call.path.startswith(allowed)}) == []


OUTSIDE = {
    "a pack by dots": 'rules = ["../pack.yaml"]\n',
    "an absolute pack": 'rules = ["{out}/pack.yaml"]\n',
    "a pack by address": 'rules = ["file://{out}/pack.yaml"]\n',
    "a pack by a link": 'rules = ["pack.yaml"]\n',
    "a pack in a linked folder": 'rules = ["packs"]\n',
}


@pytest.mark.parametrize("settings", OUTSIDE.values(), ids=OUTSIDE)
def test_settings_cannot_name_what_lies_outside(root: Path, settings: str) -> None:
    pack = "rules:\n- {id: found, message: found, pattern: Lesson}\n"
    write(root.parent, {"pack.yaml": pack, "packs/pack.yaml": pack})
    (root / "pack.yaml").symlink_to("../pack.yaml")
    (root / "packs").symlink_to("../packs")
    write(root, {"refactor.toml": settings.replace("{out}", str(root.parent))})
    ran = call(root, "lint")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


# --- what it says does no harm ------------------------------------------------------------------

NUMBER = "1" * 5000
NUMBERS = {
    "refactor.toml": f"a = {NUMBER}\n",
    "pyproject.toml": f"[tool.refactor]\na = {NUMBER}\n",
    "settings.ini": f"[DEFAULT]\nlib_path = {NUMBER}\n",
    "book.toml": f"[book]\nsrc = {NUMBER}\n",
    "_toc.yml": f"format: jb-book\nroot: {NUMBER}\nchapters:\n- file: {NUMBER}\n- file: 2026-99-99\n",
    "mkdocs.yml": f"nav:\n- a: {NUMBER}\n- !!int x\n- !!timestamp x\n- !!binary '?'\n",
    "a.md": f"---\ntitle: {NUMBER}\ndate: 2026-99-99\n---\nLesson {NUMBER}, lessons 1-{NUMBER}, {NUMBER}_soil\n",
    "a.ipynb": f'{{"cells": [], "nbformat": {NUMBER}}}',
    "a.json": f'{{"1": {NUMBER}}}',
    "a.py": f"x = {NUMBER}\n# Lesson {NUMBER}\n",
}


@pytest.mark.parametrize("path", NUMBERS)
def test_a_number_without_an_end_is_read_or_refused_in_a_sentence(root: Path, path: str) -> None:
    write(root, {path: NUMBERS[path]})
    for command in (COMMANDS["lint"], COMMANDS["dry run"]):
        ran = call(root, *command)
        assert "Traceback" not in ran.stderr
        refused = path in {"refactor.toml", "pyproject.toml"}
        assert ran.returncode == 2 if refused else ran.returncode in {0, 1}
        assert not refused or ran.stderr == f"error: {path} holds a number that is too long to be read: shorten it.\n"


def test_an_error_that_names_a_file_speaks_to_no_terminal(root: Path) -> None:
    odd = "lessons/01_soil_\x1b[31m\nb.md"
    write(root, {odd: "Lesson 1: Soil\n"})
    commit(root)
    write(root, {odd: "Lesson 1: Soil and more\n"})
    ran = call(root, *RENAME)
    assert ran.returncode == 2
    assert "Changes are not committed in lessons/01_soil_�[31m�b.md" in ran.stderr
    assert (ran.stderr.count("\n"), "\x1b" in ran.stderr + ran.stdout) == (1, False)
