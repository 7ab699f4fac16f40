"""Contests: who computes the same thing, how long it takes, and how far off it is.

Contenders of one contest take turns, and a time is the processor time of the process (all its
threads), the least over the turns: a busy machine changes ratios little. `make bench` ends with
the tables, and nothing is asserted about time. Without --benchmark-only everything runs once,
and the slowest contenders not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.values.enclosure import Enclosure

TURNS = 4
OURS = "gembounds"

Timed = dict[str, dict[str, list[float]]]
times: Timed = defaultdict(lambda: defaultdict(list))
errors: dict[tuple[str, str], float] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "turn" in metafunc.fixturenames:
        turns = TURNS if metafunc.config.getoption("benchmark_only", False) else 1
        metafunc.parametrize("turn", range(turns), scope="session")


@pytest.fixture
def contest(benchmark: Any, turn: int) -> Callable[..., Any]:
    """``contest(title, name, rounds, call)`` times the call, notes it, gives its value."""

    def run(title: str, name: str, rounds: int, call: Callable[[], Any]) -> Any:
        benchmark.group = title
        value = benchmark.pedantic(call, rounds=rounds, warmup_rounds=min(rounds - 1, 3))
        if benchmark.stats is not None:
            times[title][name].append(benchmark.stats.stats.min)
        return value

    return run


def note_error(title: str, name: str, value: Any, means: Any) -> float:
    """The largest error relative to the entry: for an enclosure a bound, half its width; else
    the distance from the middle of the balls."""
    if isinstance(value, Enclosure):
        error = 0.5 * float(value.relative_width.max())
    else:
        sure = gb.overlaps(gb.Mixture(means), evaluator="arb").mid
        found = np.array([[float(getattr(x, "mid", lambda x=x: x)()) for x in row]
                          for row in value])  # fmt: skip
        error = float((np.abs(found - sure) / sure).max())
    errors[title, name] = error
    return error


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    for title, found in times.items():
        best = {name: min(values) for name, values in found.items()}
        ours = best[OURS]
        terminalreporter.write_line(f"\n| {title} | time | times ours | error |")
        terminalreporter.write_line("| --- | ---: | ---: | ---: |")
        for name, time in best.items():
            error = errors.get((title, name))
            shown = "" if error is None else f"{'<= ' if name == OURS else ''}{error:.0e}"
            terminalreporter.write_line(
                f"| {name} | {_seconds(time)} | {time / ours:,.3g} | {shown} |"
            )


def _seconds(time: float) -> str:
    if time < 1e-3:
        return f"{1e6 * time:.0f} us"
    return f"{1e3 * time:.3g} ms" if time < 1 else f"{time:.3g} s"
