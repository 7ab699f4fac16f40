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

from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import step
from gembounds.papers.xu_fazel_du_2024.claims.lines import has_line, lines, the_line
from gembounds.papers.xu_fazel_du_2024.vocabulary import symbol
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, Domain, const, equals, mu_max, vector
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import FUNDAMENTAL
from gembounds.statements.tree import call

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

MAX_D = 12


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


def _derivative(ops: Operations, point: Point, x: Any) -> list[Any]:
    """d psi~_a / d x_b at x, row by row, by power series of the definition (2) along each axis."""
    from flint import arb_series

    mix = point.mix
    if ops.coincident(mix):
        return [Fraction(0)] * mix.d**2
    columns = []
    for b in range(mix.d):
        terms = []
        for weight, mean in zip(ops.weights(mix), mix.exact_means, strict=True):
            square = sum(((u - v) ** 2 for u, v in zip(x, mean, strict=True)), Fraction(0))
            path = [ops.ball(-square / 2), ops.ball(mean[b] - x[b]), ops.ball(Fraction(-1, 2))]
            terms.append(arb_series(path, 2).exp() * ops.ball(weight))
        total = sum(terms[1:], terms[0])
        slopes = [(term / total)[1] for term in terms]
        columns.append([
            sum((p * ops.ball(m[a]) for p, m in zip(slopes, mix.exact_means, strict=True)),
                ops.ball(0))
            for a in range(mix.d)
        ])  # fmt: skip
    return [column[a] for a in range(mix.d) for column in columns]


def _spread(ops: Operations, point: Point, x: Any) -> list[Any]:
    mix = point.mix
    size = range(mix.d)
    if ops.coincident(mix):
        return [Fraction(0)] * mix.d**2
    psi, means = ops.psi(mix, tuple(x)), mix.exact_means
    out = [ops.ball(0)] * mix.d**2
    for i in range(mix.n):
        for j in range(i):
            pair = 2 * psi[i] * psi[j]
            gap = [u - v for u, v in zip(means[i], means[j], strict=True)]
            products = (gap[a] * gap[b] for a in size for b in size)
            out = [cell + pair * ops.ball(g) for cell, g in zip(out, products, strict=True)]
    return out


def _odd_along(ops: Operations, point: Point, x: Any) -> Any:
    """From posteriors."""
    mix = point.mix
    if ops.coincident(mix):
        return Fraction(0)
    both = ops.psi(mix, tuple(x)), ops.psi(mix, tuple(-x))
    total = ops.ball(0)
    for p, q, a in zip(*both, the_line(ops, point).slopes, strict=True):
        total += (p - q) * ops.ball(a)
    return total / ops.sqrt(sum(x * x))


def _integrated(ops: Operations, point: Point, x: Any) -> Any:
    """By (5)."""
    found = the_line(ops, point).derivative(ops.rung.bits)
    return found if isinstance(found, Fraction) else found / ops.sqrt(sum(x * x))


x = vector("x")
jacobian = call(symbol(
    "jacobian", "grad psi~({0})", r"\nabla\tilde\psi({0})", _derivative, axes="*",
    meaning="psi~ = sum_i psi_i mu_i",
), x)  # fmt: skip
spread = call(symbol(
    "spread_at_x", "sum_ij psi_i psi_j({0}) (mu_i - mu_j)(mu_i - mu_j)^T",
    r"\sum_{ij} \psi_i \psi_j({0}) (\mu_i - \mu_j)(\mu_i - \mu_j)^T", _spread, axes="*",
    needs=("psi",),
), x)  # fmt: skip
odd_along = call(symbol(
    "odd_along_line", "<psi~({0}) - psi~(-{0}), xbar>",
    r"\langle \tilde\psi({0}) - \tilde\psi(-{0}), \bar x \rangle", _odd_along, needs=("psi",),
    meaning="xbar = x/|x|, psi~ = sum_i psi_i mu_i",
), x)  # fmt: skip
integrated = call(symbol(
    "integrated_jacobian", "int_-1^1 |{0}| xbar^T grad psi~(t{0}) xbar dt",
    r"\int_{-1}^1 |{0}| \bar x^T \nabla\tilde\psi(t{0}) \bar x \, dt", _integrated,
    meaning="xbar = x/|x|",
), x)  # fmt: skip

PLACES = Domain("mixtures and x", SEVERAL.test, mixtures_and_places)
LINES = Domain("mixtures and x != 0", has_line, lines_alone, text="x != 0")
DERIVATIVE = equals(jacobian, const("half", "1/2") * spread)
SETTING: dict[str, Any] = {"over": PLACES, "scale": mu_max**2, "uses": ("eq-8",), "cost": 2.0}

CLAIMS = (
    Claim(
        "eq-5", DERIVATIVE, source="proof sketch of Theorem 2, (5)", form="printed",
        proof=Argument(
            Step("psi~ = sum_i psi_i mu_i and grad psi_i = psi_i (mu_i - psi~), so grad psi~ = "
                 "sum_i psi_i mu_i (mu_i - psi~)^T = sum_i psi_i mu_i mu_i^T - psi~ psi~^T.",
                 by="eq-8"),
            Step("(1/2) sum_ij psi_i psi_j (mu_i mu_i^T - mu_i mu_j^T - mu_j mu_i^T + mu_j "
                 "mu_j^T) is the same, as sum_i psi_i = 1."),
        ),
        **SETTING,
    ),
    step("eq-22", DERIVATIVE, "(22)", judges=("psi",),
         proof=Argument(Step("It is (5).", by="eq-5")), **SETTING),
    step(
        "eq-23b", equals(odd_along, integrated), "(23), its integral",
        over=LINES, scale=mu_max, uses=("eq-22",), cost=2.0,
        proof=Argument(
            Step("f(t) = <psi~(tx), xbar> is smooth: the denominator of psi is positive. By the "
                 "chain rule f'(t) = xbar^T grad psi~(tx) x = |x| xbar^T grad psi~(tx) xbar."),
            Step("f(1) - f(-1) is the integral of f' over [-1, 1].", by=FUNDAMENTAL),
        ),
    ),
)  # fmt: skip
