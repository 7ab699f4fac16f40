"""From a guess to candidates, in float64: Newton's method, and EM where that leads nowhere.

Nothing here is proved. Newton's method goes on while its steps shrink from the first on, so that
it stays with the stationary point whose basin it is in, saddle or not; otherwise EM goes on, down
L, and Newton's method is tried again after ever more steps. Where EM is still on its way after
all of them, a trust region goes down L from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.stationary import floats
from gembounds.evaluators.data.components import Components
from gembounds.evaluators.data.float64 import evaluate
from gembounds.evaluators.float64.plan import default_nodes
from gembounds.evaluators.quantities import loss
from gembounds.values.mixture import Mixture

FloatArray = npt.NDArray[np.float64]

EM_STEPS = (0, 8, 32, 128, 512)
"""After how many steps of EM Newton's method is tried; in space, where each takes long, not after
the last of them (a choice)."""

NEWTON_STEPS, SHRINK, FIRST = 80, 0.9, 1.0
"""Most steps of Newton's method, the least by which each is shorter than the last, and the
longest first step of a component (choices)."""

DOWNHILL = 200
"""Most steps of the trust region (a choice)."""

ENOUGH = 1e-13
"""Steps as short as this, relative to the size of the unknowns, end the search."""

EM_RTOL = 1e-7
"""Of the quantities in EM's steps (a choice: they only lead to candidates)."""


class Candidate(NamedTuple):
    """A mixture, and whether Newton's method led there."""

    mix: Mixture
    by_newton: bool


def candidates(mix: Mixture, data: Components, free: bool) -> Iterator[Candidate]:
    """Mixtures near which a stationary point may be; the last is where EM stood at the end."""
    done, step = 0, np.inf
    mix = _plain(mix.means, mix.weights)
    in_space = min(mix.n - 1, mix.d) > 2
    for steps in EM_STEPS[: -in_space or None]:
        while done < steps and step > ENOUGH:
            mix, step = _em(mix, data, free)
            done += 1
        found = _newton(mix, data, free)
        if found is not None:
            yield Candidate(found, True)
        if not step > ENOUGH:
            break
    mix = _downhill(mix, data, free)
    found = _newton(mix, data, free)
    if found is not None:
        yield Candidate(found, True)
    yield Candidate(mix, False)


def _plain(means: FloatArray, weights: FloatArray) -> Mixture:
    return Mixture(means, weights / weights.sum())


def _em(mix: Mixture, data: Components, free: bool) -> tuple[Mixture, float]:
    slope, mass = (
        evaluate(name, mix, data, EM_RTOL, default_nodes(mix.n)).mid
        for name in ("gradient", "expected_posterior")
    )
    change = slope / np.maximum(mass, 1e-300)[:, None]
    weights = np.maximum(mass, 1e-300) if free else mix.weights
    size = float(np.abs(change).max())
    if free:
        size = max(size, float(np.abs(weights / mix.weights - 1).max()))
    return _plain(mix.means - change, weights), size


def _newton(mix: Mixture, data: Components, free: bool) -> Mixture | None:
    n, d = mix.n, mix.d
    before = np.inf
    for _ in range(NEWTON_STEPS):
        step = _newton_step(mix, data, free)
        if step is None:
            return None
        size = float(np.linalg.norm(step))
        if before == np.inf and np.abs(step).max() > FIRST:
            return None
        if size > SHRINK * before:  # rounding, or nowhere
            return mix if before < 1e-3 else None
        weights = mix.weights * np.exp(-step[n * d :]) if free else mix.weights
        mix = _plain(mix.means - step[: n * d].reshape(n, d), weights)
        if size <= ENOUGH * (1 + float(np.abs(mix.means).max())):
            return mix
        before = size
    return mix


def _newton_step(mix: Mixture, data: Components, free: bool) -> FloatArray | None:
    slopes = slopes_of(mix, data, free)
    return None if slopes is None else np.asarray(np.linalg.lstsq(*slopes, rcond=1e-14)[0])


@np.errstate(all="ignore")
def slopes_of(mix: Mixture, data: Components, free: bool) -> tuple[FloatArray, FloatArray] | None:
    """The Hessian and the gradient, of L or Phi."""
    known = floats.moments(mix, data)
    if known is None:
        return None
    found = known[1]
    matrix, slope = floats.symmetric(found, mix.weights if free else None), found.gradient.ravel()
    if free:
        slope = np.concatenate([slope, mix.weights - found.mass])
    finite = np.isfinite(matrix).all() and np.isfinite(slope).all()
    return (matrix, slope) if finite else None


def _downhill(mix: Mixture, data: Components, free: bool) -> Mixture:
    """By a trust region, of the means and the logarithms of the weights; Phi is L, as the weights
    are divided by their sum."""
    from scipy import optimize

    minimize: Any = optimize.minimize
    n, d, fixed = mix.n, mix.d, mix.weights
    slopes = slopes_of(mix, data, free)
    if slopes is None:
        return mix

    def at(z: FloatArray) -> Mixture:
        logs = z[n * d :] - z[n * d :].max() if free else None
        return _plain(z[: n * d].reshape(n, d), fixed if logs is None else np.exp(logs) + 1e-300)

    def known(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        found = slopes_of(at(z), data, free)
        return slopes if found is None else found

    start = np.concatenate([mix.means.ravel(), np.log(mix.weights)[: n * free]])
    found = minimize(
        lambda z: float(loss(at(z), data=data.mix, rtol=1e-12).mid), start, method="trust-exact",
        jac=lambda z: known(z)[1], hess=lambda z: known(z)[0],
        options={"gtol": 1e-13, "maxiter": DOWNHILL, "initial_trust_radius": 0.1},
    )  # fmt: skip
    return at(np.asarray(found.x))
