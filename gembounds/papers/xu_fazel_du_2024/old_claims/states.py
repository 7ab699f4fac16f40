"""Where the steps of Theorem 2's proof are decided: states of gradient EM, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.values.columns import distinct_columns, gram

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gembounds.values.mixture import Mixture

    Points = SearchStrategy[Point]

GROWTHS = tuple(map(Fraction, ["1", "1", "2", "10", "1000", "1000001/1000000"]))
"""U(0)/U(mu(t))."""


SMALL_PLANES = ("1/10", "1/100", "1/100000000")
"""Scales of planes, where each value takes hundreds of bits."""


def mixtures_drawn(slow: bool) -> SearchStrategy[Mixture]:
    """Ranks to 3; ``slow`` ones on lines and in small planes, in up to 1000 dimensions."""
    from gembounds.points.strategies import mixtures

    if not slow:
        return mixtures()
    from hypothesis import strategies as st

    from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import LINE_SCALES, mixtures_of

    lines, planes = mixtures_of(1, LINE_SCALES, max_n=6), mixtures_of(2, SMALL_PLANES, 30, 6)
    return st.one_of(lines, lines, planes).map(lambda point: point.mix)


def largest_and_total(mix: Mixture) -> tuple[Fraction, Fraction]:
    """mu_max^2 and U, exact."""
    g = gram(distinct_columns(mix))
    norms = [g[i][i] for i in range(mix.n)]
    return max(norms), sum(norms, Fraction(0))


def away_from_zero(mix: Mixture) -> Mixture:
    """The mixture; where every mean is 0, one with first means e_1 (mu(0) = 0 is left out)."""
    from gembounds.values.mixture import Mixture as Built

    if largest_and_total(mix)[0]:
        return mix
    return Built([[1]] + [[0]] * (mix.n - 1), mix.exact_weights)


def shares() -> SearchStrategy[Fraction]:
    """Step sizes relative to the largest: 1, simple fractions, down to 1e-30."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    return st.one_of(st.just(Fraction(1)), positive(Fraction(1), 30))


def starts(slow: bool = False) -> Points:
    """t = 0: any mean but not all 0."""
    from hypothesis import strategies as st

    return st.tuples(mixtures_drawn(slow).map(away_from_zero), shares()).map(
        lambda t: Point(t[0], {"share": t[1]})
    )


def states(slow: bool = False, zero: bool = True, growths: Sequence[Fraction] = GROWTHS) -> Points:
    """t = 0, or a state with U(mu) <= U(0), mu_max(0)^2 from U(0)/n to U(0), all ends included;
    a state of means 0
    only with ``zero``; ``growths`` are the values of U(0)/U(mu)."""
    from hypothesis import strategies as st

    @st.composite
    def later(draw: DrawFn) -> Point:
        mix = draw(mixtures_drawn(slow))
        mix = mix if zero else away_from_zero(mix)
        _, square = largest_and_total(mix)
        total = draw(st.sampled_from(growths)) * (square or 1)
        low = total / mix.n
        top = low + (total - low) * Fraction(draw(st.sampled_from((0, 4, 1, 2))), 4)
        parameters: dict[str, Any] = {"share": draw(shares()), "start_U": total, "start_top": top}
        return Point(mix, parameters)

    return st.one_of(starts(slow), later())


def with_fraction(points: Points, ends: Sequence[int] = (1, 0)) -> Points:
    """The same with s in [0, 1], the ends first."""
    from hypothesis import strategies as st

    inside = st.integers(1, 15).map(lambda k: Fraction(k, 16))
    s = st.sampled_from([Fraction(e) for e in ends]) | inside
    return st.tuples(points, s).map(lambda t: Point(t[0].mixture, {**t[0].parameters, "s": t[1]}))


def mixtures_and_steps(top: int = 1, slow: bool = False) -> Points:
    """Mixtures with eta in (0, top], ``top`` itself often; far means with eta to top/2 only
    (one posterior is then nearly 1, which leaves eta = top no room that a grid resolves)."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import mixtures, positive

    eta = st.one_of(st.just(Fraction(top)), positive(Fraction(top), 30))
    near = mixtures_drawn(True) if slow else mixtures_not_far().map(lambda point: point.mix)
    pairs = st.tuples(near, eta)
    if not slow:
        pairs |= st.tuples(mixtures(smallest_weight=30), positive(Fraction(top, 2), 30))
    return pairs.map(lambda t: Point(t[0], {"eta": t[1]}))


def mixtures_not_far() -> Points:
    """Ranks to 3, differences to about 20, weights to 1e-30: one posterior near 1 leaves tight
    inequalities no more room than the sum of the others."""
    from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import mixtures_of
    from gembounds.points.strategies import NEAR, points

    near = points(norms=NEAR, smallest_weight=30)
    return near | mixtures_of(2, ("1", "2", "1/2", "1/100"), 30)
