"""One errand: a command of ours, carried out in one repository by a process of its own.

What goes in and comes out is plain, so that it can be sent to another machine. It does not know what the command means.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from refactor.parallel import ENV_JOBS

_TRIES = 3
# The same package as here, wherever it lies, and nothing that lies beside the repository.
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import refactor; del sys.path[0]; "
    "from refactor.cli import main; sys.exit(main())"
)


@dataclass(frozen=True, slots=True)
class Errand:
    """Words of a command line, and the folder in which its paths begin."""

    words: tuple[str, ...]
    folder: str


@dataclass(frozen=True, slots=True)
class Told:
    """How an errand ended: its exit code (below 0 the signal that stopped it, as in `subprocess`), and what it said."""

    code: int
    output: str
    errors: str


def run(errand: Errand) -> Told:
    """Carry out an errand. If the process is stopped from outside it is started again, three times in all.

    Raises OSError where no process can be started there.
    """
    for left in reversed(range(_TRIES)):
        told = _once(errand)
        if told.code >= 0 or not left:
            break
    return told


def _once(errand: Errand) -> Told:
    package = str(Path(__file__).parents[1])
    # Errands are done at once already: one of them has no need to be divided.
    environment = {ENV_JOBS: "1", **os.environ, "PYTHONIOENCODING": "utf-8:surrogateescape"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", _START, package, *errand.words],
        cwd=errand.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    return Told(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
