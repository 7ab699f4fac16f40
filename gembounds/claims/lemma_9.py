"""Lemma 9: the gradient of L, as a derivative and in closed form.

    grad_{mu_i} L = grad_{mu_i} Q(mu given mu) = E[psi_i(x) sum_k psi_k(x) mu_k]

with x ~ N(0, I_d), for every mixture and every i. Three evaluations that share no formula:

- grad L is taken literally, as a derivative: a central difference of certified values of L with
  a bound of its error (:mod:`gembounds.derivative`). A vector is equal to another when their
  products with every direction are; both sides lie in the span of the means (a reflection of
  R^d that fixes all means leaves L and Q unchanged), so directions mu_j and mu_j - mu_k suffice,
  and each point draws one of them.
- grad Q = E[psi_i (mu_i - x)] comes from the first moments E[psi_i x];
- the last form from the overlaps E[psi_i psi_k].

As equalities they are consistent or refuted, never proved by enclosures.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.claims.record import Claim, Constants, has_mixture
from gembounds.logic import Tri
from gembounds.point import Point

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.operations import Operations

    Points = SearchStrategy[Point]

MAX_D = 8
"""Largest dimension drawn: the gradients are vectors of R^d, and a rotation changes nothing."""

LINE_SCALES = ("1", "1/2", "2", "1/4", "1/10", "1/100", "1/10000", "1/100000000", "8", "30")
"""Scales of means on a line. Equality needs a narrow ball, hence a fine grid: planes of
differences are drawn smaller. Norms to 1e3 come from a coordinate that all means share."""

PLANE_SCALES = ("1", "1/2", "1/4", "1/10", "1/100", "1/10000", "1/100000000")

SMALL_SCALES = ("1/4", "1/10", "1/100", "1/100000000")
"""Scales for planes of differences moved along mu_j, which makes them three-dimensional."""


def has_direction(ops: Operations, point: Point) -> Tri:
    """The paper's setting, and i, j, k indices of components (k may be absent, as -1)."""
    if has_mixture(ops, point) is not True:
        return False
    n = point.mix.n
    return bool(0 <= point["i"] < n and 0 <= point["j"] < n and -1 <= point["k"] < n)


def mixtures_of(max_rank: int, scales: Sequence[str]) -> Points:
    """Mixtures of 2 to 6 components, any weights."""
    from gembounds.strategies import points

    return points(max_n=6, max_rank=max_rank, max_d=MAX_D, norms=[Fraction(x) for x in scales])


def mixtures_of_all_shapes() -> Points:
    """Means on a line or in a plane."""
    return mixtures_of(1, LINE_SCALES) | mixtures_of(2, PLANE_SCALES)


def mixtures_with_a_direction() -> Points:
    """The same with a component i and a direction mu_j (k = -1) or mu_j - mu_k."""
    from hypothesis import strategies as st

    def indexed(points: Points, lowest: int) -> Points:
        def drawn(point: Point) -> Points:
            n = point.mix.n
            index = st.integers(0, n - 1)
            return st.tuples(index, index, st.integers(lowest, n - 1)).map(
                lambda t: Point(point.mixture, dict(zip("ijk", t, strict=True)))
            )

        return points.flatmap(drawn)

    return st.one_of(
        indexed(mixtures_of(1, LINE_SCALES), -1),
        indexed(mixtures_of(2, PLANE_SCALES), 0),
        indexed(mixtures_of(2, SMALL_SCALES), -1),
    )


def direction(ops: Operations, point: Point) -> list[Fraction]:
    """mu_j, or mu_j - mu_k, over the distinct columns."""
    means = ops.means(point.mix)
    j, k = point["j"], point["k"]
    if k < 0:
        return means[j]
    return [a - b for a, b in zip(means[j], means[k], strict=True)]


def derivative_of_loss(ops: Operations, point: Point, constants: Constants) -> Any:
    from gembounds.derivative import directional_derivative

    return directional_derivative(ops, point.mix, point["i"], direction(ops, point))


def gradient_of_q_along(ops: Operations, point: Point, constants: Constants) -> Any:
    row = ops.gradient_of_q(point.mix)[point["i"]]
    along = zip(row, direction(ops, point), ops.multiplicities(point.mix), strict=True)
    return sum((g * ops.ball(v * m) for g, v, m in along), ops.ball(0))


def gradient_of_q(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.gradient_of_q(point.mix)


def closed_form(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.gradient(point.mix)


def largest_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    """mu_max: the size of a gradient, |grad_i L| <= mu_max."""
    return ops.mu_max(point.mix)


def along_largest_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    """mu_max |v|."""
    v = direction(ops, point)
    along = zip(v, ops.multiplicities(point.mix), strict=True)
    square = sum((m * x * x for x, m in along), Fraction(0))
    return ops.sqrt(square * ops.mu_max2(point.mix))


CLAIMS = (
    Claim(
        id="lemma-9.1",
        source="Lemma 9, first equality",
        text="grad_{mu_i} L = grad_{mu_i} Q(mu given mu)",
        relation="==",
        lhs=derivative_of_loss,
        rhs=gradient_of_q_along,
        domain=has_direction,
        generator=mixtures_with_a_direction,
        scale=along_largest_mean,
        cost=2.0,
    ),
    Claim(
        id="lemma-9.2",
        source="Lemma 9, second equality",
        text="grad_{mu_i} Q(mu given mu) = E[psi_i(x) sum_k psi_k(x) mu_k]",
        relation="==",
        lhs=gradient_of_q,
        rhs=closed_form,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        scale=largest_mean,
        cost=2.0,
    ),
)
