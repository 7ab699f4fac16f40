"""Moments of tiny configurations, and what their errors do to a gradient and to E|psi~|^2."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import centred, centred_slopes
from gembounds.evaluators.float64.centred_slopes import Moments, centred_gradient, centred_square
from gembounds.values.rounding import gamma

MIXTURES = (
    gb.Mixture([[-0.02], [0.03]]),
    gb.Mixture([[0.3], [0.34], [0.32]], [0.5, 0.375, 0.125]),
    gb.Mixture([[0.01], [-0.0025], [-0.0075], [0.001]], [0.125, 0.25, 0.5, 0.125]),
)


def exact_moments(mix: gb.Mixture) -> tuple[Any, Any]:
    """A and B by a trapezoidal sum of 2,400 nodes."""
    y = np.arange(-12, 12, 1e-2)
    phi = np.exp(-0.5 * y * y) / np.sqrt(2 * np.pi) * 1e-2
    means = mix.means[:, 0]
    logits = np.outer(means, y) - 0.5 * (means**2)[:, None]
    terms = np.exp(logits - mix.weights @ logits)
    a = terms / (mix.weights @ terms) - 1
    return a @ phi, (a * phi) @ a.T


@pytest.mark.parametrize("mix", MIXTURES)
def test_moments_err_by_no_more_than_is_said(mix: gb.Mixture) -> None:
    """With so few points that the error shows."""
    first, second = exact_moments(mix)
    counts = set()
    for rtol in (1e3, 10.0, 1.0, 0.1, 1e-2, 1e-4):
        with np.errstate(all="ignore"):
            tiny = centred.tiny_of(mix, 1e-10)
            found = tiny and centred_slopes._moments(tiny, rtol)
        if not found:
            continue
        counts |= {found.rule.count[0]}
        assert np.abs(found.first - first).max() <= found.first_error + 1e-15
        assert np.abs(found.second - second).max() <= found.second_error + 1e-15
    assert len(counts) > 1


@pytest.mark.parametrize("mix", [*MIXTURES, gb.Mixture([[0.1, 0.0], [0.12, 0.03], [0.09, 0.01]])])
def test_errors_of_moments_are_counted(mix: gb.Mixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moments moved by their errors move the values by no more than the values' errors, and by
    a good part of them."""
    with np.errstate(all="ignore"):
        tiny = centred.tiny_of(mix, 1e-10)
    moments = centred_slopes._moments(tiny, 1e-10) if tiny else None
    assert moments is not None
    rng, most = np.random.default_rng(26), np.zeros(2)

    def ends(first: Any, second: Any, e1: float, e2: float) -> tuple[Any, Any, Any, Any]:
        changed = Moments(first, second, e1, e2, moments.rule)
        monkeypatch.setattr(centred_slopes, "_moments", lambda *_: changed)
        slope, square = centred_gradient(mix, 1e-10), centred_square(mix, 1e-10)
        assert slope is not None and square is not None
        return slope[0], slope[1], square[0], square[1]

    away = np.sign(tiny.parts.away[:, 0]) if tiny else 0
    for e1, e2 in ((1e-6, 0.0), (0.0, 1e-6), (1e-7, 1e-6)):
        sure = ends(moments.first, moments.second, e1, e2)
        for k in range(8):
            signs = (away, -away, np.ones(mix.n))[k] if k < 3 else rng.choice([-1, 1], size=mix.n)
            moved = ends(moments.first + e1 * signs,
                         moments.second + e2 * np.outer(signs, signs), 0.0, 0.0)  # fmt: skip
            slopes = np.abs(moved[0] - sure[0]) / sure[1]
            square = abs(moved[2] - sure[2]) / sure[3]
            assert slopes.max() <= 1 and square <= 1
            most = np.maximum(most, [slopes.max(), square])
    assert most.min() > 0.2


def test_the_values_are_those_of_the_moments() -> None:
    """grad_i L = pi_i ((1 + A_i) m + sum_k pi_k (A_k + B_ik) v_k), and the like for E|psi~|^2."""
    for mix in MIXTURES:
        first, second = exact_moments(mix)
        pi, mean = mix.weights, float(mix.weights @ mix.means[:, 0])
        v = mix.means[:, 0] - mean
        slope, square = centred_gradient(mix, 1e-10), centred_square(mix, 1e-10)
        assert slope is not None and square is not None
        gradient = pi * ((1 + first) * mean + (first + second) @ (pi * v))
        assert np.allclose(slope[0][:, 0], gradient, rtol=1e-9, atol=1e-17)
        whole = mean**2 + 2 * mean * (pi * first) @ v + (pi * v) @ second @ (pi * v)
        assert square[0] == pytest.approx(whole, rel=1e-9, abs=0)


def test_what_rounding_costs_is_the_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """gamma_(2n+12) of pi_i (|m| (1 + |A_i|) + max |A_k + B_ik| V) for a gradient; gamma_(d+2n+12)
    of |m|^2 + 2 max |A| max |<m, v_i>| + max |B| V^2 for the square; all else taken for exact."""
    for mix in (*MIXTURES, gb.Mixture(np.linspace(0.03, 0.05, 40)[:, None])):
        with np.errstate(all="ignore"):
            tiny = centred.tiny_of(mix, 1e-10)
        assert tiny is not None
        exact = tiny.parts._replace(mean_error=0.0, away_error=0.0, tilt_error=0.0)
        moments = centred_slopes._moments(tiny, 1e-8)
        assert moments is not None
        sure = moments._replace(first_error=0.0, second_error=0.0)
        for name, value in (("tiny_of", tiny._replace(parts=exact)), ("_moments", sure)):
            monkeypatch.setattr(centred_slopes, name, lambda *_, value=value: value)
        slope, square = centred_gradient(mix, 1e-8), centred_square(mix, 1e-8)
        monkeypatch.undo()
        assert slope is not None and square is not None
        first, second, wide, n = sure.first, sure.second, exact.widest, mix.n
        size = abs(exact.mean[0]) * (1 + np.abs(first)) + np.abs(first + second).max() * wide
        cost = gamma(2 * n + 12) * mix.weights * size
        assert (cost <= slope[1][:, 0]).all() and np.allclose(slope[1][:, 0], cost, rtol=1e-9)
        one, two = np.abs(first).max(), np.abs(second).max()
        size = tiny.square + 2 * one * exact.tilted + two * wide * wide
        least = gamma(5) * tiny.square  # of |m|^2
        assert square[1] == pytest.approx(gamma(1 + 2 * n + 12) * size + least, rel=1e-9, abs=0)
