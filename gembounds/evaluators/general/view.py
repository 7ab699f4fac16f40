"""The coordinates in which a function of psi and x is evaluated, from a component of the data.

In up to three dimensions they are those of x - centre. Beyond, they are those that psi depends on,
as in :mod:`gembounds.evaluators.general.frame`, and the function is one of psi alone: x is
an empty list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, arb

from gembounds.evaluators.general.frame import rational
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.values.mixture import Mixture

Balls = list[Any]

MOST_COORDINATES = 3
"""Of x: grids of balls beyond are out of reach."""


@dataclass(frozen=True)
class View:
    """``mix`` is the model seen from ``centre``."""

    mix: Mixture
    centre: Sequence[Fraction]

    @property
    def whole(self) -> bool:
        """Whether the coordinates are those of x."""
        return self.mix.d <= MOST_COORDINATES

    @property
    def rank(self) -> int:
        return self.mix.d if self.whole else reduce_exactly(self.mix).rank

    def components(self) -> tuple[Balls, list[Balls]]:
        """Weights and coordinates of those that are integrated, at the current precision."""
        if self.whole:
            u = [[arb(rational(t)) for t in row] for row in self.mix.exact_means]
            return [arb(rational(w)) for w in self.mix.exact_weights], u
        reduction = reduce_exactly(self.mix)
        return [arb(w) for w in reduction.weights], reduction.coordinates()

    def psi(self, found: Balls) -> Balls:
        """The posteriors of the model from those of ``components``."""
        if self.whole:
            return found
        reduction = reduce_exactly(self.mix)
        return [
            found[g] * arb(rational(w) / reduction.weights[g])
            for g, w in zip(reduction.group, self.mix.exact_weights, strict=True)
        ]

    def x(self, z: Balls) -> Balls:
        """x at the coordinates ``z``; nothing where they are not its own."""
        if not self.whole:
            return []
        return [acb(arb(rational(t)) + y) for t, y in zip(self.centre, z, strict=True)]

    def distance(self) -> Any:
        """|centre|."""
        return sum((arb(rational(t)) ** 2 for t in self.centre), arb(0)).sqrt()

    def norm(self, z: Balls) -> Any:
        """|x| at ``z``; an upper bound of it where the coordinates are not its own."""
        own = self.x(z)
        size = sum((abs(t) ** 2 for t in own or z), arb(0)).sqrt()
        return size if own else size + self.distance()
