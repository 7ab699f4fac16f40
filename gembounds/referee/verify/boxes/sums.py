"""The trapezoidal rule for E f(x), x ~ N(0, 1): what it misses, and its sums on a piece."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from gembounds.referee.verify.boxes.jets import pairs, total
from gembounds.referee.verify.boxes.numbers import (
    DENSITY,
    HALF,
    ONE,
    PI,
    TWO,
    UNIT,
    WHOLE,
    ZERO,
    Interval,
    P,
    number,
    of,
)

MOST_NODES = 5000


class Rule:
    """Nodes k h, |k| <= count, for means at most ``distance`` apart, and what their sum misses.

    psi_i psi_k phi is analytic in the strip |Im x| <= a, and there at most e^(a^2/2)/cos^2(a D/2)
    times itself on the line, if a D < pi: so the infinite sum errs by at most rho times the
    integral (Trefethen and Weideman, SIAM Review 56 (2014), Theorem 5.1). ``mass`` bounds the sum
    of phi's values (Poisson), ``tail`` that beyond the last node (Mills; phi falls, and x phi
    beyond 1). For L, log S' with S' = sum_i pi_i exp(x (mu_i - c) - mu_i^2/2), c the middle of the
    means, is between -|x| D/2 - M^2/2 and |x| D/2, in the strip at most ``strip`` larger in size;
    the rest of log S, x c, is odd. Where means may be 0, L and its sum vanish there with their
    derivatives, and the second ones of log S along v, |v_i| <= M, are sum psi_i (z_i v_i)^2 -
    (sum psi_i z_i v_i)^2 - sum psi_i v_i^2, z_i = x - mu_i: in the strip at most (2 (|x| + M)^2 +
    2 a^2 + 1) M^2/cos^2(a D/2), and (|x| + M)^2 <= 2 x^2 + 2 M^2.

    psi_i ([i = k] z psi~ + psi_k (1 + z (mu_k - 2 psi~))), z = x - mu_k, is at most 1 + 4 M |z|;
    in the strip psi_i is at most kappa = 1/cos(a D/2) times itself on the line, |psi~| <= kappa M
    and |z| <= |x| + M + a: at most kappa^2 exp(a^2/2) (1 + 2 (1 + kappa) M (|x| + M + a)) phi."""

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
        self.halfwidth, self.secant = of(a), cosine.inverse().size()
        growth = TWO * PI * of(a / h)  # rho is tiny: one exponential, not a quotient of two
        most = cosine.square() * (UNIT - (-growth).exp())
        self.rho = TWO * (of(a * a / 2) - growth).exp() * most.inverse()
        poisson = of(min(19 / (h * h), Fraction(700))).exp() - UNIT  # 19 < 2 pi^2
        self.mass = UNIT + TWO * poisson.inverse()
        self.density = DENSITY * (-(radius.square() * HALF)).exp()
        self.tail = TWO * self.density * radius.inverse() * self.mass
        self.squares = TWO * self.density * (radius + radius.inverse()) * self.mass
        self.strip, self.width = theta - cosine.log(), of(a * a)

    def missed(self, name: str, distance: Interval, square: Interval, flat: bool) -> Interval:
        """At least |E - sum|: means at most ``distance`` apart, mu_i^2 <= ``square``; ``flat``:
        that falls at least as the square, if all means may be 0."""
        if name == "mean_square":
            return (self.rho + self.tail) * square
        if flat:
            inside = self.rho * (TWO + HALF + TWO * square + self.width)
            return square * (inside + TWO * self.squares + (TWO * square + HALF) * self.tail)
        half, rest = distance * HALF, square * HALF
        inside = self.mass * half + rest + self.strip
        return self.rho * inside + TWO * self.density * self.mass * half + self.tail * rest

    def missed_slope(self, largest: Interval) -> Interval:
        """At least |E - sum| of a derivative of E[psi_i psi~] along a mean, |mu_i| <= M."""
        most, twice = largest.size(), TWO * TWO * largest.size()
        inside = UNIT + TWO * (UNIT + self.secant) * most * (UNIT + most + self.halfwidth)
        outside = self.tail * (UNIT + twice * most) + twice * TWO * self.density * self.mass
        return (self.rho * inside + outside).size()


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
