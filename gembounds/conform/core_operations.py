"""The operations that a claim's sides are written against, with a core's values in them.

Population quantities and posteriors are balls around what the core gives, as wide as its error
may be; everything else stays exact or certified.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.core import Core
from gembounds.conform.protocol import FloatArray, Outside
from gembounds.conform.room import outside, room_of
from gembounds.conform.tolerance import accuracy, allowed
from gembounds.conform.truth import Truth
from gembounds.statements.operations import LADDER, Operations, interval_ball
from gembounds.values.mixture import Mixture


class CoreOperations(Operations):
    """:class:`Operations` with the values of ``core``; ``used`` has the functions asked for."""

    def __init__(self, core: Core) -> None:
        super().__init__(LADDER[1])
        self.core = core
        self.used: set[str] = set()

    def loss(self, mix: Mixture) -> Any:
        return self._from_core(mix, "loss")

    def overlaps(self, mix: Mixture) -> Any:
        return self._from_core(mix, "overlaps")

    def psi_tilde_norm2(self, mix: Mixture) -> Any:
        return self._from_core(mix, "psi_tilde_norm2")

    def gradient(self, mix: Mixture) -> Any:
        """Over the distinct columns: the first of each."""
        full = self._from_core(mix, "gradient")
        first: dict[bytes, int] = {}
        for j, column in enumerate(mix.means.T):
            first.setdefault((column + 0.0).tobytes(), j)
        wanted = [np.array([float(x) for x in e]) for e, _ in self.columns(mix)]
        return [[row[first[(c + 0.0).tobytes()]] for c in wanted] for row in full]

    def psi(self, mix: Mixture, x: tuple[Fraction, ...]) -> list[Any]:
        self.used.add("psi")
        case = Case(mix.means, mix.weights, 0, [[float(v) for v in x]])
        value = self._called("psi", case)
        found: list[Any] = _balls(value[0], allowed(self.core, Truth(case), "psi")[0])
        return found

    def _called(self, function: str, case: Case) -> FloatArray:
        """A statement may ask for other mixtures than that of the point: of a higher rank, say."""
        limit = outside(room_of(self.core, [function]), case)
        if limit is not None:
            raise Outside(limit)
        return self.core.call(function, *case.arguments(function))

    def _from_core(self, mix: Mixture, function: str) -> Any:
        self.used.add(function)

        def evaluated() -> Any:
            case = Case(mix.means, mix.weights, 0)
            value = self._called(function, case)
            return _balls(value, allowed(self.core, Truth(case, accuracy(self.core)), function))

        return self._once(mix, f"core {function}", evaluated)


def _balls(value: FloatArray, error: FloatArray) -> Any:
    """value +- error, as a ball or nested lists of balls."""
    if value.ndim:
        return [_balls(v, e) for v, e in zip(value, error, strict=True)]
    low = np.nextafter(value - error, -np.inf)
    return interval_ball(float(low), float(np.nextafter(value + error, np.inf)))
