"""Grids as fine as it takes: a coarse one first, whose sums say what relative accuracy means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flint import arb, fmpq

from gembounds.evaluators.general.integrate import BOUND_BITS, Found
from gembounds.evaluators.general.plan import NEVER, log_of
from gembounds.evaluators.general.sums import Grid
from gembounds.values.precision import working_precision
from gembounds.values.rule import NO_RULE, Rule

FIRST = 12 * math.log(2.0)
"""Of the coarse grid's errors, -log relative to what E|f| is at most, about (a choice)."""

TRIES = 6
"""Grids tried at most (a choice)."""

BLIND = 2
"""Grids after the first for an expectation that may be 0 as far as they know (a choice)."""

GUARD_BITS = 40
"""Beyond the bits that the errors ask for: sums lose some (a choice)."""

HALVINGS = 12
"""Steps of the bisection for what ``max_nodes`` allows (a choice)."""

ROOM = math.log(2.0)
"""The errors are chosen so much smaller than they may be, in logarithm (a choice)."""


class Part(Protocol):
    """One component of the data: what bounds each |E f|, and its sign where
    that is known; about log of its size, grids, sums."""

    most: list[Any]
    signs: list[int]

    def sizes(self) -> list[float]: ...

    def grid(self, targets: Sequence[float]) -> Grid | None: ...

    def in_floats(self, grid: Grid) -> Found | None: ...

    def evaluate(self, grid: Grid, precision: int) -> Found: ...


@dataclass
class Raised:
    """The expectations over ``parts``, weighted, to 2^-``bits`` relatively or to ``atol``; in
    float64 where that suffices and ``float_nodes`` allow it."""

    parts: Sequence[Part]
    weights: Sequence[fmpq]
    bits: int
    atol: Any
    max_nodes: int
    float_nodes: int = 0
    balls: list[Any] = field(default_factory=list)
    rule: Rule = NO_RULE

    def __post_init__(self) -> None:
        with working_precision(BOUND_BITS):
            self.most = self._mean([part.most for part in self.parts])
            self.least = log_of(arb(self.atol)) if self.atol else NEVER
        self.signs = [
            one[0] if len(set(one)) == 1 else 0
            for one in zip(*(part.signs for part in self.parts), strict=True)
        ]
        self.rough = [max(one) for one in zip(*(p.sizes() for p in self.parts), strict=True)]
        self.balls = [self._clipped(x * arb(0, 1), f) for f, x in enumerate(self.most)]
        self.known = [log_of(x) for x in self.most]
        self.blind = [0] * len(self.balls)
        self.noise = [False] * len(self.balls)
        self.floats = self.float_nodes > 0

    def run(self) -> None:
        """Leaves ``balls`` and ``rule``."""
        targets = [x - FIRST for x in self.rough]
        for attempt in range(TRIES):
            chosen = self._fitting(targets, attempt > 0 and not self._sure())
            if chosen is None:
                return
            grids, cut = chosen
            sizes = self._evaluate(grids, targets)
            if sizes is None:
                continue
            wanted = self._lacking(sizes)
            if not wanted or cut:
                return
            targets = [wanted.get(f, x) for f, x in enumerate(self.known)]

    def _sure(self) -> bool:
        """Whether the sum of some expectation that lacks accuracy is more than rounding."""
        return any(not noise and self._lacks(f) for f, noise in enumerate(self.noise))

    def _fitting(self, targets: list[float], whole: bool) -> tuple[list[Grid], bool] | None:
        """Grids for errors of exp(``targets``) or, unless ``whole``, as near as ``max_nodes``
        allows; None where nothing better than what is known fits."""
        best = self._grids(targets)
        if best is not None or whole:
            return None if best is None else (best, False)
        wanted, low, high = list(targets), 0.0, 1.0  # as a part of the way from what is known
        for _ in range(HALVINGS):
            part = 0.5 * (low + high)
            way = [k + part * (t - k) for t, k in zip(wanted, self.known, strict=True)]
            grids = self._grids(way)
            low, high = (low, part) if grids is None else (part, high)
            if grids is not None:
                best, targets[:] = grids, way
        return None if best is None else (best, True)

    def _grids(self, targets: Sequence[float]) -> list[Grid] | None:
        out, most = [], self.float_nodes if self.floats else self.max_nodes
        for part in self.parts:
            grid = part.grid([t - ROOM for t in targets])
            if grid is None or grid.nodes > most:
                return None
            out.append(grid)
        return out

    def _evaluate(self, grids: Sequence[Grid], targets: Sequence[float]) -> list[float] | None:
        """Narrows ``balls``; about log of each expectation's size. None where float64 does not
        suffice and the grids are too large for balls."""
        depth = max(m - t for m, t in zip(self.rough, targets, strict=True))
        precision = math.ceil(max(depth, 0.0) / math.log(2.0)) + GUARD_BITS
        found = self._found(grids, precision, targets)
        if found is None:
            return None
        if len(found) == 1:
            self.rule = found[0].rule
        with working_precision(precision + BOUND_BITS):
            values = self._mean([one.values for one in found])
            errors = self._mean([one.errors for one in found])
        sizes = []
        with working_precision(precision + BOUND_BITS):
            for f, (value, error) in enumerate(zip(values, errors, strict=True)):
                ball = value + error * arb(0, 1) if error.is_finite() else arb(0, math.inf)
                ball = self._clipped(ball, f)
                if ball.rad() <= self.balls[f].rad():
                    self.balls[f] = ball
                self.known[f] = log_of(self.balls[f].rad())
                self.noise[f] = noise = bool(value.rad() * 2 >= abs(value.mid()))
                sizes.append(log_of(abs(self.balls[f]) if noise else abs(value.mid())))
        return sizes

    def _found(
        self, grids: Sequence[Grid], precision: int, targets: Sequence[float]
    ) -> list[Found] | None:
        """In float64 while rounding costs less than the errors wanted."""
        both = list(zip(self.parts, grids, strict=True))
        if self.floats:
            sharp = [one for part, grid in both if (one := part.in_floats(grid)) is not None]
            most = [t - ROOM for t in targets]
            self.floats = len(sharp) == len(both) and all(
                log_of(x.rad()) <= t
                for one in sharp
                for x, t in zip(one.values, most, strict=True)
            )
            if self.floats:
                return sharp
            if any(grid.nodes > self.max_nodes for grid in grids):
                return None
        return [part.evaluate(grid, precision) for part, grid in both]

    def _clipped(self, ball: Any, f: int) -> Any:
        """The part of it that has the sign of the expectation."""
        if not (self.signs[f] and ball.is_finite() and ball.contains(0)):
            return ball
        sign = self.signs[f]
        return sign * arb(0).union((sign * ball).upper())

    def _lacks(self, f: int) -> bool:
        ball = self.balls[f]
        with working_precision(BOUND_BITS):
            if ball.rad() == 0 or (self.atol and ball.rad() <= arb(self.atol)):
                return False
            return not ball.rad() <= ball.abs_lower() * arb(2) ** -self.bits

    def _lacking(self, sizes: Sequence[float]) -> dict[int, float]:
        """By expectation, log of the error that it needs."""
        out = {}
        for f, size in enumerate(sizes):
            if not self._lacks(f):
                continue
            if self.balls[f].contains(0):
                self.blind[f] += 1
                if self.blind[f] > BLIND:
                    continue
            out[f] = max(size - self.bits * math.log(2.0), self.least)
        return out

    def _mean(self, values: Sequence[Sequence[Any]]) -> list[Any]:
        if len(values) == 1:
            return list(values[0])
        return [
            sum((w * x for w, x in zip(self.weights, column, strict=True)), arb(0))
            for column in zip(*values, strict=True)
        ]
