"""The sums of :mod:`gembounds.evaluators.general.sums` in float64, as balls that contain rounding.

M bounds the terms of a logit t_g = <y, u_g> + c_g, c_g = log W_g - |u_g|^2/2, over the grid; where
there are two components it is at least log 2. Rounding u and c, summing, and taking off the
largest logit err by delta = (gamma_(r+2) + 4 U) M. Then log psi_g errs by eta = 2 delta + 2 LIBM
+ gamma_(n+2), through exp, sum and quotient, and v = log Psi_g = t_g - top - log sum, or log S =
top + log sum, by eps (|v| + 1), eps = eta + (LIBM + 2 U) (log n + 1): where v is near 0 its error
is absolute. y is exact, |y|^2 errs by gamma_(r+2) of itself, weights by r (LIBM + 6 U) +
U sum_j y_j^2. A product of P posteriors, a weight and others, q of them logarithms and p not,
then errs by at most rel of what it is with |v| + 1 for each logarithm v,

    rel = exp(P (eta + U) + weights + q (eps + 2 U) + p (gamma_(r+2) + 2 U)) - 1,

and its majorant with (1 + |y|^2)^K by that with p = K (r + 4) more. Sums of ``CHUNK`` products err
by gamma of it besides, and are added up in balls. What underflows is below ``LOST`` at each node
and is added apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb

from gembounds.evaluators.general.expand import LOG_S, SQUARE
from gembounds.evaluators.general.sums import Grid, Sums, Wanted
from gembounds.values.expressions import Monomial, Variable
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

CHUNK = 1 << 10
"""Nodes in one product of matrices: gamma of it is 1e-13 (a choice)."""

MOST_MESH = 1 << 18
"""Nodes in one mesh: bounds the memory (a choice)."""

LOGS = (LOG_S[0], "log Psi")
"""Variables whose errors are absolute."""

LOST = 1e-300
"""Above what underflows at a node."""


@np.errstate(all="ignore")
def float_sums(weights: list[Any], u: list[list[Any]], grid: Grid, wanted: Wanted) -> Sums | None:
    """As ``grid_sums``, with a radius for rounding; None where that says nothing."""
    if not wanted.pairs:
        return Sums({}, {})
    coordinates = np.array([[float(x.mid()) for x in row] for row in u]).reshape(len(u), -1)
    shifts = np.array([float((w.log() - sum((x * x for x in row), arb(0)) / 2).mid())
                       for w, row in zip(weights, u, strict=True)])  # fmt: skip
    rests = sorted({rest for many in wanted.pairs.values() for rest in many})
    halves = sorted(set(wanted.half.values()))
    products, right = list(wanted.pairs), len(rests) + len(halves)
    rel = _relative(coordinates, shifts, grid, wanted, 0)
    coarse = _relative(coordinates, shifts, grid, wanted, max(halves) * (coordinates.shape[1] + 4))
    if not coarse < 0.01:
        return None
    exact = [[arb(0)] * right for _ in products]
    sizes = np.zeros((len(products), right))
    largest, count = np.ones(right), 0
    for y, mass in _nodes(grid):
        known, size = _variables(coordinates, shifts, y, wanted)
        left = np.stack([mass * _row(known, m, len(y)) for m in products])
        rows = [_row(known, rest, len(y)) for rest in rests]
        bounds = [_row(size, rest, len(y)) for rest in rests]
        once = {SQUARE: 1.0 + known[SQUARE]}
        grown = [_row(once, ((SQUARE, k),), len(y)) for k in halves]
        values, most = left @ np.stack(rows + grown).T, np.stack(bounds + grown)
        sizes += left @ most.T
        largest, count = np.maximum(largest, most.max(axis=1)), count + len(y)
        for line, found in zip(exact, values.tolist(), strict=True):
            line[:] = [a + b for a, b in zip(line, found, strict=True)]
    relative = np.array([rel] * len(rests) + [coarse] * len(halves)) + gamma(CHUNK)
    error = relative * sizes * (1 + 1e-6) + LOST * count * largest
    if not np.isfinite(error).all():
        return None
    balls = [[x + arb(0, e) for x, e in zip(line, row, strict=True)]
             for line, row in zip(exact, error.tolist(), strict=True)]  # fmt: skip
    place = {rest: b for b, rest in enumerate(rests)}
    value = {(m, rest): balls[a][place[rest]]
             for a, m in enumerate(products) for rest in wanted.pairs[m]}  # fmt: skip
    mass_of = {m: balls[a][len(rests) + halves.index(wanted.half[m])]
               for a, m in enumerate(products)}  # fmt: skip
    return Sums(value, mass_of)


def _relative(u: FloatArray, shifts: FloatArray, grid: Grid, wanted: Wanted, more: int) -> float:
    """rel, for the largest P, q and p, with p ``more``; infinite where it bounds nothing."""
    n, r = u.shape
    radii = [axis.radius for axis in grid.axes]
    size = float(np.abs(u).max(axis=0) @ np.array(radii) + np.abs(shifts).max()) * (1 + 1e-9)
    delta = (gamma(r + 2) + 4 * U) * size
    eta = 2 * delta + 2 * LIBM + gamma(n + 2)
    eps = eta + (LIBM + 2 * U) * (math.log(n) + 1)
    powers = max((sum(p for _, p in m) for m in wanted.pairs), default=0)
    rests = [rest for many in wanted.pairs.values() for rest in many]
    logs = max(sum(p for v, p in rest if v[0] in LOGS) for rest in rests)
    others = max(sum(p for v, p in rest if v[0] not in LOGS) for rest in rests) + more
    exponent = powers * (eta + U) + logs * (eps + 2 * U) + others * (gamma(r + 2) + 2 * U)
    exponent += r * (LIBM + 6 * U) + U * sum(x * x for x in radii)
    return math.expm1(exponent) * (1 + 1e-6) if exponent < 0.01 else math.inf


def _variables(
    u: FloatArray, shifts: FloatArray, y: FloatArray, wanted: Wanted
) -> tuple[dict[Variable, FloatArray], dict[Variable, FloatArray]]:
    """At the nodes ``y``, and |v|, or |v| + 1 for logarithms, of what is no posterior."""
    logits = u @ y.T + shifts[:, None]
    top = logits.max(axis=0)
    logits -= top
    terms = np.exp(logits)
    total = terms.sum(axis=0)
    log_total = np.log(total)
    known: dict[Variable, FloatArray] = {SQUARE: (y * y).sum(axis=1), LOG_S: top + log_total}
    for m, rests in wanted.pairs.items():
        for v, _ in m:
            if v not in known:
                known[v] = terms[v[1]] / total
        for rest in rests:
            for v, _ in rest:
                if v[0] == "log Psi" and v not in known:
                    known[v] = logits[v[1]] - log_total
    known.update((("y", j), column) for j, column in enumerate(y.T))
    sizes = {v: np.abs(x) + float(v[0] in LOGS) for v, x in known.items() if v[0] != "psi"}
    return known, sizes


def _row(known: dict[Variable, FloatArray], m: Monomial, count: int) -> FloatArray:
    out = np.ones(count)
    for v, p in m:
        for _ in range(p):
            out = out * known[v]
    return out


def _nodes(grid: Grid) -> Iterator[tuple[FloatArray, FloatArray]]:
    """y, (count, r), and h phi(y), ``CHUNK`` or fewer at a time; one node where no axes are."""
    if not grid.axes:
        yield np.zeros((1, 0)), np.ones(1)
        return
    sides = [_side(axis) for axis in grid.axes]
    counts = [len(nodes) for nodes, _ in sides]
    first = next((j for j in range(len(sides)) if math.prod(counts[j:]) <= MOST_MESH),
                 len(sides) - 1)  # fmt: skip
    mesh = np.stack(
        [x.ravel() for x in np.meshgrid(*(s[0] for s in sides[first:]), indexing="ij")], axis=1
    )
    inner = np.ones(1)
    for _, weights in sides[first:]:
        inner = np.multiply.outer(inner, weights).ravel()
    squares = (mesh * mesh).sum(axis=1)
    most = grid.reach**2 * (1 + 1e-9)
    for place in product(*(range(k) for k in counts[:first])):
        fixed = [side[0][k] for side, k in zip(sides[:first], place, strict=True)]
        weight = math.prod(side[1][k] for side, k in zip(sides[:first], place, strict=True))
        kept = np.flatnonzero(squares <= most - sum(t * t for t in fixed))
        for start in range(0, len(kept), CHUNK):
            part = kept[start : start + CHUNK]
            y = np.empty((len(part), len(sides)))
            y[:, :first], y[:, first:] = fixed, mesh[part]
            yield y, inner[part] * weight


def _side(axis: Axis) -> tuple[FloatArray, FloatArray]:
    nodes = axis.step * np.arange(-axis.count, axis.count + 1, dtype=np.float64)
    return nodes, np.asarray(np.exp(-0.5 * nodes * nodes) * (axis.step * 0.3989422804014327))
