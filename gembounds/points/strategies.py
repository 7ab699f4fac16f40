"""Hypothesis strategies for the points at which claims are decided, by construction.

Mixtures are built from a core of at most ``max_rank`` coordinates on coarse grids, so that
ties, coincident, collinear, opposite and zero means occur, and then placed in R^d: columns are
repeated and zeros appended, so d = 10^6 costs a few distinct columns. Norms run from 1e-8 to
1e3, weights from even to 1e-300. Everything is exact. The simplest value (shrunk to) comes
first everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from gembounds.points.point import Point, repeated
from gembounds.values.mixture import Mixture

MAX_D = 10**6
MAX_ENTRIES = 3 * 10**6
"""Largest n * d drawn: keeps the float64 copy of the means below 24 MB."""


def _rationals(text: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, text.split()))


GRID = _rationals("0 1 -1 2 -2 1/2 -1/2 3 -3 1/4 -1/4 3/2 -3/2 4 -4 1/3 -2/3 6")
"""Coordinates of the core: few and coarse."""

NEAR = _rationals("1 1/2 2 1/4 1/10 1/100 1/10000 1/100000000")
"""Scales of a whole configuration with tractable integrals at any rank."""

FAR = _rationals("8 30 100 170")
"""Scales whose grids are long, for one-dimensional spans; with ``GRID``, norms to 1e3."""

WIDE = _rationals("1/4 1/8 1/2 1/40 1/400 1/40000 1/100000000")
"""Scales of configurations that span 4 or 5 dimensions."""

SHIFTS = _rationals("0 0 0 1 -3 1/10 100 1000")
"""Entries of a coordinate that all means share: norms to 1e3 with close means."""

MANY = 100
"""Repeated coordinates beyond which entries are float64 numbers: see :func:`repeated`."""

any_of = cache(st.sampled_from)
"""One of a tuple, made once: Hypothesis checks a new strategy, which costs more than one draw."""

ENTRIES, OFFSETS, AGAIN = map(any_of, (GRID, SHIFTS, (1, -1, 2)))

TINY_WEIGHTS = (1, 2, 3, 6, 12, 30, 100, 200, 300)
"""Exponents of ten of small weights."""


def positive(top: Fraction = Fraction(1), smallest_exponent: int = 9) -> SearchStrategy[Fraction]:
    """Numbers in (0, top]: ``top`` itself, simple fractions of it, and down to tiny ones."""
    simple = st.sampled_from([Fraction(1, k) for k in (1, 2, 3, 4, 5, 8, 10, 20, 100, 1000)])
    close = st.integers(1, 12).map(lambda e: 1 - Fraction(1, 10**e))
    small = st.integers(1, smallest_exponent).map(lambda e: Fraction(1, 10**e))
    grid = st.integers(1, 64).map(lambda k: Fraction(k, 64))
    return st.one_of(simple, grid, small, close).map(lambda x: x * top)


@cache
def dimensions(smallest: int = 1, largest: int = MAX_D) -> SearchStrategy[int]:
    """Dimensions from ``smallest`` to ``largest``: every small one is likely, then powers of
    ten and their neighbours, then anything on a logarithmic scale."""

    def near(power: int) -> SearchStrategy[int]:
        return st.integers(-1, 1).map(lambda k: min(max(10**power + k, smallest), largest))

    digits = len(str(largest)) - 1
    options = [st.integers(smallest, min(largest, smallest + 30))]
    if largest > 30:
        options.append(st.integers(smallest, min(largest, 300)))
    if digits >= 1:
        options.append(st.integers(1, digits).flatmap(near))
        options.append(
            st.tuples(st.integers(0, digits), st.integers(1, 99)).map(
                lambda t: min(max(t[1] * 10 ** t[0] // 10, smallest), largest)
            )
        )
    return st.one_of(options)


@cache
@st.composite
def weights(draw: DrawFn, n: int, smallest: int = 300) -> tuple[Fraction, ...] | None:
    """n positive rationals with sum 1 (None for even ones): even, small integers, one or
    several as small as 10^-smallest."""
    kind = draw(st.integers(0, 4))
    if kind <= 1:
        return None
    if kind <= 3:
        parts = [Fraction(draw(st.integers(1, 9))) for _ in range(n)]
    else:
        tiny = st.sampled_from([0, *(e for e in TINY_WEIGHTS if e <= smallest)])
        parts = [Fraction(1, 10 ** draw(tiny)) for _ in range(n)]
    total = sum(parts, Fraction(0))
    return tuple(p / total for p in parts)


@cache
@st.composite
def core_means(draw: DrawFn, n: int, m: int) -> list[list[Fraction]]:
    """n means in R^m on ``GRID``; later ones are often the earlier ones again, their
    multiples or opposites, or zero."""
    rows: list[list[Fraction]] = []
    for i in range(n):
        kind = draw(st.integers(0, 7))
        if i and kind >= 5:
            old = rows[draw(st.integers(0, i - 1))]
            factor = Fraction(draw(AGAIN)) if kind >= 6 else Fraction(1)
            rows.append([factor * x for x in old])
        elif kind == 4:
            rows.append([Fraction(0)] * m)
        else:
            rows.append([draw(ENTRIES) for _ in range(m)])
    return rows


@cache
def components(smallest: int, largest: int) -> SearchStrategy[int]:
    """From ``smallest`` to ``largest``, half of them few."""
    few = st.integers(smallest, min(largest, max(smallest, 4)))
    return st.one_of(few, st.integers(smallest, largest))


@st.composite
def mixtures(
    draw: DrawFn,
    *,
    min_n: int = 2,
    max_n: int = 10,
    max_rank: int = 3,
    max_d: int = MAX_D,
    norms: Sequence[Fraction] | None = None,
    smallest_weight: int = 300,
) -> Mixture:
    """Mixtures as the module says; ``norms`` replaces the scales of whole configurations, and
    weights go down to about ``10^-smallest_weight``."""
    n = draw(components(min_n, max_n))
    m = min(draw(st.integers(1, max_rank)), max_d)
    rows = draw(core_means(n, m))
    scales = norms if norms is not None else NEAR + (FAR if m == 1 else ())
    scale = draw(any_of(tuple(scales)))
    columns = [[scale * row[k] for row in rows] for k in range(m)]
    shift = draw(OFFSETS) if m < max_d else Fraction(0)
    if shift:
        columns.append([shift] * n)
        m += 1
    repeats = [1] * m
    top = min(max_d, MAX_ENTRIES // n)
    extra = draw(dimensions(1, top - m + 1)) - 1 if draw(st.booleans()) and top > m else 0
    if extra:
        into = draw(st.integers(0, m))
        if into == m:  # coordinates in which every mean is 0
            columns.append([Fraction(0)] * n)
            repeats.append(extra)
        else:  # one direction spread evenly over many coordinates, the norms about the same
            repeats[into] += extra
            share = Fraction(1, 2 ** (repeats[into].bit_length() // 2))
            columns[into] = [share * x for x in columns[into]]
    if extra > MANY:
        columns = [[_short_dyadic(x) for x in column] for column in columns]
    shares = draw(weights(n, smallest_weight))
    if sum(repeats) == m:
        return Mixture(list(zip(*columns, strict=True)), shares)
    return repeated(columns, repeats, shares)


def _short_dyadic(x: Fraction) -> Fraction:
    """``x`` rounded to six significant bits: multiples by -1 and 2 stay what they are."""
    mantissa, exponent = math.frexp(float(x))
    return Fraction(round(mantissa * 64)) * Fraction(2) ** (exponent - 6)


def points(**options: Any) -> SearchStrategy[Point]:
    """Points that are a mixture alone; ``options`` as for :func:`mixtures`."""
    return mixtures(**options).map(Point)


def points_of_all_ranks(**options: Any) -> SearchStrategy[Point]:
    """Mostly ranks to 3; sometimes to 5, at scales whose grids stay small."""
    wide = points(**{**options, "min_n": 5, "max_n": 8, "max_rank": 5, "norms": WIDE})
    usual = points(**options)
    return st.one_of(usual, usual, usual, wide)


def opposite_points(**options: Any) -> SearchStrategy[Point]:
    """Two components, means mu and -mu, in up to 30 dimensions."""

    def turned(point: Point) -> Point:
        mean = point.mix.exact_means[0]
        return Point(Mixture([mean, [-x for x in mean]], point.mix.exact_weights))

    return points(max_n=2, max_rank=1, max_d=30, **options).map(turned)


def dimension_points(largest: int = MAX_D) -> SearchStrategy[Point]:
    """Points with a dimension ``d`` alone."""
    return dimensions(1, largest).map(lambda d: Point(parameters={"d": d}))
