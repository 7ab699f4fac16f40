"""Fact 1: the gradient of Q at the current means is the gradient of L.

    for any mu:  grad Q(mu given mu) = grad L(mu),
    Q(mu'|mu) = E[ sum_i -psi_i(x|mu) |x - mu'_i|^2 / 2 ],   L = -E log(p_mu(x)/p_0(x)),

x ~ N(0, I_d), the gradient of Q in mu' at mu' = mu, for every mixture and every component i.

Q is a quadratic in mu', so by its definition grad_{mu'_i} Q = E[psi_i (x - mu'_i)]. The paper
prints Q with a minus sign, as something to maximise, and L as something to minimise: read
literally, the two gradients are opposite, and Fact 1 fails wherever they are not 0. It is a slip
of notation. The repaired form leaves out the minus sign.

Repaired: d/dmu_i log p_mu(x) = psi_i(x) (x - mu_i), and |psi_i (x - mu_i)| <= |x| + |mu_i| is
integrable locally uniformly in mu, so grad_{mu_i} L = -E[psi_i (x - mu_i)], which is the gradient
of E[ sum_i psi_i |x - mu'_i|^2/2 ] at mu' = mu.

Evaluation: E[psi_i (mu_i - x)] from certified first moments; grad L literally, as a derivative,
by central differences of certified values of L (:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.derivative`). Vectors of the span
of the means are equal when their products with every mu_j and mu_j - mu_k are (a reflection that
fixes all means fixes both gradients); each point draws i and one direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

    Points = SearchStrategy[Point]

MAX_D = 1000
"""Largest dimension drawn: first moments are computed in every coordinate."""

LINE_SCALES = ("1", "1/2", "2", "1/4", "1/10", "1/100", "1/10000", "1/100000000", "8")
"""Scales of means on a line. Equality needs a narrow ball, hence a fine grid: planes and spaces
of differences are drawn smaller. Norms to 1e3 come from a coordinate that all means share."""

PLANE_SCALES = ("1", "1/2", "1/4", "1/10", "1/100", "1/10000", "1/100000000")

SPACE_SCALES = PLANE_SCALES[3:]

SMALL_SCALES = ("1/4", "1/10", "1/100", "1/100000000")
"""Scales for planes of differences moved along mu_j, which makes them three-dimensional."""


@conditions
def has_direction(ops: Operations, point: Point) -> Iterator[Part]:
    """The paper's setting, and i, j, k indices of components (k may be absent, as -1)."""
    yield from has_mixture.parts(ops, point)
    for name, least in (("i", 0), ("j", 0), ("k", -1)):
        yield part(f"{name} >= {least}", point[name], ">=", least)
        yield part(f"{name} < n", point[name], "<", point.mix.n)


def mixtures_of(
    max_rank: int, scales: Sequence[str], smallest_weight: int = 300, max_n: int = 10
) -> Points:
    """Mixtures of 2 to ``max_n`` components; weights to 10^-``smallest_weight``."""
    from gembounds.points.strategies import points

    norms = [Fraction(x) for x in scales]
    return points(
        max_n=max_n, max_rank=max_rank, max_d=MAX_D, norms=norms, smallest_weight=smallest_weight
    )


def lines_with_tiny_weights() -> Points:
    """Means on a line, one or several weights near 1e-300, 1e-200 or 1e-100."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import mixtures
    from gembounds.values.mixture import Mixture

    def weighted(mix: Mixture) -> Points:
        exponents = st.tuples(*[st.sampled_from((300, 0, 200, 100, 1))] * (mix.n - 1))
        place = st.integers(0, mix.n - 1)

        def placed(drawn: tuple[tuple[int, ...], int]) -> Point:
            parts = [Fraction(1, 10**e) for e in drawn[0]]
            parts.insert(drawn[1], Fraction(1))
            total = sum(parts, Fraction(0))
            return Point(Mixture(mix.exact_means, [p / total for p in parts]))

        return st.tuples(exponents, place).map(placed)

    norms = [Fraction(x) for x in LINE_SCALES]
    return mixtures(max_rank=1, max_d=10, norms=norms).flatmap(weighted)


def mixtures_for_gradients() -> Points:
    """Means on a line, in a plane or in space, in up to ``MAX_D`` dimensions."""
    from hypothesis import strategies as st

    lines, planes = mixtures_of(1, LINE_SCALES), mixtures_of(2, PLANE_SCALES, 100)
    return st.one_of(lines, planes, mixtures_of(3, SPACE_SCALES, 12), lines_with_tiny_weights())


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
        indexed(lines_with_tiny_weights(), 0),
        indexed(mixtures_of(2, PLANE_SCALES, 100), 0),
        indexed(mixtures_of(3, SPACE_SCALES, 12), 0),
        indexed(mixtures_of(2, SMALL_SCALES, 30), -1),
    )


def direction(ops: Operations, point: Point) -> list[Fraction]:
    """mu_j, or mu_j - mu_k, over the distinct columns."""
    means = ops.means(point.mix)
    j, k = point["j"], point["k"]
    if k < 0:
        return means[j]
    return [a - b for a, b in zip(means[j], means[k], strict=True)]


def pull(ops: Operations, mix: Mixture) -> list[list[Any]]:
    """E[psi_i (mu_i - x)] over the distinct columns, (n, distinct).

    Exactly pi_i mu_i where all means coincide: psi_i is then the constant pi_i.
    """
    if ops.coincident(mix):
        rows = zip(ops.weights(mix), ops.means(mix), strict=True)
        return [[w * x for x in row] for w, row in rows]
    return ops.gradient_of_q(mix)


def negative(rows: list[list[Any]]) -> list[list[Any]]:
    """All entries with the other sign."""
    return [[-x for x in row] for row in rows]


def literal_gradient_of_q(ops: Operations, mix: Mixture) -> list[list[Any]]:
    """grad_{mu'_i} Q at mu' = mu as Q is printed: E[psi_i (x - mu_i)], (n, distinct)."""
    return negative(pull(ops, mix))


def along(ops: Operations, mix: Mixture, row: Sequence[Any], v: Sequence[Fraction]) -> Any:
    """<row, v>, both over the distinct columns: exact if both are."""
    terms = zip(row, v, ops.multiplicities(mix), strict=True)
    products = [m * (x * y if isinstance(x, Fraction) else x * ops.ball(y)) for x, y, m in terms]
    return sum(products[1:], products[0])


def literal_along(ops: Operations, point: Point, constants: Constants) -> Any:
    row = literal_gradient_of_q(ops, point.mix)[point["i"]]
    return along(ops, point.mix, row, direction(ops, point))


def repaired_along(ops: Operations, point: Point, constants: Constants) -> Any:
    row = pull(ops, point.mix)[point["i"]]
    return along(ops, point.mix, row, direction(ops, point))


def derivative_of_loss(ops: Operations, point: Point, constants: Constants) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.derivative import directional_derivative

    return directional_derivative(ops, point.mix, point["i"], direction(ops, point))


def along_largest_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    """mu_max |v|: |grad_i L| <= mu_max."""
    v = direction(ops, point)
    square = along(ops, point.mix, v, v)
    return ops.sqrt(square * ops.mu_max2(point.mix))


CLAIMS = (
    Claim(
        id="fact-1",
        source="Fact 1",
        text="for any mu: grad Q(mu given mu) = grad L(mu)",
        relation="==",
        lhs=literal_along,
        rhs=derivative_of_loss,
        domain=has_direction,
        generator=mixtures_with_a_direction,
        scale=along_largest_mean,
        cost=3.0,
    ),
    Claim(
        id="fact-1-repaired",
        form="repaired",
        repairs="fact-1",
        source="Fact 1, the minus sign of Q left out",
        text="grad Q(mu given mu) = grad L(mu), Q(mu'|mu) = E[sum_i psi_i |x - mu'_i|^2 / 2]",
        relation="==",
        lhs=repaired_along,
        rhs=derivative_of_loss,
        domain=has_direction,
        generator=mixtures_with_a_direction,
        scale=along_largest_mean,
        cost=3.0,
    ),
)
