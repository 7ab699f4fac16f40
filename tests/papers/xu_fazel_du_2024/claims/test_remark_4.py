"""Remark 4: how long Theorem 7's start is trapped, and the map's view of it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from gembounds.points.point import Point
from gembounds.referee.search import search
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import Operations

CLAIM = library.get("remark-4")


def at(d: int, n: int, eta: Fraction) -> Point:
    return Point(parameters={"d": d, "n": n, "eta": eta})


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("n", [3, 4, 50])
def test_the_escape_time_contains_a_fine_sum(d: int, n: int) -> None:
    """tau of small steps is the integral of da/(eta f) from 10 s to 12 s, up to a step's share."""
    s = math.sqrt(d)
    y = np.linspace(0, 40, 4001)
    density = np.exp(-y * y / 2) / math.sqrt(2 * math.pi) * (y[1] - y[0]) * 2
    density[0] /= 2

    def force(a: float) -> float:
        up, down, none = a * y - a * a / 2, -a * y - a * a / 2, math.log(n - 2)
        top = np.maximum(up, none)
        total = np.exp(up - top) + np.exp(down - top) + np.exp(none - top)
        difference = (np.exp(up - top) - np.exp(down - top)) / total
        return a * float(density @ difference**2) / 2

    grid = np.linspace(10 * s, 12 * s, 101)
    time = float(np.trapezoid([1 / force(a) for a in grid], grid)) * 1000  # eta = 1/1000
    ops = Operations()
    with ops.precision():
        (found,) = CLAIM.lhs(ops, at(d, n, Fraction(1, 1000)), CLAIM.constants)
        assert float(found.lower()) < math.log(time) < float(found.upper())
        assert float(found.rad()) < 12 * d + 2 * math.log(n)


def test_it_holds_for_all_kinds_of_points_and_not_with_any_rate() -> None:
    for point in (at(1, 3, Fraction(1)), at(10**6, 10**300, Fraction(10**6))):
        assert decide(CLAIM, point).outcome == "holds"
        fast = CLAIM.with_constants(rate=Fraction(22, 288))
        assert decide(fast, point).outcome != "holds"
    fast = CLAIM.with_constants(rate=Fraction(30, 288))
    assert decide(fast, at(100, 3, Fraction(1))).outcome == "refuted"


def test_domain() -> None:
    assert decide(CLAIM, at(1, 2, Fraction(1))).outcome == "outside"
    assert decide(CLAIM, at(1, 3, Fraction(0))).outcome == "outside"
    assert decide(CLAIM, at(0, 3, Fraction(1))).outcome == "outside"


def test_generator_leads_to_decisions() -> None:
    found = search(CLAIM, 60, 3)
    assert found.outcomes["holds"] == 60
