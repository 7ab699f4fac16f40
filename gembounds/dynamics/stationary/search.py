"""Stationary points of L = KL(data || mixture) from a guess, with a proof."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gembounds.dynamics.stationary import describe, slopes
from gembounds.dynamics.stationary.coincident import (
    data_near,
    data_within,
    groupings,
    lifted,
    merged,
    reason_of,
)
from gembounds.dynamics.stationary.guess import candidates
from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.stationary.proof import GUARD, LEAST_BITS, hessian_at, length
from gembounds.dynamics.stationary.result import StationaryPoint
from gembounds.dynamics.stationary.settle import Settled, rungs, settle
from gembounds.dynamics.trajectory.settings import KINDS, one_of
from gembounds.evaluators.data.components import Components, checked_data
from gembounds.evaluators.reduction.exact import exact_rank
from gembounds.tools.errors import InputError, RankError
from gembounds.values.enclosure import Enclosure, from_balls
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import shown
from gembounds.values.precision import working_precision

WEIGHTS = ("fixed", "free")

LEAST_RTOL, MOST_RTOL = 1e-100, 1e-3

MAX_RANK = 3
"""Most dimensions of the differences of the means (a choice: beyond, grids take minutes each)."""

FAR = 1e100
"""Of entries of means: squares stay far from the end of float64's range (a choice)."""

MAX_SIZE = 64
"""Most unknowns (a choice: the linear algebra is cubic, in balls)."""


def stationary(
    mix: Mixture, *, data: Mixture | None = None, kind: str = "gradient", weights: str = "fixed",
    rtol: float | None = None,
) -> StationaryPoint:  # fmt: skip
    """A stationary point of L = KL(data || mixture) near ``mix``, with a proof of what it is.

        grad_i L = E[psi_i (mu_i - x)] = 0 for all i;  with free weights also E psi_i = pi_i

    These are the fixed points of gradient EM and, as E psi_i > 0, of EM proper
    (mu_i = E[psi_i x] / E psi_i) as well. From the guess ``mix``, Newton's method, or EM and then
    Newton's method, in float64, lead to a candidate; balls prove that one and only one stationary
    point lies in a box around it, enclose it, and enclose the eigenvalues of the Hessian there.

    Parameters
    ----------
    mix : the guess, a Mixture; with fixed weights, its weights are those of the model
    data : what x is distributed as, a Mixture of the same d; None: N(0, I)
    kind : "gradient", or "em": ``multipliers`` are then the eigenvalues of the derivative of EM's
        step there. The points and their nature are the same: EM's step is attracted where the
        Hessian is positive definite, and nowhere else.
    weights : "fixed" or "free"
    rtol : the width of ``means`` relative to the largest entry of the means and the data, or to 1
        if that is larger, 1e-100 to 1e-3 (default 1e-15); as near as the grids allow

    Returns a :class:`StationaryPoint`. ``nature`` is "singular" where the Hessian has an
    eigenvalue that cannot be told from 0, as where the model has more components than the data;
    "not found" where nothing is proved. Raises :class:`InputError` for an option out of range
    and :class:`RankError` where the means span more than three dimensions after reduction.
    """
    if not isinstance(mix, Mixture):
        raise InputError(f"mix is a {type(mix).__name__}: give a gembounds.Mixture")
    one_of("kind", kind, KINDS)
    one_of("weights", weights, WEIGHTS)
    known = isinstance(rtol, (int, float)) and LEAST_RTOL <= rtol <= MOST_RTOL
    if not (rtol is None or known):
        raise InputError(f"rtol is {shown(rtol)}: give a number from 1e-100 to 1e-3")
    over = checked_data(mix.d, data)
    _check_size(mix, over.mix)
    free = weights == "free"
    if mix.n * (mix.d + free) > MAX_SIZE:
        raise InputError(
            f"{mix.n * (mix.d + free)} unknowns: stationary points go up to {MAX_SIZE}"
        )
    return _found(mix, over, free, kind, rtol)


def _check_size(mix: Mixture, data: Mixture) -> None:
    if min(mix.n - 1, mix.d) > MAX_RANK and (rank := exact_rank(mix)) > MAX_RANK:
        raise RankError(
            f"the means span {rank} dimensions after reduction: stationary points go up to "
            f"{MAX_RANK}"
        )
    largest = max(np.abs(mix.means).max(), np.abs(data.means).max())
    if not largest < FAR:
        raise InputError(
            f"a mean has an entry of size {largest:.3g}: give smaller ones than 1e100"
        )


def _found(
    mix: Mixture, data: Components, free: bool, kind: str, rtol: float | None
) -> StationaryPoint:
    at: Place | None = None
    for ended, by_newton in candidates(mix, data, free):
        weights = ended.exact_weights if free else mix.exact_weights
        place = Place(Mixture(ended.means, weights), data, free)
        if not by_newton:
            break
        found = _at(place, kind, rtol, ended)
        if found is not None:
            return found
        at = place
    return _beside(place, kind, rtol, ended) or _unproved(at, place, kind, ended)


def _at(place: Place, kind: str, rtol: float | None, candidate: Mixture) -> StationaryPoint | None:
    """Where Newton's method ended: from quick proofs to slow ones."""
    known = settle(place, rtol, slice(1))
    if not isinstance(known, Settled):
        found = _coincident(place, kind, rtol, candidate, the_data=True)
        if found is not None:
            return found
        known = settle(known, rtol, slice(1, 2))
    if not isinstance(known, Settled):
        found = _beside(place, kind, rtol, candidate)
        if found is not None:
            return found
        known = settle(known, rtol, slice(2, None))
    return _proved(known, kind, candidate) if isinstance(known, Settled) else None


def _beside(
    place: Place, kind: str, rtol: float | None, candidate: Mixture
) -> StationaryPoint | None:
    """The data themselves, or a point where means coincide, near the place."""
    data = data_near(place)
    if data is not None:
        known = settle(data, rtol)
        if isinstance(known, Settled):
            return _proved(known, kind, candidate)
    return _coincident(place, kind, rtol, candidate)


def _coincident(
    place: Place, kind: str, rtol: float | None, candidate: Mixture, the_data: bool = False
) -> StationaryPoint | None:
    """A point where means coincide, near the place: isolated all the same, or singular.
    ``the_data``: only where the model is the data."""
    for groups, gap in groupings(place.mix):
        small = merged(place, groups)
        known = settle(small, rtol)
        if not isinstance(known, Settled) or known.proof.place.distance(small) > 2 * gap + 1e-6:
            continue
        exact = data_within(known.proof)
        if the_data and exact is None:
            continue
        whole = lifted(exact or known.proof.place, place, groups)
        if not (exact or place.free):
            again = settle(whole, rtol)
            if isinstance(again, Settled):
                return _proved(again, kind, candidate)
        near = 0.0 if exact else known.proof.near * math.sqrt(place.n) * (1 + 1e-12)
        return _singular(whole, near, kind, candidate, reason_of(groups, exact, place))
    return None


def _unproved(at: Place | None, place: Place, kind: str, ended: Mixture) -> StationaryPoint:
    """What is known where nothing is proved: ``at`` is where Newton's method ended, if it did."""
    here = at or place
    with working_precision(LEAST_BITS + GUARD):
        slope = length(slopes.gradient(here, LEAST_BITS if here.flat else 0))
        text = f"the search ended where the gradient is at most {slope * 1.01:.2g}"
        if at is None:
            return StationaryPoint(False, "not found", f"nothing proved: {text}", kind,
                                   place.free, ended)  # fmt: skip
    text = f"no proof, as an eigenvalue of the Hessian is too near 0: {text}"
    return _singular(at, 0.0, kind, ended, text, proved=False)


def _singular(
    place: Place, near: float, kind: str, candidate: Mixture, reason: str, proved: bool = True
) -> StationaryPoint:
    """Of a stationary point within ``near`` of the place, or of the place where none is
    ``proved``."""
    bits = rungs(place)[-1]
    with working_precision(bits + GUARD):
        signs = describe.of_loss(hessian_at(place, bits), near)
        reason += f"; eigenvalues: {_counts(signs)}"
        if not proved:
            return StationaryPoint(False, "singular", reason, kind, place.free, candidate,
                                   eigenvalues=enclosure(signs))  # fmt: skip
        loss = describe.loss_near(place, slopes.gradient(place, bits), near)
        means, weights = describe.around(place, near)
    return StationaryPoint(
        False, "singular", reason, kind, place.free, candidate, enclosure(means),
        enclosure(weights), eigenvalues=enclosure(signs), loss=not_below_0(loss),
    )  # fmt: skip


def _proved(settled: Settled, kind: str, candidate: Mixture) -> StationaryPoint:
    (place, near, unique), hessian, gradient, bits = settled
    exact = data_within(settled.proof)
    with working_precision(max(bits, LEAST_BITS) + GUARD):
        # less what rounding the box's ends to float64 takes
        side = settled.proof.side - (1 + np.abs(place.mix.means).max()) * 2.0**-51
        fits = settled.proof.within(side)
        box, weight_box = map(enclosure, describe.inside(place, side)) if fits else (None, None)
        if exact is not None:
            unique -= exact.distance(place) * (1 + 1e-12)
            place, near, gradient = exact, 0.0, slopes.gradient(exact, bits)
        if hessian.place is not place or (place.flat and not hessian.by_balls):
            hessian = hessian_at(place, min(bits, rungs(place)[-1])).at(place)
        signs = describe.of_loss(hessian, near)
        steps = describe.of_step(hessian, near, bits) if kind == "em" else None
        loss = describe.loss_near(place, gradient, near)
        means, weights = describe.around(place, near)
    nature, reason = _nature(settled.hessian.below, len(signs), exact is not None)
    return StationaryPoint(
        True, nature, reason, kind, place.free, candidate, enclosure(means), enclosure(weights),
        box, weight_box if place.free else None, unique * (1 - 1e-12),
        enclosure(signs), None if steps is None else not_below_0(steps), not_below_0(loss),
    )  # fmt: skip


def not_below_0(balls: Any) -> Enclosure:
    return from_balls(balls, within=(0.0, math.inf))


def enclosure(balls: Any) -> Enclosure:
    return from_balls(np.asarray(balls, dtype=object))


def _nature(down: int, size: int, data: bool) -> tuple[str, str]:
    """Of a proof, whose Hessian is invertible with the same signs on all of the ball: how many of
    the eigenvalues are below 0. With free weights the Hessian of Phi has one above 0 more."""
    signs = f"{size - down} above 0, {down} below"
    what = f"one and only one stationary point in the box; eigenvalues: {signs}"
    if data:
        what += "; the model is the data there"
    nature = "local minimum" if not down else "saddle" if down < size else "local maximum"
    return nature, what


def _counts(signs: list[Any]) -> str:
    up, down = sum(bool(x > 0) for x in signs), sum(bool(x < 0) for x in signs)
    open_ = len(signs) - up - down
    return f"{up} above 0, {down} below" + f", {open_} not told from 0" * bool(open_)
