"""Named inequalities that show a claim on cells where both sides vanish together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.points.point import Point
from gembounds.proving.boxes.margins import Linear
from gembounds.proving.boxes.operations import CellOperations
from gembounds.proving.boxes.ranges import Range
from gembounds.statements.evaluate import Undefined, entries, evaluate


def by_sobolev(
    ops: CellOperations, linear: Linear | None, constants: Mapping[str, Fraction], strict: bool
) -> Any:
    """Where the logarithmic Sobolev inequality proves it: L <= E|psi~|^2 / (2 (1 - D^2/4)), D
    < 2.

    Hess -log p_mu = I - Cov_psi >= 1 - D^2/4 (Popoviciu), so p_mu satisfies it with that
    constant (D. Bakry and M. Emery, 1985), and E|psi~|^2 is the Fisher information of N(0, I)
    relative to p_mu. Used where the margin is a L + b E|psi~|^2 + c with a <= 0: it is at
    least (b + a/(2 (1 - D^2/4))) E|psi~|^2 + c."""
    size = ops.batch.size
    none = np.zeros(size, dtype=bool)
    if linear is None or "L" not in linear or ops.chart.box.n < 2:
        return none
    widest = np.zeros(size)
    for row in ops.gaps():
        for gap in row:
            widest = np.maximum(widest, ops.ball(gap).all.hi)
    room = 1 - Range(widest, widest) * Fraction(1, 4)
    factor = (2 * room).inverse()
    out = np.broadcast_to(room.lo > 0, size).copy()
    if not np.any(out):
        return none
    for one in ops.passes():
        parts = {}
        try:
            for name in ("L", "mean_square", ""):
                e = linear.get(name)
                got = [Fraction(0)] if e is None else entries(evaluate(e, ops, Point(), constants))
                if len(got) != 1:
                    return none
                parts[name] = ops.ball(got[0]).all
        except Undefined:
            return none
        a, b, c = parts["L"], parts["mean_square"], parts[""]
        enough = (b + Range(a.lo, a.lo) * factor).lo
        holds = (a.hi <= 0) & (enough >= 0) & (c.lo >= 0)
        if strict:
            holds &= c.lo > 0
        out &= (np.broadcast_to(holds, size) & ~one.undefined) | one.impossible
    return out
