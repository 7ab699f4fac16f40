"""The r-dimensional space that psi depends on, found here on its own with rational arithmetic.

With V = span{mu_i - mu_1} and an orthogonal basis b_1..b_r of V (Gram-Schmidt over the
rationals, longest remaining difference first, so the rank is exact),

    mu_i = c + sum_j T_ij b_j,    c orthogonal to V,

and the coordinates of mu_i in the rotated frame are T_ij |b_j|, then |c|, then zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from mpmath import mp

from gembounds.evaluators.reference.precision import ObjectArray, objects, to_mpf
from gembounds.tools.errors import InputError, RankError
from gembounds.values.mixture import Mixture

MAX_NORM = 10**6
"""Largest norm of a mean inside V: panels are placed in float64, and they number log(norm)."""

Row = list[Fraction]


@dataclass(frozen=True)
class Plane:
    """Exact coordinates of a mixture's means in the frame of the module docstring.

    ``coefficients`` T (n, r); ``lengths`` |b_j|^2 (r,); ``basis`` (r, m) and ``centre`` (m,),
    the entries of b_j and c in the m distinct columns of the means; ``columns`` (d,), which
    distinct column stands in each; ``centre2`` is |c|^2.
    """

    coefficients: tuple[Row, ...]
    lengths: Row
    basis: tuple[Row, ...]
    centre: Row
    centre2: Fraction
    columns: npt.NDArray[np.intp]

    @property
    def rank(self) -> int:
        return len(self.lengths)

    def coordinates(self) -> ObjectArray:
        """(n, 2) at the working precision; columns beyond the rank are zero."""
        scale = [mp.sqrt(to_mpf(x)) for x in self.lengths]
        out = np.full((len(self.coefficients), 2), mp.zero, dtype=object)
        for i, row in enumerate(self.coefficients):
            for j, t in enumerate(row):
                out[i, j] = to_mpf(t) * scale[j]
        return out

    def lift(self, inside: ObjectArray, along: Iterable[Any]) -> ObjectArray:
        """(n, d): row i is ``sum_j inside[i, j] b_j / |b_j| + along[i] c``."""
        rows = []
        scale = [mp.sqrt(to_mpf(x)) for x in self.lengths]
        basis = [[to_mpf(x) for x in row] for row in self.basis]
        centre = [to_mpf(x) for x in self.centre]
        for i, share in enumerate(along):
            row = [share * x for x in centre]
            for j, vector in enumerate(basis):
                row = [v + inside[i, j] * x / scale[j] for v, x in zip(row, vector, strict=True)]
            rows.append(row)
        return objects(rows)[:, self.columns]


def plane_of(mixture: Mixture, max_rank: int = 2) -> Plane:
    """The :class:`Plane` of ``mixture``.

    Raises :class:`RankError` if its rank is above ``max_rank`` (0, 1 or 2), and
    :class:`InputError` if a mean's part in V is longer than ``MAX_NORM``.
    """
    distinct, columns, counts = _distinct_columns(mixture)
    first = [column[0] for column in distinct]
    left = [[column[i] - column[0] for column in distinct] for i in range(1, mixture.n)]
    basis: list[Row] = []
    lengths: Row = []
    coefficients: list[Row] = [[] for _ in range(mixture.n)]
    offset: Row = []
    while True:
        norms = [_dot(row, row, counts) for row in left]
        longest = max(norms, default=Fraction(0))
        if longest == 0:
            break
        if len(basis) == max_rank:
            raise RankError(
                f"the means span more than {max_rank} dimensions of differences: the mpmath "
                f'reference integrates over at most {max_rank}; use evaluator="arb"'
            )
        pivot = left[norms.index(longest)]
        share = [_dot(row, pivot, counts) / longest for row in left]
        offset.append(_dot(first, pivot, counts) / longest)
        first = _minus(first, offset[-1], pivot)
        left = [_minus(row, s, pivot) for row, s in zip(left, share, strict=True)]
        for row, s in zip(coefficients, [Fraction(0), *share], strict=True):
            row.append(offset[-1] + s)
        basis.append(pivot)
        lengths.append(longest)
    for i, row in enumerate(coefficients):
        if _dot(row, row, lengths) > MAX_NORM**2:
            raise InputError(
                f"means[{i}] reaches further than {MAX_NORM} along the differences of the means: "
                'bring the means closer to 0 or use evaluator="arb"'
            )
    centre2 = _dot(first, first, counts)
    return Plane(tuple(coefficients), lengths, tuple(basis), first, centre2, columns)


def _dot(a: Row, b: Row, counts: Sequence[int | Fraction]) -> Fraction:
    return sum((x * y * k for x, y, k in zip(a, b, counts, strict=True) if x and y), Fraction(0))


def _minus(row: Row, factor: Fraction, other: Row) -> Row:
    return [x - factor * y for x, y in zip(row, other, strict=True)] if factor else row


def _distinct_columns(
    mixture: Mixture,
) -> tuple[list[tuple[Fraction, ...]], npt.NDArray[np.intp], list[int]]:
    """The distinct columns of the means, which one stands where, and how often each occurs."""
    if mixture.means_error == 0:  # the float64 columns are the exact ones
        unique, where, counts = np.unique(
            mixture.means, axis=1, return_inverse=True, return_counts=True
        )
        exact = [tuple(map(Fraction, column)) for column in unique.T.tolist()]
        return exact, np.ravel(where), counts.tolist()
    index: dict[tuple[Fraction, ...], int] = {}
    places = [
        index.setdefault(column, len(index)) for column in zip(*mixture.exact_means, strict=True)
    ]
    return list(index), np.array(places, dtype=np.intp), np.bincount(places).tolist()
