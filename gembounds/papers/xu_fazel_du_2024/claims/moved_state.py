"""A state a little further: L and grad L at mu - c grad L(mu), which no mixture has exactly.

grad_i L = sum_k P_ik mu_k with P_ik in balls, which are replaced by their midpoints: a rational
mixture in the span of the means, at most e = sum_ik c rad(P_ik) |mu_k| away. Between the two,
with b at least every norm of a mean there, |grad_i L| <= b bounds the difference of L by
b sqrt(n) e, and the Hessian, whose form along v is between -(1 + b^2) |v|^2 and |v|^2, that of
grad L by (1 + b^2) e.

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

from gembounds.papers.xu_fazel_du_2024.old_claims import step
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
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
    shares = [[factor * ops.ball(p) for p in row] for row in step.overlaps(ops, mix)]
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
    here, there = step.overlaps(ops, mix), step.overlaps(ops, state.mixture)
    total = ops.ball(0)
    for (old, m), new in zip(ops.columns(mix), state.columns, strict=True):
        for before, after in zip(here, there, strict=True):
            g, h = _inner(ops, before, old), _inner(ops, after, new)
            total += m * g * (g - h)
    length = ops.sqrt(step.gradient_norm2(ops, mix))
    slack = ((1 + state.norm**2) * state.error * length).abs_upper()
    return total + slack.union(-slack)


def _inner(ops: Operations, row: Sequence[Any], column: Sequence[Fraction]) -> Any:
    return sum((ops.ball(p) * ops.ball(x) for p, x in zip(row, column, strict=True)), ops.ball(0))


def third_derivative_bound(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """At least the third derivative's size along g, on the way from mu to mu - eta g."""
    lengths = [ops.sqrt(x) for x in step.gradient_norms2(ops, mix)]
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


def loss_excess(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """L(mu - eta g) - L(mu) + eta |g|^2: by the bounds of the Hessian, and on a rung in balls
    that has the bits for it also by both losses."""
    found = step.excess_of_loss(ops, mix, eta)
    if not resolves(ops, eta, 2):
        return found
    before = ops.ball(ops.loss(mix))
    after = loss_at(ops, moved(ops, mix, eta))
    direct = after - before + eta * ops.ball(step.gradient_norm2(ops, mix))
    return found.intersection(direct)


def loss_change(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """L(mu - eta g) - L(mu), from :func:`loss_excess`."""
    return loss_excess(ops, mix, eta) - eta * ops.ball(step.gradient_norm2(ops, mix))


def resolves(ops: Operations, eta: Any, power: int) -> bool:
    """Whether the rung is in balls, with 2^-bits below eta^power."""
    least = ops.ball(Fraction(1, 2**ops.rung.bits))
    return ops.rung.evaluator == "arb" and bool(eta**power > least)
