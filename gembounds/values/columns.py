"""The distinct columns of a mixture's means, exactly: what makes a million dimensions cheap."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gembounds.values.mixture import Mixture


class Run(NamedTuple):
    """``length`` consecutive coordinates in which every mean has the same entry."""

    entries: tuple[Fraction, ...]
    length: int


def runs(mix: Mixture) -> list[Run]:
    """The means as runs of equal consecutive columns, in order; lengths sum to d."""
    return list(mix.kept("runs", lambda: _runs(mix)))


def _runs(mix: Mixture) -> list[Run]:
    if mix.means_error > 0:  # some entry is not a float64
        columns = zip(*mix.exact_means, strict=True)
        return [Run(entries, len(list(group))) for entries, group in groupby(columns)]
    starts, lengths = constant_runs(mix.means)
    columns = mix.means[:, starts].T.tolist()
    return [
        Run(tuple(map(Fraction, column)), length)
        for column, length in zip(columns, lengths.tolist(), strict=True)
    ]


def constant_runs(means: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where runs of equal columns begin, and their lengths."""
    new = np.flatnonzero(np.any(means[:, 1:] != means[:, :-1], axis=0)) + 1
    starts = np.concatenate((np.zeros(1, dtype=np.int64), new))
    return starts, np.diff(starts, append=means.shape[1])


def distinct_columns(mix: Mixture) -> list[Run]:
    """The distinct columns in order of first appearance, each with its multiplicity.

    <mu_i, mu_k> = sum over the columns of multiplicity * entry_i * entry_k.
    """
    counts: dict[tuple[Fraction, ...], int] = {}
    for entries, length in runs(mix):
        counts[entries] = counts.get(entries, 0) + length
    return [Run(entries, count) for entries, count in counts.items()]


def gram(columns: list[Run]) -> list[list[Fraction]]:
    """The exact Gram matrix <mu_i, mu_k>, (n, n), from :func:`distinct_columns`."""
    n = len(columns[0].entries)
    unit = math.lcm(*(x.denominator for e, _ in columns for x in e))
    whole = [([x.numerator * (unit // x.denominator) for x in e], m) for e, m in columns]
    out = [[Fraction(0)] * n for _ in range(n)]
    for i in range(n):
        for k in range(i, n):
            total = sum(m * e[i] * e[k] for e, m in whole if e[i] and e[k])
            out[i][k] = out[k][i] = Fraction(total, unit * unit)
    return out
