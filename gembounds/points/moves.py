"""How an optimiser moves a point: to its limits, along all its numbers, and to short rationals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point, repeated
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture

VARIABLES = 12
"""Most numbers that Nelder-Mead moves at once: beyond, simplices need too many points."""

ROUNDINGS = (1, 2, 4, 10, 100, 1000, 10**6, 2**40)
"""Denominators that a point that seems violated is rounded to, in this order."""

FACTORS = tuple(Fraction(x) for x in ("0", "-1", "1/10", "10", "1/1000", "1000"))
"""What a parameter, or all means, are multiplied by as limits."""

TINY_SHARE = Fraction(1, 10**12)
"""A weight that is next to nothing (a choice)."""

MANY = 20_000
"""Most n d that is moved: each point of a million entries takes a while to build."""

COUNTS = ("d", "n", "t")
"""Whole parameters that are stretched: dimensions and counts, not indices."""


def movable(point: Point) -> bool:
    """Whether a search may start here: see ``MANY``."""
    return point.mixture is None or point.mixture.n * point.mixture.d <= MANY


def largest_entry(point: Point) -> Fraction:
    """The largest absolute entry of the means, at least 1."""
    if point.mixture is None:
        return Fraction(1)
    return max(Fraction(1), *(abs(x) for entries, _ in runs(point.mixture) for x in entries))


def limits(point: Point) -> Iterator[Point]:
    """The point with one of its parts at a limit."""
    for name, value in sorted(point.parameters.items()):
        if isinstance(value, int):
            if name in COUNTS:
                for whole in (1, 2, 3, value // 10, value * 10, value * 1000):
                    if 1 <= whole <= 10**6 and whole != value:
                        yield _with(point, name, whole)
            continue
        for factor in FACTORS:
            yield _with(point, name, _scaled(value, factor))
        if isinstance(value, tuple) and value and isinstance(value[0], tuple):
            for i in range(len(value)):  # one row alone
                rows = [row if k == i else _scaled(row, FACTORS[0]) for k, row in enumerate(value)]
                yield _with(point, name, tuple(rows))
    if point.mixture is None:
        return
    for mixture in _limit_mixtures(point.mixture):
        if mixture.d == point.mixture.d or not _has_vectors(point):
            yield Point(mixture, point.parameters)


def _limit_mixtures(mix: Mixture) -> Iterator[Mixture]:
    blocks = runs(mix)
    columns, repeats = [list(e) for e, _ in blocks], [m for _, m in blocks]
    weights, n = mix.exact_weights, range(mix.n)
    for factor in FACTORS:
        yield repeated([[factor * x for x in c] for c in columns], repeats, weights)
    for i in n:
        yield repeated([[c[i]] * mix.n for c in columns], repeats, weights)
        for factor in FACTORS:
            changed = [[factor * x if k == i else x for k, x in enumerate(c)] for c in columns]
            yield repeated(changed, repeats, weights)
        for k in n:
            if k != i:
                for sign in (1, -1):
                    changed = [[sign * c[k] if j == i else c[j] for j in n] for c in columns]
                    yield repeated(changed, repeats, weights)
        for light in (True, False):
            parts = [TINY_SHARE if (k == i) == light else Fraction(1) for k in n]
            total = sum(parts, Fraction(0))
            yield repeated(columns, repeats, [p / total for p in parts])
    yield repeated(columns, repeats)
    for more in (10, 1000):
        if (mix.d + more) * mix.n <= MANY:
            yield repeated([*columns, [Fraction(0)] * mix.n], [*repeats, more], weights)


Builder = Callable[[Sequence[float]], Point]


def variables(point: Point, whole_means: bool = False) -> tuple[Builder, list[float]]:
    """A function from numbers, all 0 at the start, to points, and that start.

    Every entry of the means (of equal columns together) moves in units of its own size, or of
    the largest entry where it is 0; with ``whole_means`` every mean moves along its own line. So
    do the numbers of parameters; weights move by logarithms.
    """
    slots: list[tuple[str, Any]] = []
    mix = point.mixture
    if mix is not None:
        blocks = runs(mix)
        if whole_means:
            slots += [("mean", i) for i in range(mix.n)]
        else:
            slots += [("mean", (c, i)) for c in range(len(blocks)) for i in range(mix.n)]
        slots += [("weight", i) for i in range(mix.n)]
    for name, value in sorted(point.parameters.items()):
        if not isinstance(value, int):
            slots += [(name, path) for path, _ in _leaves(value)]
    slots = slots[:VARIABLES]

    def build(x: Sequence[float]) -> Point:
        moves = dict(zip(slots, x, strict=True))
        return _moved(point, moves)

    return build, [0.0] * len(slots)


def _moved(point: Point, moves: dict[tuple[str, Any], float]) -> Point:
    parameters = {
        name: value if isinstance(value, int) else _walked(value, (), name, moves, _unit(value))
        for name, value in point.parameters.items()
    }
    mix = point.mixture
    if mix is None:
        return Point(None, parameters)
    blocks = runs(mix)
    unit = max((abs(x) for e, _ in blocks for x in e), default=Fraction(0)) or Fraction(1)
    columns = [
        [
            _step(x, moves.get(("mean", (c, i)), 0.0), unit)
            * (1 + _dyadic(moves.get(("mean", i), 0.0)))
            for i, x in enumerate(e)
        ]
        for c, (e, _) in enumerate(blocks)
    ]
    shares = [
        w * _dyadic(math.exp(max(-600.0, min(600.0, 10 * moves.get(("weight", i), 0.0)))))
        for i, w in enumerate(mix.exact_weights)
    ]
    total = sum(shares, Fraction(0))
    weights = [s / total for s in shares]
    return Point(repeated(columns, [m for _, m in blocks], weights), parameters)


def _walked(value: Any, path: tuple[int, ...], name: str, moves: Any, unit: Fraction) -> Any:
    if isinstance(value, tuple):
        return tuple(_walked(v, (*path, k), name, moves, unit) for k, v in enumerate(value))
    if isinstance(value, int):
        return value
    return _step(value, moves.get((name, path), 0.0), unit)


def _leaves(value: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    if isinstance(value, tuple):
        for k, v in enumerate(value):
            yield from _leaves(v, (*path, k))
    elif not isinstance(value, int):
        yield path, value


def _unit(value: Any) -> Fraction:
    return max((abs(x) for _, x in _leaves(value)), default=Fraction(0)) or Fraction(1)


def _step(x: Fraction, move: float, unit: Fraction) -> Fraction:
    """``x`` moved by ``move`` of its size; unmoved for 0, so that exact ties stay."""
    return x if move == 0 else x + _dyadic(move) * (abs(x) or unit)


def _dyadic(x: float) -> Fraction:
    """``x`` to 20 bits: short and exact."""
    mantissa, exponent = math.frexp(x)
    return Fraction(round(mantissa * 2**20)) * Fraction(2) ** (exponent - 20)


def rounded_points(point: Point) -> Iterator[Point]:
    """The point with all numbers rounded to a denominator, the shortest first; itself last."""
    for q in ROUNDINGS:
        parameters = {
            name: value if isinstance(value, int) else _rounded(value, q)
            for name, value in point.parameters.items()
        }
        if point.mixture is None:
            yield Point(None, parameters)
            continue
        blocks = runs(point.mixture)
        columns = [[Fraction(round(x * q), q) for x in e] for e, _ in blocks]
        repeats = [m for _, m in blocks]
        shares = [Fraction(max(1, round(w * q)), q) for w in point.mixture.exact_weights]
        total = sum(shares, Fraction(0))
        for weights in ([s / total for s in shares], point.mixture.exact_weights):
            yield Point(repeated(columns, repeats, weights), parameters)
    yield point


def _rounded(value: Any, q: int) -> Any:
    if isinstance(value, tuple):
        return tuple(_rounded(v, q) for v in value)
    return value if isinstance(value, int) else Fraction(round(value * q), q)


def _scaled(value: Any, factor: Fraction) -> Any:
    if isinstance(value, tuple):
        return tuple(_scaled(v, factor) for v in value)
    return value if isinstance(value, int) else factor * value


def _with(point: Point, name: str, value: Any) -> Point:
    return Point(point.mixture, {**point.parameters, name: value})


def _has_vectors(point: Point) -> bool:
    return any(isinstance(value, tuple) for value in point.parameters.values())
