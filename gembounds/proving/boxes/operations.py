"""What a tree is evaluated with over cells: jets for the vocabulary's symbols."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.evaluators.boxes.quantities import Form, forms
from gembounds.proving.boxes.branches import Branches, Pass
from gembounds.proving.boxes.changes import changes
from gembounds.proving.boxes.chart import CellBatch, Chart
from gembounds.proving.boxes.jets import Jet, chosen
from gembounds.proving.boxes.late import Rooted
from gembounds.proving.boxes.mixing import length
from gembounds.proving.boxes.ranges import Range
from gembounds.proving.boxes.scaled import Scaled
from gembounds.proving.boxes.symbols import EXPECTATIONS, ONCE, SYMBOLS
from gembounds.tools.errors import InputError
from gembounds.values.exact import is_exact


class CellOperations(Branches):
    """The operations of :func:`gembounds.statements.evaluate.evaluate` over a batch of cells."""

    lead = 0
    chart: Chart

    def __init__(self, batch: CellBatch, names: tuple[str, ...]) -> None:
        super().__init__(batch)
        self.chart, self.names = batch.chart, names

    # -- numbers -------------------------------------------------------------------------------
    def exp(self, x: Any) -> Jet:
        return self.ball(x).exp()

    def log(self, x: Any) -> Jet:
        self._undefined(self.ball(x).all.lo > 0)
        return self.ball(x).log()

    def unknown(self, x: Any = None) -> Jet:
        return Jet.constant(Range(np.float64(-np.inf), np.float64(np.inf)), self.count)

    def has_value(self, x: Any) -> bool:
        return True  # cells where it may have none are marked

    def nonzero(self, x: Any) -> bool:
        found = self.ball(x).all
        return bool(np.all((found.lo > 0) | (found.hi < 0)))

    def negative(self, x: Any) -> bool:
        found = self.ball(x)
        return not found.power and bool(np.all(found.all.hi < 0))

    def positive(self, x: Any) -> bool:
        found = self.ball(x)
        return not found.power and bool(np.all(found.all.lo > 0))

    def nonnegative(self, x: Any) -> bool:
        """Whether a root may be taken: cells where it may not are marked, and not shown."""
        self._undefined(self.ball(x).all.lo >= 0)
        return True

    def _undefined(self, fine: Any) -> None:
        self._pass.undefined |= ~np.broadcast_to(fine, self.batch.size)

    def parameter(self, point: Any, name: str) -> Any:
        if name in self.chart.box.displacements:
            return self._once("displacement", self._displacement)
        value = self.chart.box.parameters.get(name)
        if value is None:
            raise InputError(f"the box has no parameter {name!r}: give it an interval or a number")
        return value[0] if value[0] == value[1] else self.batch.number("parameter", name, value[0])

    def moved(self, point: Any, name: str) -> Any:
        raise InputError(f"[...](mu + {name}) is not known over boxes: gradient_change({name}) is")

    def _displacement(self) -> list[list[Any]]:
        """delta_k = s v_k, a row a component."""
        moved = self.chart.displaced
        assert moved is not None
        if not moved.moving:
            return [[Fraction(0)] for _ in moved.ends]
        rows = range(len(moved.moving) - 1)
        directions = [self.batch.number("direction", m, Fraction(0)) for m in rows]
        found = moved.velocities(self.batch.face, directions)
        return [[Scaled(self.scale, 1, found.get(k, Fraction(0)))] for k in range(len(moved.ends))]

    @property
    def scale(self) -> Jet:
        """The displacement's."""
        found: Jet = self._once("scale", lambda: self.batch.number("scale", None, Fraction(0)))
        return found

    def gradient_changes(self) -> list[Any]:
        """|grad_i L(mu + delta) - grad_i L(mu)|: the scale times the size of a jet."""
        moved = self.chart.displaced
        assert moved is not None
        if not moved.moving:
            return [Fraction(0)] * self.chart.box.n
        jets: list[Jet] = self._once("changes", lambda: changes(self.batch))
        return [Scaled(self.scale, 1, self.size(x)) for x in jets]

    def symbol_value(self, symbol: Any, point: Any, values: list[Any]) -> Any:
        found = SYMBOLS.get(symbol.name)
        if found is None or symbol.home or bool(values) != (symbol.name == "gradient_change"):
            raise InputError(
                f"{symbol.text} is not known over boxes: {', '.join(sorted(SYMBOLS))} are"
            )
        if symbol.name in ONCE:
            return self._once(symbol.name, lambda: found(self))
        kept = self._pass.kept
        if symbol.name not in kept:
            kept[symbol.name] = found(self)
        return kept[symbol.name]

    # -- the mixture ---------------------------------------------------------------------------
    def mean(self, i: int, a: int) -> Any:
        value = self.chart.coordinates[i, a][0]
        if self.chart.index("mean", (i, a)) is None:
            return value
        return self._once(("mean", i, a), lambda: self.batch.number("mean", (i, a), value))

    @property
    def means(self) -> list[list[Any]]:
        n, axes = self.chart.box.n, self.chart.axes
        return [[self.mean(i, a) for a in range(axes)] for i in range(n)]

    def offset_square(self) -> Any:
        if not self.chart.turned:
            return Fraction(0)
        return self._once(
            "offset", lambda: self.batch.number("offset", None, Fraction(0)).square()
        )

    def weights(self) -> list[Any]:
        found: list[Any] = self._once("weights", self._weights)
        return found

    def _weights(self) -> list[Any]:
        box = self.chart.box
        out: list[Any] = []
        at, over = self.batch.weights()
        for i, (low, high) in enumerate(box.weights):
            if low == high:
                out.append(low)
            elif i != box.rest:
                out.append(self.batch.number("weight", i, low))
            else:
                slope: list[Any] = [None] * self.count
                for k, v in enumerate(self.chart.variables):
                    if v.kind == "weight":
                        slope[k] = Range.of(-1)
                second = self.chart.displaced is None
                out.append(Jet(at[i], over[i], slope, slope, {} if second else None))
        return out

    def squares(self) -> list[Any]:
        """|mu_i|^2."""
        found: list[Any] = self._once(
            "squares", lambda: [length(row) + self.offset_square() for row in self.means]
        )
        return found

    def gaps(self) -> list[list[Any]]:
        """|mu_i - mu_k|^2."""
        found: list[list[Any]] = self._once("gaps", lambda: [
            [length([x - y for x, y in zip(p, q, strict=True)]) if p is not q else Fraction(0)
             for q in self.means] for p in self.means
        ])  # fmt: skip
        return found

    def norm(self, i: int) -> Any:
        return self._root(self.squares()[i], self.means[i])

    def _root(self, square: Any, row: list[Any]) -> Any:
        """The root of a sum of squares: of one, by the sign of what is squared."""
        if is_exact(square):
            return Rooted(self.ball(square))
        if len(row) == 1 and is_exact(self.offset_square()):
            return self.size_of(square, row[0])
        return Rooted(square)

    def _steps(self, i: int, k: int) -> list[Any]:
        return [x - y for x, y in zip(self.means[i], self.means[k], strict=True)]

    def distance(self, i: int, k: int) -> Any:
        gap = self.gaps()[i][k]
        if i == k:
            return Fraction(0)
        if is_exact(gap):
            return Rooted(self.ball(gap))
        row = self._steps(i, k)
        return self.size_of(gap, row[0]) if len(row) == 1 else Rooted(gap)

    def largest_norm(self) -> Any:
        offset = is_exact(self.offset_square())
        which, found = self._largest_root(self.squares(), self.means if offset else [])
        self._pass.largest = which
        return found

    def diameter(self) -> Any:
        n = self.chart.box.n
        if n == 1:
            return Fraction(0)
        both = [(i, k) for i in range(n) for k in range(i)]
        return self._largest_root(
            [self.gaps()[i][k] for i, k in both], [self._steps(i, k) for i, k in both]
        )[1]

    def _largest_root(self, squares: list[Any], rows: list[list[Any]]) -> tuple[Any, Jet]:
        """Which is the largest on each cell, and its root; of ``rows`` of one number each, that
        number's size."""
        key = ("balls", *map(id, squares))
        jets: list[Jet] = self._once(key, lambda: [self.ball(x) for x in squares])
        which = self.larger(jets)
        square = chosen(jets, which)
        if not rows or len(rows[0]) != 1:
            return which, Rooted(square)
        return which, self.size_of(square, chosen([self.ball(x) for (x,) in rows], which))

    # -- expectations --------------------------------------------------------------------------
    def _forms(self) -> dict[str, Form]:
        def made() -> dict[str, Form]:
            centre, cells = self.batch.sums()
            with np.errstate(all="ignore"):
                return forms(centre, cells, self.names)

        found: dict[str, Form] = self._once("forms", made)
        return found

    def expectation(self, name: str) -> Jet:
        """The jet of a finite sum: its second derivatives carry value and gradient over the
        cell."""
        form = self._forms()[name]
        places, half = self.chart.kernel, self.batch.half
        at = Range(*form.at)
        doubtful = self.batch.doubtful

        def sure(x: Range) -> Range:
            return Range(np.where(doubtful, -np.inf, x.lo), np.where(doubtful, np.inf, x.hi))

        at = sure(at)
        slope: list[Any] = [None] * self.count
        slopes: list[Any] = [None] * self.count
        bend: dict[tuple[int, int], Any] = {}
        for (p, q), ends in form.bend.items():
            a, b = sorted((places[p], places[q]))
            bend[a, b] = Range(*ends)
        over = at
        for p, ends in enumerate(form.slope):
            k = places[p]
            slope[k] = sure(Range(*ends))
            total = slope[k]
            for q in range(len(places)):
                a, b = sorted((k, places[q]))
                total = total + bend[a, b] * Range(-half[places[q]], half[places[q]])
            slopes[k] = total
            over = over + total * Range(-half[k], half[k])
        over = over.meet(Range(*form.over)).meet(Range(-form.missed, np.inf))
        known = Range(np.float64(0.0), np.float64(np.inf))  # L and E|psi~|^2 are >= 0
        return Jet(at, over, slope, slopes, bend, form.missed, known)

    def with_offset(self, jet: Jet, share: Fraction) -> Any:
        square = self.offset_square()
        return jet if is_exact(square) else jet + square * share


__all__ = ["EXPECTATIONS", "CellOperations", "Pass"]
