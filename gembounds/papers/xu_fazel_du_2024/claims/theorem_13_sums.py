"""The steps of the proof of Theorem 13 that put its bound together: (17) to (19).

Under |delta_i| <= 1/max(6d, 2 |mu_i|) for all i, for every i and k, with g_ik(x) =
psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu) and F_i = E[exp(2 |delta_i| (|x| + |mu_i|)) - 1]:

    (17a)  the left side of (7) <= sum_k |delta_k| + sum_k E|g_ik| |mu_k|,
    (17b)  sum_k E|g_ik| |mu_k| <= sum_k F_i |mu_k|,
    (18a)  F_i <= exp(2 |delta_i| |mu_i|) (1 + 10 sqrt(d) |delta_i|) - 1,
    (18b)      <= 4 |delta_i| |mu_i| + 10 sqrt(d) |delta_i| exp(1)
               <= (30 sqrt(d) + 4 |mu_i|) |delta_i|,
    (19)   sum_k |delta_k| + sum_k (30 sqrt(d) + 4 |mu_i|) |delta_i| |mu_k| <= right side of (7).

E|g_ik| is enclosed in :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.moved`, F_i is Kummer's
form of the chi law's moment generating function. (19) is decided with the terms of sqrt(d) on one
side and those of the norms on the other, which are both exactly 0 where all norms are equal.

(17b) fails with (15) and (16): component i may stay while others move. The weights |mu_k| matter:
for means 0 it reads 0 <= 0, and for means 1 and 1 it fails. Repaired, term by term, which is more:
D = max_k |delta_k| for |delta_i| and mu_max for |mu_i|. The display that ends the proof of Lemma
17 has F_i for E exp(c |x|) on its left, which is as large as e - 1 for far means and tiny
displacements. (18b) cannot follow from the repaired form, as D mu_max may pass 1/2; the repaired
Theorem 13 does not need it. (18c) is in
:mod:`gembounds.papers.xu_fazel_du_2024.claims.theorem_13_numbers`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import ensembles, families, slips
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.claims.theorem_13 import (
    LOGITS,
    MOVES_LITTLE,
    bound,
    change,
    largest_shift,
    moved_mixtures,
    shifts,
    sum_of_shifts,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball, named, symbol
from gembounds.statements import (
    Domain,
    at_k,
    const,
    d,
    exp,
    mu_max,
    n,
    norms,
    sqrt,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.domain import at_least
from gembounds.statements.tree import Relation, call
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.points.point import Point

best_radial = Later("gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial")

CELLS, MOST_CELLS, MOST_PIECES = 200, 800, 4
"""Cells at 64 bits, in proportion to the bits, up to a limit; pieces of [0, 1] (a choice)."""


HIGH = Domain(
    "moved, any dimension", at_least(2), lambda: moved_mixtures(max_d=1000), ensembles.MOVED
)
"""For sides that need no integral over psi: d up to 1000."""

FEW = Domain(
    "moved, few", at_least(2), lambda: moved_mixtures(max_n=5, max_rank=2),
    ensembles.MOVED_A_LITTLE,
)  # fmt: skip
"""For E|g_ik|, n^2 integrals by cells: n up to 5, means on lines and in planes."""


def _changes(ops: Any, point: Point) -> list[list[Any]]:
    """E|g_ik|, (n, n)."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.moved import expected_changes

    mix, delta = point.mix, point["delta"]
    if not any(x for v in delta for x in v):
        return [[Fraction(0)] * mix.n for _ in range(mix.n)]
    before, after = ops.overlaps(mix), ops.overlaps(ops.moved(point, "delta").mix)
    coarse = ops.rung.evaluator == "float64"
    cells = 0 if coarse else min(CELLS * ops.rung.bits // 64, MOST_CELLS)
    pieces = min(ops.rung.bits // 16, MOST_PIECES)
    found = expected_changes(mix, delta, before, after, cells, pieces)
    return [[low.union(high) for low, high in row] for row in found]


def _changes_again(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024 import intervals

    return intervals.product_changes(ops, point)


def _estimated_changes(batch: Any) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.grids import product_changes

    return batch.kept("changes", lambda: product_changes(batch, batch.moved_by("delta")))


changes = named(
    "product_changes", "E|psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu)|",
    r"\mathbb{E}|\psi_i \psi_k(x \mid \mu + \delta) - \psi_i \psi_k(x \mid \mu)|",
    _changes, axes="ik", interval=_changes_again, estimate=_estimated_changes,
    needs=("overlaps",), meaning="x ~ N(0, I_d)",
)  # fmt: skip


def _moment(ops: Any, point: Point, rate: Any, size: Any) -> Any:
    if rate == 0:
        return Fraction(0)
    rate = ops.ball(rate)
    return ops.exp(rate * ops.ball(size)) * ops.exp_norm(rate, point.mix.d) - 1


def _moments(ops: Any, point: Point, rates: Any, sizes: Any) -> list[Any]:
    return [_moment(ops, point, *pair) for pair in zip(rates, sizes, strict=True)]


def _estimated_moment(batch: Any, rate: Any, size: Any) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import law
    from gembounds.statements.logs import LogArray

    r, weights = law([batch.d])
    rate, size = (LogArray.of(x).value[..., None] for x in (rate, size))
    return np.expm1(rate * (r[0] + size)) @ weights[0]


MOMENT = ("E[exp({0} (|x| + {1})) - 1]", r"\mathbb{E}[\exp({0} \, (|x| + {1})) - 1]")
_ONE = symbol("exponential_moment", *MOMENT, _moment, estimate=_estimated_moment)
_EACH = symbol("exponential_moments", *MOMENT, _moments, axes="i", estimate=_estimated_moment)


def _closed(root: Any) -> Any:
    return exp(2 * shifts * norms) * (1 + root * sqrt(d) * shifts) - 1


def _linear(root: Any, mean: Any) -> Any:
    return mean * shifts * norms + root * sqrt(d) * shifts * exp(1)


def _step(name: str, place: str, relation: Relation, over: Domain = HIGH, **options: Any) -> Claim:
    form = "printed" if "repairs" not in options else "repaired"
    source = f"proof of Theorem 13, {place}"
    return Claim(name, relation, when=MOVES_LITTLE, source=source, over=over, form=form, **options)


CONVEX = "convex in u = 2 |delta_i| |mu_i|, largest at u = 1; d = 1, |delta_i| = 1/6"
EQUAL = "|mu_k| <= mu_max; all norms equal"
attained = partial(best, sharp=True, attained=True)

sum_of_norms = total(at_k(norms))
MOMENTS = call(_EACH, const("factor", 2) * shifts, norms)

CLAIMS = (
    _step(
        "eq-17a",
        "(17), second inequality",
        change <= sum_of_shifts + total(changes * at_k(norms), over="k"),
        FEW,
        cost=2.0,
        uses=("lemma-9.2",),
        proof=Argument(
            Step("The difference of the gradients is sum_k E[psi_i psi_k(x|mu+delta)] delta_k "
                 "+ sum_k E[g_ik] mu_k, and 0 <= psi_i psi_k <= 1.", by=GRADIENT_OF_L)
        ),
    ),
    _step(
        "eq-17b",
        "(17), last inequality, less sum_k |delta_k| on both sides",
        total(changes * at_k(norms), over="k") <= MOMENTS * sum_of_norms,
        FEW,
        cost=3.0,
        uses=("eq-15", "eq-16"),
        slip=slips.OTHER_MEANS_MOVE,
    ),
    _step(
        "eq-17b-repaired",
        "(17), last inequality, term by term",
        changes <= call(_ONE, const("factor", 2) * largest_shift, mu_max),
        FEW,
        cost=2.0,
        repairs="eq-17b",
        proof=Argument(
            LOGITS,
            Step("Let p = psi_i and y = psi_k. (p y)' = p y (l_i + l_k - 2 lbar). For i = k "
                 "that is at most 4p^2 (1-p) B <= (16/27) B in size; else at most p y B "
                 "(|1-2p| + |1-2y| + 2 (1-p-y)), which is 4p y (1-p-y) B <= (4/27) B if p and "
                 "y are at most 1/2, and at most 2p y B <= B/2 if not."),
            Step("Integrate over s and x: E|g_ik| <= (16/27) D (E|x| + mu_max + D/2), and D/2 "
                 "<= 1/12 < sqrt(2/pi) <= E|x|. So that is at most 2D (E|x| + mu_max), and y "
                 "<= exp(y) - 1 for y = 2D (|x| + mu_max).",
                 shows=changes
                 <= Fraction(16, 27) * largest_shift * (sqrt(d) + mu_max + largest_shift / 2)),
        ),
        best={
            "factor": best(
                "31/50",
                "|(psi_i psi_k)'| <= (16/27) D (|x| + mu_max + sD), and exp(y) - 1 >= y + y^2/2; "
                "n = 2, means 0, weights 2/3 and 1/3, opposite displacements to 0",
                limit="16/27",
                family=families.THIRDS,
                note="The proof takes the derivative's worst case at every state between; for "
                "displacements that are not small both sides bend.",
            )
        },
    ),
    _step(
        "eq-18a",
        "(18), first inequality",
        call(_EACH, 2 * shifts, norms) <= _closed(const("root", 10)),
        uses=("lemma-17",),
        best={
            "root": attained(
                lambda: 2 * best_radial.exponential_moment()[0],
                "lemma-17-sharpened with c = 2 |delta_i|; d = 7",
            )
        },
        proof=Argument(
            Step("Take the factor exp(2 |delta_i| |mu_i|) out of the mean; c = 2 |delta_i| is "
                 "at most 1/(3d), and where it is 0 both sides are 0.", by=("lemma-17",))
        ),
    ),
    _step(
        "eq-18b.1",
        "(18), second inequality",
        _closed(10) <= _linear(const("root", 10), const("mean", 4)),
        uses=("eq-18c",),
        best={
            "root": attained(
                lambda: 16 - 18 / ball(1).exp(), CONVEX, family=families.LARGEST_PRODUCT
            ),
            "mean": attained(
                lambda: 2 * (ball(1).exp() - 1), CONVEX, family=families.LARGEST_PRODUCT
            ),
        },
        proof=Argument(
            Step("u = 2 |delta_i| |mu_i| <= 1, so exp(u) - 1 <= 2u = 4 |delta_i| |mu_i| and "
                 "exp(u) <= exp(1).", by=("eq-18c-repaired",))
        ),
    ),
    _step(
        "eq-18b.2",
        "(18), last inequality",
        _linear(10, 4) <= (const("root", 30) * sqrt(d) + const("mean", 4) * norms) * shifts,
        best={
            "root": attained(lambda: 10 * ball(1).exp(), "10 e; all means 0"),
            "mean": best(
                4,
                "10 e <= 30; |mu_i| to infinity",
                sharp=True,
                attained=False,
                family=families.FAR_PRODUCT,
            ),
        },
        proof=Argument(Step("10 exp(1) < 30.")),
    ),
    _step(
        "eq-19",
        "(19)",
        sum_of_shifts + (30 * sqrt(d) + 4 * norms) * shifts * sum_of_norms <= bound(shifts),
        decided_by=sqrt(d) * shifts * (30 * sum_of_norms - const("root", 30) * n * mu_max)
        <= shifts * (const("mean", 4) * n * mu_max**2 - 4 * norms * sum_of_norms),
        identity="both sides are less sum_k |delta_k|, the right side's term with sqrt(d), and "
        "the left side's without it",
        best={
            "root": attained(30, EQUAL),
            "mean": attained(4, EQUAL),
        },
        proof=Argument(
            Step("sum_k |mu_k| <= n mu_max and |mu_i| <= mu_max.",
                 shows=sum_of_norms <= n * mu_max)
        ),
    ),
    _step(
        "lemma-17-display",
        "the last display of Lemma 17's proof, its ends, c = 2 |delta_i|",
        call(_EACH, 2 * shifts, norms) <= 1 + 10 * sqrt(d) * shifts,
        uses=("eq-9", "eq-11b"),
        slip=slips.LEFT_OF_18,
    ),
    _step(
        "lemma-17-display-repaired",
        "the last display of Lemma 17's proof, its ends, c = 2 |delta_i|",
        1 + call(_EACH, 2 * shifts, 0 * norms) <= 1 + 10 * sqrt(d) * shifts,
        repairs="lemma-17-display",
        proof=Argument(
            Step("The left side is E exp(c |x|) with c = 2 |delta_i| <= 1/(3d); where c is 0 "
                 "both sides are 1.", by="lemma-17")
        ),
    ),
)  # fmt: skip
