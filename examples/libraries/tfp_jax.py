"""TensorFlow Probability on JAX: ``MixtureSameFamily`` of ``MultivariateNormalDiag``."""

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

from tensorflow_probability.substrates import jax as tfp  # noqa: E402

from examples.libraries.common import Adapter  # noqa: E402

D = tfp.distributions


class Core(Adapter):
    def model(self, means, weights):
        means, weights = np.asarray(means, self.dtype), np.asarray(weights, self.dtype)
        parts = D.MultivariateNormalDiag(loc=means, scale_diag=np.ones_like(means))
        return D.MixtureSameFamily(D.Categorical(probs=weights), parts)

    def psi(self, x, means, weights):
        mix = self.model(means, weights)
        return np.asarray(mix.posterior_marginal(np.asarray(x, self.dtype)).probs_parameter())

    def log_prob(self, x, means, weights):
        return np.asarray(self.model(means, weights).log_prob(np.asarray(x, self.dtype)))


double, single = Core(), Core("float32")
