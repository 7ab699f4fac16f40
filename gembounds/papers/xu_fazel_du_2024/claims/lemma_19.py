"""Lemma 19 and the two links of its proof: one distant mean makes the means spread.

    some k with |mu_k - mu_imax| >= mu_max/2:
        sum_ij pi_i pi_j |mu_i - mu_j|^2 >= (pi_min/8) mu_max^2,
    and for every i
        sum_j pi_j |mu_i - mu_j|^2 >= pi_imax |mu_i - mu_imax|^2 + pi_k |mu_i - mu_k|^2
                                   >= (pi_min/2) |mu_k - mu_imax|^2.

imax is any index of a longest mean: a tie leaves the choice open, and the lemma must hold for
each. The lemma's domain is that for some choice a k exists; the links take imax and k as
parameters (k prints as l, beside a sum over k). k = imax is possible only if mu_max = 0, where all
sides are 0. Everything is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import ensembles
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points import batches
from gembounds.points.point import Point
from gembounds.statements import (
    SEVERAL,
    Domain,
    Expr,
    S,
    at_k,
    const,
    distances,
    mu_max,
    pi,
    pi_min,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.values.exact import root
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

RATIOS = tuple(map(Fraction, ("1/2", "0", "-1", "1/4", "-1/2", "511/1024", "-3/8", "1/2")))
"""mu_k over mu_imax where a mean is placed: the end 1/2 of what the hypothesis allows first.
Dyadic, so that a million equal columns stay float64 numbers."""


def distant_pairs(ops: Any, mix: Mixture) -> Iterator[tuple[int, int]]:
    """All (imax, k) with |mu_imax| = mu_max and |mu_k - mu_imax| >= mu_max/2, exactly."""
    norms2, distances2, top = ops.norms2(mix), ops.distances2(mix), ops.mu_max2(mix)
    for i in range(mix.n):
        if norms2[i] == top:
            yield from ((i, k) for k in range(mix.n) if 4 * distances2[i][k] >= top)


def has_distant_mean(ops: Any, point: Point) -> Iterator[Part]:
    """Some k has |mu_k - mu_imax| >= mu_max/2, for some choice of imax."""
    yield from SEVERAL.parts(ops, point)
    found = next(distant_pairs(ops, point.mix), None) is not None
    yield Part("|mu_k - mu_imax| >= mu_max/2 for some k and a longest mu_imax", found)


def is_distant_pair(ops: Any, point: Point) -> Iterator[Part]:
    """imax is the index of a longest mean and |mu_k - mu_imax| >= mu_max/2."""
    yield from SEVERAL.parts(ops, point)
    imax, k = point["imax"], point["k"]
    for name, index in (("imax", imax), ("k", k)):
        yield part(f"{name} >= 0", index, ">=", 0)
        yield part(f"{name} < n", index, "<", point.mix.n)
    top = ops.mu_max2(point.mix)
    yield part("|mu_imax|^2 = mu_max^2", ops.norms2(point.mix)[imax], "==", top)
    far = ops.distances2(point.mix)[imax][k]
    yield part("|mu_k - mu_imax|^2 >= mu_max^2/4", far, ">=", top / 4)


def mixtures_with_a_distant_mean(max_rank: int = 3) -> SearchStrategy[Point]:
    """Mixtures of 2 to 10 components; where no mean is distant, one is placed at a multiple of
    mu_imax, as near as the hypothesis allows or farther."""
    from hypothesis import strategies as st

    from gembounds.papers.xu_fazel_du_2024.claims.placing import longest, with_multiple
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


SOME_DISTANT = "some k with |mu_k - mu_imax| >= mu_max/2"


def some_distant(b: Any) -> Any:
    return b.distant.any(axis=1)


DISTANT = Domain(
    "a distant mean", has_distant_mean, mixtures_with_a_distant_mean, batches.PLAIN, some_distant,
    SOME_DISTANT,
)  # fmt: skip
PAIRS = Domain(
    "a distant pair", is_distant_pair, distant_pairs_of_means, ensembles.PLACED,
    lambda b: b.distant[np.arange(len(b)), b["k"]],
    "mu_imax a longest mean, |mu_l - mu_imax| >= mu_max/2",
)  # fmt: skip


def _picked(parameter: str, letter: str, tex: str) -> tuple[Expr, Expr]:
    """The weight of the component that a parameter names, and the distances to its mean."""
    weight = named(
        f"pi_{letter}", f"pi_{letter}", rf"\pi_{tex}",
        lambda ops, p: ops.weights(p.mix)[p[parameter]],
        estimate=lambda b: b.weights[np.arange(len(b)), b[parameter]],
    )  # fmt: skip
    away = named(
        f"to_{letter}", f"|mu_i - mu_{letter}|", rf"|\mu_i - \mu_{tex}|",
        lambda ops, p: [root(row[p[parameter]]) for row in ops.distances2(p.mix)], axes="i",
        estimate=lambda b: b.distances[np.arange(len(b)), :, b[parameter]],
    )  # fmt: skip
    return weight, away


pi_imax, to_imax = _picked("imax", "imax", r"{i_{\max}}")
pi_far, to_far = _picked("k", "l", "l")
between = named(
    "between", "|mu_l - mu_imax|", r"|\mu_l - \mu_{i_{\max}}|",
    lambda ops, p: root(ops.distances2(p.mix)[p["imax"]][p["k"]]),
    estimate=lambda b: b.distances[np.arange(len(b)), b["imax"], b["k"]],
)  # fmt: skip
two_terms = pi_imax * to_imax**2 + pi_far * to_far**2


def lemma_19(claim_id: str, factor: str, **more: Any) -> Claim:
    """The lemma with a factor in place of 1/8."""
    return Claim(
        claim_id,
        S >= const("factor", factor) * pi_min * mu_max**2,
        source="Lemma 19",
        over=DISTANT,
        maps=("separation and weight",),
        best={"factor": best("1/4", "lemma-19-sharpened", sharp=True, attained=True)},
        **more,
    )


CLAIMS = (
    lemma_19(
        "lemma-19", "1/8", form="printed", uses=("lemma-19-proof.1", "lemma-19-proof.2"),
        proof=Argument(
            Step("Take imax and k as the hypothesis has them. For every i, sum_j pi_j |mu_i - "
                 "mu_j|^2 >= (pi_min/2) |mu_k - mu_imax|^2 >= (pi_min/8) mu_max^2.",
                 by=("lemma-19-proof.1", "lemma-19-proof.2"),
                 shows=total(at_k(pi) * distances**2, over="k") >= pi_min * mu_max**2 / 8),
            Step("The mean of the left side over i with the weights pi_i is S, and that of the "
                 "right side the right side itself."),
        ),
    ),
    Claim(
        "lemma-19-proof.1",
        total(at_k(pi) * distances**2, over="k") >= two_terms,
        source="proof of Lemma 19, first inequality",
        over=PAIRS,
        form="printed",
        proof=Argument(
            Step("Where l is not imax, the right side is two of the terms of the sum on the "
                 "left, of which none is negative."),
            Step("Where l is imax, the hypothesis says 0 >= mu_max/2: all means are 0, and so "
                 "are both sides."),
        ),
    ),
    Claim(
        "lemma-19-proof.2",
        two_terms >= const("factor", "1/2") * pi_min * between**2,
        source="proof of Lemma 19, second inequality",
        over=PAIRS,
        form="printed",
        best={
            "factor": best(
                "1/2",
                "|a|^2 + |b|^2 >= |a - b|^2/2; mu_i half way, equal weights",
                sharp=True,
                attained=True,
            )
        },
        proof=Argument(
            Step("Both weights are at least pi_min, and for u = |mu_i - mu_imax| and v = |mu_i "
                 "- mu_l| u^2 + v^2 >= (u + v)^2/2 >= |mu_l - mu_imax|^2/2, by the triangle "
                 "inequality; where l is imax the right side is 0.")
        ),
    ),
)  # fmt: skip
