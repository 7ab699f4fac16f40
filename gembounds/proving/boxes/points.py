"""Exact points of a box from the variables of a chart, and back."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np

from gembounds.points.point import Point
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.chart import Chart
from gembounds.values.mixture import Mixture

ANGLES = 72
"""Turns of a plane that are tried to bring a point into the box (a choice)."""


def point_of(chart: Chart, whole: set[str], values: Any) -> Point | None:
    """The exact point whose variables have these values; parameters in ``whole`` are integers.

    None where the weights do not add up, or a turned point is not brought into the box.
    """
    box = chart.box
    value: dict[Any, Fraction] = {}
    for v, x in zip(chart.variables, values, strict=True):
        exact = min(max(Fraction(float(x)), v.low), v.high)
        value[v.kind, v.key] = exact
    parameters: dict[str, Any] = {
        k: value.get(("parameter", k), low) for k, (low, _) in box.parameters.items()
    }
    parameters |= {k: int(parameters[k]) for k in whole}
    if (moved := chart.displaced) is not None:
        delta = [Fraction(0)] * len(moved.ends)
        if moved.moving:
            face = value.get(("face", None), Fraction(0))
            number = int(moved.face_of(float(face), float(face)))
            if number >= len(moved.faces):
                return None
            directions = [value["direction", m] for m in range(len(moved.moving) - 1)]
            delta = moved.values(number, value["scale", None], directions)
        parameters[moved.name] = tuple((x,) for x in delta)
    if not box.means:
        return Point(None, parameters)
    weights = [value.get(("weight", i), w[0]) for i, w in enumerate(box.weights)]
    if box.rest is not None:
        weights[box.rest] = 1 - sum(
            (w for i, w in enumerate(weights) if i != box.rest), Fraction(0)
        )
        if not box.weights[box.rest][0] <= weights[box.rest] <= box.weights[box.rest][1]:
            return None
        if weights[box.rest] <= 0:
            return None
    if chart.turned:
        rows = _turned_back(box, [value["mean", (i, 0)] for i in (0, 1)], value["offset", None])
    else:
        rows = [
            [value.get(("mean", (i, a)), x[0]) for a, x in enumerate(row)]
            for i, row in enumerate(box.means)
        ]
    return None if rows is None else Point(Mixture(rows, weights), parameters)


def place_of(chart: Chart, point: Point) -> Any:
    """Where a point of the box is in the unit cube, nearly."""
    known: dict[Any, float] = {("parameter", k): float(point[k]) for k in chart.box.parameters}
    if (moved := chart.displaced) is not None:
        known |= moved.place([float(x) for (x,) in point[moved.name]])
    if point.mixture is not None:
        rows = np.array([[float(x) for x in row] for row in point.mix.exact_means])
        if chart.turned:
            apart = rows[0] - rows[1]
            size = float(np.linalg.norm(apart))
            e = apart / size if size > 0 else np.eye(chart.box.d)[0]
            known |= {("mean", (i, 0)): float(rows[i] @ e) for i in (0, 1)}
            known["offset", None] = float(np.linalg.norm(rows[0] - (rows[0] @ e) * e))
        else:
            known |= {("mean", (i, a)): x for (i, a), x in np.ndenumerate(rows)}
        known |= {("weight", i): float(w) for i, w in enumerate(point.mix.exact_weights)}
    return np.array([
        (known[v.kind, v.key] - float(v.low)) / float(v.high - v.low) for v in chart.variables
    ])  # fmt: skip


def _turned_back(box: Box, u: list[Fraction], offset: Fraction) -> list[list[Fraction]] | None:
    """Means with these coordinates, nearly, inside the box: some turns are tried."""
    places = np.array([[float(x), float(offset)] for x in u])
    low, high = np.moveaxis(np.array(box.means, dtype=np.float64), 2, 0)
    angles = np.arange(ANGLES) * (2 * np.pi / ANGLES)
    turns = np.array([[np.cos(angles), np.sin(angles)], [-np.sin(angles), np.cos(angles)]])
    turned = np.einsum("ib,bat->tia", places, turns)
    best, found = np.inf, None
    for pair in permutations(range(box.d), 2):
        rows = np.zeros((ANGLES, 2, box.d))
        rows[:, :, pair] = turned
        far = np.abs(rows - (low + high) / 2).sum(axis=(1, 2))
        far[((rows < low - 1e-9) | (rows > high + 1e-9)).any(axis=(1, 2))] = np.inf
        nearest = np.argmin(far)
        if far[nearest] < best:
            best, found = far[nearest], rows[nearest]
    if found is None:
        return None
    return [
        [min(max(Fraction(float(x)), lo), hi) for x, (lo, hi) in zip(r, w, strict=True)]
        for r, w in zip(found, box.means, strict=True)
    ]


def is_inside(box: Box, point: Point) -> bool:
    """Whether a point is in the box: of as many components and dimensions, each number in its
    interval."""
    known = point.parameters
    if any(not low <= known[k] <= high for k, (low, high) in box.parameters.items()):
        return False
    if point.mixture is None:
        return not box.means
    mix = point.mixture
    if (mix.n, mix.d) != (box.n, box.d):
        return False
    for name, rows in box.displacements.items():
        both = zip(known[name], rows, strict=True)
        if any(
            not low <= x <= high for v, row in both for x, (low, high) in zip(v, row, strict=True)
        ):
            return False
    numbers = [x for row in mix.exact_means for x in row] + list(mix.exact_weights)
    intervals = [x for row in box.means for x in row] + list(box.weights)
    return all(lo <= x <= hi for x, (lo, hi) in zip(numbers, intervals, strict=True))
