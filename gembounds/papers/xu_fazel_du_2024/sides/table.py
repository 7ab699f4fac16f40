"""The batched sides of all claims that have them, and why the others have none."""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024.sides import (
    chain,
    descent,
    lines,
    mean_square,
    norm_moments,
    smoothness,
    trapped,
)
from gembounds.papers.xu_fazel_du_2024.sides.record import Sides

SIDES: dict[str, Sides] = {
    **mean_square.SIDES,
    **chain.SIDES,
    **norm_moments.SIDES,
    **lines.SIDES,
    **descent.SIDES,
    **smoothness.SIDES,
    **trapped.SIDES,
}

NEGATIVE = "a side is zero or negative, so there is no ratio"
CANCELS = "the smaller side is a second-order term of a step of 1e-8 or less, lost in float64"

UNWRITTEN = "its sides are written point by point only"

REASONS = {
    "eq-10c.1": NEGATIVE,
    "eq-10c.2": NEGATIVE,
    "eq-15prime.1": NEGATIVE,
    "eq-17a": "the left side, less the sum of the shifts, is negative almost everywhere",
    "eq-29": NEGATIVE,
    "eq-29-sharpened": NEGATIVE,
    "eq-32": CANCELS,
    "eq-33.1": CANCELS,
    "eq-33.1-sharpened": CANCELS,
    "eq-33.2": NEGATIVE,
    "eq-39": NEGATIVE,
    "eq-39b": "expectations over a ball of R^d that the batched evaluators do not have",
    "eq-39b-repaired": "expectations over a ball of R^d that the batched evaluators do not have",
    "footnote-1": NEGATIVE,
    "section-5-rate.1": "its sides are runs of gradient EM",
    "section-5-rate.2": "its sides are runs of gradient EM",
    "section-5-weights": "its sides are runs of gradient EM",
    "theorem-7-sharpened": "the number of steps is known between bounds only",
    "remark-4": "the number of steps is known between bounds only",
}
"""Inequalities that are drawn point by point, with certified sides, and why; those that are
neither here nor in ``SIDES`` are so because of ``UNWRITTEN``."""
