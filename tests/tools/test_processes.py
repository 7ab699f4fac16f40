"""Pools: results of tasks in other processes or in this one; an error ends what is left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gembounds.tools.errors import InputError
from gembounds.tools.processes import finished, in_order, pool


def square(x: int) -> int:
    return x * x


def sleep(seconds: float) -> None:
    time.sleep(seconds)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results(jobs: int) -> None:
    with pool(jobs) as submit:
        tasks = [submit(square, k) for k in range(5)]
        assert sorted(task.result() for task in finished(tasks)) == [0, 1, 4, 9, 16]


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_in_order_of_tasks_that_are_made_when_they_are_needed(jobs: int) -> None:
    made = []

    def tasks() -> Iterator[Any]:
        for k in range(10**9):
            made.append(k)
            yield square, k

    with pool(jobs) as submit:
        for k, found in in_order(submit, tasks(), jobs):
            assert found == k * k
            if k == 50:
                break
    assert len(made) < 100_000
    with pool(jobs) as submit:
        assert list(in_order(submit, [], jobs)) == []
        assert list(in_order(submit, [(square, 3)], jobs)) == [(0, 9)]


def threads(_: object) -> int:
    import numpy  # noqa: F401
    from threadpoolctl import threadpool_info

    return max(int(found["num_threads"]) for found in threadpool_info())


def test_each_of_several_has_one_thread_of_linear_algebra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    with pool(2) as submit:
        assert submit(threads, None).result() == 1
    assert os.environ["OPENBLAS_NUM_THREADS"] == "2"


def end(_: object) -> None:
    os._exit(1)


def test_a_process_that_ends_is_one_line() -> None:
    with pytest.raises(InputError, match="a process was ended"), pool(2) as submit:
        list(in_order(submit, [(end, None)] * 3, 2))


def test_an_interrupt_waits_for_nothing() -> None:
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), pool(2) as submit:
        for _ in range(4):
            submit(sleep, 600.0)
        time.sleep(0.5)
        raise KeyboardInterrupt
    assert time.monotonic() - start < 300


def worker(_: object) -> int:
    return os.getpid()


def hold() -> None:
    with pool(2) as submit:
        sys.stdout.write(f"{submit(worker, None).result()}\n")
        sys.stdout.flush()
        time.sleep(600.0)


def test_processes_end_with_the_one_that_started_them() -> None:
    command = [sys.executable, "-c", "from tests.tools.test_processes import hold; hold()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        number = int(holder.stdout.readline())
        holder.kill()
    for _ in range(600):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError(f"process {number} outlived the one that started it by a minute")
