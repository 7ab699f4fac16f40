"""The steps of Lemma 11: evaluated right, refuted where false, tight where they are tight."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.claims import lemma_11_steps
from gembounds.points.point import Point, repeated
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.evaluate import evaluate
from gembounds.statements.operations import LADDER, Operations
from gembounds.values.balls import float_ends

ONES = Mixture([[1], [1]])
PAIR = Mixture([[1], [-1]])
PAIR_IN_R2 = Mixture([[1, 0], [-1, 0]])
THREE = Mixture([[2, 0], ["-1/2", 1], [0, "1/3"]], ["1/2", "1/3", "1/6"])
MILLION = repeated([["1/2", "-1/4", 0], [1, 1, 1]], [1, 10**6 - 1])
SMALL = Mixture([["1/100000000", 0], [0, "1/100000000"]])
SHAVED = Fraction(999, 1000)
GROWN = 1 / SHAVED

ON_MIXTURES = (
    "eq-6-repaired", "eq-23a.2", "eq-23a.3", "eq-24a", "eq-24b", "eq-24c", "eq-26b", "eq-27",
    "eq-28.1", "eq-28.2",
)  # fmt: skip


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def sides(claim_id: str, point: Point, rung: int = 2) -> tuple[list[Any], list[Any]]:
    claim = library.get(claim_id)
    ops = Operations(LADDER[rung])
    with ops.precision():
        left, right = (side(ops, point, claim.constants) for side in (claim.lhs, claim.rhs))
    return left, right


def near(found: Any, value: Any, width: float = 1e-6) -> bool:
    ends = (float(found),) * 2 if isinstance(found, Fraction) else float_ends(found)
    return all(abs(x - float(value)) <= width * abs(float(value)) for x in ends)


def test_equation_6_is_refuted_by_exact_numbers() -> None:
    decision = decide(library.get("eq-6"), Point(ONES))
    assert decision.outcome == "refuted"
    assert decision.pairs == ((1, 0),)
    assert outcome("eq-6", Point(PAIR)) == "consistent"
    assert outcome("eq-6", Point(PAIR_IN_R2)) == "refuted"
    assert outcome("eq-6-repaired", Point(ONES)) == "holds"


@pytest.mark.parametrize("claim_id", ON_MIXTURES)
@pytest.mark.parametrize("mix", [ONES, PAIR, PAIR_IN_R2, THREE, MILLION, SMALL])
def test_inequalities_hold(claim_id: str, mix: Mixture) -> None:
    assert outcome(claim_id, Point(mix)) == "holds"


@pytest.mark.parametrize("claim_id", ["eq-23a.1", "eq-28.3"])
@pytest.mark.parametrize("mix", [ONES, PAIR, THREE, MILLION])
def test_equalities_are_consistent(claim_id: str, mix: Mixture) -> None:
    assert outcome(claim_id, Point(mix)) == "consistent"


def test_equalities_are_refuted_with_a_wrong_constant() -> None:
    place = Point(THREE, {"x": (Fraction(1), Fraction(-2))})
    assert outcome("eq-5", place) == "consistent"
    assert outcome("eq-5", place, half=GROWN / 2) == "refuted"
    assert outcome("eq-22", place, half=SHAVED / 2) == "refuted"


def test_attained_where_the_mixture_is_odd_or_on_a_line() -> None:
    for claim_id, mix, constants in (
        ("eq-6-repaired", PAIR, {"quarter": GROWN / 4}),
        ("eq-23a.2", PAIR_IN_R2, {"quarter": GROWN / 4}),
        ("eq-23a.3", Mixture([[1], [3]]), {"quarter": GROWN / 4}),
        ("eq-24a", PAIR, {"factor": GROWN / 16}),
    ):
        assert outcome(claim_id, Point(mix)) == "holds"
        assert outcome(claim_id, Point(mix), **constants) == "refuted"


def test_tight_in_the_limits() -> None:
    """Equal in the limit: close means in (24b), long means on a line in (24c), small t in (28)."""
    far, close = Point(Mixture([[1000], [0]])), Point(SMALL)
    assert outcome("eq-24b", close, denominator=64 * SHAVED) == "refuted"
    assert outcome("eq-24c", far, denominator=64 * SHAVED) == "refuted"
    assert outcome("eq-28.2", close, probability=50 * SHAVED) == "refuted"
    nought = Point(parameters={"t": Fraction(0)})
    assert outcome("eq-28.4", nought) == "holds"
    assert outcome("eq-28.4", nought, one=SHAVED) == "refuted"
    assert outcome("eq-28.4", Point(parameters={"t": Fraction(-1)})) == "outside"


def test_loose_constants_are_refuted_beyond_their_room() -> None:
    room = Point(Mixture([[1], [0]]))  # E(1 - exp(-4|x|)) over its bound is 46.8
    assert outcome("eq-26b", room, probability=Fraction(2)) == "holds"
    assert outcome("eq-26b", room, probability=Fraction(1)) == "refuted"
    assert outcome("eq-27", room, probability=Fraction(1)) == "refuted"
    assert outcome("eq-28.1", room, probability=Fraction(1)) == "refuted"


def test_expectations_over_the_norm_against_mpmath() -> None:
    """m = 2, d = 3, chi density sqrt(2/pi) r^2 exp(-r^2/2)."""
    point = Point(Mixture([[2, 0, 0], [0, 1, 0]], ["1/3", "2/3"]))

    def expectation(f: Any) -> Any:
        density = mpmath.sqrt(2 / mpmath.pi)
        return mpmath.quad(lambda r: f(r) * density * r**2 * mpmath.exp(-r * r / 2), [0, 1, 4, 12])

    mean = expectation(lambda r: (1 - mpmath.exp(-8 * r)) / 2)
    square = expectation(lambda r: ((1 - mpmath.exp(-8 * r)) / 2) ** 2)
    assert near(sides("eq-26b", point)[0][0], mean)
    assert near(sides("eq-27", point)[0][1], 5 * mean / 3)  # i = 1, k = 2
    # A = (4/9) v v^T, v = (2, -1, 0): E(xbar^T A xbar)^2 = 3 (20/9)^2 / 15
    scale = mpmath.exp(-40) / 64
    assert near(sides("eq-24c", point)[0][0], scale * square * 3 * mpmath.mpf(20) ** 2 / 81 / 15)
    assert near(sides("eq-24c", point)[1][0], scale * (mean * mpmath.mpf(20) / 27) ** 2)


def test_equation_25_for_any_vector() -> None:
    for v in ((1, -2), (0, 0), (7, "1/3")):
        point = Point(THREE, {"v": tuple(Fraction(x) for x in v)})
        assert outcome("eq-25.1", point) == "consistent"
        assert outcome("eq-25.2", point) == "consistent"
    between = Point(MILLION, {"i": 0, "j": 1})
    assert outcome("eq-25.1", between) == "consistent"
    assert near(sides("eq-25.2", between)[0][0], Fraction(9, 16) / 10**6)
    assert outcome("eq-25.2", Point(THREE, {"v": (Fraction(1),)})) == "outside"


def test_pointwise_sides_against_mpmath() -> None:
    x = (Fraction(1, 2), Fraction(-3))
    point = Point(THREE, {"x": x})

    def mean(a: Any, b: Any) -> list[Any]:
        rows = [[mpmath.mpf(v.numerator) / v.denominator for v in r] for r in THREE.exact_means]
        terms = [
            float(w) * mpmath.exp(-((a - r[0]) ** 2 + (b - r[1]) ** 2) / 2)
            for w, r in zip(THREE.exact_weights, rows, strict=True)
        ]
        total = sum(terms)
        return [sum(t * r[k] for t, r in zip(terms, rows, strict=True)) / total for k in (0, 1)]

    derivative = [
        mpmath.diff(lambda a, b, k=k: mean(a, b)[k], (0.5, -3), order)
        for k in (0, 1)
        for order in ((1, 0), (0, 1))
    ]
    for side in sides("eq-5", point):
        assert all(near(f, v) for f, v in zip(side, derivative, strict=True))
    ahead, behind = mean(0.5, -3), mean(-0.5, 3)
    odd = ((ahead[0] - behind[0]) * 0.5 - (ahead[1] - behind[1]) * 3) / mpmath.sqrt(9.25)
    for side in sides("eq-23b", point):
        assert near(side[0], odd)
    assert outcome("eq-23b", point) == "consistent"
    zero = Point(THREE, {"x": (Fraction(0), Fraction(0))})
    assert outcome("eq-23b", zero) == "outside"
    assert outcome("eq-5", zero) == "consistent"


@pytest.mark.parametrize("claim_id", ["eq-23a.2", "eq-24b", "eq-25.1", "eq-5", "eq-23b"])
def test_generators_reach_the_corners(claim_id: str) -> None:
    claim = library.get(claim_id)
    seen: set[str] = set()

    def look(point: Point) -> None:
        ops = Operations()
        with ops.precision():
            assert claim.inside(ops, point) is True
        mix = point.mix
        top = ops.mu_max2(mix)
        seen.update(
            name
            for name, here in (
                ("coincident", ops.coincident(mix)),
                ("zero", top == 0),
                ("long", top >= 10**4),
                ("short", 0 < top < Fraction(1, 10**12)),
                ("rare", min(mix.exact_weights) < Fraction(1, 10**100)),
                ("d=1", mix.d == 1),
                ("large d", mix.d > 10**4),
            )
            if here
        )

    wanted = {"coincident", "zero", "long", "short", "rare", "d=1"}
    if claim_id in ("eq-23a.2", "eq-24b", "eq-25.1"):
        wanted.add("large d")
    for key in range(6):  # of 40 points, as `check` draws them, until all is seen
        if not wanted <= seen:
            draw(claim, 40, key, look)
    assert wanted <= seen


def test_24b_between_bounds_that_no_ball_has_both_of() -> None:
    mix = Mixture([[0, 50, 50], [4, 50, 50], [-32, 50, 50], [32, 50, 50]],
                  [1 - 3 * Fraction(1, 10**90), *[Fraction(1, 10**90)] * 3])  # fmt: skip
    claim, ops = library.get("eq-24b"), Operations(LADDER[0])
    point = Point(mix)
    assert decide(claim, point, LADDER[:1]).outcome == "holds"
    with ops.precision():
        low, high, apart = lemma_11_steps.coarse_ends(ops, mix)
        assert apart and 0 < low < high
        ((left, rest),) = claim.pairs(ops, point)
        assert left >= 0 and (left + low).overlaps(low.union(high))
        right = evaluate(claim.relation.rhs, ops, point, claim.constants)
        assert (rest + low - right).contains(0)
    far_too_good = claim.with_constants(denominator=Fraction(1, 10**320000))
    assert decide(far_too_good, point, LADDER[:1]).outcome != "holds"
