"""What a tree is evaluated with over cells: jets for the vocabulary's symbols, and branches.

max, min and | | are split: ``maximum`` takes one of its arguments for all cells of a pass and
marks the cells where another is certainly larger. At each point of a cell the maximum is one of
those not marked, so a relation that holds on all of the cell in every pass that counts holds
there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from gembounds.evaluators.boxes.quantities import Form, forms
from gembounds.proving.boxes.chart import CellBatch, Chart
from gembounds.proving.boxes.jets import Jet, Rooted
from gembounds.proving.boxes.mixing import length
from gembounds.proving.boxes.ranges import Range
from gembounds.proving.boxes.symbols import EXPECTATIONS, ONCE, SYMBOLS
from gembounds.tools.errors import InputError
from gembounds.values.exact import is_exact

MOST_PASSES = 256
"""Choices of branches that are gone through: a statement with more is refused."""


class Pass:
    """One choice of branches: ``choices`` are those to take, in the order in which they are met.

    ``kept`` has what was evaluated under them: an expression that occurs twice has one branch.
    ``largest`` is the component whose norm is taken for mu_max.
    """

    largest: int | None = None

    def __init__(self, choices: tuple[int, ...], size: int) -> None:
        self.choices = choices
        self.sizes: list[int] = []
        self.impossible = np.zeros(size, dtype=bool)
        self.undefined = np.zeros(size, dtype=bool)
        self.kept: dict[Any, Any] = {}

    def choice(self, count: int) -> int:
        self.sizes.append(count)
        k = len(self.sizes) - 1
        return self.choices[k] if k < len(self.choices) else 0


class CellOperations:
    """The operations of :func:`gembounds.statements.evaluate.evaluate` over a batch of cells."""

    lead = 0
    chart: Chart

    def __init__(self, batch: CellBatch, names: tuple[str, ...]) -> None:
        self.batch, self.chart, self.names = batch, batch.chart, names
        self.count = batch.chart.count
        self._kept: dict[Any, Any] = {}
        self._pass = Pass((), batch.size)

    def passes(self) -> Iterator[Pass]:
        """Every choice of branches, as they are met in evaluations of the same tree."""
        waiting: list[tuple[int, ...]] = [()]
        done = 0
        while waiting:
            choices = waiting.pop()
            self._pass = Pass(choices, self.batch.size)
            yield self._pass
            done += 1
            taken = [*choices, *[0] * (len(self._pass.sizes) - len(choices))]
            for k in range(len(choices), len(taken)):
                waiting += [(*taken[:k], other) for other in range(1, self._pass.sizes[k])]
            if done > MOST_PASSES:
                raise InputError(
                    "the statement has too many branches of max, min and | |: write it in several"
                )

    def _once(self, key: Any, made: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = made()
        return self._kept[key]

    # -- numbers -------------------------------------------------------------------------------
    def ball(self, x: Any) -> Jet:
        return x if isinstance(x, Jet) else Jet.constant(x, self.count)

    def exp(self, x: Any) -> Jet:
        return self.ball(x).exp()

    def log(self, x: Any) -> Jet:
        self._undefined(self.ball(x).all.lo > 0)
        return self.ball(x).log()

    def sqrt(self, x: Any) -> Jet:
        return Rooted(self.ball(x))

    def unknown(self) -> Jet:
        return Jet.constant(Range(np.float64(-np.inf), np.float64(np.inf)), self.count)

    def nonzero(self, x: Any) -> bool:
        found = self.ball(x).all
        return bool(np.all((found.lo > 0) | (found.hi < 0)))

    def negative(self, x: Any) -> bool:
        return bool(np.all(self.ball(x).all.hi < 0))

    def nonnegative(self, x: Any) -> bool:
        """Whether a root may be taken: cells where it may not are marked, and not shown."""
        self._undefined(self.ball(x).all.lo >= 0)
        return True

    def _undefined(self, fine: Any) -> None:
        self._pass.undefined |= ~np.broadcast_to(fine, self.batch.size)

    def maximum(self, values: list[Any]) -> Jet:
        jets = [self.ball(v) for v in values]
        return jets[self._larger(jets)]

    def _larger(self, jets: list[Jet]) -> int:
        """The branch of this pass; marks the cells where it is certainly not the largest."""
        if len(jets) == 1:
            return 0
        key = tuple(map(id, jets))
        if key in self._pass.kept:
            return int(self._pass.kept[key][0])
        size, ranges = self.batch.size, [j.all for j in jets]
        smaller = [
            np.broadcast_to(
                reduce(np.logical_or, [r.hi < o.lo for o in ranges if o is not r]), size
            )
            for r in ranges
        ]  # fmt: skip
        likely = [k for k, s in enumerate(smaller) if not np.all(s | self._pass.impossible)]
        k = likely[self._pass.choice(len(likely))] if likely else 0
        self._pass.impossible = self._pass.impossible | smaller[k]
        self._pass.kept[key] = (k, jets)
        return k

    def parameter(self, point: Any, name: str) -> Any:
        value = self.chart.box.parameters.get(name)
        if value is None:
            raise InputError(f"the box has no parameter {name!r}: give it an interval or a number")
        return value[0] if value[0] == value[1] else self.batch.number("parameter", name, value[0])

    def moved(self, point: Any, name: str) -> Any:
        raise InputError("statements about moved means are not proved over boxes yet")

    def symbol_value(self, symbol: Any, point: Any, values: list[Any]) -> Any:
        found = SYMBOLS.get(symbol.name)
        if found is None or symbol.home or values:
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
                out.append(Jet(at[i], over[i], slope, slope, {}))
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
            return Rooted(square, lambda: self.maximum([row[0], -row[0]]))
        return Rooted(square)

    def distance(self, i: int, k: int) -> Any:
        if i == k:
            return Fraction(0)
        row = [x - y for x, y in zip(self.means[i], self.means[k], strict=True)]
        if is_exact(self.gaps()[i][k]):
            return Rooted(self.ball(self.gaps()[i][k]))
        if len(row) == 1:
            return Rooted(self.gaps()[i][k], lambda: self.maximum([row[0], -row[0]]))
        return Rooted(self.gaps()[i][k])

    def largest_norm(self) -> Any:
        self._pass.largest = self._larger(self._balls(self.squares()))
        return self.norm(self._pass.largest)

    def _balls(self, values: list[Any]) -> list[Jet]:
        key = ("balls", *map(id, values))
        found: list[Jet] = self._once(key, lambda: [self.ball(x) for x in values])
        return found

    def diameter(self) -> Any:
        n = self.chart.box.n
        if n == 1:
            return Fraction(0)
        both = [(i, k) for i in range(n) for k in range(i)]
        gaps = self._balls([self.gaps()[i][k] for i, k in both])
        return self.distance(*both[self._larger(gaps)])

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
