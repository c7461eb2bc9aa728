"""What several formats say in words. Knows no format."""

from __future__ import annotations

from collections.abc import Sequence

from refactor.model import Finding
from refactor.wording import count, safe

_LONGEST = 1000


def sentence(text: str) -> str:
    """A message on one line, safe; one that nobody would read to its end is cut."""
    text = " ".join(text.split()) if len(text) <= _LONGEST else " ".join(text[:_LONGEST].split()) + " ..."
    return safe(text)


def path_of(finding: Finding) -> str:
    """The file's path, safe. Logs of continuous integration take a line that begins with `::` for a command."""
    path = safe(finding.path)
    return f"./{path}" if path.lstrip().startswith(":") else path


def is_fixable(finding: Finding) -> bool:
    """Tell whether `--fix` mends the finding."""
    return finding.fix is not None and finding.fix.applicability == "safe"


def marked(finding: Finding) -> str:
    """Code, a star if `--fix` mends it, and the message."""
    return f"{safe(finding.code)} {'[*] ' if is_fixable(finding) else ''}{sentence(finding.message)}"


def footer(findings: Sequence[Finding]) -> list[str]:
    """How many there are, and how many of them can be mended."""
    if not findings:
        return ["All checks passed!"]
    safe_ones = sum(map(is_fixable, findings))
    unsafe = sum(finding.fix is not None for finding in findings) - safe_ones
    more = f"{unsafe} unsafe {'fix' if unsafe == 1 else 'fixes'} available with --fix --unsafe-fixes"
    lines = [f"Found {count(len(findings), 'finding')}."]
    if safe_ones:
        lines.append(f"[*] {safe_ones} fixable with --fix{f' ({more})' if unsafe else ''}.")
    elif unsafe:
        lines.append(f"{more}.")
    return lines
