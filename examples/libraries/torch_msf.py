"""PyTorch: ``distributions.MixtureSameFamily``, put together as its documentation does."""

import numpy as np
import torch
from torch import distributions as D

from examples.libraries.common import population


def model(means, weights, dtype=torch.float64):
    means, weights = (torch.tensor(np.array(a), dtype=dtype) for a in (means, weights))
    parts = D.Independent(D.Normal(means, torch.ones_like(means)), 1)
    return D.MixtureSameFamily(D.Categorical(weights), parts)


def psi(x, means, weights):
    mix = model(means, weights)
    x = torch.tensor(np.array(x), dtype=mix.component_distribution.mean.dtype)
    logits = mix.mixture_distribution.logits + mix.component_distribution.log_prob(x[:, None, :])
    return torch.softmax(logits, dim=1).numpy()


def log_prob(x, means, weights, dtype=torch.float64):
    return model(means, weights, dtype).log_prob(torch.tensor(np.array(x), dtype=dtype)).numpy()


def log_prob_single(x, means, weights):
    return log_prob(x, means, weights, torch.float32)


globals().update(population(psi, log_prob))
