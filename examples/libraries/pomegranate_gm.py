"""pomegranate: ``GeneralMixtureModel`` of ``Normal`` with unit covariances."""

import numpy as np
import torch
from pomegranate.distributions import Normal
from pomegranate.gmm import GeneralMixtureModel

from examples.libraries.common import population

torch.set_default_dtype(torch.float64)


def model(means, weights, dtype=torch.float64):
    ones = torch.ones(np.shape(means)[1], dtype=dtype)
    parts = [Normal(torch.tensor(np.array(m), dtype=dtype), ones, covariance_type="diag")
             for m in means]  # fmt: skip
    return GeneralMixtureModel(parts, priors=torch.tensor(np.array(weights), dtype=dtype))


def psi(x, means, weights):
    return model(means, weights).predict_proba(torch.tensor(np.array(x))).numpy()


def log_prob(x, means, weights, dtype=torch.float64):
    x = torch.tensor(np.array(x), dtype=dtype)
    return model(means, weights, dtype).log_probability(x).numpy()


def log_prob_single(x, means, weights):
    return log_prob(x, means, weights, torch.float32)


globals().update(population(psi, log_prob))
