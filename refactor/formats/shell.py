"""Files whose comments start with a hash: shell scripts, makefiles, ignore files, Dockerfiles.

It knows comments only; commands and their arguments are code.
"""

from __future__ import annotations

import re

from refactor.formats._shared import Piece, to_zones
from refactor.model import Format, Zone, ZoneKind

# A hash inside a word (`$#`, `a#b`) or inside quotes on the same line starts no comment.
_TOKEN = re.compile(r"""\\.|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|(?<![^\s;&|()])#([^\r\n]*)""")


def zones(view: str) -> tuple[Zone, ...]:
    """Find the comments, each from its hash to the end of its line."""
    pieces: list[Piece] = [
        (token.start(), token.end(), ZoneKind.COMMENT, "") for token in _TOKEN.finditer(view) if token[1] is not None
    ]
    return to_zones(pieces)


FORMAT = Format(
    name="shell",
    suffixes=(".sh", ".bash", ".zsh", ".fish", ".mk", ".envrc", ".gitignore", ".gitattributes", ".dockerignore"),
    names=("Makefile", "makefile", "GNUmakefile", "Dockerfile", "Containerfile", "justfile", ".env"),
    default=ZoneKind.CODE,
    zones=zones,
)
