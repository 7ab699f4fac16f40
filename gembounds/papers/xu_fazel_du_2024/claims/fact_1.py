"""Fact 1: the gradient of Q at the current means is the gradient of L.

    for any mu:  grad Q(mu given mu) = grad L(mu),
    Q(mu'|mu) = E[ sum_i -psi_i(x|mu) |x - mu'_i|^2 / 2 ],   L = -E log(p_mu(x)/p_0(x)),

x ~ N(0, I_d), the gradient of Q in mu' at mu' = mu, for every mixture and every component i.

Q is a quadratic in mu', so by its definition grad_{mu'_i} Q = E[psi_i (x - mu'_i)]. The paper
prints Q with a minus sign, as something to maximise, and L as something to minimise: read
literally, the two gradients are opposite, and Fact 1 fails wherever they are not 0. It is a slip
of notation. The repaired form leaves out the minus sign: it says that -grad Q is grad L.

Repaired: d/dmu_i log p_mu(x) = psi_i(x) (x - mu_i), and |psi_i (x - mu_i)| <= |x| + |mu_i| is
integrable locally uniformly in mu, so grad_{mu_i} L = -E[psi_i (x - mu_i)], which is the gradient
of E[ sum_i psi_i |x - mu'_i|^2/2 ] at mu' = mu.

Evaluation: E[psi_i (mu_i - x)] from certified first moments; grad L literally, as a derivative,
by central differences of certified values of L
(:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.derivative`). Vectors of the span of the means
are equal when their products with every mu_j and mu_j - mu_k are (a reflection that fixes all
means fixes both gradients); each point draws i and one direction v of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import slips
from gembounds.papers.xu_fazel_du_2024.drawing import (
    LINE_SCALES,
    PLANE_SCALES,
    SPACE_SCALES,
    lines_with_tiny_weights,
    mixtures_of,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import direction, named
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, Domain, Expr, Relation, equals, mu_max
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.values.exact import root
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Points = SearchStrategy[Point]

PRINTED_Q = "Q(mu'|mu) = E[sum_i -psi_i(x|mu) |x - mu'_i|^2 / 2], as printed"

SMALL_SCALES = ("1/4", "1/10", "1/100", "1/100000000")
"""Scales for planes of differences moved along mu_j, which makes them three-dimensional."""


def _indices(ops: Any, point: Point) -> Iterator[Part]:
    """i, j, k are indices of components (k may be absent, as -1)."""
    yield from SEVERAL.parts(ops, point)
    for name, least in (("i", 0), ("j", 0), ("k", -1)):
        yield part(f"{name} >= {least}", point[name], ">=", least)
        yield part(f"{name} < n", point[name], "<", point.mix.n)


def _mixtures_with_a_direction() -> Points:
    """Lines, planes and spaces with a component i and a direction mu_j (k = -1) or mu_j - mu_k."""
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
        indexed(lines_with_tiny_weights(), 0),
        indexed(mixtures_of(2, PLANE_SCALES, 100), 0),
        indexed(mixtures_of(3, SPACE_SCALES, 12), 0),
        indexed(mixtures_of(2, SMALL_SCALES, 30), -1),
    )


DIRECTIONS = Domain(
    "directions", _indices, _mixtures_with_a_direction,
    text="every i, v any mean or difference of two",
)  # fmt: skip


def pull(ops: Any, mix: Mixture) -> list[list[Any]]:
    """E[psi_i (mu_i - x)] over the distinct columns, (n, distinct), from first moments.

    Exactly pi_i mu_i where all means coincide: psi_i is then the constant pi_i.
    """
    if ops.coincident(mix):
        rows = zip(ops.weights(mix), ops.means(mix), strict=True)
        return [[w * x for x in row] for w, row in rows]
    found: list[list[Any]] = ops.gradient_of_q(mix)
    return found


def along(ops: Any, mix: Mixture, row: Sequence[Any], v: Sequence[Fraction]) -> Any:
    """<row, v>, both over the distinct columns: exact if both are."""
    terms = zip(row, v, ops.multiplicities(mix), strict=True)
    products = [m * (x * y if isinstance(x, Fraction) else x * ops.ball(y)) for x, y, m in terms]
    return sum(products[1:], products[0])


def _slope_of_q(ops: Any, point: Point) -> Any:
    return -along(ops, point.mix, pull(ops, point.mix)[point["i"]], direction(ops, point))


def _slope_of_loss(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.derivative import directional_derivative

    return directional_derivative(ops, point.mix, point["i"], direction(ops, point))


def _slope_in_intervals(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024 import intervals

    return intervals.derivative_of_loss(ops, point)


def _length(ops: Any, point: Point) -> Any:
    v = direction(ops, point)
    return root(along(ops, point.mix, v, v))


slope_of_q = named(
    "slope_of_q", "<grad_i Q(mu|mu), v>", r"\langle \nabla_i Q(\mu|\mu), v \rangle", _slope_of_q,
    meaning=PRINTED_Q,
)  # fmt: skip
slope_of_loss = named(
    "slope_of_loss", "<grad_i L, v>", r"\langle \nabla_i L, v \rangle", _slope_of_loss,
    interval=_slope_in_intervals, needs=("loss",), meaning="the derivative, by differences of L",
)  # fmt: skip
largest_slope: Expr = mu_max * named("direction_length", "|v|", "|v|", _length)
"""|grad_i L| <= mu_max."""


def sign_slip(
    name: str,
    relation: Callable[[Expr], Relation],
    q: Expr,
    source: str,
    uses: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    words: str = "",
    judges: tuple[str, ...] = (),
    **fields: Any,
) -> tuple[Claim, Claim]:
    """``relation`` with q, the gradient of Q as printed, and the repaired form, with -q."""
    return (
        Claim(
            name,
            relation(q),
            source=source,
            form="printed",
            uses=uses[0],
            words=words,
            slip=slips.SIGN_OF_Q,
            **fields,
        ),
        Claim(
            f"{name}-repaired",
            relation(-q),
            source=f"{source}, the minus sign of Q left out",
            form="repaired",
            repairs=name,
            uses=uses[1],
            words=", ".join(filter(None, ("Q as printed", words))),
            judges=judges,
            **fields,
        ),
    )


CLAIMS = sign_slip(
    "fact-1", lambda q: equals(q, slope_of_loss), slope_of_q, "Fact 1",
    over=DIRECTIONS, scale=largest_slope, cost=3.0,
)  # fmt: skip
