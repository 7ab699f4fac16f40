"""EM that moves the weights too, against runs by quadrature in 30 digits."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import gembounds as gb
from gembounds import em
from gembounds.cli import main
from gembounds.dynamics.trajectory.em_map import EmMap
from gembounds.dynamics.trajectory.float_engine import FloatEngine
from gembounds.dynamics.trajectory.settings import Settings
from gembounds.dynamics.trajectory.weights_map import WeightsMap
from gembounds.tools.errors import InputError
from tests.dynamics.trajectory.states import first


def _run(mix: gb.Mixture, data: gb.Mixture | None, steps: int) -> em.Trajectory:
    return em.trajectory(mix, None, steps, kind="em", update_weights=True, data=data)


def by_quadrature(mix: gb.Mixture, data: gb.Mixture, steps: int) -> list[tuple[Any, Any]]:
    """Means and weights on the line, by the trapezoidal rule over the data's density."""
    means, pi, places, w = (
        [mp.mpf(x.numerator) / x.denominator for x in numbers]
        for numbers in ([row[0] for row in mix.exact_means], mix.exact_weights,
                        [row[0] for row in data.exact_means], data.exact_weights)
    )  # fmt: skip
    h, low = mp.mpf(1) / 16, min(places) - 13
    nodes = [low + h * k for k in range(int((max(places) + 13 - low) / h))]
    found = [(means, pi)]
    for _ in range(steps):
        share, moment = [mp.mpf(0)] * mix.n, [mp.mpf(0)] * mix.n
        for x in nodes:
            mass = sum(b * mp.exp(-((x - a) ** 2) / 2) for a, b in zip(places, w, strict=True))
            terms = [p * mp.exp(-((x - m) ** 2) / 2) for p, m in zip(pi, means, strict=True)]
            for i, term in enumerate(terms):
                part = mass * term / sum(terms)
                share[i], moment[i] = share[i] + part, moment[i] + part * x
        means = [y / s for y, s in zip(moment, share, strict=True)]
        pi = [s / sum(share) for s in share]
        found.append((means, pi))
    return found


def test_the_exact_states_lie_within_the_bound() -> None:
    rng = np.random.default_rng(23)
    with mp.workdps(30):
        for k in range(4):
            n, count = int(rng.integers(2, 4)), int(rng.integers(1, 4))
            means, places = rng.normal(size=(n, 1)), 1.5 * rng.normal(size=(count, 1))
            means[-1] = means[0] if k == 2 else means[-1]
            mix = gb.Mixture(means, None if k == 2 else rng.dirichlet(np.ones(n)) * 0.9 + 0.1 / n)
            data = gb.Mixture(places) if k else None
            run = _run(mix, data, 5)
            for t, (where, pi) in enumerate(by_quadrature(mix, data or gb.Mixture([[0.0]]), 5)):
                pairs = zip(run.means[t, :, 0].tolist(), where, strict=True)
                shares = zip(run.weights[t].tolist(), pi, strict=True)
                away = sum((mp.mpf(x) - y) ** 2 for x, y in pairs)
                away += sum(mp.log(mp.mpf(x) / y) ** 2 for x, y in shares)
                assert mp.sqrt(away) <= mp.mpf(float(run.distance_bound[t])) + mp.mpf(10) ** -24
            assert 0 < run.distance_bound[-1] < 1e-6
            last = gb.Mixture([[str(x)] for x in where], [str(x / sum(pi)) for x in pi])
            assert run.loss[-1].meets(gb.loss(last, data=data, evaluator="arb")).all()
            square = float(sum(p * x * x for p, x in zip(pi, where, strict=True)))
            assert run.parametric_distance[-1].meets(square).all()


def test_the_derivative_is_that_of_the_map() -> None:
    """Its norm against differences of the map in (mu, log pi)."""
    rng = np.random.default_rng(5)
    mix = gb.Mixture(rng.normal(size=(2, 2)), [0.3, 0.7])
    data = gb.Mixture(2 * rng.normal(size=(2, 2)))
    state, start = first(mix, data)

    def image(at: Any) -> Any:
        weights = np.exp(at[:, 2])
        one = gb.Mixture(at[:, :2], weights / weights.sum())
        mass = gb.expected_posterior(one, data=data, rtol=1e-12).mid
        slope = gb.gradient(one, data=data, rtol=1e-12).mid
        return np.column_stack([at[:, :2] - slope / mass[:, None], np.log(mass)])

    here, step = np.column_stack([mix.means, np.log(mix.weights)]), 1e-5
    columns = []
    for k in range(6):
        move = step * np.eye(6)[k].reshape(2, 3)
        columns.append((image(here + move) - image(here - move)).ravel() / (2 * step))
    root = np.sqrt(np.repeat(mix.weights, 3))
    true = float(np.linalg.norm(np.array(columns).T * root[:, None] / root, 2))
    (bound,) = WeightsMap(start, 1).factor(state, Fraction(1), np.zeros(1))
    assert true <= bound <= true + 1e-3
    assert EmMap(start, 1).factor(state, Fraction(1), np.zeros(1))[0] < true + 1e-3


def test_a_symmetric_start_stays_so_and_components_of_one_class_share() -> None:
    run = _run(gb.Mixture([[1.0, 0.5], [-1.0, -0.5], [3.0, 0.0], [3.0, 0.0]],
                          [0.3, 0.3, 0.2, 0.2]), None, 4)  # fmt: skip
    assert run.weights.shape == (5, 4)
    assert (run.weights[:, 2] == run.weights[:, 3]).all()
    run = _run(gb.Mixture([[1.0, 0.5], [-1.0, -0.5], [0.0, 0.0]]), None, 4)
    assert (run.weights[:, 0] == run.weights[:, 1]).all()
    assert np.abs(run.weights.sum(axis=1) - 1).max() < 1e-12


def test_a_run_cut_off_goes_on_to_the_same_bytes() -> None:
    """Weights that are divided by their sum once more are other weights, now and then."""
    rng = np.random.default_rng(4)
    for _ in range(30):
        mix = gb.Mixture(rng.normal(size=(4, 1)), rng.dirichlet(np.ones(4)) * 0.8 + 0.05)
        settings = Settings.of(
            mix, None, 4, evaluator="float64", kind="em", rtol=None, gradient_rtol=None,
            bits=None, stop=None, update_weights=True,
        )  # fmt: skip
        one, other = FloatEngine(settings), FloatEngine(settings)
        one.begin()
        for _ in range(3):
            one.advance(settings.sizes[0])
        other.restore(json.loads(json.dumps(one.saved())))
        for engine in (one, other):
            engine.advance(settings.sizes[0])
        assert json.dumps(one.saved()) == json.dumps(other.saved())


def test_bad_options_checkpoints_and_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mix = gb.Mixture([[1.0], [-0.5]])
    with pytest.raises(InputError, match="update_weights does nothing for kind gradient"):
        em.trajectory(mix, None, 3, update_weights=True)
    with pytest.raises(InputError, match="update_weights does nothing for kind em by arb"):
        em.trajectory(mix, None, 3, kind="em", evaluator="arb", update_weights=True)
    model, data, place = (tmp_path / name for name in ("model.json", "data.json", "run.json"))
    model.write_text('{"means": [[1.0], [-0.5]]}')
    data.write_text('{"means": [["2"], ["-3/2"]], "weights": ["3/4", "1/4"]}')
    words = ["em", str(model), "--data", str(data), "--kind", "em", "--update-weights", "--json"]
    assert main([*words, "--steps", "3", "--checkpoint", str(place)]) == 0
    first = capsys.readouterr().out
    assert main([*words, "--steps", "3", "--checkpoint", str(place), "--resume"]) == 0
    assert capsys.readouterr().out == first
    document = json.loads(first)
    assert np.shape(document["weights"]) == (4, 2)
    assert document["weights"][0] == [0.5, 0.5]
