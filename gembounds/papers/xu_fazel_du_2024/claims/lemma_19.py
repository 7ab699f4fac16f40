"""Lemma 19 and the two links of its proof: one distant mean makes the means spread.

    some k with |mu_k - mu_imax| >= mu_max/2:
        sum_ij pi_i pi_j |mu_i - mu_j|^2 >= (pi_min/8) mu_max^2,
    and for every i
        sum_j pi_j |mu_i - mu_j|^2 >= pi_imax |mu_i - mu_imax|^2 + pi_k |mu_i - mu_k|^2
                                   >= (pi_min/2) |mu_k - mu_imax|^2.

imax is any index of a longest mean: a tie leaves the choice open, and the lemma must hold for
each. The lemma's domain is that for some choice a k exists; the links take imax and k as
parameters. k = imax is possible only if mu_max = 0, where all sides are 0. Everything is exact
rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import weighted_spread
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

RATIOS = tuple(map(Fraction, ("1/2", "0", "-1", "1/4", "-1/2", "511/1024", "-3/8", "1/2")))
"""mu_k over mu_imax where a mean is placed: the end 1/2 of what the hypothesis allows first.
Dyadic, so that a million equal columns stay float64 numbers."""

HALF = Fraction(1, 2)


def distant_pairs(ops: Operations, mix: Mixture) -> Iterator[tuple[int, int]]:
    """All (imax, k) with |mu_imax| = mu_max and |mu_k - mu_imax| >= mu_max/2, exactly."""
    norms2, distances2, top = ops.norms2(mix), ops.distances2(mix), ops.mu_max2(mix)
    for i in range(mix.n):
        if norms2[i] == top:
            yield from ((i, k) for k in range(mix.n) if 4 * distances2[i][k] >= top)


def has_distant_mean(ops: Operations, point: Point) -> Tri:
    """Some k has |mu_k - mu_imax| >= mu_max/2, for some choice of imax."""
    if has_mixture(ops, point) is not True:
        return False
    return next(distant_pairs(ops, point.mix), None) is not None


def is_distant_pair(ops: Operations, point: Point) -> Tri:
    """imax is the index of a longest mean and |mu_k - mu_imax| >= mu_max/2."""
    if has_mixture(ops, point) is not True:
        return False
    return (point["imax"], point["k"]) in set(distant_pairs(ops, point.mix))


def mixtures_with_a_distant_mean(max_rank: int = 3) -> SearchStrategy[Point]:
    """Mixtures of 2 to 10 components; where no mean is distant, one is placed at a multiple of
    mu_imax, as near as the hypothesis allows or farther."""
    from hypothesis import strategies as st

    from gembounds.papers.xu_fazel_du_2024.old_claims.placing import longest, with_multiple
    from gembounds.points.strategies import mixtures
    from gembounds.statements.operations import Operations

    def placed(drawn: tuple[Mixture, bool, int, Fraction]) -> Point:
        mix, anyway, step, ratio = drawn
        ops = Operations()
        if not anyway and next(distant_pairs(ops, mix), None) is not None:
            return Point(mix)
        imax = longest(mix)[0]
        return Point(with_multiple(mix, (imax + 1 + step % (mix.n - 1)) % mix.n, imax, ratio))

    drawn = st.tuples(
        mixtures(max_rank=max_rank), st.booleans(), st.integers(0, 8), st.sampled_from(RATIOS)
    )
    return drawn.map(placed)


def distant_pairs_of_means() -> SearchStrategy[Point]:
    """The same mixtures with imax and k: any pair that the hypothesis allows."""
    from hypothesis import strategies as st

    from gembounds.statements.operations import Operations

    def paired(point: Point) -> SearchStrategy[Point]:
        pairs = list(distant_pairs(Operations(), point.mix))
        return st.sampled_from(pairs).map(
            lambda pair: Point(point.mixture, {"imax": pair[0], "k": pair[1]})
        )

    return mixtures_with_a_distant_mean().flatmap(paired)


def spread(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return weighted_spread(ops, point.mix)


def spread_bound(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return constants["factor"] * ops.pi_min(point.mix) * ops.mu_max2(point.mix)


def spread_from_each(ops: Operations, point: Point, constants: Constants) -> list[Fraction]:
    """sum_j pi_j |mu_i - mu_j|^2 for every i."""
    pi, distances2 = ops.weights(point.mix), ops.distances2(point.mix)
    return [sum((p * x for p, x in zip(pi, row, strict=True)), Fraction(0)) for row in distances2]


def two_terms(ops: Operations, point: Point, constants: Constants) -> list[Fraction]:
    """pi_imax |mu_i - mu_imax|^2 + pi_k |mu_i - mu_k|^2 for every i."""
    pi, distances2 = ops.weights(point.mix), ops.distances2(point.mix)
    imax, k = point["imax"], point["k"]
    return [pi[imax] * row[imax] + pi[k] * row[k] for row in distances2]


def two_terms_bound(ops: Operations, point: Point, constants: Constants) -> Fraction:
    between = ops.distances2(point.mix)[point["imax"]][point["k"]]
    return constants["factor"] * ops.pi_min(point.mix) * between


CLAIMS = (
    Claim(
        id="lemma-19",
        source="Lemma 19",
        text=(
            "some k with |mu_k - mu_imax| >= mu_max/2: "
            "sum_ij pi_i pi_j |mu_i - mu_j|^2 >= (pi_min/8) mu_max^2"
        ),
        relation=">=",
        lhs=spread,
        rhs=spread_bound,
        domain=has_distant_mean,
        generator=mixtures_with_a_distant_mean,
        constants={"factor": Fraction(1, 8)},
        uses=("lemma-19-proof.1", "lemma-19-proof.2"),
    ),
    Claim(
        id="lemma-19-proof.1",
        source="proof of Lemma 19, first inequality",
        text=(
            "sum_j pi_j |mu_i - mu_j|^2 >= pi_imax |mu_i - mu_imax|^2 + pi_k |mu_i - mu_k|^2 "
            "for every i"
        ),
        relation=">=",
        lhs=spread_from_each,
        rhs=two_terms,
        domain=is_distant_pair,
        generator=distant_pairs_of_means,
    ),
    Claim(
        id="lemma-19-proof.2",
        source="proof of Lemma 19, second inequality",
        text=(
            "pi_imax |mu_i - mu_imax|^2 + pi_k |mu_i - mu_k|^2 "
            ">= (pi_min/2) |mu_k - mu_imax|^2 for every i"
        ),
        relation=">=",
        lhs=two_terms,
        rhs=two_terms_bound,
        domain=is_distant_pair,
        generator=distant_pairs_of_means,
        constants={"factor": HALF},
    ),
)
