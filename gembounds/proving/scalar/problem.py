"""A scalar statement as sums over cubes.

A real x between ends runs as low + s (high - low), beyond 1 or without an end as 1/u, with s in
[0, 1] and u in (0, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from gembounds.proving.scalar.algebra import Algebra
from gembounds.proving.scalar.extent import UNKNOWN, Extent, Place, is_variable
from gembounds.proving.scalar.reading import Case, as_sum, cases, difference
from gembounds.proving.scalar.sums import Sum, TooLong, number, of_term, variable
from gembounds.statements.claim import Claim
from gembounds.statements.evaluate import Undefined

Need = tuple[Sum, bool]


class Goal(NamedTuple):
    """One way to show an entry: ``sum`` >= 0 (``strict``: > 0) where its ``needs`` hold."""

    sum: Sum
    needs: tuple[Need, ...]


class Entry(NamedTuple):
    """An entry in a case: ``goals`` come to the same; ``outside`` are conditions without which it
    does not matter, each with what it needs."""

    goals: tuple[Goal, ...]
    needs: tuple[Need, ...]
    strict: bool
    outside: tuple[tuple[Sum, bool, tuple[Need, ...]], ...]


class Part(NamedTuple):
    """A cube: ``values`` of the numbers as sums of ``variables``."""

    place: Place
    values: Mapping[str, Sum]
    variables: tuple[str, ...]
    positive: frozenset[str]
    entries: tuple[Entry, ...]
    algebra: Algebra


class Problem(Extent):
    """A scalar statement with its domain."""

    def __init__(self, claim: Claim, box: Mapping[str, tuple[Fraction, Fraction]] | None = None):
        super().__init__(claim, box)
        self.cases = cases(claim)

    def part(self, place: Place) -> Part:
        """The cube of a place; raises one of ``UNKNOWN`` where a side has no form there."""
        algebra = Algebra([])
        values: dict[str, Sum] = {}
        positive: set[str] = set()

        def new(name: str, open_at_0: bool) -> Sum:
            algebra.variables.append(name)
            if open_at_0:
                positive.add(name)
            return variable(name)

        for k in self.order:
            if k in place.fixed:
                values[k] = number(place.fixed[k])
            elif k in place.least:
                start, most = place.least[k], self.range_of(k)[1]
                if most is not None:
                    values[k] = number(start) + new(k, False).scaled(Fraction(most - start))
                else:
                    far = algebra.power(new(k, True), Fraction(-1))
                    values[k] = (
                        far.scaled(Fraction(start)) if start > 0 else far + number(start - 1)
                    )
            else:
                values[k] = self._value(k, place.pieces[k], values, algebra, new)
        algebra.needs.clear()
        entries = tuple(self._entry(case, values, algebra) for case in self.cases)
        algebra.closed = True
        return Part(place, values, tuple(algebra.variables), frozenset(positive), entries, algebra)

    def _value(
        self,
        k: str,
        piece: int,
        values: Mapping[str, Sum],
        algebra: Algebra,
        new: Callable[[str, bool], Sum],
    ) -> Sum:
        low, high = (
            None if e is None else (algebra.substituted(e.bound, dict(values)), e.strict)
            for e in self.chosen(k)
        )
        if low is not None and high is not None:
            if low[0] == high[0]:
                return low[0]
            s = new(k, not low[0] and low[1])
            return low[0] + algebra.product(s, high[0] - low[0])
        if low is None and high is None:
            near = variable(k)
            new(k, piece >= 2)
            x = algebra.power(near, Fraction(-1)) if piece >= 2 else near
            return -x if piece % 2 else x
        end, strict = low if low is not None else high  # type: ignore[misc]
        sign = Fraction(1 if low is not None else -1)
        c = end.constant
        if low is not None and c is not None:
            if c > 0:
                return algebra.power(new(k, True), Fraction(-1)).scaled(c)
            if piece == 1:
                return algebra.power(new(k, True), Fraction(-1))
            return end + new(k, strict and not c).scaled(1 - c)
        if piece == 1:
            return end + algebra.power(new(k, True), Fraction(-1)).scaled(sign)
        return end + new(k, strict and not end).scaled(sign)

    def _entry(self, case: Case, values: Mapping[str, Sum], algebra: Algebra) -> Entry:
        constants = self.claim.constants
        outside = []
        for relation in (*self.conditions, *case.when):
            algebra.needs.clear()
            try:
                s, strict = difference(relation, values, constants, algebra)
            except UNKNOWN:
                continue
            needs = tuple(algebra.needs)
            outside.append((s, strict, needs))
            if relation.sign == "==":
                outside.append((-s, False, needs))
        algebra.needs.clear()
        left = as_sum(case.left, values, constants, algebra)
        right = as_sum(case.right, values, constants, algebra)
        needs = tuple(algebra.needs)
        goals = [Goal(right - left, ())]
        goals += _in_logarithms(algebra, left, right, case.strict)
        return Entry(tuple(goals), needs, case.strict, tuple(outside))


def _in_logarithms(algebra: Algebra, left: Sum, right: Sum, strict: bool) -> Iterator[Goal]:
    """log right - log left >= 0, of the sides, and of the two terms of their difference (not where
    the inequality is strict: a common factor may be 0); what is shown where no variable is 0 holds
    there, too, by continuity."""
    pairs = [(left, right)]
    _, _, rest = algebra.cleared(right - left)
    if len(rest) == 2 and not strict:
        signs = sorted(rest.ordered, key=lambda item: item[1])
        if signs[0][1] < 0 < signs[1][1]:
            (t, c), (u, e) = signs
            pairs.append((of_term(t, -c), of_term(u, e)))
    for a, b in pairs:
        algebra.needs.clear()
        try:
            found = algebra.log(b) - algebra.log(a)
        except (Undefined, TooLong):
            continue
        needs = (n for n in algebra.needs if strict or not is_variable(n[0], set(n[0].variables)))
        yield Goal(found, tuple(needs))
