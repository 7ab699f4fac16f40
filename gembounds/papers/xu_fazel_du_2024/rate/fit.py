"""Exponents of a quantity that decays as a power of t, enclosed."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb

from gembounds.papers.xu_fazel_du_2024.rate.record import Exponent
from gembounds.statements.operations import interval_ball
from gembounds.values.balls import float_ends
from gembounds.values.enclosure import Enclosure

POINTS = 24
"""Of the fit, evenly spaced in log t over the last three quarters (a choice)."""

OCTAVES = 4
"""Local exponents kept, evenly spaced in t (a choice)."""


def exponent(values: Enclosure, expected: float) -> Exponent:
    """Of ``values`` (T+1,), t = 0 to T: the fit over [T/4, T], and the exponents from t to 2t for
    some t in [T/4, T/2]. Where a value's enclosure reaches 0 the ends are infinite.

    The slope is sum_j c_j log v_j with exact c_j up to rounding: a sum in balls. It is a number
    of the data, and so are the local exponents: the trajectory is not random, so no sampling error
    is given; between the least and the greatest local exponent lies what the exponent is.
    """
    last = values.shape[0] - 1
    times = np.unique(np.geomspace(max(1, last // 4), last, POINTS).round().astype(int)).tolist()
    logs = {t: _log(values, t) for t in times}
    x = {t: arb(t).log() for t in times}
    mean = sum(x.values(), arb(0)) / len(times)
    square = sum(((x[t] - mean) ** 2 for t in times), arb(0))
    fit = sum(((x[t] - mean) * logs[t] for t in times), arb(0)) / square
    octaves = np.unique(np.linspace(max(1, last // 4), last // 2, OCTAVES).astype(int)).tolist()
    local = [(_log(values, 2 * t) - _log(values, t)) / arb(2).log() for t in octaves]
    return Exponent(
        expected, tuple(times), float_ends(fit), tuple(octaves), tuple(map(float_ends, local))
    )


def _log(values: Enclosure, t: int) -> Any:
    if values.balls is not None:
        ball = values.balls[t]
    else:
        ball = interval_ball(float(values.lower[t]), float(values.upper[t]))
    return ball.log() if ball > 0 else arb(0, "inf")
