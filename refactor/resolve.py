"""What a mention means: one table of rules, strongest first. The heart of the tool.

Each rule looks at one claim in its surroundings and decides, or passes to the next rule.
Nothing is edited here, and no rule knows what will be renamed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from refactor import outside
from refactor.case import Case, Decision
from refactor.index import Tally, named, number_of
from refactor.model import Entry, Part, Verdict, ZoneKind
from refactor.naming import same, split_suffix

_MORE = re.compile(r"[ \t]+[*_`\[]+\w|['’]\w")
_NO_TITLE = re.compile(r"[^\w\s'’&/+#.-]|\d")

BEFORE = "everything before the entry that the file belongs to"
NOBODYS = "no entry has this number"
BY_DEFAULT = "nothing contradicts the current numbering"


def decide(case: Case) -> tuple[str, Decision]:
    """Ask the rules in order; the first that has an answer decides, and is named: "line history"."""
    for rule in RULES:
        if (decision := rule(case)) is not None:
            return _name(rule), outside.as_of_then(case, decision)
    raise AssertionError(case)  # the last rule always answers


def _name(rule: Callable[[Case], Decision | None]) -> str:
    return rule.__name__.strip("_").replace("_", " ")


# --- 1 and 2: the claim names its entry ---------------------------------------------------------


def _slug(case: Case) -> Decision | None:
    """A slug decides over the number beside it."""
    slug = next((part for part in case.claim.parts if part.role == "slug"), None)
    if slug is None:
        return None
    targets, _ = named(case.claim, case.words)
    if case.words.is_old(slug.text):
        if case.stands_here:
            return Decision((), Verdict.FOREIGN, "a file or folder is still called so")
        return Decision(targets, Verdict.STALE, f"{slug.text} is called {targets[0].id} now")
    if case.leads_to and not any(map(case.words.home_of, case.leads_to)):
        return Decision((), Verdict.FOREIGN, f"{case.leads_to[0]} lies there, and is no entry's")
    if case.words.is_frozen_name(slug.text):
        return Decision((), Verdict.FOREIGN, "only an older edition has this name")
    number = number_of(case.claim)
    fitting = tuple(entry for entry in targets if number is None or entry.number == number)
    if fitting:
        return Decision(fitting, Verdict.CURRENT, f"{slug.text} is the slug of {fitting[0].id}")
    if case.is_file:
        return Decision((), Verdict.FOREIGN, "a file is called so")
    if len({entry.number for entry in targets}) > 1:
        return Decision(targets, Verdict.AMBIGUOUS, f"{slug.text} belongs to several entries, none of them {number}")
    written = next((part.text for part in case.claim.parts if part.role == "number"), "")
    if 0 < len(written) < case.words.narrowest:
        return Decision(targets, Verdict.AMBIGUOUS, f"no id here is written with so few digits as {case.token}")
    return Decision(targets, Verdict.STALE, f"{slug.text} is now {targets[0].id}")


def _unknown_slug(case: Case) -> Decision | None:
    part = next((part for part in case.claim.parts if part.role == "unknown"), None)
    if part is None:
        return None
    own = tuple(entry for entry in case.words.by_page.get(split_suffix(case.token)[0], ()) if entry in case.today)
    if own:
        return Decision(own, Verdict.CURRENT, f"a file of {own[0].id} is called so")
    return Decision((), Verdict.FOREIGN, f"no entry is called {part.text}")


def _number_and_name(case: Case) -> Decision | None:
    """Both must fit; where only the name does, the name decides; an exact name never loses to a hint."""
    named_entries, exact = named(case.claim, case.words)
    if number_of(case.claim) is None or not named_entries:
        return None
    name = case.claim.parts[-1]
    if exact and name.role != "aside" and case.words.is_old(name.text):
        return Decision(named_entries, Verdict.STALE, f"{name.text} is called {named_entries[0].id} now")
    fitting = tuple(entry for entry in case.today if entry.key in {other.key for other in named_entries})
    if fitting:
        return Decision(fitting, Verdict.CURRENT, f"number and name agree on {fitting[0].id}")
    return _vote_on_line(case)  # a name beside another number is a vote itself


def _unknown_name(case: Case) -> Decision | None:
    """A strong name that no entry has: the number alone does not make it this entry."""
    hint = next((part for part in case.claim.parts if part.role == "hint"), None)
    if hint is None:
        return None
    return _vote_on_line(case) or _own_heading(case) or _unless_title(case, hint)


def _own_heading(case: Case) -> Decision | None:
    """On top of an entry's page stands what that page is called."""
    zone = case.page.document.zone_at(case.claim.span.start)
    if (zone.kind, zone.detail) != (ZoneKind.HEADING, "1"):
        return None
    return Decision(case.own, Verdict.CURRENT, f"a heading of {case.own[0].id} itself") if case.own else None


def _unless_title(case: Case, hint: Part) -> Decision | None:
    """A few capitalised words behind the number are a title that nobody has; anything else is a description."""
    words = hint.text.split()
    if _NO_TITLE.search(hint.text) or _goes_on(case.page.document.view, hint) or _may_be_called(hint.text, case):
        return None
    if len(words) <= 3 and all(word[:1].isupper() for word in words if word[:1].isalpha()):
        return Decision(case.today, Verdict.AMBIGUOUS, f"no entry is called {hint.text!r}")
    return None


def _may_be_called(name: str, case: Case) -> bool:
    """Tell whether a name may be that of the entry with the number: a part of its title, or of one without a title."""
    named = (name for entry in case.today for name in (*entry.titles, *(home.slug for home in entry.homes)) if name)
    titles = [_words(name.replace("_", " ")) for name in named]
    return bool(case.today) and (not titles or any(_words(name) <= title for title in titles))


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))


def _goes_on(view: str, hint: Part) -> bool:
    """Tell whether some words are but the beginning of a sentence: "Module 4: Build **your own**", "Lecture 7: Let's go"."""
    at = view.find(hint.text, hint.span.end, hint.span.end + len(hint.text) + 20)
    return at >= 0 and _MORE.match(view, at + len(hint.text)) is not None


# --- 3: a title in a title position -------------------------------------------------------------


def _title(case: Case) -> Decision | None:
    if case.claim.kind != "title":
        return None
    targets = case.words.by_title.get(same(case.claim.parts[0].text)) or case.words.home_of(case.path)
    return Decision(targets, Verdict.CURRENT, f"a title stands here ({case.claim.detail})")


def _field(case: Case) -> Decision | None:
    """On an entry's page the field holds the entry's number, or should."""
    own = case.words.home_of(case.path) if case.claim.kind == "field" else ()
    if not own:
        return None
    verdict = Verdict.CURRENT if any(entry.number in case.numbers for entry in own) else Verdict.STALE
    return Decision(own, verdict, f"{case.claim.detail} is the number of {own[0].id}")


def _dependent(case: Case) -> Decision | None:
    """ "Listing 17-3" on a page of chapter 17 is its own."""
    own = case.own if case.claim.kind == "dependent" else ()
    return Decision(own, Verdict.CURRENT, f"the page belongs to {own[0].id}") if own else None


# --- 4 and 5: numbers alone ---------------------------------------------------------------------


def _tier_set(case: Case) -> Decision | None:
    """A set that is exactly a tier of today, on a line that names the tier."""
    if not case.is_range:
        return None
    for tier in case.words.series.tiers:
        if (
            case.numbers == (tier.first, tier.last)
            and tier.name.casefold() in case.page.line_text(case.line).casefold()
        ):
            return Decision(case.members, Verdict.CURRENT, f"the range of the {tier.name} tier")
    return None


def _whole_set(case: Case) -> Decision | None:
    """From the first number to the last, whatever numbering the text around it follows."""
    if not case.is_range or {*case.all_numbers, 0} != {*case.words.by_number, 0}:
        return None
    return Decision(case.members, Verdict.CURRENT, "the range of the whole series")


def _all_before(case: Case) -> Decision | None:
    """In an entry's own home, a range from the first number to the one before its own; the entry is the target."""
    if not case.is_range:
        return None
    first, last = case.numbers
    own = [entry for entry in case.words.home_of(case.path) if entry.number == last + 1]
    if not own or first > 1 or case.page.tally.against:
        return None
    return Decision(tuple(own), Verdict.CURRENT, BEFORE)


def _vote_on_line(case: Case) -> Decision | None:
    """Who speaks on the same line: about this number, or else about any, if with one voice."""
    votes = case.page.votes_between(case.line, case.line)
    return _same_number(case, votes, "the line") or _one_voice(case, votes, "the line")


def _vote_in_block(case: Case) -> Decision | None:
    """Rows of one table, items of one list, a paragraph. Where numberings mix, one agreeing path proves little."""
    votes = case.page.votes_between(*case.page.block(case.line))
    if votes.agreeing and votes.against >= votes.agreeing:
        return None
    decided = _same_number(case, votes, "the text around it") or _one_voice(case, votes, "the text around it")
    is_current = decided is not None and decided.verdict is Verdict.CURRENT
    if is_current and not len(votes.about(case.numbers)):
        # What agrees is about other numbers: a line that was left over when they were mended tells more.
        leftover = _line_history(case)
        return leftover if leftover and leftover.verdict is Verdict.STALE else decided
    return decided


def _mixed_block(case: Case) -> Decision | None:
    """Where the text around a number speaks with two voices, nobody can tell."""
    votes = case.page.votes_between(*case.page.block(case.line))
    if votes.against > 4 * votes.agreeing > 0:
        return Decision((), Verdict.STALE, "nearly all of the text around it follows an older numbering")
    return _mixed(case, votes)


def _line_history(case: Case) -> Decision | None:
    """A bare number means what the catalogue said at the commit that wrote it."""
    then, said = case.then, case.all_numbers
    if then is None:
        return None
    known = [number for number in said if then.has(number)]
    moved = [number for number in known if all(entry.number != number for entry in then.entries(number))]
    doubted = bool(case.page.tally.about(said).against)
    if known == [*said] and not moved and not doubted and not then.is_import:
        return Decision(case.members, Verdict.CURRENT, then.told(known[0]))
    if moved and len(said) == 1:
        return Decision(then.entries(moved[0]), Verdict.STALE, then.told(moved[0]))
    return None  # of a set, its ends may be what is meant, and they may be right


def _range_history(case: Case) -> Decision | None:
    """A range must hold still what it held when it was written; one that held the whole series, all of it."""
    if not case.is_range:
        return None
    ends = case.page.tally.about(case.numbers)
    if (ends.agreeing and not ends.against) or (then := case.then) is None or then.is_import:
        return None
    said = case.all_numbers
    was_all = set(said) == set(then.names) != set(case.words.by_number)
    left = (number for number in said if _is_outside(then.entries(number), said))
    number = case.numbers[0] if was_all else next(left, None)
    if number is None or not (was_all or case.has_noun):
        return None
    return Decision((), Verdict.STALE, then.told(number))


def _is_outside(entries: tuple[Entry, ...], numbers: tuple[int, ...]) -> bool:
    return bool(entries) and all(entry.number not in numbers for entry in entries)


def _same_number(case: Case, votes: Tally, where: str) -> Decision | None:
    about = votes.about(case.numbers)
    return _one_voice(case, about, where) or _mixed(case, about)


def _one_voice(case: Case, votes: Tally, where: str) -> Decision | None:
    if votes.agreeing and not votes.against:
        return Decision(case.members, Verdict.CURRENT, f"{where} agrees with the current numbering")
    if votes.against and not votes.agreeing:
        meant = votes.about(case.numbers).named or _hinted(case)
        return Decision(meant, Verdict.STALE, f"{where} follows an older numbering")
    return None


def _hinted(case: Case) -> tuple[Entry, ...]:
    """The one entry that the words beside a number remind of: "Module 14: Transformer blocks"."""
    entries, _ = named(case.claim, case.words)
    return entries if len(entries) == 1 else ()


def _mixed(case: Case, votes: Tally) -> Decision | None:
    if not len(votes):
        return None
    return Decision(case.members, Verdict.AMBIGUOUS, "the text around it mixes two numberings")


def _own_number(case: Case) -> Decision | None:
    """In an entry's own home its number is its own, unless names in the file say otherwise."""
    if not case.own or case.page.tally.about(case.numbers).against or len(case.numbers) != 1:
        return None
    return Decision(case.own, Verdict.CURRENT, f"the file belongs to {case.own[0].id}")


def _file(case: Case) -> Decision | None:
    """The other mentions of the file: who mixes numberings is not trusted with a bare number."""
    votes = case.page.tally
    about = votes.about(case.numbers)
    if about.agreeing and not about.against:
        return Decision(case.members, Verdict.CURRENT, "the file names this entry with this number")
    against = votes.against
    if about.against and not about.agreeing:
        return Decision(about.votes[0].targets, Verdict.STALE, "the file gives this number to another name")
    if against > 2 and 2 * against > len(votes):
        return Decision((), Verdict.STALE, "the file follows an older numbering")
    if 4 * against > len(votes):
        return Decision(case.members, Verdict.AMBIGUOUS, "the file follows an older numbering in other places")
    return None


def _today(case: Case) -> Decision | None:
    members = case.members
    if not members:
        return Decision((), Verdict.STALE, NOBODYS)
    return Decision(members, Verdict.CURRENT, BY_DEFAULT)


RULES: tuple[Callable[[Case], Decision | None], ...] = (
    outside.past,  #            changelogs, logs
    outside.address,  #         https://...
    outside.label,  #           [Module 3](https://github.com/ada/another/...)
    outside.elsewhere,  #       older editions, released versions
    outside.other_name,  #    the folder `day36-45`
    outside.other_noun,  #      "Checkpoint 14"
    _slug,  #            `14_caching`: the slug decides
    _unknown_slug,  #    `14_mlops`
    _number_and_name,  # "Module 14: KV Caching"
    _unknown_name,  #    "Module 14: MLOps"
    _title,  #           "KV Caching" where a title stands
    _field,  #           "sidebar_position: 14"
    _dependent,  #       "Listing 14-3" on a page of 14
    _tier_set,  #        "Optimization Tier (15-19)"
    _whole_set,  #       "Modules 01-20" of twenty
    _all_before,  #       "Modules 01-14" in the home of 15
    _vote_on_line,  #    "14_caching/  # Module 14"
    _vote_in_block,  #   rows of a table, items of a list, a docstring
    _line_history,  #    "Module 14" written when 14 was transformers
    _mixed_block,  #     rows and items that follow two numberings
    _own_number,  #      "Module 14" in a file of 14_caching
    _range_history,  #   "Modules 05-11" written when 05 was losses
    _file,  #            the other mentions of the file
    _today,  #           what the catalogue says
)

RULE_NAMES = tuple(map(_name, RULES))
