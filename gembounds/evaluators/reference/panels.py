"""Where to put quadrature panels, and how many nodes in each: float64 only, no values.

Along a line (one coordinate x, the other fixed) every integrand here is, up to factors of slow
growth, exp(g_t) for a few *tracks* t,

    g_t(x) = s_t x - q log S(x) - x^2/2 + const,    S(x) = sum_k w_k exp(a_k x),

q = 2 for psi_i psi_k phi, 1 for psi_i phi, 0 for phi alone. log S is convex, so g_t is concave
with g_t'' <= -1: one peak, and at distance R from it a drop of at least R^2/2. A Bernstein
ellipse with semi-axes A, B about a panel's middle c is free of zeros of S where
sum_k psi_k(c) exp(A |a_k - m|) < 2, m = sum_k psi_k a_k; there exp(g_t) grows by at most
exp(B^2/2) times its slope's share, so N nodes err by about that over ellipse^(2N). A panel that
would need too many nodes is halved. What is wrong here costs digits, which the comparison of
two rules detects; nothing here enters a value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

ROOT = 4.0
"""Width of the widest panels: with a Gaussian alone the nodes a unit of length are fewest here."""

ELLIPSES = np.array([1.3, 1.5, 1.8, 2.2, 2.7, 3.3, 4.0, 5.0, 6.5, 8.0, 11.0, 15.0])
"""Sums of semi-axes tried (a grid is enough: the count of nodes is flat about its least)."""

FEWER = 0.75
"""Share of the nodes along y that the estimate asks for (empirical: the checks still pass)."""

_AXIS_A = 0.5 * (ELLIPSES + 1 / ELLIPSES)
_AXIS_B = 0.5 * (ELLIPSES - 1 / ELLIPSES)
_LN10 = math.log(10.0)


@dataclass(frozen=True)
class Panel:
    """``count`` nodes on [s, s + w]: w = ROOT / 2^level, s = ROOT (index / 2^level + shift)."""

    index: int
    level: int
    count: int


@dataclass(frozen=True)
class Accuracy:
    """What a rule is asked for: digits, and which of the successive rules it is (0, 1, ...)."""

    digits: float
    refine: int = 0

    @property
    def shift(self) -> float:
        """Offset of the panels in units of ROOT, so that successive rules share no panel."""
        return 0.375 * (self.refine % 2)

    @property
    def most(self) -> int:
        """Most nodes in a panel."""
        return int(16 + 0.8 * self.digits)

    def rounded(self, count: int) -> int:
        """A few sizes only, so that nodes are reused; more in later rules."""
        return 4 * math.ceil((count * (1 + 0.15 * self.refine) + 1) / 4) + self.refine


@dataclass(frozen=True)
class Tracks:
    """The concave exponents of the module docstring in two coordinates, x and y.

    ``slopes`` (T, 2) and ``offsets`` (T,) give s_t . (x, y) + offset_t; ``power`` is q;
    ``means`` (n, 2) and ``logits`` (n,) give log w_k = logits_k + means_k . (0, y).
    """

    slopes: FloatArray
    offsets: FloatArray
    power: int
    means: FloatArray
    logits: FloatArray

    def posterior(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """log psi (..., n) and log S (...) at points."""
        z = x[..., None] * self.means[:, 0] + y[..., None] * self.means[:, 1] + self.logits
        top = z.max(axis=-1)
        log_s = top + np.log(np.exp(z - top[..., None]).sum(axis=-1))
        return z - log_s[..., None], log_s

    def exponent(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """g_t (..., T) at points x, y of shape (..., T) or (..., 1)."""
        log_s = self.posterior(x, y)[1]
        line = x * self.slopes[:, 0] + y * self.slopes[:, 1] + self.offsets
        return np.asarray(line - self.power * log_s - 0.5 * (x * x + y * y))

    def slope(self, axis: int, x: FloatArray, y: FloatArray) -> FloatArray:
        """d g_t / dx (axis 0) or / dy (axis 1)."""
        mean = np.exp(self.posterior(x, y)[0]) @ self.means[:, axis]
        return np.asarray(self.slopes[:, axis] - self.power * mean - (x, y)[axis])

    def peak_x(self, y: FloatArray) -> FloatArray:
        """The x of each track's peak on its line y (T,), by bisection of the slope."""
        reach = 4 * float(np.abs(self.means[:, 0]).max()) + 1
        low, high = np.full(y.shape, -reach), np.full(y.shape, reach)
        for _ in range(_bisections(reach)):
            x = 0.5 * (low + high)
            rising = self.slope(0, x, y) > 0
            low, high = np.where(rising, x, low), np.where(rising, high, x)
        return np.asarray(0.5 * (low + high))

    def peaks(self) -> tuple[FloatArray, FloatArray]:
        """(x, y) of each track's peak in the plane: on the ridge, g's slope in y is partial."""
        reach = 4 * float(np.abs(self.means[:, 1]).max())
        low, high = np.full(len(self.offsets), -reach), np.full(len(self.offsets), reach)
        if reach == 0:
            return self.peak_x(low), low
        low, high = low - 1, high + 1
        for _ in range(_bisections(reach)):
            y = 0.5 * (low + high)
            rising = self.slope(1, self.peak_x(y), y) > 0
            low, high = np.where(rising, y, low), np.where(rising, high, y)
        y = np.asarray(0.5 * (low + high))
        return self.peak_x(y), y


def _bisections(reach: float) -> int:
    """Halvings of [-reach, reach] until slopes up to ``reach`` change an exponent by < 0.05."""
    return 5 + math.ceil(2 * math.log2(1 + reach))


def line_panels(
    tracks: Tracks, ys: FloatArray, tops: FloatArray, accuracy: Accuracy
) -> list[list[Panel]]:
    """Panels along x at each of the heights ``ys``; ``tops`` (T,) are the tracks' peaks over the
    plane.

    Where the integrand is far below its peak, fewer digits of it are asked for.
    """
    across = np.repeat(ys[:, None], len(tops), axis=1)
    peak = tracks.peak_x(across)
    height = tracks.exponent(peak, across)
    digits = accuracy.digits - (tops - height) / _LN10
    active = digits > 0
    reach = np.sqrt(2 * _LN10 * np.where(active, digits, 0.0))
    first = [
        roots(low[near], high[near], accuracy)
        for low, high, near in zip(peak - reach, peak + reach, active, strict=True)
    ]
    index, row = np.concatenate(first), np.repeat(np.arange(len(ys)), list(map(len, first)))
    level = 0
    out: list[list[Panel]] = [[] for _ in ys]
    while len(index):
        width = ROOT / 2**level
        start = index * width + ROOT * accuracy.shift
        nearest = np.clip(peak[row], start[:, None], start[:, None] + width)
        need = accuracy.digits - (tops - tracks.exponent(nearest, ys[row, None])) / _LN10
        wanted = need.max(axis=1) > 0
        index, row, start = index[wanted], row[wanted], start[wanted]
        nearest, need = nearest[wanted], need[wanted]
        growth = np.abs(tracks.slope(0, nearest, ys[row, None]))
        log_psi, _ = tracks.posterior(start + 0.5 * width, ys[row])
        counts = node_counts(log_psi, tracks.means[:, 0], 0.5 * width, need, growth)
        done = counts <= accuracy.most
        for k, i, count in zip(
            row[done].tolist(), index[done].tolist(), counts[done].tolist(), strict=True
        ):
            out[k].append(Panel(int(i), level, accuracy.rounded(math.ceil(count))))
        index = np.concatenate([2 * index[~done], 2 * index[~done] + 1])
        row = np.concatenate([row[~done], row[~done]])
        level += 1
    return out


def roots(low: FloatArray, high: FloatArray, accuracy: Accuracy) -> FloatArray:
    """Indices of the root panels that meet any of the intervals, in order."""
    first = np.floor(low / ROOT - accuracy.shift).astype(int).tolist()
    final = np.floor(high / ROOT - accuracy.shift).astype(int).tolist()
    found = {k for a, b in zip(first, final, strict=True) for k in range(a, b + 1)}
    return np.array(sorted(found), dtype=np.float64)


def node_counts(
    log_psi: FloatArray, slopes: FloatArray, half: float, need: FloatArray, growth: FloatArray
) -> FloatArray:
    """Nodes (P,) for panels of half-width ``half`` (inf where no ellipse is free of zeros).

    ``log_psi`` (P, n) at the middles and ``slopes`` (n,) or (P, n) of log S's terms; ``need``
    (P, T) digits wanted of each track and ``growth`` (P, T), its slope at the panel's end.
    """
    mean = (np.exp(log_psi) * slopes).sum(axis=-1, keepdims=True)
    away = np.abs(slopes - mean)
    a, b = half * _AXIS_A, half * _AXIS_B
    z = log_psi[..., None] + away[..., None] * a
    top = z.max(axis=-2)
    free = top + np.log(np.exp(z - top[..., None, :]).sum(axis=-2)) < math.log(2.0)
    track = need[..., None] * _LN10 + growth[..., None] * (a - half)
    cost = (track.max(axis=-2) + 0.5 * b * b + 3.0) / (2 * np.log(ELLIPSES))
    return np.asarray(np.where(free, cost, np.inf).min(axis=-1))


def strip_panels(
    tracks: Tracks, peak_y: FloatArray, tops: FloatArray, accuracy: Accuracy
) -> list[Panel]:
    """Panels along y for the integral over x.

    As :func:`line_panels`, but zeros of S are looked for along each ridge x = peak_x(y) only:
    a first guess, which the caller checks, so ``FEWER`` of the nodes will do.
    """
    reach = math.sqrt(2 * _LN10 * accuracy.digits)
    waiting = [(i, 0) for i in roots(peak_y - reach, peak_y + reach, accuracy).tolist()]
    out = []
    while waiting:
        i, level = waiting.pop()
        width = ROOT / 2**level
        start = i * width + ROOT * accuracy.shift
        nearest = np.clip(peak_y, start, start + width)
        x = tracks.peak_x(nearest)
        need = accuracy.digits - (tops - tracks.exponent(x, nearest)) / _LN10
        if need.max() <= 0:
            continue
        growth = np.abs(tracks.slope(1, x, nearest))
        middle = np.full(len(tops), start + 0.5 * width)
        log_psi, _ = tracks.posterior(tracks.peak_x(middle), middle)
        slopes = tracks.means[:, 1] + _lean(tracks, log_psi)[:, None] * tracks.means[:, 0]
        counts = node_counts(log_psi, slopes, 0.5 * width, need[:, None], growth[:, None])
        count = FEWER * float(counts[need > 0].max())
        if count > accuracy.most:
            waiting += [(2 * i, level + 1), (2 * i + 1, level + 1)]
        else:
            out.append(Panel(int(i), level, accuracy.rounded(math.ceil(count))))
    return out


def _lean(tracks: Tracks, log_psi: FloatArray) -> FloatArray:
    """dx/dy of each track's ridge: -g_xy / g_xx, from psi's covariance of the means."""
    psi = np.exp(log_psi)
    x = tracks.means[:, 0] - (psi @ tracks.means[:, 0])[:, None]
    y = tracks.means[:, 1] - (psi @ tracks.means[:, 1])[:, None]
    q = tracks.power
    return np.asarray(-q * (psi * x * y).sum(axis=1) / (1 + q * (psi * x * x).sum(axis=1)))
