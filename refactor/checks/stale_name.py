"""Mentions under a name that the entry had once."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.lint import SAFE, Check, View, of_reference
from refactor.model import Finding, Fix, Reference, Verdict
from refactor.respell import as_named_today
from refactor.words import Words


def find(view: View) -> Iterator[Finding]:
    """Yield every stale mention with a name of the past."""
    for reference in view.references:
        if name := _old_name(reference, view.words):
            message = f"{name} is called {reference.targets[0].id} now"
            yield of_reference("stale-name", reference, message, _fix(reference, view))


def _old_name(reference: Reference, words: Words) -> str:
    """The name in a stale mention that its entry had once; "" if there is none."""
    if reference.verdict is not Verdict.STALE or not reference.targets:
        return ""
    names = (part.text for part in reference.claim.parts if part.role in {"slug", "name", "title", "hint"})
    return next((name for name in names if words.is_old(name)), "")


def _fix(reference: Reference, view: View) -> Fix | None:
    edits = as_named_today(reference, view.documents[reference.path])
    return Fix(SAFE, f"Write {reference.targets[0].id}", tuple(edits)) if edits else None


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
}
_SETTINGS = {"refactor.toml": '[series.module.aliases]\nRain = "03_water"\n'}

CHECK = Check(
    name="stale-name",
    summary="A mention calls an entry by a name that it had once.",
    why="Readers look for an entry of that name, and there is none; in prose the same word may be right, and is left.",
    find=find,
    good=(
        {**_TREE, **_SETTINGS, "README.md": "Module 3: Water. Rain is water, too, and comes in spring.\n"},
        {**_TREE, "README.md": "Module 3: Water\n"},
    ),
    bad=(
        {**_TREE, **_SETTINGS, "README.md": "Module 3: Rain\n"},
        {**_TREE, **_SETTINGS, "README.md": "Look into `modules/03_rain`.\n"},
    ),
)
