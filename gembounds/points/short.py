"""Points of shorter numbers: rounded to a denominator, or to some decimal digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from gembounds.points.joint import together
from gembounds.points.moves import mapped
from gembounds.points.point import Point, repeated
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture

ROUNDINGS = (1, 2, 4, 10, 100, 1000, 10**6, 2**40)
"""Denominators that a point that seems violated is rounded to, in this order."""


def decimal(x: Fraction, digits: int) -> Fraction:
    """``x`` to ``digits`` significant decimal digits."""
    if x == 0:
        return x
    exponent = math.floor(math.log10(abs(x.numerator)) - math.log10(x.denominator))
    scale = Fraction(10) ** (digits - 1 - exponent)
    return Fraction(round(x * scale)) / scale


def shortened(point: Point, digits: int) -> Point:
    """All numbers but weights' total and whole parameters to ``digits`` decimal digits."""
    parameters = {
        name: value if isinstance(value, int) else mapped(value, lambda x: decimal(x, digits))
        for name, value in point.parameters.items()
    }
    if point.mixture is None:
        return Point(None, parameters)
    point = replace(point, parameters=parameters)
    return next(together(point, lambda p: iter([Point(_shortened(p.mix, digits), parameters)])))


def _shortened(mix: Mixture, digits: int) -> Mixture:
    blocks = runs(mix)
    columns = [[decimal(x, digits) for x in entries] for entries, _ in blocks]
    weights = mix.exact_weights
    heaviest = max(range(len(weights)), key=lambda i: weights[i])
    shares = [decimal(w, digits) for w in weights]
    rest = 1 - sum((w for i, w in enumerate(shares) if i != heaviest), Fraction(0))
    shares[heaviest] = rest if rest > 0 else shares[heaviest]
    if len(set(weights)) == 1:
        shares = list(weights)
    total = sum(shares, Fraction(0))
    return repeated(columns, [m for _, m in blocks], [w / total for w in shares])


def rounded_points(point: Point) -> Iterator[Point]:
    """The point with all numbers rounded to a denominator, the shortest first; itself last."""
    for q in ROUNDINGS:
        parameters = {
            name: value if isinstance(value, int) else mapped(value, _rounding(q))
            for name, value in point.parameters.items()
        }
        if point.mixture is None:
            yield Point(None, parameters)
            continue
        short = replace(point, parameters=parameters)
        yield from together(short, lambda p, q=q: _rounded_means(p, q))  # type: ignore[misc]
    yield point


def _rounded_means(point: Point, q: int) -> Iterator[Point]:
    blocks = runs(point.mix)
    columns = [[Fraction(round(x * q), q) for x in e] for e, _ in blocks]
    repeats = [m for _, m in blocks]
    shares = [Fraction(max(1, round(w * q)), q) for w in point.mix.exact_weights]
    total = sum(shares, Fraction(0))
    for weights in ([s / total for s in shares], point.mix.exact_weights):
        yield Point(repeated(columns, repeats, weights), point.parameters)


def _rounding(q: int) -> Callable[[Fraction], Fraction]:
    return lambda x: Fraction(round(x * q), q)
