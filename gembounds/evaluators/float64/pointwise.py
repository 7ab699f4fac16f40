"""Posteriors at many places at once, in float64 with every rounding bounded.

The logit l_i = <x, mu_i> - |mu_i|^2/2 + log pi_i is a sum of 2d + 1 products, so it errs by at
most E_i = gamma(2d + 8) (|x| |mu_i| + |mu_i|^2/2 + |log pi_i|) plus the error of the logarithm.
With E = max_i E_i and t_i = l_i - max l, which one more rounding of at most U |t_i| gives, the
quotient exp(t_i) / sum_k exp(t_k) errs by the factor exp(2 E + 2 U max|t|), by two exponentials
and by the n + 4 roundings of the sum and the quotient. Terms that underflow cost ``UNDERFLOW``
absolutely.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import LIBM, U, down, gamma, up

UNDERFLOW = 1e-290
"""Far more than what n terms below float64's normal numbers can add up to."""

FAR = 700.0
"""Logits further below the largest give terms that count as underflown."""


def posteriors(mix: Mixture, x: Any) -> Enclosure:
    """psi_i(x_k), (m, n), for the rows of ``x``, a float64 array (m, d); the means are float64
    numbers. Where the bound says nothing the enclosure is [0, 1]."""
    means, d = mix.means, mix.d
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        squares = np.sum(means**2, axis=1)
        logits = x @ means.T - 0.5 * squares + mix.log_weights
        lengths = np.sqrt(np.sum(x**2, axis=1)) * (1 + gamma(d + 4))
        sizes = lengths[:, None] * np.sqrt(squares) + 0.5 * squares + np.abs(mix.log_weights)
        error = np.max(gamma(2 * d + 8) * sizes + mix.log_weights_error, axis=1)
        down_from_top = logits - logits.max(axis=1, keepdims=True)
        terms = np.exp(np.maximum(down_from_top, -FAR))
        found = terms / terms.sum(axis=1, keepdims=True)
        reach = np.abs(down_from_top).max(axis=1)
        relative = 1.01 * np.expm1(2 * error + 2 * U * reach) + 2 * LIBM + gamma(mix.n + 8)
        seen = down_from_top > 1 - FAR
        lower = np.where(seen, down(found * (1 - relative[:, None])) - UNDERFLOW, 0.0)
        upper = up(found * (1 + relative[:, None])) + UNDERFLOW
    known = np.isfinite(logits).all(axis=1) & (relative < 0.5)
    lower = np.where(known[:, None], np.clip(lower, 0.0, 1.0), 0.0)
    upper = np.where(known[:, None], np.clip(upper, 0.0, 1.0), 1.0)
    return Enclosure(lower, upper, "float64")
