"""Theorem 2: gradient EM converges from every start, at the rate 1/sqrt(t).

    eta <= O( exp(-8U(0)) pi_min^2 / (n^2 d^2 (1/mu_max(0) + mu_max(0))^2) ) implies
    L(mu(t)) <= 1/sqrt(gamma t) for all t,
    gamma = Omega( eta exp(-16U(0)) pi_min^4 / (n^2 d^2 (1 + mu_max(0) sqrt(dn))^4) ).

Constants of the paper's own proof, derived in :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.step` and
:mod:`gembounds.papers.xu_fazel_du_2024.old_claims.theorem_2_rate`: 1/20480000 in the step size, 1/5120000^2 in gamma. mu(0)
= 0 is left out, where 1/mu_max(0) means nothing. A point is mu(0), ``share`` (the step size
relative to the largest allowed) and t >= 1, up to 10^3000.

Does the conclusion survive? Yes, as printed, though not by the printed proof: (33) and (36) have
slips that are mended at no cost, Theorem 13 needs another form, but case a) of (29) puts
(n/2) mu_max(0)^2 for U(mu(t)), and mended it asks for a step size smaller by a factor n
(:mod:`gembounds.papers.xu_fazel_du_2024.old_claims.theorem_2_potential`). The sharpened form has a shorter proof, which uses
no smallness of eta, neither Lemmas 11 and 12 nor Theorem 13:

    for every mu(0), 0 < eta <= 1, t >= 1:  L(mu(t)) <= 1/sqrt(gamma t),
    gamma = 8 eta pi_min exp(-U(0)) / (min(n, d) + min(2U(0), 3))^2.

Proof. (1) L(mu(t+1)) <= L - (eta/2) |g|^2 by Jensen's inequality (33, sharpened). (2) U(mu(t))
decreases since sum_i |g_i|^2 <= E|psi~|^2 (29, sharpened). (3) |g|^2 >=
8 pi_min exp(-U) L^3 / (min(n, d) + min(2U, 3))^2 by Stein's identity (34, sharpened), which falls
with U. (4) So 1/L^2 grows by gamma at least in each step (30, sharpened).

Evaluation: no exp(U(0)) steps are run. L(mu(t)) is enclosed for all t at once: from above by
that proof, 1/L^2 >= 1/L^2(mu(0)) + t gamma, with 2u exp(-u/4), u = min(U, 4), the largest 2w,
for min(2U, 3) (gamma falls with U then too); from below since a step takes away at most eta
|g|^2 (1 + (eta/2)(1 + (1+eta)^2 U(0))) and |g|^2 <= E|psi~|^2 <= U(0). What the proof rests on
is decided step by step, from evaluated losses and gradients: eq-29, eq-30, eq-33.2 and eq-34,
sharpened.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import step
from gembounds.papers.xu_fazel_du_2024.old_claims.states import (
    away_from_zero,
    mixtures_and_steps,
    starts,
)
from gembounds.papers.xu_fazel_du_2024.old_claims.theorem_2_rate import sharp_gamma
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

    Points = SearchStrategy[Point]

EXPONENTS = (0, 0, 1, 2, 6, 12, 30, 100, 300, 1000, 3000)
"""Of ten, for the number of steps."""


def after_steps(points: Points) -> Points:
    """The same with t from 1 to 10^3000."""
    from hypothesis import strategies as st

    steps = st.tuples(st.integers(1, 9), st.sampled_from(EXPONENTS))
    return st.tuples(points, steps).map(
        lambda t: Point(t[0].mixture, {**t[0].parameters, "t": t[1][0] * 10 ** t[1][1]})
    )


def starts_and_times() -> Points:
    return after_steps(starts())


def mixtures_steps_and_times() -> Points:
    """Any mixture whose means are not all 0, eta in (0, 1]."""
    moving = mixtures_and_steps().map(
        lambda point: Point(away_from_zero(point.mix), point.parameters)
    )
    return after_steps(moving)


def starts_with_time(ops: Operations, point: Point) -> Tri:
    """mu(0) not 0, 0 < share <= 1, t >= 1."""
    return bool(step.is_start(ops, point) and point["t"] >= 1)


def has_step_and_time(ops: Operations, point: Point) -> Tri:
    """mu(0) not 0, 0 < eta <= 1, t >= 1."""
    return bool(step.steps_to_one(ops, point) and ops.U(point.mix) > 0 and point["t"] >= 1)


def loss_after(ops: Operations, point: Point, constants: Constants) -> Any:
    """An enclosure of L(mu(t)), the whole line where eta > 1."""
    from gembounds.statements.operations import interval_ball

    mix, t = point.mix, ops.ball(point["t"])
    eta = step.step_size(ops, point, constants.get("step", step.STEP_FACTOR))
    if not eta <= 1:
        return interval_ball(-math.inf, math.inf)
    first, square = ops.ball(ops.loss(mix)), ops.ball(ops.U(mix))
    far = min(ops.U(mix), Fraction(4))
    rank = min(mix.n, mix.d) + 2 * ops.ball(far) * ops.exp(-far / 4)
    rate = 8 * eta * ops.ball(ops.pi_min(mix)) * ops.exp(-ops.U(mix)) / rank**2
    top = first.abs_upper()
    upper = top / ops.sqrt(1 + top**2 * rate * t)
    taken = t * eta * square * (1 + eta * (1 + (1 + eta) ** 2 * square) / 2)
    lower = (first - taken).lower()
    return upper.union(lower if lower > 0 else ops.ball(0))


def rate_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """1/sqrt(gamma t)."""
    gamma = step.gamma_of(ops, point, constants)
    return 1 / ops.sqrt(gamma * ops.ball(point["t"]))


def rate_bound_sharp(ops: Operations, point: Point, constants: Constants) -> Any:
    return 1 / ops.sqrt(sharp_gamma(ops, point, constants) * ops.ball(point["t"]))


CLAIMS = (
    Claim(
        id="theorem-2",
        source="Theorem 2, with the constants of its proof",
        text=(
            "eta <= exp(-8U(0)) pi_min^2 / (20480000 n^2 d^2 (1/mu_max(0) + mu_max(0))^2): "
            "L(mu(t)) <= 1/sqrt(gamma t) for all t, "
            "gamma = eta exp(-16U(0)) pi_min^4 / (5120000 n d (1 + mu_max(0) sqrt(dn))^2)^2"
        ),
        relation="<=",
        lhs=loss_after,
        rhs=rate_bound,
        domain=starts_with_time,
        generator=starts_and_times,
        constants={**step.RATE, "step": step.STEP_FACTOR},
        uses=("eq-29", "eq-30"),
        cost=2.0,
    ),
    Claim(
        id="theorem-2-sharpened",
        form="sharpened",
        repairs="theorem-2",
        source="Theorem 2, for larger steps and with a larger rate",
        text=(
            "0 < eta <= 1: L(mu(t)) <= 1/sqrt(gamma t) for all t, "
            "gamma = 8 eta pi_min exp(-U(0)) / (min(n, d) + min(2U(0), 3))^2"
        ),
        relation="<=",
        lhs=loss_after,
        rhs=rate_bound_sharp,
        domain=has_step_and_time,
        generator=mixtures_steps_and_times,
        constants={"factor": Fraction(8), "exponent": Fraction(1)},
        uses=("eq-29-sharpened", "eq-30-sharpened"),
        cost=2.0,
    ),
)
