"""The proofs on record: against points, by other means, and that none is missing."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from gembounds.dynamics.pair.force import pair_force
from gembounds.evaluators.balls.radial import ball
from gembounds.papers.xu_fazel_du_2024.arithmetic import best_radial as radial
from gembounds.papers.xu_fazel_du_2024.claims.theorem_2_descent import largest_step
from gembounds.papers.xu_fazel_du_2024.claims.theorem_7 import first_force
from gembounds.points.point import Point
from gembounds.referee.tightness import run
from gembounds.referee.tightness.critical import with_sense
from gembounds.referee.tightness.seek import drawn_points
from gembounds.statements import library
from gembounds.statements.best import Best, Family, Proof
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.drawing import drawing
from gembounds.statements.operations import Operations
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision

CLOSE = Fraction(1, 100)

KNOWN: dict[tuple[str, str], Best] = {
    (claim.id, name): best for claim in library.select() for name, best in claim.best.items()
}
PROOFS: dict[tuple[str, str], Proof] = {k: b.proof for k, b in KNOWN.items() if b.proof}
FAMILIES: dict[tuple[str, str], Family] = {k: b.family for k, b in KNOWN.items() if b.family}

BY_WITNESS = {
    ("eq-15-repaired", "factor"),
    ("eq-16-repaired", "factor"),
    ("eq-26a-sharpened", "radius"),
    ("lemma-11-sharpened-excess", "reach"),
}
"""Constants of a proved form to which a witness comes close with no more argument."""


DRAWN: dict[Any, list[Point]] = {}


def drawn(claim: Claim) -> list[Point]:
    """Points of a claim, and of all that share them: what is evaluated there is kept with them."""
    key = drawing(claim), claim.cost
    if key not in DRAWN:
        DRAWN[key] = drawn_points(claim, max(6, round(8 / claim.cost)), 5)
    return DRAWN[key]


@pytest.mark.parametrize(("claim", "name"), PROOFS)
def test_what_is_proved_is_nowhere_refuted(claim: str, name: str) -> None:
    """At drawn points and those of the constant's family, with the constant at the proved value
    rounded to the weaker side."""
    record = library.get(claim)
    points = list(drawn(record))
    if (claim, name) in FAMILIES:
        points += [point for _, point in FAMILIES[claim, name].points(True)]
    acting = with_sense(record, name, points)
    if acting is None:
        raise InputError(f"{claim}: {name} acts at none of the points: draw others")
    value = PROOFS[claim, name].value()
    if not isinstance(value, Fraction):
        value = Fraction(float(value.mid())) * (1 - acting.sense * Fraction(1, 10**9))
    moved = record.with_constants(**{name: value})
    outcomes = {decide(moved, point).outcome for point in points}
    assert "refuted" not in outcomes
    assert "holds" in outcomes


@pytest.mark.parametrize(("claim", "name"), FAMILIES)
def test_families_are_in_the_domain(claim: str, name: str) -> None:
    record, ops = library.get(claim), Operations()
    assert name in record.constants
    with ops.precision():
        for _, point in FAMILIES[claim, name].points(True):
            assert record.inside(ops, point) is True


def test_every_gap_has_a_sentence() -> None:
    for claim in run.chosen(()):
        for name in claim.constants:
            proof, key = PROOFS.get((claim.id, name)), (claim.id, name)
            closed = proof is not None and proof.sharp
            if proof is not None and proof.limit is not None:
                with working_precision(96):
                    gap = abs(ball(proof.value()) - ball(proof.limit))
                    closed = gap <= ball(CLOSE) * ball(proof.value())
            note = KNOWN.get(key, Best()).note
            assert closed or note or key in BY_WITNESS, key


def test_what_is_known_is_told_in_sentences_and_names_an_argument() -> None:
    assert len(PROOFS) > 100 and len(FAMILIES) > 50
    for key, best in KNOWN.items():
        assert best.note is None or best.note.endswith("."), key
    for key, proof in PROOFS.items():
        assert proof.where and not (proof.sharp and proof.limit is not None), key
        assert proof.attained is None or proof.sharp, key


def test_the_place_of_a_proof_is_a_claim_or_a_sentence() -> None:
    ids = set(library.collection("xu-fazel-du-2024"))
    for key, proof in PROOFS.items():
        for word in re.findall(r"\b(?:eq|lemma|theorem|fact|corollary)-[\w.-]*\w", proof.where):
            assert word in ids or any(k.startswith(f"{word}.") for k in ids), key


def tail_mean(c: mpmath.mpf, lowest: int, d: int) -> mpmath.mpf:
    """E[|x| exp(c |x|); |x| >= lowest] in d dimensions."""

    def density(r: mpmath.mpf) -> mpmath.mpf:
        return r ** (d - 1) * mpmath.exp(-r * r / 2)

    total = mpmath.quad(density, [0, 2, 6, 30])
    return mpmath.quad(lambda r: r * mpmath.exp(c * r) * density(r), [lowest, 2, 6, 30]) / total


def test_constants_of_10d_and_11a_by_quadrature() -> None:
    shrinks = {}
    for d in (1, 2, 4, 5, 6, 9):
        share = tail_mean(mpmath.mpf(0), 0, d) / tail_mean(mpmath.mpf(1) / (3 * d), 1, d)
        shrinks[d] = float(1 / (d * (1 - share ** (mpmath.mpf(1) / (d + 1)))))
    best, d = radial.outside_shrink()
    assert d == 5 == min(shrinks, key=lambda d: shrinks[d])
    assert float(best.mid()) == pytest.approx(shrinks[5], rel=1e-12)
    third = mpmath.mpf(1) / 3
    best, d = radial.whole_factor()
    assert d == 1
    first = mpmath.exp(third) / mpmath.sqrt(2 * mpmath.pi)  # V_1 = 2, and the right side has 1
    assert float(best.mid()) == pytest.approx(float(first + tail_mean(third, 1, 1)), rel=1e-12)


def test_the_share_of_26b_contains_a_fine_maximum() -> None:
    def share(s: float) -> float:
        inner = float(mpmath.exp(8 * s * s) * mpmath.erfc(4 * s / mpmath.sqrt(2)))
        return -math.expm1(-2 * s) / (1 - inner)

    found = radial.inner_share()
    most = max(share(k / 1000) for k in range(1, 4000))
    assert float(found.lower()) <= most <= float(found.upper())
    assert float(found.upper()) < 1.002 * most


def test_the_force_of_theorem_7_at_its_start() -> None:
    with working_precision(96):
        first = pair_force(ball(12), 3, 64, 2**14) * ball(1).exp()
        found = first_force()
        assert first.overlaps(found)
        assert float(found.rad()) < 1e-3 * float(found.mid())


def test_the_largest_step_is_a_maximum() -> None:
    def step(x: float) -> float:
        return x * math.exp(-8 * x) / (4 * (1 + x)) / 20480000

    with working_precision(96):
        found = float(largest_step().mid())
    assert found == pytest.approx(max(step(k / 10000) for k in range(1, 10000)), rel=1e-6)


def test_more_steps_of_the_trap_go_further_so_that_the_force_of_41_is_not_attained() -> None:
    def way(steps: int) -> Any:
        """How far mu_1 falls in ``steps`` steps that take Theorem 7's whole time, at d = 1."""
        total, place = ball(1).exp() / 30, ball(12)
        for _ in range(steps):
            place -= total / steps * pair_force(place, 3, 128, 2**14)
        return 12 - place

    with working_precision(160):
        ways = [way(k) for k in (1, 2, 4)]
        assert ways[0] < ways[1] < ways[2]
    assert PROOFS["eq-41", "factor"].attained is PROOFS["eq-41prime", "factor"].attained is False
