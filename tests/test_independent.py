"""The definitions, integrated literally by mpmath, agree with the balls to 1e-25."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import gembounds as gb
from tests.examples import line_mixture, plane_mixture

DIGITS = 27
RELATIVE = mpmath.mpf("1e-25")
QUANTITIES = (gb.overlaps, gb.loss, gb.gradient, gb.psi_tilde_norm2)
LINES, PLANES, SHARDS = 40, 4, 4


def check_close(quantity: Callable[..., Any], mix: gb.Mixture) -> None:
    """Every literal value within 1e-25 of the ball, relative to the quantity's largest entry
    (a gradient may have entries that are exactly 0)."""
    literal = quantity(mix, evaluator="mpmath", digits=DIGITS)
    sure = quantity(mix, evaluator="arb", bits=128, max_nodes=2**18)
    with mpmath.workdps(60):
        balls = [_ends(b) for b in sure.balls.ravel()]
        scale = max(max(abs(a), abs(b)) for a, b in balls)
        own = quantity is gb.overlaps
        for value, (low, high) in zip(literal.values.ravel(), balls, strict=True):
            size = max(abs(low), abs(high)) if own else scale
            outside = max(low - value, value - high, 0)
            assert high - low <= RELATIVE * size
            assert outside <= RELATIVE * size, f"{quantity.__name__} of {mix!r}: {value}"


def _ends(ball: Any) -> tuple[Any, Any]:
    def exact(point: Any) -> Any:
        mantissa, exponent = point.man_exp()
        return mpmath.ldexp(int(mantissa), int(exponent))

    middle, radius = exact(ball.mid()), exact(ball.rad())
    return middle - radius, middle + radius


@pytest.mark.parametrize("shard", range(SHARDS))
def test_on_a_line(shard: int) -> None:
    rng = np.random.default_rng([31, shard])
    for _ in range(LINES // SHARDS):
        mix = line_mixture(rng)
        for quantity in QUANTITIES:
            check_close(quantity, mix)


@pytest.mark.parametrize("shard", range(PLANES))
def test_in_a_plane(shard: int) -> None:
    """Each takes a second."""
    mix = plane_mixture(np.random.default_rng([32, shard]))
    for quantity in QUANTITIES:
        check_close(quantity, mix)
