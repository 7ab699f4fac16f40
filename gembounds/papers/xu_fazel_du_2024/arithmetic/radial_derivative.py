"""The derivative of L along the means themselves, <grad L(mu), mu>, from values of L.

With g(t) = L((1 + t) mu), a central difference of step h errs by at most h^2/6 sup |g'''| over
|t| <= h. The logits are l_i(t) = (1+t) <x, mu_i> - (1+t)^2 |mu_i|^2 / 2 + log pi_i, so
l_i' = <x, mu_i> - (1+t) |mu_i|^2, l_i'' = -|mu_i|^2, l_i''' = 0, and with the posterior's
cumulants, k3 being the third,

    (log S)''' = k3(l') + 3 Cov(l', l'').

A variable whose range is R has |k3| <= R^3 / (6 sqrt 3) (the extreme laws have two atoms, and
p(1-p)|1-2p| <= 1/(6 sqrt 3)), and |Cov| <= R R'/4. Here R' = N := max - min of |mu_i|^2, and
R <= D |y| + (1+h) N =: a + b, D = max |mu_i - mu_k|, y the part of x in the span of the
differences, of dimension r. With (a+b)^3 <= 4 (a^3 + b^3) and E|y| <= sqrt(r),

    |g'''| <= 4 (D^3 E|y|^3 + b^3) / (6 sqrt 3) + (3/4) (D sqrt(r) + b) N.

No formula for a gradient enters: it is what they are held against.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.evaluators.balls.radial import ball, norm_moment
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.points.point import repeated
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

STEP_SHARE = 3
"""The step is 2^-(bits/3) of the scale: balances the loss's error / h against h^2 (derived)."""


def radial_derivative(ops: Operations, mix: Mixture) -> Any:
    """d/dt L((1+t) mu) at t = 0: a ball; exactly |mu_1|^2 where all means coincide."""
    if ops.coincident(mix):
        return ops.norms2(mix)[0]
    distance2 = max(x for row in ops.distances2(mix) for x in row)
    spread = max(ops.norms2(mix)) - min(ops.norms2(mix))  # N
    size = int(distance2) + int(spread) + 1
    step = Fraction(1, 2 ** (ops.rung.bits // STEP_SHARE + size.bit_length() - 1))
    ahead, behind = (ball(ops.loss(_scaled(ops, mix, 1 + s * step))) for s in (1, -1))
    rank = reduce_exactly(mix).rank
    distance, far = ops.sqrt(distance2), ball((1 + step) * spread)
    cubes = 4 * (distance**3 * norm_moment(3, rank) + far**3) / (6 * ops.sqrt(3))
    third = cubes + (distance * ops.sqrt(rank) + far) * ball(spread) * 3 / 4
    error = (third * ball(step**2 / 6)).upper()
    return (ahead - behind) / ball(2 * step) + error.union(-error)


def _scaled(ops: Operations, mix: Mixture, by: Fraction) -> Mixture:
    columns = [[by * x for x in entries] for entries, _ in ops.columns(mix)]
    return repeated(columns, ops.multiplicities(mix), mix.exact_weights)
