"""What history told about the lines of a tree, kept for the next run in the user's cache folder.

Git takes its time to tell who wrote a line, and its answer changes only with the file and the commits that touched it.
What does not fit the tree as it is now is passed over, so that a stale memory costs time and never a right answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refactor import cache, gitlog
from refactor.model import Series

_Lines = dict[str, tuple[str, dict[str, list[str]]]]


@dataclass(eq=False)
class Facts:
    """What is known: by path the content it is about, and by line and mention the commit and day; by commit the
    numbering; and what renamed folders became. JSON holds all of it."""

    lines: _Lines = field(default_factory=dict)
    names: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    renamed: dict[str, str] | None = None

    def about(self, path: str, content: str | None) -> dict[str, list[str]] | None:
        """The answers about a file with this content; None if there are none."""
        known = self.lines.get(path)
        return known[1] if known and content is not None and known[0] == content else None

    def learn(self, path: str, content: str | None, key: str, answer: list[str]) -> None:
        """Keep one answer about a file."""
        if content is not None:
            if self.about(path, content) is None:
                self.lines[path] = (content, {})
            self.lines[path][1][key] = answer

    def take(self, other: Facts) -> None:
        """Add what another learned."""
        for path, (content, answers) in other.lines.items():
            for key, answer in answers.items():
                self.learn(path, content, key, answer)
        self.names.update(other.names)
        self.renamed = self.renamed if other.renamed is None else other.renamed


@dataclass(frozen=True, eq=False)
class Recall:
    """Facts from before, those that are new, and the file that keeps them (None: nothing is kept)."""

    file: Path | None
    about: Mapping[str, str]
    known: Facts
    new: Facts

    def keep(self) -> None:
        """Write down what is new, with what was known."""
        new = self.new
        if self.file is None or not (new.lines or new.names or new.renamed is not None):
            return
        self.known.take(new)
        kept = {"lines": self.known.lines, "names": self.known.names, "renamed": self.known.renamed}
        cache.store(self.file, {**self.about, **kept})


def recall(root: Path, series: Series, folder: Path | None) -> Recall:
    """What is remembered of the past of a tree that has a commit, as far as it still holds."""
    told = gitlog.fingerprint(root) if folder else None
    if folder is None or told is None:
        return Recall(None, {}, Facts(), Facts())
    first, *rest = told
    head, _, places = first.partition(b"\n")
    homes = [(entry.id, [home.path for home in entry.homes]) for entry in series.entries]
    about = {"by": cache.ourselves(), "for": cache.digest(repr((places, rest, homes))), "head": head.decode()}
    file = folder / f"past-{cache.digest(repr((str(root), series.name)))}.json"
    return Recall(file, about, _still_true(cache.load(file), about, root), Facts())


def _still_true(kept: Any, about: Mapping[str, str], root: Path) -> Facts:
    try:
        if (kept["by"], kept["for"]) != (about["by"], about["for"]):
            return Facts()
        lines = {path: (content, dict(answers)) for path, (content, answers) in kept["lines"].items()}
        found = Facts(lines, kept["names"], kept["renamed"])
        return found if kept["head"] == about["head"] else _without(found, gitlog.changed(root, kept["head"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Facts()


def _without(facts: Facts, changed: frozenset[str] | None) -> Facts:
    """What later commits did not touch; nothing where history was rewritten."""
    if changed is None:
        return Facts()
    lines = {path: known for path, known in facts.lines.items() if path not in changed}
    return Facts(lines, facts.names, None)
