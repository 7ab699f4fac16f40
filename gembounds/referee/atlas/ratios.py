"""log10 of larger over smaller side over a batch, and what is kept of many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gembounds.points.batch import Batch, FloatArray
from gembounds.statements.claim import Claim, Constants
from gembounds.statements.evaluate import evaluate
from gembounds.statements.logs import BatchOperations, LogArray
from gembounds.statements.tree import Relation

BINS = 32
NOISE = 1e-3
"""log10 ratios this close to 0 are not told from equality: beyond the errors of estimates."""

LEVELS = (0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
TAIL = 0.9
"""The histogram ends at this quantile where the rest would stretch it more than twofold."""


ROUNDING = 1e-12
"""How far conditions may be missed, relatively: they are estimates here."""

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


def log10_ratios(claim: Claim, batch: Batch) -> FloatArray:
    """The smallest over a configuration's entries, (B,); NaN where no entry has a ratio, +inf
    where the configuration is outside the claim's domain.

    The sign is such that a negative value is a violation. Raises :class:`Unestimated` where a
    side has no estimate.
    """
    ops, relation = BatchOperations(), claim.relation
    with np.errstate(all="ignore"):
        left, right = (
            _spread(ops, evaluate(e, ops, batch, claim.constants), e.axes, relation.axes)
            for e in (relation.lhs, relation.rhs)
        )
        small, large = (left, right) if claim.relation.sign in ("<", "<=") else (right, left)
        ratio = (large.log - small.log) / np.log(10)
        found = np.where((small.sign > 0) & (large.sign > 0) & np.isfinite(ratio), ratio, np.inf)
    found = np.broadcast_to(found, (len(batch), *found.shape[1:])).reshape(len(batch), -1)
    found = found.min(axis=1)
    found = np.where(np.isfinite(found), found, np.nan)
    for condition in claim.conditions:
        found = np.where(_holds(ops, condition, batch, claim.constants), found, np.inf)
    mask = claim.domain.mask
    return found if mask is None else np.where(mask(batch), found, np.inf)


def _spread(ops: BatchOperations, value: Any, axes: str, to: str) -> LogArray:
    """A side as an array with the relation's axes behind the configuration's."""
    x = ops.ball(value)
    if np.ndim(x.log) == 0:
        return x[(None,) * (1 + len(to))]
    return x[(slice(None), *(slice(None) if a in axes else None for a in to))]


def _holds(ops: BatchOperations, condition: Relation, batch: Batch, constants: Constants) -> Any:
    """Whether a condition holds in every entry, to rounding."""
    with np.errstate(all="ignore"):
        left, right = (
            _spread(ops, evaluate(e, ops, batch, constants), e.axes, condition.axes)
            for e in (condition.lhs, condition.rhs)
        )
        gap = left - right
        slack = ROUNDING * np.exp(np.maximum(left.log, right.log))
        value = gap.value
    inside = {"<=": value <= slack, "<": value < 0, ">=": value >= -slack, ">": value > 0,
              "==": np.abs(value) <= slack}[condition.sign]  # fmt: skip
    return np.broadcast_to(inside, (len(batch), *inside.shape[1:])).reshape(len(batch), -1).all(1)


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
