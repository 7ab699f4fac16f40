"""Theorem 13 and its steps: fixed witnesses, both sides against mpmath, constants shaved."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.arithmetic.moved import expected_changes
from gembounds.papers.xu_fazel_du_2024.claims import theorem_13
from gembounds.papers.xu_fazel_du_2024.ensembles import MOVED
from gembounds.points.point import Point
from gembounds.referee.search import alike, draw, search_all
from gembounds.statements import library
from gembounds.statements.claim import Claim, sides
from gembounds.statements.decide import decide
from gembounds.statements.drawing import drawing
from gembounds.statements.evaluate import evaluate
from gembounds.statements.logs import BatchOperations
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.printing import printed

STATEMENTS = ["theorem-13", "theorem-13-repaired", "eq-15prime", "eq-15", "eq-16", "eq-17a",
              "eq-17b", "eq-17b-repaired", "eq-18a", "eq-18b", "eq-19"]  # fmt: skip


def at(means: list[Any], delta: list[Any], weights: Any = None, x: Any = None) -> Point:
    """Means and displacements on a line."""
    parameters: dict[str, Any] = {"delta": tuple((Fraction(v),) for v in delta)}
    if x is not None:
        parameters["x"] = (Fraction(x),)
    return Point(Mixture([[m] for m in means], weights), parameters)


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def number(side: Any) -> Any:
    if isinstance(side, Fraction):
        return mp.mpf(side.numerator) / side.denominator
    return mp.mpf(side.mid().str(30, radius=False))


class Line:
    """The definitions in one dimension, by quadrature."""

    def __init__(self, point: Point) -> None:
        self.weights = [number(w) for w in point.mix.exact_weights]
        self.before = [number(row[0]) for row in point.mix.exact_means]
        moved = [m + number(v[0]) for m, v in zip(self.before, point["delta"], strict=True)]
        self.after = moved

    def psi(self, means: list[Any], x: Any) -> list[Any]:
        terms = [w * mp.exp(-((x - m) ** 2) / 2) for w, m in zip(self.weights, means, strict=True)]
        return [t / mp.fsum(terms) for t in terms]

    def gradient(self, means: list[Any], i: int) -> Any:
        def integrand(x: Any) -> Any:
            psi = self.psi(means, x)
            return psi[i] * mp.fsum(p * m for p, m in zip(psi, means, strict=True)) * mp.npdf(x)

        return mp.quad(integrand, mp.linspace(-9, 9, 37), maxdegree=4)

    def change(self, i: int, k: int) -> Any:
        def integrand(x: Any) -> Any:
            old, new = self.psi(self.before, x), self.psi(self.after, x)
            return abs(new[i] * new[k] - old[i] * old[k]) * mp.npdf(x)

        return mp.quad(integrand, mp.linspace(-9, 9, 37), maxdegree=4)


WITNESS = at([2, 2], ["1/6", 0])
THREE = at([3, "-1/2", 1], ["1/10", "-1/6", 0], ["1/2", "1/3", "1/6"])


def test_a_mean_that_stays_refutes_the_printed_theorem() -> None:
    # E psi_2 rises by about delta_1 mu/4, and with it the gradient by delta_1 mu^2/4 = delta_1
    assert outcome("theorem-13", WITNESS) == "refuted"
    assert outcome("theorem-13", at([1, 1], ["1/6", 0])) == "holds"
    assert outcome("theorem-13-repaired", WITNESS) == "holds"
    assert outcome("theorem-13-sharpened", WITNESS) == "holds"


def test_the_statement_reads_as_printed() -> None:
    assert library.get("theorem-13").text == (
        "|delta_i| <= 1/max(6 d, 2 |mu_i|) for every i: |grad_i L(mu + delta) - grad_i L(mu)| "
        "<= n mu_max (30 sqrt(d) + 4 mu_max) |delta_i| + sum_k |delta_k| for every i"
    )
    decided = library.get("eq-15prime.3").decided
    assert printed(decided) == "<x - mu_i, delta_i> <= |delta_i| (|x| + |mu_i|)"
    assert r"\langle x - \mu_i, \delta_i \rangle" in printed(decided, "latex")


def test_nothing_moves_is_an_equality() -> None:
    still = at([3, -2], [0, 0], x=1)
    for claim_id in ("theorem-13", "eq-17a", "eq-17b", "eq-18a", "eq-18b.1", "eq-18b.2", "eq-19"):
        assert outcome(claim_id, still) == "holds"
    for claim_id in ("eq-15prime.1", "eq-15prime.3", "eq-15", "eq-16", "eq-15-repaired"):
        assert outcome(claim_id, still) == "holds"
    assert outcome("eq-15prime.2", still) == "consistent"


def test_the_ratios_fail_where_only_another_mean_moves() -> None:
    # all means 0, x = 0: r_1 = 0, and psi_1 changes by the factor 1/(1 - (1 - exp(-1/72))/2)
    point = at([0, 0], [0, "1/6"], x=0)
    assert outcome("eq-15", point) == "refuted"
    assert outcome("eq-16", point) == "refuted"  # for i = 2: r_2 = 0, and psi_2 falls
    assert outcome("eq-15-repaired", point) == "holds"
    assert outcome("eq-16-repaired", point) == "holds"
    ratio, _ = decide(library.get("eq-15"), point).pairs[0]
    assert abs(number(ratio) - 2 / (1 + mp.exp(mp.mpf(-1) / 72))) < 1e-15


def test_17_is_a_sum_weighted_by_the_norms() -> None:
    moved = [0, "1/6"]
    assert outcome("eq-17b", at([0, 0], moved)) == "holds"  # 0 <= 0: no norm, though psi moves
    for means in ([1, 1], [0, 1]):
        decision = decide(library.get("eq-17b"), at(means, moved))
        assert decision.outcome == "refuted" and decision.entry == 0
        assert decision.pairs[0][1] == 0
    assert outcome("eq-17b-repaired", at([1, 1], moved)) == "holds"


def test_ties_of_collinear_vectors_are_exact() -> None:
    # x = -mu, delta along x: <x - mu, delta> = |delta| (|x| + |mu|)
    means = Mixture([[3, 4], [0, 1]])
    delta = ((Fraction(-3, 100), Fraction(-4, 100)), (Fraction(0), Fraction(0)))
    point = Point(means, {"delta": delta, "x": (Fraction(-3), Fraction(-4))})
    assert outcome("eq-15prime.3", point) == "holds"
    claim = library.get("eq-15prime.3")
    assert decide(claim, point).pairs[0] == (Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize("claim_id", ["eq-15prime.1", "eq-15prime.3"])
def test_exponents_decide_for_exponentials(claim_id: str) -> None:
    # the logarithms of the printed sides, less a part that both have, are those compared
    claim, ops = library.get(claim_id), Operations(LADDER[2])
    seen: list[Point] = [at([3, "-1/2"], ["1/10", "-1/6"], x="3/2")]
    draw(claim, 20, 3, seen.append)
    with ops.precision():
        for point in seen:
            whole = sides(claim.relation, ops, point, claim.constants)
            for (a, b), (low, high) in zip(whole, claim.pairs(ops, point), strict=True):
                rest = ops.log(a) - ops.ball(low), ops.log(b) - ops.ball(high)
                assert rest[0].overlaps(rest[1]) and rest[0].rad() < 1e-20


def test_posteriors_of_moved_means_over_a_batch() -> None:
    relation = library.get("eq-15").relation
    batch = next(iter(MOVED.draw(np.random.default_rng(3), 20)))
    found = evaluate(relation.lhs, BatchOperations(), batch, {}).value
    ops = Operations(LADDER[1])
    with ops.precision():
        for b in range(len(batch)):
            exact = evaluate(relation.lhs, ops, batch.point(b), {})
            assert np.allclose(found[b], [float(number(x)) for x in exact], rtol=1e-12)


def test_the_posteriors_ratio_is_the_literal_one() -> None:
    point = at([3, "-1/2", 1], ["1/10", "-1/6", 0], ["1/2", "1/3", "1/6"], x="3/2")
    line, x = Line(point), mp.mpf(3) / 2
    pairs = decide(library.get("eq-15-repaired"), point).pairs
    old, new = line.psi(line.before, x), line.psi(line.after, x)
    for (ratio, bound), a, b in zip(pairs, old, new, strict=True):
        assert abs(number(ratio) * a / b - 1) < 1e-14
        assert abs(mp.log(number(bound)) - (mp.mpf(1) / 3) * (1.5 + 3 + mp.mpf(1) / 24)) < 1e-14


def test_the_change_of_the_gradient_against_mpmath() -> None:
    with mp.workdps(20):
        for point in (WITNESS, THREE):
            line = Line(point)
            pairs = decide(library.get("theorem-13"), point, LADDER[2:3]).pairs
            for i, (left, _) in enumerate(pairs):
                expected = abs(line.gradient(line.after, i) - line.gradient(line.before, i))
                assert abs(number(left) / expected - 1) < 1e-9


@pytest.mark.parametrize("point", [WITNESS, THREE], ids=["two", "three"])
def test_expected_changes_contain_the_literal_value(point: Point) -> None:
    ops, line = Operations(LADDER[1]), Line(point)
    with mp.workdps(20), ops.precision():
        before, after = ops.overlaps(point.mix), ops.overlaps(ops.moved(point, "delta").mix)
        rough = expected_changes(point.mix, point["delta"], before, after, 0)
        fine = expected_changes(point.mix, point["delta"], before, after, 400)
        for i in range(point.mix.n):
            for k in range(i, point.mix.n):
                expected = line.change(i, k)
                for low, high in (rough[i][k], fine[i][k]):
                    assert number(low) * (1 - 1e-9) <= expected <= number(high) * (1 + 1e-9)
                assert number(fine[i][k][1]) < 2 * expected


def test_moments_against_mpmath() -> None:
    point = Point(Mixture([[3, 0], [0, 0]]), {
        "delta": ((Fraction(1, 12), Fraction(0)), (Fraction(0), Fraction(1, 20)))
    })  # fmt: skip
    pairs = decide(library.get("eq-18a"), point).pairs
    for (left, right), s, m in zip(pairs, (mp.mpf(1) / 12, mp.mpf(1) / 20), (3, 0), strict=True):

        def radial(r: Any, s: Any = s, m: Any = m) -> Any:
            return (mp.exp(2 * s * (r + m)) - 1) * r * mp.exp(-r * r / 2)

        assert abs(number(left) / mp.quad(radial, [0, 2, 5, 15]) - 1) < 1e-12
        bound = mp.exp(2 * s * m) * (1 + 10 * mp.sqrt(2) * s) - 1
        assert abs(number(right) / bound - 1) < 1e-12


def test_eq_18c_is_a_slip() -> None:
    for x in (Fraction(0), Fraction(1, 2), Fraction(1)):
        point = Point(parameters={"x": x})
        assert outcome("eq-18c", point) == "refuted"
        assert outcome("eq-18c-repaired", point) == "holds"
    assert outcome("eq-18c", Point(parameters={"x": Fraction(-1, 10)})) == "outside"


def test_the_condition_on_delta_is_the_printed_one() -> None:
    over = Fraction(1, 10**40)
    assert outcome("theorem-13-repaired", at([2, 5], ["1/6", "1/10"])) == "holds"
    assert outcome("theorem-13-repaired", at([2, 5], [Fraction(1, 6) + over, 0])) == "outside"
    assert outcome("theorem-13-repaired", at([2, 5], [0, Fraction(1, 10) + over])) == "outside"
    assert outcome("theorem-13-sharpened", at([2, 5], [1, 7])) == "holds"


def test_shaved_constants_are_refuted() -> None:
    zero = at([0, 0], ["1/6", "1/6"])
    assert outcome("eq-18b.2", zero, root=Fraction(272, 10)) == "holds"  # 10 e = 27.18
    assert outcome("eq-18b.2", zero, root=Fraction(271, 10)) == "refuted"
    assert outcome("eq-19", at([3, -3], ["1/6", 0]), root=Fraction(2999, 100)) == "refuted"
    small = at([0, 0], ["1/1000000", 0])
    assert outcome("eq-18a", small, root=Fraction(16, 10)) == "holds"  # 2 E|x| = 1.5958
    assert outcome("eq-18a", small, root=Fraction(159, 100)) == "refuted"
    assert outcome("theorem-13-sharpened", WITNESS, factor=Fraction(1, 100)) == "refuted"
    light = Fraction(1, 10**20)
    apart = at([0, 0], ["1/6", "-1/6"], [light, 1 - light], x=30)
    assert outcome("eq-15-repaired", apart, factor=Fraction(199, 100)) == "refuted"
    apart = at([0, 0], ["1/6", "-1/6"], [light, 1 - light], x=-30)
    assert outcome("eq-16-repaired", apart, factor=Fraction(199, 100)) == "refuted"


@pytest.mark.parametrize(
    "claims", alike(library.select(STATEMENTS), drawing), ids=lambda claims: claims[0].id
)
def test_generators_reach_the_domain_and_most_points_are_decided(claims: list[Claim]) -> None:
    """Claims that share their points together."""
    claim = claims[0]
    seen: list[Point] = []
    draw(claim, 60, 2, seen.append)
    ops = Operations(LADDER[1])
    with ops.precision():
        assert all(claim.inside(ops, p) is True for p in seen)
        squares = [evaluate(theorem_13.shifts**2, ops, p, {}) for p in seen]
        sizes = [(ops.norms2(p.mix), s, p.mix.d) for p, s in zip(seen, squares, strict=True)]
    ends = [
        any(s * max(Fraction(36 * d * d), 4 * m) == 1 for m, s in zip(norms, moved, strict=True))
        for norms, moved, d in sizes
    ]
    assert sum(ends) >= 6
    assert sum(0 in moved and any(moved) for _, moved, _ in sizes) >= 6
    for found in search_all(claims, 20, 2):
        assert found.outcomes["outside"] == 0
        assert found.decided >= 19
