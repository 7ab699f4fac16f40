"""Cores over data: right ones pass, wrong ones fail where they are wrong, with the data shown."""

from __future__ import annotations

import json
import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform.case import Case
from gembounds.conform.protocol import OVER
from gembounds.conform.runner import run
from gembounds.conform.tolerance import size
from gembounds.conform.truth import truth_of
from gembounds.tools.errors import InputError
from tests.conform import plain


def seen(name: str) -> Any:
    """A function over data by ``plain``, the means seen from each component."""

    def value(means: Any, weights: Any, data_means: Any, data_weights: Any) -> Any:
        function = getattr(plain, name)
        parts = [w * np.asarray(function(means - a, weights))
                 for a, w in zip(data_means, data_weights, strict=True)]  # fmt: skip
        return sum(parts)

    return value


def divergence(means: Any, weights: Any, data_means: Any, data_weights: Any) -> Any:
    of = seen("loss")
    own = of(data_means, data_weights, data_means, data_weights)
    return of(means, weights, data_means, data_weights) - own


def square(means: Any, weights: Any, data_means: Any, data_weights: Any) -> Any:
    overlaps = seen("overlaps")(means, weights, data_means, data_weights)
    return np.sum(overlaps * (means @ means.T))


def step(means: Any, weights: Any, data_means: Any, data_weights: Any, eta: float) -> Any:
    return means - eta * seen("gradient")(means, weights, data_means, data_weights)


RIGHT = {
    "loss_over": divergence, "gradient_over": seen("gradient"), "overlaps_over": seen("overlaps"),
    "psi_tilde_norm2_over": square, "em_step_over": step,
}  # fmt: skip

DECLARED = {
    "rtol": 1e-9,
    "atol": 1e-12,
    **{name: getattr(plain, name) for name in ("max_rank", "max_norm", "min_weight")},
}


def judged(functions: dict[str, Any], only: Any, **more: Any) -> Any:
    core = types.SimpleNamespace(**{**DECLARED, **functions})
    return run(core, seed=5, only=only, quick=True, **more)


def line(means: Any, weights: Any, data_means: Any, data_weights: Any) -> tuple[Any, ...]:
    """A rule over the density of the data itself, on the line: nodes' masses and posteriors."""
    x = np.arange(data_means.min() - 11, data_means.max() + 11, 1 / 64)
    masses = (np.exp(-((x[:, None] - data_means[:, 0]) ** 2) / 2) @ data_weights) / 64
    logits = -((x[:, None] - means[:, 0]) ** 2) / 2 + np.log(weights)
    parts = np.exp(logits - logits.max(axis=1, keepdims=True))
    return x, masses / np.sqrt(2 * np.pi), parts / parts.sum(axis=1, keepdims=True)


def direct_overlaps(*given: Any) -> Any:
    _, masses, psi = line(*given)
    return np.einsum("m,mi,mk->ik", masses, psi, psi)


def direct_gradient(means: Any, *rest: Any) -> Any:
    x, masses, psi = line(means, *rest)
    return np.einsum("m,mi,mi->i", masses, psi, means[:, 0] - x[:, None])[:, None]


def test_right_cores_pass() -> None:
    report = judged(RIGHT, ["*_over-generic", "*_over-repeated", "data-*", "inputs-kept-*_over"])
    assert report.passed, report.failures()
    assert {r.function.split(",")[0] for r in report.ran} == set(OVER)
    direct = {"overlaps_over": direct_overlaps, "gradient_over": direct_gradient, "max_d": 1,
              "max_norm": 8.0}  # fmt: skip
    report = judged(direct, "*_over-one-dimension")
    assert report.passed and len(report.ran) == 2, report.failures()


def no_shares(means: Any, weights: Any, data_means: Any, data_weights: Any) -> Any:
    even = np.full(len(data_weights), 1 / len(data_weights))
    return seen("overlaps")(means, weights, data_means, even)


def at_origin(means: Any, weights: Any, data_means: Any, data_weights: Any) -> Any:
    return plain.gradient(means, weights)


def cross(means: Any, weights: Any, data_means: Any, data_weights: Any) -> Any:
    """Without the data's own part."""
    return seen("loss")(means, weights, data_means, data_weights)


def last(means: Any, weights: Any, data_means: Any, data_weights: Any) -> Any:
    """Components of the data with one mean counted once."""
    kept = {tuple(a): w for a, w in zip(data_means.tolist(), data_weights, strict=True)}
    places = np.array(list(kept))
    return seen("gradient")(means, weights, places, np.array(list(kept.values())))


@pytest.mark.parametrize(("function", "wrong", "only"), [
    ("overlaps_over", no_shares, "overlaps_over-generic"),
    ("gradient_over", at_origin, "gradient_over-ordinary"),
    ("loss_over", cross, "loss_over-generic"),
    ("gradient_over", last, "data-split-gradient_over"),
    ("gradient_over", at_origin, "data-moved-gradient_over"),
])  # fmt: skip
def test_wrong_cores_fail_and_their_points_show_the_data(
    function: str, wrong: Any, only: str
) -> None:
    report = judged({function: wrong}, only, small=True, points=8)
    (result,) = report.ran
    assert result.status == "failed"
    point = json.loads(json.dumps(result.worst_point))
    assert {"means", "weights"} == set(point["data"])
    again = judged({function: wrong}, only, at=point)
    assert again.ran[0].status == "failed"
    assert judged({function: RIGHT[function]}, only, at=point).passed


def test_sizes_are_those_of_the_means_seen_from_the_data() -> None:
    near = Case([[1000.0], [1001.0]], [0.5, 0.5], 0, data=([[1000.0], [1002.0]], [0.25, 0.75]))
    truth = truth_of(near, 1e-9)
    assert float(size(truth, "loss_over")) == pytest.approx(1.0 + 0.75)
    assert (size(truth, "gradient_over") < 3).all()
    at_0 = truth_of(near.but(data=([[0.0]], [1.0])), 1e-9)
    for function in ("loss", "gradient", "overlaps", "psi_tilde_norm2", "em_step"):
        there = size(at_0, f"{function}_over")
        assert there == pytest.approx(size(truth, function), rel=1e-12)


def test_cores_that_sample_are_not_judged_over_data() -> None:
    report = judged({**RIGHT, "samples": 1000.0}, "loss_over-generic")
    assert "N(0, I) alone" in str(report.to_json())


def test_data_of_a_point_are_read_and_written() -> None:
    case = Case([[1.0, 0.5]], [1.0], 3, data=([[0.0, 2.0], [1.0, 1.0]], [0.25, 0.75]))
    again = Case.from_json(json.loads(json.dumps(case.to_json())))
    assert all(map(np.array_equal, again.data, case.data))
    for data, message in ((3, "data is 3"), ({"means": [[1.0]]}, "1 coordinates, the model 2")):
        with pytest.raises(InputError, match=message):
            Case.from_json({"means": [[1.0, 0.5]], "data": data})
