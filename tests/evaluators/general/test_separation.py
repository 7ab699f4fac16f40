"""The example that judges public Monte Carlo estimators: right formulas, few digits."""

from __future__ import annotations

import numpy as np

import gembounds as gb
from examples import separation


def test_the_estimators_agree_with_the_certified_values() -> None:
    """Means of many batches within six standard errors of each entry."""
    mix, data = separation.setting(2, 4)
    for name, certified, estimator, size in separation.QUANTITIES:
        rng = np.random.default_rng(1)
        found = np.array([estimator(mix, data, size, rng) for _ in range(40)])
        error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
        exact = certified(mix, data=data)
        assert (np.abs(found.mean(axis=0) - exact.mid) < 6 * error + exact.rad).all(), name


def test_the_gradient_s_two_formulas_are_one_expectation() -> None:
    """E[psi_i (mu_i - x)] as an expression is the certified gradient."""
    mix, data = separation.setting(2, 4)
    psi, x, _, _ = gb.words
    pull = [[psi[i] * (mix.exact_means[i][j] - x[j]) for j in range(2)] for i in range(4)]
    assert gb.expect(pull, mix, data=data, rtol=1e-8).meets(gb.gradient(mix, data=data)).all()


def test_the_table_says_what_was_found() -> None:
    text = separation.table(((1, 10),), 1)
    rows = [line.split("|")[1:-1] for line in text.splitlines()[2:]]
    assert len(rows) == len(separation.QUANTITIES)
    for row in rows:
        assert float(row[3]) < 4 < 8 < float(row[5])
