"""Rule packs: declarative checks in YAML, read with the place of every mistake and turned into lint checks.

A pack is data of other people: its patterns run under a timeout, and nothing in it is ever executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from refactor import patterns, yamlfile
from refactor.errors import RefactorError
from refactor.lint import ERROR, INFO, SAFE, UNSAFE, WARNING, Check, View, at
from refactor.marks import KeyPath, words
from refactor.model import Document, Edit, Finding, Fix, ZoneKind
from refactor.outside import describes_past
from refactor.places import is_frozen
from refactor.spans import Span
from refactor.tables import Table, outside, suggestion
from refactor.tree import matcher, real

if TYPE_CHECKING:
    from regex import Match, Pattern

LARGEST = 1_000_000  # bytes of a pack
LIMIT = 1.0  # seconds that a rule may take for one file
MOST_TIMEOUTS = 3  # files after which a rule that is too slow is given up
TIMEOUT = "rule-timeout"

KEYS = ("rules",)
RULE_KEYS = (
    "id", "name", "message", "why", "severity", "zones", "include", "exclude", "pattern", "terms", "exceptions",
    "fix", "applicability", "url", "tests",
)  # fmt: skip
VALID_KEYS = ("path", "text")
INVALID_KEYS = ("path", "text", "fix")
EXAMPLE_PATH = "example.md"

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_AROUND = 200  # code points on either side of a hit in which an exception may stand

# Text that speaks to the linter; it names rules, and no rule may object to its own name.
_SPEECH = r"refactor(?::[ \t]*|-)(?:ignore|disable|enable)\b"
_SUPPRESSION = re.compile(rf"<!--\s*{_SPEECH}(?:(?!-->).)*|{_SPEECH}[^\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must or must not report, and what the fix makes of it; `where` is its place in the pack."""

    text: str
    path: str
    fixed: str | None
    where: str


@dataclass(frozen=True, eq=False, slots=True)
class Rule:
    """One rule of a pack, ready to run. No zones means all of them, no `include` every file."""

    id: str
    name: str
    message: str
    why: str
    severity: str
    zones: frozenset[ZoneKind]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    pattern: Pattern[str]
    exceptions: tuple[Pattern[str], ...]
    fix: str | None
    applicability: str
    url: str
    valid: tuple[Example, ...]
    invalid: tuple[Example, ...]
    where: str


@dataclass(frozen=True, eq=False, slots=True)
class RulePack:
    """The rules of one file."""

    path: Path
    rules: tuple[Rule, ...]


# --- finding ------------------------------------------------------------------------------------


def shipped() -> Path:
    """The folder of the packs that come with renumber: inside the wheel, or at the top of a checkout."""
    inside = Path(__file__).parent / "_rules"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "rules"


def packs_of(root: Path, names: Iterable[str]) -> list[RulePack]:
    """Read the packs that settings or arguments name: shipped ones by name, others as a folder or file of the tree.

    Raises RefactorError for a name that leads to none, or out of the tree.
    """
    return [read(path) for path in paths_of(root, names)]


def paths_of(root: Path, names: Iterable[str]) -> list[Path]:
    """The files of the packs that settings or arguments name, each once. Raises RefactorError as `packs_of` does."""
    paths = (path for name in names for path in _files(root.resolve(), name))
    return list(dict.fromkeys(paths))


def files_in(path: Path) -> list[Path]:
    """The packs that a path stands for: itself, or the YAML files directly in it, sorted. Raises RefactorError."""
    if path.is_file():
        return [path]
    found = sorted(file for file in path.glob("*") if file.suffix in {".yaml", ".yml"}) if path.is_dir() else []
    if not found:
        raise RefactorError(f"there is no rule pack at {path}: name a YAML file, or a folder that holds some.")
    return found


def _files(root: Path, name: str) -> Iterator[Path]:
    ours = {path.stem: path for path in shipped().glob("*.yaml")}
    if name in ours:
        yield ours[name]
        return
    if outside(name):
        raise RefactorError(f"the rule pack {name!r} {outside(name)}: name a folder of the tree, or a shipped pack.")
    if not (root / name).exists():
        raise RefactorError(f"there is no folder or rule pack {name!r}: {suggestion(name, ours)}")
    for path in files_in(root / name):
        if not real(path).is_relative_to(root):
            raise RefactorError(f"{path} is a link that leads out of the tree: put the rule pack itself there.")
        yield path


# --- reading ------------------------------------------------------------------------------------


def read(path: Path) -> RulePack:
    """Read a pack. Every mistake is a RefactorError with its file, line and column."""
    file = yamlfile.read(path, largest=LARGEST)
    top = Table.of(words(file.value), (), file.fault)
    top.refuse_unknown(KEYS)
    values = top.values.get("rules")
    if not isinstance(values, list) or not values:
        raise file.fault(("rules",), "the pack has no list of rules", "write 'rules:', and each rule below with a dash")
    found: dict[str, Rule] = {}
    for position, value in enumerate(values):
        if not isinstance(value, dict):
            raise file.fault(("rules", position), f"rule {position + 1} is no table", "write keys with their values")
        rule = _rule(file, Table.of(value, ("rules", position), file.fault))
        if rule.id in found:
            problem = f"the id {rule.id!r} stands twice, first at {found[rule.id].where}"
            raise file.fault(("rules", position, "id"), problem, "give one another id")
        found[rule.id] = rule
    return RulePack(path, tuple(found.values()))


def _rule(file: yamlfile.YamlFile, table: Table) -> Rule:
    table.refuse_unknown(RULE_KEYS)
    id_, message = _needed(table, "id"), _needed(table, "message")
    if not _ID.fullmatch(id_) or id_ == TIMEOUT:
        raise table.fault((*table.path, "id"), f"{id_!r} is no id", "write small words joined by '-', as in old-name")
    pattern = _pattern(table)
    tests = table.table("tests")
    tests.refuse_unknown(("valid", "invalid"))
    return Rule(
        id=id_,
        name=table.text("name") or message,
        message=message,
        why=table.text("why") or message,
        severity=_choice(table, "severity", table.text("severity") or WARNING, (ERROR, WARNING, INFO)),
        zones=frozenset(ZoneKind(_choice(table, "zones", zone, [*ZoneKind])) for zone in table.texts("zones")),
        include=_globs(table, "include"),
        exclude=_globs(table, "exclude"),
        pattern=pattern,
        exceptions=_exceptions(table),
        fix=_fix(table, pattern),
        applicability=_choice(table, "applicability", table.text("applicability") or UNSAFE, (SAFE, UNSAFE)),
        url=table.text("url") or "",
        valid=tuple(_examples(file, tests, "valid", VALID_KEYS)),
        invalid=tuple(_examples(file, tests, "invalid", INVALID_KEYS)),
        where=file.where(table.path),
    )


def _needed(table: Table, key: str) -> str:
    found = table.text(key)
    if found is None:
        raise table.fault(table.path, f"the rule has no {key!r}", "add it")
    return found


def _choice(table: Table, key: str, word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise table.fault((*table.path, key), f"{word!r} is unknown in {key!r}", suggestion(word, map(str, known)))
    return word


def _globs(table: Table, key: str) -> tuple[str, ...]:
    globs = table.globs(key)
    try:
        matcher(globs)
    except RefactorError as error:
        raise table.fault((*table.path, key), f"{key!r} has a malformed glob", str(error)) from error
    return globs


def _examples(file: yamlfile.YamlFile, tests: Table, key: str, keys: Sequence[str]) -> Iterator[Example]:
    values = tests.values.get(key) or []
    if not isinstance(values, list):
        raise tests.fault((*tests.path, key), f"{key!r} must be a list", "start each example with a dash")
    for position, value in enumerate(values):
        way: KeyPath = (*tests.path, key, position)
        table = Table.of({"text": value} if isinstance(value, str) else value, way, tests.fault)
        table.refuse_unknown(keys)
        text, path = table.text("text"), table.text("path") or EXAMPLE_PATH
        if text is None:
            raise tests.fault(way, "the example has no 'text'", "write a text, or {path: ..., text: ...}")
        if problem := outside(path):
            raise tests.fault((*way, "path"), f"{path!r} {problem}", "name it from the root downwards")
        yield Example(text, path, table.text("fix"), file.where(way))


# --- patterns -----------------------------------------------------------------------------------


def _pattern(table: Table) -> Pattern[str]:
    if ("pattern" in table.values) == ("terms" in table.values):
        raise table.fault(table.path, "a rule has either 'pattern' or 'terms'", "write one of them")
    if written := table.text("pattern"):
        return _compiled(table, "pattern", written)
    terms = table.texts("terms")
    if not terms:
        raise table.fault((*table.path, "terms"), "'terms' is empty", "write the terms to be found")
    return _compiled(table, "terms", "|".join(map(patterns.term, terms)))


def _exceptions(table: Table) -> tuple[Pattern[str], ...]:
    """Each exception as the pattern it is, and as the text it may be."""
    both = dict.fromkeys(form for one in table.texts("exceptions") for form in (one, patterns.term(one)))
    return tuple(_compiled(table, "exceptions", one) for one in both)


def _compiled(table: Table, key: str, written: str) -> Pattern[str]:
    try:
        return patterns.compiled(written, LIMIT)
    except patterns.BadPatternError as error:
        raise table.fault((*table.path, key), f"{error.problem} in {key!r}", error.advice) from error


def _fix(table: Table, pattern: Pattern[str]) -> str | None:
    written = table.values.get("fix")
    if written is None:
        if "applicability" in table.values:
            raise table.fault((*table.path, "applicability"), "'applicability' without 'fix'", "add the fix")
        return None
    if not isinstance(written, str):
        raise table.fault((*table.path, "fix"), "'fix' must be a text", "write the replacement")
    if number := re.search(r"\\(\d+)", written):
        raise table.fault((*table.path, "fix"), f"'fix' holds {number[0]}", rf"write \g<{number[1]}>")
    for name in patterns.groups_in(written):
        if not patterns.has_group(pattern, name):
            raise table.fault((*table.path, "fix"), f"the pattern has no group {name!r}", "name it as (?<name>...)")
    return written


# --- running ------------------------------------------------------------------------------------


def as_checks(
    packs: Iterable[RulePack], *, frozen: Sequence[str] = (), taken: Iterable[str] = (), limit: float = LIMIT
) -> list[Check]:
    """Turn every rule into a check. `frozen` are globs of files that keep their own numbers, `taken` ids of others.

    `limit` is in seconds, for one rule on one file. Raises RefactorError for an id that is taken.
    """
    packs = list(packs)
    places = dict.fromkeys(taken, "a built-in check")
    for rule in (rule for pack in packs for rule in pack.rules):
        if rule.id in places:
            raise RefactorError(f"{rule.where}: the id {rule.id!r} is taken by {places[rule.id]}: give it another id.")
        places[rule.id] = rule.where
    is_kept = matcher(frozen)
    files = {real(path) for path in (*shipped().glob("*.yaml"), *(pack.path for pack in packs))}

    @lru_cache(maxsize=1)  # all rules of a run look at the same texts
    def texts(view: View) -> tuple[tuple[Document, str], ...]:
        root = view.tree.root.resolve()

        def is_past(path: str) -> bool:
            return describes_past(path) or view.is_history(path) or is_frozen(path) or is_kept(path)

        looked_at = (one for path, one in view.asked.items() if not is_past(path) and root / path not in files)
        return tuple((document, searchable(document)) for document in looked_at)

    return [_check(rule, texts, limit) for pack in packs for rule in pack.rules]


def _check(rule: Rule, texts: Callable[[View], Iterable[tuple[Document, str]]], limit: float) -> Check:
    covers = covering(rule)

    def find(view: View) -> Iterator[Finding]:
        slow = 0
        for document, text in texts(view):
            if not covers(document.path):
                continue
            try:
                yield from find_in(rule, document, text, limit)
            except (TimeoutError, MemoryError):
                slow += 1
                yield _too_slow(rule, document.path, given_up=slow == MOST_TIMEOUTS)
                if slow == MOST_TIMEOUTS:
                    return

    good, bad = ([{one.path: one.text} for one in examples] for examples in (rule.valid, rule.invalid))
    return Check(rule.id, rule.name, rule.why, find, tuple(good), tuple(bad), rule.severity)


def _too_slow(rule: Rule, path: str, *, given_up: bool) -> Finding:
    rest = "; it was not tried on further files" if given_up else ""
    message = f"the rule {rule.id} took too long here{rest}: make its pattern simpler"
    return at(TIMEOUT, path, Span(0, 0), message, f"rule {rule.id}", severity=ERROR)


def covering(rule: Rule) -> Callable[[str], bool]:
    """Make a test for the paths that a rule looks at."""
    is_included, is_excluded = matcher(rule.include), matcher(rule.exclude)
    return lambda path: (not rule.include or is_included(path)) and not is_excluded(path)


def searchable(document: Document) -> str:
    """The view of a document in which suppression comments are filled, so that no rule fires in one."""
    text = document.view
    if "refactor" not in text:
        return text
    # The filler is no blank, or a pattern might match across it.
    return _SUPPRESSION.sub(lambda comment: "\0" * len(comment[0]), text)


def find_in(rule: Rule, document: Document, text: str, limit: float = LIMIT) -> list[Finding]:
    """What a rule finds in the searchable text of a document, whatever its path.

    Raises TimeoutError after `limit` seconds.
    """
    hits = rule.pattern.finditer(text, timeout=limit)
    return [_finding(rule, hit, document) for hit in hits if hit[0] and _counts(rule, hit, document, limit)]


def _counts(rule: Rule, hit: Match[str], document: Document, limit: float) -> bool:
    """Tell whether a hit stands in a zone of the rule, and no exception matches across it."""
    if rule.zones and document.zone_at(hit.start()).kind not in rule.zones:
        return False
    span = Span(hit.start(), hit.end())
    first, last = max(span.start - _AROUND, 0), span.end + _AROUND
    around = (one.finditer(document.view, first, last, timeout=limit) for one in rule.exceptions)
    return not any(span.touches(Span(found.start(), found.end())) for matches in around for found in matches)


def _finding(rule: Rule, hit: Match[str], document: Document) -> Finding:
    span = Span(hit.start(), hit.end())
    fix = _mended(rule, hit, document, span)
    return at(rule.id, document.path, span, rule.message, f"rule {rule.id}", severity=rule.severity, fix=fix)


def _mended(rule: Rule, hit: Match[str], document: Document, span: Span) -> Fix | None:
    if rule.fix is None:
        return None
    new = patterns.filled_in(rule.fix, hit)
    old = document.text[span.start : span.end]
    # Where syntax is blanked out of the view, a text that has some in it, or brings some, is not ours to write.
    is_escaped = document.view is not document.text and (old != hit[0] or set(new) & set('"\\\n') - set(old))
    if new == old or is_escaped:
        return None
    edit = Edit(document.path, span, old, new, f"rule {rule.id}", "rule")
    return Fix(rule.applicability, f"Replace it with {new!r}" if new else "Remove it", (edit,))
