"""Where pieces of work are done that can be sent: by threads that wait for processes here, or by a dask cluster.

Loads nothing of either before it is asked for. Each gives the `submit` of an executor and cleans up after it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from logging import CRITICAL, getLogger
from typing import TypeVar

from refactor.errors import RefactorError

T = TypeVar("T")


@contextmanager
def here(jobs: int) -> Iterator[Callable[[Callable[[], T]], Future[T]]]:
    """So many pieces at once on this machine. Whoever leaves early leaves undone what was not begun."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool.submit
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Callable[[Callable[[], T]], Future[T]]]:
    """What the workers of a dask scheduler do. A piece whose worker is lost goes to another one, as often as the
    scheduler allows (three times by default). Raises RefactorError if there is no scheduler."""
    try:
        from distributed import Client
        from distributed.comm.addressing import parse_address, parse_host_port
    except ImportError as error:
        raise RefactorError(
            "--scheduler needs dask.distributed, which is not installed; run `pip install 'renumber[cluster]'`."
        ) from error
    for name in ("distributed", "distributed.client"):  # what goes wrong is said of each piece, once and in a sentence
        getLogger(name).setLevel(CRITICAL)
    try:
        parse_host_port(parse_address(address)[1])  # the client itself hangs on what is no address
        client = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RefactorError(
            f"no dask scheduler answers at '{address}'; start one with `dask scheduler` and give its address."
        ) from error
    with client:
        if not client.scheduler_info()["workers"]:
            print(f"note: the scheduler at {address} has no workers; it waits for the first", file=sys.stderr)
        executor = client.get_executor(pure=False)  # pure work is done once for all who ask for it at a time
        try:
            yield executor.submit
        finally:
            executor.shutdown(wait=False)
