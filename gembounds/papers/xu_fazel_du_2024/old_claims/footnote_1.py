"""Footnote 1: the norm of a mean may grow.

    n = 2, mu_1 = 0, mu_2 = e_1: the norm of mu_1 strictly increases after one iteration,

for every d >= 1, all weights and every step size eta > 0 (none is fixed).

After one step (3), mu_1(1) = -eta E[psi_1 (mu_1 - x)] = -eta E[psi_1 psi_2] e_1 by Lemma 9 (with
the sign of Q as printed the step is opposite and its length the same). So the claim is
0 < eta E[psi_1 psi_2], evaluated with the certified overlaps, which keep their relative accuracy
where a weight is tiny; psi depends on the first coordinate alone, so they are those of d = 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations


ZERO, ONE = Fraction(0), Fraction(1)


def in_domain(ops: Operations, point: Point) -> Tri:
    """mu_1 = 0, mu_2 = e_1 and eta > 0: exact."""
    from gembounds.values.columns import runs

    if point.mixture is None or point.mix.n != 2 or not point["eta"] > 0:
        return False
    first, *rest = runs(point.mix)
    unit = first.entries == (ZERO, ONE) and first.length == 1
    return unit and all(entries == (ZERO, ZERO) for entries, _ in rest)


def weights_dimensions_and_steps() -> SearchStrategy[Point]:
    """Weights from even to 1e-300, d from 1 to 10^6, eta from 1e-9 to 1e3."""
    from hypothesis import strategies as st

    from gembounds.points.point import repeated
    from gembounds.points.strategies import dimensions, positive, weights

    def placed(drawn: tuple[Any, int, Fraction]) -> Point:
        shares, d, eta = drawn
        columns, repeats = [[ZERO, ONE]], [1]
        if d > 1:
            columns, repeats = [*columns, [ZERO, ZERO]], [1, d - 1]
        return Point(repeated(columns, repeats, shares), {"eta": eta})

    eta = positive() | st.sampled_from([Fraction(k) for k in (2, 10, 1000)])
    return st.tuples(weights(2), dimensions(), eta).map(placed)


def norm_before(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """|mu_1(0)| = 0."""
    return ZERO


def norm_after(ops: Operations, point: Point, constants: Constants) -> Any:
    """|mu_1(1)| = eta E[psi_1 psi_2]."""
    line = Mixture([[ZERO], [ONE]], ops.weights(point.mix))
    return ops.ball(point["eta"]) * ops.overlaps(line)[0][1]


CLAIMS = (
    Claim(
        id="footnote-1",
        source="Section 4.2, footnote 1",
        text="n = 2, mu_1 = 0, mu_2 = e_1: |mu_1| strictly increases after one iteration",
        relation="<",
        lhs=norm_before,
        rhs=norm_after,
        domain=in_domain,
        generator=weights_dimensions_and_steps,
        uses=("lemma-9.2-repaired",),
    ),
)
