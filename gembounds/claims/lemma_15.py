"""Lemma 15 and its displayed steps.

(39c): Pr[|x| > 2 sqrt(d)] <= exp(-d), x ~ N(0, I_d), for every d >= 1. The left side is the
regularised incomplete gamma function Gamma(d/2, 2d)/Gamma(d/2); the law of |x| has no atoms, so
> and >= do not differ. The paper quotes it as a standard tail bound.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.claims.record import Claim, Constants
from gembounds.logic import Tri
from gembounds.point import Point

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.operations import Operations


def any_dimension(ops: Operations, point: Point) -> Tri:
    """d >= 1."""
    return bool(point["d"] >= 1)


def dimensions_up_to_a_million() -> SearchStrategy[Point]:
    """d from 1 to 10^6."""
    from gembounds.strategies import dimension_points

    return dimension_points()


def tail(ops: Operations, point: Point, constants: Constants) -> Any:
    d = point["d"]
    return ops.norm_survival(constants["radius"] ** 2 * d, d)


def exponential(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.exp(-constants["rate"] * point["d"])


CLAIMS = (
    Claim(
        id="eq-39c",
        source="proof of Lemma 15, (39)",
        text="Pr[|x| > 2 sqrt(d)] <= exp(-d) for every d",
        relation="<=",
        lhs=tail,
        rhs=exponential,
        domain=any_dimension,
        generator=dimensions_up_to_a_million,
        constants={"radius": Fraction(2), "rate": Fraction(1)},
    ),
)
