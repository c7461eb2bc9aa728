"""Do pieces of work at once: each in a copy of this process, or wherever an executor does it.

The seam is one function: it takes a piece of work and gives a future, as `submit` of every `concurrent.futures` executor
does. A copy knows all that is known here, so nothing is read twice and nothing but results is sent; a pool that starts
afresh would have to be told everything, which takes longer than what it saves. So copies do what is divided within one
tree, and executors what is whole and quickly told. This module starts nothing unless it is asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
Result_co = TypeVar("Result_co", covariant=True)

ENV_JOBS = "REFACTOR_JOBS"
_SHARE = 500_000  # bytes of text that are worth a process of their own


class Awaited(Protocol[Result_co]):
    """What a submitted piece of work is known by until it is done."""

    def result(self) -> Result_co:
        """Wait for the work and give what it gave. Raises what it raised, or that it was lost."""


def processors() -> int:
    """How many processors there are for us; the environment may say another number in REFACTOR_JOBS."""
    told = os.environ.get(ENV_JOBS, "")
    if told.isdecimal() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def copies() -> int:
    """How many copies of this process are worth having at once; 1 where processes cannot be copied safely."""
    return processors() if sys.platform == "linux" else 1  # elsewhere what the system has loaded may not survive it


def split(sizes: Mapping[str, int], jobs: int) -> list[list[str]]:
    """Divide texts of some sizes in bytes among as many jobs as they are worth, evenly; in any case in one way."""
    shares: list[list[str]] = [[] for _ in range(max(1, min(jobs, sum(sizes.values()) // _SHARE)))]
    loads = [0] * len(shares)
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        lightest = loads.index(min(loads))
        shares[lightest].append(name)
        loads[lightest] += sizes[name]
    return shares


@dataclass(frozen=True, slots=True)
class Copy(Generic[T]):
    """Work that a copy of this process does, known by the copy's id and the pipe that its result comes through."""

    child: int
    pipe: int

    def result(self) -> T:
        """Wait for the copy. Raises EOFError or UnpicklingError if it failed."""
        import pickle

        with os.fdopen(self.pipe, "rb") as reading:
            data = reading.read()
        os.waitpid(self.child, 0)
        result: T = pickle.loads(data)  # noqa: S301 - our own copy wrote it
        return result


def copied(work: Callable[[], T]) -> Copy[T]:
    """Start a copy of this process that does the work; what it gives must be picklable, the work need not be."""
    import pickle

    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return Copy(child, reading)
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what there is to say is said once
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(work()))
    finally:
        os._exit(0)


def gather(works: Sequence[Callable[[], T]], submit: Callable[[Callable[[], T]], Awaited[T]] = copied) -> list[T]:
    """What each of some pieces of work gives, in their order. What fails elsewhere is done again here."""
    others = [(work, submit(work)) for work in works[1:]]
    return [*(work() for work in works[:1]), *(_or_here(work, other) for work, other in others)]


def _or_here(work: Callable[[], T], other: Awaited[T]) -> T:
    try:
        return other.result()
    except Exception:  # noqa: BLE001 - whatever it was, it happens here again, or it was the other process
        return work()


def as_done(
    works: Iterable[Callable[[], T]], submit: Callable[[Callable[[], T]], Future[T]], lost: Callable[[Exception], T]
) -> Iterator[tuple[int, T]]:
    """What each of some pieces of work gives, with its place among them from 0, as soon as it is done.

    Where the executor gives up on a piece, `lost` says what stands for its result; the others come all the same.
    """
    from concurrent.futures import as_completed

    places = {submit(work): place for place, work in enumerate(works)}
    for future in as_completed(tuple(places)):
        yield places.pop(future), _or_lost(future, lost)


def _or_lost(future: Future[T], lost: Callable[[Exception], T]) -> T:
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 - every executor has exceptions of its own for a worker that is gone
        return lost(error)
