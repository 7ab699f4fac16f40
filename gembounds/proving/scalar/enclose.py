"""Ranges of sums over boxes, in the arithmetic of ``ops``: balls, or ``mpmath`` intervals.

A range is a pair of ends, each exact or an enclosure of ``ops``, None for infinite. A term is
positive and, in each variable along which its logarithm has a slope of one sign over the box, lies
between its values at the ends: so a term that tends to 0 where one factor is infinite is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gembounds.proving.scalar import functions
from gembounds.proving.scalar.algebra import Algebra
from gembounds.proving.scalar.sums import Atom, Sum, Term
from gembounds.statements.logic import compare

Range = tuple[Any, Any]
Box = Mapping[str, tuple[Fraction, Fraction]]

FARTHEST = Fraction(20_000)
"""Exponents beyond this, and below its negative, are taken for infinite (a choice)."""

LONGEST = 1000
"""Bits of ends that stay exact (a choice)."""

NOTHING: Range = (None, None)
ZERO = Fraction(0)


class Enclosures:
    """Ranges by ``ops``, in the algebra that the sums belong to."""

    def __init__(self, ops: Any, algebra: Algebra) -> None:
        self.ops, self.algebra = ops, algebra
        self._slopes: dict[tuple[Term, str], Sum | None] = {}

    def of_sum(self, s: Sum, box: Box, sharp: bool = True) -> Range:
        """The range of a sum, term by term; ``sharp``: terms by their slopes."""
        out: Range = (ZERO, ZERO)
        for t, c in s:
            part = self.of_term(t, box, sharp)
            out = self._plus(out, self._times((c, c), part))
        return out

    def of_term(self, t: Term, box: Box, sharp: bool = True) -> Range:
        """The range of a term."""
        if not (sharp and t.plain and any(a < b for a, b in box.values())):
            return self._product(t, box)
        low, high = dict(box), dict(box)
        variables = {a.name for a, _ in t.powers if a.kind == "variable"} | t.arg.variables
        variables |= {v for a, _ in t.powers for x in a.args for v in x.variables}
        for name in sorted(variables):
            a, b = box[name]
            if a == b:
                continue
            slope = self._slope(t, name)
            sign = 0 if slope is None else self.sign(slope, box)
            if sign:
                ends = ((a, a), (b, b))
                low[name], high[name] = ends if sign > 0 else ends[::-1]
        found = self._product(t, low)[0], self._product(t, high)[1]
        return (ZERO if found[0] is None or self.is_negative(found[0]) else found[0]), found[1]

    def below_by_mean(self, s: Sum, slopes: Mapping[str, Sum], box: Box) -> Any:
        """A lower bound of a sum with these derivatives; None for none."""
        middle = {x: ((a + b) / 2,) * 2 for x, (a, b) in box.items()}
        out = self.of_sum(s, middle)[0]
        for x, slope in slopes.items():
            low, high = self.of_sum(slope, box)
            if out is None or low is None or high is None:
                return None
            half = (box[x][1] - box[x][0]) / 2
            out = self._sum(out, -self._of(self._largest((high, -low)), half))
        return out

    def sign(self, s: Sum, box: Box) -> int:
        """1 or -1 where a sum certainly has none of the other sign over the box, else 0."""
        if not s:
            return 1
        _, _, rest = self.algebra.cleared(s)
        low, high = self.of_sum(rest, box, sharp=False)
        if self.at_least_0(low):
            return 1
        return -1 if high is not None and compare(high, "<=", 0) is True else 0

    def at_least_0(self, x: Any) -> bool:
        return x is not None and compare(x, ">=", 0) is True

    def is_positive(self, x: Any) -> bool:
        return x is not None and compare(x, ">", 0) is True

    def is_negative(self, x: Any) -> bool:
        return x is not None and compare(x, "<", 0) is True

    def _slope(self, t: Term, name: str) -> Sum | None:
        """None for that of a function of which no derivative is known."""
        if (t, name) not in self._slopes:
            try:
                self._slopes[t, name] = self.algebra.slope(t, name)
            except NotImplementedError:
                self._slopes[t, name] = None
        return self._slopes[t, name]

    # -- without slopes --------------------------------------------------------------------
    def _product(self, t: Term, box: Box) -> Range:
        out: Range = (Fraction(1), Fraction(1))
        for a, e in t.powers:
            out = self._times(out, self._power(self._atom(a, box), e))
        if t.arg:
            out = self._times(out, self._exp(self.of_sum(t.arg, box, False)))
        return out

    def _atom(self, a: Atom, box: Box) -> Range:
        if a.kind == "variable":
            return box[a.name]
        ranges = [self.of_sum(x, box, False) for x in a.args]
        if a.kind == "base":
            return self._positive(ranges[0])
        if a.kind == "function":
            return self._positive(functions.ends(self.ops, a, ranges))
        low, high = ranges[0]
        return self._log(low), self._log(high)

    def _positive(self, r: Range) -> Range:
        """The part that is not negative: all of it, where what a base needs is shown."""
        low = r[0]
        return (low if self.at_least_0(low) else ZERO), r[1]

    def _log(self, x: Any) -> Any:
        return _log(self.ops, x) if self.is_positive(x) else None

    def _exp(self, r: Range) -> Range:
        low, high = r
        if low is not None:
            if compare(low, ">", FARTHEST) is True:
                low = FARTHEST
            low = _exp(self.ops, low) if compare(low, ">", -FARTHEST) is True else None
        if high is not None:
            if compare(high, "<", -FARTHEST) is True:
                high = -FARTHEST
            high = _exp(self.ops, high) if compare(high, "<", FARTHEST) is True else None
        return (ZERO if low is None else low), high

    def _power(self, r: Range, e: Fraction) -> Range:
        """r^e; r >= 0 unless e is whole and positive."""
        low, high = r
        if e.denominator == 1 and e > 0 and not self.at_least_0(low):
            if e == 1:
                return r
            if low is None or high is None:
                return (ZERO if e % 2 == 0 else None), None
            ends = self._raised(low, e), self._raised(high, e)
            if e % 2:
                return ends
            return ZERO, self._largest(ends)
        if e < 0:
            low, high = high, low
            return (
                self._raised(low, e) if self.is_positive(low) else ZERO,
                self._raised(high, e) if self.is_positive(high) else None,
            )
        return (
            ZERO if low is None else self._raised(low, e),
            None if high is None else self._raised(high, e),
        )

    def _raised(self, x: Any, e: Fraction) -> Any:
        """x^e for a number x, x >= 0 unless e is whole and positive."""
        if not isinstance(x, (int, Fraction)) or e.denominator > 1:
            if isinstance(x, (int, Fraction)) and not x:
                return ZERO
            whole, rest = divmod(e, 1)
            out = self.ops.ball(x) ** int(whole)
            if rest == Fraction(1, 2):
                return out * self.ops.sqrt(x)
            return out * self.ops.exp(self.ops.log(x) * self.ops.ball(rest)) if rest else out
        return self._short(Fraction(x) ** e.numerator)

    # -- ends ------------------------------------------------------------------------------
    def _plus(self, a: Range, b: Range) -> Range:
        low, high = (
            None if x is None or y is None else self._sum(x, y) for x, y in zip(a, b, strict=True)
        )
        return low, high

    def _sum(self, x: Any, y: Any) -> Any:
        if functions.exact(x) and functions.exact(y):
            return self._short(x + y)
        return self.ops.ball(x) + self.ops.ball(y)

    def _short(self, x: Fraction) -> Any:
        """An exact number, or its enclosure where it is long."""
        bits = max(x.numerator.bit_length(), x.denominator.bit_length())
        return x if bits <= LONGEST else self.ops.ball(x)

    def _times(self, a: Range, b: Range) -> Range:
        for x, y in ((a, b), (b, a)):
            if self.at_least_0(x[0]) and self.at_least_0(y[0]):
                return self._of(x[0], y[0]), self._of(x[1], y[1])
            if x[0] is not None and x[0] is x[1] and functions.exact(x[0]):
                low, high = (self._of(x[0], end) for end in y)
                return (low, high) if x[0] >= 0 else (high, low)
        if None in (*a, *b):
            return NOTHING
        ends = [self._of(x, y) for x in a for y in b]
        return -self._largest([-x for x in ends]), self._largest(ends)

    def _of(self, x: Any, y: Any) -> Any:
        """x y, also where x is 0 and y is infinite: at the end where a factor vanishes another
        may grow faster."""
        if x is None or y is None:
            return None
        if functions.exact(x) and functions.exact(y):
            return self._short(x * y)
        return self.ops.ball(x) * self.ops.ball(y)

    def _largest(self, xs: Any) -> Any:
        xs = list(xs)
        if all(map(functions.exact, xs)):
            return max(xs)
        return self.ops.maximum([self.ops.ball(x) for x in xs])


def _exp(ops: Any, x: Any) -> Any:
    return Fraction(1) if functions.exact(x) and not x else ops.exp(x)


def _log(ops: Any, x: Any) -> Any:
    return ZERO if functions.exact(x) and x == 1 else ops.log(x)
