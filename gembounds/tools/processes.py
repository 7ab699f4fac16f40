"""Processes that work for this one, and what each is told when it starts."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any

SELDOM = 100_000
"""Objects made between two collections (a choice: memory stayed the same)."""

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


class Processes(Executor):
    """``jobs`` fresh processes, one a pool: one that ends takes its own task with it, and another
    stands in for it."""

    def __init__(self, jobs: int) -> None:
        self._pools: list[ProcessPoolExecutor | None] = [None] * jobs
        self._busy = [0] * jobs
        self._lock = threading.RLock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        with self._lock:
            k = min(range(len(self._busy)), key=self._busy.__getitem__)
            self._busy[k] += 1
            pool = self._pool(k)
        try:  # without the lock: a pool that breaks holds its own while it says so
            future = pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            with self._lock:
                pool = self._pool(k, pool)
            future = pool.submit(fn, *args, **kwargs)
        future.add_done_callback(lambda _: self._free(k))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Without ``wait`` the processes are ended."""
        for pool in filter(None, self._pools):
            workers = list((pool._processes or {}).values())
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)
            for worker in workers if not wait else ():
                worker.terminate()

    def _pool(self, k: int, broken: ProcessPoolExecutor | None = None) -> ProcessPoolExecutor:
        pool = self._pools[k]
        if pool is None or pool is broken or pool._broken:
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
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as in another process
            future.set_exception(error)
        return future


@contextmanager
def one_thread() -> Iterator[None]:
    """Processes started inside use one thread for linear algebra: they share the cores, and
    threads that find none wait by spinning."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def prepare() -> None:
    """Ctrl-C reaches the whole group of processes: the one that started the others decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    collect_seldom()


def collect_seldom() -> None:
    """Looks for cycles of objects a hundred times less often than Python does: the work here
    makes millions of numbers, few of them in cycles, and looking took an eighth of the time."""
    gc.set_threshold(SELDOM, 50, 100)


def end_with_parent() -> None:
    """This process ends when the one that started it is gone, however that ended."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
