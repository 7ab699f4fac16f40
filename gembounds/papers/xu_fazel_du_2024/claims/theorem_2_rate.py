"""Theorem 2: the steps of its proof that give the rate, (34), (35) and (30).

At every state mu of :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.step`, g = grad L(mu), m = mu_max(0), eta at most what
the theorem allows; mu(t) is written mu, and mu(t+1) = mu - eta g:

    (34)  |g| >= Omega( exp(-8U(0)) pi_min^2 / (n d (1 + m sqrt(dn))^2) ) L^(3/2),
    (35)  L(mu(t+1)) <= L - Omega( eta exp(-16U(0)) pi_min^4 / (n^2 d^2 (1 + m sqrt(dn))^4) ) L^3,
    (30)  1/L^2(mu(t)) >= gamma t + 1/L^2(mu(0)), by induction: 1/L^2(mu(t+1)) >= gamma + 1/L^2.

(30) is decided as its induction does it, from every state to the next; all t follow, and t = 1
is the printed statement itself. 1/L^2(mu(t+1)) >= gamma + 1/L^2 is compared in the equivalent
form L - L(mu(t+1)) >= L - L/sqrt(1 + gamma L^2), in which nothing cancels.

Constants of the proof: (34) has Lemma 12's 1/10240000 before (2L)^(3/2), since |mu| <=
n mu_max(t) and mu_max(t)^2 >= 2L; (35) and gamma have half the square of that with the 2^(3/2),
which is 1/5120000^2.

(34) sharpened: |g| >= sqrt(8 pi_min) exp(-U/2) L^(3/2) / (min(n, d) + min(2U, 3)), any mixture.
Proof. Let F = E|psi~|^2, Y = sum_i pi_i |mu_i|^2, W = sum_i E[psi_i] |mu_i|^2, r the dimension of
the means' span, m_t = mu_max(t). By Stein's identity E<psi~, x> = E div psi~ = W - F, and the
left side sees x in the span only, so W - F <= sqrt(r F), hence F >= W^2/(r + 2W), increasing in
W. By E psi_i >= pi_i exp(-|mu_i|^2/4) (:mod:`gembounds.papers.xu_fazel_du_2024.old_claims.sharpened_11_12`) W >= w =
exp(-m_t^2/4) Y, which is at most m_t^2 <= U and at most 4/e < 3/2, so F >= exp(-m_t^2/2) Y^2 /
(r + min(2U, 3)). Last, |g| >= <g, mu>/|mu| = F/sqrt(U), U <= Y/pi_min, Y >= 2L by Theorem 14,
r <= min(n, d), m_t^2 <= U.

(30) sharpened, for every eta in (0, 1] and every mixture with L > 0: 1/L^2 grows by at least
8 eta pi_min exp(-U) / (min(n, d) + min(2U, 3))^2 in a step. By (33)'s ends and (34), both
sharpened, a = L and b = L(mu(t+1)) have a - b >= (eta/2)|g|^2, b <= a, and
1/b^2 - 1/a^2 = (a-b)(a+b)/(a^2 b^2) >= 2(a-b)/a^3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import moved_state, step
from gembounds.papers.xu_fazel_du_2024.old_claims.states import (
    away_from_zero,
    mixtures_and_steps,
    mixtures_not_far,
    states,
)
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

    Points = SearchStrategy[Point]


def gradient_length(ops: Operations, point: Point, constants: Constants) -> Any:
    square = step.gradient_norm2(ops, point.mix)
    return square if square == 0 else ops.sqrt(square)


def loss_power(ops: Operations, point: Point, power: int, factor: int = 1) -> Any:
    """(factor L)^(power/2), of the non-negative part of L's ball."""
    return ops.sqrt(factor * ops.ball(ops.loss(point.mix))) ** power


def gradient_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor exp(-8U(0)) pi_min^2 / (n d (1 + mu_max(0) sqrt(dn))^2) (2L)^(3/2)."""
    mix = point.mix
    scale = constants["factor"] * ops.pi_min(mix) ** 2 / (mix.n * mix.d)
    decay = ops.exp(-constants["exponent"] * step.start(ops, point)[0])
    lower = decay * ops.ball(scale) / step.root_factor(ops, point) ** 2
    return Fraction(0) if ops.U(mix) == 0 else lower * loss_power(ops, point, 3, 2)


def gradient_bound_sharp(ops: Operations, point: Point, constants: Constants) -> Any:
    mix = point.mix
    if ops.U(mix) == 0:
        return Fraction(0)
    root = ops.sqrt(constants["square"] * ops.pi_min(mix))
    decay = ops.exp(-constants["exponent"] * ops.U(mix))
    return root * decay * loss_power(ops, point, 3) / ops.ball(size_of_start(ops, point))


def cubic_decrease(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor eta exp(-16U(0)) pi_min^4 / (n^2 d^2 (1 + mu_max(0) sqrt(dn))^4) L^3."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    return step.gamma_of(ops, point, constants) * loss_power(ops, point, 6)


def decrease(ops: Operations, point: Point, constants: Constants) -> Any:
    """L(mu(t)) - L(mu(t+1)); exactly 0 where all means are 0."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    return -moved_state.loss_change(ops, point.mix, step.step_size(ops, point))


def needed_decrease(ops: Operations, point: Point, gamma: Any) -> Any:
    """L - L/w with w = sqrt(1 + gamma L^2), which is gamma L^3 / (w (1 + w))."""
    loss = ops.ball(ops.loss(point.mix)).nonnegative_part()
    root = ops.sqrt(1 + gamma * loss**2)
    return gamma * loss**3 / (root * (1 + root))


def needed_for_gamma(ops: Operations, point: Point, constants: Constants) -> Any:
    return needed_decrease(ops, point, step.gamma_of(ops, point, constants))


def needed_for_gamma_sharp(ops: Operations, point: Point, constants: Constants) -> Any:
    return needed_decrease(ops, point, sharp_gamma(ops, point, constants))


def sharp_gamma(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor eta pi_min exp(-exponent U) / (min(n, d) + min(2U, 3))^2."""
    mix = point.mix
    scale = constants["factor"] * point["eta"] * ops.pi_min(mix) / size_of_start(ops, point) ** 2
    return ops.exp(-constants["exponent"] * ops.U(mix)) * ops.ball(scale)


def size_of_start(ops: Operations, point: Point) -> Fraction:
    """min(n, d) + min(2U, 3)."""
    return min(point.mix.n, point.mix.d) + min(2 * ops.U(point.mix), Fraction(3))


def moving_states() -> Points:
    """States whose means are not all 0."""
    return states(zero=False)


def moving_mixtures_and_steps() -> Points:
    """Mixtures whose means are not all 0, eta in (0, 1]."""
    return mixtures_and_steps().map(
        lambda point: Point(away_from_zero(point.mix), point.parameters)
    )


def moves_on(ops: Operations, point: Point) -> Tri:
    """A state with L > 0, which is where some mean is not 0."""
    return bool(step.is_state(ops, point) and ops.U(point.mix) > 0)


def moves_by_one(ops: Operations, point: Point) -> Tri:
    """A mixture with L > 0, 0 < eta <= 1."""
    return bool(step.steps_to_one(ops, point) and ops.U(point.mix) > 0)


CLAIMS = (
    Claim(
        id="eq-30",
        source="proof of Theorem 2, (30)",
        text=(
            "1/L^2(mu(t+1)) >= gamma + 1/L^2(mu(t)), "
            "gamma = eta exp(-16U(0)) pi_min^4 / (5120000 n d (1 + mu_max(0) sqrt(dn))^2)^2"
        ),
        relation=">=",
        lhs=decrease,
        rhs=needed_for_gamma,
        domain=moves_on,
        generator=moving_states,
        constants=step.RATE,
        uses=("eq-35",),
        cost=2.0,
    ),
    Claim(
        id="eq-30-sharpened",
        form="sharpened",
        repairs="eq-30",
        source="proof of Theorem 2, (30)",
        text=(
            "any mixture, 0 < eta <= 1: 1/L^2(mu - eta g) - 1/L^2(mu) >= "
            "8 eta pi_min exp(-U) / (min(n, d) + min(2U, 3))^2"
        ),
        relation=">=",
        lhs=decrease,
        rhs=needed_for_gamma_sharp,
        domain=moves_by_one,
        generator=moving_mixtures_and_steps,
        constants={"factor": Fraction(8), "exponent": Fraction(1)},
        uses=("eq-33.2-sharpened", "eq-34-sharpened"),
        cost=2.0,
    ),
    Claim(
        id="eq-34",
        source="proof of Theorem 2, (34)",
        text=(
            "|g| >= exp(-8U(0)) pi_min^2 (2L)^(3/2) / (10240000 n d (1 + mu_max(0) sqrt(dn))^2)"
        ),
        relation=">=",
        lhs=gradient_length,
        rhs=gradient_bound,
        domain=step.is_state,
        generator=states,
        constants={"factor": step.LEMMA_12, "exponent": Fraction(8)},
        uses=(
            "corollary-10.1",
            "corollary-10.2",
            "lemma-12.2",
            "theorem-14.1",
            "theorem-14.2",
            "eq-29",
        ),
        cost=2.0,
    ),
    Claim(
        id="eq-34-sharpened",
        form="sharpened",
        repairs="eq-34",
        source="proof of Theorem 2, (34)",
        text=("any mixture: |g| >= sqrt(8 pi_min) exp(-U/2) L^(3/2) / (min(n, d) + min(2U, 3))"),
        relation=">=",
        lhs=gradient_length,
        rhs=gradient_bound_sharp,
        domain=has_mixture,
        generator=mixtures_not_far,
        constants={"square": Fraction(8), "exponent": Fraction(1, 2)},
        uses=(
            "lemma-16",
            "eq-8",
            "corollary-10.1-repaired",
            "corollary-10.2-repaired",
            "theorem-14.1",
        ),
        cost=2.0,
    ),
    Claim(
        id="eq-35",
        source="proof of Theorem 2, (35)",
        text=(
            "L - L(mu(t+1)) >= eta exp(-16U(0)) pi_min^4 L^3 / "
            "(5120000 n d (1 + mu_max(0) sqrt(dn))^2)^2"
        ),
        relation=">=",
        lhs=decrease,
        rhs=cubic_decrease,
        domain=step.is_state,
        generator=states,
        constants=step.RATE,
        uses=("eq-33.1", "eq-33.2", "eq-34"),
        cost=2.0,
    ),
)
