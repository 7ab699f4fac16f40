"""Lemma 16 (Stein's identity).

    x ~ N(m, s^2 I_d), g differentiable, both expectations exist:
    E[g(x)(x - m)] = s^2 E[grad g(x)].

A statement about every such g; it is checked, as an equality of vectors, for

- g = psi_i of any mixture (the use that the paper makes of it), any m and s: both sides by the
  trapezoidal rule, the left from first moments, the right by (8) from the overlaps
  (:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.stein`);
- polynomials with rational coefficients: exact on both sides;
- sums of c x^p exp(<a, x>) cos(<b, x>), smooth with exponential growth: closed forms by completing
  the square (:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.gaussian_terms`).

s runs from 0 (a point mass, both sides 0) to 1e8, m over R^d.

Differentiable is enough, g' need not be continuous: by Fubini both sides exist on almost every
line parallel to an axis; a function with a derivative everywhere that is integrable on intervals
is its integral, so partial integration of g phi holds on every [a, b]; g phi has limits at both
ends, and they are 0, else |g(x)(x - m)| phi would not be integrable.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gembounds.papers.xu_fazel_du_2024.arithmetic.gaussian_terms import Sides as TermSides
    from gembounds.statements.operations import Operations

MAX_NODES = 2**17
"""Largest grid (a choice: keeps a decision under a second)."""

FIRST_BITS = 64
"""Accuracy on the first rung, whose evaluator does not serve here."""

DEVIATIONS = tuple(map(Fraction, ("1", "1/2", "2", "0", "1/10", "3", "100", "1/100000000",
                                  "100000000")))  # fmt: skip

LINE_SIZES = tuple(map(Fraction, ("1", "1/2", "1/10", "1/100", "1/100000000", "4", "10")))
"""Sizes of s mu for means on a line: grids grow with them."""

PLANE_SIZES = tuple(map(Fraction, ("1/4", "1/2", "1/10", "1/100", "1/100000000")))

ENTRIES = tuple(map(Fraction, ("0", "1", "-1", "1/2", "-1/2", "2", "-3", "1/3", "1/100")))
MAX_D = 40


def in_domain(ops: Operations, point: Point) -> Tri:
    """m in R^d, s >= 0, and g: psi_i of a mixture in R^d, or terms with vectors of R^d."""
    d = len(point["m"])
    if d < 1 or point["s"] < 0:
        return False
    if point.mixture is not None:
        return bool(point.mix.d == d and 0 <= point["i"] < point.mix.n)
    return all(
        len(term) == 4
        and [len(vector) for vector in term[1:]] == [d, d, d]
        and all(isinstance(p, int) and p >= 0 for p in term[1])
        for term in point["terms"]
    )


def functions() -> SearchStrategy[Point]:
    """Posteriors, polynomials and exponential sums, with m and s."""
    from hypothesis import strategies as st

    @st.composite
    def posterior(draw: DrawFn, rank: int, sizes: tuple[Fraction, ...]) -> Point:
        from gembounds.points.strategies import mixtures
        from gembounds.values.mixture import Mixture

        mix = draw(mixtures(max_n=5, max_rank=rank, max_d=MAX_D, norms=sizes))
        s = draw(st.sampled_from(DEVIATIONS))
        if s:
            means = [[x / s for x in row] for row in mix.exact_means]
            mix = Mixture(means, mix.exact_weights)
        far = draw(st.sampled_from((Fraction(1), Fraction(1000), Fraction(1, 1000))))
        m = tuple(far * draw(st.sampled_from(ENTRIES)) for _ in range(mix.d))
        return Point(mix, {"i": draw(st.integers(0, mix.n - 1)), "m": m, "s": s})

    @st.composite
    def terms(draw: DrawFn, exponential: bool) -> Point:
        d = draw(st.integers(1, 3))
        entry = st.sampled_from(ENTRIES)
        vector = st.tuples(*[entry] * d)
        zero = st.just((Fraction(0),) * d)
        powers = st.tuples(*[st.integers(0, 4)] * d)
        wave = vector if exponential else zero
        coefficient = entry.filter(bool)
        term = st.tuples(coefficient, powers, wave, wave | zero)
        return Point(
            parameters={
                "m": draw(vector),
                "s": draw(st.sampled_from(DEVIATIONS)),
                "terms": tuple(draw(st.lists(term, min_size=1, max_size=3))),
            }
        )

    return st.one_of(
        posterior(1, LINE_SIZES), posterior(2, PLANE_SIZES), terms(False), terms(True)
    )


def _of_terms(point: Point) -> TermSides:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.gaussian_terms import Term, stein_sides

    return stein_sides([Term(*term) for term in point["terms"]], point["m"], point["s"])


def _of_posterior(ops: Operations, point: Point) -> tuple[Any, Any]:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.stein import stein_sides
    from gembounds.statements.operations import interval_ball

    if point["s"] == 0 or ops.coincident(point.mix):
        zeros = [Fraction(0)] * point.mix.d
        return zeros, zeros
    bits = ops.rung.bits if ops.rung.evaluator == "arb" else FIRST_BITS
    found = stein_sides(point.mix, point["i"], point["m"], point["s"], bits, MAX_NODES)
    if found is None:
        ops.cut = True
        anything = interval_ball(-math.inf, math.inf)
        return anything, anything
    return found.moment, found.gradient


def moment(ops: Operations, point: Point, constants: Constants) -> Any:
    """E[g(x)(x - m)], (d,)."""
    if point.mixture is None:
        return _of_terms(point).moment
    return _of_posterior(ops, point)[0]


def gradient(ops: Operations, point: Point, constants: Constants) -> Any:
    """s^2 E[grad g(x)], (d,)."""
    if point.mixture is None:
        return _of_terms(point).gradient
    return _of_posterior(ops, point)[1]


def size(ops: Operations, point: Point, constants: Constants) -> Any:
    """For psi_i, s min(1, s D), D = max |mu_i - mu_k|; else the size of what is added up."""
    if point.mixture is None:
        return _of_terms(point).size
    s = point["s"]
    distance2 = max(x for row in ops.distances2(point.mix) for x in row)
    return ops.ball(s) * ops.sqrt(min(Fraction(1), s * s * distance2))


CLAIMS = (
    Claim(
        id="lemma-16",
        source="Lemma 16",
        text="x ~ N(m, s^2 I_d), g differentiable: E[g(x)(x - m)] = s^2 E[grad g(x)]",
        relation="==",
        lhs=moment,
        rhs=gradient,
        domain=in_domain,
        generator=functions,
        scale=size,
        cost=2.0,
    ),
)
