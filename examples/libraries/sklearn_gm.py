"""scikit-learn: ``GaussianMixture``, its parameters set by hand as ``fit`` would leave them."""

import numpy as np
from sklearn.mixture import GaussianMixture

from examples.libraries.common import population


def model(means, weights):
    found = GaussianMixture(len(means), covariance_type="spherical")
    found.weights_, found.means_ = weights, means
    found.covariances_ = found.precisions_cholesky_ = np.ones(len(means))
    return found


def psi(x, means, weights):
    return model(means, weights).predict_proba(x)


def log_prob(x, means, weights):
    return model(means, weights).score_samples(x)


def em_run(data, means, steps):
    """The library's own EM from ``means``: the log-likelihood per point after each step."""
    found = GaussianMixture(len(means), covariance_type="spherical", means_init=means,
                            max_iter=1, warm_start=True, random_state=0)  # fmt: skip
    out = []
    for _ in range(steps):
        found.fit(data)
        out.append((found.weights_.copy(), found.means_.copy(), found.covariances_.copy()))
    return out


globals().update(population(psi, log_prob))
