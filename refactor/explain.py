"""What a check or rule does, why, and on which examples: told, listed, and tried on the examples.

Prints pages made from the records of checks and rules; judges no tree but the small ones of the examples.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches, unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from refactor import plugins, rulepack, settings
from refactor.errors import RefactorError
from refactor.explain_text import Page, Shown, as_markdown, as_text, plain, reference
from refactor.lint import SAFE, UNSAFE, Check, edits_of
from refactor.model import Document, Edit, Finding, Format, Series
from refactor.rulepack import Example, Rule, RulePack
from refactor.spans import encode, splice
from refactor.suppress import INVALID, UNUSED
from refactor.tree import Formats
from refactor.workspace import open_tree

_BY_HAND = "None: what is right here is for a person to decide."
_APPLIED = {SAFE: "`lint --fix` applies it.", UNSAFE: "only `lint --fix --unsafe-fixes` applies it."}

# Findings of the linter itself, which come from no check.
_ITS_OWN = (
    Page(
        INVALID, "error, always on", "A suppression names an unknown check or is written wrong, so it suppresses nothing.",
        "Whoever wrote it believes that something is silenced.", (), (), _BY_HAND,
    ),
    Page(
        rulepack.TIMEOUT, "error, always on", f"A rule took more than {rulepack.LIMIT:g} second for one file and was stopped there.",
        "What such a rule would have found in the file is not known; the other rules ran.", (), (),
        "None: make the pattern of the rule simpler, without repetitions inside repetitions.",
    ),
    Page(
        UNUSED, "warning, always on", "A suppression suppresses nothing: the finding it was written for is gone.",
        "Left in place, it would silence the next mistake on its line.", (), (), "None: delete the comment.",
    ),
)  # fmt: skip


# --- the verbs ----------------------------------------------------------------------------------


def explain(arguments: argparse.Namespace) -> int:
    """Print the page of one check or rule, or of all. Raises RefactorError for one that is not known."""
    checks, packs = built_in(), packs_in_use(arguments.root, arguments.rules)
    if arguments.all:
        pages = [*map(_page_of_check, checks.values()), *_ITS_OWN]
        pages += [_page_of_rule(rule) for pack in packs for rule in pack.rules]
        print(reference(pages) if arguments.format == "markdown" else "\n".join(map(as_text, pages)), end="")
        return 0
    if not arguments.rule:
        raise RefactorError("name a check or rule to be explained, or use --all.")
    page = _page_of(arguments.rule, checks, packs)
    print(as_markdown(page) if arguments.format == "markdown" else as_text(page), end="")
    return 0


def rules_test(arguments: argparse.Namespace) -> int:
    """Run the examples of rule packs: those named, or those of the tree, or the shipped ones. 1 if one fails."""
    packs = [rulepack.read(file) for path in arguments.paths for file in rulepack.files_in(path)]
    packs = packs or packs_in_use(arguments.root, arguments.rules) or shipped_packs()
    formats = _formats()
    failed = 0
    for pack in packs:
        failures = [failure for rule in pack.rules for failure in failures_of(rule, formats)]
        failed += len(failures)
        print("\n".join([*failures, _summary(pack, len(failures))]))
    return 1 if failed else 0


def list_rules(arguments: argparse.Namespace) -> int:
    """Print every built-in check, and every rule of the packs in use."""
    checks = list(built_in().values())
    packs = packs_in_use(arguments.root, arguments.rules)
    rows = [(check.name, check.severity, "built-in", check.default, check.summary) for check in checks]
    rows += [(page.name, page.facts.partition(",")[0], "built-in", True, page.does) for page in _ITS_OWN]
    rows += [(one.id, one.severity, pack.path.name, True, plain(one.name)) for pack in packs for one in pack.rules]
    if arguments.format == "json":
        keys = ("id", "severity", "source", "default", "summary")
        print(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
        return 0
    width = max(len(row[0]) for row in rows)
    for name, severity, source, default, summary in rows:
        note = "" if default else " (off by default)"
        print(f"{name:<{width}}  {severity:<7}  {summary}{note}" + ("" if source == "built-in" else f"  [{source}]"))
    return 0


def built_in() -> dict[str, Check]:
    """The built-in checks by name, sorted."""
    found = plugins.load("refactor.checks", "CHECK", Check).values()
    return {check.name: check for check in sorted(found, key=lambda check: check.name)}


def packs_in_use(root: Path, named: list[str]) -> list[RulePack]:
    """The packs that the settings of a tree name, and those named besides."""
    return rulepack.packs_of(root, [*settings.read(root).rules, *named])


def shipped_packs() -> list[RulePack]:
    """All packs that come with renumber."""
    return [rulepack.read(path) for path in sorted(rulepack.shipped().glob("*.yaml"))]


def _formats() -> Formats:
    return Formats.of(tuple(plugins.load("refactor.formats", "FORMAT", Format).values()))


def _page_of(name: str, checks: Mapping[str, Check], packs: list[RulePack]) -> Page:
    if name in checks:
        return _page_of_check(checks[name])
    own = {page.name: page for page in _ITS_OWN}
    if name in own:
        return own[name]
    rules = {rule.id: rule for pack in (*shipped_packs(), *packs) for rule in pack.rules}
    if name in rules:
        return _page_of_rule(rules[name])
    known = [*checks, *own, *rules]
    nearest = get_close_matches(name, known, n=3) or known
    raise RefactorError(f"there is no check or rule {name!r}; the nearest names are {', '.join(nearest)}.")


# --- examples of rules --------------------------------------------------------------------------


def failures_of(rule: Rule, formats: Formats) -> Iterator[str]:
    """Yield one line for every example of a rule that does not do what it says, with its place in the pack."""
    covers = rulepack.covering(rule)
    for number, example in enumerate(rule.valid, start=1):
        for finding in _found(rule, example, formats) if covers(example.path) else ():
            hit = example.text[finding.span.start : finding.span.end]
            yield f"{example.where}: {rule.id}: valid example {number} is reported for {hit!r}"
    for number, example in enumerate(rule.invalid, start=1):
        problem = _problem(rule, example, formats) if covers(example.path) else f"is not looked at in {example.path}"
        if problem:
            yield f"{example.where}: {rule.id}: invalid example {number} {problem}"


def _problem(rule: Rule, example: Example, formats: Formats) -> str:
    found = _found(rule, example, formats)
    if not found:
        return "is not reported"
    mended = _mended(example.text, edits_of(found, unsafe=True))
    if example.fixed is not None and mended != example.fixed:
        return f"becomes {mended!r}, not {example.fixed!r}"
    again = rule.fix is not None and _found(rule, Example(mended, example.path, None, ""), formats)
    return f"is still reported once it is mended to {mended!r}" if again else ""


def _found(rule: Rule, example: Example, formats: Formats) -> list[Finding]:
    document = Document(example.path, encode(example.text), formats.of_file(example.path))
    try:
        return rulepack.find_in(rule, document, rulepack.searchable(document))
    except (TimeoutError, MemoryError) as error:
        raise RefactorError(
            f"{example.where}: the rule {rule.id!r} takes too long: make its pattern simpler."
        ) from error


def _mended(text: str, edits: list[Edit]) -> str:
    return splice(text, ((edit.span, edit.old, edit.new) for edit in edits))


def _summary(pack: RulePack, failures: int) -> str:
    examples = sum(len(rule.valid) + len(rule.invalid) for rule in pack.rules)
    untested = [rule.id for rule in pack.rules if not (rule.valid and rule.invalid)]
    lacking = f"; too few examples: {', '.join(untested)}" if untested else ""
    outcome = f"{failures} failed" if failures else "all as they should be"
    return f"{pack.path}: {len(pack.rules)} rules, {examples} examples, {outcome}{lacking}"


# --- pages --------------------------------------------------------------------------------------


def _page_of_rule(rule: Rule) -> Page:
    formats = _formats()
    bad = []
    for example in rule.invalid:
        mended = _mended(example.text, edits_of(_found(rule, example, formats), unsafe=True))
        bad.append(Shown({example.path: example.text}, changes=_changes(example.text, mended)))
    good = [Shown({example.path: example.text}) for example in rule.valid]
    fix = _BY_HAND if rule.fix is None else f"{rule.applicability.capitalize()}: {_APPLIED[rule.applicability]}"
    source = f"rule of {Path(rule.where.partition(':')[0]).name}"
    return Page(rule.id, ", ".join(filter(None, (rule.severity, source, rule.url))), rule.name, rule.why,
                tuple(bad), tuple(good), fix)  # fmt: skip


def _page_of_check(check: Check) -> Page:
    trees = [*check.good, *check.bad]
    common = frozenset.intersection(*(frozenset(tree.items()) for tree in trees)) if len(trees) > 1 else frozenset()
    around = tuple(sorted(path for path, _ in common))
    tried = [_tried(check, tree) for tree in check.bad]
    bad = [_shown(_example(tree, around), *outcome) for tree, outcome in zip(check.bad, tried, strict=True)]
    good = [_example(tree, around) for tree in check.good]
    fixes = sorted({finding.fix.applicability for findings, _ in tried for finding in findings if finding.fix})
    fix = " ".join(f"{one.capitalize()}: {_APPLIED[one]}" for one in fixes) or _BY_HAND
    facts = f"{check.severity}, {'on' if check.default else 'off'} by default"
    return Page(check.name, facts, check.summary, check.why, tuple(bad), tuple(good), fix)


def _example(tree: Mapping[str, str], around: tuple[str, ...]) -> Shown:
    """The files that make an example what it is, and those that only stand around; all are shown if there is no other."""
    own = {path: text for path, text in tree.items() if path not in around}
    return Shown(own, around) if own else Shown(tree)


def _shown(example: Shown, findings: list[Finding], documents: Mapping[str, Document]) -> Shown:
    edits = edits_of(findings, unsafe=True)
    changes: list[str] = []
    for path in sorted({edit.path for edit in edits}):
        text = documents[path].text
        changes += _changes(text, _mended(text, [edit for edit in edits if edit.path == path]))
    reports = tuple(dict.fromkeys(finding.message for finding in findings))
    return replace(example, reports=reports, changes=tuple(changes))


def _changes(before: str, after: str) -> tuple[str, ...]:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return tuple(f"{line[0]} {line[1:]}" for line in lines if not line.startswith(("---", "+++", "@@")))


def _tried(check: Check, tree: Mapping[str, str]) -> tuple[list[Finding], Mapping[str, Document]]:
    """What a check finds in an example, which is written to a folder of its own for that."""
    with TemporaryDirectory(prefix="renumber-") as folder:
        for path, text in tree.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(encode(text))
        workspace = open_tree(Path(folder))
        every = workspace.catalogue.series or (Series("", (), ()),)
        found = {finding for series in every for finding in check.find(workspace.view(series))}
        return sorted(found), workspace.documents
