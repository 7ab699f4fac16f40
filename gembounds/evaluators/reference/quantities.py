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

from gembounds.evaluators.reference.integrate import Integrator, Kernel
from gembounds.evaluators.reference.kernels import (
    Gradient,
    GradientForms,
    Loss,
    MeanSquare,
    Overlaps,
)
from gembounds.evaluators.reference.panels import Accuracy, FloatArray, Tracks
from gembounds.evaluators.reference.plane import Plane, plane_of
from gembounds.evaluators.reference.precision import (
    NotConverged,
    ObjectArray,
    checked_digits,
    objects,
    to_mpf,
    working,
)
from gembounds.values.estimates import Estimate
from gembounds.values.mixture import Mixture

MAX_RULES = 4
"""Rules tried before giving up; each has about 15 % more nodes than the one before."""

MAX_LOST = {1: 1500, 2: 60}
"""Most digits of cancellation made up for, by rank."""

MAX_GRADIENT_LOST = {1: 60, 2: 30}
"""The same for gradients, whose rows can be zero: no precision would settle that."""

PILOT_DIGITS = 12
COARSE_DIGITS = 3
GUARD_DIGITS = 3
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
    total, _ = _integral(mixture, plane, Overlaps(n), digits, MAX_LOST)
    out = np.empty((n, n), dtype=object)
    for value, (i, k) in zip(total, _pairs(n), strict=True):
        out[i, k] = out[k, i] = value
    return Estimate(out, digits)


def gradient(mixture: Mixture, digits: int = 30) -> Estimate:
    """``grad_{mu_i} L = E[psi_i(x) (mu_i - x)]``, an (n, d) estimate.

    Row i errs by less than ``10^-digits`` times its norm. A row whose norm is below 10^-60
    (rank 1) or 10^-30 (rank 2) of both E[psi_i |mu_i - x|] and
    E[psi_i |mu_i| + (1 - psi_i) |x|] cannot be told from one that is zero by symmetry: its part
    along the differences of the means is given as 0. Raises as :func:`overlaps`. Source: (3).
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
        centre = mp.sqrt(to_mpf(plane.centre2))
    forms = GradientForms(n)
    kernel = forms.chosen(_once(mixture, plane, forms))
    total, lost = _integral(mixture, plane, kernel, digits, MAX_GRADIENT_LOST, centre)
    with working(digits + GUARD_DIGITS):
        over, up, share = total.reshape(3, -1)
        inside = np.column_stack([over, up])
        inside[np.array(lost) > MAX_GRADIENT_LOST[plane.rank]] = mp.zero
        # the frame's direction of c: E[psi_i (|c| - s)] = |c| E psi_i, s independent of psi
        return Estimate(plane.lift(inside, share), digits)


def psi_tilde_norm2(mixture: Mixture, digits: int = 30) -> Estimate:
    """``E |sum_i psi_i(x) mu_i|^2``, a scalar estimate of ``digits`` relative digits.

    Raises as :func:`overlaps`. Source: Corollary 10.
    """
    digits, plane = checked_digits(digits), plane_of(mixture)
    with working(digits + GUARD_DIGITS):
        centre2 = to_mpf(plane.centre2)
    if plane.rank == 0:
        return _estimate(centre2, digits)
    total, _ = _integral(mixture, plane, MeanSquare(), digits, MAX_LOST, centre2)
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
    total, _ = _integral(mixture, plane, Loss(), digits, MAX_LOST, along)
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


def _run(
    mixture: Mixture, plane: Plane, tracks: Tracks, kernel: Kernel, wanted: float, refine: int
) -> ObjectArray:
    """The kernel's integrals by one rule."""
    spread = float(np.ptp(tracks.means, axis=0).max())
    # an integral may be below its peak by the width of the peak, 1/spread, along each axis
    digits = wanted + GUARD_DIGITS + plane.rank * math.log10(1 + spread)
    with working(_precision(plane, digits)):
        pi = objects([to_mpf(w) for w in mixture.exact_weights])
        means = plane.coordinates()
        accuracy = Accuracy(digits, refine)
        return Integrator(means, pi, tracks, kernel, accuracy, plane.rank == 2).run()


def _once(mixture: Mixture, plane: Plane, kernel: Kernel) -> ObjectArray:
    tracks = _tracks(mixture, plane, kernel.power)
    return _run(mixture, plane, tracks, kernel, COARSE_DIGITS, 0)


def _integral(
    mixture: Mixture,
    plane: Plane,
    kernel: Overlaps | Gradient | MeanSquare | Loss,
    digits: int,
    most_lost: dict[int, int],
    besides: Any = 0,
) -> tuple[ObjectArray, list[float]]:
    """The kernel's integrals, once two successive rules agree, and the digits that cancelled.

    ``besides`` is the part of the value that needs no integral: cancellation is measured
    against the whole.
    """
    tracks = _tracks(mixture, plane, kernel.power)

    def run(wanted: float, refine: int) -> ObjectArray:
        return _run(mixture, plane, tracks, kernel, wanted, refine)

    lost = [0.0]
    if not isinstance(kernel, Overlaps):
        lost = _lost(run, kernel, besides, most_lost[plane.rank])
    known = [x for x in lost if x <= most_lost[plane.rank]]
    if not known and not isinstance(kernel, Gradient):
        raise NotConverged(
            f"more than {most_lost[plane.rank]} digits cancel: the value is too small for the "
            'reference; use evaluator="arb"'
        )
    wanted = digits + math.ceil(max(known, default=0))
    previous = run(wanted, 0)
    for refine in range(1, MAX_RULES):
        value = run(wanted, refine)
        with working(_precision(plane, wanted)):
            scales = kernel.scales(value)
            if bool(np.all(abs(value - previous) <= mp.mpf(10) ** (-wanted) * scales)):
                return value, lost
        previous = value
    raise NotConverged(
        f"{MAX_RULES} rules did not agree to {digits} digits: "
        'ask for fewer digits or use evaluator="arb"'
    )


def _lost(
    run: Callable[[float, int], ObjectArray],
    kernel: Gradient | MeanSquare | Loss,
    besides: Any,
    most: int,
) -> list[float]:
    """Digits lost to cancellation, found with rules of few digits; inf where above ``most``."""
    tried = PILOT_DIGITS
    while True:
        with working(tried + GUARD_DIGITS):
            lost = kernel.lost(run(tried, 0), besides)
        if max(lost) <= tried - 4:
            return lost
        if tried >= most + 4:
            return [x if x <= most else math.inf for x in lost]
        tried = min(2 * tried, most + 4)
