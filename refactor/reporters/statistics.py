"""How many findings each check has, most first. Names no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from refactor.model import Document, Finding
from refactor.reporters import Reporter
from refactor.reporters._text import footer, is_fixable
from refactor.wording import safe


def render(findings: Sequence[Finding], documents: Mapping[str, Document]) -> str:
    """Write `count<tab>[*] code` for every check; the star means that `--fix` mends all of them, a dash some."""
    if not findings:
        return ""
    found = Counter(finding.code for finding in findings)
    fixable = Counter(finding.code for finding in findings if is_fixable(finding))
    width = len(str(max(found.values())))
    lines = [
        f"{number:>{width}}\t[{_star(number, fixable[code])}] {safe(code)}"
        for code, number in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return "\n".join((*lines, *footer(findings))) + "\n"


def _star(number: int, fixable: int) -> str:
    if not fixable:
        return " "
    return "*" if fixable == number else "-"


REPORTER = Reporter("statistics", "how many findings each check has", render)
