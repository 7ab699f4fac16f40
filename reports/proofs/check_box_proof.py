"""Checks a certificate of a proof over a box: every piece, or a random sample.

A certificate says: for all theta in a box, where the conditions hold and both sides have values,
the relation holds. The box is cut by halving (the bits of "splits", so that the pieces cover it),
and of each piece one is shown:

    o   a condition is false on all of it
    m   a symmetry moves its points into another piece
    l   the relation, by the logarithmic Sobolev inequality
    f s the margin is > 0 (by its range >= 0 where that is enough), by first or second order from
        the centre

Made by python -m tests.proof_script from gembounds/referee/verify/boxes.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import math
import random
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import pairwise
from operator import add
from typing import Any, NamedTuple

# -- Intervals of whole multiples of 2^-P, rounded outward, with exp, log and sqrt of their own.
P = 80
ONE = 1 << P
W = P + 32
"""Bits of the intervals, and of the work inside exp."""

LARGEST = 1 << 16
"""Bits, and an exponent of e: beyond, nothing is known."""


class Interval:
    """[lo, hi] 2^-P in whole numbers; None and None: nothing is known."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: Any, hi: Any) -> None:
        self.lo, self.hi = lo, hi

    def __neg__(self) -> Interval:
        return self if self.lo is None else Interval(-self.hi, -self.lo)

    def __add__(self, y: Interval) -> Interval:
        if self.lo is None or y.lo is None:
            return WHOLE
        return Interval(self.lo + y.lo, self.hi + y.hi)

    def __sub__(self, y: Interval) -> Interval:
        if self.lo is None or y.lo is None:
            return WHOLE
        return Interval(self.lo - y.hi, self.hi - y.lo)

    def __mul__(self, y: Interval) -> Interval:
        a, b, c, d = self.lo, self.hi, y.lo, y.hi
        if a is None or c is None:
            return WHOLE
        if a >= 0:
            p, q = (a * c if c >= 0 else b * c), (b * d if d >= 0 else a * d)
        elif b <= 0:
            p, q = (b * d if d <= 0 else a * d), (a * c if c <= 0 else b * c)
        elif c >= 0:
            p, q = a * d, b * d
        elif d <= 0:
            p, q = b * c, a * c
        else:
            p, q = min(a * d, b * c), max(a * c, b * d)
        return Interval(p >> P, -(-q >> P))

    def square(self) -> Interval:
        a, b = self.lo, self.hi
        if a is None:
            return WHOLE
        p, q = (a * a, b * b) if a >= 0 else (b * b, a * a)
        return (
            Interval(p >> P, -(-q >> P)) if a >= 0 or b <= 0 else Interval(0, -(-max(p, q) >> P))
        )

    def inverse(self) -> Interval:
        if self.lo is None or self.lo <= 0 <= self.hi:
            return WHOLE
        return Interval(ONE * ONE // self.hi, -(-ONE * ONE // self.lo))

    def exp(self) -> Interval:
        if self.lo is None or self.hi >> P > LARGEST:
            return WHOLE
        low, high = exp_ends(self.lo)
        wide = self.hi - self.lo
        if wide >> (P // 4):
            return Interval(low, exp_ends(self.hi)[1])
        return Interval(low, high - (-2 * wide * high >> P))  # exp(x) <= 1 + 2 x below 1

    def log(self) -> Interval:
        if self.lo is None or self.lo <= 0:
            return WHOLE
        return Interval(log_end(self.lo, -1), log_end(self.hi, 1))

    def sqrt(self) -> Interval:
        """Of the part that is >= 0."""
        if self.lo is None or self.hi < 0:
            return WHOLE
        return Interval(math.isqrt(max(self.lo, 0) << P), math.isqrt(self.hi << P) + 1)

    def power(self, k: int) -> Interval:
        """x^k, k >= 1."""
        if k == 1:
            return self
        half = self.power(k // 2).square()
        return half if k % 2 == 0 else half * self

    def size(self) -> Interval:
        """[0, max |x|]."""
        return WHOLE if self.lo is None else Interval(0, max(-self.lo, self.hi))

    def both(self) -> Interval:
        """[-r, r] for the upper end r >= 0."""
        return WHOLE if self.lo is None else Interval(-self.hi, self.hi)

    def meet(self, y: Interval) -> Interval:
        if self.lo is None or y.lo is None:
            return y if self.lo is None else self
        return Interval(max(self.lo, y.lo), min(self.hi, y.hi))

    def above(self, y: Interval) -> bool:
        """Whether it certainly is > y."""
        return self.lo is not None and y.lo is not None and bool(self.lo > y.hi)


WHOLE = Interval(None, None)


def of(x: Fraction | int) -> Interval:
    n, d = x.numerator << P, x.denominator
    return Interval(n // d, -(-n // d))


@lru_cache(maxsize=4096)
def number(text: str) -> Fraction:
    """An exact number as certificates write it: digits, / and digits."""
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,4300}(/\d{1,4300})?", text):
        raise ValueError(f"{str(text)[:60]!r} is no exact number")
    return Fraction(text)


ZERO, UNIT, TWO, HALF = of(0), of(1), of(2), of(Fraction(1, 2))


def arctangent(k: int, sign: int) -> tuple[int, int]:
    """Ends of atanh(1/k) (sign 1) or atan(1/k) (-1), 2^W times: each term is cut by 2 at most, and
    the rest is below the last."""
    total, power, j = 0, (1 << W) // k, 0
    while power:
        total, power, j = total + sign**j * (power // (2 * j + 1)), power // (k * k), j + 1
    return total - 2 * j, total + 2 * j


def combined(terms: list[tuple[int, tuple[int, int]]]) -> tuple[int, int]:
    ends = [sorted((c * low, c * high)) for c, (low, high) in terms]
    return sum(e[0] for e in ends), sum(e[1] for e in ends)


LN2 = combined([(k, arctangent(m, 1)) for k, m in ((18, 26), (-2, 4801), (8, 8749))])
_PI = combined([(16, arctangent(5, -1)), (-4, arctangent(239, -1))])
PI = Interval(_PI[0] >> (W - P), -(-_PI[1] >> (W - P)))
DENSITY = (TWO * PI).sqrt().inverse()


def taylor(r: int, terms: int) -> int:
    """exp(r 2^-W), 0 <= r, 2^W times, from below: the series, each term cut."""
    total = term = 1 << W
    for j in range(1, terms):
        term = (term * r >> W) // j
        total += term
    return total


TABLE = [taylor(j << (W - 8), 40) for j in range(256)]


def exp_ends(n: int) -> tuple[int, int]:
    """Ends of exp(n 2^-P), 2^P times. n - k ln 2 = j/256 + r, 0 <= r < 1/256: of a table's entry
    and the series to r^10/10! at most 256 units of 2^-W are cut, and r is wrong by |k| times the
    width of ln 2."""
    k = (n << (W - P)) // LN2[0]
    if k < -2 * W:
        return 0, 1
    r = (n << (W - P)) - k * LN2[0]
    j = r >> (W - 8)
    value = TABLE[j] * taylor(r - (j << (W - 8)), 11) >> W
    err = 2 * abs(k) * (LN2[1] - LN2[0] + 1) + 256
    low, high, shift = value - err, value + err, P - W + k
    if shift >= 0:
        return low << shift, high << shift
    return low >> -shift, -(-high >> -shift)


def log_end(n: int, side: int) -> int:
    """A number on that side of log(n 2^-P), 2^P times: guessed, and its exponential compared."""
    e = n.bit_length() - P
    y = int((math.log(n / (1 << n.bit_length())) + e * math.log(2)) * 2.0**60) << (P - 60)
    for _ in range(2):
        y += (n << P) // max(exp_ends(y)[0], 1) - ONE
    step = 2
    while (exp_ends(y + step)[0] < n) if side > 0 else (exp_ends(y - step)[1] > n):
        step *= 2
    return y + side * step


# -- Second-order forward mode: value, gradient, and their ranges over a piece.
Part = Interval | None
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
    may be ``known`` beside (that expectations are >= 0). None: a derivative that is 0."""

    def __init__(
        self, at: Interval, over: Interval, slope: list[Part], slopes: list[Part],
        bend: dict[tuple[int, int], Part], err: Interval = ZERO, known: Part = None,
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
        bend = {k: x and -x for k, x in self.bend.items()}
        return Jet(
            -self.at, -self.over, slope, slopes, bend, self.err, self.knows(Interval.__neg__)
        )

    def __add__(self, g: Jet) -> Jet:
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
        bend: dict[tuple[int, int], Part] = {}
        for p, q in pairs(len(self.slope)):
            part = plus(times(self.bend.get((p, q)), g.over), times(g.bend.get((p, q)), self.over))
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
        there, slope, curve = first(self.at), first(self.over), second(self.over)
        bend: dict[tuple[int, int], Part] = {}
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
        return self.composed(Interval.square, lambda x: TWO * x, lambda x: TWO)

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


# -- The trapezoidal rule for E f(x), x ~ N(0, 1): what it misses, and its sums on a piece.
MOST_NODES = 5000


class Rule:
    """Nodes k h, |k| <= count, for means at most ``distance`` apart, and what their sum misses.

    psi_i psi_k phi is analytic in the strip |Im x| <= a, and there at most e^(a^2/2)/cos^2(a D/2)
    times itself on the line, if a D < pi: so the infinite sum errs by at most rho times the
    integral (Trefethen and Weideman, SIAM Review 56 (2014), Theorem 5.1). ``mass`` bounds the sum
    of phi's values (Poisson), ``tail`` that beyond the last node (Mills; phi falls, and x phi
    beyond 1). For L, log S' with S' = sum_i pi_i exp(x (mu_i - c) - mu_i^2/2), c the middle of the
    means, is between -|x| D/2 - M^2/2 and |x| D/2, in the strip at most ``strip`` larger in size;
    the rest of log S, x c, is odd."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.distance, a, h = (number(data[k]) for k in ("distance", "strip", "step"))
        count, step = data["count"], of(h)
        if not (0 < a <= 64 and 0 < h <= 6 and 0 <= a * self.distance <= 3):
            raise ValueError("a rule's strip or step is too wide")
        if type(count) is not int or not 2 / h <= count <= MOST_NODES:
            raise ValueError(f"a rule has {count!r} nodes")
        self.nodes = []
        for k in range(-count, count + 1):
            half_square = -of(h * h * k * k / 2)
            self.nodes.append((of(h * k), half_square, half_square.exp() * step * DENSITY))
        theta, radius = of(a * self.distance / 2), of(h * count)
        cosine = term = UNIT
        for k in range(1, 20):  # the last term is negative: below cos in [0, 3/2]
            term = term * theta.square() * of(Fraction(-1, (2 * k - 1) * 2 * k))
            cosine = cosine + term
        growth = TWO * PI * of(a / h)  # rho is tiny: one exponential, not a quotient of two
        most = cosine.square() * (UNIT - (-growth).exp())
        self.rho = TWO * (of(a * a / 2) - growth).exp() * most.inverse()
        poisson = of(min(19 / (h * h), Fraction(700))).exp() - UNIT  # 19 < 2 pi^2
        self.mass = UNIT + TWO * poisson.inverse()
        self.density = DENSITY * (-(radius.square() * HALF)).exp()
        self.tail = TWO * self.density * radius.inverse() * self.mass
        self.strip = theta - cosine.log()

    def missed(self, name: str, distance: Interval, square: Interval) -> Interval:
        """At least |E - sum|: means at most ``distance`` apart, mu_i^2 <= ``square``."""
        if name == "mean_square":
            return (self.rho + self.tail) * square
        half, rest = distance * HALF, square * HALF
        inside = self.mass * half + rest + self.strip
        return self.rho * inside + TWO * self.density * self.mass * half + self.tail * rest


class Node(NamedTuple):
    """At a node x: the rule's weight, z_i = x - mu_i, psi_i, r_i = psi_i/pi_i, and R_v = sum_k v_k
    r_k along directions v of the weights; sum_i pi_i exp(-z_i^2/2) is ``mass`` exp(-``low``)."""

    weight: Interval
    away: list[Interval]
    psi: list[Interval]
    rate: list[Interval]
    tilt: list[Interval]
    half_square: Interval
    low: Interval
    mass: Interval


Directions = list[list[int]]


def nodes_of(
    rule: Rule, means: list[Interval], weights: list[Interval], along: Directions
) -> list[Node]:
    """All nodes, as ranges: psi_i rises with its own term of the sum and falls with the others."""
    out = []
    for x, half_square, weight in rule.nodes:
        away = [x - m for m in means]
        squares = [z.square() * HALF for z in away]
        low = min(q.lo for q in squares)
        terms = [Interval(low - q.hi, low - q.lo).exp() for q in squares]
        heavy = [w * e for w, e in zip(weights, terms, strict=True)]
        least, most = sum(t.lo for t in heavy), sum(t.hi for t in heavy)
        psi, rate = [], []
        for t, e, w in zip(heavy, terms, weights, strict=True):
            others, more = least - t.lo, most - t.hi
            top = -(-(t.hi << P) // (t.hi + others))
            psi.append(Interval((t.lo << P) // (t.lo + more), min(top, ONE)))
            below, above = (w.hi * e.lo >> P) + 1 + more, (w.lo * e.hi >> P) + others
            bound = -(-(e.hi << P) // above) if above > 0 else None
            rate.append(WHOLE if bound is None else Interval((e.lo << P) // below, bound))
        tilt = [total([r if v > 0 else -r for v, r in zip(d, rate, strict=True) if v])
                for d in along]  # fmt: skip
        there = half_square, Interval(low, low), Interval(least, most)
        out.append(Node(weight, away, psi, rate, tilt, *there))
    return out


def mixture(psi: list[Interval], means: list[Interval]) -> Interval:
    """psi~, rising in the means: mu_j + sum_k psi_k (mu_k - mu_j) for their lower and upper ends,
    the best j."""
    best = WHOLE
    for m in means:
        below = sum(min(p.lo * (k.lo - m.lo), p.hi * (k.lo - m.lo))
                    for p, k in zip(psi, means, strict=True))  # fmt: skip
        above = sum(max(p.lo * (k.hi - m.hi), p.hi * (k.hi - m.hi))
                    for p, k in zip(psi, means, strict=True))  # fmt: skip
        best = best.meet(Interval(m.lo + (below >> P), m.hi - (-above >> P)))
    return best


Terms = tuple[Interval, list[Interval], dict[tuple[int, int], Interval]]
"""Of what is summed: value, derivatives along moving means and directions, second ones."""


def loss_terms(v: Node, moving: list[int], along: Directions, second: bool) -> Terms:
    """Of -x^2/2 - log sum_i pi_i exp(-z_i^2/2): first derivatives -psi_i z_i and -R_v."""
    psi, z, tilt = v.psi, v.away, v.tilt
    if not second:
        first = [-(psi[i] * z[i]) for i in moving] + [-t for t in tilt]
        return v.half_square + v.low - v.mass.log(), first, {}
    bend, movers = {}, len(moving)
    for p, q in pairs(movers + len(along)):
        i, j = (moving[k] if k < movers else -1 for k in (p, q))
        if i < 0:
            a, b = tilt[p - movers], tilt[q - movers]
            bend[p, q] = a.square() if p == q else a * b
        elif j < 0:
            own = signed(along[q - movers][i], v.rate[i])
            bend[p, q] = (psi[i] * tilt[q - movers] - own) * z[i]
        elif p == q:
            bend[p, q] = psi[i] * (UNIT - (UNIT - psi[i]) * z[i].square())
        else:
            bend[p, q] = psi[i] * psi[j] * (z[i] * z[j])
    return WHOLE, [], bend


def square_terms(
    v: Node, means: list[Interval], moving: list[int], along: Directions, second: bool
) -> Terms:
    """Of psi~^2. With c_i = mu_i - psi~, A_i = 1 + z_i c_i: psi~ has the derivatives psi_i A_i
    along mu_i and B_v = sum_k v_k r_k c_k along v."""
    psi, z, rate, tilt, n = v.psi, v.away, v.rate, v.tilt, range(len(means))
    c = [total([psi[j] * (means[i] - means[j]) for j in n if j != i]) for i in n]
    turn = [UNIT + x * y for x, y in zip(z, c, strict=True)]
    drift = [total([signed(s, rate[k] * c[k]) for k, s in enumerate(d) if s]) for d in along]
    mixed, first = mixture(psi, means), [psi[i] * turn[i] for i in moving] + drift
    if not second:
        return mixed.square(), [TWO * mixed * f for f in first], {}
    bend, movers = {}, len(moving)
    for p, q in pairs(len(first)):
        i, j = (moving[k] if k < movers else -1 for k in (p, q))
        if i < 0:
            a, b = p - movers, q - movers
            found = -(tilt[a] * drift[b] + tilt[b] * drift[a])
        elif j < 0:
            b = q - movers
            found = signed(along[b][i], rate[i] * turn[i])
            found = found - psi[i] * (tilt[b] * turn[i] + z[i] * drift[b])
        elif p == q:
            found = psi[i] * (z[i] * turn[i] * (UNIT - TWO * psi[i]) - c[i] + z[i])
        else:
            found = -(psi[i] * psi[j] * (z[j] * turn[i] + z[i] * turn[j]))
        square = first[p].square() if p == q else first[p] * first[q]
        bend[p, q] = TWO * (square + mixed * found)
    return mixed.square(), [], bend


def signed(sign: int, x: Interval) -> Interval:
    return x if sign > 0 else -x if sign < 0 else ZERO


def summed(found: list[tuple[Interval, Terms]]) -> Terms:
    """The weighted sums of all terms."""
    value = total([w * t[0] for w, t in found])
    first = [total([w * t[1][k] for w, t in found]) for k in range(len(found[0][1][1]))]
    return value, first, {k: total([w * t[2][k] for w, t in found]) for k in found[0][1][2]}


# -- Trees as JSON: a margin without division, and as a linear form in L and E|psi~|^2.
Tree = Any
"""["num", text], ["symbol", "", name], ["real", name, low, high], [operation, trees...]."""

EXPECTED = {"L", "mean_square"}
CHOSEN = {"mu_max", "norms", "diameter", "pi_min", "pi_max"}
SYMBOLS = EXPECTED | CHOSEN | {"S", "U", "Y", "pi", "n", "d"}
REDUCED = ("total", "largest", "smallest")
ONE_TREE: Tree = ["num", "1"]
NOTHING: Tree = ["num", "0"]


def parts(e: Tree) -> list[Tree]:
    """The trees that an operation is done to."""
    start = 2 if e[0] in REDUCED else 1
    return [] if e[0] in ("num", "symbol", "real", "integer") else list(e[start:])


def read(e: Tree, constants: dict[str, str]) -> Tree:
    """The tree with its constants as numbers; of this vocabulary, or ValueError."""
    op, *a = e
    if op == "const":
        return ["num", str(number(constants.get(a[0], a[1])))]
    if op == "symbol" and (len(a) != 2 or a[0] != "" or a[1] not in SYMBOLS):
        raise ValueError(f"the symbol {a} is beyond this checker")
    if op in REDUCED and (len(a) != 2 or a[0] not in ("", "i")):
        raise ValueError(f"{op} over {a[0]} is beyond this checker")
    below = parts(e)
    return [*e[: len(e) - len(below)], *(read(x, constants) for x in below)]


def symbols(e: Tree) -> set[str]:
    return {e[2]} if e[0] == "symbol" else set().union(*map(symbols, parts(e)))


def branches(e: Tree) -> bool:
    """Whether an argument of max, min or | | is chosen in it."""
    if e[0] in ("max", "min", "abs", "largest", "smallest") or symbols(e) & CHOSEN:
        return True
    return any(map(branches, parts(e)))


def nonnegative(e: Tree) -> bool:
    """Whether a tree is >= 0 by its form."""
    op, *a = e
    if op == "num":
        return number(a[0]) >= 0
    if op in ("real", "integer"):
        return a[1] is not None and number(a[1]) >= 0
    if op == "^":
        return (a[1][0] == "num" and number(a[1][1]) % 2 == 0) or nonnegative(a[0])
    if op in ("+", "*", "/", "min"):
        return all(map(nonnegative, a))
    return op in ("abs", "exp", "sqrt", "symbol") or (op == "max" and any(map(nonnegative, a)))


def exact(e: Tree, known: dict[tuple[str, str], Fraction]) -> Fraction | None:
    """The value of a tree of numbers alone; ``known``: n, d and parameters that do not vary."""
    op, *a = e
    if op == "num":
        return number(a[0])
    if op in ("symbol", "real", "integer"):
        return known.get(("symbol", a[1]) if op == "symbol" else ("parameter", a[0]))
    if op not in ("+", "-", "*", "/", "neg"):
        return None
    x, y = exact(a[0], known), exact(a[-1], known)
    if x is None or y is None or (op == "/" and y == 0):
        return None
    done = {"neg": -x, "+": x + y, "-": x - y, "*": x * y}
    return x / y if op == "/" else done[op]


def multiplied(x: Tree, y: Tree) -> Tree:
    return x if y == ONE_TREE else y if x == ONE_TREE else ["*", x, y]


def ratio(e: Tree) -> tuple[Tree, Tree]:
    """A tree as numerator and a denominator that is >= 0 by its form."""
    op, *a = e
    if op == "neg":
        p, q = ratio(a[0])
        return ["neg", p], q
    if op not in ("+", "-", "*", "/") or (op == "/" and not nonnegative(a[1])):
        return e, ONE_TREE
    (p, q), (r, s) = map(ratio, a)
    if op == "/":
        return multiplied(p, s), multiplied(q, r)
    if op == "*":
        return multiplied(p, r), multiplied(q, s)
    return [op, multiplied(p, s), multiplied(r, q)], multiplied(q, s)


def margin(relation: Tree) -> Tree:
    """What is > 0 only where a relation holds, if its sides have values."""
    sign, less, more = relation
    if sign not in ("<", "<=", ">", ">="):
        raise ValueError(f"{sign!r} is no inequality")
    if sign in (">", ">="):
        less, more = more, less
    (a, b), (c, d) = ratio(less), ratio(more)
    return ["-", multiplied(c, b), multiplied(a, d)]


def linear(e: Tree) -> dict[str, Tree] | None:
    """Coefficients of L, of E|psi~|^2 and of neither (""), or None."""
    op, *a = e
    if not symbols(e) & EXPECTED:
        return {"": e}
    if op == "symbol":
        return {a[1]: ONE_TREE}
    found = [linear(x) for x in a] if op in ("+", "-", "*", "/", "neg") else [None]
    x, y = found[0], found[-1]
    if x is None or y is None:
        return None
    if op == "neg":
        return {k: ["neg", v] for k, v in x.items()}
    if op in ("+", "-"):
        return {k: [op, x.get(k, NOTHING), y.get(k, NOTHING)] for k in {**x, **y}}
    if set(y) == {""}:
        return {k: [op, v, y[""]] for k, v in x.items()}
    return {k: ["*", x[""], v] for k, v in y.items()} if op == "*" and set(x) == {""} else None


# -- The problem of a certificate: its variables in order, rules, symmetries, and what is to show.
Ends = tuple[Fraction, Fraction]


class Variable(NamedTuple):
    """``kind``: "mean", "offset", "weight" or "parameter"; ``key``: component or name."""

    kind: str
    key: Any
    low: Fraction
    high: Fraction


def interval(x: Any) -> Ends:
    """[low, high], or a number as an interval of its own."""
    low, high = (number(e) for e in ((x, x) if isinstance(x, str) else x))
    if low > high:
        raise ValueError(f"the interval {x} is empty")
    return low, high


class Proof:
    """What a certificate says, read; ValueError where it says nothing."""

    def __init__(self, data: dict[str, Any]) -> None:
        box, tree = data["box"], data["tree"]
        self.boxes = [[interval(x) for x in row] for row in box.get("means", [])]
        self.n, self.d = len(self.boxes), len(self.boxes[0]) if self.boxes else 0
        self.weights = [interval(x) for x in box.get("weights", [])]
        self.rest: int | None = box.get("rest")
        self.parameters = {k: interval(x) for k, x in sorted(box.get("parameters", {}).items())}
        self._check()
        self.turned = self.n == 2 and self.d >= 2
        self.means, self.reach = [row[0] for row in self.boxes], Fraction(0)
        self.gram = self._gram() if self.turned else {}
        if self.turned:
            self.means = [(-self.reach, self.reach)] * 2
        self.variables = self._variables()
        self.count = len(self.variables)
        self.place = {(v.kind, v.key): k for k, v in enumerate(self.variables)}
        self.moving = [v.key for v in self.variables if v.kind == "mean"]
        self.free = [k for k, v in enumerate(self.variables) if v.kind == "weight"]
        self.along = [[(j == self.variables[k].key) - (j == self.rest) for j in range(self.n)]
                      for k in self.free]  # fmt: skip
        self.rules = sorted(data["rules"], key=lambda r: number(r["distance"]))
        self._made: dict[str, Rule] = {}
        relation = tree["decided_by"] or tree["relation"]
        self.known = {("parameter", k): x[0] for k, x in self.parameters.items() if x[0] == x[1]}
        self.known |= {("symbol", k): Fraction(x) for k, x in (("n", self.n), ("d", self.d))}
        given = data["constants"]
        self.margin = margin([relation[0], *(read(e, given) for e in relation[1:])])
        self.strict, self.linear = relation[0] in ("<", ">"), linear(self.margin)
        self.when = [[w[0], *(read(e, given) for e in w[1:])] for w in tree["when"]]
        self.when = [w for w in self.when if w[0] in ("<", "<=", ">", ">=")
                     and not (symbols(w[1]) | symbols(w[2])) & EXPECTED]  # fmt: skip
        self.like, self.mirrored = self._symmetries()
        self._branches: dict[int, bool] = {}

    def _check(self) -> None:
        if any(len(row) != self.d or not row for row in self.boxes):
            raise ValueError("the means have rows of different lengths")
        if len(self.weights) != self.n or any(w[0] < 0 or w[1] > 1 for w in self.weights):
            raise ValueError("the weights are not one in [0, 1] a component")
        if self.rest is None and self.n:
            if sum(w[0] for w in self.weights) != 1 or any(
                w[0] != w[1] or w[0] == 0 for w in self.weights
            ):
                raise ValueError("the weights do not add up to 1")
        elif self.n and (type(self.rest) is not int or not 0 <= self.rest < self.n):
            raise ValueError(f"rest is {self.rest!r}, no component")
        if self.d >= 2 and self.n != 2:
            raise ValueError("means that span more than a line are beyond this checker")

    def _gram(self) -> dict[tuple[int, int], Ends]:
        """The ranges of <mu_i, mu_k>. Two components in R^d, mu_i = u_i e + c with e along mu_1 -
        mu_2 and c orthogonal to it: u_1 >= u_2, |c| and the weights are all that matters."""
        found = {}
        for i, k in ((0, 0), (1, 1), (0, 1)):
            low = high = Fraction(0)
            for x, y in zip(self.boxes[i], self.boxes[k], strict=True):
                ends = [p * q for p in x for q in y]
                if i == k:
                    ends = [Fraction(0)] * (x[0] <= 0 <= x[1]) + [x[0] ** 2, x[1] ** 2]
                low, high = low + min(ends), high + max(ends)
            found[i, k] = (low, high)
        most = max(high for _, high in found.values())
        self.reach = Fraction(math.isqrt(math.ceil(most * 2**40) * 2**40) + 1, 2**40)
        return found

    def _variables(self) -> list[Variable]:
        """All that vary: coordinates, |c|, all weights but the rest, parameters."""
        means = [Variable("mean", i, *x) for i, x in enumerate(self.means)]
        offset = [Variable("offset", None, Fraction(0), self.reach)] if self.turned else []
        weights = [Variable("weight", i, *x) for i, x in enumerate(self.weights) if i != self.rest]
        parameters = [Variable("parameter", k, *x) for k, x in self.parameters.items()]
        return [v for v in (*means, *offset, *weights, *parameters) if v.low < v.high]

    def _symmetries(self) -> tuple[list[list[int]], bool]:
        """Classes of components whose intervals agree; whether the box is its own mirror image."""
        known = list(zip(self.boxes, self.weights, strict=True))
        groups = [[k for k in range(self.n) if known[k] == x]
                  for i, x in enumerate(known) if known.index(x) == i]  # fmt: skip
        mirrored = all(low == -high for row in self.boxes for low, high in row)
        return [g for g in groups if len(g) > 1], bool(self.n) and mirrored

    def rule(self, apart: Interval) -> Rule | None:
        """The first rule for means that far apart, made when it is asked for."""
        for r in self.rules:
            if of(number(r["distance"])).lo >= apart.hi:
                if r["distance"] not in self._made:
                    self._made[r["distance"]] = Rule(r)
                return self._made[r["distance"]]
        return None

    def branches(self, e: Any) -> bool:
        """Whether a tree of this proof has branches."""
        if id(e) not in self._branches:
            self._branches[id(e)] = branches(e)
        return self._branches[id(e)]


# -- One piece of a box: the ranges of the variables, of what follows from them, and trees.
MOST_PASSES = 1024


class Cell:
    """``ends`` of the variables, ``centre``, ``half``: at least the distance from there; trees as
    jets."""

    def __init__(self, proof: Proof, cell: list[tuple[int, int]]) -> None:
        self.proof = proof
        self.ends = [(v.low + (v.high - v.low) * Fraction(a, 2**k),
                      v.low + (v.high - v.low) * Fraction(a + 1, 2**k))
                     for (a, k), v in zip(cell, proof.variables, strict=True)]  # fmt: skip
        self.centre = [(a + b) / 2 for a, b in self.ends]
        self.empty = proof.rest is not None and self._inward()
        both = list(zip(self.ends, self.centre, strict=True))
        self.half = [of(max(b - c, c - a)).size() for (a, b), c in both]
        self.variables = []
        for k, ((a, b), c) in enumerate(both):
            slope: list[Part] = [UNIT if j == k else None for j in range(proof.count)]
            self.variables.append(Jet(of(c), Interval(of(a).lo, of(b).hi), slope, slope, {}))
        self.means = [self._jet("mean", i, x) for i, x in enumerate(proof.means)]
        self.weights = [self._jet("weight", i, x) for i, x in enumerate(proof.weights)]
        if proof.rest is not None:
            self.weights[proof.rest] = self._rest(proof.rest)
        self.squares = [m.square() for m in self.means]
        if proof.turned:
            self.offset = self.variables[proof.place["offset", None]].square()
            self.squares = [s + self.offset for s in self.squares]
        self.gaps = {(i, k): (self.means[i] - self.means[k]).square()
                     for i in range(proof.n) for k in range(i)}  # fmt: skip
        self.kept: dict[Any, Any] = {}
        self.choices: tuple[int, ...] = ()
        self.met: list[int] = []
        self.chosen: dict[str, Any] = {}
        self.impossible = False

    def _inward(self) -> bool:
        """Whether the rest's weight is nowhere in its interval; else the centre is moved, along
        the diagonal of the free weights, to where it is: segments from there stay in the convex
        part of the piece where it is."""
        p, free = self.proof, self.proof.free
        fixed, (low, high) = self._fixed(), p.weights[p.rest or 0]
        most = fixed - sum(self.ends[k][0] for k in free)
        least = fixed - sum(self.ends[k][1] for k in free)
        if most < low or least > high:
            return True
        if free and not low <= fixed - sum(self.centre[k] for k in free) <= high:
            wanted = (max(low, least) + min(high, most)) / 2
            for k in free:
                a, b = self.ends[k]
                self.centre[k] = a + (b - a) * (most - wanted) / (most - least)
        return False

    def _fixed(self) -> Fraction:
        """1 minus the weights that are numbers."""
        numbers = [w[0] for i, w in enumerate(self.proof.weights)
                   if i != self.proof.rest and w[0] == w[1]]  # fmt: skip
        return 1 - sum(numbers, Fraction(0))

    def _rest(self, rest: int) -> Jet:
        p, n = self.proof, self.proof.count
        jets = [constant(of(self._fixed()), n)] + [-self.variables[k] for k in p.free]
        w, (low, high) = reduce(add, jets), p.weights[rest]
        return Jet(w.at, w.over.meet(Interval(of(low).lo, of(high).hi)), w.slope, w.slopes, {})

    def number(self, x: Fraction | int) -> Jet:
        return constant(of(x), self.proof.count)

    def _jet(self, kind: str, key: Any, x: Ends) -> Jet:
        k = self.proof.place.get((kind, key))
        return self.number(x[0]) if k is None else self.variables[k]

    # -- branches --------------------------------------------------------------------------------
    def passes(self) -> Iterator[None]:
        """Every choice of an argument of each max, min and | |; ``impossible`` where another is
        certainly larger. At a point of the piece, the true choices are among those possible."""
        waiting: list[tuple[int, ...]] = [()]
        for _ in range(MOST_PASSES):
            self.choices, self.met, self.impossible = waiting.pop(), [], False
            self.chosen = {}
            yield
            taken = [*self.choices, *[0] * (len(self.met) - len(self.choices))]
            for k in range(len(self.choices), len(taken)):
                waiting += [(*taken[:k], other) for other in range(1, self.met[k])]
            if not waiting:
                return
        raise ValueError(f"the statement has more than {MOST_PASSES} branches")

    def larger(self, ranges: list[Interval]) -> int:
        """The argument of this pass."""
        if len(ranges) == 1:
            return 0
        k = self.choices[len(self.met)] if len(self.met) < len(self.choices) else 0
        self.met.append(len(ranges))
        self.impossible = self.impossible or any(r.above(ranges[k]) for r in ranges)
        return k

    def largest(self, jets: list[Jet]) -> Jet:
        return jets[self.larger([x.all for x in jets])]

    def widest(self, name: str) -> int:
        """Which square is the largest, |mu_i|^2 or |mu_i - mu_k|^2; one choice a pass."""
        if name not in self.chosen:
            squares = self.squares if name == "mu_max" else list(self.gaps.values())
            self.chosen[name] = self.larger([s.all for s in squares])
        return int(self.chosen[name])

    def root(self, square: Jet, row: Jet) -> Jet:
        """|x| by the sign of x, on a line; or the root of a square."""
        return square.sqrt() if self.proof.turned else self.largest([row, -row])

    # -- symbols ---------------------------------------------------------------------------------
    def symbol(self, name: str) -> Any:
        p, w, gaps, squares = self.proof, self.weights, list(self.gaps.values()), self.squares
        if name in ("n", "d"):
            return self.number(p.n if name == "n" else p.d)
        if name == "pi":
            return w
        if name in ("pi_max", "pi_min"):
            return self.largest(w) if name == "pi_max" else -self.largest([-x for x in w])
        if name == "norms":
            return [self.root(s, m) for s, m in zip(squares, self.means, strict=True)]
        if name == "mu_max":
            k = self.widest(name)
            return self.root(squares[k], self.means[k])
        if name == "diameter" and gaps:
            i, k = list(self.gaps)[self.widest(name)]
            return self.root(self.gaps[i, k], self.means[i] - self.means[k])
        if name == "U":
            return reduce(add, squares)
        if name == "Y":
            return reduce(add, [x * s for x, s in zip(w, squares, strict=True)])
        if name == "S" and gaps:
            spread = [w[i] * w[k] * g for (i, k), g in self.gaps.items()]
            return self.number(2) * reduce(add, spread)
        if name in ("diameter", "S"):
            return self.number(0)
        found = self.expectation(name)
        if p.turned:
            found = (
                found + self.number(1 if name == "mean_square" else Fraction(1, 2)) * self.offset
            )
        return found

    def square_of(self, e: Tree) -> Jet | None:
        """The square of a symbol that is a root, without the root; None for other trees."""
        if e[0] != "symbol" or e[2] not in ("mu_max", "diameter") or not self.gaps:
            return None
        return (self.squares if e[2] == "mu_max" else list(self.gaps.values()))[self.widest(e[2])]

    def expectation(self, name: str) -> Jet:
        """The jet of the finite sum: its second derivatives carry value and gradient over the
        piece; and what it misses."""
        p, n = self.proof, self.proof.count
        over = [m.over for m in self.means]
        apart = Interval(0, max(m.hi for m in over) - min(m.lo for m in over))
        rule = p.rule(apart)
        if rule is None:
            return unknown(n)
        at = self._sums(
            name, rule, False, [m.at for m in self.means], [w.at for w in self.weights]
        )
        whole = self._sums(name, rule, True, over, [w.over for w in self.weights])
        places = [p.place["mean", i] for i in p.moving] + p.free
        bend = {(places[a], places[b]): x for (a, b), x in whole[2].items()}
        slope: list[Part] = [None] * n
        slopes: list[Part] = [None] * n
        range_ = at[0]
        for k, x in zip(places, at[1], strict=True):
            moved = [bend[min(k, j), max(k, j)] * self.half[j].both() for j in places]
            over_it = x + total(moved)
            slope[k], slopes[k] = x, over_it
            range_ = range_ + over_it * self.half[k].both()
        square = Interval(0, max(m.square().hi for m in over))
        missed = rule.missed(name, apart, square)
        bends: dict[tuple[int, int], Part] = {**bend}
        range_ = range_.meet(whole[0])
        positive = Interval(0, 1 << (P + LARGEST))  # what it stands for is >= 0
        if range_.lo is None or range_.hi > positive.hi:
            return unknown(n)
        range_ = Interval(max(range_.lo, -missed.size().hi), range_.hi)
        return Jet(at[0], range_, slope, slopes, bends, missed.size(), positive)

    def _sums(
        self, name: str, rule: Any, second: bool, means: list[Interval], weights: list[Interval]
    ) -> Terms:
        p = self.proof
        if ("nodes", second) not in self.kept:
            self.kept["nodes", second] = nodes_of(rule, means, weights, p.along)
        nodes: list[Node] = self.kept["nodes", second]
        if name == "L":
            return summed([(v.weight, loss_terms(v, p.moving, p.along, second)) for v in nodes])
        return summed(
            [(v.weight, square_terms(v, means, p.moving, p.along, second)) for v in nodes]
        )

    # -- trees -----------------------------------------------------------------------------------
    def value(self, e: Tree) -> Any:
        """A tree's jet, or a list of jets, one a component; one with branches is kept for a pass:
        equal trees have one choice."""
        if self.proof.branches(e):
            text = json.dumps(e)
            if text not in self.chosen:
                self.chosen[text] = self._value(e)
            return self.chosen[text]
        key = e[2] if e[0] == "symbol" else id(e)
        if key not in self.kept:
            self.kept[key] = self._value(e)
        return self.kept[key]

    def entries(self, e: Tree) -> list[Jet]:
        found = self.value(e)
        return found if isinstance(found, list) else [found]

    def _value(self, e: Tree) -> Any:
        op, *a = e
        if op == "num":
            return self.number(number(a[0]))
        if op in ("real", "integer"):
            return self._jet("parameter", a[0], self.proof.parameters[a[0]])
        if op == "symbol":
            return self.symbol(a[1])
        if op in REDUCED:
            inner = self.entries(a[1])
            if op == "total":
                return reduce(add, inner)
            return self.largest(inner) if op == "largest" else -self.largest([-x for x in inner])
        if op == "sqrt":
            return self.square_root(a[0])
        if op == "^":
            return self.power(a[0], a[1])
        return each(OPERATIONS[op], self, *map(self.value, a))

    def square_root(self, e: Tree) -> Any:
        """Unknown where a root of a negative number may be taken."""
        form = e
        while form[0] in REDUCED:
            form = form[2]
        fine = nonnegative(form)
        return each(
            lambda x: x.sqrt() if fine or (x.all.lo or -1) >= 0 else unknown(self.proof.count),
            self.value(e),
        )

    def power(self, base: Tree, exponent: Tree) -> Any:
        k = exact(exponent, self.proof.known)
        if k is None or k.denominator > 2:
            return each(lambda x, y: (x.log() * y).exp(), self.value(base), self.value(exponent))
        if k.denominator == 2:
            top = k.numerator
            return each(lambda x: x.power(top), self.square_root(base))
        square = self.square_of(base) if k > 0 and k % 2 == 0 else None
        if square is not None:
            return square.power(int(k) // 2)
        return each(lambda x: x.power(int(k)), self.value(base))


def each(f: Callable[..., Any], *values: Any) -> Any:
    """f, entry by entry where there are any; the cell itself is no list."""
    lists = [v for v in values if isinstance(v, list)]
    if not lists:
        return f(*values)
    count = len(lists[0])
    return [f(*(v[k] if isinstance(v, list) else v for v in values)) for k in range(count)]


OPERATIONS: dict[str, Callable[..., Jet]] = {
    "+": lambda cell, x, y: x + y,
    "-": lambda cell, x, y: x - y,
    "*": lambda cell, x, y: x * y,
    "/": lambda cell, x, y: x * y.inverse(),
    "neg": lambda cell, x: -x,
    "exp": lambda cell, x: x.exp(),
    "log": lambda cell, x: x.log(),
    "abs": lambda cell, x: cell.largest([x, -x]),
    "max": lambda cell, x, y: cell.largest([x, y]),
    "min": lambda cell, x, y: -cell.largest([-x, -y]),
}


# -- The reasons why a piece counts.
Dual = tuple[list[int], list[list[int]], int]
"""y 2^6; the rows of B 2^(11 - e), upper triangular; e."""


class Piece(Cell):
    """A cell of the box with what is shown of it."""

    def is_outside(self) -> bool:
        """A condition is false on all of the piece, or no (turned) point of the box is in it."""
        p, u = self.proof, [m.over for m in self.means]
        if self.empty:
            return True
        for (i, k), (low, high) in p.gram.items():
            found = self.offset.over + (u[i].square() if i == k else u[0] * u[1])
            if of(low).above(found) or found.above(of(high)):
                return True
        if p.turned and u[1].above(u[0]):
            return True
        return any(all(self.is_false(w) for _ in self.passes()) for w in p.when)

    def is_false(self, w: Tree) -> bool:
        less, more = w[1:] if w[0] in ("<", "<=") else w[:0:-1]
        found = each(lambda x, y: x.all.above(y.all), self.value(less), self.value(more))
        return self.impossible or bool(any(found) if isinstance(found, list) else found)

    def is_mirrored(self) -> bool:
        """Components whose intervals agree: the largest norm first, the others in falling order; a
        box that is its own mirror image: the first coordinate of the first is >= 0."""
        p, m = self.proof, [x.over for x in self.means]
        squares = [x.square() for x in m]
        for first, *others in p.like:
            if any(squares[i].above(squares[first]) for i in others):
                return True
            if any(m[k].above(m[i]) for i, k in pairwise(others)):
                return True
        return p.mirrored and not p.turned and ZERO.above(m[p.like[0][0] if p.like else 0])

    def by_lemma(self) -> bool:
        """L <= E|psi~|^2 / (2 (1 - D^2/4)), D = max |mu_i - mu_k| < 2 (Bakry and Emery: the
        Hessian of -log p_mu is I - Cov_psi mu >= 1 - D^2/4), for a margin a L + b E|psi~|^2 + c
        with a <= 0: it is at least (b + a/(2 (1 - D^2/4))) E|psi~|^2 + c."""
        p = self.proof
        if p.linear is None or "L" not in p.linear or not self.gaps:
            return False
        widest = max(g.over.hi for g in self.gaps.values())
        room = TWO * (UNIT - Interval(0, widest) * of(Fraction(1, 4)))
        if room.lo <= 0:
            return False
        factor = room.inverse().size()
        for _ in self.passes():
            found = [self.entries(p.linear.get(k, NOTHING)) for k in ("L", "mean_square", "")]
            if self.impossible:
                continue
            if any(len(x) != 1 or x[0].all.lo is None for x in found):
                return False
            a, b, c = (x[0].all for x in found)
            enough = b + Interval(a.lo, a.lo) * factor
            if a.hi > 0 or enough.lo < 0 or c.lo < 0 or (p.strict and c.lo == 0):
                return False
        return True

    def by_forms(self, duals: list[Dual]) -> bool:
        """The margin is > 0 (>= 0 by its range, where equality is allowed): its range, its
        mean value form, or its second order form with one of ``duals``."""
        for _ in self.passes():
            for f in self.entries(self.proof.margin):
                if not (
                    self.impossible or self.first(f) or any(self.second(f, *d) for d in duals)
                ):
                    return False
        return True

    def first(self, f: Jet) -> bool:
        both = zip(f.slopes, self.half, strict=True)
        spread = total([s.size() * h for s, h in both if s is not None])
        tied = not self.proof.strict and f.all.lo is not None and f.all.lo >= 0
        return tied or f.all.above(ZERO) or (f.at - spread - f.err).above(ZERO)

    def second(self, f: Jet, y: list[int], factor: list[list[int]], exponent: int) -> bool:
        """f(c) + g s + s H s / 2 over s in [-1, 1]^K (scaled), H = Q + N, Q = B^T B: at least
        f(c) - y Q y / 2 - sum |g_i + (Q y)_i| - sum max(0, -N_ii) / 2 - sum_(i<k) |N_ik|."""
        n, loss = range(self.proof.count), ZERO
        half = [Interval(h.hi, h.hi) for h in self.half]
        scale = Fraction(4) ** (exponent - 11)
        q = [[of(sum(row[i] * row[k] for row in factor) * scale) for k in n] for i in n]
        point = [of(Fraction(v, 64)) for v in y]
        qy = [total([q[i][k] * point[k] for k in n]) for i in n]
        for i in n:
            slope = f.slope[i]
            g = qy[i] if slope is None else slope * half[i] + qy[i]
            loss = loss + g.size() + HALF * point[i] * qy[i]
            for k in n[i:]:
                h = (f.bend.get((i, k)) or ZERO) * (half[i] * half[k]) - q[i][k]
                if h.lo is None:
                    return False
                loss = loss + (Interval(0, max(-h.lo, 0)) * HALF if i == k else h.size())
        return (f.at - loss - f.err).above(ZERO)


# -- the certificate
MOST_BYTES = 1 << 28
"""Of dual points: 10^6 leaves have fewer."""


def leaves(text: str, dimension: int) -> Iterator[list[tuple[int, int]]]:
    """The pieces that the bits describe: 0 a leaf, 1 and an axis a split in halves; all of the
    box. [a/2^k, (a + 1)/2^k] an axis."""
    bits = "".join(f"{b:08b}" for b in base64.b64decode(text, validate=True))
    width, place = max(dimension - 1, 0).bit_length(), 0
    stack = [[(0, 0)] * dimension]
    while stack:
        cell = stack.pop()
        place += 1
        if bits[place - 1] == "0":
            yield cell
            continue
        axis, place = int("0" + bits[place : place + width], 2), place + width
        a, k = cell[axis]
        stack += [[*cell[:axis], (b, k + 1), *cell[axis + 1 :]] for b in (2 * a + 1, 2 * a)]
    if len(bits) - place >= 8 or "1" in bits[place:]:
        raise ValueError("something follows the tree")


def dual_points(data: dict[str, Any], count: int) -> list[list[Dual]]:
    """For each leaf of second order its dual points: a byte says how many; y, B by rows, an
    exponent."""
    stream, place, out = zlib.decompressobj(), 0, []
    raw = stream.decompress(base64.b64decode(data["duals"], validate=True), MOST_BYTES)

    def signed(size: int) -> int:
        nonlocal place
        place += size
        return int.from_bytes(raw[place - size : place], "little", signed=True)

    for letter in data["leaves"]:
        found: list[Dual] = []
        for _ in range(signed(1) % 256 if letter == "s" else 0):
            y, factor = [signed(1) for _ in range(count)], [[0] * count for _ in range(count)]
            for i, k in pairs(count):
                factor[i][k] = signed(2)
            found.append((y, factor, signed(1)))
        out.append(found)
    if place != len(raw) or not stream.eof:
        raise ValueError("the dual points are not those of the leaves")
    return out


def digest_of(data: dict[str, Any]) -> str:
    """SHA-256 of all but the digest, keys sorted, no spaces."""
    rest = {k: x for k, x in data.items() if k != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check(
    data: dict[str, Any], sample: int | None = None, seed: int = 0,
    only: tuple[int, int] = (0, 1),
) -> list[str]:  # fmt: skip
    """What is wrong: nothing where the proof, or a random sample of its leaves, stands; ``only``
    the k-th of so many shares."""
    if digest_of(data) != data["digest"]:
        return ["the digest is not that of the content"]
    proof = Proof(data)
    cells, reasons = list(leaves(data["splits"], proof.count)), data["leaves"]
    if len(cells) != len(reasons):
        return [f"{len(cells)} pieces have {len(reasons)} reasons"]
    hints = dual_points(data, proof.count)
    chosen = list(range(len(cells)))
    if sample is not None:
        if sample < 1:
            raise ValueError(f"a sample of {sample} leaves shows nothing")
        chosen = random.Random(seed).sample(chosen, min(sample, len(chosen)))
    wrong = []
    for k in chosen[only[0] :: only[1]]:
        piece = Piece(proof, cells[k])
        shown: dict[str, Callable[[], bool]] = {
            "o": piece.is_outside, "m": piece.is_mirrored, "l": piece.by_lemma,
        }  # fmt: skip
        if not (shown[reasons[k]]() if reasons[k] in shown else piece.by_forms(hints[k])):
            ends = ", ".join(f"[{a}, {b}]" for a, b in piece.ends)
            wrong.append(f"piece {k} ({reasons[k]}) is not shown: {ends}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a certificate of a proof over a box.")
    parser.add_argument("file")
    parser.add_argument("--sample", type=int, help="so many leaves at random, not all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    try:
        with open(options.file, encoding="utf-8") as f:
            data = json.load(f)
        wrong = check(data, options.sample, options.seed)
        leaves = len(data["leaves"])
        checked = leaves if options.sample is None else min(options.sample, leaves)
        instead = data["tree"]["decided_by"] and ", by what it is decided by"
        told = f"{checked} of {leaves} leaves shown: {data['statement']}{instead or ''}"
    except (
        ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RecursionError,
        TypeError, ValueError, zlib.error,
    ) as error:  # fmt: skip
        text = " ".join(str(error).split())[:300]
        sys.stderr.write(f"{options.file}: no proof: {type(error).__name__}: {text}\n")
        return 2
    sys.stdout.write("\n".join(wrong[:20] or [told]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
