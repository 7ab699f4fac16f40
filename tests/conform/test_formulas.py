"""What the judge allows, number by number, against the formulas of the docstrings written out for
one entry at a time; and the enclosures that it judges by, against balls."""

from __future__ import annotations

import math
import types
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

from gembounds.conform.case import Case
from gembounds.conform.chance import chance
from gembounds.conform.core import Core, as_core
from gembounds.conform.protocol import EXPECTATIONS, FUNCTIONS, FloatArray
from gembounds.conform.tolerance import accuracy, allowed, besides, rounding, size
from gembounds.conform.truth import BALL_NODES, Truth, ball_nodes
from gembounds.evaluators import quantities
from tests.conform import plain

CASES = (
    ([[0.5, -1.25, 0.0], [1.5, 0.25, 2.0], [0.0, 0.0, -0.125]], [0.25, 0.5, 0.25]),
    ([[0.0, 0.0], [6.0, 1.0], [-4.0, 3.0], [0.5, 0.0]], [0.6, 0.3, 0.0999, 0.0001]),
    ([[-2.0]], [1.0]),
    ([[0.0, 1e-7], [1e-7, 0.0]], [0.3, 0.7]),
)
SAMPLES = 400


@cache
def truth_of(k: int) -> Truth:
    return Truth(Case(*CASES[k], salt=k))


@cache
def core_of(dtype: str = "float64") -> Core:
    parts = {f: getattr(plain, f) for f in FUNCTIONS}
    declared = {
        "samples": dict.fromkeys(("psi", *EXPECTATIONS), SAMPLES),
        "rtol": 1e-7,
        "atol": 1e-11,
    }
    return as_core(types.SimpleNamespace(**parts, **declared, dtype=dtype))


def log_terms(case: Case) -> float:
    return max(abs(math.log(w)) for w in case.weights)


class Written:
    """The formulas, for the entry (i, k) of an overlap or (i, j) of a gradient."""

    def __init__(self, truth: Truth, unit: float, floor: float) -> None:
        self.case, self.unit, self.floor = truth.case, unit, floor
        self.p: list[list[float]] = truth.overlaps.upper.tolist()
        self.psi: list[list[float]] = truth.psi.upper.tolist()
        self.eta, self.weights = self.case.eta, [float(w) for w in self.case.weights]
        self.means: list[list[float]] = self.case.means.tolist()
        self.n, self.d = self.case.n, self.case.d
        self.norms = [math.sqrt(sum(x * x for x in row)) for row in self.means]
        self.masses: list[float] = [min(sum(row), 1.0) for row in self.p]
        self.b = [max(abs(row[j]) for row in self.means) for j in range(self.d)]

    def products(self) -> Iterator[tuple[int, int, float]]:
        for i in range(self.n):
            for k in range(self.n):
                yield i, k, self.norms[i] * self.norms[k]

    def halves(self, row: int) -> list[float]:
        x = self.case.places[row].tolist()
        return [sum((a - b) ** 2 for a, b in zip(x, m, strict=True)) / 2 for m in self.means]

    # -- sizes -----------------------------------------------------------------------------
    def size(self, function: str, i: int, k: int) -> float:
        if function == "psi":
            return self.psi[i][k]
        if function == "log_prob":
            logs = [-math.log(w) + s for w, s in zip(self.weights, self.halves(i), strict=True)]
            return min(logs) + self.d * math.log(2 * math.pi) / 2
        if function == "overlaps":
            return min(self.masses[i], self.masses[k])
        if function == "gradient":
            squares = sum(self.p[i][m] * self.means[m][k] ** 2 for m in range(self.n))
            return math.sqrt(self.masses[i] * (self.masses[i] + squares))
        if function == "em_step":
            return abs(self.means[i][k]) + self.eta * self.size("gradient", i, k)
        if function == "psi_tilde_norm2":
            return sum(self.p[i][k] * x for i, k, x in self.products())
        return sum(w * x * x for w, x in zip(self.weights, self.norms, strict=True)) / 2

    # -- rounding --------------------------------------------------------------------------
    def of_overlap(self, i: int, k: int) -> float:
        p, logs = self.p[i][k], log_terms(self.case)
        reach = 4 * math.log(1 / p) + 1.4 * self.d + max(self.norms) ** 2 + logs
        return self.unit * (4 * (self.d + 8) * reach + 2 * self.n + 64) * p + self.floor

    def rounding(self, function: str, i: int, k: int) -> float:
        logs = log_terms(self.case)
        if function == "psi":
            x = math.sqrt(sum(v * v for v in self.case.places[i]))
            reach = (x + max(self.norms)) ** 2 / 2 + logs
            exponent = self.unit * (2 * (self.d + 8) * reach + self.n + 32)
            return math.expm1(exponent) * self.psi[i][k] + self.floor
        if function == "log_prob":
            reach = max(self.halves(i)) + logs + self.d
            moved = 0.0
            if self.unit > 1e-10:  # the points are not float32's: their rounding is allowed for
                x = math.sqrt(sum(v * v for v in self.case.places[i]))
                shares = [self.unit * (x + norm) for norm in self.norms]
                pairs = zip(self.halves(i), shares, strict=True)
                moved = 1.01 * max(math.sqrt(2 * half) * e + e * e for half, e in pairs)
            return self.unit * ((self.d + 8) * reach + self.n + 32) + moved
        if function == "overlaps":
            return self.of_overlap(i, k)
        if function == "loss":
            reach = self.d + max(self.norms) ** 2 + logs
            return self.unit * ((self.d + 8) * reach + self.n + 32) + self.floor
        if function == "psi_tilde_norm2":
            sums = self.unit * (self.d + self.n**2 + 8)
            return sum((self.of_overlap(i, k) + sums * self.p[i][k]) * x
                       for i, k, x in self.products())  # fmt: skip
        row = sum((self.of_overlap(i, m) + self.unit * (self.n + 8) * self.p[i][m]) * self.norms[m]
                  for m in range(self.n))  # fmt: skip
        if function == "gradient":
            return row
        return 4 * self.unit * abs(self.means[i][k]) + self.eta * row

    # -- chance ----------------------------------------------------------------------------
    def chance(self, function: str, i: int, k: int) -> float:
        big, lower = max(self.norms), truth_of(self.case.salt)
        if function == "log_prob":
            return 0.0
        if function in ("overlaps", "psi"):
            found = lower.overlaps if function == "overlaps" else lower.psi
            b = 1.0 if function == "psi" or i == k else 0.25
            mean = float(found.mid[i, k])
            spare = 4 * 2.0**-53 * mean + float(np.ptp([found.lower[i, k], found.upper[i, k]]))
            return bernstein(max(mean * (b - mean), 0.0) + spare, b / 3)
        if function == "em_step":
            return self.eta * self.chance("gradient", i, k)
        s = self.norms
        if function == "psi_tilde_norm2":
            whole = self.size(function, 0, 0)
            pulled = bernstein(2 * sum(x**4 + x**2 for x in s), 2 * max(big**2, big))
            return max(bernstein(big**2 * whole, big**2 / 3), pulled)
        if function == "loss":
            v = 2 * sum(x**4 / 4 + x**2 for x in s)
            return bernstein(v, 2 * max(big**2 / 2, big))
        a = abs(self.means[i][k])
        direct = sum(self.p[i][m] * abs(self.means[m][k]) for m in range(self.n))
        rare = 16 * max(a, 1) ** 2 * math.sqrt(self.masses[i])
        return max(
            bernstein(self.b[k] * direct, self.b[k] / 3),
            min(
                bernstein(2 * (a * a + 1), 2 * max(a, 1)),
                bernstein(rare, math.sqrt(8) * max(a, 1)),
            ),
        )


def bernstein(v: float, c: float) -> float:
    """sqrt(2 v t / N) + c t / N, t = log(2 / a), a = 1e-6 / 10^7."""
    t = math.log(2e13)
    return math.sqrt(2 * v * t / SAMPLES) + c * t / SAMPLES


def entry_by_entry(found: FloatArray, what: object, function: str, rel: float) -> None:
    assert np.all(np.isfinite(found))
    for index in np.ndindex(found.shape):
        i, k = (*index, 0, 0)[:2]
        assert found[index] == pytest.approx(what(function, i, k), rel=rel, abs=0)  # type: ignore[operator]


@pytest.mark.parametrize("k", range(len(CASES)))
@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_allowed_is_what_the_docstrings_say(function: str, k: int) -> None:
    truth = truth_of(k)
    for dtype, unit, floor in (("float64", 2.0**-53, 1e-280), ("float32", 2.0**-24, 1e-30)):
        core, written = core_of(dtype), Written(truth, unit, floor)
        entry_by_entry(size(truth, function), written.size, function, 1e-9)
        cost = rounding(core, truth, function)
        entry_by_entry(cost, written.rounding, function, 1e-6)
        assert np.array_equal(cost, rounding(core_of(), truth, function, dtype))
        by_chance = chance(core, truth, function)
        entry_by_entry(by_chance, written.chance, function, 1e-4)
        other = besides(core, truth, function)
        assert np.array_equal(other, 1e-11 + cost + by_chance + 1e-289)
        total = allowed(core, truth, function)
        assert np.array_equal(total, 1e-7 * size(truth, function) + other)
    single = allowed(core_of(), truth, function, "float32")
    assert np.all(single >= 1e-4 * size(truth, function))
    assert np.all(single <= 1.01e-4 * size(truth, function) + besides(core_of("float32"), truth,
                                                                      function))  # fmt: skip


def test_who_does_not_sample_is_allowed_no_chance() -> None:
    core = as_core(types.SimpleNamespace(psi=plain.psi, loss=plain.loss, rtol={"psi": 1e-3}))
    assert chance(core, truth_of(0), "loss") == 0
    assert accuracy(core) == pytest.approx(0.05 * 1e-10, abs=0)
    assert accuracy(core, 0.5) == pytest.approx(0.5 * 1e-10, abs=0)
    assert accuracy(core, 0.5, ("psi",)) == pytest.approx(0.5 * 1e-3, abs=0)


@pytest.mark.parametrize("k", range(len(CASES)))
def test_the_judges_enclosures_contain_balls_and_are_narrow(k: int) -> None:
    """Narrow: as was asked, or a tenth of what rounding may cost a core."""
    truth, mix = truth_of(k), Case(*CASES[k], salt=k).mix
    core = as_core(types.SimpleNamespace(**{f: getattr(plain, f) for f in FUNCTIONS}))
    sharp = {f: getattr(quantities, f)(mix, evaluator="arb", bits=120)
             for f in ("overlaps", "loss", "gradient", "psi_tilde_norm2")}  # fmt: skip
    for function in FUNCTIONS:
        found, room = truth.value(function), rounding(core, truth, function)
        if function == "psi":
            rows = [quantities.psi(mix, x.tolist(), evaluator="arb", bits=120)
                    for x in truth.case.places]  # fmt: skip
            lower, upper = (np.array([getattr(r, e) for r in rows]) for e in ("lower", "upper"))
        elif function == "log_prob":
            rows = [log_density(mix, x.tolist()) for x in truth.case.places]
            lower, upper = (np.array([float(r + s) for r in rows]) for s in (-1e-30, 1e-30))
        elif function == "em_step":
            step, exact = Fraction(truth.case.eta), mix.exact_means
            ends = [[[Fraction(m) - step * Fraction(float(g)) for m, g in zip(*rows, strict=True)]
                     for rows in zip(exact, e.tolist(), strict=True)]
                    for e in (sharp["gradient"].upper, sharp["gradient"].lower)]  # fmt: skip
            low, high = found.lower.tolist(), found.upper.tolist()
            assert all(
                Fraction(low[i][j]) <= ends[0][i][j] and ends[1][i][j] <= Fraction(high[i][j])
                for i in range(mix.n) for j in range(mix.d)
            )  # fmt: skip
            lower = upper = np.asarray(ends[0], dtype=np.float64)
        else:
            lower, upper = sharp[function].lower, sharp[function].upper
        assert np.all(found.lower <= lower * (1 + 1e-15 * np.sign(lower)))
        assert np.all(found.upper >= upper * (1 - 1e-15 * np.sign(upper)))
        width = found.upper - found.lower
        assert np.all(width <= 4 * (1e-12 * size(truth, function) + room)), function


def log_density(mix: Any, x: list[float]) -> Any:
    with mpmath.workdps(40):
        parts = [
            mpmath.mpf(w.numerator) / w.denominator
            * mpmath.exp(-sum((mpmath.mpf(a) - mpmath.mpf(float(b))) ** 2
                              for a, b in zip(x, m, strict=True)) / 2)
            for w, m in zip(mix.exact_weights, mix.exact_means, strict=True)
        ]  # fmt: skip
        return mpmath.log(mpmath.fsum(parts)) - mix.d * mpmath.log(2 * mpmath.pi) / 2


def test_where_float64_is_too_wide_the_judge_takes_balls() -> None:
    """Accuracies near rounding are met all the same."""
    case = Case([[0.0, 0.0], [12.0, 1.0], [3.0, 0.5]], [0.5, 0.25, 0.25], 0)
    for wanted in (1e-4, 1e-10, 1e-15):
        truth = Truth(case, wanted)
        sharp = quantities.overlaps(case.mix, evaluator="arb", bits=120)
        found, masses = truth.overlaps, truth.masses
        assert np.all((found.lower <= sharp.lower) & (sharp.upper <= found.upper))
        unit = 0.1 * rounding(as_core(plain), truth, "overlaps")
        room = wanted * np.minimum.outer(masses, masses) + unit + 1e-282
        assert np.all(found.upper - found.lower <= room)
        loss = quantities.loss(case.mix, evaluator="arb", bits=120)
        assert truth.loss.lower <= loss.lower and loss.upper <= truth.loss.upper
        room = wanted * truth.half + 0.1 * rounding(as_core(plain), truth, "loss")
        assert truth.loss.upper - truth.loss.lower <= room


def test_weights_that_do_not_sum_to_1_have_both_readings_of_the_loss() -> None:
    """log of the sum, about the excess, apart."""
    weights = [0.1] * 10
    weights[3] += 2.0**-50
    excess = float(sum(map(Fraction, weights)) - 1)
    case = Case([[0.25 * k] for k in range(10)], weights, 0)
    plain_one = quantities.loss(case.mix, evaluator="arb", bits=100)
    assert excess > 0
    assert Truth(case).loss.lower <= plain_one.lower - excess
    assert Truth(case).loss.upper >= plain_one.upper + excess


def test_balls_get_fewer_nodes_where_there_are_many_pairs() -> None:
    assert ball_nodes(2) == ball_nodes(8) == BALL_NODES
    assert ball_nodes(17) == BALL_NODES * 36 // 153
