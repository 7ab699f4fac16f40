"""pomegranate: ``GeneralMixtureModel`` of ``Normal`` with unit covariances; one step of its EM in
one dimension, where diagonal covariances are spherical (its own ``sphere`` raises in more)."""

import numpy as np
import torch
from pomegranate.distributions import Normal
from pomegranate.gmm import GeneralMixtureModel

from examples.libraries.common import Adapter


class Core(Adapter):
    def __init__(self, dtype="float64"):
        super().__init__(dtype)
        self.max_d = {"em_sample_step": 1}

    def tensor(self, values):
        return torch.tensor(np.array(values), dtype=getattr(torch, self.dtype))

    def model(self, means, weights):
        torch.set_default_dtype(getattr(torch, self.dtype))
        ones = torch.ones(np.shape(means)[1])
        parts = [Normal(self.tensor(m), ones, covariance_type="diag") for m in means]
        return GeneralMixtureModel(parts, priors=self.tensor(weights))

    def psi(self, x, means, weights):
        return self.model(means, weights).predict_proba(self.tensor(x)).numpy()

    def log_prob(self, x, means, weights):
        return self.model(means, weights).log_probability(self.tensor(x)).numpy()

    def em_sample_step(self, x, means, weights, variances):
        torch.set_default_dtype(torch.float64)
        parts = [Normal(self.tensor(m), self.tensor([v]), covariance_type="diag")
                 for m, v in zip(means, variances, strict=True)]  # fmt: skip
        found = GeneralMixtureModel(parts, priors=self.tensor(weights))
        found.summarize(self.tensor(x))
        found.from_summaries()
        rows = [torch.cat([p.means, w[None], p.covs])
                for p, w in zip(found.distributions, found.priors, strict=True)]  # fmt: skip
        return torch.stack(rows).numpy()


double, single = Core(), Core("float32")
