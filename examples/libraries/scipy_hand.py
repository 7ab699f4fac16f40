"""SciPy by hand: ``logsumexp`` of ``multivariate_normal.logpdf`` with weights ``b=``."""

import numpy as np
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal

from examples.libraries.common import Adapter


class Core(Adapter):
    def parts(self, x, means):
        """log N(x; mu_i, I), (m, n)."""
        x, one = np.asarray(x, float), np.eye(np.shape(means)[1])
        return np.stack([multivariate_normal.logpdf(x, m, one).reshape(-1) for m in means], axis=1)

    def psi(self, x, means, weights):
        with np.errstate(divide="ignore"):
            return softmax(self.parts(x, means) + np.log(weights), axis=1)

    def log_prob(self, x, means, weights):
        return logsumexp(self.parts(x, means), axis=1, b=np.asarray(weights))


double = Core()
