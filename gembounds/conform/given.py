"""Parts of a point as they are given, in JSON or by a caller: checked.

Each raises :class:`InputError` for what cannot be meant.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from gembounds.conform.protocol import FloatArray
from gembounds.points.point import mixture_from_json
from gembounds.tools.errors import InputError
from gembounds.values.numerals import shown

MOST_ROWS = 10**6
"""Of x, in the JSON form (a choice: a hundred times what is drawn)."""


def _numbers(values: Any, what: str) -> FloatArray:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{what} that float64 has") from None


def weights(weights: Any) -> FloatArray | None:
    """Of floats and integers alone, as they are; None for others, which a mixture reads."""
    try:
        plain = all(isinstance(w, (int, float)) for w in weights)
        return np.array(weights, dtype=np.float64) if plain else None
    except (TypeError, ValueError, OverflowError):
        return None


def variances(variances: Any, n: int) -> FloatArray:
    found = _numbers(variances, "variances are no list of numbers")
    if found.shape != (n,) or not (np.isfinite(found).all() and np.all(found > 0)):
        raise InputError(f"variances are {found.tolist()}: give {n} positive numbers")
    return found


def data(data: Any, d: int) -> tuple[FloatArray, FloatArray] | None:
    if data is None:
        return None
    if not isinstance(data, Mapping) or "means" not in data:
        raise InputError(f"data is {data!r}: give an object with means and weights")
    mix = mixture_from_json(data)
    if mix.d != d:
        raise InputError(f"the data have {mix.d} coordinates, the model {d}: give both the same")
    return mix.means, mix.weights


def places(x: Any, d: int) -> FloatArray | None:
    if x is None:
        return None
    found = _numbers(x, "x is no list of rows of numbers")
    if found.ndim != 2 or found.shape[1] != d or not len(found) or not np.isfinite(found).all():
        raise InputError(f"x has shape {found.shape}: give rows of {d} finite numbers")
    return found


def rows(rows: Any) -> int | None:
    if rows is not None and not (type(rows) is int and 0 < rows <= MOST_ROWS):
        raise InputError(f"rows is {rows!r}: give an integer from 1 to {MOST_ROWS}")
    found: int | None = rows
    return found


def eta(eta: Any) -> float | None:
    if eta is None:
        return None
    number = isinstance(eta, (int, float)) and not isinstance(eta, bool)
    if not (number and 0 <= eta <= sys.float_info.max):
        raise InputError(f"eta is {shown(eta)}: give a float that is not negative")
    return float(eta)
