"""Sides that a claim's own code does not evaluate through its operations, written anew.

Everything here is for claims that were refuted by enclosures made elsewhere (differences of L,
cells, odd parts): the same quantity again, by another way, in intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gembounds.papers.xu_fazel_du_2024.arithmetic.cells import Line, expected_change, mean_within
from gembounds.points.point import Point
from gembounds.referee.verify.interval import Interval, rational
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.referee.verify.sums import Growth, OutOfReach, expectations
from gembounds.values.mixture import Mixture


def derivative_of_loss(ops: IntervalOperations, point: Point) -> Any:
    """d/dt L(.., mu_i + t v, ..) at 0 by a forward difference with step h.

    Along the line l(t) = <x, mu_i + t v> - |mu_i + t v|^2/2 + log pi_i alone moves: (log S)'' =
    p (1-p) l'^2 + p l'' with p = psi_i, l'' = -|v|^2 and l' normal with variance |v|^2 and a mean
    of at most m = |<mu_i, v>| + h |v|^2. So |L''| <= (|v|^2 + m^2)/4 + |v|^2 up to t = h, and the
    difference errs by at most h/2 times that.
    """
    from gembounds.papers.xu_fazel_du_2024.vocabulary import direction

    mix, i, v = point.mix, point["i"], direction(ops, point)
    columns = ops.columns(mix)
    square = sum((m * a * a for a, (_, m) in zip(v, columns, strict=True)), Fraction(0))
    if square == 0:
        return Fraction(0)
    inner = sum((m * a * e[i] for a, (e, m) in zip(v, columns, strict=True)), Fraction(0))
    h = Fraction(1, 2 ** (ops.bits // 2))
    second = (square + (abs(inner) + h * square) ** 2) / 4 + square
    moved = [list(e) for e, _ in columns]
    for entries, a in zip(moved, v, strict=True):
        entries[i] += h * a
    ahead = _built(moved, [m for _, m in columns], mix.exact_weights)
    return _difference(ops.loss(ahead), ops.loss(mix), h, second)


def derivative_along_means(ops: IntervalOperations, point: Point) -> Any:
    """d/dt L((1 + t) mu) at 0 by a forward difference with step h <= 1.

    l_k' = <x, mu_k> - (1+t) |mu_k|^2, l_k'' = -|mu_k|^2, and (log S)'' is the variance of l'
    under psi plus the mean of l'', so E|(log S)''| <= sum_k E l_k'^2 + mu_max^2, E l_k'^2 =
    |mu_k|^2 + (1+t)^2 |mu_k|^4.
    """
    mix = point.mix
    columns = ops.columns(mix)
    h = Fraction(1, 2 ** (ops.bits // 2))
    second = ops.mu_max2(mix) + sum((s + 4 * s * s for s in ops.norms2(mix)), Fraction(0))
    stretched = [[(1 + h) * x for x in e] for e, _ in columns]
    ahead = _built(stretched, [m for _, m in columns], mix.exact_weights)
    if ops.coincident(mix):
        return ops.mu_max2(mix)
    return _difference(ops.loss(ahead), ops.loss(mix), h, second)


def _difference(ahead: Any, here: Any, h: Fraction, second: Fraction) -> Interval:
    error = Interval.of(second * h / 2)
    return (Interval.of(ahead) - Interval.of(here)) / h + error.union(-error)


def _built(columns: Any, repeats: Sequence[int], weights: Sequence[Fraction]) -> Mixture:
    whole = [c for c, m in zip(columns, repeats, strict=True) for _ in range(m)]
    return Mixture(list(zip(*whole, strict=True)), weights)


def odd_part_on_a_line(ops: IntervalOperations, point: Point) -> Any:
    """The mean in (6) in one dimension: the inner integral is psi~(x) - psi~(-x) up to its
    sign; in a strip psi~ is at most sqrt(2) mu_max, that difference's square 8 mu_max^2."""
    mix = point.mix
    if ops.coincident(mix):
        return Fraction(0)
    if mix.d != 1:
        raise OutOfReach(f"d is {mix.d}: (6) is verified in one dimension")
    means = [row[0] for row in mix.exact_means]
    mirrored = Mixture([[-x] for x in means], mix.exact_weights)
    top = ops.mu_max2(mix)
    values = [rational(x) for x in means]

    def square(psi: list[list[Any]], sums: list[Any], y: list[Any]) -> list[Any]:
        # psi~(-x) is the mean of mu_k under the posteriors of the mirrored mixture at x
        terms = [(p - q) * m for p, q, m in zip(*psi, values, strict=True)]
        total = sum(terms[1:], terms[0])
        return [total * total]

    growth = Growth(4 * top, Fraction(0), 8 * top, Fraction(0))
    (found,) = expectations(ops.placed(mix, mirrored), square, [growth], ops.bits)
    return Interval(found)


def conditional_mean_less_near(ops: IntervalOperations, point: Point) -> Any:
    """The non-negative part of E[sum_k psi_k |mu_k| given |x| <= 2 sqrt(d)] less |mu_3| + ..."""
    mix = point.mix
    lengths = [ops.sqrt(x) for x in ops.norms2(mix)]
    if ops.coincident(mix):
        found = [Interval.of(w) for w in mix.exact_weights]
    elif mix.d == 1:
        means = [row[0] for row in mix.exact_means]
        line = Line([rational(x) for x in means], [x * x for x in means], mix.exact_weights)
        found = [Interval(v) for v in mean_within(line, Fraction(2), ops.bits)]
    else:
        raise OutOfReach(f"d is {mix.d}: (39b) is verified in one dimension")
    total = Interval.of(0)
    for k, (p, r) in enumerate(zip(found, lengths, strict=True)):
        total = total + (p * r if k < 2 else p * r - r)
    return total.nonnegative_part()


def product_changes(ops: IntervalOperations, point: Point) -> Any:
    """E|psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu)|, (n, n)."""
    mix, n = point.mix, range(point.mix.n)
    if not any(x for row in point["delta"] for x in row):
        return [[Fraction(0) for _ in n] for _ in n]
    placed = ops.placed(mix, ops.moved(point, "delta").mix)
    if placed.space.rank > 1:
        raise OutOfReach(f"rank {placed.space.rank}: (17b) is verified on a line")
    places = [row[0] if row else rational(0) for row in placed.space.coordinates]
    before = Line(places[: mix.n], placed.squares[: mix.n], mix.exact_weights)
    after = Line(places[mix.n :], placed.squares[mix.n :], mix.exact_weights)
    found = expected_change(before, after, ops.bits)
    return [[Interval(found[max(i, k), min(i, k)]) for k in n] for i in n]
