"""What threads compute at once is what each computes alone: precisions are global to the process,
so they wait for each other."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flint import ctx
from mpmath import iv, mp

import gembounds as gb
from gembounds.evaluators.reference import quantities as reference
from gembounds.referee.verify.confirm import confirm
from gembounds.tools.alone import ALONE
from gembounds.trap import trapped_steps
from gembounds.values.precision import working_precision

PROOF = Path(gb.__file__).parent.parent / "reports" / "certificates" / "eq-18c.json"
MEANS = [["1/3", 1], [0, -2], ["1e-3", "1/7"]]


def mixture() -> gb.Mixture:
    """A new one, with nothing kept."""
    return gb.Mixture(MEANS, ["1e-320", "1/3", "2/3"])


def balls(bits: int) -> Callable[[], Any]:
    return lambda: str(gb.loss(gb.Mixture(MEANS), evaluator="arb", bits=bits)[()])


def verified() -> Any:
    return confirm(json.loads(PROOF.read_text()))


def estimated() -> Any:
    return str(reference.loss(gb.Mixture([[0], [1]]), 20).values)


TASKS: list[Callable[[], Any]] = [
    balls(40), balls(90), balls(60),
    lambda: mixture().log_weights.tolist(),
    lambda: repr(gb.gradient(mixture(), rtol=1e-9)),
    verified,
    estimated,
    lambda: str(trapped_steps(1, 3, "0.7")),
]  # fmt: skip


@pytest.fixture
def often() -> Iterator[None]:
    """Threads take turns 250 times more often than usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(2e-5)
    yield
    sys.setswitchinterval(before)


def test_threads_do_not_disturb_each_other(often: None) -> None:
    alone = [task() for task in TASKS]
    before = ctx.prec, iv.prec, mp.prec
    with ThreadPoolExecutor(len(TASKS)) as pool:
        for _ in range(2):
            found = list(pool.map(lambda task: task(), TASKS))
            assert found == alone
    assert (ctx.prec, iv.prec, mp.prec) == before


def test_a_precision_is_one_threads_at_a_time() -> None:
    began, seen = threading.Event(), []

    def other() -> None:
        began.set()
        with working_precision(64):
            seen.append(ctx.prec)

    thread = threading.Thread(target=other)
    with working_precision(200), working_precision(300):  # the same thread may go on
        thread.start()
        began.wait()
        thread.join(0.05)
        assert ctx.prec == 300 and not seen
    thread.join()
    assert seen == [64]


def test_a_fork_does_not_wait_for_a_thread_that_it_has_not() -> None:
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with ALONE:
            held.set()
            over.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = os.fork()
    if child == 0:
        os._exit(0 if ALONE.acquire(timeout=60) else 1)
    _, status = os.waitpid(child, 0)
    over.set()
    thread.join()
    assert os.waitstatus_to_exitcode(status) == 0
