"""How far a value may be from the exact one: what the core declares, and what rounding costs.

    |value - exact| <= rtol * size + atol + rounding + chance

**size** is what an error is relative to; the digits that are reported are relative to it too.

    psi_i(x)         psi_i(x)
    overlaps P_ik    min(E psi_i, E psi_k), which bounds it
    gradient_ij      E[psi_i |mu_ij - x_j|], from above
    em_step_ij       |mu_ij| + eta times that
    psi_tilde_norm2  sum_ik P_ik |mu_i| |mu_k|
    loss             sum_i pi_i |mu_i|^2 / 2, which bounds it
    log_prob(x)      the terms of the likeliest component (:mod:`gembounds.conform.density`)

Over data as :mod:`gembounds.conform.over` says.

Relative to the value itself no algorithm could promise anything where terms cancel; these are
the sums of the absolute values of the terms, and a quadrature rule with positive weights that
integrates psi_i psi_k to rtol reaches them. Where nothing cancels they are the values. The
gradient is E[psi_i (mu_i - x)] in the paper's (3) and in what differentiates the loss, and sum_k
P_ik mu_k by parts. The size is that of the first: with m_i = E psi_i, by Cauchy-Schwarz,

    (sum_k P_ik |mu_kj|)^2,  E[psi_i |mu_ij - x_j|]^2  <=  m_i (m_i + sum_k P_ik mu_kj^2),

because E[psi_i x_j] = E d_j psi_i and E[psi_i x_j^2] = m_i + E d_jj psi_i (Gaussian integration by
parts), where d_j psi_i = psi_i (mu_ij - psi~_j), and d_jj psi_i = psi_i (sum_k psi_k (mu_ij -
mu_kj)^2 - 2 v) with v >= 0 the variance of mu_kj under psi; what remains of E[psi_i (mu_ij -
x_j)^2] is m_i + sum_k P_ik mu_kj^2. For one component that is 1 + mu_j^2.

**rounding** is what the plain formulas cost in the core's arithmetic, unit roundoff u, whatever
the rule. A logit <x, mu_k> - |mu_k|^2/2 + log pi_k, formed like that or with -|x - mu_k|^2/2,
errs by at most gamma_(d+8) B with B(x) = (|x| + max|mu|)^2/2 + max|log pi| (Higham, *Accuracy
and Stability*, section 3.1: a dot product of d terms and a few operations more; inputs rounded
to the core's precision included). Each psi then errs by the factor exp(2 gamma B), and by n + 32
roundings more for the sum, the exponentials and the logarithms. So

    psi      (exp(u (2 (d + 8) B(x) + n + 32)) - 1) psi_i(x)
    P_ik     u (4 (d + 8) E[psi_i psi_k B] / P_ik + 2 n + 64) P_ik
    loss     u ((d + 8) E B + n + 32), absolutely: the weights themselves are known to u only,
             and their sum is 1 to that

and the sums over k follow, by norms: |mu_k| in place of |mu_kj|, because a core may rotate to
the span and back. E[psi_i psi_k B] is bounded for the density f = psi_i psi_k / P_ik <= 1/P_ik:
by the variational formula of Gibbs, E_f |x|^2 / 4 <= log(1/P_ik) + log E exp(|x|^2/4)
= log(1/P_ik) + (d/2) log 2, hence E_f B <= 4 log(1/P_ik) + 1.4 d + max|mu|^2 + max|log pi|.
Not included: rounding in the sum over a rule's nodes, for which rtol has to do.

**chance** is for averages over samples: :mod:`gembounds.conform.chance`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gembounds.conform.chance import chance
from gembounds.conform.core import Core
from gembounds.conform.over import base_of, over
from gembounds.conform.protocol import DEFAULT_RTOL, OVER, UNIT_ROUNDOFF, FloatArray
from gembounds.conform.single import is_single
from gembounds.conform.truth import Truth, loss_terms, overlap_factors, psi_factors
from gembounds.values.rounding import gamma

NOTHING = 1e-289
"""Differences below this count as none: enclosures of 0 are that wide."""

MOST_GROWTH = 700.0
"""Logarithm of a factor that float64 still has; beyond, nothing is known of a posterior."""

SMALLEST = {"float64": 1e-280, "float32": 1e-30}
"""Overlaps and posteriors below this may be lost to underflow: at a node of a rule of weight
down to 1e-28 (1e-8 in float32) their terms leave the range of normal numbers."""


def size(truth: Truth, function: str) -> FloatArray:
    """What errors of ``function`` are relative to, in the shape of its value."""
    case = truth.case
    if function == "em_step_over":
        return np.abs(case.means) + case.eta * size(truth, "gradient_over")
    if function in OVER:
        base = base_of(function)
        whole = over(truth)
        return whole.summed(size, base) if base == "gradient" else size(whole, base)
    if function == "psi":
        return truth.psi.upper
    if function == "log_prob":
        return truth.density.size
    if function == "overlaps":
        return np.asarray(np.minimum.outer(truth.masses, truth.masses))
    if function == "gradient":
        masses, squares = truth.masses[:, None], truth.overlaps.upper @ case.means**2
        return np.asarray(
            np.sqrt(masses) * np.sqrt(masses + squares) * (1 + 2 * gamma(case.n + 4))
        )
    if function == "em_step":
        return np.abs(case.means) + case.eta * size(truth, "gradient")
    if function == "psi_tilde_norm2":
        return np.asarray(np.sum(truth.overlaps.upper * truth.products))
    return np.asarray(truth.half)


def rounding(core: Core, truth: Truth, function: str, dtype: str | None = None) -> FloatArray:
    """What rounding may cost in the arithmetic of the core (or ``dtype``), entry by entry."""
    case, unit = truth.case, UNIT_ROUNDOFF[dtype or core.dtype]
    if function == "em_step_over":
        of_step = rounding(core, truth, "gradient_over", dtype)
        return np.asarray(4 * unit * np.abs(case.means) + case.eta * of_step)
    if function in OVER:
        return over(truth).summed(lambda part, f: rounding(core, part, f, dtype),
                                  base_of(function))  # fmt: skip
    floor = SMALLEST[dtype or core.dtype]
    if function == "psi":
        return grown(unit * psi_factors(case), truth.psi.upper) + floor
    if function == "log_prob":
        cost = unit * truth.density.terms
        exact = unit == UNIT_ROUNDOFF["float64"] or is_single(case.means, case.places)
        return cost if exact else cost + truth.density.moved(unit)
    if function == "loss":
        return np.asarray(unit * loss_terms(case) + floor)
    upper = truth.overlaps.upper
    of_overlaps = unit * overlap_factors(case, upper) * upper + floor
    if function == "overlaps":
        return np.asarray(of_overlaps)
    if function == "psi_tilde_norm2":
        more = unit * (case.d + case.n**2 + 8) * upper
        return np.asarray(np.sum((of_overlaps + more) * truth.products))
    by_rows = (of_overlaps + unit * (case.n + 8) * upper) @ case.norms
    if function == "gradient":
        return np.repeat(by_rows[:, None], case.d, axis=1)
    return np.asarray(4 * unit * np.abs(case.means) + case.eta * by_rows[:, None])


def grown(exponents: FloatArray, psi: FloatArray) -> FloatArray:
    """(exp(e) - 1) psi_i, (m, n), for an e each place; 1, all there is, beyond ``MOST_GROWTH``."""
    factors = np.expm1(np.minimum(exponents, MOST_GROWTH))[:, None]
    return np.where(exponents[:, None] > MOST_GROWTH, 1.0, factors * psi)


def moved(core: Core, truth: Truth, function: str, share: float) -> FloatArray:
    """What it may cost that the means and x err by ``share`` of themselves, by norms."""
    if function == "log_prob":
        return truth.density.moved(share)
    # logits err by share B more, where rounding has gamma_(d + 8) B
    return share / ((truth.case.d + 8) * core.unit) * rounding(core, truth, function)


def allowed(core: Core, truth: Truth, function: str, dtype: str | None = None) -> FloatArray:
    """The largest error that the core may have, entry by entry; with ``dtype``, if what it is
    given is in that arithmetic."""
    rtol = core.rtol(function)
    if dtype is not None:
        rtol = max(rtol, DEFAULT_RTOL[dtype])
    return np.asarray(rtol * size(truth, function) + besides(core, truth, function, dtype))


def besides(core: Core, truth: Truth, function: str, dtype: str | None = None) -> FloatArray:
    """What is allowed whatever the size: atol, rounding and chance together."""
    return np.asarray(
        core.atol(function)
        + rounding(core, truth, function, dtype)
        + chance(core, truth, function)
        + NOTHING
    )


def accuracy(core: Core, share: float = 0.05, functions: Sequence[str] = ()) -> float:
    """Relative width of the enclosures that judging ``functions`` of this core (all) takes, a
    ``share`` of what it declares."""
    return share * min(core.rtol(f) for f in functions or core.functions)
