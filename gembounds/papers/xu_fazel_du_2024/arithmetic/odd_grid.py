"""Grid sums for the odd part of psi~, g(x) = psi~(x) - psi~(-x), in balls with error bounds.

With one component * as reference, v_i = mu_i - mu_*, and y the coordinates of x in the span of
the v_i (dimension r),

    g(y) = sum_i delta_i(y) v_i,   delta_i(y) = psi_i(y) - psi_i(-y),

for s > 0 this module encloses E|g(sy)|^2 and H(s) = E<g(sy), y>^2, y ~ N(0, I_r).

Rule. On the strip |b| <= a of axis l, |psi_i(s(x + ib))| <= psi_i(sx) sec(theta/2), theta the
range of s a <v_i, e_l>. With m = sum_i (psi_i(sx) + psi_i(-sx)) |v_i| and G = m^2 (1 + |x|^2),
both integrands are at most sec^2 (1 + a^2) G in modulus, because |x|^2 + a^2 <=
(1 + a^2)(1 + |x|^2), and so is G itself continued (|1 + z.z| <= 1 + |x|^2 + b^2). Hence with
sigma_l = (1 + a_l^2) rho_l, rho_l the relative error of :mod:`balls.bounds`, the rule
errs by at most sum_l sigma_l times a mixed sum or integral of G, and by positivity these are at
most T[G]/prod(1 - sigma_l): the bound is computed on the same grid.
Tail. The integrands and G are at most 4 V^2 prod_j (1 + y_j^2), V = max |v_i|.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from flint import arb, arb_mat

from gembounds.evaluators.balls import bounds
from gembounds.evaluators.balls.relative import Odd
from gembounds.papers.xu_fazel_du_2024.arithmetic import odd_floats
from gembounds.values.rule import Axis, axis_rule

Balls = list[Any]

COARSE = 1e-9
"""Errors of the rule above which sums in float64 are accurate enough (a choice)."""


def plan(odd: Odd, s: float, level: float, depth: float) -> tuple[Axis, ...]:
    """Axes for rule errors near ``2^-level`` of G, and tails near ``2^-level exp(-depth)``."""
    radius = math.sqrt(2.0 * (math.log(2.0) * level + depth)) + 1.0
    error = max(2.0**-1000, 2.0**-level / odd.rank)
    wide = [max(2.0**-40, s * float(d.upper()) * (1 + 2**-40)) for d in odd.spreads]
    return tuple(axis_rule(d, error, radius) for d in wide)


def likely_depth(odd: Odd) -> tuple[float, float]:
    """About -log of the largest psi_i(y)^2 exp(-|y|^2/2), i not *, along the v_i, and the part
    of it that is due to a psi_i that comes to 1 far away only (they decide how far a grid
    reaches and how panels are cut, never what is true)."""
    best, far = -math.inf, 0.0
    for i, w in enumerate(odd.weights):
        logarithm, length = min(0.0, float(w.log().mid())), float(odd.inner[i][i].sqrt().mid())
        saturated = 2 * length * length >= -logarithm  # before exp(-|y|^2/2) wins
        if saturated:
            value = -0.5 * (logarithm / length) ** 2
        else:
            value = 2 * logarithm + 2 * length * length
        if value > best:
            best, far = value, -value if saturated else 0.0
    return (max(0.0, -best), far) if math.isfinite(best) else (0.0, 0.0)


def nodes(axes: Sequence[Axis]) -> int:
    """Nodes of half the grid: the integrands are even."""
    return math.prod(2 * axis.count + 1 for axis in axes) // 2 + 1


def enclose(odd: Odd, s: Any, axes: Sequence[Axis]) -> tuple[Any, Any]:
    """(E|g(sy)|^2, H(s)) as balls at the current precision; the whole line where the axes
    prove nothing."""
    sigma = []
    for axis, spread in zip(axes, odd.spreads, strict=True):
        rho = bounds.relative_error(axis, s * spread)
        if rho is None:
            return arb(0, "inf"), arb(0, "inf")
        sigma.append((1 + arb(axis.halfwidth) ** 2) * rho)
    if not all(x < 1 for x in sigma):
        return arb(0, "inf"), arb(0, "inf")
    found = odd_floats.sums(odd, s, axes) if sum(sigma, arb(0)) > COARSE else None
    square, radial, majorant = found or _sums(odd, s, axes)
    tail = 4 * odd.longest() ** 2 * _outside(axes)
    share = arb(1)
    for x in sigma:
        share *= 1 - x
    error = sum(sigma, arb(0)) * (majorant + tail) / share
    return _widened(square, error, tail), _widened(radial, error, tail)


def _widened(total: Any, error: Any, tail: Any) -> Any:
    low, high = (total - error).lower(), (total + error + tail).upper()
    return (low if low > 0 else arb(0)).union(high)


def _outside(axes: Sequence[Axis]) -> Any:
    """T[prod_j (1 + y_j^2) phi] over what the grid leaves out; T[y^2 phi] <= 1 for h <= 2 pi."""
    total = arb(0)
    for axis in axes:
        part = _second_tail(axis)
        for other in axes:
            if other is not axis:
                part *= bounds.discrete_total(other) + 1
        total += part
    return total


def _second_tail(axis: Axis) -> Any:
    """h sum_{|k| > K} (1 + y^2) phi <= 2 int_R^inf (1 + y^2) phi = 4 Pr[Z > R] + 2 R phi(R):
    (1 + y^2) phi decreases beyond 1."""
    radius = arb(axis.step) * axis.count
    if not radius >= 1:
        return arb.pos_inf()
    density = (-radius * radius / 2).exp() / (2 * arb.pi()).sqrt()
    return 2 * bounds.tail(axis) + 2 * radius * density


def _sums(odd: Odd, s: Any, axes: Sequence[Axis]) -> tuple[Any, Any, Any]:
    """T_R of |g(sy)|^2, <g(sy), y>^2 and G.

    exp(s<y, v_i>) factors over the axes, so S = 1 + sum_i w_i exp, the numerators of g and of m
    are matrix products over the last two axes; g(y) = N(y)/S(y) - N(-y)/S(-y), and only half of
    the first axis is visited: the integrands are even.
    """
    tables = [_table(odd, s, j, axis) for j, axis in enumerate(axes)]
    if len(tables) == 1:
        tables = [[_Entry(arb(0), arb(1), [arb(1)] * len(odd.weights))], *tables]
    *outer, left, right = tables
    lengths = [row[i].sqrt() for i, row in enumerate(odd.inner)]
    columns = [*zip(*odd.offsets, strict=True), lengths]
    square, radial, majorant = arb(0), arb(0), arb(0)
    halves = [table[len(table) // 2 :] if j == 0 else table for j, table in enumerate(outer)]
    for index in product(*halves):
        weights, mirror, place, gauss = list(odd.weights), list(odd.weights), [], arb(1)
        for entry in index:
            weights = [a * b for a, b in zip(weights, entry.growth, strict=True)]
            mirror = [a / b for a, b in zip(mirror, entry.growth, strict=True)]
            place.append(entry.y)
            gauss *= entry.gauss
        if index and index[0].y > 0:
            gauss *= 2
        rows = left if outer else left[len(left) // 2 :]
        ahead = _products(weights, columns, rows, right)
        behind = _products(mirror, columns, _mirrored(rows), _mirrored(right))
        for i, row in enumerate(rows):
            twice = 2 if not outer and row.y > 0 else 1
            for k, column in enumerate(right):
                g2, h, m, y2 = _node(ahead, behind, i, k, [*place, row.y, column.y][-len(axes) :])
                weight = gauss * row.gauss * column.gauss * twice
                square += weight * g2
                radial += weight * h * h
                majorant += weight * m * m * (1 + y2)
    return square, radial, majorant


@dataclass(frozen=True)
class _Entry:
    """A node y of an axis, h phi(y), and exp(s y v_i) for each component."""

    y: Any
    gauss: Any
    growth: Balls


def _node(ahead: list[Any], behind: list[Any], i: int, k: int, y: Balls) -> tuple[Any, ...]:
    """|g|^2, <g, y>, m and |y|^2 at a node."""
    q, p = 1 / (1 + ahead[0][i, k]), 1 / (1 + behind[0][i, k])
    g2, h, y2 = arb(0), arb(0), arb(0)
    for x, a, b in zip(y, ahead[1:-1], behind[1:-1], strict=True):
        g = a[i, k] * q - b[i, k] * p
        g2 += g * g
        h += g * x
        y2 += x * x
    return g2, h, ahead[-1][i, k] * q + behind[-1][i, k] * p, y2


def _products(
    weights: Balls, columns: list[Any], rows: list[_Entry], right: list[_Entry]
) -> list[Any]:
    """Matrices over rows and columns: sum_i w_i E_i, sum_i w_i c_i E_i for each of ``columns``."""
    across = arb_mat([[e.growth[i] for e in right] for i in range(len(weights))])
    scaled = [weights, *([w * c for w, c in zip(weights, col, strict=True)] for col in columns)]
    return [
        arb_mat([[g * w for g, w in zip(e.growth, line, strict=True)] for e in rows]) * across
        for line in scaled
    ]


def _mirrored(entries: list[_Entry]) -> list[_Entry]:
    """The entries at -y, in the order of those at y (growth alone is used)."""
    return [_Entry(-e.y, e.gauss, [1 / g for g in e.growth]) for e in entries]


def _table(odd: Odd, s: Any, j: int, axis: Axis) -> list[_Entry]:
    """The nodes k h, k = -K..K."""
    step = arb(axis.step)
    scale = step / (2 * arb.pi()).sqrt()
    out = []
    for k in range(-axis.count, axis.count + 1):
        y = step * k
        growth = [(s * y * row[j]).exp() for row in odd.offsets]
        out.append(_Entry(y, scale * (-y * y / 2).exp(), growth))
    return out
