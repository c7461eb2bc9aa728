"""The verb `plan`: write a first plan from a renaming, or list the steps that a plan may have. Changes no course."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from refactor import grammar
from refactor.drafting import first_plan
from refactor.errors import RefactorError
from refactor.moves import Moves
from refactor.tree import real
from refactor.verbs import plan_of, renaming_of, with_exports
from refactor.wording import count
from refactor.workspace import open_tree


def list_steps(arguments: argparse.Namespace) -> int:
    """Print the steps that a phase may have, for people, for a page, or as JSON Schema for editors."""
    makers = {"text": grammar.as_text, "markdown": grammar.as_markdown, "schema": grammar.as_schema}
    sys.stdout.write(makers[arguments.format]())
    return 0


def new(arguments: argparse.Namespace) -> int:
    """Write a first plan, with an empty asset for every statement that a person must judge."""
    folder: Path = arguments.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefactorError(f"{folder} is there already; name a new or empty folder.")
    workspace = open_tree(real(arguments.root))
    asked = renaming_of(workspace, arguments, None)
    if asked is None:
        raise RefactorError("there is nothing to plan; the tree already carries the new ids.")
    moves = Moves(asked, workspace.words(asked.series))
    plan = with_exports(workspace, asked, plan_of(workspace, asked, moves))
    files = first_plan(folder.absolute().name, asked, plan, workspace.tree)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    print(f"wrote {folder / 'plan.yaml'} with {count(len(files) - 1, 'empty asset')}")
    print(f"look at it, write the assets, then rehearse it: python -m refactor apply {folder} --dry-run")
    return 0
