"""Lemma 11, equations (6), (23a) and the first two links of (24).

With psi~ = sum_i psi_i mu_i, g(x) = psi~(x) - psi~(-x), xbar = x/|x|:

    (6)    E|psi~|^2 = (1/4) E[(int_-1^1 |x| xbar^T grad psi~(tx) xbar dt)^2]
    (23a)  E|psi~|^2 = (1/2) E[|psi~(x)|^2 + |psi~(-x)|^2] >= (1/4) E|g|^2 >= (1/4) E<g, xbar>^2
    (24a)  E|psi~|^2 >= (1/16) E[(|x| sum_ij <mu_i - mu_j, xbar>^2 int_-1^1 psi_i psi_j(tx) dt)^2]
    (24b)  that >= (exp(-8U)/64) E[(sum_ij pi_i pi_j <mu_i - mu_j, xbar>^2
                                    (1 - exp(-4 mu_max |x|))/mu_max)^2]

(6) as printed is an equality, and false: its own derivation (23) has ">=" in it, and where all
means are 1 in R^1, psi~ = 1, the left side is 1 and the right side 0. A slip for ">=", which is
the repaired form. Proof: |a|^2 + |b|^2 >= |a - b|^2/2 and the symmetry of x give
E|psi~|^2 >= (1/4) E|g|^2 >= (1/4) E<g, xbar>^2, and d/dt <psi~(tx), xbar> =
|x| xbar^T grad psi~(tx) xbar integrates over [-1, 1] to <g, xbar>.

By (23b), (5) and the fundamental theorem of calculus the right sides are E|g|^2/4 and
E<g, xbar>^2/4, which :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.odd_part` encloses (no step of this proof is taken
for granted there); psi~(-x) is minus the psi~ of the mixture with means -mu_i. Where the mixture
is symmetric about 0 (psi~ odd), or d = 1 (xbar = 1 or -1), sides are equal as functions; then
both are given in units of their common value. Where (24a), or (6) with >=, is nearly that on a
line, :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.odd_sides` takes the odd part from both.

(24b) at mu_max = 0 is 0 >= 0, (1 - exp(-4 mu_max |x|))/mu_max having the limit 4|x|.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.decay import SQUARE, second_moment
from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import lines_with_tiny_weights
from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import posterior_mean_square
from gembounds.papers.xu_fazel_du_2024.old_claims.odd_sides import (
    QUARTER,
    exact_quarter_of,
    less_the_odd_part,
    odd_part_less_itself,
    quarter_of,
)
from gembounds.points.point import Point, repeated
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

LINE = ("1", "1/2", "2", "1/4", "1/10", "1/100", "1/10000", "1/100000000", "8", "30")
PLANE = ("1", "1/2", "1/4", "1/10", "1/100", "1/10000", "1/100000000")
SMALL = ("1/8", "1/40", "1/400", "1/10000", "1/100000000")
"""Scales of means on a line, in a plane, in space: what the grids reach; norms to 1e3 come from
a coordinate that all means share."""


def mixtures_to_rank_3() -> SearchStrategy[Point]:
    """2 to 10 components (6 in a plane), d to 10^6; weights to 1e-300 on a line, 1e-100 in a
    plane, 1e-12 in space."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import points

    def of(
        rank: int, scales: tuple[str, ...], smallest: int, max_n: int = 10
    ) -> SearchStrategy[Point]:
        norms = [Fraction(x) for x in scales]
        return points(max_n=max_n, max_rank=rank, norms=norms, smallest_weight=smallest)

    line = of(1, LINE, 300)
    others = symmetric(), lines_with_tiny_weights(), of(2, PLANE, 100, 6), of(3, SMALL, 12)
    return st.one_of(line, line, *others)


def symmetric() -> SearchStrategy[Point]:
    """Mixtures with pairs of opposite means of equal weight on a line, perhaps one at 0; d to 3,
    and to 10^6 where the means are dyadic (see :func:`repeated`)."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import GRID

    ends = st.lists(st.sampled_from(GRID), min_size=1, max_size=2)
    shape = st.tuples(ends, st.booleans(), st.sampled_from((1, 2, 3, 10**3, 10**5, 10**6)),
                      st.integers(1, 9))  # fmt: skip

    def built(drawn: tuple[list[Fraction], bool, int, int]) -> Point:
        values, middle, d, part = drawn
        means = [x for v in values for x in (v, -v)] + [Fraction(0)] * middle
        shares = [part] * (2 * len(values)) + [1] * middle
        if any(4 % x.denominator for x in means):
            d = min(d, 3)
        blocks = [means, [Fraction(0)] * len(means)][: min(d, 2)]
        weights = [Fraction(s, sum(shares)) for s in shares]
        return Point(repeated(blocks, [1, d - 1][: len(blocks)], weights))

    return shape.map(built)


def is_odd(ops: Operations, mix: Mixture) -> bool:
    """Whether the mixture is symmetric about 0, exactly: then psi~(-x) = -psi~(x)."""
    found: dict[tuple[Fraction, ...], Fraction] = {}
    for row, weight in zip(ops.means(mix), ops.weights(mix), strict=True):
        for key, sign in ((tuple(row), 1), (tuple(-x for x in row), -1)):
            found[key] = found.get(key, Fraction(0)) + sign * weight
    return not any(found.values())


def mirrored(mix: Mixture) -> Mixture:
    """The mixture with means -mu_i."""
    from gembounds.values.columns import runs

    blocks = runs(mix)
    return mix.kept(
        "mirrored",
        lambda: repeated(
            [[-x for x in e] for e, _ in blocks], [m for _, m in blocks], mix.exact_weights
        ),
    )


def in_units(tie: Callable[[Operations, Mixture], bool], side: Any, value: Any) -> Any:
    """``side``, but ``value(constants)``, a multiple of the common value, where ``tie`` holds
    and not all means coincide (there both sides are exact already)."""

    def of(ops: Operations, point: Point, constants: Constants) -> Any:
        if tie(ops, point.mix) and not ops.coincident(point.mix):
            return value(constants)
        return side(ops, point, constants)

    return of


def one(constants: Constants) -> Fraction:
    return Fraction(1)


def four_quarters(constants: Constants) -> Fraction:
    return 4 * constants["quarter"]


def on_a_line(ops: Operations, mix: Mixture) -> bool:
    return mix.d == 1


def odd_on_a_line(ops: Operations, mix: Mixture) -> bool:
    return mix.d == 1 and is_odd(ops, mix)


def symmetrised(ops: Operations, point: Point, constants: Constants) -> Any:
    """(1/2) E|psi~(x)|^2 + (1/2) E|psi~(-x)|^2."""
    mix = point.mix
    both = [ops.psi_tilde_norm2(mix), ops.psi_tilde_norm2(mirrored(mix))]
    if all(isinstance(x, Fraction) for x in both):
        return (both[0] + both[1]) / 2
    return (ops.ball(both[0]) + ops.ball(both[1])) / 2


def coarse_ends(ops: Operations, mix: Mixture) -> tuple[Any, Any, bool]:
    """Closed bounds of E<g, xbar>^2/4, and whether no ball has both: its lower end would not be
    positive."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.odd_part import closed_bounds

    low, high = closed_bounds(mix)
    return low / 4, high / 4, bool(low > 0) and not bool(low.union(high) > 0)


def coarse_quarter(ops: Operations, point: Point, constants: Constants) -> Any:
    """E<g, xbar>^2/4 for (24b): between closed bounds on the first rung, which mostly do; less
    the lower one, hence not negative, where no ball has both."""
    if ops.rung.evaluator != "float64" or ops.coincident(point.mix):
        return quarter_of(True)(ops, point, QUARTER)
    low, high, apart = coarse_ends(ops, point.mix)
    if apart:
        return (high - low).union(ops.ball(0)).nonnegative_part()  # begins at 0 exactly
    return low.union(high)


def coarse_second_moment(ops: Operations, point: Point, constants: Constants) -> Any:
    """The right side of (24b), less what :func:`coarse_quarter` has taken from the left one."""
    found = second_moment(ops, point, constants)
    if ops.rung.evaluator != "float64" or ops.coincident(point.mix):
        return found
    low, _, apart = coarse_ends(ops, point.mix)
    return found - low if apart else found


def sixteen_parts(constants: Constants) -> Fraction:
    return 16 * constants["factor"]


def four_factors(constants: Constants) -> Fraction:
    """``factor`` E[(|x| sum_ij <mu_i - mu_j, xbar>^2 int psi_i psi_j)^2] is ``factor`` 4
    E<g, xbar>^2, by (5) and (23b)."""
    return 4 * constants["factor"]


def the_quarter(constants: Constants) -> Fraction:
    return constants["quarter"]


ODD_SUM = "(|x| sum_ij <mu_i - mu_j, xbar>^2 int_-1^1 psi_i psi_j(tx) dt)^2"
INTEGRAL = "E[(int_-1^1 |x| xbar^T grad psi~(tx) xbar dt)^2]"
G = "psi~(x) - psi~(-x)"
COST = 4.0

CLAIMS = (
    Claim(
        id="eq-6",
        source="proof sketch of Theorem 2, (6)",
        text=f"E|psi~|^2 = (1/4) {INTEGRAL}",
        relation="==",
        lhs=in_units(odd_on_a_line, posterior_mean_square, one),
        rhs=in_units(odd_on_a_line, quarter_of(True, coarse=True), four_quarters),
        domain=has_mixture,
        generator=mixtures_to_rank_3,
        constants=QUARTER,
        uses=("eq-23a.1", "eq-23a.2", "eq-23a.3", "eq-23b"),
        cost=COST,
    ),
    Claim(
        id="eq-6-repaired",
        form="repaired",
        repairs="eq-6",
        source="proof sketch of Theorem 2, (6) with >=",
        text=f"E|psi~|^2 >= (1/4) {INTEGRAL}",
        relation=">=",
        lhs=in_units(odd_on_a_line, less_the_odd_part, one),
        rhs=in_units(odd_on_a_line, odd_part_less_itself(the_quarter), four_quarters),
        domain=has_mixture,
        generator=mixtures_to_rank_3,
        constants=QUARTER,
        uses=("eq-23a.1", "eq-23a.2", "eq-23a.3", "eq-23b"),
        cost=COST,
    ),
    Claim(
        id="eq-23a.1",
        source="proof of Lemma 11, (23), first equality",
        text="E|psi~(x)|^2 = (1/2) E[|psi~(x)|^2 + |psi~(-x)|^2]",
        relation="==",
        lhs=posterior_mean_square,
        rhs=symmetrised,
        domain=has_mixture,
        generator=mixtures_to_rank_3,
        cost=COST,
    ),
    Claim(
        id="eq-23a.2",
        source="proof of Lemma 11, (23), first inequality",
        text=f"(1/2) E[|psi~(x)|^2 + |psi~(-x)|^2] >= (1/4) E|{G}|^2",
        relation=">=",
        lhs=in_units(is_odd, symmetrised, one),
        rhs=in_units(is_odd, quarter_of(False), four_quarters),
        domain=has_mixture,
        generator=mixtures_to_rank_3,
        constants=QUARTER,
        cost=COST,
    ),
    Claim(
        id="eq-23a.3",
        source="proof of Lemma 11, (23), second inequality",
        text=f"(1/4) E|{G}|^2 >= (1/4) E<{G}, xbar>^2",
        relation=">=",
        lhs=in_units(on_a_line, exact_quarter_of(False), one),
        rhs=in_units(on_a_line, quarter_of(True), four_quarters),
        domain=has_mixture,
        generator=mixtures_to_rank_3,
        constants=QUARTER,
        cost=COST,
    ),
    Claim(
        id="eq-24a",
        source="proof of Lemma 11, (24), first inequality",
        text=f"E|psi~|^2 >= (1/16) E[{ODD_SUM}]",
        relation=">=",
        lhs=in_units(odd_on_a_line, less_the_odd_part, one),
        rhs=in_units(odd_on_a_line, odd_part_less_itself(four_factors), sixteen_parts),
        domain=has_mixture,
        generator=mixtures_to_rank_3,
        constants={"factor": Fraction(1, 16)},
        uses=("eq-22", "eq-23a.1", "eq-23a.2", "eq-23a.3", "eq-23b"),
        cost=COST,
    ),
    Claim(
        id="eq-24b",
        source="proof of Lemma 11, (24), second inequality",
        text=(
            f"(1/16) E[{ODD_SUM}] >= (exp(-8U)/64) E[(sum_ij pi_i pi_j "
            "<mu_i - mu_j, xbar>^2 (1 - exp(-4 mu_max |x|))/mu_max)^2]"
        ),
        relation=">=",
        lhs=coarse_quarter,
        rhs=coarse_second_moment,
        domain=has_mixture,
        generator=mixtures_to_rank_3,
        constants=SQUARE,
        uses=("lemma-18",),
        cost=COST,
    ),
)
