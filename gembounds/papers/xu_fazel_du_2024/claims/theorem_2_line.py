"""Theorem 2: the first step of its proof, (31), along the line of a gradient step.

    (31)  L(mu(t+1)) - L(mu(t)) = -eta |g|^2
              + eta integral_0^1 <g - grad L(mu(t) - s eta g), g> ds,     g = grad L(mu(t)),

at every state mu(t) of :mod:`gembounds.papers.xu_fazel_du_2024.claims.step`, eta at most what the
theorem allows.

Both sides are compared with eta |g|^2 added. The left side then comes from two values of L, the
right from two gradients (midpoint rule with its error,
:mod:`gembounds.papers.xu_fazel_du_2024.claims.moved_state`), at the first rung whose bits reach
eta^2, with as many bits as that takes. Where no rung's do (eta below about 2^-500), both sides
are the enclosure eta^2 [-(1 + (1+eta)^2 mu_max^2), 1] |g|^2/2, which has no more than its width,
far below eta |g|^2, to say.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims import moved_state
from gembounds.papers.xu_fazel_du_2024.claims.states import ALLOWED, STATES, states
from gembounds.papers.xu_fazel_du_2024.claims.step import eta
from gembounds.papers.xu_fazel_du_2024.vocabulary import symbol
from gembounds.points.point import Point
from gembounds.statements import L, const, equals, gradient_norm
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import DOMINATED, FUNDAMENTAL
from gembounds.statements.tree import call
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

operations = Later("gembounds.statements.operations")

MORE_BITS = 44
"""Bits beyond those of eta^2 (a choice: 30 are asked for, the rest is for what cancels)."""

NODES = 2**18
"""Nodes of a grid (a choice: a plane at 600 bits in a second, which few points need)."""


def line_states() -> SearchStrategy[Point]:
    """States on lines, and in planes of norms to 1/2 (the means share a coordinate to 1000)."""
    return states(slow=True, zero=False)


def out_of_reach(ops: Operations, size: Any) -> bool:
    """Whether the step's square is below what the last rung resolves."""
    return bool(size**2 <= ops.ball(Fraction(1, 2 ** operations.LADDER[-1].bits)))


def fitting(ops: Operations, size: Any) -> Operations:
    """Where the rung resolves the step's square, operations with the bits that it takes and no
    more, on ``NODES`` nodes; on a rung in balls that does not, with few."""
    if moved_state.resolves(ops, size, 2):
        needed = MORE_BITS - 2 * math.floor(float(ops.log(size).mid()) / math.log(2))
        return ops.with_rung(operations.Rung("arb", needed, NODES))
    return ops if ops.rung.evaluator == "float64" else ops.with_rung(operations.LADDER[1])


def _excess(ops: Operations, point: Point, size: Any) -> Any:
    size = ops.ball(size)
    return moved_state.loss_excess(fitting(ops, size), point.mix, size)


def _integral(ops: Operations, point: Point, size: Any) -> Any:
    """From both gradients where the rung resolves the step's square."""
    mix, size = point.mix, ops.ball(size)
    if ops.U(mix) == 0:
        return Fraction(0)
    there = fitting(ops, size)
    if moved_state.resolves(ops, size, 2):
        return moved_state.mean_gradient_drop(there, mix, size)
    return moved_state.excess_by_hessian(there, mix, size) / size


def _size_of_terms(ops: Operations, point: Point, size: Any) -> Any:
    """eta^2 |g|^2, the size of the integral's term; eta |g|^2 where that is out of reach; 0,
    which no ball is narrow enough for, until a rung resolves eta^2."""
    size = ops.ball(size)
    if not (moved_state.resolves(ops, size, 2) or out_of_reach(ops, size)):
        return Fraction(0)
    square = ops.ball(fitting(ops, size).gradient_norm2(point.mix))
    return size * square if out_of_reach(ops, size) else size**2 * square


EXCESS = replace(moved_state.EXCESS, name="loss_excess_in_full", of=_excess)
INTEGRAL = symbol(
    "integral_of_gradient_drops",
    "integral_0^1 <grad L - grad L(mu - s {0} grad L), grad L> ds",
    r"\int_0^1 \langle \nabla L - \nabla L(\mu - s {0} \nabla L), \nabla L \rangle \, ds",
    _integral, meaning="along the line of a step of size {0}",
)  # fmt: skip
SIZE = symbol("size_of_terms", "{0}^2 |grad L|^2", r"{0}^2 |\nabla L|^2", _size_of_terms)

_term = const("factor", 1) * eta * call(INTEGRAL, eta)

CLAIMS = (
    Claim(
        "eq-31",
        equals(call(moved_state.AFTER, eta) - L, -eta * gradient_norm**2 + _term),
        source="proof of Theorem 2, (31)",
        over=replace(STATES, draw=line_states),
        form="printed",
        decided_by=equals(call(EXCESS, eta), _term),
        identity="eta |grad L|^2 added on both sides",
        words=ALLOWED,
        scale=call(SIZE, eta),
        uses=("fact-1",),
        cost=4.0,
        proof=Argument(
            Step("L(mu - s eta g) has the derivative -eta <grad L(mu - s eta g), g> in s, as "
                 "-log p_mu(x) has gradients psi_i (mu_i - x), at most |x| + R for |mu_i| <= R; "
                 "and that is bounded for s in [0, 1].", by=("lemma-9.1-repaired", DOMINATED)),
            Step("So L(mu - eta g) - L = -eta int_0^1 <grad L(mu - s eta g), g> ds; take -eta "
                 "|g|^2 = -eta int_0^1 <g, g> ds apart.", by=FUNDAMENTAL),
        ),
    ),
)  # fmt: skip
