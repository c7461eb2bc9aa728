"""Run motivations: arguments are FILE:FUNCTION. Importing FILE must not run it; it must end well within ten seconds."""

import contextlib
import io
import sys
import time
from pathlib import Path

SECONDS = 10

for argument in sys.argv[1:]:
    path, _, function = argument.rpartition(":")
    imported, measured = io.StringIO(), io.StringIO()
    names: dict[str, object] = {"__name__": "imported"}
    with contextlib.redirect_stdout(imported), contextlib.suppress(AssertionError):  # some modules test themselves then
        exec(compile(Path(path).read_text(encoding="utf-8"), path, "exec"), names)
    start = time.perf_counter()
    with contextlib.redirect_stdout(measured):
        names[function]()
    took = time.perf_counter() - start
    first = measured.getvalue().splitlines()[0]
    assert first.split()[:2] not in [line.split()[:2] for line in imported.getvalue().splitlines()], f"{path} runs {function} on import"
    assert took < SECONDS, f"{function} took {took:.1f} s, more than {SECONDS}"
    print(f"{function}: {took:.2f} s\n{measured.getvalue()}")
