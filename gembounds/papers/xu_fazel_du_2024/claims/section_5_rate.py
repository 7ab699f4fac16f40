"""Section 5, Figure 1 left and middle: L and the parametric distance converge sub-linearly.

"Both the likelihood L and the parametric distance converges sub-linearly": d = 5, eta = 0.7, means
started at random, weights drawn from a standard Dirichlet (settings, and what the paper leaves
open, in :mod:`gembounds.papers.xu_fazel_du_2024.experiments`; seeds 0 to 5 there). Read as: y
decreases, and by a share of at most K/t in step t, for 64 <= t < 128,

    y(t+1) <= y(t)   and   y(t+1) >= (1 - K/t) y(t),

K = 3 for y = L (.1), 3/2 for y = sum_i pi_i |mu_i|^2 (.2). Where that goes on, y decreases no
faster than t^-K; at a linear rate the share would stay, and t times it grow. To be expected are
K = 2 and 1 in the end (:mod:`gembounds.papers.xu_fazel_du_2024.rate.run`), and more before, while
some mean leaves a plateau.

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
from itertools import product
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims import figure_data
from gembounds.papers.xu_fazel_du_2024.vocabulary import both, symbol
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, Expr, const, integer
from gembounds.statements.best import Best
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.tree import call

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

SEEDS = 6
FIRST, LAST = 64, 128
FIRST_RECORDED, END_RECORDED = 250, 1000
STUDENTS = (2, 5, 10)
STEP_ERROR = 1e-3
"""Largest relative error of the gradient along states that are computed, as the text has it."""

FIGURES = ("fig1_left", "fig1_middle")

RUNS = "The claim is about a few runs of the paper's experiment: the worst step of those drawn."

Ends = dict[tuple[int, int], tuple[Fraction, Fraction]]


def not_run(*arguments: Any) -> Any:
    """In place of a value in interval arithmetic."""
    from gembounds.referee.verify.sums import OutOfReach

    raise OutOfReach("trajectories are not run in interval arithmetic")


def runs(**ends: tuple[int, int]) -> Domain:
    """Whole numbers between their ends, each as often."""

    def draw() -> SearchStrategy[Point]:
        from hypothesis import strategies as st

        numbers = {name: st.integers(*both_ends) for name, both_ends in ends.items()}
        return st.fixed_dictionaries(numbers).map(lambda p: Point(parameters=p))

    def every() -> list[Point]:
        ranges = (range(low, high + 1) for low, high in ends.values())
        return [Point(parameters=dict(zip(ends, t, strict=True))) for t in product(*ranges)]

    return Domain("runs", NUMBERS.test, draw, every=every)


# -- trajectories that are run -------------------------------------------------------------------
@lru_cache(maxsize=2 * SEEDS)
def walk(n: int, seed: int) -> Any:
    """The trajectory of ``LAST`` steps."""
    from gembounds import em
    from gembounds.papers.xu_fazel_du_2024 import experiments
    from gembounds.values.mixture import Mixture

    start = Mixture(experiments.student_start(n, seed), experiments.dirichlet_weights(n, seed))
    return em.trajectory(start, str(experiments.STEP_SIZE), LAST)


def _run(name: str) -> Callable[..., Any]:
    def value(ops: Any, point: Point, t: Fraction, n: int, seed: int) -> Any:
        from gembounds.statements.operations import interval_ball

        found = getattr(walk(n, seed), name)
        return interval_ball(float(found.lower[int(t)]), float(found.upper[int(t)]))

    return value


# -- trajectories that are recorded --------------------------------------------------------------
def recorded(name: str) -> Ends:
    """The ends of the value at each (n, t), which are decimals."""
    return _recorded(name, figure_data.stamp(name))


@lru_cache(maxsize=4)
def _recorded(name: str, changed: Any) -> Ends:
    if not figure_data.is_the_recorded_run(name):
        return {}
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


def _value(figure: str) -> Callable[..., Any]:
    def value(ops: Any, point: Point, t: Fraction, n: int) -> Any:
        low, high = recorded(figure)[n, int(t)]
        return ops.ball(low).union(ops.ball(high))

    return value


def recorded_places() -> frozenset[tuple[int, int]]:
    """(n, t) that both figures have."""
    return _places(tuple(figure_data.stamp(name) for name in FIGURES))


@lru_cache(maxsize=4)
def _places(changed: Any) -> frozenset[tuple[int, int]]:
    first, second = (recorded(name) for name in FIGURES)
    return frozenset(first) & frozenset(second)


def _is_recorded(ops: Any, point: Point) -> Iterator[Part]:
    known = recorded_places()
    yield Part("trajectories are recorded", True if known else None)
    if known:
        n, t = point["n"], point["t"]
        yield part("n and t are recorded", int((n, t) in known and (n, t + 1) in known), "==", 1)


def recorded_steps() -> list[Point]:
    """The points at which a claim about recorded steps is decided."""
    known = recorded_places()
    found = sorted((n, t) for n, t in known if n in STUDENTS and (n, t + 1) in known)
    return [Point(parameters={"n": n, "t": t}) for n, t in found]


def every_step() -> list[Point]:
    """All that the text says, where all are recorded; else none."""
    found = recorded_steps()
    return found if len(found) == len(STUDENTS) * (END_RECORDED - FIRST_RECORDED) else []


def _recorded_runs() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    nowhere = Point(parameters={"n": 2, "t": FIRST_RECORDED})
    return st.sampled_from(recorded_steps() or [nowhere])


def _y(number: int, name: str, of: Callable[..., Any], *run: Expr) -> Callable[[Expr], Expr]:
    """L or the distance as a function of the time."""
    text, latex = (
        ("L(mu({0}))", r"L(\mu({0}))")
        if number % 2
        else ("sum_i pi_i |mu_i({0})|^2", r"\sum_i \pi_i |\mu_i({0})|^2")
    )
    known = symbol(name, text, latex, of, interval=not_run, mixture=False)
    return lambda t: call(known, t, *run)


def _claim(
    number: int, factor: Any, y: Callable[[Expr], Expr], t: Expr, students: str, times: str,
    over: Domain,
) -> Claim:  # fmt: skip
    return Claim(
        f"section-5-rate.{number}",
        both(y(t), y(t + 1)) >= both(y(t + 1), (1 - const("K", factor) / t) * y(t)),
        source=f"Section 5, Figure 1 {'left' if number % 2 else 'middle'}, {students}",
        over=over,
        words=f"{students}, d = 5, eta = 0.7, random starts and weights, {times}",
        form="printed",
        best={"K": Best(note=RUNS)},
        cost=8.0,
        min_points=30,
    )


RUN_OF = (integer("n", 2, 3), integer("seed", 0, SEEDS - 1))
RUN = (
    integer("t", FIRST, LAST - 1), "n = 2 and 3", "64 <= t < 128",
    runs(n=(2, 3), seed=(0, SEEDS - 1), t=(FIRST, LAST - 1)),
)  # fmt: skip
RECORDED = (
    integer("t", FIRST_RECORDED), "n = 2, 5 (exact trajectory), 10 (computed states)",
    "250 <= t < 1000",
    Domain("recorded trajectories", _is_recorded, _recorded_runs, every=every_step),
)  # fmt: skip
n = integer("n")

CLAIMS = (
    _claim(1, 3, _y(1, "run_loss", _run("loss"), *RUN_OF), *RUN),
    _claim(2, "3/2", _y(2, "run_distance", _run("parametric_distance"), *RUN_OF), *RUN),
    _claim(3, 3, _y(3, "recorded_loss", _value(FIGURES[0]), n), *RECORDED),
    _claim(4, "3/2", _y(4, "recorded_distance", _value(FIGURES[1]), n), *RECORDED),
)
