"""Where a claim is decided: a mixture and further parameters, exact, with a JSON form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gembounds.tools.errors import InputError
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number, shown

Value = Any
"""int, Fraction, or a tuple of values (x in R^d: d Fractions; delta: n tuples of d)."""

ROWS_UP_TO = 24
"""Dimensions up to which the JSON form lists whole rows (a choice of layout)."""

MOST_ENTRIES = 10**8
"""Entries of the means up to which repeated columns are written out (a choice: 800 MB)."""


@dataclass(frozen=True)
class Point:
    """One configuration: ``mixture`` (or None), named ``parameters``, and the ``data`` that
    expectations are over (None: N(0, I), or those of the claim), all exact.

    By convention ``d`` is a dimension, ``i``, ``j``, ``k`` are indices from 0, a tuple of d
    numbers is a vector of R^d, a tuple of n tuples of d numbers has a row for each component.
    """

    mixture: Mixture | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    data: Mixture | None = None

    @property
    def mix(self) -> Mixture:
        """The mixture; raises :class:`InputError` where the point has none."""
        if self.mixture is None:
            raise InputError("the point has no mixture: give one with means and weights")
        return self.mixture

    def __getitem__(self, name: str) -> Value:
        try:
            return self.parameters[name]
        except KeyError:
            raise InputError(f"the point has no parameter {name!r}: give one") from None

    def to_json(self) -> dict[str, Any]:
        """A JSON object: rationals are strings, integers integers, tuples lists."""
        out: dict[str, Any] = {}
        if self.mixture is not None:
            out["mixture"] = mixture_to_json(self.mixture)
        if self.data is not None:
            out["data"] = mixture_to_json(self.data)
        if self.parameters:
            out["parameters"] = {k: _encoded(v) for k, v in sorted(self.parameters.items())}
        return out

    def __repr__(self) -> str:
        return f"Point.from_json({json.dumps(self.to_json())})"

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Point:
        """The point that :meth:`to_json` wrote; raises :class:`InputError` on anything else."""
        unknown = sorted(set(data) - {"mixture", "data", "parameters"})
        if unknown:
            raise InputError(
                f"unknown key {unknown[0]!r}: a point has mixture, data and parameters"
            )
        mixture, over = (
            mixture_from_json(data[k]) if k in data else None for k in ("mixture", "data")
        )
        parameters = {k: _decoded(v, k) for k, v in data.get("parameters", {}).items()}
        return Point(mixture, parameters, over)


def mixture_to_json(mix: Mixture) -> dict[str, Any]:
    """``{"means": rows, "weights": [...]}``; in high dimension with few distinct columns
    ``{"columns": [...], "repeats": [...], "weights": [...]}``: column c stands repeats[c] times.
    """
    weights = [str(w) for w in mix.exact_weights]
    blocks = runs(mix)
    if mix.d > ROWS_UP_TO and 2 * len(blocks) <= mix.d:
        columns = [[str(x) for x in entries] for entries, _ in blocks]
        return {"columns": columns, "repeats": [m for _, m in blocks], "weights": weights}
    rows = zip(*(entries for entries, m in blocks for _ in range(m)), strict=True)
    return {"means": [[str(x) for x in row] for row in rows], "weights": weights}


def mixture_from_json(data: Mapping[str, Any]) -> Mixture:
    """The mixture of either form of :func:`mixture_to_json`, exactly."""
    if "means" in data:
        return Mixture(data["means"], data.get("weights"))
    if "columns" not in data or "repeats" not in data:
        raise InputError("a mixture has no means: give means, or columns and repeats")
    return repeated(data["columns"], data["repeats"], data.get("weights"))


def repeated(columns: Any, repeats: Any, weights: Any = None) -> Mixture:
    """The mixture whose means have ``columns[c]`` (n numbers) in ``repeats[c]`` coordinates.

    Built through a float64 array where every entry is a float64, so that a million columns
    cost milliseconds.
    """
    exact = [[exact_number(x, "columns") for x in column] for column in columns]
    for c, m in enumerate(repeats):
        if type(m) is not int or m < 1:
            raise InputError(f"repeats[{c}] is {shown(m)}: give a positive integer")
    size = sum(len(column) * m for column, m in zip(exact, repeats, strict=True))
    if size > MOST_ENTRIES:
        raise InputError(f"a mixture of {size} entries: at most {MOST_ENTRIES} are read")
    floats = [[float(x) for x in column] for column in exact]
    if floats == exact:  # a Fraction equals a float only when it is that number
        return Mixture(np.repeat(np.array(floats).T, repeats, axis=1), weights)
    whole = [column for column, m in zip(exact, repeats, strict=True) for _ in range(m)]
    return Mixture(list(zip(*whole, strict=True)), weights)


def _encoded(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_encoded(v) for v in value]
    return value if isinstance(value, int) else str(value)


def _decoded(value: Any, name: str) -> Value:
    if isinstance(value, list):
        return tuple(_decoded(v, name) for v in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return exact_number(value, name)
