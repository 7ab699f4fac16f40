"""Theorem 2: the steps of its proof that keep U bounded, (36) to (38), case a) and (29).

At every state mu of :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.step`, m = mu_max(0), eta at most what the theorem
allows; mu(t) is written mu, and mu(t+1) = mu - eta grad L(mu):

    (36)  U(mu(t+1)) = U - eta E|psi~|^2 + eta^2 sum_i |grad_{mu_i} Q|^2,
    (37)  eta E|psi~|^2 >= eta Omega( exp(-8U(0)) pi_min^2 / (n^2 d (1 + m sqrt(nd))^2) ) U^2,
    (38)  eta^2 sum_i |grad_{mu_i} Q|^2 <= eta^2 U,
    case a)  U(0)/2 <= U <= U(0) implies U >= (n/2) m^2,
    (29)  U(mu(t)) <= U(0), by induction: U <= U(0) implies U(mu(t+1)) <= U(0).

(29) is decided as its induction does it, from every state to the next; t = 0 is the printed
statement at t = 1. (37) has Lemma 12's constant 1/10240000. Changes U(mu(t+1)) - U are compared,
with U on the other side, so that nothing cancels.

(36) as printed lost a factor 2: the cross term of |mu_i - eta g_i|^2 is -2 eta <mu_i, g_i>.
*A slip*, which costs the proof nothing. Repaired with the 2: the expansion of the square, and
Corollary 10. On the left q_i = E[psi_i (mu_i - x)] comes from first moments,
-2 eta sum_i <mu_i, q_i> + eta^2 sum_i |q_i|^2; the right side comes from the overlaps.

Case a), an unnumbered display after (38), puts (n/2) m^2 for U: *an error*, as U(0) <= n m^2 and
not the reverse. Repaired: U >= m^2/2, as U(0) >= m^2. With it the proof needs a step size smaller
by a factor n than the theorem's where mu_max(0) is near 1, so it does not reach the theorem's
condition. (29) holds all the same, in every step with eta <= 2 (sharpened):

    sum_i |grad_{mu_i} L|^2 <= E|psi~|^2                                         (38, sharpened)

since |E psi_i psi~|^2 <= E[psi_i] E[psi_i |psi~|^2]. So with (36) repaired
U(mu(t+1)) - U <= -eta (2 - eta) E|psi~|^2 <= 0, with no use of (37) and of Lemma 12.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import step
from gembounds.papers.xu_fazel_du_2024.old_claims.states import (
    mixtures_and_steps,
    mixtures_not_far,
    starts,
    states,
)
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

    Points = SearchStrategy[Point]


def slow_states() -> Points:
    return states(slow=True)


def slow_starts() -> Points:
    return starts(slow=True)


def change_of_U(ops: Operations, point: Point, constants: Constants) -> Any:
    """U(mu(t+1)) - U(mu(t)) from the first moments E[psi_i x]."""
    from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import along, pull

    mix, eta = point.mix, step.eta_of(ops, point)
    inner, square = [], []
    for q, mean in zip(pull(ops, mix), ops.means(mix), strict=True):
        inner.append(ops.ball(along(ops, mix, q, mean)))
        lengths = zip(ops.multiplicities(mix), map(ops.ball, q), strict=True)
        square.append(sum((m * x * x for m, x in lengths), ops.ball(0)))
    return eta**2 * step.total(square) - 2 * eta * step.total(inner)


def expanded_change_of_U(ops: Operations, point: Point, constants: Constants) -> Any:
    """-cross eta E|psi~|^2 + eta^2 sum_i |grad_{mu_i} Q|^2."""
    mix, eta = point.mix, step.eta_of(ops, point)
    first = ops.ball(constants["cross"]) * eta * ops.ball(ops.psi_tilde_norm2(mix))
    return eta**2 * ops.ball(step.gradient_norm2(ops, mix)) - first


def eta_times_U(ops: Operations, point: Point, constants: Constants) -> Any:
    return step.eta_of(ops, point) * ops.ball(ops.U(point.mix))


def first_term(ops: Operations, point: Point, constants: Constants) -> Any:
    if ops.U(point.mix) == 0:
        return Fraction(0)
    return step.eta_of(ops, point) * ops.ball(ops.psi_tilde_norm2(point.mix))


def first_term_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    mix = point.mix
    if ops.U(mix) == 0:
        return Fraction(0)
    scale = constants["factor"] * (ops.pi_min(mix) * ops.U(mix)) ** 2 / (mix.n**2 * mix.d)
    decay = ops.exp(-constants["exponent"] * step.start(ops, point)[0])
    return step.eta_of(ops, point) * decay * ops.ball(scale) / step.root_factor(ops, point) ** 2


def second_term(ops: Operations, point: Point, constants: Constants) -> Any:
    if ops.U(point.mix) == 0:
        return Fraction(0)
    return step.eta_of(ops, point) ** 2 * ops.ball(step.gradient_norm2(ops, point.mix))


def second_term_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    square = constants["factor"] * ops.U(point.mix)
    return square if square == 0 else step.eta_of(ops, point) ** 2 * ops.ball(square)


def gradient_square(ops: Operations, point: Point, constants: Constants) -> Any:
    return step.gradient_norm2(ops, point.mix)


def posterior_mean_square(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor E|psi~|^2; exact where all means coincide."""
    square = ops.psi_tilde_norm2(point.mix)
    exact = isinstance(square, Fraction)
    return constants["factor"] * square if exact else ops.ball(constants["factor"]) * square


def change_of_U_by_balls(ops: Operations, point: Point, constants: Constants) -> Any:
    """U(mu(t+1)) - U(mu(t)), from (36) repaired: exactly 0 where all means are 0."""
    mix = point.mix
    if ops.U(mix) == 0:
        return Fraction(0)
    eta = step.step_size(ops, point)
    inner = 2 * eta * ops.ball(ops.psi_tilde_norm2(mix))
    return eta**2 * ops.ball(step.gradient_norm2(ops, mix)) - inner


def room_for_U(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """kept U(0) - U(mu(t))."""
    total, _ = step.start(ops, point)
    return constants["kept"] * total - ops.U(point.mix)


def nothing(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return Fraction(0)


def state_U(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return ops.U(point.mix)


def share_of_start(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """factor mu_max(0)^2."""
    return constants["factor"] * step.start(ops, point)[1]


def components_of_start(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """factor n mu_max(0)^2."""
    return point.mix.n * share_of_start(ops, point, constants)


def is_large_state(ops: Operations, point: Point) -> Tri:
    """A state with U(mu) >= U(0)/2."""
    if step.is_state(ops, point) is not True:
        return False
    return bool(2 * ops.U(point.mix) >= step.start(ops, point)[0])


def large_states() -> Points:
    """States with U(mu) from U(0)/2 to U(0)."""
    return states(growths=tuple(map(Fraction, ["1", "2", "3/2", "1000001/1000000"])), zero=False)


def steps_to_two(ops: Operations, point: Point) -> Tri:
    """n >= 2, 0 < eta <= 2."""
    return bool(has_mixture(ops, point) and 0 < point["eta"] <= 2)


def mixtures_and_steps_to_two() -> Points:
    return mixtures_and_steps(2)


ONE = {"factor": Fraction(1)}
EXPANSION = "U(mu(t+1)) - U = -{}eta E|psi~|^2 + eta^2 sum_i |grad_i Q|^2"

CLAIMS = (
    Claim(
        id="eq-29",
        source="proof of Theorem 2, (29)",
        text="U(mu(t)) <= U(0) implies U(mu(t+1)) <= U(0)",
        relation="<=",
        lhs=change_of_U_by_balls,
        rhs=room_for_U,
        domain=step.is_state,
        generator=states,
        constants={"kept": Fraction(1)},
        uses=("eq-36", "eq-37", "eq-38", "eq-29-case-a"),
        cost=2.0,
    ),
    Claim(
        id="eq-29-sharpened",
        form="sharpened",
        repairs="eq-29",
        source="proof of Theorem 2, (29)",
        text="any mixture, 0 < eta <= 2: U(mu - eta grad L(mu)) <= U(mu)",
        relation="<=",
        lhs=change_of_U_by_balls,
        rhs=nothing,
        domain=steps_to_two,
        generator=mixtures_and_steps_to_two,
        uses=("eq-36-repaired", "eq-38-sharpened"),
        cost=2.0,
    ),
    Claim(
        id="eq-29-case-a",
        source="proof of Theorem 2, case a) after (38)",
        text="U(0)/2 <= U(mu(t)) <= U(0) implies U(mu(t)) >= (n/2) mu_max(0)^2",
        relation=">=",
        lhs=state_U,
        rhs=components_of_start,
        domain=step.is_start,
        generator=starts,
        constants={"factor": Fraction(1, 2)},
    ),
    Claim(
        id="eq-29-case-a-repaired",
        form="repaired",
        repairs="eq-29-case-a",
        source="proof of Theorem 2, case a) after (38), without the factor n",
        text="U(0)/2 <= U(mu(t)) <= U(0) implies U(mu(t)) >= mu_max(0)^2/2",
        relation=">=",
        lhs=state_U,
        rhs=share_of_start,
        domain=is_large_state,
        generator=large_states,
        constants={"factor": Fraction(1, 2)},
    ),
    Claim(
        id="eq-36",
        source="proof of Theorem 2, (36)",
        text=EXPANSION.format(""),
        relation="==",
        lhs=change_of_U,
        rhs=expanded_change_of_U,
        domain=step.is_start,
        generator=slow_starts,
        scale=eta_times_U,
        constants={"cross": Fraction(1)},
        uses=("corollary-10.1", "corollary-10.2"),
        cost=3.0,
    ),
    Claim(
        id="eq-36-repaired",
        form="repaired",
        repairs="eq-36",
        source="proof of Theorem 2, (36), with 2 eta for eta",
        text=EXPANSION.format("2 "),
        relation="==",
        lhs=change_of_U,
        rhs=expanded_change_of_U,
        domain=step.is_state,
        generator=slow_states,
        scale=eta_times_U,
        constants={"cross": Fraction(2)},
        uses=("corollary-10.2-repaired",),
        cost=3.0,
    ),
    Claim(
        id="eq-37",
        source="proof of Theorem 2, (37), with the constant of Lemma 12's proof",
        text=(
            "eta E|psi~|^2 >= eta exp(-8U(0)) pi_min^2 U^2 / "
            "(10240000 n^2 d (1 + mu_max(0) sqrt(nd))^2)"
        ),
        relation=">=",
        lhs=first_term,
        rhs=first_term_bound,
        domain=step.is_state,
        generator=states,
        constants={"factor": step.LEMMA_12, "exponent": Fraction(8)},
        uses=("lemma-12.2",),
        cost=2.0,
    ),
    Claim(
        id="eq-38",
        source="proof of Theorem 2, (38)",
        text="eta^2 sum_i |grad_{mu_i} Q|^2 <= eta^2 U",
        relation="<=",
        lhs=second_term,
        rhs=second_term_bound,
        domain=step.is_state,
        generator=states,
        constants=ONE,
        uses=("lemma-9.2",),
        cost=2.0,
    ),
    Claim(
        id="eq-38-sharpened",
        form="sharpened",
        repairs="eq-38",
        source="proof of Theorem 2, (38)",
        text="any mixture: sum_i |grad_{mu_i} Q|^2 <= E|psi~|^2",
        relation="<=",
        lhs=gradient_square,
        rhs=posterior_mean_square,
        domain=has_mixture,
        generator=mixtures_not_far,
        constants=ONE,
        uses=("lemma-9.2-repaired",),
        cost=2.0,
    ),
)
