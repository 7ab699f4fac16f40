"""The gradient and the Hessian at a place, in balls.

Over the components a_j of the data with weights w_j, P and Q the overlaps of second and fourth
order over N(0, I) of the means u = mu - a_j (:mod:`gembounds.dynamics.trajectory.hessian`),

    grad_i = sum_j w_j sum_k P_ik u_k,
    d Phi / d lambda_i = exp(lambda_i) - sum_j w_j sum_k P_ik,
    d grad_i / d lambda_k = delta_ik grad_i - sum_j w_j E[psi_i psi_k (u_i - x)],
    d^2 Phi / d lambda_i d lambda_k = delta_ik (exp(lambda_i) - E psi_i) + E psi_i psi_k.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb

from gembounds.dynamics.stationary import floats
from gembounds.dynamics.stationary.place import Place, rational
from gembounds.dynamics.trajectory.hessian import hessian, pair_moments
from gembounds.evaluators.balls import quantities as balls
from gembounds.evaluators.balls.expectations import expectations
from gembounds.evaluators.balls.near import near_components
from gembounds.evaluators.options import ARB_MAX_NODES
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.values.mixture import Mixture

BallArray = npt.NDArray[Any]

GUARD = 32
"""Working bits beyond those of the overlaps (a choice)."""


def gradient(place: Place, bits: int) -> BallArray:
    """The gradient by the unknowns, (N,), the overlaps to ``bits`` bits, 0 for float64; at the
    current precision."""
    if bits == 0:
        slope = _of_floats(place, "gradient")
    else:
        slope = sum(weight * (p @ means_of(part)) for weight, part, p in _overlaps(place, bits))
    flat = np.asarray(slope).ravel()
    return np.concatenate([flat, _weights(place) - masses(place, bits)]) if place.free else flat


def masses(place: Place, bits: int) -> BallArray:
    """E psi, (n,), likewise."""
    if bits == 0:
        return _of_floats(place, "expected_posterior")
    return np.asarray(sum(weight * p.sum(axis=1) for weight, _, p in _overlaps(place, bits)))


def _overlaps(place: Place, bits: int) -> Iterator[tuple[Any, Mixture, BallArray]]:
    """Of each part, with the part and its weight; kept with the parts."""
    light = max(0, math.ceil(-math.log2(float(min(place.mix.exact_weights)) or 1e-300)))
    for weight, part in place.parts:
        make = partial(_absolute, part, bits + light)
        yield weight, part, part.kept(f"absolute overlaps {bits + light}", make)


def _absolute(part: Mixture, bits: int) -> BallArray:
    """Overlaps to an error of about 2^-``bits``, of tiny ones too: the sums need no more."""

    def found(mix: Mixture) -> BallArray:
        reduction, wanted = reduce_exactly(mix), frozenset(["overlaps"])
        sums = expectations(reduction, wanted, bits, bits + GUARD, ARB_MAX_NODES, deep=False)
        return _array(balls.spread_overlaps(mix, reduction, sums))

    return _of_near(part, bits, 2, found)


def _of_near(
    part: Mixture, bits: int, order: int, found: Callable[[Mixture], BallArray]
) -> BallArray:
    """E of the products of ``order`` posteriors, (n, ..., n), from those of the near components'
    mixture. With p the sum of the others' posteriors these are (1 - p)^order times as large at
    each x, and E p <= 2^-bits over the square of the largest |mu_i|^2, which they meet in sums."""
    largest = float(np.einsum("id,id->i", part.means, part.means).max())
    near = near_components(part, bits + 2 * math.ceil(math.log2(1 + largest)) + 8)
    if near is None:
        return found(part)
    out = np.full((part.n,) * order, arb(0, near.left_out), dtype=object)
    out[np.ix_(*[near.which] * order)] = found(near.mix) + arb(0, order * near.left_out)
    return out


def curvature(place: Place, bits: int) -> BallArray:
    """The Hessian of L by the means, or of Phi, (N, N)."""
    n, d = place.n, place.d
    curved, slope, p_all, crossed = _zeros(n, d, n, d), _zeros(n, d), _zeros(n, n), _zeros(n, n, d)
    for weight, part in place.parts:
        q, means = fourth_overlaps(part, bits), means_of(part)
        t = q.sum(axis=3)
        p = t.sum(axis=2)
        curved = curved + weight * hessian(q, means)
        if place.free:
            slope = slope + weight * (p @ means)
            p_all = p_all + weight * p
            crossed = crossed + weight * (
                p[..., None] * means[:, None] - pair_moments(p, t, means)
            )
    flat = curved.reshape(n * d, n * d)
    if not place.free:
        return flat
    return floats.with_weights(flat, slope, p_all, crossed, _weights(place))


def fourth_overlaps(part: Mixture, bits: int) -> BallArray:
    """E[psi_i psi_j psi_k psi_l], (n, n, n, n), to about 2^-``bits``."""
    return _of_near(part, bits, 4, partial(_fourth_overlaps, bits=bits))


def _fourth_overlaps(mix: Mixture, bits: int) -> BallArray:
    reduction = reduce_exactly(mix)
    wanted = frozenset(["fourth"])
    found = expectations(reduction, wanted, bits, bits + GUARD, ARB_MAX_NODES, deep=False).fourth
    assert found is not None
    share, group = balls.shares(mix, reduction), reduction.group
    out = np.empty((mix.n,) * 4, dtype=object)
    for kind in product(range(mix.n), repeat=4):
        value = found[tuple(sorted(group[i] for i in kind))]
        for i in kind:
            value = value * share[i]
        out[kind] = value
    return out


def means_of(mix: Mixture) -> BallArray:
    """The means as balls, (n, d)."""
    return _array([[arb(rational(x)) for x in r] for r in mix.exact_means])


def _weights(place: Place) -> BallArray:
    return _array([arb(rational(w)) for w in place.mix.exact_weights])


def _array(balls_: Any) -> BallArray:
    return np.array(balls_, dtype=object)


def _of_floats(place: Place, name: str) -> BallArray:
    found = floats.quantity(place, name)
    pairs = zip(found.lower.ravel().tolist(), found.upper.ravel().tolist(), strict=True)
    return _array([arb(a).union(arb(b)) for a, b in pairs]).reshape(found.shape)


def _zeros(*shape: int) -> BallArray:
    out = np.empty(shape, dtype=object)
    out.fill(arb(0))
    return out
