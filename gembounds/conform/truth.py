"""Certified values at a case, and the sizes that errors are measured against.

float64 enclosures first, balls where those are too wide for what is asked. All matrices of
sums are formed from one enclosure of the overlaps, with the rounding of the sums bounded
(:mod:`gembounds.evaluators.float64.quantities`).
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.density import Density
from gembounds.conform.protocol import FloatArray
from gembounds.evaluators import quantities
from gembounds.evaluators.float64.pointwise import posteriors
from gembounds.evaluators.float64.quantities import around, middle_and_radius
from gembounds.values.enclosure import Enclosure
from gembounds.values.rounding import U, gamma

FLOAT_RTOL = 1e-12
"""Best accuracy asked of float64's rule."""

ROUNDING_SHARE = 0.1
"""Width that counts as narrow, of what rounding may cost a core in float64."""

BITS = 60
"""Accuracy asked of balls."""

NODES, BALL_NODES, PAIRS = 2**23, 2**17, 36
"""Nodes that one value may cost (a choice: about a second at the very most); of balls, for as many
pairs of components, and fewer for more."""

UNSEEN = 1e-282
"""Numbers below this count as lost to underflow (:mod:`gembounds.conform.tolerance`)."""

BLOWN = 1 + 2.0**-40
"""Covers the few roundings of a bound formed from positive terms."""


def truth_of(case: Case, accuracy: float) -> Truth:
    """The :class:`Truth` at ``case``, kept with it."""
    return case.kept(("truth", accuracy), lambda: Truth(case, accuracy))


class Truth:
    """Enclosures at ``case``; ``accuracy`` is the width that would do, relative to the overlaps'
    rows and to sum pi_i |mu_i|^2/2. Each is evaluated when it is asked for, once."""

    def __init__(self, case: Case, accuracy: float = 1e-12) -> None:
        self.case = case
        self.accuracy = accuracy
        self.rtol = min(max(0.2 * accuracy, FLOAT_RTOL), 1e-3)

    # -- values ----------------------------------------------------------------------------
    @cached_property
    def overlaps(self) -> Enclosure:
        """P_ik, (n, n)."""
        found = quantities.overlaps(self.case.mix, rtol=self.rtol, max_nodes=NODES)
        rounding = ROUNDING_SHARE * U * overlap_factors(self.case, found.upper) * found.upper
        if narrow(found, self.accuracy, least_of_pairs(found.upper), rounding):
            return spread(self.case, _plain(found), 2)
        better = quantities.overlaps(
            self.case.mix, evaluator="arb", bits=BITS, max_nodes=ball_nodes(self.case.n)
        )
        return spread(self.case, both(found, better), 2)

    @cached_property
    def loss(self) -> Enclosure:
        """L, for the weights divided by their sum or not: both readings are inside."""
        mix = self.case.mix
        found = quantities.loss(mix, rtol=self.rtol, max_nodes=NODES)
        rounding = ROUNDING_SHARE * U * loss_terms(self.case)
        if not narrow(found, self.accuracy, np.asarray(self.half), rounding):
            better = quantities.loss(mix, evaluator="arb", bits=BITS, max_nodes=BALL_NODES)
            found = both(found, better)
        excess = 2 * abs(float(sum(map(Fraction, self.case.weights.tolist())) - 1))
        if excess:
            found = around(found.mid, found.rad + excess)
        return _plain(found)

    @cached_property
    def gradient(self) -> Enclosure:
        """sum_k P_ik mu_k, (n, d)."""
        middle, radius = self._parts
        means = self.case.means
        error = (radius + gamma(self.case.n + 2) * middle) @ np.abs(means)
        return around(middle @ means, error * BLOWN + 1e-300)

    @cached_property
    def psi_tilde_norm2(self) -> Enclosure:
        """sum_ik P_ik <mu_i, mu_k>."""
        middle, radius = self._parts
        means, n, d = self.case.means, self.case.n, self.case.d
        error = (radius + gamma(d + n * n + 4) * middle) * self.products * BLOWN
        value = np.asarray(np.sum(middle * (means @ means.T)))
        return around(value, np.asarray(np.sum(error) * BLOWN + 1e-300))

    def em_step(self, eta: float) -> Enclosure:
        """means - eta gradient, (n, d)."""
        gradient, means = self.gradient, self.case.means
        value = means - eta * gradient.mid
        error = eta * gradient.rad + 3 * gamma(4) * (np.abs(means) + eta * np.abs(gradient.mid))
        return around(value, error * BLOWN + 1e-300)

    @cached_property
    def psi(self) -> Enclosure:
        """psi_i at the distinct places, (m, n); row by row in balls where float64 is too wide."""
        case = self.case
        found = posteriors(case.mix, case.places)
        lower, upper = found.lower.copy(), found.upper.copy()
        room = self.accuracy + ROUNDING_SHARE * U * psi_factors(case)
        wide = np.any(upper - lower > room[:, None] * upper + UNSEEN, axis=1)
        for k in np.flatnonzero(wide):
            row = quantities.psi(case.mix, case.places[k].tolist())
            lower[k], upper[k] = row.lower, row.upper
        return spread(case, Enclosure(lower, upper, "float64"), 1, first=1)

    @cached_property
    def density(self) -> Density:
        return Density(self.case)

    @cached_property
    def log_prob(self) -> Enclosure:
        """At the distinct places, (p,)."""
        near = self.accuracy * self.density.size
        return self.density.enclosed(near + ROUNDING_SHARE * U * self.density.terms)

    def value(self, function: str) -> Enclosure:
        """The enclosure of a function of the protocol at this case."""
        if function == "em_step":
            return self.em_step(self.case.eta)
        found: Enclosure = getattr(self, function)
        return found

    # -- sizes -----------------------------------------------------------------------------
    @cached_property
    def half(self) -> float:
        """sum_i pi_i |mu_i|^2/2, to rounding."""
        return float(0.5 * np.dot(self.case.weights, self.case.norms**2))

    @cached_property
    def products(self) -> FloatArray:
        """|mu_i| |mu_k|, (n, n)."""
        return np.outer(self.case.norms, self.case.norms)

    @cached_property
    def masses(self) -> FloatArray:
        """E psi_i from above, (n,)."""
        return np.asarray(np.minimum(self.overlaps.upper.sum(axis=1), 1.0))

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        return middle_and_radius(self.overlaps.lower, self.overlaps.upper)


def ball_nodes(n: int) -> int:
    """Nodes for all overlaps of n components."""
    return BALL_NODES * PAIRS // max(PAIRS, n * (n + 1) // 2)


def least_of_pairs(upper: FloatArray) -> FloatArray:
    """min(E psi_i, E psi_k) from above, (n, n), given P from above."""
    masses = upper.sum(axis=1)
    return np.asarray(np.minimum.outer(masses, masses))


def narrow(found: Enclosure, accuracy: float, scale: FloatArray, more: Any = 0.0) -> bool:
    """Whether the widths are within ``accuracy`` times ``scale`` plus ``more``, or below
    ``UNSEEN``."""
    return bool(np.all(found.upper - found.lower <= accuracy * scale + more + UNSEEN))


def largest_log(case: Case) -> float:
    """max |log pi_i|, of weights that are not 0."""
    return -math.log(float(case.mix.weights.min()))


def psi_factors(case: Case) -> FloatArray:
    """2 (d + 8) B(x) + n + 32 of :mod:`gembounds.conform.tolerance` at each place, (m,)."""
    squares = (np.linalg.norm(case.places, axis=1) + case.norms.max()) ** 2
    reach = 0.5 * squares + largest_log(case)
    return np.asarray(2 * (case.d + 8) * reach + case.n + 32)


def overlap_factors(case: Case, upper: FloatArray) -> FloatArray:
    """4 (d + 8) E_f B + 2 n + 64 of :mod:`gembounds.conform.tolerance`, (n, n), for overlaps at
    most ``upper``."""
    rarity = -np.log(np.maximum(upper, 1e-300))
    reach = 4 * rarity + 1.4 * case.d + float(case.norms.max()) ** 2 + largest_log(case)
    return np.asarray(4 * (case.d + 8) * reach + 2 * case.n + 64)


def loss_terms(case: Case) -> float:
    """(d + 8) E B + n + 32 of the same."""
    reach = case.d + float(case.norms.max()) ** 2 + largest_log(case)
    return (case.d + 8) * reach + case.n + 32


def spread(case: Case, found: Enclosure, axes: int, first: int = 0) -> Enclosure:
    """An enclosure over the components of weight above 0 as one over all, in ``axes`` axes from
    the ``first``: the others' entries are 0."""
    if case.present.all():
        return found
    where = np.full(case.n, -1)
    where[case.present] = np.arange(case.mix.n)
    lower, upper = found.lower, found.upper
    for axis in range(first, first + axes):  # -1 takes the 0 that is put last
        lower, upper = (
            np.take(np.insert(end, case.mix.n, 0.0, axis=axis), where, axis=axis)
            for end in (lower, upper)
        )
    return Enclosure(lower, upper, found.evaluator)


def _plain(found: Enclosure) -> Enclosure:
    return Enclosure(found.lower, found.upper, found.evaluator)


def both(one: Enclosure, other: Enclosure) -> Enclosure:
    """The intersection: both contain the value."""
    lower = np.maximum(one.lower, other.lower)
    return Enclosure(lower, np.minimum(one.upper, other.upper), other.evaluator)
