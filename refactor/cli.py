"""The command line: read arguments, call one verb, print, give an exit code. The only place that catches RefactorError."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from refactor.errors import RefactorError
from refactor.wording import safe

DONE, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command: 0 clean or done, 1 findings or `--check` with something to do, 2 refused and nothing written."""
    _refuse_other_distribution()
    gc.set_threshold(200_000, 20, 20)  # a run makes records by the ten thousand and keeps nearly all of them
    atexit.register(gc.freeze)  # and at the end they go with the process: nobody need look for rings among them
    given = sys.argv[1:] if argv is None else argv
    arguments = _read(given)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except RefactorError as error:
        print("\n".join(map(safe, (f"error: {error}", *error.details))), file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # the reader of a pipe has seen enough; Python must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        where = f" ({safe(str(error.filename))})" if error.filename else ""
        print(f"error: {error.strerror or error}{where}; check the path and its permissions.", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED


def _read(given: Sequence[str]) -> argparse.Namespace:
    """The arguments. What `many` does in each repository stands behind `--`, and is read as if it were given alone."""
    if list(given[:1]) != ["many"] or "--" not in given:
        return parser(given).parse_args(given)
    at = list(given).index("--")
    arguments, words = parser(given[:at]).parse_args(given[:at]), given[at + 1 :]
    arguments.words, arguments.command = tuple(words), parser(words).parse_args(words)
    return arguments


def _refuse_other_distribution() -> None:
    """Another project on PyPI installs a package of the same name; mixed up, neither works."""
    if (Path(__file__).parent / "core.py").exists():
        raise SystemExit(
            "error: the distribution 'refactor' is installed over renumber; "
            "run `pip uninstall refactor renumber`, then `pip install renumber`."
        )


def parser(given: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The grammar of the command line; every verb names the function that runs it.

    Of verbs that what is `given` does not mention, as most do all but one, only the name is known.
    """
    top = argparse.ArgumentParser(
        prog="python -m refactor",
        description="Rename or renumber anything in a numbered series, everywhere it is mentioned, in one transaction.",
    )
    top.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the tree to work on (default: here)")
    top.add_argument("--version", action="version", version=_version())
    verbs = top.add_subparsers(required=True, metavar="VERB")
    every = (_init, _list, _rename, _lint, _explain, _rules, _plan, _apply, _undo, _recover, _migrate, _many, _demo)
    for add in [add for add in every if add.__name__[1:] in given] or every:
        add(verbs)
    return top


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


_Verbs = argparse._SubParsersAction  # noqa: SLF001  argparse has no public name for it


def _version() -> str:
    from refactor import __version__

    return f"renumber {__version__}"


def _init(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("init", help="write what was discovered to refactor.toml, for a person to edit")
    verb.add_argument("--force", action="store_true", help="replace a refactor.toml that is there")
    verb.set_defaults(run=_run("overview", "write_settings"))


def _list(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser(
        "list", help="show the modules, their numberings in the past, every reference to one, or branches in the way"
    )
    what = ("modules", "references", "rules", "epochs", "branches")
    verb.add_argument("what", nargs="?", choices=what, default=what[0], help="%(default)s if nothing is said")
    verb.add_argument("entry", nargs="?", help="an entry, for `list references`")
    verb.add_argument("--series", help="the series, where the tree has several")
    verb.add_argument("--statistics", action="store_true", help="count the references that every rule decided")
    verb.add_argument("--rules", action="append", default=[], metavar="PACK", help="a rule pack, for `list rules`")
    verb.add_argument("--format", choices=("text", "json"), default="text")
    _alias(verb)
    _renaming(verb.add_argument_group("for `list branches`: the renaming that would hit them"))
    verb.set_defaults(run=_run("overview", "show"))


def _alias(verb: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    verb.add_argument(
        "--alias",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="what an entry was called, where git cannot tell",
    )


def _renaming(group: argparse._ArgumentGroup) -> None:
    """What may be asked for where a renaming is only looked at."""
    _plan_file(group)
    _pairs(group)
    group.set_defaults(remove=None, title=[], export=[])


def _plan_file(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--plan", type=Path, metavar="PATH", help="a plan.yaml, or the folder that holds it")


def _pairs(group: argparse._ArgumentGroup) -> None:
    """The arguments that say which numbers and ids change."""
    group.add_argument(
        "--from", dest="sources", action="append", default=[], metavar="ID", help="an entry's id or slug"
    )
    group.add_argument(
        "--to", dest="targets", action="append", default=[], metavar="ID", help="what it becomes; repeat in pairs"
    )
    group.add_argument(
        "--shift", action="store_true", help="the entries between the old and the new place close the gap"
    )
    group.add_argument("--swap", action="store_true", help="exchange the entry with the one that has the new number")
    group.add_argument("--insert", type=int, metavar="N", help="make room at N: everything from N on moves up by one")


def _rename(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser(
        "rename",
        help="rename and renumber entries everywhere at once",
        description="Give pairs of --from and --to, or a plan, or one of --insert and --remove.",
    )
    what = _what(verb)
    _plan_file(what)
    what.add_argument("--repair", action="store_true", help="also mend stale mentions whose entry is known")
    how = verb.add_argument_group("how")
    what.add_argument("--reorder", action="store_true", help="also put rows of lists and tables into the new order")
    how.add_argument("--interactive", action="store_true", help="ask about every edit")
    _how(how)
    verb.set_defaults(run=_run("verbs", "rename"))


def _how(verb: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """The arguments of verbs that show a plan or carry it out."""
    verb.add_argument("--dry-run", action="store_true", help="show what would be done and write nothing")
    verb.add_argument("--diff", action="store_true", help="show the plan as a diff and write nothing")
    verb.add_argument("--check", action="store_true", help="exit with 1 if there is anything to do; write nothing")
    verb.add_argument("--allow-dirty", action="store_true", help="also touch files with uncommitted changes")
    verb.add_argument("--commit", action="store_true", help="commit the moves, then the edits")
    verb.add_argument("--format", choices=("text", "json"), default="text")


def _what(verb: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """The arguments that say which entries become what."""
    what = verb.add_argument_group("what to rename")
    _pairs(what)
    what.add_argument("--title", action="append", default=[], metavar="SLUG=TITLE", help="an entry's new title")
    what.add_argument(
        "--export", action="append", default=[], metavar="OLD=NEW", help="a new path for an exported module"
    )
    what.add_argument("--remove", metavar="ID", help="close the gap that a deleted entry left")
    what.add_argument("--series", help="the series, where the tree has several")
    _alias(what)
    return what


def _lint(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("lint", help="find stale numbers, old names and broken cross-references")
    verb.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="report on these only (default: the whole tree)"
    )
    verb.add_argument("--fix", action="store_true", help="mend what can be mended safely")
    verb.add_argument("--unsafe-fixes", action="store_true", help="mend also what a person should look at afterwards")
    verb.add_argument("--diff", action="store_true", help="show the fixes as a diff and write nothing")
    verb.add_argument("--select", action="append", default=[], metavar="CHECK", help="run these checks only")
    verb.add_argument("--ignore", action="append", default=[], metavar="CHECK", help="leave these checks out")
    verb.add_argument(
        "--rules", action="append", default=[], metavar="PACK", help="a rule pack: a name, file or folder"
    )
    _alias(verb)
    verb.add_argument("--statistics", action="store_true", help="count the findings of every check")
    verb.add_argument("--output-format", metavar="FORMAT", help="concise, full, json, github, sarif, markdown, ...")
    verb.add_argument("--diff-base", metavar="REF", help="only what the branch brought since it left REF")
    verb.add_argument("--baseline", type=Path, metavar="FILE", help="leave out the findings accepted there")
    verb.add_argument("--write-baseline", type=Path, metavar="FILE", help="accept all findings of today")
    verb.add_argument(
        "--prune-baseline", type=Path, metavar="FILE", help="take out of FILE what was accepted and is gone"
    )
    verb.add_argument(
        "--stdin-filename",
        type=Path,
        metavar="PATH",
        help="read from standard input what PATH would say, and judge that",
    )
    verb.add_argument("--no-cache", action="store_true", help="find everything anew, and keep nothing")
    verb.add_argument("--cache-dir", type=Path, metavar="DIR", help="where findings are kept for the next run")
    verb.add_argument("--jobs", type=_count, metavar="N", help="processes for much work (default: one a processor)")
    verb.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    verb.set_defaults(run=_run("linting", "lint"))


def _explain(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("explain", help="tell what a check or rule does, why, and what to write instead")
    verb.add_argument("rule", nargs="?", metavar="RULE")
    verb.add_argument("--all", action="store_true", help="every built-in check")
    verb.add_argument(
        "--rules", action="append", default=[], metavar="PACK", help="a rule pack: a name, file or folder"
    )
    verb.add_argument("--format", choices=("text", "markdown"), default="text")
    verb.set_defaults(run=_run("explain", "explain"))


def _rules(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("rules", help="test rule packs").add_subparsers(required=True, metavar="VERB")
    test = verb.add_parser("test", help="run the examples of every rule")
    test.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="packs or folders (default: those shipped)")
    test.add_argument("--rules", action="append", default=[], metavar="PACK", help=argparse.SUPPRESS)
    test.set_defaults(run=_run("explain", "rules_test"))


def _plan(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    top = verbs.add_parser("plan", help="write a first plan; list the steps of plans")
    verb = top.add_subparsers(required=True, metavar="VERB")
    new = verb.add_parser("new", help="write a first restructure plan from a renaming")
    new.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder for the plan and its assets")
    _what(new)
    new.set_defaults(run=_run("planning", "new"), plan=None)
    known = verb.add_parser("steps", help="list the steps that a phase may have")
    known.add_argument("--format", choices=("text", "markdown", "schema"), default="text")
    known.set_defaults(run=_run("planning", "list_steps"))


def _apply(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("apply", help="carry out a restructure plan, phase by phase")
    verb.add_argument("plan", type=Path, metavar="PLAN", help="a plan.yaml, or the folder that holds it")
    verb.add_argument("--phase", metavar="N", help="only this phase, by number or name")
    verb.add_argument("--from", dest="first", metavar="N", help="begin with this phase")
    verb.add_argument("--until", metavar="N", help="stop after this phase")
    verb.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value in place of the plan's")
    verb.add_argument("--waive", action="append", default=[], metavar="ASSET", help="leave out the step of this asset")
    verb.add_argument("--dry-run", action="store_true", help="rehearse everything, show a diff a phase, write nothing")
    verb.add_argument(
        "--verify", action=argparse.BooleanOptionalAction, default=True, help="make the checks of every phase"
    )
    verb.add_argument(
        "--commit", action=argparse.BooleanOptionalAction, default=True, help="commit every phase; else only write"
    )
    verb.add_argument("--report", type=Path, metavar="FILE", help="write the final report to FILE.md or FILE.html")
    verb.add_argument("--format", choices=("text", "json"), default="text")
    verb.set_defaults(run=_run("applying", "apply"))


def _undo(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser(
        "undo", help="restore the tree from before the last renaming, or take phases of a plan back"
    )
    verb.add_argument("plan", type=Path, nargs="?", metavar="PLAN", help="a plan whose phases are taken back")
    verb.add_argument("--phase", metavar="N", help="this phase of the plan, by number or name")
    verb.add_argument("--all", action="store_true", help="all phases of the plan")
    verb.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value in place of the plan's")
    verb.set_defaults(run=_run("undoing", "undo"))


def _recover(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("recover", help="after a crash: restore the tree from before the interrupted renaming")
    verb.set_defaults(run=_run("verbs", "recover"))


def _migrate(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("migrate", help="bring up to date what was written before a renaming and merged after it")
    verb.add_argument(
        "--base", metavar="REF", help="the branch that renumbered (default: what this one tracks, or main)"
    )
    verb.add_argument("--was", metavar="REF", help="this branch before it was rebased (default: what git remembers)")
    verb.add_argument("--onto", metavar="REF", help="do the renamings of REF on this branch, so that both merge")
    _how(verb)
    verb.set_defaults(run=_run("migrating", "run"))


def _many(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser(
        "many",
        help="lint many repositories, or rehearse a renaming in each",
        usage="%(prog)s [-h] [OPTION ...] [DIR ...] -- lint|rename ...",
        description="Do in each of many folders what stands behind `--`: `lint`, or `rename` with --dry-run.",
    )
    verb.add_argument("folders", nargs="*", metavar="DIR", help="a repository")
    verb.add_argument("--repositories", metavar="FILE", help="a list of repositories, one a line (-: standard input)")
    verb.add_argument("--jobs", type=_count, metavar="N", help="repositories at once (default: one a processor)")
    verb.add_argument("--scheduler", metavar="ADDRESS", help="have the workers of this dask scheduler do it")
    verb.add_argument("--output-format", choices=("text", "json-lines"), default="text")
    verb.set_defaults(run=_run("many", "many"), words=(), command=None)


def _demo(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("demo", help="write a small course, renumber its optimization tier, and show what happened")
    verb.add_argument("--into", type=Path, metavar="DIR", help="a new or empty folder (default: a temporary one)")
    verb.set_defaults(run=_run("showcase", "demo"))


class _run:  # noqa: N801  reads as a verb where it is used
    """Import a verb's module when it is called and not before: start-up time counts."""

    def __init__(self, module: str, function: str) -> None:
        self.module, self.function = module, function

    def __call__(self, arguments: argparse.Namespace) -> int:
        from importlib import import_module

        code: int = getattr(import_module(f"refactor.{self.module}"), self.function)(arguments)
        return code
