"""The exact reduction: rank, coordinates and offset against elimination and the Gram matrix."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq

from gembounds import Mixture
from gembounds.evaluators.reduction.exact import (
    ExactReduction,
    exact_rank,
    gram_matrix,
    reduce_exactly,
)
from gembounds.values.precision import working_precision

Rows = list[list[Fraction]]


def rank_by_elimination(rows: Rows) -> int:
    rows = [list(row) for row in rows]
    rank = 0
    for column in range(len(rows[0])):
        pivot = next((k for k in range(rank, len(rows)) if rows[k][column] != 0), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for k in range(rank + 1, len(rows)):
            factor = rows[k][column] / rows[rank][column]
            rows[k] = [x - factor * y for x, y in zip(rows[k], rows[rank], strict=True)]
        rank += 1
        if rank == len(rows):
            break
    return rank


def draw(seed: int) -> Mixture:
    """Rational means of every rank, coincident and collinear ones, decimals and tiny offsets."""
    rng = np.random.default_rng([5, seed])
    n, d = int(rng.integers(1, 7)), int(rng.integers(1, 8))
    rank = int(rng.integers(0, min(n, d) + 1))
    core, axes = rng.integers(-3, 4, size=(n, rank)), rng.integers(-3, 4, size=(rank, d))
    scale = Fraction(1, int(rng.choice([1, 3, 10, 10**20])))
    rows: Rows = [[scale * int(x) for x in row] for row in core @ axes + rng.integers(-2, 3, d)]
    if rng.random() < 0.3:
        rows[-1] = [x + Fraction(1, 10**40) for x in rows[-1]]
    parts = [int(x) for x in rng.integers(1, 9, size=n)]
    return Mixture(rows, [Fraction(p, sum(parts)) for p in parts])


def differences(mix: Mixture) -> Rows:
    first = mix.exact_means[0]
    return [[x - y for x, y in zip(row, first, strict=True)] for row in mix.exact_means]


def encloses(ball: arb, value: fmpq) -> bool:
    with working_precision(1000):
        exact = arb(value)
        return bool(ball.contains(exact)) and bool(ball.rad() < 1e-25 * (1 + abs(exact)))


def check(mix: Mixture, reduction: ExactReduction) -> None:
    """<mu_i, mu_k> = <u_i, u_k> + |c|^2 for every pair of means."""
    gram = gram_matrix(mix)
    with working_precision(128):
        u = reduction.coordinates()
        for i, a in enumerate(reduction.group):
            for k, b in enumerate(reduction.group):
                total = sum((x * y for x, y in zip(u[a], u[b], strict=True)), arb(0))
                assert encloses(total + arb(reduction.offset2), gram[i, k])


@pytest.mark.parametrize("seed", range(60))
def test_rank_and_gram_matrix(seed: int) -> None:
    mix = draw(seed)
    reduction = reduce_exactly(mix)
    assert reduction.rank == exact_rank(mix) == rank_by_elimination(differences(mix))
    check(mix, reduction)


def test_the_draws_reach_every_rank() -> None:
    ranks = {reduce_exactly(draw(seed)).rank for seed in range(60)}
    assert ranks >= {0, 1, 2, 3, 4}


@pytest.mark.parametrize("seed", range(60))
def test_axes_are_orthonormal_and_give_the_coordinates(seed: int) -> None:
    mix = draw(seed)
    reduction = reduce_exactly(mix)
    means = [mix.exact_means[i] for i in reduction.representatives]
    axes = [
        [
            sum((Fraction(int(c.p), int(c.q)) * (m[j] - means[0][j])
                 for c, m in zip(direction, means, strict=True)), Fraction(0))
            for j in range(mix.d)
        ]
        for direction in reduction.directions
    ]  # fmt: skip
    for j, axis in enumerate(axes):
        for k, other in enumerate(axes):
            inner = sum((x * y for x, y in zip(axis, other, strict=True)), Fraction(0))
            square = reduction.squares[j]
            assert inner == (Fraction(int(square.p), int(square.q)) if j == k else 0)
        for numerator, mean in zip(reduction.numerators[j], means, strict=True):
            inner = sum((x * y for x, y in zip(axis, mean, strict=True)), Fraction(0))
            assert inner == Fraction(int(numerator.p), int(numerator.q))


def test_a_difference_of_1e_400_counts() -> None:
    mix = Mixture([["0", "0"], ["1", "1"], ["2", "2"]])
    assert reduce_exactly(mix).rank == 1
    mix = Mixture([["0", "0"], ["1", "1"], ["2", f"{2 * 10**400 + 1}/{10**400}"]])
    assert reduce_exactly(mix).rank == 2


def test_coincident_means_merge_and_their_weights_add() -> None:
    mix = Mixture(
        [["0.1", 0], [1, 2], ["1/10", 0], [1, 2], [0.1, 0]], ["1/2", "1/8", "1/4", "1/16", "1/16"]
    )
    reduction = reduce_exactly(mix)
    assert reduction.group == (0, 1, 0, 1, 2)  # the float 0.1 is not one tenth
    assert reduction.weights == (fmpq(3, 4), fmpq(3, 16), fmpq(1, 16))
    assert reduction.rank == exact_rank(mix) == rank_by_elimination(differences(mix)) == 2
    check(mix, reduction)


@pytest.mark.parametrize("repeats", [2, 7, 1000])
def test_repeated_columns_scale_the_squares(repeats: int) -> None:
    means = np.array([[1.0, -2.0], [0.5, 3.0], [4.0, 0.0]])
    once, often = Mixture(means), Mixture(np.repeat(means, repeats, axis=1))
    few, many = reduce_exactly(once), reduce_exactly(often)
    assert many.rank == few.rank
    assert many.gram == few.gram * fmpq(repeats)
    assert many.offset2 == few.offset2 * fmpq(repeats)
    check(often, many)


def test_spreads_are_the_ranges_and_the_widest_axis_is_first() -> None:
    mix = Mixture([[0.0, 0.0, 1.0], [8.0, 0.25, 1.0], [4.0, -0.5, 1.0]])
    reduction = reduce_exactly(mix)
    with working_precision(80):
        u = reduction.coordinates()
        for j, spread in enumerate(reduction.spreads()):
            line = [x[j] for x in u]
            assert any((a - b).overlaps(spread) for a in line for b in line)
            assert all(a - b < spread * (1 + arb(2) ** -60) for a in line for b in line)
        first, second = reduction.spreads()
        assert first > 5 * second
