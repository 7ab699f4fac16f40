"""Enclosures of products of psi, two or four, L and E[psi_i x] in reduced coordinates, in balls.

The sums of :mod:`gembounds.evaluators.balls.grid` are widened by the rule's error, the truncated
tail and nothing else: rounding is inside the balls, the coordinates are balls from the exact
reduction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from flint import arb, fmpq

from gembounds.evaluators.balls import bounds, hermite
from gembounds.evaluators.balls.grid import ORDERS, Balls, Sums, grid_sums
from gembounds.evaluators.balls.hermite import HermiteAxis
from gembounds.evaluators.balls.peaks import smallest_log_overlap
from gembounds.evaluators.balls.plan import BallPlan, plan_axes
from gembounds.evaluators.reduction.exact import ExactReduction
from gembounds.values.balls import float_ends
from gembounds.values.enclosure import Rule
from gembounds.values.precision import working_precision
from gembounds.values.rule import Axis

GUARD_BITS = 40
"""Extra working bits: the grid's recurrences and sums lose about log2(nodes) of them (a choice:
what is lost is inside the balls, so this decides widths, never truth)."""


TINY = {"moments": 2.0**-50, "fourth": 0.0}
"""Coordinates wider than this get no few-point rule: first moments it bounds only by their width
(a choice), products of four not at all."""

FOURTH = ORDERS["fourth"]


@dataclass(frozen=True)
class Expectations:
    """What one grid gives for the merged components; entries not asked for are None.

    ``overlap[i][k]`` encloses E[psi_i psi_k], ``fourth`` by i <= j <= k <= l
    E[psi_i psi_j psi_k psi_l], ``excess`` encloses E log sum_i pi_i exp(t_i)
    (so L = sum pi_i |mu_i|^2/2 - excess), ``moment[i][j]`` encloses E[psi_i y_j],
    ``first[i]`` encloses E psi_i. ``cut``: ``max_nodes`` did not allow the bits asked for.
    ``depth``: about -log of the smallest overlap that the grid was made for.
    """

    rule: Rule
    cut: bool = False
    overlap: list[Balls] | None = None
    excess: Any = None
    moment: list[Balls] | None = None
    first: Balls | None = None
    fourth: dict[tuple[int, ...], Any] | None = None
    depth: float = 0.0


def grid_fits(reduction: ExactReduction, bits: int, max_nodes: int) -> bool:
    """Whether ``max_nodes`` allow a grid for overlaps of ``bits`` relative bits."""
    if reduction.rank == 0:
        return True
    widths = [float_ends(d)[1] for d in _at(64, reduction.spreads)]
    plan = plan_axes(widths, bits + 3, _depth(reduction), max_nodes)
    return plan is not None and not plan.cut


def expectations(
    reduction: ExactReduction,
    wanted: frozenset[str],
    bits: int,
    precision: int,
    max_nodes: int,
    deep: bool = True,
) -> Expectations:
    """Enclosures with errors near ``2^-bits`` (relative for overlaps, also tiny ones unless not
    ``deep``), or as small as ``max_nodes`` allows; balls at ``precision`` working bits or more."""
    widths = [float_ends(d)[1] for d in _at(64, reduction.spreads)]
    size = len(reduction.weights)
    if reduction.rank == 0:
        one = {(0,) * FOURTH: arb(1)}
        return Expectations(Rule(), False, [[arb(1)]], arb(0), [[]], [arb(1)], one)
    depth = _depth(reduction) if deep and wanted - {"loss"} else 0.0
    tiny = min((TINY[name] for name in wanted if name in TINY), default=math.inf)
    plan = plan_axes(widths, bits + 3, depth, max_nodes, tiny)
    if plan is None:
        unit, inf = arb(0.5, 0.5), arb(0, math.inf)
        everything = [[unit] * size for _ in range(size)]
        nothing = [[inf] * reduction.rank for _ in range(size)]
        fourth = dict.fromkeys(combinations_with_replacement(range(size), FOURTH), unit)
        return Expectations(Rule(), True, everything, _at(64, lambda: _bounded(reduction)),
                            nothing, [unit] * size, fourth)  # fmt: skip
    reach = max((a.radius for a in plan.axes if isinstance(a, Axis)), default=3.0) + max(widths)
    lost = math.ceil(math.log2(2.0 + reach * max(widths) * len(widths)))
    with working_precision(max(precision, bits) + lost + GUARD_BITS):
        return replace(_evaluate(reduction, plan, wanted), depth=depth)


def _evaluate(reduction: ExactReduction, plan: BallPlan, wanted: frozenset[str]) -> Expectations:
    spreads = reduction.spreads()
    weights = [arb(w) for w in reduction.weights]
    r, size = len(plan.axes), len(weights)
    pulls, shifts = _centred(reduction)
    # few-point axes first: the grid's matrices are made of the last two
    order = sorted(range(r), key=lambda j: isinstance(plan.axes[j], Axis))
    axes, ranges = [plan.axes[j] for j in order], [spreads[j] for j in order]
    pulls, shifts = [pulls[j] for j in order], [shifts[j] for j in order]
    sums = grid_sums(axes, pulls, shifts, weights, wanted)

    rho = [_rule_error(a, d) for a, d in zip(axes, ranges, strict=True)]
    lines = [a for a in axes if isinstance(a, Axis)]
    mass = _product([bounds.discrete_total(a) for a in lines])
    tail = sum((bounds.tail(a) * mass for a in lines), arb(0))
    rule = Rule(
        tuple(a.step if isinstance(a, Axis) else 0.0 for a in axes),
        tuple(a.count if isinstance(a, Axis) else a.points // 2 for a in axes),
        tuple(math.inf if x is None else float_ends(x)[1] for x in rho),
        tuple(a.halfwidth if isinstance(a, Axis) else 0.0 for a in axes),
    )
    overlap = excess = moment = first = fourth = None
    if "overlaps" in wanted:
        overlap = [[_relative(x, rho, tail) for x in row] for row in sums.overlap]
    if "fourth" in wanted:
        rho_4 = [_rule_error(a, d, FOURTH) for a, d in zip(axes, ranges, strict=True)]
        fourth = {kind: _relative(x, rho_4, tail) for kind, x in sums.products[FOURTH].items()}
    if "loss" in wanted:
        ceilings = [sum((shifts[j][i] for j in range(r)), arb(0)) for i in range(size)]
        excess = _excess(sums.log_total, axes, ranges, ceilings)
    if "moments" in wanted:
        first = [_relative(x, rho, tail) for x in sums.first]
        rows = _moments(sums, axes, rho, mass, first, ranges)
        moment = [[row[order.index(j)] for j in range(r)] for row in rows]
    return Expectations(rule, plan.cut, overlap, excess, moment, first, fourth)


def _rule_error(axis: Axis | HermiteAxis, spread: Any, order: int = 2) -> Any | None:
    """rho for a product of ``order`` posteriors."""
    if isinstance(axis, Axis):
        return bounds.relative_error(axis, spread, order)
    return hermite.relative_error(axis.points, spread)


def _relative(total: Any, rho: Sequence[Any], tail: Any) -> Any:
    """T_R / prod(1 + rho) <= I <= (T_R + tail) / prod(1 - rho), and 0 <= I <= 1."""
    if any(x is None for x in rho):
        return arb(0.5, 0.5)
    low = (total / _product([1 + x for x in rho])).lower()
    low = low if low > 0 else arb(0)
    if not all(x < 1 for x in rho):
        return low.union(arb(1))
    high = ((total + tail) / _product([1 - x for x in rho])).upper()
    return low.union(high if high < 1 else arb(1))


def _excess(
    total: Any, axes: Sequence[Axis | HermiteAxis], spreads: Balls, ceilings: Balls
) -> Any:
    """E g, g = log sum_i pi_i exp(t_i) >= 0 (Jensen), g(y) <= sum_j |y_j| D_j + K.

    On the strip of axis j, |g(x + ib)| <= g(x) + log sec(theta/2) + theta: the modulus loses at
    most cos(theta/2), and the angles of the terms lie within theta of 0. The rule's errors of
    the axes add; what multiplies each is at most the largest mixed sum or integral of that.
    Few-point axes add their own absolute error.
    """
    lines = [(a, d) for a, d in zip(axes, spreads, strict=True) if isinstance(a, Axis)]
    ceiling = arb(0)
    for c in ceilings:
        ceiling = c.upper() if c.upper() > ceiling else ceiling
    mass = _product([bounds.discrete_total(a) for a, _ in lines])
    reach = arb(ceiling)
    for axis, spread in zip(axes, spreads, strict=True):
        # sums and integrals of |y|: at most 1 for the few-point rules, by Cauchy-Schwarz
        moment = bounds.discrete_first_moment(axis) if isinstance(axis, Axis) else 1
        reach += spread * moment
    error, tail = arb(0), arb(0)
    for axis, spread in zip(axes, spreads, strict=True):
        if isinstance(axis, HermiteAxis):
            error += hermite.log_error(axis.points, spread) * mass
    for axis, spread in lines:
        cosine = bounds.sector_cosine(axis, spread)
        if cosine is None:
            return arb(0, math.inf)
        theta = arb(axis.halfwidth) * spread
        error += bounds.one_strip_error(axis) * (reach - cosine.log() + theta) * mass
        outside = bounds.tail(axis) * reach
        tail += (outside + bounds.first_moment_tail(axis) * spread) * mass
    low = (total - error).lower()
    high = (total + error + tail).upper()
    return (low if low > 0 else arb(0)).union(high)


def _centred(reduction: ExactReduction) -> tuple[list[Balls], list[Balls]]:
    """u_mj - sum_k pi_k u_kj and sum_k pi_k u_kj^2/2 - u_mj^2/2, both [j][m], each from one
    rational: where all u are far from the origin nothing cancels."""
    pulls, shifts = [], []
    for row, square in zip(reduction.numerators, reduction.squares, strict=True):
        root = arb(square).sqrt()
        pairs = list(zip(reduction.weights, row, strict=True))
        centre = sum((w * x for w, x in pairs), fmpq(0))
        half = sum((w * x * x for w, x in pairs), fmpq(0))
        pulls.append([arb(x - centre) / root for x in row])
        shifts.append([arb((half - x * x) / (2 * square)) for x in row])
    return pulls, shifts


def _bounded(reduction: ExactReduction) -> Any:
    """0 <= E g <= sum_j D_j + K with no grid at all, as E abs(y) <= 1."""
    _, shifts = _centred(reduction)
    ceilings = [sum(row, arb(0)).upper() for row in zip(*shifts, strict=True)]
    top = arb(0)
    for x in ceilings:
        top = x if x > top else top
    total = top + sum(reduction.spreads(), arb(0))
    return arb(0).union(arb(total.upper()))


def _moments(
    sums: Sums, axes: Sequence[Axis | HermiteAxis], rho: Sequence[Any], mass: Any,
    first: Balls, spreads: Balls,
) -> list[Balls]:  # fmt: skip
    """E[psi_i y_j] = T_R +- (rule + tail), y over the trapezoidal axes.

    On a line of axis l, |psi_i(z)| <= psi_i(x)/cos(theta/2), |y_j| or |x + ib| is at most
    (1 + y^2 + a^2)/2 + a: all at most M = (1 + a)^2 (1 + |y|^2), so the error of axis l is at
    most rho_l times the mixed sum of psi_i M. That mixed sum is in turn bounded by the full
    sum: psi_i (1 + |y|^2) phi is analytic too, |1 + z^2| <= 2 (1 + a)^2 (1 + x^2), so with
    sigma_l = 2 (1 + a_l)^2 rho_l its mixed sums are at most T / prod(1 - sigma_l).
    Tail: |y_j| psi_i <= 1 + |y|^2.

    Few-point axes: M does not depend on their coordinate, so rho_l does. Along them
    E[psi_i z_j] = E d psi_i/d z_j (Stein) is at most D_j E psi_i in size.
    """
    size, r = len(sums.first), len(axes)
    everything = [[arb(0, math.inf)] * r for _ in range(size)]
    if any(x is None for x in rho):
        return everything
    lines = [a for a in axes if isinstance(a, Axis)]
    grown = [
        2 * (1 + arb(a.halfwidth if isinstance(a, Axis) else 0)) ** 2 * x
        for a, x in zip(axes, rho, strict=True)
    ]
    if not all(x < 1 for x in grown):
        return everything
    far = sum((_second_tail(a) for a in lines), arb(0)) * (1 + r) * mass * mass
    shrink = _product([1 - x for x in grown])
    out = []
    for i in range(size):
        scale = (sums.first[i] + sums.second[i] + far) / shrink
        error = arb((sum(grown, arb(0)) * scale + far).upper())
        row = []
        for axis, spread, x in zip(axes, spreads, sums.moment[i], strict=True):
            inside = isinstance(axis, Axis)
            row.append(x + error * arb(0, 1) if inside else
                       arb(0, 1) * arb((spread * first[i]).upper()))  # fmt: skip
        out.append(row)
    return out


def _second_tail(axis: Axis) -> Any:
    """``h sum_{abs(k) > K} (1 + y^2) phi <= 2 int_R^inf`` for R >= 2, where it decreases; the
    integral of y^2 phi is R phi(R) + Pr[Z > R]."""
    radius = arb(axis.step) * axis.count
    if not radius >= 2:
        return arb.pos_inf()
    density = (-radius * radius / 2).exp() / (2 * arb.pi()).sqrt()
    return 2 * bounds.tail(axis) + 2 * radius * density


def _depth(reduction: ExactReduction) -> float:
    u = np.array([[float(x.mid()) for x in row] for row in _at(64, reduction.coordinates)])
    if not np.abs(u).max() < 1e6:
        return 0.0
    log_weights = np.array([float(w.log().mid()) for w in _at(64, lambda: _balls(reduction))])
    value = smallest_log_overlap(u, log_weights)
    return max(0.0, -value) if math.isfinite(value) else 0.0


def _balls(reduction: ExactReduction) -> Balls:
    return [arb(w) for w in reduction.weights]


def _at(bits: int, make: Any) -> Any:
    with working_precision(bits):
        return make()


def _product(values: Sequence[Any]) -> Any:
    out = arb(1)
    for x in values:
        out *= x
    return out
