"""E[psi_i(x) given |x| <= R], x ~ N(0, I_d), by cells: certified however psi varies, in balls.

psi depends on x through its projection y on the span of the differences, of dimension r <= 2
here; the rest of x is independent of it, its square chi^2 with d - r degrees. With F_m the law
of chi^2_m (F_0 = 1 from 0 on),

    E[psi_i; |x| <= R] = int psi_i(y) phi(y) F_{d-r}(R^2 - |y|^2) dy.

Each cell gives psi_i over the cell (a ball) times the cell's mass, between the Gaussian mass
times F at the far corner and at the near one. The width shrinks with the cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from flint import arb

from gembounds.evaluators.balls.radial import norm_survival
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.papers.xu_fazel_du_2024.arithmetic.domination import Ranges
from gembounds.tools.errors import RankError
from gembounds.values.mixture import Mixture

MAX_RANK = 2


def conditional_posteriors(mix: Mixture, radius: Any, cells: int) -> list[Ranges]:
    """Ends of E[psi_i given |x| <= R] and of E[1 - psi_i given |x| <= R], (n,).

    ``cells`` for each of the r axes; raises :class:`RankError` for r > 2.
    """
    reduction = reduce_exactly(mix)
    r = reduction.rank
    if r > MAX_RANK:
        raise RankError(f"the differences span {r} dimensions: at most {MAX_RANK} for cells")
    weights = [arb(w) for w in reduction.weights]
    u = reduction.coordinates()
    logs = [w.log() - sum((x * x for x in p), arb(0)) / 2 for w, p in zip(weights, u, strict=True)]
    size = range(len(weights))
    gaps = [
        [(logs[j] - logs[k], [a - b for a, b in zip(u[j], u[k], strict=True)]) for j in size]
        for k in size
    ]
    sums = [[arb(0)] * 4 for _ in size]
    for cell, least, most in _cells(radius, r, mix.d, cells):
        for k in size:
            low, high = arb(0), arb(0)
            for j in size:
                if j != k:
                    constant, pull = gaps[k][j]
                    along = sum((p * y for p, y in zip(pull, cell, strict=True)), arb(0))
                    low += arb((constant + along).lower()).exp()
                    high += arb((constant + along).upper()).exp()
            found = Ranges(1 / (1 + high), 1 / (1 + low), 1 / (1 + 1 / low), 1 / (1 + 1 / high))
            masses = (least, most, least, most)
            sums[k] = [s + m * x for s, m, x in zip(sums[k], masses, found, strict=True)]
    whole = 1 - norm_survival(radius * radius, mix.d)
    out = []
    for weight, m in zip(mix.exact_weights, reduction.group, strict=True):
        share = arb(weight.numerator) / weight.denominator / weights[m]
        least, most, other_least, other_most = (x / whole for x in sums[m])
        rest = 1 - share if share < 1 else arb(0)
        out.append(
            Ranges(
                share * least, share * most, other_least + rest * least, other_most + rest * most
            )
        )
    return out


def _cells(radius: Any, r: int, d: int, count: int) -> Iterator[tuple[list[Any], Any, Any]]:
    """The cells of [-R, R]^r that may meet the ball, with bounds of their masses."""
    ends = [radius * (2 * k - count) / count for k in range(count + 1)]
    root = arb(2).sqrt()
    laws = [(end / root).erf() / 2 for end in ends]
    sides = [
        (a.union(b), q - p)
        for a, b, p, q in zip(ends[:-1], ends[1:], laws[:-1], laws[1:], strict=True)
    ]
    for chosen in product(sides, repeat=r):
        cell = [y for y, _ in chosen]
        mass = arb(1)
        for _, m in chosen:
            mass *= m
        low, high = _law(radius, cell, d - r)
        if high != 0:
            yield cell, mass * low, mass * high


def _law(radius: Any, cell: list[Any], degrees: int) -> tuple[Any, Any]:
    """The least and largest value of F_{d-r}(R^2 - |y|^2) over a cell."""
    near = sum((y.abs_lower() ** 2 for y in cell), arb(0))  # 0 for a cell around 0
    far = sum((y.abs_upper() ** 2 for y in cell), arb(0))
    least, most = radius * radius - far, radius * radius - near
    if most < 0:
        return arb(0), arb(0)
    if degrees == 0:
        inside = len(cell) <= 1 or least >= 0  # on a line the cells end at +-R
        return arb(1 if inside else 0), arb(1)
    low = 1 - norm_survival(least, degrees) if least > 0 else arb(0)
    high = 1 - norm_survival(most, degrees) if most > 0 else arb(1)
    return low if low > 0 else arb(0), high
