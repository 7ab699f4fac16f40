"""What must hold between the values of a core, without a reference.

Each value may use up what :mod:`gembounds.conform.tolerance` allows it. The gradient is held
against the loss along a segment: with F(t) = L(a + t v),

    F(1) - F(0) = integral_0^1 <grad L(a + t v), v> dt,

the integral by Gauss's rule of K nodes. Its error is (K!)^4 / ((2K+1) ((2K)!)^3) F^(2K+1)(t) for
some t. Up to a quadratic in t, F = -E g with g = log sum_i pi_i exp(D_i(t)), D_i = l_i - l_0 the
differences of the logits. Where t is complex, |t - t_0| <= rho <= R for a t_0 in [0, 1],
|D_i'(t)| <= w(x) := max_i |<x, v_i - v_0>| + 2 (A + (1 + R) V) V with A = max|a_i|, V = max|v_i|,
so |Im D_i| <= rho w. For rho w <= pi/4 all terms of the sum lie in a sector of half-opening
pi/4: the sum does not vanish, sum_i |psi_i(t)| <= sqrt 2, |g'| = |sum_i psi_i D_i'| <= sqrt 2 w,
and Cauchy's estimate with rho = min(R, pi/(4 w)) gives

    |g^(2K+1)| <= sqrt 2 (2K)! w max(1/R, 4 w/pi)^(2K).

<x, v_i - v_0> is normal with deviation at most 2 V, so E of that is at most n times the same for
w = 2 (A + (1 + R) V) V + 2 V |z|, z standard normal: a finite sum of moments.
"""

from __future__ import annotations

import math

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import Check, Finding, agree
from gembounds.conform.core import Core
from gembounds.conform.tolerance import allowed
from gembounds.conform.truth import Truth, truth_of
from gembounds.values.rounding import U

NODES = 5
"""K."""

REACH = 8.0
"""R."""

STEP = 1 / 64
"""V is this over max(1, A): small enough for the bound to be some 1e-16."""

LOOSE = 1e-2
"""Width of the enclosures from which sizes at the nodes are read."""


def psi_sums_to_one(core: Core, case: Case, truth: Truth) -> Finding:
    psi = core.call("psi", *case.arguments("psi"))
    slack = allowed(core, truth, "psi").sum(axis=1) + 4 * case.n * U
    return agree("psi", psi.sum(axis=1), np.ones(len(psi)), slack, ("the sum over i", "1"))


def psi_in_range(core: Core, case: Case, truth: Truth) -> Finding:
    psi = core.call("psi", *case.arguments("psi"))
    slack = allowed(core, truth, "psi")
    return agree("psi", psi, np.clip(psi, 0.0, 1.0), slack, ("psi", "the nearest of [0, 1]"))


def overlaps_symmetric(core: Core, case: Case, truth: Truth) -> Finding:
    found = core.call("overlaps", case.means, case.weights)
    slack = allowed(core, truth, "overlaps")
    names = ("E psi_i psi_k", "E psi_k psi_i")
    return agree("overlaps", found, found.T, slack + slack.T, names)


def overlaps_sum_to_one(core: Core, case: Case, truth: Truth) -> Finding:
    found = core.call("overlaps", case.means, case.weights)
    slack = allowed(core, truth, "overlaps").sum() + 4 * case.n**2 * U
    return agree("overlaps", np.asarray(found.sum()), np.asarray(1.0), np.asarray(slack),
                 ("the sum over i and k", "1"))  # fmt: skip


def overlaps_semidefinite(core: Core, case: Case, truth: Truth) -> Finding:
    """sum_ik P_ik a_i a_k = E(sum_i psi_i a_i)^2 >= 0. By Weyl's inequality the eigenvalues of
    the symmetric part err by at most the Frobenius norm of the error, and LAPACK's by n^2 U."""
    found = core.call("overlaps", case.means, case.weights)
    least = np.asarray(np.linalg.eigvalsh(0.5 * (found + found.T))[0])
    slack = np.asarray(np.linalg.norm(allowed(core, truth, "overlaps")) + 8 * case.n**2 * U)
    return agree("overlaps", least, np.maximum(least, 0.0), slack,
                 ("the least eigenvalue", "the nearest that may be"))  # fmt: skip


def gradient_from_overlaps(core: Core, case: Case, truth: Truth) -> Finding:
    found = core.call("gradient", case.means, case.weights)
    overlaps = core.call("overlaps", case.means, case.weights)
    means = case.means
    slack = allowed(core, truth, "gradient") + (
        allowed(core, truth, "overlaps") + 2 * (case.n + 2) * U * np.abs(overlaps)
    ) @ np.abs(means)
    return agree("gradient", found, overlaps @ means, slack, ("it", "overlaps @ means"))


def projection_of_gradient(core: Core, case: Case, truth: Truth) -> Finding:
    gradient = core.call("gradient", case.means, case.weights)
    value = core.call("psi_tilde_norm2", case.means, case.weights)
    size = np.abs(case.means)
    terms = allowed(core, truth, "gradient") + 2 * case.n * case.d * U * np.abs(gradient)
    slack = allowed(core, truth, "psi_tilde_norm2") + np.sum(terms * size)
    return agree("psi_tilde_norm2", value, np.asarray(np.sum(gradient * case.means)), slack,
                 ("it", "<gradient, means>"))  # fmt: skip


def em_step_from_gradient(core: Core, case: Case, truth: Truth) -> Finding:
    gradient = core.call("gradient", case.means, case.weights)
    found = core.call("em_step", *case.arguments("em_step"))
    expected = case.means - case.eta * gradient
    slack = (
        allowed(core, truth, "em_step")
        + case.eta * allowed(core, truth, "gradient")
        + 8 * U * (np.abs(case.means) + case.eta * np.abs(gradient))
    )
    return agree("em_step", found, expected, slack, ("it", "means - eta * gradient"))


def em_step_of_zero(core: Core, case: Case, truth: Truth) -> Finding:
    found = core.call("em_step", case.means, case.weights, 0.0)
    slack = np.repeat(8 * core.unit * case.norms[:, None], case.d, axis=1)
    return agree("em_step with eta = 0", found, case.means, slack, ("it", "the mean"))


def gradient_against_loss(core: Core, case: Case, truth: Truth) -> Finding:
    start = case.means
    largest = float(case.norms.max())
    move = case.rng("segment").normal(size=start.shape)
    move *= STEP / max(1.0, largest) / float(np.linalg.norm(move, axis=1).max())
    length = float(np.linalg.norm(move, axis=1).max()) * (1 + 8 * U)
    t, w = np.polynomial.legendre.leggauss(NODES)
    integral, slack = 0.0, rule_error(case.n, largest, length)
    for place, weight in zip(0.5 * (t + 1), 0.5 * w, strict=True):
        node = Case(start + place * move, case.weights, case.salt)
        gradient = core.call("gradient", node.means, node.weights)
        integral += weight * float(np.sum(gradient * move))
        errors = allowed(core, truth_of(node, LOOSE), "gradient")
        slack += weight * float(np.sum(errors * np.abs(move)))
    end = Case(start + move, case.weights, case.salt)
    first = core.call("loss", start, case.weights)
    last = core.call("loss", end.means, end.weights)
    slack += float(allowed(core, truth, "loss") + allowed(core, truth_of(end, LOOSE), "loss"))
    # the nodes are rounded: the gradient moves by at most A U (1 + 4 (d + A^2)) a row
    slack += 8 * case.n * length * U * largest * (1 + 4 * (case.d + largest**2))
    slack += 8 * U * (abs(float(first)) + abs(float(last)) + case.n * case.d * abs(integral))
    return agree("loss", np.asarray(last - first), np.asarray(integral), np.asarray(slack),
                 ("its change along a segment", "the integral of the gradient"))  # fmt: skip


def rule_error(n: int, largest: float, length: float) -> float:
    """The bound of the module for A = ``largest``, V = ``length``: 2K+1 moments of |z|."""
    k = 2 * NODES
    base, slope = 2 * (largest + (1 + REACH) * length) * length, 2 * length
    first = base + slope * _moment(1)
    power = sum(
        math.comb(k + 1, j) * base ** (k + 1 - j) * slope**j * _moment(j) for j in range(k + 2)
    )
    total = first * REACH**-k + power * (4 / math.pi) ** k
    factor = math.factorial(NODES) ** 4 / ((k + 1) * math.factorial(k) ** 2)
    return 1.01 * math.sqrt(2) * n * factor * total


def _moment(j: int) -> float:
    """E|z|^j for a standard normal z."""
    return math.sqrt(2.0**j / math.pi) * math.gamma((j + 1) / 2)


CHECKS = (
    Check("psi-sums-to-one", "consistency", "sum_i psi_i(x) = 1", ("psi",), "mixed",
          psi_sums_to_one),
    Check("psi-in-range", "consistency", "0 <= psi_i(x) <= 1", ("psi",), "mixed", psi_in_range),
    Check("overlaps-symmetric", "consistency", "E psi_i psi_k = E psi_k psi_i", ("overlaps",),
          "mixed", overlaps_symmetric),
    Check("overlaps-sum-to-one", "consistency", "sum_ik E psi_i psi_k = 1", ("overlaps",),
          "mixed", overlaps_sum_to_one),
    Check("overlaps-semidefinite", "consistency", "the overlaps are positive semidefinite",
          ("overlaps",), "mixed", overlaps_semidefinite),
    Check("gradient-against-loss", "consistency",
          "the loss changes by the integral of the gradient", ("gradient", "loss"), "generic",
          gradient_against_loss),
    Check("gradient-against-overlaps", "consistency", "gradient = overlaps @ means",
          ("gradient", "overlaps"), "mixed", gradient_from_overlaps),
    Check("psi_tilde_norm2-against-gradient", "consistency",
          "psi_tilde_norm2 = <gradient, means>", ("psi_tilde_norm2", "gradient"), "mixed",
          projection_of_gradient),
    Check("em_step-against-gradient", "consistency", "em_step = means - eta * gradient",
          ("em_step", "gradient"), "mixed", em_step_from_gradient),
    Check("em_step-of-zero", "consistency", "em_step with eta = 0 changes nothing",
          ("em_step",), "mixed", em_step_of_zero),
)  # fmt: skip
