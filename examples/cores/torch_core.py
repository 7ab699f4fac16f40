"""A core in PyTorch: the loss is written down, its gradient is autograd's.

One fixed grid in as many dimensions as the means have, two at most: no axes are looked for, and
nothing is decomposed. What autograd makes of the loss is E[psi_i (mu_i - x)], a sum in which terms
cancel: where the gradient is 0 rounding is left of it, some 1e-17.
"""

import numpy as np
import torch

from examples.cores.hermite import declared

rtol = declared(1e-10, 1e-9)
max_d = declared(None, 2)
max_norm = declared(None, 3)

REACH, STEP = 20.0, 0.125
"""Of the trapezoidal rule: psi_i psi_k phi has its mode within twice the largest difference of two
means, and 8 more suffice; the step is for logits whose slopes differ by 6 at most."""


def psi(x, means, weights):
    """(m, d) to (m, n)."""
    return torch.softmax(_logits(*map(_tensor, (x, means, weights))), dim=1).numpy()


def loss(means, weights):
    """-E log p_mu/p_0."""
    return float(_loss(_tensor(means), _tensor(weights)))


def gradient(means, weights):
    """What autograd makes of the loss."""
    moved = _tensor(means).requires_grad_()
    (found,) = torch.autograd.grad(_loss(moved, _tensor(weights)), moved)
    return found.numpy()


def psi_tilde_norm2(means, weights):
    """E|sum_i psi_i mu_i|^2."""
    shares, found, means = _posteriors(means, weights)
    return float(shares @ torch.sum((found @ means) ** 2, dim=1))


def overlaps(means, weights):
    """E[psi_i psi_k]."""
    shares, found, _ = _posteriors(means, weights)
    return ((found * shares[:, None]).T @ found).numpy()


def em_step(means, weights, eta):
    """means - eta gradient."""
    return np.asarray(means, dtype=float) - eta * gradient(means, weights)


def _tensor(array):
    """A copy, whatever the array's type and layout are."""
    return torch.from_numpy(np.array(array, dtype=np.float64, order="C"))


def _logits(x, means, weights):
    return x @ means.T - 0.5 * torch.sum(means**2, dim=1) + torch.log(weights)


def _loss(means, weights):
    x, shares = _grid(means.shape[1])
    return -(shares @ torch.logsumexp(_logits(x, means, weights), dim=1))


def _posteriors(means, weights):
    x, shares = _grid(means.shape[1])
    means = _tensor(means)
    return shares, torch.softmax(_logits(x, means, _tensor(weights)), dim=1), means


def _grid(d):
    """x (m, d) and shares (m,): E f(x) is about shares @ f(x)."""
    line = torch.arange(-REACH, REACH + STEP / 2, STEP, dtype=torch.float64)
    x = torch.cartesian_prod(*[line] * d).reshape(-1, d)
    log_shares = d * np.log(STEP / np.sqrt(2 * np.pi)) - 0.5 * torch.sum(x**2, dim=1)
    return x, torch.exp(log_shares)
