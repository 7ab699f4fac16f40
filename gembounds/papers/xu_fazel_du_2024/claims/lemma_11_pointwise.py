"""Lemma 11, (5) = (22) and (23b): the derivative of psi~ at a point and along a line through 0.

    (5), (22)  grad psi~(x) = (1/2) sum_ij psi_i psi_j (mu_i - mu_j)(mu_i - mu_j)^T
    (23b)      <psi~(x) - psi~(-x), xbar> = int_-1^1 |x| xbar^T grad psi~(tx) xbar dt,  x != 0

with psi~ = sum_i psi_i mu_i and xbar = x/|x|. The left side of (5) is the derivative of psi~ as
(2) defines it, by power series in a step along each axis: no formula for grad psi_i enters.
(23b) has posteriors on the left and adaptive integration of (5) on the right; it is not stated
at x = 0. Where all means coincide psi~ is constant and all sides are exactly 0. A rotation
changes nothing, so d to 12 is drawn; x to 1e3 times the means' grid.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_18 import has_line, lines, the_line
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

MAX_D = 12

HALF = {"half": Fraction(1, 2)}


def has_x(ops: Operations, point: Point) -> Tri:
    """The paper's setting and x in R^d."""
    return has_mixture(ops, point) is True and len(point["x"]) == point.mix.d


def lines_alone() -> SearchStrategy[Point]:
    """Mixtures of 2 to 10 components and x != 0."""
    return lines(max_d=MAX_D).map(lambda point: Point(point.mixture, {"x": point["x"]}))


def mixtures_and_places() -> SearchStrategy[Point]:
    """The same, and x = 0."""
    from hypothesis import strategies as st

    def moved(drawn: tuple[Point, int]) -> Point:
        point, kind = drawn
        zero = tuple(Fraction(0) for _ in point["x"])
        return Point(point.mixture, {"x": zero}) if kind == 0 else point

    return st.tuples(lines_alone(), st.integers(0, 9)).map(moved)


def derivative_of_posterior_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    """d psi~_a / d x_b at x, (d, d), by power series of the definition (2) along each axis."""
    from flint import arb_series

    mix, x = point.mix, point["x"]
    if ops.coincident(mix):
        return [[Fraction(0)] * mix.d for _ in range(mix.d)]
    columns = []
    for b in range(mix.d):
        terms = []
        for weight, mean in zip(ops.weights(mix), mix.exact_means, strict=True):
            square = sum(((u - v) ** 2 for u, v in zip(x, mean, strict=True)), Fraction(0))
            path = [ops.ball(-square / 2), ops.ball(mean[b] - x[b]), ops.ball(Fraction(-1, 2))]
            terms.append(arb_series(path, 2).exp() * ops.ball(weight))
        total = sum(terms[1:], terms[0])
        shares = [term / total for term in terms]
        column = []
        for a in range(mix.d):
            moved = sum(
                (p[1] * ops.ball(m[a]) for p, m in zip(shares, mix.exact_means, strict=True)),
                ops.ball(0),
            )
            column.append(moved)
        columns.append(column)
    return [list(row) for row in zip(*columns, strict=True)]


def spread_at(ops: Operations, point: Point, constants: Constants) -> Any:
    """(1/2) sum_ij psi_i psi_j (mu_i - mu_j)(mu_i - mu_j)^T at x, (d, d)."""
    mix = point.mix
    zero = Fraction(0)
    if ops.coincident(mix):
        return [[zero] * mix.d for _ in range(mix.d)]
    psi, means = ops.psi(mix, point["x"]), mix.exact_means
    out = [[ops.ball(0)] * mix.d for _ in range(mix.d)]
    for i in range(mix.n):
        for j in range(i):
            pair = ops.ball(constants["half"] * 2) * psi[i] * psi[j]
            gap = [u - v for u, v in zip(means[i], means[j], strict=True)]
            out = [
                [cell + pair * ops.ball(gap[a] * gap[b]) for b, cell in enumerate(row)]
                for a, row in enumerate(out)
            ]
    return out


def largest_square(ops: Operations, point: Point, constants: Constants) -> Any:
    """mu_max^2: the size of psi~'s derivative."""
    return ops.mu_max2(point.mix)


def odd_along(ops: Operations, point: Point, constants: Constants) -> Any:
    """<psi~(x) - psi~(-x), xbar> from posteriors."""
    mix, x = point.mix, point["x"]
    if ops.coincident(mix):
        return Fraction(0)
    line = the_line(ops, point)
    both = ops.psi(mix, x), ops.psi(mix, tuple(-v for v in x))
    total = ops.ball(0)
    for p, q, a in zip(*both, line.slopes, strict=True):
        total += (p - q) * ops.ball(a)
    return total / length(ops, x)


def integrated_derivative(ops: Operations, point: Point, constants: Constants) -> Any:
    """int_-1^1 |x| xbar^T grad psi~(tx) xbar dt by (5)."""
    found = the_line(ops, point).derivative(ops.rung.bits)
    return found if isinstance(found, Fraction) else found / length(ops, point["x"])


def length(ops: Operations, x: tuple[Fraction, ...]) -> Any:
    return ops.sqrt(sum((v * v for v in x), Fraction(0)))


def largest_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.mu_max(point.mix)


def jacobian(claim_id: str, source: str) -> Claim:
    """(5), under either of its numbers."""
    return Claim(
        id=claim_id,
        source=source,
        text="grad_x psi~(x) = (1/2) sum_ij psi_i psi_j (mu_i - mu_j)(mu_i - mu_j)^T",
        relation="==",
        lhs=derivative_of_posterior_mean,
        rhs=spread_at,
        domain=has_x,
        generator=mixtures_and_places,
        constants=HALF,
        scale=largest_square,
        uses=("eq-8",),
        cost=2.0,
    )


CLAIMS = (
    jacobian("eq-5", "proof sketch of Theorem 2, (5)"),
    jacobian("eq-22", "proof of Lemma 11, (22)"),
    Claim(
        id="eq-23b",
        source="proof of Lemma 11, (23), its integral",
        text="<psi~(x) - psi~(-x), xbar> = int_-1^1 |x| xbar^T grad psi~(tx) xbar dt, x != 0",
        relation="==",
        lhs=odd_along,
        rhs=integrated_derivative,
        domain=has_line,
        generator=lines_alone,
        scale=largest_mean,
        uses=("eq-22",),
        cost=2.0,
    ),
)
