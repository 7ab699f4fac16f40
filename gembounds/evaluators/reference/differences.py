"""The gradient of L by finite differences of L itself."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from mpmath import mp

from gembounds.evaluators.reference.precision import NotConverged, checked_digits, working
from gembounds.evaluators.reference.quantities import loss
from gembounds.tools.errors import InputError
from gembounds.values.estimates import Estimate
from gembounds.values.mixture import Mixture

FIRST_STEP = Fraction(1, 8)
"""First h; each row of the table halves it."""

MAX_ROWS = 12


def gradient_by_differences(
    mixture: Mixture,
    digits: int = 15,
    entries: Iterable[tuple[int, int]] | None = None,
) -> Estimate:
    """``dL / d mu_i[k]`` as the limit of ``(L(mu + h e) - L(mu - h e)) / (2h)``, h -> 0.

    An (n, d) estimate, NaN but at ``entries``, pairs (i, k), or all entries. Richardson's
    extrapolation in h^2, halving h until two successive diagonal values differ by less than
    ``10^-digits`` of max(|value|, 1); L is evaluated with as many digits as the smallest h
    costs, twice an entry and h, and moved means may have a rank one higher.

    Raises as :func:`gembounds.evaluators.reference.loss`, :class:`InputError` for an entry that is
    not there. Source: Fact 1 and Lemma 9 say that this is E[psi_i (mu_i - x)]."""
    digits = checked_digits(digits)
    if entries is None:
        entries = [(i, k) for i in range(mixture.n) for k in range(mixture.d)]
    out = np.full((mixture.n, mixture.d), mp.nan, dtype=object)
    for i, k in entries:
        if not (0 <= i < mixture.n and 0 <= k < mixture.d):
            raise InputError(
                f"entry ({i}, {k}) is outside the means' shape ({mixture.n}, {mixture.d})"
            )
        out[i, k] = _derivative(mixture, i, k, digits)
    return Estimate(out, digits)


def _derivative(mixture: Mixture, i: int, k: int, digits: int) -> Any:
    # 2h >= 2^-14 and extrapolation's coefficients sum to less than 2: 6 digits cover both
    precision = digits + 6
    previous: list[Any] = []
    with working(precision + 4):
        for row in range(MAX_ROWS):
            h = FIRST_STEP / 2**row
            rise = _moved(mixture, i, k, h, precision) - _moved(mixture, i, k, -h, precision)
            current = [rise * h.denominator / (2 * h.numerator)]
            for m, old in enumerate(previous, start=1):
                current.append(current[-1] + (current[-1] - old) / (4**m - 1))
            if previous:
                value = current[-1]
                limit = mp.mpf(10) ** -digits * max(abs(value), mp.one)
                if abs(value - previous[-1]) <= limit:
                    return value
            previous = current
    raise NotConverged(f"differences of L at means[{i}][{k}] do not settle to {digits} digits")


def _moved(mixture: Mixture, i: int, k: int, h: Fraction, digits: int) -> Any:
    means = [list(row) for row in mixture.exact_means]
    means[i][k] += h
    return loss(Mixture(means, mixture.exact_weights), digits).values[()]
