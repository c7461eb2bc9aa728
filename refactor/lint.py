"""Checks over an index: findings, which of them to show, and what mends them. Pure; writes and prints nothing.

One shape for all: a check looks for findings in what a run is asked about, and may look up anything else it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from refactor.lazily import everything
from refactor.model import Document, Edit, Finding, Fix, Reference, Series, Verdict
from refactor.progress import watched
from refactor.spans import Span
from refactor.toc import Toc
from refactor.tree import Tree
from refactor.words import Words

SAFE, UNSAFE = "safe", "unsafe"
ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True, eq=False)
class View:
    """What checks look at: the tree, its documents, one series with its mentions, and the tables of contents.

    `asks` tells which paths a run is asked about. `documents` and `by_path` know all others too, and read a file, or
    decide its mentions, when it is looked up: a check that goes through `asked` costs as much as what was asked.
    `ahead` finds out for many paths at once what takes long for one after another.
    """

    tree: Tree
    documents: Mapping[str, Document]
    series: Series
    words: Words
    by_path: Mapping[str, Sequence[Reference]]
    tocs: tuple[Toc, ...]
    is_history: Callable[[str], bool]
    ahead: Callable[[Iterable[str]], None]
    asks: Callable[[str], bool] = everything

    @cached_property
    def asked(self) -> dict[str, Document]:
        """The documents that the run is asked about."""
        paths = filter(self.asks, self.tree.files)
        return {path: document for path in paths if (document := self.documents.get(path))}

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The mentions in what the run is asked about, in order."""
        paths = watched(self.asked, len(self.asked), "reading")
        return tuple(reference for path in paths for reference in self.by_path.get(path, ()))


@dataclass(frozen=True, slots=True)
class Check:
    """One built-in check. `good` and `bad` are small trees as {path: text}; they are its tests and its page.

    `default` tells whether it runs without being selected.
    """

    name: str
    summary: str
    why: str
    find: Callable[[View], Iterator[Finding]]
    good: tuple[Mapping[str, str], ...]
    bad: tuple[Mapping[str, str], ...]
    severity: str = WARNING
    default: bool = True


def run(view: View, checks: Iterable[Check]) -> list[Finding]:
    """What the given checks find in what is asked about, sorted by path and place; the same is reported once."""
    view.ahead(view.asked)
    return sorted({finding for check in checks for finding in check.find(view) if view.asks(finding.path)})


def of_reference(
    code: str, reference: Reference, message: str, fix: Fix | None = None, severity: str = WARNING
) -> Finding:
    """A finding on a mention, with its target, verdict and evidence."""
    target = reference.targets[0].id if len({entry.key for entry in reference.targets}) == 1 else ""
    return Finding(
        reference.path, reference.claim.span, code, message, severity, fix, target, reference.verdict, reference.because
    )


def at(code: str, path: str, span: Span, message: str, because: str = "", *, severity: str = WARNING, fix: Fix | None = None,
       target: str = "", verdict: Verdict = Verdict.STALE) -> Finding:  # fmt: skip
    """A finding on any place of a file; a file as a whole is the empty span at its start."""
    return Finding(path, span, code, message, severity, fix, target, verdict, because)


def selected(checks: Mapping[str, Check], select: Sequence[str], ignore: Sequence[str]) -> list[Check]:
    """The checks that run: the selected ones, or all that are on by default, without the ignored ones."""
    chosen = [check for name, check in checks.items() if (name in select if select else check.default)]
    return [check for check in chosen if check.name not in ignore]


def edits_of(findings: Iterable[Finding], *, unsafe: bool = False) -> list[Edit]:
    """The edits that mend findings: the safe ones, or all; of fixes that touch each other only the first is taken."""
    taken: list[Edit] = []
    for finding in findings:
        if finding.fix is None or (finding.fix.applicability != SAFE and not unsafe):
            continue
        if not any(_touch(edit, other) for edit in finding.fix.edits for other in taken):
            taken += [edit for edit in finding.fix.edits if edit not in taken]
    return sorted(taken)


def _touch(edit: Edit, other: Edit) -> bool:
    return edit.path == other.path and edit != other and edit.span.touches(other.span)
