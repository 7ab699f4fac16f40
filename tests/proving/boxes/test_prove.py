"""Proofs over boxes: true statements are proved, false ones refuted or at least never proved."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

import pytest

import gembounds as gb
from gembounds.proving.boxes.sharp import larger_is_stronger
from gembounds.referee.bracket import Bracket
from gembounds.statements import (
    L,
    S,
    U,
    Y,
    const,
    diameter,
    exp,
    largest,
    log,
    maximum,
    mean_square,
    mu_max,
    norm,
    norms,
    pi,
    pi_min,
    real,
    sqrt,
    total,
)

UNIT: dict[str, Any] = {
    "means": [[["-1", "1"]], [["-1", "1"]]], "weights": [["1/10", "9/10"], None]
}  # fmt: skip
EQUAL = {"means": UNIT["means"]}
c = real("c", 0, 1)
C = const("c", 2)

TRUE = {
    "all of it, from 0 on": (L <= Q(3, 5) * mean_square, None, EQUAL),
    "around means 0": (2 * L <= U, None, UNIT),
    "around means 0, one as long as the other at most": (4 * L <= 3 * mu_max**2, None, UNIT),
    "around means 0, roots": (total(pi * norms) <= 2 * sqrt(U) / sqrt(3), None, UNIT),
    "around means 0, in a corner": (
        mean_square + S <= 3 * Y + U, None, {"means": [[["0", "1"]], [["-1", "1/7"]]]},
    ),
    "around means 0, in space": (L <= U, None, {**UNIT, "means": [[["-1", "1"]] * 3] * 2}),
    "around means 0, three components": (
        4 * L <= 3 * mu_max**2, None, {"means": [[["-1", "1"]], [["-1", "1"]], ["0"]]},
    ),
    "a ratio": (L / mean_square <= Q(3, 5), U > 0, EQUAL),
    "a parameter": (
        L <= (Q(3, 5) + c) * mean_square, None, {**EQUAL, "parameters": {"c": ["0", "1"]}},
    ),
    "numbers alone": (c * (1 - c) <= Q(1001, 4000), None, {"parameters": {"c": ["0", "1"]}}),
    "a power of 0": (
        (0 * c) ** (c + 1) + L <= U, U >= Q(1, 2), {**EQUAL, "parameters": {"c": ["0", "1"]}},
    ),
    "roots and branches": (
        mean_square <= largest(norms) * (largest(norms) + Q(1, 4)), mu_max >= Q(1, 2), EQUAL,
    ),
    "a sum over components": (total(pi * norms) <= mu_max + Q(1, 10), None, UNIT),
    "the diameter": (S <= diameter**2 / 2 + Q(1, 50), None, UNIT),
    "by signs, where both vanish": (mean_square >= -pi_min * L, None, UNIT),
    "a logarithm": (log(1 + L) <= mean_square, U >= Q(1, 2), EQUAL),
    "far apart": (mean_square >= exp(-U), None, {"means": [[["4", "6"]], [["-6", "-4"]]]}),
    "in five dimensions": (
        L <= Q(3, 5) * mean_square, mu_max <= 1, {"means": [[["-1", "1"]] * 5] * 2},
    ),
    "strictly": (L < Y, U >= Q(1, 2), EQUAL),
    "at a point": (L <= mean_square, None, {"means": [["1"], ["-1/3"]], "weights": ["1/3", None]}),
    "one component": (L <= U, None, {"means": [[["1/2", "2"]]]}),
    "three components": (
        mean_square <= Y + Q(1, 4), None, {"means": [[["-1/2", "1/2"]], [["-1/2", "1/2"]], ["0"]]},
    ),
}  # fmt: skip

FALSE = {
    "just beyond the best constant": (L <= Q(5652, 10000) * mean_square, None, EQUAL),
    "in a region of diameter 1e-3": (
        (pi_min - Q(3, 10)) ** 2 + (U - Q(7, 10)) ** 2 + (S - Q(1, 5)) ** 2 >= Q(1, 4 * 10**6),
        None, UNIT,
    ),
    "at an end of the weights": (pi_min >= Q(1001, 10000), None, UNIT),
    "at the edge of a condition": (U >= Q(1001, 1000), mu_max >= 1, EQUAL),
    "around means 0": (mean_square <= Q(49, 100) * U + 10 * U**2, None, EQUAL),
    "around means 0, a root": (sqrt(L) <= Q(7, 10) * mu_max, None, UNIT),
    "around means 0, in one of the branches": (
        mean_square <= Q(99, 100) * mu_max**2 + 10 * U**2, None, UNIT,
    ),
    "equal everywhere, strictly": (L < U / 2, None, {"means": [[["-2", "2"]]]}),
    "at one value of a parameter": (
        (c - Q(1, 3)) ** 2 >= Q(1, 10**9), None, {"parameters": {"c": ["0", "1"]}},
    ),
    "at a point": (L >= mean_square, None, {"means": [["1"], ["-1/3"]], "weights": ["1/3", None]}),
    "one of two branches": (
        maximum(L, mean_square) <= Q(99, 100) * mean_square, U >= Q(1, 10), EQUAL,
    ),
    "in the plane": (
        mean_square <= Y - S / 2, mu_max >= Q(1, 2), {"means": [[["-1", "1"]] * 2] * 2},
    ),
    "in a corner of one sign": (mean_square >= Q(1, 10), U >= Q(1, 4), UNIT),
}  # fmt: skip

TIED = {
    "an end of a weight": (pi_min + L * 0 <= Q(1, 2), None, UNIT),
    "coincident means": (sqrt(mean_square) <= mu_max, mu_max >= Q(1, 2), EQUAL),
}


def claim(name: str, table: Any) -> tuple[gb.Claim, Any]:
    relation, when, box = table[name]
    return gb.Claim("it", relation, when), box


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved(name: str) -> None:
    found = gb.prove(*claim(name, TRUE))
    assert (found.verdict, found.by, found.undecided_volume) == ("proved", "arithmetic", 0)
    assert found.certificate is not None and found.witness is None


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_are_refuted(name: str) -> None:
    it, box = claim(name, FALSE)
    found = gb.prove(it, box)
    assert found.verdict == "refuted" and found.by is None
    assert gb.decide(it, found.witness, **found.parameters).outcome == "refuted"
    if found.witness is not None:
        assert found.witness.n == len(box["means"])


@pytest.mark.parametrize(
    "relation",
    [
        mean_square <= Q(49999999, 10**8) * U + 10**3 * U**2,
        2 * L <= Q(99999999, 10**8) * mu_max**2 + 10**3 * U**2,
        mean_square <= (1 - Q(1, 10**11)) * mu_max**2 + 10**3 * U**2,
    ],
)
def test_what_is_false_next_to_means_0_alone_is_not_proved(relation: Any) -> None:
    """False within 1e-5 of there, or 1e-7: near the diagonal, where L is |mu|^2/2, E|psi~|^2 is
    |mu|^2."""
    it = gb.Claim("it", relation)
    near = gb.Mixture([["1/100000000"], ["1/100000000"]])
    assert gb.decide(it, near).outcome == "refuted"
    assert gb.prove(it, EQUAL, leaves=20_000).verdict != "proved"


@pytest.mark.parametrize("name", TIED)
def test_ties_stay_undecided_and_say_where(name: str) -> None:
    found = gb.prove(*claim(name, TIED), leaves=20_000)
    assert found.verdict == "undecided" and found.certificate is None
    assert 0 < found.undecided_volume < 0.2 and found.undecided


def test_the_same_by_several_processes() -> None:
    it, box = claim("a parameter", TRUE)
    one, two = gb.prove(it, box), gb.prove(it, box, jobs=2)
    assert one.certificate == two.certificate


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ({"means": [[["1", "0"]], ["0"]]}, "give the lower end first"),
        ({"means": [[["0", "1"]], ["0", "1"]]}, "rows of different lengths"),
        ({"means": [["0"], ["1"]], "weights": [["1/2", "3/4"]]}, "weights has 1 entries"),
        (
            {"means": [["0"], ["1"]], "weights": [None, ["1/2", "3/4"], None]},
            "weights has 3 entries",
        ),
        ({"means": [["0"], ["1"]], "weights": ["1/2", "1/4"]}, "do not add up to 1"),
        ({"means": [["0"], ["1"]], "weights": [["3/5", "4/5"], ["3/5", "4/5"]]}, "cannot add up"),
        ({"means": [["0"], ["1"]], "sizes": 1}, "unknown key 'sizes'"),
        (
            {"means": [["0"], ["1"], ["2"]], "weights": ["0", ["1/4", "1/2"], None]},
            r"weights\[0\] is '0'",
        ),
        ({"means": [["1e101"]]}, "is '1e101': boxes reach numbers of size 1e100"),
        ({"means": [["0"] * 3] * 3}, "proofs over boxes reach"),
        ({}, "give a box of means"),
        ({"means": [["0"], ["1"]], "parameters": {"c": ["0", "1"]}}, "has no parameter 'c'"),
        ([1], "give an object"),
    ],
)
def test_what_is_no_box(box: Any, words: str) -> None:
    with pytest.raises(gb.InputError, match=words):
        gb.prove(gb.Claim("it", L <= mean_square), box)


def test_what_is_not_proved_over_boxes() -> None:
    from gembounds.statements import displacement, equals, integer, moved, overlaps

    with pytest.raises(gb.InputError, match="equality"):
        gb.prove(gb.Claim("it", equals(L, mean_square)), EQUAL)
    with pytest.raises(gb.InputError, match="is not known over boxes"):
        gb.prove(gb.Claim("it", largest(overlaps) <= 1), EQUAL)
    v, moves = displacement("v"), {"v": [[["-1", "1"]], ["0"]]}
    there = {**EQUAL, "parameters": moves}
    for relation, box, words in (
        (moved(L, v) <= 1, there, "is not known over boxes: gradient_change"),
        (norm(v) <= mu_max, EQUAL, "has no displacement 'v'"),
        (norm(v) <= mu_max, {**EQUAL, "parameters": {"v": ["0", "1"]}}, "has no displacement 'v'"),
        (norm(v) <= mu_max, {**EQUAL, "parameters": {"v": [["0"]]}}, "has other rows"),
        (norm(v) <= mu_max, {**EQUAL, "parameters": {"v": [["0", "0"]] * 2}}, "has other rows"),
        (total(v) <= mu_max, there, "stands outside norm"),
        (norm(v) + total(v) <= mu_max, there, "stands outside norm"),
        (norm(v) <= mu_max + norm(displacement("w")), there, "has no displacement 'w'"),
        (L <= mean_square, there, "has no parameter 'v'"),
        (
            norm(v) <= mu_max,
            {"means": [["0", "0"]] * 2, "parameters": {"v": [[["0", "1"]] * 2] * 2}},
            "one displacement, of means on the line",
        ),
    ):  # fmt: skip
        with pytest.raises(gb.InputError, match=words):
            gb.prove(gb.Claim("it", relation), box)
    with pytest.raises(gb.InputError, match="is whole"):
        box = {**EQUAL, "parameters": {"k": ["1", "2"]}}
        gb.prove(gb.Claim("it", L <= integer("k", 1, 9)), box)


def test_both_ends_of_a_constant() -> None:
    """The supremum of L / E|psi~|^2 for |mu_i| <= 1: 0.56529 at means 0.5653 and 1 in size."""
    it = gb.Claim("it", L <= const("factor", 2) * mean_square)
    found = gb.tightness(it, "factor", EQUAL)
    assert isinstance(found, Bracket) and found.lower and found.upper and found.width
    assert 0.56529 < found.lower < found.upper < 0.56529 * 1.001
    assert found.stronger == "smaller" and found.width < 1e-3
    beyond = it.with_constants(factor=found.lower)
    assert gb.decide(beyond, found.witness).outcome == "refuted"
    assert gb.prove(it.with_constants(factor=found.upper), EQUAL).verdict == "proved"


def test_a_constant_may_be_tiny() -> None:
    it = gb.Claim("it", L <= const("factor", Q(1, 10**10)) * 10**11 * mean_square)
    found = gb.tightness(it, "factor", {"means": [[["1/2", "1"]], [["-1", "-1/2"]]]})
    assert isinstance(found, Bracket) and found.width is not None and found.width < 1e-3


def test_a_constant_on_the_other_side() -> None:
    it = gb.Claim("it", mean_square >= const("share", Q(1, 10)) * Y**2)
    found = gb.tightness(it, "share", {"means": [[["1/2", "1"]], [["-1", "-1/2"]]]})
    assert isinstance(found, Bracket) and found.lower and found.upper
    assert found.stronger == "larger" and found.lower < found.upper < found.lower * 1.001
    with pytest.raises(gb.InputError, match="has no constant 'other'"):
        gb.tightness(it, "other", EQUAL)


@pytest.mark.parametrize(
    ("relation", "larger"),
    [
        (L <= C * mean_square, False),
        (L <= mean_square / C, True),
        (mean_square >= exp(-C * U) * S**2, False),
        (mean_square >= exp(C * U) * S**2, True),
        (mean_square + C * L >= S / (1 + C), False),
        (sqrt(U) >= maximum(C * S, L - 1 / C), True),
    ],
)
def test_which_way_a_constant_acts(relation: Any, larger: bool) -> None:
    assert larger_is_stronger(gb.Claim("it", relation), "c") is larger


@pytest.mark.parametrize(
    ("it", "words"),
    [
        (gb.Claim("it", L <= C * mean_square + (1 - C) * U), "does not show in its form"),
        (gb.Claim("it", L <= (U - S) * C), "does not show in its form"),
        (gb.Claim("it", mean_square >= Q(1, 2) ** C * S), "does not show in its form"),
        (gb.Claim("it", L <= C * mean_square, C * U <= 1), "stands in a condition"),
        (gb.Claim("it", L >= const("c", -1) * U), "is not positive"),
    ],
)
def test_a_constant_of_which_that_is_not_certain_is_refused(it: gb.Claim, words: str) -> None:
    with pytest.raises(gb.InputError, match=words):
        gb.tightness(it, "c", EQUAL)
