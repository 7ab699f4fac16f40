"""Components that stay together: equal means with equal weights move alike, for ever."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.values.mixture import Mixture

FloatArray = npt.NDArray[np.float64]


class Classes(NamedTuple):
    """``place[i]`` is component i's class, ``first[a]`` its first member, ``counts[a]`` how many
    there are, ``weights[a]`` their weight together, exactly."""

    place: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    counts: FloatArray
    weights: tuple[Fraction, ...]


def classes_of(mix: Mixture) -> Classes:
    """The classes of equal (mean, weight), in the order of their first members."""
    found: dict[Hashable, int] = {}
    place: list[int] = []
    first: list[int] = []
    counts: list[int] = []
    for i in range(mix.n):
        row: Any = mix.exact_means[i] if mix.means_error else (mix.means[i] + 0.0).tobytes()
        key = (row, mix.exact_weights[i])
        a = found.setdefault(key, len(found))
        if a == len(first):
            first.append(i)
            counts.append(0)
        place.append(a)
        counts[a] += 1
    weights = tuple(c * mix.exact_weights[i] for c, i in zip(counts, first, strict=True))
    return Classes(np.array(place), np.array(first), np.array(counts, dtype=np.float64), weights)
