"""The reasons why a piece counts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

from gembounds.referee.verify.boxes.cell import Cell, each
from gembounds.referee.verify.boxes.displaced import Scaled, Way
from gembounds.referee.verify.boxes.jets import Jet, total
from gembounds.referee.verify.boxes.numbers import HALF, TWO, UNIT, ZERO, Interval, of
from gembounds.referee.verify.boxes.trees import NOTHING, Tree, order

Dual = tuple[list[int], list[list[int]], int]
"""y 2^6; the rows of B 2^(11 - e), upper triangular; e."""


SHARES = 8
"""An entry of a matrix is shared out in so many parts."""


class Piece(Cell):
    """A cell of the box with what is shown of it."""

    def is_outside(self) -> bool:
        """A condition is false on all of the piece, or no (turned) point of the box is in it."""
        p, u = self.proof, [m.over for m in self.means]
        if self.empty:
            return True
        if p.displaced is not None and p.displaced.moving:
            if self.face is None:
                return False
            if self.face >= len(p.displaced.faces) or Way(self).is_astray():
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
        return bool(any(found) if isinstance(found, list) else found)

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
        if self.face is None:
            return False
        for _ in self.passes():
            for f in self.entries(self.proof.margin):
                if isinstance(f, Scaled) and not self.proof.strict:
                    f = f.inner  # s^p f >= 0 where f is
                if not (self.first(f) or any(self.second(f, *d) for d in duals)):
                    return False
        return True

    def at_origin(self) -> bool:
        """The margin vanishes with its gradient where all means do, which the piece
        contains: at means mu it is mu A mu / 2, A second derivatives at some point of the
        piece. What the sums miss of it is at most ``err``; at means mu, |mu|^2 / max
        |mu_i|^2 times that, offsets left out."""
        p = self.proof
        places = [k for k, v in enumerate(p.variables) if v.kind in ("mean", "offset")]
        fixed = [low for low, high in p.means if low == high]
        if p.strict or order(p.margin) < 2 or not places or any(fixed):
            return False
        if not all(self.ends[k][0] <= 0 <= self.ends[k][1] for k in places):
            return False
        return all(
            self.first(f) or self.is_convex(f, places)
            for _ in self.passes() for f in self.entries(p.margin)
        )  # fmt: skip

    def is_convex(self, f: Jet, places: list[int]) -> bool:
        """mu A mu >= 0 on the piece for all A in their range: positive pivots, once mu_p mu_q of
        one sign and shares of |mu_i|^2 - |mu_k|^2, mu_max = |mu_i|, are taken away. A mean that is
        0 has the largest norm where all are 0."""
        means = [k for k in places if self.proof.variables[k].kind == "mean"]
        reach = of(max(x * x for k in means for x in self.ends[k])).lo
        if f.bend is None:
            return False
        missed, matrix = TWO * f.err * Interval(reach, reach).inverse(), {}
        for a, p in enumerate(places):
            for b, q in enumerate(places[a:], a):
                matrix[a, b] = (f.bend.get((p, q)) or ZERO) - (missed if a == b else ZERO)
        if any(x.lo is None for x in matrix.values()):
            return False
        owner = [self.proof.variables[k].key for k in places]
        if "mu_max" not in self.chosen:
            return self.is_definite(matrix, places)
        if self.chosen["mu_max"] not in owner:
            return True
        own = owner.index(self.chosen["mu_max"])
        others = [k for k, i in enumerate(owner) if i is not None and k != own]
        for shares in product(range(SHARES), repeat=len(others)):
            if sum(shares) < SHARES:
                less = dict(matrix)
                for k, share in zip(others, shares, strict=True):
                    part = matrix[own, own] * of(Fraction(share, SHARES))
                    part = Interval(part.lo, part.lo)
                    less[k, k], less[own, own] = less[k, k] + part, less[own, own] - part
                if self.is_definite(less, places):
                    return True
        return False

    def is_definite(self, m: dict[tuple[int, int], Interval], places: list[int]) -> bool:
        """Positive pivots, entries with mu_p mu_q >= 0 dropped; ``m`` is used up."""
        sign = [(self.ends[k][0] >= 0) - (self.ends[k][1] <= 0) for k in places]
        n = range(len(places))
        for (a, b), x in m.items():
            if a != b and sign[a] * sign[b] > 0:
                m[a, b] = Interval(min(x.lo, 0), min(x.hi, 0))
            elif a != b and sign[a] * sign[b] < 0:
                m[a, b] = Interval(max(x.lo, 0), max(x.hi, 0))
        for a in n:
            if not m[a, a].above(ZERO):
                return False
            inverse = m[a, a].inverse()
            for b in n[a + 1 :]:
                for c in n[b:]:
                    both = m[a, b].square() if b == c else m[a, b] * m[a, c]
                    m[b, c] = m[b, c] - both * inverse
        return True

    def first(self, f: Jet) -> bool:
        both = zip(f.slopes, self.half, strict=True)
        spread = total([s.size() * h for s, h in both if s is not None])
        tied = not self.proof.strict and f.all.lo is not None and f.all.lo >= 0
        return tied or f.all.above(ZERO) or (f.at - spread - f.err).above(ZERO)

    def second(self, f: Jet, y: list[int], factor: list[list[int]], exponent: int) -> bool:
        """f(c) + g s + s H s / 2 over s in [-1, 1]^K (scaled), H = Q + N, Q = B^T B: at least
        f(c) - y Q y / 2 - sum |g_i + (Q y)_i| - sum max(0, -N_ii) / 2 - sum_(i<k) |N_ik|."""
        if f.bend is None:
            return False
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
