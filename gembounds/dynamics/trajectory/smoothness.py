"""How far one step of gradient EM can spread two states apart.

L(mu) = -E log S, S = sum_i pi_i exp(l_i), l_i = <x, mu_i> - |mu_i|^2/2 (x ~ N(0, I)). Along
mu + s u, |u| = 1, with a_i = <x - mu_i, u_i> and b_i = |u_i|^2 under the posterior psi,

    d^2/ds^2 log S = Var(a) - E b,    d^3/ds^3 log S = kappa_3(a) - 3 Cov(a, b),

so the Hessian is H = E[ sum_i psi_i |u_i|^2 - Var(a) ] along u, hence

    -(1 + mu_max^2) <= H <= max_i E psi_i <= 1,

as E Var(a) <= E sum_i psi_i a_i^2 <= sum_i E <x - mu_i, u_i>^2 <= 1 + mu_max^2. The range D of a
is at most |a_i| + |a_k| for the two at its ends, i != k. Then |kappa_3(a)| <= D^3/(6 sqrt 3) and
D^3 <= 4 sum_i |a_i|^3, E|a_i|^3 <= |u_i|^3 E(|Z| + |mu_i|)^3, sum_i |u_i|^3 <= 1; and
|Cov(a, b)| <= D/4, since b has range at most 1, with E D <= (2 E sum_i a_i^2)^(1/2) <=
(2 + 2 mu_max^2)^(1/2). A symmetric trilinear form is largest on a diagonal (Banach), so with
m >= mu_max on a segment

    |H(mu) - H(mu')| <= M_3(m) |mu - mu'|,
    M_3(m) = (2 / (3 sqrt 3)) (E|Z|^3 + 3 m + 3 m^2 E|Z| + m^3) + (3/4) sqrt(2 + 2 m^2).

No constant depends on n or d. All in the Euclidean norm of R^(n d).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.values.rounding import U

ROUND = 1.0 + 64 * U
"""Covers the roundings of each bound here (fewer than 60 operations on positive terms)."""


def third_derivative(m: Any) -> Any:
    """M_3(m), rounded up; floats or arrays, as all here."""
    cubic = 1.5957691216057308 + 3 * m + 2.3936536824085961 * m * m + m * m * m
    return (0.3849001794597506 * cubic + 0.75 * np.sqrt(2 + 2 * m * m)) * ROUND


def steepest(m: Any) -> Any:
    """1 + m^2 >= -H, rounded up; also a bound of |H|."""
    return (1 + m * m) * ROUND


def mass_slope(m: Any) -> Any:
    """sqrt(1 + m^2)/2, rounded up, bounds the slope of each E psi_i: psi_i' = psi_i (a_i - sum_k
    psi_k a_k) along a unit direction is at most max|a|/2 in size, and E max|a|^2 <= 1 + m^2."""
    return 0.5 * np.sqrt(1 + m * m) * ROUND


def spread_factor(eta: float, least: Any, most: Any) -> Any:
    """|I - eta H|, all eigenvalues of H in [``least``, ``most``], rounded up; eta > 0."""
    shrink = 1 - eta * least
    grown = np.maximum(shrink + 4 * U * (1 + eta * abs(least)), eta * most * (1 + 4 * U) - 1)
    return np.maximum(grown, 0.0)
