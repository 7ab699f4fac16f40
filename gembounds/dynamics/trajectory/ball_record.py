"""What a run in balls keeps of its states, and the quantities they prove.

The bounds are those of :mod:`gembounds.dynamics.trajectory.quantities`, in ball arithmetic.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from flint import arb, fmpq

from gembounds.dynamics.trajectory.ball_step import (
    ROUND,
    BallState,
    Integers,
    floats,
    root_above,
    scaled,
)
from gembounds.dynamics.trajectory.record import QUANTITIES, Trajectory
from gembounds.dynamics.trajectory.settings import Settings
from gembounds.dynamics.trajectory.start import Start
from gembounds.values.balls import float_ends
from gembounds.values.enclosure import Enclosure, from_balls
from gembounds.values.precision import working_precision


class Kept(NamedTuple):
    """Of a state: M, the merged gradient, its rows' errors, L as (middle, radius), each
    (mantissa, exponent), and the Euclidean distance."""

    whole: Integers
    slopes: Integers
    errors: list[float]
    loss: list[list[int]]
    distance: float


class BallRecord:
    """The states so far."""

    def __init__(self, start: Start, places: int) -> None:
        self.start, self.places = start, places
        self.kept: list[Kept] = []
        self.size: list[float] = []

    def add(self, state: BallState, distance: float) -> None:
        """One more state."""
        parts = (state.loss.mid().man_exp(), state.loss.rad().man_exp())
        loss = [[int(m), int(e)] for m, e in parts]
        self._append(Kept(state.whole, state.slopes, state.errors, loss, distance))

    def _append(self, kept: Kept) -> None:
        self.kept.append(kept)
        self.size.append(root_above(sum(x * x for row in kept.whole for x in row), self.places))

    def saved(self) -> list[Any]:
        """For JSON."""
        return [[*k[:2], [x.hex() for x in k.errors], k.loss, k.distance.hex()] for k in self.kept]

    def restore(self, saved: list[Any]) -> None:
        """The states of :meth:`saved`."""
        self.kept, self.size = [], []
        for whole, slopes, errors, loss, distance in saved:
            errors = [float.fromhex(x) for x in errors]
            self._append(Kept(whole, slopes, errors, loss, float.fromhex(distance)))

    def last(self) -> dict[str, tuple[float, float]]:
        """Ends of the quantities at the last state."""
        ends = {name: float_ends(x) for name, x in self._quantities(self.kept[-1]).items()}
        return {name: (max(0.0, low), high) for name, (low, high) in ends.items()}

    def _quantities(self, kept: Kept) -> dict[str, Any]:
        counts = [int(c) for c in self.start.counts]
        weights = self.start.merged.exact_weights
        squares = [sum(x * x for x in row) for row in kept.whole]
        with working_precision(2 * self.places + 64):
            scale = arb(2) ** -self.places
            e = arb(kept.distance) if kept.distance < math.inf else arb.pos_inf()
            top = arb(max(squares)).sqrt() * scale
            size = arb(sum(c * s for c, s in zip(counts, squares, strict=True))).sqrt() * scale
            total = sum((w * s for w, s in zip(weights, squares, strict=True)), Fraction(0))
            weighted = _ball(total).sqrt() * scale
            steep = 1 + (self._seen(kept, top) + e) ** 2
            slope = _ball(sum((Fraction(sum(x * x for x in row), c)
                               for row, c in zip(kept.slopes, counts, strict=True)),
                              Fraction(0))).sqrt() * scale * scale  # fmt: skip
            error = arb(self._error(kept))
            heaviest = _ball(max(w / c for w, c in zip(weights, counts, strict=True))).sqrt()
            middle, radius = kept.loss
            loss = arb((middle[0], middle[1]), (radius[0], radius[1]))
            return {
                "loss": _around(loss, (slope + error) * e + steep * e * e / 2),
                "U": _around(size, e) ** 2,
                "mu_max": _around(top, e),
                "gradient_norm": _around(slope, error + steep * e),
                "parametric_distance": _around(weighted, heaviest * e) ** 2,
            }

    def _seen(self, kept: Kept, top: Any) -> Any:
        """max |mu_i - a_j|, from above; ``top`` is max |mu_i|."""
        if self.start.data.at_origin:
            return top
        means = floats(kept.whole, self.places)
        return arb(self.start.seen(means) * ROUND) + top * arb(2) ** -50

    def _error(self, kept: Kept) -> float:
        """The gradient's error over all members."""
        pairs = zip(kept.errors, self.start.counts.tolist(), strict=True)
        return math.hypot(*[x / math.sqrt(c) for x, c in pairs]) * ROUND

    @np.errstate(all="ignore")
    def result(self, settings: Settings, etas: list[Fraction], why: str) -> Trajectory:
        """The run so far; float64 means are the states rounded, which the distances allow for."""
        rounded = np.array([floats(k.whole, self.places) for k in self.kept])
        means = self.start.back(rounded)
        distance = []
        for k, state in zip(self.kept, rounded, strict=True):
            away = float(np.linalg.norm(state)) * 2.0**-53 + 1e-300
            spread = math.sqrt(float(self.start.counts.max()))
            distance.append((k.distance + away * spread) * ROUND)
        found = [self._quantities(k) for k in self.kept]
        recorded: dict[str, Any] = {
            name: _not_negative(from_balls([x[name] for x in found])) for name in QUANTITIES
        }
        relative = []
        for k in self.kept:
            slopes = zip(k.slopes, np.sqrt(self.start.counts).tolist(), strict=True)
            size = math.hypot(*[scaled(x, 2 * self.places) / c for row, c in slopes for x in row])
            size = size * (1 - 1e-12) - self._error(k)
            relative.append(self._error(k) / size * ROUND if size > 0 else math.inf)
        return Trajectory(
            means, settings.mix.weights, np.array(distance), eta=tuple(etas),
            kind=settings.kind, evaluator="arb", stopped=why, gradient_error=np.array(relative),
            balls=np.array([self._balls(k) for k in self.kept], dtype=object),
            bits=settings.bits, **recorded,
        )  # fmt: skip

    def _balls(self, kept: Kept) -> list[list[Any]]:
        """(n, d) balls in the order given."""
        canonical, place = self.start.canonical, self.start.classes.place
        rows: dict[int, list[Any]] = {}
        columns, signs = canonical.columns.tolist(), canonical.signs.tolist()
        radius = kept.distance
        for a, row in zip(canonical.rows.tolist(), kept.whole, strict=True):
            out: list[Any] = [None] * len(row)
            for j, x in zip(columns, row, strict=True):
                middle = arb((int(signs[j]) * x, -self.places))
                out[j] = arb(middle, radius) if radius < math.inf else arb(0, math.inf)
            rows[a] = out
        return [rows[int(a)] for a in place]


def _not_negative(found: Enclosure) -> Enclosure:
    """The ends cut to [0, inf]."""
    return replace(found, lower=np.maximum(found.lower, 0.0))


def _ball(x: Fraction) -> Any:
    return arb(fmpq(x.numerator, x.denominator))


def _around(x: Any, by: Any) -> Any:
    """[x - by, x + by], not below 0."""
    low, high = (x - by).lower(), (x + by).upper()
    return (low if low > 0 else arb(0)).union(high)
