"""What steps say of a lint: which checks, with which rules, on which files."""

from __future__ import annotations

from refactor.draft import Clean
from refactor.steps import Call, Key
from refactor.steps._shapes import GLOB, WORD, list_of

CHECKS = (
    Key("select", list_of(WORD), "run these checks only"),
    Key("ignore", list_of(WORD), "leave these checks out"),
    Key("rules", list_of(WORD), "rule packs: a name, or a path from the root"),
)
PATHS = list_of(GLOB)


def clean_of(call: Call) -> Clean:
    """The lint that the arguments of a step describe."""
    return Clean(
        select=call.texts("select"),
        ignore=call.texts("ignore"),
        rules=call.texts("rules"),
        paths=call.texts("paths"),
        only_new=call.flag("only_new"),
    )
