"""Mentions of entries that this tree does not have: ids, names and numbers of nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from refactor.lint import Check, View, of_reference
from refactor.model import Finding, Reference, Verdict


def find(view: View) -> Iterator[Finding]:
    """Yield ids with an unknown name, unknown names next to a number, and numbers that no entry has."""
    for reference in view.references:
        message = _message(reference)
        if message and not _is_elsewhere(reference, view):
            yield of_reference("unknown-entry", replace(reference, targets=(), verdict=Verdict.STALE), message)


def _message(reference: Reference) -> str:
    numbers = [part.text for part in reference.claim.parts if part.role == "number"]
    if any(part.role == "unknown" for part in reference.claim.parts) and reference.verdict is Verdict.FOREIGN:
        return f"no entry is called {reference.claim.parts[-1].text}"
    if reference.verdict is Verdict.AMBIGUOUS and reference.because.startswith("no entry is called"):
        return reference.because
    if reference.verdict is Verdict.STALE and reference.because == "no entry has this number":
        return f"no entry has the number {', '.join(numbers)}"
    return ""


def _is_elsewhere(reference: Reference, view: View) -> bool:
    """An id that stands in the tree is that of another series; an address is that of another place."""
    document = view.documents[reference.path]
    written = document.text[reference.claim.span.start : reference.claim.span.end] + reference.claim.detail
    return written in view.words.components or not reference.because.startswith("no entry")


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
}

CHECK = Check(
    name="unknown-entry",
    summary="A mention names an entry that does not exist.",
    why="It was right in an older numbering, or is a slip; whoever follows it finds nothing.",
    find=find,
    good=({**_TREE, "README.md": "Start with `modules/01_soil`, then Module 2: Seeds.\n"},),
    bad=(
        {**_TREE, "README.md": "Start with `modules/02_compost`.\n"},
        {**_TREE, "README.md": "Module 3: Harvest Festival\n"},
        {**_TREE, "README.md": "It goes on in Module 14.\n"},
    ),
)
