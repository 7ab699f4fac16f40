"""Expectations of several expressions over one component of the data, to wanted errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from flint import arb

from gembounds.evaluators.balls.bounds import one_strip_error
from gembounds.evaluators.balls.peaks import log_peaks
from gembounds.evaluators.general.expand import CONSTANT, SQUARE, Key, expanded
from gembounds.evaluators.general.float_sums import float_sums
from gembounds.evaluators.general.frame import Frame
from gembounds.evaluators.general.growth import Growth, left_out
from gembounds.evaluators.general.plan import Planner, log_of
from gembounds.evaluators.general.sums import Grid, Sums, Wanted, grid_sums
from gembounds.values.balls import float_ends
from gembounds.values.expressions import Monomial, Polynomial
from gembounds.values.precision import working_precision
from gembounds.values.rule import Rule

BOUND_BITS = 64
"""Working precision of error bounds (a choice)."""


class Found(NamedTuple):
    """``values`` T, and ``errors``, which bound |T - E f|, each without rounding."""

    values: list[Any]
    errors: list[Any]
    rule: Rule


class PolynomialPart:
    """One component of the data: what its grids need to know."""

    def __init__(self, fs: Sequence[Polynomial], frame: Frame) -> None:
        self.fs, self.frame = fs, frame
        with working_precision(BOUND_BITS):
            coefficients = expanded(fs, frame)
            constants = [one.pop(CONSTANT, arb(0)) for one in coefficients]
            self.wanted = Wanted.of([key for one in coefficients for key in one])
            self.growth = Growth(frame.reduction, coefficients, self.wanted)
            self.planner = Planner(self.growth)
            self.most = [
                (x + abs(c)).upper() for x, c in zip(self.growth.most(), constants, strict=True)
            ]
            self.signs = [_sign(one, c) for one, c in zip(coefficients, constants, strict=True)]
            self.mass = self._peaks()
            self.constants = [log_of(abs(c)) for c in constants]

    def _peaks(self) -> dict[Monomial, float]:
        """About log of the integrals of the products' majorants, before any sum."""
        reduction, products = self.frame.reduction, self.wanted.half
        powers = np.zeros((len(products), len(reduction.weights)))
        for row, m in zip(powers, products, strict=True):
            for (_, g), p in m:
                row[g] = p
        u = np.array([[float(x.mid()) for x in row] for row in self.growth.u])
        if not (products and self.frame.rank and np.abs(u).max() < 1e6):
            return dict.fromkeys(products, 0.0)
        heights, places = log_peaks(
            u, -np.array([float(x.mid()) for x in self.growth.logs]), powers
        )
        far = 1 + (places**2).sum(axis=1) + self.frame.rank
        rows = zip(products.items(), heights.tolist(), np.log(far).tolist(), strict=True)
        return {m: height + k * distance for (m, k), height, distance in rows}

    def sizes(self) -> list[float]:
        """About log of what bounds each E|f|."""
        pairs = zip(self.planner.sizes(self.mass), self.constants, strict=True)
        return [max(size, constant) for size, constant in pairs]

    def grid(self, targets: Sequence[float]) -> Grid | None:
        """For errors of exp(``targets``)."""
        return self.planner.grid(targets, self.mass)

    def in_floats(self, grid: Grid) -> Found | None:
        """The sums in float64; None where rounding says nothing."""
        return self._found(grid, BOUND_BITS, float_sums)

    def evaluate(self, grid: Grid, precision: int) -> Found:
        """The sums in balls."""
        found = self._found(grid, precision, grid_sums)
        assert found is not None
        return found

    def _found(
        self, grid: Grid, precision: int, summed: Callable[..., Sums | None]
    ) -> Found | None:
        """The sums over a grid and their errors."""
        with working_precision(BOUND_BITS):
            size = max((float(x.mid()) for x in self.growth.reach), default=0.0)
        lost = math.ceil(math.log2(2.0 + (grid.reach + size) * size))  # of exponents
        with working_precision(precision + lost):
            reduction = self.frame.reduction
            weights = [arb(w) for w in reduction.weights]
            sums = summed(weights, reduction.coordinates(), grid, self.wanted)
            if sums is None:
                return None
            values = [
                sum(
                    (c if key == CONSTANT else c * sums.value[key] for key, c in one.items()),
                    arb(0),
                )
                for one in expanded(self.fs, self.frame)
            ]
        with working_precision(BOUND_BITS):
            errors, rho = self._errors(grid, sums)
            self.mass = {m: log_of(x) for m, x in sums.mass.items()}
        return Found(values, errors, rule_of(grid, rho))

    def _errors(self, grid: Grid, sums: Sums) -> tuple[list[Any], tuple[float, ...]]:
        """See :mod:`gembounds.evaluators.general.growth`."""
        if not grid.axes:
            return [arb(0) for _ in self.fs], ()
        half, growth = self.wanted.half, self.growth
        strips, rule = [], []
        for j, axis in enumerate(grid.axes):
            strip = growth.on_strip(j, axis.halfwidth)
            if strip is None:
                return [arb.pos_inf() for _ in self.fs], ()
            strips.append(strip)
            rule.append(one_strip_error(axis))
        outside = {k: left_out(grid, k) for k in set(half.values())}
        whole, rho = {}, [0.0] * len(rule)
        for m, k in half.items():
            total = (sums.mass[m] + outside[k]).upper()
            for j, (axis, (_, s), e) in enumerate(zip(grid.axes, strips, rule, strict=True)):
                sigma = e * (1 + arb(axis.halfwidth) ** 2) ** k * (s * sum(p for _, p in m)).exp()
                rho[j] = max(rho[j], float_ends(sigma)[1])
                total = total / (1 - sigma) if sigma < 1 else arb.pos_inf()
            whole[m] = total.upper()
        errors = []
        for f, real in enumerate(growth.real):
            error = sum((b * outside[half[m]] for m, b in real.items()), arb(0))
            for (table, _), e in zip(strips, rule, strict=True):
                error += sum((e * b * whole[m] for m, b in table[f].items()), arb(0))
            errors.append(error.upper())
        return errors, tuple(rho)


def _sign_of(key: Key) -> int:
    """1 where the product is never below 0, -1 never above; 0 for another."""
    sign = 1
    for v, p in key[1]:
        if v[0] == "log Psi":
            sign *= (-1) ** p
        elif v != SQUARE and p % 2:
            return 0
    return sign


def _sign(coefficients: Mapping[Key, Any], constant: Any) -> int:
    """The same of a sum."""
    signs = {key: _sign_of(key) for key in coefficients}
    terms = [constant, *(signs[key] * x for key, x in coefficients.items())]
    if not all(signs.values()):
        return 0
    if all(x >= 0 for x in terms):
        return 1
    return -1 if all(x <= 0 for x in terms) else 0


def rule_of(grid: Grid, rho: tuple[float, ...]) -> Rule:
    axes = grid.axes
    return Rule(
        tuple(a.step for a in axes), tuple(a.count for a in axes), rho,
        tuple(a.halfwidth for a in axes),
    )  # fmt: skip
