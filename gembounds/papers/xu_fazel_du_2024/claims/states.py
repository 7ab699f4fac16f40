"""Where the steps of Theorem 2's proof are decided: states of gradient EM, and steps from any
mixture, with how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import ensembles
from gembounds.points.point import Point
from gembounds.statements import SEVERAL
from gembounds.statements.conditions import Part, part
from gembounds.statements.domain import Domain
from gembounds.values.columns import distinct_columns, gram

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gembounds.values.mixture import Mixture

    Points = SearchStrategy[Point]

GROWTHS = tuple(map(Fraction, ["1", "1", "2", "10", "1000", "1000001/1000000"]))
"""U(0)/U(mu(t))."""

LARGE = tuple(map(Fraction, ["1", "2", "3/2", "1000001/1000000"]))
"""Those of states with U(mu(t)) >= U(0)/2."""

SMALL_PLANES = ("1/10", "1/100", "1/100000000")
"""Scales of planes, where each value takes hundreds of bits."""


def mixtures_drawn(slow: bool) -> SearchStrategy[Mixture]:
    """Ranks to 3; ``slow`` ones on lines and in small planes, in up to 1000 dimensions."""
    from gembounds.points.strategies import mixtures

    if not slow:
        return mixtures()
    from hypothesis import strategies as st

    from gembounds.papers.xu_fazel_du_2024.drawing import LINE_SCALES, mixtures_of

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


def moving_mixtures_and_steps() -> Points:
    """Mixtures whose means are not all 0, eta in (0, 1]."""
    return mixtures_and_steps().map(lambda p: Point(away_from_zero(p.mix), p.parameters))


def mixtures_not_far() -> Points:
    """Ranks to 3, differences to about 20, weights to 1e-30: one posterior near 1 leaves tight
    inequalities no more room than the sum of the others."""
    from gembounds.papers.xu_fazel_du_2024.drawing import mixtures_of
    from gembounds.points.strategies import NEAR, points

    near = points(norms=NEAR, smallest_weight=30)
    return near | mixtures_of(2, ("1", "2", "1/2", "1/100"), 30)


def _shared(ops: Any, point: Point) -> Iterator[Part]:
    yield part("share > 0", point["share"], ">", 0)
    yield part("share <= 1", point["share"], "<=", 1)


def _is_start(ops: Any, point: Point) -> Iterator[Part]:
    yield from SEVERAL.test(ops, point)
    yield part("parameters of an earlier start", int("start_U" in point.parameters), "==", 0)
    yield from _shared(ops, point)
    yield part("U(0) > 0", ops.U(point.mix), ">", 0)


def _is_state(ops: Any, point: Point) -> Iterator[Part]:
    if "start_U" not in point.parameters:
        yield from _is_start(ops, point)
        return
    yield from SEVERAL.test(ops, point)
    yield from _shared(ops, point)
    total, top = point["start_U"], point["start_top"]
    yield part("U(mu) <= U(0)", ops.U(point.mix), "<=", total)
    yield part("mu_max(0) > 0", top, ">", 0)
    yield part("mu_max(0)^2 <= U(0)", top, "<=", total)
    yield part("U(0) <= n mu_max(0)^2", total, "<=", point.mix.n * top)


ALLOWED = "eta at most what Theorem 2 allows"
"""What claims say of a step size that is not free."""

STARTS = Domain(
    "starts", _is_start, starts, ensembles.STARTS, text="at a start mu = mu(0) that is not 0"
)
"""n >= 2, mu(0) not 0; the state is mu(0)."""

STATES = Domain("states", _is_state, states, ensembles.STATES, text="at a state with U <= U(0)")
"""The same, or a later state: U(mu) <= U(0), mu_max(0)^2 <= U(0) <= n mu_max(0)^2."""

MOVING_STATES = replace(STATES, draw=lambda: states(zero=False))
"""Drawn with means that are not all 0."""

NOT_FAR = replace(SEVERAL, draw=mixtures_not_far)
"""All mixtures, drawn with means not far apart."""

STEPS = Domain("steps", SEVERAL.test, mixtures_and_steps, ensembles.STEPS)
"""Any mixture, and a step size eta: conditions on that one are the claims'."""

MOVING_STEPS = replace(STEPS, draw=moving_mixtures_and_steps)
