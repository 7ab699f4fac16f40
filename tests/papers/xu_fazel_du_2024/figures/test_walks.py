"""Walks of Figure 1: units fit together, and the ways to walk agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.papers.xu_fazel_du_2024.figures import monte_carlo, plan, walks

STEPS = 7


def arguments(**more: Any) -> dict[str, Any]:
    means = experiments.run_start(0).tolist()
    weights = [str(w) for w in experiments.WEIGHTS[1]]
    return {"means": means, "weights": weights, "steps": STEPS, "rtol": 1e-8, **more}


def walked(work: Any, given: dict[str, Any]) -> dict[str, Any]:
    units: list[dict[str, Any]] = []
    for k in range(walks.units_of(given["steps"], given["stride"])):
        units.append(work(given, k, units[-1] if units else None))
    return walks.joined(units)


@pytest.mark.parametrize("stride", [1, 3, 7, 100])
def test_units_of_any_stride_make_the_same_certified_walk(stride: int) -> None:
    once = walked(walks.stepped, arguments(stride=STEPS))
    assert once["t"] == list(range(STEPS + 1))
    assert walked(walks.stepped, arguments(stride=stride)) == once


def test_units_of_any_stride_make_the_same_sampled_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "fresh", lambda rng, d: monte_carlo.fresh(rng, d, 5000))
    given = arguments(stride=STEPS, seed=0, key=[1, 2])
    once = walked(walks.sampled, given)
    assert once["t"] == list(range(STEPS + 1))
    assert walked(walks.sampled, {**given, "stride": 3}) == once
    assert walked(walks.sampled, {**given, "key": [1, 3]})["loss"] != once["loss"]


def test_both_certified_walks_agree() -> None:
    near = walked(walks.stepped, arguments(stride=STEPS))
    exact = walks.followed(arguments(), 0, None)
    assert exact["t"] == near["t"] and exact["apart"][0] == 0 < exact["apart"][-1] < 1e-5
    for what in ("loss", "distance"):
        low, high = np.array(exact[f"{what}_lower"]), np.array(exact[f"{what}_upper"])
        assert (low <= high).all() and (high - low < 1e-5 * high).all()
        middle = (np.array(near[f"{what}_lower"]) + np.array(near[f"{what}_upper"])) / 2
        assert np.allclose(middle, (low + high) / 2, rtol=1e-5)
    assert max(near["step_error"]) < 1e-6


def test_the_sampled_walk_stays_by_the_exact_one() -> None:
    given = arguments(stride=3, steps=2, seed=0, key=[1])
    drawn = walked(walks.sampled, given)
    exact = walks.followed(arguments(steps=2), 0, None)
    middle = (np.array(exact["loss_lower"]) + np.array(exact["loss_upper"])) / 2
    wrong = np.abs(np.array(drawn["loss"]) - middle)
    assert (wrong < 5 * np.array(drawn["loss_error"])).all()


def test_plan_covers_every_figure_and_names_are_unique() -> None:
    chains = plan.chains(plan.FIGURES, plan.FULL, 0)
    names = [chain.name for chain in chains]
    assert len(set(names)) == len(names)
    digests = {chain.digest(k) for chain in chains for k in range(chain.units)}
    assert len(digests) == sum(chain.units for chain in chains)
    assert {n for n in names if "certified" in n} >= {f"fig1 n={n}, certified" for n in (2, 5, 10)}
    assert len(plan.FULL.sizes) >= 8 and max(plan.FULL.sizes) >= 100_000
    assert plan.FULL.runs == 50
