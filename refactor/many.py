"""The verb `many`: lint many repositories, or rehearse a renaming in each, and tell of each as soon as it is known.

Writes nothing. Each repository is looked at by a process of its own, so that none can stop or change another.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from refactor import errand, parallel, pools
from refactor.errand import Errand, Told
from refactor.errors import RefactorError
from refactor.reporters._objects import dumps
from refactor.wording import count, safe

_FAILED = 2


@dataclass(frozen=True, slots=True)
class _Verb:
    """What can be done in many repositories: the words that make it print JSON, what that is called here, what it comes
    to in short ("" for nothing), what is said of a repository with nothing and of others, and what is refused."""

    words: tuple[str, ...]
    result: str
    brief: Callable[[object], str]
    clean: str
    other: str
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Report:
    """How it went in one repository: exit code, result, what it comes to in short, and remarks. Where it failed there is
    no result, and the short form is the sentence that says why."""

    repository: str
    code: int
    result: object
    brief: str
    notes: tuple[str, ...]


def many(arguments: argparse.Namespace) -> int:
    """Do what stands behind `--` in every repository: 0 if all are clean, 1 if one is not, 2 if one failed."""
    repositories = _repositories(arguments)
    verb = _asked(arguments)
    say = _say_json if arguments.output_format == "json-lines" else _say
    reports: dict[int, _Report] = {}
    for place, told in _told(repositories, verb, arguments):
        report = _report(repositories[place], verb, told)
        say(verb, report)
        reports[place] = replace(report, result=None)  # the results of thousands need not be kept
    if say is _say:
        print(_summary(verb, [reports[place] for place in sorted(reports)]))
    return max(report.code for report in reports.values())


# --- what is asked for --------------------------------------------------------------------------


def _asked(arguments: argparse.Namespace) -> _Verb:
    """What to do in each repository. Raises RefactorError for what would write."""
    name = arguments.words[0] if arguments.words else ""
    if name not in _VERBS:
        raise RefactorError("say behind `--` what to do in each repository: `lint`, or `rename` with --dry-run.")
    for one in _VERBS[name].refused:
        if getattr(arguments.command, one):
            option = "PATH" if one == "paths" else f"--{one.replace('_', '-')}"
            raise RefactorError(f"{name} in many repositories only looks, at the whole of each; leave out {option}.")
    if name == "rename" and not (arguments.command.dry_run or arguments.command.check):
        raise RefactorError("a renaming in many repositories is only rehearsed; add --dry-run.")
    return _VERBS[name]


def _repositories(arguments: argparse.Namespace) -> list[str]:
    """The folders to work in, each once, in the order in which they are given."""
    if arguments.root != Path():
        raise RefactorError("many works in the folders that it is given; leave out --root.")
    listed = _listed(arguments.repositories) if arguments.repositories else []
    found = list(dict.fromkeys((*arguments.folders, *listed)))
    if not found:
        raise RefactorError(
            "there are no repositories to work in; name folders, or a list of them with --repositories."
        )
    return found


def _listed(path: str) -> list[str]:
    """The lines of a list, without blank ones and those that begin with `#`."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise RefactorError(
            f"the list {path} cannot be read ({error.strerror}); name a file, or - for standard input."
        ) from error
    lines = (line.strip() for line in os.fsdecode(data).split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


# --- what is done -------------------------------------------------------------------------------


def _told(repositories: Sequence[str], verb: _Verb, arguments: argparse.Namespace) -> Iterator[tuple[int, Told]]:
    """How it went in each repository, by its place among them, as soon as it is done."""
    if arguments.scheduler is not None and arguments.jobs:
        raise RefactorError("the workers of a scheduler say how much is done at once; leave out --jobs.")
    # Both verbs take options alone here, so a `--` among them says nothing, and ours count since they are the last.
    words = (*(word for word in arguments.words if word != "--"), *verb.words)
    here = str(Path.cwd())
    works = [partial(errand.run, Errand((f"--root={one}", *words), here)) for one in repositories]
    jobs = arguments.jobs or parallel.processors()
    with pools.here(jobs) if arguments.scheduler is None else pools.cluster(arguments.scheduler) as submit:
        yield from parallel.as_done(works, submit, _lost)


def _lost(error: Exception) -> Told:
    why = f"{type(error).__name__}: {error}".partition("\n")[0].partition(". ")[0].rstrip(": ")
    return Told(
        _FAILED,
        "",
        f"error: nobody could carry it out ({why}); on a cluster, the logs of scheduler and workers say more.",
    )


def _report(repository: str, verb: _Verb, told: Told) -> _Report:
    """What a process told. One that did not come to its end has told nothing, whatever its exit code."""
    notes = tuple(line.removeprefix("note: ") for line in told.errors.splitlines() if line.startswith("note: "))
    try:
        result = json.loads(told.output) if told.code in {0, 1} else None
    except ValueError:
        result = None
    if result is None:
        return _Report(repository, _FAILED, None, f"error: {_error(told)}", notes)
    return _Report(repository, told.code, result, verb.brief(result), notes)


def _error(told: Told) -> str:
    _, _, sentence = f"\n{told.errors}".partition("\nerror: ")
    if sentence:
        return " ".join(sentence.split())
    if told.code < 0:
        return (
            f"signal {-told.code} stopped it as often as it was started; look for what sends it, as for want of memory."
        )
    last = told.errors.strip().rpartition("\n")[2]
    return f"it ended before it was done ({last or f'exit code {told.code}'}); run it there alone to see more."


# --- what is said -------------------------------------------------------------------------------


def _say(verb: _Verb, report: _Report) -> None:
    for note in report.notes:
        print(f"note: {safe(report.repository)}: {safe(note)}", file=sys.stderr)
    print(_line(verb, report), flush=True)


def _line(verb: _Verb, report: _Report) -> str:
    return safe(f"{report.repository}: {report.brief or verb.clean}")


def _say_json(verb: _Verb, report: _Report) -> None:
    """One object a line; either `error` or the result is null."""
    error = report.brief.removeprefix("error: ") if report.result is None else None
    told = {"repository": report.repository, "code": report.code, verb.result: report.result, "error": error}
    print(dumps({**told, "notes": report.notes}), flush=True)


def _summary(verb: _Verb, reports: Sequence[_Report]) -> str:
    """How many of each sort, and all but the clean ones once more, in the order in which they were given."""
    failed = [report for report in reports if report.code == _FAILED]
    others = [report for report in reports if report.code != _FAILED and report.brief]
    sorts = ((len(reports) - len(failed) - len(others), verb.clean), (len(others), verb.other), (len(failed), "failed"))
    said = ", ".join(f"{number} {sort}" for number, sort in sorts if number)
    total = f"{len(reports)} {'repository' if len(reports) == 1 else 'repositories'}"
    return "\n".join(("", f"{total}: {said}", *(f"  {_line(verb, report)}" for report in reports if report.brief)))


def _findings(result: object) -> str:
    """How many findings, and of which checks."""
    codes = Counter(str(one["code"]) for one in result if isinstance(one, dict)) if isinstance(result, list) else {}
    each = ", ".join(f"{number} {code}" for code, number in sorted(codes.items(), key=lambda item: (-item[1], item[0])))
    return f"{count(sum(codes.values()), 'finding')} ({each})" if codes else ""


def _plan(result: object) -> str:
    """How many edits and moves there would be, and how much would be left to a person."""
    sizes = (
        {name: len(value) for name, value in result.items() if isinstance(value, list)}
        if isinstance(result, dict)
        else {}
    )
    if not sizes.get("edits") and not sizes.get("moves"):
        return ""
    return f"{count(sizes['edits'], 'edit')}, {count(sizes['moves'], 'move')}, {sizes['left']} left"


# By name. `refused` are arguments that would write, or print something else than JSON.
_VERBS: Mapping[str, _Verb] = {
    "lint": _Verb(
        ("--output-format", "json"), "findings", _findings, "clean", "with findings",
        ("paths", "fix", "unsafe_fixes", "diff", "write_baseline", "prune_baseline", "stdin_filename", "statistics",
         "output_format"),
    ),
    "rename": _Verb(("--format", "json"), "plan", _plan, "nothing to do", "to change", ("diff", "interactive", "commit")),
}  # fmt: skip
