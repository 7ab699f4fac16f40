"""A point at which a core is tried: a mixture of float64 numbers, places x, a step, a number."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from gembounds.conform.protocol import FloatArray
from gembounds.points.point import Point, mixture_from_json
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture

T = TypeVar("T")

KEYS = ("means", "columns", "repeats", "weights", "salt", "parameters")
"""Of the JSON form."""

ETAS = (0.7, 1.0, 0.1)
"""Step sizes tried: the paper's 0.7 among them."""

REACHES = (1.0, 1.0, 1.0, 3.0, 30.0)
"""Lengths of the normal vectors among the places x."""


class Case:
    """Means and weights that are float64 numbers, and ``salt``, which everything else that is
    drawn at this point (places x, step, rotations, permutations) depends on."""

    def __init__(
        self, means: Any, weights: Any, salt: int, x: Any = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self._weights: FloatArray = np.array(weights, dtype=np.float64)
        self.mix = Mixture(np.array(means, dtype=np.float64), self._weights)
        self.salt = salt
        self.n, self.d = self.mix.n, self.mix.d
        self._kept: dict[Any, Any] = {}
        self._given_x = x
        self.point = Point(self.mix, dict(parameters or {}))

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """``make()``, computed once and kept with the case under ``key``."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast(T, self._kept[key])

    @property
    def means(self) -> FloatArray:
        """(n, d), a fresh copy each time: a core may spoil what it is given."""
        return np.array(self.mix.means)

    @property
    def weights(self) -> FloatArray:
        """(n,), a fresh copy; their sum is 1 up to rounding."""
        return self._weights.copy()

    @property
    def eta(self) -> float:
        return ETAS[self.salt % len(ETAS)]

    def rng(self, purpose: str) -> np.random.Generator:
        """Random numbers that depend on the salt and ``purpose`` alone."""
        return np.random.default_rng([self.salt, *purpose.encode()])

    @cached_property
    def _places(self) -> FloatArray:
        if self._given_x is not None:
            return np.array(self._given_x, dtype=np.float64)
        rng = self.rng("x")
        drawn = rng.normal(size=(len(REACHES), self.d)) * np.array(REACHES)[:, None]
        k = int(rng.integers(self.n))
        return np.vstack([drawn, self.means[k], np.zeros(self.d)])

    @property
    def x(self) -> FloatArray:
        """(m, d): normal vectors, some long ones, a mean, and 0; a fresh copy."""
        return self._places.copy()

    def arguments(self, function: str) -> tuple[Any, ...]:
        """What ``function`` of a core is called with here; fresh arrays."""
        if function == "psi":
            return self.x, self.means, self.weights
        if function == "em_step":
            return self.means, self.weights, self.eta
        return self.means, self.weights

    def size(self, which: str) -> float:
        """What ``which`` of the limits of a core is about."""
        if which == "max_n":
            return self.n
        if which == "max_d":
            return self.d
        if which == "max_rank":
            return self.rank
        if which == "max_norm":
            return float(self.norms.max())
        return float(self.weights.min())

    @cached_property
    def norms(self) -> FloatArray:
        """|mu_i|, (n,)."""
        return np.asarray(np.linalg.norm(self.mix.means, axis=1))

    @cached_property
    def rank(self) -> int:
        """Exact rank of the differences of the means."""
        from gembounds.evaluators.reduction.exact import reduce_exactly

        return int(reduce_exactly(self.mix).rank)

    def to_json(self) -> dict[str, Any]:
        """Means and weights as floats (which JSON keeps), equal columns once where that is
        shorter, and the salt."""
        from gembounds.values.columns import runs

        blocks = runs(self.mix)
        out: dict[str, Any] = {}
        if 2 * len(blocks) <= self.d and self.d > 8:
            out["columns"] = [[_short(float(x)) for x in entries] for entries, _ in blocks]
            out["repeats"] = [length for _, length in blocks]
        else:
            out["means"] = [[_short(x) for x in row] for row in self.mix.means.tolist()]
        out["weights"] = [_short(w) for w in self.weights.tolist()]
        out["salt"] = self.salt
        return out | {k: v for k, v in self.point.to_json().items() if k == "parameters"}

    def __repr__(self) -> str:
        return json.dumps(self.to_json())

    @staticmethod
    def from_json(data: Any) -> Case:
        """The case that :meth:`to_json` wrote; raises :class:`InputError` for anything else."""
        if not isinstance(data, Mapping):
            raise InputError(f"a point is {data!r}: give an object with means and weights")
        unknown = sorted(set(data) - set(KEYS))
        if unknown:
            raise InputError(f"unknown key {unknown[0]!r}: a point has means, weights, salt")
        salt = data.get("salt", 0)
        if isinstance(salt, bool) or not isinstance(salt, int) or salt < 0:
            raise InputError(f"salt is {salt!r}: give an integer that is not negative")
        parameters = {"parameters": data.get("parameters", {})}
        mix, weights = mixture_from_json(data), data.get("weights")
        floats = weights is not None and all(isinstance(w, (int, float)) for w in weights)
        return Case(mix.means, weights if floats else mix.weights, salt,
                    parameters=Point.from_json(parameters).parameters)  # fmt: skip

    @staticmethod
    def of(point: Point, salt: int) -> Case:
        """The point with its mixture's numbers rounded to float64."""
        return Case(point.mix.means, point.mix.weights, salt, parameters=point.parameters)


def _short(x: float) -> float | int:
    return int(x) if x.is_integer() and abs(x) < 1e15 else x
