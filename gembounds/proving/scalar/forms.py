"""Why a sum is not negative on a box: what a leaf of a proof says, and what checks it.

``["zero"]``: its terms cancel. ``["range"]``: divided by its common factor, or by one of its terms
too, every such factor positive, its range is not negative. ``["end", x, e, m, forms]``: Taylor's
formula of order m in x from the end e (0 the lower) of the box, h >= 0 the distance, G the sum
divided by its common factor,

    G = sum_{k<m} g_k h^k/k! + g_m(xi) h^m/m!,   g_k = (+-d/dx)^k G,

where each g_k is not negative at that end, and g_m on the box, by ``forms`` in this order. So
where both sides of a statement meet at an end it is divided out. ``["concave", x, forms]``: G is
not negative at both ends of x, and -d^2 G/dx^2 is not on the box. ``["mean"]``: G at the middle c
less the sum of max |dG/dx| |x - c| over the box is not negative (for that G is as smooth as for
m >= 2).

A factor may vanish where a variable is 0; then G >= 0 there by continuity: sums are continuous
where what they need holds. For G > 0 the factors must be positive up to the ends, and only
``range`` serves. But for m >= 2 every base must be positive, lest a root be bent inside; for m = 1
G rises, since it is continuous and its slope has one sign but at isolated places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import inf
from time import monotonic
from typing import Any

from gembounds.proving.scalar.algebra import inverse
from gembounds.proving.scalar.enclose import Box, Enclosures
from gembounds.proving.scalar.sums import Sum, Term, TooLong, number, of_term
from gembounds.statements.evaluate import Undefined

Form = list[Any]

LARGEST_PLACE = 1 << 12
"""Denominator up to which an end is put in exactly, so that terms may cancel (a choice)."""

MOST_TERMS = 60
"""Of a sum whose derivatives are looked at (a choice: seconds)."""

ORDERS = (2, 3)
"""Beyond the first."""

DEPTH = 2
"""Taylor's formulas one in another (a choice)."""


def _tried(axes: list[str], smooth: bool) -> Iterator[tuple[Any, ...]]:
    """The forms that are made of others, the cheap ones first."""
    for x in axes:
        yield from (("end", x, e, 1) for e in (0, 1))
    if smooth:
        yield from (("concave", x) for x in axes)
        for m in ORDERS:
            yield from (("end", x, e, m) for x in axes for e in (0, 1))


class Forms:
    """``positive``: variables that are not 0 on the domain; after ``deadline`` no more forms are
    looked for."""

    def __init__(self, enclosures: Enclosures, positive: frozenset[str]) -> None:
        self.enclosures, self.positive = enclosures, positive
        self.algebra = enclosures.algebra
        self._kept: dict[Any, Any] = {}
        self.deadline = inf

    def find(
        self, s: Sum, box: Box, strict: bool, smooth: bool, depth: int = DEPTH
    ) -> Form | None:
        """A form by which ``s`` is >= 0 (``strict``: > 0) on the box; None where none is found."""
        if not s:
            return None if strict else ["zero"]
        if self._by_range(s, box, strict):
            return ["range"]
        if strict or not depth or len(s) > MOST_TERMS or monotonic() > self.deadline:
            return None
        s = self._cleared(s)[2]
        if smooth and self._by_mean(s, box):
            return ["mean"]
        axes = [x for x in sorted(s.variables) if box[x][0] < box[x][1]]
        for name, x, *more in _tried(axes, smooth):
            if monotonic() > self.deadline:
                break
            parts = self._parts(s, box, name, x, *more)
            found = None if parts is None else self._all(parts, smooth, depth - 1)
            if found is not None:
                return [name, x, *more, found]
        return None

    def check(self, s: Sum, box: Box, strict: bool, smooth: bool, form: Any) -> bool:
        """Whether ``form`` shows it; False for what is no form."""
        if form == ["zero"]:
            return not s and not strict
        if form == ["range"]:
            return self._by_range(s, box, strict)
        if form == ["mean"]:
            return smooth and not strict and self._by_mean(self._cleared(s)[2], box)
        if not isinstance(form, list) or len(form) < 3 or strict:
            return False
        *what, forms = form
        if what not in [list(known) for known in _tried(list(box), smooth)]:
            return False
        parts = self._parts(self._cleared(s)[2], box, *what)
        return (
            parts is not None
            and isinstance(forms, list)
            and len(forms) == len(parts)
            and all(self.check(g, b, False, smooth, f)
                    for (g, b), f in zip(parts, forms, strict=True))
        )  # fmt: skip

    def outside(self, s: Sum, box: Box, strict: bool) -> bool:
        """Whether the condition s >= 0 (``strict``: s > 0) fails everywhere on the box."""
        if not s:
            return strict
        _, _, rest = self._cleared(s)
        high = self.enclosures.of_sum(rest, box)[1]
        return self.enclosures.is_negative(high) and self.never_0(self._cleared(s)[0], box)

    # -- parts -----------------------------------------------------------------------------
    def _all(self, parts: list[tuple[Sum, Box]], smooth: bool, depth: int) -> list[Form] | None:
        found: list[Form] = []
        for k, (g, b) in enumerate(reversed(parts)):  # the remainder first: it fails most
            form = self.find(g, b, False, smooth, depth if k else 0)
            if form is None:
                return None
            found.append(form)
        return found[::-1]

    def _parts(
        self, s: Sum, box: Box, name: str, x: str, e: int = 0, m: int = 2
    ) -> list[tuple[Sum, Box]] | None:
        """What has to be not negative for a form, each with its box; the last one on all of it."""
        try:
            if name == "concave":
                ends = [self._at(s, box, x, place) for place in box[x]]
                return [*ends, (-self._derivative(s, x, 0, 2), box)]
            place = box[x][e]
            known = [self._at(self._derivative(s, x, e, k), box, x, place) for k in range(m)]
            return [*known, (self._derivative(s, x, e, m), box)]
        except (Undefined, TooLong, NotImplementedError):
            return None

    def _at(self, s: Sum, box: Box, x: str, place: Fraction) -> tuple[Sum, Box]:
        key = "at", s, x, place
        if place.denominator > LARGEST_PLACE:
            return s, {**box, x: (place, place)}
        if key not in self._kept:
            self._kept[key] = self.algebra.substituted(s, {x: number(place)})
        return self._kept[key], box

    def _derivative(self, s: Sum, x: str, e: int, k: int) -> Sum:
        for _ in range(k):
            key = "derivative", s, x
            if key not in self._kept:
                self._kept[key] = self.algebra.derivative(s, x)
            s = self._kept[key]
            s = -s if e else s
        return s

    def _by_mean(self, s: Sum, box: Box) -> bool:
        try:
            slopes = {x: self._derivative(s, x, 0, 1) for x in s.variables}
        except (Undefined, TooLong, NotImplementedError):
            return False
        return self.enclosures.at_least_0(self.enclosures.below_by_mean(s, slopes, box))

    def _by_range(self, s: Sum, box: Box, strict: bool) -> bool:
        lead, _, rest = self._cleared(s)
        if strict and not self.never_0(lead, box):
            return False
        if not rest:
            return not strict
        for pivot in self._pivots(rest):
            if pivot is not None:
                if strict and not self.never_0(pivot, box):
                    continue
                divided = self._divided(rest, pivot)
            else:
                divided = rest
            low = self.enclosures.of_sum(divided, box)[0]
            good = self.enclosures.is_positive if strict else self.enclosures.at_least_0
            if good(low):
                return True
        return False

    def _pivots(self, s: Sum) -> Iterable[Term | None]:
        yield None
        for t, _ in s:
            if t.plain and (t.powers or t.arg):
                yield t

    def _divided(self, s: Sum, t: Term) -> Sum:
        key = "divided", s, t
        if key not in self._kept:
            self._kept[key] = self.algebra.product(s, of_term(inverse(t)))
        found: Sum = self._kept[key]
        return found

    def _cleared(self, s: Sum) -> tuple[Term, Fraction, Sum]:
        key = "cleared", s
        if key not in self._kept:
            self._kept[key] = self.algebra.cleared(s)
        found: tuple[Term, Fraction, Sum] = self._kept[key]
        return found

    def never_0(self, t: Term, box: Box) -> bool:
        """Whether a plain term is positive up to the ends of the box, where what it needs holds:
        a base in a denominator is positive."""
        return all(
            a.kind == "function"
            or (a.kind == "base" and e < 0)
            or (a.kind == "variable" and (a.name in self.positive or box[a.name][0] > 0))
            for a, e in t.powers
        )
