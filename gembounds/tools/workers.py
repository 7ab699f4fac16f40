"""Where chunks are computed: processes here, or a cluster, behind ``concurrent.futures``."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from gembounds.tools.alone import ALONE
from gembounds.tools.errors import InputError, check_whole
from gembounds.tools.kept import Results
from gembounds.tools.processes import Here, Processes, one_thread
from gembounds.tools.versions import Version, files_in

IN_FLIGHT = 1000
"""Chunks that a cluster has at a time (a choice: its scheduler handles some thousands well)."""

DEATHS = 3
"""Workers that may end on one task: then it is reported, and not tried again."""

AHEAD = 4
"""Tasks a process that are made before it is free (a choice: none waits for work)."""

HELD = 10_000
"""Results in order that wait for one before them: then no other task is begun (a choice)."""

PATIENCE = 15
"""Seconds in which a scheduler must answer."""


@dataclass
class Task:
    """What is asked for, under what ``name`` its result is kept, and workers that ended on it."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    name: str = ""
    future: Future[Any] = field(default_factory=Future)
    deaths: int = 0


class Known(Future[Any]):
    """A task whose result was kept."""


class Lost(InputError):
    """``DEATHS`` workers ended on one task."""


class Workers:
    """``executor``, which has ``capacity`` tasks at a time; others wait here, ``ahead`` in all
    where they are made as they are needed.

    ``deaths`` are the exceptions of tasks whose worker ended, ``each`` after that many workers:
    such a task is tried again, until ``DEATHS`` have. Results are taken from ``kept``, where that
    is given, and added to it. With ``version()`` what computes must be the same in each worker,
    and has one thread of linear algebra: with more, sums could come out in another order.
    """

    def __init__(
        self, executor: Executor, capacity: int, ahead: int,
        deaths: tuple[type[BaseException], ...] = (BrokenExecutor,), each: int = 1,
    ) -> None:  # fmt: skip
        self.executor, self.capacity, self.ahead = executor, capacity, ahead
        self.deaths, self.each = deaths, each
        self.kept: Results | None = None
        self.version: Callable[[], Version] | None = None
        self._waiting: deque[Task] = deque()
        self._running, self._over = 0, False
        self._lock = threading.RLock()

    @property
    def alone(self) -> bool:
        """Whether it is this process that works."""
        return isinstance(self.executor, Here)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """The result of ``function(*arguments)``, a function of a module, later; asking for it may
        raise :class:`Lost`."""
        task = self._asked(function, arguments)
        if not isinstance(task.future, Known):
            with self._lock:
                self._waiting.append(task)
            self._more()
        return task.future

    def here(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The same now, computed by this process: for what is one task."""
        task = self._asked(function, arguments)
        if not isinstance(task.future, Known):
            with self._lock:
                self._running += 1
            self._begin(task, Here())
        return task.future.result()

    def _asked(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Task:
        task = Task(function, arguments)
        if self.kept is not None:
            task.name = self.kept.name(function, arguments)
            found = self.kept.load(task.name, function)
            if found is not None:
                task.future = Known()
                task.future.set_result(found[0])
        return task

    def end(self) -> None:
        """Begin nothing more."""
        with self._lock:
            self._over = True
            self._waiting.clear()

    def _more(self) -> None:
        while True:
            with self._lock:
                if self._over or not self._waiting or self._running >= self.capacity:
                    return
                task = self._waiting.popleft()
                self._running += 1
            self._begin(task, self.executor)

    def _begin(self, task: Task, executor: Executor) -> None:
        call: tuple[Any, ...] = (task.function, *task.arguments)
        if self.version is not None:
            expected = {**self.version(), **files_in(task.arguments)}
            call = (same_everywhere, self.version, expected, *call)
        try:
            future = executor.submit(*call)
        except Exception as error:  # noqa: BLE001 - in whatever thread this is
            future = Future()
            future.set_exception(error)
        future.add_done_callback(partial(self._done, task))

    def _done(self, task: Task, future: Future[Any]) -> None:
        with self._lock:
            self._running -= 1
            if self._over:
                return
        try:
            result = future.result()
        except self.deaths:
            task.deaths += self.each
            if task.deaths < DEATHS:
                with self._lock:
                    self._waiting.appendleft(task)
            else:
                task.future.set_exception(Lost(
                    f"{DEATHS} processes ended on one task, by somebody or for want of memory: "
                    "run it again, with --jobs 1 for less memory"
                ))  # fmt: skip
            self._more()
        except CancelledError:
            task.future.set_exception(
                InputError("the scheduler is gone: start it, and run the same command again")
            )
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            self._more()
            task.future.set_exception(error)
        else:
            self._more()  # before the result is written: workers do not wait for the disk
            try:
                if self.kept is not None:
                    result = self.kept.store(task.name, task.function, result)
            except BaseException as error:  # noqa: BLE001
                task.future.set_exception(error)
            else:
                task.future.set_result(result)


def same_everywhere(
    version: Callable[[], Version],
    expected: Version,
    function: Callable[..., Any],
    *arguments: Any,
) -> Any:
    """What a worker does: one task at a time, with one thread of linear algebra. Raises
    :class:`InputError` where its version, or a file of the task, is other than ``expected``: a
    worker of a cluster may know a file as it was long ago."""
    from threadpoolctl import threadpool_limits

    now = {**version(), **files_in(arguments)}
    other = sorted(k for k, x in expected.items() if now.get(k) != x)
    if other:
        raise InputError(
            f"a worker computes with another {' and '.join(other)}: install the same, and start "
            "the worker anew"
        )
    with ALONE, threadpool_limits(1):
        return function(*arguments)


@contextmanager
def processes(jobs: int) -> Iterator[Workers]:
    """``jobs`` processes here, each started when it is needed, or this one if that is 1. Where the
    block ends by an exception (Ctrl-C among them) they are ended, so that nothing keeps the caller
    waiting."""
    check_whole("jobs", jobs, 1)
    executor = Here() if jobs == 1 else Processes(jobs)
    workers = Workers(executor, jobs, 1 if jobs == 1 else AHEAD * jobs)
    try:
        with one_thread():
            yield workers
    except BaseException:
        workers.end()
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    workers.end()
    executor.shutdown()


@contextmanager
def workers(jobs: int, dask: str | None) -> Iterator[Workers]:
    """``jobs`` processes here, or the cluster of the scheduler at ``dask``."""
    with processes(jobs) if dask is None else cluster(dask) as found:
        yield found


@contextmanager
def pool(jobs: int | Workers, most: int | None = None) -> Iterator[Workers]:
    """The workers that are given, or ``jobs`` processes here; this one for ``most`` one task."""
    if isinstance(jobs, Workers):
        yield jobs
    else:
        check_whole("jobs", jobs, 1)
        with processes(jobs if most is None or most > 1 else 1) as workers:
            yield workers


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of the ``dask.distributed`` scheduler at ``address``, which tries a task again
    whose worker has ended. Raises :class:`InputError` where none answers."""
    try:
        import distributed
    except ImportError:
        raise InputError("distributed is missing: pip install 'gembounds[cluster]'") from None
    dask: Any = distributed
    for name in ("distributed", "distributed.client"):  # what went wrong is said here
        logging.getLogger(name).setLevel(logging.CRITICAL)
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
        workers = Workers(executor, IN_FLIGHT, 2 * IN_FLIGHT, (dask.KilledWorker,), DEATHS)
        yield workers
    finally:
        workers.end()
        with suppress(Exception):
            client.close(timeout=2)


class Done(NamedTuple):
    """Task ``k`` and its result; ``known``: it was kept."""

    k: int
    result: Any
    known: bool


def as_done(
    workers: Workers, tasks: Iterable[tuple[Any, ...]], held: Sized = ()
) -> Iterator[Done]:
    """The tasks, (function, arguments...), as they finish; they are submitted a few at a time:
    there may be millions; none while so many results are ``held``. An error in one is raised
    here."""
    waiting = enumerate(tasks)
    running: dict[Future[Any], int] = {}
    more = True
    while more or running:
        while more and len(running) < workers.ahead and len(held) < HELD:
            k, task = next(waiting, (-1, None))
            more = task is not None
            if task is not None:
                running[workers.submit(*task)] = k
        over, _ = wait(running, return_when=FIRST_COMPLETED) if running else ((), ())
        for future in over:
            yield Done(running.pop(future), future.result(), isinstance(future, Known))


def in_order(workers: Workers, tasks: Iterable[tuple[Any, ...]]) -> Iterator[Done]:
    """:func:`as_done`, in the order of the tasks."""
    results: dict[int, Done] = {}
    following = 0
    for done in as_done(workers, tasks, results):
        results[done.k] = done
        while following in results:
            yield results.pop(following)
            following += 1
