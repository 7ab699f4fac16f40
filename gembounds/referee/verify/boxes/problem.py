"""The problem of a certificate: its variables in order, rules, symmetries, and what is to show."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

from gembounds.referee.verify.boxes.displaced import Displaced
from gembounds.referee.verify.boxes.numbers import Interval, number, of
from gembounds.referee.verify.boxes.sums import Rule
from gembounds.referee.verify.boxes.trees import (
    SUMMED,
    axes,
    branches,
    displacements,
    linear,
    margin,
    read,
    symbols,
)

Ends = tuple[Fraction, Fraction]


class Variable(NamedTuple):
    """``kind``: "mean", "offset", "weight", "parameter", "face", "scale" or "direction"; ``key``:
    component or name."""

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
        if "data" in tree or tree.get("over") == "pairs":
            raise ValueError("it is about data: expectations are over N(0, I) here")
        self.boxes = [[interval(x) for x in row] for row in box.get("means", [])]
        self.n, self.d = len(self.boxes), len(self.boxes[0]) if self.boxes else 0
        self.weights = [interval(x) for x in box.get("weights", [])]
        self.rest: int | None = box.get("rest")
        self.parameters: dict[str, Ends] = {}
        self.displaced: Displaced | None = None
        moved: set[str] = set()
        for k, x in sorted(box.get("parameters", {}).items()):
            if isinstance(x, list) and isinstance(x[0], list):
                self.displaced = Displaced([interval(v) for (v,) in x])
                moved.add(k)
            else:
                self.parameters[k] = interval(x)
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
        if len(moved) > 1 or any(displacements(e) - moved for w in (relation, *tree["when"])
                                 for e in w[1:]):  # fmt: skip
            raise ValueError("a displacement is not that of the box")
        self.known = {("parameter", k): x[0] for k, x in self.parameters.items() if x[0] == x[1]}
        self.known |= {("symbol", k): Fraction(x) for k, x in (("n", self.n), ("d", self.d))}
        given = data["constants"]
        self.margin = margin([relation[0], *(read(e, given) for e in relation[1:])])
        self.strict, self.linear = relation[0] in ("<", ">"), linear(self.margin)
        self.when = [[w[0], *(read(e, given) for e in w[1:])] for w in tree["when"]]
        self.when = [w for w in self.when if w[0] in ("<", "<=", ">", ">=")
                     and not (symbols(w[1]) | symbols(w[2])) & SUMMED]  # fmt: skip
        for e in (self.margin, *(["-", *w[1:]] for w in self.when)):
            axes(e)
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
        if self.displaced is not None and (self.d != 1 or len(self.displaced.ends) != self.n):
            raise ValueError("the displacement has not a number a component, on the line")
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
        """All that vary: coordinates, |c|, all weights but the rest, parameters, those of a
        displacement."""
        means = [Variable("mean", i, *x) for i, x in enumerate(self.means)]
        offset = [Variable("offset", None, Fraction(0), self.reach)] if self.turned else []
        weights = [Variable("weight", i, *x) for i, x in enumerate(self.weights) if i != self.rest]
        parameters = [Variable("parameter", k, *x) for k, x in self.parameters.items()]
        moved = [] if self.displaced is None else self.displaced.variables()
        found = [*means, *offset, *weights, *parameters, *(Variable(*v) for v in moved)]
        return [v for v in found if v.low < v.high]

    def _symmetries(self) -> tuple[list[list[int]], bool]:
        """Classes of components whose intervals agree; whether the box is its own mirror image."""
        moves = [(Fraction(0), Fraction(0))] * self.n
        moves = moves if self.displaced is None else self.displaced.ends
        known = list(zip(self.boxes, self.weights, moves, strict=True))
        groups = [[k for k in range(self.n) if known[k] == x]
                  for i, x in enumerate(known) if known.index(x) == i]  # fmt: skip
        mirrored = all(low == -high for row in (*self.boxes, moves) for low, high in row)
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
