"""Sums of polynomials over a grid in balls, before any error bound: lines of the last axis at a
time, and the products of posteriors with all else as one product of matrices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from flint import arb, arb_mat

from gembounds.evaluators.general.expand import LOG_S, SQUARE, Key
from gembounds.values.expressions import Monomial, Variable
from gembounds.values.rule import Axis

Balls = list[Any]

MOST_LINE = 1 << 14
"""Nodes of a line that are summed at a time: bounds the memory (a choice)."""


class Grid(NamedTuple):
    """The nodes of ``axes`` at most ``reach`` from 0, and maybe some more."""

    axes: tuple[Axis, ...]
    reach: float

    @property
    def nodes(self) -> float:
        """About their number."""
        r = len(self.axes)
        ball = (1.0, 1.0, 0.785, 0.524, 0.308, 0.164)[r]  # its part of the cube around it
        return ball * math.prod(2.0 * axis.count + 1.0 for axis in self.axes)


@dataclass(frozen=True)
class Wanted:
    """``pairs[m]``: for each product m of posteriors, what it is multiplied by; ``half[m]`` K."""

    pairs: dict[Monomial, list[Monomial]]
    half: dict[Monomial, int]

    @classmethod
    def of(cls, keys: Sequence[Key]) -> Wanted:
        pairs: dict[Monomial, list[Monomial]] = {}
        for psi, rest in sorted(set(keys)):
            pairs.setdefault(psi, []).append(rest)
        half = {m: -(-max(map(degree, rests)) // 2) for m, rests in pairs.items()}
        return cls(pairs, half)


def degree(rest: Monomial) -> int:
    """The power of (1 + |y|^2)^(1/2) with which it grows."""
    return sum(p * (2 if v == SQUARE else 1) for v, p in rest)


@dataclass(frozen=True)
class Sums:
    """``value[key]`` = T[psi-product * rest * phi] and ``mass[m]`` = T[m (1 + |y|^2)^K phi]."""

    value: dict[Key, Any]
    mass: dict[Monomial, Any]


class _Side(NamedTuple):
    """An axis: its nodes, weights h phi, factors of the terms of S and their logarithms."""

    nodes: Balls
    weights: Balls
    factors: list[Balls]
    logs: dict[int, Balls]


class Line(NamedTuple):
    """Nodes of the last axis with the others fixed: y and |y|^2, the terms of S, the logarithms of
    some, and the weights."""

    variables: dict[Variable, Balls]
    terms: list[Balls]
    logs: dict[int, Balls]
    weights: Balls

    def sums(self) -> Balls:
        """S at the nodes."""
        return [sum(column[1:], column[0]) for column in zip(*self.terms, strict=True)]


def grid_sums(weights: Balls, u: list[Balls], grid: Grid, wanted: Wanted) -> Sums:
    """Of components with ``weights`` W_g and coordinates ``u[g]``, at the current precision."""
    if not wanted.pairs:
        return Sums({}, {})
    rests = sorted({rest for many in wanted.pairs.values() for rest in many})
    halves = sorted(set(wanted.half.values()))
    products = list(wanted.pairs)
    inner = {v for rest in rests for v, _ in rest}
    groups = sorted({v for m in products for v, _ in m})
    logs = sorted(g for kind, g in inner if kind == "log Psi")
    total = arb_mat(len(products), len(rests) + len(halves))
    for line in lines(weights, u, grid, logs):
        sums = line.sums()
        inverse = [1 / x for x in sums]
        known: dict[tuple[Variable, ...], Balls] = {(): [arb(1)] * len(sums)}
        known.update(((v,), _times(line.terms[v[1]], inverse)) for v in groups)
        known.update(((v,), row) for v, row in line.variables.items())
        if logs or LOG_S in inner:
            log_sums = [x.log() for x in sums]
            known[LOG_S,] = log_sums
            for g, row in line.logs.items():
                known[("log Psi", g),] = [a - b for a, b in zip(row, log_sums, strict=True)]
        left = [_times(_row(known, m), line.weights) for m in products]
        right = [_row(known, rest) for rest in rests]
        right += [[(1 + x) ** k for x in known[SQUARE,]] for k in halves]
        total += _matrix(left) * _matrix(right).transpose()
    value = {(m, rest): total[a, b] for a, m in enumerate(products)
             for b, rest in enumerate(rests)}  # fmt: skip
    mass = {m: total[a, len(rests) + halves.index(wanted.half[m])]
            for a, m in enumerate(products)}  # fmt: skip
    return Sums(value, mass)


def _row(known: dict[tuple[Variable, ...], Balls], m: Monomial) -> Balls:
    """The product along the line; those of parts of it are kept."""
    powers = tuple(v for v, p in m for _ in range(p))
    return _power(known, powers)


def _power(known: dict[tuple[Variable, ...], Balls], powers: tuple[Variable, ...]) -> Balls:
    if powers not in known:
        known[powers] = _times(_power(known, powers[:-1]), known[powers[-1],])
    return known[powers]


def _times(a: Balls, b: Balls) -> Balls:
    return [x * y for x, y in zip(a, b, strict=True)]


def _matrix(rows: list[Balls]) -> arb_mat:
    return arb_mat(len(rows), len(rows[0]), [x for row in rows for x in row])


def lines(weights: Balls, u: list[Balls], grid: Grid, logs: Sequence[int] = ()) -> Iterator[Line]:
    """All nodes of the grid; one node, 0, where it has no axes."""
    starts = {g: weights[g].log() for g in logs}
    if not grid.axes:
        yield Line({SQUARE: [arb(0)]}, [[w] for w in weights],
                    {g: [x] for g, x in starts.items()}, [arb(1)])  # fmt: skip
        return
    sides = [_side(axis, [row[j] for row in u], logs) for j, axis in enumerate(grid.axes)]
    *outer, last = sides
    axis = grid.axes[-1]
    for place in product(*(range(len(side.nodes)) for side in outer)):
        y = [side.nodes[k] for side, k in zip(outer, place, strict=True)]
        square = sum((t * t for t in y), arb(0))
        weight, terms = arb(1), weights
        for side, k in zip(outer, place, strict=True):
            weight *= side.weights[k]
            terms = [a * b[k] for a, b in zip(terms, side.factors, strict=True)]
        begun = {g: x + sum((s.logs[g][k] for s, k in zip(outer, place, strict=True)), arb(0))
                 for g, x in starts.items()}  # fmt: skip
        left = grid.reach**2 - float(square.mid())
        count = min(axis.count, math.ceil(math.sqrt(max(left, 0.0)) / axis.step) + 1)
        for start in range(axis.count - count, axis.count + count + 1, MOST_LINE):
            part = slice(start, min(start + MOST_LINE, axis.count + count + 1))
            nodes = last.nodes[part]
            variables = {("y", j): [t] * len(nodes) for j, t in enumerate(y)}
            variables["y", len(y)] = nodes
            variables[SQUARE] = [square + t * t for t in nodes]
            yield Line(
                variables,
                [[a * x for x in row[part]] for a, row in zip(terms, last.factors, strict=True)],
                {g: [x + t for t in last.logs[g][part]] for g, x in begun.items()},
                [weight * x for x in last.weights[part]],
            )


def _side(axis: Axis, u: Balls, logs: Sequence[int]) -> _Side:
    h = arb(axis.step)
    scale = h / (2 * arb.pi()).sqrt()
    nodes = [h * k for k in range(-axis.count, axis.count + 1)]
    exponents = [[t * x - x * x / 2 for t in nodes] for x in u]
    return _Side(
        nodes,
        [scale * (-t * t / 2).exp() for t in nodes],
        [[x.exp() for x in row] for row in exponents],
        {g: exponents[g] for g in logs},
    )
