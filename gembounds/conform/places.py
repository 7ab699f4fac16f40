"""Places x at which psi is asked for, by kind: normal ones, means, between means, far away."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.conform.protocol import FloatArray

KINDS = ("normal", "long", "very long", "means", "between", "near means", "integers", "sparse",
         "negative", "equal")  # fmt: skip


def drawn_places(kind: str, means: FloatArray, count: int, rng: Any) -> FloatArray:
    """``count`` rows of ``kind``, (count, d)."""
    n, d = means.shape
    x = rng.normal(size=(count, d))
    some, others = means[rng.integers(n, size=count)], means[rng.integers(n, size=count)]
    if kind == "long":
        x *= 10.0 ** rng.uniform(0, 1.5, size=(count, 1))
    elif kind == "very long":
        x *= 10.0 ** rng.uniform(2, 5, size=(count, 1))
    elif kind == "means":
        x = some
    elif kind == "between":
        t = rng.choice([0.5, 0.25, 0.9], size=(count, 1))
        x = t * some + (1 - t) * others + 0.5 * x * rng.integers(2, size=(count, 1))
    elif kind == "near means":
        x = some + 10.0 ** rng.uniform(-9, 0, size=(count, 1)) * x
    elif kind == "integers":
        x = np.round(3 * x)
    elif kind == "sparse":
        x = np.where(rng.random(size=(count, d)) < 0.3, 3 * x, 0.0)
    elif kind == "negative":
        x = -np.abs(x)
    elif kind == "equal":
        x = np.repeat(x[:1], count, axis=0)
    return np.asarray(x)
