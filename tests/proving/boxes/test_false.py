"""False statements over boxes: none is proved, and what is false on a tiny region is found."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gembounds import Claim
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.chart import CellBatch, Chart
from gembounds.referee.proving import prove
from gembounds.statements import (
    L,
    S,
    U,
    Y,
    const,
    diameter,
    exp,
    log,
    maximum,
    mean_square,
    minimum,
    mu_max,
    norms,
    pi,
    pi_max,
    pi_min,
    real,
    smallest,
    sqrt,
)  # fmt: skip
from gembounds.tools.errors import InputError

LINE = {"means": [[["-1", "1"]], [["-1", "1"]]], "weights": [["1/20", "19/20"], None]}
THREE = {
    "means": [[["-1", "1"]], [["-1", "1"]], [["-1", "1"]]],
    "weights": [["1/10", "4/5"], ["1/10", "4/5"], ["1/10", "1/5"]],
}
PLANE = {"means": [[["-1", "1"]] * 2] * 2, "weights": [["1/4", "3/4"], None]}
ALONE = {"means": [[["-1", "3/2"]]], "weights": ["1"]}
POINT = {"means": [["1/2"], ["-1/3"]], "weights": ["1/4", None]}
CUT = {"means": [["0"], ["1"]], "weights": [["1/20", "19/20"], ["9/50", "1/5"]]}

c = real("c", 0, 2)
SPIKE = exp(-((c - Fraction(7, 9)) ** 2) * 10**7)
STEP = exp(-exp(400 * (pi - Fraction(4, 25)))) + exp(-exp(-400 * (pi - Fraction(3, 10))))

REFUTED = [
    (Claim("constant", L <= Fraction(282, 500) * mean_square), LINE),
    (Claim("weight", pi_max < Fraction(19, 20)), LINE),
    (Claim("condition", mu_max > Fraction(1, 2), when=mu_max >= Fraction(1, 2)), LINE),
    (Claim("corner", diameter < 2), LINE),
    (Claim("entry", pi * norms <= Fraction(3, 4)), LINE),
    (Claim("least", pi_min >= Fraction(11, 100)), THREE),
    (Claim("nest", minimum(maximum(abs(L - mean_square), S / 9), Y) < Fraction(1, 9)), LINE),
    (Claim("three", L <= Fraction(11, 20) * mean_square, when=U > 1), THREE),
    (Claim("plane", L <= mean_square * Fraction(11, 20)), PLANE),
    (Claim("alone", L <= mean_square * Fraction(499, 1000)), ALONE),
    (Claim("point", S >= Fraction(27, 100)), POINT),
    (Claim("narrow", SPIKE <= Fraction(99, 100) + U), {**ALONE, "parameters": {"c": ["0", "2"]}}),
    (Claim("divided", -1 / const("k", 1) <= U).with_constants(k=Fraction(-4)), LINE),
    (Claim("rest", STEP >= Fraction(1, 2)), CUT),
    (
        Claim("equal", mu_max + maximum(pi_max, pi_max) <= Fraction(3, 2)),
        {"means": [["1"], ["-1"], ["1"]], "weights": [["1/3", "2/3"], ["1/6", "1/3"], None]},
    ),
    (
        Claim("equal-sizes", diameter * pi_max <= Fraction(2, 3)),
        {"means": [["0"], ["1"], ["-1"], ["0"]], "weights": [["1/3", "2/3"], "1/9", "1/9", None]},
    ),
    (
        Claim("moved", pi_min >= const("least", "1/4") * 2 / 5 + Fraction(1, 20),
              when=pi_min >= const("least", "1/4")).with_constants(least=Fraction(1, 100)),
        LINE,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "box"), REFUTED, ids=lambda x: getattr(x, "id", ""))
def test_what_is_false_is_refuted(claim: Claim, box: dict[str, Any]) -> None:
    assert prove(claim, box, leaves=100_000, seconds=60).verdict == "refuted"


@pytest.mark.parametrize(
    "relation",
    [
        sqrt(U - 1) >= -1, sqrt(U - 1) ** 2 >= -2, log(U - 1) <= 5, U ** (U - 1) <= 9,
        smallest(norms) > 0, mean_square < mean_square + S,
        1 / (mean_square - Fraction(1, 4)) <= 10,
    ],
    ids=str,
)  # fmt: skip
def test_what_has_no_value_or_is_an_equality_somewhere_is_not_proved(relation: Any) -> None:
    assert prove(Claim("x", relation), LINE, leaves=3000).verdict != "proved"


def test_what_says_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="conditions are false"):
        prove(Claim("x", L <= -1, when=mu_max >= 2), LINE)
    with pytest.raises(InputError, match="conditions are false"):
        prove(Claim("x", L <= -1, when=log(U - 5) >= 0), LINE)
    with pytest.raises(InputError, match="no weights of the box"):
        prove(
            Claim("x", L <= -1, when=pi_min >= Fraction(1, 4)),
            {**LINE, "weights": [["0", "1/9"], None]},
        )
    with pytest.raises(InputError, match="decided by another relation"):
        prove(Claim("x", L <= -1, decided_by=L >= -1, identity="none"), LINE)


@pytest.mark.parametrize("rest", [["9/50", "1/5"], ["199/1000", "1/5"], ["1/20", "1/2"]])
def test_centres_stay_where_the_rest_is_in_its_interval(rest: list[str]) -> None:
    """Segments from a centre outside would leave the part of the cell that ranges are made for."""
    box = Box.from_json({**CUT, "weights": [["1/20", "19/20"], rest]})
    for low, high in ((0.0, 1.0), (0.5, 1.0), (0.75, 0.875)):
        batch = CellBatch(Chart(box), np.array([[low]]), np.array([[high]]))
        at, over = batch.weights()
        if not batch.empty[0]:
            assert float(over[1].lo[0]) <= float(at[1].lo[0]) <= float(over[1].hi[0])


def test_means_that_are_numbers_beside_one_that_varies() -> None:
    box = {"means": [["-15/8"], [["-7/8", "11/8"]], ["-1/4"]], "weights": None}
    assert prove(Claim("x", mu_max <= Fraction(15, 8) + Fraction(1, 99)), box).verdict == "proved"
    assert prove(Claim("x", mu_max < Fraction(15, 8)), box).verdict == "refuted"
