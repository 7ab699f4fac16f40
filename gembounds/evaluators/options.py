"""The evaluators' options: which of them takes which, and from what to what.

An option that the chosen evaluator would ignore is an error: it was meant to do something.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from gembounds.tools.errors import InputError

USED_BY = {
    "rtol": ("float64", "arb"),
    "bits": ("arb",),
    "digits": ("mpmath",),
    "max_nodes": ("float64", "arb"),
    "samples": ("qmc",),
    "failure_probability": ("qmc",),
    "seed": ("qmc",),
}

EVALUATORS = ("float64", "arb", "mpmath", "qmc")
DEFAULT_RTOL, MIN_RTOL, MAX_RTOL = 1e-10, 1e-13, 1e-3
DEFAULT_BITS, MAX_BITS = 128, 4096
DEFAULT_DIGITS, MAX_DIGITS = 30, 200
ARB_MAX_NODES = 2**19


def used(
    evaluator: Any,
    given: Mapping[str, Any],
    known: tuple[str, ...] = EVALUATORS,
    written: Callable[[str], str] = str,
) -> dict[str, Any]:
    """The options that are ``given`` (not None). Raises :class:`InputError` for one that
    ``evaluator`` ignores and for an evaluator that is not ``known``; ``written`` spells them."""
    if evaluator not in known:
        raise InputError(f"evaluator is {evaluator!r}: choose one of {', '.join(known)}")
    found = {name: value for name, value in given.items() if value is not None}
    for name in found:
        if evaluator not in USED_BY[name]:
            raise InputError(
                f"{written(name)} does nothing for evaluator {evaluator}: leave it out, or "
                f"choose {written('evaluator')} {' or '.join(USED_BY[name])}"
            )
    return found


def rtol_of(rtol: Any, least: float, most: float) -> float:
    """``rtol`` as a float in [least, most]; :class:`InputError` for anything else."""
    if isinstance(rtol, bool) or not isinstance(rtol, (int, float)) or not least <= rtol <= most:
        raise InputError(f"rtol is {rtol!r}: choose it from {least:g} to {most:g}")
    return float(rtol)


def arb_options(
    bits: int | None = None, rtol: float | None = None, max_nodes: int | None = None
) -> tuple[int, int, int]:
    """Bits of accuracy, bits of working precision, and the node budget."""
    precision = whole(bits, "bits", DEFAULT_BITS, 8, MAX_BITS)
    accuracy = precision
    if rtol is not None:
        accuracy = max(1, math.ceil(-math.log2(rtol_of(rtol, 1e-300, 0.5))))
    return accuracy, precision, nodes_of(max_nodes)


def digits_of(digits: int | None) -> int:
    return whole(digits, "digits", DEFAULT_DIGITS, 5, MAX_DIGITS)


def nodes_of(max_nodes: int | None) -> int:
    return whole(max_nodes, "max_nodes", ARB_MAX_NODES, 1, 2**40)


def whole(value: Any, name: str, default: int, least: int, most: int) -> int:
    """``value``, or ``default`` for None; :class:`InputError` for what is no whole number from
    ``least`` to ``most``."""
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} is {value!r}: choose a whole number from {least} to {most}")
    return value
