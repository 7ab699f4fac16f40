"""The whole trajectory of Theorem 7's start at once, in balls, and the force on it in float64."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.points.batch import FloatArray
    from gembounds.statements.operations import Operations

pair = Later("gembounds.dynamics.pair.force")

START, ROOM = Fraction(12), Fraction(2)
"""mu_1(0), and how far from it the enclosure of the trajectory reaches, in units of sqrt(d)."""

NODES = 2**17
"""Cap on the grid (a choice: d up to 100 needs about half of it)."""


def trajectory(
    ops: Operations, point: Point, passed: Any, start: Fraction = START
) -> tuple[Any, Any]:
    """Enclosures of a(t), and of f(a) over the whole way from a(0) to a(t), ``passed`` = eta t."""
    root = ops.sqrt(point["d"])
    top, passed = ops.ball(start) * root, ops.ball(passed)
    for reach in (Fraction(1, 3 * point["d"]), ROOM):
        room = ops.ball(reach) * root
        bound = pair.pair_force_bound(top - room, top)
        if passed * bound <= room:
            fallen = ops.ball(0).union((passed * bound).upper())
            force = pair.pair_force(top - fallen, point["n"], min(64, ops.rung.bits), NODES)
            return top - passed * force, force
    return ops.ball(0).union(top), ops.ball(0).union(top)


STEP = 0.125
"""Of the rule in :func:`log_force` (a choice)."""


def log_force(a: FloatArray, n: FloatArray) -> FloatArray:
    """log f(a) in float64.

    By symmetry twice the half line y > 0 around y0 = a/2 + log(n-2)/a, where psi_1 turns from
    small to 1: trapezoidal in a (y - y0).
    """
    import numpy as np

    y0 = a / 2 + np.log(n - 2) / a
    u = np.arange(-30.0, 90.0, STEP)
    y = y0[:, None] + u[None, :] / a[:, None]
    up = a[:, None] * y - a[:, None] ** 2 / 2
    down = -a[:, None] * y - a[:, None] ** 2 / 2
    rest = np.log(n - 2)[:, None]
    total = np.log1p(np.exp(up - rest) + np.exp(down - rest)) + rest
    share = 2 * (up - total + np.log(np.maximum(-np.expm1(down - up), 0)))
    terms = np.where(y > 0, share - y**2 / 2, -np.inf)
    top = terms.max(axis=1, keepdims=True)
    sums = top[:, 0] + np.log(np.exp(terms - top).sum(axis=1))
    found: FloatArray = sums + np.log(STEP) - np.log(2 * np.pi) / 2
    return found
