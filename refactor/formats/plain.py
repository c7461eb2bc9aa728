"""Every file that no other format claims: prose from end to end, or a script if it says so.

It looks at nothing but the first line, and must stay safe for any bytes at all.
"""

from __future__ import annotations

import re

from refactor.formats import python, shell
from refactor.model import Format, Zone, ZoneKind

_SHEBANG = re.compile(r"\ufeff?#![^\r\n]*?(?:(python)|\b(?:ba|z|da|k)?sh\b)")


def zones(view: str) -> tuple[Zone, ...]:
    """Give the zones of the language a first line `#!...` names; otherwise there are none."""
    script = _SHEBANG.match(view)
    if script is None:
        return ()
    return python.zones(view) if script[1] else shell.zones(view)


FORMAT = Format(
    name="plain",
    suffixes=(".txt", ".rst", ".tex", ".csv", ".tsv", ".json", ".js", ".ts", ".css", ".log"),
    names=("LICENSE", "CODEOWNERS"),
    default=ZoneKind.PROSE,
    zones=zones,
)
