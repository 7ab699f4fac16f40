"""Section 5, Figure 2 right: the parametric error after convergence follows N^(-1/4).

"We run gradient EM on 5-component GMM with equal weights ... For each sample size, we run 50 times
... The trajectory approximately follows the law of accuracy ~ n^(-1/4)." Read as: with m(N) the
median of the error sqrt(sum_i pi_i |mu_i|^2) over data and starts, for sample sizes N1 and N2 of
the figure with N2 >= 100 N1,

    -3/8 <= log(m(N2)/m(N1)) / log(N2/N1) <= -1/8,

that is, an exponent nearer to -1/4 than to the -1/2 of regular models or to 0. (Fitted over all
sizes it is in ``reports/figures/fig2_right.json``; small samples, whose errors are too large for
the law, make it steeper.) The paper plots means; the law is the same for both, and the median has
an interval that assumes nothing of the distribution.

Evaluation: the runs that `gembounds figures` recorded (``reports/figures/fig2_right_runs.csv``,
settings there), not run again. Of R independent runs the k-th smallest and the k-th largest error
enclose the median except with probability 2 Pr[Bin(R, 1/2) < k]; k is the largest for which that,
summed over the sizes, is at most ``FAILURE``. The verdict is *statistical*: over the draws it
is wrong with at most that probability. What a run takes as converged is the recorded
computation's, in floating point.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims import figure_data
from gembounds.papers.xu_fazel_du_2024.vocabulary import both, symbol
from gembounds.points.point import Point
from gembounds.statements import Domain, const, integer, log
from gembounds.statements.best import Best
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.tree import call

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FAILURE = Fraction(1, 1000)

APART = 100
"""Least N2/N1: nearer sizes leave an exponent with 50 runs each too wide (a choice)."""

Medians = dict[int, tuple[float, float]]


def medians() -> Medians:
    """Ends that enclose the median of every sample size, all at once except with ``FAILURE``;
    empty where nothing is recorded."""
    errors: dict[int, dict[str, float]] = {}
    rows = figure_data.rows("fig2_right_runs")
    for row in rows:
        errors.setdefault(int(row["samples"]), {})[row["run"]] = float(row["error"])
    runs = [error for of_size in errors.values() for error in of_size.values()]
    if (
        not figure_data.is_the_recorded_run("fig2_right")
        or len(runs) < len(rows)  # a run that stands there twice is one run
        or not all(map(math.isfinite, runs))
    ):
        return {}
    found = {size: enclosed_median(list(values.values()), FAILURE / len(errors))
             for size, values in sorted(errors.items())}  # fmt: skip
    return {size: ends for size, ends in found.items() if ends is not None}


def enclosed_median(values: list[float], failure: Fraction) -> tuple[float, float] | None:
    """The k-th smallest and largest, k as large as 2 Pr[Bin(R, 1/2) < k] <= ``failure``
    allows; None where R is too small."""
    ordered, size = sorted(values), len(values)
    k, below = 0, Fraction(1, 2**size)
    while 2 * below <= failure:
        k += 1
        below += Fraction(comb(size, k), 2**size)
    return None if k == 0 else (ordered[k - 1], ordered[size - k])


def _is_pair(ops: Any, point: Point) -> Iterator[Part]:
    """Two sample sizes that are recorded, N2 >= 100 N1."""
    known = medians()
    yield Part("runs are recorded", True if known else None)
    if not known:
        return
    for name in ("N1", "N2"):
        yield part(f"{name} is recorded", int(point[name] in known), "==", 1)
    yield part("N2 >= 100 N1", point["N2"], ">=", APART * point["N1"])


def _pairs() -> SearchStrategy[Point]:
    """All such pairs."""
    from hypothesis import strategies as st

    sizes = sorted(medians())
    found = [(a, b) for a in sizes for b in sizes if b >= APART * a] or [(1, APART)]
    return st.sampled_from(found).map(lambda p: Point(parameters={"N1": p[0], "N2": p[1]}))


def _median(ops: Any, point: Point, size: int) -> Any:
    low, high = medians()[size]
    return ops.ball(low).union(ops.ball(high))


MEDIAN = symbol("median_error", "m({0})", "m({0})", _median, mixture=False)
N1, N2 = integer("N1", 1), integer("N2", 1)
exponent = log(call(MEDIAN, N2) / call(MEDIAN, N1)) / log(N2 / N1)

RANDOM = Best(
    note="A statistical statement: its ends hold but for a small probability over the runs, so "
    "that nothing here is certified."
)

CLAIMS = (
    Claim(
        "section-5-statistical",
        both(exponent, -exponent) <= both(-const("flattest", "1/8"), const("steepest", "3/8")),
        source="Section 5, Figure 2 right",
        over=Domain("pairs of sample sizes", _is_pair, _pairs, text="N2 >= 100 N1"),
        words="n = 5, equal weights, m(N) the median parametric error after convergence with N "
        "samples",
        form="printed",
        best={"steepest": RANDOM, "flattest": RANDOM},
        failure_probability=float(FAILURE),
        cost=8.0,
        min_points=1,
    ),
)
