"""A core in JAX: the loss is written down, its gradient is ``jax.grad``'s.

``single`` is JAX as it starts, in float32, ``double`` the same in float64:
``gembounds conform examples.cores.jax_core:single examples.cores.jax_core:double``.
"""

import jax
import jax.numpy as jnp
import numpy as np

from examples.cores.hermite import declared, nodes


class Core:
    """All functions in one precision; the switch between them is JAX's, local to a call."""

    max_rank = declared(None, 2)
    max_norm = declared(None, 3)

    def __init__(self, dtype, rtol):
        self.dtype = dtype
        self.rtol = rtol

    def psi(self, x, means, weights):
        return self._run(_psi, x, means, weights)

    def loss(self, means, weights):
        return float(self._run(_loss, *nodes(means), means, weights))

    def gradient(self, means, weights):
        return self._run(_gradient, *nodes(means), means, weights)

    def psi_tilde_norm2(self, means, weights):
        return float(self._run(_psi_tilde_norm2, *nodes(means), means, weights))

    def overlaps(self, means, weights):
        return self._run(_overlaps, *nodes(means), means, weights)

    def em_step(self, means, weights, eta):
        return np.asarray(means, float) - eta * self.gradient(means, weights)

    def _run(self, function, *arrays):
        with jax.enable_x64(self.dtype == "float64"):
            return np.asarray(function(*(np.asarray(a, self.dtype) for a in arrays)), float)


def _logits(x, means, weights):
    return x @ means.T - 0.5 * jnp.sum(means**2, axis=1) + jnp.log(weights)


@jax.jit
def _psi(x, means, weights):
    return jax.nn.softmax(_logits(x, means, weights), axis=1)


def _mean_loss(x, shares, means, weights):
    return -(shares @ jax.nn.logsumexp(_logits(x, means, weights), axis=1))


_loss = jax.jit(_mean_loss)
_gradient = jax.jit(jax.grad(_mean_loss, argnums=2))


@jax.jit
def _overlaps(x, shares, means, weights):
    found = _psi(x, means, weights)
    return (found * shares[:, None]).T @ found


@jax.jit
def _psi_tilde_norm2(x, shares, means, weights):
    return shares @ jnp.sum((_psi(x, means, weights) @ means) ** 2, axis=1)


single = Core("float32", rtol=1e-4)
double = Core("float64", rtol=declared(1e-10, 1e-5))
