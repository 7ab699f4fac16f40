"""Symmetries of a start, found once and kept exactly at every step.

A permutation s of the classes with equal weights and <mu_s(a), mu_s(b)> = <mu_a, mu_b> for all
a, b is an isometry of the means, so E[psi_s(a) psi_s(b)] = E[psi_a psi_b], at the start and, in
exact arithmetic, ever after. Enclosures of such pairs are replaced by their hull, which is an
enclosure of each whether or not the inner products are equal exactly. Where the isometry permutes
coordinates and changes signs, the states that are symmetric under it form a linear space spanned
by signed sums of entries; rounding keeps to it, so only it matters for how errors grow.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.automorphisms import generators
from gembounds.dynamics.trajectory.sums import ordered_sum

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

MAX_ENTRIES = 400
"""Most entries of the means for which a basis of the symmetric states is made (a choice)."""


class Symmetry(NamedTuple):
    """``orbit[a, b]`` numbers the pair's orbit, or None where all pairs are alone; ``basis``
    (k d, f), orthonormal up to rounding, of the symmetric states, or None: all states."""

    orbit: IndexArray | None
    basis: FloatArray | None

    def hull(self, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The least lower and the largest upper ends over the orbits, for (..., k, k)."""
        if self.orbit is None:
            return lower, upper
        place = self.orbit.ravel()
        order = np.argsort(place, kind="stable")
        starts = np.flatnonzero(np.diff(place[order], prepend=-1))
        low, high = (x.reshape(*x.shape[:-2], -1)[..., order] for x in (lower, upper))
        low, high = (f.reduceat(x, starts, axis=-1)
                     for f, x in ((np.minimum, low), (np.maximum, high)))  # fmt: skip
        return low[..., self.orbit], high[..., self.orbit]


def symmetry_of(means: FloatArray, labels: Any, weights: Any, counts: FloatArray) -> Symmetry:
    """The symmetries of the classes' means (k, d); ``labels`` (k, d) are equal, or of opposite
    sign, or 0, exactly where the exact entries are (None: unknown)."""
    k, d = means.shape
    with np.errstate(over="ignore", invalid="ignore"):
        gram = ordered_sum(means[:, None, :] * means[None], 2)
    colours = [(w, c) for w, c in zip(weights, counts.tolist(), strict=True)]
    found = generators(gram, colours)
    orbit = _pair_orbits(found, k) if found else None
    if labels is None or k * d > MAX_ENTRIES:
        return Symmetry(orbit, None)
    return Symmetry(orbit, _basis(labels, found))


def _pair_orbits(found: list[IndexArray], k: int) -> IndexArray:
    numbers = np.arange(k * k).reshape(k, k)
    numbers = np.minimum(numbers, numbers.T)
    while True:
        before = numbers
        for s in found:
            numbers = np.minimum(numbers, numbers[np.ix_(s, s)])
            back = np.argsort(s)
            numbers = np.minimum(numbers, numbers[np.ix_(back, back)])
        numbers = np.minimum(numbers, numbers.T)
        if np.array_equal(before, numbers):
            break
    _, out = np.unique(numbers, return_inverse=True)
    return np.asarray(out.reshape(k, k), dtype=np.intp)


def _basis(means: FloatArray, found: list[IndexArray]) -> FloatArray | None:
    """Signed orbits of the entries (a, j): (a, j) ~ sign (s(a), place(j)), and (a, j) ~ -(a, j)
    where column j is 0. None where no entry is tied to another."""
    k, d = means.shape
    ties: list[tuple[int, int, int]] = []
    for s in found:
        columns = _matched(means, means[s])
        for j, (place, way) in enumerate(columns or []):
            ties += [(int(s[a]) * d + j, a * d + place, way) for a in range(k)]
    zero = [j for j in range(d) if not means[:, j].any()]
    ties += [(a * d + j, a * d + j, -1) for j in zero for a in range(k)]
    if not ties:
        return None
    root, sign, dead = list(range(k * d)), [1] * (k * d), [False] * (k * d)

    def find(i: int) -> tuple[int, int]:
        way = 1
        while root[i] != i:
            way *= sign[i]
            i = root[i]
        return i, way

    for i, j, tie in ties:
        (a, p), (b, q) = find(i), find(j)
        if a == b:
            dead[a] = dead[a] or p * q != tie
        else:
            root[b], sign[b] = a, p * q * tie
            dead[a] = dead[a] or dead[b]
    out = np.zeros((k * d, k * d))
    for i in range(k * d):
        a, way = find(i)
        if not dead[a]:
            out[i, a] = way
    out = out[:, np.any(out != 0, axis=0)]
    return np.asarray(out / np.sqrt((out * out).sum(axis=0)))


def _matched(means: FloatArray, image: FloatArray) -> list[tuple[int, int]] | None:
    """(place, sign) of each column of ``image`` among those of ``means``, one to one, or None."""
    rest: dict[bytes, list[int]] = {}
    for j in range(means.shape[1]):
        rest.setdefault((means[:, j] + 0.0).tobytes(), []).append(j)
    out = []
    for column in image.T:
        for sign in (1, -1):
            places = rest.get((sign * column + 0.0).tobytes())
            if places:
                out.append((places.pop(), sign))
                break
        else:
            return None
    return out
