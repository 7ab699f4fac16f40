"""Coordinates of batches: their errors against exact distances, whatever the axes are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gembounds.evaluators.float64 import batch_reduce
from gembounds.evaluators.float64.batch_reduce import Reduced, reduce
from gembounds.evaluators.float64.batch_rotation import rotations
from tests.evaluators.float64.test_batch_grids import SIZE, turned

WRONG = 1e-9
"""What axes are too long by."""


def drawn(core: int) -> Any:
    rng = np.random.default_rng([46, core])
    return turned(rng, rng.normal(size=(SIZE, 5, core)), core) + 10.0


@np.errstate(all="ignore")
def reduced_to(means: Any) -> Reduced:
    return reduce(means, None, np.full(len(means), 1e-5), np.zeros(len(means)))


def worst(means: Any, reduced: Reduced) -> float:
    """The largest error of a squared distance, in units of it, none above what is bounded."""
    largest = 0.0
    for b in range(len(means)):
        exact = [[Fraction(x) for x in row] for row in means[b].tolist()]
        v = [[Fraction(x) for x in row] for row in reduced.v[:, :, b].T.tolist()]
        error = Fraction(float(reduced.error_v[b]))
        for i, k in ((0, 1), (1, 2), (3, 4)):
            squares = [
                sum(((p - q) ** 2 for p, q in zip(x[i], x[k], strict=True)), Fraction(0))
                for x in (exact, v)
            ]
            away = abs(squares[0] - squares[1])
            assert away <= 4 * error * Fraction(float(reduced.spreads[:, b].sum())) + 4 * error**2
            largest = max(largest, float(away / (squares[0] * Fraction(2.0**-53))))
    return largest


@pytest.mark.parametrize("core", [1, 2, 3])
def test_coordinates_err_by_no_more_than_they_say(core: int) -> None:
    """And by no more than a few units."""
    means = drawn(core)
    reduced = reduced_to(means)
    assert (reduced.error_v <= 1e-14 * reduced.spreads[0]).all()
    assert worst(means, reduced) > 1  # there is something to bound


@pytest.mark.parametrize("core", [1, 2, 3])
def test_axes_that_are_too_long_are_measured(core: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding alone makes a seventh of the bound; this is all of it."""

    class Longer:
        def __getattr__(self, name: str) -> Any:
            return getattr(np, name)

        def where(self, some: Any, x: Any, y: Any) -> Any:
            return np.where(some, x * (1 + WRONG), y)

    monkeypatch.setattr(batch_reduce, "np", Longer())
    means = drawn(core)
    reduced = reduced_to(means)
    assert reduced.fits.all()
    assert worst(means, reduced) >= 0.9 * 2 * WRONG * 2.0**53
    assert (reduced.beyond >= WRONG * reduced.spreads[0]).all()


@pytest.mark.parametrize("core", [2, 3])
def test_a_rotation_that_is_none_is_measured(core: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = rotations
    monkeypatch.setattr(batch_reduce, "rotations", lambda v: (1 + WRONG) * made(v))
    means = drawn(core)
    reduced = reduced_to(means)
    assert reduced.fits.all()
    assert worst(means, reduced) >= 0.9 * 2 * WRONG * 2.0**53


@pytest.mark.parametrize("core", [2, 3])
def test_one_out_of_range_leaves_the_others_as_they_are(core: int) -> None:
    """Its coordinates are NaN; the others are turned all the same."""
    means = drawn(core)
    before = reduced_to(means)
    means[3, 0], means[3, 1] = 1e308, -1e308
    after = reduced_to(means)
    others = np.arange(SIZE) != 3
    assert not after.fits[3] and after.fits[others].all()
    assert np.array_equal(before.v[..., others], after.v[..., others])
