"""Lemma 11, and (26a) of its proof; its other steps are in the files beside this one.

    E|psi~|^2 >= exp(-8U) / (40000 d (1 + 2 mu_max sqrt(d))^2)
                 * (sum_ij pi_i pi_j |mu_i - mu_j|^2)^2

for every mixture; i and j run over all components. The left side comes from the certified
evaluators; on the right U and the sum are exact rationals, the rest balls.

(26a): Pr[|x| >= sqrt(d)/2] >= 1/50 for every d >= 1, the left side a regularised incomplete
gamma function.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture


def mixtures_of_all_shapes() -> SearchStrategy[Point]:
    """Mixtures of 2 to 10 components, ranks to 5."""
    from gembounds.points.strategies import points_of_all_ranks

    return points_of_all_ranks()


def dimensions_up_to_a_million() -> SearchStrategy[Point]:
    """d from 1 to 10^6."""
    from gembounds.points.strategies import dimension_points

    return dimension_points()


def any_dimension(ops: Operations, point: Point) -> Tri:
    """d >= 1."""
    return bool(point["d"] >= 1)


def weighted_spread(ops: Operations, mix: Mixture) -> Fraction:
    """sum_ij pi_i pi_j |mu_i - mu_j|^2, exact."""
    pi, distances = ops.weights(mix), ops.distances2(mix)
    n = range(mix.n)
    return sum((pi[i] * pi[j] * distances[i][j] for i in n for j in n), Fraction(0))


def posterior_mean_square(ops: Operations, point: Point, constants: Constants) -> Any:
    """E|psi~|^2; in closed bounds where no grid tells it from 0."""
    value = ops.psi_tilde_norm2(point.mix)
    if isinstance(value, Fraction) or value > 0:
        return value
    from gembounds.evaluators.balls.rare import rare_mean_square

    rare = rare_mean_square(point.mix)
    return value if rare is None else rare


def lower_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    mix = point.mix
    spread = weighted_spread(ops, mix)
    if spread == 0:
        return Fraction(0)
    root = 1 + ops.ball(constants["inner"]) * ops.sqrt(ops.mu_max2(mix) * mix.d)
    decay = ops.exp(-constants["exponent"] * ops.U(mix))
    return decay * ops.ball(spread**2 / (constants["denominator"] * mix.d)) / root**2


def inner_probability(ops: Operations, point: Point, constants: Constants) -> Any:
    d = point["d"]
    return ops.norm_survival(constants["radius"] ** 2 * d, d)


def probability_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return constants["probability"]


CLAIMS = (
    Claim(
        id="lemma-11",
        source="Lemma 11",
        text=(
            "E|psi~|^2 >= exp(-8U) / (40000 d (1 + 2 mu_max sqrt(d))^2) "
            "* (sum_ij pi_i pi_j |mu_i - mu_j|^2)^2"
        ),
        relation=">=",
        lhs=posterior_mean_square,
        rhs=lower_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants={
            "exponent": Fraction(8),
            "denominator": Fraction(40000),
            "inner": Fraction(2),
        },
        uses=("eq-24a", "eq-24b", "eq-24c", "eq-28.1", "eq-28.2", "eq-28.3"),
    ),
    Claim(
        id="eq-26a",
        source="proof of Lemma 11, (26)",
        text="Pr[|x| >= sqrt(d)/2] >= 1/50 for every d",
        relation=">=",
        lhs=inner_probability,
        rhs=probability_bound,
        domain=any_dimension,
        generator=dimensions_up_to_a_million,
        constants={"radius": Fraction(1, 2), "probability": Fraction(1, 50)},
    ),
)
