"""The sides of (32): <g - grad L(mu - s eta g), g> with g = grad L(mu), and s eta |g|^2.

The left side is s eta times an average of g' H g, H the Hessian of L on the way, and
-(1 + b^2) <= H <= diag(E[psi_i] I), b the largest norm of a mean there, so it is at most
s eta max_i |g_i|^2. Where the rung
resolves them, both gradients give it too. Where mu - s eta g is out of a grid's reach (far means
that part), both sides of the sharpened form are given less s eta max_i |g_i|^2, as balls of |g|^2
would not tell them apart: the left one is then at most 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import moved_state, step
from gembounds.points.point import Point
from gembounds.statements.legacy import Constants

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


def gradient_drop(ops: Operations, point: Point, constants: Constants) -> Any:
    """<g - grad L(mu - s eta g), g>, from the bounds of the Hessian along g, and by both
    gradients where the rung resolves them."""
    mix, s = point.mix, point["s"]
    if s == 0 or ops.U(mix) == 0:
        return Fraction(0)
    factor = ops.ball(s) * step.step_size(ops, point)
    square = ops.ball(step.gradient_norm2(ops, mix))
    spread = 1 + ops.ball(ops.mu_max2(mix)) * (1 + factor) ** 2
    found = factor * square * ops.ball(1).union(-spread)
    if not moved_state.resolves(ops, factor, 1):
        return found
    return found.intersection(moved_state.gradient_drop_at(ops, mix, factor))


def sharp_drop(ops: Operations, point: Point, constants: Constants) -> Any:
    """:func:`gradient_drop`; out of reach less s eta max_i |g_i|^2, hence not positive."""
    found = unreached(ops, point)
    if found is None:
        return gradient_drop(ops, point, constants)
    factor, heaviest, others = found
    spread = 1 + ops.ball(ops.mu_max2(point.mix)) * (1 + factor) ** 2
    least = -factor * (spread * (heaviest + step.total(others)) + heaviest)
    above = [x - heaviest for x in others if not x <= heaviest]
    if above:
        return least.union(factor * ops.maximum([ops.ball(0), *above]))
    return -(-least).union(ops.ball(0)).nonnegative_part()  # ends at 0 exactly


def drop_bound_sharp(ops: Operations, point: Point, constants: Constants) -> Any:
    if ops.U(point.mix) == 0:
        return Fraction(0)
    found = unreached(ops, point)
    if found is not None:
        factor, heaviest, others = found
        rest = ops.ball(constants["factor"]) * step.total(others)
        return factor * (rest + ops.ball(constants["factor"] - 1) * heaviest)
    square = ops.ball(step.gradient_norm2(ops, point.mix))
    return ops.ball(constants["factor"] * point["s"] * point["eta"]) * square


def unreached(ops: Operations, point: Point) -> tuple[Any, Any, list[Any]] | None:
    """s eta, the largest |g_i|^2 and the others, where a rung in balls has the bits for
    mu - s eta g but no grid; else None."""
    mix, s = point.mix, point["s"]
    if s == 0 or ops.coincident(mix) or ops.rung.evaluator != "arb":
        return None
    factor = ops.ball(s) * step.step_size(ops, point)
    if not moved_state.resolves(ops, factor, 1):
        return None
    if ops.in_reach(moved_state.moved(ops, mix, factor).mixture):
        return None
    squares = [ops.ball(x) for x in step.gradient_norms2(ops, mix)]
    first = max(range(mix.n), key=lambda i: squares[i].mid())
    return factor, squares[first], squares[:first] + squares[first + 1 :]
