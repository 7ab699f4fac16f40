"""Theorem 2 and its steps: evaluated right, refuted where slipped, tight where they are tight."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

import gembounds as gb
from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.claims import gradient_drop, moved_state, step
from gembounds.points.point import Point, repeated
from gembounds.referee.search import alike, search_all
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.drawing import drawing
from gembounds.statements.evaluate import evaluate
from gembounds.statements.operations import LADDER, Operations

ONE = Mixture([[1], [0]])
LEVER = Mixture([[1], [0]], [1 - Fraction(1, 10**6), Fraction(1, 10**6)])
PLANE = Mixture([[1, "1/2"], ["-1/3", 1], [0, "-3/2"]], ["1/2", "1/3", "1/6"])
SMALL_PLANE = Mixture([["1/10", "1/20"], ["-1/30", "1/10"], [0, "-1/5"]])
CLAIMS = [c.id for c in library.select(
    ["theorem-2", "theorem-2-sharpened", "eq-29", "eq-29-sharpened", "eq-29-case-a",
     "eq-29-case-a-repaired", "eq-30", "eq-30-sharpened", "eq-31", "eq-31prime", "eq-32",
     "eq-32-sharpened", "eq-33", "eq-33.1-sharpened", "eq-33.2-repaired", "eq-33.2-sharpened",
     "eq-34", "eq-34-sharpened", "eq-35", "eq-36", "eq-36-repaired", "eq-37", "eq-38",
     "eq-38-sharpened"]
)]  # fmt: skip


def start(mix: Mixture, share: Any = 1, **more: Any) -> Point:
    return Point(mix, {"share": Fraction(share), **more})


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def numeric_loss(rows: np.ndarray, weights: np.ndarray) -> float:
    """L by a plain sum over a grid of the line."""
    x = np.linspace(-12, 12, 6001)
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    logits = np.outer(x, rows) - rows**2 / 2 + np.log(weights)
    return -float(density @ np.log(np.exp(logits).sum(axis=1)))


def numeric_gradient(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """E[psi_i (mu_i - x)] by the same sum."""
    x = np.linspace(-12, 12, 6001)
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    weighed = np.exp(np.outer(x, rows) - rows**2 / 2) * weights
    psi = weighed / weighed.sum(axis=1, keepdims=True)
    found: np.ndarray = density @ (psi * (rows - x[:, None]))
    return found


def test_step_size_and_gamma_are_the_formulas() -> None:
    ops, point = Operations(), start(PLANE, "1/3")
    with ops.precision(), mpmath.workdps(30):
        norms2 = [mpmath.mpf(5) / 4, mpmath.mpf(10) / 9, mpmath.mpf(9) / 4]
        total, top, least, n, d = sum(norms2), mpmath.mpf("1.5"), mpmath.mpf(1) / 6, 3, 2
        eta = mpmath.exp(-8 * total) * least**2 / (n**2 * d**2 * (1 / top + top) ** 2)
        eta = eta / 20480000 / 3
        gamma = eta * mpmath.exp(-16 * total) * least**4 / (n * d) ** 2
        gamma = gamma / (1 + top * mpmath.sqrt(n * d)) ** 4 / 5120000**2
        for tree, value in ((step.eta, eta), (step.gamma(step.eta), gamma)):
            found = evaluate(tree, ops, point, {})
            assert float(found) == pytest.approx(float(value), rel=1e-13)


@pytest.mark.parametrize("eta", [Fraction(1, 1000), Fraction(1, 2), Fraction(1), Fraction(2)])
@pytest.mark.parametrize("weights", [["1/2", "1/3", "1/6"], ["1/10", "1/10", "4/5"]])
def test_changes_of_the_loss_contain_independent_values(weights: list[str], eta: Fraction) -> None:
    mix = Mixture([["3/2"], [-1], ["1/4"]], weights)
    rows, pi = mix.means[:, 0], np.array([float(w) for w in mix.exact_weights])
    g = numeric_gradient(rows, pi)
    moved = rows - float(eta) * g
    before, after = numeric_loss(rows, pi), numeric_loss(moved, pi)
    excess = after - before + float(eta) * (g @ g)
    drop = g @ (g - numeric_gradient(moved, pi))
    grid = np.linspace(0, 1, 201)
    drops = [g @ (g - numeric_gradient(rows - s * float(eta) * g, pi)) for s in grid]
    mean = float(np.trapezoid(drops, grid))
    for rung in LADDER[:3]:
        ops = Operations(rung)
        with ops.precision():
            step_size = ops.ball(eta)
            bound = moved_state.excess_by_hessian(ops, mix, step_size)
            assert float(bound.lower()) - 1e-12 <= excess <= float(bound.upper()) + 1e-12
            for symbol, value in (
                (moved_state.DECREASE, before - after),
                (moved_state.AFTER, after),
                (moved_state.FALL, before**2 - after**2),
                (moved_state.GROWTH, 1 / after**2 - 1 / before**2),
            ):
                whole = symbol.of(ops, Point(mix), step_size)
                slack = 1e-11 * max(1, abs(value))
                assert not whole < ops.ball(value - slack) and not whole > ops.ball(value + slack)
                assert rung.evaluator != "arb" or float(whole.rad()) < 1e-12
            if rung.evaluator == "arb":
                near = moved_state.loss_excess(ops, mix, step_size)
                assert float(near) == pytest.approx(excess, abs=1e-11)
                found = moved_state.gradient_drop_at(ops, mix, step_size)
                assert float(found) == pytest.approx(drop, abs=1e-11)
                whole = moved_state.mean_gradient_drop(ops, mix, step_size)
                assert float(whole.lower()) - 1e-6 <= mean <= float(whole.upper()) + 1e-6
                if eta < 1:
                    assert float(whole.rad()) < 30 * float(eta) ** 2


def test_repeated_columns_keep_the_gram_matrix_when_moved() -> None:
    ops = Operations(LADDER[2])
    many = Mixture(np.repeat([[0.5], [-0.25]], 7, axis=1))
    line = Mixture([["0.5"], ["-0.25"]])
    with ops.precision():
        state = moved_state.moved(ops, many, ops.ball(Fraction(1, 2)))
        assert state.mixture.d < 7
        square = sum(7 * column[0] ** 2 for column in state.columns)
        assert square == ops.norms2(state.mixture)[0]
        assert ops.norms2(line)[0] * 7 == ops.norms2(many)[0]
        drop = moved_state.gradient_drop_at(ops, many, ops.ball(Fraction(1, 2)))
        assert drop > 0


def test_slips_are_refuted_at_a_pocket_witness() -> None:
    assert outcome("eq-33.2", start(ONE)) == "refuted"
    assert outcome("eq-33.2-repaired", start(ONE)) == "holds"
    assert outcome("eq-36", start(ONE)) == "refuted"
    assert outcome("eq-36-repaired", start(ONE)) == "consistent"
    assert outcome("eq-36", start(Mixture([[1], [1]]))) == "refuted"


def test_33_in_units_of_the_gradient_where_no_grid_tells_it_from_0() -> None:
    """sqrt(d) n^2 (mu_max^2 + 1) is 1.05e9 here: half of it is where the inequality turns."""
    row = ["-85/8", "0", "85/8", "255/2", "85/8", "85/8", "0", "-85/4"]
    far = start(repeated([row], [101]), "1/10")
    ops = Operations(LADDER[1])
    with ops.precision():
        assert not ops.ball(ops.gradient_norm2(far.mix)) > 0
    assert outcome("eq-33.2", far) == "refuted"
    assert outcome("eq-33.2", far, factor=Fraction(1, 10**9)) == "refuted"
    assert outcome("eq-33.2", far, factor=Fraction(4, 10**10)) == "holds"
    assert outcome("eq-33.2-repaired", far) == "holds"
    assert outcome("eq-33.2-repaired", far, half=Fraction(1001, 1000)) == "refuted"
    claim = library.get("eq-33.2")
    with ops.precision():  # with |g|^2 where it is known
        (near,) = claim.rhs(ops, start(ONE), claim.constants)
        square = ops.ball(ops.gradient_norm2(ONE))
        assert near.overlaps(evaluate(step.eta, ops, start(ONE), {}) * square / 2)


def test_case_a_needs_all_norms_equal() -> None:
    three = Mixture([[1], [0], [0]])
    assert outcome("eq-29-case-a", start(three)) == "refuted"
    assert outcome("eq-29-case-a-repaired", start(three)) == "holds"
    assert outcome("eq-29-case-a", start(Mixture([[1], [-1], [1]]))) == "holds"
    half = start(ONE, start_U=Fraction(2), start_top=Fraction(2))
    assert outcome("eq-29-case-a-repaired", half) == "holds"
    assert outcome("eq-29-case-a-repaired", half, factor=Fraction(501, 1000)) == "refuted"


def test_the_integral_is_needed_in_31() -> None:
    assert outcome("eq-31", start(ONE)) == "consistent"
    assert outcome("eq-31", start(SMALL_PLANE, "1/10")) == "consistent"
    assert outcome("eq-31", start(ONE), factor=Fraction(10**6 + 1, 10**6)) == "refuted"
    assert outcome("eq-31", start(ONE), factor=Fraction(0)) == "refuted"


def test_31_in_planes_that_take_hundreds_of_bits() -> None:
    tiny = Mixture([["3/200000000"] * 3 + [-3], ["-3/800000000"] * 2 + ["-1/200000000", -3],
                    ["-3/200000000"] * 3 + [-3]], ["1/2", "1/3", "1/6"])  # fmt: skip
    small = Mixture([["-1/400", "-1/150", 1], ["-3/200", "1/25", 1], ["1/200", "1/300", 1]])
    for mix in (tiny, small):
        for factor, found in ((1, "consistent"), (Fraction(10**8 + 1, 10**8), "refuted")):
            assert outcome("eq-31", start(mix), factor=Fraction(factor)) == found


TIGHT = [
    ("eq-31prime.2", start(Mixture([[1], [-1]])), {"factor": Fraction(999, 1000)}),
    ("eq-31prime.3", start(Mixture([[1], [-1]])), {"factor": Fraction(999, 1000)}),
    ("eq-38-sharpened", Point(LEVER), {"factor": Fraction(999, 1000)}),
    ("eq-32-sharpened", Point(LEVER, {"eta": Fraction(1, 10), "s": Fraction(1)}),
     {"factor": Fraction(999, 1000)}),
    ("eq-33.2-sharpened", Point(LEVER, {"eta": Fraction(1)}), {"half": Fraction(501, 1000)}),
    ("eq-33.2-repaired", start(ONE), {"half": Fraction(1001, 1000)}),
    ("eq-36-repaired", start(ONE), {"cross": Fraction(2001, 1000)}),
    ("eq-29", start(ONE), {"kept": Fraction(999, 1000)}),
]  # fmt: skip


@pytest.mark.parametrize(("claim_id", "point", "shaved"), TIGHT)
def test_tight_steps_are_refuted_when_shaved(
    claim_id: str, point: Point, shaved: dict[str, Fraction]
) -> None:
    assert outcome(claim_id, point) in ("holds", "consistent")
    assert outcome(claim_id, point, **shaved) == "refuted"


LOOSE = [
    ("theorem-2", start(ONE, t=1), "factor"),
    ("theorem-2-sharpened", Point(ONE, {"eta": Fraction(1, 100), "t": 1}), "factor"),
    ("eq-30", start(ONE), "factor"),
    ("eq-30-sharpened", Point(ONE, {"eta": Fraction(1, 4)}), "factor"),
    ("eq-34", start(ONE), "factor"),
    ("eq-34-sharpened", Point(ONE), "square"),
    ("eq-35", start(ONE), "factor"),
    ("eq-37", start(ONE), "factor"),
    ("eq-38", start(ONE), "factor"),
]


@pytest.mark.parametrize(("claim_id", "point", "name"), LOOSE)
def test_loose_steps_are_refuted_with_a_constant_far_too_good(
    claim_id: str, point: Point, name: str
) -> None:
    assert outcome(claim_id, point) == "holds"
    better = Fraction(1, 10**60) if claim_id == "eq-38" else Fraction(10**60)
    assert outcome(claim_id, point, **{name: better}) == "refuted"


def test_32_is_refuted_with_a_constant_far_too_good() -> None:
    point = start(ONE, s=Fraction(1))
    assert outcome("eq-32", point) == "holds"
    assert outcome("eq-32", point, factor=Fraction(1, 1000)) == "refuted"
    assert outcome("eq-33.1-sharpened", start(ONE)) == "holds"
    assert outcome("eq-33.1-sharpened", start(ONE), factor=Fraction(1, 1000)) == "refuted"


def test_domains_are_the_printed_ones() -> None:
    zero = Mixture([[0], [0]])
    for claim_id in ("eq-29", "eq-34", "eq-37"):
        assert outcome(claim_id, start(zero)) == "outside"
        assert outcome(claim_id, start(ONE, "1000001/1000000")) == "outside"
        assert outcome(claim_id, start(ONE, 0)) == "outside"
        one = Fraction(1)
        assert outcome(claim_id, start(ONE, start_U=one, start_top=one)) == "holds"
        assert outcome(claim_id, start(ONE, start_U=one, start_top=one / 2)) == "holds"
        assert outcome(claim_id, start(ONE, start_U=one / 2, start_top=one / 2)) == "outside"
        assert outcome(claim_id, start(ONE, start_U=one, start_top=one / 3)) == "outside"
        assert outcome(claim_id, start(zero, start_U=one, start_top=one)) == "holds"
    assert outcome("theorem-2", start(ONE, t=0)) == "outside"
    assert outcome("theorem-2-sharpened", Point(ONE, {"eta": Fraction(2), "t": 1})) == "outside"
    assert outcome("eq-29-sharpened", Point(ONE, {"eta": Fraction(2)})) == "holds"
    assert outcome("eq-29-sharpened", Point(ONE, {"eta": Fraction(21, 10)})) == "outside"


def test_a_trajectory_obeys_the_shorter_proof() -> None:
    """300 steps from rounded states: U falls, 1/L^2 grows, and L is below the bound."""
    rows, pi, eta = np.array([[1.5], [-1.0], [0.25]]), [0.5, 0.25, 0.25], 1.0
    first = Mixture(rows, pi)
    gamma = 8 * eta * 0.25 * math.exp(-float((rows**2).sum())) / 4**2
    ops = Operations(LADDER[1])
    before = math.inf
    for t in range(300):
        mix = Mixture(rows, pi)
        loss, total = gb.loss(mix), float((rows**2).sum())
        assert total <= before
        before = total
        if t:
            assert loss.upper <= 1 / math.sqrt(gamma * t)
        if t in (1, 10, 299):
            point = Point(first, {"eta": Fraction(1), "t": t})
            with ops.precision():
                (whole,) = library.get("theorem-2-sharpened").lhs(ops, point, {})
                assert whole.lower() <= float(loss.upper) and float(loss.lower) <= whole.upper()
        rows = rows - eta * gb.gradient(mix).mid
    assert before < 0.5


@pytest.mark.parametrize(
    "claims", alike(map(library.get, CLAIMS), drawing), ids=lambda claims: claims[0].id
)
def test_generators_lead_to_decisions(claims: list[Claim]) -> None:
    """Claims that share their points together."""
    for found in search_all(claims, 25, 7):
        assert found.outcomes["outside"] == 0
        assert found.decided >= 23


FAR = [
    Mixture([[-8, 1000], [-6, 1000], [-8, 1000]], ["1/3", "1/3", "1/3"]),
    Mixture([["-1/50", 992], ["-1/25", 992]], [Fraction(1, 10**11), 1 - Fraction(1, 10**11)]),
    Mixture([[0, 100], ["-1/2", 100], [-30, 100]],
            [1 - 2 * Fraction(1, 10**24), Fraction(1, 10**24), Fraction(1, 10**24)]),
    Mixture([[500], [-500]]),  # a tie of both gradients
]  # fmt: skip


@pytest.mark.parametrize("mix", FAR, ids=["thirds", "light", "lighter", "tie"])
def test_32_sharpened_where_the_moved_means_are_out_of_reach(mix: Mixture) -> None:
    point = Point(mix, {"eta": Fraction(7, 8), "s": Fraction(13, 16)})
    decision = decide(library.get("eq-32-sharpened"), point)
    assert decision.outcome == "holds" and decision.rung.evaluator == "arb"
    ops = Operations(LADDER[1])
    claim = library.get("eq-32-sharpened")
    with ops.precision():
        factor = ops.ball(Fraction(7 * 13, 8 * 16))
        # only a tie of both gradients brings the moved means back into reach
        assert gradient_drop.out_of_reach(ops, mix, factor) is (mix is not FAR[-1])
        whole = factor * ops.gradient_norm2(mix)
        (right,) = claim.rhs(ops, point, claim.constants)
        heaviest = factor * ops.maximum(ops.gradient_norms2(mix))
        assert (whole - right - heaviest).contains(0)  # the right side lost the largest |g_i|^2
        (shaved,) = claim.rhs(ops, point, {"factor": Fraction(999, 1000)})
        assert (ops.ball(Fraction(999, 1000)) * whole - shaved - heaviest).contains(0)
        # the left side contains what is left of the direct one
        (left,) = claim.lhs(ops, point, claim.constants)
        assert (left + heaviest).overlaps(moved_state.gradient_drop_at(ops, mix, factor))


def test_in_reach_is_what_the_grid_says() -> None:
    ops = Operations(LADDER[1])
    with ops.precision():
        for mix, fits in ((PLANE, True), (FAR[0], True), (Mixture([[0], [900]]), False)):
            assert ops.in_reach(mix) is fits
            ops.overlaps(mix)
            assert ops.cut is not fits
    assert not Operations(LADDER[0]).in_reach(PLANE)
