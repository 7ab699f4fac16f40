"""Drawing the points of a claim: its domain, its parameters, and what its conditions leave.

Conditions are met by moving what was drawn: bounds on n, d and r choose the mixtures, means are
scaled until the others hold, to the end itself where that is a rational number. What no move helps
is drawn again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from gembounds.points.point import Point, repeated
from gembounds.points.strategies import GRID, dimensions, points_of_all_ranks, positive
from gembounds.statements.domain import MIXTURES
from gembounds.statements.evaluate import Undefined
from gembounds.statements.tree import Parameter
from gembounds.tools.errors import RankError
from gembounds.values.columns import runs
from gembounds.values.exact import EXACT, Root, exact_power, exact_product
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.claim import Claim

VECTOR_D = 30
"""Largest dimension in which vectors are drawn (a choice: they have an entry a coordinate)."""

LARGEST = tuple(Fraction(x) for x in (1, 10, 1000, 10**6))
"""Sizes of parameters without an upper end."""

FACTORS = tuple(Fraction(x) for x in ("1/2", "1/10", "10", "1/1000", "1/100000000", "0"))
"""What means are scaled by, where the conditions do not say how far they are off."""

NUDGE = Fraction(1, 10**9)
"""How far inside a bound a scale lands that is no rational number, relatively."""


def points_of(claim: Claim) -> SearchStrategy[Point]:
    """Points of ``claim``, inside its domain."""
    base = _base(claim)
    missing = list(claim.parameters.values())
    if not missing and not claim.when:
        return base
    if (
        not claim.when
        and claim.over is not None
        and all(p.kind in ("real", "integer") for p in missing)
    ):
        return _filled(base, missing)
    return _filled(base, missing).map(lambda p: _inside(claim, p)).filter(lambda p: p is not None)


def _base(claim: Claim) -> SearchStrategy[Point]:
    vectors = any(p.kind in ("vector", "displacement") for p in claim.parameters.values())
    if claim.domain is not MIXTURES:
        return claim.domain.draw()
    low_n, high_n = _bounds(claim.when, "n")
    _, high_d = _bounds(claim.when, "d")
    _, high_r = _bounds(claim.when, "r")
    low_n = max(1, low_n or 1)
    options: dict[str, Any] = {"min_n": low_n, "max_n": min(high_n or 10**9, max(10, low_n))}
    if vectors or high_d is not None:
        options["max_d"] = max(1, min(high_d or 10**6, VECTOR_D if vectors else 10**6))
    if high_r is not None and high_r <= 3:
        options["max_rank"] = max(1, high_r)
    if len(options) == 2 and low_n <= 5 and options["max_n"] >= 8:
        return points_of_all_ranks(**options)
    from gembounds.points.strategies import points

    return points(**options)


def _bounds(when: Any, name: str) -> tuple[int | None, int | None]:
    """The least and largest whole number that simple conditions leave a symbol."""
    low: int | None = None
    high: int | None = None
    for relation in when:
        for a, sign, b in ((relation.lhs, relation.sign, relation.rhs),
                           (relation.rhs, _turned(relation.sign), relation.lhs)):  # fmt: skip
            if a.op == "symbol" and a.args[0].name == name and b.op == "num":
                value = b.args[0]
                if sign in (">=", ">", "=="):
                    least = math.floor(value) + 1 if sign == ">" else math.ceil(value)
                    low = least if low is None else max(low, least)
                if sign in ("<=", "<", "=="):
                    most = math.ceil(value) - 1 if sign == "<" else math.floor(value)
                    high = most if high is None else min(high, most)
    return low, high


def _turned(sign: str) -> str:
    return {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}.get(sign, sign)


def _filled(base: SearchStrategy[Point], parameters: list[Parameter]) -> SearchStrategy[Point]:
    """Points of ``base`` with the parameters that they lack."""

    @st.composite
    def drawn(draw: DrawFn) -> Point:
        point = draw(base)
        lacking = [p for p in parameters if p.name not in point.parameters]
        if not lacking:
            return point
        values = {p.name: draw(_values(p, point)) for p in lacking}
        return Point(point.mixture, {**point.parameters, **values})

    return drawn()


def _values(p: Parameter, point: Point) -> SearchStrategy[Any]:
    if p.kind == "vector":
        return _vectors(point.mix)
    if p.kind == "displacement":
        return _displacements(point.mix)
    if p.kind == "integer":
        return integers(p)
    return reals(p)


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
    """Whole numbers in [low, high]."""
    low = None if p.low is None else math.ceil(p.low)
    high = None if p.high is None else math.floor(p.high)
    if low is not None:
        return dimensions(0, (high if high is not None else low + 10**6) - low).map(
            lambda k: low + k
        )
    if high is not None:
        return dimensions(0, 10**6).map(lambda k: high - k)
    return dimensions(0, 10**6) | dimensions(0, 10**6).map(lambda k: -k)


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


def _inside(claim: Claim, point: Point) -> Point | None:
    """The point, or one made of it, that is certainly in the domain; None where none was found."""
    if _holds(claim, point):
        return point
    for candidate in _candidates(claim, point):
        if _holds(claim, candidate):
            return candidate
    return None


def _holds(claim: Claim, point: Point) -> bool:
    from gembounds.statements.operations import LADDER, Operations

    ops = Operations(LADDER[0])
    with ops.precision():
        try:
            return claim.inside(ops, point) is True
        except (RankError, ZeroDivisionError):
            return False


def _candidates(claim: Claim, point: Point) -> Iterator[Point]:
    if point.mixture is not None:
        low_d, _ = _bounds(claim.when, "d")
        if low_d is not None and point.mixture.d < low_d:
            point = _padded(point, point.mixture, low_d)
            yield point
        for factor in (*_scales(claim, point), *FACTORS):
            yield scaled(point, factor)
        even = Point(repeated(*zip(*runs(point.mix), strict=True)), point.parameters)
        yield even
        for factor in _scales(claim, even):
            yield scaled(even, factor)
    for name, value in point.parameters.items():
        if isinstance(value, (tuple, Fraction)):
            for factor in FACTORS:
                changed = _times(value, factor)
                yield Point(point.mixture, {**point.parameters, name: changed})


def _padded(point: Point, mix: Mixture, d: int) -> Point:
    columns, lengths = map(list, zip(*runs(mix), strict=True))
    zero = tuple(Fraction(0) for _ in range(mix.n))
    more = repeated([*columns, zero], [*lengths, d - mix.d], mix.exact_weights)
    parameters = {
        name: _longer(value, d) if isinstance(value, tuple) else value
        for name, value in point.parameters.items()
    }
    return Point(more, parameters)


def _longer(value: Any, d: int) -> Any:
    if value and isinstance(value[0], tuple):
        return tuple(_longer(row, d) for row in value)
    return (*value, *(Fraction(0) for _ in range(d - len(value))))


def _scales(claim: Claim, point: Point) -> list[Fraction]:
    """Factors that may bring both sides of a condition together: their ratio and its roots."""
    from gembounds.statements.claim import sides
    from gembounds.statements.operations import LADDER, Operations

    out: list[Fraction] = []
    ops = Operations(LADDER[0])
    with ops.precision():
        for relation in claim.when:  # type: ignore[union-attr]
            try:
                pairs = sides(relation, ops, point, claim.constants)
            except (Undefined, RankError, ZeroDivisionError):
                continue
            for a, b in pairs[:4]:
                out += _between(a, b)
    return out


def _between(a: Any, b: Any) -> list[Fraction]:
    if isinstance(a, EXACT) and isinstance(b, EXACT) and not isinstance(a, Root) and a == 0:
        return []
    if isinstance(a, EXACT) and isinstance(b, EXACT):
        ratio = exact_product(b, exact_power(a, -1))
        square = ratio.square if isinstance(ratio, Root) else ratio * ratio
        if (ratio.sign if isinstance(ratio, Root) else ratio) <= 0:
            return []
        from gembounds.values.exact import root

        exact = [x for x in (ratio, root(ratio) if isinstance(ratio, Fraction) else ratio)
                 if isinstance(x, Fraction)]  # fmt: skip
        value = math.sqrt(square) if Fraction(1, 10**200) < square < 10**200 else 1.0
    else:
        exact, value = [], _float(b) / (_float(a) or math.nan)
    if not 0 < value < 1e100:
        return exact
    near = [Fraction(value**p) * (1 + s * NUDGE) for p in (1, 0.5) for s in (-1, 1)]
    return exact + [x.limit_denominator(10**15) if x > NUDGE else x for x in near]


def _float(x: Any) -> float:
    return (
        float(x)
        if isinstance(x, (int, Fraction))
        else float(getattr(x, "mid", lambda: math.nan)())
    )


def scaled(point: Point, factor: Fraction) -> Point:
    """The point with all means times ``factor``."""
    mix = point.mix
    columns, lengths = zip(*runs(mix), strict=True)
    means = [[factor * x for x in column] for column in columns]
    if sum(lengths) > 100:  # long blocks are cheap as float64 numbers
        means = [[Fraction(float(x)) for x in column] for column in means]
    return Point(repeated(means, lengths, mix.exact_weights), point.parameters)


def _times(value: Any, factor: Fraction) -> Any:
    return tuple(_times(v, factor) for v in value) if isinstance(value, tuple) else factor * value
