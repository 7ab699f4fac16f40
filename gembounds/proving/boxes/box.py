"""A box of means, weights and parameters: what a proof over a box is about.

BOX.json is ``{"means": [[["-3", "3"]], [["-3", "3"]]], "weights": [["1/20", "19/20"], null],
"parameters": {"c": ["0", "1"]}}``: an interval [low, high], or one number, for each coordinate,
weight and parameter; one weight may be null, what is left of 1; all weights null, or none given,
are equal. A displacement has rows as the means have. A certificate writes all intervals, and which
weight is what the others leave as "rest".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown

Interval = tuple[Fraction, Fraction]
Rows = tuple[tuple[Interval, ...], ...]

FARTHEST = Fraction(10) ** 100
"""Their squares, and products of some squares, are float64 numbers still."""


@dataclass(frozen=True)
class Box:
    """``means[i][a]`` and ``weights[i]`` are intervals of exact numbers, ``parameters`` by name,
    ``displacements`` by name with an interval for each coordinate of each component.

    ``rest`` is the component whose weight is what the others leave of 1, None where all weights
    are numbers: they then add up to 1.
    """

    means: Rows = ()
    weights: tuple[Interval, ...] = ()
    rest: int | None = None
    parameters: Mapping[str, Interval] = field(default_factory=dict)
    displacements: Mapping[str, Rows] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.means)

    @property
    def d(self) -> int:
        return len(self.means[0]) if self.means else 0

    @staticmethod
    def from_json(data: Any) -> Box:
        """The box that ``data`` describes; raises :class:`InputError` on anything else."""
        if isinstance(data, Box):
            return data
        if not isinstance(data, Mapping):
            raise InputError(
                f"a box is {shown(data)}: give an object with means, weights, parameters"
            )
        unknown = sorted(set(data) - {"means", "weights", "parameters", "rest"})
        if unknown:
            raise InputError(
                f"unknown key {unknown[0]!r}: a box has means, weights and parameters"
            )
        means = _rows(data.get("means", []), "means")
        if any(len(row) != len(means[0]) or not row for row in means):
            raise InputError(
                "the box's means have rows of different lengths, or empty ones: give one interval "
                "a coordinate"
            )
        weights, rest = _weights(data.get("weights"), len(means), data.get("rest"))
        given = data.get("parameters", {})
        if not isinstance(given, Mapping):
            raise InputError(f"the box's parameters are {shown(given)}: give an object")
        parameters, displacements = {}, {}
        for k, x in given.items():
            name = f"parameters[{k!r}]"
            if isinstance(x, (list, tuple)) and any(isinstance(row, (list, tuple)) for row in x):
                displacements[str(k)] = _rows(x, name)
            else:
                parameters[str(k)] = _interval(x, name)
        return Box(means, weights, rest, parameters, displacements)

    def to_json(self) -> dict[str, Any]:
        def written(x: Interval) -> Any:
            return str(x[0]) if x[0] == x[1] else [str(x[0]), str(x[1])]

        out: dict[str, Any] = {}
        if self.means:
            out["means"] = [[written(x) for x in row] for row in self.means]
            out["weights"] = [written(x) for x in self.weights]
            if self.rest is not None:
                out["rest"] = self.rest
        given: dict[str, Any] = {k: written(x) for k, x in self.parameters.items()}
        for k, rows in self.displacements.items():
            given[k] = [[written(x) for x in row] for row in rows]
        if given:
            out["parameters"] = dict(sorted(given.items()))
        return out

    def at_least(self, least: Fraction) -> Box:
        """The part whose weights are >= ``least``."""
        if self.rest is None:
            return self
        weights = tuple((max(low, least), high) for low, high in self.weights)
        if any(low > high for low, high in weights):
            raise InputError(f"no weights of the box are all >= {least}, as the claim asks")
        return replace(self, weights=weights)

    def within(self, known: Mapping[str, Any]) -> Box:
        """The part whose parameters are in the intervals of a claim's."""
        found = {}
        for name, (low, high) in self.parameters.items():
            p = known.get(name)
            if p is not None and p.low is not None and p.low <= high:
                low = max(low, p.low)
            if p is not None and p.high is not None and p.high >= low:
                high = min(high, p.high)
            found[name] = (low, high)
        return replace(self, parameters=found)


def _list(x: Any, name: str) -> Sequence[Any]:
    if not isinstance(x, (list, tuple)):
        raise InputError(f"{name} is {shown(x)}: give a list")
    return x


def _rows(x: Any, name: str) -> Rows:
    return tuple(
        tuple(_interval(v, f"{name}[{i}][{a}]") for a, v in enumerate(_list(row, f"{name}[{i}]")))
        for i, row in enumerate(_list(x, name))
    )


def _interval(x: Any, name: str) -> Interval:
    ends = x if isinstance(x, (list, tuple)) else (x, x)
    if len(ends) != 2:
        raise InputError(f"{name} is {shown(x)}: give [low, high], or one number")
    low, high = (exact_number(v, name) for v in ends)
    if low > high:
        raise InputError(f"{name} is {shown(x)}: give the lower end first")
    if max(-low, high) > FARTHEST:
        raise InputError(f"{name} is {shown(x)}: boxes reach numbers of size 1e100")
    return low, high


def _left(weights: Sequence[Interval], rest: int) -> Interval:
    others = [w for k, w in enumerate(weights) if k != rest]
    high = 1 - sum((w[0] for w in others), Fraction(0))
    return max(Fraction(0), 1 - sum((w[1] for w in others), Fraction(0))), high


def _weights(given: Any, n: int, wanted: Any) -> tuple[tuple[Interval, ...], int | None]:
    if given is None or all(x is None for x in _list(given, "weights")):
        if given is not None and len(given) != n:
            raise InputError(f"weights has {len(given)} entries: give {n}, one a component")
        return tuple((Fraction(1, n), Fraction(1, n)) for _ in range(n)), None
    if len(given) != n:
        raise InputError(f"weights has {len(given)} entries: give {n}, one a component")
    nulls = [k for k, x in enumerate(given) if x is None]
    if len(nulls) > 1:
        raise InputError("weights has several nulls: give an interval for all but one")
    found = [
        (Fraction(0), Fraction(1)) if x is None else _interval(x, f"weights[{k}]")
        for k, x in enumerate(given)
    ]
    for k, (low, high) in enumerate(found):
        if (not nulls and low <= 0) or low < 0 or not 0 < high <= 1:
            raise InputError(f"weights[{k}] is {shown(given[k])}: weights are in (0, 1]")
    if all(low == high for k, (low, high) in enumerate(found) if k not in nulls):
        fixed = list(found)
        for k in nulls:
            fixed[k] = _left(found, k)
        if sum((w[0] for w in fixed), Fraction(0)) != 1 or any(w[0] <= 0 for w in fixed):
            raise InputError(
                "the box's weights do not add up to 1: give positive ones that do, or one null"
            )
        return tuple(fixed), None
    vary = [k for k, (low, high) in enumerate(found) if low < high]
    rest = wanted if wanted in vary else (nulls or vary)[-1]
    left = _left(found, rest)
    low, high = max(found[rest][0], left[0]), min(found[rest][1], left[1])
    if low > high or high <= 0:
        raise InputError("the box's weights cannot add up to 1: widen one, or give one null")
    found[rest] = (low, high)
    return tuple(found), rest
