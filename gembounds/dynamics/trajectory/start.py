"""What a run works on: classes of components in canonical order, and their symmetries."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
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
IndexArray = npt.NDArray[np.intp]

MAX_EXACT = 10**5
"""Most entries of rational means that are compared exactly for symmetries (a choice)."""


LIGHTEST = 1e-280
"""Weights less than this beside the heaviest are not taken together with others."""


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

    def seen(self, means: FloatArray) -> Any:
        """max |mu_i - a_j| of means (..., k, d), rounded up."""
        if self.data.at_origin:
            return largest(means)
        centres, inexact = self.data.mix.means, self.data.mix.means_error
        away = largest(means[..., None, :, :] - centres[:, None]).max(axis=-1)
        return away * (1 + 4 * U) + inexact * largest(centres) * (1 + 4 * U)

    def structure(self) -> Hashable:
        """What the starts that go together have in common, besides the data."""
        symmetry = [None if x is None else (x.shape, x.tobytes()) for x in self.symmetry]
        return self.merged.means.shape, self.counts.tobytes(), *symmetry

    def back(self, states: FloatArray) -> FloatArray:
        """States (..., k, d) of the run as means (..., n, d) in the order given."""
        return self.canonical.back(states)[..., self.classes.place, :]


class Starts(NamedTuple):
    """B starts of one structure: classes of as many members, the same symmetries and data;
    ``weights`` (B, k) of the classes, ``error`` (B,), and ``shares`` (B, k), in proportion to the
    weights exactly, or None where no float64 are."""

    each: tuple[Start, ...]
    weights: FloatArray
    error: FloatArray
    shares: FloatArray | None

    @classmethod
    def of(cls, each: Sequence[Start]) -> Starts:
        """Of starts that have one :meth:`Start.structure`."""
        weights = np.array([one.merged.weights for one in each])
        shares = [_in_proportion(one.merged.exact_weights) for one in each]
        exact = None if None in shares else np.array(shares)
        return cls(tuple(each), weights, np.array([one.error for one in each]), exact)

    @property
    def counts(self) -> FloatArray:
        return self.each[0].counts

    @property
    def symmetry(self) -> Symmetry:
        return self.each[0].symmetry

    @property
    def data(self) -> Components:
        return self.each[0].data

    def seen(self, means: FloatArray) -> Any:
        """See :meth:`Start.seen`."""
        return self.each[0].seen(means)

    def taken(self, index: IndexArray) -> Starts:
        """Some of them, in their order."""
        if len(index) == len(self.each):
            return self
        each = tuple(self.each[b] for b in index.tolist())
        shares = None if self.shares is None else self.shares[index]
        return Starts(each, self.weights[index], self.error[index], shares)

    def mixture(self, b: int, means: FloatArray, shares: FloatArray | None) -> Mixture:
        """The classes of start b at ``means`` (k, d), which the caller gives away, with weights
        ``shares`` (B, k), or its own."""
        return self.each[b].merged.moved(means) if shares is None else Mixture(means, shares[b])


def _in_proportion(weights: tuple[Fraction, ...]) -> list[float] | None:
    """float64 numbers in proportion to the weights, or None."""
    scale = math.lcm(*(w.denominator for w in weights))
    whole = [int(w * scale) for w in weights]
    shift = max(whole).bit_length()
    exact = [Fraction(x, 1 << shift) for x in whole]
    found = [float(x) for x in exact]
    return found if min(found) > LIGHTEST and found == exact else None


def start_of(mix: Mixture, data: Mixture | None = None) -> Start:
    """Classes, canonical order and symmetries of ``mix``; over data other than N(0, I) the order
    given."""
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
    centres = over.mix
    labels = _labels(mix, centres, ordered, classes, canonical)
    own = [(0, w, c) for w, c in zip(weights, counts.tolist(), strict=True)]
    colours: list[Hashable] = [*own, *((1, w) for w in centres.exact_weights)]
    symmetry = symmetry_of(np.vstack((ordered, centres.means)), labels, colours, len(own))
    merged = Mixture(ordered, weights)
    return Start(mix, classes, canonical, merged, counts, symmetry, mix.means_error, over)


def _labels(
    mix: Mixture, data: Mixture, ordered: FloatArray, classes: Classes, canonical: Canonical
) -> Any:
    """Numbers that are equal, or of opposite sign, where the exact entries of the means and the
    data are; None where there are too many to look."""
    if not (mix.means_error or data.means_error):
        return np.vstack((ordered, data.means))
    if ordered.size + data.means.size > MAX_EXACT:
        return None
    known: dict[Fraction, int] = {Fraction(0): 0}

    def label(x: Fraction) -> float:
        number = float(known.setdefault(abs(x), len(known)))
        return number if x > 0 else -number

    means = [mix.exact_means[i] for i in classes.first.tolist()]
    own, over = (
        np.array([[label(x) for x in row] for row in rows]) for rows in (means, data.exact_means)
    )
    return np.vstack((canonical.of(own), over))
