"""What is measured: our own commands, and those of the peers that are installed. Runs nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from measure import Command
from trees import Kind

PATTERN = "[Mm]odule[ _]?[0-9]+|[0-9]{2}_[a-z]+"
_RULE = (
    "id: number\nlanguage: python\nrule: {kind: string, regex: 'Module [0-9]+'}\nmessage: a number\nseverity: warning\n"
)
_SEMGREP = (
    "rules: [{id: number, pattern-regex: 'Module [0-9]+', message: a number, languages: [generic], severity: INFO}]\n"
)
NOTHING = "python -c pass"
COLD, AGAIN, HOOK, HOOK_AGAIN = "lint, first", "lint, again", "lint, one changed file", "lint, one file again"
RENAME = "rename --dry-run"
LIBCST = "LibCST RenameCommand"

# What, measured on which trees (by a part of their names), is at most how many times what other command.
BARS = (
    (COLD, "course", "codespell", 0.5), (COLD, "course", "ast-grep", 1.2), (AGAIN, "course", "git grep", 3),
    (COLD, "TinyTorch", "codespell", 0.5), (COLD, "TinyTorch", "ast-grep", 1.2), (AGAIN, "TinyTorch", "git grep", 3),
    (COLD, "pages", "codespell", 0.6), (AGAIN, "pages", "git grep", 4),
    (RENAME, "", LIBCST, 1 / 15),
    (HOOK, "TinyTorch", NOTHING, 8), (HOOK, "1 course", NOTHING, 8), (HOOK_AGAIN, "TinyTorch", NOTHING, 8),
)  # fmt: skip


def ours(kind: Kind, tree: Path, cache: Path) -> list[Command]:
    """Lint for the first time and again, one file that has just changed and again, and a renaming where there is a plan."""
    call = (sys.executable, "-m", "refactor", "--root", str(tree))
    lint = (*call, "lint", "--cache-dir", str(cache))
    page, changes = tree / kind.page, count(1)
    content = page.read_bytes()
    found = [
        Command(NOTHING, (sys.executable, "-c", "pass")),
        Command(COLD, (*lint, "--no-cache"), before=lambda: page.write_bytes(content)),
        Command(AGAIN, lint),
        Command(HOOK_AGAIN, (*lint, kind.page)),
    ]
    if kind.plan:
        found.append(Command(RENAME, (*call, "rename", "--plan", str(kind.plan), "--dry-run")))
    change = partial(_lengthen, page, content, changes)
    return [*found, Command(HOOK, (*lint, kind.page), before=change)]


def _lengthen(page: Path, content: bytes, changes: Iterator[int]) -> None:
    """Change a file to what it never was before."""
    page.write_bytes(content + b"\n" * next(changes))


def peers(tree: Path, scratch: Path, *, slow: bool) -> list[Command]:
    """What others do in the same tree, as far as they are installed: their own search, lint or rename."""
    rule, semgrep = scratch / "rule.yml", scratch / "semgrep.yml"
    rule.write_text(_RULE)
    semgrep.write_text(_SEMGREP)
    finds = frozenset({0, 1, 2, 65})  # each has its own exit code for having found something
    wanted = [
        ("git grep", ("git", "grep", "-nE", PATTERN)),
        ("typos", ("typos",)),
        ("codespell", ("codespell", "--skip", ".git", ".")),
        ("ast-grep", ("ast-grep", "scan", "--rule", str(rule), ".")),
        ("rumdl", ("rumdl", "check", "--no-cache", ".")),
    ]
    if slow:
        wanted += [
            ("Fixit", ("fixit", "lint", ".")),
            ("semgrep", ("semgrep", "scan", "--metrics=off", "--disable-version-check", "--config", str(semgrep), ".")),
        ]
    return [Command(name, line, finds) for name, line in wanted if shutil.which(line[0])]


def libcst() -> list[Command]:
    """LibCST's own renaming of a name that nobody uses: it parses every Python file, and that is its price."""
    names = ("--old_name", "os.nothing", "--new_name", "os.nothing")
    return [Command(LIBCST, (sys.executable, "-m", "libcst.tool", "codemod", "rename.RenameCommand", *names, "."))]
