"""Stationary points of L = KL(data || mixture) from a guess, with a proof."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from gembounds.dynamics.stationary import describe, slopes
from gembounds.dynamics.stationary.coincident import (
    data_within,
    groupings,
    lifted,
    merged,
    reason_of,
)
from gembounds.dynamics.stationary.guess import candidates
from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.stationary.proof import (
    Hessian,
    Proof,
    hessian_at,
    length,
    newton_step,
    proof_at,
)
from gembounds.dynamics.stationary.result import StationaryPoint
from gembounds.evaluators.data.components import Components, checked_data
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure, from_balls
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import shown
from gembounds.values.precision import working_precision

KINDS, WEIGHTS = ("gradient", "em"), ("fixed", "free")

RUNGS = (64, 128, 256)
"""Bits of the Hessian, tried in turn (a choice)."""

GUARD = 64
"""Working bits beyond those (a choice)."""

DEFAULT_RTOL, LEAST_RTOL, MOST_RTOL = 1e-15, 1e-100, 1e-3

MAX_SIZE = 64
"""Most unknowns (a choice: the linear algebra is cubic, in balls)."""

STEPS, HESSIANS = 40, 5
"""Most steps of Newton's method in balls, and Hessians on its way, for one rung (choices)."""


class Settled(NamedTuple):
    """A proof, with the Hessian of the place or one near, and the gradient to how many bits."""

    proof: Proof
    hessian: Hessian
    gradient: Any
    bits: int


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
    "not found" where nothing is proved. Raises :class:`InputError` for an option out of range.
    """
    if not isinstance(mix, Mixture):
        raise InputError(f"mix is a {type(mix).__name__}: give a gembounds.Mixture")
    _one_of("kind", kind, KINDS)
    _one_of("weights", weights, WEIGHTS)
    accuracy = DEFAULT_RTOL if rtol is None else rtol
    if not (isinstance(accuracy, (int, float)) and LEAST_RTOL <= accuracy <= MOST_RTOL):
        raise InputError(f"rtol is {shown(rtol)}: give a number from 1e-100 to 1e-3")
    over = checked_data(mix.d, data)
    free = weights == "free"
    if mix.n * (mix.d + free) > MAX_SIZE:
        raise InputError(
            f"{mix.n * (mix.d + free)} unknowns: stationary points go up to {MAX_SIZE}"
        )
    return _found(mix, over, free, kind, float(accuracy))


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(f"{name} is {shown(value)}: give " + " or ".join(map(repr, known)))


def _found(mix: Mixture, data: Components, free: bool, kind: str, rtol: float) -> StationaryPoint:
    at: Place | None = None
    for ended, by_newton in candidates(mix, data, free):
        weights = ended.exact_weights if free else mix.exact_weights
        place = Place(Mixture(ended.means, weights), data, free)
        if not by_newton:
            break
        known = settle(place, rtol, RUNGS[:1])
        if not isinstance(known, Settled):
            found = _coincident(known, kind, rtol, ended)
            if found is not None:
                return found
            known = settle(known, rtol, RUNGS[1:])
        if isinstance(known, Settled):
            return _proved(known, kind, ended)
        at = place
    return _coincident(place, kind, rtol, ended) or _unproved(at, place, kind, ended)


def _coincident(
    place: Place, kind: str, rtol: float, candidate: Mixture
) -> StationaryPoint | None:
    """A point where means coincide, near the place: isolated all the same, or singular."""
    for groups, gap in groupings(place.mix):
        small = merged(place, groups)
        known = settle(small, rtol)
        if not isinstance(known, Settled) or known.proof.place.distance(small) > 2 * gap + 1e-6:
            continue
        exact = data_within(known.proof)
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
    here = place if at is None else at
    with working_precision(RUNGS[0] + GUARD):
        slope = length(slopes.gradient(here, RUNGS[0])[0])
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
    bits = RUNGS[-1]
    with working_precision(bits + GUARD):
        signs = describe.of_loss(hessian_at(place, bits), near)
        if not proved:
            return StationaryPoint(False, "singular", reason, kind, place.free, candidate,
                                   eigenvalues=enclosure(signs))  # fmt: skip
        loss = describe.loss_near(place, slopes.gradient(place, bits)[0], near)
        means, weights = describe.around(place, near)
    return StationaryPoint(
        False, "singular", reason, kind, place.free, candidate, enclosure(means),
        enclosure(weights), eigenvalues=enclosure(signs), loss=not_below_0(loss),
    )  # fmt: skip


def settle(place: Place, rtol: float, rungs: tuple[int, ...] = RUNGS) -> Settled | Place:
    """Newton's method in balls from the place, until a proof encloses the point well enough; where
    no number of bits brings one, the last place."""
    for bits in rungs:
        found = _settle(place, bits, rtol * scale(place))
        if isinstance(found, Settled):
            return found
        place = found
    return place


def scale(place: Place) -> float:
    """The size of the largest mean of the model or the data, or 1."""
    means = max(np.abs(place.mix.means).max(), np.abs(place.data.mix.means).max())
    return max(float(means), 1.0)


def _settle(place: Place, bits: int, wanted: float) -> Settled | Place:
    """With the Hessian to ``bits`` bits, kept along while Newton's method goes on; where no proof
    comes, the last place."""
    best: Settled | None = None
    with working_precision(bits + GUARD):
        hessian, before, fresh = hessian_at(place, bits), math.inf, 1
    for _ in range(STEPS):
        level = max(bits, _bits_for(wanted, hessian.least))
        with working_precision(level + GUARD):
            here, gradient = hessian.at(place), slopes.gradient(place, level)[0]
            step = newton_step(here, gradient)
            size = math.inf if step is None else length(step)
            proof = None if step is None else proof_at(here, step)
            if proof is not None and (best is None or proof.near < best.proof.near):
                best = Settled(proof, hessian, gradient, level)
                if proof.near <= wanted:
                    return best
            if step is None or not size <= 0.5 * before:
                if hessian.place is place or fresh == HESSIANS:
                    break
                hessian, before, fresh = hessian_at(place, bits), math.inf, fresh + 1
                continue
            before = size
            place = place.moved(step, level)
    return place if best is None else best


def _bits_for(wanted: float, least: float) -> int:
    """Of the gradient, for a step known to ``wanted``."""
    if not least > 0:
        return 0
    return min(4096, max(0, math.ceil(-math.log2(wanted * min(least, 1.0)))) + 24)


def _proved(settled: Settled, kind: str, candidate: Mixture) -> StationaryPoint:
    (place, near, unique), hessian, gradient, bits = settled
    exact = data_within(settled.proof)
    with working_precision(bits + GUARD):
        side = unique / math.sqrt(place.size) * (1 - 1e-12)
        box, weight_box = describe.around(place, side)
        if exact is not None:
            place, near, gradient = exact, 0.0, slopes.gradient(exact, bits)[0]
        if hessian.place is not place:
            hessian = hessian_at(place, min(bits, RUNGS[-1]))
        signs = describe.of_loss(hessian, near)
        steps = describe.of_step(hessian, near, bits) if kind == "em" else None
        loss = describe.loss_near(place, gradient, near)
        means, weights = describe.around(place, near)
    nature, reason = _nature(signs, exact is not None)
    return StationaryPoint(
        True, nature, reason, kind, place.free, candidate, enclosure(means), enclosure(weights),
        enclosure(box), enclosure(weight_box) if place.free else None, unique,
        enclosure(signs), None if steps is None else not_below_0(steps), not_below_0(loss),
    )  # fmt: skip


def not_below_0(balls: Any) -> Enclosure:
    return from_balls(balls, within=(0.0, math.inf))


def enclosure(balls: Any) -> Enclosure:
    return from_balls(np.asarray(balls, dtype=object))


def _nature(signs: list[Any], data: bool) -> tuple[str, str]:
    up, down = sum(bool(x > 0) for x in signs), sum(bool(x < 0) for x in signs)
    assert up + down == len(signs), "a proof has an invertible Hessian"
    what = f"one and only one stationary point in the box; eigenvalues: {up} above 0, {down} below"
    if data:
        what += "; the model is the data there"
    return ("local minimum" if not down else "saddle" if up else "local maximum"), what
