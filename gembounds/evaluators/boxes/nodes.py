"""Intervals at every node and cell, with one running bound of rounding for all cells of a node.

``lo`` and ``hi`` are computed to nearest, not outward: how far they may be from ends that contain
the exact range is ``err``, and ``size`` bounds what is inside; both have an entry a node, (N, 1).
An operation costs what its numbers cost, and the bound next to nothing: it is the running error
analysis of Wilkinson (Higham, *Accuracy and Stability of Numerical Algorithms*, section 3.3),

    err(x + y) = err x + err y + U (size x + size y),
    err(x y) = size x err y + size y err x + err x err y + U size x size y.

Where ``lo is hi`` the numbers are points, and cost half. ``SLACK`` at the end covers the rounding
of ``err`` itself, and underflow."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.values.rounding import U, gamma

SLACK = 1.0 + 2.0**-20
"""``err`` and ``size`` come from sums and products of fewer than 2^20 numbers that are >= 0."""

FLOOR = 1e-280
"""Underflow of the operations: each errs by 2^-1074 at most, and factors stay below 1e20."""


class Nodes:
    """An interval for each node and cell, arrays that broadcast to (N, B)."""

    __slots__ = ("err", "hi", "lo", "size")

    def __init__(self, lo: Any, hi: Any, size: Any, err: Any = 0.0) -> None:
        self.lo, self.hi, self.size, self.err = lo, hi, size, err

    @property
    def point(self) -> bool:
        """Whether these are numbers, not intervals."""
        return self.lo is self.hi

    def __neg__(self) -> Nodes:
        if self.point:
            value = -self.lo
            return Nodes(value, value, self.size, self.err)
        return Nodes(-self.hi, -self.lo, self.size, self.err)

    def __add__(self, y: Any) -> Nodes:
        if not isinstance(y, Nodes):
            y = number(y)
        size = self.size + y.size
        err = self.err + y.err + U * size
        lo = self.lo + y.lo
        hi = lo if self.point and y.point else self.hi + y.hi
        return Nodes(lo, hi, size, err)

    __radd__ = __add__

    def __sub__(self, y: Any) -> Nodes:
        return self.__add__(-y)

    def __rsub__(self, y: Any) -> Nodes:
        return (-self).__add__(y)

    def __mul__(self, y: Any) -> Nodes:
        if not isinstance(y, Nodes):
            y = number(y)
        size = self.size * y.size
        err = self.size * y.err + y.size * self.err + self.err * y.err + U * size
        if self.point and y.point:
            lo = self.lo * y.lo
            return Nodes(lo, lo, size, err)
        if self.point or y.point:
            a, b = (self, y) if self.point else (y, self)
            p, q = a.lo * b.lo, a.lo * b.hi
            return Nodes(np.minimum(p, q), np.maximum(p, q), size, err)
        p, q = self.lo * y.lo, self.lo * y.hi
        s, t = self.hi * y.lo, self.hi * y.hi
        lo = np.minimum(np.minimum(p, q), np.minimum(s, t))
        hi = np.maximum(np.maximum(p, q), np.maximum(s, t))
        return Nodes(lo, hi, size, err)

    __rmul__ = __mul__

    def times(self, y: Nodes) -> Nodes:
        """``self * y`` where ``self`` is nowhere negative: two products less."""
        if self.point:
            return self * y
        size = self.size * y.size
        err = self.size * y.err + y.size * self.err + self.err * y.err + U * size
        lo = np.minimum(self.lo * y.lo, self.hi * y.lo)
        hi = np.maximum(self.lo * y.hi, self.hi * y.hi)
        return Nodes(lo, hi, size, err)

    def square(self) -> Nodes:
        """x^2: of an interval, not of two independent numbers."""
        size = self.size * self.size
        err = 2 * self.size * self.err + self.err * self.err + U * size
        if self.point:
            lo = self.lo * self.lo
            return Nodes(lo, lo, size, err)
        below, above = np.maximum(self.lo, 0.0), np.minimum(self.hi, 0.0)
        hi = np.maximum(self.lo * self.lo, self.hi * self.hi)
        return Nodes(below * below + above * above, hi, size, err)


def number(x: float) -> Nodes:
    """An exact float64 number."""
    value = float(x)
    return Nodes(value, value, abs(value))


class Rule:
    """Nodes (N, s) and weights (N,) with the weights' relative error; and how sums are made."""

    def __init__(self, nodes: Any, weights: Any, errors: Any) -> None:
        self.nodes, self.weights, self.errors = nodes, weights, errors

    def sum(self, x: Nodes, cells: int) -> tuple[Any, Any]:
        """Ends of sum_k w_k x_k for each cell, (B,), the rounding added outward."""
        count = len(self.weights)
        size, error = np.ravel(x.size), np.ravel(x.err)
        share = self.weights * (error + (gamma(count + 1) + self.errors) * (size + error))
        err = float(np.sum(share)) * SLACK + FLOOR
        lo = self._dot(x.lo, cells)
        hi = lo if x.point else self._dot(x.hi, cells)
        return lo - err, hi + err

    def _dot(self, values: Any, cells: int) -> Any:
        if np.ndim(values) < 2 or values.shape != (len(self.weights), cells):
            values = np.broadcast_to(values, (len(self.weights), cells))
        return self.weights @ values
