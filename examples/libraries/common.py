"""What all adapters share: expectations over N(0, I) as sums over a library's own densities."""

import numpy as np

from examples.cores.hermite import nodes

LIMITS = {"max_rank": {"loss": 2, "gradient": 2, "em_step": 2},
          "max_norm": {"loss": 3.0, "gradient": 3.0, "em_step": 3.0}}  # fmt: skip
"""Where Gauss-Hermite sums are right by themselves: beyond, the sum would be judged."""


def population(psi, log_prob):
    """``loss``, ``gradient`` and ``em_step`` from posteriors and log-densities at the nodes."""

    def loss(means, weights):
        x, shares = nodes(means)
        log_p0 = -0.5 * np.sum(x**2, axis=1) - 0.5 * x.shape[1] * np.log(2 * np.pi)
        return float(shares @ (log_p0 - log_prob(x, means, weights)))

    def gradient(means, weights):
        x, shares = nodes(means)
        part = psi(x, means, weights) * shares[:, None]
        return np.sum(part, axis=0)[:, None] * np.asarray(means, float) - part.T @ x

    def em_step(means, weights, eta):
        return np.asarray(means, float) - eta * gradient(means, weights)

    return {"loss": loss, "gradient": gradient, "em_step": em_step, **LIMITS,
            "rtol": {"psi": 1e-10, "loss": 1e-5, "gradient": 1e-5, "em_step": 1e-5}}  # fmt: skip
