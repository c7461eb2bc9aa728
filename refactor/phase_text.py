"""What a restructure plan did, for people and programs: progress lines, the final report as text, Markdown, HTML and JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from refactor import git
from refactor.errors import RefactorError
from refactor.model import Left
from refactor.phases import Phase, Script
from refactor.restructure import Result, Stage
from refactor.spans import decode
from refactor.wording import count, safe

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Report:
    """A run of a plan: what became of its phases, and what of the renaming fell to no step."""

    script: Script
    results: tuple[Result, ...]
    forgotten: tuple[str, ...]
    root: Path
    start: str


# --- on the way ---------------------------------------------------------------------------------


def opening(script: Script, chosen: Sequence[Phase], done: Iterable[str]) -> str:
    """Say what will be done, and what is done already."""
    known = [phase.slug for phase in script.phases if phase.slug in set(done)]
    before = f" ({count(len(known), 'phase')} done before: {', '.join(known)})" if known else ""
    what = count(len(chosen), "phase") if chosen else "nothing left to do"
    return f"plan {script.plan.name}: {what}{before}"


def commands(chosen: Sequence[Phase], *, run: bool) -> str:
    """List the programs that `apply` runs, before it does, or that a dry run leaves out."""
    lines = [f"  {phase.slug}: {_command(call.values.get('command'))}" for phase in chosen
             for call in (*phase.calls, *phase.verify) if call.step.name == "run"]  # fmt: skip
    head = "these programs will run, in a scratch copy of the tree:" if run else "these programs are not run now:"
    return "\n".join([head, *lines]) if lines else ""


def _command(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def beginning(phase: Phase, total: int) -> str:
    """The line before a phase."""
    return f"[{phase.number}/{total}] {phase.slug}: {safe(phase.title)}"


def ending(result: Result, *, done: bool) -> str:
    """The line after a phase."""
    if not result.commits:
        return f"       {_checked(result) or 'nothing to do'}, {result.seconds:.1f} s"
    verb = "" if done else "would be "
    parts = [count(len(result.commits), "commit"), f"{count(result.edits, 'edit')} in {count(result.files, 'file')}",
             count(len(result.moves), "move"), f"{len(result.left)} left", _checked(result)]  # fmt: skip
    return f"       {verb}{', '.join(filter(None, parts))}, {result.seconds:.1f} s"


def _checked(result: Result) -> str:
    return f"{count(len(result.checks), 'check')} held" if result.checks else ""


def diff(result: Result, top: Path) -> str:
    """What a phase would change, as git shows it."""
    if not result.commits:
        return ""
    output = git.run(
        top, "diff", "--find-renames", "--no-color", "--no-ext-diff", "--no-textconv", result.base, result.tip
    )
    head = f"\n=== phase {result.phase.number} {result.phase.slug} ===\n"
    return head + output.decode("utf-8", "replace")


def report(stage: Stage, results: Sequence[Result], start: str) -> Report:
    """What there is to report of a run. Of what was left, only what no later step has written anew."""
    standing = tuple(replace(one, left=tuple(_standing(stage, one.left))) for one in results)
    return Report(stage.script, standing, _forgotten(stage), stage.root, start)


def _standing(stage: Stage, left: Iterable[Left]) -> Iterable[Left]:
    """What of that which phases left still stands in the scratch tree."""
    if not stage.is_measured:
        return left
    measured, lines = stage.measured(), cache(partial(_lines, stage.rehearsal.root))
    return (one for one in left if measured.stands(one, lines(one.path)))


def _lines(root: Path, path: str) -> frozenset[str]:
    """The lines of a file without the blanks around them; none if it is not there."""
    file = root / path
    return frozenset(line.strip() for line in decode(file.read_bytes()).split("\n")) if file.is_file() else frozenset()


def _forgotten(stage: Stage) -> tuple[str, ...]:
    """What of the renaming no step of the plan does."""
    if not stage.is_measured:
        return ()
    moves, edits = stage.measured().forgotten()
    paths = {edit.path: 0 for edit in edits}
    for edit in edits:
        paths[edit.path] += 1
    return (*(f"move {move.old} -> {move.new}" for move in moves),
            *(f"{path}: {count(number, 'edit')}" for path, number in paths.items()))  # fmt: skip


# --- at the end ---------------------------------------------------------------------------------


def closing(report: Report, *, done: bool) -> str:
    """The final report for a terminal."""
    lines = ["", *_left_lines(report), *_forgotten_lines(report), *(_review(report) if done else ())]
    return "\n".join(lines) + "\n" if len(lines) > 1 else ""


def _left_lines(report: Report) -> Iterator[str]:
    left = [(result.phase.slug, one) for result in report.results for one in result.left]
    if left:
        yield f"left for a person: {len(left)}"
        yield from (f"  {phase}: {_left(one)}" for phase, one in left[:_LISTED])
        if len(left) > _LISTED:
            yield f"  ... and {len(left) - _LISTED} more; --report FILE.md has all"


def _left(one: Left) -> str:
    text = safe(" ".join(one.text.split()))[:80]
    return f"{safe(one.path)}  {text!r}: {safe(one.reason)}" if text else f"{safe(one.path)}: {safe(one.reason)}"


def _forgotten_lines(report: Report) -> Iterator[str]:
    if report.forgotten:
        yield "the renaming also asks for this, but no step 'rename' does it:"
        yield from (f"  {safe(line)}" for line in report.forgotten[:_LISTED])


def _review(report: Report) -> Iterator[str]:
    made = [result for result in report.results if result.commits]
    if not made:
        return
    plan = report.script.plan.path
    yield "review:"
    yield from (f"  git log --stat {one.base[:12]}..{one.tip[:12]}    # {one.phase.slug}" for one in made)
    yield "take back:"
    yield f"  python -m refactor undo {plan} --phase {made[-1].phase.slug}"
    yield f"  python -m refactor undo {plan} --all"


def as_json(report: Report) -> str:
    """The final report for programs: version 1."""
    return json.dumps({"version": 1, "plan": report.script.plan.name, "start": report.start,
                       "phases": [_object(result) for result in report.results],
                       "forgotten": list(report.forgotten)}, indent=2)  # fmt: skip


def _object(result: Result) -> Mapping[str, object]:
    return {
        "phase": result.phase.slug, "number": result.phase.number, "title": result.phase.title,
        "base": result.base, "tip": result.tip, "commits": list(result.commits),
        "edits": result.edits, "files": result.files,
        "moves": [{"from": move.old, "to": move.new} for move in result.moves],
        "left": [{"path": one.path, "text": one.text, "kind": one.kind, "verdict": one.verdict.value,
                  "target": one.target, "reason": one.reason} for one in result.left],
        "checks": [{"what": one.what, "seconds": round(one.seconds, 2)} for one in result.checks],
        "seconds": round(result.seconds, 2),
    }  # fmt: skip


def write(report: Report, path: Path) -> None:
    """Write the final report to a file, as Markdown or HTML by its suffix."""
    makers = {".md": _markdown, ".html": _html}
    path.write_text(makers[path.suffix](report), encoding="utf-8")


def refuse_report(path: Path | None) -> None:
    """Raise a RefactorError if no report could be written to a path."""
    if path and path.suffix not in {".md", ".html"}:
        raise RefactorError(f"--report {path}: name a file that ends in .md or .html.")


def _rows(report: Report) -> list[tuple[str, ...]]:
    return [
        (str(one.phase.number), one.phase.title, str(len(one.commits)), str(one.edits), str(one.files),
         str(len(one.moves)), str(len(one.left)), str(len(one.checks)), f"{one.seconds:.1f}")
        for one in report.results
    ]  # fmt: skip


_HEAD = ("phase", "title", "commits", "edits", "files", "moves", "left", "checks", "seconds")


def _markdown(report: Report) -> str:
    rows = [_HEAD, ("---",) * len(_HEAD), *_rows(report)]
    lines = [f"# Plan {report.script.plan.name}", "", *("| " + " | ".join(map(_cell, row)) + " |" for row in rows)]
    for result in report.results:
        lines += ["", f"## {result.phase.number}. {result.phase.title}", ""]
        lines += [f"- commit `{commit[:12]}`" for commit in result.commits]
        lines += [f"- held: `{check.what}` ({check.seconds:.1f} s)" for check in result.checks]
        lines += [f"- left: {_cell(_left(one))}" for one in result.left]
    lines += ["", "## What to do", "", "```", *_left_out(report), *_review(report), "```"]
    return "\n".join(lines) + "\n"


def _left_out(report: Report) -> Iterator[str]:
    yield from _forgotten_lines(report)


def _cell(text: str) -> str:
    return safe(text).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _html(report: Report) -> str:
    def table() -> Iterator[str]:
        yield "<table><tr>" + "".join(f"<th>{html.escape(name)}</th>" for name in _HEAD) + "</tr>"
        for row in _rows(report):
            yield "<tr>" + "".join(f"<td>{html.escape(safe(cell))}</td>" for cell in row) + "</tr>"
        yield "</table>"

    body = [f"<h1>Plan {html.escape(report.script.plan.name)}</h1>", *table()]
    for result in report.results:
        body.append(f"<h2>{result.phase.number}. {html.escape(safe(result.phase.title))}</h2><ul>")
        body += [f"<li>commit <code>{commit[:12]}</code></li>" for commit in result.commits]
        body += [
            f"<li>held: <code>{html.escape(safe(check.what))}</code> ({check.seconds:.1f} s)</li>"
            for check in result.checks
        ]
        body += [f"<li>left: {html.escape(_left(one))}</li>" for one in result.left]
        body.append("</ul>")
    todo = html.escape("\n".join((*_forgotten_lines(report), *_review(report))))
    body.append(f"<h2>What to do</h2><pre>{todo}</pre>")
    style = "body{font-family:sans-serif;max-width:60em;margin:2em auto}td,th{padding:.2em .6em;text-align:left}"
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Plan</title><style>{style}</style>{"".join(body)}</html>\n'
