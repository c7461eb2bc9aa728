"""Numbers that may be read in two numberings. Off unless it is selected: it asks for a person's reading."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.lint import INFO, Check, View, of_reference
from refactor.model import Finding, Verdict


def find(view: View) -> Iterator[Finding]:
    """Yield every mention that the rules of meaning could not decide."""
    for reference in view.references:
        if reference.verdict is Verdict.AMBIGUOUS and not reference.because.startswith("no entry is called"):
            yield of_reference("ambiguous-number", reference, f"not decided: {reference.because}", severity=INFO)


_TREE = {
    "modules/01_soil/README.md": "# Module 1: Soil\n",
    "modules/02_seeds/README.md": "# Module 2: Seeds\n",
    "modules/03_water/README.md": "# Module 3: Water\n",
}

CHECK = Check(
    name="ambiguous-number",
    summary="A number can be read in two numberings.",
    why="The text around it mixes numberings, so a renaming leaves it alone and readers may go wrong.",
    find=find,
    good=({**_TREE, "README.md": "Module 2 comes after Module 1: Soil.\n"},),
    bad=({**_TREE, "README.md": "Module 1: Soil and Module 2: Water and Module 3: Seeds,\nthen Module 2 again.\n"},),
    severity=INFO,
    default=False,
)
