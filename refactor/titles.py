"""What entries are called: titles from headings, front matter and tables of contents, and the nouns of a series.

Reads pages; decides nothing about where an entry lies.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from refactor.model import Entry, Home, Scope
from refactor.naming import number_in, same, split_suffix, title_from_slug
from refactor.places import FEWEST, NOUNS, Candidate, continues, noun_of, ranged_noun
from refactor.toc import Toc
from refactor.tree import Tree

# Words that number things; a word outside this list becomes a noun only by a place's prefix.
COMMON_NOUNS = frozenset(
    "module chapter lab lesson week unit part lecture notebook exercise tutorial project day step session "
    "assignment level stage topic class homework workshop episode kata challenge".split()
)
_SPEAKING = (".md", ".mdx", ".qmd", ".rst", ".ipynb")  # what can name an entry in its first heading
NO_NOUN = "entry"  # what the members of a series are called where nothing tells
_LANGUAGE = re.compile(r"[a-z]{2}([-_][A-Za-z]{2,4})?|")  # a folder that holds a translation, or none
_HEADING = re.compile(r"(?m)^(?:\ufeff)?#[ \t]+(?P<text>\S.*?)[ \t#]*\r?$")

# The first heading of a percent-format notebook script, below the header that tools write there.
_CELL_HEADING = re.compile(
    r'(?m)^# %%[^\n]*\[(?:markdown|md)\][^\n]*\n(?:[rR]?(?:"""|\'\'\')\s*)?(?:# )?#[ \t]+(?P<text>\S.*?)[ \t#]*\r?$'
)

# A cell of a notebook, and a line of its source that is a heading.
_MARKDOWN_CELL = re.compile(r'(?s)"cell_type":\s*"markdown".*?(?="cell_type"|\Z)')
_LINE_HEADING = re.compile(r'(?m)^[ \t]*"#[ \t]+(?P<text>[^\s"\\](?:[^"\\\n]|\\["\\/u])*?)[ \t#]*(?:\\n)?",?[ \t]*$')

_NUMBERED = re.compile(
    r"(?:(?P<noun>[^\W\d_]+)[ \t]+)?0*(?P<number>\d{1,3})[a-z]?(?:-\d+)?[ \t]*(?:[.:)\-–—|][ \t]*|[ \t]+|$)(?P<title>.*)"
)

# "[Part 3](../03-pandas.md)": what the target is called in a series.
_NUMBERED_LINK = re.compile(
    r"\[(?P<noun>[^\W\d_]{2,20})[ ]0*(?P<number>\d{1,3})\b[^\]\n]{0,80}\]\((?:[^()\s#]*/)?(?P<page>[^()\s#/]+)[^()\s]*\)"
)

_EMOJI = re.compile(r"\A(?:[^\w\s!-~]+[ \t]+)+")  # "📘 Day 3"
_ANCHOR = re.compile(r"[ \t]*(?:\[\[[\w-]+\]\]|\{[#.][^{}]*\})[ \t]*$")  # "Seeds[[seeds]]", "Seeds {#seeds}"
_AFTER_TITLE = re.compile(r"[ \t]+[-–—|][ \t]+|:[ \t]+")

_FRONT_TITLE = re.compile(r"""(?m)^title:[ \t]*(?P<quote>["']?)(?P<text>.+?)(?P=quote)[ \t]*\r?$""")

_FENCED = re.compile(r"(?ms)^(```|~~~).*?^\1[ \t]*\r?$")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a page says of itself in its first heading."""

    noun: str
    number: int | None
    title: str


def pages(entries: Iterable[Entry]) -> Iterator[str]:
    """The texts that can name an entry: its pages, and the files that carry its slug in its folder."""
    for entry in entries:
        for home in entry.homes:
            if home.place.scope is Scope.LIVE and not home.place.folder and home.path.endswith(_SPEAKING):
                yield home.path


def read_heading(tree: Tree, path: str) -> Heading | None:
    """The first heading of a page, below its front matter; None if there is none."""
    document = tree.read(path)
    if document is None:
        return None
    text = document.text[:20_000]
    if path.endswith(".ipynb"):
        return _cell_heading(text)
    shape = _CELL_HEADING if path.endswith(".py") else _HEADING
    found = shape.search(text, front_matter_end(text))
    before = text[: found.start()] if found else ""
    if "```" in before or "~~~" in before:
        text = _FENCED.sub(lambda fence: " " * len(fence[0]), text)
        found = shape.search(text, front_matter_end(text))
    return parse_heading(found["text"]) if found else None


def _cell_heading(text: str) -> Heading | None:
    """The first heading in the Markdown cells of a notebook, as its JSON reads."""
    for cell in _MARKDOWN_CELL.finditer(text):
        if found := _LINE_HEADING.search(cell[0]):
            return parse_heading(json.loads(f'"{found["text"]}"'))
    return None


def front_matter_end(text: str) -> int:
    """Where the front matter at the top of a text ends, in code points; 0 if there is none."""
    mark = text[:3]
    if mark not in {"---", "+++"} or not text.startswith(("\n", "\r\n"), 3):
        return 0
    return max(text.find(f"\n{mark}", 3), 0)


def parse_heading(text: str) -> Heading:
    """Take a heading apart: "Module 14: KV Caching - Faster" names 14 and "KV Caching"."""
    text = _EMOJI.sub("", text)
    found = _NUMBERED.fullmatch(text)
    if not found or (not found["title"] and not found["noun"]):
        return Heading("", None, short_title(text))
    return Heading((found["noun"] or "").casefold(), int(found["number"]), short_title(found["title"]))


def short_title(text: str) -> str:
    """The part of a title before its explanation: "Profiling - Where Time Goes" gives "Profiling"."""
    return _AFTER_TITLE.split(_ANCHOR.sub("", text).strip().strip("*_`"), maxsplit=1)[0].strip()


def listed_titles(tocs: Sequence[Toc]) -> dict[str, list[Heading]]:
    """What tables of contents call their pages, by the path of a page without its suffix."""
    found: dict[str, list[Heading]] = defaultdict(list)
    for one in (one for toc in tocs for one in toc.entries if one.title):
        found[one.path.removesuffix(".md")].append(parse_heading(one.title))
    return found


def with_titles(
    entry: Entry, tree: Tree, headings: dict[str, Heading | None], listed: Mapping[str, Sequence[Heading]]
) -> Entry:
    """Add the titles that an entry's own pages and the tables of contents give it, the page's heading first."""
    found: list[str] = []
    for home in entry.homes:
        heading = headings.get(home.path) if _begins(home, entry) else None
        if heading and heading.title and heading.number in (None, entry.number):
            found.append(heading.title)
        own = listed.get(home.path.removesuffix(".md"), ())
        found += [one.title for one in own if one.number in (None, entry.number) and one.title]
        found += _front_titles(home.path, headings, tree)
        found += _folder_titles(home, entry, tree, headings)
    plain = [bare for title in found if (bare := title.partition(" (")[0].strip()) and bare != title]
    shown = [*found, *plain] or [title_from_slug(entry.slug)]
    return replace(entry, titles=tuple(dict.fromkeys(title for title in shown if title)))


def without_shared(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Take out what three entries or more are called, as the name of the book on top of each of its chapters."""
    said = Counter(title for title, _ in {(title, one.number) for one in entries for title in one.titles})
    return tuple(
        replace(one, titles=tuple(t for t in one.titles if said[t] < FEWEST) or _from_slug(one)) for one in entries
    )


def _from_slug(entry: Entry) -> tuple[str, ...]:
    return tuple(filter(None, [title_from_slug(entry.slug)]))


def _begins(home: Home, entry: Entry) -> bool:
    """Tell whether a page is not just another section of an entry: those have titles of their own."""
    return not home.place.section or home.path == min(one.path for one in entry.homes if one.place == home.place)


def _front_titles(path: str, headings: dict[str, Heading | None], tree: Tree) -> list[str]:
    if path not in headings or (document := tree.read(path)) is None:
        return []
    found = _FRONT_TITLE.search(document.text, 0, front_matter_end(document.text))
    return [parse_heading(found["text"]).title] if found else []


def _folder_titles(home: Home, entry: Entry, tree: Tree, headings: dict[str, Heading | None]) -> list[str]:
    """Titles from the first heading of the entry's own files in its folder."""
    if not home.place.folder or home.place.scope is not Scope.LIVE:
        return []
    found = []
    for path in _own_files(home, entry, tree):
        heading = headings.get(path)
        if heading and heading.number == entry.number and heading.title:
            found.append(heading.title)
    return found


def own_texts(entries: Iterable[Entry], tree: Tree) -> Iterator[str]:
    """The texts in the entries' live folders that speak for them."""
    for entry in entries:
        for home in entry.homes:
            if home.place.folder and home.place.scope is Scope.LIVE:
                yield from _own_files(home, entry, tree)


def _own_files(home: Home, entry: Entry, tree: Tree) -> Iterator[str]:
    """The texts in an entry's folder that speak for it: those that carry its slug, and its README."""
    return (path for path in tree.children(home.path) if speaks_for(path, entry))


def speaks_for(path: str, entry: Entry) -> bool:
    """Tell whether a text in an entry's folder speaks for the entry, as its name says."""
    stem = split_suffix(path.rpartition("/")[2])[0]
    named = bool(entry.slug) and same(entry.slug) in same(stem)
    return path.endswith((".py", ".md", ".mdx", ".qmd")) and (named or stem.lower() in {"readme", "index", "_index"})


def borne_nouns(group: Sequence[Candidate]) -> Counter[str]:
    """The nouns in the names of files and folders themselves, as in `week3/`, by how many have them."""
    votes: Counter[str] = Counter()
    for candidate in group:
        votes[noun_of(candidate.place.prefix)] += len(candidate.items)
        votes[candidate.infix.casefold()] += len(candidate.items)
    return votes


def nouns_of(
    group: Sequence[Candidate], entries: Sequence[Entry], headings: dict[str, Heading | None], tree: Tree,
    others: frozenset[str],
) -> tuple[str, ...]:  # fmt: skip
    """Nouns by prefix, by the folder's name, and by the word before the number in own headings and the README.

    `others` are those that files of other series bear: the README says these of them.
    """
    votes = borne_nouns(group)
    for candidate in group:
        for part in candidate.place.root.casefold().split("/"):
            votes[_singular(part)] += len(candidate.items) if _singular(part) in COMMON_NOUNS else 0
    votes.update(heading.noun for heading in headings.values() if heading)
    votes.update(_words_of_links(tree, ["README.md", *pages(entries)]))
    if len(group[0].place.root) == 0:
        said = _words_before_numbers(tree, {entry.number for entry in entries})
        votes.update({noun: count for noun, count in said.items() if noun not in others})
    likely = [noun for noun, count in votes.most_common() if noun and count >= 3]
    nouns = [noun for noun in likely if noun in COMMON_NOUNS or noun in {noun_of(c.place.prefix) for c in group}]
    root = group[0].place.root
    in_parts = any(continues(group[0], other) for other in group[1:])
    above = root if not in_parts or ranged_noun(root.rpartition("/")[2]) else root.rpartition("/")[0]
    return tuple(dict.fromkeys(nouns)) or (_noun_of_folder(above) or NO_NOUN,)


def _noun_of_folder(root: str) -> str:
    """What a folder calls its content: `lessons`, and also `Day01-20`; a number alone is its own, as in `part2`."""
    folders = [part for part in root.split("/") if part in NOUNS or not _LANGUAGE.fullmatch(part)]
    name = _singular(folders[-1]) if folders else NO_NOUN
    return ranged_noun(name) or (NO_NOUN if any(map(str.isdigit, name)) else name)


def _words_before_numbers(tree: Tree, numbers: set[int]) -> Counter[str]:
    """For a series at the root, the README is what says "Module 3": words by how many numbers they count."""
    document = tree.read("README.md")
    found = re.findall(r"\b([A-Z][a-z]+) 0*(\d{1,3})\b", document.text) if document else []
    pairs = {(word.casefold(), int(number)) for word, number in found if int(number) in numbers}
    return Counter(word for word, _ in pairs)


def _words_of_links(tree: Tree, paths: Iterable[str]) -> Counter[str]:
    """Words before numbers in links to pages of those numbers, "[Part 3](03.00-pandas.ipynb)": by how many they count."""
    texts = (document.text for path in dict.fromkeys(paths) if (document := tree.read(path)))
    links = (link for text in texts for link in _NUMBERED_LINK.finditer(text))
    pairs = {
        (link["noun"].casefold(), int(link["number"]))
        for link in links
        if int(link["number"]) == number_in(link["page"])
    }
    return Counter(word for word, _ in pairs)


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
