"""Expressions as sums of terms: rational coefficients, products of powers of atoms, one exp each.

A term is c * prod_a a^e * exp(A): e rational, A a sum again. An atom is

- a *variable*, which lies in [0, 1];
- a *base*: a sum of several terms, or a prime, to a power that is no whole number >= 0;
- a *logarithm* of a variable, a prime, a base or a function;
- a *function* of sums (:mod:`gembounds.proving.scalar.functions`), positive.

Variables, bases and functions are *plain*: never negative. That a base is not, and where it must
not be 0, is recorded by :class:`gembounds.proving.scalar.algebra.Algebra` for the proof to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple


class Atom(NamedTuple):
    """``kind`` is "variable", "base", "log" or "function"."""

    kind: str
    name: str
    args: tuple[Sum, ...]

    @property
    def plain(self) -> bool:
        return self.kind != "log"


class Term(NamedTuple):
    """prod a^e * exp(arg); ``powers`` sorted."""

    powers: tuple[tuple[Atom, Fraction], ...]
    arg: Sum

    @property
    def plain(self) -> bool:
        """Whether it is never negative."""
        return all(a.plain for a, _ in self.powers)

    def power_of(self, atom: Atom) -> Fraction:
        return dict(self.powers).get(atom, Fraction(0))


class Sum:
    """An immutable sum: ``terms`` maps each term to its coefficient, none of them 0."""

    def __init__(self, terms: Mapping[Term, Fraction]) -> None:
        self.terms = {t: c for t, c in terms.items() if c}

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sum) and self.terms == other.terms

    def __bool__(self) -> bool:
        """False for 0."""
        return bool(self.terms)

    def __iter__(self) -> Iterator[tuple[Term, Fraction]]:
        """In an order that depends on the terms alone."""
        return iter(self.ordered)

    def __len__(self) -> int:
        return len(self.terms)

    @cached_property
    def ordered(self) -> list[tuple[Term, Fraction]]:
        return sorted(self.terms.items(), key=lambda item: _text(item[0]))

    @cached_property
    def text(self) -> str:
        """For messages, and to order by."""
        return " + ".join(f"{c} {_text(t)}".strip() for t, c in self) or "0"

    def __repr__(self) -> str:
        return self.text

    @property
    def constant(self) -> Fraction | None:
        """The rational number that it is, if it is one."""
        if not self.terms:
            return Fraction(0)
        (term, c), *rest = self.terms.items()
        return c if not rest and term == UNIT else None

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of the variables in it."""
        found: set[str] = set()
        for t in self.terms:
            found |= t.arg.variables
            for a, _ in t.powers:
                found |= {a.name} if a.kind == "variable" else set()
                found = found.union(*(x.variables for x in a.args))
        return frozenset(found)

    def __add__(self, other: Sum) -> Sum:
        out = dict(self.terms)
        for t, c in other.terms.items():
            out[t] = out.get(t, Fraction(0)) + c
        return Sum(out)

    def __neg__(self) -> Sum:
        return self.scaled(Fraction(-1))

    def __sub__(self, other: Sum) -> Sum:
        return self + -other

    def scaled(self, by: Fraction) -> Sum:
        return Sum({t: c * by for t, c in self.terms.items()})


def added(parts: Iterable[Sum]) -> Sum:
    """The sum of many."""
    out: dict[Term, Fraction] = {}
    for part in parts:
        for t, c in part.terms.items():
            out[t] = out.get(t, Fraction(0)) + c
    return Sum(out)


def _text(t: Term) -> str:
    parts = [f"{_atom_text(a)}^{e}" if e != 1 else _atom_text(a) for a, e in t.powers]
    return " ".join([*parts, *([f"exp({t.arg.text})"] if t.arg else [])])


def _atom_text(a: Atom) -> str:
    if a.kind == "variable":
        return a.name
    inner = ", ".join(x.text for x in a.args)
    return f"{'log' if a.kind == 'log' else a.name}({inner})"


def number(x: Any) -> Sum:
    return Sum({UNIT: Fraction(x)})


def variable(name: str) -> Sum:
    return of_atom(Atom("variable", name, ()))


def of_atom(a: Atom, e: Fraction = Fraction(1)) -> Sum:
    return Sum({Term(((a, e),), ZERO): Fraction(1)})


def of_term(t: Term, c: Fraction = Fraction(1)) -> Sum:
    return Sum({t: c})


ZERO = Sum({})
UNIT = Term((), ZERO)
ONE = Sum({UNIT: Fraction(1)})


class TooLong(ArithmeticError):
    """A sum with more terms than ``MOST_TERMS``, or numbers that are too long."""


LARGEST_FACTOR = 1 << 12
"""Primes that are looked for in numbers under a root or logarithm (a choice)."""


def short(x: Fraction) -> Fraction:
    if max(x.numerator.bit_length(), x.denominator.bit_length()) > 4000:
        raise TooLong("a number of more than 4000 bits")
    return x


def factors(c: Fraction) -> list[tuple[int, int]]:
    """c > 0 as a product of powers of whole numbers without small common factors."""
    out: list[tuple[int, int]] = []
    for n, sign in ((c.numerator, 1), (c.denominator, -1)):
        p = 2
        while p * p <= n and p <= LARGEST_FACTOR:
            k = 0
            while n % p == 0:
                n //= p
                k += 1
            if k:
                out.append((p, sign * k))
            p += 1 + (p > 2)
        if n > 1:
            out.append((n, sign))
    return out
