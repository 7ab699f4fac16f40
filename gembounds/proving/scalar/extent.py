"""The numbers of a scalar statement: their ends, and how the domain falls into places.

Whole numbers with a least value are fixed one by one below some N; from N on, and where there are
too many, they run through all reals. An end may depend on numbers before: it is read off a
condition C >= 0 that is linear in x with a coefficient of certain sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import NamedTuple

from gembounds.proving.scalar.algebra import Algebra
from gembounds.proving.scalar.reading import conditions_of, cuts, difference, variables_of
from gembounds.proving.scalar.sums import ZERO, Atom, Sum, Term, TooLong, number, of_term, variable
from gembounds.statements.claim import Claim
from gembounds.statements.evaluate import Undefined
from gembounds.statements.tree import Expr, Relation
from gembounds.tools.errors import InputError

UNKNOWN = (Undefined, TooLong, InputError, NotImplementedError)

MOST_FIXED = 300
"""Values of a whole number that are fixed one by one, where it has a largest one (a choice)."""


@dataclass(frozen=True)
class Place:
    """Which part of the domain: ``fixed`` whole numbers, ``least`` values of those that run on as
    reals, and for every other number the index of its ``piece``."""

    fixed: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    pieces: Mapping[str, int] = field(default_factory=dict)


class End(NamedTuple):
    """x >= bound or x <= bound, ``strict``: not equal."""

    bound: Sum
    strict: bool


class Extent:
    """The domain of a scalar statement; ``box`` has ends of numbers that cut it."""

    def __init__(self, claim: Claim, box: Mapping[str, tuple[Fraction, Fraction]] | None = None):
        self.claim, self.box = claim, dict(box or {})
        self.numbers = variables_of(claim)
        unknown = sorted(set(self.box) - set(self.numbers))
        if unknown:
            known = ", ".join(self.numbers) or "none"
            raise InputError(f"the box has {unknown[0]!r}: the numbers of {claim.id} are {known}")
        self.conditions = [*conditions_of(claim), *cuts(self.numbers, self.box)]
        self.low, self.high = self._read_all()
        self.wholes = tuple(
            k for k, p in self.numbers.items()
            if p.kind == "integer" and self._constant(self.low[k]) is not None
        )  # fmt: skip
        self.order = self._ordered()

    # -- ends ------------------------------------------------------------------------------
    def _read_all(self) -> tuple[dict[str, list[End]], dict[str, list[End]]]:
        low: dict[str, list[End]] = {k: [] for k in self.numbers}
        high: dict[str, list[End]] = {k: [] for k in self.numbers}
        for k, p in self.numbers.items():
            for ends, x in ((low, p.low), (high, p.high)):
                if x is not None:
                    ends[k].append(End(number(x), False))
        for _ in range(2):  # a coefficient may be positive by another condition
            positive = {k for k in self.numbers if self._positive(low[k])}
            for relation in self.conditions:
                self._read(relation, positive, low, high)
        return low, high

    def _read(
        self,
        relation: Relation,
        positive: set[str],
        low: dict[str, list[End]],
        high: dict[str, list[End]],
    ) -> None:
        """The ends that a condition gives."""
        both = relation.sign == "=="
        if not all(map(_rational, relation.walk())):
            return  # a root of a square hides a sign
        algebra = Algebra(list(self.numbers))
        try:
            values = {k: variable(k) for k in self.numbers}
            s, strict = difference(relation, values, self.claim.constants, algebra)
        except UNKNOWN:
            return
        if not all(is_variable(need, positive) for need, _ in algebra.needs):
            return
        for x in sorted(s.variables & set(self.numbers)):
            found = _solved(algebra, s, x, positive)
            if found is not None:
                bound, sign = found
                end = End(bound, strict)
                for ends, wanted in ((low, 1), (high, -1)):
                    if (both or sign == wanted) and end not in ends[x]:
                        ends[x].append(end)

    def _positive(self, ends: list[End]) -> bool:
        return any(
            (c := e.bound.constant) is not None and (c > 0 or (c == 0 and e.strict)) for e in ends
        )

    def _constant(self, ends: list[End], most: bool = True) -> End | None:
        """The best constant end."""
        known = [e for e in ends if e.bound.constant is not None]
        pick = max if most else min
        sign = 1 if most else -1
        return pick(known, key=lambda e: (e.bound.constant, sign * e.strict)) if known else None

    def _ordered(self) -> list[str]:
        """The numbers, those first that have ends without the others."""
        order = list(self.wholes)
        rest = [k for k in self.numbers if k not in order]
        while rest:

            def missing(k: str) -> tuple[int, int]:
                known = [
                    [e.bound.variables <= set(order) for e in ends]
                    for ends in (self.low[k], self.high[k])
                ]
                return sum(not any(side) for side in known), sum(map(len, known)) - sum(
                    map(sum, known)
                )

            best = min(rest, key=missing)
            order.append(best)
            rest.remove(best)
        return order

    # -- whole numbers ---------------------------------------------------------------------
    def range_of(self, name: str) -> tuple[int, int | None]:
        """The least and largest value of a whole number; None for no largest."""
        low = self._constant(self.low[name])
        high = self._constant(self.high[name], most=False)
        assert low is not None
        a, b = low.bound.constant, None if high is None else high.bound.constant
        assert a is not None
        least = floor(a) + 1 if low.strict else ceil(a)
        if b is None or high is None:
            return least, None
        return least, ceil(b) - 1 if high.strict else floor(b)

    def layout(self, start: Callable[[Mapping[str, int], str], int]) -> Iterator[Place]:
        """The places that make up the domain: ``start(fixed, k)`` is where whole number k, and
        with it those after it, begin to run through all reals."""
        ranges = {k: self.range_of(k) for k in self.wholes}
        for k, (a, b) in ranges.items():
            if b is not None and b < a:
                raise InputError(f"{self.claim.id}: no whole number {k} lies between {a} and {b}")
        running = [k for k, (a, b) in ranges.items() if b is None or b - a >= MOST_FIXED]
        known = {
            k: range(a, b + 1)
            for k, (a, b) in ranges.items()
            if k not in running and b is not None
        }
        for values in product(*known.values()):
            yield from self._from(dict(zip(known, values, strict=True)), running, start)

    def _from(
        self,
        fixed: dict[str, int],
        running: list[str],
        start: Callable[[Mapping[str, int], str], int],
    ) -> Iterator[Place]:
        if not running:
            yield from self.places(fixed, {})
            return
        first, *rest = running
        least = {k: self.range_of(k)[0] for k in rest}
        begin = start(fixed, first)
        yield from self.places(fixed, {first: begin, **least})
        for value in range(self.range_of(first)[0], begin):
            yield from self._from({**fixed, first: value}, rest, start)

    # -- parts -----------------------------------------------------------------------------
    def places(self, fixed: Mapping[str, int], least: Mapping[str, int]) -> Iterator[Place]:
        """The pieces of the other numbers, where whole ones are fixed, or run from ``least``."""
        found: list[dict[str, int]] = [{}]
        for k in self.order:
            if k not in fixed and k not in least:
                count = self._pieces(k)
                found = [{**p, k: j} for p in found for j in range(count)]
        for pieces in found:
            yield Place(fixed, least, pieces)

    def chosen(self, name: str) -> tuple[End | None, End | None]:
        """The ends between which a number runs: one that depends on others before a constant."""
        before = set(self.order[: self.order.index(name)])
        out = []
        for ends, most in ((self.low[name], True), (self.high[name], False)):
            usable = [e for e in ends if e.bound.variables and e.bound.variables <= before]
            out.append(usable[0] if usable else self._constant(ends, most))
        return out[0], out[1]

    def _pieces(self, name: str) -> int:
        low, high = self.chosen(name)
        if low is not None and high is not None:
            return 1
        if low is None and high is None:
            return 4
        c = None if low is None else low.bound.constant
        return 1 if c is not None and c > 0 else 2


def _rational(e: Expr) -> bool:
    """Whether an operation leaves rational functions what they are."""
    if e.op == "^":
        power = e.args[1]
        return bool(power.op == "num" and power.args[0].denominator == 1)
    return e.op in ("num", "const", "parameter", "symbol", "+", "-", "*", "/", "neg")


def is_variable(s: Sum, names: set[str]) -> bool:
    return len(s) == 1 and s.variables <= names and all(
        a.kind == "variable" for t in s.terms for a, _ in t.powers
    )  # fmt: skip


def _solved(algebra: Algebra, s: Sum, x: str, positive: set[str]) -> tuple[Sum, int] | None:
    """s >= 0 solved for x: the bound, and 1 for x >= it, -1 for x <= it; None where s is not
    linear in x with a coefficient of certain sign."""
    atom = Atom("variable", x, ())
    slope, rest = ZERO, ZERO
    for t, c in s.terms.items():
        if t.power_of(atom) == 1 and t.plain:
            less = Term(tuple(p for p in t.powers if p[0] != atom), t.arg)
            slope = slope + of_term(less, c)
        else:
            rest = rest + of_term(t, c)
    if x in slope.variables | rest.variables or len(slope) != 1:
        return None
    ((t, c),) = slope.terms.items()
    if t.arg or any(a.kind != "variable" or a.name not in positive for a, _ in t.powers):
        return None
    sign = 1 if c > 0 else -1
    inverse = algebra.power(slope, Fraction(-1))
    return -algebra.product(rest, inverse), sign
