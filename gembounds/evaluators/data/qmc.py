"""One model over data by quasi-Monte-Carlo: an interval a component of the data."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.evaluators import qmc
from gembounds.evaluators.data.components import Components, translations
from gembounds.evaluators.data.float64 import row_sums, square
from gembounds.evaluators.data.rounded import weighted
from gembounds.evaluators.qmc.quantities import FAILURE, checked_failure
from gembounds.values.estimates import StatisticalInterval
from gembounds.values.mixture import Mixture


def evaluate(name: str, mix: Mixture, data: Components, **options: Any) -> StatisticalInterval:
    """The quantity from an interval a component (``samples`` points each), which all hold except
    with the failure probability: each may fail with an equal part of it."""
    models = translations(mix, data.mix)
    own = translations(data.mix, data.mix) if name == "loss" and len(models) > 1 else []
    failure = checked_failure(options.get("failure_probability", FAILURE))
    share = failure / (len(models) + len(own))
    kind = name if name in ("loss", "gradient") else "overlaps"
    each = {**options, "failure_probability": share}
    found = [getattr(qmc, kind)(one, **each) for one in models + own]
    head, tail = found[: len(models)], found[len(models) :]
    weights = data.weights
    lower = [e.lower for e in head] + [-e.upper for e in tail]
    upper = [e.upper for e in head] + [-e.lower for e in tail]
    middle = [e.estimate for e in head] + [-e.estimate for e in tail]
    if tail:
        weights = np.tile(weights[0], 2), np.tile(weights[1], 2)
    ends = weighted((np.array(lower)[None], np.array(upper)[None]), weights)
    low, high = ends[0][0], ends[1][0]
    estimate = np.tensordot(0.5 * (weights[0] + weights[1]), np.array(middle), 1)
    if name == "expected_posterior":
        low, high = row_sums((low, high))
        estimate = estimate.sum(axis=-1)
    elif name == "psi_tilde_norm2":
        low, high = square((low, high), mix)
        estimate = np.array(np.vdot(estimate, mix.means @ mix.means.T))
    if name != "gradient":
        low, high = np.maximum(low, 0.0), np.maximum(high, 0.0)
    samples = sum(e.samples for e in found)
    return StatisticalInterval(
        np.asarray(low), np.asarray(high), np.clip(estimate, low, high), failure, samples,
        found[0].seed,
    )  # fmt: skip
