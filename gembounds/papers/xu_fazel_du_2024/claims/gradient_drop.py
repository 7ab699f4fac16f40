"""The left side of (32), <g - grad L(mu - s eta g), g> with g = grad L(mu).

It is s eta times an average of g' H g, H the Hessian of L on the way, and
-(1 + b^2) <= H <= diag(E[psi_i] I), b the largest norm of a mean there, so it is at most
s eta max_i |g_i|^2. Where the rung resolves them, both gradients give it too.

Where mu - s eta g is out of a grid's reach (far means that part), balls of |g|^2 would not tell
it from s eta |g|^2. Less s eta max_i |g_i|^2 it is then at most 0, and what is left of |g|^2 are
the other |g_i|^2, which are tiny: so the sharpened (32) is decided.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.claims import moved_state
from gembounds.papers.xu_fazel_du_2024.vocabulary import named, symbol
from gembounds.points.batch import RTOL, Batch, resolved
from gembounds.points.point import Point
from gembounds.statements.logs import LogArray, Unestimated
from gembounds.values.exact import is_zero

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture


def gradient_drop(ops: Operations, point: Point, size: Any) -> Any:
    """<g - grad L(mu - size g), g>, from the bounds of the Hessian along g, and by both
    gradients where the rung resolves them."""
    mix = point.mix
    if is_zero(size) or ops.U(mix) == 0:
        return Fraction(0)
    size = ops.ball(size)
    square = ops.ball(ops.gradient_norm2(mix))
    spread = 1 + ops.ball(ops.mu_max2(mix)) * (1 + size) ** 2
    found = size * square * ops.ball(1).union(-spread)
    if not moved_state.resolves(ops, size, 1):
        return found
    return found.intersection(moved_state.gradient_drop_at(ops, mix, size))


def drop_less_largest(ops: Operations, point: Point, size: Any) -> Any:
    """The same less size max_i |g_i|^2."""
    mix = point.mix
    if is_zero(size) or ops.U(mix) == 0:
        return Fraction(0)
    heaviest, others = largest_apart(ops, mix)
    heaviest, others, step = ops.ball(heaviest), list(map(ops.ball, others)), ops.ball(size)
    if not out_of_reach(ops, mix, step):
        return gradient_drop(ops, point, size) - step * heaviest
    spread = 1 + ops.ball(ops.mu_max2(mix)) * (1 + step) ** 2
    least = -step * (spread * (heaviest + sum(others, ops.ball(0))) + heaviest)
    above = [x - heaviest for x in others if not x <= heaviest]
    if above:
        return least.union(step * ops.maximum([ops.ball(0), *above]))
    return -(-least).union(ops.ball(0)).nonnegative_part()  # ends at 0 exactly


def largest_apart(ops: Operations, mix: Mixture) -> tuple[Any, list[Any]]:
    """The largest |g_i|^2, to their balls, and the others."""
    squares = ops.gradient_norms2(mix)
    first = max(range(mix.n), key=lambda i: ops.ball(squares[i]).mid())
    return squares[first], squares[:first] + squares[first + 1 :]


def out_of_reach(ops: Operations, mix: Mixture, size: Any) -> bool:
    """Whether a rung in balls has the bits for mu - size g but no grid."""
    if ops.coincident(mix) or not moved_state.resolves(ops, size, 1):
        return False
    return not ops.in_reach(moved_state.moved(ops, mix, size).mixture)


def _estimate(b: Batch, size: LogArray) -> LogArray:
    if "share" in b.parameters:
        raise Unestimated("the left side is a second-order term of a step of 1e-8 or less")
    there = b.moved(moved_state.moved_means(b, size))
    drop = np.einsum("bid,bid->b", b.gradient, b.gradient - there.gradient)
    error = 4 * RTOL * np.sqrt(b.gradient_square) * b.norms.sum(axis=1)
    return LogArray.of(resolved(drop, error))


DROP = symbol(
    "gradient_drop", "<grad L - grad L(mu - {0} grad L), grad L>",
    r"\langle \nabla L - \nabla L(\mu - {0} \nabla L), \nabla L \rangle", gradient_drop,
    estimate=_estimate, needs=("gradient",), meaning="by how much the slope along grad L falls",
)  # fmt: skip
DROP_LESS_LARGEST = symbol(
    "gradient_drop_less_largest",
    "(<grad L - grad L(mu - {0} grad L), grad L> - {0} max_i |grad_i L|^2)",
    r"\left(\langle \nabla L - \nabla L(\mu - {0} \nabla L), \nabla L \rangle "
    r"- {0} \max_i |\nabla_i L|^2\right)",
    drop_less_largest, needs=("gradient",), meaning="the same less its largest bound",
)  # fmt: skip
LARGEST_SQUARE = named(
    "largest_gradient_square", "max_i |grad_i L|^2", r"\max_i |\nabla_i L|^2",
    lambda ops, p: largest_apart(ops, p.mix)[0], needs=("gradient",),
    meaning="the largest square of a component's gradient",
)  # fmt: skip
OTHER_SQUARES = named(
    "other_gradient_squares", "(|grad L|^2 - max_i |grad_i L|^2)",
    r"\left(|\nabla L|^2 - \max_i |\nabla_i L|^2\right)",
    lambda ops, p: _sum(largest_apart(ops, p.mix)[1]), needs=("gradient",),
    meaning="the sum of the others",
)  # fmt: skip


def _sum(values: list[Any]) -> Any:
    return sum(values[1:], values[0])
