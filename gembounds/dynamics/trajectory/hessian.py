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
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import Part, State
from gembounds.dynamics.trajectory.near_fourths import near_fourths
from gembounds.dynamics.trajectory.smoothness import steepest, third_derivative
from gembounds.dynamics.trajectory.start import Starts
from gembounds.evaluators.float64.batch_fourth import Fourths
from gembounds.evaluators.float64.batch_fourth import fourth_overlaps as together
from gembounds.evaluators.float64.batch_groups import FEWEST
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

ERRORS = (5e-4, 5e-3, 5e-2)
"""Errors of the Hessian, the first whose grid fits in the budget is taken (a choice: 200 steps
with the first cost the running bound a tenth)."""

MAX_SIZE = 120
"""Largest matrix whose eigenvalues are computed (a choice)."""


ENTRIES = 1 << 20
"""Fourth-order overlaps, or entries of Hessians, of all the states taken at a time (a choice)."""


class Span(NamedTuple):
    """Coordinates (B, n, d) of each part's means, and how far they move the means, (B,)."""

    means: list[FloatArray]
    moved: FloatArray


def chunks(state: State, index: IndexArray) -> Iterator[IndexArray]:
    """``index``, few states at a time where they are large."""
    _, k, d = state.means.shape
    d = min(d, 2 * k * len(state.parts))
    most = max(1, ENTRIES // max(k**4, (k * d + k) ** 2))
    for first in range(0, len(index), most):
        yield index[first : first + most]


def least_eigenvalues(state: State, start: Starts) -> FloatArray:
    """Lower bounds (B,) of the eigenvalues of the Hessians at the states, of the merged mixtures'
    float64 means, on the states that have the symmetries of ``start``. Over data the Hessian is
    the mean of those at mu - a_j; what rounding moves them changes it by M_3 times that at most.
    """
    found = [_least_eigenvalues(state.taken(some), start.taken(some))
             for some in chunks(state, np.arange(len(state.means)))]  # fmt: skip
    return np.concatenate(found)


def _least_eigenvalues(state: State, start: Starts) -> FloatArray:
    m = state.top
    crude = -steepest(m)
    span = reduced(state.parts, start.symmetry.basis is None)
    basis = start.symmetry.basis
    size, n, d = span.means[0].shape
    if n * d > MAX_SIZE:
        return np.asarray(crude)
    total, wrong = np.zeros((size, n, d, n, d)), np.zeros(size)
    steep = 1 + 24 * m * m
    for part, means in zip(state.parts, span.means, strict=True):
        found = fourths(part, ERRORS, steep)
        total += part.weight * hessian(found.values, means)
        heaviest = (found.values.sum(axis=(2, 3, 4)) / start.counts).max(axis=1)
        wrong += part.weight * (
            found.relative * np.minimum(1.0, heaviest * (1 + 2 * found.relative))
            + gamma(30 * n * d + 200 + 4 * (len(state.parts) - 1))
            + 1.2 * n**3 * found.absolute
        )
    error = wrong * (1 + 24 * (m + 2 * span.moved) ** 2)
    scale = 1 / np.sqrt(start.counts)
    h = (total * scale[:, None, None, None] * scale[:, None]).reshape(size, n * d, n * d)
    if basis is not None:
        h = basis.T @ h @ basis
    bound = least_of(h) - error * (1 + 1e-9) - 100 * (1 + m + span.moved) ** 3 * span.moved
    bound -= third_derivative(m + state.slip) * state.slip * (1 + 1e-9)
    if state.means.shape[2] > d:
        bound = np.minimum(bound, 0.0)
    return np.asarray(np.fmax(crude, bound))


def fourths(part: Part, tries: Sequence[float], over: FloatArray) -> Fourths:
    """Fourth-order overlaps: to the first of the relative errors ``tries`` over ``over`` (B,),
    1e-3 at most, that fits; infinite errors where none does."""
    size, n, _ = part.means.shape
    if size >= FEWEST and part.shares is not None and n > 1:
        found = together(part.means, part.shares, np.minimum(1e-3, tries[0] / over))
    else:
        found = Fourths(np.zeros((size, n, n, n, n)), np.full(size, np.inf), np.zeros(size))
    for b in (found.relative == np.inf).nonzero()[0].tolist():
        one = near_fourths(part, b, [min(1e-3, error / float(over[b])) for error in tries])
        if one is not None:
            found.values[b], found.relative[b], found.absolute[b] = one
    return found


def reduced(parts: Sequence[Part], free: bool) -> Span:
    """The parts' means in coordinates of the span of them all, where that is much smaller than
    the space, if that is ``free``: where no basis of symmetric states is in use."""
    given = [part.means for part in parts]
    size, n, d = given[0].shape
    if not free or d <= 2 * n * len(given):
        return Span(given, np.zeros(size))
    span, moved = _in_span(np.concatenate(given, axis=1))
    if span is None:
        return Span(given, np.zeros(size))
    return Span(np.split(span, len(given), axis=1), moved)


def hessian(q: npt.NDArray[Any], means: npt.NDArray[Any]) -> Any:
    """H, (..., n, d, n, d), from the fourth-order overlaps and the means, floats or balls."""
    t = q.sum(axis=-1)
    p = t.sum(axis=-1)
    # triple[i, l, k] = E[psi_i psi_l psi_k x]
    pair = pair_moments(p, t, means)
    at = means[..., None, :, None, :], means[..., None, None, :, :]
    total = means[..., :, None, None, :] + at[0] + at[1]
    triple = t[..., None] * total - 3 * (q @ means[..., None, None, :, :])
    h = -2 * np.einsum("...la,...ilkb->...iakb", means, triple - t[..., None] * at[1])
    own = pair - p[..., None] * means[..., None, :, :]
    h += np.einsum("...ka,...ikb->...iakb", means, own)
    own = pair - p[..., None] * means[..., :, None, :]
    block = np.einsum("...la,...ilb->...iab", means, own)
    own = np.einsum("...iaib->...iab", h)  # parts of h, as the next
    own += block
    own = np.einsum("...iaka->...ika", h)
    own += p[..., None]
    return np.asarray(h)


def pair_moments(p: npt.NDArray[Any], t: npt.NDArray[Any], means: npt.NDArray[Any]) -> Any:
    """E[psi_i psi_l x], (..., n, n, d), from the overlaps of second and third order."""
    both = means[..., :, None, :] + means[..., None, :, :]
    return np.asarray(p[..., None] * both - 2 * (t @ means[..., None, :, :]))


def least_of(h: FloatArray) -> Any:
    """Lower bounds of the least eigenvalues of the symmetric parts of ``h`` (..., m, m).

    For computed eigenvectors V with |V^T V - I| <= t and residual R = H V - V diag(lambda), a
    unit vector V w has |w|^2 in [1/(1+t), 1/(1-t)] and
    w^T V^T H V w >= lambda_min |w|^2 - t |lambda|_max |w|^2 - |R| |w|: LAPACK is not trusted.
    Where ``h`` is not finite that is -inf.
    """
    size = h.shape[-1]
    if not size:
        return np.zeros(h.shape[:-2])
    h = 0.5 * (h + h.swapaxes(-1, -2))
    norm = _frobenius(h) * (1 + 1e-9)
    known = norm < np.inf
    if not known.all():
        h = np.where(known[..., None, None], h, 0.0)
    values, v = np.linalg.eigh(h)
    rounding = gamma(size + 8)
    vectors = 1.01 * math.sqrt(size)
    t = _frobenius(v.swapaxes(-1, -2) @ v - np.eye(size)) + rounding * vectors * vectors
    residual = _frobenius(h @ v - v * values[..., None, :])
    residual += rounding * (norm + 1) * vectors
    largest = np.maximum.reduce(np.abs(values), axis=-1)
    least = np.minimum.reduce(values, axis=-1)
    residual += rounding * largest * vectors
    bound = np.minimum(least / (1 + t), least / (1 - t)) - (t * largest + residual) / (1 - t)
    bound = bound - 1e-9 * (abs(bound) * 1e-6 + residual) - 4 * U * norm
    return np.where(known, np.where(t < 0.01, bound, -norm), -np.inf)


def _frobenius(a: FloatArray) -> Any:
    return np.sqrt(np.add.reduce(np.square(a), axis=(-2, -1)))


def _in_span(means: FloatArray) -> tuple[FloatArray | None, FloatArray]:
    """Coordinates in the span of the means (B, n, d) where d > n, and how far they move them.

    Q (d, n) from a QR factorisation, t >= |Q^T Q - I|; its polar factor W is orthonormal with
    |Q - W| <= t, so the means C W^T are within |means - C Q^T| + t |C| of the given ones. H is
    P (x) I and a form in pairs of means with coefficients of norm 24 in all: means moved by s
    change it by less than 100 (1 + m)^3 s.
    """
    size, n, d = means.shape
    if d <= n:
        return means, np.zeros(size)
    q = np.linalg.qr(means.swapaxes(1, 2))[0]
    c = means @ q
    g = gamma(d + n + 4)
    length = _frobenius(means) * (1 + g)
    t = _frobenius(q.swapaxes(1, 2) @ q - np.eye(n)) + g * 1.01 * n
    away = _frobenius(means - c @ q.swapaxes(1, 2)) + 4 * g * n * length
    if not (t < 1e-6).all():
        return None, np.zeros(size)
    return c, (away + t * length * 1.01) * (1 + 1e-9)
