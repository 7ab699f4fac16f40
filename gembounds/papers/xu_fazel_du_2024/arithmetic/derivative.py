"""The derivative of L in one mean along a direction, certified by differences of L itself.

With g(t) = L(mu_1, .., mu_i + t v, .., mu_n), a central difference with step h errs by at most
h^2/6 sup abs(g'''), the supremum over abs(t) <= h. Only the logit of component i moves:
l(t) = <x, mu_i + t v> - |mu_i + t v|^2/2 + log pi_i, l' = |v| y with y ~ N(m(t), 1),
m(t) = -<mu_i + t v, v>/|v|, and l'' = -|v|^2. With p = psi_i,

    (log S)''' = p (1-p) (1-2p) l'^3 + 3 p (1-p) l' l'',

and p(1-p)|1-2p| <= 1/(6 sqrt 3), p(1-p) <= 1/4. Hence, by Cauchy-Schwarz and the moments of a
normal variable, with M >= abs(m(t)),

    |g'''| <= |v|^3 ( sqrt((1 + M^2)(M^4 + 6 M^2 + 3)) / (6 sqrt 3) + (3/4) sqrt(1 + M^2) ).

Nothing here is known of gradients: it is what the formulas for grad L are held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import repeated
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

STEP_SHARE = 3
"""The step is 2^-(bits/3) of the scale: balances the loss's error / h against h^2 (derived).
The scale is 1 over the size of l', near |v| + |<mu_i, v>|, where that is above 1."""


def directional_derivative(
    ops: Operations, mix: Mixture, i: int, direction: Sequence[Fraction]
) -> Any:
    """d/dt L(.., mu_i + t v, ..) at 0, a ball (exactly 0 for v = 0).

    ``direction`` v has an entry for each distinct column of the means (``ops.columns``); it is
    the same in equal columns. Raises :class:`InputError` for i out of range.
    """
    if not 0 <= i < mix.n:
        raise InputError(f"i is {i}: a component's index is from 0 to {mix.n - 1}")
    columns = ops.columns(mix)
    square = sum((m * v * v for (_, m), v in zip(columns, direction, strict=True)), Fraction(0))
    if square == 0:
        return Fraction(0)
    inner = sum((m * e[i] * v for (e, m), v in zip(columns, direction, strict=True)), Fraction(0))
    size = isqrt(int(square)) + int(abs(inner)) + 1
    step = Fraction(1, 2 ** (ops.rung.bits // STEP_SHARE + size.bit_length() - 1))
    ahead, behind = (ops.loss(_moved(ops, mix, i, direction, sign * step)) for sign in (1, -1))
    length = ops.sqrt(square)
    far2 = ball((abs(inner) + step * square) ** 2 / square)  # M^2
    third = ((1 + far2) * (far2 * far2 + 6 * far2 + 3)).sqrt() / (6 * ops.sqrt(3))
    third = length**3 * (third + (1 + far2).sqrt() * 3 / 4)
    error = (third * ball(step**2 / 6)).upper()
    return (ball(ahead) - ball(behind)) / ball(2 * step) + error.union(-error)


def _moved(
    ops: Operations, mix: Mixture, i: int, direction: Sequence[Fraction], by: Fraction
) -> Mixture:
    columns, repeats = [], []
    for (entries, length), v in zip(ops.columns(mix), direction, strict=True):
        moved = list(entries)
        moved[i] += by * v
        columns.append(moved)
        repeats.append(length)
    return repeated(columns, repeats, mix.exact_weights)
