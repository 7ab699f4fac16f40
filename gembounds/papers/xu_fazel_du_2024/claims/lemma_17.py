"""Lemma 17 (appendix): an exponential moment of the norm of a Gaussian vector.

    0 < c <= 1/(3d):   E exp(c |x|) <= 1 + 5 sqrt(d) c,      x ~ N(0, I_d).

The left side is Kummer's closed form of the chi law's moment generating function, the right
side a ball. Nothing but d and c enters.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations


def in_domain(ops: Operations, point: Point) -> Tri:
    """d >= 1 and 0 < c <= 1/(3d): exact."""
    d, c = point["d"], point["c"]
    return bool(d >= 1 and c > 0 and 3 * d * c <= 1)


def dimensions_and_rates() -> SearchStrategy[Point]:
    """d from 1 to 10^6; c from 1/(3d) itself down to 1e-100 of it."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import dimensions, positive

    return st.tuples(dimensions(), positive(smallest_exponent=100)).map(
        lambda t: Point(parameters={"d": t[0], "c": t[1] / (3 * t[0])})
    )


def moment(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.exp_norm(point["c"], point["d"])


def bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return 1 + ops.ball(constants["factor"] * point["c"]) * ops.sqrt(point["d"])


CLAIMS = (
    Claim(
        id="lemma-17",
        source="Lemma 17",
        text="0 < c <= 1/(3d): E exp(c |x|) <= 1 + 5 sqrt(d) c",
        relation="<=",
        lhs=moment,
        rhs=bound,
        domain=in_domain,
        generator=dimensions_and_rates,
        constants={"factor": Fraction(5)},
        uses=("eq-9", "eq-11b"),
    ),
)
