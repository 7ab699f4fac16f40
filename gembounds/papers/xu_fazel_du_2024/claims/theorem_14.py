"""Theorem 14 (upper bounds of the loss).

    L(mu) <= sum_i (pi_i/2) |mu_i|^2 <= mu_max^2/2

for every mixture. The first link compares the certified loss with an exact rational; where all
means coincide it is an equality, and the loss is exactly |mu_1|^2/2 (the mixture is one
Gaussian). The second link is rational on both sides.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

HALF = {"half": Fraction(1, 2)}


def mixtures_of_all_shapes() -> SearchStrategy[Point]:
    """Mixtures of 2 to 10 components, ranks to 5.

    The sides of the first link differ by about the smallest weight, so the tiny ones go mostly
    with means on a line, where hundreds of digits are cheap.
    """
    from gembounds.points.strategies import points, points_of_all_ranks

    moderate = points(smallest_weight=6)
    return points(max_rank=1) | moderate | moderate | points_of_all_ranks()


def loss(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.loss(point.mix)


def mean_square(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """sum_i (pi_i/2) |mu_i|^2, exact."""
    pi, norms2 = ops.weights(point.mix), ops.norms2(point.mix)
    total = sum((p * s for p, s in zip(pi, norms2, strict=True)), Fraction(0))
    return constants["half"] * total


def half_mean_square(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """The middle of the chain as the second link reads it."""
    return mean_square(ops, point, HALF)


def half_mu_max2(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return constants["half"] * ops.mu_max2(point.mix)


CLAIMS = (
    Claim(
        id="theorem-14.1",
        source="Theorem 14, first inequality",
        text="L(mu) <= sum_i (pi_i/2) |mu_i|^2",
        relation="<=",
        lhs=loss,
        rhs=mean_square,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants=HALF,
    ),
    Claim(
        id="theorem-14.2",
        source="Theorem 14, second inequality",
        text="sum_i (pi_i/2) |mu_i|^2 <= mu_max^2/2",
        relation="<=",
        lhs=half_mean_square,
        rhs=half_mu_max2,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants=HALF,
    ),
)
