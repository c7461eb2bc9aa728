"""Mentions that name an entry and give it another number, or follow a numbering that is gone."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.lint import SAFE, Check, View, of_reference
from refactor.model import Finding, Fix, Reference, Verdict
from refactor.resolve import NOBODYS
from refactor.respell import as_named_today


def find(view: View) -> Iterator[Finding]:
    """Yield every stale mention with a number that some entry has; `unknown-entry` finds the others, `stale-name` old names."""
    for reference in view.references:
        is_stale = reference.verdict is Verdict.STALE and any(part.role == "number" for part in reference.claim.parts)
        elsewhere = reference.because == NOBODYS or any(view.words.is_old(part.text) for part in reference.claim.parts)
        if is_stale and not elsewhere:
            yield of_reference("stale-number", reference, _message(reference), _fix(reference, view))


def _message(reference: Reference) -> str:
    if reference.claim.kind != "set" and len({entry.key for entry in reference.targets}) == 1:
        return f"says {reference.claim.parts[0].text}, but {reference.targets[0].id} has another number"
    return "follows a numbering that this tree no longer has"


def _fix(reference: Reference, view: View) -> Fix | None:
    """Only a slug or an exact name decides what is meant; the rest is for a person."""
    if len({entry.key for entry in reference.targets}) != 1 or not _is_named(reference):
        return None
    edits = as_named_today(reference, view.documents[reference.path])
    return Fix(SAFE, f"Write the number of {reference.targets[0].id}", tuple(edits)) if edits else None


def _is_named(reference: Reference) -> bool:
    return any(part.role in {"slug", "name"} for part in reference.claim.parts)


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
    "modules/04_light/README.md": "# Module 4: Light\n",
}

CHECK = Check(
    name="stale-number",
    summary="A mention gives an entry a number that is not its number.",
    why="Readers and scripts follow the number, and arrive at another entry.",
    find=find,
    good=({**_TREE, "README.md": "Read Module 3: Water, then `modules/04_light`.\n"},),
    bad=(
        {**_TREE, "README.md": "Read Module 2: Water first.\n"},
        {**_TREE, "README.md": "Look into `modules/03_light`.\n"},
    ),
)
