"""Changes of the gradient over cells: no ball is outside of the forms, and these are narrow."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from flint import arb

import gembounds as gb
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.changes import changes
from gembounds.proving.boxes.chart import CellBatch, Chart
from gembounds.proving.boxes.problem import Problem
from gembounds.referee.verify.boxes.cell import Cell
from gembounds.referee.verify.boxes.displaced import Way
from gembounds.referee.verify.boxes.numbers import ONE
from gembounds.referee.verify.boxes.problem import Proof
from gembounds.statements import at_k, displacement, gradient_change, largest, norm
from gembounds.values.precision import working_precision

BOXES: dict[str, dict[str, Any]] = {
    "equal weights": {
        "means": [[["-2", "2"]], [["-2", "2"]]],
        "parameters": {"delta": [[["-1/6", "1/6"]], [["-1/6", "1/6"]]]},
    },
    "weights": {
        "means": [[["-1", "3"]], ["1/3"]],
        "weights": [["1/100", "99/100"], None],
        "parameters": {"delta": [[["-1/6", "1/6"]], [["0", "1/9"]]]},
    },
    "three": {
        "means": [[["-1", "1"]], [["-1", "2"]], [["1", "2"]]],
        "weights": [["1/10", "4/5"], ["1/10", "1/2"], None],
        "parameters": {"delta": [[["-1/2", "1/2"]], ["0"], [["-1/2", "1/2"]]]},
    },
    "one that moves": {
        "means": [[["-2", "2"]], [["-2", "2"]]],
        "parameters": {"delta": [["0"], [["-1", "1"]]]},
    },
}
BITS, TINY = 256, 14


def batch_of(box: Box, face: int, rng: np.random.Generator) -> CellBatch:
    """Cells of all sizes, the last five tiny, with a tiny scale: derivatives are narrow there."""
    chart = Chart(box)
    width = 2.0 ** -rng.integers(1, 7, size=(chart.count, 10))
    width[:, 5:] = 2.0**-TINY
    low = np.floor(rng.uniform(size=width.shape) / width) * width
    low[chart.index("scale"), 5:] = 2.0**-TINY
    return CellBatch(chart, low, low + width, face)


def exact(batch: CellBatch, values: list[Fraction]) -> list[Any]:
    """The change of each entry of the gradient over the scale, as balls."""
    chart = batch.chart
    known = {(v.kind, v.key): x for v, x in zip(chart.variables, values, strict=True)}
    means = [known.get(("mean", (i, 0)), row[0][0]) for i, row in enumerate(chart.box.means)]
    weights = [known.get(("weight", i), w[0]) for i, w in enumerate(chart.box.weights)]
    if chart.box.rest is not None:
        others = [w for i, w in enumerate(weights) if i != chart.box.rest]
        weights[chart.box.rest] = 1 - sum(others, Fraction(0))
    assert chart.displaced is not None
    count = len(chart.displaced.moving) - 1
    v = chart.displaced.velocities(batch.face, [known["direction", m] for m in range(count)])
    s = known["scale", None]
    there = [m + s * v.get(k, Fraction(0)) for k, m in enumerate(means)]
    found = [
        gb.gradient(gb.Mixture([[x] for x in row], weights), evaluator="arb", bits=BITS).balls
        for row in (means, there)
    ]
    return [(b[0] - a[0]) * s.denominator / s.numerator for a, b in zip(*found, strict=True)]


def drawn(batch: CellBatch, cell: int, rng: np.random.Generator) -> list[Fraction] | None:
    """A point of a cell at which the rest's weight is in its interval."""
    box, variables = batch.chart.box, batch.chart.variables
    for _ in range(50):
        found = [Fraction(float(x)) for x in rng.uniform(batch.lo[:, cell], batch.hi[:, cell])]
        if box.rest is None:
            return found
        free = [x for v, x in zip(variables, found, strict=True) if v.kind == "weight"]
        low, high = box.weights[box.rest]
        if max(low, Fraction(1, 1000)) <= 1 - sum(free) <= high:
            return found
    return None


def contains(x: Any, cell: int, value: Any, slack: float) -> bool:
    lo, hi = (arb(float(np.broadcast_to(end, 10)[cell])) for end in (x.lo, x.hi))
    return not (value < lo - slack) and not (value > hi + slack)


@pytest.mark.parametrize("name", BOXES)
def test_no_value_and_no_derivative_is_missed(name: str) -> None:
    rng = np.random.default_rng(len(name))
    box = Box.from_json(BOXES[name])
    moved = Chart(box).displaced
    assert moved is not None
    checked = 0
    for face in range(len(moved.faces)):
        batch = batch_of(box, face, rng)
        jets = changes(batch)
        for cell in (0, 3, 6, 9):
            if batch.empty[cell]:
                continue
            inside = drawn(batch, cell, rng)
            if inside is None:
                continue
            checked += 1
            centre = [Fraction(float(x)) for x in batch.at[:, cell]]
            with working_precision(BITS):
                values, middle = exact(batch, inside), exact(batch, centre)
                for jet, value, at in zip(jets, values, middle, strict=True):
                    err = float(jet.err[cell])
                    assert err < 1e-8
                    assert contains(jet.all, cell, value, 0.0)
                    widths = [x.hi - x.lo for x in jet.slopes if x is not None]
                    assert cell < 5 or max(np.broadcast_to(w, 10)[cell] for w in widths) < 0.01
                    assert contains(jet.at, cell, at, err)
                step = Fraction(1, 2**90)
                for k, v in enumerate(batch.chart.variables):
                    beside = [x + step * (j == k) for j, x in enumerate(inside)]
                    after = exact(batch, beside)
                    for jet, value, other in zip(jets, values, after, strict=True):
                        slope, x = (other - value) * step.denominator, jet.slopes[k]
                        if x is None:
                            assert v.kind == "face" or abs(slope) == 0
                        else:  # a derivative of the sum: what it stands for is its limit, nearly
                            assert contains(x, cell, slope, 1e-7)
    assert checked >= 6


@pytest.mark.parametrize("name", BOXES)
def test_the_checker_misses_nothing_either(name: str) -> None:
    """Its values and derivatives, in whole numbers."""
    rng = np.random.default_rng(2 * len(name))
    delta = displacement("delta")
    claim = gb.Claim("it", gradient_change(delta) <= 99 * largest(at_k(norm(delta))))
    found = gb.prove(claim, BOXES[name])
    assert found.certificate is not None
    proof = Proof(found.certificate)
    box = Problem(claim, Box.from_json(BOXES[name])).box
    assert proof.displaced is not None
    faces = range(len(proof.displaced.faces))
    for face, tiny in product(faces, (False, True)):
        sizes = [TINY] * proof.count if tiny else rng.integers(1, 7, proof.count)
        shape = [(int(rng.integers(0, 2**k)), int(k)) for k in sizes]
        if tiny:
            shape[proof.place["scale", None]] = (1, TINY)
        if proof.displaced.parts > 1:
            shape[proof.place["face", None]] = (face, proof.displaced.parts.bit_length() - 1)
        cell = Cell(proof, shape)
        low, high = (np.array([[float(a * 2.0**-k)] for a, k in x]) for x in (
            shape, [(a + 1, k) for a, k in shape]
        ))  # fmt: skip
        batch = CellBatch(Chart(box), low, high, face)
        point = drawn(batch, 0, rng)
        jets = Way(cell).changes()
        if point is None or cell.empty:
            continue
        assert jets is not None
        with working_precision(BITS):
            values, middle = exact(batch, point), exact(batch, cell.centre)
            for jet, value, at in zip(jets, values, middle, strict=True):
                assert jet.err.hi < ONE >> 25
                assert inside(jet.all, value, 0) and inside(jet.at, at, jet.err.hi)
                assert jet.at.hi - jet.at.lo < ONE >> 40
            step = Fraction(1, 2**90)
            for k, v in enumerate(proof.variables):
                after = exact(batch, [x + step * (j == k) for j, x in enumerate(point)])
                for jet, value, other in zip(jets, values, after, strict=True):
                    slope, there = (other - value) * step.denominator, jet.slopes[k]
                    if there is None:
                        assert v.kind == "face" or abs(slope) == 0
                    else:
                        assert inside(there, slope, ONE >> 23)


def inside(x: Any, value: Any, slack: int) -> bool:
    """Whether a ball may be in an interval of multiples of 2^-P."""
    low, high = (arb(end) / ONE for end in (x.lo - slack, x.hi + slack))
    return not (value < low) and not (value > high)


def test_narrow_at_centres_and_over_small_cells() -> None:
    box = Box.from_json(BOXES["equal weights"])
    chart = Chart(box)
    low = np.array([[0.9], [0.2], [0.1], [0.015625], [0.3]])  # the scale is 1/384
    batch = CellBatch(chart, low, low + 2.0**-12, 0)
    for jet in changes(batch):
        assert np.all(jet.at.hi - jet.at.lo < 1e-9)
        for x in jet.slopes:
            assert x is None or np.all(x.hi - x.lo < 0.025)
        assert np.all(jet.over.hi - jet.over.lo < 1e-3)
