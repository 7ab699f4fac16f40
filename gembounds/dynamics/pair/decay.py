"""Two opposite means far out, the others at 0: how the gradient falls off with their distance.

With mu_1 = -mu_2 = a u (u a unit vector), mu_3 = ... = mu_n = 0 and equal weights, grad_1 =
F(a) u, F(a) = a (P_11 - P_12) (:mod:`gembounds.dynamics.pair.force`). Let m = n - 2, y = <x, u>
and s = a y - a^2/2; then psi_1 = 1/(1 + m exp(-s) + exp(-2s - a^2)). Without the last term, which
is the opposite mean's, F becomes

    H(a) = a E (1 + m exp(-s))^-2 = exp(-a^2/8) I(a) / sqrt(2 pi),
    I(a) = m^(-1/2) int exp(-(w+l)^2/(2a^2)) K(w) dw,   K(w) = exp(-w/2) (1+exp(-w))^-2, l = log m,

by y = a/2 + (w+l)/a. H is what the step counts of :mod:`gembounds.trap` rest on:

*Close to F.* F <= H, since psi_1 grows where a term is left out and P_12 >= 0. For y >= 0 that
term is at most q = exp(-a^2/2)/m times m exp(-s), so psi_1 >= (1-q)/(1 + m exp(-s)); for y < 0,
(1 + m exp(-s))^-2 <= exp(-a^2)/m^2; and P_12 <= exp(-a^2)/m^2. So
F >= (1-q)^2 (H - a exp(-a^2)/(2m^2)) - a exp(-a^2)/m^2.

*Decreasing.* I grows with a, and d log I/da = <(w+l)^2>/a^3, the mean under the integrand. That is
at most the mean under K alone, by Chebyshev's inequality for two functions of |w+l|, one falling
and one growing. w is the logit of a Beta(3/2, 1/2) variable there, with mean
digamma(3/2) - digamma(1/2) = 2 and variance trigamma(3/2) + trigamma(1/2) = pi^2 - 4. So
d log H/da <= -a/4 + ((l+2)^2 + pi^2 - 4)/a^3, which is negative where the second term is smaller.

*The integral.* The trapezoidal rule for the line (Trefethen and Weideman, SIAM Review 56 (2014),
Theorem 5.1): at Im w = b, |b| < pi, |1 + exp(-w)| >= cos(b/2) (1 + exp(-Re w)) and the Gaussian
grows by exp(b^2/(2a^2)), so the error relative to the integral is at most
2 exp(b^2/(2a^2)) / (cos^2(b/2) (exp(2 pi b/h) - 1)). Nodes left out: K(w) <= exp(3w/2) and
<= exp(-w/2), two geometric series.
"""

from __future__ import annotations

from typing import Any

from flint import arb

STEP = 0.5
"""h: with b = 14/5 a relative error of 4e-14 (a choice: any step proves a bound)."""

LEFT, RIGHT = 22, 66
"""Nodes cover [-LEFT, RIGHT], beyond which there are 1e-14 of the integral (a choice)."""


class PairDecay:
    """H and I for one n >= 3, at the precision that is current now and in every call."""

    def __init__(self, n: int) -> None:
        self.many = arb(n - 2)
        self._log = self.many.log()
        h = arb(STEP)
        nodes = [h * k for k in range(-round(LEFT / STEP), round(RIGHT / STEP) + 1)]
        self._halves = [-((w + self._log) ** 2) / 2 for w in nodes]
        self._weights = [h * (-w / 2).exp() / (1 + (-w).exp()) ** 2 for w in nodes]
        left = (-(LEFT + h) * 3 / 2).exp() / (1 - (-3 * h / 2).exp())
        right = (-(RIGHT + h) / 2).exp() / (1 - (-h / 2).exp())
        self._left_out = arb(0).union(h * (left + right))
        b = arb(14) / 5
        self._strip = b * b / 2
        self._error = 2 / ((b / 2).cos() ** 2 * (2 * arb.pi() * b / h).expm1())

    def falls_beyond(self, a: Any) -> bool:
        """Whether H certainly decreases on all of [a, inf)."""
        return bool((self._log + 2) ** 2 + arb.pi() ** 2 - 4 < a**4 / 4)

    def integral(self, a: Any) -> Any:
        """I(a) for every a in the positive ball ``a``."""
        inverse = 1 / (a * a)
        terms = zip(self._halves, self._weights, strict=True)
        found = sum(((s * inverse).exp() * w for s, w in terms), self._left_out)
        error = (self._error * (self._strip * inverse).exp()).upper()
        return found / self.many.sqrt() / (1 + arb(0, error))

    def ceiling(self, a: Any, integral: Any = None) -> Any:
        """H(a); ``integral`` encloses I(a), if it is known."""
        inner = self.integral(a) if integral is None else integral
        return (-a * a / 8).exp() * inner / (2 * arb.pi()).sqrt()

    def shortfall(self, low: Any, high: Any) -> Any:
        """At least 1 - F(a)/H(a) for every a in [low, high], low >= 1, where H decreases.

        1 - F/H <= 2q + (3/2) a exp(-a^2)/(m^2 H); a exp(-a^2) decreases from a = 1 on.
        """
        square = (-low * low).exp()
        q = square.sqrt() / self.many
        return 2 * q + 3 * low * square / (2 * self.many**2 * self.ceiling(high))

    def force(self, a: Any, integral: Any = None) -> Any:
        """F(a), the component of grad_1 along u, for every a in the positive ball ``a``."""
        most = self.ceiling(a, integral)
        square = (-a * a).exp()
        q = square.sqrt() / self.many
        rest = a * square / self.many**2
        least = (1 - q) ** 2 * (most - rest / 2) - rest
        return arb(least.lower()).union(arb(most.upper()))
