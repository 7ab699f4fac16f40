"""Pools: results of tasks in other processes or in this one; an error ends what is left."""

from __future__ import annotations

import time

import pytest

from gembounds.pool import finished, pool


def square(x: int) -> int:
    return x * x


def sleep(seconds: float) -> None:
    time.sleep(seconds)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results(jobs: int) -> None:
    with pool(jobs) as submit:
        tasks = [submit(square, k) for k in range(5)]
        assert sorted(task.result() for task in finished(tasks)) == [0, 1, 4, 9, 16]


def test_an_interrupt_waits_for_nothing() -> None:
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), pool(2) as submit:
        for _ in range(4):
            submit(sleep, 600.0)
        time.sleep(0.5)
        raise KeyboardInterrupt
    assert time.monotonic() - start < 300
