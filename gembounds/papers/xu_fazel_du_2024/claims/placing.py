"""Putting means where a hypothesis wants them: mixtures changed exactly, for generators."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gembounds.points.point import repeated
from gembounds.values.columns import distinct_columns, gram, runs
from gembounds.values.mixture import Mixture

Rows = list[list[Fraction]]


def with_multiple(mix: Mixture, k: int, of: int, factor: Fraction) -> Mixture:
    """The mixture with mu_k replaced by ``factor`` mu_of."""
    blocks = runs(mix)
    columns = [[*e[:k], factor * e[of], *e[k + 1 :]] for e, _ in blocks]
    return repeated(columns, [length for _, length in blocks], mix.exact_weights)


def longest(mix: Mixture) -> list[int]:
    """All i with |mu_i| = mu_max: a tie leaves the choice of i_max open."""
    g = gram(distinct_columns(mix))
    top = max(g[i][i] for i in range(mix.n))
    return [i for i in range(mix.n) if g[i][i] == top]


def near(base: Sequence[Fraction], moves: Rows) -> Rows:
    """Rows within half of |base| of it and not longer, one for each of ``moves``, after it.

    A move is halved until it is shorter than |base|/2, turned round if it leads to a longer
    row, and if that is longer too a quarter of the base is taken off instead.
    """
    square = _square(base)
    rows = [list(base)]
    for move in moves:
        step = list(move)
        while 4 * _square(step) >= square:
            step = [x / 2 for x in step]
        options = (
            [b + x for b, x in zip(base, step, strict=True)],
            [b - x for b, x in zip(base, step, strict=True)],
            [b * Fraction(3, 4) for b in base],
        )
        rows.append(next(row for row in options if _square(row) <= square))
    return rows


def _square(row: Sequence[Fraction]) -> Fraction:
    return sum((x * x for x in row), Fraction(0))
