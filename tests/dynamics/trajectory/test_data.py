"""Trajectories over data that are a mixture, against runs by quadrature in 30 digits."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import gembounds as gb
from gembounds import em
from gembounds.cli import main
from gembounds.dynamics.trajectory import float_step, hessian
from gembounds.evaluators.float64 import joint
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision
from tests.dynamics.trajectory.states import first


def _exact(numbers: Sequence[Fraction]) -> list[Any]:
    return [mp.mpf(x.numerator) / x.denominator for x in numbers]


def by_quadrature(mix: gb.Mixture, data: gb.Mixture, kind: str, steps: int) -> list[list[Any]]:
    """The means on the line, by the trapezoidal rule over the data's density."""
    means, pi = _exact([row[0] for row in mix.exact_means]), _exact(mix.exact_weights)
    places, w = _exact([row[0] for row in data.exact_means]), _exact(data.exact_weights)
    h, low = mp.mpf(1) / 16, min(places) - 15
    nodes = [low + h * k for k in range(int((max(places) + 15 - low) / h))]
    masses = [
        h * sum(b * mp.exp(-((x - a) ** 2) / 2) for a, b in zip(places, w, strict=True))
        / mp.sqrt(2 * mp.pi)
        for x in nodes
    ]  # fmt: skip
    found = [means]
    for _ in range(steps):
        share, moment = [mp.mpf(0)] * mix.n, [mp.mpf(0)] * mix.n
        for x, mass in zip(nodes, masses, strict=True):
            terms = [p * mp.exp(-((x - m) ** 2) / 2) for p, m in zip(pi, means, strict=True)]
            for i, term in enumerate(terms):
                part = mass * term / sum(terms)
                share[i], moment[i] = share[i] + part, moment[i] + part * x
        if kind == "em":
            means = [y / s for y, s in zip(moment, share, strict=True)]
        else:
            means = [m - mp.mpf(7) / 10 * (s * m - y)
                     for m, s, y in zip(means, share, moment, strict=True)]  # fmt: skip
        found.append(means)
    return found


@pytest.mark.parametrize("kind", ["gradient", "em"])
def test_the_exact_states_lie_within_the_bound(kind: str) -> None:
    rng = np.random.default_rng(17)
    with mp.workdps(30):
        for k in range(4):
            n, count = (int(x) for x in rng.integers(1, 4, 2))
            means, places = 2 * rng.normal(size=(n, 1)), 2 * rng.normal(size=(count, 1)) + k
            means[-1] = means[0] if k == 2 else means[-1]
            mix = gb.Mixture(means, None if k == 2 else rng.dirichlet(np.ones(n)) * 0.9 + 0.1 / n)
            data = gb.Mixture(places) if k != 1 else gb.Mixture([[f"{p[0]:.2f}"] for p in places])
            run = em.trajectory(mix, None, 5, kind=kind, data=data)
            for t, exact in enumerate(by_quadrature(mix, data, kind, 5)):
                pairs = zip(run.means[t, :, 0].tolist(), exact, strict=True)
                away = mp.sqrt(sum((mp.mpf(x) - y) ** 2 for x, y in pairs))
                assert away <= mp.mpf(float(run.distance_bound[t])) + mp.mpf(10) ** -24
            assert run.distance_bound[-1] < 1e-8
            last = gb.Mixture(run.means[-1], mix.exact_weights)
            for name, value in (
                ("loss", gb.loss(last, data=data, evaluator="arb")),
                (
                    "gradient_norm",
                    (gb.gradient(last, data=data, evaluator="arb") ** 2).sum().sqrt(),
                ),
            ):
                assert run.computed[name][-1].meets(value).all()
                assert getattr(run, name)[-1].meets(value).all()


def test_the_hessian_over_data_is_bounded_and_near() -> None:
    """Against differences of the gradient."""
    rng = np.random.default_rng(4)
    mix, data = gb.Mixture(rng.normal(size=(2, 2))), gb.Mixture(2 * rng.normal(size=(3, 2)))
    state, start = first(mix, data)
    step, columns = 1e-4, []
    for at in range(4):
        move = step * np.eye(4)[at].reshape(2, 2)
        ends = [gb.gradient(gb.Mixture(mix.means + s * move), data=data, rtol=1e-12).mid
                for s in (1, -1)]  # fmt: skip
        columns.append((ends[0] - ends[1]).ravel() / (2 * step))
    exact = float(np.linalg.eigvalsh(np.array(columns)).min())
    (bound,) = hessian.least_eigenvalues(state, start)
    assert exact - 0.02 < bound <= exact + 1e-6


def test_many_dimensions_and_the_span_of_model_and_data() -> None:
    rng = np.random.default_rng(6)
    means, places = np.zeros((2, 40)), np.zeros((2, 40))
    means[:, :2], places[:, :2] = rng.normal(size=(2, 2, 2))
    turn = np.linalg.qr(rng.normal(size=(40, 40)))[0]
    data = gb.Mixture(places @ turn)
    for kind in ("gradient", "em"):
        run = em.trajectory(gb.Mixture(means @ turn), None, 20, kind=kind, data=data)
        flat = em.trajectory(
            gb.Mixture(means[:, :2]), None, 20, kind=kind, data=gb.Mixture(places[:, :2])
        )
        assert run.distance_bound[-1] < 1e-8
        assert run.loss.meets(flat.loss).all()


@pytest.mark.parametrize("kind", ["gradient", "em"])
def test_balls_contain_the_exact_states(kind: str) -> None:
    rng = np.random.default_rng(8)
    with mp.workdps(40):
        for k in range(3):
            means, places = rng.normal(size=(2, 1)), 1.5 * rng.normal(size=(3, 1))
            mix = gb.Mixture(means, [0.25, 0.75])
            data = gb.Mixture(places) if k else gb.Mixture([[f"{p[0]:.2f}"] for p in places])
            run = em.trajectory(mix, None, 2, kind=kind, data=data, evaluator="arb", bits=64)
            for t, exact in enumerate(by_quadrature(mix, data, kind, 2)):
                for ball, value in zip(run.balls[t, :, 0], exact, strict=True):
                    with working_precision(200):
                        ends = ball.lower(), ball.upper()
                        low, high = (mp.mpf(e.str(40, radius=False)) for e in ends)
                    room = mp.mpf(10) ** -26  # of the quadrature here
                    assert low - room <= value <= high + room and high - low < 1e-18
            last = gb.Mixture([[str(x)] for x in exact], mix.exact_weights)
            assert run.loss[-1].meets(gb.loss(last, data=data, evaluator="arb")).all()
            fast = em.trajectory(mix, None, 2, kind=kind, data=data)
            for name in ("loss", "U", "gradient_norm"):
                assert getattr(run, name).meets(getattr(fast, name)).all()


def test_states_far_from_the_data_keep_what_rounding_the_translated_means_costs() -> None:
    """There it moves logits by more than 1."""
    away = 2.0**27 - 5
    data, ulp = gb.Mixture([[-away]]), np.spacing(away)
    for k in range(1, 6):
        for a, b in ((0.3, -0.3), (0.49, -0.3), (0.49, -0.49), (-0.49, 0.49)):
            state, start = first(gb.Mixture([[a * ulp], [(k + b) * ulp]]), data)
            exact = gb.overlaps(start.each[0].merged, data=data, evaluator="arb")
            assert (state.overlaps[0] <= exact.upper).all()
            assert (state.overlaps[1] + state.tail >= exact.lower).all()


def test_what_rounding_the_translated_means_takes_from_l_is_less_than_an_ulp(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = joint.overlaps_and_loss
    half = 5e11  # of the rounded mean, exactly

    def narrow(*given: Any) -> Any:
        return kept(*given)._replace(loss=(half, half))

    monkeypatch.setattr(float_step, "overlaps_and_loss", narrow)
    low, high = first(gb.Mixture([[1e6]]), gb.Mixture([[1e-11]]))[0].loss[0].tolist()
    assert Fraction(low) <= (10**6 - Fraction(1e-11)) ** 2 / 2 < half <= high


def test_the_tails_of_all_components_are_added_and_rounded_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, rng = joint.overlaps_and_loss, np.random.default_rng(6)
    for _ in range(8):
        tails = rng.uniform(1e-12, 1e-9, size=12).tolist()
        data = gb.Mixture(np.arange(12.0)[:, None], rng.dirichlet(np.ones(12)))
        each = iter(tails)
        monkeypatch.setattr(
            float_step, "overlaps_and_loss", lambda *x, t=each: kept(*x)._replace(tail=next(t))
        )
        (found,) = first(gb.Mixture([[0.0], [1.0]]), data)[0].tail.tolist()
        exact = sum(w * Fraction(t) for w, t in zip(data.exact_weights, tails, strict=True))
        assert exact <= Fraction(found) <= exact * (1 + Fraction(1, 10**9))


def test_one_line_for_means_too_far_from_the_data() -> None:
    with pytest.raises(InputError, match="less those of the data leave the range of float64"):
        em.trajectory(gb.Mixture([[1e308], [1.0]]), None, 2, data=gb.Mixture([[-1e308]]))


def test_data_at_the_origin_are_none_and_others_have_the_same_d() -> None:
    mix = gb.Mixture([[1.0, 0.5], [-1.0, 0.25]])
    here = em.trajectory(mix, None, 4, data=gb.Mixture([[0.0, 0.0]]))
    assert json.dumps(here.to_json()) == json.dumps(em.trajectory(mix, None, 4).to_json())
    with pytest.raises(InputError, match="the data have 1 coordinates, the model 2"):
        em.trajectory(mix, None, 4, data=gb.Mixture([[1.0]]))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, data = tmp_path / "model.json", tmp_path / "data.json"
    model.write_text('{"means": [[1.0], [-0.5]]}')
    data.write_text('{"means": [["2"], ["-3/2"]], "weights": ["3/4", "1/4"]}')
    words = ["em", str(model), "--data", str(data), "--kind", "em", "--steps", "3", "--json"]
    check = ["--checkpoint", str(tmp_path / "run.json")]
    assert main([*words, *check]) == 0
    found = json.loads(capsys.readouterr().out)
    run = em.trajectory(
        gb.Mixture([[1.0], [-0.5]]), None, 3, kind="em",
        data=gb.Mixture([["2"], ["-3/2"]], ["3/4", "1/4"]),
    )  # fmt: skip
    assert found == json.loads(json.dumps(run.to_json()))
    assert main(["em", str(model), "--kind", "em", "--steps", "3", *check, "--resume"]) == 2
    assert "another run" in capsys.readouterr().err


def test_data_that_span_more_than_grids_do() -> None:
    """Independent coordinates, N(-1, 1)/2 + N(1, 1)/2 each: KL from them is a sum."""
    sides = np.array(list(itertools.product([-1.0, 1.0], repeat=6)))
    one = gb.loss(gb.Mixture([[0.5]]), data=gb.Mixture([[-1.0], [1.0]]), evaluator="arb")
    found = em.trajectory(gb.Mixture([[0.5] * 6]), data=gb.Mixture(sides), steps=1).loss
    assert found.lower[0] <= 6 * one.lower <= 6 * one.upper <= found.upper[0]
    assert found.upper[0] - found.lower[0] <= 6 * math.log(2) * 1.001
    far = gb.Mixture(np.vstack([np.zeros(17), np.eye(17)]))
    run = em.trajectory(gb.Mixture([[0.5] * 17]), data=far, steps=1, evaluator="arb")
    assert 0 <= run.loss.lower[0] and run.loss.upper[0] < 17 / 8 + 1
