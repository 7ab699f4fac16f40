"""Theorem 13, (7) and (14): local smoothness of the loss.

If |delta_i| <= 1/max(6d, 2 |mu_i|) for all i, then for every i

    |grad_{mu_i + delta_i} L(mu + delta) - grad_{mu_i} L(mu)|
        <= n mu_max (30 sqrt(d) + 4 mu_max) |delta_i| + sum_k |delta_k|.

The difference of the gradients comes from overlaps. It is intersected with the bound of the
sharpened form, which decides most points whatever cancels; the sharpened forms themselves are
decided without it.

Repaired: max_k |delta_k| for |delta_i| in the first term. A mean that stays (delta_i = 0) has its
gradient changed by the others in proportion to mu_max, which the printed bound leaves out.

Sharpened, for every delta with no condition, Delta = max_k |delta_k|:

    ... <= (77/100) mu_max (sqrt(d) + mu_max + Delta/2) Delta + Delta.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import ensembles, families, slips
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import (
    Domain,
    at_k,
    const,
    d,
    displacement,
    gradient_change,
    largest,
    maximum,
    mu_max,
    n,
    norm,
    norms,
    sqrt,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.domain import SEVERAL
from gembounds.statements.evaluate import evaluate
from gembounds.statements.theorems import CAUCHY_SCHWARZ, FUBINI, FUNDAMENTAL
from gembounds.statements.vocabulary import change_of_gradient, estimated_change

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

MAPS = ("size and dimension", "separation and weight")

delta = displacement("delta")
shifts = norm(delta)
largest_shift = largest(at_k(shifts))
sum_of_shifts = total(at_k(shifts))

MOVES_LITTLE = shifts <= 1 / maximum(6 * d, 2 * norms)
"""The condition of the theorem, for every i."""

SLOPE = const("factor", "77/100") * mu_max * (sqrt(d) + mu_max + largest_shift / 2)
change = gradient_change(delta)
SHARP = SLOPE * largest_shift + largest_shift


def moved_mixtures(**options: Any) -> SearchStrategy[Point]:
    from gembounds.points.strategies_moved import moved_mixtures

    return moved_mixtures(**options)


MOVED = Domain("moved", SEVERAL.test, moved_mixtures, ensembles.MOVED)
"""Mixtures on lines, in planes and spaces, displaced up to the end of the condition."""

MOVED_ANYHOW = Domain(
    "moved anyhow", SEVERAL.test, lambda: moved_mixtures(stretch=True), ensembles.MOVED_ANYHOW
)
"""The same with longer displacements too."""


def _bounded_change(ops: Any, point: Point) -> list[Any]:
    """The same, and at most what the sharpened form says."""
    limits = ops.ball(0).union(ops.ball(evaluate(SHARP, ops, point, {})))
    return [x if isinstance(x, Fraction) else x.intersection(limits)
            for x in change_of_gradient(ops, point, point["delta"])]  # fmt: skip


bounded_gradient_change = named(
    "bounded_gradient_change", "|grad_i L(mu + delta) - grad_i L(mu)|",
    r"|\nabla_i L(\mu + \delta) - \nabla_i L(\mu)|", _bounded_change, axes="i",
    needs=("overlaps",), estimate=lambda b: estimated_change(b, b["delta"]),
    meaning="the same, at most what theorem-13-sharpened says",
)  # fmt: skip


def bound(shift: Any, mean: Any = 4) -> Any:
    """The right side of (7), ``shift`` in the place of |delta_i|."""
    slope = const("root", 30) * sqrt(d) + const("mean", mean) * mu_max
    return n * mu_max * slope * shift + sum_of_shifts


LOGITS = Step(
    "Along mu + s delta, 0 <= s <= 1, the logits log pi_k + <x, mu_k + s delta_k> - |mu_k + s "
    "delta_k|^2/2 have derivatives l_k = <x - mu_k - s delta_k, delta_k> in s, of size at most "
    "B = D (|x| + mu_max + sD), D = max_k |delta_k|; and psi_k' = psi_k (l_k - lbar), lbar = "
    "sum_j psi_j l_j."
)
"""Of arguments about a displacement."""

ALONG = Argument(
    Step("With psi and psi~ at mu and q = psi_i at mu + delta, the difference of the gradients "
         "is E[q sum_k psi_k(x|mu+delta) delta_k], at most D = max_k |delta_k| in norm, and "
         "E[T(1) - T(0)], T(s) = psi_i tau, tau = sum_k psi_k mu_k, psi at mu + s delta.",
         by=GRADIENT_OF_L),
    LOGITS,
    Step("With p = psi_i, T' = p (l_i - lbar) tau + p C, where |l_i - lbar| <= 2B (1-p) and C "
         "= sum_k psi_k (l_k - lbar) (mu_k - tau), |C|^2 <= V (mu_max^2 - |tau|^2), V the "
         "variance of l under psi: sum_k psi_k |mu_k - tau|^2 = sum_k psi_k |mu_k|^2 - "
         "|tau|^2. So |T'| <= p mu_max (4 B^2 (1-p)^2 + V)^(1/2).", by=(CAUCHY_SCHWARZ,)),
    Step("V <= B^2. So for p <= 1/2 |T'| <= B mu_max p (4 (1-p)^2 + 1)^(1/2) <= B "
         "mu_max/sqrt(2): the square of that function of p has the derivative 2p (8p^2 - 12p + "
         "5) > 0."),
    Step("Let p >= 1/2, and let the others have the mean b under psi/(1-p), and so a variance "
         "of at most B^2 - b^2 there. V <= p (1-p) (l_i - b)^2 + (1-p) (B^2 - b^2) <= p (1-p) "
         "(B + |b|)^2 + (1-p) (B^2 - b^2), which rises with |b| <= B, as (1-p) |b| <= p B: V "
         "<= 4p (1-p) B^2, and |T'| <= 2 B mu_max p sqrt(1-p) <= 4/(3 sqrt(3)) B mu_max."),
    Step("Both are at most (77/100) B mu_max. Integrate over s and x: the mean of B is at most "
         "D (E|x| + mu_max + D/2), and E|x| <= (E|x|^2)^(1/2) = sqrt(d).",
         by=(CAUCHY_SCHWARZ, FUNDAMENTAL, FUBINI)),
)  # fmt: skip

REPAIRED = Argument(
    Step("D = max_k |delta_k| <= 1/(6d) <= sqrt(d)/6.", shows=largest_shift <= sqrt(d) / 6),
    Step("So the bound without a condition is at most (77/100) mu_max ((13/12) sqrt(d) + "
         "mu_max) D + D; and n >= 2, D <= sum_k |delta_k|.", by=("theorem-13-sharpened",),
         shows=largest_shift <= sum_of_shifts),
)  # fmt: skip

CLAIMS = (
    Claim(
        "theorem-13",
        bounded_gradient_change <= bound(shifts),
        when=MOVES_LITTLE,
        source="Theorem 13, (7) and (14)",
        over=MOVED,
        form="printed",
        slip=slips.OTHER_MEANS_MOVE,
        uses=("lemma-9.2", "eq-17a", "eq-17b", "eq-18a", "eq-18b.1", "eq-18b.2", "eq-19"),
        maps=MAPS,
    ),
    Claim(
        "theorem-13-repaired",
        bounded_gradient_change <= bound(largest_shift),
        when=MOVES_LITTLE,
        source="Theorem 13, (7) and (14)",
        over=MOVED,
        form="repaired",
        repairs="theorem-13",
        judges=("overlaps",),
        maps=MAPS,
        best={
            "root": best(
                0,
                "theorem-13-sharpened-sum",
                sharp=True,
                attained=False,
                note="The term may be dropped: 0 holds.",
            ),
            "mean": best("101/400", "theorem-13-sharpened-mean", limit="1/4", family=families.FRO),
        },
        proof=REPAIRED,
    ),
    Claim(
        "theorem-13-sharpened",
        change <= SHARP,
        source="Theorem 13, (7) and (14)",
        over=MOVED_ANYHOW,
        form="sharpened",
        repairs="theorem-13",
        maps=MAPS,
        best={
            "factor": best(
                "77/100",
                "theorem-13-sharpened",
                limit="1/2",
                family=families.FRO,
                note="Means far out with tiny displacements to and fro give 1/2; the proof adds "
                "the worst cases of psi_i' and of a covariance, which do not occur together.",
            )
        },
        proof=ALONG,
    ),
)
