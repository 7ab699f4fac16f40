"""One piece of a box: the ranges of the variables, of what follows from them, and trees."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

from gembounds.referee.verify.boxes.choices import Choices
from gembounds.referee.verify.boxes.displaced import Scaled, Way
from gembounds.referee.verify.boxes.jets import Bends, Jet, Part, constant, total, unknown
from gembounds.referee.verify.boxes.numbers import LARGEST, UNIT, Interval, P, number, of
from gembounds.referee.verify.boxes.problem import Ends, Proof
from gembounds.referee.verify.boxes.sums import (
    Node,
    Terms,
    loss_terms,
    nodes_of,
    square_terms,
    summed,
)
from gembounds.referee.verify.boxes.trees import REDUCED, STEPS, Tree, exact, nonnegative


class Cell(Choices):
    """``ends`` of the variables, ``centre``, ``half``: at least the distance from there; trees as
    jets."""

    def __init__(self, proof: Proof, cell: list[tuple[int, int]]) -> None:
        super().__init__()
        self.proof = proof
        self.ends = [(v.low + (v.high - v.low) * Fraction(a, 2**k),
                      v.low + (v.high - v.low) * Fraction(a + 1, 2**k))
                     for (a, k), v in zip(cell, proof.variables, strict=True)]  # fmt: skip
        self.centre = [(a + b) / 2 for a, b in self.ends]
        self.empty = proof.rest is not None and self._inward()
        k, moved = proof.place.get(("face", None)), proof.displaced
        self.face: int | None = 0
        if k is not None and moved is not None:
            self.face = moved.face_of(*self.ends[k])
        second = moved is None  # whether second derivatives are worth while
        both = list(zip(self.ends, self.centre, strict=True))
        self.half = [of(max(b - c, c - a)).size() for (a, b), c in both]
        self.variables = []
        for k, ((a, b), c) in enumerate(both):
            slope: list[Part] = [UNIT if j == k else None for j in range(proof.count)]
            bend: Bends = {} if second else None
            self.variables.append(Jet(of(c), Interval(of(a).lo, of(b).hi), slope, slope, bend))
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
        over = w.over.meet(Interval(of(low).lo, of(high).hi))
        return Jet(w.at, over, w.slope, w.slopes, w.bend)

    def number(self, x: Fraction | int) -> Jet:
        return constant(of(x), self.proof.count)

    def _jet(self, kind: str, key: Any, x: Ends) -> Jet:
        k = self.proof.place.get((kind, key))
        return self.number(x[0]) if k is None else self.variables[k]

    def widest(self, name: str) -> int:
        """Which square is the largest, |mu_i|^2 or |mu_i - mu_k|^2; one choice a pass."""
        if name not in self.chosen:
            squares = self.squares if name == "mu_max" else list(self.gaps.values())
            self.chosen[name] = self.larger([s.all for s in squares])
        return int(self.chosen[name])

    def root(self, square: Jet, row: Jet) -> Jet:
        """|x| by the sign of x, on a line; or the root of a square."""
        return square.sqrt() if self.proof.turned else self.size(row)

    def changes(self) -> list[Jet]:
        """|grad_i L(mu + delta) - grad_i L(mu)|; 0 where nothing moves."""
        p = self.proof
        if p.displaced is None or not p.displaced.moving:
            return [self.number(0)] * p.n
        if "changes" not in self.kept:
            way = Way(self)
            self.kept["changes"] = way.scale, way.changes() or [unknown(p.count)] * p.n
        scale, found = self.kept["changes"]
        return [Scaled(scale, 1, self.size(x)) for x in found]

    def steps(self) -> list[Jet]:
        """delta_k^2."""
        p = self.proof
        if p.displaced is None or not p.displaced.moving:
            return [self.number(0)] * p.n
        if STEPS not in self.kept:
            self.kept[STEPS] = Way(self).steps()
        found: list[Jet] = self.kept[STEPS]
        return found

    # -- symbols ---------------------------------------------------------------------------------
    def symbol(self, name: str) -> Any:
        p, w, gaps, squares = self.proof, self.weights, list(self.gaps.values()), self.squares
        if name in ("n", "d"):
            return self.number(p.n if name == "n" else p.d)
        if name == "pi":
            return w
        if name == "gradient_change":
            return self.changes()
        if name == STEPS:
            return self.steps()
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
        missed = rule.missed(name, apart, square, all(m.lo <= 0 <= m.hi for m in over))
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
        if op == "at_k":
            return self.value(a[0])
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

        def root(x: Jet) -> Jet:
            if isinstance(x, Scaled) and x.degree % 2 == 0:
                return x.again(x.degree // 2, root(x.inner))
            if x.base is not None:  # a square's is | |, of which one is chosen in a pass
                if id(x.base) not in self.chosen:
                    self.chosen[id(x.base)] = self.size(x.base), x.base
                found: Jet = self.chosen[id(x.base)][0]
                return found
            return x.sqrt() if fine or (x.all.lo or -1) >= 0 else unknown(self.proof.count)

        return each(root, self.value(e))

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
