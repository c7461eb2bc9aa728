"""Who wrote a mention: the commit whose author put this number on this line, and not one that only touched the line.

Reads git and what is remembered of its answers; knows no numbering. What a number meant then is told in `history`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from refactor import git, gitlog, parallel
from refactor.gitlog import Written
from refactor.model import Document
from refactor.progress import watched
from refactor.recall import Recall
from refactor.tree import digest

_DIGITS = re.compile(r"\d+")
_ALIKE = 0.6  # how much of two lines must agree for one to be the other, rewritten
_FURTHEST = 10  # commits that a line is followed back through

Commit = tuple[str, str]  # its name, and its day


@dataclass(frozen=True, eq=False)
class Authors:
    """Who wrote the lines of a tree; git is asked about a line once."""

    repository: git.Repository
    head: str  # the commit that is checked out
    read: Callable[[str], Document | None]
    recall: Recall
    unsaved: Mapping[str, bytes] = field(default_factory=dict)  # what stands in an editor and not on disk

    def ask(self, lines: Mapping[str, tuple[int, ...]]) -> frozenset[str]:
        """Find out who wrote some lines (from 1) of files, several files at a time: git takes its time over each.

        A file is asked about once. Returns the commits that were not known of.
        """
        lines = {path: numbers for path, numbers in lines.items() if not self._is_told(path, numbers)}
        self._blamed.update(self._blame_all(lines))
        for path in lines:
            self.recall.new.learn(path, self._content(path), "", [])
        return frozenset(one.commit for path in lines for one in self._blamed[path].values())

    def of(self, path: str, line: int, text: str, mention: str) -> Commit | None:
        """The commit that wrote a mention on a line (from 1) of a file; None if git does not know.

        `text` is the line as it is. A later commit that wrote the line anew, and had the mention from an older line,
        does not count, and no more does one that brought back what stood there before.
        """
        key = f"{line} {mention}"
        answer = self._answers(path).get(key)
        if answer is None:
            answer = self._find_out(path, line, text, mention)
            self.recall.new.learn(path, self._content(path), key, answer)
        return (answer[0], answer[1]) if answer else None

    # --- what is remembered ---------------------------------------------------------------------

    def _answers(self, path: str) -> Mapping[str, list[str]]:
        return self._carried.get(path) or self.recall.known.about(path, self._content(path)) or {}

    def _is_told(self, path: str, lines: tuple[int, ...]) -> bool:
        known = path in self._blamed or path in self._carried or self._answers(path)
        return bool(known) or self._carries(path, lines)

    def _content(self, path: str) -> str | None:
        """What tells the content of a file from any other; of one that is changed all the time nothing new is kept."""
        document = self.read(path) if path not in self._carried else None
        return digest(document.data) if document else None

    @cached_property
    def _carried(self) -> dict[str, Mapping[str, list[str]]]:
        return {}

    def _carries(self, path: str, lines: tuple[int, ...]) -> bool:
        """Take over what is remembered of the committed version of a file that was changed since, if it tells all.

        A line above all changes, or below them all, was written by whom it was.
        """
        kept = self.recall.known.lines.get(path)
        now = self.read(path) if kept else None
        before = gitlog.content(self._root, self.head, path) if now else None
        if not kept or not now or before is None or digest(before) != kept[0]:
            return False
        places = _unchanged(before.split(b"\n"), now.data.split(b"\n"))
        if not set(lines) <= set(places.values()):
            return False
        told = ((key.partition(" "), answer) for key, answer in kept[1].items() if key)
        known = ((places.get(int(line)), mention, answer) for (line, _, mention), answer in told)
        self._carried[path] = {f"{line} {mention}": answer for line, mention, answer in known if line}
        return True

    # --- what git tells -------------------------------------------------------------------------

    @property
    def _root(self) -> Path:
        return self.repository.top / self.repository.prefix

    @cached_property
    def _blamed(self) -> dict[str, dict[int, Written]]:
        return {}

    def _blame_all(self, lines: Mapping[str, tuple[int, ...]]) -> dict[str, dict[int, Written]]:
        if len(lines) < 2:  # a pool takes longer to load than git to answer
            return {path: self._blame(path, lines[path]) for path in lines}
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(parallel.processors()) as pool:
            asked = {path: pool.submit(self._blame, path, lines[path]) for path in lines}
            return {path: asked[path].result() for path in watched(asked, len(asked), "asking git")}

    def _blame(self, path: str, lines: tuple[int, ...]) -> dict[int, Written]:
        ignored = gitlog.IGNORED if (self.repository.top / gitlog.IGNORED).is_file() else ""
        top, name = self.repository.top, self.repository.prefix + path
        return self._restored(gitlog.blame(top, name, lines, ignored=ignored, contents=self.unsaved.get(path)))

    def _find_out(self, path: str, line: int, text: str, mention: str) -> list[str]:
        """The commit and its day, or nothing."""
        known = self._blamed.setdefault(path, {})
        if line not in known:
            known.update(self._blame(path, (line,)))
        found = known.get(line)
        if found is None:
            return []
        found = self._oldest(found, text, mention)
        return [] if found.commit in self.cut_off else [found.commit, found.day]

    @cached_property
    def cut_off(self) -> frozenset[str]:
        """The commits at which a shallow history ends: they did not write what they are said to have written."""
        file = self.repository.folder / "shallow"
        return frozenset(file.read_text(encoding="ascii").split()) if file.is_file() else frozenset()

    # --- lines that were brought back -----------------------------------------------------------

    def _restored(self, found: dict[int, Written]) -> dict[int, Written]:
        """Let what a revert brought back be written by whoever wrote it before the commit that was taken back."""
        back = defaultdict[tuple[str, str], dict[int, Written]](dict)
        for line, one in found.items():
            if one.commit in self._reverts:
                back[one.commit, one.path][line] = one
        return found | {line: one for key, ones in back.items() for line, one in self._before(*key, ones).items()}

    def _before(self, revert: str, path: str, ones: Mapping[int, Written]) -> dict[int, Written]:
        top, commit = self.repository.top, f"{self._reverts[revert]}^"
        before = (gitlog.content(top, commit, path) or b"").split(b"\n")
        places = {line: _nearest(one, before) for line, one in ones.items()}
        told = self._restored(gitlog.blame(top, path, {*places.values()} - {0}, commit)) if any(places.values()) else {}
        return {line: told[at] for line, at in places.items() if at in told}

    @cached_property
    def _reverts(self) -> dict[str, str]:
        """The commits that take back others, which are on the way to the present one too."""
        return gitlog.reverts(self.repository.top)

    # --- lines that were written anew -----------------------------------------------------------

    def _oldest(self, found: Written, text: str, mention: str) -> Written:
        for _ in range(_FURTHEST):
            line, old = self._replaced(found, text)
            if not line or not _stands_in(mention, text, old) or found.commit in self._renamings:
                return found
            asked = gitlog.blame(self.repository.top, found.path_before, [line], found.before)
            older = self._restored(asked).get(line)
            if older is None:
                return found
            found, text = older, old
        return found

    def _replaced(self, found: Written, text: str) -> tuple[int, str]:
        """The line, from 1, that a commit replaced by this one, and how it read; 0 if the line was new."""
        old, new = (found.before, found.path_before), (found.commit, found.path)
        if found.before and (old, new) not in self._hunks:
            self._hunks[old, new] = gitlog.hunks(self.repository.top, old, new)
        around = (one for one in self._hunks.get((old, new), ()) if one.new <= found.line < one.new + one.count)
        alike = [
            (_likeness(was, text), -abs(found.line - hunk.new - at), hunk.old + at, was)
            for hunk in around
            for at, was in enumerate(hunk.gone)
        ]
        likeness, _, line, was = max(alike, default=(0.0, 0, 0, ""))
        return (line, was) if likeness >= _ALIKE else (0, "")

    @cached_property
    def _renamings(self) -> frozenset[str]:
        """The commits of renamings: what one of them wrote, it meant."""
        return gitlog.with_trailer(self.repository.top, gitlog.TRAILER)

    @cached_property
    def _hunks(self) -> dict[tuple[tuple[str, str], tuple[str, str]], tuple[gitlog.Hunk, ...]]:
        return {}


def _nearest(one: Written, lines: Sequence[bytes]) -> int:
    """The line, from 1, that reads the same and stands nearest to where one stands; 0 if none does."""
    text = one.text.strip()
    return min(
        (at for at, line in enumerate(lines, 1) if line.strip() == text), key=lambda at: abs(at - one.line), default=0
    )


def _unchanged(before: list[bytes], now: list[bytes]) -> dict[int, int]:
    """Where lines (from 1) above and below all changes stand now."""
    most = min(len(before), len(now))
    above = next((at for at in range(most) if before[at] != now[at]), most)
    below = next((at for at in range(most - above) if before[-1 - at] != now[-1 - at]), most - above)
    moved = len(now) - len(before)
    rest = range(len(before) - below + 1, len(before) + 1)
    return {**{line: line for line in range(1, above + 1)}, **{line: line + moved for line in rest}}


def _likeness(one: str, other: str) -> float:
    """How much of two lines agrees, numbers aside: those are what a renumbering changes."""
    from difflib import SequenceMatcher

    one, other = (_DIGITS.sub("#", line.strip()) for line in (one, other))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _stands_in(mention: str, text: str, old: str) -> bool:
    """Tell whether an older line has the mention, and as the same of its numbers, counted from either end."""
    shape = re.compile(rf"(?<!\w){re.escape(mention)}(?!\w)")
    return not {*_ranks(shape, text)}.isdisjoint(_ranks(shape, old))


def _ranks(shape: re.Pattern[str], text: str) -> Iterator[int]:
    """Where the last number of each hit stands among the numbers of a text: from 0, and from -1."""
    ends = [found.end() for found in _DIGITS.finditer(text)]
    for hit in shape.finditer(text):
        at = sum(end < hit.end() for end in ends)
        yield from (at, at - len(ends))
