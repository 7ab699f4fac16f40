"""The chain of Lemma 11's proof from (24b) on: what it speaks of, |x| apart from xbar = x/|x|.

With m = mu_max, A = sum_ij pi_i pi_j (mu_i - mu_j)(mu_i - mu_j)^T, x ~ N(0, I_d) and
D(x) = (1 - exp(-4 m |x|))/m (4|x| where m = 0: its limit),

    E[(xbar^T A xbar D)^2] = ((tr A)^2 + 2 tr A^2)/(d(d+2)) E D^2,
    E[<v, xbar>^2 D] = (|v|^2/d) E D for every vector v.

x/|x| and |x| are independent, and the fourth moments of a uniform direction are
E[b_i^2 b_j^2] = 1/(d(d+2)), E b_i^4 = 3/(d(d+2)). The second line needs less: turning v to any
axis changes nothing, and the squares of xbar's d coordinates sum to 1. E exp(-c|x|) is Kummer's
closed form.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import average, law
from gembounds.papers.xu_fazel_du_2024.vocabulary import named, symbol
from gembounds.points.batch import Batch, FloatArray
from gembounds.points.point import Point
from gembounds.statements.logs import LogArray
from gembounds.statements.tree import Expr, call
from gembounds.values.exact import root

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

D = "(1 - exp(-4 mu_max |x|))/mu_max"
D_LATEX = r"\frac{1 - \exp(-4 \mu_{\max} |x|)}{\mu_{\max}}"
MEANING = "x ~ N(0, I_d), xbar = x/|x|; limits where mu_max = 0"


def mean_decay(ops: Operations, mix: Mixture, power: int = 1) -> Any:
    """E D^power, power 1 or 2: (1 - M(-4m))/m, (1 - 2 M(-4m) + M(-8m))/m^2, M(c) = E exp(c|x|);
    the limits 4 E|x|, 16 d at m = 0. Bits that cancel are made up for beforehand."""
    from gembounds.values.precision import working_precision

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


def _decay_over(b: Batch, power: int = 1) -> FloatArray:
    r, weights = law([b.d])
    m = b.top[:, None]
    shares = np.broadcast_to(weights, (len(b), r.shape[1]))
    return average(shares, (-np.expm1(-4 * m * r) / m) ** power)


decay = named(
    "radial_decay", f"E[{D}]", rf"\mathbb{{E}}\left[{D_LATEX}\right]",
    lambda ops, p: mean_decay(ops, p.mix), estimate=_decay_over, meaning=MEANING,
)  # fmt: skip


def _between_means(ops: Operations, point: Point) -> Any:
    mix = point.mix
    value = mean_decay(ops, mix)
    return [
        [ops.ball(x / mix.d) * value if x else Fraction(0) for x in row]
        for row in ops.distances2(mix)
    ]


directed_decay = named(
    "directed_decay", f"E[<mu_i - mu_k, xbar>^2 {D}]",
    rf"\mathbb{{E}}\left[\langle \mu_i - \mu_k, \bar x \rangle^2 {D_LATEX}\right]",
    _between_means, axes="ik", meaning=MEANING,
    estimate=lambda b: b.distances2 / b.d * _decay_over(b)[:, None, None],
)  # fmt: skip


def _second_moment(ops: Operations, point: Point) -> Any:
    """tr A^2 = 4 sum_ik pi_i pi_k <mu_i - mbar, mu_k - mbar>^2, mbar = sum pi_i mu_i."""
    mix = point.mix
    trace = ops.spread(mix)
    if trace == 0:
        return Fraction(0)
    pi, gram, n = ops.weights(mix), ops.gram(mix), range(mix.n)
    along = [sum((pi[k] * gram[i][k] for k in n), Fraction(0)) for i in n]
    mean2 = sum((p * a for p, a in zip(pi, along, strict=True)), Fraction(0))
    square = 4 * sum(
        (pi[i] * pi[k] * (gram[i][k] - along[i] - along[k] + mean2) ** 2 for i in n for k in n),
        Fraction(0),
    )
    form = (trace**2 + 2 * square) / (mix.d * (mix.d + 2))
    return ops.ball(form) * mean_decay(ops, mix, 2)


def _second_moment_over(b: Batch) -> FloatArray:
    pi = b.weights
    along = np.einsum("bk,bik->bi", pi, b.gram)
    mean2 = np.einsum("bi,bi->b", pi, along)
    centred = b.gram - along[:, :, None] - along[:, None, :] + mean2[:, None, None]
    square = 4 * np.einsum("bi,bk,bik->b", pi, pi, centred**2)
    found: FloatArray = (b.spread**2 + 2 * square) / (b.d * (b.d + 2)) * _decay_over(b, 2)
    return found


second_moment = named(
    "decay_second_moment", f"E[(sum_ij pi_i pi_j <mu_i - mu_j, xbar>^2 {D})^2]",
    r"\mathbb{E}\left[\left(\sum_{ij} \pi_i \pi_j \langle \mu_i - \mu_j, \bar x \rangle^2 "
    rf"{D_LATEX}\right)^2\right]",
    _second_moment, estimate=_second_moment_over, meaning=MEANING,
)  # fmt: skip


def _inner(ops: Operations, point: Point, factor: Any) -> Any:
    mix = point.mix
    if ops.mu_max2(mix) == 0:
        return root(factor**2 * mix.d)
    m, t = ops.mu_max(mix), ops.ball(factor) * ops.sqrt(mix.d)
    return -(-t * m).expm1() / m


_INNER = symbol(
    "inner_decay", "(1 - exp(-{0} mu_max sqrt(d)))/mu_max",
    r"\frac{1 - \exp(-{0} \mu_{\max} \sqrt{d})}{\mu_{\max}}", _inner,
    estimate=lambda b, factor: -np.expm1(-LogArray.of(factor).value * b.top * b.d**0.5) / b.top,
    meaning="{0} sqrt(d), its limit, where mu_max = 0",
)  # fmt: skip


def inner_decay(factor: Any) -> Expr:
    """(1 - exp(-factor m sqrt(d)))/m."""
    return call(_INNER, factor)
