"""From independent replicates to an interval with a stated failure probability."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gembounds.values.enclosure import FloatArray
from gembounds.values.rounding import gamma


@dataclass
class Moments:
    """Mean and sample variance of replicates that arrive in blocks, entry by entry."""

    count: int
    mean: FloatArray
    squares: FloatArray

    @classmethod
    def of(cls, block: FloatArray) -> Moments:
        """The moments of ``block``, (replicates, ...)."""
        mean = block.mean(axis=0)
        return cls(len(block), mean, ((block - mean) ** 2).sum(axis=0))

    def joined(self, other: Moments) -> Moments:
        """The moments of both together."""
        count = self.count + other.count
        step = other.mean - self.mean
        mean = self.mean + step * (other.count / count)
        squares = self.squares + other.squares + step**2 * (self.count * other.count / count)
        return Moments(count, mean, squares)

    @property
    def variance(self) -> FloatArray:
        """The sample variance, divisor ``count - 1``."""
        return self.squares / (self.count - 1)


def bernstein_radius(moments: Moments, failure_probability: float) -> FloatArray:
    """Half-width of an interval about the mean of independent variables in [0, 1].

    The empirical Bernstein bound of A. Maurer and M. Pontil (COLT 2009, Theorem 4), once for
    each side: with probability at least 1 - delta,

        abs(mean - E) <= sqrt(2 V log(4/delta) / m) + 7 log(4/delta) / (3 (m - 1)).

    ``failure_probability`` is delta, shared by all entries (a union bound over them); m >= 2.
    Rounding of the mean and of the deviation is included: each errs by at most
    ``gamma(4 m)``, because the variables are at most 1.
    """
    m = moments.count
    level = math.log(4.0 * max(moments.mean.size, 1) / failure_probability) * (1.0 + 2.0**-40)
    rounding = gamma(4.0 * m)
    deviation = np.sqrt(moments.variance) * (1.0 + rounding) + rounding
    return deviation * math.sqrt(2.0 * level / m) + 7.0 * level / (3.0 * (m - 1)) + 2.0 * rounding


def gaussian_radius(lipschitz: float, replicates: int, failure_probability: float) -> float:
    """Half-width of an interval about the mean of ``replicates`` independent averages, each over
    (dependent) standard normal points of a function with Lipschitz constant ``lipschitz``.

    For one point, E exp(t (f(y) - E f)) <= exp(t^2 lipschitz^2 / 2) (Gaussian concentration,
    B. S. Tsirelson, I. A. Ibragimov and V. N. Sudakov, 1976); an average of such variables,
    dependent or not, obeys the same by Jensen's inequality. The mean of m independent
    averages then leaves its expectation by more than s with probability at most
    2 exp(-m s^2 / (2 lipschitz^2)).
    """
    level = math.log(2.0 / failure_probability)
    return lipschitz * math.sqrt(2.0 * level / replicates) * (1.0 + 2.0**-40)
