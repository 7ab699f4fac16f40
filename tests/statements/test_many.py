"""Decisions in arrays: those of balls, or none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.balls.radial import ball
from gembounds.points.batch import Batch
from gembounds.statements import (
    S,
    U,
    Y,
    const,
    data_mean,
    data_weight,
    diameter,
    displacement,
    distances,
    equals,
    exp,
    gradient_change,
    gradient_norm,
    gradient_norms,
    integer,
    largest,
    library,
    log,
    moved,
    mu_max,
    n,
    norms,
    pi,
    pi_min,
    posterior,
    real,
    smallest,
    sqrt,
    total,
    vector,
)
from gembounds.statements.arrays import ArrayOperations, Configurations
from gembounds.statements.decide import decide
from gembounds.statements.many import (
    CONSISTENT,
    HOLDS,
    OUTSIDE,
    REFUTED,
    UNDECIDED,
    Singly,
    compared,
    decide_many,
)
from gembounds.statements.operations import LADDER, Operations
from gembounds.values.balls import float_ends
from gembounds.values.spans import Spans

WORDS: dict[int, tuple[str, ...]] = {
    HOLDS: ("holds",), REFUTED: ("refuted",), CONSISTENT: ("consistent", "undecided"),
    OUTSIDE: ("outside",), UNDECIDED: ("holds", "refuted", "consistent", "undecided", "undefined",
                                       "outside"),
}  # fmt: skip
"""What a single decision may say where the one in arrays says that."""

PAPER = (
    "lemma-11", "loss-by-mean-square", "gradient-from-below", "posterior-mass", "eq-29-case-a",
    "eq-29-case-b.1", "eq-31prime.2", "eq-33.2", "eq-38", "eq-39a", "em-decrease.2", "eq-28.3",
    "eq-18c", "eq-28.4", "theorem-14.2", "eq-15prime.2",
)  # fmt: skip


def batches_of(claim: Any, count: int) -> list[Batch]:
    from gembounds.referee.sweep.draws import batches, gridded

    rng = np.random.default_rng(7)
    return [gridded(claim, b) for b in batches(claim, rng, count)]


def check(claim: Any) -> int:
    """Compare some decisions of each batch; how many were decided in arrays."""
    known, batches = 0, batches_of(claim, 170)
    most = max(3, 40 // len(batches))
    for batch in batches:
        found = decide_many(claim, batch)
        for b in range(0, len(batch), max(1, len(batch) // most)):
            single = decide(claim, batch.point(b), LADDER[:3])
            outcome = int(found.outcomes[b])
            allowed = (*WORDS[outcome], "undecided")
            assert single.outcome in allowed, (claim.id, outcome, batch.point(b))
            known += outcome != UNDECIDED
    return known


@pytest.mark.parametrize("name", PAPER)
def test_a_papers_claims(name: str) -> None:
    assert check(library.get(name)) > 10


t, u = real("t", 0, 1), real("u")
k = integer("k", 1)
x, delta = vector("x"), displacement("delta")

OWN = [
    gb.Claim("parabola", t * (1 - t) <= const("c", "1/4")),
    gb.Claim("root", sqrt(t) >= t, when=t * u**2 <= 1),
    gb.Claim("whole", exp(-t * k) <= 1 / (1 + t * k)),
    gb.Claim("at-x", total(posterior(x) * norms) <= mu_max * const("c", "1/2")),
    gb.Claim("moved", moved(mu_max, delta) <= 2 * mu_max),
    gb.Claim("pairs", smallest(distances) <= diameter),
    gb.Claim("spread", S <= 2 * Y, when=n >= 3),
    gb.Claim("gradients", gradient_norm**2 <= total(gradient_norms) ** 2),
    gb.Claim("logs", log(1 + U) >= abs(log(pi_min)) / 10),
    gb.Claim("same", equals(total(pi * norms**2), Y)),
    gb.Claim("change", largest(gradient_change(delta)) <= 3),
]  # fmt: skip


@pytest.mark.parametrize("claim", OWN, ids=lambda c: c.id)
def test_claims_of_the_vocabulary(claim: Any) -> None:
    assert check(claim) > 10


def test_sides_contain_those_of_balls() -> None:
    """At 64 bits of balls, where no decision depends on it."""
    claim = library.get("lemma-12.2")
    for batch in batches_of(claim, 51):
        points: Any = Configurations(batch)
        with np.errstate(all="ignore"):
            ((left, right),) = claim.pairs(ArrayOperations(), points)
        ops = Operations(LADDER[1])
        with ops.precision():
            for b in range(len(batch)):
                for many, one in zip((left, right), claim.pairs(ops, batch.point(b))[0],
                                     strict=True):  # fmt: skip
                    low, high = float_ends(ball(one))
                    assert many.lower[b] <= high and low <= many.upper[b]


def test_weights_are_over_their_sum() -> None:
    shares = np.array([[0.1, 0.2, 0.7], [1 / 3, 1 / 3, 1 / 3]]) * (1 + 1e-10)
    batch = Batch(np.zeros((2, 3, 1)), shares)
    for i, w in enumerate(Configurations(batch).exact_weights):
        for b in range(2):
            exact = batch.point(b).mix.exact_weights[i]
            assert float(w.lower[b]) <= exact <= float(w.upper[b])
            assert w.widths[b] < 1e-14


v, j = real("v", -1, 1), integer("j")


@pytest.mark.parametrize(
    "claim",
    [
        gb.Claim("a", sqrt(v) ** 2 >= 0), gb.Claim("b", abs(log(v)) >= 0),
        gb.Claim("c", exp(1 / v) >= 0), gb.Claim("d", j * log(v) <= 0),
        gb.Claim("e", v**-2 >= 0), gb.Claim("f", j * 0 <= 0, when=log(v) ** 2 >= 0),
        gb.Claim("g", log(v) ** j <= 2), gb.Claim("h", j**v <= 5),
        gb.Claim("i", v**2 <= 1, when=j**v <= 5), gb.Claim("large", j <= 2**60),
    ],
    ids=lambda c: c.id,
)  # fmt: skip
@pytest.mark.parametrize("whole", [0, 2, 2**60, None])
def test_where_sides_have_no_value_arrays_decide_nothing(claim: Any, whole: int | None) -> None:
    """A division by 0, a logarithm or a root of less, whatever is made of it."""
    numbers = np.array([-0.5, 0.0, 0.5, 1.0])
    wholes = 2**60 + np.arange(4) if whole is None else np.full(4, whole)
    batch = Batch(parameters={"v": numbers, "j": wholes})
    try:
        found = decide_many(claim, batch)
    except Singly:
        return
    for b, outcome in enumerate(found.outcomes.tolist()):
        assert decide(claim, batch.point(b)).outcome in WORDS[outcome], (outcome, numbers[b])


def test_an_entry_that_is_violated_says_nothing_where_another_has_no_value() -> None:
    claim = gb.Claim("entries", log(norms - 1) <= 0)
    batch = Batch(np.array([[[3.0], [0.5]], [[3.0], [2.5]]]), np.full((2, 2), 0.5))
    assert decide_many(claim, batch).outcomes.tolist() == [UNDECIDED, REFUTED]
    assert [decide(claim, batch.point(b)).outcome for b in range(2)] == ["undefined", "refuted"]


def test_components_of_the_data_that_differ_go_one_by_one() -> None:
    batch = Batch(np.zeros((2, 1, 1)), np.ones((2, 1)), {"j": np.array([0, 1])})
    for word in (data_weight(j) > 0, largest(data_mean(j)) >= 0):
        claim = gb.Claim("some", mu_max >= 0, when=word)
        assert [decide(claim, batch.point(b)).outcome for b in range(2)] == ["holds", "outside"]
        assert decide_many(claim, batch).outcomes.tolist() == [UNDECIDED, UNDECIDED]


def test_what_asks_for_more_says_so() -> None:
    batch = batches_of(library.get("eq-41"), 17)[0]
    with pytest.raises(Singly):
        decide_many(library.get("eq-41"), batch)


def test_comparisons_of_arrays() -> None:
    a = Spans(np.array([0.0, 2.0, 0.0]), np.array([1.0, 3.0, 3.0]))
    for relation, true, false in (("<", [1, 0, 0], [0, 1, 0]), (">=", [0, 1, 0], [1, 0, 0])):
        found = compared(a, relation, Spans.of(2))
        assert [list(map(int, x)) for x in found] == [true, false]
    assert compared(1, "==", 1) == (True, False)
