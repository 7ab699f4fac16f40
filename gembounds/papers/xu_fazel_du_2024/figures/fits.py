"""Exponents by least squares on logarithms, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.experiments import FloatArray, generator

STREAM = 7
"""Of random numbers: the second word of the key."""

RESAMPLES = 4000
LEVEL = 0.95


def line(x: Any, y: Any) -> dict[str, float]:
    """y ~ intercept + slope x: ``slope``, ``intercept``, and the ends of the slope's interval at
    ``LEVEL`` by Student's t on the residuals (``lower``, ``upper``)."""
    from scipy.stats import t as student

    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    slope, intercept = _line(x, y)
    rest = y - intercept - slope * x
    free = len(x) - 2
    spread = np.sqrt((rest @ rest) / free / ((x - x.mean()) ** 2).sum()) if free > 0 else np.inf
    reach = float(student.ppf(0.5 + LEVEL / 2, free) * spread) if free > 0 else np.inf
    return {
        "slope": slope, "intercept": intercept, "lower": slope - reach, "upper": slope + reach
    }  # fmt: skip


def resampled(x: Any, groups: list[FloatArray], seed: int) -> dict[str, float]:
    """The interval at ``LEVEL`` of the slope of log(mean of a group) on ``x``, by resampling the
    runs of each group: ``lower``, ``upper``, what chance in the runs alone would do."""
    rng = generator(seed, STREAM)
    x = np.asarray(x, dtype=float)
    means = np.array([
        rng.choice(group, (RESAMPLES, len(group))).mean(axis=1) for group in groups
    ])  # fmt: skip
    slopes = [_line(x, row)[0] for row in np.log(means).T]
    ends = np.quantile(slopes, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return {"lower": float(ends[0]), "upper": float(ends[1])}


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    centred = x - x.mean()
    slope = float(centred @ y / (centred @ centred))
    return slope, float(y.mean() - slope * x.mean())
