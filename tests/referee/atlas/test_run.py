"""Distributions and maps: counts that are told, the same twice, values that are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gembounds import InputError
from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import average, law, log_upper_gamma
from gembounds.points.batch import Batch
from gembounds.points.configurations import SHAPES, mixtures
from gembounds.referee.atlas import run as atlas
from gembounds.referee.atlas.ratios import log10_ratios, summary
from gembounds.statements import U, equals, largest, library, mu_max, norms, smallest
from gembounds.statements.claim import Claim

IDS = ("lemma-17", "lemma-19", "eq-39c", "theorem-14.2", "eq-29", "eq-33.2", "eq-5",
       "remark-4")  # fmt: skip


def run(points: int, *ids: str, seed: int = 3) -> dict[str, Any]:
    """What the atlas has of claims of the papers, by id."""
    found = atlas.run(points, claims=library.select(ids), seed=seed, jobs=1)
    return {claim_id: entry for (_, claim_id), entry in found.items()}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return run(300, *IDS)


def test_the_same_twice_and_no_matter_what_else_is_asked(found: dict[str, Any]) -> None:
    again = run(300, "lemma-19", "theorem-14.2")
    assert json.dumps(again["lemma-19"]) == json.dumps(found["lemma-19"])
    other = run(300, "lemma-19", seed=4)
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
    none = found["eq-33.2"]["distribution"]
    assert none["points"] == 0 < none["drawn"] and "no ratio" in str(none["reason"])
    one = found["eq-29"]["distribution"]
    assert (one["kind"], one["points"]) == ("certified", 0)
    assert one["reason"] == "U(mu - ... grad L) has no estimate over batches"
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
    values = log10_ratios(claim, batch)
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
        atlas.run(points, claims=(), seed=seed, jobs=jobs)


def test_claims_of_a_file(tmp_path: Path) -> None:
    """In batches with conditions, and point by point what has a parameter."""
    path = tmp_path / "mine.py"
    path.write_text(
        "import gembounds as gb\nfrom gembounds.statements import *\n"
        "CLAIMS = (gb.Claim('few', mean_square <= mu_max**2, (n <= 3, U <= 1)),\n"
        "          gb.Claim('most', overlaps <= 1),\n"
        "          gb.Claim('zero', total(0 * norms) <= 1),\n"
        "          gb.Claim('share', real('c', 0, 1) * U <= U))\n"
    )
    claims = library.select([str(path)])
    found = atlas.run(200, claims=claims, jobs=1)
    assert list(found) == [library.ref(c) for c in claims]
    by_id = {claim_id: entry["distribution"] for (_, claim_id), entry in found.items()}
    assert by_id["few"]["kind"] == by_id["most"]["kind"] == "estimate"
    assert 0 < by_id["few"]["drawn"] < by_id["most"]["drawn"]
    assert all(one["violations"] == 0 for one in by_id.values())
    assert by_id["share"]["reason"] == "c is not drawn in batches"
    assert by_id["share"]["kind"] == by_id["zero"]["kind"] == "certified"


def test_conditions_leave_out_what_does_not_meet_them() -> None:
    batch = Batch(np.array([[[1.0], [0.0]], [[2.0], [0.0]], [[3.0], [3.0]]]), np.full((3, 2), 0.5))
    claim = Claim("short", 4 * mu_max**2 >= U, (norms <= 2, smallest(norms) < largest(norms)))
    assert np.isposinf(log10_ratios(claim, batch)).tolist() == [False, False, True]
    on_the_line = Claim("ends", 4 * mu_max**2 >= U, equals(mu_max, 2))
    assert np.isposinf(log10_ratios(on_the_line, batch)).tolist() == [True, False, True]
