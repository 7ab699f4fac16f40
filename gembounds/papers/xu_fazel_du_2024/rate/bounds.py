"""What is proved of L along a trajectory, as numbers: from its start, and from later states.

The bounds are those of the claims rate-gradient-1, -2, -lower and rate-em-upper, -lower, and
Theorem 2's with the constants of its proof. They hold from any state mu(T) on, with what is known
there (U(T), or the largest distance D(T)): here is the best over the start and some T <= t/2, so
that a bound at t says more than what was computed there. EM proper has L <= D^2/2 from t = 1 on.

All in float64, on arrays; ``SLACK`` covers the roundings: sums of fewer than 10^6 step sizes, and
exponentials whose arguments are below 800 where they are finite.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.values.mixture import Mixture

FloatArray = npt.NDArray[np.float64]

SLACK = 1e-9

LARGEST = 10**300

RESTARTS = 48
"""States from which bounds start again, evenly spaced in log t (a choice)."""


@dataclass(frozen=True)
class Bounds:
    """At t = 0, ..., steps: ``upper`` and ``lower`` with restarts, ``first`` the upper one from
    the start alone, ``paper`` Theorem 2's as log10. ``lower`` is NaN where none is proved,
    ``paper`` where the theorem says nothing."""

    upper: FloatArray
    first: FloatArray
    lower: FloatArray
    paper: FloatArray


@dataclass(frozen=True)
class Start:
    """What the bounds take from a mixture: its weights, the largest rank that the differences of
    the means can come to, their own, and whether it is symmetric under mu -> -mu."""

    light: float
    heavy: float
    most: int
    rank: int
    symmetric: bool

    @classmethod
    def of(cls, mix: Mixture) -> Start:
        from gembounds.evaluators.reduction.exact import exact_rank

        weights = mix.exact_weights
        found = sorted(zip(map(tuple, mix.exact_means), weights, strict=True))
        turned = sorted((tuple(-x for x in mean), weight) for mean, weight in found)
        return cls(float(min(weights)) * (1 - SLACK), float(max(weights)) * (1 + SLACK),
                   min(mix.n - 1, mix.d), exact_rank(mix), found == turned)  # fmt: skip


def limit_of(mix: Mixture, sizes: Sequence[Fraction], kind: str) -> float | None:
    """The limit of t^2 L(t) for EM proper; for gradient EM with one step size a bound of
    its limes superior, where float64 reaches it; else None. Proofs:
    :mod:`gembounds.papers.xu_fazel_du_2024.claims.beyond_limits`."""
    start = Start.of(mix)
    if kind == "em":
        return start.rank / 16
    if len(set(sizes)) != 1:
        return None
    least, most, eta = min(mix.exact_weights), max(mix.exact_weights), sizes[0]
    bound = start.most / (16 * least**2 * eta**2 * (1 - eta * most / 2) ** 2)
    return float(bound) if bound < LARGEST else None


def restarts(steps: int) -> list[int]:
    """0 and some times to steps/2."""
    return sorted({0, *np.geomspace(1, max(1, steps // 2), RESTARTS).astype(int).tolist()})


@np.errstate(all="ignore")
def gradient_bounds(
    start: Start, sizes: FloatArray, total: tuple[FloatArray, FloatArray],
    places: Sequence[int], paper: float | None,
) -> Bounds:  # fmt: skip
    """``sizes`` (T,) of the steps, ends of U (T+1,) (read at ``places`` alone, times to start
    from), ``paper`` log10 of Theorem 2's gamma for a step of size 1, None where a step is larger
    than 1."""
    sigma, tau = (_sums(x) for x in (sizes * (2 - sizes), sizes))
    after = np.arange(len(sigma))
    upper = first = np.full(len(sigma), np.inf)
    lower = np.full(len(sigma), np.nan)
    largest = float(sizes.max(initial=0.0)) * (1 + SLACK)
    for T in places:
        low, high = total[0][T] * (1 - SLACK), total[1][T] * (1 + SLACK)
        found = _gradient_upper(start, high, np.maximum(sigma - sigma[T], 0) * (1 - SLACK))
        if T == 0:
            first = found
        fits = (after >= 2 * T) if T else np.full(len(after), True)
        upper = np.where(fits, np.minimum(upper, found), upper)
        if start.symmetric and high * largest <= 0.5 and low > 0:
            found = _gradient_lower(start, low, high, (tau - tau[T]) * (1 + SLACK))
            lower = np.where(fits, np.fmax(lower, found), lower)
    known = paper is not None
    theorem = -(paper + np.log10(tau)) / 2 if known else np.full(len(sigma), np.nan)
    theorem[0] = np.nan
    return Bounds(upper, first, lower, theorem)


def _gradient_upper(start: Start, U: float, sigma: FloatArray) -> FloatArray:
    one = U / 2 / (1 + np.exp(-U / 2) * sigma)
    size = (math.sqrt(start.most) + math.sqrt(2 / math.e)) ** 2
    two = 2 * np.exp(2 * U) * size / (start.light * sigma) ** 2
    return np.asarray(np.fmin(one, two) * (1 + SLACK))


def _gradient_lower(start: Start, low: float, high: float, tau: FloatArray) -> FloatArray:
    scale = start.light**2 * np.exp(-high / 4) / (4 * (start.rank + 2 * start.light * high))
    return np.asarray(scale / (1 / low + 2 * tau / 3) ** 2 * (1 - SLACK))


@np.errstate(all="ignore")
def em_bounds(
    start: Start, steps: int, widest: tuple[FloatArray, FloatArray], total: float,
    places: Sequence[int],
) -> Bounds:  # fmt: skip
    """Ends of the largest distance of two means (T+1,), read at ``places`` alone; ``total`` at
    least U(0)."""
    after = np.arange(steps + 1)
    upper = first = np.full(steps + 1, total / 2 * (1 + SLACK))  # L falls
    lower = np.full(steps + 1, np.nan)
    for T in places:
        low, high = widest[0][T] * (1 - SLACK), widest[1][T] * (1 + SLACK)
        if not 0 < low <= high < np.inf:
            continue
        t = np.maximum(after - T, 0).astype(float)
        size = (math.sqrt(start.rank) + math.sqrt(4 / math.e)) ** 2
        above = np.fmin(2 * np.exp(3 * high**2 / 4) * size / t**2, high**2 / 2) * (1 + SLACK)
        scale = start.light**2 * np.exp(-(high**2) / 2) / (start.rank + start.light * high**2)
        below = scale / 16 / (1 / low**2 + (0.5 + high**2 / 16) * t) ** 2 * (1 - SLACK)
        fits = (after >= 2 * T) & (t >= 1)
        upper = np.where(fits, np.fmin(upper, above), upper)
        lower = np.where(fits, np.fmax(lower, below), lower)
        if T == 0:
            first = upper
    return Bounds(upper, first, lower, np.full(steps + 1, np.nan))


def widest_of(means: FloatArray, apart: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ends of max_ik |mu_i - mu_k| along states (T+1, n, d) that are ``apart`` (T+1,) at most from
    those meant: two of their means together move by at most sqrt(2) times that."""
    gaps = means[:, :, None, :] - means[:, None, :, :]
    found = np.sqrt((gaps * gaps).sum(axis=3).max(axis=(1, 2)))
    off = 1.5 * apart + 1e-14 * np.abs(means).max(axis=(1, 2))
    return np.maximum(found - off, 0), found + off


def _sums(x: FloatArray) -> FloatArray:
    """The sums of the first 0, 1, ... entries."""
    return np.concatenate([[0.0], np.cumsum(x)])


def finite(x: Any) -> float | None:
    """A number, None where there is none."""
    return float(x) if math.isfinite(x) else None
