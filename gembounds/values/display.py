"""Values as text and as JSON: an interval is rounded outward in decimal too."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.values.decimals import interval_text
from gembounds.values.enclosure import Enclosure, FloatArray
from gembounds.values.estimates import Estimate, StatisticalInterval

Value = Enclosure | Estimate | StatisticalInterval


def entry_texts(value: Value, digits: int) -> list[str]:
    """One text an entry, in C order; ``digits`` is for balls."""
    if isinstance(value, Estimate):
        import mpmath

        return [mpmath.nstr(x, value.digits) for x in value.values.ravel()]
    if isinstance(value, Enclosure) and value.balls is not None:
        return [ball.str(digits) for ball in value.balls.ravel()]
    ends = zip(value.lower.ravel().tolist(), value.upper.ravel().tolist(), strict=True)
    return [interval_text(a, b) for a, b in ends]


def as_json(value: Value, digits: int) -> dict[str, Any]:
    """``value`` for JSON, as nested lists of its shape.

    An enclosure and a statistical interval have ``lower`` and ``upper`` (null where infinite);
    balls add ``balls``, texts "[middle +/- radius]" that keep what lies beyond float64;
    an estimate has ``estimate``, texts of the digits believed.
    """
    if isinstance(value, Estimate):
        return {"estimate": _texts(value, digits)}
    out: dict[str, Any] = {"lower": _finite(value.lower), "upper": _finite(value.upper)}
    if isinstance(value, StatisticalInterval):
        out["estimate"] = _finite(value.estimate)
        out["failure_probability"] = value.failure_probability
        out["samples"], out["seed"] = value.samples, value.seed
    elif value.balls is not None:
        out["balls"] = _texts(value, digits)
    return out


def _texts(value: Value, digits: int) -> Any:
    texts = np.array(entry_texts(value, digits), dtype=object)
    return texts.reshape(value.shape).tolist()


def _finite(ends: FloatArray) -> Any:
    texts = np.array(ends, dtype=object)
    texts[~np.isfinite(ends)] = None
    return texts.tolist()
