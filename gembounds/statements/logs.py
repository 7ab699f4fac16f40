"""Statements over batches: a sign and a logarithm for each configuration and entry, in float64.

Sides as small as exp(-10^6) keep their ratios. These are estimates, which decide nothing: a
difference loses what cancels, and what a batch does not resolve is NaN.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.points.batch import Batch, FloatArray
from gembounds.statements.tree import Symbol
from gembounds.values.exact import Root


class Unestimated(Exception):
    """A symbol has no estimate over batches; the message names it."""


class LogArray:
    """``sign * exp(log)``, arrays of one shape (B, ...)."""

    __slots__ = ("log", "sign")
    __array_ufunc__ = None

    def __init__(self, sign: Any, log: Any) -> None:
        self.sign, self.log = sign, log

    @staticmethod
    def of(x: Any) -> LogArray:
        """An exact number, an array of values, or one of these."""
        if isinstance(x, LogArray):
            return x
        if isinstance(x, Root):
            return LogArray(np.array(float(x.sign)), np.array(_log(x.square) / 2))
        if isinstance(x, (int, Fraction)):
            return LogArray(np.array(float((x > 0) - (x < 0))), np.array(_log(abs(Fraction(x)))))
        values = np.asarray(x, dtype=float)
        return LogArray(np.sign(values), np.log(np.abs(values)))

    @property
    def value(self) -> FloatArray:
        found: FloatArray = self.sign * np.exp(self.log)
        return found

    def __getitem__(self, index: Any) -> LogArray:
        if not np.ndim(self.log):  # a number serves for all
            return self
        return LogArray(self.sign[index], self.log[index])

    def __neg__(self) -> LogArray:
        return LogArray(-self.sign, self.log)

    def __add__(self, other: Any) -> LogArray:
        y = LogArray.of(other)
        top = np.maximum(self.log, y.log)
        safe = np.where(np.isfinite(top), top, 0.0)
        rest = self.sign * np.exp(self.log - safe) + y.sign * np.exp(y.log - safe)
        return LogArray(np.sign(rest), safe + np.log(np.abs(rest)))

    def __sub__(self, other: Any) -> LogArray:
        return self + (-LogArray.of(other))

    def __mul__(self, other: Any) -> LogArray:
        y = LogArray.of(other)
        return LogArray(self.sign * y.sign, self.log + y.log)

    def __truediv__(self, other: Any) -> LogArray:
        y = LogArray.of(other)
        return LogArray(self.sign * _not_zero(y.sign), self.log - y.log)

    def __pow__(self, k: int) -> LogArray:
        sign = _not_zero(self.sign) if k < 0 else self.sign
        return LogArray(sign ** abs(k), self.log * k)


def _not_zero(sign: Any) -> Any:
    return np.where(sign == 0, np.nan, sign)


def _log(x: Fraction) -> float:
    return math.log(x.numerator) - math.log(x.denominator) if x else -math.inf


class BatchOperations:
    """The arithmetic of a batch, for :func:`gembounds.statements.evaluate.evaluate`."""

    lead = 1

    def ball(self, x: Any) -> LogArray:
        return LogArray.of(x)

    def parameter(self, batch: Batch, name: str) -> LogArray:
        return LogArray.of(batch[name])

    def symbol_value(self, symbol: Symbol, batch: Batch, arguments: list[Any]) -> LogArray:
        if symbol.estimate is None:
            text = re.sub(r"\{\d\}", "...", symbol.text)
            raise Unestimated(f"{text} has no estimate over batches")
        found = symbol.estimate(batch, *arguments)
        if np.ndim(found) == 0 and not isinstance(found, LogArray):
            found = np.full(len(batch), float(found))
        return LogArray.of(found)

    def moved(self, batch: Batch, by: str) -> Batch:
        return batch.moved_by(by)

    def has_value(self, x: Any) -> bool:
        return True

    def unknown(self, x: Any = None) -> LogArray:
        return LogArray.of(np.nan)

    def nonzero(self, x: Any) -> bool:
        return False

    def negative(self, x: Any) -> bool:
        return False

    def positive(self, x: Any) -> bool:
        return False

    def nonnegative(self, x: Any) -> bool:
        return True  # where it is not, the root is NaN

    def exp(self, x: Any) -> LogArray:
        value = LogArray.of(x).value
        return LogArray(np.where(np.isnan(value), np.nan, 1.0), value)

    def log(self, x: Any) -> LogArray:
        x = LogArray.of(x)
        return LogArray.of(np.where(x.sign > 0, x.log, np.nan))

    def sqrt(self, x: Any) -> LogArray:
        x = LogArray.of(x)
        return LogArray(np.where(x.sign < 0, np.nan, x.sign), x.log / 2)

    def maximum(self, values: list[Any]) -> LogArray:
        a, b = map(LogArray.of, values)
        larger = np.where(a.sign == b.sign, a.sign * a.log > b.sign * b.log, a.sign > b.sign)
        sign = np.where(larger, a.sign, b.sign) + 0 * (a.sign + b.sign)  # NaN where one is
        return LogArray(sign, np.where(larger, a.log, b.log))

    def reduced(self, op: str, x: LogArray, axes: tuple[int, ...]) -> LogArray:
        """The sum, largest or smallest entry along ``axes``."""
        if op == "total":
            top = np.max(x.log, axis=axes, keepdims=True)
            safe = np.where(np.isfinite(top), top, 0.0)
            rest = (x.sign * np.exp(x.log - safe)).sum(axis=axes)
            return LogArray(np.sign(rest), np.squeeze(safe, axes) + np.log(np.abs(rest)))
        x = x if op == "largest" else -x
        top = np.max(x.sign, axis=axes, keepdims=True)
        size = np.where(x.sign == top, top * x.log, -np.inf).max(axis=axes)
        sign = np.squeeze(top, axes)
        found = LogArray(sign, np.where(sign == 0, -np.inf, sign * size))
        return found if op == "largest" else -found
