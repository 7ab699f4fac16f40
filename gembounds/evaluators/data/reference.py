"""One model over data by the mpmath reference: more digits where the components' parts cancel."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from mpmath import mp

from gembounds.evaluators import reference
from gembounds.evaluators.data.components import Components, same, translations
from gembounds.evaluators.reference.precision import to_mpf, working
from gembounds.values.columns import distinct_columns, gram
from gembounds.values.estimates import Estimate
from gembounds.values.mixture import Mixture

GUARD = 6
"""Digits beyond those of the parts in which they are added."""

MOST_LOST = 120
"""Most digits of cancellation between the components made up for."""


def evaluate(name: str, mix: Mixture, data: Components, digits: int) -> Estimate:
    """The quantity to ``digits``; entries of a gradient relative to their row. Raises
    :class:`NotConverged` where more than ``MOST_LOST`` digits of a scalar cancel."""
    if name == "loss" and same(mix, data.mix):
        return Estimate(np.array(mp.zero, dtype=object), digits)
    weights, models = data.mix.exact_weights, translations(mix, data.mix)
    kind = name if name in ("loss", "gradient") else "overlaps"
    evaluator: Callable[..., Estimate] = getattr(reference, kind)
    signs = [1] * len(models)
    if name == "loss" and len(models) > 1:
        models, signs = models + translations(data.mix, data.mix), signs + [-1] * len(models)
        weights = (*weights, *weights)

    def found(extra: int) -> tuple[Any, float]:
        parts = [evaluator(one, digits=digits + extra).values for one in models]
        with working(digits + extra + GUARD):
            terms = [s * to_mpf(w) * x for s, w, x in zip(signs, weights, parts, strict=True)]
            return _finished(name, mix, terms)

    value, lost = found(0)
    if lost > 1:
        wanted = math.ceil(min(lost, MOST_LOST)) + 2
        value, again = found(wanted)
        if again > wanted and name != "gradient":
            raise reference.NotConverged(
                f"more than {wanted} digits cancel between the components of the data: "
                'use evaluator="arb"'
            )
    return Estimate(np.array(value, dtype=object), digits)


def _finished(name: str, mix: Mixture, terms: list[Any]) -> tuple[Any, float]:
    """The value from its terms, and the digits lost among them: of a gradient's rows, the most."""
    total, size = np.array(sum(terms)), np.array(sum(abs(x) for x in terms))
    if name == "expected_posterior":
        return total.sum(axis=1), 0.0
    if name == "psi_tilde_norm2":
        products = gram(distinct_columns(mix))
        exact = np.array([[to_mpf(x) for x in row] for row in products], dtype=object)
        total, size = (total * exact).sum(), (size * abs(exact)).sum()
    rows: list[Any] = (
        [(size, total)] if name != "gradient" else list(zip(size, total, strict=True))
    )
    return total, max(_digits(np.max(s), np.max(abs(t))) for s, t in rows)


def _digits(size: Any, value: Any) -> float:
    if size == 0:
        return 0.0
    return float(mp.log10(size / value)) if value > 0 else math.inf
