"""Lemma 15 and its steps: fixed witnesses, both sides against mpmath, bounds shaved."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.arithmetic.conditional import conditional_posteriors
from gembounds.papers.xu_fazel_du_2024.arithmetic.domination import (
    overlap_ranges,
    posterior_ceilings,
    posteriors_within,
)
from gembounds.points.point import Point, repeated
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations
from gembounds.tools.errors import RankError

IDS = ["lemma-15", "eq-39", "eq-39a", "eq-39b", "lemma-15-repaired", "eq-39a-repaired",
       "eq-39b-repaired"]  # fmt: skip
CLOSE = mp.mpf(10) ** -10


def get(claim_id: str) -> Claim:
    return library.get(claim_id)


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(get(claim_id).with_constants(**constants), point).outcome


def blocks(entries: list[Any], d: int, weights: Any = None, **parameters: Any) -> Point:
    return Point(repeated([entries], [d], weights), parameters)


def line(weights: Any) -> Mixture:
    return Mixture([[10], [-11], [1]], weights)


def mp_posteriors(mix: Mixture, y: Any) -> list[Any]:
    w = [mp.mpf(x.numerator) / x.denominator for x in mix.exact_weights]
    u = [mp.mpf(row[0].numerator) / row[0].denominator for row in mix.exact_means]
    terms = [a * mp.exp(b * y - b * b / 2) for a, b in zip(w, u, strict=True)]
    return [t / mp.fsum(terms) for t in terms]


def test_an_empty_range_of_near_means_is_not_read_into_the_lemma() -> None:
    for claim_id in ("lemma-15", "eq-39b", "eq-39"):
        assert outcome(claim_id, blocks([10, 10], 3)) == "outside"


def test_where_the_near_mean_is_too_light_is_known_within_a_factor_of_ten() -> None:
    # grad_1 is nearly |mu_1| = 10 sqrt(2) where the near mean loses, the bound 40 sqrt(2) exp(-2)
    for exponent, found in ((44, "holds"), (45, "refuted")):
        e = Fraction(1, 10**exponent)
        assert outcome("lemma-15", blocks([10, 10, 0], 2, [1 - 2 * e, e, e])) == found


def test_three_means_refute_them_when_the_near_one_weighs_nothing() -> None:
    light = [Fraction(1, 2) - Fraction(1, 2 * 10**80)] * 2 + [Fraction(1, 10**80)]
    for d in (1, 3):
        point = blocks([10, 10, 0], d, light, x=(Fraction(2),) * d)
        assert outcome("eq-39a", point) == "refuted"
        assert outcome("eq-39b", point) == "refuted"
        assert outcome("lemma-15-repaired", point) == "outside"
    assert outcome("lemma-15", blocks([10, 10, 0], 3, light)) == "refuted"


@pytest.mark.parametrize("claim_id", IDS)
def test_generators_reach_the_ends_of_the_domain(claim_id: str) -> None:
    seen: list[Point] = []
    claim = get(claim_id)
    draw(claim, 60, 3, seen.append)
    ops = Operations(LADDER[1])
    with ops.precision():
        assert all(claim.inside(ops, p) is True for p in seen)
        near = [ops.norms2(p.mix)[2:] for p in seen]
        far = [ops.norms2(p.mix)[:2] for p in seen]
    assert any(min(x) == 100 * p.mix.d for x, p in zip(far, seen, strict=True))
    assert any(x and max(x) == p.mix.d for x, p in zip(near, seen, strict=True))
    assert min(p.mix.n for p in seen) == 3 and max(p.mix.n for p in seen) > 3
    if "x" in seen[0].parameters:
        assert any(sum(v * v for v in p["x"]) == 4 * p.mix.d for p in seen)
    else:
        assert max(p.mix.d for p in seen) >= 10**3


def test_the_domain_is_the_printed_one() -> None:
    inside = blocks([10, -10, 1], 2, x=(Fraction(2), Fraction(2)))
    assert outcome("eq-39a", inside) == "holds"
    over = Fraction(1, 10**40)
    assert outcome("eq-39a", blocks([10, -10], 2, x=(Fraction(2), Fraction(2)))) == "outside"
    for entries in ([10 - over, 10, 1], [10, 10, 1 + over]):
        assert outcome("lemma-15", blocks(entries, 2)) == "outside"
    beyond = blocks([10, -10, 1], 2, x=(Fraction(2), 2 + over))
    assert outcome("eq-39a", beyond) == "outside"


@pytest.mark.parametrize("weights", [None, ["1/3", "2/3", "1e-12"], ["1", "1e-9", "1e-15"]])
def test_gradients_and_bound_against_mpmath(weights: Any) -> None:
    if weights is not None:
        total = sum(map(Fraction, weights))
        weights = [Fraction(x) / total for x in weights]
    point = Point(line(weights))
    found = decide(get("lemma-15"), point, LADDER[2:3]).pairs
    means = [mp.mpf(10), mp.mpf(-11), mp.mpf(1)]
    with mp.workdps(20):
        for i, (left, right) in enumerate(found):

            def integrand(y: Any, i: int = i) -> Any:
                psi = mp_posteriors(point.mix, y)
                mean = mp.fsum(p * m for p, m in zip(psi, means, strict=True))
                return psi[i] * mean * mp.npdf(y)

            expected = abs(mp.quad(integrand, mp.linspace(-12, 12, 73), maxdegree=4))
            assert abs(mp.mpf(left.mid().str(30, radius=False)) / expected - 1) < CLOSE
            bound = 2 + 2 * mp.exp(-1) * 21
            assert abs(mp.mpf(right.mid().str(30, radius=False)) / bound - 1) < CLOSE


@pytest.mark.parametrize("d", [1, 3])
def test_conditional_posteriors_against_mpmath(d: int) -> None:
    # in d dimensions the means are along one axis, and x is inside a ball of radius 2 sqrt(d)
    weights = [Fraction(1, 2), Fraction(1, 2) - Fraction(1, 10**9), Fraction(1, 10**9)]
    mix = Mixture([[10, *[0] * (d - 1)], [-11, *[0] * (d - 1)], [1, *[0] * (d - 1)]], weights)
    ops = Operations(LADDER[1])
    with mp.workdps(25), ops.precision():
        radius = ops.sqrt(4 * d)
        found = conditional_posteriors(mix, radius, 500)
        within = posteriors_within(mix.exact_weights, ops.gram(mix), radius)
        r = 2 * mp.sqrt(d)

        def law(square: Any) -> Any:
            return 1 if d == 1 else 1 - mp.exp(-square / 2)  # chi^2 with 2 degrees

        def mass(f: Any) -> Any:
            def integrand(y: Any) -> Any:
                return f(y) * mp.npdf(y) * law(max(r * r - y * y, mp.mpf(0)))

            return mp.quad(integrand, mp.linspace(-r, r, 61), maxdegree=5)

        whole = mass(lambda y: mp.mpf(1))
        for i, (ends, outer) in enumerate(zip(found, within, strict=True)):
            expected = mass(lambda y, i=i: mp_posteriors(mix, y)[i]) / whole
            low, high, other_low, other_high = (mp.mpf(str(float(x.mid()))) for x in ends)
            assert low <= expected <= high
            assert other_low <= 1 - expected <= other_high
            assert high < 1.5 * low or high < 1e-15
            assert outer.least < ends.most
            assert ends.least < outer.most


def test_cells_are_for_lines_and_planes() -> None:
    mix = Mixture([[10, 0, 0], [0, 10, 0], [0, 0, 1], [0, 0, 0]])
    with Operations(LADDER[1]).precision(), pytest.raises(RankError):
        conditional_posteriors(mix, Operations().sqrt(12), 4)


@pytest.mark.parametrize("weights", [None, ["1/8", "3/4", "1/8"]])
def test_bounds_without_a_grid_contain_the_overlaps(weights: Any) -> None:
    for means in ([[3], [-2], [0]], [[10], [-11], [1]], [[1], [1], [0]], [[9], [9], [1]]):
        mix = Mixture(means, weights)
        ops = Operations(LADDER[1])
        with ops.precision():
            ranges = overlap_ranges(posterior_ceilings(mix.exact_weights, ops.gram(mix)))
            for row, wide in zip(ops.overlaps(mix), ranges, strict=True):
                assert all(b.contains(a) for a, b in zip(row, wide, strict=True))


def test_shaved_repairs_are_refuted() -> None:
    point = blocks([10, -10, 1], 20)
    assert outcome("lemma-15-repaired", point) == "holds"
    assert outcome("lemma-15-repaired", point, near=Fraction(1001, 1000)) == "holds"
    assert outcome("lemma-15-repaired", point, near=Fraction(999, 1000)) == "refuted"
    heavy = [Fraction(1199, 1300), Fraction(1, 1300), Fraction(100, 1300)]  # 11.99 < exp(5/2)
    far = blocks([10, -10, -1], 1, heavy, x=(Fraction(2),))
    assert outcome("eq-39a-repaired", far) == "holds"
    assert outcome("eq-39a-repaired", far, rate=Fraction(251, 10)) == "refuted"
    assert outcome("eq-39b-repaired", blocks([10, -10, 0], 1)) == "holds"
    assert outcome("eq-39b-repaired", blocks([10, -10, 0], 1), rate=Fraction(60)) == "refuted"


def test_a_million_dimensions_cost_nothing() -> None:
    point = blocks([12, -12, 0, "1/2"], 10**6)
    for claim_id in ("lemma-15", "eq-39b-repaired"):
        assert outcome(claim_id, point) == "holds"


def test_a_wrong_gradient_does_not_pass_39(monkeypatch: pytest.MonkeyPatch) -> None:
    from gembounds.papers.xu_fazel_du_2024.claims.lemma_15 import norm_of_combination as right

    steps = "gembounds.papers.xu_fazel_du_2024.claims.lemma_15_steps.norm_of_combination"
    point = blocks([10, -11, 1], 1)
    assert outcome("eq-39", point) == "holds"
    monkeypatch.setattr(steps, lambda *a: 3 * right(*a))
    with pytest.raises(ValueError, match="empty intersection"):
        outcome("eq-39", point)
