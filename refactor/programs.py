"""Run the programs that a plan names, with time limits and without a shell.

Only `apply` comes here, after it has shown what it will run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

_TAIL = 4000  # bytes of output that are worth showing


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended: its exit code (None if it was stopped for taking too long, or could not start), seconds,
    and what it printed."""

    code: int | None
    seconds: float
    output: str

    @property
    def tail(self) -> str:
        """The end of the output."""
        return self.output[-_TAIL:].strip()


def run(words: Sequence[str], folder: Path, seconds: float, environment: Mapping[str, str]) -> Ran:
    """Run a program and wait for it, but no longer than so many seconds; then it ends with all that it started.

    It sees the caller's environment without GIT_* variables, which would lead it into another tree.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    start = time.monotonic()
    with TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                list(words), cwd=folder, env={**kept, **environment}, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            return Ran(None, 0.0, f"{words[0]} cannot be run: {error.strerror}")
        code = _wait(process, seconds)
        return Ran(code, time.monotonic() - start, _text(output))


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.returncode is None:  # Ctrl-C as well
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _text(output: BinaryIO) -> str:
    output.seek(0)
    return output.read().decode("utf-8", "replace")
