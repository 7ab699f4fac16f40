"""A lower bound of a jet over each cell: first order, or second with a convex quadratic's dual.

With s in [-1, 1]^K, g the gradient and H the second derivatives scaled by the cell's half-widths,

    f >= f(c) + g s + s H s / 2 >= f(c) + g s + s Q s / 2 - sum_i max(0, -N_ii)/2 - sum_{i<k}
    |N_ik|,

Q = B^T B, N = H - Q, entry by entry over the ranges; and for any y, by convexity of s Q s,

    g s + s Q s / 2 >= -y Q y / 2 + (g + Q y) s >= -y Q y / 2 - sum_i |g_i + (Q y)_i|.

B and y are found in float64 and rounded to a few bits (:class:`Dual`): any of them proves a bound.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.ranges import Range

Y_BITS, B_BITS = 6, 11
"""Bits of y, and of the entries of B beside its largest (a choice: they cost a percent of the
bound)."""

SWEEPS = 12
"""Of coordinate descent for y."""


class Dual(NamedTuple):
    """y 2^Y_BITS, (K, B) integers; B = ``factor`` 2^(``exponent`` - B_BITS), (K, K, B) upper
    triangular integers, and (B,) exponents."""

    y: npt.NDArray[Any]
    factor: npt.NDArray[Any]
    exponent: Any


def scaled(jet: Jet, half: Any) -> tuple[Any, Any, Any, Any]:
    """Ends of g, (K, B), and of H, (K, K, B), scaled."""
    count, cells = half.shape
    g_lo, g_hi = np.zeros((count, cells)), np.zeros((count, cells))
    h_lo, h_hi = np.zeros((count, count, cells)), np.zeros((count, count, cells))
    for k, x in enumerate(jet.slope):
        if x is not None:
            found = x * Range(half[k], half[k])
            g_lo[k], g_hi[k] = found.lo, found.hi
    for (p, q), x in (jet.bend or {}).items():
        if x is not None:
            found = x * (Range(half[p], half[p]) * Range(half[q], half[q]))
            for a, b in ((p, q), (q, p)):
                h_lo[a, b], h_hi[a, b] = found.lo, found.hi
    return g_lo, g_hi, h_lo, h_hi


def first_order(jet: Jet, half: Any) -> Any:
    """The larger of the range's end and that of the mean value form, (B,)."""
    cells = half.shape[1]
    spread: Any = Range.of(0)
    for k, x in enumerate(jet.slopes):
        if x is not None:
            size = x.size()
            spread = spread + Range(size, size) * Range(half[k], half[k])
    bound = (jet.at - Range(spread.hi, spread.hi) - Range(jet.err, jet.err)).lo
    return np.broadcast_to(np.fmax(bound, jet.all.lo), cells)


def dual(g_lo: Any, g_hi: Any, h_lo: Any, h_hi: Any) -> Dual:
    """A dual point for each cell: the convex part of H's middle, and its least point."""
    count, cells = g_lo.shape
    g = 0.5 * (g_lo + g_hi)
    h = np.moveaxis(0.5 * (h_lo + h_hi), 2, 0)
    values, vectors = np.linalg.eigh(h)
    root = np.sqrt(np.maximum(values, 0.0))[:, :, None] * np.swapaxes(vectors, 1, 2)
    factor = np.linalg.qr(root, mode="r")
    largest = np.max(np.abs(factor), axis=(1, 2))
    exponent = np.where(largest > 0, np.ceil(np.log2(np.maximum(largest, 1e-300))), 0).astype(int)
    exponent = np.clip(exponent, -120, 120)
    whole = np.rint(np.ldexp(factor, (B_BITS - exponent)[:, None, None]))
    q = np.einsum("bki,bkj->ijb", *[np.ldexp(whole, (exponent - B_BITS)[:, None, None])] * 2)
    y = np.zeros((count, cells))
    with np.errstate(all="ignore"):
        for _ in range(SWEEPS):
            for i in range(count):
                rest = g[i] + np.einsum("jb,jb->b", q[i], y) - q[i, i] * y[i]
                best = np.where(q[i, i] > 0, -rest / q[i, i], -np.sign(rest))
                y[i] = np.clip(np.nan_to_num(best), -1.0, 1.0)
    return Dual(np.rint(y * 2**Y_BITS), np.moveaxis(whole, 0, 2), exponent)


def second_order(jet: Jet, scale: tuple[Any, Any, Any, Any], point: Dual) -> Any:
    """The bound by a dual point, (B,)."""
    g_lo, g_hi, h_lo, h_hi = scale
    count, _ = g_lo.shape
    y = point.y * 2.0**-Y_BITS
    factor = np.ldexp(point.factor, (point.exponent - B_BITS)[None, None])
    q = np.einsum("kib,kjb->ijb", factor, factor)  # exact: K products of 24 bits of one exponent
    qy = np.einsum("ijb,jb->ib", q, y)  # exact: 32 bits
    loss: Any = Range.of(0)
    for i in range(count):
        for k in range(i, count):
            n = Range(h_lo[i, k], h_hi[i, k]) - Range(q[i, k], q[i, k])
            away = 0.5 * np.maximum(-n.lo, 0.0) if i == k else n.size()
            loss = loss + Range(away, away)
        z = (Range(g_lo[i], g_hi[i]) + Range(qy[i], qy[i])).size()
        loss = loss + Range(z, z)
    inner = 0.5 * np.einsum("ib,ib->b", qy, y)  # exact: 45 bits
    total = jet.at - Range(inner, inner) - Range(loss.hi, loss.hi) - Range(jet.err, jet.err)
    return total.lo


def smear(jet: Jet, half: Any, scale: tuple[Any, Any, Any, Any]) -> Any:
    """How much each variable moves the bound, (K, B): the largest is halved; the widest where
    that is not known."""
    g_lo, g_hi, h_lo, h_hi = scale
    slope = 0.5 * np.abs(g_lo + g_hi)
    middle, radius = 0.5 * np.abs(h_lo + h_hi), h_hi - h_lo
    with np.errstate(all="ignore"):
        found = slope + 0.5 * np.sum(middle + radius, axis=1)
    known = np.all(np.isfinite(found), axis=0)
    return np.where(known, found, half)
