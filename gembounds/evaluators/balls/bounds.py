"""The trapezoidal rule's bounds in balls; see :mod:`gembounds.values.rule` for the argument.

All functions return balls whose upper ends are the bounds, at the current precision.
"""

from __future__ import annotations

from typing import Any

from flint import arb

from gembounds.values.rule import Axis


def one_strip_error(axis: Axis) -> Any:
    """``2 exp(a^2/2) / (exp(2 pi a/h) - 1)``: the rule's error for a function whose integrals
    of abs(f phi) along lines of the strip are at most exp(a^2/2)."""
    a = arb(axis.halfwidth)
    return 2 * (a * a / 2).exp() / (2 * arb.pi() * a / arb(axis.step)).expm1()


def sector_cosine(axis: Axis, spread: Any) -> Any | None:
    """``cos(theta/2)``, theta = a D, if certainly theta < pi and the cosine is positive."""
    theta = arb(axis.halfwidth) * arb(spread.upper())
    cosine = (theta / 2).cos()
    return cosine if theta < arb.pi() and cosine > 0 else None


def relative_error(axis: Axis, spread: Any, order: int = 2) -> Any | None:
    """rho of a product of ``order`` posteriors: ``one_strip_error / cos^order(theta/2)``; None
    where the strip proves nothing."""
    cosine = sector_cosine(axis, spread)
    return None if cosine is None else one_strip_error(axis) / cosine**order


def tail(axis: Axis) -> Any:
    """``h sum_{abs(k) > K} phi(kh) <= 2 Pr[Z > K h]``, phi decreasing away from 0."""
    return (arb(axis.step) * axis.count / arb(2).sqrt()).erfc()


def first_moment_tail(axis: Axis) -> Any:
    """``h sum_{abs(k) > K} abs(kh) phi(kh) <= 2 phi(K h)``: y phi(y) decreases beyond 1."""
    radius = arb(axis.step) * axis.count
    if not radius >= 1:
        return arb.pos_inf()
    return 2 * (-radius * radius / 2).exp() / (2 * arb.pi()).sqrt()


def discrete_total(axis: Axis) -> Any:
    """``T_h[phi] <= 1 + 2 / (exp(2 pi^2/h^2) - 1)`` (Poisson summation, geometric series)."""
    return 1 + 2 / (2 * (arb.pi() / arb(axis.step)) ** 2).expm1()


def discrete_first_moment(axis: Axis) -> Any:
    """``T_h[abs(y) phi] <= sqrt(T[phi] T[y^2 phi])`` and T[y^2 phi] <= 1 for h <= 2 pi."""
    return discrete_total(axis).sqrt()
