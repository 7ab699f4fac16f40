"""Pools: results of tasks in other processes or in this one; an error ends what is left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, wait
from pathlib import Path
from typing import Any

import pytest

from gembounds.tools.errors import InputError
from gembounds.tools.processes import Processes
from gembounds.tools.versions import file_digest
from gembounds.tools.workers import DEATHS, Workers, as_done, in_order, pool


def square(x: int) -> int:
    return x * x


def sleep(seconds: float) -> None:
    time.sleep(seconds)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results(jobs: int) -> None:
    with pool(jobs) as workers:
        found = sorted(as_done(workers, ((square, k) for k in range(5))))
    assert found == [(k, k * k, False) for k in range(5)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_in_order_of_tasks_that_are_made_when_they_are_needed(jobs: int) -> None:
    made = []

    def tasks() -> Iterator[Any]:
        for k in range(10**9):
            made.append(k)
            yield square, k

    with pool(jobs) as workers:
        for k, found, _ in in_order(workers, tasks()):
            assert found == k * k
            if k == 50:
                break
        assert len(made) < 100_000
        assert list(in_order(workers, [])) == []
        assert list(in_order(workers, [(square, 3)])) == [(0, 9, False)]


class Late(Executor):
    """Does at once what is asked, but for the first."""

    def __init__(self) -> None:
        self.futures: list[Future[int]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.futures.append(Future())
        if len(self.futures) > 1:
            self.futures[-1].set_result(fn(*args))
        return self.futures[-1]


def test_few_results_wait_for_a_slow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    late, begun = Late(), []

    def waited(running: Any, return_when: str) -> Any:
        if not any(future.done() for future in running):
            begun.append(len(late.futures))
            late.futures[0].set_result(0)
        return wait(running, return_when=return_when)

    monkeypatch.setattr("gembounds.tools.workers.wait", waited)
    monkeypatch.setattr("gembounds.tools.workers.HELD", 10)
    found = [one.result for one in in_order(Workers(late, 4, 4), ((square, k) for k in range(99)))]
    assert found == [k * k for k in range(99)]
    assert len(begun) == 1 and 10 <= begun[0] <= 14


def threads(_: object) -> int:
    import numpy  # noqa: F401
    from threadpoolctl import threadpool_info

    return max(int(found["num_threads"]) for found in threadpool_info())


def test_each_of_several_has_one_thread_of_linear_algebra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    with pool(2) as workers:
        assert workers.submit(threads, None).result() == 1
    assert os.environ["OPENBLAS_NUM_THREADS"] == "2"


def end(lives: Path) -> str:
    """Ends its process, as often as there is a life left."""
    for life in lives.iterdir():
        life.unlink()
        os._exit(1)
    return "alive"


def test_a_task_that_ends_its_process_is_tried_again_and_reported(tmp_path: Path) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    for folder, lives in ((few, DEATHS - 1), (many, 9)):
        folder.mkdir()
        for k in range(lives):
            (folder / str(k)).touch()
    with pool(2) as workers:
        tasks = [(end, few), *((square, k) for k in range(9))]
        assert [one.result for one in in_order(workers, tasks)][:2] == ["alive", 0]
    with pytest.raises(InputError, match="3 processes ended on one task"), pool(2) as workers:
        list(in_order(workers, [(end, many)]))
    assert len(list(many.iterdir())) == 9 - DEATHS


def test_an_interrupt_waits_for_nothing() -> None:
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), pool(2) as workers:
        for _ in range(4):
            workers.submit(sleep, 600.0)
        time.sleep(0.5)
        raise KeyboardInterrupt
    assert time.monotonic() - start < 300


def nothing() -> dict[str, str]:
    return {}


def known(place: tuple[str, str]) -> str:
    return place[1]


def test_a_worker_that_knows_a_file_as_it_was_is_refused(tmp_path: Path) -> None:
    """As one of a cluster does, which has imported it."""
    file = tmp_path / "claims.py"
    file.write_text("CLAIMS = ()\n")
    workers = Workers(Processes(1), 1, 1)
    workers.version = nothing
    try:
        assert workers.submit(known, (str(file), "id")).result() == "id"
        file.write_text("CLAIMS = []\n")
        file_digest.cache_clear()  # here, as in another run
        with pytest.raises(InputError, match=r"with another .*claims\.py: install the same"):
            workers.submit(known, (str(file), "id")).result()
    finally:
        workers.executor.shutdown()


def worker(_: object) -> int:
    return os.getpid()


def hold() -> None:
    with pool(2) as workers:
        sys.stdout.write(f"{workers.submit(worker, None).result()}\n")
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
