"""Domains of this paper's claims that more than one module needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import drawing, numbers
from gembounds.points.point import Point
from gembounds.statements.conditions import Part
from gembounds.statements.domain import SEVERAL, Domain
from gembounds.statements.words import integer

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

dimension = integer("d", 1)
"""The dimension, in statements about numbers alone."""


def _nothing(ops: Any, point: Point) -> Iterator[Part]:
    yield from ()


def _dimensions() -> SearchStrategy[Point]:
    from gembounds.points.strategies import dimension_points

    return dimension_points()


DIMENSIONS = Domain("dimensions", _nothing, _dimensions, numbers.DIMENSIONS)
"""d from 1 to 10^6."""

GRADIENTS = Domain("gradients", SEVERAL.test, drawing.mixtures_for_gradients)
"""All mixtures of two or more components; drawn where first moments and differences are narrow."""


def far_draws(name: str, *arguments: Any) -> Callable[[], SearchStrategy[Point]]:
    """A strategy of :mod:`gembounds.papers.xu_fazel_du_2024.strategies_far`, imported to draw."""

    def draw() -> SearchStrategy[Point]:
        from gembounds.papers.xu_fazel_du_2024 import strategies_far

        strategy: SearchStrategy[Point] = getattr(strategies_far, name)(*arguments)
        return strategy

    return draw
