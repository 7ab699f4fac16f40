"""What all adapters share: what they declare, and expectations over N(0, I) as sums over a
library's own densities."""

import numpy as np

from examples.cores.hermite import nodes

SUMS = ("loss", "gradient", "em_step")


class Adapter:
    """A library with ``psi`` and ``log_prob``, in ``dtype``. Promised is what the direct formula
    gives; sums are taken where Gauss-Hermite rules are right by themselves."""

    def __init__(self, dtype="float64"):
        self.dtype, at_places = dtype, ("psi", "log_prob")
        self.min_weight = dict.fromkeys(at_places, 0)
        self.rtol = dict.fromkeys(at_places, 1e-13 if dtype == "float64" else 1e-6)
        self.rtol.update(dict.fromkeys(SUMS, 1e-5))
        self.max_rank, self.max_norm = dict.fromkeys(SUMS, 2), dict.fromkeys(SUMS, 3.0)

    def loss(self, means, weights):
        x, shares = nodes(means)
        log_p0 = -0.5 * np.sum(x**2, axis=1) - 0.5 * x.shape[1] * np.log(2 * np.pi)
        return float(shares @ (log_p0 - self.log_prob(x, means, weights)))

    def gradient(self, means, weights):
        x, shares = nodes(means)
        part = self.psi(x, means, weights) * shares[:, None]
        return np.sum(part, axis=0)[:, None] * np.asarray(means, float) - part.T @ x

    def em_step(self, means, weights, eta):
        return np.asarray(means, float) - eta * self.gradient(means, weights)
