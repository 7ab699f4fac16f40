"""What a run works on: classes of components in canonical order, and their symmetries."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.canonical import Canonical, canonical_of
from gembounds.dynamics.trajectory.classes import Classes, classes_of
from gembounds.dynamics.trajectory.sums import largest
from gembounds.dynamics.trajectory.symmetry import Symmetry, symmetry_of
from gembounds.evaluators.data.components import Components, checked_data
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]

MAX_EXACT = 10**5
"""Most entries of rational means that are compared exactly for symmetries (a choice)."""


class Start(NamedTuple):
    """``merged``: the mixture of the k classes, float64 means; ``counts`` (k,) their members;
    ``error`` >= the distance of the members' means to the exact ones, entry by entry relative."""

    given: Mixture
    classes: Classes
    canonical: Canonical
    merged: Mixture
    counts: FloatArray
    symmetry: Symmetry
    error: float
    data: Components

    def seen(self, means: FloatArray) -> float:
        """max |mu_i - a_j|, rounded up."""
        if self.data.at_origin:
            return largest(means)
        centres, inexact = self.data.mix.means, self.data.mix.means_error
        away = max(largest(means - a) for a in centres)
        return away * (1 + 4 * U) + inexact * largest(centres) * (1 + 4 * U)

    def back(self, states: FloatArray) -> FloatArray:
        """States (..., k, d) of the run as means (..., n, d) in the order given."""
        return self.canonical.back(states)[..., self.classes.place, :]


def start_of(mix: Mixture, data: Mixture | None = None) -> Start:
    """Classes, canonical order and symmetries of ``mix``; over data other than N(0, I) the order
    given, and no symmetries."""
    over = checked_data(mix.d, data)
    classes = classes_of(mix)
    means = mix.means[classes.first] + 0.0
    if over.at_origin:
        canonical = canonical_of(means, classes.weights, classes.counts)
    else:
        k, d = means.shape
        canonical = Canonical(np.arange(k), np.arange(d), np.ones(d))
    rows = canonical.rows
    weights: tuple[Fraction, ...] = tuple(classes.weights[a] for a in rows)
    counts = classes.counts[rows]
    ordered = canonical.of(means)
    labels = _labels(mix, ordered, classes, canonical)
    symmetry = Symmetry(None, None)
    if over.at_origin:
        symmetry = symmetry_of(ordered, labels, weights, counts)
    merged = Mixture(ordered, weights)
    return Start(mix, classes, canonical, merged, counts, symmetry, mix.means_error, over)


def _labels(mix: Mixture, ordered: FloatArray, classes: Classes, canonical: Canonical) -> Any:
    """Numbers that are equal, or of opposite sign, where the exact entries are; None where there
    are too many to look."""
    if not mix.means_error:
        return ordered
    if ordered.size > MAX_EXACT:
        return None
    known: dict[Fraction, int] = {Fraction(0): 0}

    def label(x: Fraction) -> float:
        number = float(known.setdefault(abs(x), len(known)))
        return number if x > 0 else -number

    rows = [[label(x) for x in mix.exact_means[i]] for i in classes.first.tolist()]
    return canonical.of(np.array(rows))
