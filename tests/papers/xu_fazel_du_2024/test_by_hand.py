"""A dozen statements with their sides written out by hand, against the trees.

Nothing here comes from a tree: exact numbers and certified quantities, put together as the paper's
page has them. Both sides of each claim must meet the tree's at points that its domain draws.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.logic import flat, paired
from gembounds.statements.operations import LADDER, Operations

POINTS = 20

Side = Callable[[Operations, Point], Any]


def mean_square(ops: Operations, p: Point) -> Any:
    return ops.psi_tilde_norm2(p.mix)


def spread(p: Point) -> Fraction:
    """sum_ij pi_i pi_j |mu_i - mu_j|^2 from the means themselves."""
    pi, mu = p.mix.exact_weights, p.mix.exact_means
    return sum(
        (a * b * (x - y) ** 2 for a, u in zip(pi, mu, strict=True)
         for b, v in zip(pi, mu, strict=True) for x, y in zip(u, v, strict=True)), Fraction(0)
    )  # fmt: skip


def norms2(p: Point) -> list[Fraction]:
    return [sum((x * x for x in row), Fraction(0)) for row in p.mix.exact_means]


def lemma_11(ops: Operations, p: Point) -> Any:
    root = 1 + 2 * ops.sqrt(max(norms2(p)) * p.mix.d)
    size = ops.ball(spread(p) ** 2) / (40000 * p.mix.d)
    return ops.exp(-8 * sum(norms2(p))) * size / root**2


def lemma_12(ops: Operations, p: Point) -> Any:
    root = 1 + ops.sqrt(max(norms2(p)) * p.mix.d)
    size = ops.ball((min(p.mix.exact_weights) * max(norms2(p))) ** 2) / (10240000 * p.mix.d)
    return ops.exp(-8 * sum(norms2(p))) * size / root**2


def lemma_11_sharpened(ops: Operations, p: Point) -> Any:
    s = spread(p)
    size = ops.ball(s**2 / (4 * (min(p.mix.n, p.mix.d) + s)))
    return ops.exp(-max(norms2(p)) / 2) * size


def mean_of_squares(ops: Operations, p: Point) -> Any:
    pairs = zip(p.mix.exact_weights, norms2(p), strict=True)
    return sum((w * s for w, s in pairs), Fraction(0)) / 2


def shifts(ops: Operations, p: Point) -> list[Any]:
    return [ops.sqrt(sum((x * x for x in v), Fraction(0))) for v in p["delta"]]


def theorem_13(ops: Operations, p: Point) -> Any:
    top, root = ops.sqrt(max(norms2(p))), ops.sqrt(p.mix.d)
    each = shifts(ops, p)
    total = sum(each[1:], each[0])
    return [p.mix.n * top * (30 * root + 4 * top) * x + total for x in each]


def lemma_17(ops: Operations, p: Point) -> Any:
    return 1 + 5 * ops.sqrt(p["d"]) * ops.ball(p["c"])


def far_bound(ops: Operations, p: Point) -> Any:
    lengths = [ops.sqrt(s) for s in norms2(p)]
    near = sum(lengths[2:], ops.ball(0))
    return 2 * near + 2 * ops.exp(-p.mix.d) * (lengths[0] + lengths[1])


def gradient_lengths(ops: Operations, p: Point) -> Any:
    found = []
    for row in ops.posterior_overlaps(p.mix):
        square = ops.ball(0)
        for column in zip(*p.mix.exact_means, strict=True):
            entry = sum((ops.ball(w) * ops.ball(x) for w, x in zip(row, column, strict=True)),
                        ops.ball(0))  # fmt: skip
            square += entry * entry
        found.append(ops.sqrt(square))
    return found


def sum_of_norms(ops: Operations, p: Point) -> Any:
    return sum((ops.sqrt(s) for s in norms2(p)), ops.ball(0))


def hyperbola(ops: Operations, p: Point) -> Any:
    return 1 / (1 + p["t"])


BY_HAND: dict[str, tuple[Side, Side]] = {
    "lemma-11": (mean_square, lemma_11),
    "lemma-11-sharpened": (mean_square, lemma_11_sharpened),
    "lemma-12.2": (mean_square, lemma_12),
    "theorem-14.1": (lambda ops, p: ops.loss(p.mix), mean_of_squares),
    "theorem-14.2": (mean_of_squares, lambda ops, p: max(norms2(p)) / 2),
    "lemma-17": (lambda ops, p: ops.exp_norm(p["c"], p["d"]), lemma_17),
    "lemma-19": (
        lambda ops, p: spread(p),
        lambda ops, p: min(p.mix.exact_weights) * max(norms2(p)) / 8,
    ),
    "lemma-20": (mean_square, lambda ops, p: max(norms2(p)) / 4),
    "lemma-15": (gradient_lengths, far_bound),
    "eq-26a": (
        lambda ops, p: ops.norm_survival(Fraction(p["d"], 4), p["d"]),
        lambda ops, p: Fraction(1, 50),
    ),
    "eq-28.4": (lambda ops, p: ops.exp(-p["t"]), hyperbola),
    "eq-39c": (
        lambda ops, p: ops.norm_survival(Fraction(4 * p["d"]), p["d"]),
        lambda ops, p: ops.exp(-p["d"]),
    ),
    "eq-31prime.1": (gradient_lengths, sum_of_norms),
}


@pytest.mark.parametrize("claim_id", BY_HAND)
def test_the_tree_says_what_the_paper_does(claim_id: str) -> None:
    claim = library.get(claim_id)
    assert claim.decided_by is None, "the printed relation is what is written out"
    points: list[Point] = []
    draw(claim, round(POINTS / min(claim.cost, 2)), 7, points.append)
    compared = 0
    for point in points:
        if point.mixture is not None and point.mix.n * point.mix.d > 2000:
            continue  # the sums by hand go over every entry
        ops = Operations(LADDER[2])
        with ops.precision():
            written = paired(*(side(ops, point) for side in BY_HAND[claim_id]))
            pairs = claim.pairs(ops, point)
            assert len(pairs) == len(written) or len(flat(pairs)) == len(flat(written))
            for found, expected in zip(pairs, written, strict=True):
                for a, b in zip(found, expected, strict=True):
                    assert ops.ball(a).overlaps(ops.ball(b)), (point, a, b)
                    compared += ops.ball(a).rel_accuracy_bits() > 20
    assert compared >= 10, "nothing narrow was compared"


def test_a_bound_of_theorem_13_by_hand() -> None:
    """Its left side is intersected with a bound that holds, so only the right one is compared."""
    claim = library.get("theorem-13")
    points: list[Point] = []
    draw(claim, POINTS, 7, points.append)
    for point in points:
        ops = Operations(LADDER[2])
        with ops.precision():
            right = [b for _, b in claim.pairs(ops, point)]
            for a, b in zip(right, flat(theorem_13(ops, point)), strict=True):
                assert ops.ball(a).overlaps(ops.ball(b))


def test_the_recorded_witness_is_refuted_by_hand() -> None:
    """(39c) at d = 17: Pr[|x| > 2 sqrt(17)] > exp(-17)."""
    point = Point(parameters={"d": 17})
    assert decide(library.get("eq-39c"), point).outcome == "refuted"
    left, right = BY_HAND["eq-39c"]
    ops = Operations(LADDER[2])
    with ops.precision():
        assert left(ops, point) > right(ops, point)
