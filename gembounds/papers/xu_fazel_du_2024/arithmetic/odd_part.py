"""E|g|^2 and E<g, x/|x|>^2 for g(x) = psi~(x) - psi~(-x), x ~ N(0, I_d), in balls.

g lies in the span V of the differences of the means and depends on the projection y of x on V
(dimension r) alone. From 1/|x|^2 = integral_0^inf exp(-tau |x|^2) dtau, scaling x and putting
s = (1 + 2 tau)^(-1/2),

    E<g, x/|x|>^2 = integral_0^1 s^(d-1) H(s) ds,   H(s) = E<g(sy), y>^2, y ~ N(0, I_r).

H comes from :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.odd_grid`. It increases with s, as
<g(sy), y> = integral_{-s}^{s} y^T grad psi~(ty) y dt and grad psi~ is positive semidefinite. In
u = sy, H(s) = (2 pi)^(-r/2) s^(-r-2) integral <g(u), u>^2 exp(-|u|^2/(2 s^2)) du, so H continues
to |arg s| < pi/4 with |H(s)| <= cos(2 arg s)^(-(r+2)/2) H(|s|/sqrt(cos(2 arg s))). With
s = exp(-p), Gauss-Legendre rules on panels in p follow, with the bound
8 M rho^(-2 nodes)/(1 - rho^-2) times half the panel for a function of modulus at most M on the
ellipse of parameter rho (its Chebyshev coefficients are at most 2 M rho^-k, the rule is exact
below degree 2 nodes and errs by at most 4 on the others, and not at all on odd ones). What is
left out beyond p = P is at most H(exp(-P)) exp(-dP)/d.

Closed bounds (:func:`closed_bounds`) hold for every mixture and are sharp where the means are
close; the driver intersects the two.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.balls.relative import (
    Odd,
    merged_gram,
    odd_data,
    rare_square,
)
from gembounds.evaluators.reduction.exact import ExactReduction, reduce_exactly
from gembounds.papers.xu_fazel_du_2024.arithmetic.odd_grid import (
    enclose,
    likely_depth,
    nodes,
    plan,
)
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision
from gembounds.values.rule import Axis

RHO = 3
"""Parameter of the ellipses: semi-axes 5/3 and 4/3 of half a panel (a choice)."""

LONGEST = 0.9
"""Longest panel in p: the ellipse stays within |Im p| <= 0.6 < pi/4 (a choice below 1.178)."""

GUARD = 40
"""Working bits beyond the accuracy asked for (a choice: rounding is inside the balls)."""

MOST = 400
"""Most Gauss-Legendre nodes on a panel (a choice)."""

TRIES = 3
"""Grids tried: each adds the bits that the last one lacked (a choice)."""


def closed_bounds(mix: Mixture) -> tuple[Any, Any]:
    """Lower and upper bound of E<g, x/|x|>^2 at the current precision; the lower one is one of
    E|g|^2 too.

    With A0 = sum_i psi_i(0)(mu_i - m)(mu_i - m)^T, m = psi~(0), D the diameter of the means and
    q = (tr A0)^2 + 2 tr A0^2:

        4 q/(d+2) (1 + D^2/3)^(-(r+4)/2) <= E<g, x/|x|>^2 <= 4 q/(d+2) (1 - 8 D^2/3)^(-(r+4)/2).

    For f = psi_i psi_j(ty), log f is concave in t with |(log f)'| <= 2 D|y| and
    (log f)'' = -2 Var(<y, mu>) >= -D^2 |y|^2/2, so f(t) + f(-t) lies between
    2 f(0) exp(-t^2 D^2 |y|^2/4) and 2 f(0) cosh(2 D|y| t). Integrating over t,
    <g(y), y> = (1/2) sum_ij <mu_i - mu_j, y>^2 int_-1^1 psi_i psi_j(ty) dt lies between
    2 y^T A0 y times exp(-D^2 |y|^2/12) and exp(2 D^2 |y|^2/3); then H(s) between 4 s^2 times
    E (y^T A0 y)^2 exp(-D^2 |y|^2/6) and the like, which are Gaussian moments. Further
    <g, x/|x|>^2 <= |g|^2, see :func:`upper_bound`.
    """
    reduction = reduce_exactly(mix)
    trace, square, diameter2 = _start(reduction)
    q = 4 * (trace**2 + 2 * square) / (mix.d + 2)
    power = arb(reduction.rank + 4) / 2
    low = (q * (1 + diameter2 / 3) ** -power).lower()
    room = 1 - 8 * diameter2 / 3
    high = upper_bound(reduction)
    if room > 0:
        sharp = (q * room**-power).upper()
        high = sharp if sharp < high else high
    return low, high


def upper_bound(reduction: ExactReduction) -> Any:
    """An upper bound of E|g|^2, however rare it is that g is not near 0.

    |g| <= D, the difference of two means of means; and |g| <= sum_i (psi_i(x) + psi_i(-x)) |v_i|
    over all i but *, where psi_i <= min(1, w_i exp<y, v_i>), so psi_i^2 <= (w_i exp<y, v_i>)^L
    for every L in [0, 2] and E psi_i^2 <= w_i^L exp(L^2 |v_i|^2/2); Minkowski's inequality.
    """
    odd = odd_data(reduction)
    total = arb(0)
    for i, w in enumerate(odd.weights):
        square, logarithm = odd.inner[i][i], w.log()
        total += 2 * square.sqrt() * rare_square(logarithm, square).sqrt()
    rare, wide = (total * total).upper(), arb(_diameter2(reduction)).upper()
    return rare if rare < wide else wide


def odd_square(mix: Mixture, bits: int, max_nodes: int) -> Any:
    """E|g|^2 to about ``bits`` relative bits, wider where ``max_nodes`` is too few (between
    closed bounds at worst). Exactly 0 where all means coincide."""
    reduction = reduce_exactly(mix)
    if reduction.rank == 0:
        return arb(0)

    def attempt(level: float, depth: float) -> Any:
        odd = odd_data(reduction)
        axes = plan(odd, 1.0, level, depth)
        return None if nodes(axes) > max_nodes else enclose(odd, arb(1), axes)[0]

    found = _raised(reduction, attempt, bits)
    with working_precision(bits + GUARD):
        return _within(found, closed_bounds(mix)[0], upper_bound(reduction))


def odd_radial(mix: Mixture, bits: int, max_nodes: int) -> Any:
    """E<g, x/|x|>^2 likewise, from grids where the closed bounds are not narrow enough; those
    bounds where ``max_nodes``, for all grids together, is too few."""
    reduction = reduce_exactly(mix)
    if reduction.rank == 0:
        return arb(0)
    with working_precision(bits + GUARD):
        low, high = closed_bounds(mix)
        closed = low.union(high)
        if _log2_width(closed) <= -bits:
            return closed
    if mix.d == 1:  # x/|x| is 1 or -1
        return odd_square(mix, bits, max_nodes)

    def attempt(level: float, depth: float) -> Any:
        odd = odd_data(reduction)
        return _radial(odd, mix.d, bits, max_nodes, lambda s: plan(odd, s, level, depth))

    found = _raised(reduction, attempt, bits)
    with working_precision(bits + GUARD):
        return _within(found, low, high)


def _raised(reduction: ExactReduction, attempt: Callable[[float, float], Any], bits: int) -> Any:
    """The narrowest of a few attempts at rising level and depth; an attempt may be out of
    budget (None)."""
    level, depth = _first_level(reduction, bits)
    best, missing = arb(0, "inf"), math.inf
    for _ in range(TRIES):
        with working_precision(int(1.5 * level) + GUARD):
            found = attempt(level, depth)
        if found is None:
            break
        lack = bits + _log2_width(found)
        if lack < missing:
            best, missing = found, lack
        if lack <= 0:
            break
        more = min(lack, bits + 32.0) + 2.0
        level, depth = level + more, depth + more * math.log(2.0)
    return best


def _radial(
    odd: Odd, d: int, bits: int, max_nodes: int, axes: Callable[[float], tuple[Axis, ...]]
) -> Any:
    """integral_0^inf exp(-dp) H(exp(-p)) dp; None if that takes more than ``max_nodes``."""

    def h(s: Any) -> Any:
        return enclose(odd, s, axes(float(s.upper())))[1]

    if 6 * nodes(axes(1.0)) > max_nodes:
        return None
    number, length = _panels(d, bits, likely_depth(odd)[1])
    third = arb(length) / 3
    sector = (4 * third).cos()
    top = h(third.exp() / sector.sqrt()).upper() / sector ** (arb(odd.rank + 2) / 2)
    counts = _counts(number, length, d, bits, top / h(arb(1)).upper())
    if (sum(counts) + 3) * nodes(axes(1.0)) > max_nodes:
        return None
    total, half = arb(0), arb(length) / 2
    for panel, count in enumerate(counts):
        start, part = arb(length) * panel, arb(0)
        for k in range(count):
            x, weight = arb.legendre_p_root(count, k, weight=True)
            p = start + half * (1 + x)
            part += weight * (-d * p).exp() * h((-p).exp())
        largest = top * (-d * (start - third)).exp()
        error = 8 * largest / (arb(RHO) ** (2 * count) * (1 - arb(RHO) ** -2))
        total += half * (part + arb(0, 1) * error.upper())
    end = arb(length) * number
    rest = h((-end).exp()).upper() * (-d * end).exp() / d
    low, high = total.lower(), (total + rest).upper()
    return (low if low > 0 else arb(0)).union(high)


def _panels(d: int, bits: int, far: float) -> tuple[int, float]:
    """Number and length of the panels: the integrand is near exp(-(d+2)p - far (exp(2p) - 1))."""
    level = math.log(2.0) * (bits + 2) + 1.0
    reach = level / (d + 2)
    if far > 0:
        reach = min(reach, 0.5 * math.log1p(level / far))
    number = max(1, math.ceil(reach / LONGEST))
    return number, math.ldexp(math.ceil(math.ldexp(reach / number, 40)), -40)


def _counts(number: int, length: float, d: int, bits: int, growth: Any) -> list[int]:
    """Nodes for each panel, from ``growth``, the bound M over H(1)."""
    if not (growth > 0 and growth.is_finite()):
        return [3] * number
    out = []
    for k in range(number):
        lost = float(growth.log().mid()) + 4.0 + d * length / 3 - d * k * length
        lost += math.log((d + 2) * length)  # the integral is near H(1)/(d+2)
        count = math.ceil((math.log(2.0) * (bits + 3) + lost) / (2 * math.log(RHO)))
        out.append(min(max(3, count), MOST))
    return out


def _start(reduction: ExactReduction) -> tuple[Any, Any, Any]:
    """tr A0, tr A0^2 and D^2."""
    odd = odd_data(reduction)
    total = 1 + sum(odd.weights, arb(0))
    p = [w / total for w in odd.weights]  # psi_i(0); v_* = 0
    size = range(len(p))
    along = [sum((p[k] * odd.inner[i][k] for k in size), arb(0)) for i in size]
    mean2 = sum((p[i] * along[i] for i in size), arb(0))
    p_star = 1 / total
    rows = [[odd.inner[i][k] - along[i] - along[k] + mean2 for k in size] for i in size]
    trace = p_star * mean2 + sum((p[i] * rows[i][i] for i in size), arb(0))
    square = p_star**2 * mean2**2
    for i in size:
        square += 2 * p_star * p[i] * (mean2 - along[i]) ** 2
        for k in size:
            square += p[i] * p[k] * rows[i][k] ** 2
    return trace, square, arb(_diameter2(reduction))


def _diameter2(reduction: ExactReduction) -> fmpq:
    g = merged_gram(reduction)
    size = range(len(g))
    return max(g[i][i] - 2 * g[i][k] + g[k][k] for i in size for k in size)


def _first_level(reduction: ExactReduction, bits: int) -> tuple[float, float]:
    """Where to start: the bounds are relative to G; where the means are close, the integrals
    are of the order of tr A0^2 and G of that of m(0)^2."""
    with working_precision(64):
        odd = odd_data(reduction)
        _, square, diameter2 = _start(reduction)
        lost = 4.0
        if diameter2 < 4:
            total = 1 + sum(odd.weights, arb(0))
            m = sum((w * odd.inner[i][i].sqrt() for i, w in enumerate(odd.weights)), arb(0))
            lost = max(lost, float(((2 * m / total) ** 2 / square).log().mid()) / math.log(2.0))
        return bits + 3.0 + lost, likely_depth(odd)[0]


def _within(found: Any, low: Any, high: Any) -> Any:
    """The part of a ball in [low, high], a ball that contains it."""
    if not found.is_finite():
        return low.union(high)
    bottom, top = found.lower(), found.upper()
    return (low if low > bottom else bottom).union(high if high < top else top)


def _log2_width(found: Any) -> float:
    size = abs(found).upper()
    if found.rad().is_zero():
        return -math.inf
    if not (size > 0 and found.is_finite()):
        return math.inf
    return float((found.rad() / size).log().mid()) / math.log(2.0)
