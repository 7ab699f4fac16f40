"""When a trajectory ends before its steps do."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import Any, NamedTuple

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown

NAMES = ("gradient_norm", "loss")


class StoppingRule(NamedTuple):
    """Ends at the first t whose quantity is certainly at most its level: the upper end of the
    enclosure counts, so a trajectory never ends early."""

    levels: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, stop: Any) -> StoppingRule:
        """From {"gradient_norm": g, "loss": l} or None."""
        if stop is None:
            return cls(())
        if isinstance(stop, StoppingRule):
            return stop
        if not isinstance(stop, dict):
            raise InputError(f'stop is {shown(stop)}: give {{"gradient_norm": g, "loss": l}}')
        levels = []
        for name, value in stop.items():
            if name not in NAMES:
                raise InputError(f"stop has the key {shown(name)}: use {' or '.join(NAMES)}")
            level = exact_number(value, f"stop[{name!r}]")
            if level < 0:
                raise InputError(f"stop[{name!r}] is {shown(value)}: give a number >= 0")
            levels.append((name, _float_below(level)))
        return cls(tuple(levels))

    def met(self, ends: dict[str, tuple[float, float]]) -> str | None:
        """The name of the quantity that has come down, or None."""
        return next((name for name, level in self.levels if ends[name][1] <= level), None)


def _float_below(level: Fraction) -> float:
    """The largest float64 that is at most ``level`` >= 0."""
    if level >= sys.float_info.max:
        return sys.float_info.max
    found = float(level)
    return found if found <= level else math.nextafter(found, 0.0)
