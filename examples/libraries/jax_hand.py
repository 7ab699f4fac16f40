"""JAX by hand: ``logsumexp`` of ``norm.logpdf``, as tutorials have it."""

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
from jax.scipy.special import logsumexp  # noqa: E402
from jax.scipy.stats import norm  # noqa: E402

from examples.libraries.common import Adapter  # noqa: E402


class Core(Adapter):
    def joint(self, x, means, weights):
        """log w_i N(x; mu_i, I), (m, n)."""
        x, means, weights = (jnp.asarray(np.asarray(a, self.dtype)) for a in (x, means, weights))
        parts = jnp.sum(norm.logpdf(x[:, None, :], means[None, :, :]), axis=-1)
        return jnp.log(weights) + parts

    def psi(self, x, means, weights):
        return np.asarray(jax.nn.softmax(self.joint(x, means, weights), axis=1))

    def log_prob(self, x, means, weights):
        return np.asarray(logsumexp(self.joint(x, means, weights), axis=1))


double, single = Core(), Core("float32")
