"""What bounds show of cells: which are leaves, and where and how the others are halved."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.points.point import Point
from gembounds.proving.boxes import bounds, origin
from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.operations import CellOperations
from gembounds.proving.boxes.ranges import Range
from gembounds.statements.evaluate import Constants, Undefined, entries, evaluate
from gembounds.statements.tree import Expr

STUCK, OPEN, OUTSIDE, MIRRORED, LEMMA, FIRST, SECOND, ORIGIN = range(-1, 7)
"""What a cell turned out to be; from OUTSIDE on it is a leaf. STUCK: halving it cannot help, for
what the bound lacks is as small as the errors of rounding and of the rule."""

NOISE, SMALL = 1.5, 2.0**-10
"""Times those errors is what a STUCK cell lacks at most, and its largest side beside the box's
(choices)."""

TIE = 5e-324
"""In place of a bound that is 0 where 0 is enough."""

Duals = dict[int, list[bounds.Dual]]
"""By cell: the dual points of its margins and branches that needed one."""


class Leaves:
    """What is found of a batch of cells.

    ``state``; where it is open the ``axis`` to halve; ``value``, at most the margin at the centre;
    ``lowest``, (K, B), where the margin seems to be least.
    """

    def __init__(self, ops: CellOperations, state: Any) -> None:
        self.ops, self.batch, self.state = ops, ops.batch, state
        size = self.batch.size
        self.axis = np.zeros(size, dtype=int)
        self.value = np.full(size, np.inf)
        self.lowest = self.batch.at.copy()
        self.duals: Duals = {}
        self._worst = np.full(size, np.inf)
        self._hopeless = np.zeros(size, dtype=bool)

    def show(self, margin: Expr, constants: Constants, strict: bool, flat: bool) -> None:
        """Tell where ``margin`` is >= 0 (> 0 if ``strict``) in every entry and branch; ``flat``:
        it vanishes to second order at means 0."""
        ops, size = self.ops, self.batch.size
        proved = np.ones(size, dtype=bool)
        second, there = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        open_ = self.state == OPEN
        for one in ops.passes():
            try:
                found = entries(evaluate(margin, ops, Point(), constants))
            except Undefined:
                found, proved = [], np.zeros(size, dtype=bool)
            for jet in (ops.cleared(x, strict) for x in found):
                bound = bounds.first_order(jet, self.batch.half)
                if not strict:
                    tied = np.broadcast_to(jet.all.lo, size) >= 0
                    bound = np.where(~(bound > 0) & tied, TIE, bound)
                bound = np.where(one.impossible, np.inf, bound)
                if flat and not strict:
                    convex = origin.shown(jet, one.largest, self.batch, ~(bound > 0) & open_)
                    bound, there = np.where(convex, TIE, bound), there | convex
                where = np.nonzero(~(bound > 0) & open_)[0]
                if len(where) and jet.bend is None:
                    self._first(jet, bound, where)
                elif len(where) and ops.count:
                    bound = self._second(jet, bound, where)
                    second |= np.isin(np.arange(size), where) & (bound > 0)
                proved &= (bound > 0) & (one.impossible | ~one.undefined)
                self._note(jet, np.where(one.impossible, np.inf, 0.0), bound)
        if flat:  # what the sides' size is there says nothing of what the range of A needs
            near = origin.near(self.batch)
            self.axis[near] = np.argmax(self.batch.t_width, axis=0)[near]
        proved &= ~(second & there)
        leaf = proved & open_
        self.state[self._hopeless & ~proved & open_] = STUCK
        self.state[leaf & ~second] = FIRST
        self.state[leaf & second] = SECOND
        self.state[leaf & there] = ORIGIN
        self.duals = {k: x for k, x in self.duals.items() if self.state[k] == SECOND}

    def _first(self, jet: Jet, bound: Any, where: Any) -> None:
        """Notes axes, and where the gradient points to, for a mean value form."""
        size, half = self.batch.size, self.batch.half
        moves, down = np.zeros((2, self.ops.count, len(where)))
        for k, x in enumerate(jet.slopes):
            if x is not None:
                lo, hi = (np.broadcast_to(end, size)[where] for end in (x.lo, x.hi))
                moves[k] = np.maximum(np.abs(lo), np.abs(hi)) * half[k, where]
                down[k] = -np.sign(np.nan_to_num(lo + hi))
        known = np.all(np.isfinite(moves), axis=0)
        axis = np.argmax(np.where(known, moves, half[:, where]), axis=0)
        worse = bound[where] < self._worst[where]
        self.axis[where[worse]] = axis[worse]
        y = np.zeros((self.ops.count, size))
        y[:, where] = down
        self.lowest[:, where[worse]] = self.batch.points(y)[:, where[worse]]

    def _second(self, jet: Jet, bound: Any, where: Any) -> Any:
        """The bounds with second order where it is needed; notes dual points and axes."""
        size, half = self.batch.size, self.batch.half[:, where]
        scale = tuple(x[..., where] for x in bounds.scaled(jet, self.batch.half))
        worse = bound[where] < self._worst[where]
        moves = bounds.smear(jet, half, scale)
        self.axis[where[worse]] = np.argmax(moves, axis=0)[worse]
        usable = np.all(np.isfinite(scale[2] + scale[3]), axis=(0, 1))
        usable &= np.all(np.isfinite(scale[0] + scale[1]), axis=0)
        keep = np.nonzero(usable)[0]
        if not len(keep):
            return bound
        cells = where[keep]
        inner = tuple(x[..., keep] for x in scale)
        dual = bounds.dual(*inner)
        there = bounds.second_order(_taken(jet, cells, size), inner, dual)
        out = bound.copy()
        out[cells] = np.fmax(bound[cells], there)
        for j in np.nonzero(there > 0)[0]:
            one = bounds.Dual(dual.y[:, j], dual.factor[:, :, j], dual.exponent[j])
            self.duals.setdefault(int(cells[j]), []).append(one)
        lower = out[cells] < self._worst[cells]
        y = np.zeros((self.ops.count, size))
        y[:, cells] = dual.y * 2.0**-bounds.Y_BITS
        chosen = cells[lower]
        self.lowest[:, chosen] = self.batch.points(y)[:, chosen]
        return out

    def _note(self, jet: Jet, impossible: Any, bound: Any) -> None:
        """The least margin at the centre, and where halving cannot help."""
        size = self.batch.size
        high = np.broadcast_to((jet.at + Range(-jet.err, jet.err)).hi, size)
        noise = jet.at.hi - jet.at.lo + 2 * np.asarray(jet.err)
        small = np.max(self.batch.t_width, axis=0, initial=0.0) <= SMALL
        self._hopeless |= small & ~(bound > 0) & (high - bound <= NOISE * noise)
        self._worst = np.minimum(self._worst, np.where(np.isnan(bound), -np.inf, bound))
        self.value = np.fmin(self.value, np.where(self.state == OPEN, high + impossible, np.inf))


def _taken(jet: Jet, where: Any, size: int) -> Jet:
    """Of a jet what the bounds need, at some cells."""

    def part(x: Range) -> Range:
        return Range(np.broadcast_to(x.lo, size)[where], np.broadcast_to(x.hi, size)[where])

    err = np.broadcast_to(np.asarray(jet.err), size)[where]
    return Jet(part(jet.at), part(jet.over), [], [], {}, err)
