"""Section 5, Figure 1 right: more evenly distributed weights result in faster convergence.

"We train 3-component GMM with 3 different weight configurations and report 4 runs each
configuration ... More evenly distributed weights result in faster convergence." d = 5, eta = 0.7,
weights (1/3, 1/3, 1/3), (1/6, 1/3, 1/2), (1/20, 1/5, 3/4); run k starts all three from the same
means (:mod:`gembounds.papers.xu_fazel_du_2024.experiments`). Read as: towards the end L is smaller with the more even
weights, in every run,

    for 100 <= t <= 150:  L with weights number j  <  L with weights number j + 1.

It is not so at every t: at t = 5 the uneven weights are ahead in three of the four runs, since a
far mean of small weight counts for little. Run 13, drawn the same way, is not in order at t = 100.

Sharpened: what happens in the end. Let d >= n - 1. The expansion of :mod:`gembounds.papers.xu_fazel_du_2024.rate.run`
leaves L = |M|_F^2/4 on the means with sum_i pi_i mu_i = 0, that is A = Q X, A the n x d matrix of
the means, Q an orthonormal basis of the complement of pi. Then X' = -eta K X X^T K X a step with
K = Q^T diag(pi) Q, solved by X X^T = K^-2/(2 eta t), which starts of full rank tend to; so

    L(mu(t)) ~ c(pi) / (16 eta^2 t^2),   c(pi) = tr K^-2 = sum_i (1/pi_i^2 - 2/pi_i) + n^2,

as K^-1 is diag(1/pi) - 1 1^T on the complement of pi. c(pi) is n^2 and a sum of f(pi_i), f(x) =
1/x^2 - 2/x, convex on (0, 1): f'' = (6 - 4x)/x^4. By Karamata's inequality c is smaller for
weights that are majorized, and n^2 (n-1) at equal ones. The claim is that inequality, for two
weights moved towards each other; finitely many such moves give every majorized vector:

    pi' = pi but for  pi'_i = (1-s) pi_i + s pi_j,  pi'_j = s pi_i + (1-s) pi_j,  0 < s < 1,
    pi_i != pi_j:   c(pi') < c(pi).

The expansion is no proof that the factor is c(pi); tests compare it with trajectories.

Evaluation: L is enclosed for the exact trajectory; c is rational.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

RUNS, PAIRS = 4, 2
FIRST, LAST = 100, 150


@conditions
def is_run(ops: Operations, point: Point) -> Iterator[Part]:
    """A run from 0 to 3, weights number 0 or 1, a whole t with 100 <= t <= 150."""
    names, most = ("run", "weights", "t"), (RUNS - 1, PAIRS - 1, LAST)
    whole = all(Fraction(point[name]).denominator == 1 for name in names)
    yield part("run, weights, t are whole", int(whole), "==", 1)
    for name, low, high in zip(names, (0, 0, FIRST), most, strict=True):
        yield part(f"{name} >= {low}", point[name], ">=", low)
        yield part(f"{name} <= {high}", point[name], "<=", high)


def runs() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    drawn = st.tuples(
        st.integers(0, RUNS - 1), st.integers(0, PAIRS - 1), st.integers(FIRST, LAST)
    )
    return drawn.map(
        lambda p: Point(parameters=dict(zip(("run", "weights", "t"), p, strict=True)))
    )


@lru_cache(maxsize=RUNS * (PAIRS + 1))
def losses(run: int, weights: int) -> Any:
    """L along ``LAST`` steps, an :class:`gembounds.values.enclosure.Enclosure`."""
    from gembounds import em
    from gembounds.papers.xu_fazel_du_2024 import experiments
    from gembounds.values.mixture import Mixture

    start = Mixture(experiments.run_start(run), experiments.WEIGHTS[weights])
    return em.trajectory(start, str(experiments.STEP_SIZE), LAST).loss


def _loss(point: Point, further: int) -> Any:
    from gembounds.statements.operations import interval_ball

    found = losses(int(point["run"]), int(point["weights"]) + further)[int(point["t"])]
    return interval_ball(float(found.lower), float(found.upper))


def loss_even(ops: Operations, point: Point, constants: Constants) -> Any:
    return _loss(point, 0)


def loss_uneven(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.ball(constants["factor"]) * _loss(point, 1)


def factor_of(weights: Sequence[Fraction]) -> Fraction:
    """c(pi)."""
    inverses = [1 / p for p in weights]
    return sum((x * x - 2 * x for x in inverses), Fraction(len(inverses) ** 2))


@conditions
def moves_together(ops: Operations, point: Point) -> Iterator[Part]:
    """n >= 2; the first two weights differ; 0 < s < 1."""
    yield from has_mixture.parts(ops, point)
    first, second, *_ = ops.weights(point.mix)
    yield part("pi_1 and pi_2 differ", abs(first - second), ">", 0)
    yield part("s > 0", point["s"], ">", 0)
    yield part("s < 1", point["s"], "<", 1)


def weights_moved() -> SearchStrategy[Point]:
    """2 to 8 weights, in ratios to 10^6; s on a grid and near its ends."""
    from hypothesis import strategies as st

    from gembounds.values.mixture import Mixture

    def built(drawn: tuple[list[int], Fraction]) -> Point:
        parts, s = drawn
        if parts[0] == parts[1]:
            parts = [parts[0] + 1, *parts[1:]]
        weights = [Fraction(p, sum(parts)) for p in parts]
        return Point(Mixture([[0]] * len(parts), weights), {"s": s})

    sizes = st.one_of(st.integers(1, 20), st.integers(1, 10**6))
    share = st.integers(1, 31).map(lambda k: Fraction(k, 32))
    ends = st.sampled_from([Fraction(1, 10**6), 1 - Fraction(1, 10**6)])
    return st.tuples(st.lists(sizes, min_size=2, max_size=8), share | ends).map(built)


def factor_moved(ops: Operations, point: Point, constants: Constants) -> Fraction:
    first, second, *rest = ops.weights(point.mix)
    s = Fraction(point["s"])
    moved = [(1 - s) * first + s * second, s * first + (1 - s) * second]
    return factor_of([*moved, *rest])


def factor(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return Fraction(constants["factor"]) * factor_of(ops.weights(point.mix))


CLAIMS = (
    Claim(
        id="section-5-weights",
        source="Section 5, Figure 1 right",
        text=(
            "n = 3, d = 5, eta = 0.7, runs 0 to 3, 100 <= t <= 150: L(mu(t)) with (1/3, 1/3, 1/3) "
            "< with (1/6, 1/3, 1/2) < with (1/20, 1/5, 3/4)"
        ),
        relation="<",
        lhs=loss_even,
        rhs=loss_uneven,
        domain=is_run,
        generator=runs,
        constants={"factor": Fraction(1)},
        cost=8.0,
        min_points=30,
    ),
    Claim(
        id="section-5-weights-sharpened",
        form="sharpened",
        repairs="section-5-weights",
        source="Section 5, Figure 1 right, in the end",
        text=(
            "c(pi) = sum_i (1/pi_i^2 - 2/pi_i) + n^2, L(mu(t)) ~ c(pi)/(16 eta^2 t^2): c is "
            "smaller where two weights are moved towards each other"
        ),
        relation="<",
        lhs=factor_moved,
        rhs=factor,
        domain=moves_together,
        generator=weights_moved,
        constants={"factor": Fraction(1)},
    ),
)
