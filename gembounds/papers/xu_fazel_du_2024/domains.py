"""Domains of this paper's claims that more than one module needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import numbers
from gembounds.points.point import Point
from gembounds.statements.conditions import Part
from gembounds.statements.domain import Domain
from gembounds.statements.tree import integer

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
