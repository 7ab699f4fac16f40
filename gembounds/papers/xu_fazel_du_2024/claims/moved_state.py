"""A state a little further: L and grad L at mu - c grad L(mu), which no mixture has exactly.

grad_i L = sum_k P_ik mu_k with P_ik in balls, which are replaced by their midpoints: a rational
mixture in the span of the means, at most e = sum_ik c rad(P_ik) |mu_k| away. Between the two,
with b at least every norm of a mean there, |grad_i L| <= b bounds the difference of L by
b sqrt(n) e, and the Hessian, whose form along v is between -(1 + b^2) |v|^2 and |v|^2, that of
grad L by (1 + b^2) e.

The change of L in a step, enclosed without cancellation however small eta is. With g = grad L(mu)
and l_i = <x, mu_i> - |mu_i|^2/2 + log pi_i the Hessian of -log sum exp l is diag(psi_i I) minus a
covariance, so along g it is at most sum_i psi_i |g_i|^2; more exactly, by Jensen's inequality for
the posterior at mu,

    L(mu - eta g) - L(mu) <= -eta |g|^2 + (eta^2/2) sum_i E[psi_i] |g_i|^2,

and at least -eta |g|^2 - (eta^2/2) |g|^2 (1 + (1+eta)^2 mu_max^2), because the covariance along g
is at most sum_i psi_i <x - mu_i, g_i>^2 at the means mu_i - s eta g_i, and |g_i| <= mu_max.

The integral of a smooth f over [0, 1] is f(1/2) up to sup |f''| / 24. For
f(s) = <grad L(mu) - grad L(mu - s eta g), g>, f'' is eta^2 times a third derivative of L along g.
With l_i' = <x - mu_i, g_i>, l_i'' = -|g_i|^2 that derivative is at most
E|kappa_3| + 3 E|Cov(l', l'')| under the posterior; with R = max_i |l_i'| and V = max_i |g_i| these
are at most (2R)^3/(6 sqrt 3) and R V^2/2, and E R^k <= sum_i |g_i|^k E(|z| + b)^k, z standard
normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gembounds.papers.xu_fazel_du_2024.vocabulary import symbol
from gembounds.points.batch import RTOL, Batch, resolved
from gembounds.statements.logs import LogArray
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.points.point import Point
    from gembounds.statements.operations import Operations


class Moved(NamedTuple):
    """A rational mixture, at most ``error`` from the state meant, with the same Gram matrix in
    few dimensions as ``columns`` over those of the old state; ``norm`` is the b above."""

    mixture: Mixture
    columns: list[list[Fraction]]
    error: Any
    norm: Any


def moved(ops: Operations, mix: Mixture, factor: Any) -> Moved:
    """The mixture near mu - ``factor`` grad L(mu), ``factor`` a ball >= 0.

    A column that stands m times in the means is given once for each a of a sum of squares
    a^2 + b^2 + ... = m, times a: all inner products stay.
    """
    shares = [[factor * ops.ball(p) for p in row] for row in ops.posterior_overlaps(mix)]
    taken = [[_midpoint(c) for c in row] for row in shares]
    columns = []
    for entries, _ in ops.columns(mix):
        ways = [sum((c * x for c, x in zip(row, entries, strict=True)), Fraction(0))
                for row in taken]  # fmt: skip
        columns.append([x - way for x, way in zip(entries, ways, strict=True)])
    off, norms = ops.ball(0), [ops.sqrt(x) for x in ops.norms2(mix)]
    for row, near in zip(shares, taken, strict=True):
        for c, mid, norm in zip(row, near, norms, strict=True):
            off += (c - ops.ball(mid)).abs_upper() * norm
    error = off.abs_upper()
    norm = (ops.mu_max(mix) * (1 + factor) + error).abs_upper()  # |grad_i L| <= mu_max
    spread = [[a * x for x in column]
              for column, m in zip(columns, ops.multiplicities(mix), strict=True)
              for a in _squares(m)]  # fmt: skip
    rows = list(zip(*spread, strict=True))
    return Moved(Mixture(rows, mix.exact_weights), columns, error, norm)


def _midpoint(x: Any) -> Fraction:
    mantissa, exponent = x.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _squares(m: int) -> list[int]:
    """Integers whose squares sum to m >= 1, the largest first."""
    out = []
    while m:
        out.append(isqrt(m))
        m -= out[-1] ** 2
    return out


def loss_at(ops: Operations, state: Moved) -> Any:
    """L at the state meant."""
    slack = (state.norm * ops.sqrt(state.mixture.n) * state.error).abs_upper()
    return ops.ball(ops.loss(state.mixture)) + slack.union(-slack)


def gradient_drop_at(ops: Operations, mix: Mixture, factor: Any) -> Any:
    """<g - grad L(mu - factor g), g> with g = grad L(mu), by both gradients."""
    state = moved(ops, mix, factor)
    here, there = ops.posterior_overlaps(mix), ops.posterior_overlaps(state.mixture)
    total = ops.ball(0)
    for (old, m), new in zip(ops.columns(mix), state.columns, strict=True):
        for before, after in zip(here, there, strict=True):
            g, h = _inner(ops, before, old), _inner(ops, after, new)
            total += m * g * (g - h)
    length = ops.sqrt(ops.gradient_norm2(mix))
    slack = ((1 + state.norm**2) * state.error * length).abs_upper()
    return total + slack.union(-slack)


def _inner(ops: Operations, row: Sequence[Any], column: Sequence[Fraction]) -> Any:
    return sum((ops.ball(p) * ops.ball(x) for p, x in zip(row, column, strict=True)), ops.ball(0))


def third_derivative_bound(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """At least the third derivative's size along g, on the way from mu to mu - eta g."""
    lengths = [ops.sqrt(x) for x in ops.gradient_norms2(mix)]
    norm = ops.mu_max(mix) * (1 + eta)
    first = ops.sqrt(2 / ops.pi())  # E|z|; E|z|^3 is twice that
    cube = 2 * first + 3 * norm + 3 * norm**2 * first + norm**3
    cubes = sum((v**3 for v in lengths), ops.ball(0)) * cube
    lines = sum(lengths, ops.ball(0)) * (first + norm)
    widest = ops.maximum(lengths)
    bound = cubes * 8 / (6 * ops.sqrt(3)) + 3 * lines * widest**2 / 2
    return bound.abs_upper()


def mean_gradient_drop(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """The integral over s in [0, 1] of <g - grad L(mu - s eta g), g>: midpoint and its error."""
    slack = (eta**2 * third_derivative_bound(ops, mix, eta) / 24).abs_upper()
    return gradient_drop_at(ops, mix, eta / 2) + slack.union(-slack)


def excess_by_hessian(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """L(mu - eta g) - L(mu) + eta |g|^2 by the bounds of the Hessian, for any eta > 0."""
    norms = [ops.ball(x) for x in ops.gradient_norms2(mix)]
    shares = [ops.ball(p).min(ops.ball(1)) for p in ops.expected_posterior(mix)]
    weighted = sum((p * g for p, g in zip(shares, norms, strict=True)), ops.ball(0))
    spread = 1 + ops.ball(ops.mu_max2(mix)) * (1 + eta) ** 2
    return eta**2 * (weighted / 2).union(-sum(norms, ops.ball(0)) * spread / 2)


def loss_excess(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """L(mu - eta g) - L(mu) + eta |g|^2: by the bounds of the Hessian, and on a rung in balls
    that has the bits for it also by both losses; exactly 0 where all means are 0."""
    if ops.U(mix) == 0:
        return Fraction(0)
    eta = ops.ball(eta)
    found = excess_by_hessian(ops, mix, eta)
    if not resolves(ops, eta, 2):
        return found
    before = ops.ball(ops.loss(mix))
    after = loss_at(ops, moved(ops, mix, eta))
    direct = after - before + eta * ops.ball(ops.gradient_norm2(mix))
    return found.intersection(direct)


def resolves(ops: Operations, eta: Any, power: int) -> bool:
    """Whether the rung is in balls, with 2^-bits below eta^power."""
    least = ops.ball(Fraction(1, 2**ops.rung.bits))
    return ops.rung.evaluator == "arb" and bool(eta**power > least)


def loss_decrease(ops: Operations, point: Point, eta: Any) -> Any:
    """L(mu) - L(mu - eta g), from :func:`loss_excess`."""
    mix = point.mix
    if ops.U(mix) == 0:
        return Fraction(0)
    return ops.ball(eta) * ops.ball(ops.gradient_norm2(mix)) - loss_excess(ops, mix, eta)


def _growth(ops: Operations, point: Point, eta: Any) -> Any:
    """(a - b)(a + b)/(a b)^2 with a = L(mu) and b = L(mu - eta g), in which nothing cancels."""
    a, less = ops.ball(ops.loss(point.mix)), loss_decrease(ops, point, eta)
    return less * (2 * a - less) / (a * (a - less)) ** 2


def _fall_of_square(ops: Operations, point: Point, eta: Any) -> Any:
    """a^2 - b^2, which grows with a - b until b is 0: from the ends of that."""
    a, less = ops.ball(ops.loss(point.mix)), ops.ball(loss_decrease(ops, point, eta))
    low, high = less.lower(), less.upper()
    return (low * (2 * a - low)).union(high * (2 * a - high) if high < a else a**2)


def _after(ops: Operations, point: Point, eta: Any) -> Any:
    found = ops.ball(ops.loss(point.mix)) - ops.ball(loss_decrease(ops, point, eta))
    return found.nonnegative_part()


def moved_means(b: Batch, size: LogArray) -> Any:
    """The means after a step of that size."""
    return b.means - np.reshape(size.value, (-1, 1, 1)) * b.gradient


def _decrease_estimate(b: Batch, eta: LogArray) -> LogArray:
    """-eta |g|^2 to the digits of float64 for a step size of Theorem 2; for a larger one from
    both losses, NaN where they cancel."""
    if "share" in b.parameters:
        return eta * LogArray.of(b.gradient_square)
    after = b.kept("after a step", lambda: b.moved(moved_means(b, eta)).loss)
    return LogArray.of(resolved(b.loss - after, 2 * RTOL * b.loss))


def _growth_estimate(b: Batch, eta: LogArray) -> LogArray:
    a, less = LogArray.of(b.loss), _decrease_estimate(b, eta)
    return less * (a + a - less) / (a * (a - less)) ** 2


_AFTER, _LATEX = "L(mu - {0} grad L)", r"L(\mu - {0} \nabla L)"

DECREASE = symbol(
    "loss_decrease", f"(L - {_AFTER})", rf"\left(L - {_LATEX}\right)", loss_decrease,
    estimate=_decrease_estimate, needs=("loss", "gradient"), meaning="of a step of size {0}",
)  # fmt: skip
EXCESS = symbol(
    "loss_excess", f"({_AFTER} - L + {{0}} |grad L|^2)",
    rf"\left({_LATEX} - L + {{0}} |\nabla L|^2\right)",
    lambda ops, p, eta: loss_excess(ops, p.mix, eta), needs=("loss", "gradient"),
    meaning="the change of L in a step of size {0}, less that to first order",
)  # fmt: skip
GROWTH = symbol(
    "growth", f"(1/{_AFTER}^2 - 1/L^2)", rf"\left({_LATEX}^{{-2}} - L^{{-2}}\right)",
    _growth, estimate=_growth_estimate, needs=("loss", "gradient"),
    meaning="of 1/L^2 in a step of size {0}",
)  # fmt: skip
FALL = symbol(
    "fall_of_squared_loss", f"(L^2 - {_AFTER}^2)", rf"\left(L^2 - {_LATEX}^2\right)",
    _fall_of_square, needs=("loss", "gradient"), meaning="of L^2 in a step of size {0}",
)  # fmt: skip
AFTER = symbol(
    "loss_after_step", _AFTER, _LATEX, _after, needs=("loss", "gradient"),
    meaning="L after a step of size {0}",
)  # fmt: skip
