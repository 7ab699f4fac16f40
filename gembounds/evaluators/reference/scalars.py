"""psi at a point, and the scalars U, mu_max and pi_min: exact rationals, then rounded."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from mpmath import mp

from gembounds.evaluators.reference.precision import checked_digits, objects, to_mpf, working
from gembounds.tools.errors import InputError
from gembounds.values.estimates import Estimate
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number


def psi(mixture: Mixture, x: Any, digits: int = 30) -> Estimate:
    """``psi_i(x) = pi_i exp(-|x - mu_i|^2/2) / sum_k pi_k exp(-|x - mu_k|^2/2)``, (n,).

    x: d numbers as :class:`Mixture` takes them. ``digits`` relative digits each, however small.
    Raises :class:`InputError` for another length, or entries that are not numbers. Source: (2).
    """
    digits = checked_digits(digits)
    if isinstance(x, (str, bytes)) or not hasattr(x, "__len__") or len(x) != mixture.d:
        raise InputError(f"x is {x!r}: give a point of {mixture.d} numbers")
    point = [exact_number(v, f"x[{k}]") for k, v in enumerate(x)]
    squares = [
        _square(v - m for v, m in zip(point, row, strict=True)) for row in mixture.exact_means
    ]
    # an exponent of m digits loses m of them
    with working(digits + 5 + len(str(math.ceil(max(squares))))):
        parts = [
            to_mpf(w) * mp.exp(-to_mpf(s) / 2)
            for w, s in zip(mixture.exact_weights, squares, strict=True)
        ]
        total = mp.fsum(parts)
        return Estimate(objects([p / total for p in parts]), digits)


def U(mixture: Mixture, digits: int = 30) -> Estimate:
    """``sum_i |mu_i|^2``, a scalar estimate."""
    return _scalar(sum(map(_square, mixture.exact_means), Fraction(0)), digits)


def mu_max(mixture: Mixture, digits: int = 30) -> Estimate:
    """``max_i |mu_i|``, a scalar estimate."""
    return _scalar(max(map(_square, mixture.exact_means)), digits, root=True)


def pi_min(mixture: Mixture, digits: int = 30) -> Estimate:
    """``min_i pi_i``, a scalar estimate."""
    return _scalar(min(mixture.exact_weights), digits)


def _square(row: Any) -> Fraction:
    return sum((v * v for v in row), Fraction(0))


def _scalar(value: Fraction, digits: int, root: bool = False) -> Estimate:
    digits = checked_digits(digits)
    with working(digits + 5):
        number = to_mpf(value)
        return Estimate(objects(mp.sqrt(number) if root else number), digits)
