"""Section 5, Figure 1 left and middle: L and the parametric distance converge sub-linearly.

"Both the likelihood L and the parametric distance converges sub-linearly": d = 5, eta = 0.7, means
started at random, weights drawn from a standard Dirichlet (settings, and what the paper leaves
open, in :mod:`gembounds.papers.xu_fazel_du_2024.experiments`; seeds 0 to 5 there). Read as: y decreases, and by a share of
at most K/t in step t, for 64 <= t < 128,

    y(t+1) <= y(t)   and   y(t+1) >= (1 - K/t) y(t),

K = 3 for y = L (.1), 3/2 for y = sum_i pi_i |mu_i|^2 (.2). Where that goes on, y decreases no
faster than t^-K; at a linear rate the share would stay, and t times it grow. To be expected are
K = 2 and 1 in the end (:mod:`gembounds.papers.xu_fazel_du_2024.rate.run`), and more before, while some mean leaves a
plateau.

Of the paper's n = 2, 5, 10 only 2 is run here, and 3; n = 5 and 10 take minutes. .3 and .4 say the
same of L and the distance for n = 2, 5, 10 and 250 <= t < 1000, with the enclosures that
`gembounds figures` recorded (``reports/figures/fig1_left.csv``, ``fig1_middle.csv``). For n = 2
and 5 they are of the exact trajectory. For n = 10 no finite bound of the distance to it is known:
there y is enclosed at the *states computed*, each of which is one step of gradient EM from the
one before but for an error of the gradient of at most a thousandth of its norm (column
``step_error``); the text says so. Without those files the claims are undecided.

Evaluation: .1 and .2 enclose L and the distance of the exact trajectory (:mod:`gembounds.em`), to
about nine digits, where a step's share is 1e-3 or more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gembounds.papers.xu_fazel_du_2024.old_claims import figure_data
from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants, Domain, Generator

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

STUDENTS, SEEDS = (2, 3), 6
FIRST, LAST = 64, 128
FIRST_RECORDED = 250
STEP_ERROR = 1e-3
"""Largest relative error of the gradient along states that are computed, as the text has it."""

FIGURES = ("fig1_left", "fig1_middle")

Ends = dict[tuple[int, int], tuple[Fraction, Fraction]]


@conditions
def is_run(ops: Operations, point: Point) -> Iterator[Part]:
    """n = 2 or 3, a seed from 0 to 5, a whole t with 64 <= t < 128."""
    names = ("n", "seed", "t")
    whole = all(Fraction(point[name]).denominator == 1 for name in names)
    yield part("n, seed, t are whole", int(whole), "==", 1)
    for name, least, most in zip(
        names, (STUDENTS[0], 0, FIRST), (STUDENTS[-1], SEEDS - 1, LAST - 1), strict=True
    ):
        yield part(f"{name} >= {least}", point[name], ">=", least)
        yield part(f"{name} <= {most}", point[name], "<=", most)


def runs() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    drawn = st.tuples(
        st.sampled_from(STUDENTS), st.integers(0, SEEDS - 1), st.integers(FIRST, LAST - 1)
    )
    return drawn.map(lambda p: Point(parameters=dict(zip(("n", "seed", "t"), p, strict=True))))


@lru_cache(maxsize=len(STUDENTS) * SEEDS)
def walk(n: int, seed: int) -> Any:
    """The trajectory of ``LAST`` steps."""
    from gembounds import em
    from gembounds.papers.xu_fazel_du_2024 import experiments
    from gembounds.values.mixture import Mixture

    start = Mixture(experiments.student_start(n, seed), experiments.dirichlet_weights(n, seed))
    return em.trajectory(start, str(experiments.STEP_SIZE), LAST)


def run_values(ops: Operations, point: Point, name: str) -> tuple[Any, Any]:
    """y(t) and y(t+1), from a run."""
    from gembounds.statements.operations import interval_ball

    found = getattr(walk(int(point["n"]), int(point["seed"])), name)
    t = int(point["t"])
    here, after = (interval_ball(float(found.lower[k]), float(found.upper[k])) for k in (t, t + 1))
    return here, after


@conditions
def is_recorded(ops: Operations, point: Point) -> Iterator[Part]:
    """n and t >= 250 that are recorded in both figures, t + 1 as well."""
    known = recorded_places()
    yield Part("trajectories are recorded", True if known else None)
    if known:
        n, t = point["n"], point["t"]
        yield part("n and t are recorded", int((n, t) in known and (n, t + 1) in known), "==", 1)
        yield part(f"t >= {FIRST_RECORDED}", t, ">=", FIRST_RECORDED)


def recorded(name: str) -> Ends:
    """The ends of the value at each (n, t), which are decimals."""
    if not figure_data.is_the_recorded_run(name):
        return {}
    return _recorded(name, figure_data.directory(), figure_data.stamp(name))


@lru_cache(maxsize=4)
def _recorded(name: str, directory: Path, changed: int) -> Ends:
    return {
        (int(row["n"]), int(row["t"])): (Fraction(row["lower"]), Fraction(row["upper"]))
        for row in figure_data.rows(name)
        if int(row["t"]) >= FIRST_RECORDED and _counts(row)
    }


def _counts(row: figure_data.Row) -> bool:
    """Whether the ends are of the exact trajectory, or of a state that is near enough to a step
    from the one before; and whether they are ends."""
    known = math.isfinite(float(row["apart"] or "inf"))
    stepped = float(row["step_error"] or "inf") <= STEP_ERROR
    return (known or stepped) and -math.inf < float(row["lower"]) <= float(row["upper"]) < math.inf


def recorded_places() -> frozenset[tuple[int, int]]:
    """(n, t) that both figures have."""
    first, second = (recorded(name) for name in FIGURES)
    return frozenset(first) & frozenset(second)


def recorded_runs() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    known = recorded_places()
    found = sorted((n, t) for n, t in known if (n, t + 1) in known) or [(2, FIRST_RECORDED)]
    return st.sampled_from(found).map(lambda p: Point(parameters={"n": p[0], "t": p[1]}))


def recorded_values(ops: Operations, point: Point, name: str) -> tuple[Any, Any]:
    """y(t) and y(t+1), as recorded."""
    known, t = recorded(name), point["t"]
    here, after = (
        ops.ball(low).union(ops.ball(high))
        for low, high in (known[point["n"], t], known[point["n"], t + 1])
    )
    return here, after


class _Data(NamedTuple):
    values: Callable[[Operations, Point, str], tuple[Any, Any]]
    domain: Domain
    generator: Generator
    students: str
    times: str


RUN = _Data(run_values, is_run, runs, "n = 2 and 3", "64 <= t < 128")
RECORDED = _Data(
    recorded_values, is_recorded, recorded_runs,
    "n = 2, 5 (exact trajectory), 10 (computed states)", "250 <= t < 1000",
)  # fmt: skip


def _claim(number: int, data: _Data, name: str, symbol: str, factor: Fraction) -> Claim:
    def larger(ops: Operations, point: Point, constants: Constants) -> list[Any]:
        """y(t), y(t+1)."""
        return list(data.values(ops, point, name))

    def smaller(ops: Operations, point: Point, constants: Constants) -> list[Any]:
        """y(t+1), (1 - K/t) y(t)."""
        here, after = data.values(ops, point, name)
        return [after, ops.ball(1 - constants["K"] / Fraction(point["t"])) * here]

    return Claim(
        id=f"section-5-rate.{number}",
        source=f"Section 5, Figure 1 {'left' if symbol == 'L' else 'middle'}, {data.students}",
        text=(
            f"{data.students}, d = 5, eta = 0.7, random starts and weights, {data.times}, "
            f"y = {symbol}: y(t) >= y(t+1) >= (1 - {factor}/t) y(t)"
        ),
        relation=">=",
        lhs=larger,
        rhs=smaller,
        domain=data.domain,
        generator=data.generator,
        constants={"K": factor},
        cost=8.0,
        min_points=30,
    )


DISTANCE = "sum_i pi_i |mu_i|^2"

CLAIMS = (
    _claim(1, RUN, "loss", "L", Fraction(3)),
    _claim(2, RUN, "parametric_distance", DISTANCE, Fraction(3, 2)),
    _claim(3, RECORDED, FIGURES[0], "L", Fraction(3)),
    _claim(4, RECORDED, FIGURES[1], DISTANCE, Fraction(3, 2)),
)
