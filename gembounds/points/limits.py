"""A point with one of its parts at a limit: means equal, opposite or zero, a weight next to
nothing, dimensions by the thousand, a parameter zero, turned round, far or tiny."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gembounds.points.joint import together
from gembounds.points.moves import MANY, is_index
from gembounds.points.point import Point, repeated
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture

FACTORS = tuple(Fraction(x) for x in ("0", "-1", "1/10", "10", "1/1000", "1000"))
"""What a parameter, or all means, are multiplied by as limits."""

TINY_SHARE = Fraction(1, 10**12)
"""A weight that is next to nothing (a choice)."""


def limits(point: Point) -> Iterator[Point]:
    """The point with one of its parts at a limit."""
    for name, value in sorted(point.parameters.items()):
        if isinstance(value, int):
            if not is_index(point, name):
                for whole in (1, 2, 3, 0, -value, value // 10, value * 10, value * 1000):
                    if abs(whole) <= 10**6 and whole != value:
                        yield _with(point, name, whole)
            continue
        for factor in FACTORS:
            yield _with(point, name, _scaled(value, factor))
        if isinstance(value, tuple) and value and isinstance(value[0], tuple):
            for i in range(len(value)):  # one row alone
                rows = [row if k == i else _scaled(row, FACTORS[0]) for k, row in enumerate(value)]
                yield _with(point, name, tuple(rows))
    if point.mixture is not None:
        yield from together(point, _of_the_means)


def _of_the_means(point: Point) -> Iterator[Point]:
    for mixture in _limit_mixtures(point.mix):
        if mixture.d == point.mix.d or not _has_vectors(point):
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


def _scaled(value: Any, factor: Fraction) -> Any:
    if isinstance(value, tuple):
        return tuple(_scaled(v, factor) for v in value)
    return value if isinstance(value, int) else factor * value


def _with(point: Point, name: str, value: Any) -> Point:
    return replace(point, parameters={**point.parameters, name: value})


def _has_vectors(point: Point) -> bool:
    return any(isinstance(value, tuple) for value in point.parameters.values())
