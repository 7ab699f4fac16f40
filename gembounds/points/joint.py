"""Model and data as one mixture, each with half the weight, so that what changes a point changes
both alike: ties between them stay ties, and their coordinates stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from gembounds.points.point import Point, repeated
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture


def joined(point: Point) -> Point:
    """The point with all components in its mixture, first the model's; itself without data."""
    if point.data is None or point.mixture is None:
        return point
    both = point.mixture, point.data
    if any(mix.means_error for mix in both):
        rows = [row for mix in both for row in mix.exact_means]
    else:
        rows = np.concatenate([mix.means for mix in both])  # type: ignore[assignment]
    weights = [w / 2 for mix in both for w in mix.exact_weights]
    return Point(Mixture(rows, weights), point.parameters)


def parted(found: Point, n: int) -> Point:
    """A point again: the first ``n`` components are the model's."""
    columns, repeats = zip(*runs(found.mix), strict=True)
    weights = found.mix.exact_weights

    def part(which: slice) -> Mixture:
        total = sum(weights[which], Fraction(0))
        shares = [w / total for w in weights[which]]
        return repeated([c[which] for c in columns], repeats, shares)

    return Point(part(slice(n)), found.parameters, part(slice(n, None)))


def together(point: Point, change: Callable[[Point], Iterator[Point]]) -> Iterator[Point]:
    """The points that ``change`` makes of model and data as one."""
    if point.data is None or point.mixture is None:
        yield from change(point)
        return
    for found in change(joined(point)):
        yield parted(found, point.mixture.n)


def swapped(point: Point) -> Point:
    """The data as the model, and the other way round."""
    return replace(point, mixture=point.data, data=point.mixture)
