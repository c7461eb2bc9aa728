"""Hypothesis strategies for small courses: {path: bytes}, made from sentences about entries.

A course is kept as its entries and its sentences, so that it can be written again after a renaming: what a person who
rewrote the whole course by hand would have written. Knows nothing of `refactor`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from hypothesis import strategies as st

Tree = dict[str, bytes]

# No slug is a word of another, or of a sentence below: who is meant is decided by the test, not by luck.
SLUGS = ("orchids", "granite", "lanterns", "copper_kettles", "sundials", "windmills", "harbours", "looms", "meteorites")
FRESH = ("violins", "paper_boats", "hedgerows", "cathedral_bells")


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of a generated course; `title` is what its slug suggests."""

    number: int
    slug: str
    pattern: str

    @property
    def id(self) -> str:
        """How the entry is written in the main place."""
        return self.pattern.format(a=self)

    @property
    def title(self) -> str:
        """The one spelling of its title."""
        return " ".join(word.capitalize() for word in self.slug.split("_"))

    @property
    def shout(self) -> str:
        """The title in capitals."""
        return self.title.upper()

    @property
    def kebab(self) -> str:
        """The slug in a place that joins words with hyphens."""
        return self.slug.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a course is laid out: the pattern of ids, and for each entry the paths with their kind of page."""

    noun: str
    id: str
    pages: tuple[str, ...]
    contents: str = ""
    slugs_change: bool = True


FOLDERS = Layout(
    "Module",
    "{a.number:02d}_{a.slug}",
    ("modules/{a.id}/{a.slug}_dev.py", "modules/{a.id}/README.md", "tests/{a.id}/test_it.py"),
)
CHAPTERS = Layout(
    "Module",
    "{a.number:02d}_{a.slug}",
    (
        "modules/{a.id}/{a.slug}_dev.py",
        "modules/{a.id}/{a.slug}_dev.ipynb",
        "book/chapters/{a.number:02d}-{a.kebab}.md",
    ),
    "book/_toc.yml",
)
BOOK = Layout(
    "Chapter",
    "ch{a.number:02d}",
    ("src/ch{a.number:02d}-00-{a.kebab}.md", "src/ch{a.number:02d}-01-first-steps.md"),
    "src/SUMMARY.md",
    slugs_change=False,
)
WEEKS = Layout(
    "Week", "week_{a.number}_{a.slug}", ("week_{a.number}_{a.slug}/README.md", "week_{a.number}_{a.slug}/notes.txt")
)
LAYOUTS = (FOLDERS, CHAPTERS, BOOK, WEEKS)

# What is said about entries, in words and spellings that a renaming and its inverse write alike.
CANONICAL = (
    "{noun} {a.number} comes first.",
    "See {noun} {a.number:02d} for more.",
    "{noun} {a.number:02d}: {a.title}",
    "{noun} {a.number}: {a.title}",
    "Read **{noun} {a.number}** and {noun} {b.number}.",
    "{a.title} ({noun} {a.number}) is short.",
    "[{a.title}]({a.id}/README.md) leads there.",
    "`{a.id}`",
    "{a.id} and {b.id} belong together.",
    "{noun} {a.number:02d} (`{a.id}`)",
    "| {a.number:02d} | {a.title} | {a.id} |",
    "{a.number:02d}. {a.title}",
    "Now {small}\n{a.number} begins.",
    "{a.title} is a word.",
)
# Sets that may break up or be sorted, numbers that nobody has, names beside wrong numbers.
LOOSE = (
    "https://example.org/v3.0/03_other/",  # not canonical: an address elsewhere makes numbers around it look stale
    "{noun}s {a.number}, {b.number}",  # not canonical: "1, 3" on a page of 4 is taken for all that comes before 4
    "{noun}s {a.number}-{b.number} are hard.",
    "{noun}s {a.number:02d}–{b.number:02d}",
    "{noun}s {a.number}, {b.number} and {c.number}",
    "({noun} {a.number} to {b.number})",
    "{noun} {a.number}: {b.title}",
    "{noun} 9 and {noun} 27",
    "{a.number:02d}_{b.slug}/",
    "Next: {a.title} → {b.title} → {c.title}",
    "| {a.number} | {b.title} |",
    "M{a.number:02d}: {a.title}, M{b.number:02d}",
    "第{a.number}章 {a.title}",
    "# {noun} {a.number}: {a.title} and more",
    "[up](#{small}-{a.number:02d}-{a.kebab})",
    "test_{small}_{a.number:02d}_{a.slug}()",
    "from {a.slug}_dev import thing",
    "{a.slug}_dev.py",
    "[x](../{b.number:02d}-{b.kebab}.md#{small}-{a.number})",
)
# Spellings of a title that a new title does not tell: only the journal knows how they were.
SPELLED = ("{noun} {a.number}: {a.kebab}", "{noun} {a.number:02d}: {a.shout}", "{noun} {a.number}: {a.slug}")
FOREIGN = (
    "Checkpoint 3 and Figure 2.",
    "Version 2.3 of 2024-03-02, from 10.0.0.3.",
    "It takes 3 hours and 4 % of 5 pages [2].",
    "Step 1. Then 2. Then 3.",
    "0x03, #4, (5), v6, §7",
    "",
    "---",
)
ODD = ("caf\udce9 \udcff", "a\rb", "\U0001f389 \U0001f680", "e\u0301 \u00a0 ß", "trailing  \t", "\u2028", "\x0c")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A pattern and the positions of the entries that it speaks of."""

    pattern: str
    about: tuple[int, ...]

    def write(self, noun: str, members: Sequence[Member]) -> str:
        """The sentence as it reads with these entries."""
        chosen = [members[position % len(members)] for position in self.about]
        return self.pattern.format(noun=noun, small=noun.lower(), **dict(zip("abc", chosen, strict=True)))


@dataclass(frozen=True, slots=True)
class Page:
    """Sentences, how lines end, and whether a byte order mark comes first."""

    sentences: tuple[Sentence, ...]
    ending: str = "\n"
    mark: str = ""

    def write(self, path: str, head: str, noun: str, members: Sequence[Member]) -> bytes:
        """The bytes of the page, in the format that the path's suffix asks for."""
        lines = [sentence.write(noun, members) for sentence in self.sentences]
        text = _WRITERS[path.rpartition(".")[2]](head, [line for text in lines for line in text.split("\n")])
        return (self.mark + text.replace("\n", self.ending)).encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Course:
    """Entries, one page for each of their paths, and pages that belong to nobody."""

    layout: Layout
    members: tuple[Member, ...]
    own: Mapping[tuple[int, str], Page]
    other: Mapping[str, Page]

    def files(self) -> Tree:
        """The course as a tree."""
        files = {path: page.write(path, "", self.layout.noun, self.members) for path, page in self.other.items()}
        for (position, pattern), page in self.own.items():
            member = self.members[position]
            path = pattern.format(a=member)
            head = f"# {self.layout.noun} {member.number:02d}: {member.title}"
            files[path] = page.write(path, head, self.layout.noun, self.members)
        if self.layout.contents:
            files[self.layout.contents] = self._contents().encode()
        return files

    def _contents(self) -> str:
        pages = [(member, self.layout.pages[-1].format(a=member)) for member in self.members]
        if self.layout.contents.endswith(".md"):
            links = (f"- [{member.title}]({path.rpartition('/')[2]})" for member, path in pages)
            return "# Summary\n\n" + "\n".join(links) + "\n"
        files = (f"- file: {path.removeprefix('book/').removesuffix('.md')}\n  title: {m.title}" for m, path in pages)
        return "root: intro\nchapters:\n" + "\n".join(files) + "\n"

    def renamed(self, new: Mapping[int, tuple[int, str]]) -> Course:
        """The course as a person would write it with other numbers and slugs; keys are old numbers."""
        moved = (new.get(member.number, (member.number, member.slug)) for member in self.members)
        members = tuple(replace(m, number=n, slug=s) for m, (n, s) in zip(self.members, moved, strict=True))
        return replace(self, members=members)


# --- formats ------------------------------------------------------------------------------------


def _plain(head: str, lines: Sequence[str]) -> str:
    return "\n".join([*([head, ""] if head else []), *lines, ""])


def _python(head: str, lines: Sequence[str]) -> str:
    """A percent-format script: a cell of Markdown, comments, strings, a table."""
    cell = ["# %% [markdown]", '"""', head, "", *lines[::3], '"""'] if head else [f'"""{head}', *lines[::3], '"""']
    table = [f"    {position}: {json.dumps(line, ensure_ascii=False)}," for position, line in enumerate(lines[2::3])]
    return "\n".join([*cell, "", *(f"# {line}" for line in lines[1::3]), "TABLE = {", *table, "}", ""])


def _notebook(head: str, lines: Sequence[str]) -> str:
    first = {
        "cell_type": "markdown",
        "metadata": {},
        "source": [head + "\n", "\n", *(line + "\n" for line in lines[::2])],
    }
    code = {"cell_type": "code", "metadata": {}, "execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout",
            "text": [line + "\n" for line in lines]}], "source": [f"# {line}\n" for line in lines[1::2]]}  # fmt: skip
    return json.dumps(
        {"cells": [first, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False
    )


def _yaml(_head: str, lines: Sequence[str]) -> str:
    listed = [f"  - {json.dumps(line, ensure_ascii=False)}" for line in lines[::2]]
    return "\n".join(["topics:", *listed, *(f"# {line}" for line in lines[1::2]), ""])


_WRITERS: dict[str, Callable[[str, Sequence[str]], str]] = {
    "md": _plain, "txt": _plain, "py": _python, "ipynb": _notebook, "yml": _yaml,
}  # fmt: skip


# --- strategies ---------------------------------------------------------------------------------


def _sentences(patterns: Sequence[str]) -> st.SearchStrategy[Sentence]:
    about = st.integers(0, 7)
    return st.builds(lambda pattern, *who: Sentence(pattern, who), st.sampled_from(patterns), about, about, about)


def _pages(patterns: Sequence[str], most: int) -> st.SearchStrategy[Page]:
    sentences = st.lists(_sentences(patterns), max_size=most).map(tuple)
    return st.builds(
        Page, sentences, st.sampled_from(("\n", "\n", "\n", "\r\n")), st.sampled_from(("", "", "", "\ufeff"))
    )


OTHERS = ("README.md", "docs/plan.md", "notes.txt", "tools/check.py", "site.yml", "extra/all.ipynb")


@st.composite
def courses(
    draw: st.DrawFn, patterns: Sequence[str] = (), starts: Sequence[int] = (0, 1, 2), most: int = 8, lines: int = 8
) -> Course:
    """Courses of 3 to `most` entries, numbered in sequence from one of `starts`; no page has more sentences than `lines`."""
    patterns = patterns or (*CANONICAL, *SPELLED, *LOOSE, *FOREIGN, *ODD)
    layout = draw(st.sampled_from(LAYOUTS))
    slugs = draw(st.permutations(SLUGS))[: draw(st.integers(3, most))]
    start = draw(st.sampled_from(starts))
    members = tuple(Member(start + position, slug, layout.id) for position, slug in enumerate(slugs))
    keys = [(position, pattern) for position in range(len(members)) for pattern in layout.pages]
    own = {key: draw(_pages(patterns, min(lines, 3))) for key in keys}
    others = draw(st.lists(st.sampled_from(OTHERS), unique=True, max_size=3))
    return Course(layout, members, own, {path: draw(_pages(patterns, lines)) for path in others})


canonical = partial(courses, (*CANONICAL, *FOREIGN, *ODD), most=7)
# One line a page: where a line becomes what another one was, the inverse does not yet bring back both.
remembered = partial(courses, (*CANONICAL, *SPELLED, *FOREIGN, *ODD), most=7, lines=1)


@st.composite
def permutations(draw: st.DrawFn, course: Course, *, slugs: bool = True) -> dict[int, tuple[int, str]]:
    """New numbers, and now and then new slugs, for the entries of a course."""
    numbers = [member.number for member in course.members]
    targets = draw(st.permutations(numbers))
    may_change = slugs and course.layout.slugs_change
    fresh = dict(zip(numbers, draw(st.permutations(FRESH)), strict=False)) if may_change else {}
    changed = draw(st.sets(st.sampled_from(sorted(fresh)))) if fresh else set()
    return {
        member.number: (target, fresh[member.number] if member.number in changed else member.slug)
        for member, target in zip(course.members, targets, strict=True)
    }
