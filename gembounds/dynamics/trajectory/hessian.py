"""A certified lower bound of the least eigenvalue of the Hessian of L, in float64.

With P, T, Q the overlaps of order 2, 3, 4, and E[f x] = E grad f (Stein),

    E[psi_i psi_l x]       = P_il (mu_i + mu_l) - 2 sum_a T_ila mu_a,
    E[psi_i psi_l psi_k x] = T_ilk (mu_i + mu_l + mu_k) - 3 sum_a Q_ilka mu_a,
    H_ik = P_ik I + delta_ik sum_l mu_l (E[psi_i psi_l (x - mu_k)])^T
           + mu_k (E[psi_i psi_k (x - mu_k)])^T - 2 sum_l mu_l (E[psi_i psi_l psi_k (x - mu_k)])^T.

If Q errs relatively by e, so do T and P, and with m = mu_max the block (i, k) errs by at most
e (P_ik (1 + 19 m^2) + 5 m^2 delta_ik E psi_i), a matrix of norm at most e (1 + 24 m^2) max E psi_i
(the rows of P sum to E psi_i). Absolute errors t of Q add n^3 t (1 + 24 m^2).

Outside the span of the means H is P (x) I, not negative: coordinates in the span suffice. Members
of a class (equal means, equal weights, m_a of them) move together: in the coordinates
sqrt(m_a) mu_a the Hessian on such states is D^-1/2 H D^-1/2, D = diag(m_a), H of the merged
mixture.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import Part, State
from gembounds.dynamics.trajectory.smoothness import steepest, third_derivative
from gembounds.dynamics.trajectory.start import Start
from gembounds.evaluators.float64.fourth import fourth_overlaps
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

ERRORS = (5e-4, 5e-3, 5e-2)
"""Errors of the Hessian, the first whose grid fits in the budget is taken (a choice: 200 steps
with the first cost the running bound a tenth)."""

MAX_SIZE = 120
"""Largest matrix whose eigenvalues are computed (a choice)."""


def least_eigenvalue(state: State, start: Start) -> float:
    """A lower bound of the eigenvalues of the Hessian at the state, of the merged mixture's
    float64 means, on the states that have the symmetries of ``start``. Over data the Hessian is
    the mean of those at mu - a_j; what rounding moves them changes it by M_3 times that at most.
    """
    m = start.seen(state.mix.means)
    crude = -steepest(m)
    parts, moved = reduced(state, start)
    basis = start.symmetry.basis
    n, d = parts[0].means.shape
    if n * d > MAX_SIZE:
        return crude
    total, wrong = np.zeros((n, d, n, d)), 0.0
    for part in parts:
        tried = (fourth_overlaps(part.co, min(1e-3, error / (1 + 24 * m * m))) for error in ERRORS)
        found = next((f for f in tried if f is not None), None)
        if found is None:
            return crude
        total = total + part.weight * hessian(found.values, part.means)
        heaviest = float((found.values.sum(axis=(1, 2, 3)) / start.counts).max())
        wrong += part.weight * (
            found.relative * min(1.0, heaviest * (1 + 2 * found.relative))
            + gamma(30 * n * d + 200 + 4 * (len(parts) - 1))
            + 1.2 * n**3 * found.absolute
        )
    error = wrong * (1 + 24 * (m + 2 * moved) ** 2)
    scale = 1 / np.sqrt(start.counts)
    h = (total * scale[:, None, None, None] * scale[:, None]).reshape(n * d, n * d)
    if basis is not None:
        h = basis.T @ h @ basis
    bound = least_of(h) - error * (1 + 1e-9) - 100 * (1 + m + moved) ** 3 * moved
    bound -= third_derivative(m + state.slip) * state.slip * (1 + 1e-9)
    return float(max(crude, min(bound, 0.0) if state.mix.d > d else bound))


def reduced(state: State, start: Start) -> tuple[tuple[Part, ...], float]:
    """The parts with coordinates in the span of all their means, where that is much smaller than
    the space and no basis of symmetric states is in use, and how far that moves the means."""
    n, d = state.mix.means.shape
    rows = n * len(state.parts)
    if start.symmetry.basis is not None or d <= 2 * rows:
        return state.parts, 0.0
    span, moved = _in_span(np.concatenate([part.means for part in state.parts]))
    if span is None:
        return state.parts, 0.0
    blocks = np.split(span, len(state.parts))
    return tuple(p._replace(means=u) for p, u in zip(state.parts, blocks, strict=True)), moved


def hessian(q: npt.NDArray[Any], means: npt.NDArray[Any]) -> Any:
    """H, (n, d, n, d), from the fourth-order overlaps and the means, floats or balls."""
    n, d = means.shape
    t = q.sum(axis=3)
    p = t.sum(axis=2)
    # triple[i, l, k] = E[psi_i psi_l psi_k x]
    pair = pair_moments(p, t, means)
    total = means[:, None, None] + means[None, :, None] + means[None, None]
    triple = t[..., None] * total - 3 * (q @ means)
    h = -2 * np.einsum("la,ilkb->iakb", means, triple - t[..., None] * means)
    h += np.einsum("ka,ikb->iakb", means, pair - p[..., None] * means)
    own = pair - p[..., None] * means[:, None]
    block = np.einsum("la,ilb->iab", means, own)
    each = np.arange(n)
    h[each, :, each, :] += block
    h += p[:, None, :, None] * np.eye(d)[:, None, :]
    return np.asarray(h)


def pair_moments(p: npt.NDArray[Any], t: npt.NDArray[Any], means: npt.NDArray[Any]) -> Any:
    """E[psi_i psi_l x], (n, n, d), from the overlaps of second and third order."""
    both = means[:, None] + means[None]
    return np.asarray(p[:, :, None] * both - 2 * (t @ means))


def least_of(h: FloatArray) -> float:
    """A lower bound of the least eigenvalue of the symmetric part of ``h``.

    For computed eigenvectors V with |V^T V - I| <= t and residual R = H V - V diag(lambda), a
    unit vector V w has |w|^2 in [1/(1+t), 1/(1-t)] and
    w^T V^T H V w >= lambda_min |w|^2 - t |lambda|_max |w|^2 - |R| |w|: LAPACK is not trusted.
    """
    h = 0.5 * (h + h.T)
    size = len(h)
    if not size:
        return 0.0
    values, v = np.linalg.eigh(h)
    norm = float(np.sqrt((h * h).sum())) * (1 + 1e-9)
    rounding = gamma(size + 8)
    vectors = 1.01 * math.sqrt(size)
    t = float(np.linalg.norm(v.T @ v - np.eye(size))) + rounding * vectors * vectors
    residual = float(np.linalg.norm(h @ v - v * values)) + rounding * (norm + 1) * vectors
    residual += rounding * float(np.abs(values).max()) * vectors
    if not t < 0.01:
        return -norm
    least, largest = float(values.min()), float(np.abs(values).max())
    bound = min(least / (1 + t), least / (1 - t)) - (t * largest + residual) / (1 - t)
    return bound - 1e-9 * (abs(bound) * 1e-6 + residual) - 4 * U * norm


def _in_span(means: FloatArray) -> tuple[FloatArray | None, float]:
    """Coordinates in the span of the means where d > n, and how far they move the means.

    Q (d, n) from a QR factorisation, t >= |Q^T Q - I|; its polar factor W is orthonormal with
    |Q - W| <= t, so the means C W^T are within |means - C Q^T| + t |C| of the given ones. H is
    P (x) I and a form in pairs of means with coefficients of norm 24 in all: means moved by s
    change it by less than 100 (1 + m)^3 s.
    """
    n, d = means.shape
    if d <= n:
        return means, 0.0
    q = np.linalg.qr(means.T)[0]
    c = means @ q
    g = gamma(d + n + 4)
    size = float(np.linalg.norm(means)) * (1 + g)
    t = float(np.linalg.norm(q.T @ q - np.eye(q.shape[1]))) + g * 1.01 * q.shape[1]
    away = float(np.linalg.norm(means - c @ q.T)) + 4 * g * n * size
    if not t < 1e-6:
        return None, 0.0
    return c, (away + t * size * 1.01) * (1 + 1e-9)
