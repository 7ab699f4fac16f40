"""Stationary points where means coincide, proved with those means as one.

Where mu_i = mu_k, the gradients grad_i / pi_i and grad_k / pi_k are equal: states whose means
coincide in groups stay so, and the mixture with one component a group, of the group's weight,
has a stationary point there if and only if the whole one has. That of the smaller one may be
proved where that of the whole is no isolated one: with more components than the data have
(directions u_i with sum pi_i u_i = 0 inside a group do not change L to second order where the
group's posterior has the covariance I), or with free weights (weight moves inside a group for
nothing).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.stationary.proof import Proof
from gembounds.values.mixture import Mixture

NEAR = 0.25
"""Means further apart are not tried as one (a choice)."""

SMALL = 0.01
"""Weights below this count less (a choice)."""

Groups = tuple[int, ...]


def groupings(mix: Mixture) -> Iterator[tuple[Groups, float]]:
    """Of the components by distance, nearest first (single linkage): each one's group, and the
    longest link. Where a weight is small, so is what its mean's place matters."""
    group = list(range(mix.n))
    gaps = np.linalg.norm(mix.means[:, None] - mix.means[None], axis=2)
    gaps *= np.sqrt(np.minimum(mix.weights, mix.weights[:, None]).clip(max=SMALL) / SMALL)
    pairs = [(float(gaps[i, k]), i, k) for i in range(mix.n) for k in range(i)]
    for gap, i, k in sorted(pairs):
        if gap > NEAR:
            return
        a, b = group[i], group[k]
        if a != b:
            group = [min(a, b) if g in (a, b) else g for g in group]
            yield tuple(group), gap


def merged(place: Place, groups: Groups) -> Place:
    """One component a group, at its mean."""
    means, weights = [], []
    for g in sorted(set(groups)):
        members = [i for i, own in enumerate(groups) if own == g]
        share = sum((place.mix.exact_weights[i] for i in members), Fraction(0))
        weights.append(share)
        means.append([
            sum((place.mix.exact_weights[i] * place.mix.exact_means[i][k] for i in members),
                Fraction(0)) / share
            for k in range(place.d)
        ])  # fmt: skip
    return Place(Mixture(means, weights), place.data, place.free)


def lifted(small: Place, place: Place, groups: Groups) -> Place:
    """The whole mixture with the small one's means, its weights shared out as ``place`` has
    them."""
    where = {g: a for a, g in enumerate(sorted(set(groups)))}
    rows = [small.mix.exact_means[where[g]] for g in groups]
    own = place.mix.exact_weights
    totals = {g: sum((w for w, h in zip(own, groups, strict=True) if h == g), Fraction(0))
              for g in where}  # fmt: skip
    weights = [
        small.mix.exact_weights[where[g]] * w / totals[g] for w, g in zip(own, groups, strict=True)
    ]
    return Place(Mixture(rows, weights), place.data, place.free)


def data_within(proof: Proof) -> Place | None:
    """The data, if they are the proof's stationary point: KL is 0 there and nowhere below, so its
    gradient is 0, and there is only one."""
    exact = data_near(proof.place)
    return exact if exact is not None and exact.distance(proof.place) <= proof.unique else None


def data_near(place: Place) -> Place | None:
    """The data, component by component where the place has its own; None where they have others,
    or all further away."""
    from scipy.optimize import linear_sum_assignment

    data = place.data.mix
    if data.n != place.n:
        return None
    gaps = np.linalg.norm(place.mix.means[:, None] - data.means[None], axis=2)
    where = linear_sum_assignment(gaps)[1].tolist()
    weights = tuple(data.exact_weights[j] for j in where)
    far = max(gaps[i, j] for i, j in enumerate(where)) > 2 * NEAR
    if far or not (place.free or weights == place.mix.exact_weights):
        return None
    return Place(Mixture([data.exact_means[j] for j in where], weights), place.data, place.free)


def reason_of(groups: Groups, exact: Place | None, place: Place) -> str:
    """Why the stationary point is singular."""
    sets = [[i for i, g in enumerate(groups) if g == own] for own in sorted(set(groups))]
    which = " and ".join("means " + ", ".join(map(str, s)) for s in sets if len(s) > 1)
    spare = len(groups) - len(sets)
    if place.free:
        return (
            f"{which} coincide at a stationary point: weight moves between them for nothing, "
            "so it is not isolated"
        )
    if exact is not None:
        zeros = spare * place.d
        return (
            f"{which} coincide where the model is the data: it has {spare} more "
            f"component{'s' * (spare > 1)} than the data, so that {zeros} "
            f"eigenvalue{'s' * (zeros > 1)} of the Hessian "
            f"{'are' if zeros > 1 else 'is'} 0"
        )
    return f"{which} coincide at a stationary point, and an eigenvalue cannot be told from 0"
