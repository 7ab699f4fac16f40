"""The population quantities by their definitions, at a requested number of digits.

Nothing here is shared with the certified evaluators: not the formulas (the gradient is
E[psi_i (mu_i - x)], the loss -E log(p_mu / p_0)), not the reduction, not the rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from mpmath import mp

from gembounds.enclosure import Estimate
from gembounds.errors import InputError
from gembounds.mixture import Mixture
from gembounds.reference.integrate import Integrator, Kernel
from gembounds.reference.kernels import Gradient, Loss, MeanSquare, Overlaps
from gembounds.reference.panels import Accuracy, FloatArray, Tracks
from gembounds.reference.plane import Plane, plane_of
from gembounds.reference.precision import (
    NotConverged,
    ObjectArray,
    checked_digits,
    objects,
    to_mpf,
    working,
)

MAX_RULES = 4
"""Rules tried before giving up; each has about 15 % more nodes than the one before."""

MAX_LOST = {1: 1500, 2: 60}
"""Most digits of cancellation made up for, by rank."""

MAX_GRADIENT_LOST = {1: 120, 2: 24}
"""The same for gradients, whose rows can be zero: no precision would settle that."""

PILOT_DIGITS = 12
GUARD_DIGITS = 8
"""Digits beyond those asked for in rules and windows; rounding has twice as many to spare."""


def overlaps(mixture: Mixture, digits: int = 30) -> Estimate:
    """``P[i, k] = E[psi_i(x) psi_k(x)]`` over x ~ N(0, I_d), an (n, n) estimate.

    Every entry has ``digits`` relative digits however small it is. The rank of the differences
    of the means is at most 2 (:class:`RankError` otherwise); 5 <= digits <= 500
    (:class:`InputError`). Raises :class:`NotConverged` when successive rules disagree.
    Source: the definition (2) of psi.
    """
    digits, plane = checked_digits(digits), plane_of(mixture)
    n = mixture.n
    if plane.rank == 0:
        with working(digits + GUARD_DIGITS):
            pi = [to_mpf(w) for w in mixture.exact_weights]
            return _estimate([[p * q for q in pi] for p in pi], digits)
    total = _integral(mixture, plane, Overlaps(n), digits, MAX_LOST)
    out = np.empty((n, n), dtype=object)
    for value, (i, k) in zip(total, _pairs(n), strict=True):
        out[i, k] = out[k, i] = value
    return Estimate(out, digits)


def gradient(mixture: Mixture, digits: int = 30) -> Estimate:
    """``grad_{mu_i} L = E[psi_i(x) (mu_i - x)]``, an (n, d) estimate.

    Row i errs by less than ``10^-digits`` times its norm, or, where it nearly cancels, times
    10^-120 (rank 1) or 10^-24 (rank 2) of E[psi_i |mu_i - x|]: a row that is zero by symmetry
    comes out as a number that small. Raises as :func:`overlaps`. Source: (3).
    """
    digits, plane = checked_digits(digits), plane_of(mixture)
    n = mixture.n
    if plane.rank == 0:
        # psi_i = pi_i and E x = 0
        with working(digits + GUARD_DIGITS):
            pi = [to_mpf(w) for w in mixture.exact_weights]
            nothing = np.empty((n, 0), dtype=object)
            return Estimate(plane.lift(nothing, pi), digits)
    with working(_precision(plane, digits + MAX_GRADIENT_LOST[plane.rank])):
        kernel = Gradient(plane.coordinates())
        centre = mp.sqrt(to_mpf(plane.centre2))
    total = _integral(mixture, plane, kernel, digits, MAX_GRADIENT_LOST, centre)
    with working(digits + GUARD_DIGITS):
        inside = total[: 2 * n].reshape(2, n).T[:, : plane.rank]
        # the frame's direction of c: E[psi_i (|c| - s)] = |c| E psi_i, s independent of psi
        return Estimate(plane.lift(inside, total[3 * n :]), digits)


def psi_tilde_norm2(mixture: Mixture, digits: int = 30) -> Estimate:
    """``E |sum_i psi_i(x) mu_i|^2``, a scalar estimate of ``digits`` relative digits.

    Raises as :func:`overlaps`. Source: Corollary 10.
    """
    digits, plane = checked_digits(digits), plane_of(mixture)
    with working(digits + GUARD_DIGITS):
        centre2 = to_mpf(plane.centre2)
    if plane.rank == 0:
        return _estimate(centre2, digits)
    with working(_precision(plane, digits + MAX_LOST[plane.rank])):
        kernel = MeanSquare(plane.coordinates())
    total = _integral(mixture, plane, kernel, digits, MAX_LOST, centre2)
    with working(digits + GUARD_DIGITS):
        # sum_i psi_i = 1: the part along c is c itself, orthogonal to the plane
        return _estimate(total[0] + centre2, digits)


def loss(mixture: Mixture, digits: int = 30) -> Estimate:
    """``L(mu) = -E log(p_mu(x) / p_0(x))``, a scalar estimate of ``digits`` relative digits.

    Both densities factor into the plane and its complement, so the logarithm is a sum: one
    integral over the plane, one along c, where -E log(phi(s - |c|) / phi(s)) is
    E(|c|^2/2 - s |c|) = |c|^2/2. Raises as :func:`overlaps`. Source: (4).
    """
    digits, plane = checked_digits(digits), plane_of(mixture)
    with working(digits + GUARD_DIGITS):
        along = to_mpf(plane.centre2) / 2
    if plane.rank == 0:
        return _estimate(along, digits)
    total = _integral(mixture, plane, Loss(), digits, MAX_LOST, along)
    with working(digits + GUARD_DIGITS):
        return _estimate(total[0] + along, digits)


def _estimate(values: Any, digits: int) -> Estimate:
    return Estimate(objects(values), digits)


def _pairs(n: int) -> list[tuple[int, int]]:
    return [(i, k) for i in range(n) for k in range(i, n)]


def _precision(plane: Plane, digits: float) -> float:
    """Working digits: exponents up to |mu|^2 lose as many digits as that number has."""
    largest = max(
        sum((t * t * v for t, v in zip(row, plane.lengths, strict=True)), start=0 * plane.centre2)
        for row in plane.coefficients
    )
    return digits + GUARD_DIGITS + 2 + math.log10(1 + float(largest) + digits)


def _tracks(mixture: Mixture, plane: Plane, power: int) -> Tracks:
    with working(30):
        means = plane.coordinates().astype(np.float64)
    logits: FloatArray = mixture.log_weights - 0.5 * (means**2).sum(axis=1)
    n = mixture.n
    if power == 0:
        slopes, offsets = np.zeros((1, 2)), np.zeros(1)
    elif power == 1:
        slopes, offsets = means, logits
    else:
        i, k = np.array(_pairs(n)).T
        slopes, offsets = means[i] + means[k], logits[i] + logits[k]
    return Tracks(slopes, offsets, power, means, logits)


def _integral(
    mixture: Mixture,
    plane: Plane,
    kernel: Kernel,
    digits: int,
    most_lost: dict[int, int],
    besides: Any = 0,
) -> ObjectArray:
    """The kernel's integrals, after two successive rules agreed to ``digits`` digits.

    ``besides`` is the part of the value that needs no integral: cancellation is measured
    against the whole.
    """
    tracks = _tracks(mixture, plane, kernel.power)
    spread = float(np.ptp(tracks.means, axis=0).max())
    # an integral may be below its peak by the width of the peak, 1/spread, along each axis
    windows = GUARD_DIGITS + plane.rank * math.log10(1 + spread)

    def run(wanted: float, refine: int) -> ObjectArray:
        with working(_precision(plane, wanted + windows)):
            pi = objects([to_mpf(w) for w in mixture.exact_weights])
            accuracy = Accuracy(wanted + windows, refine)
            means = plane.coordinates()
            return Integrator(means, pi, tracks, kernel, accuracy, plane.rank == 2).run()

    wanted = float(digits)
    if not isinstance(kernel, Overlaps):
        wanted += _lost(run, kernel, besides, most_lost[plane.rank])
    previous = run(wanted, 0)
    for refine in range(1, MAX_RULES):
        value = run(wanted, refine)
        with working(_precision(plane, wanted)):
            scales = kernel.scales(value)
            if bool(np.all(abs(value - previous) <= mp.mpf(10) ** (-wanted) * scales)):
                return value
        previous = value
    raise NotConverged(
        f"{MAX_RULES} rules did not agree to {digits} digits: "
        'ask for fewer digits or use evaluator="arb"'
    )


def _lost(run: Callable[[float, int], ObjectArray], kernel: Kernel, besides: Any, most: int) -> int:
    """Digits lost to cancellation, at most ``most``, found with rules of few digits."""
    tried = PILOT_DIGITS
    while True:
        with working(tried + GUARD_DIGITS):
            lost = kernel.lost(run(tried, 0), besides)
        if lost <= tried - 4:
            return math.ceil(lost)
        if tried >= most + 4:
            return most
        tried = min(2 * tried, most + 4)
