"""Mixtures that more than one module of claims draws, in up to a thousand dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from gembounds.points.point import Point

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Points = SearchStrategy[Point]

MAX_D = 1000
"""Largest dimension drawn: first moments are computed in every coordinate."""

LINE_SCALES = ("1", "1/2", "2", "1/4", "1/10", "1/100", "1/10000", "1/100000000", "8")
"""Scales of means on a line. Equality needs a narrow ball, hence a fine grid: planes and spaces
of differences are drawn smaller. Norms to 1e3 come from a coordinate that all means share."""

PLANE_SCALES = ("1", "1/2", "1/4", "1/10", "1/100", "1/10000", "1/100000000")

SPACE_SCALES = PLANE_SCALES[3:]


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
