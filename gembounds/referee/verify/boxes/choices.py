"""Branches: which argument of a max, min or | | is taken, in each pass over a piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gembounds.referee.verify.boxes.displaced import Scaled
from gembounds.referee.verify.boxes.jets import Jet
from gembounds.referee.verify.boxes.numbers import Interval

MOST_PASSES = 1024


class Choices:
    """``chosen``: what is kept for a pass."""

    def __init__(self) -> None:
        self.choices: tuple[int, ...] = ()
        self.met: list[int] = []
        self.chosen: dict[Any, Any] = {}

    def passes(self) -> Iterator[None]:
        """Every choice of an argument of each max, min and | | that is not certainly at most
        another: at a point of the piece, the true ones are among them."""
        waiting: list[tuple[int, ...]] = [()]
        for _ in range(MOST_PASSES):
            self.choices, self.met = waiting.pop(), []
            self.chosen = {}
            yield
            taken = [*self.choices, *[0] * (len(self.met) - len(self.choices))]
            for k in range(len(self.choices), len(taken)):
                waiting += [(*taken[:k], other) for other in range(1, self.met[k])]
            if not waiting:
                return
        raise ValueError(f"the statement has more than {MOST_PASSES} branches")

    def larger(self, ranges: list[Interval]) -> int:
        """The argument of this pass, of those that count: of equal ones the first."""
        count = range(len(ranges))
        likely = [k for k in count if not any(
            ranges[j].least(ranges[k]) and not (j > k and ranges[k].least(ranges[j]))
            for j in count if j != k
        )]  # fmt: skip
        if len(likely) == 1:
            return likely[0]
        k = self.choices[len(self.met)] if len(self.met) < len(self.choices) else 0
        self.met.append(len(likely))
        return likely[k]

    def largest(self, jets: list[Jet]) -> Jet:
        """Of multiples of a power of the scale, by what they are multiples of."""
        degree = min(x.degree for x in jets)
        if degree:
            scaled = [x for x in jets if isinstance(x, Scaled)]
            return scaled[0].again(degree, self.largest([x.lowered(degree) for x in scaled]))
        return jets[self.larger([x.all for x in jets])]

    def size(self, x: Jet) -> Jet:
        """|x|: where this pass counts, >= 0."""
        f = self.largest([x, -x])
        if isinstance(f, Scaled):
            return f
        return Jet(f.at, f.over, f.slope, f.slopes, f.bend, f.err, x.all.absolute())
