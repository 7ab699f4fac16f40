"""Sums over a tensor grid in balls: the trapezoidal rule's T, before any error bound.

On a grid the component terms factor over the axes,

    pi_i exp(<y, v_i> + c_i) = pi_i prod_j exp(y_j v_ij + c_ij),

so S is a matrix product of two groups of factors A (rows) and B (columns); outer axes are
looped over, and one axis alone is split in two levels, k = B k1 + k2, at the price of the
Gaussian's cross factor exp(-h^2 B k1 k2). All arithmetic is in balls at the current precision,
so rounding is contained in the results.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, product
from math import isqrt
from typing import Any

from flint import arb, arb_mat

from gembounds.evaluators.balls.hermite import HermiteAxis, nodes_and_weights
from gembounds.values.rule import Axis

Balls = list[Any]

ORDERS = {"overlaps": 2, "fourth": 4}
"""How many posteriors are multiplied in what is wanted."""

MAX_BLOCK = 1 << 16
"""Nodes in one block: bounds the memory, near 100 bytes a ball (a choice)."""


@dataclass
class Sums:
    """``products[m]``: by (i_1 <= ... <= i_m), T[psi_i1 ... psi_im phi]; ``log_total`` =
    T[log S phi]; ``moment[i][j]`` = T[psi_i y_j phi]; ``second[i]`` = T[psi_i |y|^2 phi]."""

    products: dict[int, dict[tuple[int, ...], Any]] = field(default_factory=dict)
    log_total: Any = None
    moment: list[Balls] = field(default_factory=list)
    first: Balls = field(default_factory=list)
    second: Balls = field(default_factory=list)

    @property
    def overlap(self) -> list[Balls]:
        """``overlap[i][k]`` = T[psi_i psi_k phi]."""
        pairs = self.products[2]
        size = max(k for _, k in pairs) + 1
        return [[pairs[min(i, k), max(i, k)] for k in range(size)] for i in range(size)]


@dataclass
class Side:
    """One side of a matrix block: nodes (per axis values), Gaussian weights, factors[i]."""

    nodes: list[tuple[Any, ...]]
    weights: Balls
    factors: list[Balls]


def grid_sums(
    axes: Sequence[Axis | HermiteAxis],
    pulls: Sequence[Balls],
    shifts: Sequence[Balls],
    weights: Sequence[Any],
    wanted: frozenset[str],
) -> Sums:
    """The sums in ``wanted`` ("overlaps", "fourth", "loss", "moments") over the grid of ``axes``.

    ``pulls[j][i]`` is v_ij and ``shifts[j][i]`` is c_ij.
    """
    size, r = len(weights), len(axes)
    total = _Accumulator(size, r, wanted)
    if r == 1 and isinstance(axes[0], Axis):
        left, right, step = _two_levels(axes[0], pulls[0], shifts[0])
        for block in _blocks(left, len(right.weights)):
            total.add(_weighted(block, weights), right, _cross(block, right, step))
        return total.sums
    sides = [_axis_side(*a) for a in zip(axes, pulls, shifts, strict=True)]
    unit = Side([(arb(0),)], [arb(1)], [[arb(1)]] * size)
    *outer, left, right = sides if r > 1 else (sides[0], unit)
    for index in product(*(range(len(s.weights)) for s in outer)):
        nodes: tuple[Any, ...] = ()
        weight, factors = arb(1), list(weights)
        for side, k in zip(outer, index, strict=True):
            nodes += side.nodes[k]
            weight *= side.weights[k]
            factors = [f * side.factors[i][k] for i, f in enumerate(factors)]
        for block in _blocks(left, len(right.weights)):
            total.add(_weighted(block, factors, weight, nodes), right, None)
    return total.sums


class _Accumulator:
    def __init__(self, size: int, r: int, wanted: frozenset[str]) -> None:
        self.size, self.r, self.wanted = size, r, wanted
        self.tables: dict[str, tuple[Side, arb_mat]] = {}
        zero = arb(0)
        self.sums = Sums()
        for order in (ORDERS[name] for name in ORDERS if name in wanted):
            kinds = combinations_with_replacement(range(size), order)
            self.sums.products[order] = dict.fromkeys(kinds, zero)
        if "loss" in wanted:
            self.sums.log_total = zero
        if "moments" in wanted:
            self.sums.moment = [[zero] * r for _ in range(size)]
            self.sums.first = [zero] * size
            self.sums.second = [zero] * size

    def add(self, left: Side, right: Side, cross: Balls | None) -> None:
        rows, columns = len(left.weights), len(right.weights)
        s = _product(left.factors, right.factors, rows, columns).entries()
        for order in self.sums.products:
            q = [1 / x**order for x in s]
            self._products(order, left, right, arb_mat(rows, columns, _times(q, cross)))
        if "loss" in self.wanted:
            logs = arb_mat(rows, columns, _times([x.log() for x in s], cross))
            inner = (logs * arb_mat(columns, 1, right.weights)).entries()
            self.sums.log_total += _dot(left.weights, inner)
        if "moments" in self.wanted:
            q = _times([1 / x for x in s], cross)
            self._moments(left, right, q, rows, columns)

    def _products(self, order: int, left: Side, right: Side, q: arb_mat) -> None:
        """``q``: S^-order, times the cross factor."""
        sums = self.sums.products[order]
        table = self._table(f"products {order}", right, lambda: [
            x for kind in sums for x in _weighted_product(right, kind)
        ])  # fmt: skip
        values = (q * table).transpose().entries()
        rows = len(left.weights)
        for p, kind in enumerate(sums):
            sums[kind] += _dot(_weighted_product(left, kind), values[p * rows : (p + 1) * rows])

    def _table(self, name: str, right: Side, entries: Callable[[], Balls]) -> arb_mat:
        """What the nodes of the right side contribute, a column an entry: made once for each."""
        kept = self.tables.get(name)
        if kept is None or kept[0] is not right:
            columns, flat = len(right.weights), entries()
            made = arb_mat(len(flat) // columns, columns, flat).transpose()
            self.tables[name] = kept = right, made
        return kept[1]

    def _moments(self, left: Side, right: Side, q: Balls, rows: int, columns: int) -> None:
        inner_axes = len(right.nodes[0])
        table = self._table("moments", right, lambda: list(_powers(right)))
        lines = (arb_mat(rows, columns, q) * table).transpose().tolist()
        places = list(zip(*left.nodes, strict=True))
        squares = [_norm2(node) for node in left.nodes]
        for i in range(self.size):
            mine = lines[i * (2 + inner_axes) : (i + 1) * (2 + inner_axes)]
            outer = [w * a for w, a in zip(left.weights, left.factors[i], strict=True)]
            mass = [o * x for o, x in zip(outer, mine[0], strict=True)]
            self.sums.first[i] += sum(mass, arb(0))
            self.sums.second[i] += _dot(mass, squares) + _dot(outer, mine[1])
            if self.r == 1:  # two levels of one axis: y = left + right
                once = [o * x for o, x in zip(outer, mine[2], strict=True)]
                self.sums.moment[i][0] += _dot(mass, places[0]) + sum(once, arb(0))
                self.sums.second[i] += 2 * _dot(once, places[0])
                continue
            for j in range(self.r - inner_axes):
                self.sums.moment[i][j] += _dot(mass, places[j])
            for j in range(inner_axes):
                self.sums.moment[i][self.r - inner_axes + j] += _dot(outer, mine[2 + j])


def _weighted_product(side: Side, kind: tuple[int, ...]) -> Balls:
    """w f_i1 ... f_im at the nodes."""
    factors = [side.factors[i] for i in kind]
    return [math.prod(x) for x in zip(side.weights, *factors, strict=True)]


def _powers(right: Side) -> Iterator[Any]:
    """w f_i, w f_i |y|^2 and w f_i y_j at the nodes y, for every i and then j."""
    squares = [_norm2(y) for y in right.nodes]
    for factors in right.factors:
        base = [w * b for w, b in zip(right.weights, factors, strict=True)]
        yield from base
        for values in (squares, *zip(*right.nodes, strict=True)):
            yield from (b * y for b, y in zip(base, values, strict=True))


def _axis_side(axis: Axis | HermiteAxis, v: Balls, c: Balls) -> Side:
    if isinstance(axis, HermiteAxis):
        nodes, weights = nodes_and_weights(axis.points)
        few = [[(x * y + z).exp() for y in nodes] for x, z in zip(v, c, strict=True)]
        return Side([(y,) for y in nodes], weights, few)
    h = arb(axis.step)
    nodes = [h * k for k in range(-axis.count, axis.count + 1)]
    scale = h / (2 * arb.pi()).sqrt()
    weights = [scale * (-y * y / 2).exp() for y in nodes]
    factors: list[Balls] = []
    for pull, shift in zip(v, c, strict=True):
        value, ratio, line = (pull * nodes[0] + shift).exp(), (pull * h).exp(), []
        for _ in nodes:
            line.append(value)
            value *= ratio
        factors.append(line)
    return Side([(y,) for y in nodes], weights, factors)


def _two_levels(axis: Axis, v: Balls, c: Balls) -> tuple[Side, Side, Any]:
    """Nodes h (B k1 - K) on the left, h k2 on the right (0 <= k2 < B); all of [-K, K]."""
    h, total = arb(axis.step), 2 * axis.count + 1
    width = max(1, isqrt(total))
    rows = -(-total // width)
    scale = h / (2 * arb.pi()).sqrt()
    coarse = [h * (width * k - axis.count) for k in range(rows)]
    fine = [h * k for k in range(width)]
    left = Side(
        [(y,) for y in coarse],
        [scale * (-y * y / 2).exp() for y in coarse],
        [[(y * x + z).exp() for y in coarse] for x, z in zip(v, c, strict=True)],
    )
    right = Side(
        [(y,) for y in fine],
        [(-y * y / 2).exp() for y in fine],
        [[(y * x).exp() for y in fine] for x in v],
    )
    return left, right, h


def _cross(left: Side, right: Side, h: Any) -> Balls:
    """The Gaussian's cross factor ``exp(-y_left y_right)``, row by row."""
    out = []
    for (y,) in left.nodes:
        ratio, value = (-y * h).exp(), arb(1)
        for _ in right.weights:
            out.append(value)
            value *= ratio
    return out


def _blocks(side: Side, columns: int) -> Iterator[Side]:
    rows = max(1, MAX_BLOCK // columns)
    for k in range(0, len(side.weights), rows):
        part = slice(k, k + rows)
        yield Side(side.nodes[part], side.weights[part], [f[part] for f in side.factors])


def _weighted(
    side: Side, factors: Sequence[Any], weight: Any = 1, nodes: tuple[Any, ...] = ()
) -> Side:
    return Side(
        [nodes + y for y in side.nodes] if nodes else side.nodes,
        [w * weight for w in side.weights],
        [[f * x for x in line] for f, line in zip(factors, side.factors, strict=True)],
    )


def _product(left: list[Balls], right: list[Balls], rows: int, columns: int) -> arb_mat:
    a = arb_mat(len(left), rows, [x for line in left for x in line]).transpose()
    return a * arb_mat(len(right), columns, [x for line in right for x in line])


def _times(values: Balls, cross: Balls | None) -> Balls:
    return values if cross is None else [x * c for x, c in zip(values, cross, strict=True)]


def _dot(a: Any, b: Any) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), arb(0))


def _norm2(y: tuple[Any, ...]) -> Any:
    return sum((x * x for x in y), arb(0))
