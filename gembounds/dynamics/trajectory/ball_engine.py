"""A run in balls: the exact trajectory within a ball around a state of many bits.

The distance grows as in float64 (:mod:`gembounds.dynamics.trajectory.gradient_map` and
``em_map``): the factor of a step comes from the float64 Hessian near the state, the step's own
error from the balls. Where the distance passes 2^-bits of the state's size, the run begins again
with more bits."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.dynamics.trajectory.ball_record import BallRecord
from gembounds.dynamics.trajectory.ball_step import (
    ROUND,
    BallState,
    Integers,
    evaluate,
    floats,
    nearest_fraction,
    quotient,
    scaled,
)
from gembounds.dynamics.trajectory.em_map import EmMap
from gembounds.dynamics.trajectory.float_step import bare
from gembounds.dynamics.trajectory.gradient_map import GradientMap
from gembounds.dynamics.trajectory.record import Trajectory
from gembounds.dynamics.trajectory.settings import Settings
from gembounds.dynamics.trajectory.start import Starts, start_of
from gembounds.evaluators.balls.quantities import check_rank
from gembounds.tools.errors import InputError

GUARD = 20
"""Bits beyond those wanted at first (a choice: 200 steps of well-behaved starts need 10)."""

PLACES = 24
"""Bits of a state beyond those of its overlaps (a choice: roundings then count little)."""


class BallEngine:
    """One state after another."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.start = start_of(settings.mix, settings.data)
        self.guard = GUARD
        self.futile = False  # more bits do not help: a grid's budget lacks, or a factor
        self.etas: list[Fraction] = []

    @property
    def bits(self) -> int:
        """Relative bits of the overlaps."""
        return self.settings.bits + self.guard

    @property
    def places(self) -> int:
        """Bits after the binary point of the states."""
        return self.bits + PLACES

    def begin(self) -> None:
        """The start, rounded to ``places``."""
        check_rank(self.settings.mix)
        start, scale = self.start, self.places
        exact = [self.settings.mix.exact_means[i] for i in start.classes.first.tolist()]
        rows = [[nearest_fraction(x, scale) for x in row] for row in exact]
        canonical = start.canonical
        whole = [
            [int(canonical.signs[j]) * rows[a][j] for j in canonical.columns.tolist()]
            for a in canonical.rows.tolist()
        ]
        rounded = any(Fraction(m, 1 << scale) != x for r, e in zip(rows, exact, strict=True)
                      for m, x in zip(r, e, strict=True))  # fmt: skip
        kind = GradientMap if self.settings.kind == "gradient" else EmMap
        self.map: GradientMap | EmMap = kind(Starts.of([start]), self.settings.steps)
        self.record = BallRecord(start, self.places)
        wrong = 2.0**-scale * math.sqrt(self.settings.mix.d) * ROUND
        self._keep(whole, self._norm([wrong] * len(whole)) if rounded else 0.0)

    def advance(self, eta: Fraction) -> None:
        """One step; with more bits from the start where these have become too few."""
        try:
            self._advance(eta)
        except OverflowError:
            raise InputError(
                f"step {len(self.etas)} leaves the range of float64: give smaller means or a "
                "smaller eta"
            ) from None

    def _advance(self, eta: Fraction) -> None:
        self.etas.append(eta)
        self._step(eta)
        while self._spent():
            before, self.guard = self.distance, self.guard * 2
            again, self.etas = self.etas, []
            self.begin()
            for size in again:
                self.etas.append(size)
                self._step(size)
            self.futile = self.futile or self.distance > before / 2

    def _spent(self) -> bool:
        limit = 2.0**-self.settings.bits * max(self.record.size[-1], 2.0**-40)
        return self.distance > limit and self.guard < 16 * GUARD and not self.futile

    @np.errstate(all="ignore")
    def _step(self, eta: Fraction) -> None:
        state, start, scale = self.state, self.start, self.places
        after: Integers = []
        wrong: list[float] = []
        for a, row in enumerate(state.whole):
            count = int(start.counts[a])
            if self.settings.kind == "gradient":
                top, bottom = eta.numerator, eta.denominator * count << scale
                error = float(eta) / count * state.errors[a] * ROUND
            else:
                top, bottom = 1, state.mass[a]
                error = self._em_error(a) if bottom > 0 else math.inf
            if bottom <= 0:  # the components' mass is lost in its error
                top, bottom = 0, 1
            change = [quotient(top * g, bottom) for g in state.slopes[a]]
            after.append([x - c for x, c in zip(row, change, strict=True)])
            wrong.append(error + 2.0**-scale * math.sqrt(len(row)))
        new = self._norm(wrong)
        before = floats(state.whole, scale)
        shift = float(np.abs(before).max()) * 2.0**-50 * math.sqrt(before.size) + 1e-300
        shift *= math.sqrt(max(1.0, float(self.map.weights.max()))) * 2
        if self.distance:
            mix = start.merged.moved(before)
            near = bare(mix, self._slopes(), self._overlaps(), self.map.start)
            factor = float(self.map.factor(near, eta, np.array([self.distance + shift]))[0])
            self.futile = self.futile or (factor == math.inf and self.distance <= shift)
            new += factor * self.distance * ROUND
        rounded = floats(after, scale)
        length = math.hypot(*((rounded - before) * np.sqrt(self.start.counts)[:, None]).flat)
        length = length * ROUND + 2 * shift + 2 * self.distance
        seen = self.map.start.seen(before[None])
        self.map.passed(seen, rounded[None], np.array([length]))
        self._keep(after, new if new < math.inf else math.inf)

    def _em_error(self, a: int) -> float:
        """g/p with both in error: (|dg| + |g/p| |dp|) / (p - |dp|)."""
        state, scale = self.state, self.places
        p, error = scaled(state.mass[a], scale), state.mass_error[a]
        least = (p - error) * (1 - 1e-12)
        if not least > 0:
            return math.inf
        size = math.hypot(*[scaled(g, 2 * scale) for g in state.slopes[a]]) / p
        return (state.errors[a] + size * error) / least * ROUND

    def _norm(self, rows: list[float]) -> float:
        """The map's norm of vectors with these norms, rounded up."""
        weights = self.map.weights.ravel().tolist()
        return math.hypot(*[math.sqrt(w) * x for w, x in zip(weights, rows, strict=True)]) * ROUND

    def _slopes(self) -> Any:
        return floats(self.state.slopes, 2 * self.places) / self.start.counts[:, None]

    def _overlaps(self) -> Any:
        """A diagonal whose row sums enclose E psi: all that the maps look at."""
        p = np.array([scaled(x, self.places) for x in self.state.mass])
        error = np.array(self.state.mass_error) + 1e-12 * p
        return np.diag(np.maximum(p - error, 0.0)), np.diag(p + error)

    def _keep(self, whole: Integers, distance: float) -> None:
        self.distance = distance
        self.state: BallState = evaluate(whole, self.places, self.start, self.bits)
        self.record.add(self.state, float(self.map.euclidean(np.array([distance]))[0]))

    def last(self) -> dict[str, tuple[float, float]]:
        """Ends of the quantities at the last state."""
        return self.record.last()

    def result(self, etas: list[Fraction], why: str) -> Trajectory:
        """The run so far."""
        return self.record.result(self.settings, etas, why)

    def saved(self) -> dict[str, Any]:
        """What :meth:`restore` needs."""
        return {
            "guard": self.guard, "futile": self.futile, "distance": self.distance.hex(),
            "map": self.map.saved(),
            "eta": [str(x) for x in self.etas],
            "record": self.record.saved(),
        }  # fmt: skip

    def restore(self, saved: dict[str, Any]) -> None:
        """Go on from :meth:`saved`."""
        self.guard, self.futile = saved["guard"], saved["futile"]
        self.begin()
        self.map.restore(saved["map"])
        self.record.restore(saved["record"])
        self.distance = float.fromhex(saved["distance"])
        self.etas = [Fraction(x) for x in saved["eta"]]
        self.state = evaluate(self.record.kept[-1].whole, self.places, self.start, self.bits)
