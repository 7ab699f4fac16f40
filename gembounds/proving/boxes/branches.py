"""Branches: max, min and | | over cells, and what vanishes with a displacement.

max, min and | | are split: on each cell of a pass ``maximum`` takes one of its arguments that is
not certainly at most another, and marks the cells that have fewer of them. At each point of a cell
the maximum is one of those not marked, so a relation that holds on all of the cell in every pass
that counts holds there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gembounds.proving.boxes.chart import CellBatch
from gembounds.proving.boxes.jets import Jet, chosen
from gembounds.proving.boxes.late import Rooted
from gembounds.proving.boxes.scaled import Scaled
from gembounds.tools.errors import InputError
from gembounds.values.exact import is_exact, root, signed_square

MOST_PASSES = 256
"""Choices of branches that are gone through: a statement with more is refused."""


class Pass:
    """One choice of branches: ``choices`` are those to take, in the order in which they are met.

    ``kept`` has what was evaluated under them: an expression that occurs twice has one branch.
    ``largest`` is the component whose norm is taken for mu_max, on each cell.
    """

    largest: Any = None

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


class Branches:
    """What is kept of a batch of cells, and of a pass over it."""

    def __init__(self, batch: CellBatch) -> None:
        self.batch, self.count = batch, batch.chart.count
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

    def ball(self, x: Any) -> Jet:
        return x if isinstance(x, Jet) else Jet.constant(x, self.count)

    def cleared(self, x: Any, strict: bool) -> Jet:
        """What is >= 0 (> 0) only where ``x`` is: without a power of the scale, if it may be 0."""
        found = self.ball(x)
        if strict or not isinstance(found, Scaled):
            return found
        return self.ball(found.inner)

    def sqrt(self, x: Any) -> Jet:
        """Of what is the square of a jet, its size."""
        x = self.ball(x)
        if isinstance(x, Scaled) and x.power % 2 == 0:
            inner = root(x.inner) if is_exact(x.inner) else self.sqrt(x.inner)
            return Scaled(x.scale, x.power // 2, inner)
        if x.base is None:
            return Rooted(x)
        key = ("size", id(x.base))
        if key not in self._pass.kept:
            self._pass.kept[key] = self.size(x.base), x.base
        found: Jet = self._pass.kept[key][0]
        return found

    def size(self, x: Jet) -> Jet:
        """|x|, a branch where it is asked for."""
        return self.size_of(x.square(), x)

    def size_of(self, square: Jet, x: Any) -> Jet:
        """The root of a square, |x|; in the passes that count at a point, >= 0."""

        def branch() -> Jet:
            f = self.maximum([x, -x])
            return Jet(f.at, f.over, f.slope, f.slopes, f.bend, f.err, x.all.absolute())

        return Rooted(square, branch, x)

    def maximum(self, values: list[Any]) -> Any:
        if all(map(is_exact, values)):
            return max(values, key=signed_square)
        jets: list[Any] = [self._number(v) if is_exact(v) else v for v in values]
        power = min(j.power for j in jets)
        if power:
            inner = self.maximum([j.over_power(power) for j in jets])
            return Scaled(jets[0].scale, power, inner)
        return chosen(jets, self.larger(jets))

    def _number(self, x: Any) -> Jet:
        found: Jet = self._once(("number", x), lambda: self.ball(x))
        return found

    def larger(self, jets: list[Jet]) -> Any:
        """The branch of this pass on each cell, (B,); marks the cells that have no more. What is
        certainly no larger than another is none: of those that are equal, the first counts."""
        size = self.batch.size
        if len(jets) == 1:
            return np.zeros(size, dtype=int)
        key = tuple(map(id, jets))
        if key in self._pass.kept:
            return self._pass.kept[key][0]
        ranges = [j.all for j in jets]
        likely = np.ones((len(jets), size), dtype=bool)
        for k, r in enumerate(ranges):
            for j, o in enumerate(ranges):
                if j != k:
                    first = (o.hi <= r.lo) if j > k else False
                    likely[k] &= ~((r.hi <= o.lo) & ~np.asarray(first))
        counts = np.sum(likely, axis=0)
        choice = self._pass.choice(int(np.max(counts[~self._pass.impossible], initial=1)))
        which = np.argmax(likely & (np.cumsum(likely, axis=0) == choice + 1), axis=0)
        self._pass.impossible = self._pass.impossible | (counts <= choice)
        self._pass.kept[key] = (which, jets)
        return which
