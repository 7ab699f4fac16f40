"""Exact algebra for check_proof.py: sums of terms c * prod atom^e * exp(sum), c and e rational.

A sum is {(powers, arg): c}: powers a sorted tuple of (atom, e), arg a frozen sum. An atom is
("v", name), a variable, which lies in [0, 1]; ("b", frozen sum), a sum of several terms or a
prime, to a power that is no whole number >= 0; or ("l", frozen sum), the logarithm of one.
All steps are identities where the sides have values; ``needs`` records what must be positive
(True), or not negative (False), for that.
"""

import itertools
import math
from fractions import Fraction as Q


class OutOfReach(Exception):
    """What is not checked here: functions of |x|, and cases."""


class NoValue(Exception):
    """A division by 0, or the root or logarithm of what is negative."""


ONE_KEY = ((), ())
frozen = lambda s: tuple(sorted(s.items(), key=repr))  # noqa: E731
number = lambda x: {ONE_KEY: Q(x)} if x else {}  # noqa: E731
atom_sum = lambda a, e=1: {(((a, Q(e)),), ()): Q(1)}  # noqa: E731
variable = lambda name: atom_sum(("v", name))  # noqa: E731
plain = lambda key: all(a[0] != "l" for a, _ in key[0])  # noqa: E731


def add(s, t, c=1):
    out = dict(s)
    for key, x in t.items():
        out[key] = out.get(key, 0) + c * x
    return {k: x for k, x in out.items() if x}


def mul(*sums):
    out = number(1)
    for s in sums:
        total = {}
        for (k, c), (m, e) in itertools.product(out.items(), s.items()):
            powers = dict(k[0])
            for a, q in m[0]:
                powers[a] = powers.get(a, 0) + q
            extra = [dict(a[1]) for a, q in powers.items() if a[0] == "b" for _ in range(int(q))]
            powers = {a: q - max(int(q), 0) if a[0] == "b" else q for a, q in powers.items()}
            key = tuple(sorted(((a, q) for a, q in powers.items() if q), key=repr))
            arg = frozen(add(dict(k[1]), dict(m[1])))
            total = add(total, mul({(key, arg): c * e}, *extra) if extra else {(key, arg): c * e})
        out = total
    return out


inverse = lambda key: (tuple((a, -e) for a, e in key[0]), frozen(add({}, dict(key[1]), -1)))  # noqa: E731


def cleared(s):
    """A positive common factor, and the rest."""
    atoms = {a for key in s for a, _ in key[0] if a[0] != "l"}
    least = {a: min(dict(key[0]).get(a, Q(0)) for key in s) for a in atoms}
    args = {key[1] for key in s}
    powers = tuple(sorted(((a, e) for a, e in least.items() if e), key=repr))
    lead = (powers, args.pop() if len(args) == 1 else ())
    return lead, mul(s, {inverse(lead): Q(1)})


class Algebra:
    """Powers and logarithms; ``needs``: what must be positive (True) or not negative."""

    def __init__(self):
        self.needs = []

    def power(self, s, q):
        if not q or not s:
            if q < 0:
                raise NoValue
            return {} if q else number(1)
        if q.denominator == 1 and q > 0:
            return mul(*[s] * q.numerator)
        if len(s) > 1:
            lead, base = cleared(s)
            if len(base) > 1:
                self.needs.append((base, q < 0))
                return mul(self.power({lead: Q(1)}, q), atom_sum(("b", frozen(base)), q))
            return self.power(mul({lead: Q(1)}, base), q)
        if not plain(next(iter(s))):
            raise OutOfReach("a power of a logarithm")
        (((powers, arg), c),) = s.items()
        below = [a for a, e in powers if e * q < 0]
        self.needs += [(dict(a[1]) if a[0] == "b" else atom_sum(a), True) for a in below]
        out = {(tuple((a, e * q) for a, e in powers), frozen({k: x * q for k, x in arg})): Q(1)}
        if q.denominator == 1:
            return mul(number(c**q.numerator), out)
        if c < 0:
            raise NoValue
        for p, k in factors(c):
            out = mul(
                out,
                number(Q(p) ** math.floor(k * q)),
                atom_sum(("b", frozen(number(p))), k * q % 1) if k * q % 1 else number(1),
            )
        return out

    def log(self, s):
        if len(s) != 1:
            lead, base = cleared(s) if s else (None, {})
            if not base:
                raise NoValue
            if len(base) == 1:
                return add(self.log({lead: Q(1)}), self.log(base))
            self.needs.append((base, True))
            return add(self.log({lead: Q(1)}), atom_sum(("l", frozen(base))))
        (((powers, arg), c),) = s.items()
        if c < 0 or not plain((powers, arg)):
            raise NoValue
        out = dict(arg)
        for p, k in factors(c):
            out = add(out, atom_sum(("l", frozen(number(p)))), k)
        for a, e in powers:
            inner = dict(a[1]) if a[0] == "b" else atom_sum(a)
            self.needs.append((inner, True))
            out = add(out, atom_sum(("l", frozen(inner))), e)
        return out

    def exp(self, s):
        out, rest = number(1), {}
        for (powers, arg), c in s.items():
            if len(powers) == 1 and powers[0][0][0] == "l" and powers[0][1] == 1 and not arg:
                out = mul(out, self.power(dict(powers[0][0][1]), c))
            else:
                rest[powers, arg] = c
        return mul(out, {((), frozen(rest)): Q(1)})

    def slope(self, key, x):
        """The derivative of the logarithm of a term."""
        out = self.derivative(dict(key[1]), x)
        for a, e in key[0]:
            inner = number(a[1] == x) if a[0] == "v" else self.derivative(dict(a[1]), x)
            if a[0] == "l" and inner:
                inner = mul(inner, self.power(dict(a[1]), Q(-1)))
            out = add(out, mul(inner, {(((a, Q(-1)),), ()): e}))
        return out

    def derivative(self, s, x):
        out = {}
        for key, c in s.items():
            out = add(out, mul({key: c}, self.slope(key, x)))
        return out

    def put(self, s, values):
        out = {}
        for (powers, arg), c in s.items():
            parts = [self.power(self.put_atom(a, values), e) for a, e in powers]
            out = add(out, mul(number(c), self.exp(self.put(dict(arg), values)), *parts))
        return out

    def put_atom(self, a, values):
        if a[0] == "v":
            return values.get(a[1], atom_sum(a))
        inner = self.put(dict(a[1]), values)
        return inner if a[0] == "b" else self.log(inner)

    def read(self, tree, values, constants):
        """The sum that a tree is, at these values of its numbers."""
        op, *args = tree
        if op in ("num", "const"):
            return number(Q(constants.get(args[0], args[-1])) if op == "const" else Q(args[0]))
        if op in ("real", "integer", "number"):
            return values[args[0]]
        if op == "symbol":
            if args[1] not in values:
                raise OutOfReach(f"{args[1]} is none of the numbers")
            return values[args[1]]
        if op in ("max", "min", "abs"):
            raise OutOfReach(f"cases of {op}")
        x, *more = (self.read(a, values, constants) for a in args)
        if op in ("+", "-"):
            return add(x, more[0], 1 if op == "+" else -1)
        if op in ("*", "/"):
            return mul(x, more[0] if op == "*" else self.power(more[0], Q(-1)))
        if op == "^":
            q = constant(more[0])
            return self.power(x, q) if q is not None else self.exp(mul(more[0], self.log(x)))
        known = {"neg": lambda: add({}, x, -1), "sqrt": lambda: self.power(x, Q(1, 2)),
                 "exp": lambda: self.exp(x), "log": lambda: self.log(x)}  # fmt: skip
        if op not in known:
            raise OutOfReach(f"the operation {op}")
        return known[op]()


def constant(s):
    return s.get(ONE_KEY, None if s else Q(0)) if len(s) < 2 else None


def factors(c):
    for n, sign in ((c.numerator, 1), (c.denominator, -1)):
        for p in range(2, 4096):
            while n % p == 0:
                n //= p
                yield p, sign
        if n > 1:
            yield n, sign
