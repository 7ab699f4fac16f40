"""Drawing the points of a claim: its domain, its parameters, and what its conditions leave.

Bounds on n, d and r choose the mixtures; the other conditions are met by moving what was drawn
(:mod:`gembounds.statements.meeting`). What no move helps is drawn again.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import DrawFn, SearchStrategy

from gembounds.points.point import Point, mixture_to_json
from gembounds.points.strategies import (
    FAR,
    GRID,
    NEAR,
    dimensions,
    points,
    points_of_all_ranks,
    positive,
    weights,
)  # fmt: skip
from gembounds.points.strategies_data import points_over
from gembounds.statements.conditions import bounds
from gembounds.statements.domain import MIXTURES, Domain
from gembounds.statements.meeting import Meeting
from gembounds.statements.printing import printed
from gembounds.statements.tree import Parameter
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.claim import Claim

VECTOR_D = 30
"""Largest dimension in which vectors are drawn (a choice: they have an entry a coordinate)."""

MOST_N = 10
"""Most components that are drawn where no condition asks for more (a choice: posteriors cost)."""

PATIENCE = 200
"""Points drawn, none of which can be moved into the domain, after which none is thought to be."""

LARGEST = tuple(Fraction(x) for x in (1, 10, 1000, 10**6))
"""Sizes of parameters without an upper end."""


_UNITS = {n: [[int(i == k) for k in range(n)] for i in range(n)] for n in range(1, 6)}

REGULAR = tuple(
    [(2 * n, [*rows, *([-x for x in row] for row in rows)]) for n, rows in _UNITS.items() if n < 4]
    + [(n, rows) for n, rows in _UNITS.items() if n > 1]
    + [(2, [[0], [1]])]
    + [(n, [[1], *([[k]] * (n - 1))]) for n in (20, 50) for k in (-1, 0, 1)]
)
"""Numbers of components, and means: unit vectors with their opposites, unit vectors, one at 0, and
more components than are drawn otherwise, one of them apart from the rest or none."""


def drawing(claim: Claim) -> tuple[Domain, bool, str]:
    """What the points of a claim depend on: one key draws the same for claims that share it."""
    texts = [printed(relation, values=claim.constants) for relation in claim.conditions]
    texts += [f"{p.kind} {p.name} {p.low} {p.high}" for p in claim.parameters.values()]
    data = [f"data {mixture_to_json(claim.data)}"] if isinstance(claim.data, Mixture) else []
    return claim.domain, claim.over is None, "; ".join([claim.domain.name, *texts, *data])


def points_of(claim: Claim) -> SearchStrategy[Point]:
    """Points of ``claim``, inside its domain."""
    base = _base(claim)
    missing = list(claim.parameters.values())
    fixed = isinstance(claim.data, Mixture)
    if fixed:
        base = points_over(claim.data, base)  # type: ignore[arg-type]
    if not (missing or claim.conditions or fixed):
        return base
    if (
        not claim.conditions
        and not fixed
        and claim.over is not None
        and all(p.kind in ("real", "integer") for p in missing)
    ):
        return _filled(base, missing)
    meeting, misses = Meeting(claim), count(1)
    some = False

    def met(point: Point) -> Point | None:
        nonlocal some
        found = meeting(point)
        some = some or found is not None
        if not some and next(misses) > PATIENCE:
            raise Unsatisfiable(f"no point of {claim.id} was found in its domain")
        return found

    found: SearchStrategy[Any] = _filled(base, missing).map(met).filter(lambda p: p is not None)
    return found


def _base(claim: Claim) -> SearchStrategy[Point]:
    vectors = any(p.kind in ("vector", "displacement") for p in claim.parameters.values())
    vectors |= any("c" in s.axes and not s.home for s in claim.symbols.values())
    if claim.domain is not MIXTURES:
        return claim.domain.draw()
    low_n, high_n = bounds(claim.conditions, "n")
    _, high_d = bounds(claim.conditions, "d")
    if isinstance(claim.data, Mixture):
        high_d = claim.data.d
    _, high_r = bounds(claim.conditions, "r")
    low_n = max(1, low_n or 1)
    most_n = MOST_N if low_n <= MOST_N // 2 else low_n + MOST_N // 2
    largest_n = 10**6 if high_n is None else high_n
    high_n = min(largest_n, most_n)
    if high_n < low_n:
        return st.nothing()
    options: dict[str, Any] = {"min_n": low_n, "max_n": high_n}
    if vectors or high_d is not None:
        options["max_d"] = max(1, min(high_d or 10**6, VECTOR_D if vectors else 10**6))
    if high_r is not None and high_r <= 3:
        options["max_rank"] = max(1, high_r)
    usual = points(**options)
    if len(options) == 2 and low_n <= 5 and high_n >= 8:
        usual = _mostly(usual, points_of_all_ranks(**options), 3)
    regular = [
        (n, rows) for n, rows in REGULAR
        if low_n <= n <= largest_n and len(rows[0]) <= options.get("max_d", n)
        and len(rows[0]) <= options.get("max_rank", n)
    ]  # fmt: skip
    if not regular:
        return usual
    return _mostly(usual, _regular(regular), 6)


def _mostly(
    usual: SearchStrategy[Point], seldom: SearchStrategy[Point], one_in: int
) -> SearchStrategy[Point]:
    """``seldom`` once in ``one_in`` times; one_of(a, a, b) would take each half of the times."""
    return st.integers(1, one_in).flatmap(lambda k: seldom if k == one_in else usual)


@st.composite
def _regular(draw: DrawFn, shapes: list[tuple[int, list[list[int]]]]) -> Point:
    """A regular configuration of any size, mostly with even weights; far means on a line."""
    n, rows = draw(st.sampled_from(shapes))
    scales = NEAR + FAR[:2] if len(rows[0]) == 1 else NEAR
    scale = draw(st.sampled_from([x for x in GRID if x > 0])) * draw(st.sampled_from(scales))
    shares = draw(st.none() | weights(n, 30))
    return Point(Mixture([[scale * x for x in row] for row in rows], shares))


def _filled(base: SearchStrategy[Point], parameters: list[Parameter]) -> SearchStrategy[Point]:
    """Points of ``base`` with the parameters that they lack."""

    numbers = {"integer": integers, "real": reals}
    ready = {p.name: numbers[p.kind](p) for p in parameters if p.kind in numbers}

    @st.composite
    def drawn(draw: DrawFn) -> Point:
        point = draw(base)
        lacking = [p for p in parameters if p.name not in point.parameters]
        if not lacking:
            return point
        values = {
            p.name: draw(ready[p.name] if p.name in ready else _vector(p, point)) for p in lacking
        }
        return replace(point, parameters={**point.parameters, **values})

    return drawn()


def _vector(p: Parameter, point: Point) -> SearchStrategy[Any]:
    return _vectors(point.mix) if p.kind == "vector" else _displacements(point.mix)


def reals(p: Parameter) -> SearchStrategy[Fraction]:
    """Numbers in [low, high]: both ends, fractions of the way, and near each end."""
    if p.low is not None and p.high is not None:
        low, width = p.low, p.high - p.low
        ends = st.sampled_from([p.low, p.high])
        share = positive(Fraction(1), 30)
        return st.one_of(ends, share.map(lambda t: low + t * width),
                         share.map(lambda t: low + (1 - t) * width))  # fmt: skip
    size = st.sampled_from(LARGEST).flatmap(lambda top: positive(top, 30))
    if p.low is not None:
        low = p.low
        return st.one_of(st.just(low), size.map(lambda x: low + x))
    if p.high is not None:
        high = p.high
        return st.one_of(st.just(high), size.map(lambda x: high - x))
    return st.one_of(st.sampled_from(GRID), size, size.map(lambda x: -x))


def integers(p: Parameter) -> SearchStrategy[int]:
    """Whole numbers in [low, high]; half of them within ten of an end, or of 0."""
    low = None if p.low is None else math.ceil(p.low)
    high = None if p.high is None else math.floor(p.high)
    most = 10**6 if low is None or high is None else high - low
    steps = st.integers(0, min(most, 9)) | dimensions(0, most)
    ways = [steps.map(lambda k: low + k)] if low is not None else []
    ways += [steps.map(lambda k: high - k)] if high is not None else []
    return st.one_of(ways or [steps, steps.map(lambda k: -k)])


@st.composite
def _vectors(draw: DrawFn, mix: Mixture) -> tuple[Fraction, ...]:
    """0, a mean, or entries on a grid, of sizes from 1e-3 to 1e2."""
    kind = draw(st.integers(0, 3))
    size = draw(st.sampled_from([Fraction(1), Fraction(1, 1000), Fraction(100), Fraction(-1)]))
    if kind == 0:
        return tuple(size * x for x in mix.exact_means[draw(st.integers(0, mix.n - 1))])
    return tuple(size * draw(st.sampled_from(GRID)) for _ in range(mix.d))


@st.composite
def _displacements(draw: DrawFn, mix: Mixture) -> tuple[tuple[Fraction, ...], ...]:
    """Small and large, of all means alike or of each alone."""
    from gembounds.points.strategies_moved import STRETCH, displacements

    factor = draw(st.sampled_from(STRETCH))
    return tuple(tuple(factor * x for x in v) for v in draw(displacements(mix)))
