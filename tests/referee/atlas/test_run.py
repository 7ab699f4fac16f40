"""Distributions and maps: counts that are told, the same twice, values that are known."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gembounds import InputError
from gembounds.referee.atlas import run as atlas
from gembounds.points.batch import Batch
from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import average, law, log_upper_gamma
from gembounds.points.configurations import SHAPES, mixtures
from gembounds.referee.atlas.ratios import log10_ratios, summary
from gembounds.papers.xu_fazel_du_2024.sides.table import SIDES
from gembounds.statements import library

IDS = ("lemma-17", "lemma-19", "eq-39c", "theorem-14.2", "eq-29", "eq-5", "remark-4")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return atlas.run(300, ids=IDS, seed=3, jobs=1)


def test_the_same_twice_and_no_matter_what_else_is_asked(found: dict[str, Any]) -> None:
    again = atlas.run(300, ids=("lemma-19", "theorem-14.2"), seed=3, jobs=1)
    assert json.dumps(again["lemma-19"]) == json.dumps(found["lemma-19"])
    other = atlas.run(300, ids=("lemma-19",), seed=4, jobs=1)
    assert other["lemma-19"]["distribution"] != again["lemma-19"]["distribution"]


def test_inequalities_only_and_every_one_has_an_entry(found: dict[str, Any]) -> None:
    assert set(found) == set(IDS) - {"eq-5"}
    json.dumps(found, allow_nan=False)


def test_counts_are_what_they_say(found: dict[str, Any]) -> None:
    for claim_id in ("lemma-17", "lemma-19", "eq-39c", "theorem-14.2"):
        one = found[claim_id]["distribution"]
        assert one["kind"] == "estimate" and one["drawn"] >= 300
        assert sum(one["counts"]) + one["beyond"] == one["points"] <= one["drawn"]
    assert found["eq-39c"]["distribution"]["violations"] > 100
    assert found["theorem-14.2"]["distribution"]["violations"] == 0
    none = found["eq-29"]["distribution"]
    assert none["points"] == none["drawn"] == 0 and "no ratio" in str(none["reason"])
    assert found["remark-4"]["distribution"]["kind"] == "certified"


def test_maps_hold_known_values(found: dict[str, Any]) -> None:
    rates = found["lemma-17"]["maps"]["dimension and rate"]
    d, share = rates["xs"].index(7.0), rates["ys"].index(1.0)
    # E exp(|x|/21) against 1 + 5 sqrt(7)/21, whose slope 1.0310527706 is best there
    root = np.sqrt(7) / 21
    known = np.log10((1 + 5 * root) / (1 + 1.0310527706603787 * root))
    assert rates["values"][share][d] == pytest.approx(known, abs=1e-4)
    halves = found["theorem-14.2"]["maps"]["separation and weight"]
    even = halves["values"][halves["ys"].index(0.5)]  # equal norms: an equality
    assert all(abs(v) < 1e-9 for v in even)


def test_batches_of_given_shapes_keep_to_their_norms() -> None:
    rng = np.random.default_rng(0)
    seen = 0
    for batch in mixtures(rng, 170, largest=2.0):
        assert (batch.n, batch.d) in SHAPES
        assert (batch.top <= 2.0 + 1e-9).all() and (batch.weights > 0).all()
        assert np.allclose(batch.weights.sum(axis=1), 1)
        seen += len(batch)
    assert seen >= 170


def test_what_is_outside_the_domain_is_told_from_what_has_no_ratio() -> None:
    claim = library.get("lemma-19")  # a mean at 3/4 of the other, one at -1, all at one place
    means = np.array([[[1.0], [0.75]], [[1.0], [-1.0]], [[0.0], [0.0]]])
    batch = Batch(means, np.full((3, 2), 0.5))
    values = log10_ratios(claim, SIDES["lemma-19"], batch)
    assert np.isposinf(values[0]) and values[1] == pytest.approx(np.log10(2 / (1 / 16)))
    assert np.isnan(values[2])


def test_summaries() -> None:
    assert summary([], 5, "estimate", "x").points == 0
    same = summary([2.0] * 20, 20, "estimate", "x")
    assert sum(same.counts) == 20 and same.levels["0.5"] == 2.0
    mixed = summary([-1.0, float("nan"), 0.5, float("inf")], 4, "estimate", "x")
    assert mixed.points == 2 and mixed.violations == 1
    tail = summary([*np.linspace(0, 1, 95), *[1e4] * 5], 100, "estimate", "x")
    assert tail.beyond > 0 and tail.levels["1"] == 1e4


def test_the_law_of_the_norm() -> None:
    from scipy.special import gammaln

    d = np.array([1, 2, 3, 10, 100, 10**4, 10**6])
    r, weights = law(d)
    mean = np.exp(np.log(2) / 2 + gammaln((d + 1) / 2) - gammaln(d / 2))
    assert np.allclose(average(weights, r), mean, rtol=1e-9)
    assert np.allclose(average(weights, r**2), d, rtol=1e-11)


def test_the_logarithm_of_a_tail() -> None:
    from scipy.special import gammaincc

    a = np.array([0.5, 1.0, 5.0, 50.0])
    assert np.allclose(log_upper_gamma(a, 4 * a), np.log(gammaincc(a, 4 * a)), rtol=1e-12)
    assert -85000 < log_upper_gamma([5e4], [2e5])[0] < -80000


@pytest.mark.parametrize(("points", "seed", "jobs"), [(0, 0, 1), (1, -1, 1), (1, 0, 0)])
def test_numbers_out_of_range(points: int, seed: int, jobs: int) -> None:
    with pytest.raises(InputError, match="give an integer"):
        atlas.run(points, seed=seed, jobs=jobs)
