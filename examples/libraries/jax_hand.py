"""JAX by hand: ``logsumexp`` of ``multivariate_normal.logpdf``, as tutorials have it."""

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
from jax.scipy.special import logsumexp  # noqa: E402
from jax.scipy.stats import norm  # noqa: E402

from examples.libraries.common import population  # noqa: E402


def joint(x, means, weights):
    """log w_i N(x; mu_i, I), (m, n)."""
    parts = jnp.sum(norm.logpdf(x[:, None, :], means[None, :, :]), axis=-1)
    return jnp.log(weights) + parts


def psi(x, means, weights):
    return np.asarray(jax.nn.softmax(joint(*map(jnp.asarray, (x, means, weights))), axis=1))


def log_prob(x, means, weights, dtype="float64"):
    arrays = (jnp.asarray(np.asarray(a, dtype)) for a in (x, means, weights))
    return np.asarray(logsumexp(joint(*arrays), axis=1))


def log_prob_single(x, means, weights):
    return log_prob(x, means, weights, "float32")


globals().update(population(psi, log_prob))
