"""Texts that say how many entries there are, where there are more or fewer.

Only what speaks of all of them counts, and only a number near the right one: "all 3 modules" may be those of a week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.checks._homes import live
from refactor.checks._plans import is_plan
from refactor.checks._progress import ends
from refactor.lint import UNSAFE, Check, View, at
from refactor.model import Document, Edit, Finding, Fix
from refactor.shapes import noun_spots
from refactor.spans import Span, line_at

_CODE = "stale-count"
_WHOLE = "course|curriculum|program(?:me)?|book|series|framework|journey|structure|system|sequence|path"
_DIGIT = re.compile(r"\d")
_DURATION = re.compile(r"(?i)week|day")
_FEWEST = 6  # entries; in a smaller series any number may be that of a part


def find(view: View) -> Iterator[Finding]:
    """Yield every number of all entries that is not theirs."""
    right = _right(view)
    if not right or max(right) < _FEWEST:
        return
    shapes, is_live = _shapes(view.words.noun_pattern), live(view)
    for path, document in view.asked.items():
        if is_live(path) and not is_plan(path):
            yield from _judged(document, shapes, right, view)


def _right(view: View) -> frozenset[int]:
    """How many there are, in every way of counting: with and without a number 0, those that share a number twice."""
    numbers = {entry.number for entry in view.series.entries}
    return frozenset({len(numbers), len(numbers - {0}), len(view.series.entries), max(numbers, default=0)})


def _is_right(said: int, right: frozenset[int], document: Document, view: View) -> bool:
    """One less may leave out the last, and an entry's own page may count up to itself; half of all is a part."""
    own = {entry.number + near for entry in view.words.home_of(document.path) for near in (-1, 0)}
    return (
        any(said in {count, count - 1} for count in right)
        or said in own
        or not max(right) <= 2 * said <= 4 * max(right)
    )


def _shapes(nouns: str) -> re.Pattern[str]:
    number, noun = r"(?P<{}>\d{{1,3}})(?![\w.%])", rf"{nouns}(?![a-z])"
    forms = (
        rf"(?:total|num|number_of|all)_{nouns}[ \t]*(?::[ \t]*int[ \t]*)?[:=][ \t]*{{}}",
        rf"{nouns}_(?:count|total)[ \t]*(?::[ \t]*int[ \t]*)?[:=][ \t]*{{}}",
        rf"/[ \t]?{{}}[ \t]+{noun}",
        rf"\btotal[ \t]+{noun}[^\n]{{{{0,60}}}}/{{}}",
        rf"(?<![\w.,-]){{}}[ -]{noun}[ \t]+(?:{_WHOLE})\b",
        rf"\ball[ \t]+{{}}[ \t]+(?:[a-z]+[ \t]+)?{noun}",
        rf"(?<![\w.,-]){{}}[ \t]+{noun}[ \t]+(?:in[ \t]+)?total\b",
    )
    return re.compile("(?i)" + "|".join(form.format(number.format(f"n{at}")) for at, form in enumerate(forms)))


def _judged(document: Document, shapes: re.Pattern[str], right: frozenset[int], view: View) -> Iterator[Finding]:
    hits = (found for found in _counts(document, shapes, view)
            if not _is_of_part(document, found, view) and not _is_duration(found[0], view))  # fmt: skip
    counts = {Span(*found.span(found.lastgroup or "")) for found in hits}
    for span in sorted({*counts, *ends(document, view.words)}):
        if not _is_right(int(document.view[span.start : span.end]), right, document, view):
            yield _finding(document, span, right, view, is_fixable=span in counts)


def _counts(document: Document, shapes: re.Pattern[str], view: View) -> Iterator[re.Match[str]]:
    """The hits, each of which keeps to one line and has a noun on it."""
    lines = dict.fromkeys(line_at(document.view, spot) for spot in noun_spots(document, view.words))
    for line in lines:
        if _DIGIT.search(document.view, line.start, line.end):
            yield from shapes.finditer(document.view, line.start, line.end)


def _is_of_part(document: Document, found: re.Match[str], view: View) -> bool:
    """A line that names a tier may count what is in it."""
    line = line_at(document.view, found.start(), found.end())
    text = document.view[line.start : line.end].casefold()
    return any(tier.name.casefold() in text for tier in view.series.tiers)


def _is_duration(text: str, view: View) -> bool:
    """Tell whether weeks or days are how long a course takes, since its entries are called something else first."""
    said = _DURATION.search(text)
    return said is not None and said[0].casefold() not in view.series.nouns[0]


def _finding(document: Document, span: Span, right: frozenset[int], view: View, *, is_fixable: bool) -> Finding:
    """Where code goes by the number, what hangs on it (shares, branches) is for a person to change."""
    said, noun = document.text[span.start : span.end], view.series.nouns[0]
    numbers = {entry.number for entry in view.series.entries}
    new = str(len(numbers - {0}))
    edit = Edit(document.path, span, said, new, f"there are {new}", "number")
    because = f"the {noun}s found are {min(numbers)} to {max(numbers)}"
    message = f"says {said} {noun}s, but there are {' or '.join(map(str, sorted(right)))}"
    fix = Fix(UNSAFE, f"Write {new}", (edit,)) if is_fixable else None
    return at(_CODE, document.path, span, message, because, fix=fix)


_TREE = {f"modules/{n:02d}_{s}/README.md": f"# Module {n}: {s.capitalize()}\n" for n, s in enumerate(
    ("soil", "seeds", "water", "light", "frost", "wind", "rain", "snow"), 1)}  # fmt: skip

_WEEKS = {path.replace("modules/", "2019/week_"): "" for path in _TREE}  # so that entries are called weeks, too

CHECK = Check(
    name=_CODE,
    summary="A text says how many entries there are, and there are more or fewer.",
    why="Progress bars and tables of contents that count to another number never end, or end too soon.",
    find=find,
    good=(
        {**_TREE, "README.md": "An 8-module course. All 8 modules have tests, and 5 modules are short.\n"},
        {**_TREE, "tool.py": "total_modules = 8\nnum_module_tests = 6\n"},
        {**_TREE, "README.md": "Finish all 2 modules of the week.\n"},
        {**_TREE, **_WEEKS, "README.md": "A 10-week course.\n"},
        {**_TREE, "tool.py": 'if done > 8:\n    print("You finished all the modules")\nif pages > 6:\n    pass\n'},
        {**_TREE, "tool.py": 'if pages > 6:\n    pages = 0\nprint("Now read all modules")\n'},
        {**_TREE, "tool.py": 'marks = {2: "25%", 4: "50%", 8: "100%"}\n'},
        {**_TREE, "tool.py": 'done_modules = 1\nmarks = {\n    2: "25%",\n    5: "50%",\n    6: "100%",\n}\n'},
        {**_TREE, "tool.py": 'done_beds = 1\nmarks = {\n    3: "50%",\n    5: "83%",\n    6: "100%",\n}\n'},
    ),
    bad=(
        {**_TREE, "README.md": "A 6-module course.\n"},
        {**_TREE, "README.md": "All 10 core modules have tests.\n"},
        {**_TREE, "tool.py": 'total_modules = 6\nprint(f"{done}/6 modules")\n'},
        {
            **_TREE,
            "tool.py": 'if n < 6:\n    pass\nelif n > 6:\n    print()\n    print("You finished all our modules")\n',
        },
        {
            **_TREE,
            "tool.py": 'marks = {\n    3: "50%",\n    5: "83%",\n    6: "100%",\n}\nprint(marks[done_modules])\n',
        },
    ),
)
