"""Fill the course's templates for one moment of its history, and note what each reference says and should say.

A template holds placeholders and blocks; nothing here knows which files there are or how a reference is found.

    «kvcaching.module»          a reference, as the numbering of the moment writes it
    «self.ref», «next.title»    the same for the module that a page or an `each` block is about, and its neighbours
    «kvcaching.module@2.1»      written at step 2.1 and never again: its line is not there before
    «Optimization.range»        a tier's numbers
    «rename range|Modules 17, 18|Modules 16, 17@3»    label, kind, text, what is right after plan.yaml
    %% each tier=… not=… sort=export / %% if from=2.1 only=… / %% end / %% include about indent=4

A line whose placeholder names what is not there at the moment is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from refactor.demo.editions import AFTER, TODAY, Edition, Member, Step, editions, parse_step
from refactor.model import Tier

# How a reference is written, by field: its kind and its spelling.
_SPELLINGS = {
    "id": ("path", "{nn}_{slug}"),
    "page": ("path", "{nn}-{dashed}"),
    "slug": ("path", "{slug}"),
    "anchor": ("anchor", "{nn}-{kebab}"),
    "nn": ("number", "{nn}"),
    "module": ("number", "Module {nn}"),
    "plain": ("number", "Module {n}"),
    "wrapped": ("number", "Module\n{nn}"),
    "upper": ("number", "MODULE {nn}"),
    "short": ("number", "M{nn}"),
    "title": ("name", "{title}"),
    "ref": ("number+name", "Module {nn}: {title}"),
    "late": ("number+name", "Module {nn} ({title})"),
    "call": ("number+name", "{title} (Module {nn})"),
    "head": ("heading", "{nn}. {title}"),
    "brief": ("number+name", "{title} ({nn})"),
    "row": ("table-row", "{nn} | {title}"),
    "bold": ("table-row", "**{nn}** | **{title}**"),
    "pair": ("dict-entry", '"{nn}": "{nn}_{slug}"'),
    "triple": ("dict-entry", '({n}, ("{nn}_{slug}"'),
    "complete": ("cli-command", "pebble module complete {nn}"),
    "test": ("identifier", "test_module_{nn}_{slug}"),
    "grade": ("grade-id", "check-{key}"),
    "export": ("export-path", "{export}"),
}
# What is written of a member without being a reference to it.
_FACTS = {
    "path": "{path}",
    "leaf": "{leaf}",
    "symbol": "{symbol}",
    "names": "{names}",
    "all": "{all}",
    "promise": "{promise}",
    "difficulty": "{stars}",
    "stars": "{shine}",
    "hours": "{hours}",
    "tier": "{tier}",
}
_RANGES = {"range": "{first:02d}-{last:02d}", "span": "Modules {first:02d}-{last:02d}"}

_PLACEHOLDER = re.compile(r"«(?P<body>[^»]+?)(?:@(?P<step>\d+(?:\.\d+)?))?»")
# Private-use letters around a mention, so that it can still be found when the text has gone into a notebook.
_MARKED = re.compile("\ue000(?P<index>\\d+)\ue001(?P<text>[^\ue002]*)\ue002")


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference in the text. `new` is what is right after plan.yaml, None if nothing is. Where the text says what
    comes before or after, two things are: the same module (`identity`) or the one that is there then (`successor`)."""

    text: str
    label: str = ""
    kind: str = ""
    target: str = ""
    new: str | None = None
    epoch: str = ""
    alternatives: tuple[str, ...] = ()
    identity: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """Fills templates for one step of the history; `mentions` grows with what it fills in."""

    step: Step
    sections: Mapping[str, Sequence[str]]
    mentions: list[Mention] = field(default_factory=list)

    @property
    def edition(self) -> Edition:
        """The numbering of the moment."""
        return editions()[self.step[0]]

    def fill(self, lines: Sequence[str], key: str) -> Iterator[str]:
        """Yield the lines of a template with marks around its mentions; `key` is whom it is about, or ""."""
        position = 0
        while position < len(lines):
            line = lines[position]
            position += 1
            if not line.startswith("%% "):
                yield from self.line(line, key)
                continue
            word, _, rest = line[3:].partition(" ")
            flags = read_flags(rest)
            if word == "include":
                yield from self._include(rest.split(" ")[0], " " * int(flags.get("indent", "0")), key)
                continue
            end = _end_of_block(lines, position)
            for about in self._repeats(word, flags, key):
                yield from self.fill(lines[position:end], about)
            position = end + 1

    def line(self, line: str, key: str) -> Iterator[str]:
        """Yield one line with marks, or nothing if it names what is not there."""
        pieces = []
        position = 0
        for found in _PLACEHOLDER.finditer(line):
            mention = self._mention(found["body"], found["step"], key)
            if mention is None:
                return
            pieces += [line[position : found.start()], self._marked(mention)]
            position = found.end()
        yield "".join((*pieces, line[position:]))

    def admits(self, flags: Mapping[str, str], key: str) -> bool:
        """Tell whether a file or block is there at this step, for this module."""
        member = self.edition.find(key)
        return (
            self.step >= parse_step(flags.get("from", "1"))
            and key in flags.get("only", key).split(",")
            and not (key and key in flags.get("not", "").split(","))
            and flags.get("tier") in {None, member.tier if member else ""}
        )

    def _repeats(self, word: str, flags: Mapping[str, str], key: str) -> list[str]:
        if word == "if":
            return [key] if self.admits(flags, key) else []
        members = [member for member in self.edition.members if self.admits(flags, member.key)]
        if "sort" in flags:
            members.sort(key=lambda member: member.export)
        return [member.key for member in members]

    def _include(self, name: str, indent: str, key: str) -> Iterator[str]:
        for line in self.fill(self.sections[f"{key}/{name}"], key):
            yield indent + line if line else line

    def _marked(self, mention: Mention) -> str:
        if not mention.label:
            return mention.text
        self.mentions.append(mention)
        return f"\ue000{len(self.mentions) - 1}\ue001{mention.text}\ue002"

    def _mention(self, body: str, step: str | None, key: str) -> Mention | None:
        if step and self.step < parse_step(step):
            return None
        edition = editions()[parse_step(step)[0]] if step else self.edition
        if "|" in body:
            return _by_hand(body, step)
        name, _, attribute = body.partition(".")
        tier = edition.tier(name)
        if tier:
            return _tier_mention(tier, _RANGES[attribute])
        own = edition.find(key if name in {"self", "prev", "next"} else name)
        member = _towards(name, own, edition)
        if member is None or own is None:
            return None
        if attribute in _FACTS:
            return Mention(_spell(_FACTS[attribute], member))
        neighbour = _towards(name, editions()[AFTER].find(own.key), editions()[AFTER]) if member != own else None
        return _member_mention(attribute, member, edition, neighbour)


def read_flags(text: str) -> dict[str, str]:
    """Read "from=2.1 only=a,b crlf" as a dictionary; a flag without a value has an empty one."""
    pairs = (word.partition("=") for word in text.split())
    return {name: value for name, _, value in pairs}


def unmark(marked: str, mentions: Sequence[Mention]) -> tuple[str, tuple[tuple[int, Mention], ...]]:
    """Take the marks out of a printed text; give it with its mentions and where each begins.

    A mention that its file writes otherwise (a line break escaped in JSON) is left out.
    """
    pieces: list[str] = []
    found: list[tuple[int, Mention]] = []
    position = length = 0
    for mark in _MARKED.finditer(marked):
        pieces += (marked[position : mark.start()], mark["text"])
        length += mark.start() - position
        mention = mentions[int(mark["index"])]
        if mention.text == mark["text"]:
            found.append((length, mention))
        length += len(mark["text"])
        position = mark.end()
    return "".join((*pieces, marked[position:])), tuple(found)


def _end_of_block(lines: Sequence[str], position: int) -> int:
    depth = 1
    while depth:
        depth += lines[position].startswith(("%% if", "%% each")) - lines[position].startswith("%% end")
        position += 1
    return position - 1


def _towards(name: str, member: Member | None, edition: Edition) -> Member | None:
    if member is None or name not in {"prev", "next"}:
        return member
    return edition.before(member) if name == "prev" else edition.after(member)


def _spell(pattern: str, member: Member) -> str:
    return pattern.format(
        key=member.key, n=member.number, nn=f"{member.number:02d}", slug=member.slug, title=member.title,
        dashed=member.slug.replace("_", "-"),
        kebab=member.title.lower().replace(" ", "-"), export=member.export, path=member.export.replace(".", "/"),
        leaf=member.export.partition(".")[2], symbol=member.symbols[0], names=", ".join(member.symbols),
        all=", ".join(map(repr, member.symbols)), promise=member.promise, stars=member.stars,
        shine="★" * member.stars, hours=member.hours, tier=member.tier,
    )  # fmt: skip


def _by_hand(body: str, step: str | None) -> Mention:
    head, text, *rest = body.split("|")
    label, kind = head.split(" ")
    right = rest[0].split(" / ") if rest and rest[0] else []
    epoch = f"E{parse_step(step)[0]}" if step and label == "stale" else ""
    return Mention(text, label, kind, "", right[0] if right else None, epoch, tuple(right[1:]))


def _tier_mention(tier: Tier, pattern: str) -> Mention:
    after = editions()[AFTER].tier(tier.name) or tier
    text, new = (pattern.format(first=one.first, last=one.last) for one in (tier, after))
    return Mention(text, "keep" if text == new else "rename", "range", "", new)


def _member_mention(attribute: str, member: Member, edition: Edition, neighbour: Member | None) -> Mention:
    """What a reference says, and which label that makes it: judged by the two numberings, never by the tool."""
    kind, pattern = _SPELLINGS[attribute]
    text = _spell(pattern, member)
    today, after = (editions()[number].find(member.key) for number in (TODAY, AFTER))
    new = _spell(pattern, after) if after else None
    target = _spell("{nn}_{slug}", today) if today else ""
    if today is None or text != _spell(pattern, today):
        return Mention(text, "stale", kind, target, new, f"E{edition.number}")
    successor = _spell(pattern, neighbour) if neighbour else new
    if successor == new:
        return Mention(text, "keep" if text == new else "rename", kind, target, new)
    right = successor if text == new else new
    return Mention(text, "rename", kind, target, right, identity=new, successor=successor)
