"""Processes that work off tasks: for everything here that runs on more than one core."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any

from gembounds.tools.errors import InputError

AHEAD = 4
"""Tasks a process that are submitted before it is free (a choice: none waits for work)."""

SELDOM = 100_000
"""Objects made between two collections (a choice: memory stayed the same)."""

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")

Submit = Callable[[Callable[[Any], Any], Any], "Future[Any]"]


@contextmanager
def pool(jobs: int) -> Iterator[Submit]:
    """``submit(function, task)`` in ``jobs`` fresh processes with one thread of linear algebra
    each, or in this one if that is 1.

    Where the block ends by an exception (Ctrl-C among them) what has not started is dropped and
    the processes are ended, so that nothing keeps the caller waiting.
    """
    if jobs == 1:
        yield _done_here
        return
    context = get_context("spawn")
    executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=prepare)
    try:
        with none_lost(), one_thread():
            yield executor.submit
    except BaseException:
        workers = list((executor._processes or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()
        raise
    executor.shutdown()


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


@contextmanager
def none_lost() -> Iterator[None]:
    """Raises :class:`InputError`, in one line, where a process of a pool has ended inside."""
    try:
        yield
    except BrokenProcessPool:
        raise InputError(
            "a process was ended, by somebody or for want of memory: run it again, with --jobs 1 "
            "for less memory"
        ) from None


def finished(tasks: Iterable[Future[Any]]) -> Iterator[Future[Any]]:
    """The tasks as they finish; an error in one is raised here."""
    for task in as_completed(list(tasks)):
        task.result()
        yield task


def in_order(
    submit: Submit, tasks: Iterable[tuple[Callable[[Any], Any], Any]], jobs: int
) -> Iterator[tuple[int, Any]]:
    """``(k, result of task k)`` in the order of the tasks, which are submitted a few at a time:
    there may be millions. An error in one is raised here."""
    waiting = enumerate(tasks)
    running: dict[Future[Any], int] = {}
    results: dict[int, Any] = {}
    following, more = 0, True
    while more or running:
        while more and len(running) < AHEAD * jobs:
            k, task = next(waiting, (-1, None))
            more = task is not None
            if task is not None:
                running[submit(*task)] = k
        over, _ = wait(running, return_when=FIRST_COMPLETED) if running else ((), ())
        for future in over:
            results[running.pop(future)] = future.result()
        while following in results:
            yield following, results.pop(following)
            following += 1


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


def _done_here(function: Callable[[Any], Any], task: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(function(task))
    return future
