"""A displacement of means on the line, delta = s v, max |v_k| = 1, and what vanishes with s.

Of the numbers delta_k that are not 0 all over the box, a *face* makes one 1 or -1 times the
*scale* s; the others are s times *directions* in [-1, 1]."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from gembounds.referee.verify.boxes.gradients import Terms
from gembounds.referee.verify.boxes.jets import Jet, Part, constant, total
from gembounds.referee.verify.boxes.numbers import HALF, TWO, ZERO, Interval, of
from gembounds.referee.verify.boxes.sums import nodes_of

Ends = tuple[Fraction, Fraction]


class Displaced:
    """``ends`` of delta_k, one a component. The unit interval of the face is cut into ``parts``:
    for each component that moves, 1 if it can be > 0, then -1 if it can be < 0."""

    def __init__(self, ends: list[Ends]) -> None:
        self.ends = ends
        self.moving = [k for k, (low, high) in enumerate(ends) if low < 0 or high > 0]
        self.faces = [
            (k, sign)
            for k in self.moving
            for sign in (1, -1)
            if (ends[k][1] > 0 if sign > 0 else ends[k][0] < 0)
        ]
        self.parts = 1
        while self.parts < len(self.faces):
            self.parts *= 2

    def variables(self) -> list[tuple[str, Any, Fraction, Fraction]]:
        """Kind, key, ends: the face where there are several, the scale, the directions."""
        if not self.moving:
            return []
        reach = max(max(-low, high) for low, high in self.ends)
        one, zero = Fraction(1), Fraction(0)
        face: list[Any] = [("face", None, zero, one)] if self.parts > 1 else []
        directions = [("direction", m, -one, one) for m in range(len(self.moving) - 1)]
        return [*face, ("scale", None, zero, reach), *directions]

    def face_of(self, low: Fraction, high: Fraction) -> int | None:
        """The number of the face of a part of the unit interval; None where it has several."""
        first = min(math.floor(low * self.parts), self.parts - 1)
        return first if high * self.parts <= first + 1 else None

    def directions(self, face: int) -> dict[int, int]:
        """By component, the number of its direction."""
        return {k: m for m, k in enumerate(k for k in self.moving if k != self.faces[face][0])}


class Scaled(Jet):
    """s^degree g: products add degrees, sums take the least; asked for a part, multiplied out."""

    def __init__(self, scale: Jet, degree: int, inner: Jet) -> None:
        self.scale, self.degree, self.inner = scale, degree, inner

    def __getattr__(self, name: str) -> Any:
        parts = ("at", "over", "slope", "slopes", "bend", "err", "known")
        if name not in parts:
            raise AttributeError(name)
        found = self.lowered(0)
        for part in parts:
            setattr(self, part, getattr(found, part))
        return getattr(self, name)

    def lowered(self, degree: int) -> Jet:
        """What it is s^degree times."""
        more = self.degree - degree
        return self.inner * self.scale.power(more) if more else self.inner

    def again(self, degree: int, inner: Jet) -> Jet:
        return Scaled(self.scale, degree, inner) if degree else inner

    def __neg__(self) -> Jet:
        return self.again(self.degree, -self.inner)

    def __add__(self, g: Jet) -> Jet:
        p = min(self.degree, g.degree)
        return self.again(p, self.lowered(p) + (g.lowered(p) if isinstance(g, Scaled) else g))

    def __mul__(self, g: Jet) -> Jet:
        if g is self:
            return self.square()
        inner = g.inner if isinstance(g, Scaled) else g
        return self.again(self.degree + g.degree, self.inner * inner)

    def square(self) -> Jet:
        return self.again(2 * self.degree, self.inner.square())

    def power(self, k: int) -> Jet:
        return super().power(k) if k < 1 else self.again(k * self.degree, self.inner.power(k))


class Way:
    """From mu to mu + s v over a piece, ``cell``: v_k over it and at its centre."""

    def __init__(self, cell: Any) -> None:
        p = cell.proof
        self.cell, self.moved = cell, p.displaced
        k, sign = self.moved.faces[cell.face]
        self.directions = self.moved.directions(cell.face)
        places = {k: p.place["direction", m] for k, m in self.directions.items()}
        one = of(sign)
        self.v = {k: one} | {j: cell.variables[m].over for j, m in places.items()}
        self.v_at = {k: one} | {j: cell.variables[m].at for j, m in places.items()}
        self.jets = {k: constant(one, p.count)} | {j: cell.variables[m] for j, m in places.items()}
        self.scale = cell.variables[p.place["scale", None]]

    def steps(self) -> list[Jet]:
        """delta_k^2 = (s v_k)^2."""
        p = self.cell.proof
        jets = [self.jets.get(k, constant(ZERO, p.count)) for k in range(p.n)]
        return [Scaled(self.scale, 1, v).square() for v in jets]

    def is_astray(self) -> bool:
        """Whether some s v_k is nowhere in its interval."""
        for k, v in self.v.items():
            low, high = self.moved.ends[k]
            there = self.scale.over * v
            if of(low).above(there) or there.above(of(high)):
                return True
        return False

    def changes(self) -> list[Jet] | None:
        """R_i = (T_i(mu + s v) - T_i(mu))/s, T_i the sum for E[psi_i psi~]: its value at the
        centre, and by ranges of T's derivatives along the way those of R_i over the piece,

            int_0^1 sum_k v_k D_kq dt, D_k T_i(mu + s v), int_0^1 t sum_kq v_k v_q D_kq dt

        along mu_q (or a weight), v_k and s. What it misses is an average of sum_k v_k times what
        D_k misses."""
        cell, p = self.cell, self.cell.proof
        n = p.n
        at = [m.at for m in cell.means]
        there = [x + self.scale.at * self.v_at.get(k, ZERO) for k, x in enumerate(at)]
        way = Interval(0, self.scale.over.hi)
        over = [m.over + way * self.v.get(k, ZERO) for k, m in enumerate(cell.means)]
        apart = Interval(0, max(m.hi for m in over) - min(m.lo for m in over))
        rule = p.rule(apart)
        if rule is None:
            return None
        weights, whole = [w.at for w in cell.weights], [w.over for w in cell.weights]
        first = self._terms(rule, at, weights)
        last = self._terms(rule, there, weights)
        region = self._terms(rule, over, whole)
        missed = total(
            [rule.missed_slope(Interval(0, max(m.size().hi for m in over)))] * len(self.v)
        )
        out = []
        for i in range(n):
            before, after = (total([w * t.value(i) for w, t in x]) for x in (first, last))
            ends = {k: total([w * t.slope(i, k) for w, t in region]) for k in self.v}
            bends = {
                (k, q): total([w * t.bend(i, k, q) for w, t in region])
                for k in range(n)
                for q in range(k, n + len(p.free))
                if k in self.v or q in self.v
            }
            slopes: list[Part] = [None] * p.count

            def along(q: int, bends: Any = bends) -> Interval:
                return total([v * bends[min(k, q), max(k, q)] for k, v in self.v.items()])

            for k in p.moving:
                slopes[p.place["mean", k]] = along(k)
            for u, place in enumerate(p.free):
                slopes[place] = along(n + u)
            both = [
                bends[k, q] * (v.square() if k == q else TWO * v * w)
                for k, v in self.v.items()
                for q, w in self.v.items()
                if k <= q
            ]
            slopes[p.place["scale", None]] = HALF * total(both)
            for k, m in self.directions.items():
                slopes[p.place["direction", m]] = ends[k]
            start = (after - before) * self.scale.at.inverse()
            moves = [s * h.both() for s, h in zip(slopes, cell.half, strict=True) if s is not None]
            direct = total([v * ends[k] for k, v in self.v.items()])
            reach = (start + total(moves)).meet(direct)
            out.append(Jet(start, reach, slopes, slopes, None, missed))
        return out

    def _terms(self, rule: Any, means: list[Interval], weights: list[Interval]) -> Any:
        along = self.cell.proof.along
        nodes = nodes_of(rule, means, weights, along)
        return [(v.weight, Terms(v, means, along)) for v in nodes]
