"""TensorFlow Probability on JAX: ``MixtureSameFamily`` of ``MultivariateNormalDiag``."""

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

from tensorflow_probability.substrates import jax as tfp  # noqa: E402

from examples.libraries.common import population  # noqa: E402

D = tfp.distributions


def model(means, weights, dtype="float64"):
    means, weights = np.asarray(means, dtype), np.asarray(weights, dtype)
    parts = D.MultivariateNormalDiag(loc=means, scale_diag=np.ones_like(means))
    return D.MixtureSameFamily(D.Categorical(probs=weights), parts)


def psi(x, means, weights):
    return np.asarray(model(means, weights).posterior_marginal(np.asarray(x)).probs_parameter())


def log_prob(x, means, weights, dtype="float64"):
    return np.asarray(model(means, weights, dtype).log_prob(np.asarray(x, dtype)))


def log_prob_single(x, means, weights):
    return log_prob(x, means, weights, "float32")


globals().update(population(psi, log_prob))
