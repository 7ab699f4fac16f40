"""PyTorch: ``distributions.MixtureSameFamily``, put together as its documentation does."""

import numpy as np
import torch
from torch import distributions as D

from examples.libraries.common import Adapter


class Core(Adapter):
    def tensor(self, values):
        return torch.tensor(np.array(values), dtype=getattr(torch, self.dtype))

    def model(self, means, weights):
        means, weights = self.tensor(means), self.tensor(weights)
        parts = D.Independent(D.Normal(means, torch.ones_like(means)), 1)
        return D.MixtureSameFamily(D.Categorical(weights), parts)

    def psi(self, x, means, weights):
        mix, x = self.model(means, weights), self.tensor(x)[:, None, :]
        logits = mix.mixture_distribution.logits + mix.component_distribution.log_prob(x)
        return torch.softmax(logits, dim=1).numpy()

    def log_prob(self, x, means, weights):
        return self.model(means, weights).log_prob(self.tensor(x)).numpy()


double, single = Core(), Core("float32")
