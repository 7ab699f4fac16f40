"""Beyond the paper: EM proper converges like t^(-2) from every start, whatever the weights.

One step is M(mu)_i = E[psi_i x] / E psi_i = mu_i - g_i/E psi_i, g = grad L(mu), the weights
fixed. F = E|psi~|^2, W = sum_i E[psi_i] |mu_i|^2, D = max_ik |mu_i - mu_k|, r the rank of the
differences. For every mixture

    em-distances.1  |M_i - M_k| <= |mu_i - mu_k|,
    em-distances.2  |M_i - M_k| >= |mu_i - mu_k| / (1 + D^2/4),
    em-decrease.1   L(mu) - L(M) >= (1/2) sum_i |g_i|^2 / E psi_i,
    em-decrease.2   sum_i |g_i|^2 / E psi_i >= F^2/W,
    em-decrease.3   F^2/W >= F^(3/2) / (sqrt F + sqrt r),

and for every start with D0 > 0 and t >= 1

    rate-em-upper   L(t) <= 2 exp(3 D0^2/4) (sqrt r + sqrt(4/e))^2 / t^2,
    rate-em-lower   L(t) >= pi_min^2 exp(-D0^2/2)
                            / (16 (r + pi_min D0^2) (1/D0^2 + (1/2 + D0^2/16) t)^2).

The differences keep their rank, and from t = 1 on 0 lies in the means' hull.

What the constants can be: for means +-s of equal weights, s to 0, D0 = 2s, r = 1, L(1) = s^4/4 and
the lower bound agree; and as t to infinity both t^2 L and t^2 times the bound tend to 1/16, up to
factors that tend to 1 with s.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.arguments.beyond_em import (
    CAUCHYS,
    EM_LOWER,
    EM_UPPER,
    JENSENS,
    NEARER,
    NOT_MUCH,
    RANKED,
)
from gembounds.papers.xu_fazel_du_2024.claims.beyond_runs import (
    EM_RUNS,
    em_means,
    loss_along_em,
    losses,
    starts,
    time,
)
from gembounds.papers.xu_fazel_du_2024.claims.section_5_rate import not_run
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.batch import Batch, resolved
from gembounds.points.point import Point
from gembounds.statements import (
    SEVERAL,
    U,
    const,
    diameter,
    distances,
    exp,
    expected_posterior,
    gradient_norms,
    mean_square,
    norms,
    pi_min,
    r,
    sqrt,
    total,
)
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

SOURCE = "beyond the paper: EM proper"


def _new_distances(ops: Operations, point: Point) -> Any:
    """|M_i - M_k|; exactly 0 where mu_i = mu_k."""
    mix = point.mix
    before, lengths = ops.distances2(mix), ops.multiplicities(mix)
    mass = ops.expected_posterior(mix)
    moves = [[ops.ball(g) / ops.ball(p) for g in row]
             for row, p in zip(ops.gradient(mix), mass, strict=True)]  # fmt: skip
    means = ops.means(mix)

    def apart(i: int, k: int) -> Any:
        if before[i][k] == 0:
            return Fraction(0)
        gaps = [ops.ball(a - b) - (u - v) for a, b, u, v in
                zip(means[i], means[k], moves[i], moves[k], strict=True)]  # fmt: skip
        return ops.sqrt(sum((m * g * g for m, g in zip(lengths, gaps, strict=True)), ops.ball(0)))

    return [[apart(i, k) for k in range(mix.n)] for i in range(mix.n)]


def _new_distances_over(b: Batch) -> Any:
    means = em_means(b)
    gaps = means[:, :, None] - means[:, None]
    return np.sqrt((gaps**2).sum(axis=3))


def _fall(ops: Operations, point: Point) -> Any:
    before, after = losses(ops, Point(point.mix, {"steps": 1}), "em")
    return before - after


def _fall_over(b: Batch) -> Any:
    """NaN where an expected posterior is not resolved, and so no step is known."""
    means = em_means(b)
    known = np.all(np.isfinite(means), axis=(1, 2), keepdims=True)
    moved = b.moved(np.where(known, means, b.means))
    return resolved(b.loss - moved.loss, 1e-9 * b.loss)


new_distances = named(
    "em_distances", "|M_i - M_k|", r"|M_i - M_k|", _new_distances, axes="ik",
    estimate=_new_distances_over, needs=("overlaps",),
    meaning="distances after a step of EM proper",
)  # fmt: skip
fall = named(
    "em_fall", "(L - L(M))", r"\left(L - L(M)\right)", _fall, interval=not_run,
    needs=("loss", "overlaps"),
    estimate=_fall_over,
    meaning="by how much a step of EM proper lowers L",
)  # fmt: skip
squares = total(gradient_norms**2 / expected_posterior)
second_moment = total(expected_posterior * norms**2)


def _shorter(steps: int) -> Family:
    """Means +-1/k, equal weights: u = k."""
    return Family(
        "two opposite means of equal weights, to 0", "1/mu_max",
        lambda quick: [(Fraction(k), Point(Mixture([[Fraction(1, k)], [Fraction(-1, k)]]),
                                           {"steps": steps})) for k in (8, 64, 512)],
    )  # fmt: skip


CLAIMS = (
    Claim(
        "em-distances.1", new_distances <= const("factor", 1) * distances,
        source=SOURCE, over=SEVERAL,
        proof=NEARER,
        best={"factor": best(1, "em-distances.1", sharp=True, attained=False,
                             family=families.SMALL)},
    ),
    Claim(
        "em-distances.2",
        new_distances >= distances / (1 + const("factor", "1/4") * diameter**2),
        source=SOURCE, over=SEVERAL,
        proof=NOT_MUCH,
        best={"factor": best("1/4", "em-distances.2", sharp=True, attained=False,
                             family=families.SMALL)},
    ),
    Claim(
        "em-decrease.1", fall >= const("factor", "1/2") * squares,
        source=SOURCE, over=replace(SEVERAL, draw=lambda: starts().map(Point)), cost=2.0,
        proof=JENSENS,
        best={"factor": best("1/2", "em-decrease.1", sharp=True, attained=True)},
    ),
    Claim(
        "em-decrease.2", squares >= const("factor", 1) * mean_square**2 / second_moment, U > 0,
        source=SOURCE, over=SEVERAL,
        proof=CAUCHYS,
        best={"factor": best(1, "em-decrease.2", sharp=True, attained=True)},
    ),
    Claim(
        "em-decrease.3",
        mean_square**2 / second_moment
        >= const("factor", 1) * mean_square ** Fraction(3, 2) / (sqrt(mean_square) + sqrt(r)),
        U > 0, source=SOURCE, over=SEVERAL,
        proof=RANKED,
        best={"factor": best(1, "em-decrease.3", sharp=True, attained=True)},
    ),
    Claim(
        "rate-em-upper",
        loss_along_em
        <= const("factor", 2) * exp(const("rate", "3/4") * diameter**2)
        * (sqrt(r) + sqrt(4 * exp(-1))) ** 2 / time**2,
        diameter > 0, source=SOURCE, over=EM_RUNS, cost=2.0,
        proof=EM_UPPER,
        best={
            "factor": best(
                2, "rate-em-upper",
                note="t^2 L tends to r/16, which a factor of 1/16 would allow; the proof bounds "
                "F by 4/e, where it is small in the end, and D by D0.",
            ),
            "rate": best(
                "3/4", "rate-em-upper",
                note="D falls, and the proof takes it as at the start all along.",
            ),
        },
    ),
    Claim(
        "rate-em-lower",
        loss_along_em
        >= pi_min**2 * exp(-(const("rate", "1/2") * diameter**2))
        / (const("denominator", 16) * (r + pi_min * diameter**2)
           * (1 / diameter**2 + (const("growth", "1/2") + const("bend", "1/16") * diameter**2)
              * time) ** 2),
        diameter > 0, source=SOURCE, over=EM_RUNS, cost=2.0,
        proof=EM_LOWER,
        best={
            "denominator": best(
                16, "rate-em-lower", sharp=True, attained=False, family=_shorter(1)
            ),
            "growth": best("1/2", "rate-em-lower", sharp=True, attained=False),
            "rate": best(
                "1/2", "rate-em-lower",
                note="After a step all means are at most D from 0, in fact less; the proof has "
                "D0 for all of them at all times.",
            ),
            "bend": best(
                "1/16", "rate-em-lower",
                note="Cramer and Rao's bound of the covariance, and Popoviciu's of Hess h, meet "
                "for near means only, where this term counts for nothing.",
            ),
        },
    ),
)  # fmt: skip
