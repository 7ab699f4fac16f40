"""Several calls of a core: in its main thread, in another, at once, or in a forked process."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gembounds.conform.process.layouts import LAYOUTS
from gembounds.conform.process.wire import Array

WHERE = ("main", "thread", "threads", "forked")

SWITCH = 1e-5
"""Seconds between switches of threads that run at once: short, so that they meet."""

HUNG = 60
"""Seconds after which the system's alarm ends a forked process."""

ALONE = frozenset(("jax", "torch", "tensorflow"))
"""Libraries with threads that do not survive a fork, as they say: nothing is forked with them."""

Task = Callable[[], list[Any]]


def performed(
    target: Any, batch: Sequence[tuple[str, list[Any]]], where: str, layout: str, calls: int
) -> list[list[Any]]:
    """What ``target`` returns, for each call of ``batch`` as often as ``calls`` says. Raises what
    a call raises."""
    laid = LAYOUTS[layout]

    def called(some: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        return [
            getattr(target, function)(
                *(laid(a.copy()) if isinstance(a, np.ndarray) else a for a in arguments)
            )
            for _ in range(calls)
            for function, arguments in some
        ]

    if where == "threads":
        return _at_once([lambda one=one: called([one]) for one in batch])  # type: ignore[misc]
    if where == "thread":
        (found,) = _at_once([lambda: called(batch)])
    elif where == "forked" and hasattr(os, "fork") and not ALONE & sys.modules.keys():
        found = _forked(lambda: called(batch))
    else:
        found = called(batch)
    return [found[k :: len(batch)] for k in range(len(batch))]


def _at_once(tasks: Sequence[Task]) -> list[list[Any]]:
    """The tasks, each in a thread of its own, begun together."""
    found: list[list[Any]] = [[] for _ in tasks]
    raised: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(k: int) -> None:
        start.wait()
        try:
            found[k] = tasks[k]()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
            raised.append(error)

    threads = [threading.Thread(target=run, args=(k,), daemon=True) for k in range(len(tasks))]
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    if raised:
        raise raised[0]
    return found


def _forked(task: Task) -> list[Array]:
    """The task in a child that is a copy of this process."""
    import multiprocessing
    import signal

    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def child() -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(HUNG)
        try:
            there.send((True, [np.asarray(value) for value in task()]))
        except BaseException as error:  # noqa: BLE001 - raised again in the parent
            there.send((False, f"{type(error).__name__}: {error}"))

    process = context.Process(target=child)
    process.start()
    there.close()
    try:
        well, found = here.recv()
    except EOFError:
        raise RuntimeError("a forked process died") from None
    finally:
        process.join()
        here.close()
    if not well:
        raise RuntimeError(f"in a forked process, {found}")
    values: list[Array] = found
    return values
