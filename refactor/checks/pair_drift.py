"""Dev files and the notebooks beside them that have grown apart."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator

from refactor.checks._homes import live
from refactor.lint import Check, View, at
from refactor.model import Document, Finding, Verdict, ZoneKind
from refactor.spans import Span, line_column

NAME = "pair-drift"


def find(view: View) -> Iterator[Finding]:
    """Yield every notebook whose headings or numbered mentions are not those of its dev file; each only once."""
    is_live = live(view)
    for path, notebook in view.asked.items():
        stem, suffix = posixpath.splitext(path)
        source = view.documents.get(f"{stem}.py") if suffix == ".ipynb" else None
        if source and view.words.home_of(path) and is_live(path):
            yield from _drift(source, notebook, view)


def _drift(source: Document, notebook: Document, view: View) -> Iterator[Finding]:
    counts: list[str] = []
    found: list[tuple[Span, str]] = []
    pairs = (
        ("heading", _headings(source), _headings(notebook)),
        ("mention", _mentions(source, view), _mentions(notebook, view)),
    )
    for what, theirs, ours in pairs:
        more, fewer = _beyond(ours, theirs), _beyond(theirs, ours)
        counts.append(f"{what}s: {len(more) + len(fewer)}")
        found += [(span, f"the {what} {text!r} stands only here") for text, span in more]
        found += [(Span(0, 0), f"the {what} {text!r} stands only there") for text, _ in fewer]
    if found:
        span, difference = found[0]
        message = f"differs from {posixpath.basename(source.path)}: {difference}"
        because = f"{', '.join(counts)} in one of the two only"
        yield at(NAME, notebook.path, span, message, because, verdict=Verdict.AMBIGUOUS)  # which one is right?


def _beyond(these: list[tuple[str, Span]], those: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """What the first list has more often than the second, in order."""
    left = Counter(text for text, _ in those)
    left.subtract(text for text, _ in these)
    found = []
    for text, span in reversed(these):
        if left[text] < 0:
            left[text] += 1
            found.append((text, span))
    return found[::-1]


def _headings(document: Document) -> list[tuple[str, Span]]:
    spans = [zone.span for zone in document.zones if zone.kind is ZoneKind.HEADING]
    return [(_words(document, span).strip("# "), span) for span in spans]


def _mentions(document: Document, view: View) -> list[tuple[str, Span]]:
    """What mentions of entries say, where they say a number; ids of cells stand in the metadata of a notebook."""
    spans = [one.claim.span for one in view.by_path.get(document.path, ())]
    said = [(_words(document, span), span) for span in spans if not _marks_a_cell(document, span.start)]
    return [(text, span) for text, span in said if any(map(str.isdigit, text))]


def _marks_a_cell(document: Document, offset: int) -> bool:
    line, _ = line_column(document.starts, offset)
    return document.view.startswith("# %%", document.starts[line - 1])


def _words(document: Document, span: Span) -> str:
    """A piece of text with single blanks; in the view of a notebook, all that JSON adds is white space."""
    return " ".join(document.view[span.start : span.end].split())


def _notebook(heading: str) -> str:
    return '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# ' + heading + '"]}]}\n'


_TREE = {
    "modules/01_soil/soil_dev.py": '# %% [markdown]\n"""\n# Module 1: Soil\n"""\n',
    "modules/01_soil/soil_dev.ipynb": _notebook("Module 1: Soil"),
    "modules/02_seeds/seeds_dev.py": '# %% [markdown]\n"""\n# Module 2: Seeds\n"""\n',
    "modules/03_water/water_dev.py": '# %% [markdown]\n"""\n# Module 3: Water\n"""\n',
}

CHECK = Check(
    name=NAME,
    summary="A notebook has other headings or other numbers than the dev file beside it.",
    why="One of the two was edited or renumbered alone; the next export or sync overwrites one with the other.",
    find=find,
    good=(_TREE, {**_TREE, "modules/01_soil/notes.ipynb": _notebook("Module 2: Notes")}),
    bad=(
        {**_TREE, "modules/01_soil/soil_dev.ipynb": _notebook("Module 4: Soil")},
        {**_TREE, "modules/02_seeds/seeds_dev.ipynb": _notebook("Seeds")},
    ),
)
