"""The vocabulary's symbols over cells: an exact number, a jet, or lists of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gembounds.proving.boxes.mixing import product, total
from gembounds.values.exact import is_exact

CellOperations = Any
"""Of :mod:`gembounds.proving.boxes.operations`, which imports this."""


def _spread(ops: CellOperations) -> Any:
    n, w, gaps = ops.chart.box.n, ops.weights(), ops.gaps()
    both = [(i, k) for i in range(n) for k in range(i)]
    if not both:
        return Fraction(0)
    return total([product([w[i], w[k], gaps[i][k]]) for i, k in both]) * 2


def _extreme(ops: CellOperations, sign: int) -> Any:
    values = ops.weights()
    if all(is_exact(x) for x in values):
        return max(values) if sign > 0 else min(values)
    return sign * ops.maximum([sign * ops.ball(x) for x in values])


SYMBOLS: dict[str, Callable[[CellOperations], Any]] = {
    "n": lambda ops: Fraction(ops.chart.box.n),
    "d": lambda ops: Fraction(ops.chart.box.d),
    "pi": lambda ops: ops.weights(),
    "pi_min": lambda ops: _extreme(ops, -1),
    "pi_max": lambda ops: _extreme(ops, 1),
    "norms": lambda ops: [ops.norm(i) for i in range(ops.chart.box.n)],
    "mu_max": lambda ops: ops.largest_norm(),
    "U": lambda ops: total(ops.squares()),
    "S": _spread,
    "Y": lambda ops: total(
        [product([w, q]) for w, q in zip(ops.weights(), ops.squares(), strict=True)]
    ),
    "distances": lambda ops: [
        [ops.distance(i, k) for k in range(ops.chart.box.n)] for i in range(ops.chart.box.n)
    ],
    "diameter": lambda ops: ops.diameter(),
    "L": lambda ops: ops.with_offset(ops.expectation("L"), Fraction(1, 2)),
    "gradient_change": lambda ops: ops.gradient_changes(),
    "mean_square": lambda ops: ops.with_offset(ops.expectation("mean_square"), Fraction(1)),
}
"""By the symbol's name: an exact number, a jet, or lists of them."""

ONCE = ("U", "S", "Y", "L", "mean_square")
"""Those without branches: made once a batch."""

EXPECTATIONS = ("L", "mean_square")
"""Those that have a second-order form."""

SUMMED = {*EXPECTATIONS, "gradient_change"}
"""Those that take sums over nodes."""
