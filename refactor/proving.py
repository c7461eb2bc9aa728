"""Lint as a step of a plan: what it finds on a tree, what mends that, and what of it was not there before.

Changes nothing and keeps nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor import checking, parallel, tree
from refactor.draft import Clean, Mend
from refactor.lazily import everything
from refactor.lint import edits_of
from refactor.model import Edit, Finding
from refactor.spans import line_column
from refactor.workspace import Workspace, open_tree

# Tells of a finding, and the text of its file, whether the plan leaves it as it is.
IsLeft = Callable[[Finding, str], bool]


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


def findings_of(root: Path, clean: Clean, settings: Mapping[str, object], is_left: IsLeft) -> list[Found]:
    """What lint finds in a tree with the settings of a plan, without what the plan leaves."""
    workspace = open_tree(root, settings)
    found = _found(workspace, clean, is_left)
    return [
        _placed(one, workspace.documents[one.path].starts if one.path in workspace.documents else [0]) for one in found
    ]


def mends_of(root: Path, mend: Mend, settings: Mapping[str, object], is_left: IsLeft) -> list[Edit]:
    """The edits that mend what lint finds in a tree, without what the plan leaves."""
    return edits_of(_found(open_tree(root, settings), mend.lint, is_left), unsafe=mend.unsafe)


def _found(workspace: Workspace, clean: Clean, is_left: IsLeft) -> list[Finding]:
    asks = tree.matcher(clean.paths) if clean.paths else everything
    choice = checking.Choice(clean.select, clean.ignore, clean.rules)
    found = checking.find(workspace, asks, choice, parallel.copies())
    return [one for one in found if not is_left(one, _text(workspace, one.path))]


def _text(workspace: Workspace, path: str) -> str:
    document = workspace.documents.get(path)
    return document.text if document else ""


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
