"""The steps of the proof of Theorem 13 that put its bound together: (17) to (19).

Under |delta_i| <= 1/max(6d, 2 |mu_i|) for all i, for every i and k, with g_ik(x) =
psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu) and F_i = E[exp(2 |delta_i| (|x| + |mu_i|)) - 1]:

    (17a)  the left side of (7) <= sum_k |delta_k| + sum_k E|g_ik| |mu_k|,
    (17b)  E|g_ik| <= F_i,
    (18a)  F_i <= exp(2 |delta_i| |mu_i|) (1 + 10 sqrt(d) |delta_i|) - 1,
    (18b)      <= 4 |delta_i| |mu_i| + 10 sqrt(d) |delta_i| exp(1)
               <= (30 sqrt(d) + 4 |mu_i|) |delta_i|,
    (18c)  exp(1 + x) <= 1 + 2x for all x in [0, 1],
    (19)   sum_k |delta_k| + sum_k (30 sqrt(d) + 4 |mu_i|) |delta_i| |mu_k| <= right side of (7).

E|g_ik| is enclosed in :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.moved`; (17a) is evaluated less sum_k |delta_k|.
F_i is Kummer's form of the chi law's moment generating function. (19) is divided by its right
side, so that equality (norms all equal, or nothing moves) is exact; where that side is 0, so is
the left, and 1 stands for both.

(17b) fails with (15) and (16): component i may stay while others move. Repaired: D = max_k
|delta_k| for |delta_i| and mu_max for |mu_i|. Proof: with B as in the proof of the sharpened
Theorem 13, |d/ds psi_i psi_k| <= (16/27) B, so E|g_ik| <= (16/27) D (E|x| + mu_max + D/2), and
D/2 <= 1/12 < E|x|, so that is at most 2 D (E|x| + mu_max), at most the right side by
exp(y) - 1 >= y. (18b) cannot follow, as D mu_max may pass 1/2; the repaired Theorem 13 does not
need it. (18c) is a slip for exp(x) <= 1 + 2x, its repaired form, which (18b) uses: exp is convex,
and it holds at 0 and at 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.theorem_13 import (
    PRINTED,
    direct_change,
    largest_shift,
    moved,
    moves_little,
    shifts,
    shifts2,
)
from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations


CELLS, MOST_CELLS, MOST_PIECES = 200, 800, 4
"""Cells at 64 bits, in proportion to the bits, up to a limit; pieces of [0, 1] (a choice)."""


def moved_mixtures_in_any_dimension() -> SearchStrategy[Point]:
    """For sides that need no integral over psi: d up to 1000."""
    from gembounds.points.strategies_moved import moved_mixtures_in_any_dimension as drawn

    return drawn()


def few_moved_mixtures() -> SearchStrategy[Point]:
    """For E|g_ik|, n^2 integrals by cells: n up to 5, means on lines and in planes."""
    from gembounds.points.strategies_moved import moved_mixtures as drawn

    return drawn(max_n=5, max_rank=2)


@conditions
def unit_interval(ops: Operations, point: Point) -> Iterator[Part]:
    """0 <= x <= 1."""
    yield part("x >= 0", point["x"], ">=", 0)
    yield part("x <= 1", point["x"], "<=", 1)


def numbers_in_unit_interval() -> SearchStrategy[Point]:
    """0, 1 and between."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    return (st.just(Fraction(0)) | positive()).map(lambda x: Point(parameters={"x": x}))


def norms(ops: Operations, point: Point) -> list[Any]:
    """|mu_i|: exactly 0 where it is."""
    return [ops.sqrt(x) if x else Fraction(0) for x in ops.norms2(point.mix)]


def changes(ops: Operations, point: Point) -> list[list[tuple[Any, Any]]]:
    """The ends of E|g_ik|, (n, n)."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.moved import expected_changes

    before, after = ops.overlaps(point.mix), ops.overlaps(moved(point))
    coarse = ops.rung.evaluator == "float64"
    cells = 0 if coarse else min(CELLS * ops.rung.bits // 64, MOST_CELLS)
    pieces = min(ops.rung.bits // 16, MOST_PIECES)
    return expected_changes(point.mix, point["delta"], before, after, cells, pieces)


def product_changes(ops: Operations, point: Point, constants: Constants) -> list[list[Any]]:
    """E|g_ik|, (n, n)."""
    if not any(shifts2(point)):
        return [[Fraction(0)] * point.mix.n for _ in range(point.mix.n)]
    return [[low.union(high) for low, high in row] for row in changes(ops, point)]


def change_less_shifts(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """The left side of (7) less sum_k |delta_k|."""
    total = sum(map(ops.ball, shifts(ops, point)), ops.ball(0))
    if not any(shifts2(point)):
        return [Fraction(0)] * point.mix.n
    return [x - total for x in direct_change(ops, point)]


def sum_of_changes(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """sum_k E|g_ik| |mu_k|."""
    if not any(shifts2(point)):
        return [Fraction(0)] * point.mix.n
    sizes = [ops.ball(m) for m in norms(ops, point)]
    out = []
    for row in changes(ops, point):
        low = sum((a * m for (a, _), m in zip(row, sizes, strict=True)), ops.ball(0))
        high = sum((b * m for (_, b), m in zip(row, sizes, strict=True)), ops.ball(0))
        out.append(low.union(high) if low > 0 else ops.ball(0).union(high).nonnegative_part())
    return out


def moment(ops: Operations, point: Point, shift: Any, size: Any, factor: Fraction) -> Any:
    """E[exp(f |delta| (|x| + |mu|)) - 1]; exactly 0 for delta = 0."""
    if isinstance(shift, Fraction):
        return shift
    rate = ops.ball(factor) * shift
    return ops.exp(rate * ops.ball(size)) * ops.exp_norm(rate, point.mix.d) - 1


def moments(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """F_i."""
    pairs = zip(shifts(ops, point), norms(ops, point), strict=True)
    return [moment(ops, point, s, m, constants["factor"]) for s, m in pairs]


def moments_by_row(ops: Operations, point: Point, constants: Constants) -> list[list[Any]]:
    """F_i for every i and k."""
    return [[f] * point.mix.n for f in moments(ops, point, constants)]


def largest_moment(ops: Operations, point: Point, constants: Constants) -> Any:
    top = ops.mu_max(point.mix)
    return moment(ops, point, largest_shift(ops, point), top, constants["factor"])


def moments_printed(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    return moments(ops, point, {"factor": Fraction(2)})


def closed_bound(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """exp(2 |delta_i| |mu_i|) (1 + 10 sqrt(d) |delta_i|) - 1."""
    root = ops.sqrt(point.mix.d)
    out = []
    for s, m in zip(shifts(ops, point), norms(ops, point), strict=True):
        if isinstance(s, Fraction):
            out.append(s)
            continue
        out.append(ops.exp(2 * s * ops.ball(m)) * (1 + ops.ball(constants["root"]) * root * s) - 1)
    return out


def closed_printed(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    return closed_bound(ops, point, {"root": Fraction(10)})


def linear_bound(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """4 |delta_i| |mu_i| + 10 sqrt(d) |delta_i| exp(1)."""
    slope = ops.ball(constants["root"]) * ops.exp(1)
    return _linear(ops, point, slope, constants["mean"])


def linear_printed(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    return linear_bound(ops, point, {"root": Fraction(10), "mean": Fraction(4)})


def rounded_bound(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """(30 sqrt(d) + 4 |mu_i|) |delta_i|."""
    return _linear(ops, point, ops.ball(constants["root"]), constants["mean"])


def _linear(ops: Operations, point: Point, slope: Any, mean: Fraction) -> list[Any]:
    root = ops.sqrt(point.mix.d)
    pairs = zip(shifts(ops, point), norms(ops, point), strict=True)
    return [
        s if isinstance(s, Fraction) else (slope * root + ops.ball(mean) * ops.ball(m)) * s
        for s, m in pairs
    ]


def left_over_right(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """The left side of (19) over its right side."""
    mix, squares = point.mix, ops.norms2(point.mix)
    top, root = ops.mu_max(mix), ops.sqrt(mix.d)
    total = sum(map(ops.ball, shifts(ops, point)), ops.ball(0))
    sizes = [ops.ball(m) for m in norms(ops, point)]
    alike = constants == PRINTED and all(x == squares[0] for x in squares)
    out: list[Any] = []
    for s, m in zip(shifts(ops, point), sizes, strict=True):
        if alike or isinstance(s, Fraction) or not any(squares):
            out.append(Fraction(1))
            continue
        left = (30 * root + 4 * m) * s * sum(sizes, ops.ball(0)) + total
        slope = ops.ball(constants["root"]) * root + ops.ball(constants["mean"]) * top
        out.append(left / (mix.n * top * slope * s + total))
    return out


def one(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return Fraction(1)


def exponential(ops: Operations, point: Point, constants: Constants) -> Any:
    exponent = constants["shift"] + point["x"]
    return Fraction(1) if exponent == 0 else ops.exp(exponent)


def chord(ops: Operations, point: Point, constants: Constants) -> Fraction:
    x: Fraction = point["x"]
    return 1 + constants["slope"] * x


CONDITION = "|delta_i| <= 1/max(6d, 2 |mu_i|) for all i: "
CHANGE = "E|psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu)|"
FACTOR = {"factor": Fraction(2)}


def _step(claim_id: str, place: str, text: str, lhs: Any, rhs: Any, **options: Any) -> Claim:
    return Claim(
        id=claim_id,
        source=f"proof of Theorem 13, {place}",
        text=CONDITION + text,
        relation="<=",
        lhs=lhs,
        rhs=rhs,
        domain=moves_little,
        **options,
    )


CLAIMS = (
    _step(
        "eq-17a", "(17), second inequality",
        f"the left side of (7) <= sum_k |delta_k| + sum_k {CHANGE} |mu_k|",
        change_less_shifts, sum_of_changes, generator=few_moved_mixtures, cost=2.0,
        uses=("lemma-9.2",),
    ),
    _step(
        "eq-17b", "(17), last inequality",
        f"{CHANGE} <= E[exp(2 |delta_i| (|x| + |mu_i|)) - 1]",
        product_changes, moments_by_row, generator=few_moved_mixtures, cost=3.0, constants=FACTOR,
        uses=("eq-15", "eq-16"),
    ),
    _step(
        "eq-17b-repaired", "(17), last inequality",
        f"D = max_k |delta_k|: {CHANGE} <= E[exp(2 D (|x| + mu_max)) - 1]",
        product_changes, largest_moment, generator=few_moved_mixtures, cost=2.0, constants=FACTOR,
        form="repaired", repairs="eq-17b",
    ),
    _step(
        "eq-18a", "(18), first inequality",
        "E[exp(2 |delta_i| (|x| + |mu_i|)) - 1] "
        "<= exp(2 |delta_i| |mu_i|) (1 + 10 sqrt(d) |delta_i|) - 1",
        moments_printed, closed_bound, generator=moved_mixtures_in_any_dimension,
        constants={"root": Fraction(10)}, uses=("lemma-17",),
    ),
    _step(
        "eq-18b.1", "(18), second inequality",
        "exp(2 |delta_i| |mu_i|) (1 + 10 sqrt(d) |delta_i|) - 1 "
        "<= 4 |delta_i| |mu_i| + 10 sqrt(d) |delta_i| exp(1)",
        closed_printed, linear_bound, generator=moved_mixtures_in_any_dimension,
        constants={"root": Fraction(10), "mean": Fraction(4)}, uses=("eq-18c",),
    ),
    _step(
        "eq-18b.2", "(18), last inequality",
        "4 |delta_i| |mu_i| + 10 sqrt(d) |delta_i| exp(1) <= (30 sqrt(d) + 4 |mu_i|) |delta_i|",
        linear_printed, rounded_bound, generator=moved_mixtures_in_any_dimension,
        constants=PRINTED,
    ),
    _step(
        "eq-19", "(19)",
        "sum_k |delta_k| + sum_k (30 sqrt(d) + 4 |mu_i|) |delta_i| |mu_k| "
        "<= n mu_max (30 sqrt(d) + 4 mu_max) |delta_i| + sum_k |delta_k| (divided by the right)",
        left_over_right, one, generator=moved_mixtures_in_any_dimension, constants=PRINTED,
    ),
    Claim(
        id="eq-18c",
        source="proof of Theorem 13, below (18)",
        text="exp(1 + x) <= 1 + 2x for all x in [0, 1]",
        relation="<=",
        lhs=exponential,
        rhs=chord,
        domain=unit_interval,
        generator=numbers_in_unit_interval,
        constants={"shift": Fraction(1), "slope": Fraction(2)},
    ),
    Claim(
        id="eq-18c-repaired",
        form="repaired",
        repairs="eq-18c",
        source="proof of Theorem 13, below (18)",
        text="exp(x) <= 1 + 2x for all x in [0, 1]",
        relation="<=",
        lhs=exponential,
        rhs=chord,
        domain=unit_interval,
        generator=numbers_in_unit_interval,
        constants={"shift": Fraction(0), "slope": Fraction(2)},
    ),
)  # fmt: skip
