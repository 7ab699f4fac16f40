"""Exact algebra of :class:`Sum`: products, powers, exp, log, derivatives, substitution.

Every step is an identity where the sides are defined. What has to hold for that is recorded:
``needs`` lists sums that must be positive (True) or not negative (False) wherever the expression
is to have a value.

    P^q = m^q (P/m)^q, log P = log m + log(P/m)

for a sum P of several terms, m the product of its plain atoms to their least powers: so
denominators come out, and a base is bounded where its variables tend to 0.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, prod

from gembounds.proving.scalar import functions
from gembounds.proving.scalar.sums import (
    ONE,
    UNIT,
    ZERO,
    Atom,
    Sum,
    Term,
    TooLong,
    added,
    factors,
    number,
    of_atom,
    of_term,
    short,
    variable,
)
from gembounds.statements.evaluate import Undefined

MOST_TERMS = 200
"""Of a product (a choice: beyond it no proof is to be expected)."""

SAMPLE = 0.6180339887
"""Variable k is this times k, less its whole part, where the sign of a base is seen, which is then
proved (a choice)."""


class Algebra:
    """``variables`` are those that there are: ``share`` brings new ones; ``needs`` is what the
    value requires, as above; ``lemmas`` are the names of those that were used.
    ``closed``: all is read. A base is then what was shown to be positive, at some place or other,
    and keeps its sign."""

    def __init__(self, variables: list[str]) -> None:
        self.variables = variables
        self.needs: dict[tuple[Sum, bool], None] = {}
        self.closed = False
        self.lemmas: set[str] = set()
        self._shares: dict[tuple[str, tuple[Sum, ...]], str] = {}

    def share(self, name: str, args: tuple[Sum, ...]) -> str:
        """The variable of a lemma for a function at arguments."""
        if (name, args) not in self._shares:
            self._shares[name, args] = f"q#{len(self._shares) + 1}"
            self.variables.append(self._shares[name, args])
        return self._shares[name, args]

    def need(self, s: Sum, positive: bool) -> None:
        self.needs[s, positive] = None

    # -- products and powers ---------------------------------------------------------------
    def product(self, *given: Sum) -> Sum:
        out = ONE
        for f in given:
            if len(out) * len(f) > MOST_TERMS:
                raise TooLong("a product of too many terms")
            out = added(
                self._joined(t, u, c * e) for t, c in out.terms.items() for u, e in f.terms.items()
            )
        return out

    def _joined(self, t: Term, u: Term, c: Fraction) -> Sum:
        powers = dict(t.powers)
        for a, e in u.powers:
            powers[a] = powers.get(a, Fraction(0)) + e
        extra = []
        for a, e in list(powers.items()):
            if a.kind == "base" and e >= 1:  # bases stand to negative powers and roots alone
                whole = floor(e)
                powers[a] = e - whole
                extra += [a.args[0]] * whole
        kept = tuple(sorted(((a, e) for a, e in powers.items() if e), key=_order))
        term = of_term(Term(kept, t.arg + u.arg), c)
        return self.product(term, *extra) if extra else term

    def power(self, s: Sum, q: Fraction) -> Sum:
        """s^q; raises :class:`Undefined` where s is 0 and q < 0, or s is negative and q no whole
        number."""
        if not q:
            return ONE
        if not s:
            if q < 0:
                raise Undefined("a division by 0")
            return ZERO
        if len(s) == 1:
            return self._power_of_term(*next(iter(s.terms.items())), q)
        if q.denominator == 1 and q > 0 and len(s) ** q.numerator <= MOST_TERMS:
            return self.product(*[s] * q.numerator)
        lead, c, base = self.cleared(s)
        if len(base) < 2:
            return self.product(self._power_of_term(lead, c, q), self.power(base, q))
        if self._negative(base):
            c, base = -c, -base
        self.need(base, q < 0)
        return self.product(
            self._power_of_term(lead, c, q), self._power_of_base(Atom("base", "", (base,)), q)
        )

    def _power_of_base(self, a: Atom, q: Fraction) -> Sum:
        return self._joined(UNIT, Term(((a, q),), ZERO), Fraction(1))

    def _power_of_term(self, t: Term, c: Fraction, q: Fraction) -> Sum:
        logs = tuple((a, e) for a, e in t.powers if not a.plain)
        if logs and not (q.denominator == 1 and q > 0):
            base = of_term(Term(logs, ZERO))
            if self._negative(base):
                c, base = -c, -base
            self.need(base, q < 0)
            rest = Term(tuple(x for x in t.powers if x[0].plain), t.arg)
            known = self._power_of_base(Atom("base", "", (base,)), q)
            return self.product(self._power_of_term(rest, c, q), known)
        for a, e in t.powers:
            if e * q < 0 and a.kind != "function":
                self.need(a.args[0] if a.kind == "base" else of_atom(a), True)
        if q.denominator == 1:
            coefficient = number(short(c**q.numerator))
        elif c < 0:
            raise Undefined("a root of a negative number")
        else:
            coefficient = self._root(c, q)
        powers = tuple((a, e * q) for a, e in t.powers)
        term = self._joined(UNIT, Term(powers, t.arg.scaled(q)), Fraction(1))
        return self.product(coefficient, term)

    def _root(self, c: Fraction, q: Fraction) -> Sum:
        out, roots = Fraction(1), []
        for p, k in factors(c):
            whole = floor(k * q)
            out *= Fraction(p) ** whole
            if k * q != whole:
                roots.append((Atom("base", "", (number(p),)), k * q - whole))
        return of_term(Term(tuple(sorted(roots, key=_order)), ZERO), short(out))

    def cleared(self, s: Sum) -> tuple[Term, Fraction, Sum]:
        """m, c > 0 and P with s = c m P: m the plain atoms to their least powers, and what is
        under every exp alike; c the size of the first coefficient."""
        least: dict[Atom, Fraction] = {}
        for a in {a for t in s.terms for a, _ in t.powers if a.plain}:
            least[a] = min(t.power_of(a) for t in s.terms)
        args = {t.arg for t in s.terms}
        arg = args.pop() if len(args) == 1 else ZERO
        powers = tuple(sorted(((a, e) for a, e in least.items() if e), key=_order))
        lead = Term(powers, arg)
        rest = self.product(s, of_term(inverse(lead)))
        c = abs(rest.ordered[0][1]) if rest else Fraction(1)
        return lead, c, rest.scaled(1 / c)

    # -- functions -------------------------------------------------------------------------
    def exp(self, s: Sum) -> Sum:
        """exp(s), with exp(q log b) = b^q."""
        powers, rest = [], ZERO
        for t, c in s.terms.items():
            if not t.arg and len(t.powers) == 1 and t.powers[0][0].kind == "log" and (
                t.powers[0][1] == 1
            ):  # fmt: skip
                powers.append(self.power(t.powers[0][0].args[0], c))
            else:
                rest = rest + of_term(t, c)
        return self.product(of_term(Term((), rest)), *powers)

    def log(self, s: Sum) -> Sum:
        """log(s); raises :class:`Undefined` where s is not positive."""
        if not s:
            raise Undefined("the logarithm of 0")
        if len(s) > 1:
            lead, c, base = self.cleared(s)
            if len(base) < 2:
                return self.log(of_term(lead, c)) + self.log(base)
            if self._negative(base):
                raise Undefined("the logarithm of a negative number")
            self.need(base, True)
            return self.log(of_term(lead, c)) + of_atom(Atom("log", "", (base,)))
        t, c = next(iter(s.terms.items()))
        out = t.arg
        if c < 0:
            raise Undefined("the logarithm of a negative number")
        for p, k in factors(c):
            out = out + of_atom(Atom("log", "", (number(p),))).scaled(Fraction(k))
        logs = tuple((a, e) for a, e in t.powers if not a.plain)
        if logs:
            inner = of_term(Term(logs, ZERO))
            self.need(inner, True)
            out = out + of_atom(Atom("log", "", (inner,)))
        for a, e in t.powers:
            if a.plain:
                inner = a.args[0] if a.kind == "base" else of_atom(a)
                if a.kind != "function":
                    self.need(inner, True)
                out = out + of_atom(Atom("log", "", (inner,))).scaled(e)
        return out

    def function(self, name: str, args: tuple[Sum, ...]) -> Sum:
        """A function of :mod:`gembounds.proving.scalar.functions`."""
        known: Sum | None = functions.value(self, name, args)
        return of_atom(Atom("function", name, args)) if known is None else known

    # -- calculus --------------------------------------------------------------------------
    def derivative(self, s: Sum, name: str) -> Sum:
        """d s/d name."""
        return added(
            self.product(of_term(t, c), slope)
            for t, c in s.terms.items()
            if (slope := self.slope(t, name))
        )

    def slope(self, t: Term, name: str) -> Sum:
        """The derivative of log t."""
        out = self.derivative(t.arg, name) if name in t.arg.variables else ZERO
        for a, e in t.powers:
            inner = self._derivative_of(a, name)
            if inner:
                less = Sum({Term(((a, Fraction(-1)),), ZERO): e})
                out = out + self.product(inner, less)
        return out

    def _derivative_of(self, a: Atom, name: str) -> Sum:
        if a.kind == "variable":
            return ONE if a.name == name else ZERO
        if not any(name in x.variables for x in a.args):
            return ZERO
        if a.kind == "base":
            return self.derivative(a.args[0], name)
        if a.kind == "log":
            (inner,) = a.args
            return self.product(self.derivative(inner, name), self.power(inner, Fraction(-1)))
        out = ZERO
        for k, x in enumerate(a.args):
            if name in x.variables:
                partial = functions.derivative(self, a, k)
                out = out + self.product(partial, self.derivative(x, name))
        return out

    def substituted(self, s: Sum, values: dict[str, Sum]) -> Sum:
        """``s`` with sums for variables; raises :class:`Undefined` where that has no value."""
        if not s.variables & set(values):
            return s
        out = ZERO
        for t, c in s.terms.items():
            powers = [self.power(self._replaced(a, values), e) for a, e in t.powers]
            out = out + self.product(number(c), self.exp(self.substituted(t.arg, values)), *powers)
        return out

    def _replaced(self, a: Atom, values: dict[str, Sum]) -> Sum:
        if a.kind == "variable":
            return values.get(a.name) or (ZERO if a.name in values else variable(a.name))
        args = tuple(self.substituted(x, values) for x in a.args)
        if a.kind == "base":
            return args[0]
        return self.log(args[0]) if a.kind == "log" else self.function(a.name, args)

    def _negative(self, base: Sum) -> bool:
        return not self.closed and self.approximate(base) < 0

    def approximate(self, s: Sum) -> float:
        """The value at the sample, to see a sign that is then proved."""
        from math import exp, log

        def atom(a: Atom) -> float:
            if a.kind == "variable":
                return SAMPLE * (1 + self.variables.index(a.name)) % 1
            args = [self.approximate(x) for x in a.args]
            if a.kind == "base":
                return args[0]
            return log(args[0]) if a.kind == "log" else 1.0

        try:
            return float(sum(
                float(c) * prod(atom(a) ** float(e) for a, e in t.powers)
                * exp(self.approximate(t.arg) if t.arg else 0.0)
                for t, c in s.terms.items()
            ))  # fmt: skip
        except (ArithmeticError, ValueError, TypeError):
            raise TooLong("no sign at the sample") from None


def inverse(t: Term) -> Term:
    """1/t."""
    return Term(tuple((a, -e) for a, e in t.powers), -t.arg)


def _order(item: tuple[Atom, Fraction]) -> tuple[str, str, list[str]]:
    a = item[0]
    return a.kind, a.name, [x.text for x in a.args]
