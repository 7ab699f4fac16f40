"""scikit-learn: ``GaussianMixture``, its parameters set by hand as ``fit`` would leave them; one
step of ``fit`` without ``reg_covar``, which is no part of EM."""

import numpy as np
from sklearn.mixture import GaussianMixture

from examples.libraries.common import Adapter


class Core(Adapter):
    def model(self, means, weights):
        found = GaussianMixture(len(means), covariance_type="spherical")
        found.weights_, found.means_ = weights, means
        found.covariances_ = found.precisions_cholesky_ = np.ones(len(means))
        return found

    def psi(self, x, means, weights):
        return self.model(means, weights).predict_proba(x)

    def log_prob(self, x, means, weights):
        return self.model(means, weights).score_samples(x)

    def em_sample_step(self, x, means, weights, variances):
        found = GaussianMixture(
            len(means), covariance_type="spherical", max_iter=1, reg_covar=0.0,
            weights_init=weights, means_init=means, precisions_init=1 / variances,
            init_params="random", random_state=0,
        ).fit(x)  # fmt: skip
        return np.column_stack([found.means_, found.weights_, found.covariances_])


double = Core()
