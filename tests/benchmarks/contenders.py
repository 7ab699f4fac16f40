"""Other ways to E[psi_i psi_k], written as a competent user would: vectorised, in the span of the
differences (a floating-point QR), every entry of the matrix from one pass."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt
from flint import acb, arb
from scipy.integrate import cubature
from scipy.special import expit, roots_hermitenorm

import gembounds as gb
from gembounds.values.precision import working_precision

FloatArray = npt.NDArray[np.float64]

SAMPLES = 350_000
"""The number of samples of the paper's experiments."""


def logits_of(means: FloatArray) -> tuple[FloatArray, FloatArray]:
    """v (n, r) and c (n,): the logits at y in R^r are v y + c, for equal weights."""
    b = means[1:] - means[0]
    q, _ = np.linalg.qr(b.T)
    v = np.zeros((len(means), q.shape[1]))
    v[1:] = b @ q
    return v, -0.5 * np.einsum("ij,ij->i", means - means[0], means + means[0])


def posteriors(v: FloatArray, c: FloatArray, y: FloatArray) -> FloatArray:
    """psi at the points y (m, r), shape (n, m)."""
    if len(c) == 2:
        t = y @ (v[1] - v[0]) + (c[1] - c[0])
        return np.stack((expit(-t), expit(t)))
    z = v @ y.T
    z += c[:, None]
    z -= z.max(axis=0)
    np.exp(z, out=z)
    z /= z.sum(axis=0)
    return z


def by_cubature(means: FloatArray, rtol: float, box: bool = False) -> FloatArray:
    """scipy.integrate.cubature, its default rule, the n (n + 1)/2 entries as one vector-valued
    integrand: over all of R^r, or over a ``box`` that leaves out a mass near rtol/100."""
    v, c = logits_of(means)
    n, r = v.shape
    first, second = np.triu_indices(n)
    scale = (2.0 * math.pi) ** (-0.5 * r)

    def integrand(y: FloatArray) -> FloatArray:
        psi = posteriors(v, c, y)
        phi = scale * np.exp(-0.5 * np.einsum("ij,ij->i", y, y))
        values: FloatArray = ((psi[first] * phi) * psi[second]).T
        return values

    ends = np.full(r, math.sqrt(2.0 * math.log(100.0 / rtol)) if box else math.inf)
    found = cubature(integrand, -ends, ends, rtol=rtol, atol=0.0)
    return _full(found.estimate, n)


def by_monte_carlo(means: FloatArray, seed: int = 0) -> FloatArray:
    v, c = logits_of(means)
    y = np.random.default_rng(seed).standard_normal((SAMPLES, v.shape[1]))
    psi = posteriors(v, c, y)
    overlaps: FloatArray = psi @ psi.T / SAMPLES
    return overlaps


def by_gauss_hermite(means: FloatArray, points: int) -> FloatArray:
    """The tensor rule of ``points`` nodes a coordinate; finding its nodes is not in the time of
    a second call."""
    v, c = logits_of(means)
    r = v.shape[1]
    nodes, weights = hermite_rule(points)
    y = np.stack(np.meshgrid(*[nodes] * r, indexing="ij"), axis=-1).reshape(-1, r)
    w = weights
    for _ in range(r - 1):
        w = np.multiply.outer(w, weights)
    psi = posteriors(v, c, y)
    overlaps: FloatArray = (psi * w.ravel()) @ psi.T
    return overlaps


def fewest_points(means: FloatArray, rtol: float) -> int:
    """Of 8, 12, 16, ... points a coordinate: the first whose error is at most ``rtol``."""
    sure = gb.overlaps(gb.Mixture(means), evaluator="arb", rtol=rtol / 100).mid
    points = 8
    while (np.abs(by_gauss_hermite(means, points) - sure) > rtol * sure).any():
        points += 4
    return points


def by_mpmath(means: FloatArray, digits: int) -> list[list[Any]]:
    """mpmath.quad over the real line cut at the middle, one entry at a time (r = 1)."""
    v, c = logits_of(means)
    n = len(c)
    with mpmath.workdps(digits):
        line = [mpmath.mpf(float(x)) for x in v[:, 0]]
        shift = [mpmath.mpf(float(x)) for x in c]

        def overlap(i: int, k: int) -> Any:
            def integrand(y: Any) -> Any:
                e = [mpmath.exp(a * y + b) for a, b in zip(line, shift, strict=True)]
                return e[i] * e[k] / mpmath.fsum(e) ** 2 * mpmath.npdf(y)

            return mpmath.quad(integrand, [-mpmath.inf, 0, mpmath.inf])

        return _symmetric(n, overlap)


def by_acb_integral(means: FloatArray, bits: int) -> list[list[Any]]:
    """acb.integral of python-flint over a finite interval, one entry at a time (r = 1).

    Rigorous on [-9, 9] where the integrand has no poles on the real line; the two tails are below
    2.3e-19."""
    v, c = logits_of(means)
    n = len(c)
    with working_precision(bits):
        line, shift = [arb(float(x)) for x in v[:, 0]], [arb(float(x)) for x in c]
        scale = 1 / (2 * arb.pi()).sqrt()

        def overlap(i: int, k: int) -> Any:
            def integrand(y: Any, _: bool) -> Any:
                e = [(y * a + b).exp() for a, b in zip(line, shift, strict=True)]
                s = sum(e, acb(0))
                return e[i] * e[k] / (s * s) * (y * y * -0.5).exp() * scale

            tolerance = arb(2) ** -34
            return acb.integral(integrand, acb(-9), acb(9), rel_tol=tolerance).real

        return _symmetric(n, overlap)


def _symmetric(n: int, entry: Callable[[int, int], Any]) -> list[list[Any]]:
    upper = {(i, k): entry(i, k) for i in range(n) for k in range(i, n)}
    return [[upper[min(i, k), max(i, k)] for k in range(n)] for i in range(n)]


def _full(packed: FloatArray, n: int) -> FloatArray:
    out = np.empty((n, n))
    first, second = np.triu_indices(n)
    out[first, second] = out[second, first] = packed
    return out


@lru_cache
def hermite_rule(points: int) -> tuple[FloatArray, FloatArray]:
    nodes, weights = roots_hermitenorm(points)
    return nodes, weights / weights.sum()
