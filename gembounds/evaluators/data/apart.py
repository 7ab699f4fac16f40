"""Sums of overlaps where the components are far apart: from each centre of the data the near ones
alone, and what leaving out the others costs at most (:mod:`gembounds.evaluators.float64.far`).

With e_j >= sum_i E psi_i over N(a_j, I), over the i left out, psi_i psi_k of two near ones is that
of the near ones' mixture times (1 - sum psi_i)^2, so its mean is at most 2 e_j less; one that is
left out has E psi_i <= e_j. Sums over all components need no more; overlaps themselves do, since
each is accurate relative to itself.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import Components, difference
from gembounds.evaluators.data.rounded import SHARE, costs, largest_norm
from gembounds.evaluators.data.together import Sums, simple
from gembounds.evaluators.float64.errors import SLACK
from gembounds.evaluators.float64.far import Seen, left_out, seen_from
from gembounds.evaluators.float64.overlaps import enclose_overlaps
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

WIDE = 20.0
"""Entries of means that differ by less are not far enough (a choice)."""

LEFT_OUT = 0.01
"""Part of rtol, of each E psi_i, that components left out may cost."""

FIRST_GUESS = 1e-12
"""E psi_i is taken to be this small at first (a choice: it matters little what is taken)."""


@np.errstate(all="ignore")
def sums(mix: Mixture, data: Components, rtol: float, max_nodes: int) -> Sums | None:
    """None where nothing is far, or what is left out would matter."""
    if not (simple(mix, data) and WIDE < float(mix.means.max() - mix.means.min()) < math.inf):
        return None
    seen = seen_from(mix.means, mix.weights, mix.log_weights, data.mix.means)
    if seen is None:
        return None
    most = LEFT_OUT * rtol / (1 + 2 * float(seen.half.max()))
    bounds = left_out(seen)
    near = ~(bounds <= FIRST_GUESS * most / mix.n)
    if near.all():
        return None
    left = float(np.where(near, 0.0, bounds).sum(axis=1).max()) * (1 + 4 * mix.n * U)
    parts, worst = np.zeros((data.mix.n, mix.n, mix.n)), 0.0
    for j, some in enumerate(map(np.flatnonzero, near)):
        found = _near(seen, some, data.mix.means[j], rtol, max_nodes)
        if found is None:
            return None
        parts[j][np.ix_(some, some)], error = found
        worst = max(worst, error)
    least_weights, weights = data.weights
    masses = np.tensordot(weights, parts, 1).sum(axis=1)
    if not left <= most * float(masses.min()):
        return None
    off = float(((weights - least_weights) / weights).max()) + 2 * U
    return Sums(parts, 1 - worst, 1 + worst, left + SLACK, weights, off, 2 * left)


def _near(
    seen: Seen, some: IndexArray, centre: FloatArray, rtol: float, max_nodes: int
) -> tuple[FloatArray, float] | None:
    """Overlaps from ``centre`` of the components ``some`` by themselves, and a bound of their
    relative error; ``SLACK`` besides."""
    if len(some) == 1:
        return np.ones((1, 1)), 0.0
    means, lost = difference(seen.means[some], centre)
    growth = float(costs(largest_norm(means[None]), np.abs(lost)[None])[0][0])
    if not growth < SHARE * rtol:
        return None
    own = seen.weights[some]
    lower, upper, _ = enclose_overlaps(Mixture(means, own / own.sum()), rtol, max_nodes)
    middle = 0.5 * (lower + upper)
    width = float(((upper - lower) / (lower + upper)).max(initial=0.0, where=upper > SLACK))
    # weights that err by (n + 8) U change the logits by twice as much
    error = (width + growth + (8 * len(some) + 80) * U) * 1.01
    return (middle, error) if error < SHARE else None
