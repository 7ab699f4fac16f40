"""Lemma 15 and the tail bound (39c) that its proof quotes.

For |mu_1|, |mu_2| >= 10 sqrt(d) and |mu_3|, ..., |mu_n| <= sqrt(d), any weights and n >= 3 (for
n = 2 the last range is empty; the lemma fails without that reading of it):

    |grad_{mu_i} L| <= 2 (|mu_3| + ... + |mu_n|) + 2 exp(-d) (|mu_1| + |mu_2|)    for every i.

The gradient comes from overlaps, each intersected with the bounds of
:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.domination`, which need no grid and reach any d.

Printed, it fails for d = 2, means (10, 10), (10, 10) and 0, weights 1 - 2e, e and e with e =
1e-45: grad_1 is nearly mu_1. Repaired: pi_1, pi_2 at most exp(5d/2) times the largest of pi_3,
..., pi_n (equal weights, as in Theorem 7, for instance).

(39c): Pr[|x| > 2 sqrt(d)] <= exp(-d), x ~ N(0, I_d), for every d >= 1. The left side is the
regularised incomplete gamma function Gamma(d/2, 2d)/Gamma(d/2); the law of |x| has no atoms, so
> and >= do not differ. The paper quotes it as a standard tail bound. Repaired: exp(-4d/5). The
repaired lemma does not use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import ensembles, families, slips
from gembounds.papers.xu_fazel_du_2024.domains import DIMENSIONS, dimension, far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball, named, norm_survival
from gembounds.points.point import Point
from gembounds.statements import (
    Domain,
    Expr,
    const,
    d,
    exp,
    expected_posterior,
    gradient_norms,
    norms,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.domain import at_least
from gembounds.statements.theorems import GAUSSIAN, MARKOV
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.points.batch import Batch
    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

best_radial = Later("gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial")
domination = Later("gembounds.papers.xu_fazel_du_2024.arithmetic.domination")

OUTWEIGHED = Fraction(5, 2)
"""Of the repaired forms: pi_1, pi_2 <= exp(5d/2) max(pi_3, ..., pi_n)."""

NEAR_THRESHOLD = (
    "The worst case found is d = 1 with both far means at 10, near means 0 and weights at the end "
    "of their condition. The proof bounds psi_i by min(1, exp(D (z - z0))), several times too "
    "large where psi_i turns, and adds the far means as if they did not share."
)


def _is_far_pair(ops: Any, point: Point) -> Iterator[Part]:
    yield from at_least(3)(ops, point)
    for i, square in enumerate(ops.norms2(point.mix), 1):
        if i <= 2:
            yield part(f"|mu_{i}|^2 >= 100 d", square, ">=", 100 * point.mix.d)
        else:
            yield part(f"|mu_{i}|^2 <= d", square, "<=", point.mix.d)


def _is_outweighed(ops: Any, point: Point) -> Iterator[Part]:
    yield from _is_far_pair(ops, point)
    first, second, *rest = ops.weights(point.mix)
    ratio = max(first, second) / max(rest)
    text = "log(max(pi_1, pi_2)/max(pi_3, ..., pi_n)) <= 5d/2"
    yield part(text, ops.log(ratio) if ratio > 1 else 0, "<=", OUTWEIGHED * point.mix.d)


def _outweighed(b: Batch) -> Any:
    ratio = b.weights[:, :2].max(axis=1) / b.weights[:, 2:].max(axis=1)
    return ratio <= float(ball(OUTWEIGHED * b.d).exp()) * (1 - 1e-12)


FAR = "n >= 3, the first two norms >= 10 sqrt(d), the others <= sqrt(d)"
HEAVY = f"{FAR}, the first two weights <= exp(5d/2) times the largest other"


def far_pairs(x: str = "") -> Domain:
    """Far pairs; ``x`` is "_with_x" where points have an x."""
    draw = far_draws(f"far_pairs{x}")
    return Domain(f"far pairs{x}", _is_far_pair, draw, ensembles.FAR, text=FAR)


def outweighed(x: str = "") -> Domain:
    """Those of the repaired forms."""
    draw = far_draws(f"outweighed_far_pairs{x}", OUTWEIGHED)
    return Domain(
        f"far pairs outweighed{x}", _is_outweighed, draw, ensembles.FAR, _outweighed, HEAVY
    )


# -- gradients -----------------------------------------------------------------------------------
def bounded_overlaps(ops: Operations, mix: Mixture) -> list[list[Any]]:
    """E psi_i psi_k: the evaluator's, intersected with the bounds that need no grid."""
    ranges = domination.overlap_ranges(
        domination.posterior_ceilings(ops.weights(mix), ops.gram(mix))
    )
    return [
        [a.intersection(b) for a, b in zip(*rows, strict=True)]
        for rows in zip(ops.overlaps(mix), ranges, strict=True)
    ]


def norm_of_combination(ops: Operations, mix: Mixture, coefficients: list[Any]) -> Any:
    """|sum_k c_k mu_k|."""
    square = ops.ball(0)
    for entries, length in ops.columns(mix):
        terms = zip(coefficients, entries, strict=True)
        total = sum((c * ops.ball(x) for c, x in terms if x), ops.ball(0))
        square += length * total * total
    return ops.sqrt(square)


def lengths(ops: Any, mix: Mixture) -> list[Any]:
    """|mu_i| as balls."""
    return [ops.sqrt(x) for x in ops.norms2(mix)]


gradients = named(
    "gradient_norms_by_domination", "|grad_i L|", r"|\nabla_i L|",
    lambda ops, p: [norm_of_combination(ops, p.mix, row) for row in bounded_overlaps(ops, p.mix)],
    axes="i", estimate=lambda b: b.gradient_norms, interval=gradient_norms.args[0].of,
    needs=("gradient",), meaning="with the overlaps that no grid resolves bounded",
)  # fmt: skip
near_norms = named(
    "near_norms", "(|mu_3| + ... + |mu_n|)", r"(|\mu_3| + \dots + |\mu_n|)",
    lambda ops, p: sum(lengths(ops, p.mix)[2:], ops.ball(0)),
    estimate=lambda b: b.norms[:, 2:].sum(axis=1),
)  # fmt: skip
far_norms = named(
    "far_norms", "(|mu_1| + |mu_2|)", r"(|\mu_1| + |\mu_2|)",
    lambda ops, p: sum(lengths(ops, p.mix)[:2], ops.ball(0)),
    estimate=lambda b: b.norms[:, :2].sum(axis=1),
)  # fmt: skip


def bound(near: Any, far: Any, rate: Any) -> Expr:
    """The right side of Lemma 15 with these constants."""
    decay = exp(-const("rate", rate) * d)
    return const("near", near) * near_norms + const("far", far) * decay * far_norms


tail = norm_survival(const("radius", 2) ** 2 * dimension, dimension)
CHERNOFF = "Chernoff's bound, and Cramer's theorem for d to infinity"

GRADIENT_BY_NORMS = (
    Step(
        "grad_i L = E[psi_i psi~], psi~ = sum_k psi_k mu_k: along every mean by what is quoted, "
        "and along v orthogonal to all means both are 0, L at mu_i + t v being that at mu_i - t v "
        "by reflection of x.",
        by=("fact-1-repaired", "lemma-9.2-repaired", GAUSSIAN),
    ),
    Step(
        "|psi~| <= Y = sum_k psi_k |mu_k| and psi_i <= 1, so |grad_i L| <= E Y = "
        "sum_k |mu_k| E psi_k.",
        shows=gradients <= total(expected_posterior * norms),
    ),
)
"""|grad_i L| <= E Y."""

CLAIMS = (
    Claim(
        "lemma-15",
        gradients <= bound(2, 2, 1),
        source="Lemma 15",
        over=far_pairs(),
        form="printed",
        slip=slips.HEAVY_FAR_MEANS,
        uses=("lemma-9.2", "eq-39", "eq-39a", "eq-39b", "eq-39c"),
        cost=4.0,
    ),
    Claim(
        "lemma-15-repaired",
        gradients <= bound(2, 2, 1),
        source="Lemma 15",
        over=outweighed(),
        form="repaired",
        repairs="lemma-15",
        proof=Argument(
            *GRADIENT_BY_NORMS,
            Step(
                "Let a be 1 or 2, R = |mu_a| >= 10 sqrt(d), k the component of the largest weight "
                "among the others, r = |mu_k| <= sqrt(d). psi_a <= min(1, psi_a/psi_k) <= "
                "sqrt(psi_a/psi_k), and psi_a/psi_k = (pi_a/pi_k) exp(<x, mu_a - mu_k> - "
                "(R^2 - r^2)/2). So E psi_a <= sqrt(pi_a/pi_k) exp(|mu_a - mu_k|^2/8 - "
                "(R^2 - r^2)/4).",
                by=GAUSSIAN,
            ),
            Step(
                "|mu_a - mu_k| <= R + r: the exponent is at most -(R + r)(R - 3r)/8, and this "
                "product increases with R and decreases with r: it is at least 11 * 7 d. With "
                "pi_a/pi_k <= exp(5d/2), E psi_a <= exp(5d/4 - 77d/8) <= exp(-8d)."
            ),
            Step(
                "For the other components E psi_k <= 1, so |grad_i L| is at most |mu_3| + ... + "
                "|mu_n| + exp(-8d) (|mu_1| + |mu_2|), which is less than the bound.",
                shows=gradients <= near_norms + exp(-(8 * d)) * far_norms,
            ),
        ),
        cost=4.0,
        best={
            "near": best(
                1,
                "proof of lemma-15-repaired: |grad_i| <= sum_k |mu_k| E psi_k; n = 3, mu_3 not 0 "
                "and d to infinity",
                sharp=True,
                attained=False,
            ),
            "far": best(
                lambda: (-ball(Fraction(329, 32))).exp() / 5,
                "lemma-15-sharpened at d = 1",
                family=families.SHORT_PAIR,
                note=NEAR_THRESHOLD,
            ),
            "rate": best(
                "361/32", "lemma-15-sharpened", sharp=True, attained=False, family=families.PAIR
            ),
        },
    ),
    Claim(
        "eq-39c",
        tail <= exp(-const("rate", 1) * dimension),
        source="proof of Lemma 15, (39)",
        over=DIMENSIONS,
        form="printed",
        slip=slips.NORM_TAIL,
    ),
    Claim(
        "eq-39c-repaired",
        tail <= exp(-const("rate", "4/5") * dimension),
        source="proof of Lemma 15, (39)",
        over=DIMENSIONS,
        form="repaired",
        repairs="eq-39c",
        proof=Argument(
            Step(
                "Pr[|x|^2 >= 4d] <= E exp(3 (|x|^2 - 4d)/8) = 2^d exp(-3d/2).",
                by=(MARKOV, GAUSSIAN),
                shows=norm_survival(4 * dimension, dimension)
                <= (2 * exp(Fraction(-3, 2))) ** dimension,
            ),
            Step(
                "2 <= exp(7/10), so 2 exp(-3/2) <= exp(-4/5).",
                shows=exp(Fraction(7, 10)) >= 2,
            ),
        ),
        best={
            "rate": best(lambda: best_radial.tail_rate(), CHERNOFF, sharp=True, attained=False),
            "radius": best(
                lambda: best_radial.tail_radius(), CHERNOFF, sharp=True, attained=False
            ),
        },
    ),
)
