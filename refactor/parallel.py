"""Do pieces of work at once, each in a copy of this process, where the system can copy one.

A copy knows all that is known here, so nothing is read twice and nothing but results is sent. A pool that starts
afresh would have to be told everything, which takes longer than what it saves.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

_SHARE = 500_000  # bytes of text that are worth a process of their own


def processors() -> int:
    """How many processes can run at once for us; 1 where processes cannot be copied safely."""
    if sys.platform != "linux":  # elsewhere what the system itself has loaded may not survive a copy
        return 1
    return len(os.sched_getaffinity(0))


def split(sizes: Mapping[str, int], jobs: int) -> list[list[str]]:
    """Divide texts of some sizes in bytes among as many jobs as they are worth, evenly; in any case in one way."""
    shares: list[list[str]] = [[] for _ in range(max(1, min(jobs, sum(sizes.values()) // _SHARE)))]
    loads = [0] * len(shares)
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        lightest = loads.index(min(loads))
        shares[lightest].append(name)
        loads[lightest] += sizes[name]
    return shares


def gather(works: Sequence[Callable[[], T]]) -> list[T]:
    """What each of some pieces of work gives, in their order. What fails in a copy is done again here."""
    copies = [(work, *_copy(work)) for work in works[1:]]
    own = [work() for work in works[:1]]
    return own + [_result(work, child, pipe) for work, child, pipe in copies]


def _copy(work: Callable[[], T]) -> tuple[int, int]:
    """Start a process that does the work; give its id and the end of a pipe from which its result can be read."""
    import pickle

    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what there is to say is said once
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(work()))
    finally:
        os._exit(0)


def _result(work: Callable[[], T], child: int, pipe: int) -> T:
    import pickle

    with os.fdopen(pipe, "rb") as reading:
        data = reading.read()
    os.waitpid(child, 0)
    try:
        result: T = pickle.loads(data)  # noqa: S301 - our own copy wrote it
    except (EOFError, pickle.UnpicklingError):
        return work()
    return result
