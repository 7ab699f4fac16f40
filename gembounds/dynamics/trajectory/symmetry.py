"""Symmetries of a start, found once and kept exactly at every step.

A permutation s of the classes and of the components of the data, each among those of equal
weights, that keeps all inner products <mu_a, mu_b>, <mu_a, a_j>, <a_j, a_l> is an isometry of the
means and of the data, so E[psi_s(a) psi_s(b)] over N(a_s(j), I) is E[psi_a psi_b] over N(a_j, I),
at the start and, in exact arithmetic, ever after. Enclosures of such pairs are replaced by their
hull, which is an enclosure of each whether or not the inner products are equal exactly. Where the
isometry permutes coordinates and changes signs, the states that are symmetric under it form a
linear space spanned by signed sums of entries; rounding keeps to it, so only it matters for how
errors grow.
"""

from __future__ import annotations

from collections.abc import Hashable
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
    """``orbit[a, b]`` numbers the pair's orbit, ``seen[j, a, b]`` that of the pair seen from a
    component of the data, or None where all are alone; ``basis`` (k d, f), orthonormal up to
    rounding, of the symmetric states, or None: all states."""

    orbit: IndexArray | None
    seen: IndexArray | None
    basis: FloatArray | None


def hull(
    orbit: IndexArray | None, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The least lower and the largest upper ends over the orbits of the last axes' places."""
    if orbit is None:
        return lower, upper
    place = orbit.ravel()
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    flat = *lower.shape[: lower.ndim - orbit.ndim], -1
    low, high = (x.reshape(flat)[..., order] for x in (lower, upper))
    low, high = (f.reduceat(x, starts, axis=-1)
                 for f, x in ((np.minimum, low), (np.maximum, high)))  # fmt: skip
    return low[..., orbit], high[..., orbit]


def symmetry_of(points: FloatArray, labels: Any, colours: list[Hashable], k: int) -> Symmetry:
    """The symmetries of ``points`` (k + J, d), the classes' means and then the data's, which
    ``colours`` (k + J,) tell apart; ``labels`` (k + J, d) are equal, or of opposite sign, or 0,
    exactly where the exact entries are (None: unknown)."""
    with np.errstate(over="ignore", invalid="ignore"):
        gram = ordered_sum(points[:, None, :] * points[None], 2)
    found = generators(gram, colours)
    orbit = seen = None
    if found:
        seen = _orbits(found, k, len(points) - k)
        orbit = _numbered(seen.min(axis=0))
    if labels is None or k * points.shape[1] > MAX_ENTRIES:
        return Symmetry(orbit, seen, None)
    return Symmetry(orbit, seen, _basis(labels, found, k))


def _orbits(found: list[IndexArray], k: int, parts: int) -> IndexArray:
    """Of the pairs seen from each component of the data, (J, k, k)."""
    numbers = np.arange(parts * k * k).reshape(parts, k, k)
    numbers = np.minimum(numbers, numbers.swapaxes(1, 2))
    while True:
        before = numbers
        for s in (way for t in found for way in (t, np.argsort(t))):
            numbers = np.minimum(numbers, numbers[np.ix_(s[k:] - k, s[:k], s[:k])])
        numbers = np.minimum(numbers, numbers.swapaxes(1, 2))
        if np.array_equal(before, numbers):
            return _numbered(numbers)


def _numbered(places: IndexArray) -> IndexArray:
    _, out = np.unique(places, return_inverse=True)
    return np.asarray(out.reshape(places.shape), dtype=np.intp)


def _basis(points: FloatArray, found: list[IndexArray], k: int) -> FloatArray | None:
    """Signed orbits of the entries (a, j) of the means: (a, j) ~ sign (s(a), place(j)), and (a, j)
    ~ -(a, j) where column j is 0. None where no entry is tied to another."""
    d = points.shape[1]
    ties: list[tuple[int, int, int]] = []
    for s in found:
        columns = _matched(points, points[s])
        for j, (place, way) in enumerate(columns or []):
            ties += [(int(s[a]) * d + j, a * d + place, way) for a in range(k)]
    zero = [j for j in range(d) if not points[:, j].any()]
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
