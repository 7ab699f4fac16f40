"""NumPyro: ``MixtureSameFamily`` of ``Normal(...).to_event(1)``."""

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

import numpyro.distributions as D  # noqa: E402

from examples.libraries.common import Adapter  # noqa: E402


class Core(Adapter):
    def model(self, means, weights):
        means, weights = np.asarray(means, self.dtype), np.asarray(weights, self.dtype)
        return D.MixtureSameFamily(D.Categorical(probs=weights), D.Normal(means, 1.0).to_event(1))

    def psi(self, x, means, weights):
        joint = self.model(means, weights).component_log_probs(np.asarray(x, self.dtype))
        return np.asarray(jax.nn.softmax(joint, axis=-1))

    def log_prob(self, x, means, weights):
        return np.asarray(self.model(means, weights).log_prob(np.asarray(x, self.dtype)))


double, single = Core(), Core("float32")
