"""What :func:`gembounds.expect` takes the expectation of: polynomials in words.

The words are ``psi[i]``, the posterior of component i; ``psi[i].log()``; ``x[j]``, a coordinate of
the data point; ``log_density``, log p(x) of the model with its (2 pi)^(-d/2); ``entropy``, that of
the posterior, -sum_i psi_i log psi_i. They add, subtract, multiply, have whole powers and
quotients by numbers; numbers are exact (int, float, ``Fraction``, "1/3"). A polynomial is kept as
the sum of its terms, so that two ways to write it are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from numbers import Integral
from typing import Any, NamedTuple

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown

MOST_DEGREE = 40
"""Of a polynomial (a choice: what bounds it on the strip grows with its factorial)."""

MOST_TERMS = 5000
"""Of a polynomial (a choice: a second or so of adding up)."""

MOST_POWER = 1000
"""Of a number in an expression (a choice: a number that can still be written out)."""

Variable = tuple[str, int]
"""Its kind, one of ``KINDS``, and its index; -1 where it has none."""

Monomial = tuple[tuple[Variable, int], ...]
"""Variables with their powers, in order."""

KINDS = {
    "psi": "psi[{}]", "log psi": "log(psi[{}])", "x": "x[{}]", "log density": "log_density",
    "entropy": "entropy",
}  # fmt: skip


class Polynomial:
    """A sum of ``terms``: products of powers of variables, each with its exact coefficient."""

    __slots__ = ("terms",)
    __array_ufunc__ = None
    __iter__ = None

    def __init__(self, terms: Mapping[Monomial, Fraction]) -> None:
        self.terms = {m: c for m, c in terms.items() if c}
        if len(self.terms) > MOST_TERMS:
            raise InputError(f"the expression has more than {MOST_TERMS} terms: split it")

    @property
    def degree(self) -> int:
        return max((sum(power for _, power in m) for m in self.terms), default=0)

    def variables(self) -> set[Variable]:
        return {variable for m in self.terms for variable, _ in m}

    def __add__(self, other: Any) -> Polynomial:
        out = dict(self.terms)
        for m, c in polynomial(other).terms.items():
            out[m] = out.get(m, Fraction(0)) + c
        return Polynomial(out)

    __radd__ = __add__

    def __neg__(self) -> Polynomial:
        return Polynomial({m: -c for m, c in self.terms.items()})

    def __pos__(self) -> Polynomial:
        return self

    def __sub__(self, other: Any) -> Polynomial:
        return self + -polynomial(other)

    def __rsub__(self, other: Any) -> Polynomial:
        return polynomial(other) - self

    def __mul__(self, other: Any) -> Polynomial:
        factor = polynomial(other)
        if self.degree + factor.degree > MOST_DEGREE:
            raise InputError(
                f"the expression has degree {self.degree + factor.degree}: "
                f"degrees up to {MOST_DEGREE} can be certified"
            )
        out: dict[Monomial, Fraction] = {}
        for m, a in self.terms.items():
            for k, b in factor.terms.items():
                product = times(m, k)
                out[product] = out.get(product, Fraction(0)) + a * b
        return Polynomial(out)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Polynomial:
        divisor = polynomial(other)
        if divisor.variables():
            raise InputError(
                f"a quotient by {divisor} cannot be certified, since it may vanish: "
                "divide by numbers alone"
            )
        if not divisor.terms:
            raise InputError(f"{self} / 0: divide by another number")
        return self * (1 / divisor.terms[()])

    def __rtruediv__(self, other: Any) -> Polynomial:
        return polynomial(other) / self

    def __pow__(self, power: Any) -> Polynomial:
        if isinstance(power, Polynomial) and not power.variables():
            power = power.terms.get((), Fraction(0))
        if isinstance(power, Fraction) and power.denominator == 1:
            power = int(power)
        if isinstance(power, bool) or not isinstance(power, Integral) or int(power) < 0:
            raise InputError(
                f"({self})**{shown(power, quote=False)} cannot be certified: "
                "powers are whole numbers from 0 on"
            )
        if int(power) > MOST_POWER:
            raise InputError(f"({self})**{power}: powers go up to {MOST_POWER}")
        if not self.variables():
            return Polynomial({(): self.terms.get((), Fraction(0)) ** int(power)})
        out = Polynomial({(): Fraction(1)})
        for _ in range(int(power)):  # the degree stops it
            out = out * self
        return out

    def log(self) -> Polynomial:
        """The logarithm of a product of powers of posteriors: nothing else is sure to be
        positive and to have one in the strip."""
        (monomial, coefficient), *more = self.terms.items() or [((), Fraction(0))]
        if more or coefficient != 1 or any(kind != "psi" for (kind, _), _ in monomial):
            raise InputError(
                f"log({self}) cannot be certified: logarithms are those of psi[i], of products "
                "of their powers, and log_density"
            )
        return Polynomial({((("log psi", i), 1),): Fraction(p) for (_, i), p in monomial})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __bool__(self) -> bool:
        raise InputError(f"{self} has no truth value: it is an expression, not a number")

    def __repr__(self) -> str:
        out = ""
        for m, c in self.terms.items():
            sign, size = ("- " if c < 0 else "+ "), abs(c)
            ordered = sorted(m, key=lambda part: list(KINDS).index(part[0][0]))
            factors = [f"{_name(v)}**{p}" if p > 1 else _name(v) for v, p in ordered]
            if size != 1 or not factors:
                factors = [str(size), *factors]
            out += f" {sign}{'*'.join(factors)}"
            if len(out) > 300:
                return out[3 if out.startswith(" + ") else 1 :] + " ..."
        return out[3 if out.startswith(" + ") else 1 :] or "0"


def _name(variable: Variable) -> str:
    return KINDS[variable[0]].format(variable[1])


def times(a: Monomial, b: Monomial) -> Monomial:
    powers = dict(a)
    for variable, power in b:
        powers[variable] = powers.get(variable, 0) + power
    return tuple(sorted(powers.items()))


def polynomial(value: Any) -> Polynomial:
    """``value`` as a polynomial: one already, or an exact number."""
    if isinstance(value, Polynomial):
        return value
    if isinstance(value, Indexed):
        raise InputError(f"{value.kind} is a list: give an entry, {value.kind}[0]")
    return Polynomial({(): exact_number(value, "a number in an expression")})


class Indexed:
    """``psi`` or ``x``: a word an index."""

    __slots__ = ("kind",)
    __iter__ = None

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __getitem__(self, index: Any) -> Polynomial:
        if isinstance(index, bool) or not isinstance(index, Integral) or index < 0:
            raise InputError(
                f"{self.kind}[{shown(index)}]: give an index that is a whole number from 0 on"
            )
        return Polynomial({(((self.kind, int(index)), 1),): Fraction(1)})

    def __repr__(self) -> str:
        return self.kind


class Words(NamedTuple):
    """The words of :func:`gembounds.expect`: ``psi, x, log_density, entropy = gb.words``."""

    psi: Indexed
    x: Indexed
    log_density: Polynomial
    entropy: Polynomial


words = Words(
    Indexed("psi"), Indexed("x"),
    Polynomial({((("log density", -1), 1),): Fraction(1)}),
    Polynomial({((("entropy", -1), 1),): Fraction(1)}),
)  # fmt: skip
