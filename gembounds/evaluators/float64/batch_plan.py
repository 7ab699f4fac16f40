"""Grids that many mixtures share, cut to a ball.

A grid is made for upper ends of the ranges D_j and a tail, and kept. Nodes (k_1 h_1, ..., k_r h_r)
lie within a radius of about R, which saves a fifth of them in a plane and half of them in space.
What the discrete Gaussian has outside is summed up as it is cut: each row of nodes, its other
coordinates fixed, ends somewhere, and what follows is less than a geometric series.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_kernel import Grid
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import rule_factors
from gembounds.evaluators.float64.grid import ROOT_2PI
from gembounds.evaluators.float64.plan import MAX_RADIUS, RULE_SHARE, TAIL_SHARE
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import Axis, axis_rule, discrete_first_moment, discrete_total

FloatArray = npt.NDArray[np.float64]

SHIFT = 49
"""The bits of a float64 from this one on: sign, exponent, and three of the mantissa."""

NEAREST = 0.25
"""Ranges below this are grouped together: the rule hardly depends on them."""

FIRST_KEY = int(np.float64(NEAREST).view(np.uint64)) >> SHIFT

GOAL_BITS = 3
"""Overlaps that are reached out for come in powers of 2^3."""

MOST_NODES, MOST_COLUMNS = 1 << 20, 1 << 14
"""Larger grids are left to the single way, which takes them in blocks (a choice)."""

BAND = 500
"""Nodes that take as long as one more pair of matrix products does (empirical)."""


class Plan(NamedTuple):
    """``nodes``: how many; ``radius``: the largest |y|; ``rounding``: the relative error of a
    weighted sum that goes by columns, rows and bands; ``outside``: the discrete Gaussian's mass
    that is cut off, and what |y_j| has there, (r,); ``down``, ``up``: what the rule's error makes
    of a sum; the axes, and the ranges that they are made for."""

    grid: Grid
    nodes: int
    radius: float
    rounding: float
    outside: float
    moments: FloatArray
    down: float
    up: float
    axes: tuple[Axis, ...]
    edges: tuple[float, ...]


def range_keys(spreads: FloatArray) -> npt.NDArray[np.int64]:
    """Which ranges D share a grid, larger ones having larger keys; finite D up to 2^60."""
    bits = np.clip(spreads, NEAREST, 2.0**60).view(np.uint64) >> np.uint64(SHIFT)
    return bits.astype(np.int64) - FIRST_KEY


def goal_keys(goals: FloatArray) -> npt.NDArray[np.int64]:
    """The same for overlaps that are reached out for, smaller ones having larger keys."""
    return (-np.frexp(goals)[1] // GOAL_BITS + 1).astype(np.int64)


def _edge(key: int) -> float:
    return float(np.array((FIRST_KEY + key + 1) << SHIFT, dtype=np.uint64).view(np.float64))


@lru_cache(maxsize=512)
def plan_for(ranges: tuple[int, ...], goal: int, rtol: float, most: int) -> Plan | None:
    """The grid for ranges of these keys or less; None where it has more than ``most`` nodes."""
    r = len(ranges)
    error, tail = RULE_SHARE * rtol / r, TAIL_SHARE * rtol * 2.0 ** (-GOAL_BITS * goal)
    radius = min(max(1.0, _ball_radius(r, tail)), MAX_RADIUS)
    edges = [_edge(key) for key in ranges]
    axes = [axis_rule(edge, error, radius) for edge in edges]
    most = min(most, MOST_NODES)
    volume = math.prod([2 * radius / a.step for a in axes])
    if not (all(a.error <= 1.01 * error for a in axes) and volume < 4.0 * most):
        return None
    rows, squares, weights, outside = np.ones((1, 1)), np.zeros(1), np.ones(1), np.zeros(1)
    for axis in axes[:0:-1]:  # the widest is the last: its nodes are the columns
        ends = _ends(squares, radius, axis.step)
        outside = _outside(outside, rows, ends, weights, axis.step)
        sizes = 2 * ends + 1
        index = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes + ends, sizes)
        y, w = _nodes(index, axis.step)
        rows = np.concatenate((y[None], np.repeat(rows, sizes, axis=1)))
        squares = np.repeat(squares, sizes) + y * y
        weights = np.repeat(weights, sizes) * w
    step = axes[0].step
    ends = _ends(squares, radius, step)
    order = np.argsort(-ends, kind="stable")
    rows, squares, weights = np.ascontiguousarray(rows[:, order]), squares[order], weights[order]
    ends = _banded(ends[order])
    outside = _outside(outside, rows, ends, weights, step)
    nodes = int((2 * ends + 1).sum())
    if nodes > most or ends[0] > MOST_COLUMNS // 2:
        return None
    columns, w = _nodes(np.arange(-ends[0], ends[0] + 1), step)
    reach = float((squares + np.square(ends * step)).max()) * ROUND
    rounding = (r * (reach * U + LIBM + 4 * U) + gamma(len(columns) + 2 * len(ends) + 8)) * ROUND
    outside *= (1 + rounding) * ROUND
    grid = Grid(rows, weights, columns, w, ends)
    for x in (*grid, outside):
        x.setflags(write=False)
    return Plan(grid, nodes, math.sqrt(reach), rounding, float(outside[-1]), outside[:-1],
                *rule_factors(axes), tuple(axes), tuple(edges))  # fmt: skip


def _ball_radius(r: int, tail: float) -> float:
    """Where a normal vector's length is beyond with a probability near ``tail``: a guess."""
    level = -math.log(max(tail, 1e-300))
    square = 2 * level
    for _ in range(3):
        square = 2 * max(level + (0.5 * r - 1) * math.log(max(square, 1.0)), 0.5)
        square += (-0.45, 0.0, -0.45)[r - 1]
    return math.sqrt(max(square, 0.5))


def _nodes(index: npt.NDArray[np.intp], step: float) -> tuple[FloatArray, FloatArray]:
    """y = k h, exactly, and h phi(y): relatively within y^2 U + LIBM + 4 U."""
    y = np.multiply(step, index, dtype=np.float64)
    return y, np.exp(-0.5 * y * y) * (step / ROOT_2PI)


def _ends(squares: FloatArray, radius: float, step: float) -> npt.NDArray[np.intp]:
    """The largest k with ``squares`` + (k h)^2 within the ball."""
    return (np.sqrt(np.maximum(radius * radius - squares, 0.0)) / step).astype(np.intp)


def _outside(
    before: FloatArray, rows: FloatArray, ends: npt.NDArray[np.intp], weights: FloatArray,
    step: float,
) -> FloatArray:  # fmt: skip
    """Upper bounds, but for rounding, of what 1, |y_1|, ..., 1 last, have outside with one more
    axis, first: ``before`` over the whole axis, and beyond their ends the rows that are kept.

    From the first node y on, phi shrinks by exp(-y h - h^2/2) or more from node to node, and y phi
    by at most (1 + h/y) times that."""
    total, moment = discrete_total(step), discrete_first_moment(step)
    y = (ends + 1) * step
    first = np.exp(-0.5 * y * y) * (step * 0.3989422804014327)
    shrink = -(y + 0.5 * step) * step
    mass = 2 * np.minimum(first / -np.expm1(shrink), 0.5) + 1e-300
    left = 1 - (1 + step / y) * np.exp(shrink)
    own = np.where(left > 0.01, 2 * y * first / np.maximum(left, 0.01), moment) + 1e-290
    inner = np.abs(rows) @ (weights * mass)
    return np.concatenate(([before[-1] * moment + weights @ own], before * total + inner))


def _banded(ends: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """``ends``, descending, rounded up to few different ones: each costs ``BAND`` nodes."""
    starts = np.flatnonzero(np.diff(ends, prepend=-1))
    widths = (2 * ends[starts] + 1).tolist()
    stops, bounds = [*starts[1:].tolist(), len(ends)], starts.tolist()
    best, came = [0.0], []
    for j, stop in enumerate(stops):
        costs = [best[i] + widths[i] * (stop - bounds[i]) for i in range(j + 1)]
        best.append(min(costs) + BAND)
        came.append(costs.index(min(costs)))
    out, j = ends.copy(), len(stops) - 1
    while j >= 0:
        out[bounds[came[j]] : stops[j]] = ends[bounds[came[j]]]
        j = came[j] - 1
    return out
