"""Bounds of E|g_ik| by differences of logits: against quadrature, in any dimension."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest

from gembounds.papers.xu_fazel_du_2024.arithmetic.moved_pairs import mean_size, pair_bounds
from gembounds.points.point import Point
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision

CASES: dict[str, tuple[list[str], list[str], list[str]]] = {
    "two": (["2", "2"], ["1/6", "0"], ["1/2", "1/2"]),
    "three": (["3", "-1/2", "1"], ["1/10", "-1/6", "0"], ["1/2", "1/3", "1/6"]),
    "close": (["1/100", "0", "-1/200"], ["1/1000", "1/300", "0"], ["1/5", "1/2", "3/10"]),
    "closer": (["1/9999", "0", "0"], ["1/9999", "-1/5000", "0"], ["1/9", "4/9", "4/9"]),
    "one weight": (["1/20", "0"], ["0", "1/30"], ["99/100", "1/100"]),
}


def value(ball: Any) -> Any:
    return mp.mpf(ball.mid().str(30, radius=False))


def exact(texts: list[str]) -> list[Fraction]:
    return [Fraction(x) for x in texts]


def in_space(values: list[str], d: int) -> list[list[Fraction]]:
    return [[x] + [Fraction(0)] * (d - 1) for x in exact(values)]


def literal(means: list[str], delta: list[str], weights: list[str]) -> list[list[Any]]:
    """E|g_ik| on a line."""
    old = [mp.mpf(x.numerator) / x.denominator for x in exact(means)]
    moves = [mp.mpf(x.numerator) / x.denominator for x in exact(delta)]
    new = [a + b for a, b in zip(old, moves, strict=True)]
    pi = [mp.mpf(x.numerator) / x.denominator for x in exact(weights)]

    def psi(at: list[Any], x: Any) -> list[Any]:
        terms = [w * mp.exp(x * m - m * m / 2) for w, m in zip(pi, at, strict=True)]
        return [t / mp.fsum(terms) for t in terms]

    def change(i: int, k: int) -> Any:
        def integrand(x: Any) -> Any:
            a, b = psi(old, x), psi(new, x)
            return abs(b[i] * b[k] - a[i] * a[k]) * mp.npdf(x)

        return mp.quad(integrand, mp.linspace(-8, 8, 17), maxdegree=3)

    return [[change(i, k) for k in range(len(pi))] for i in range(len(pi))]


@pytest.mark.parametrize("name", CASES)
def test_the_literal_value_is_between_the_ends(name: str) -> None:
    means, delta, weights = CASES[name]
    with mp.workdps(20), working_precision(96):
        true = literal(means, delta, weights)
        for d in (1, 50):
            mix = Mixture(in_space(means, d), exact(weights))
            found = pair_bounds(mix, in_space(delta, d))
            for row, line in zip(found, true, strict=True):
                for (low, high), x in zip(row, line, strict=True):
                    assert value(low) <= x * (1 + 1e-6)
                    assert x * (1 - 1e-6) <= value(high)
                    assert name == "three" or value(high) <= 8 * x
                    if name == "closer":  # not lazily wide
                        assert 0.98 * x < value(low) and value(high) < 1.02 * x


def test_nothing_moves_or_all_move_alike() -> None:
    with working_precision(96):
        mix = Mixture([[1, 2], [1, 2]])
        for v in ((Fraction(0),) * 2, (Fraction(1, 20), Fraction(0))):
            found = pair_bounds(mix, [v, v])
            assert all(low == 0 and high == 0 for row in found for low, high in row)


def test_mean_size_of_a_normal_variable() -> None:
    with mp.workdps(20), working_precision(96):
        for mean, variance in ((0, 4), (3, 1), (Fraction(-1, 2), Fraction(1, 9)), (5, 0)):
            m, s = (
                mp.mpf(Fraction(mean).numerator) / Fraction(mean).denominator,
                mp.sqrt(mp.mpf(Fraction(variance).numerator) / Fraction(variance).denominator),
            )
            expected = (
                abs(m)
                if not s
                else mp.quad(lambda z, m=m, s=s: abs(m + s * z) * mp.npdf(z), [-12, -m / s, 12])
            )
            found = mean_size(Fraction(mean), Fraction(variance))
            assert abs(value(found) - expected) < 1e-15


def test_many_dimensions_that_no_cells_reach_are_decided() -> None:
    d = 182
    means = [[a] * (d - 1) + [b] for a, b in zip(exact(["3/32", "-1/16", "1/16", "1/16"]),
             exact(["1/16", "1/2", "-1/4", "3/4"]), strict=True)]  # fmt: skip
    moves = [[a, b] + [Fraction(0)] * (d - 2) for a, b in zip(
             exact(["1/1820", "1/18200", "0", "1/2000"]),
             exact(["1/1365", "1/13650", "1/3000", "0"]), strict=True)]  # fmt: skip
    point = Point(Mixture(means), {"delta": tuple(map(tuple, moves))})
    assert decide(library.get("eq-17b"), point, LADDER[:1]).outcome == "holds"


def test_a_close_mixture_refutes_the_printed_step_by_the_lower_end() -> None:
    # pi_1 pi_2 E|l_1 + l_2 - 2m| is of the order of the largest delta, F_1 of that of delta_1
    d = 186
    means = [[Fraction(k, 10**6)] * d for k in (1, 1, 2)]
    moves = [[Fraction(0)] * d for _ in range(3)]
    for k, size in enumerate((10**7, 1200, 9**4)):
        moves[k][k] = Fraction(1, size)
    point = Point(Mixture(means), {"delta": tuple(map(tuple, moves))})
    decision = decide(library.get("eq-17b"), point, LADDER[:1])
    assert decision.outcome == "refuted" and decision.entry == 0
    assert decide(library.get("eq-17b-repaired"), point, LADDER[:1]).outcome == "holds"
