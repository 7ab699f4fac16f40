"""Step sizes: a number for all steps, or a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown

DEFAULT_ETA = Fraction(7, 10)
"""The paper's step size in Section 5."""

LARGEST = 10**300
"""Largest step size: products with gradients stay near the range of float64 (a choice)."""


class StepSizes:
    """eta(t) as exact rationals, from a number, a sequence with one entry a step, or a function
    of t."""

    def __init__(self, eta: Any, steps: int) -> None:
        self._call = eta if callable(eta) else None
        self._list: Sequence[Fraction] | None = None
        self._same: Fraction | None = None
        if self._call is None and _listed(eta):
            self._list = [_positive(x, f"eta[{t}]") for t, x in enumerate(eta)]
            if len(self._list) < steps:
                raise InputError(
                    f"eta has {len(self._list)} entries for {steps} steps: give one a step"
                )
        elif self._call is None:
            self._same = _positive(eta, "eta")

    def __getitem__(self, t: int) -> Fraction:
        if self._same is not None:
            return self._same
        if self._list is not None:
            return self._list[t]
        assert self._call is not None
        return _positive(self._call(t), f"eta({t})")

    def text(self) -> str:
        """The step sizes as text; a function has none beforehand."""
        if self._same is not None:
            return str(self._same)
        return "function" if self._list is None else " ".join(map(str, self._list))


def _listed(eta: Any) -> bool:
    # an array of no dimensions has __len__, but no length
    return (
        hasattr(eta, "__len__") and not isinstance(eta, (str, bytes))
        and getattr(eta, "shape", None) != ()
    )  # fmt: skip


def _positive(value: Any, name: str) -> Fraction:
    scalar = isinstance(value, np.ndarray) and not value.shape
    exact = exact_number(value.item() if scalar else value, name)
    if not exact > 0:
        raise InputError(f"{name} is {shown(value)}: a step size is positive")
    if exact > LARGEST:
        raise InputError(f"{name} is {shown(value)}: give a step size of at most 1e300")
    return exact
