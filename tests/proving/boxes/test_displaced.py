"""Displacements over boxes: true statements are proved and every piece is confirmed, false ones
are refuted inside the box, from displacements of any size down to 0."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction as Q
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.points.point import Point
from gembounds.proving.boxes import sharp
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.points import is_inside, place_of, point_of
from gembounds.proving.boxes.problem import Problem
from gembounds.proving.boxes.workers import described, problem_of
from gembounds.referee.bracket import Bracket
from gembounds.referee.verify.box_proofs import WRONG, confirm_proof
from gembounds.referee.verify.boxes.check import check, digest_of
from gembounds.statements import (
    L,
    at_k,
    const,
    d,
    displacement,
    gradient_change,
    largest,
    library,
    maximum,
    mu_max,
    norm,
    norms,
    sqrt,
    total,
)

delta = displacement("delta")
size, change = norm(delta), gradient_change(delta)
most = largest(at_k(size))
limit = const("factor", "1/4") * mu_max * (sqrt(d) + mu_max + most / 2) * most + most
SIXTH = ["-1/6", "1/6"]


def box(*means: Any, by: Any = (SIXTH, SIXTH), weights: Any = None) -> dict[str, Any]:
    return {
        "means": [[x] for x in means], "weights": weights,
        "parameters": {"delta": [[x] for x in by]},
    }  # fmt: skip


CORNER = box(["15/8", "2"], ["15/8", "2"])
NEAR = box(["31/16", "2"], ["31/16", "2"])
SMALL = box(["1/2", "3/4"], ["1/2", "3/4"])

TRUE = {
    "a bound that vanishes with it": (change <= limit, None, CORNER),
    "weights, a mean that stays": (
        change <= limit, None,
        box(["1/2", "1"], "1/3", by=(SIXTH, ["0", "1/9"]), weights=[["1/4", "3/4"], None]),
    ),
    "three components": (
        change <= 3 * most, None,
        box(["-1", "1"], "0", ["1", "3/2"], by=(["0", "1/2"], "0", SIXTH)),
    ),
    "away from 0": (
        change <= 2 * most, None, box(["-1", "1"], ["-1", "1"], by=("0", ["1/10", "1/6"])),
    ),
    "nothing moves": (change <= mu_max, None, box(["0", "1"], ["-1", "1"], by=("0", "0"))),
    "sums": (total(change) <= total(size) * (1 + mu_max**2 + mu_max), None, SMALL),
    "a ratio": (change / most <= 1 + mu_max * (1 + mu_max + most), None, SMALL),
    "by component": (change <= limit + size / 9, None, SMALL),
    "squares": (total(change**2) <= 4 * total(delta * delta), None, SMALL),
    "larger of two, and a product": (
        maximum(change, most * mu_max) * most <= 3 * most**2, None, SMALL,
    ),
    "a loss beside it": (change * L <= most * (L + mu_max), None, SMALL),
    "where a condition holds": (
        change <= 3 * limit, size <= 1 / maximum(6 * d, 2 * norms),
        box(["3", "13/4"], ["3", "13/4"], by=(["-1", "1"], ["0", "1/4"])),
    ),
}  # fmt: skip

FALSE = {
    "just beyond the best factor": (
        change <= Q(1706, 10**4) * mu_max * (1 + mu_max + most / 2) * most + most, None, NEAR,
    ),
    "strictly, where both sides are 0": (change < 2 * most + mu_max * most, None, SMALL),
    "at small displacements alone": (change <= 90 * most**2, None, SMALL),
    "at a displacement of one size": ((most - Q(1, 9)) ** 2 >= Q(1, 10**9), None, SMALL),
    "near one point of all": (
        (most - Q(1, 9)) ** 2 + (total(size) - Q(1, 7)) ** 2 + (mu_max - Q(2, 3)) ** 2
        >= Q(1, 4 * 10**6), None, box(["1/2", "3/4"], "1/2"),
    ),
    "of one component": (change <= size * (1 + mu_max), None, SMALL),
}  # fmt: skip


def claim(table: Any, name: str) -> tuple[gb.Claim, Any]:
    relation, when, where = table[name]
    return gb.Claim("it", relation, when), where


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved_and_confirmed(name: str) -> None:
    found = gb.prove(*claim(TRUE, name), leaves=10_000)
    assert (found.verdict, found.by, found.undecided_volume) == ("proved", "arithmetic", 0)
    assert found.certificate is not None
    assert confirm_proof(found.certificate, jobs=1) == []


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_are_refuted_in_the_box(name: str) -> None:
    it, where = claim(FALSE, name)
    found = gb.prove(it, where, leaves=100_000)
    assert found.verdict == "refuted"
    point = Point(found.witness, found.parameters)
    assert is_inside(Box.from_json(where), point)
    assert gb.decide(it, found.witness, **found.parameters).outcome == "refuted"


def test_the_best_factor_of_the_paper_s_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharp, "STARTS", 40)
    monkeypatch.setattr(sharp, "STEPS", 6)
    it = library.get("theorem-13-sharpened")
    found = gb.tightness(it, "factor", NEAR, width=1e-1)
    assert isinstance(found, Bracket) and found.proof is not None
    assert found.lower is not None and found.upper is not None
    assert Q(17065, 10**5) < found.lower < Q(170653, 10**6) < found.upper < Q(19, 100)
    assert confirm_proof(found.proof, jobs=1) == []


def test_other_processes_make_the_same_problem_of_a_paper_s_claim() -> None:
    it = library.get("theorem-13-sharpened").with_constants(factor="1/5")
    data = json.loads(json.dumps(described(it, Box.from_json(NEAR))))
    here, there = Problem(it, Box.from_json(NEAR)), problem_of(data)
    low, high = np.zeros((here.chart.count, 1)), np.full((here.chart.count, 1), 0.25)
    one, two = here.answer(low, high), there.answer(low, high)
    assert there.box == here.box and there.claim.constants == it.constants
    assert np.array_equal(one.value, two.value) and np.array_equal(one.state, two.state)


def test_a_lemma_of_one_s_own_about_a_displacement_is_checked_and_decided() -> None:
    it = gb.Claim("it", change <= 3 * limit)
    found = gb.check(it, points=50)
    assert found.verdict == "holds" and found.checked >= 50
    mix = gb.Mixture([["1/2"], ["-1"]])
    assert gb.decide(it, mix, delta=[["1/9"], ["0"]]).outcome == "holds"
    sharper = it.with_constants(factor="-1/4")
    assert (
        gb.decide(sharper, gb.Mixture([[2], [2]]), delta=[["-1/9"], ["1/9"]]).outcome == "refuted"
    )
    for by in (norm(delta), displacement("delta") * 2, "delta", 3):
        with pytest.raises(gb.InputError, match="give a displacement"):
            gradient_change(by)


def test_places_and_points_of_displacements() -> None:
    """There and back, on every face; and what is not in the box."""
    where = box(["-1", "2"], ["0", "1"], "1/3", by=(SIXTH, ["0", "1/5"], "0"))
    problem = Problem(gb.Claim("it", change <= 9 * most), Box.from_json(where))
    chart, faces = problem.chart, problem.chart.displaced
    assert faces is not None and len(faces.faces) == 3
    for values in (("1/7", "1/9"), ("-1/7", "1/9"), ("1/20", "1/5"), ("-1/20", "1/8"), ("0", "0")):
        rows = tuple((Q(x),) for x in (*values, "0"))
        point = Point(gb.Mixture([[0], ["1/2"], ["1/3"]]), {"delta": rows})
        assert is_inside(problem.box, point)
        t = place_of(chart, point)
        low = [float(x) for x in chart.low]
        width = [float(x) for x in chart.width]
        back = point_of(chart, set(), [a + w * x for a, w, x in zip(low, width, t, strict=True)])
        assert back is not None
        for (x,), (y,) in zip(back["delta"], rows, strict=True):
            assert abs(x - y) < 1e-15
    outside = Point(point.mixture, {"delta": ((Q(0),), (Q(-1, 9),), (Q(0),))})
    assert not is_inside(problem.box, outside)


@pytest.fixture(scope="module")
def proof() -> dict[str, Any]:
    found = gb.prove(gb.Claim("it", change <= limit), NEAR)
    assert found.certificate is not None
    assert check(found.certificate) == [] and len(found.certificate["leaves"]) < 150
    return found.certificate


def at(*path: Any, put: Any) -> Callable[[dict[str, Any]], None]:
    def change_it(data: dict[str, Any]) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = put

    return change_it


def all_outside(data: dict[str, Any]) -> None:
    data["leaves"] = data["leaves"].replace("f", "o", 1)


def all_mirrored(data: dict[str, Any]) -> None:
    data["leaves"] = data["leaves"].replace("f", "m", 1)


def renamed(data: dict[str, Any]) -> None:
    data["box"]["parameters"] = {"xi": data["box"]["parameters"]["delta"]}


def coarse(data: dict[str, Any]) -> None:
    for rule in data["rules"]:
        rule["step"] = str(3 * Q(rule["step"]))


ALTERED = {
    "longer": at("box", "parameters", "delta", put=[[["-2", "2"]], [["-2", "2"]]]),
    "other signs": at("box", "parameters", "delta", 0, 0, put=["0", "1/6"]),
    "one row": at("box", "parameters", "delta", put=[[["-1/6", "1/6"]]]),
    "no rows": at("box", "parameters", put={}),
    "an interval": at("box", "parameters", "delta", put=["-1/6", "1/6"]),
    "two coordinates": at("box", "parameters", "delta", 0, put=[["0", "1"], ["0", "1"]]),
    "a bare one": at(
        "tree", "relation", 2, put=["total", "ic", ["displacement", "delta", None, None]]
    ),
    "another one": at("tree", "relation", 1, 3, 1, put="xi"),
    "no argument": at("tree", "relation", 1, put=["symbol", "", "gradient_change"]),
    "a square of nothing": at("tree", "relation", 1, put=["symbol", "", "delta_k^2"]),
    "over i and k": at(
        "tree", "relation", 1,
        put=["*", ["symbol", "", "norms"], ["at_k", ["symbol", "", "norms"]]],
    ),
    "strict": at("tree", "relation", 0, put="<"),
    "factor": at("constants", "factor", put="17/100"),
    "more means": at("box", "means", 0, 0, put=["15/8", "3"]),
    "name": renamed, "a piece outside": all_outside, "a piece mirrored": all_mirrored,
    "steps": coarse,
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERED)
def test_what_is_altered_is_not_confirmed(name: str, proof: dict[str, Any]) -> None:
    data = copy.deepcopy(proof)
    ALTERED[name](data)
    assert data != proof
    wrong = ["it is none"]
    with suppress(*WRONG):
        wrong = check({**data, "digest": digest_of(data)})
    assert wrong
