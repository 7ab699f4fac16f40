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
Differentiable is enough, g' need not be continuous.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import Domain, equals, real
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.theorems import FUBINI, FUNDAMENTAL

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gembounds.papers.xu_fazel_du_2024.arithmetic.gaussian_terms import Sides as TermSides

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


def _function(ops: Any, point: Point) -> Iterator[Part]:
    """m in R^d, s >= 0, and g: psi_i of a mixture in R^d, or terms with vectors of R^d."""
    d = len(point["m"])
    yield part("d >= 1", d, ">=", 1)
    yield part("s >= 0", point["s"], ">=", 0)
    if point.mixture is not None:
        yield part("the mixture is in R^d", point.mixture.d, "==", d)
        yield part("i >= 0", point["i"], ">=", 0)
        yield part("i < n", point["i"], "<", point.mixture.n)
        return
    yield Part(
        "the terms are a factor, powers and two vectors of R^d",
        all(
            len(term) == 4
            and [len(vector) for vector in term[1:]] == [d, d, d]
            and all(isinstance(p, int) and p >= 0 for p in term[1])
            for term in point["terms"]
        ),
    )


def _functions() -> SearchStrategy[Point]:
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


def _sides(ops: Any, point: Point) -> tuple[Any, Any]:
    """E[g(x)(x - m)] and E[grad g(x)], (d,)."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.stein import stein_sides
    from gembounds.statements.operations import interval_ball

    if point.mixture is None:
        found = _of_terms(point)
        return found.moment, found.gradient
    zeros = [Fraction(0)] * point.mix.d
    anything = [interval_ball(-math.inf, math.inf)] * point.mix.d
    if ops.coincident(point.mix):
        return zeros, zeros
    if point["s"] == 0:
        return zeros, anything
    bits = ops.rung.bits if ops.rung.evaluator == "arb" else FIRST_BITS
    sides = stein_sides(point.mix, point["i"], point["m"], point["s"], bits, MAX_NODES)
    if sides is None:
        ops.cut = True
        return anything, anything
    return sides.moment, sides.gradient


def _size(ops: Any, point: Point) -> Any:
    if point.mixture is None:
        return _of_terms(point).size
    s = point["s"]
    distance2 = max(x for row in ops.distances2(point.mix) for x in row)
    return ops.ball(s) * ops.sqrt(min(Fraction(1), s * s * distance2))


s = real("s", 0)
_moment = named(
    "stein_moment", "E[g(x) (x - m)]", r"\mathbb{E}_{x \sim N(m, s^2 I_d)}[g(x) (x - m)]",
    lambda ops, p: _sides(ops, p)[0], axes="*", mixture=False,
)  # fmt: skip
_gradient = named(
    "stein_gradient", "E[grad g(x)]", r"\mathbb{E}[\nabla g(x)]",
    lambda ops, p: _sides(ops, p)[1], axes="*", mixture=False,
)  # fmt: skip
_scale = named(
    "stein_size", "size", r"\mathrm{size}", _size, mixture=False,
    meaning="for psi_i, s min(1, s D), D the diameter; else the size of what is added up",
)  # fmt: skip

CLAIMS = (
    Claim(
        "lemma-16",
        equals(_moment, s**2 * _gradient),
        source="Lemma 16",
        over=Domain(
            "differentiable functions",
            _function,
            _functions,
            text="g differentiable, x normal around m with deviation s in every direction",
        ),
        form="printed",
        proof=Argument(
            Step(
                "s = 0: x is m and both sides are 0. Else let m = 0 and s = 1, without loss: g(m "
                "+ s y) as a function of y has the gradient s grad g. Fix a coordinate j. g is "
                "continuous and its derivative along e_j, a limit of difference quotients, is "
                "measurable. |g(x) x_j| and |d_j g(x)| have finite means, so on almost every "
                "line parallel to e_j, f(t) = g(x + (t - x_j) e_j), both f(t) t phi(t) and f'(t) "
                "phi(t) are integrable over R, phi(t) = exp(-t^2/2)/sqrt(2 pi).",
                by=FUBINI,
            ),
            Step(
                "On such a line f phi has the derivative f' phi - t f phi everywhere, which is "
                "integrable, so its integral over [a, b] is f(b) phi(b) - f(a) phi(a).",
                by=FUNDAMENTAL,
            ),
            Step(
                "As b grows the integral converges, so f phi has a limit at infinity. Were it "
                "not 0, |f(t) t phi(t)| would be at least a positive multiple of t from some t "
                "on, and not integrable. So it is 0, at minus infinity likewise, and the "
                "integral of f' phi over R is that of t f phi."
            ),
            Step(
                "Integrated over the other coordinates: E[d_j g(x)] = E[g(x) x_j], for every j.",
                by=FUBINI,
            ),
        ),
        scale=_scale,
        cost=2.0,
    ),
)
