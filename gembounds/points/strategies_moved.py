"""Strategies: a mixture and displacements delta of its means, small as Theorem 13 has them.

|delta_i| <= 1/max(6d, 2 |mu_i|) by construction: the end itself where it is rational (a rational
just inside elsewhere), fractions of it down to 1e-30, and zero, for each mean alone, so that some
means move and others do not. Directions are coordinates, the means and their differences.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from gembounds.points.point import Point
from gembounds.points.strategies import any_of, mixtures
from gembounds.values.mixture import Mixture

Vector = tuple[Fraction, ...]

SHARES = tuple(Fraction(x) for x in ("0", "0", "1", "1", "1/2", "-1", "1/10", "1/1000"))
"""Lengths of delta_i, in units of the largest; a sign turns the direction."""

TINY = Fraction(1, 10**30)
"""A length that is drawn for one point in ten (or so)."""

LINE_SCALES = tuple(Fraction(x) for x in ("1", "2", "4", "1/2", "8", "30", "1/100", "1/10000"))
PLANE_SCALES = tuple(Fraction(x) for x in ("1", "2", "1/4", "1/100"))
SPACE_SCALES = tuple(Fraction(x) for x in ("1/4", "1/10", "1/100"))
"""Scales of the means: those of planes and spaces need smaller grids."""

FAR_X = tuple(Fraction(x) for x in ("0", "1", "-1", "2", "-2", "1/2", "-100", "1000", "1e-6"))
"""Multiples of a direction at which x is taken."""

STRETCH = tuple(Fraction(x) for x in ("1", "4", "12", "60"))
"""Factors on displacements where no condition holds them."""

ROOT_DIGITS = 10**9
"""Square roots that are irrational are rounded up to this denominator (a choice)."""


def norm_at_least(square: Fraction) -> Fraction:
    """A rational of at least sqrt(square), the root itself where that is rational."""
    p, q = isqrt(square.numerator), isqrt(square.denominator)
    if p * p == square.numerator and q * q == square.denominator:
        return Fraction(p, q)
    scaled = square * ROOT_DIGITS**2
    return Fraction(isqrt(int(scaled) + 1) + 1, ROOT_DIGITS)


def norm2(v: Vector) -> Fraction:
    return sum((x * x for x in v), Fraction(0))


@st.composite
def displacements(draw: DrawFn, mix: Mixture) -> tuple[Vector, ...]:
    """delta_1, ..., delta_n for the means of ``mix``."""
    means = mix.exact_means
    first = tuple(Fraction(int(k == 0)) for k in range(mix.d))
    together = draw(st.booleans())
    chosen = draw(st.integers(0, mix.n - 1))
    shares = (*SHARES, TINY, TINY) if draw(st.integers(0, 9)) == 9 else SHARES
    out = []
    for mean in means:
        share = draw(any_of(shares))
        other = means[chosen if together else draw(st.integers(0, mix.n - 1))]
        kind = 0 if together else draw(st.integers(0, 3))
        direction = first
        if kind == 1:
            direction = other
        elif kind == 2:
            direction = tuple(a - b for a, b in zip(mean, other, strict=True))
        elif kind == 3 and mix.d > 1:
            direction = (Fraction(3, 5), Fraction(4, 5), *first[2:])
        if not any(direction):
            direction = first
        most = 1 / max(Fraction(6 * mix.d), 2 * norm_at_least(norm2(mean)))
        length = share * most / norm_at_least(norm2(direction))
        out.append(tuple(length * x for x in direction))
    return tuple(out)


@st.composite
def moved_mixtures(
    draw: DrawFn,
    max_d: int = 200,
    stretch: bool = False,
    max_n: int = 10,
    max_rank: int = 3,
) -> Point:
    """A mixture (n up to ``max_n``, at most 10 on lines, 8 in planes, 6 in space; any weights)
    with ``delta``; with ``stretch`` delta is often longer than the condition allows."""
    rank = draw(st.integers(1, max_rank))
    scales = (LINE_SCALES, PLANE_SCALES, SPACE_SCALES)[rank - 1]
    top = draw(any_of((1, 2, 12, max_d)))
    most = min(max_n, (10, 8, 6)[rank - 1])
    mix = draw(mixtures(max_n=most, max_rank=rank, max_d=top, norms=scales))
    factor = draw(any_of(STRETCH)) if stretch else Fraction(1)
    delta = draw(displacements(mix))
    return Point(mix, {"delta": tuple(tuple(factor * x for x in v) for v in delta)})


@st.composite
def moved_mixtures_with_x(draw: DrawFn, max_d: int = 100) -> Point:
    """The same with a point x: 0, or along a mean, a difference, a coordinate, far and near."""
    point = draw(moved_mixtures(max_d))
    means = point.mix.exact_means
    i, k = (draw(st.integers(0, len(means) - 1)) for _ in range(2))
    directions: list[Vector] = [
        tuple(Fraction(int(j == 0)) for j in range(point.mix.d)),
        means[i],
        tuple((a + b) / 2 for a, b in zip(means[i], means[k], strict=True)),
        tuple(a - b for a, b in zip(means[i], means[k], strict=True)),
        point["delta"][i],
    ]
    size = draw(any_of(FAR_X))
    direction = draw(st.sampled_from(directions))
    return Point(point.mixture, {**point.parameters, "x": tuple(size * v for v in direction)})
