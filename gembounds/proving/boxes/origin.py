"""Cells that contain means 0, where both sides of a statement vanish to second order.

Let G vanish with its gradient where all means do, for all weights and parameters. On a cell that
contains that place, G at means mu is mu A mu / 2, A the second derivatives at some point between:
G >= 0 if mu A mu >= 0 for all A in their range over the cell. Shown is that A is positive definite
once what is >= 0 is taken away:

- mu_p mu_q where the cell has only one sign of each;
- |mu_i|^2 - |mu_k|^2 in the branch where mu_max is |mu_i|, some shares of A_ii times.

What finite sums miss of G is at most ``err`` on the cell; at means mu at most |mu|^2/M^2 times
that, M the largest |mu_i| there, offsets left out of both (see
:class:`gembounds.evaluators.boxes.quantities.Form`; errors are carried along by sums and products
of errors, which shrink at least as fast)."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from gembounds.proving.boxes.chart import CellBatch
from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.ranges import Range

SHARES = 8
"""A_ii is shared out in so many parts."""

ENOUGH = 2.0**-30
"""Of the largest entry, what a pivot is at least: a checker rounds otherwise (a choice)."""


def _places(batch: CellBatch) -> list[int]:
    """The variables that are 0 where all means are."""
    return [k for k, v in enumerate(batch.chart.variables) if v.kind in ("mean", "offset")]


def near(batch: CellBatch) -> Any:
    """Which cells contain means 0, (B,)."""
    places = _places(batch)
    return np.all((batch.lo[places] <= 0) & (batch.hi[places] >= 0), axis=0)


def shown(jet: Jet, largest: Any, batch: CellBatch, wanted: Any) -> Any:
    """Where a jet that vanishes to second order at means 0 is >= 0 on the cell, (B,);
    ``largest``: the component of the largest norm in this branch, on each cell, or None."""
    if largest is None:
        return _shown(jet, None, batch, wanted)
    found = [_shown(jet, int(k), batch, wanted & (largest == k)) for k in np.unique(largest)]
    return np.any(found, axis=0)


def _shown(jet: Jet, largest: int | None, batch: CellBatch, wanted: Any) -> Any:
    variables, places = batch.chart.variables, _places(batch)
    out = np.zeros(batch.size, dtype=bool)
    cells = np.nonzero(near(batch) & wanted)[0]
    if not places or not len(cells):
        return out
    owners = [variables[p].key[0] if variables[p].kind == "mean" else None for p in places]
    if largest is not None and largest not in owners:  # a mean that is 0: all are in this branch
        out[cells] = True
        return out
    lo, hi = batch.lo[places][:, cells], batch.hi[places][:, cells]
    own = [a for a, i in enumerate(owners) if i is not None]  # the sums know of no offset
    squares = np.max(np.maximum(lo * lo, hi * hi)[own], axis=0) * (1 - 2.0**-50)
    err = np.broadcast_to(np.asarray(jet.err), batch.size)[cells]
    missed = 2 * (Range(err, err) * Range(squares, squares).inverse())
    matrix: dict[tuple[int, int], Range] = {}
    for a, p in enumerate(places):
        for b, q in enumerate(places[a:], a):
            part = (jet.bend or {}).get((p, q))
            found = Range.of(0) if part is None else part
            ends = (np.broadcast_to(x, batch.size)[cells] for x in (found.lo, found.hi))
            matrix[a, b] = Range(*ends)
        matrix[a, a] = matrix[a, a] - missed
    signs = np.where(lo >= 0, 1, np.where(hi <= 0, -1, 0))
    enough = np.zeros(len(cells), dtype=bool)
    for shares in _shares(largest, owners):
        enough |= _definite(_without(matrix, shares, owners, largest), signs)
    out[cells] = enough
    return out


def _shares(largest: int | None, owners: list[Any]) -> list[dict[Any, int]]:
    """Which shares of A_ii to take for each other component."""
    others = sorted({k for k in owners if k is not None and k != largest})
    if largest is None:
        return [{}]
    every = product(range(SHARES), repeat=len(others))
    return [dict(zip(others, s, strict=True)) for s in every if sum(s) < SHARES]


def _without(
    matrix: dict[tuple[int, int], Range], shares: dict[Any, int], owners: list[Any],
    largest: int | None,
) -> dict[tuple[int, int], Range]:  # fmt: skip
    """The matrix less the shares of |mu_i|^2 - |mu_k|^2."""
    out = dict(matrix)
    if not shares:
        return out
    own = [a for a, i in enumerate(owners) if i == largest]
    unit = np.max([matrix[a, a].lo for a in own], axis=0) / SHARES
    for a, i in enumerate(owners):
        part = -sum(shares.values()) if i == largest else shares.get(i, 0)
        out[a, a] = out[a, a] + part * Range(unit, unit)
    return out


def _definite(matrix: dict[tuple[int, int], Range], signs: Any) -> Any:
    """Whether all symmetric matrices in these ranges have positive pivots, entries dropped whose
    products with mu_p mu_q are >= 0."""
    count = len(signs)
    m = dict(matrix)
    scale = np.max([np.abs(m[a, a].hi) for a in range(count)], axis=0)
    for (a, b), x in matrix.items():
        if a != b:
            sign = signs[a] * signs[b]
            lo = np.where(sign > 0, np.minimum(x.lo, 0.0), x.lo)
            hi = np.where(sign < 0, np.maximum(x.hi, 0.0), x.hi)
            m[a, b] = Range(
                np.where(sign < 0, np.maximum(lo, 0.0), lo),
                np.where(sign > 0, np.minimum(hi, 0.0), hi),
            )
    enough = np.ones(len(scale), dtype=bool)
    for a in range(count):
        pivot = m[a, a]
        enough &= pivot.lo > ENOUGH * scale
        for b in range(a + 1, count):
            share = m[a, b] * pivot.inverse()
            for c in range(b, count):
                m[b, c] = m[b, c] - (share.square() * pivot if b == c else share * m[a, c])
    return enough
