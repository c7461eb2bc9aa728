"""Lint as a step of a plan: what it finds on a tree, and what of that was not there before.

Changes nothing and keeps nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor import checking, parallel, tree
from refactor.draft import Clean
from refactor.lazily import everything
from refactor.model import Finding
from refactor.spans import line_column
from refactor.workspace import open_tree


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, with the line and column that people count from 1."""

    path: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.message}"


def findings_of(root: Path, clean: Clean, settings: Mapping[str, object]) -> list[Found]:
    """What lint finds in a tree with the settings of a plan."""
    workspace = open_tree(root, settings)
    asks = tree.matcher(clean.paths) if clean.paths else everything
    choice = checking.Choice(clean.select, clean.ignore, clean.rules)
    found = checking.find(workspace, asks, choice, parallel.copies())
    return [
        _placed(one, workspace.documents[one.path].starts if one.path in workspace.documents else [0]) for one in found
    ]


def _placed(finding: Finding, starts: list[int]) -> Found:
    line, column = line_column(starts, finding.span.start)
    return Found(finding.path, line, column, finding.code, finding.message)


def new_findings(found: Iterable[Found], before: Iterable[Found], new_path: Callable[[str], str]) -> list[Found]:
    """Findings that are more than what the same check found in the same file before, wherever that lies now."""
    accepted = Counter((new_path(one.path), one.code) for one in before)
    left = []
    for one in found:
        if accepted[one.path, one.code]:
            accepted[one.path, one.code] -= 1
        else:
            left.append(one)
    return left
