"""Many runs at once: each within its bound of the exact trajectory, and of the run alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import em
from gembounds.evaluators.float64 import batch
from gembounds.evaluators.float64.batch_groups import FEWEST
from gembounds.tools.errors import InputError
from tests.dynamics.trajectory.test_float import QUANTITIES, distances


def starts(n: int, d: int, size: int, scale: float = 1.0) -> tuple[Any, Any]:
    rng = np.random.default_rng([n, d, size])
    return scale * rng.normal(size=(size, n, d)), rng.dirichlet(np.full(n, 3.0), size=size)


def alone(means: Any, weights: Any, b: int, steps: int, **options: Any) -> em.Trajectory:
    share = weights if weights is None or np.ndim(weights) == 1 else weights[b]
    return em.trajectory(gb.Mixture(means[b], share), None, steps, **options)


def meets(found: em.Trajectory, other: em.Trajectory) -> bool:
    """Whether both may be right: as near to each other as to the exact states."""
    away = np.square(found.means - other.means).sum(axis=(1, 2))
    if found.kind == "em" and found.weights.ndim == 2:
        away += np.square(np.log(found.weights / other.weights)).sum(axis=1)
    near = np.sqrt(away) <= (found.distance_bound + other.distance_bound) * (1 + 1e-9) + 1e-15
    same = all(getattr(found, x).meets(getattr(other, x)).all() for x in QUANTITIES)
    return bool(near.all()) and same


@pytest.mark.parametrize("kind", ["gradient", "em"])
@pytest.mark.parametrize(("n", "d", "scale"), [(2, 1, 1), (2, 3, 3), (3, 2, 1), (4, 1, 2)])
def test_each_run_is_within_its_bound_of_the_exact_one(
    n: int, d: int, scale: float, kind: str
) -> None:
    means, weights = starts(n, d, 24, scale)
    found = em.trajectories(means, weights, None, 6, kind=kind)
    assert len(found) == 24 and (found.steps == 6).all() and np.mean(found.single) < 3
    for b in (0, 5):
        sure = alone(means, weights, b, 6, kind=kind, evaluator="arb", bits=64)
        assert np.all(distances(found[b], sure) * (1 - 1e-9) <= found[b].distance_bound)
        for name in QUANTITIES:
            assert getattr(found[b], name).meets(getattr(sure, name)).all(), name
        assert found.distance_bound[b] == found[b].distance_bound[-1] < 1e-8
        assert (found.means[b] == found[b].means[-1]).all()


@pytest.mark.parametrize(
    "options", [{}, {"kind": "em"}, {"kind": "em", "update_weights": True}], ids=str
)
@pytest.mark.parametrize("over", [False, True])
def test_each_run_is_as_it_would_be_alone(options: Any, over: bool) -> None:
    rng = np.random.default_rng(8)
    data = gb.Mixture(1.5 * rng.normal(size=(3, 2)), [0.2, 0.3, 0.5]) if over else None
    means, weights = starts(3, 2, 24)
    found = em.trajectories(means, weights, None, 25, data=data, **options)
    assert np.mean(found.single) < 5
    for b in range(3):
        one = alone(means, weights, b, 25, data=data, **options)
        assert meets(found[b], one)
        assert found[b].distance_bound[-1] <= 2 * one.distance_bound[-1]


def test_starts_of_several_structures_and_of_any_size() -> None:
    """Equal means, symmetric ones, all means 0, far ones, and ranks of one to three."""
    rng = np.random.default_rng(3)
    means = rng.normal(size=(24, 4, 3))
    means[:4, 1] = means[:4, 0]
    means[4:8, 2:] = -means[4:8, :2]
    means[8:12, :, 2] = 0.0
    means[12:14] = 0.0
    means[14:16] *= 3.0
    means[16:20, :, 1:] = 0.0
    means[20] = means[21]
    found = em.trajectories(means, None, None, 6)
    assert (found.single[12:14] == 7).all() and found.single[20:].min() < 7
    for b in range(24):
        assert meets(found[b], alone(means, None, b, 6)), b
    for b in range(4, 8):
        assert (found[b].means[:, 2:] == -found[b].means[:, :2]).all()
    for b in range(4):
        assert (found[b].means[:, 0] == found[b].means[:, 1]).all()
    assert all((found[b].means[..., 2] == 0).all() for b in range(8, 12))
    assert json_of(found[20]) == json_of(found[21])


def json_of(run: em.Trajectory) -> Any:
    return run.to_json()


def test_a_run_ends_where_it_would_alone() -> None:
    means, _ = starts(3, 2, 20)
    stop = {"gradient_norm": 0.05, "loss": 0.02}
    found = em.trajectories(means, None, None, 30, stop=stop)
    assert len(set(found.steps.tolist())) > 2
    for b in range(0, 20, 3):
        one = alone(means, None, b, 30, stop=stop)
        assert (found[b].stopped, found.steps[b]) == (one.stopped, one.steps)
        assert meets(found[b], one) and len(found[b].eta) == one.steps


def test_few_runs_are_taken_one_by_one_and_counted() -> None:
    means, _ = starts(2, 2, FEWEST - 1)
    found = em.trajectories(means, None, None, 3)
    assert (found.single == 4).all()
    one = alone(means, None, 0, 3)
    assert json_of(found[0])["U"] == json_of(one)["U"]
    found = em.trajectories(np.zeros((5, 1, 2)), None, None, 2)
    assert (found.single == 3).all() and not found.means.any()


def test_batches_that_are_wrong_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    true = batch.enclose_both

    def wrong(*given: Any) -> None:
        true(*given)
        for ends in (given[-2].lower, given[-2].upper):
            ends *= 1 + 1e-7

    means, _ = starts(3, 2, 24)
    found = em.trajectories(means, None, None, 3)
    ones = {b: alone(means, None, b, 3) for b in np.flatnonzero(found.single == 0)[:3].tolist()}
    assert all(meets(found[b], one) for b, one in ones.items())
    monkeypatch.setattr(batch, "enclose_both", wrong)
    found = em.trajectories(means, None, None, 3)
    assert not any(meets(found[b], one) for b, one in ones.items())


def test_step_sizes_and_progress() -> None:
    means, _ = starts(2, 1, 4)
    seen: list[tuple[int, int, str]] = []
    found = em.trajectories(
        means, [0.25, 0.75], lambda t: 0.5 / (t + 1), 4, progress=lambda *x: seen.append(x)
    )
    assert [float(x) for x in found[3].eta] == [0.5 / (t + 1) for t in range(4)]
    assert seen[0] == (0, 16, "gradient EM") and seen[-1][:2] == (16, 16)
    assert [x[0] for x in seen] == sorted(x[0] for x in seen)


@pytest.mark.parametrize(
    ("means", "options", "words"),
    [
        ([[1.0, 2.0]], {}, r"means has shape \(1, 2\): give \(B, n, d\)"),
        (np.zeros((2, 2, 1)), {"steps": -1}, "steps is -1"),
        (np.zeros((2, 2, 1)), {"weights": [0.5, 0.6]}, "weights"),
        (np.ones((4, 2, 1)) * [[1e200], [-1]], {"eta": "1e200"}, r"means\[0\]: step 1 leaves"),
        (np.zeros((2, 2, 1)), {"kind": "em", "eta": 1}, "eta does nothing for kind em"),
    ],
)
def test_what_cannot_be_run(means: Any, options: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        em.trajectories(means, **options)
