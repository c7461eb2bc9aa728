"""What is not about the living series at all: the past, addresses elsewhere, older editions, another series' numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from refactor.case import Case, Decision
from refactor.model import Verdict, ZoneKind
from refactor.naming import split_suffix
from refactor.places import PAGES, is_frozen, ranged_noun

# Files that describe the past, whatever the tree: their references were right when they were written.
_HISTORY_FILE = re.compile(
    r"(?i)(^|/)(change[-_ ]?logs?|changes|commit[-_ ]?log|history|news|release[-_ ]?notes?|releases)"
    r"([-_. ]?v?\d[\w.-]*?)?(\.(md|mdx|txt|rst|adoc|html?|org))?$|(^|/)(change[-_ ]?logs?|release[-_ ]?notes?)/|\.log$"
)
_CHANGES = re.compile(
    r"(^|/)(更新日志|变更日志|更新日誌|變更日誌|変更履歴|변경사항)(\.\w+)?$"
)  # the same in other scripts
# Texts that say how things were on the day they were written, and are of use as long as they are about today.
_REPORT = re.compile(
    r"(?i)(?:^|[-_. ])(?:analysis|audit|assessment|report|retrospective|post-?mortem)(?:[-_. ][^/]*)?"
    r"\.(?:md|mdx|txt|rst|adoc|html?|org)$"
)
_LOG_LINE = re.compile(r"^[\s*\-+]*[0-9a-f]{7,40}\s")
_REPOSITORY = re.compile(
    r"(?:(?:github|gitlab)(?:usercontent)?\.com|google\.com/github|mybinder\.org/v\d/gh|nbviewer\.(?:jupyter\.)?org/github)"
    r"/(?!(?:users|orgs|sponsors|user-attachments)/)([\w.-]+/[\w-]+)"
)
_IN_REPOSITORY = re.compile(r"/(?:blob|tree|raw|edit|blame|resolve)/[^/]+/(?P<path>.*)$")
_LINK = re.compile(rf"{_REPOSITORY.pattern}(?:/(?:blob|tree|raw|edit|blame)/[^/\s()\"'<>]+/(?P<path>[^\s()\"'<>#?]+))?")
_LINKED = re.compile(r"[^\]\n]{0,80}\]\([ \t]*<?(?P<url>https?://[^()\s<>]+)")
_FILE_BELOW = re.compile(r"[\w.-]*/(?:[\w.-]+/)*(?P<name>[\w.-]*\.\w+)(?![\w/.-])")
_VERSIONED = re.compile(r"/(?:v?\d+(?:\.\d+)+|[0-9a-f]{40})/")


@cache  # asked about every mention, and by most checks about every file
def describes_past(path: str) -> bool:
    """Tell whether a file describes the past, as its name says: a changelog, release notes, a log."""
    return _HISTORY_FILE.search(path) is not None or (not path.isascii() and _CHANGES.search(path) is not None)


def past(case: Case) -> Decision | None:
    """A changelog, a log, or what the settings call history."""
    if describes_past(case.path) or case.history(case.path):
        return Decision(case.meant, Verdict.HISTORY, "the file describes the past")
    if case.claim.kind not in {"slug", "stem"} and _LOG_LINE.match(case.page.line_text(case.line)):
        return Decision(case.meant, Verdict.HISTORY, "the line is an entry of a log")
    return None


def is_report(path: str) -> bool:
    """Tell whether a text reports what was found on some day, as its name says: an analysis, an audit."""
    return _REPORT.search(path.rpartition("/")[2]) is not None


def as_of_then(case: Case, decision: Decision) -> Decision:
    """What is old in a report was right on its day; what holds today follows a renaming as elsewhere."""
    if decision.verdict is not Verdict.STALE or not is_report(case.path) or case.words.home_of(case.path):
        return decision
    return replace(decision, verdict=Verdict.HISTORY, because=f"{decision.because}, and the file reports how it was")


def address(case: Case) -> Decision | None:
    """In an address only a path of this tree is ours; a released version keeps what it was published under."""
    url = case.url
    if not url:
        return None
    # In `mybinder.org/v2/gh/ada/garden/main?filepath=...` the version is not that of the path.
    if _VERSIONED.search(url) or is_frozen(re.split(r"://|\?", url)[-1]):
        return Decision((), Verdict.FOREIGN, "the address of a released version")
    other = _REPOSITORY.search(url)
    theirs = other is not None and case.words.repository not in {"", other[1].casefold()}
    if theirs or case.claim.kind not in {"slug", "stem"} or not _is_here(url, case):
        return Decision((), Verdict.FOREIGN, "an address outside this tree")
    leads_to = _IN_REPOSITORY.search(url)
    if leads_to and not case.words.home_of(leads_to["path"] + case.token):
        return Decision((), Verdict.FOREIGN, "what lies there is no entry's")
    return None


def repository_of(readme: str, is_here: Callable[[str], bool]) -> str:
    """The repository that a README is in, in small letters, or "" if its links do not tell: the one of which most files
    that it links to are here, or else to which it links most. Links to files that are not here do not count."""
    score: dict[str, tuple[int, int]] = {}
    for link in _LINK.finditer(readme):
        path, (here, links) = (link["path"] or "").rstrip("/"), score.get(name := link[1].casefold(), (0, 0))
        found = bool(path) and is_here(path)
        score[name] = (here + found, links + (found or not path))
    ranked = sorted(score, key=lambda name: score[name], reverse=True)
    best = [*(score[name] for name in ranked[:2]), (0, 0), (0, 0)]
    return ranked[0] if best[0] > best[1] else ""


def label(case: Case) -> Decision | None:
    """A bare number in the text of a link into another repository is of that one's series."""
    zone = case.page.document.zone_at(case.claim.span.start)
    if case.claim.kind not in {"number", "set"} or zone.kind is not ZoneKind.LINK_TEXT:
        return None
    link = _LINKED.match(case.page.document.view, zone.span.end)
    other = _REPOSITORY.search(link["url"]) if link else None
    if link is None or other is None or other[1].casefold() == case.words.repository:
        return None
    leads_to = _IN_REPOSITORY.search(link["url"])
    is_ours = leads_to["path"].partition("#")[0] in case.words.all_paths if leads_to else not case.words.repository
    return None if is_ours else Decision((), Verdict.FOREIGN, "the link leads to another repository")


def _is_here(url: str, case: Case) -> bool:
    """Tell whether an address ends in a path of this tree, whatever its suffix: `.../chapters/14-caching.html`."""
    in_repository = _IN_REPOSITORY.search(url)
    if in_repository:
        return in_repository["path"] + case.token in case.words.all_paths
    before, shown = url.rpartition("/")[2], _FILE_BELOW.match(case.page.document.view, case.claim.span.end)
    if shown and not shown["name"].endswith(PAGES) and shown["name"] not in case.words.file_names:
        return False  # a picture that this tree does not have
    return split_suffix(before + case.token)[0] in case.words.components


def elsewhere(case: Case) -> Decision | None:
    """A path into a frozen edition, or out of one."""
    if case.url:
        return None
    way = case.way
    if is_frozen(case.path):
        if case.claim.kind == "slug" and way.startswith("../"):
            return None
        return Decision((), Verdict.FOREIGN, "the file belongs to an older edition, which keeps its own numbers")
    if case.claim.kind == "slug" and is_frozen(way + "x"):
        return Decision((), Verdict.FOREIGN, "the path leads into an older edition")
    return None


def other_name(case: Case) -> Decision | None:
    """`Day36-45` looks like an id, and is the name of a folder that holds several entries."""
    name = split_suffix(case.token)[0]
    if not ranged_noun(name) or name in case.words.home_names or name not in case.words.components:
        return None
    return Decision((), Verdict.FOREIGN, "a file or folder is called so")


def other_noun(case: Case) -> Decision | None:
    """ "Checkpoint 14" counts checkpoints; a slug in its path speaks for itself."""
    if case.claim.kind != "number+name" or case.claim.noun:
        return None
    view, start = case.page.document.view, case.claim.parts[0].span.start
    line = view.rfind("\n", 0, start) + 1  # a heading "Next steps" says nothing of the table below it
    found = case.words.foreign_pattern.search(view, max(line, start - 30), start)
    if found and not {".", ";", "|"} & set(found[0]):
        return Decision((), Verdict.FOREIGN, "the number belongs to another series")
    return None
