"""Model and data together: anywhere, near each other, and made of the same numbers.

Where one is drawn near the other, its means are those of the other, and its opposites, exactly, or
off by as little as 10^-8 along ``GRID``; or the other times a number. As many components or not,
the same weights or not.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from gembounds.points.point import Point, repeated
from gembounds.points.strategies import GRID, components, mixtures, weights
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture

MOST = 4
"""Components of a mixture drawn near another one (a choice: each of the data costs a sum)."""

MOST_D = 30
"""Dimensions of data that are drawn (a choice: they have an entry a coordinate)."""

OFF = tuple(Fraction(x) for x in ("0", "1", "1/10", "1/1000", "1/100000000"))

TIMES = tuple(Fraction(x) for x in ("1", "-1", "2", "1/2", "11/10", "1001/1000"))

WIDE = 40
"""Coordinates up to which means are turned and moved in each (a choice)."""


def points_over(data: Mixture, base: SearchStrategy[Point]) -> SearchStrategy[Point]:
    """Points of ``base`` in as many coordinates as the data, and models near the data."""
    fitted = base.flatmap(lambda p: _fitted(p, data.d))
    return st.integers(0, 2).flatmap(lambda k: fitted if k else near(data).map(Point))


@st.composite
def _fitted(draw: DrawFn, point: Point, d: int) -> Point:
    """The first d coordinates, with zeros behind; in some order."""
    if point.mixture is None:
        return point
    n = point.mixture.n
    blocks, left = [], d
    for entries, length in runs(point.mixture):
        blocks.append((entries, min(length, left)))
        left -= blocks[-1][1]
        if not left:
            break
    if left:
        blocks.append(((Fraction(0),) * n, left))
    if 1 < d <= WIDE and draw(st.booleans()):
        single = [e for e, m in blocks for _ in range(m)]
        blocks = [(e, 1) for e in draw(st.permutations(single))]
    columns, lengths = zip(*blocks, strict=True)
    return Point(repeated(columns, lengths, point.mixture.exact_weights), point.parameters)


@st.composite
def near(draw: DrawFn, other: Mixture) -> Mixture:
    """A mixture made of another one's means."""
    blocks = runs(other)
    n = draw(st.just(other.n) | components(1, MOST)) if other.n <= MOST else other.n
    off, times = draw(st.sampled_from(OFF)), draw(st.sampled_from(TIMES))
    first = list(range(n)) if n == other.n else [
        draw(st.integers(0, other.n - 1)) for _ in range(n)
    ]  # fmt: skip
    signs = draw(st.lists(st.sampled_from((1, 1, 1, -1)), min_size=n, max_size=n))
    columns = []
    for k, (entries, _) in enumerate(blocks):
        column = [times * s * entries[j] for s, j in zip(signs, first, strict=True)]
        if off and k < WIDE:
            column = [x + off * draw(st.sampled_from(GRID)) for x in column]
        columns.append(column)
    same = n == other.n and draw(st.booleans())
    shares = other.exact_weights if same else draw(weights(n, 12))
    return repeated(columns, [m for _, m in blocks], shares)


@st.composite
def pairs(draw: DrawFn) -> Point:
    """A model with data, either near the other or not."""
    top = 30 if draw(st.integers(0, 3)) == 0 else 3
    model = draw(mixtures(min_n=1, max_n=MOST, max_rank=2, max_d=top, smallest_weight=30))
    if draw(st.booleans()):
        return Point(model, {}, draw(near(model)))
    other = draw(mixtures(min_n=1, max_n=MOST, max_rank=2, max_d=model.d, smallest_weight=12))
    found = draw(_fitted(Point(other), model.d)).mix
    return Point(model, {}, found)
