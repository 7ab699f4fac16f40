"""The time that the flow da/dt = -H(a) takes from one distance to a smaller one, in balls.

With H of :mod:`gembounds.dynamics.pair.decay`, 1/H = sqrt(2 pi) exp(a^2/8)/I(a) and I grows, so
over a cell [l, u] the integral of 1/H lies between E/I(u) and E/I(l), E = sqrt(2 pi) times that of
exp(a^2/8), which is 2 pi (erfi(u/sqrt 8) - erfi(l/sqrt 8)). I changes by a few per cent in all;
cells are halved where that matters most."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from heapq import heappop, heappush
from typing import Any, NamedTuple

from flint import arb

from gembounds.dynamics.pair.decay import PairDecay
from gembounds.values.balls import float_ends

MAX_CELLS = 2048
"""Cells at which halving ends, wide as the sum may still be (a choice)."""


class _Node(NamedTuple):
    place: Any
    integral: Any
    mass: Any


class Passage:
    """``time`` = int_low^high da/H(a), a ball of relative width about ``width``; ``low`` and
    ``high`` are balls, H decreases on them, and the precision is as for ``decay``."""

    def __init__(self, decay: PairDecay, low: Any, high: Any, width: float) -> None:
        self._decay = decay
        first, last = self._node(low), self._node(high)
        cells: list[tuple[float, int, _Node, _Node]] = []
        open_width, serial = self._add(cells, 0, first, last, last.mass), 1
        while open_width > width and len(cells) < MAX_CELLS:
            negative, _, left, right = heappop(cells)
            middle = self._node(arb(float(((left.place + right.place) / 2).mid())))
            open_width += negative
            for a, b in ((left, middle), (middle, right)):
                open_width += self._add(cells, serial, a, b, last.mass)
                serial += 1
        self.time = sum((self._time(a, b) for _, _, a, b in cells), arb(0))
        nodes = [first, *sorted((b for *_, b in cells), key=lambda node: float(node.place.mid()))]
        self._below = [float_ends(node.place)[1] for node in nodes]
        self._above = [float_ends(node.place)[0] for node in nodes]
        self._integrals = [node.integral for node in nodes]

    def integral(self, a: Any) -> Any:
        """I(a) for every a in the positive ball ``a``, from the cells where they reach."""
        least, most = float_ends(a)
        left = bisect_right(self._below, least) - 1
        right = bisect_left(self._above, most)
        if left < 0 or right == len(self._above):
            return self._decay.integral(a)
        return arb(self._integrals[left].lower()).union(arb(self._integrals[right].upper()))

    def _node(self, place: Any) -> _Node:
        mass = 2 * arb.pi() * (place / arb(8).sqrt()).erfi()
        return _Node(place, self._decay.integral(place), mass)

    def _add(self, cells: list[Any], serial: int, left: _Node, right: _Node, total: Any) -> float:
        """Push the cell and return about how wide it leaves the sum, relative to ``total``."""
        share = float(((right.mass - left.mass) / total).mid())
        open_width = share * float((right.integral / left.integral - 1).mid())
        heappush(cells, (-open_width, serial, left, right))
        return open_width

    def _time(self, left: _Node, right: _Node) -> Any:
        mass = right.mass - left.mass
        least, most = mass / right.integral, mass / left.integral
        return arb(least.lower()).union(arb(most.upper()))
