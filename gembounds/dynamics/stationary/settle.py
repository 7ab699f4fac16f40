"""From a candidate to a proof: Newton's method in balls, the Hessian to ever more bits."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from gembounds.dynamics.stationary import slopes
from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.stationary.proof import (
    GUARD,
    LEAST_BITS,
    Hessian,
    Proof,
    hessian_at,
    length,
    newton_step,
    proof_at,
)
from gembounds.values.precision import working_precision

STEPS, HESSIANS = 40, 10
"""Most steps of Newton's method in balls, and Hessians on its way, for one rung (choices)."""

MOST_BITS = 4096
"""Of a gradient."""


class Settled(NamedTuple):
    """A proof, with the Hessian of the place or one near, and the gradient to how many bits."""

    proof: Proof
    hessian: Hessian
    gradient: Any
    bits: int


def rungs(place: Place) -> tuple[int, ...]:
    """Bits of the Hessian, tried in turn, 0 for float64 (a choice: beyond a plane balls take
    minutes)."""
    return (0, 64, 128, 256) if place.flat else (0, 64)


def settle(place: Place, rtol: float | None, tried: slice = slice(None)) -> Settled | Place:
    """Newton's method from the place, until a proof encloses the point well enough; where no
    number of bits brings one, the last place."""
    for bits in rungs(place)[tried]:
        found = _settle(place, bits, rtol)
        if isinstance(found, Settled):
            return found
        place = found
    return place


def scale(place: Place) -> float:
    """The size of the largest mean of the model or the data, or 1."""
    means = max(np.abs(place.mix.means).max(), np.abs(place.data.mix.means).max())
    return max(float(means), 1.0)


def _settle(place: Place, bits: int, rtol: float | None) -> Settled | Place:
    """With the Hessian to ``bits`` bits, kept along while Newton's method goes on; where no proof
    comes, the last place."""
    best: Settled | None = None
    hessian, made_at, before, made = hessian_at(place, bits), place, math.inf, 1
    for _ in range(STEPS):
        level = slopes_bits(place, bits, hessian.least, rtol)
        place = place if level else place.rounded()
        with working_precision(max(level, LEAST_BITS) + GUARD):
            here, gradient = hessian.at(place), slopes.gradient(place, level)
            step = newton_step(here, gradient)
            size = math.inf if step is None else length(step)
            proof = None if step is None else proof_at(here, step)
            if proof is not None and (best is None or proof.near < best.proof.near):
                best = Settled(proof, hessian, gradient, level)
                if proof.near <= (DEFAULT_RTOL if rtol is None else rtol) * scale(place):
                    return best
            if step is None or not size <= 0.5 * before:
                by_floats = bits == 0 and place.flat and best is not None
                if by_floats:  # a proof, but not a sharp one
                    bits = LEAST_BITS
                elif best is not None or made_at is place or made == HESSIANS:
                    break
                hessian, made_at, before, made = hessian_at(place, bits), place, math.inf, made + 1
                continue
            before = size
            place = place.moved(step, max(level, LEAST_BITS))
    return place if best is None else best


def slopes_bits(place: Place, bits: int, least: float, rtol: float | None) -> int:
    """Of the gradient, for a step as sharp as is asked for; 0 for float64, where that is not
    asked for and balls are slow."""
    if rtol is None and bits == 0 and not place.flat:
        return 0
    wanted = (DEFAULT_RTOL if rtol is None else rtol) * scale(place)
    if not least > 0:
        return max(bits, LEAST_BITS)
    needed = math.ceil(-math.log2(wanted * min(least, 1.0))) + 24
    return min(MOST_BITS, max(bits, LEAST_BITS, needed))


DEFAULT_RTOL = 1e-15
