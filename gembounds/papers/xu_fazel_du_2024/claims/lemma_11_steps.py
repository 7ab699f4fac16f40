"""Lemma 11, equations (6), (23a) and the first two links of (24).

With psi~ = sum_i psi_i mu_i, g(x) = psi~(x) - psi~(-x), xbar = x/|x|:

    (6)    E|psi~|^2 = (1/4) E[(int_-1^1 |x| xbar^T grad psi~(tx) xbar dt)^2]
    (23a)  E|psi~|^2 = (1/2) E[|psi~(x)|^2 + |psi~(-x)|^2] >= (1/4) E|g|^2 >= (1/4) E<g, xbar>^2
    (24a)  E|psi~|^2 >= (1/16) E[(|x| sum_ij <mu_i - mu_j, xbar>^2 int_-1^1 psi_i psi_j(tx) dt)^2]
    (24b)  that >= (exp(-8U)/64) E[(sum_ij pi_i pi_j <mu_i - mu_j, xbar>^2
                                    (1 - exp(-4 mu_max |x|))/mu_max)^2]

(6) as printed is an equality, and false: its own derivation (23) has ">=" in it, and where all
means are 1 in R^1, psi~ = 1, the left side is 1 and the right side 0. A slip for ">=", which is
the repaired form. In (24a) the mean is 4 E<g, xbar>^2, by (5) and (23b). (24b) at mu_max = 0 is
0 >= 0, (1 - exp(-4 mu_max |x|))/mu_max having the limit 4|x|. How sides that are equal, or
nearly, are told apart is in :mod:`gembounds.papers.xu_fazel_du_2024.claims.odd_sides`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import slips
from gembounds.papers.xu_fazel_du_2024.claims.decay import second_moment
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import MAPS, step
from gembounds.papers.xu_fazel_du_2024.claims.odd_sides import (
    MEANING,
    both_ways,
    common_if_odd,
    common_if_odd_on_a_line,
    common_on_a_line,
    common_part,
    less_the_odd_part,
    odd_along_x,
    odd_integral,
    odd_over,
    odd_square,
    odd_value,
)
from gembounds.papers.xu_fazel_du_2024.drawing import lines_with_tiny_weights
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points import batches
from gembounds.points.point import Point, repeated
from gembounds.statements import SEVERAL, Domain, U, const, equals, exp, mean_square
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ, GAUSSIAN
from gembounds.statements.tree import tree
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


def coarse_ends(ops: Operations, mix: Mixture) -> tuple[Any, Any, bool]:
    """Closed bounds of E<g, xbar>^2/4, and whether no ball has both: its lower end would not be
    positive."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.odd_part import closed_bounds

    low, high = closed_bounds(mix)
    return low / 4, high / 4, bool(low > 0) and not bool(low.union(high) > 0)


def _first(ops: Operations, mix: Mixture) -> bool:
    return ops.rung.evaluator == "float64" and not ops.coincident(mix)


def _coarse(ops: Operations, point: Point) -> Any:
    """E<g, xbar>^2/4 less c: between closed bounds on the first rung, which mostly do; hence not
    negative where no ball has both."""
    if not _first(ops, point.mix):
        value = odd_value(ops, point.mix, True)
        return value / 4
    low, high, apart = coarse_ends(ops, point.mix)
    if apart:
        return (high - low).union(ops.ball(0)).nonnegative_part()  # begins at 0 exactly
    return low.union(high)


def _coarse_common(ops: Operations, point: Point) -> Any:
    if _first(ops, point.mix):
        low, _, apart = coarse_ends(ops, point.mix)
        if apart:
            return low
    return Fraction(0)


SUM = "E[(|x| sum_ij <mu_i - mu_j, xbar>^2 int_-1^1 psi_i psi_j(tx) dt)^2]"
SUM_LATEX = (
    r"\mathbb{E}\left[\left(|x| \sum_{ij} \langle \mu_i - \mu_j, \bar x \rangle^2 "
    r"\int_{-1}^1 \psi_i \psi_j(tx) \, dt\right)^2\right]"
)
odd_sum = named(
    "odd_sum", SUM, SUM_LATEX, lambda ops, p: 4 * odd_value(ops, p.mix, True),
    estimate=odd_over(True, 4.0), meaning=MEANING,
)  # fmt: skip
coarse = named(
    "odd_sum_less_common", f"((1/16) {SUM} - c)",
    rf"\left(\frac{{1}}{{16}} {SUM_LATEX} - c\right)", _coarse,
)  # fmt: skip
coarse_common = named(
    "closed_bound", "c", "c", _coarse_common,
    meaning="a lower bound of the left side, where no ball has both it and an upper one; else 0",
)  # fmt: skip

RANK_3 = Domain("mixtures to rank 3", SEVERAL.test, mixtures_to_rank_3, batches.PLANE)
DRAWN: dict[str, Any] = {"over": RANK_3, "cost": 4.0}
CHAIN = ("eq-23a.1", "eq-23a.2", "eq-23a.3", "eq-23b")
JUDGES = ("psi_tilde_norm2",)

LESS_COMMON = "E|psi~(x) - psi~(-x)|^2, which is E<psi~(x) - psi~(-x), xbar>^2 on a line, times c "
LESS_WHOLE = "where c is 1/4, E|psi~|^2 is E|psi~(x) - psi~(-x)|^2 times c, and taken off"
SYMMETRIC = {"quarter": best(
    "1/4", "|a|^2 + |b|^2 >= |a - b|^2/2 and Cauchy; symmetric mixtures on the line",
    sharp=True, attained=True,
)}  # fmt: skip

quarter, factor = const("quarter", "1/4"), const("factor", "1/16")
half, fixed = tree(Fraction(1, 2)), tree(Fraction(1, 4))
decayed = exp(-(const("exponent", 8) * U)) / const("denominator", 64) * second_moment

CLAIMS = (
    Claim(
        "eq-6", equals(mean_square, quarter * odd_integral),
        source="proof sketch of Theorem 2, (6)", form="printed", uses=CHAIN,
        slip=slips.EQUALITY_IN_6,
        decided_by=equals(
            (1 - 4 * common_if_odd_on_a_line) * mean_square,
            (quarter - common_if_odd_on_a_line) * odd_integral,
        ),
        identity=LESS_WHOLE, **DRAWN,
    ),
    Claim(
        "eq-6-repaired", mean_square >= quarter * odd_integral,
        source="proof sketch of Theorem 2, (6) with >=", form="repaired", repairs="eq-6",
        decided_by=less_the_odd_part >= (quarter - common_part) * odd_along_x,
        identity=f"the integral is <psi~(x) - psi~(-x), xbar>; {LESS_COMMON}is taken off",
        proof=Argument(
            Step("E|psi~|^2 >= (1/4) E<g, xbar>^2.", by=("eq-23a.1", "eq-23a.2", "eq-23a.3")),
            Step("For x not 0, so almost surely, <g, xbar> is the integral.", by="eq-23b"),
        ),
        judges=JUDGES, best=SYMMETRIC, **DRAWN,
    ),
    step(
        "eq-23a.1", equals(mean_square, half * both_ways), "(23), first equality",
        proof=Argument(Step("-x has the law of x, so E|psi~(-x)|^2 = E|psi~(x)|^2, which is "
                            "finite: |psi~| <= mu_max.", by=GAUSSIAN)),
        **DRAWN,
    ),
    step(
        "eq-23a.2", half * both_ways >= quarter * odd_square, "(23), first inequality",
        decided_by=(half - 2 * common_if_odd) * both_ways
        >= (quarter - common_if_odd) * odd_square,
        identity=LESS_WHOLE, judges=JUDGES, best=SYMMETRIC,
        proof=Argument(Step("2 (|a|^2 + |b|^2) - |a - b|^2 = |a + b|^2 >= 0 at each x, with a = "
                            "psi~(x) and b = psi~(-x); the mean of it, divided by 4.")),
        **DRAWN,
    ),
    step(
        "eq-23a.3", fixed * odd_square >= quarter * odd_along_x, "(23), second inequality",
        decided_by=(fixed - common_on_a_line) * odd_square
        >= (quarter - common_on_a_line) * odd_along_x,
        identity=f"{LESS_COMMON}is taken off", best=SYMMETRIC,
        proof=Argument(Step("|g| >= |<g, xbar>| at each x that is not 0, as |xbar| = 1.",
                            by=CAUCHY_SCHWARZ)),
        **DRAWN,
    ),
    step(
        "eq-24a", mean_square >= factor * odd_sum, "(24), first inequality",
        decided_by=less_the_odd_part >= (4 * factor - common_part) * odd_along_x,
        identity=f"the mean is 4 E<psi~(x) - psi~(-x), xbar>^2; {LESS_COMMON}is taken off",
        uses=("eq-22", *CHAIN),
        proof=Argument(
            Step("E|psi~|^2 >= (1/4) E[(int_-1^1 |x| xbar^T grad psi~(tx) xbar dt)^2].",
                 by="eq-6-repaired"),
            Step("xbar^T grad psi~(tx) xbar = (1/2) sum_ij psi_i psi_j(tx) <mu_i - mu_j, xbar>^2: "
                 "the factor 1/2 squared and 1/4 make 1/16.", by="eq-22"),
        ),
        best={"factor": best(
            "1/16",
            "(23a), (23b) and (5): the right side is E<psi~(x) - psi~(-x), xbar>^2/4; "
            "symmetric lines",
            sharp=True, attained=True,
        )},
        **DRAWN,
    ),
    step(
        "eq-24b", Fraction(1, 16) * odd_sum >= decayed, "(24), second inequality",
        decided_by=coarse >= decayed - coarse_common, identity="c is taken off both sides",
        uses=("lemma-18",), maps=MAPS[1:],
        proof=Argument(
            Step("For x not 0 and every i and j, |x| times the integral of psi_i psi_j(tx) is at "
                 "least (1/2) exp(-4U) pi_i pi_j (1 - exp(-4 mu_max |x|))/mu_max (where mu_max = "
                 "0 all terms of both sums are 0).", by="lemma-18"),
            Step("Times <mu_i - mu_j, xbar>^2 >= 0, added up, squared (neither side is negative): "
                 "the factor exp(-8U)/4, with 1/16 before the mean exp(-8U)/64."),
        ),
        best={
            "exponent": best(
                1,
                "lemma-18-sharpened: |mu_i|^2 + |mu_j|^2 <= U for i not j, "
                "2 tanh(q)/(1 - exp(-4q)) >= 1/2",
                limit="1/8",
                note="The integral over the line is bounded pointwise in x, by U for |mu_i|^2 + "
                "|mu_j|^2; the mean over x is larger, by how much is not known here beyond 1/8.",
            ),
            "denominator": best(
                64,
                "lemma-18-sharpened: 2 tanh(q)/(1 - exp(-4q)) >= 1/2; two opposite means to 0",
                sharp=True, attained=False,
            ),
        },
        **DRAWN,
    ),
)  # fmt: skip
