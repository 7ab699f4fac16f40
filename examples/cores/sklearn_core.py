"""A core on top of scikit-learn: posteriors and densities are GaussianMixture's own.

``predict_proba`` is psi, ``score_samples`` is log p_mu; expectations are Gauss-Hermite sums.
"""

import numpy as np
from sklearn.mixture import GaussianMixture

from examples.cores.hermite import declared, nodes

rtol = declared(1e-10, 1e-5)
max_rank = declared(None, 2)
max_norm = declared(None, 3)


def psi(x, means, weights):
    """(m, d) to (m, n)."""
    return _model(means, weights).predict_proba(x)


def loss(means, weights):
    """-E log p_mu/p_0."""
    x, shares = nodes(means)
    log_p0 = -0.5 * np.sum(x**2, axis=1) - 0.5 * x.shape[1] * np.log(2 * np.pi)
    return float(shares @ (log_p0 - _model(means, weights).score_samples(x)))


def gradient(means, weights):
    """E[psi_i (mu_i - x)], as (3) has it."""
    x, shares = nodes(means)
    part = psi(x, means, weights) * shares[:, None]
    return np.sum(part, axis=0)[:, None] * means - part.T @ x


def psi_tilde_norm2(means, weights):
    """E|sum_i psi_i mu_i|^2."""
    x, shares = nodes(means)
    return float(shares @ np.sum((psi(x, means, weights) @ means) ** 2, axis=1))


def overlaps(means, weights):
    """E[psi_i psi_k]."""
    x, shares = nodes(means)
    found = psi(x, means, weights)
    return (found * shares[:, None]).T @ found


def em_step(means, weights, eta):
    """means - eta gradient."""
    return means - eta * gradient(means, weights)


def _model(means, weights):
    """What ``GaussianMixture.fit`` would leave behind, with the parameters set by hand."""
    model = GaussianMixture(len(means), covariance_type="spherical")
    model.weights_, model.means_ = weights, means
    model.covariances_ = model.precisions_cholesky_ = np.ones(len(means))
    return model
