"""Fourth-order overlaps of one mixture from the components near the origin, in float64.

With e >= the sum of E psi_i over the components left out
(:mod:`gembounds.evaluators.float64.far`), a product of four posteriors of others is that of the
others' mixture times (1 - sum psi_i)^4, so its mean is at most 4 e less; where one of those left
out is among the four, it is at most e.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gembounds.dynamics.trajectory.float_step import Part
from gembounds.evaluators.float64.coordinates import Coordinates, coordinates
from gembounds.evaluators.float64.far import left_out, seen_from
from gembounds.evaluators.float64.fourth import Fourth, fourth_overlaps
from gembounds.values.mixture import Mixture

WIDE = 20.0
"""Means that differ by less are not far enough (a choice)."""

LEFT_OUT = 1e-20
"""What leaving components out may cost, over the square of the largest |mu_i|^2, which the
Hessian multiplies it with (a choice: far below rounding)."""


@np.errstate(all="ignore")
def near_fourths(part: Part, b: int, tries: Sequence[float]) -> Fourth | None:
    """Of mixture b of a part, to the first of the relative errors ``tries`` that fits; None where
    none does."""
    co, means = part.coordinates(b), part.means[b]
    n, d = means.shape
    seen = None
    if n > 1 and WIDE < sum(co.spreads) < np.inf:
        weights = np.exp(co.log_weights)
        seen = seen_from(means, weights, co.log_weights, np.zeros((1, d)))
    if seen is not None:
        bounds = left_out(seen)[0]
        near = ~(bounds * (1 + 2 * float(seen.half.max())) ** 2 <= LEFT_OUT / n)
        if not near.all():
            some = np.flatnonzero(near)
            own = coordinates(Mixture(means[some]), 1e-6)
            own = own._replace(log_weights=co.log_weights[some], error_w=co.error_w)
            found = _first(own, tries)
            if found is None:
                return None
            values = np.zeros((n,) * 4)
            values[np.ix_(*[some] * 4)] = found.values
            left = float(bounds[~near].sum()) * 1.01
            return Fourth(values, found.relative, found.absolute + 4 * left)
    return _first(co, tries)


def _first(co: Coordinates, tries: Sequence[float]) -> Fourth | None:
    each = (fourth_overlaps(co, error) for error in tries)
    return next((found for found in each if found is not None), None)
