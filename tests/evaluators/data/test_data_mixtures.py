"""Quantities over data that are a mixture: against quadrature over its density, written out."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import gembounds as gb
from gembounds import batch
from gembounds.evaluators.data import rounded
from gembounds.tools.errors import InputError

FloatArray = npt.NDArray[np.float64]

QUANTITIES = (gb.loss, gb.overlaps, gb.gradient, gb.psi_tilde_norm2, gb.expected_posterior)
ACCURACIES: tuple[dict[str, Any], ...] = ({}, {"rtol": 1e-6}, {"evaluator": "arb", "bits": 64})
STEP, BEYOND = 0.06, 9.0


def _log_terms(x: FloatArray, means: FloatArray, weights: FloatArray) -> FloatArray:
    """log(w_i phi(x - m_i)), (n, nodes)."""
    squares = ((x - means[:, None, :]) ** 2).sum(axis=2)
    normal: float = 0.5 * means.shape[1] * math.log(2 * math.pi)
    return np.asarray(np.log(weights)[:, None] - 0.5 * squares - normal)


def _log_sum(logs: FloatArray) -> FloatArray:
    top = logs.max(axis=0)
    return np.asarray(top + np.log(np.exp(logs - top).sum(axis=0)))


def by_quadrature(mix: gb.Mixture, data: gb.Mixture) -> dict[str, FloatArray]:
    """All five by the trapezoidal rule over the data's density itself."""
    least, most = data.means.min(axis=0) - BEYOND, data.means.max(axis=0) + BEYOND
    axes = [np.arange(a, b, STEP) for a, b in zip(least, most, strict=True)]
    x = np.array(list(itertools.product(*axes)))
    model = _log_terms(x, mix.means, mix.weights)
    of_data = _log_sum(_log_terms(x, data.means, data.weights))
    mass = np.exp(of_data) * float(STEP**mix.d)
    psi = np.exp(model - _log_sum(model))
    mean = psi.T @ mix.means
    return {
        "loss": np.array(mass @ (of_data - _log_sum(model))),
        "overlaps": (psi * mass) @ psi.T,
        "gradient": (psi @ mass)[:, None] * mix.means - (psi * mass) @ x,
        "psi_tilde_norm2": np.array(mass @ (mean * mean).sum(axis=1)),
        "expected_posterior": psi @ mass,
    }


def _drawn(rng: np.random.Generator, kind: int) -> tuple[gb.Mixture, gb.Mixture]:
    """A model and data: 0 plain, 1 near each other, 2 both far from the origin, 3 coincident
    components, 4 short numbers, 5 a component at the origin."""
    d, n, count = (int(k) for k in rng.integers(1, [3, 5, 5]))
    means = rng.normal(size=(n, d)) * rng.choice([0.1, 1.0, 3.0])
    places = rng.normal(size=(count, d)) * rng.choice([0.1, 1.0, 3.0])
    if kind == 1:
        means = np.resize(places, (n, d)) + 1e-6 * rng.normal(size=(n, d))
    elif kind == 2:
        away = 300 * rng.normal(size=d)
        means, places = means + away, places + away
    elif kind == 3:
        places[:] = places[0]
    elif kind == 4:
        means, places = np.round(4 * means) / 4, np.round(4 * places) / 4
    elif kind == 5:
        places[0] = 0.0
    return gb.Mixture(means, _weights(rng, n)), gb.Mixture(places, _weights(rng, count))


def _weights(rng: np.random.Generator, n: int) -> Any:
    return None if rng.random() < 0.4 else rng.dirichlet(np.ones(n)) * 0.9 + 0.1 / n


@pytest.mark.parametrize("kind", range(6))
def test_against_quadrature_over_the_datas_density(kind: int) -> None:
    rng = np.random.default_rng(40 + kind)
    for _ in range(3):
        mix, data = _drawn(rng, kind)
        true = by_quadrature(mix, data)
        for quantity in QUANTITIES:
            value = true[quantity.__name__]
            size = max(1.0, float(np.abs(mix.means).max()) ** 2)
            for options in ACCURACIES:
                found = quantity(mix, data=data, **options)
                room = 2e-13 * size  # of the quadrature here: float64, sums of 10^5 terms
                assert found.lower.shape == value.shape
                assert (found.lower <= value + room).all(), (quantity.__name__, options)
                assert (found.upper >= value - room).all(), (quantity.__name__, options)
                rtol = 1e-15 if "bits" in options else options.get("rtol", 1e-10)
                assert (found.upper - found.lower <= (20 * rtol + 1e-13) * 10 * size).all()


def test_float64_meets_balls() -> None:
    rng = np.random.default_rng(7)
    for k in range(12):
        mix, data = _drawn(rng, k % 6)
        if k % 5 == 0:  # numbers that are no float64
            rows = [[f"{Fraction(x).limit_denominator(99)}" for x in row] for row in mix.means]
            mix = gb.Mixture(rows)
        rtol = float(rng.choice([1e-13, 1e-10, 1e-4]))
        for quantity in QUANTITIES:
            fast = quantity(mix, data=data, rtol=rtol)
            sure = quantity(mix, data=data, evaluator="arb", bits=64)
            assert fast.meets(sure).all(), (k, quantity.__name__)


def test_reference_and_sampling_agree_with_balls() -> None:
    rng = np.random.default_rng(3)
    for kind in (0, 3, 5):
        mix, data = _drawn(rng, kind)
        for quantity in QUANTITIES:
            sure = quantity(mix, data=data, evaluator="arb", bits=64)
            estimate = quantity(mix, data=data, evaluator="mpmath", digits=15)
            assert np.abs(estimate.mid - sure.mid).max() <= 1e-13 * max(1, np.abs(sure.mid).max())
            interval = quantity(mix, data=data, evaluator="qmc", samples=4096)
            assert interval.shape == sure.shape
            assert (interval.lower <= sure.upper).all() and (interval.upper >= sure.lower).all()
            assert interval.failure_probability == 1e-6


def test_the_divergence_keeps_relative_accuracy_in_balls() -> None:
    data = gb.Mixture([["-1"], ["3/2"]], ["1/3", "2/3"])
    ratios = []
    for digits in (10, 20, 40):
        away = Fraction(1, 10**digits)
        mix = gb.Mixture([[-1 + away], [Fraction(3, 2)]], ["1/3", "2/3"])
        found = gb.loss(mix, data=data, evaluator="arb")
        assert found.relative_width <= 2.0**-125
        ratios.append(float(found.balls.item().mid()) * 10.0 ** (2 * digits))
        fast = gb.loss(mix, data=data)
        assert 0 <= fast.lower <= found.upper and found.lower <= fast.upper <= 1e-8
    # half of E[(d log p / d mu_1)^2] in the limit
    x = np.arange(-11, 12, 0.01)
    logs = _log_terms(x[:, None], data.means, data.weights)
    score = np.exp(logs[0] - _log_sum(logs)) * (x + 1)
    assert ratios[1:] == pytest.approx([0.005 * (np.exp(_log_sum(logs)) @ score**2)] * 2, 1e-10)


def test_a_model_that_is_the_data_has_no_divergence() -> None:
    data = gb.Mixture([[0.1, 1.0], [2.0, "1/3"], [-1.0, 0.0]], ["1/2", "1/3", "1/6"])
    split = gb.Mixture(
        [[-1, 0], [2, "1/3"], [0.1, 1.0], [2, "1/3"]], ["1/6", "1/4", "1/2", "1/12"]
    )
    for evaluator in ("float64", "arb"):
        for mix in (data, split):
            found = gb.loss(mix, data=data, evaluator=evaluator)
            assert found.lower == found.upper == 0
            assert found.shape == ()
    assert gb.loss(split, data=data, evaluator="mpmath").values == 0
    for data_at_origin in (None, gb.Mixture([[0.0]])):
        assert gb.loss(gb.Mixture([[0.0], [-0.0]], [0.3, 0.7]), data=data_at_origin).upper == 0
    other = gb.Mixture([*data.exact_means[:2], ["-1", "1e-300"]], data.exact_weights)
    assert gb.loss(other, data=data).upper > 0


@pytest.mark.parametrize("evaluator", ["float64", "arb", "mpmath", "qmc"])
@pytest.mark.parametrize("data", [gb.Mixture([[0.0, 0.0]]), gb.Mixture([[0.0, -0.0]] * 2)])
def test_data_at_the_origin_change_no_byte(evaluator: str, data: gb.Mixture) -> None:
    mix = gb.Mixture([[0.3, 1.0], [-2.0, 0.1]], [0.2, 0.8])
    for quantity in QUANTITIES if evaluator != "mpmath" else (gb.overlaps,):
        here = quantity(mix, data=data, evaluator=evaluator)
        there = quantity(mix, evaluator=evaluator)
        if evaluator == "mpmath":
            assert (here.values == there.values).all()
        else:
            assert (here.lower == there.lower).all() and (here.upper == there.upper).all()


def test_components_of_the_data_that_coincide_are_one() -> None:
    mix = gb.Mixture([[0.3], [2.0]])
    merged = gb.Mixture([[0.7], [-1.0]], ["2/3", "1/3"])
    apart = gb.Mixture([[0.7], [-1.0], [0.7]], ["1/2", "1/3", "1/6"])
    for quantity, evaluator in itertools.product(QUANTITIES, ("float64", "arb")):
        here = quantity(mix, data=merged, evaluator=evaluator)
        there = quantity(mix, data=apart, evaluator=evaluator)
        assert (here.lower == there.lower).all() and (here.upper == there.upper).all()


def test_a_shift_of_everything_changes_nothing_but_the_untranslated_means() -> None:
    rng = np.random.default_rng(5)
    means, places = (np.round(16 * rng.normal(size=(k, 2))) / 16 for k in (3, 2))
    shift = np.array([40.0, -7.5])
    here = gb.Mixture(means), gb.Mixture(places)
    there = gb.Mixture(means + shift), gb.Mixture(places + shift)
    for quantity in (gb.loss, gb.overlaps, gb.gradient, gb.expected_posterior):
        x, y = (quantity(mix, data=data) for mix, data in (here, there))
        assert (x.lower == y.lower).all() and (x.upper == y.upper).all()
    near = gb.psi_tilde_norm2(there[0], data=there[1])
    assert 30**2 < near.lower <= near.upper < 50**2


def test_data_far_away_cost_no_more_than_their_distance() -> None:
    """Translated means that are no float64, beyond a million."""
    data = gb.Mixture([[123456789], [123456790]])
    for mix in (gb.Mixture([["0.3"]]), gb.Mixture([["0.3"], [0.7], [-1.1]])):
        found = gb.overlaps(mix, data=data)
        assert (found.upper - found.lower <= 1e-5).all()


def test_what_rounding_the_translated_means_costs() -> None:
    """Narrow ends of the rounded means: widened they contain what belongs to the exact ones."""
    large = 2.0**17  # on both sides of it float64 has another spacing
    mix = gb.Mixture([[large - 2.0**-18, 1.0], [large + 2.0**-18, -1.0], [large, 0.3]])
    data = gb.Mixture([[1.1e-7, 0.3], [-1.61e-7, 0.2]])
    these = rounded.rounded(mix.means[None], data.means, 1e-3)
    assert len(these.sure) == 2 and these.lost is not None

    def many(name: str) -> rounded.Many:
        def ends(part: Any) -> Any:
            found = [
                getattr(gb, name)(mix.moved(these.means[k].copy()), evaluator="arb") for k in part
            ]
            return np.array([e.lower for e in found]), np.array([e.upper for e in found])

        return ends

    for name in ("overlaps", "gradient", "loss"):
        used = "loss" if name == "loss" else "overlaps"
        low, high = getattr(rounded, name)(these, many(used), None)
        plain = getattr(rounded, name)(these._replace(lost=None), many(used), None)
        missed = False
        for k, place in enumerate(data.exact_means):
            exact = [[x - a for x, a in zip(row, place, strict=True)] for row in mix.exact_means]
            sure = getattr(gb, name)(gb.Mixture(exact), evaluator="arb", bits=200)
            assert (low[k] <= sure.lower).all() and (sure.upper <= high[k]).all(), name
            missed |= bool(((plain[0][k] > sure.upper) | (plain[1][k] < sure.lower)).any())
        assert missed or name == "loss", name  # what L loses is an ulp of it


def test_one_line_for_data_that_do_not_fit() -> None:
    mix = gb.Mixture([[0.0, 1.0]])
    with pytest.raises(InputError, match="the data have 1 coordinates, the model 2: give both"):
        gb.loss(mix, data=gb.Mixture([[0.0]]))
    with pytest.raises(InputError, match=r"data is a list: give a gembounds\.Mixture"):
        gb.overlaps(mix, data=[[0.0, 0.0]])  # type: ignore[call-overload]


@pytest.mark.parametrize("failure", [1.5, 1, 0.0, "x"])
def test_a_failure_probability_is_one_before_the_components_share_it(failure: Any) -> None:
    with pytest.raises(InputError, match=f"failure_probability is {failure!r}: give a number"):
        gb.overlaps(
            gb.Mixture([[0.0]]), data=gb.Mixture([[0.0], [2.0]]), evaluator="qmc",
            failure_probability=failure,
        )  # fmt: skip


BATCHED = ("overlaps", "gradient", "loss", "psi_tilde_norm2", "expected_posterior")


@pytest.mark.parametrize("name", BATCHED)
def test_batches_meet_balls_and_say_which_went_one_by_one(name: str) -> None:
    rng = np.random.default_rng(11)
    for n, d, count in ((2, 1, 3), (3, 2, 2), (1, 2, 2)):
        means, places = 2 * rng.normal(size=(8, n, d)), 2 * rng.normal(size=(count, d))
        means[1] = 1e6 * means[1]  # what rounding the translated means costs is too much
        means[2] = np.resize(places, (n, d))
        weights = rng.dirichlet(np.ones(n), size=8)
        data = gb.Mixture(places, _weights(rng, count))
        found = getattr(batch, name)(means, weights, data=data, max_nodes=2**14)
        assert found.single[1] and found.single.all() == (n == 1)
        assert n != 2 or found.single.sum() == 1
        for b in range(5) if d == 1 else (0, 2, 3, 4):
            mix = gb.Mixture(means[b], weights[b])
            sure = getattr(gb, name)(mix, data=data, evaluator="arb", bits=64)
            assert found[b].meets(sure).all(), (n, b)
            if b != 1:
                one = getattr(gb, name)(mix, data=data)
                width, usual = (e.upper - e.lower for e in (found[b], one))
                assert (width <= 20 * usual + 1e-9).all()


def test_a_batch_over_data_at_the_origin_changes_no_byte() -> None:
    means = np.random.default_rng(2).normal(size=(20, 3, 2))
    for name in BATCHED[:4]:
        here = getattr(batch, name)(means, data=gb.Mixture([[0.0, 0.0]]))
        there = getattr(batch, name)(means)
        assert (here.lower == there.lower).all() and (here.upper == there.upper).all()
        assert (here.single == there.single).all()


def test_a_batch_says_that_a_model_is_the_data() -> None:
    data = gb.Mixture([[0.5], [2.0]], [0.25, 0.75])
    found = batch.loss([[[2.0], [0.5]], [[0.5], [2.0]], [[2.0], [2.0]]], [0.75, 0.25], data=data)
    assert found.upper[0] == 0 and found.lower[1] > 0.01 and found.lower[2] > 0.01
    alone = batch.loss([[[0.5]], [[2.0]]], data=gb.Mixture([[0.5]]))
    assert alone.upper[0] == 0 and alone.lower[1] < 1.125 < alone.upper[1]
    with pytest.raises(InputError, match="the data have 1 coordinates, the model 2: give both"):
        batch.loss([[[2.0, 0.5]]], data=data)


def test_data_that_span_too_much_are_named() -> None:
    data = gb.Mixture(np.eye(8))
    with pytest.raises(InputError, match="the data: the means span 7 dimensions"):
        gb.loss(gb.Mixture(np.zeros((2, 8))), data=data)
