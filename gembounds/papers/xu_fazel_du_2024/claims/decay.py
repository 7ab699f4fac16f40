"""The chain of Lemma 11's proof from (24b) on: its sides, with |x| separated from x/|x|.

With m = mu_max, A = sum_ij pi_i pi_j (mu_i - mu_j)(mu_i - mu_j)^T, x ~ N(0, I_d) and
D(x) = (1 - exp(-4 m |x|))/m (4|x| where m = 0: its limit), the sides are exp(-8U)/64 times

    E[(xbar^T A xbar D)^2] = ((tr A)^2 + 2 tr A^2)/(d(d+2)) E D^2    second_moment
    (E[xbar^T A xbar D])^2 = (tr A/d E D)^2                          squared_moment
    (tr A (1 - exp(-2 m sqrt(d)))/(50 d m))^2                        squared_probable
    (tr A (1 - 1/(1 + 2 m sqrt(d)))/(50 d m))^2                      squared_rational

and exactly 0 where A = 0. x/|x| and |x| are independent, and the fourth moments of a uniform
direction are E[b_i^2 b_j^2] = 1/(d(d+2)), E b_i^4 = 3/(d(d+2)). E exp(-c|x|) is Kummer's closed
form; the rest is exact or plain ball arithmetic.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import weighted_spread
from gembounds.points.point import Point
from gembounds.statements.legacy import Constants

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

SQUARE = {"exponent": Fraction(8), "denominator": Fraction(64)}
PROBABLE = {"inner": Fraction(2), "probability": Fraction(50)}
"""The numbers of the chain as printed."""


def mean_decay(ops: Operations, mix: Mixture, power: int = 1) -> Any:
    """E D^power, power 1 or 2: (1 - M(-4m))/m, (1 - 2 M(-4m) + M(-8m))/m^2, M(c) = E exp(c|x|);
    the limits 4 E|x|, 16 d at m = 0. Bits that cancel are made up for beforehand."""
    from gembounds.evaluators.balls.precision import working_precision

    square = ops.mu_max2(mix)
    if square == 0:
        return 4 * ops.norm_moment(1, mix.d) if power == 1 else ops.ball(16 * mix.d)
    small = 1 / (16 * square * mix.d)
    lost = max(0, small.numerator.bit_length() - small.denominator.bit_length() + 2)
    with working_precision(ops.prec + lost + 8):
        m = ops.sqrt(square)
        first = ops.exp_norm(-4 * m, mix.d)
        if power == 1:
            value = (1 - first) / m
        else:
            value = (1 - 2 * first + ops.exp_norm(-8 * m, mix.d)) / ops.ball(square)
    return +value


def inner_decay(ops: Operations, mix: Mixture, inner: Fraction) -> Any:
    """(1 - exp(-2 m sqrt(d)))/m, at m = 0 its limit 2 sqrt(d)."""
    square = ops.mu_max2(mix)
    root = ops.ball(inner) * ops.sqrt(mix.d)
    if square == 0:
        return root
    m = ops.sqrt(square)
    return -(-root * m).expm1() / m


def squared_quarter_form(ops: Operations, mix: Mixture) -> Fraction:
    """tr A^2 = 4 sum_ik pi_i pi_k <mu_i - mbar, mu_k - mbar>^2, mbar = sum pi_i mu_i."""
    pi, gram, n = ops.weights(mix), ops.gram(mix), range(mix.n)
    along = [sum((pi[k] * gram[i][k] for k in n), Fraction(0)) for i in n]
    mean2 = sum((p * a for p, a in zip(pi, along, strict=True)), Fraction(0))
    return 4 * sum(
        (pi[i] * pi[k] * (gram[i][k] - along[i] - along[k] + mean2) ** 2 for i in n for k in n),
        Fraction(0),
    )


def scaled(ops: Operations, mix: Mixture, constants: Constants, value: Any) -> Any:
    """(exp(-8U)/64) value."""
    decay = ops.exp(-constants["exponent"] * ops.U(mix))
    return decay * value / ops.ball(constants["denominator"])


def second_moment(ops: Operations, point: Point, constants: Constants) -> Any:
    """(exp(-8U)/64) E[(xbar^T A xbar D)^2]."""
    mix = point.mix
    trace = weighted_spread(ops, mix)
    if trace == 0:
        return Fraction(0)
    form = (trace**2 + 2 * squared_quarter_form(ops, mix)) / (mix.d * (mix.d + 2))
    return scaled(ops, mix, constants, ops.ball(form) * mean_decay(ops, mix, 2))


def squared_moment(ops: Operations, point: Point, constants: Constants) -> Any:
    """(exp(-8U)/64) (E[xbar^T A xbar D])^2."""
    mix = point.mix
    trace = weighted_spread(ops, mix)
    if trace == 0:
        return Fraction(0)
    moment = ops.ball(trace / mix.d) * mean_decay(ops, mix)
    return scaled(ops, mix, constants, moment**2)


def squared_probable(ops: Operations, point: Point, constants: Constants) -> Any:
    """(exp(-8U)/64) (tr A (1 - exp(-2 m sqrt(d)))/(50 d m))^2."""
    mix = point.mix
    trace = weighted_spread(ops, mix)
    if trace == 0:
        return Fraction(0)
    factor = ops.ball(trace / (constants["probability"] * mix.d))
    moment = factor * inner_decay(ops, mix, constants["inner"])
    return scaled(ops, mix, SQUARE, moment**2)


def squared_rational(ops: Operations, point: Point, constants: Constants) -> Any:
    """(exp(-8U)/64) (tr A (1 - 1/(1 + 2 m sqrt(d)))/(50 d m))^2, m cancelled."""
    mix = point.mix
    trace = weighted_spread(ops, mix)
    if trace == 0:
        return Fraction(0)
    root = ops.ball(constants["inner"]) * ops.sqrt(mix.d)
    factor = ops.ball(trace / (constants["probability"] * mix.d))
    moment = factor * root / (1 + root * ops.mu_max(mix))
    return scaled(ops, mix, SQUARE, moment**2)
