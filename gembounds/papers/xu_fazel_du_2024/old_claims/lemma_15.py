"""Lemma 15 and the tail bound (39c) that its proof quotes.

For |mu_1|, |mu_2| >= 10 sqrt(d) and |mu_3|, ..., |mu_n| <= sqrt(d), any weights and n >= 2:

    |grad_{mu_i} L| <= 2 (|mu_3| + ... + |mu_n|) + 2 exp(-d) (|mu_1| + |mu_2|)    for every i.

The gradient comes from overlaps, each intersected with the bounds of
:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.domination`, which need no grid and reach any d.

Repaired: n >= 3, and pi_1, pi_2 at most exp(5d/2) times the largest of pi_3, ..., pi_n (equal
weights, as in Theorem 7, for instance). Proof: let i be 1 or 2, k that component, R = |mu_i|,
r = |mu_k|. min(1, y) <= sqrt(y) gives E psi_i <= E sqrt(psi_i/psi_k) <= sqrt(pi_i/pi_k)
exp(-(R^2 - r^2)/4 + (R + r)^2/8), and the exponent is -(R + r)(R - 3r)/8 <= -11 * 7 d/8. So
E psi_i <= exp(5d/4 - 77d/8) <= exp(-8d), and |grad_i| <= sum_k |mu_k| E psi_k.

(39c): Pr[|x| > 2 sqrt(d)] <= exp(-d), x ~ N(0, I_d), for every d >= 1. The left side is the
regularised incomplete gamma function Gamma(d/2, 2d)/Gamma(d/2); the law of |x| has no atoms, so
> and >= do not differ. The paper quotes it as a standard tail bound. Repaired: exp(-4d/5), by
Pr[|x|^2 > 4d] <= E exp(3(|x|^2 - 4d)/8) = 2^d exp(-3d/2) and 3/2 - log 2 > 4/5. The repaired
lemma does not use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri, compare

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

FAR2, NEAR2 = Fraction(100), Fraction(1)
"""Squares of the norms, in units of d, that tell far from near."""

OUTWEIGHED = Fraction(5, 2)
"""Of the repaired forms: pi_1, pi_2 <= exp(5d/2) max(pi_3, ..., pi_n)."""


@conditions
def any_dimension(ops: Operations, point: Point) -> Iterator[Part]:
    """d >= 1."""
    yield part("d >= 1", point["d"], ">=", 1)


def dimensions_up_to_a_million() -> SearchStrategy[Point]:
    """d from 1 to 10^6."""
    from gembounds.points.strategies import dimension_points

    return dimension_points()


@conditions
def has_far_pair(ops: Operations, point: Point) -> Iterator[Part]:
    """|mu_1|, |mu_2| >= 10 sqrt(d), the others <= sqrt(d), n >= 2: exact."""
    yield from has_mixture.parts(ops, point)
    for i, square in enumerate(ops.norms2(point.mix), 1):
        if i <= 2:
            yield part(f"|mu_{i}|^2 >= 100 d", square, ">=", FAR2 * point.mix.d)
        else:
            yield part(f"|mu_{i}|^2 <= d", square, "<=", NEAR2 * point.mix.d)


def has_far_pair_outweighed(ops: Operations, point: Point) -> Tri:
    """The same with n >= 3 and pi_1, pi_2 <= exp(5d/2) max(pi_3, ..., pi_n)."""
    if has_far_pair(ops, point) is not True or point.mix.n < 3:
        return False
    first, second, *rest = ops.weights(point.mix)
    ratio = max(first, second) / max(rest)
    if ratio <= 1:
        return True
    return compare(ops.log(ratio), "<=", OUTWEIGHED * point.mix.d)


def far_pairs() -> SearchStrategy[Point]:
    """Two far means, up to eight near ones, any weights, d up to 10^6."""
    from gembounds.papers.xu_fazel_du_2024.strategies_far import far_pairs as drawn

    return drawn()


def far_pairs_outweighed() -> SearchStrategy[Point]:
    """Those of the repaired form."""
    from gembounds.papers.xu_fazel_du_2024.strategies_far import outweighed_far_pairs

    return outweighed_far_pairs(OUTWEIGHED)


def bounded_overlaps(ops: Operations, mix: Mixture) -> list[list[Any]]:
    """E psi_i psi_k: the evaluator's, intersected with the bounds that need no grid."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.domination import (
        overlap_ranges,
        posterior_ceilings,
    )

    ranges = overlap_ranges(posterior_ceilings(ops.weights(mix), ops.gram(mix)))
    return [
        [a.intersection(b) for a, b in zip(*rows, strict=True)]
        for rows in zip(ops.overlaps(mix), ranges, strict=True)
    ]


def gradient_norms(ops: Operations, point: Point, constants: Constants) -> Any:
    """|sum_k P_ik mu_k| for every i."""
    overlaps = bounded_overlaps(ops, point.mix)
    return [norm_of_combination(ops, point.mix, row) for row in overlaps]


def norm_of_combination(ops: Operations, mix: Mixture, coefficients: list[Any]) -> Any:
    """|sum_k c_k mu_k|."""
    square = ops.ball(0)
    for entries, length in ops.columns(mix):
        terms = zip(coefficients, entries, strict=True)
        total = sum((c * ops.ball(x) for c, x in terms if x), ops.ball(0))
        square += length * total * total
    return ops.sqrt(square)


def norms(ops: Operations, mix: Mixture) -> list[Any]:
    return [ops.sqrt(x) for x in ops.norms2(mix)]


def gradient_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    first, second, *rest = norms(ops, point.mix)
    decay = ops.exp(-constants["rate"] * point.mix.d)
    near = sum(rest, ops.ball(0))
    return ops.ball(constants["near"]) * near + ops.ball(constants["far"]) * decay * (
        first + second
    )


def tail(ops: Operations, point: Point, constants: Constants) -> Any:
    d = point["d"]
    return ops.norm_survival(constants["radius"] ** 2 * d, d)


def exponential(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.exp(-constants["rate"] * point["d"])


LEMMA = {"near": Fraction(2), "far": Fraction(2), "rate": Fraction(1)}
TEXT = "|grad_i L| <= 2 (|mu_3| + ... + |mu_n|) + 2 exp(-d) (|mu_1| + |mu_2|)"

CLAIMS = (
    Claim(
        id="lemma-15",
        source="Lemma 15",
        text=f"|mu_1|, |mu_2| >= 10 sqrt(d), the others <= sqrt(d): {TEXT}",
        relation="<=",
        lhs=gradient_norms,
        rhs=gradient_bound,
        domain=has_far_pair,
        generator=far_pairs,
        constants=LEMMA,
        uses=("lemma-9.2", "eq-39", "eq-39a", "eq-39b", "eq-39c"),
        cost=4.0,
    ),
    Claim(
        id="lemma-15-repaired",
        form="repaired",
        repairs="lemma-15",
        source="Lemma 15",
        text=f"also n >= 3 and pi_1, pi_2 <= exp(5d/2) max(pi_3, ..., pi_n): {TEXT}",
        relation="<=",
        lhs=gradient_norms,
        rhs=gradient_bound,
        domain=has_far_pair_outweighed,
        generator=far_pairs_outweighed,
        constants=LEMMA,
        uses=("lemma-9.2-repaired",),
        cost=4.0,
    ),
    Claim(
        id="eq-39c",
        source="proof of Lemma 15, (39)",
        text="Pr[|x| > 2 sqrt(d)] <= exp(-d) for every d",
        relation="<=",
        lhs=tail,
        rhs=exponential,
        domain=any_dimension,
        generator=dimensions_up_to_a_million,
        constants={"radius": Fraction(2), "rate": Fraction(1)},
    ),
    Claim(
        id="eq-39c-repaired",
        form="repaired",
        repairs="eq-39c",
        source="proof of Lemma 15, (39)",
        text="Pr[|x| > 2 sqrt(d)] <= exp(-4d/5) for every d",
        relation="<=",
        lhs=tail,
        rhs=exponential,
        domain=any_dimension,
        generator=dimensions_up_to_a_million,
        constants={"radius": Fraction(2), "rate": Fraction(4, 5)},
    ),
)
