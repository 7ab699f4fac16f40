"""Theorem 2: the first step of its proof, (31), along the line of a gradient step.

    (31)  L(mu(t+1)) - L(mu(t)) = -eta |g|^2
              + eta integral_0^1 <g - grad L(mu(t) - s eta g), g> ds,     g = grad L(mu(t)),

at every state mu(t) of :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.step`, eta at most what the theorem allows. It is
the fundamental theorem of calculus on the line from mu(t) to mu(t+1) = mu(t) - eta g.

Both sides are compared without -eta |g|^2, which stands on the left. The left side then comes
from two values of L, the right from two gradients (midpoint rule with its error,
:mod:`gembounds.papers.xu_fazel_du_2024.old_claims.moved_state`), at the first rung whose bits reach eta^2, with as many bits
as that takes. Where no rung's do (eta below about 2^-500), both sides are the enclosure
eta^2 [-(1 + (1+eta)^2 mu_max^2), 1] |g|^2/2, which has no more than its width, far below
eta |g|^2, to say.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import moved_state, step
from gembounds.papers.xu_fazel_du_2024.old_claims.states import states
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

MORE_BITS = 44
"""Bits beyond those of eta^2 (a choice: 30 are asked for, the rest is for what cancels)."""

NODES = 2**18
"""Nodes of a grid (a choice: a plane at 600 bits in a second, which few points need)."""


def line_states() -> SearchStrategy[Point]:
    """States on lines, and in planes of norms to 1/2 (the means share a coordinate to 1000)."""
    return states(slow=True, zero=False)


def out_of_reach(ops: Operations, eta: Any) -> bool:
    """Whether eta^2 is below what the last rung resolves."""
    from gembounds.statements.operations import LADDER

    return bool(eta**2 <= ops.ball(Fraction(1, 2 ** LADDER[-1].bits)))


def fitting(ops: Operations, eta: Any) -> Operations:
    """Where the rung resolves eta^2, operations with the bits that it takes and no more, on
    ``NODES`` nodes; on a rung in balls that does not, with few."""
    from gembounds.statements.operations import LADDER, Rung

    if moved_state.resolves(ops, eta, 2):
        needed = MORE_BITS - 2 * math.floor(float(ops.log(eta).mid()) / math.log(2))
        return ops.with_rung(Rung("arb", needed, NODES))
    return ops if ops.rung.evaluator == "float64" else ops.with_rung(LADDER[1])


def excess(ops: Operations, point: Point, constants: Constants) -> Any:
    """L(mu(t+1)) - L(mu(t)) + eta |g|^2."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    eta = step.eta_of(ops, point)
    return moved_state.loss_excess(fitting(ops, eta), point.mix, eta)


def integral(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor eta times the integral; from both gradients where the rung resolves eta^2."""
    mix, eta = point.mix, step.eta_of(ops, point)
    if ops.U(mix) == 0:
        return Fraction(0)
    if moved_state.resolves(ops, eta, 2):
        drop = moved_state.mean_gradient_drop(fitting(ops, eta), mix, eta)
        return ops.ball(constants["factor"]) * eta * drop
    return step.excess_of_loss(fitting(ops, eta), mix, eta)


def decrease_size(ops: Operations, point: Point, constants: Constants) -> Any:
    """eta^2 |g|^2, the size of the integral's term; eta |g|^2 where that is out of reach; 0,
    which no ball is narrow enough for, until a rung resolves eta^2."""
    eta = step.eta_of(ops, point)
    if not (moved_state.resolves(ops, eta, 2) or out_of_reach(ops, eta)):
        return Fraction(0)
    square = ops.ball(step.gradient_norm2(fitting(ops, eta), point.mix))
    return eta * square if out_of_reach(ops, eta) else eta**2 * square


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
