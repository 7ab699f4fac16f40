"""The variables of a box, and its cells: which numbers vary, and what a cell of the unit cube
means.

A cell is a box of dyadic t in [0, 1]^K; a variable is low + (high - low) t. Variables are the
coordinates of means that vary, the offset, the free weights (all that vary but one, the rest),
parameters, and what describes a displacement (:mod:`gembounds.proving.boxes.displaced`).

Two components in R^d, d >= 2, need no more than a line: turned so that mu_1 - mu_2 lies along the
first axis, mu_i = u_i e + c with c orthogonal to e, u_1 >= u_2, and everything that is invariant
depends on u_1, u_2, |c| (the *offset*) and the weights: psi on the u_i alone, L = L(u) + |c|^2/2
and E|psi~|^2 = E|psi~|^2(u) + |c|^2. The cells that no turned point of the box reaches, by
|mu_1|^2, |mu_2|^2 and <mu_1, mu_2>, are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from typing import Any

import numpy as np

from gembounds.evaluators.boxes.cells import LEAST_WEIGHT, Cells
from gembounds.proving.boxes.box import Box, Interval
from gembounds.proving.boxes.displaced import Displaced
from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.ranges import Range
from gembounds.tools.errors import InputError
from gembounds.values.rounding import U, up

MOST_AXES = 2
"""A grid over the axes of the means has to be summed at each cell."""


@dataclass(frozen=True)
class Variable:
    """``kind`` is "mean" (``key`` (i, a)), "offset", "weight" (i), "parameter" (name), "face",
    "scale" or "direction" (its number)."""

    kind: str
    key: Any
    low: Fraction
    high: Fraction

    @property
    def name(self) -> str:
        if self.kind == "mean":
            i, a = self.key
            return f"means[{i}][{a}]"
        words = {"weight": f"weights[{self.key}]", "direction": f"direction[{self.key}]"}
        if self.kind in ("offset", "face", "scale"):
            return self.kind
        return words.get(self.kind, str(self.key))


class Chart:
    """See the module; made for one box. Raises :class:`InputError` where a grid is out of
    reach."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.turned = box.n == 2 and box.d >= 2
        self.displaced: Displaced | None = None
        for name, rows in box.displacements.items():
            self.displaced = Displaced(name, tuple(row[0] for row in rows))
        self.axes = 1 if self.turned else box.d
        if self.axes > MOST_AXES:
            raise InputError(
                f"the box has {box.n} components in {box.d} dimensions: proofs over boxes reach "
                "two components in any dimension, and any number on a line or in a plane"
            )
        self.variables = tuple(self._variables())
        self.count = len(self.variables)
        self.low = [v.low for v in self.variables]
        self.width = [v.high - v.low for v in self.variables]

    def _variables(self) -> Iterable[Variable]:
        box = self.box
        for (i, a), (low, high) in self.coordinates.items():
            if low < high:
                yield Variable("mean", (i, a), low, high)
        if self.turned:
            yield Variable("offset", None, Fraction(0), self.reach)
        for i, (low, high) in enumerate(box.weights):
            if low < high and i != box.rest:
                yield Variable("weight", i, low, high)
        for name, (low, high) in sorted(box.parameters.items()):
            if low < high:
                yield Variable("parameter", name, low, high)
        if self.displaced is not None:
            yield from (Variable(*v) for v in self.displaced.variables())

    @cached_property
    def coordinates(self) -> dict[tuple[int, int], Interval]:
        """The coordinates of the means that psi depends on."""
        if self.turned:
            return {(i, 0): (-self.reach, self.reach) for i in (0, 1)}
        return {(i, a): x for i, row in enumerate(self.box.means) for a, x in enumerate(row)}

    @cached_property
    def reach(self) -> Fraction:
        """At least every |mu_i|."""
        most = max(high for _, high in self.gram.values())
        scaled = most * 2**40
        return Fraction(isqrt(-(-scaled.numerator // scaled.denominator) * 2**40) + 1, 2**40)

    @cached_property
    def may_vanish(self) -> bool:
        """Whether all coordinates that do not vary are 0."""
        known = self.coordinates.values()
        return bool(known) and all(low < high or low == 0 for low, high in known)

    @cached_property
    def gram(self) -> dict[tuple[int, int], Interval]:
        """The ranges of <mu_i, mu_k>, i <= k, over the box."""
        out = {}
        for i, row in enumerate(self.box.means):
            for k in range(i, self.box.n):
                low = high = Fraction(0)
                for x, y in zip(row, self.box.means[k], strict=True):
                    ends = [p * q for p in x for q in y]
                    least = Fraction(0) if i == k and x[0] <= 0 <= x[1] else min(ends)
                    if i == k and not x[0] <= 0 <= x[1]:
                        least = min(x[0] ** 2, x[1] ** 2)
                    low, high = low + least, high + max(ends)
                out[i, k] = (low, high)
        return out

    def groups(self, t_low: Any, t_high: Any) -> Iterator[tuple[int, Any]]:
        """Cells by the face of the displacement that they are on: -1 those that are on several,
        which are to be halved; None where there is but one."""
        k = self.index("face")
        count = t_low.shape[1]
        faces = np.zeros(count, dtype=int)
        if k is not None and self.displaced is not None:
            faces = self.displaced.face_of(t_low[k], t_high[k])
        for face in np.unique(faces):
            yield int(face), np.nonzero(faces == face)[0]

    def has(self, face: int) -> bool:
        """Whether there is such a face."""
        return self.displaced is None or 0 <= face < max(len(self.displaced.faces), 1)

    def index(self, kind: str, key: Any = None) -> int | None:
        """The place of a variable among all; None where that number does not vary."""
        for k, v in enumerate(self.variables):
            if v.kind == kind and v.key == key:
                return k
        return None

    @cached_property
    def kernel(self) -> list[int]:
        """The variables that the sums over nodes depend on: coordinates of means, then weights."""
        kinds = ("mean", "weight")
        return [k for kind in kinds for k, v in enumerate(self.variables) if v.kind == kind]


class CellBatch:
    """B cells on one ``face``: ranges of the variables, (K, B), centres, half-widths; and the
    cells of the sums."""

    def __init__(self, chart: Chart, t_low: Any, t_high: Any, face: int = 0) -> None:
        self.chart, self.size, self.t_width = chart, t_low.shape[1], t_high - t_low
        self.face = face
        lo, hi = np.empty_like(t_low), np.empty_like(t_high)
        for k, (low, width) in enumerate(zip(chart.low, chart.width, strict=True)):
            first, last = Range.of(low), Range.of(low + width)
            lo[k] = (first + Range.of(width) * Range(t_low[k], t_low[k])).lo
            hi[k] = (first + Range.of(width) * Range(t_high[k], t_high[k])).hi
            lo[k], hi[k] = np.maximum(lo[k], first.lo), np.minimum(hi[k], last.hi)
        self.lo, self.hi = lo, hi
        self.at = np.clip(0.5 * (lo + hi), lo, hi)
        self._astray = np.zeros(self.size, dtype=bool)
        self._inward()
        # from a centre that rounding leaves outside nothing is concluded
        self.half = np.where(self._astray, np.inf, up(np.maximum(hi - self.at, self.at - lo)))

    def _inward(self) -> None:
        """Centres where the rest's weight is in its interval: the part of a cell where it is
        contains them then, is convex, and segments from the centre stay in it."""
        chart, box = self.chart, self.chart.box
        self.empty = np.zeros(self.size, dtype=bool)
        if box.rest is None:
            return
        free = [k for k, v in enumerate(chart.variables) if v.kind == "weight"]
        fixed = sum(
            (w[0] for i, w in enumerate(box.weights) if i != box.rest and w[0] == w[1]),
            Fraction(0),
        )
        self._fixed = Range.of(1 - fixed)
        low, high = (Range.of(x) for x in box.weights[box.rest])
        edge = (float(low.lo) * (1 - 1e-9), float(high.hi) * (1 + 1e-9))
        most = self.rest(self.lo[free], self.lo[free])
        least = self.rest(self.hi[free], self.hi[free])
        self.empty = (most.hi < edge[0]) | (least.lo > edge[1])
        mid = self.rest(self.at[free], self.at[free])
        bad = (mid.lo <= edge[0]) | (mid.hi >= edge[1])
        # along the diagonal from where the rest is most, to the middle of what it may be
        wanted = 0.5 * (np.maximum(edge[0], least.lo) + np.minimum(edge[1], most.hi))
        with np.errstate(all="ignore"):
            share = np.clip((most.hi - wanted) / (most.hi - least.lo), 0.0, 1.0)
        for k in free:
            moved = np.clip(self.lo[k] + share * (self.hi[k] - self.lo[k]), self.lo[k], self.hi[k])
            self.at[k] = np.where(bad & np.isfinite(share), moved, self.at[k])
        there = self.rest(self.at[free], self.at[free])
        self._astray = (there.lo < edge[0]) | (there.hi > edge[1])
        self._edge = edge

    def rest(self, lo: Any, hi: Any) -> Range:
        """1 minus the free weights, and those that are numbers."""
        total = self._fixed
        for a, b in zip(lo, hi, strict=True):
            total = total - Range(a, b)
        return total

    def weights(self) -> tuple[list[Range], list[Range]]:
        """All weights at the centres, and over the cells."""
        box, at, over = self.chart.box, [], []
        free = [k for k, v in enumerate(self.chart.variables) if v.kind == "weight"]
        for i, (low, _) in enumerate(box.weights):
            k = self.chart.index("weight", i)
            if i == box.rest:
                at.append(self.rest(self.at[free], self.at[free]))
                all_of = self.rest(self.lo[free], self.hi[free])
                over.append(
                    all_of.meet(Range(np.float64(self._edge[0]), np.float64(self._edge[1])))
                )
            elif k is None:
                at.append(Range.of(low))
                over.append(at[-1])
            else:
                at.append(Range(self.at[k], self.at[k]))
                over.append(Range(self.lo[k], self.hi[k]))
        return at, over

    def sums(self) -> tuple[Cells, Cells]:
        """The centres and the cells of the means and weights."""
        chart, n = self.chart, self.chart.box.n
        shape = (n, chart.axes, self.size)
        mid, low, high = np.empty(shape), np.empty(shape), np.empty(shape)
        moving = []
        for (i, a), (value, _) in chart.coordinates.items():
            k = chart.index("mean", (i, a))
            if k is None:
                number = Range.of(value)
                mid[i, a], low[i, a], high[i, a] = float(value), number.lo, number.hi
            else:
                moving.append((i, a))
                mid[i, a], low[i, a], high[i, a] = self.at[k], self.lo[k], self.hi[k]
        at, over = self.weights()
        directions = []
        for v in chart.variables:
            if v.kind == "weight":
                step = [0] * n
                step[v.key], step[chart.box.rest] = 1, -1  # type: ignore[index]
                directions.append(tuple(step))
        w_mid = np.stack([np.broadcast_to(0.5 * (w.lo + w.hi), self.size) for w in at])
        width = np.stack([np.broadcast_to(0.5 * (w.hi - w.lo), self.size) for w in at])
        with np.errstate(all="ignore"):
            share = np.where(w_mid > 0, width / w_mid, 0.0)
        error = float(np.max(np.where(share < 1e-6, share, 0.0))) * 2 + 2 * U
        w_low = np.stack([np.broadcast_to(w.lo, self.size) for w in over])
        w_high = np.stack([np.broadcast_to(w.hi, self.size) for w in over])
        self.doubtful = np.any(width > 1e-6 * np.abs(w_mid), axis=0)
        self.doubtful |= np.any(w_mid <= LEAST_WEIGHT, axis=0)
        where = (tuple(moving), tuple(directions))
        return (
            Cells(mid, mid, w_mid, w_mid, error, *where),
            Cells(low, high, w_low, w_high, 0.0, *where),
        )

    def velocities(self, over: bool) -> dict[int, Range]:
        """v_k of the components that a displacement moves, over the cells or at the centres."""
        chart, moved = self.chart, self.chart.displaced
        if moved is None or not moved.moving:
            return {}
        ends = (self.lo, self.hi) if over else (self.at, self.at)
        places = [chart.index("direction", m) for m in range(len(moved.moving) - 1)]
        found = moved.velocities(self.face, [Range(ends[0][k], ends[1][k]) for k in places])
        return {k: Range.of(v) for k, v in sorted(found.items())}

    def jet(self, k: int) -> Jet:
        """A variable."""
        at, over = Range(self.at[k], self.at[k]), Range(self.lo[k], self.hi[k])
        return Jet.variable(k, self.chart.count, at, over, self.chart.displaced is None)

    def number(self, kind: str, key: Any, value: Fraction) -> Jet:
        """A number of the box: a variable, or constant."""
        k = self.chart.index(kind, key)
        return Jet.constant(value, self.chart.count) if k is None else self.jet(k)

    def points(self, where: Any) -> Any:
        """Variables' values inside the cells, (K, B): ``where`` in [-1, 1] from the centres."""
        moved = self.at + where * self.half
        return np.clip(moved, self.lo, self.hi)
