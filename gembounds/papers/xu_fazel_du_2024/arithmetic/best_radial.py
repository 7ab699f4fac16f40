"""Best constants of the statements about |x| alone, x ~ N(0, I_d), proved over every dimension.

Lemma 17. The least factor is the supremum over d and 0 < c <= 1/(3d) of
(M_d(c) - 1)/(sqrt(d) c), M_d(c) = E exp(c |x|). M_d is convex with M_d(0) = 1, so the quotient
rises with c and c = 1/(3d) is worst: G(d) = 3 sqrt(d) (M_d(1/(3d)) - 1). Balls give G(d) for
d <= LAST. Beyond, exp(y) <= 1 + y + y^2 exp(y)/2 gives

    G(d) <= E|x|/sqrt(d) + (c/(2 sqrt(d))) E[|x|^2 exp(c |x|)]
         <= 1 + M_{d+2}(c)/(6 sqrt(d)) <= 1 + exp(c sqrt(d+2) + c^2/2)/(6 sqrt(d)),   c = 1/(3d),

as E[|x|^2 f(|x|)] is d times the mean in dimension d+2, and |x| is 1-Lipschitz, so its logarithmic
moments are those of a Gaussian at most (concentration); the last expression falls with d.

(26a). The largest probability is the infimum over d of Pr[|x| >= sqrt(d)/2]: balls for d <= LAST,
beyond that Pr[|x|^2 <= d/4] <= exp(-d (1/4 - 1 + log 4)/2) by Chernoff's bound, which falls with
d. The largest radius with 1/50 as printed is 1: for more, the law of large numbers sends the
probability to 0; at 1 it is Pr[Y > 0], Y = |x|^2 - d, at least (E Y^2)^2/(4 E Y^4) =
d/(12 d + 48) >= 1/50 for d >= 2 (Hoelder: E|Y| >= (E Y^2)^(3/2)/(E Y^4)^(1/2), E Y = 0), and
more than 0.3 for d = 1.

(39c). -log Pr[|x| > r sqrt(d)]/d is at least I(r) = (r^2 - 1)/2 - log r for r > 1 by Chernoff's
bound, and tends to it by Cramer's theorem. So the best rate at r = 2 is 3/2 - log 2, and the best
radius at the rate 4/5 is the root r > 1 of I(r) = 4/5.

(10d). E[|x| exp(c|x|); |x| >= 1] grows with c, so c = 1/(3d); divided by E|x| it is rho(d), and
rho <= (sd/(sd-1))^(d+1) says 1/s >= d (1 - rho^(-1/(d+1))). That is at most log rho (d/(d+1)),
and rho <= M_{d+1}(c) <= exp(c sqrt(d+1) + c^2/2), whose logarithm falls with d. (11a) by the
same bound.

(26b). At d = 1 the largest of (1 - exp(-2s))/(1 - E exp(-4s|x|)), s > 0: both differences grow
with s, so on [a, b] the quotient is at most that of the first at b and the second at a. It is
below 2s/(4s E|x| - 8s^2) < 1 for s <= 1/20 and, as E exp(-4s|x|) <= 1/(4s) sqrt(2/pi), below
1.021 beyond s = 10.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from gembounds.evaluators.balls.radial import ball, exp_norm, norm_moment, norm_survival
from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals import (
    inner_moment,
    unit_ball_volume,
)
from gembounds.values.precision import working_precision

LAST = 64
"""Dimensions enclosed one by one (a choice: what follows is checked to suffice)."""

BITS = 96


def exponential_moment() -> tuple[Any, int]:
    """The best factor of Lemma 17 as a ball, and the dimension that attains it."""
    with working_precision(BITS):
        values = {
            d: 3 * ball(d).sqrt() * (exp_norm(Fraction(1, 3 * d), d) - 1)
            for d in range(1, LAST + 1)
        }
        return _winner({d: -v for d, v in values.items()}, -_beyond(LAST + 1), -1)


def _beyond(d: int) -> Any:
    """The bound of G from ``d`` on."""
    c = ball(Fraction(1, 3 * d))
    return 1 + (c * ball(d + 2).sqrt() + c * c / 2).exp() / (6 * ball(d).sqrt())


def inner_probability() -> tuple[Any, int]:
    """The best probability of (26a) as a ball, and the dimension that attains it."""
    with working_precision(BITS):
        values = {d: norm_survival(Fraction(d, 4), d) for d in range(1, LAST + 1)}
        rate = (ball(Fraction(1, 4)) - 1 + ball(4).log()) / 2
        return _winner(values, 1 - (-(LAST + 1) * rate).exp(), 1)


def _winner(values: dict[int, Any], rest: Any, sign: int) -> tuple[Any, int]:
    """``sign`` times the least value, and where; it is certainly below all others and below
    ``rest``, else ``ArithmeticError``."""
    least = min(values, key=lambda d: float(values[d].mid()))
    others = [v for d, v in values.items() if d != least]
    if not all(values[least] < v for v in (*others, rest)):
        raise ArithmeticError(f"dimension {least} is not certainly the extreme one")
    return sign * values[least], least


def tail_rate() -> Any:
    """3/2 - log 2."""
    with working_precision(BITS):
        return ball(Fraction(3, 2)) - ball(2).log()


def tail_radius(rate: Fraction = Fraction(4, 5)) -> Any:
    """The root r > 1 of (r^2 - 1)/2 - log r = rate, by bisection; the left side rises there."""
    with working_precision(BITS):
        low, high = Fraction(1), Fraction(4)
        for _ in range(BITS // 2):
            middle = (low + high) / 2
            r = ball(middle)
            excess = (r * r - 1) / 2 - r.log() - ball(rate)
            if excess > 0:
                high = middle
            elif excess < 0:
                low = middle
            else:
                break
        return ball(low).union(ball(high))


def outside_shrink() -> tuple[Any, int]:
    """The best ``shrink`` of (10d), first link, as a ball, and the dimension that attains it."""
    with working_precision(BITS):
        values = {d: -d * (1 - _outside_ratio(d) ** (ball(-1) / (d + 1))) for d in _dimensions()}
        least, d = _winner(values, -_exponent(LAST + 1), -1)
        return 1 / least, d


def whole_factor() -> tuple[Any, int]:
    """The best factor of (11a) as a ball, and the dimension that attains it."""
    with working_precision(BITS):
        values = {d: -_whole(d) / ball(d).sqrt() for d in _dimensions()}
        return _winner(values, -(_exponent(LAST + 1).exp() + ball(2) ** -LAST), -1)


def _dimensions() -> range:
    return range(1, LAST + 1)


def _outside(d: int) -> Any:
    c = Fraction(1, 3 * d)
    return exp_norm(c, d, 1) - inner_moment(c, d)


def _outside_ratio(d: int) -> Any:
    return _outside(d) / norm_moment(1, d)


def _whole(d: int) -> Any:
    """Both parts of (11a) at c = 1/(3d), less exp(1/(3d)) (2 pi)^(-d/2)."""
    density = ball(Fraction(1, 3 * d)).exp() * (2 * arb.pi()) ** (ball(-d) / 2)
    return density * (unit_ball_volume(d) - 1) + _outside(d)


def _exponent(d: int) -> Any:
    """c sqrt(d+1) + c^2/2 at c = 1/(3d)."""
    c = ball(Fraction(1, 3 * d))
    return c * ball(d + 1).sqrt() + c * c / 2


SHARE_WIDTH = 1e-3
"""Relative width of :func:`inner_share` (a choice: a tenth of what is asked)."""


def inner_share() -> Any:
    """The largest (1 - exp(-2s))/(1 - E exp(-4s|x|)) over s > 0 at d = 1, by bisection."""
    with working_precision(BITS):
        least = ball(0)
        for k in range(1, 201):
            s = Fraction(k, 20)
            least = least.max(ball((_above(s) / _below(s)).lower()))
        limit = least * (1 + SHARE_WIDTH)
        parts = [(Fraction(1, 20), Fraction(10))]
        while parts:
            a, b = parts.pop()
            if not _above(b) / _below(a) < limit:
                middle = (a + b) / 2
                parts += [(a, middle), (middle, b)]
        return least.union(limit)


def _above(s: Fraction) -> Any:
    return 1 - ball(-2 * s).exp()


def _below(s: Fraction) -> Any:
    """1 - E exp(-4s|x|), x normal: exp(8 s^2) erfc(4s/sqrt 2)."""
    return 1 - ball(8 * s * s).exp() * (4 * ball(s) / ball(2).sqrt()).erfc()
