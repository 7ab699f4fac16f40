"""Theorem 14 (upper bounds of the loss).

    L(mu) <= sum_i (pi_i/2) |mu_i|^2 <= mu_max^2/2

for every mixture. Where all means coincide the first link is an equality, and the loss is exactly
|mu_1|^2/2 (the mixture is one Gaussian). The second link is rational on both sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gembounds.points import batches
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, Domain, L, const, mu_max, norms, pi, total
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import JENSEN

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

HALF = const("half", "1/2")
CONVEX = "relative entropy is convex in p_mu (Jensen); all means equal"


def mixtures_of_all_shapes() -> SearchStrategy[Point]:
    """Mixtures of 2 to 10 components, ranks to 5.

    The sides of the first link differ by about the smallest weight, so the tiny ones go mostly
    with means on a line, where hundreds of digits are cheap.
    """
    from gembounds.points.strategies import points, points_of_all_ranks

    moderate = points(smallest_weight=6)
    return points(max_rank=1) | moderate | moderate | points_of_all_ranks()


ALL = Domain("several, few tiny weights", SEVERAL.test, mixtures_of_all_shapes, batches.PLAIN)

CLAIMS = (
    Claim(
        "theorem-14.1",
        L <= total(HALF * pi * norms**2),
        source="Theorem 14, first inequality",
        over=ALL,
        form="printed",
        judges=("loss",),
        maps=("size and dimension", "separation and weight"),
        best={"half": best("1/2", CONVEX, sharp=True, attained=True)},
        proof=Argument(
            Step(
                "L = -E log sum_i pi_i exp(<x, mu_i> - |mu_i|^2/2), and log is concave, so at "
                "every x the logarithm is at least sum_i pi_i (<x, mu_i> - |mu_i|^2/2).",
                by=JENSEN,
            ),
            Step("E x = 0, so the expectation of that is -sum_i pi_i |mu_i|^2/2."),
        ),
    ),
    Claim(
        "theorem-14.2",
        total(pi / 2 * norms**2) <= HALF * mu_max**2,
        source="Theorem 14, second inequality",
        over=ALL,
        form="printed",
        maps=("separation and weight",),
        best={
            "half": best("1/2", "a mean of squares; all norms equal", sharp=True, attained=True)
        },
        proof=Argument(Step("Every |mu_i| is at most mu_max, and the weights add up to 1.")),
    ),
)
