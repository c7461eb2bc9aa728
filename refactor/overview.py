"""What is there: the series found, its numberings in the past, the references to an entry, and settings to start from. Changes no course."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from refactor.errors import RefactorError
from refactor.explain import list_rules
from refactor.history import Epoch, Numbering, Past
from refactor.model import Entry, Reference, Series
from refactor.plan_json import place
from refactor.renaming import find_entry, find_series
from refactor.resolve import RULE_NAMES
from refactor.settings import format_place
from refactor.tree import real
from refactor.workspace import Workspace, open_tree


def show(arguments: argparse.Namespace) -> int:
    """Print the modules of the tree, its epochs, every reference to a module, or the branches that a renaming would hit."""
    if arguments.what == "rules":
        return list_rules(arguments)
    if arguments.what == "branches":
        from refactor import outlook

        return outlook.show(arguments)
    workspace = open_tree(real(arguments.root), aliases=arguments.alias)
    if arguments.what == "modules":
        chosen = (
            [find_series(workspace.catalogue, [], arguments.series)] if arguments.series else workspace.catalogue.series
        )
        print(_modules_json(chosen) if arguments.format == "json" else "\n".join(_modules(chosen, workspace)))
        return 0
    if arguments.what == "epochs":
        past = _past_of(workspace, find_series(workspace.catalogue, [], arguments.series))
        print(_epochs_json(past.epochs) if arguments.format == "json" else "\n".join(_epochs(past)))
        return 0
    series = find_series(workspace.catalogue, [arguments.entry] if arguments.entry else [], arguments.series)
    entry = find_entry(series, arguments.entry) if arguments.entry else None
    found = [one for one in workspace.references(series) if entry is None or entry.key in {e.key for e in one.targets}]
    if arguments.statistics:
        counts = Counter((one.rule, one.verdict.value) for one in found)
        print(_counts_json(counts) if arguments.format == "json" else "\n".join(_counts(counts)))
    elif arguments.format == "json":
        print(_references_json(found, workspace))
    else:
        print("\n".join(_references(found, workspace)))
    return 0


# --- modules ------------------------------------------------------------------------------------


def _modules(chosen: tuple[Series, ...] | list[Series], workspace: Workspace) -> Iterator[str]:
    if not chosen:
        yield "no numbered series found"
    for series in chosen:
        nouns = ", ".join(series.nouns)
        yield f"{series.name}: {len(series.entries)} entries (called {nouns})"
        width = max(len(entry.id) for entry in series.entries)
        for entry in series.entries:
            titles = " / ".join(entry.titles)
            tier = f"  [{entry.tier}]" if entry.tier else ""
            yield f"  {entry.number:>3}{entry.letter}  {entry.id:<{width}}  {titles}{tier}"
            yield from (f"       {' ' * width}  {home}" for home in _homes(entry, workspace))
        yield from (f"  tier {tier.name}: {tier.first:02d}-{tier.last:02d}" for tier in series.tiers)


def _homes(entry: Entry, workspace: Workspace) -> list[str]:
    """The homes, and the entry's own files in its folders; many of one kind are counted."""
    own = []
    for home in entry.homes:
        own.append(home.path + ("/" if home.place.folder else ""))
        if home.place.folder and entry.slug:
            files = workspace.tree.children(home.path)
            own += sorted(path for path in files if path.rpartition("/")[2].startswith(entry.slug))
    return own if len(own) <= 8 else [*own[:7], f"... and {len(own) - 7} more"]


def _modules_json(chosen: tuple[Series, ...] | list[Series]) -> str:
    found = [
        {"series": series.name, "nouns": series.nouns, "tiers": {t.name: [t.first, t.last] for t in series.tiers},
         "entries": [{"id": entry.id, "number": entry.number, "letter": entry.letter, "slug": entry.slug,
                      "titles": entry.titles, "tier": entry.tier, "homes": [home.path for home in entry.homes]}
                     for entry in series.entries]}
        for series in chosen
    ]  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1)


# --- references ---------------------------------------------------------------------------------


def _references(found: list[Reference], workspace: Workspace) -> Iterator[str]:
    for one in found:
        document = workspace.documents[one.path]
        where = place(document, one.claim.span)
        text = " ".join(document.text[one.claim.span.start : one.claim.span.end].split())
        target = ", ".join(entry.id for entry in one.targets[:3])
        yield f"{one.path}:{where['line']}:{where['column']}: {text}  [{one.verdict.value}: {target}] {one.because}"
    yield f"{len(found)} references"


def _references_json(found: list[Reference], workspace: Workspace) -> str:
    rows = [
        {"path": one.path, **place(workspace.documents[one.path], one.claim.span), "kind": one.claim.kind,
         "verdict": one.verdict.value, "targets": [entry.id for entry in one.targets], "because": one.because}
        for one in found
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _counts(counts: Counter[tuple[str, str]]) -> Iterator[str]:
    """A line a rule, strongest first: how many mentions it decided, and how."""
    width = max(map(len, RULE_NAMES))
    for rule in RULE_NAMES:
        decided = {verdict: count for (name, verdict), count in sorted(counts.items()) if name == rule}
        if decided:
            listed = ", ".join(f"{count} {verdict}" for verdict, count in decided.items())
            yield f"{rule:<{width}}  {sum(decided.values()):>6}  {listed}"
    yield f"{'all':<{width}}  {counts.total():>6}"


def _counts_json(counts: Counter[tuple[str, str]]) -> str:
    rows = [
        {"rule": rule, "verdict": verdict, "references": count} for (rule, verdict), count in sorted(counts.items())
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


# --- epochs -------------------------------------------------------------------------------------


def _past_of(workspace: Workspace, series: Series) -> Past:
    past = workspace.past(series)
    if past is None:
        raise RefactorError(f"{workspace.root} has no git history; epochs are read from its commits.")
    return past


def _epochs(past: Past) -> Iterator[str]:
    """Every numbering, and how it differs from the one before: what moved, came and went."""
    before: Numbering = {}
    for count, one in enumerate(past.epochs):
        days = one.first[1] if one.first[1] == one.last[1] else f"{one.first[1]} to {one.last[1]}"
        yield f"E{count}  {days}  {one.first[0][:7]}..{one.last[0][:7]}  {len(one.names)} numbers"
        yield from (f"      {line}" for line in (_changes(past, before, one.names) if count else [_listed(one.names)]))
        before = one.names


def _listed(names: Numbering) -> str:
    return " ".join(f"{number:02d}_{slug}" for number in sorted(names) for slug in sorted(names[number]))


def _changes(past: Past, before: Numbering, after: Numbering) -> Iterator[str]:
    old = {slug: number for number in before for slug in before[number]}
    new = {slug: number for number in after for slug in after[number]}
    came, went = [slug for slug in new if slug not in old], [slug for slug in old if slug not in new]
    called = {slug: later for slug in went if (later := past.called_later(slug, came))}
    moved = [f"{slug} {old[slug]:02d} -> {new[slug]:02d}" for slug in old if new.get(slug, old[slug]) != old[slug]]
    renamed = [f"{old[slug]:02d}_{slug} -> {new[later]:02d}_{later}" for slug, later in called.items()]
    gone = [f"{old[slug]:02d}_{slug}" for slug in went if slug not in called]
    fresh = [f"{new[slug]:02d}_{slug}" for slug in came if slug not in called.values()]
    for what, listed in (("moved", moved), ("renamed", renamed), ("came", fresh), ("went", gone)):
        if listed:
            yield f"{what}: {', '.join(listed)}"


def _epochs_json(found: tuple[Epoch, ...]) -> str:
    rows = [
        {"epoch": count, "first": {"commit": one.first[0], "day": one.first[1]},
         "last": {"commit": one.last[0], "day": one.last[1]},
         "entries": [{"number": number, "slug": slug} for number in sorted(one.names) for slug in sorted(one.names[number])]}
        for count, one in enumerate(found)
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1)


# --- settings to start from ---------------------------------------------------------------------


def write_settings(arguments: argparse.Namespace) -> int:
    """Write what was discovered to refactor.toml, ready to be corrected."""
    root: Path = real(arguments.root)
    target = root / "refactor.toml"
    if target.exists() and not arguments.force:
        raise RefactorError(f"{target.name} is there already; edit it, or replace it with init --force.")
    workspace = open_tree(root)
    target.write_text("\n".join(_settings(workspace)) + "\n", encoding="utf-8")
    print(f"wrote {target.name}: {len(workspace.catalogue.series)} series; what is right as it is may be deleted")
    return 0


def _settings(workspace: Workspace) -> Iterator[str]:
    yield "# What renumber found here. Correct what is wrong; what is right may be deleted."
    yield f"foreign = {_list(workspace.catalogue.foreign)}  # nouns of other numberings"
    yield f"commands = {_list(workspace.catalogue.commands)}  # commands of this repository that take an entry"
    for series in workspace.catalogue.series[:1]:
        yield f"\n[series.{series.name}]"
        yield f"nouns = {_list(series.nouns)}"
        yield "places = ["
        yield from (f"    {json.dumps(format_place(one))}," for one in series.places if one.scope.value == "live")
        yield "]"
        if series.tiers:
            yield f"\n[series.{series.name}.tiers]"
            yield from (f'{json.dumps(t.name)} = "{t.first:02d}-{t.last:02d}"' for t in series.tiers)


def _list(words: tuple[str, ...]) -> str:
    return json.dumps(list(words), ensure_ascii=False)
