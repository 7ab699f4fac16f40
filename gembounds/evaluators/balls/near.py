"""L from the components near the origin alone, where the far ones certainly matter little.

S = sum_i pi_i exp(l_i), l_i = <x, mu_i> - |mu_i|^2/2, is a sum over near and far components, so
with pi_N the weight of the near ones, L_N the loss of their mixture by itself, and m any of them,

    L = L_N - log pi_N - delta,    0 <= delta = E log(1 + S_far/S_near) <= sum_f E log(1 + r_f),
    r_f = (pi_f/pi_m) exp(l_f - l_m),

as log(1 + a + b) <= log(1 + a) + log(1 + b). log r_f is normal with mean c = log(pi_f/pi_m) -
(|mu_f|^2 - |mu_m|^2)/2 and variance D^2 = |mu_f - mu_m|^2, and log(1 + r) <= r^p/p for
0 < p <= 1 ((1 + r)^p <= 1 + r^p, and log(1 + s) <= s), hence

    E log(1 + r_f) <= exp(p c + p^2 D^2/2)/p,    least near p = -c/D^2.

For equal weights and m at the origin that is 2 exp(-D^2/8). A component is far where its bound
is at most a small part of pi_f: L >= -log pi_N - delta >= sum_f pi_f - delta, so what is left out
is small beside L, whatever the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.reduction.exact import gram_matrix
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision


@dataclass(frozen=True)
class Near:
    """``mix`` of the near components by itself and which they are, the exact weight of the ``far``
    ones, and ``left_out``, an upper bound of delta, and of the sum of E psi_f: psi_f <= log(1 +
    r_f)."""

    mix: Mixture
    which: list[int]
    far: Fraction
    left_out: Any

    def surprise(self) -> Any:
        """-log pi_N, a ball at the current precision."""
        if 2 * self.far < 1:
            return -(-arb(_rational(self.far))).log1p()
        return -arb(_rational(1 - self.far)).log()


def near_components(mix: Mixture, bits: int) -> Near | None:
    """The near components of ``mix``; what is left out is at most ``2^-bits`` of the weight of the
    far ones. None where no component is far."""
    gram, weights = gram_matrix(mix), [_rational(w) for w in mix.exact_weights]
    with working_precision(64):
        logs = [arb(w).log() for w in weights]
        least = min(gram[i, i] for i in range(mix.n))
        height = [float((x - (gram[i, i] - least) / 2).mid()) for i, x in enumerate(logs)]
        m = max(range(mix.n), key=height.__getitem__)
        share, near, total = arb(2) ** -bits, [], arb(0)
        for i in range(mix.n):
            square = gram[i, i] - 2 * gram[i, m] + gram[m, m]
            bound = _added(logs[i] - logs[m] - (gram[i, i] - gram[m, m]) / 2, square)
            if i != m and bound <= share * weights[i]:
                total += bound
            else:
                near.append(i)
        if len(near) == mix.n:
            return None
        left_out = arb(total.upper())
    kept = [mix.exact_weights[i] for i in near]
    whole = sum(kept, Fraction(0))
    means: Any = mix.exact_means if mix.means_error else mix.means.tolist()
    alone = None if mix.equal_weights else [w / whole for w in kept]
    return Near(Mixture([means[i] for i in near], alone), near, 1 - whole, left_out)


def _added(c: Any, square: Any) -> Any:
    """A bound of E log(1 + exp(c + D Z)), Z normal; infinite where c may be above 0."""
    if not (c < 0 and square > 0):
        return arb.pos_inf()
    p = arb(min(1.0, float((-c / square).mid())))
    return (p * c + p * p * square / 2).exp() / p if p > 0 else arb.pos_inf()


def _rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)
