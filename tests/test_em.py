"""The public door of gradient EM."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import em
from gembounds.dynamics.trajectory.stop import StoppingRule

START = [[1.0, 0.5], [-0.5, 1.0], [0.25, -1.5]]


def test_one_step_is_the_mean_minus_eta_times_the_gradient() -> None:
    mix = gb.Mixture(START, ["1/2", "1/3", "1/6"])
    found = em.step(mix, "7/10")
    sure = em.step(mix, "7/10", evaluator="arb")
    assert np.all((found.lower <= sure.lower) & (sure.upper <= found.upper))
    assert np.all(found.upper - found.lower < 1e-9)


def test_one_step_over_data() -> None:
    """Against the posterior means, by the trapezoidal rule over the data's density itself."""
    mix, data = gb.Mixture([[1.0], [-0.5]], [0.25, 0.75]), gb.Mixture([[2.0], [-1.5]], [0.6, 0.4])
    x = np.arange(-12, 13, 0.05)[:, None]
    model, truth = (one.weights * np.exp(-0.5 * (x - one.means[:, 0]) ** 2) for one in (mix, data))
    mass = truth.sum(axis=1) * 0.05 / math.sqrt(2 * math.pi)
    psi = model / model.sum(axis=1, keepdims=True)
    share, moment = mass @ psi, (mass * x[:, 0]) @ psi
    means = mix.means[:, 0]
    for evaluator in ("float64", "arb"):
        found = em.step(mix, "7/10", data=data, evaluator=evaluator)
        assert np.abs(found.mid[:, 0] - means + 0.7 * (share * means - moment)).max() < 1e-10
        found = em.maximization_step(mix, data=data, evaluator=evaluator)
        assert np.abs(found.mid[:, 0] - moment / share).max() < 1e-10
        assert np.all(found.upper - found.lower < 1e-9)


def test_a_trajectory_has_all_quantities_at_every_step() -> None:
    run = em.trajectory(gb.Mixture(START), 0.7, 10)
    assert run.steps == 10 and run.means.shape == (11, 3, 2)
    assert run.distance_bound[0] == 0 and run.distance_bound[-1] < 1e-9
    for name in ("loss", "U", "mu_max", "gradient_norm", "parametric_distance"):
        ends = getattr(run, name)
        assert ends.shape == (11,) and np.all(ends.upper - ends.lower < 1e-7)
    assert np.all(np.diff(run.loss.mid) < 0)
    assert len(run.to_json()["loss"]["lower"]) == 11


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"eta": -1}, "eta is -1"),
        ({"eta": gb.loss(gb.Mixture([[1]]))}, "eta is <Enclosure"),
        ({"eta": 0.5, "kind": "em"}, "eta does nothing for kind em"),
        ({"evaluator": "arb", "gradient_rtol": 0.1}, "gradient_rtol does nothing"),
        ({"eta": [0.7], "steps": 2}, "eta has 1 entries for 2 steps"),
        ({"steps": -1}, "steps is -1"),
        ({"eta": "1e400"}, "eta is '1e400'"),
        ({"stop": {"time": 1}}, "'time'"),
        ({"evaluator": "mpmath"}, "evaluator is 'mpmath'"),
    ],
)
def test_bad_input_is_named(options: Any, message: str) -> None:
    with pytest.raises(gb.InputError, match=message):
        em.trajectory(gb.Mixture(START), **options)


def test_an_array_of_no_dimensions_is_one_step_size() -> None:
    assert em.trajectory(gb.Mixture(START), np.array(0.5), 2).eta == (Fraction(1, 2),) * 2


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
def test_a_run_beyond_the_range_of_float64_says_so(evaluator: str) -> None:
    with pytest.raises(gb.InputError, match="step 2 leaves the range of float64"):
        em.trajectory(gb.Mixture([[1], [0.5], [-2]]), "1e200", 4, evaluator=evaluator)


@pytest.mark.parametrize("level", ["0.1", "1/3", "0.7", "1e-400", "1e400", 0])
def test_a_level_to_stop_at_is_rounded_down(level: Any) -> None:
    ((_, found),) = StoppingRule.of({"loss": level}).levels
    exact = Fraction(level)
    assert Fraction(found) <= exact
    above = math.nextafter(found, math.inf)
    assert above == math.inf or Fraction(above) > exact


def test_the_gradients_error_counts_where_its_square_underflows() -> None:
    run = em.trajectory(gb.Mixture([[1e-170], [2e-170]]), 0.7, 2)
    assert np.all(run.gradient_error == np.inf)  # their true errors are near 1e-11
    assert not em.trajectory(gb.Mixture([[0.0], [0.0]]), 0.7, 2).gradient_error.any()


def test_the_m_step_is_the_first_moment_over_the_mass() -> None:
    mix = gb.Mixture(START, ["1/2", "1/3", "1/6"])
    found = em.maximization_step(mix)
    sure = em.maximization_step(mix, evaluator="arb", bits=200)
    assert np.all((found.lower <= sure.lower) & (sure.upper <= found.upper))
    assert np.all(found.upper - found.lower < 1e-8)
    assert sure.balls is not None and max(b.rad() for b in sure.balls.ravel()) < 2.0**-190
    # mu - grad Q / E psi with grad Q from first moments: another formula
    mass = gb.overlaps(mix, evaluator="arb").mid.sum(axis=1)
    moments = mix.means - gb.gradient_of_q(mix).mid / mass[:, None]
    assert np.allclose(moments, sure.mid, rtol=0, atol=1e-14)


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
@pytest.mark.parametrize("kind", ["gradient", "em"])
@pytest.mark.parametrize(
    ("means", "weights"),
    [
        ([[1.0, 2.0]], None),
        ([[1.0, 2.0], [1.0, 2.0]], ["1/3", "2/3"]),
        ([[0.0], [0.0]], None),
        ([[1e-200], [-1e-200]], None),
        ([[1e160, 0.0], [0.0, -1e160]], None),
        ([[1.0], [2.0]], ["1e-400", 1]),
    ],
)
def test_extreme_starts(evaluator: str, kind: str, means: Any, weights: Any) -> None:
    """No crash; the start is inside its own enclosure, and the ends are ordered."""
    bits = 24 if evaluator == "arb" else None
    run = em.trajectory(
        gb.Mixture(means, weights), steps=2, evaluator=evaluator, kind=kind, bits=bits
    )
    assert not np.isnan(run.means).any() and not np.isnan(run.distance_bound).any()
    for name in ("loss", "U", "mu_max", "gradient_norm", "parametric_distance"):
        ends = getattr(run, name)
        assert np.all((ends.lower >= 0) & (ends.lower <= ends.upper)), name
