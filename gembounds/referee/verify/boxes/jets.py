"""Second-order forward mode: value, gradient, and their ranges over a piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gembounds.referee.verify.boxes.numbers import (
    LARGEST,
    TWO,
    WHOLE,
    ZERO,
    Interval,
    P,
    of,
)

Part = Interval | None
Bends = dict[tuple[int, int], Part] | None
Function = Callable[[Interval], Interval]


def plus(x: Part, y: Part) -> Part:
    return y if x is None else x if y is None else x + y


def times(x: Part, y: Part) -> Part:
    return None if x is None or y is None else x * y


def total(terms: Sequence[Interval]) -> Interval:
    out = ZERO
    for x in terms:
        out = out + x
    return out


def pairs(count: int) -> list[tuple[int, int]]:
    return [(p, q) for p in range(count) for q in range(p, count)]


class Jet:
    """f at the centre, its gradient there; ranges over the piece of f, gradient, second
    derivatives; [0, e], e being how far what f stands for may be from f; and a range of that which
    may be ``known`` beside (that expectations are >= 0). None: a derivative that is 0; for all
    second ones: that nothing is known of them. ``base``: what f is the square of, if that is
    known; ``degree``: of the scale, where it is a multiple of that."""

    base: Jet | None = None
    degree = 0

    def __init__(
        self, at: Interval, over: Interval, slope: list[Part], slopes: list[Part],
        bend: Bends, err: Interval = ZERO, known: Part = None,
    ) -> None:  # fmt: skip
        self.at, self.over, self.slope, self.slopes = at, over, slope, slopes
        self.bend, self.err, self.known = bend, err, known

    @property
    def all(self) -> Interval:
        """What f stands for, over the piece."""
        return self.near if self.known is None else self.near.meet(self.known)

    @property
    def near(self) -> Interval:
        """What f and all that it may stand for lie between."""
        return self.over if self.err is ZERO else self.over + self.err.both()

    def knows(self, f: Callable[..., Interval], *others: Jet) -> Part:
        """What is known of f of what these stand for, where more is than of their sums."""
        if self.known is None and all(g.known is None for g in others):
            return None
        return f(self.all, *(g.all for g in others))

    def __neg__(self) -> Jet:
        slope, slopes = ([x and -x for x in row] for row in (self.slope, self.slopes))
        bend = self.bend and {k: x and -x for k, x in self.bend.items()}
        return Jet(
            -self.at, -self.over, slope, slopes, bend, self.err, self.knows(Interval.__neg__)
        )

    def __add__(self, g: Jet) -> Jet:
        if g.degree:
            return g + self
        bend: Bends = None
        if self.bend is not None and g.bend is not None:
            bend = dict(self.bend)
            for k, x in g.bend.items():
                bend[k] = plus(bend.get(k), x)
        slope = [plus(a, b) for a, b in zip(self.slope, g.slope, strict=True)]
        slopes = [plus(a, b) for a, b in zip(self.slopes, g.slopes, strict=True)]
        err = g.err if self.err is ZERO else self.err if g.err is ZERO else self.err + g.err
        known = self.knows(Interval.__add__, g)
        return Jet(self.at + g.at, self.over + g.over, slope, slopes, bend, err, known)

    def __sub__(self, g: Jet) -> Jet:
        return self + -g

    def __mul__(self, g: Jet) -> Jet:
        if self is g:
            return self.square()
        if g.degree:
            return g * self
        bend: Bends = None
        if self.bend is not None and g.bend is not None:
            bend, b = {}, g.bend
            for p, q in pairs(len(self.slope)):
                part = plus(times(self.bend.get((p, q)), g.over), times(b.get((p, q)), self.over))
                part = plus(part, times(self.slopes[p], g.slopes[q]))
                part = plus(part, times(self.slopes[q], g.slopes[p]))
                if part is not None:
                    bend[p, q] = part
        both = list(zip(self.slope, g.slope, strict=True))
        slope = [plus(times(a, g.at), times(b, self.at)) for a, b in both]
        both = list(zip(self.slopes, g.slopes, strict=True))
        slopes = [plus(times(a, g.over), times(b, self.over)) for a, b in both]
        err = ZERO
        if self.err is not ZERO or g.err is not ZERO:
            err = self.over.size() * g.err + g.over.size() * self.err + self.err * g.err
        known = self.knows(Interval.__mul__, g)
        return Jet(self.at * g.at, self.over * g.over, slope, slopes, bend, err, known)

    def composed(self, value: Function, first: Function, second: Function) -> Jet:
        """value(f), from ranges of the function and its derivatives."""
        over = value(self.over)
        if over.lo is not None and over.size().hi >> P + LARGEST:
            return unknown(len(self.slope))
        there, slope = first(self.at), first(self.over)
        bend: Bends = None
        if self.bend is not None:
            bend, curve = {}, second(self.over)
            for p, q in pairs(len(self.slope)):
                a, b = self.slopes[p], self.slopes[q]
                part = times(self.bend.get((p, q)), slope)
                if a is not None and b is not None:
                    part = plus(part, (a.square() if p == q else a * b) * curve)
                if part is not None:
                    bend[p, q] = part
        err = ZERO if self.err is ZERO else first(self.near).size() * self.err
        slopes = [times(x, slope) for x in self.slopes]
        first_at = [times(x, there) for x in self.slope]
        return Jet(value(self.at), over, first_at, slopes, bend, err, self.knows(value))

    def square(self) -> Jet:
        found = self.composed(Interval.square, lambda x: TWO * x, lambda x: TWO)
        found.base = self
        return found

    def inverse(self) -> Jet:
        return self.composed(
            Interval.inverse,
            lambda x: -x.inverse().square(),
            lambda x: TWO * x.inverse() * x.inverse().square(),
        )

    def exp(self) -> Jet:
        return self.composed(Interval.exp, Interval.exp, Interval.exp)

    def log(self) -> Jet:
        return self.composed(Interval.log, Interval.inverse, lambda x: -x.inverse().square())

    def sqrt(self) -> Jet:
        return self.composed(
            Interval.sqrt,
            lambda x: (TWO * x.sqrt()).inverse(),
            lambda x: -(TWO * TWO * x.sqrt() * x).inverse(),
        )

    def power(self, k: int) -> Jet:
        if abs(k) > LARGEST:
            return unknown(len(self.slope))
        if k < 0:
            return self.power(-k).inverse()
        if k < 3:
            return (constant(of(1), len(self.slope)), self, self.square())[k]
        return self.composed(
            lambda x: x.power(k),
            lambda x: of(k) * x.power(k - 1),
            lambda x: of(k * (k - 1)) * x.power(k - 2),
        )


def constant(x: Interval, count: int) -> Jet:
    return Jet(x, x, [None] * count, [None] * count, {})


def unknown(count: int) -> Jet:
    row: list[Part] = [WHOLE] * count
    return Jet(WHOLE, WHOLE, row, row, dict.fromkeys(pairs(count), WHOLE), WHOLE)
