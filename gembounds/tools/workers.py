"""Where chunks are computed: processes here, or a cluster, behind ``concurrent.futures``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.tools.processes import one_thread, prepare

IN_FLIGHT = 1000
"""Chunks that a cluster has at a time (a choice: its scheduler handles some thousands well)."""

PATIENCE = 15
"""Seconds in which a scheduler must answer."""


@dataclass(frozen=True)
class Workers:
    """``executor`` with room for ``capacity`` tasks; ``deaths`` are the exceptions of tasks whose
    worker ended, ``each`` after that many workers."""

    executor: Executor
    capacity: int
    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)
    each: int = 1

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return self.executor.submit(function, *arguments)


class Processes(Executor):
    """``jobs`` fresh processes, one a pool: one that ends takes its own task with it, and another
    stands in for it."""

    def __init__(self, jobs: int) -> None:
        self._pools: list[ProcessPoolExecutor | None] = [None] * jobs
        self._busy = [0] * jobs
        self._lock = threading.Lock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        with self._lock:
            k = min(range(len(self._busy)), key=self._busy.__getitem__)
            self._busy[k] += 1
        try:
            future = self._pool(k).submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pools[k] = None
            future = self._pool(k).submit(fn, *args, **kwargs)
        future.add_done_callback(lambda _: self._free(k))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Without ``wait`` the processes are ended."""
        for pool in filter(None, self._pools):
            workers = list((pool._processes or {}).values())
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)
            for worker in workers if not wait else ():
                worker.terminate()

    def _pool(self, k: int) -> ProcessPoolExecutor:
        pool = self._pools[k]
        if pool is None:
            context = get_context("spawn")
            pool = ProcessPoolExecutor(1, mp_context=context, initializer=prepare)
            self._pools[k] = pool
        return pool

    def _free(self, k: int) -> None:
        with self._lock:
            self._busy[k] -= 1


class Here(Executor):
    """This process, at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@contextmanager
def processes(jobs: int) -> Iterator[Workers]:
    """``jobs`` processes here, or this one if that is 1. Where the block ends by an exception
    (Ctrl-C among them) they are ended, so that nothing keeps the caller waiting."""
    executor = Here() if jobs == 1 else Processes(jobs)
    try:
        with one_thread():
            yield Workers(executor, jobs)
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of the ``dask.distributed`` scheduler at ``address``, which tries a task again
    whose worker has ended. Raises :class:`InputError` where none answers."""
    try:
        import distributed
    except ImportError:
        raise InputError("distributed is missing: pip install 'gembounds[cluster]'") from None
    dask: Any = distributed
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what went wrong is said here
    try:
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"--dask {address}: no scheduler answers there ({reason:.80}); start one, or name it "
            "as tcp://HOST:PORT"
        ) from None
    try:
        executor = client.get_executor(pure=False)
        yield Workers(executor, IN_FLIGHT, (dask.KilledWorker,), 3)
    finally:
        with suppress(Exception):
            client.close(timeout=2)
