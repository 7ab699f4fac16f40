"""Theorem 2: the first step of its proof, (31), along the line of a gradient step.

    (31)  L(mu(t+1)) - L(mu(t)) = -eta |g|^2
              + eta integral_0^1 <g - grad L(mu(t) - s eta g), g> ds,     g = grad L(mu(t)),

at every state mu(t) of :mod:`gembounds.claims.step`, eta at most what the theorem allows. It is
the fundamental theorem of calculus on the line from mu(t) to mu(t+1) = mu(t) - eta g.

Both sides are compared without -eta |g|^2, which stands on the left. The left side then comes
from two values of L, the right from two gradients (midpoint rule with its error,
:mod:`gembounds.claims.moved_state`), at the first rung whose bits reach eta^2. Where no rung's do
(eta below about 2^-500), both sides are the enclosure eta^2 [-(1 + (1+eta)^2 mu_max^2), 1]
|g|^2/2, which has no more than its width, far below eta |g|^2, to say.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.claims import moved_state, step
from gembounds.claims.record import Claim, Constants
from gembounds.claims.states import states
from gembounds.point import Point

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.operations import Operations

def line_states() -> SearchStrategy[Point]:
    """States on lines, and in planes of norms to 1/2 (the means share a coordinate to 1000)."""
    return states(slow=True, zero=False)


def out_of_reach(ops: Operations, eta: Any) -> bool:
    """Whether eta^2 is below what the last rung resolves."""
    from gembounds.operations import LADDER

    return bool(eta**2 <= ops.ball(Fraction(1, 2 ** LADDER[-1].bits)))


def excess(ops: Operations, point: Point, constants: Constants) -> Any:
    """L(mu(t+1)) - L(mu(t)) + eta |g|^2."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    return moved_state.loss_excess(ops, point.mix, step.eta_of(ops, point))


def integral(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor eta times the integral; from both gradients where the rung resolves eta^2."""
    mix, eta = point.mix, step.eta_of(ops, point)
    if ops.U(mix) == 0:
        return Fraction(0)
    found = step.excess_of_loss(ops, mix, eta)
    if moved_state.resolves(ops, eta, 2):
        drop = moved_state.mean_gradient_drop(ops, mix, eta)
        return ops.ball(constants["factor"]) * eta * drop
    return found


def decrease_size(ops: Operations, point: Point, constants: Constants) -> Any:
    """eta^2 |g|^2, the size of the integral's term; eta |g|^2 where that is out of reach; 0,
    which no ball is narrow enough for, until a rung resolves eta^2."""
    eta, square = step.eta_of(ops, point), ops.ball(step.gradient_norm2(ops, point.mix))
    if out_of_reach(ops, eta):
        return eta * square
    if not moved_state.resolves(ops, eta, 2):
        return Fraction(0)
    return eta**2 * square


CLAIMS = (
    Claim(
        id="eq-31",
        source="proof of Theorem 2, (31)",
        text=(
            "L(mu(t+1)) - L(mu(t)) = -eta |g|^2 "
            "+ eta integral_0^1 <g - grad L(mu(t) - s eta g), g> ds"
        ),
        relation="==",
        lhs=excess,
        rhs=integral,
        domain=step.is_state,
        generator=line_states,
        scale=decrease_size,
        constants={"factor": Fraction(1)},
        uses=("fact-1",),
        cost=4.0,
    ),
)
