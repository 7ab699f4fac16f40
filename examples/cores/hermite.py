"""Nodes for the example cores: tensor Gauss-Hermite on the span of the differences of the means.

What someone would write who knows that psi depends on x through that span alone. The orders are
fixed, as they mostly are; ``gembounds conform`` tells how far they carry.
"""

import functools
import itertools

import numpy as np

ORDERS = {0: 1, 1: 300, 2: 100}
"""Nodes an axis for each number of axes."""

EXPECTATIONS = ("loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step")


def declared(psi, expectations):
    """A declaration by function: one for psi, which needs no rule, and one for the others."""
    return {"psi": psi} | dict.fromkeys(EXPECTATIONS, expectations)


def nodes(means):
    """x (m, d) and shares (m,): E f(x) is about shares @ f(x) for f of <x, mu_i - mu_k>."""
    means = np.asarray(means, dtype=np.float64)
    _, size, axes = np.linalg.svd(means - means[0], full_matrices=False)
    axes = axes[size > 1e-13 * max(1.0, float(np.max(np.abs(means))))]
    if len(axes) not in ORDERS:
        raise NotImplementedError(f"{len(axes)} dimensions: at most {max(ORDERS)}")
    y, shares = _tensor(len(axes))
    return y @ axes, shares


@functools.cache
def _tensor(r):
    y, w = np.polynomial.hermite_e.hermegauss(ORDERS[r])
    w = w / np.sqrt(2 * np.pi)
    points = np.array(list(itertools.product(y, repeat=r)))
    shares = np.array([np.prod(part) for part in itertools.product(w, repeat=r)])
    return points, shares
