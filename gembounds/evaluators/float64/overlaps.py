"""Overlaps in float64: a grid chosen for rtol, its sums, and what they prove."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import Coordinates, coordinates, without_tiny
from gembounds.evaluators.float64.errors import USELESS, Ends, ends, facts, rounding_errors
from gembounds.evaluators.float64.grid import make_grid, softmax_sums
from gembounds.evaluators.float64.plan import (
    FIRST_GUESS,
    LEAST,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    nodes_of,
    plan_axes,
)
from gembounds.evaluators.float64.product import product_sums
from gembounds.evaluators.float64.two import enclose_two
from gembounds.tools.errors import RankError
from gembounds.values.enclosure import Rule
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

MAX_RANK = 5
TINY_SHARE = 0.01
"""Part of rtol for coordinates that are left out."""


def enclose_overlaps(mix: Mixture, rtol: float, max_nodes: int) -> Ends:
    """Lower and upper ends of E[psi_i psi_k], (n, n), not to be written to, and the rule; kept
    with the mixture, since three quantities are made of them."""
    key = "float64: overlaps", rtol, max_nodes
    return mix.kept(key, lambda: _enclosed(mix, rtol, max_nodes))


@np.errstate(all="ignore")
def _enclosed(mix: Mixture, rtol: float, max_nodes: int) -> Ends:
    found = enclose_two(mix, rtol, max_nodes) if mix.n == 2 else None
    return found or _enclose(mix, rtol, max_nodes)


def _enclose(mix: Mixture, rtol: float, max_nodes: int) -> Ends:
    co, tiny, _ = without_tiny(coordinates(mix, rtol), TINY_SHARE * rtol, math.inf)
    n, r = mix.n, co.rank
    check_rank(r)
    k = co.c + co.log_weights
    logs = k.tolist()
    top = max(logs)
    k -= top
    # what is not finite in v or k makes a spread or the least of k not finite
    sizes = [*co.spreads, min(logs) - top]
    if not (all(map(math.isfinite, sizes)) and co.beyond < USELESS):
        return trivial(n)
    if r == 0:
        return _constant(co, tiny)
    goal = FIRST_GUESS
    found: Ends | None = None
    for _ in range(2):
        axes = plan_axes(co.spreads, RULE_SHARE * rtol / r, TAIL_SHARE * rtol * goal, max_nodes)
        sums = None if axes is None else _grid_sums(axes, k, co)
        if axes is None or sums is None:
            break
        total, error = sums
        known = facts(axes)
        found = ends(total, error + 2 * tiny, known)
        smallest = max(min(total.ravel().tolist()), LEAST)
        enough = known.outside <= RETRY * TAIL_SHARE * rtol * smallest
        if enough or 2 * nodes_of(axes) >= max_nodes:
            break
        goal = 0.5 * smallest  # a smaller overlap than was reached out for
    return found or trivial(n)


def _grid_sums(
    axes: tuple[Axis, ...], k: FloatArray, co: Coordinates
) -> tuple[FloatArray, float] | None:
    """The sums and the relative error exponent; None where that is useless."""
    grid = make_grid(axes, co.v, k)
    error = rounding_errors(grid, co).overlap
    if not error < USELESS:
        return None
    return product_sums(grid) if grid.product_form else softmax_sums(grid), error


def trivial(n: int) -> Ends:
    return np.zeros((n, n)), np.ones((n, n)), Rule()


def check_rank(r: int) -> None:
    if r > MAX_RANK:
        raise RankError(
            f"the means span {r} dimensions after reduction: float64 grids go up to {MAX_RANK}; "
            'use evaluator="qmc"'
        )


def _constant(co: Coordinates, tiny: float) -> Ends:
    """No coordinates: psi_i = pi_i but for what ``beyond``, error_c and rounding allow."""
    k = co.c + co.log_weights
    z = np.exp(k - k.max())
    z /= z.sum()
    size = float(np.abs(co.c).max() + np.abs(co.log_weights).max())
    logit = co.error_c + co.error_w + 4 * U * (size + float(np.ptp(k))) + 20 * U
    error = 4 * logit + (2 * len(k) + 20) * U + 4 * co.beyond + 8 * co.beyond**2 + 2 * tiny
    total = np.outer(z, z)
    return ends(total, error, facts(())) if error < USELESS else trivial(len(k))
