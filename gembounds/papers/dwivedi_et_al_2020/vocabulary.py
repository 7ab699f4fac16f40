"""What the statements speak of: the fit of pi N(theta, I) + (1 - pi) N(-theta, I), x ~ N(0, I).

The weights stay as they are and the means stay opposite, so that a step of EM has one unknown:

    M(theta) = E[x (2 w(x) - 1)],    w = psi_1 the posterior of +theta.

It is not a step of EM for two free means, E[psi_i x] / E psi_i, but for equal weights, where E
psi_i = 1/2 and the two agree. By symmetry about the axis of theta and Stein's identity
M(theta) is a multiple of theta,

    M(theta) = 4 E[psi_1 psi_2] theta = (1 - E tanh^2(|theta| z + a)) theta,    z ~ N(0, 1),

a = log(pi/(1 - pi))/2, and E|psi~|^2 = E tanh^2(|theta| z + a) |theta|^2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.statements import equals, mu_max, pi_max, pi_min
from gembounds.statements.tree import Symbol, call
from gembounds.values.exact import root

HOME = "dwivedi-et-al-2020"

theta = mu_max
rho = 2 * pi_max - 1


def named(name: str, text: str, latex: str, of: Any, *arguments: Any, **more: Any) -> Any:
    """A symbol of this paper that occurs with these arguments."""
    return call(Symbol(name, text, latex, of, home=HOME, **more), *arguments)


def _step(ops: Any, point: Point) -> Any:
    size = root(ops.mu_max2(point.mix))
    if size == 0:
        return Fraction(0)
    return 4 * ops.posterior_overlaps(point.mix)[0][1] * ops.ball(size)


step = named(
    "tied_step", "|M(theta)|", r"|M(\theta)|", _step, needs=("overlaps",), nonnegative=True,
    estimate=lambda b: 4 * b.resolved_overlaps[:, 0, 1] * b.top,
    meaning="M(theta) = E[x (2 psi_1(x) - 1)], means theta and -theta",
)  # fmt: skip


def _first_moment(ops: Any, point: Point) -> Any:
    """|E[x psi_1] - E[x psi_2]|, E[x psi_i] = E[psi_i] mu_i - E[psi_i (mu_i - x)]."""
    mix = point.mix
    if ops.coincident(mix):
        return Fraction(0)
    shares, means, pulls = ops.expected_posterior(mix), ops.means(mix), ops.gradient_of_q(mix)
    square = ops.ball(0)
    for c, count in enumerate(ops.multiplicities(mix)):
        first, second = (shares[i] * ops.ball(means[i][c]) - pulls[i][c] for i in (0, 1))
        square += count * (first - second) * (first - second)
    return ops.sqrt(square)


first_moment = named(
    "first_moment", "|E[x (psi_1(x) - psi_2(x))]|", r"|\mathbb{E}[x (\psi_1(x) - \psi_2(x))]|",
    _first_moment, meaning="by that formula",
)  # fmt: skip


def _inner(ops: Any, point: Point) -> Any:
    return 1 - ops.norm_survival(Fraction(1), 1) / 2


inner = named(
    "inner_mass", "p", "p", _inner, mixture=False, nonnegative=True,
    estimate=lambda b: 0.8413447460685429, meaning="Pr[|z| <= 1] + Pr[|z| > 1]/2, z ~ N(0, 1)",
)  # fmt: skip

EQUAL = equals(pi_min, pi_max)
"""The condition of what is said of equal weights."""
