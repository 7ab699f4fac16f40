"""The parts of the reference: Gauss-Legendre, the plane, the panels, psi and the scalars."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from gembounds import InputError, Mixture
from gembounds.evaluators import reference
from gembounds.evaluators.reference.arithmetic import Mpmath, fastest
from gembounds.evaluators.reference.legendre import gauss
from gembounds.evaluators.reference.panels import ROOT, Accuracy, Tracks, line_panels
from gembounds.evaluators.reference.plane import plane_of


@pytest.mark.parametrize("count", [2, 3, 8, 25])
def test_gauss_is_exact_up_to_degree_2n_minus_1(count: int) -> None:
    with mp.workdps(40):
        rule = gauss(count)
        for k in range(2 * count + 1):
            error = abs((rule.weights * rule.nodes**k).sum() - mp.mpf(1 + (-1) ** k) / (k + 1))
            assert (error < mp.mpf(10) ** -38) == (k < 2 * count)


def test_gauss_gives_the_last_two_legendre_coefficients() -> None:
    with mp.workdps(30):
        rule = gauss(6)
        f = 3 * np.frompyfunc(lambda x: mp.legendre(5, x), 1, 1)(rule.nodes)
        f = f + 7 * np.frompyfunc(lambda x: mp.legendre(4, x), 1, 1)(rule.nodes)
        assert abs(rule.last @ f - 3) < mp.mpf(10) ** -27
        assert abs(rule.second @ f - 7) < mp.mpf(10) ** -27


def test_rank_is_exact() -> None:
    thin = Mixture([["1e-40", 0, 0], [0, 0, 0], [1, 0, 0], [0.5, 0, "1e-50"]])
    assert plane_of(thin).rank == 2
    assert plane_of(Mixture([[0.1, 0.2], ["1/10", "1/5"]])).rank == 1
    assert plane_of(Mixture([["1/10", "1/5"], ["1/10", "1/5"]])).rank == 0


def test_plane_keeps_all_inner_products_and_lifts_back() -> None:
    mix = Mixture([[1, 2, 3, 3], [0, -1, "1/2", "1/2"], [2, 2, 1, 1]], None)
    plane = plane_of(mix)
    with mp.workdps(40):
        inside = plane.coordinates()
        gram = inside @ inside.T
        for i, a in enumerate(mix.exact_means):
            for k, b in enumerate(mix.exact_means):
                exact = sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
                value = mp.mpf(exact.numerator) / exact.denominator
                centre2 = mp.mpf(plane.centre2.numerator) / plane.centre2.denominator
                assert abs(gram[i, k] + centre2 - value) < mp.mpf(10) ** -36
        lifted = plane.lift(inside, [1, 1, 1])
        assert np.abs((lifted - mix.means).astype(float)).max() < 1e-15


def test_panels_cover_the_window_without_overlap_and_close_in_on_a_kink() -> None:
    means = np.array([[50.0, 0.0], [0.0, 0.0]])
    logits = -0.5 * (means**2).sum(axis=1)
    tracks = Tracks(means[:1] + means[1:], logits[:1] + logits[1:], 2, means, logits)
    x, y = tracks.peaks()
    assert abs(x[0] - 25) < 0.1  # psi_1 psi_2 phi peaks where the two logits meet
    (panels,) = line_panels(tracks, np.zeros(1), tracks.exponent(x, y), Accuracy(30))
    ends = sorted((p.index * ROOT / 2**p.level, (p.index + 1) * ROOT / 2**p.level) for p in panels)
    for (_, stop), (start, _) in pairwise(ends):
        assert stop == start
    assert ends[0][0] < 25 < ends[-1][1]
    at_kink = min(stop - start for start, stop in ends if start <= 25 <= stop)
    assert at_kink <= 4 * np.pi / 50


def test_psi_and_scalars() -> None:
    mix = Mixture([[1, 0], [-1, 2]], ["1/4", "3/4"])
    with mp.workdps(40):
        # logits differ by <x, mu_1 - mu_2> - (1 - 5)/2 - log 3 = 2 - log 3 at x = 0
        odds = mp.exp(2) / 3
        got = reference.psi(mix, [0, "0.0"]).values
        assert abs(got[0] - odds / (1 + odds)) < mp.mpf(10) ** -33
        far = reference.psi(mix, ["1e6", 0]).values[1]
        assert abs(far / (3 * mp.exp(-2_000_002)) - 1) < mp.mpf(10) ** -30
        assert reference.U(mix).values == 6
        assert abs(reference.mu_max(mix).values[()] ** 2 - 5) < mp.mpf(10) ** -30
        assert reference.pi_min(mix).values == 0.25


@pytest.mark.parametrize("x", [[1], [1, 2, 3], "12", 3, [1, "a"], [1, float("nan")]])
def test_psi_of_a_point_that_is_none(x: object) -> None:
    with pytest.raises(InputError, match="x"):
        reference.psi(Mixture([[1, 0], [-1, 2]]), x)


def test_inner_sums_agree_without_gmpy2(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Mixture([[1, 0], [-1, 2], [3, -2]], ["1/4", "1/2", "1/4"])

    def values() -> list[Any]:
        quantities = reference.gradient, reference.psi_tilde_norm2, reference.loss
        small = Mixture([["1/2", 0], [0, "1/2"], [0, 0]])
        return [reference.overlaps(small, 6), *(quantity(line, 12) for quantity in quantities)]

    first = values()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "gmpy2", None)
        fastest.cache_clear()
        assert isinstance(fastest(), Mpmath)
        second = values()
    fastest.cache_clear()
    for a, b in zip(first, second, strict=True):
        x, y = np.ravel(a.values), np.ravel(b.values)
        assert np.abs(x - y).max() <= mp.mpf(10) ** -a.digits * np.abs(y).max()


def test_a_feature_that_panels_miss_is_an_error_not_a_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # every panel with two nodes: no two rules can agree
    monkeypatch.setattr(Accuracy, "rounded", lambda self, count: 2 + self.refine)
    with pytest.raises(reference.NotConverged, match="did not agree to 30 digits"):
        reference.overlaps(Mixture([[1], [-1]]), 30)
