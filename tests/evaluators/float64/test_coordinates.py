"""Reduced coordinates in float64 against the exact reduction, and their bounds."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb

import gembounds as gb
from gembounds.evaluators.float64 import coordinates as core
from gembounds.evaluators.float64 import principal
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.values.precision import working_precision
from gembounds.values.rounding import U, gamma


def exact_gram(mix: gb.Mixture) -> list[list[Any]]:
    """<mu_i - mu_0, mu_k - mu_0>, exact."""
    rows = [[x - y for x, y in zip(row, mix.exact_means[0], strict=True)]
            for row in mix.exact_means]  # fmt: skip
    return [[sum(a * b for a, b in zip(u, v, strict=True)) for v in rows] for u in rows]


def squares_of(b: Any) -> list[float]:
    found: list[float] = (b * b).sum(axis=1).tolist()
    return found


def check(mix: gb.Mixture, co: core.Coordinates) -> None:
    """Every bound holds: distances, constants, ranges; with what the coordinates leave out."""
    gram = exact_gram(mix)
    away = 2 * (co.error_v + co.beyond)
    with working_precision(200):
        for i in range(mix.n):
            for k in range(i):
                square = gram[i][i] - 2 * gram[i][k] + gram[k][k]
                exact = float(arb(square.numerator).sqrt() / arb(square.denominator).sqrt())
                found = math.dist(co.v[i], co.v[k]) if co.rank else 0.0
                assert abs(found - exact) <= away + 4 * U * exact
            first, row = mix.exact_means[0], mix.exact_means[i]
            c = -sum(((a - b) * (a + b) for a, b in zip(row, first, strict=True)), Fraction(0)) / 2
            assert abs(c - Fraction(float(co.c[i]))) <= co.error_c
    for j, width in enumerate(co.spreads):
        assert np.ptp(co.v[:, j]) + 2 * co.error_v <= width
        assert width <= (np.ptp(co.v[:, j]) + 2 * co.error_v) * (1 + 1e-11) + 4 * U
        assert abs(co.v[:, j].max() + co.v[:, j].min()) <= 4 * U * width


def random_means(seed: int) -> Any:
    rng = np.random.default_rng([3, seed])
    n, d, r = int(rng.integers(1, 7)), int(rng.choice([1, 2, 5, 40])), int(rng.integers(1, 4))
    means = rng.normal(size=(n, r)) @ rng.normal(size=(r, d)) * 10.0 ** rng.uniform(-6, 4)
    return means + (rng.random() < 0.3) * rng.normal(size=d) * 10.0 ** rng.uniform(0, 6)


@pytest.mark.parametrize("seed", range(60))
def test_bounds_hold_and_are_small(seed: int) -> None:
    mix = gb.Mixture(random_means(seed))
    with np.errstate(all="ignore"):
        co = core.floating(mix, 1e-10)
    check(mix, co)
    size = float(np.linalg.norm(mix.means, axis=1).max())
    width = float(np.linalg.norm(mix.means - mix.means[0], axis=1).max())
    d = mix.d
    assert co.error_v <= (40 * (d + 10) * U * width + 1e-149) * (1 + 1e-9)
    assert co.error_c <= 8 * (d + 10) * U * (width + 1e-100) * (2 * size + width) + 1e-149
    assert co.beyond <= 100 * (d + 10) * U * width + 1e-12 + 1e-149
    assert co.error_w == pytest.approx(4 * U + 16 * U * math.log(mix.n), rel=1e-9, abs=0)


@pytest.mark.parametrize("seed", range(20))
def test_exact_coordinates_rounded(seed: int) -> None:
    mix = gb.Mixture(random_means(seed))
    co = core._from_exact(mix)
    check(mix, co)
    assert co.rank == reduce_exactly(mix).rank and co.beyond == 0.0
    if co.rank:
        largest = float(np.abs(co.v - co.v[0]).max())
        assert co.error_v == pytest.approx(2 * U * largest * math.sqrt(co.rank), rel=1e-6, abs=0)
        widths = np.ptp(co.v, axis=0).tolist()
        assert widths == sorted(widths, reverse=True)
    assert co.error_c == pytest.approx(2 * U * float(np.abs(co.c).max()), rel=1e-9, abs=1e-149)
    assert co.log_weights is mix.log_weights
    assert co.error_w == pytest.approx(4 * U + 16 * U * math.log(mix.n), rel=1e-9, abs=0)


def test_float64_is_kept_until_it_costs_a_tenth_of_rtol() -> None:
    rng = np.random.default_rng(0)
    near = gb.Mixture(rng.normal(size=(3, 4)))
    far = gb.Mixture(near.means + 1e4)
    huge = gb.Mixture(near.means + 2e15)
    with np.errstate(all="ignore"):
        assert core.coordinates(near, 1e-10).error_v == core.floating(near, 1e-10).error_v
        assert core.coordinates(far, 1e-10).beyond == 0.0
        assert core.coordinates(far, 1e-10).error_c == core._from_exact(far).error_c
        assert core.coordinates(huge, 1e-10).error_c == core.floating(huge, 1e-10).error_c
        for rtol in (1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13):
            found = core.floating(near, rtol)
            cost = 4 * (9 * found.error_v + found.error_c + found.beyond)
            same = core.coordinates(near, rtol).error_c == found.error_c
            assert same == (cost < 0.1 * rtol)


def test_without_tiny_leaves_out_what_costs_little() -> None:
    co = core._from_exact(gb.Mixture([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 1e-7, 0.0],
                                      [0.0, 0.0, 1e-9]]))  # fmt: skip
    assert co.rank == 3
    widths = sorted(co.spreads)
    same, none, nothing = core.without_tiny(co, 1e-30, math.inf)
    assert same is co and (none, nothing) == (0.0, 0.0)
    one, relative, absolute = core.without_tiny(co, 250 * widths[0] ** 2, math.inf)
    assert one.rank == 2 and one.spreads == [s for s in co.spreads if s != widths[0]]
    assert relative == pytest.approx(200 * widths[0] ** 2, rel=1e-6, abs=0)
    assert absolute == pytest.approx(4.4 * widths[0] ** 2, rel=1e-6, abs=0)
    both = widths[0] ** 2 + widths[1] ** 2
    two, relative, absolute = core.without_tiny(co, 201 * both, 4.5 * both)
    assert two.rank == 1 and two.v.shape == (4, 1)
    assert relative == pytest.approx(200 * both, rel=1e-6, abs=0) and relative >= 200 * both
    assert absolute == pytest.approx(4.4 * both, rel=1e-6, abs=0) and absolute >= 4.4 * both
    assert core.without_tiny(co, math.inf, 4.5 * widths[0] ** 2)[0].rank == 2
    assert core.without_tiny(co, 199 * widths[0] ** 2, math.inf)[0].rank == 3


def test_without_tiny_takes_the_smallest_first_and_adds_up() -> None:
    co = core._from_exact(gb.Mixture([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 1e-7, 0.0],
                                      [0.0, 0.0, 0.9e-7]]))  # fmt: skip
    small, wide = sorted(co.spreads)[:2]
    for budget in ((240 * wide**2, math.inf), (math.inf, 5.2 * wide**2)):
        fewer, _, _ = core.without_tiny(co, *budget)
        assert fewer.spreads == [s for s in co.spreads if s != small]
        assert np.ptp(fewer.v, axis=0).max() == np.ptp(co.v, axis=0).max()
    assert core.without_tiny(co, 200.5 * small**2, math.inf)[0].rank == 2
    assert core.without_tiny(co, math.inf, 4.41 * small**2)[0].rank == 2
    assert core.without_tiny(co, math.inf, 4.39 * small**2)[0].rank == 3


def test_weights_given_have_the_error_of_the_smallest() -> None:
    mix = gb.Mixture([[0.0], [1.0]], [1e-200, 1.0])
    with np.errstate(all="ignore"):
        co = core.floating(mix, 1e-10)
    assert co.error_w == mix.log_weights_error.max() == mix.log_weights_error[0]


def test_what_is_not_finite_or_not_there_leaves_no_coordinates() -> None:
    with np.errstate(all="ignore"):
        far = core.floating(gb.Mixture([[1e200], [-1e200], [0.0]]), 1e-10)
        same = core.floating(gb.Mixture([[0.5, 1.0], [0.5, 1.0]]), 1e-10)
        one = core.floating(gb.Mixture([[3.0, 4.0]]), 1e-10)
    assert far.rank == 0 and not far.beyond < math.inf
    assert same.rank == 0 and 0 < same.beyond <= 1e-15 and (same.c == 0).all()
    assert one.rank == 0 and one.spreads == [] and one.v.shape == (1, 0)


def test_equal_columns_are_merged() -> None:
    rng = np.random.default_rng(1)
    few = rng.normal(size=(3, 2))
    for order in (
        np.repeat([0, 1], [3000, 2000]), np.tile([0, 1], 3000), np.tile([0, 0, 1], 3000)
    ):  # fmt: skip
        means = few[:, order]
        columns, error = core._compressed(gb.Mixture(means))
        assert columns.shape[1] == 2 and 0 < error <= 4 * U
        assert np.allclose(columns @ columns.T, means @ means.T, rtol=1e-12)
    short = gb.Mixture(few)
    assert core._compressed(short) == (short.means, 0.0)
    mixed = gb.Mixture(rng.normal(size=(2, 5000)))
    assert core._compressed(mixed)[0] is mixed.means


@pytest.mark.parametrize(
    "means",
    [
        [[0.5, -1.0, 2.0], [1.5, 0.25, -1.0]],
        [["1/3", "0.1"], ["-2/7", "5/3"]],
        [["1/3", "0.1", "2"], ["-2/7", "5/3", "1/9"], ["1", "2/3", "0"]],
        [[1.0, 0.5], [-1.0, 2.0], [0.25, 0.0], [3.0, 1.0]],
    ],
)
def test_bounds_of_coordinates_are_the_formula(means: Any) -> None:
    """Written out a second time, as in tests/evaluators/float64/test_errors.py."""
    mix = gb.Mixture(means)
    b = mix.means - mix.means[0]
    entry, d = mix.means_error, mix.d
    largest = max(math.hypot(*row) for row in b)
    anchor = math.hypot(*mix.means[0])
    size, total = anchor + largest, 2 * anchor + largest
    error_b = U * largest + 2 * entry * size
    g = (d + 4) * U
    tau = out = 0.0
    inner = math.sqrt(min(mix.n - 1, d)) * g
    with np.errstate(all="ignore"):
        co = core.floating(mix, 1e-10)
        if mix.n > 2:
            columns, tau, out, inner = principal.rotated(b, squares_of(b), 1e-14, largest)
            r = len(columns)
            assert tau >= (r * (d + 2) if d > 2 else 6) * U
            assert out == 0  # planes, and all of the space
            assert inner >= math.sqrt(r) * g
    error_c = g * largest * total + error_b * total + largest * (U * total + 2 * entry * size)
    assert co.error_c == pytest.approx(0.5 * error_c, rel=1e-9, abs=0)
    error_v = (inner + tau) * (1 + tau) * largest + (1 + tau) * error_b
    assert co.error_v == pytest.approx(error_v, rel=1e-9, abs=0)
    beyond = math.sqrt(mix.n - 1) * (out + error_b) if mix.n > 2 else 0.0
    assert co.beyond == pytest.approx(beyond, rel=1e-9, abs=0)
    assert co.rank == min(mix.n - 1, d)


@pytest.mark.parametrize(("n", "d"), [(3, 2), (5, 2), (3, 3), (3, 6), (4, 1), (4, 5)])
def test_axes_are_principal(n: int, d: int) -> None:
    """In closed form for planes, thin ones by the SVD: the sizes along them are the singular
    values, and distances stay."""
    rng = np.random.default_rng([n, d])
    for thin in (1.0, 0.3, 1e-2, 1e-5, 0.0):
        b = rng.normal(size=(n, d))
        b[2:] = b[1] + thin * (b[2:] - b[1])
        b -= b[0]
        columns, tau, out, _ = principal.rotated(b, squares_of(b), 1e-14, 10.0)
        v = np.array(columns).T
        true = np.linalg.svd(b - b.mean(axis=0))[1][: min(n - 1, d)]
        assert len(columns) == (1 if thin == 0 else len(true)) and tau < 1e-13
        sizes = np.linalg.norm(v - v.mean(axis=0), axis=0)
        assert np.allclose(sizes, true[: len(sizes)], rtol=1e-9, atol=1e-13)
        lengths = np.linalg.norm(b, axis=1)
        assert (np.abs(np.linalg.norm(v, axis=1) - lengths) <= out + 1e-13).all() and out < 1e-12
        plane = n == 3 and thin > 0.1  # of three points that are not nearly on a line
        assert (out > 0) == (len(columns) < (2 if plane else d))
        r = len(columns)
        assert not out or out >= 3 * math.sqrt(r) * (r + 2) * U * 10.0


@pytest.mark.parametrize(("n", "d"), [(3, 1), (3, 2), (5, 2), (3, 3), (4, 5)])
@pytest.mark.parametrize("kept", [True, False])
def test_what_coordinates_leave_out_is_bounded(n: int, d: int, kept: bool) -> None:
    rng = np.random.default_rng([n, d])
    b = kept * np.arange(n)[:, None] + 1e-3 * rng.normal(size=(n, d))
    b -= b[0]
    squares = (b * b).sum(axis=1)
    columns, _, out, _ = principal.rotated(
        b.tolist(), squares.tolist(), 0.1, math.sqrt(squares.max())
    )
    left = squares - sum((np.array(x) ** 2 for x in columns), np.zeros(n))
    assert len(columns) == kept
    assert math.sqrt(max(left.max(), 0.0)) * (1 - 1e-6) <= out <= 2 * math.sqrt(n * d) * 1e-2
    if not kept:  # at an accuracy that needs no coordinates at all
        with np.errstate(all="ignore"):
            found = core.floating(gb.Mixture(b), 500.0)
        assert found.rank == 0 and found.beyond >= math.sqrt((n - 1) * squares.max())


@pytest.mark.parametrize("thin", [1.0, 0.3, 0.15])
def test_three_points_by_their_inner_products(thin: float) -> None:
    """Distances against exact ones; the bounds written out again for a right angle; where they are
    too much, axes that are formed."""
    rng = np.random.default_rng(round(100 * thin))
    for _ in range(20):
        b = np.zeros((3, 6))
        b[1:] = rng.normal(size=(2, 6)) * 10.0 ** rng.uniform(-8, 8)
        b[2] = thin * b[2] + rng.choice([1.0, -0.5]) * b[1]
        found = principal._in_plane(b.tolist(), squares_of(b))
        if found is None:
            continue
        columns, tau, inner = found
        for i, k in ((1, 0), (2, 0), (2, 1)):
            rows = [[Fraction(x) for x in row.tolist()] for row in (b[i], b[k])]
            exact = sum(((x - y) ** 2 for x, y in zip(*rows, strict=True)), Fraction(0))
            at = [Fraction(x[i]) - Fraction(x[k]) for x in columns]
            off = abs(math.sqrt(sum(x * x for x in at)) - math.sqrt(exact))
            assert off <= (tau + 2 * inner) * np.linalg.norm(b, axis=1).max()
    corner = np.eye(3, 9, k=-1) * 4.0
    _, tau, inner = principal._in_plane(corner.tolist(), squares_of(corner)) or ([], 0.0, 0.0)
    assert inner == pytest.approx(2 * 17 * U, rel=1e-6) and tau >= 2 * inner
    apart = principal.rotated(b, squares_of(b), 1e-30, 1e9, room=0.0)
    assert apart.tau < 40 * U and apart.inner == math.sqrt(2) * gamma(10)
    few = principal.rotated(corner.tolist(), squares_of(corner), 10.0, 4.0)
    assert not few.columns and few.out >= 4.0


@pytest.mark.parametrize("d", [2, 3])
def test_axes_that_are_not_quite_orthonormal_are_told(
    d: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = principal._direction
    monkeypatch.setattr(principal, "_direction", lambda *a: [x * (1 + 1e-9) for x in true(*a)])
    b = np.array([[0.0, 0.0, 0.0], [1.0, 0.5, 0.0], [-0.5, 2.0, 0.0]])[:, :d]
    tau = principal.rotated(b.tolist(), squares_of(b), 1e-14, 3.0).tau
    assert 2e-9 <= tau <= 1e-8
