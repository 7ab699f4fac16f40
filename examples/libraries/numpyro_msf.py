"""NumPyro: ``MixtureSameFamily`` of ``Normal(...).to_event(1)``."""

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

import numpyro.distributions as D  # noqa: E402

from examples.libraries.common import population  # noqa: E402


def model(means, weights, dtype="float64"):
    means, weights = np.asarray(means, dtype), np.asarray(weights, dtype)
    return D.MixtureSameFamily(D.Categorical(probs=weights), D.Normal(means, 1.0).to_event(1))


def psi(x, means, weights):
    joint = model(means, weights).component_log_probs(np.asarray(x))
    return np.asarray(jax.nn.softmax(joint, axis=-1))


def log_prob(x, means, weights, dtype="float64"):
    return np.asarray(model(means, weights, dtype).log_prob(np.asarray(x, dtype)))


def log_prob_single(x, means, weights):
    return log_prob(x, means, weights, "float32")


globals().update(population(psi, log_prob))
