"""E|psi~|^2 in closed bounds where it is rare that psi~ is not near 0, out of any grid's reach.

The heaviest component at 0 has mean 0, and all means lie on a line: psi~ = sum_i psi_i v_i along
it, i over the others, y ~ N(0, 1). psi~ increases with y (its derivative is a variance), so for
every t > 0 with psi~(t) > 0, E psi~^2 >= psi~(t)^2 Pr[Z >= t], and the like for t < 0. From
above, psi_i <= min(1, w_i exp(y v_i)), and Minkowski's inequality. The two differ by a factor
of the order of n^2 t.
"""

from __future__ import annotations

from typing import Any

from flint import arb

from gembounds.evaluators.balls.relative import heaviest, odd_data, rare_square
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.values.mixture import Mixture


def rare_mean_square(mix: Mixture) -> Any | None:
    """A ball that contains E|psi~|^2, at the current precision; None for other mixtures."""
    reduction = reduce_exactly(mix)
    star = reduction.representatives[heaviest(reduction)]
    if reduction.rank != 1 or reduction.gram[star, star] != 0:
        return None
    odd = odd_data(reduction)
    v = [row[0] for row in odd.offsets]
    logs = [w.log() for w in odd.weights]
    low, root = arb(0), arb(0)
    for x, logarithm in zip(v, logs, strict=True):
        root += abs(x) * rare_square(logarithm, x * x).sqrt()
        place = -logarithm / x
        for t in (place, 2 * x):
            value = _at(arb(t.mid()), v, odd.weights)
            low = value if value > low else low
    high = (root * root).upper()
    return low.union(high) if low > 0 else None


def _at(t: Any, v: list[Any], weights: list[Any]) -> Any:
    """psi~(t)^2 Pr[Z >= |t|], from below; 0 unless psi~(t) certainly has the sign of t."""
    terms = [w * (t * x).exp() for w, x in zip(weights, v, strict=True)]
    total = 1 + sum(terms, arb(0))
    mean = sum((f * x for f, x in zip(terms, v, strict=True)), arb(0)) / total
    if not t * mean > 0:
        return arb(0)
    return (mean * mean * (abs(t) / arb(2).sqrt()).erfc() / 2).lower()
