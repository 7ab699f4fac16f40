"""Arb balls: their ends as float64 and as rationals, and how they are kept."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, cast

import numpy as np
import numpy.typing as npt

MOST_EXPONENT = 2**20
"""Of what is written as a rational: a power of two beyond takes long to write and to compare."""

ENDS_BITS = 96
"""For the ends of balls: at fewer than float64's own and some they would be wider (a choice)."""

FloatArray = npt.NDArray[np.float64]

Kept = tuple[tuple[int, int], tuple[int, int]] | None


def float_ends(ball: Any) -> tuple[float, float]:
    """The ends of an arb ball as float64, rounded outward (infinite beyond the range)."""
    return _float_below(ball.lower()), 0.0 - _float_below((-ball).lower())


def array_ends(balls: npt.NDArray[np.object_]) -> tuple[FloatArray, FloatArray]:
    """The same of each ball in an array, whatever the working precision; one that stands at many
    places is taken once."""
    from gembounds.values.precision import working_precision

    distinct = {id(b): b for b in balls.ravel()}
    with working_precision(ENDS_BITS):
        known = {key: float_ends(b) for key, b in distinct.items()}
    ends = np.array([known[id(b)] for b in balls.ravel()]).reshape(*balls.shape, 2)
    return ends[..., 0], ends[..., 1]


def _float_below(point: Any) -> float:
    """The largest float64 not above an exact arb ``point`` whose radius may be nonzero."""
    value = float(point.mid())
    if value != value:
        return -np.inf
    # arb.lower() is exact at its precision; float() rounds to nearest: step down if it rose
    exact = point.mid()
    if np.isinf(value):
        return float(np.finfo(np.float64).max) if value > 0 and exact.is_finite() else -np.inf
    below = value if type(exact)(value) <= exact else math.nextafter(value, -math.inf)
    return below if point.rad().is_zero() else math.nextafter(below, -math.inf)


def exact_interval(ball: Any) -> tuple[Fraction, Fraction]:
    """The ends of a finite arb ball as exact rationals (``mid - rad``, ``mid + rad``)."""
    mid, rad = _fraction(ball.mid()), _fraction(ball.rad())
    return mid - rad, mid + rad


def is_short(ball: Any) -> bool:
    """Whether the ball is finite, and its ends no longer than ``MOST_EXPONENT`` as rationals."""
    return bool(ball.is_finite()) and all(
        abs(int(part.man_exp()[1])) <= MOST_EXPONENT for part in (ball.mid(), ball.rad())
    )


def _fraction(point: Any) -> Fraction:
    mantissa, exponent = point.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def ball_widths(balls: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """``2 rad / min(abs(ball))``, inf where 0 is inside, 0 where exact. Not a bound."""

    def width(ball: Any) -> float:
        if ball.rad().is_zero():
            return 0.0
        smallest = ball.abs_lower()
        return float((2 * ball.rad() / smallest).mid()) if smallest > 0 else np.inf

    flat = [width(b) for b in balls.ravel()]
    return cast("npt.NDArray[np.float64]", np.array(flat, dtype=np.float64).reshape(balls.shape))


def kept(ball: Any) -> Kept:
    """The ball as whole numbers, which pickle: (mantissa, exponent) of middle and radius."""
    if not ball.is_finite():
        return None
    (m, e), (r, f) = ball.mid().man_exp(), ball.rad().man_exp()
    return (int(m), int(e)), (int(r), int(f))


def restored(found: Kept) -> Any:
    """A ball around the one that :func:`kept` was given: the same middle; flint rounds the radius
    up, by less than 2^-28 of it. NaN, which decides nothing, for a ball that was not finite."""
    from flint import arb

    if found is None:
        return arb("nan")
    middle, radius = found
    return arb(middle) if radius[0] == 0 else arb(arb(middle), arb(radius))
