"""Data x ~ sum_j w_j N(a_j, I), and the model's means seen from each a_j, exactly.

With x = a_j + z, z ~ N(0, I), the logits log pi_i - |x - mu_i|^2/2 are those of the means mu - a_j
at z, hence psi_i(a_j + z; mu) = psi_i(z; mu - a_j) and

    E_data f(psi) = sum_j w_j E f(psi(z; mu - a_j)),
    grad_i = E_data[psi_i (mu_i - x)] = sum_j w_j grad_i L(mu - a_j),
    KL(data || model) = sum_j w_j (L(mu - a_j; pi) - L(a - a_j; w)).

The last for log(p_model / phi_j) has the mean -L(mu - a_j) over N(a_j, I), phi_j its density, and
log(p_data / phi_j) likewise. Components of the data that coincide are one here.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError
from gembounds.values import directed
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import gamma

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Components:
    """``mix``: the data with distinct components; ``weights`` their ends in float64, (J,)."""

    mix: Mixture
    weights: directed.Ends

    @property
    def at_origin(self) -> bool:
        """Whether the data are N(0, I)."""
        return self.mix.n == 1 and not self.mix.means.any() and not self.mix.means_error


def components_of(data: Mixture) -> Components:
    """Kept with ``data``."""
    return data.kept("components", lambda: _components(data))


def entropy(data: Components) -> float:
    """-sum_j w_j log w_j, rounded up: at least sum_j w_j L(a - a_j; w) >= 0, as p_data >= w_j
    phi_j."""
    logs = np.abs(data.mix.log_weights) + data.mix.log_weights_error
    return float(logs @ data.weights[1]) * (1 + gamma(data.mix.n + 4))


def checked_data(d: int, data: Any) -> Components:
    """Of ``data``, N(0, I) for None; :class:`InputError` for what is no mixture or has another
    dimension."""
    if data is None:
        data = Mixture(np.zeros((1, d)))
    if not isinstance(data, Mixture):
        raise InputError(
            f"data is a {type(data).__name__}: give a gembounds.Mixture, or None for N(0, I)"
        )
    if data.d != d:
        raise InputError(f"the data have {data.d} coordinates, the model {d}: give both the same")
    return components_of(data)


def _components(data: Mixture) -> Components:
    weights = _merged(data)
    if len(weights) == data.n:
        mix = data
    else:
        first = [i for i, _ in weights.values()]
        rows: Any = data.means[first]
        if data.means_error:
            rows = [data.exact_means[i] for i in first]
        mix = Mixture(rows, [w for _, w in weights.values()])
    return Components(mix, directed.point(np.array(mix.exact_weights, dtype=object)))


def _merged(mix: Mixture) -> dict[Hashable, tuple[int, Fraction]]:
    """By its mean, the first component there and the weight of all."""
    out: dict[Hashable, tuple[int, Fraction]] = {}
    for i, (row, weight) in enumerate(zip(mix.means, mix.exact_weights, strict=True)):
        key = mix.exact_means[i] if mix.means_error else (row + 0.0).tobytes()
        first, sum_before = out.get(key, (i, Fraction(0)))
        out[key] = first, sum_before + weight
    return out


def same(mix: Mixture, data: Mixture) -> bool:
    """Whether the two are one distribution: the same means with the same weights."""
    found = [{key: w for key, (_, w) in _merged(one).items()} for one in (mix, data)]
    return found[0] == found[1]  # where one has means that are no float64, the keys differ too


def translated(mix: Mixture, data: Mixture, j: int) -> Mixture:
    """The mixture of mu_i - a_j, exactly; ``mix`` itself for a_j = 0."""
    if not (mix.means_error or data.means_error):
        centre = data.means[j]
        if not centre.any():
            return mix
        means, error = difference(mix.means, centre)
        if not error.any():
            return mix.moved(means)
    centres = data.exact_means[j]
    rows = [[x - a for x, a in zip(row, centres, strict=True)] for row in mix.exact_means]
    return Mixture(rows, None if mix.equal_weights else mix.exact_weights)


def translations(mix: Mixture, data: Mixture) -> list[Mixture]:
    """The mixtures mu - a_j of all j."""
    return [translated(mix, data, j) for j in range(data.n)]


def difference(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """fl(x - y) and exactly what it lacks (Knuth's TwoSum; NaN where it overflows)."""
    with np.errstate(over="ignore", invalid="ignore"):
        value = np.asarray(x - y)
        part = np.asarray(value - x)
        error = np.asarray(value - part)
        np.subtract(x, error, out=error)
        part += y
        error -= part
        return value, error
