"""The displayed steps of the proof of Lemma 15 that concern the mixture: (39), (39a), (39b).

With |mu_1|, |mu_2| >= 10 s, |mu_3|, ..., |mu_n| <= s, s = sqrt(d), any weights, n >= 2, and
Y(x) = sum_k psi_k(x) |mu_k|:

    (39)   |grad_i L| <= E[Y given |x| <= 2 s] + E[Y given |x| > 2 s] Pr[|x| > 2 s],
    (39a)  |x| <= 2 s implies psi_i(x) <= exp(-25 d) for i = 1, 2,
    (39b)  E[Y given |x| <= 2 s] <= |mu_3| + ... + |mu_n| + exp(-25 d) (|mu_1| + |mu_2|).

(39) is evaluated less E Y on both sides. On the right remains E[Y; |x| <= 2 s] q/(1-q) >= 0,
q = Pr[|x| > 2 s], by E[Y; |x| <= 2 s] between min_k |mu_k| (1-q) or E Y - mu_max q, and mu_max.
On the left the difference of |grad_i| and E Y as evaluated, within what is known: it is at most
-sum_k sum_{j != i} P_jk |mu_k| <= 0, by |grad_i| <= sum_k P_ik |mu_k| and E psi_k = sum_j P_jk,
which is why (39) holds for every radius, and at least -E Y. An evaluated gradient that disagrees
with that leaves nothing, which is an error.

(39b) is evaluated less N = |mu_3| + ... + |mu_n| on both sides, with the non-negative part of
the left, since the right is positive. The left is a sum of E[psi_k given ...] |mu_k| for k = 1, 2
and of -E[1 - psi_k given ...] |mu_k| for the others, first with psi_k bounded over the whole
ball, then by cells (:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.conditional`).

The printed proof of (39a) divides by the weight of a component with i > 2, which needs one
(n >= 3) and takes the weights to be equal. Repaired, (39a) and (39b): n >= 3 and pi_1, pi_2 at
most exp(5d/2) times the largest of pi_3, ..., pi_n. Proof: with k that component, psi_i <=
(pi_i/pi_k) exp(|x - mu_k|^2/2 - |x - mu_i|^2/2) <= exp(5d/2 + (3s)^2/2 - (8s)^2/2) =
exp(-25 d); (39b) follows from psi_k <= 1 for the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_15 import (
    OUTWEIGHED,
    bounded_overlaps,
    far_pairs,
    far_pairs_outweighed,
    has_far_pair,
    has_far_pair_outweighed,
    norm_of_combination,
    norms,
)
from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part, parts_of
from gembounds.statements.legacy import Claim, Constants, Domain, has_mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

RADIUS2 = Fraction(4)
"""(2 sqrt(d))^2 in units of d."""

CELLS = {1: 400, 2: 48}
"""Cells an axis at the first rung in balls, by the rank (a choice); doubled at each rung."""

MOST_CELLS = {1: 3200, 2: 96}

CELLS_UP_TO = 40
"""Dimensions for which cells are worth their time: psi varies by exp(40 d) over the ball."""


def with_x(domain: Domain) -> Domain:
    """``domain`` and a point x with |x| <= 2 sqrt(d): exact."""

    @conditions
    def inside(ops: Operations, point: Point) -> Iterator[Part]:
        yield from has_mixture.parts(ops, point)
        x, d = point["x"], point.mix.d
        yield part("x in R^d", len(x), "==", d)
        yield part("|x|^2 <= 4 d", sum((v * v for v in x), Fraction(0)), "<=", RADIUS2 * d)
        yield from parts_of(domain, ops, point)

    return inside


def far_pairs_and_x() -> SearchStrategy[Point]:
    from gembounds.papers.xu_fazel_du_2024.strategies_far import far_pairs_with_x

    return far_pairs_with_x()


def far_pairs_outweighed_and_x() -> SearchStrategy[Point]:
    from gembounds.papers.xu_fazel_du_2024.strategies_far import outweighed_far_pairs_with_x

    return outweighed_far_pairs_with_x(OUTWEIGHED)


def mean_norm(ops: Operations, point: Point) -> tuple[list[list[Any]], list[Any], Any]:
    """The overlaps, the |mu_k|, and E Y = sum_jk P_jk |mu_k|."""
    overlaps, lengths = bounded_overlaps(ops, point.mix), norms(ops, point.mix)
    terms = (p * r for row in overlaps for p, r in zip(row, lengths, strict=True))
    return overlaps, lengths, sum(terms, ops.ball(0))


def gradient_less_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    """|grad_i| - E Y, within [-E Y, 0], for every i."""
    overlaps, _, mean = mean_norm(ops, point)
    known = ops.ball(0).union(mean)
    return [
        -(mean - norm_of_combination(ops, point.mix, row)).intersection(known).nonnegative_part()
        for row in overlaps
    ]


def mean_outside(ops: Operations, point: Point, constants: Constants) -> Any:
    """E[Y; |x| <= 2 s] q/(1-q) >= 0."""
    mix = point.mix
    q = ops.norm_survival(RADIUS2 * mix.d, mix.d)
    _, lengths, mean = mean_norm(ops, point)
    least, top = lengths[0], ops.mu_max(mix)
    for r in lengths[1:]:
        least = least.min(r)
    low = ((least * (1 - q)).max(mean - q * top) * q / (1 - q)).lower()
    return low.union(q * top).nonnegative_part()


def posteriors(ops: Operations, point: Point, constants: Constants) -> Any:
    """psi_1(x) and psi_2(x)."""
    return ops.psi(point.mix, point["x"])[:2]


def exponentially_small(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.exp(-constants["rate"] * point.mix.d)


def conditional_mean_less_near(ops: Operations, point: Point, constants: Constants) -> Any:
    """The non-negative part of E[Y given |x| <= 2 s] - (|mu_3| + ... + |mu_n|)."""
    from gembounds.evaluators.reduction.exact import reduce_exactly
    from gembounds.papers.xu_fazel_du_2024.arithmetic.conditional import (
        MAX_RANK,
        conditional_posteriors,
    )
    from gembounds.papers.xu_fazel_du_2024.arithmetic.domination import posteriors_within

    mix = point.mix
    radius = ops.sqrt(RADIUS2 * mix.d)
    coarse = ops.rung.evaluator == "float64" or mix.d > CELLS_UP_TO
    rank = 0 if coarse else reduce_exactly(mix).rank
    if not 1 <= rank <= MAX_RANK:
        found = posteriors_within(ops.weights(mix), ops.gram(mix), radius)
    else:
        cells = min(CELLS[rank] * ops.rung.bits // 64, MOST_CELLS[rank])
        found = conditional_posteriors(mix, radius, cells)
    lengths = norms(ops, mix)
    low, high, least = ops.ball(0), ops.ball(0), lengths[0]
    for k, (psi, length) in enumerate(zip(found, lengths, strict=True)):
        low += length * (psi.least if k < 2 else -psi.other_most)
        high += length * (psi.most if k < 2 else -psi.other_least)
    if high <= 0:
        return Fraction(0)
    for r in lengths:  # Y is at least the least norm, which is a far one for n = 2
        least = least.min(r)
    low = low.max(least - sum(lengths[2:], ops.ball(0)))
    return low.union(high) if low > 0 else ops.ball(0).union(high)


def far_share(ops: Operations, point: Point, constants: Constants) -> Any:
    first, second = norms(ops, point.mix)[:2]
    return exponentially_small(ops, point, constants) * (first + second)


RATE = {"rate": Fraction(25)}
CONDITION = "n >= 3 and pi_1, pi_2 <= exp(5d/2) max(pi_3, ..., pi_n)"

CLAIMS = (
    Claim(
        id="eq-39",
        source="proof of Lemma 15, (39)",
        text=(
            "|grad_i L| <= E[sum_k psi_k |mu_k| given |x| <= 2 sqrt(d)] "
            "+ E[the same given |x| > 2 sqrt(d)] Pr[|x| > 2 sqrt(d)]"
        ),
        relation="<=",
        lhs=gradient_less_mean,
        rhs=mean_outside,
        domain=has_far_pair,
        generator=far_pairs,
        uses=("lemma-9.2",),
        cost=4.0,
    ),
    Claim(
        id="eq-39a",
        source="proof of Lemma 15, the line after (39)",
        text="|x| <= 2 sqrt(d) implies psi_i(x) <= exp(-25 d) for i = 1, 2",
        relation="<=",
        lhs=posteriors,
        rhs=exponentially_small,
        domain=with_x(has_far_pair),
        generator=far_pairs_and_x,
        constants=RATE,
    ),
    Claim(
        id="eq-39a-repaired",
        form="repaired",
        repairs="eq-39a",
        source="proof of Lemma 15, the line after (39)",
        text=f"{CONDITION}: |x| <= 2 sqrt(d) implies psi_i(x) <= exp(-25 d) for i = 1, 2",
        relation="<=",
        lhs=posteriors,
        rhs=exponentially_small,
        domain=with_x(has_far_pair_outweighed),
        generator=far_pairs_outweighed_and_x,
        constants=RATE,
    ),
    Claim(
        id="eq-39b",
        source="proof of Lemma 15, the bound of the first term of (39)",
        text=(
            "E[sum_k psi_k |mu_k| given |x| <= 2 sqrt(d)] "
            "<= |mu_3| + ... + |mu_n| + exp(-25 d) (|mu_1| + |mu_2|)"
        ),
        relation="<=",
        lhs=conditional_mean_less_near,
        rhs=far_share,
        domain=has_far_pair,
        generator=far_pairs,
        constants=RATE,
        uses=("eq-39a",),
        cost=4.0,
    ),
    Claim(
        id="eq-39b-repaired",
        form="repaired",
        repairs="eq-39b",
        source="proof of Lemma 15, the bound of the first term of (39)",
        text=(
            f"{CONDITION}: E[sum_k psi_k |mu_k| given |x| <= 2 sqrt(d)] "
            "<= |mu_3| + ... + |mu_n| + exp(-25 d) (|mu_1| + |mu_2|)"
        ),
        relation="<=",
        lhs=conditional_mean_less_near,
        rhs=far_share,
        domain=has_far_pair_outweighed,
        generator=far_pairs_outweighed,
        constants=RATE,
        uses=("eq-39a-repaired",),
        cost=4.0,
    ),
)
