"""L, grad L, E|psi~|^2, the overlaps and their kin as balls, to a number of bits.

Each function returns ``(balls, rule)``. The balls contain the exact values for the exact
mixture; whether they reach the bits asked for depends on ``max_nodes`` and is seen in their
radii. Accuracy is raised until it suffices (at most ``TRIES`` grids), as cancellation requires.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.balls.expectations import Expectations, expectations
from gembounds.evaluators.balls.near import near_components
from gembounds.evaluators.reduction.exact import (
    ExactReduction,
    exact_rank,
    gram_matrix,
    integer_columns,
    reduce_exactly,
)
from gembounds.tools.errors import RankError
from gembounds.values.enclosure import Rule
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision

Balls = list[Any]

MAX_RANK = 16
"""Beyond it exact coordinates take minutes, and no grid says anything unless the means nearly
coincide (a choice)."""

TRIES = 3
"""Grids tried for one quantity (a choice): each adds the bits that the last one lacked."""

SHALLOW = 4.0
"""Smallest overlaps above exp of minus this are no reason for another grid (a choice)."""

OUTPUT_BITS = 32
"""Bits beyond those asked for in sums over components: they cost nothing."""


FAR_BITS = 8
"""Bits beyond those asked for to which far components may be left out of L: what is left out then
has no part in the width (a choice)."""


def check_rank(mix: Mixture) -> None:
    """Raises :class:`RankError` beyond ``MAX_RANK``."""
    if min(mix.n - 1, mix.d) > MAX_RANK and (rank := exact_rank(mix)) > MAX_RANK:
        raise RankError(
            f"the means span {rank} dimensions after reduction: grids of balls go up to "
            f'{MAX_RANK}; use evaluator="qmc"'
        )


def _reduced(mix: Mixture) -> ExactReduction:
    """The exact reduction, where ``MAX_RANK`` allows it."""
    check_rank(mix)
    return reduce_exactly(mix)


def overlaps(mix: Mixture, bits: int, precision: int, max_nodes: int) -> tuple[list[Balls], Rule]:
    """E[psi_i psi_k], (n, n); each entry to ``bits`` relative bits."""
    reduction = _reduced(mix)

    def make(found: Expectations) -> list[Balls]:
        return spread_overlaps(mix, reduction, found)

    return _raised(mix, "overlaps", make, worst, bits, precision, max_nodes)


def loss(mix: Mixture, bits: int, precision: int, max_nodes: int) -> tuple[Any, Rule]:
    """L = sum_i pi_i |mu_i|^2 / 2 - E log sum_i pi_i exp(t_i), to ``bits`` relative bits."""
    near = near_components(mix, bits + FAR_BITS)
    if near is not None:
        inner, rule = loss(near.mix, bits, precision, max_nodes)
        with working_precision(max(precision, bits) + OUTPUT_BITS):
            return inner + near.surprise() - arb(0).union(near.left_out), rule
    half_square = mean_square(mix) / 2

    def make(found: Expectations) -> Any:
        return not_negative(arb(half_square) - found.excess)

    return _raised(mix, "loss", make, worst, bits, precision, max_nodes)


def gradient(mix: Mixture, bits: int, precision: int, max_nodes: int) -> tuple[list[Balls], Rule]:
    """sum_k E[psi_i psi_k] mu_k, (n, d); each row to ``bits`` bits of its largest entry."""
    reduction = _reduced(mix)
    columns = integer_columns(mix)

    def make(found: Expectations) -> list[Balls]:
        p = spread_overlaps(mix, reduction, found)
        scale = fmpq(1, columns.denominator)
        rows = [
            [_dot(row, [arb(x) for x in column]) * scale for column in columns.distinct]
            for row in p
        ]
        return [[row[k] for k in columns.place] for row in rows]

    return _raised(mix, "overlaps", make, worst_row, bits, precision, max_nodes)


def psi_tilde_norm2(mix: Mixture, bits: int, precision: int, max_nodes: int) -> tuple[Any, Rule]:
    """E|psi~|^2 = sum_ik E[psi_i psi_k] <mu_i, mu_k>, to ``bits`` relative bits."""
    reduction = _reduced(mix)

    def make(found: Expectations) -> Any:
        p = spread_overlaps(mix, reduction, found)
        n = mix.n
        terms = (p[i][k] * arb(reduction.gram[i, k]) for i in range(n) for k in range(n))
        return not_negative(sum(terms, arb(0)))

    return _raised(mix, "overlaps", make, worst, bits, precision, max_nodes, one_sum=True)


def gradient_of_q(
    mix: Mixture, bits: int, precision: int, max_nodes: int
) -> tuple[list[Balls], Rule]:
    """E[psi_i (mu_i - x)] from the first moments E[psi_i x] themselves, (n, d).

    Shares with :func:`gradient` the grid but no formula: E[psi_i x] = sum_j E[psi_i y_j] q_j,
    the part of x orthogonal to the axes being independent of psi with mean zero.
    """
    reduction = _reduced(mix)
    columns = integer_columns(mix)

    def make(found: Expectations) -> list[Balls]:
        assert found.first is not None and found.moment is not None
        share = shares(mix, reduction)
        out = []
        axes = [_axis_columns(reduction, columns.distinct, j) for j in range(reduction.rank)]
        for i, m in enumerate(reduction.group):
            moments = found.moment[m]
            row = []
            for k, column in enumerate(columns.distinct):
                along = _dot(moments, [axis[k] for axis in axes])
                row.append((found.first[m] * column[i] - along) * share[i])
            scale = fmpq(1, columns.denominator)
            out.append([row[k] * scale for k in columns.place])
        return out

    found, rule = _raised(mix, "moments", make, worst_row, bits, precision, max_nodes)
    deep = _grid(mix, "moments", bits, precision, max_nodes)
    if not deep.cut or deep.depth <= SHALLOW or worst_row(found) <= -bits:
        return found, rule
    shallow = _grid(mix, "moments", bits, precision, max_nodes, deep=False)
    with working_precision(max(precision, bits) + OUTPUT_BITS):  # sharper in the heavy rows
        rows = zip(found, make(shallow), strict=True)
        return [[a.intersection(b) for a, b in zip(*pair, strict=True)] for pair in rows], rule


def mean_square(mix: Mixture) -> fmpq:
    """sum_i pi_i |mu_i|^2, exactly."""
    gram = gram_matrix(mix)
    weights = [fmpq(w.numerator, w.denominator) for w in mix.exact_weights]
    return sum((w * gram[i, i] for i, w in enumerate(weights)), fmpq(0))


def _raised(
    mix: Mixture,
    wanted: str,
    make: Callable[[Expectations], Any],
    lack: Callable[[Any], float],
    bits: int,
    precision: int,
    max_nodes: int,
    one_sum: bool = False,
) -> tuple[Any, Rule]:
    """Evaluate with more bits until none lack, the budget is spent, or tries run out. Where the
    value is ``one_sum`` and the budget too small, also without care for the tiniest overlaps."""
    level, best, least = bits, None, float("inf")
    reduction = _reduced(mix)
    deep = True
    for _ in range(TRIES):
        found = _grid(mix, wanted, level, precision, max_nodes, deep)
        with working_precision(max(precision, level) + OUTPUT_BITS):
            value = make(found)
            missing = bits + lack(value)
        if best is None or missing < least:
            best, least = (value, found.rule), missing
        else:
            break
        if one_sum and found.cut and missing > 0 and found.depth > SHALLOW:
            deep = False
            continue
        if missing <= 0 or reduction.rank == 0 or found.cut:
            break
        level += int(min(missing, 2.0 * bits + 128.0)) + 4
    assert best is not None
    return best


def _grid(
    mix: Mixture, wanted: str, bits: int, precision: int, max_nodes: int, deep: bool = True
) -> Expectations:
    """The expectations from one grid, kept with the mixture."""
    grid = partial(
        expectations, _reduced(mix), frozenset([wanted]), bits, precision, max_nodes, deep
    )
    return mix.kept(f"balls: {wanted} {bits} {precision} {max_nodes} {deep}", grid)


def worst(value: Any) -> float:
    """log2 of the largest radius relative to its ball's size."""
    if isinstance(value, list):
        return max(worst(x) for x in value)
    return _log2_ratio(value.rad(), abs(value).upper())


def worst_row(rows: list[Balls]) -> float:
    """log2 of the largest radius relative to the largest entry of its row."""
    return max(
        _log2_ratio(_largest([x.rad() for x in row]), _largest([abs(x).upper() for x in row]))
        for row in rows
    )


def _largest(values: Balls) -> Any:
    top = values[0]
    for x in values:
        top = x if x > top else top
    return top


def _log2_ratio(radius: Any, size: Any) -> float:
    if radius == 0:
        return float("-inf")
    if not (size > 0 and radius.is_finite()):
        return float("inf")
    return float((radius / size).log().mid()) * 1.4426950408889634


def spread_overlaps(mix: Mixture, reduction: ExactReduction, found: Expectations) -> list[Balls]:
    """Overlaps of the given components from those of the merged ones: P scales by shares."""
    assert found.overlap is not None
    share = shares(mix, reduction)
    return [
        [found.overlap[a][b] * share[i] * share[k] for k, b in enumerate(reduction.group)]
        for i, a in enumerate(reduction.group)
    ]


def shares(mix: Mixture, reduction: ExactReduction) -> list[fmpq]:
    return [
        fmpq(w.numerator, w.denominator) / reduction.weights[m]
        for w, m in zip(mix.exact_weights, reduction.group, strict=True)
    ]


def _axis_columns(
    reduction: ExactReduction, distinct: list[tuple[int, ...]], axis: int
) -> list[Any]:
    """The axis q_j at the distinct columns, times the columns' denominator."""
    first = reduction.representatives[0]
    root = arb(reduction.squares[axis]).sqrt()
    e = list(zip(reduction.directions[axis], reduction.representatives, strict=True))
    return [
        arb(sum((c * (column[i] - column[first]) for c, i in e), fmpq(0))) / root
        for column in distinct
    ]


def not_negative(ball: Any) -> Any:
    """The part of a ball at or above zero: L and E|psi~|^2 are not negative."""
    if ball >= 0 or not ball.is_finite():
        return ball
    return arb(0).union(arb(ball.upper()))


def _dot(a: Balls, b: Balls) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), arb(0))
