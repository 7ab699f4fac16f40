"""The reference against what can be said without it: closed forms and identities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpmath import mp

from gembounds import InputError, Mixture, RankError
from gembounds.evaluators import reference
from gembounds.values.estimates import Estimate

PAIR = Mixture([[1.5], [-1.5]])
LINE = Mixture([["1/2", 1], [-1, -2], [1, 2]], ["1/5", "3/10", "1/2"])
PLANE = Mixture([[1, 0, "1/2"], [-1, 1, "1/2"], [0, "-3/4", "1/2"]], ["1/2", "1/4", "1/4"])


def near(a: Any, b: Any, digits: float) -> bool:
    """Whether two arrays agree to ``digits`` digits of the larger norm."""
    a, b = np.ravel(a), np.ravel(b)
    with mp.workdps(80):
        return bool(mp.norm(list(a - b)) <= mp.mpf(10) ** -digits * mp.norm(list(b)))


def exact(rows: Any) -> Any:
    with mp.workdps(80):
        return np.array(
            [[mp.mpf(x.numerator) / x.denominator for x in row] for row in rows], dtype=object
        )


@pytest.mark.parametrize("mean", [[0, 0], ["3/4", 1], [1e150, 0]])
def test_one_component(mean: list[Any]) -> None:
    mix = Mixture([mean])
    mu = exact(mix.exact_means)
    assert reference.overlaps(mix).values[0, 0] == 1
    assert near(reference.gradient(mix).values, mu, 30)
    with mp.workdps(60):
        norm2 = mp.fdot(mu[0], mu[0])
        assert near(reference.psi_tilde_norm2(mix).values, norm2, 30)
        assert near(reference.loss(mix).values, norm2 / 2, 30)


def test_two_symmetric_components_are_a_hyperbolic_integral() -> None:
    # psi_1 psi_2 = 1 / (4 cosh^2(x m)) and p_mu / p_0 = exp(-m^2/2) cosh(x m), by another rule
    with mp.workdps(40):
        m = mp.mpf(3) / 2

        def gaussian(f: Any) -> Any:
            points = [mp.mpf(k) / 2 for k in range(-28, 29)]
            return mp.quad(lambda x: f(x) * mp.npdf(x), points)

        cross = gaussian(lambda x: mp.sech(m * x) ** 2 / 4)
        loss = m**2 / 2 - gaussian(lambda x: mp.log(mp.cosh(m * x)))
        overlaps = reference.overlaps(PAIR).values
        assert near(overlaps, [mp.mpf(1) / 2 - cross, cross, cross, mp.mpf(1) / 2 - cross], 30)
        assert near(reference.loss(PAIR).values, loss, 30)


@pytest.mark.parametrize(("mix", "digits"), [(PAIR, 30), (LINE, 20), (PLANE, 7)])
def test_identities_between_the_definitions(mix: Mixture, digits: int) -> None:
    with mp.workdps(80):
        overlaps = reference.overlaps(mix, digits).values
        gradient = reference.gradient(mix, digits).values
        means = exact(mix.exact_means)
        assert near(overlaps.sum(), mp.one, digits)
        assert near(overlaps @ means, gradient, digits - 1)
        inner = (gradient * means).sum()
        assert near(reference.psi_tilde_norm2(mix, digits).values, inner, digits - 1)


def test_gradient_is_the_derivative_of_the_loss() -> None:
    mix = Mixture([["1/2"], [-1], [1]], ["1/5", "3/10", "1/2"])
    by_differences = reference.gradient_by_differences(mix, 8)
    assert near(by_differences.values, reference.gradient(mix, 10).values, 7)


def test_differences_leave_other_entries_out_and_name_wrong_ones() -> None:
    only = reference.gradient_by_differences(PAIR, 6, [(1, 0)]).values
    assert mp.isnan(only[0, 0])
    assert not mp.isnan(only[1, 0])
    with pytest.raises(InputError, match=r"entry \(2, 0\) is outside"):
        reference.gradient_by_differences(PAIR, 6, [(2, 0)])


def test_more_digits_agree_with_fewer() -> None:
    assert near(reference.overlaps(LINE, 15).values, reference.overlaps(LINE, 40).values, 15)
    assert near(reference.loss(LINE, 15).values, reference.loss(LINE, 40).values, 15)


def test_exponentially_small_overlaps_keep_their_digits() -> None:
    # at (a, 0) with equal weights psi_1 = 1 / (1 + exp(a^2/2 - ax)): E psi_1 psi_2 at a = 60
    # is near exp(-a^2/8); substituting x = a/2 + s/a leaves an integral over s of ordinary size
    with mp.workdps(60):
        a = mp.mpf(60)

        def shape(s: Any) -> Any:
            return mp.exp(-s / 2 - (s / a) ** 2 / 2) / (2 * mp.cosh(s / 2)) ** 2

        inner = mp.quad(shape, [5 * k for k in range(-40, 41)])
        value = inner * mp.exp(-(a**2) / 8) / (a * mp.sqrt(2 * mp.pi))
        got = reference.overlaps(Mixture([[60], [0]])).values
        assert got[0, 1] < mp.mpf(10) ** -190
        assert near(got[0, 1], value, 29)


def test_tiny_gradient_row_is_not_lost_to_cancellation() -> None:
    # the mean at zero: E[psi_2 (0 - x)] = E[psi_1 x], near exp(-a^2/8) against E|x| near 1
    mix = Mixture([[60], [0]])
    overlaps, gradient = reference.overlaps(mix).values, reference.gradient(mix).values
    with mp.workdps(40):
        assert near(gradient[1, 0], 60 * overlaps[1, 0], 28)


def test_a_row_that_is_zero_by_symmetry_is_given_as_zero() -> None:
    assert reference.gradient(Mixture([[2], [0], [-2]]), 10).values[1, 0] == 0


@pytest.mark.parametrize("scale", ["1e-8", "1e3"])
def test_scales(scale: str) -> None:
    unit = exact(Mixture([[scale]]).exact_means)[0, 0]
    mix = Mixture([[scale], ["-" + scale]])
    with mp.workdps(80):
        loss = reference.loss(mix, 20).values[()]
        if unit < 1:
            # moments: L = m^4/4 - m^6/3 + O(m^8) for means +-m
            assert near(loss, unit**4 / 4 - unit**6 / 3, 20)
        else:
            # log cosh(y) = |y| - log 2 but for exp(-2|y|): the mean of |x| is sqrt(2/pi)
            rough = unit**2 / 2 - unit * mp.sqrt(2 / mp.pi) + mp.log(2)
            assert near(loss, rough, 8)
        assert near(reference.overlaps(mix, 20).values.sum(), mp.one, 20)


def test_rotation_and_repetition_of_columns_change_nothing() -> None:
    once = Mixture([[3, 1], [0, 2], [6, 0]])
    turned = Mixture([["9/5", "1", "-12/5"], [0, 2, 0], ["18/5", 0, "-24/5"]])
    assert near(reference.overlaps(once).values, reference.overlaps(turned).values, 29)
    many = 10_000
    wide = Mixture([[0.01] * many, [0.0] * many])
    narrow = Mixture([[wide.exact_means[0][0] * 100], [0]])
    got, expected = reference.gradient(wide).values, reference.gradient(narrow).values
    assert got.shape == (2, many)
    assert near(got[:, 7], expected[:, 0] / 100, 14)


@pytest.mark.parametrize("digits", [0, 4, 501, 12.5, True, "30", None])
def test_digits_out_of_range(digits: Any) -> None:
    with pytest.raises(InputError, match="digits is "):
        reference.overlaps(PAIR, digits)


def test_rank_above_two_names_the_way_out() -> None:
    mix = Mixture(np.eye(4))
    for quantity in (reference.overlaps, reference.loss, reference.gradient):
        with pytest.raises(RankError, match='evaluator="arb"'):
            quantity(mix)


def test_means_too_far_out_name_the_way_out() -> None:
    with pytest.raises(InputError, match=r"means\[0\] reaches further .* evaluator=\"arb\""):
        reference.loss(Mixture([[1e7], [0]]))


def test_results_are_estimates_and_precision_is_restored() -> None:
    before = mp.prec
    result = reference.psi_tilde_norm2(LINE, 12)
    assert isinstance(result, Estimate)
    assert (result.digits, result.shape, mp.prec) == (12, (), before)
