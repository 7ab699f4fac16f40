"""Forms over cells contain the values of balls at points of the cells, and are narrow at
centres."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.chart import CellBatch, Chart
from gembounds.proving.boxes.operations import CellOperations
from gembounds.proving.boxes.points import place_of, point_of

BOXES: dict[str, dict[str, Any]] = {
    "two on a line": {
        "means": [[["-2", "2"]], [["-1", "3"]]],
        "weights": [["1/50", "9/10"], None],
    },
    "three on a line": {
        "means": [[["-1", "1"]], [["-2", "1"]], ["1/3"]],
        "weights": [["1/10", "1/2"], ["1/10", "2/5"], None],
    },
    "two in space": {"means": [[["-1", "1"]] * 3] * 2, "weights": [["1/10", "9/10"], None]},
    "three in the plane": {"means": [[["-1", "1"], ["0", "1"]]] * 3},
    "one": {"means": [[["-1", "2"]]]},
}


def batch_of(box: Box, rng: np.random.Generator, cells: int) -> CellBatch:
    chart = Chart(box)
    width = 2.0 ** -rng.integers(1, 9, size=(chart.count, cells))
    low = np.floor(rng.uniform(size=width.shape) / width) * width
    return CellBatch(chart, low, low + width)


@pytest.mark.parametrize("name", BOXES)
@pytest.mark.parametrize("quantity", ["L", "mean_square"])
def test_no_value_is_missed(name: str, quantity: str) -> None:
    """The second-order form at points of a cell: T(c) + g s + s H s / 2, widened by what is
    missed."""
    rng = np.random.default_rng(len(name))
    box = Box.from_json(BOXES[name])
    batch = batch_of(box, rng, 12)
    ops = CellOperations(batch, ("L", "mean_square"))
    jet = ops.symbol_value(_symbol(quantity), None, [])
    chart = batch.chart
    checked = 0
    for cell in range(batch.size):
        for _ in range(3):
            values = rng.uniform(batch.lo[:, cell], batch.hi[:, cell])
            point = _point(chart, values)
            if point is None:
                continue
            s = values - batch.at[:, cell]
            if chart.turned:  # the point is a turned one: where it really is
                s = _values(chart, point) - batch.at[:, cell]
            low = high = 0.0
            for k, x in enumerate(jet.slope):
                if x is not None:
                    ends = [np.broadcast_to(e, batch.size)[cell] * s[k] for e in (x.lo, x.hi)]
                    low, high = low + min(ends), high + max(ends)
            for (p, q), x in jet.bend.items():
                if x is not None:
                    share = s[p] * s[q] * (0.5 if p == q else 1.0)
                    ends = [np.broadcast_to(e, batch.size)[cell] * share for e in (x.lo, x.hi)]
                    low, high = low + min(ends), high + max(ends)
            err = float(np.broadcast_to(np.asarray(jet.err), batch.size)[cell]) + 1e-12
            low += float(np.broadcast_to(jet.at.lo, batch.size)[cell]) - err
            high += float(np.broadcast_to(jet.at.hi, batch.size)[cell]) + err
            exact = (gb.loss if quantity == "L" else gb.psi_tilde_norm2)(point, evaluator="arb")
            assert low <= float(exact.upper) and float(exact.lower) <= high
            over = jet.all
            assert float(np.broadcast_to(over.lo, batch.size)[cell]) <= float(exact.upper) + 1e-12
            assert float(exact.lower) - 1e-12 <= float(np.broadcast_to(over.hi, batch.size)[cell])
            checked += 1
    assert checked >= 12


@pytest.mark.parametrize("name", BOXES)
def test_narrow_at_centres(name: str) -> None:
    batch = batch_of(Box.from_json(BOXES[name]), np.random.default_rng(3), 12)
    ops = CellOperations(batch, ("L", "mean_square"))
    for quantity in ("L", "mean_square"):
        jet = ops.symbol_value(_symbol(quantity), None, [])
        known = np.broadcast_to(~batch.empty, batch.size)
        assert np.all((jet.at.hi - jet.at.lo)[known] < 1e-9)
        assert np.all(np.asarray(jet.err) < 1e-10)


def _symbol(name: str) -> Any:
    from gembounds.statements.vocabulary import SYMBOLS

    return SYMBOLS[name]


def _point(chart: Chart, values: Any) -> gb.Mixture | None:
    box = chart.box
    if not chart.turned:
        found = point_of(chart, set(), values)
        return None if found is None else found.mixture
    u = [Fraction(float(values[chart.index("mean", (i, 0))])) for i in (0, 1)]
    c = Fraction(float(values[chart.index("offset")]))
    w = Fraction(float(values[chart.index("weight", 0)]))
    rows = [[u[i], c, *[Fraction(0)] * (box.d - 2)] for i in (0, 1)]
    return gb.Mixture(rows, [w, 1 - w])


def _values(chart: Chart, mix: gb.Mixture) -> Any:
    from gembounds.points.point import Point

    place = place_of(chart, Point(mix))
    low = np.array([float(v.low) for v in chart.variables])
    width = np.array([float(v.high - v.low) for v in chart.variables])
    found = low + width * place
    u = [chart.index("mean", (i, 0)) for i in (0, 1)]
    if float(mix.exact_means[0][0]) < float(mix.exact_means[1][0]):  # the axis is turned round
        found[u] *= -1
    return found


@pytest.mark.parametrize("weight", [Fraction(1, 2), Fraction(1, 2**900)])
@pytest.mark.parametrize("varied", [Fraction(0), Fraction(1, 2**20)])
def test_posteriors_of_vast_cells(weight: Fraction, varied: Fraction) -> None:
    """A component 38.5 away and one anywhere in [0, 40]: their terms may both be below the normal
    float64 numbers, where a quotient of them has no relative accuracy."""
    import mpmath

    from gembounds.evaluators.boxes.cells import Cells, Posteriors

    def row(x: Any) -> Any:
        return np.array([[float(x)]])

    w_lo = np.concatenate([row(weight), row(1 - weight - varied)])
    w_hi = np.concatenate([row(weight + varied), row(1 - weight)])
    low, high = (np.array([[[a]], [[b]]]) for a, b in ((0.0, 38.5), (40.0, 38.5)))
    with np.errstate(all="ignore"):
        found = Posteriors(Cells(low, high, w_lo, w_hi, 0.0, (), ()), np.array([[0.0]]), True)
    with mpmath.workdps(60):
        for mu in np.linspace(36.0, 40.0, 41):
            for own in (weight, weight + varied):
                p = mpmath.mpf(own.numerator) / own.denominator
                terms = [
                    mpmath.exp(-(mpmath.mpf(mu) ** 2) / 2),
                    mpmath.exp(-(mpmath.mpf(38.5) ** 2) / 2),
                ]
                rates = [t / (p * terms[0] + (1 - p) * terms[1]) for t in terms]
                for i, w in enumerate((p, 1 - p)):
                    for x, true in ((found.psi[i], w * rates[i]), (found.rates[i], rates[i])):
                        err = float(np.max(x.err))
                        assert float(np.max(x.lo)) - err <= true <= float(np.max(x.hi)) + err


def test_what_sums_miss_around_means_0_goes_by_the_means_alone() -> None:
    """A wide offset beside narrow coordinates does not make the error smaller: 2 err/u^2 is 2e-3
    here, A_uu 1e-3."""
    from gembounds.proving.boxes import origin
    from gembounds.proving.boxes.jets import Jet
    from gembounds.proving.boxes.ranges import Range

    small, one = "1/1000", "1"
    box = Box.from_json({"means": [[["0", one]] * 2] * 2})
    chart = Chart(box)
    batch = CellBatch(chart, np.array([[0.5], [0.5], [0.0]]), np.array([[0.5], [0.5], [1.0]]))
    batch.lo[:2], batch.hi[:2] = 0.0, float(Fraction(small))
    batch.lo[2], batch.hi[2] = 0.0, 1.0
    zero, bend = Range.of(0), {(k, k): Range.of(Fraction(small)) for k in range(3)}
    for err, shown in ((1e-12, True), (1e-9, False)):
        jet = Jet(zero, zero, [zero] * 3, [zero] * 3, dict(bend), np.array([err]))
        found = origin.shown(jet, None, batch, np.ones(1, dtype=bool))
        assert found.tolist() == [shown]
