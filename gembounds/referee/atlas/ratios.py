"""log10 of larger over smaller side over a batch, and what is kept of many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.sides.record import Sides
from gembounds.points.batch import Batch, FloatArray
from gembounds.statements.legacy import Claim

BINS = 32
NOISE = 1e-3
"""log10 ratios this close to 0 are not told from equality: beyond the errors of estimates."""

LEVELS = (0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
TAIL = 0.9
"""The histogram ends at this quantile where the rest would stretch it more than twofold."""


LEAST_WIDTH = 1e-3
"""Of a histogram, relative: narrower ones would show rounding."""


@dataclass(frozen=True)
class Distribution:
    """What is known of a claim's log10 ratios.

    ``kind`` is "estimate" (batched float64) or "certified" (point by point: the ratio is
    certified from above); ``drawn`` configurations were in the domain, at ``points`` of them there
    is a ratio, and ``violations`` are below -``NOISE``; ``levels`` maps fractions to order
    statistics; ``counts`` are those of bins of equal width from ``low`` to ``high``, and
    ``beyond`` lie above. ``reason`` says why a claim is not batched.
    """

    kind: str
    ensemble: str
    drawn: int
    points: int
    violations: int
    levels: dict[str, float]
    low: float | None
    high: float | None
    counts: list[int]
    beyond: int
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def log10_ratios(claim: Claim, sides: Sides, batch: Batch) -> FloatArray:
    """The smallest over a configuration's entries, (B,); NaN where no entry has a ratio, +inf
    where the configuration is outside the claim's domain.

    The sign is such that a negative value is a violation.
    """
    constants = {name: float(value) for name, value in claim.constants.items()}
    with np.errstate(all="ignore"):
        left, right = sides.logs(batch, constants)
        found = (right - left if claim.sign in ("<", "<=") else left - right) / np.log(10)
    found = np.where(np.isfinite(found), found, np.inf).reshape(len(batch), -1).min(axis=1)
    found = np.where(np.isfinite(found), found, np.nan)
    return found if sides.mask is None else np.where(sides.mask(batch), found, np.inf)


def summary(
    values: Sequence[float] | FloatArray, drawn: int, kind: str, ensemble: str,
    reason: str | None = None,
) -> Distribution:  # fmt: skip
    """The distribution of the finite ``values``."""
    x = np.sort(np.asarray(values, dtype=float))
    x = x[np.isfinite(x)]
    if not x.size:
        return Distribution(kind, ensemble, drawn, 0, 0, {}, None, None, [], 0, reason)
    levels = {f"{q:g}": _short(quantile(x, q)) for q in LEVELS}
    low, high, tail = float(x[0]), float(x[-1]), float(quantile(x, TAIL))
    if high - low > 2 * (tail - low) > 0:
        high = tail
    width = max(high - low, LEAST_WIDTH * max(1.0, abs(low)))
    counts, _ = np.histogram(x, BINS, (low, low + width))
    return Distribution(
        kind, ensemble, drawn, len(x), int((x < -NOISE).sum()), levels, _short(low),
        _short(low + width), counts.tolist(), len(x) - int(counts.sum()), reason,
    )  # fmt: skip


def quantile(ordered: FloatArray, q: float) -> float:
    """The order statistic at fraction ``q`` (nearest rank)."""
    return float(ordered[min(len(ordered) - 1, int(q * len(ordered)))])


def _short(x: float) -> float:
    return float(f"{x:.5g}") if abs(x) > 1e-9 else 0.0
