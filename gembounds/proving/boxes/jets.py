"""Second-order forward mode over cells: a tree's value, gradient and second derivatives.

A :class:`Jet` is a function f of K variables on each of many cells:

    at, slope    f and its gradient at the cell's centre
    over, slopes, bend    ranges of f, its gradient and its second derivatives over the cell
    err          how far what it stands for may be from f, anywhere on the cell
    all          a range of what it stands for over the cell

``err`` is what finite sums miss of expectations: f is their smooth function, and the error, of
which nothing but its size is known, is carried along by the mean value theorem. ``all`` may know
more than f and ``err`` do: that expectations are >= 0. None in the place of a derivative says
that it is 0; None in the place of all second derivatives that nothing is known of them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.evaluators.boxes.sums import pairs
from gembounds.proving.boxes.ranges import Range
from gembounds.values.rounding import up

Part = Range | None
Bends = dict[tuple[int, int], Part] | None


def plus(x: Part, y: Part) -> Part:
    if x is None or y is None:
        return y if x is None else x
    return x + y


def times(x: Part, y: Part) -> Part:
    return None if x is None or y is None else x * y


class Jet:
    """See the module. ``slope``, ``slopes``: K parts; ``bend``: parts by (p, q), p <= q.
    ``base``: the jet that this one is the square of, where it is known for one; ``power``:
    whether it knows more (:mod:`gembounds.proving.boxes.scaled`)."""

    base: Jet | None = None
    power = 0

    def __init__(
        self, at: Range, over: Range, slope: list[Part], slopes: list[Part],
        bend: Bends, err: Any = 0.0, known: Part = None,
    ) -> None:  # fmt: skip
        self.at, self.over, self.slope, self.slopes = at, over, slope, slopes
        self.bend, self.err, self.known = bend, err, known

    @classmethod
    def constant(cls, x: Fraction | int | Range, count: int) -> Jet:
        value = Range.of(x)
        return cls(value, value, [None] * count, [None] * count, {})

    @classmethod
    def variable(cls, k: int, count: int, at: Range, over: Range, second: bool = True) -> Jet:
        """``second``: whether second derivatives are wanted of what is made of it."""
        slope: list[Part] = [None] * count
        slope[k] = Range.of(1)
        return cls(at, over, slope, slope, {} if second else None)

    @property
    def all(self) -> Range:
        """Contains what it stands for, over the cell."""
        return self.near if self.known is None else self.near.meet(self.known)

    @property
    def near(self) -> Range:
        """Contains what it is and all that it may stand for: derivatives bound errors there."""
        return self.over if _nothing(self.err) else self.over.widened(self.err)

    def _with(self, f: Callable[..., Range], *others: Jet) -> Part:
        """What is known of f of these beyond its own range: None where it is no more."""
        if self.known is None and all(y.known is None for y in others):
            return None
        found = f(self.all, *(y.all for y in others))
        for y in others:  # sums and products keep signs, whatever rounding does at 0
            a, b = self.all, y.all
            up_, down_ = (a.lo >= 0) & (b.lo >= 0), (a.hi <= 0) & (b.hi <= 0)
            if f is Range.__mul__:
                up_, down_ = up_ | down_, (a.lo >= 0) & (b.hi <= 0) | (a.hi <= 0) & (b.lo >= 0)
            found = Range(
                np.where(up_, np.maximum(found.lo, 0.0), found.lo),
                np.where(down_, np.minimum(found.hi, 0.0), found.hi),
            )
        return found

    def __neg__(self) -> Jet:
        def turned(x: Part) -> Part:
            return None if x is None else -x

        return Jet(
            -self.at, -self.over, [turned(x) for x in self.slope],
            [turned(x) for x in self.slopes],
            None if self.bend is None else {k: turned(x) for k, x in self.bend.items()},
            self.err, turned(self.known),
        )  # fmt: skip

    def __add__(self, y: Any) -> Jet:
        y = self._like(y)
        if y.power:
            return y.__add__(self)  # type: ignore[no-any-return]
        bend: Bends = None
        if self.bend is not None and y.bend is not None:
            bend = dict(self.bend)
            for k, x in y.bend.items():
                bend[k] = plus(bend.get(k), x)
        return Jet(
            self.at + y.at, self.over + y.over,
            [plus(a, b) for a, b in zip(self.slope, y.slope, strict=True)],
            [plus(a, b) for a, b in zip(self.slopes, y.slopes, strict=True)],
            bend, _total(self.err, y.err), self._with(Range.__add__, y),
        )  # fmt: skip

    def __radd__(self, y: Any) -> Jet:
        return self.__add__(y)

    def __sub__(self, y: Any) -> Jet:
        other: Jet = -self._like(y)
        return self.__add__(other)

    def __rsub__(self, y: Any) -> Jet:
        return (-self).__add__(y)

    def __mul__(self, y: Any) -> Jet:
        y = self._like(y)
        if y is self:
            found: Jet = self.square()
            return found
        if y.power:
            return y.__mul__(self)  # type: ignore[no-any-return]
        count = range(len(self.slope))
        bend: Bends = None
        if self.bend is not None and y.bend is not None:
            bend = {}
            for p, q in pairs(len(self.slope)):
                part = plus(
                    times(self.bend.get((p, q)), y.over), times(y.bend.get((p, q)), self.over)
                )
                part = plus(part, times(self.slopes[p], y.slopes[q]))
                part = plus(part, times(self.slopes[q], y.slopes[p]))
                if part is not None:
                    bend[p, q] = part
        a, b = self.over.size(), y.over.size()
        err: Any = 0.0
        if not (_nothing(self.err) and _nothing(y.err)):
            err = up(up(a * y.err + b * self.err) + self.err * y.err) * ROUND
        return Jet(
            self.at * y.at, self.over * y.over,
            [plus(times(self.slope[p], y.at), times(y.slope[p], self.at)) for p in count],
            [plus(times(self.slopes[p], y.over), times(y.slopes[p], self.over)) for p in count],
            bend, err, self._with(Range.__mul__, y),
        )  # fmt: skip

    def __rmul__(self, y: Any) -> Jet:
        return self.__mul__(y)

    def __truediv__(self, y: Any) -> Jet:
        return self * self._like(y).inverse()

    def __rtruediv__(self, y: Any) -> Jet:
        return self.inverse().__mul__(y)

    def __pow__(self, k: int) -> Jet:
        if k < 0:
            return (self**-k).inverse()
        if k == 1:
            return self
        if k == 2:
            return self.square()
        return self.composed(
            lambda x: x.power(k), lambda x: k * x.power(k - 1),
            lambda x: k * (k - 1) * x.power(k - 2),
        )  # fmt: skip

    def square(self) -> Jet:
        found = self.composed(Range.square, lambda x: 2 * x, lambda x: Range.of(2))
        found.base = self
        return found

    def inverse(self) -> Jet:
        return self.composed(
            Range.inverse, lambda x: -x.inverse().square(),
            lambda x: 2 * x.inverse() * x.inverse().square(),
        )  # fmt: skip

    def exp(self) -> Jet:
        return self.composed(Range.exp, Range.exp, Range.exp)

    def log(self) -> Jet:
        return self.composed(Range.log, Range.inverse, lambda x: -x.inverse().square())

    def sqrt(self) -> Jet:
        def first(x: Range) -> Range:
            return (2 * x.sqrt()).inverse()

        def second(x: Range) -> Range:
            return -((4 * (x.sqrt() * x)).inverse())

        return self.composed(Range.sqrt, first, second)

    def composed(
        self, f: Callable[[Range], Range], first: Callable[[Range], Range],
        second: Callable[[Range], Range],
    ) -> Jet:  # fmt: skip
        """f of this one, from ranges of f, f' and f''."""
        there, slope, over = first(self.at), first(self.over), self.over
        bend: Bends = None
        if self.bend is not None:
            curve, bend = second(over), {}
            for p, q in pairs(len(self.slopes)):
                a, b = self.slopes[p], self.slopes[q]
                part = times(self.bend.get((p, q)), slope)
                if a is not None and b is not None:
                    part = plus(part, (a.square() if p == q else a * b) * curve)
                if part is not None:
                    bend[p, q] = part
        err: Any = 0.0
        if not _nothing(self.err):
            # of what has none nothing is missed, however steep it is
            err = np.where(np.equal(self.err, 0.0), 0.0, up(first(self.near).size() * self.err))
        return Jet(
            f(self.at), f(over), [times(x, there) for x in self.slope],
            [times(x, slope) for x in self.slopes], bend, err, self._with(f),
        )  # fmt: skip

    def _like(self, x: Any) -> Jet:
        return x if isinstance(x, Jet) else Jet.constant(x, len(self.slope))


def chosen(jets: list[Jet], which: Any) -> Jet:
    """The jet of that number on each cell."""
    first = int(which[0])
    if np.all(which == first):
        return jets[first]

    def part(parts: list[Part]) -> Part:
        if all(x is None for x in parts):
            return None
        known = [Range.of(0) if x is None else x for x in parts]
        return Range(picked([x.lo for x in known]), picked([x.hi for x in known]))

    def picked(values: list[Any]) -> Any:
        return np.choose(which, [np.broadcast_to(x, which.shape) for x in values])

    def row(rows: list[list[Part]]) -> list[Part]:
        return [part(list(x)) for x in zip(*rows, strict=True)]

    bends = [j.bend for j in jets if j.bend is not None]
    bend: Bends = None
    if len(bends) == len(jets):
        keys = {k for x in bends for k in x}
        bend = {k: part([x.get(k) for x in bends]) for k in keys}
    slope, slopes = row([j.slope for j in jets]), row([j.slopes for j in jets])
    known = None
    if any(j.known is not None for j in jets):
        known = part([j.all for j in jets])
    return Jet(
        Range(picked([j.at.lo for j in jets]), picked([j.at.hi for j in jets])),
        Range(picked([j.over.lo for j in jets]), picked([j.over.hi for j in jets])),
        slope, slopes, bend,
        0.0 if all(_nothing(j.err) for j in jets) else picked([np.asarray(j.err) for j in jets]),
        known,
    )  # fmt: skip


ROUND = 1.0 + 2.0**-50
"""Covers the rounding of two products and a sum of numbers >= 0."""


def _nothing(err: Any) -> bool:
    return isinstance(err, float) and err == 0.0


def _total(x: Any, y: Any) -> Any:
    if _nothing(x) or _nothing(y):
        return y if _nothing(x) else x
    return up(np.asarray(x + y))
