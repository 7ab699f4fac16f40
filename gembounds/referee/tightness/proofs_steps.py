"""What is proved about the best constants in the displayed steps of proofs, and where."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from gembounds.evaluators.balls.radial import ball
from gembounds.papers.xu_fazel_du_2024.arithmetic import best_radial as radial
from gembounds.referee.tightness.proof import Proof, in_balls, of

POINTWISE = "psi_i/pi_i >= exp(-2 mu_max |tx| - mu_max^2/2); near mu = 0, also with |x| far"
VARIANCE = "a variance is not negative; means on a line and d = 1, mu_max |x| to infinity"
SYMMETRIC = "|a|^2 + |b|^2 >= |a - b|^2/2 and Cauchy; symmetric mixtures on the line"
AT_ONE = "the left side grows with c, and more slowly with d; c = 1/(3d), d = 1"
ON_A_LINE = (
    "in units of 1/sqrt(d) |x| has its largest E exp(-t |x|) for d = 1 (a mean of squares "
    "loses spread as d grows, and y -> exp(-t sqrt(y)) is convex)"
)
FOUR = f"{ON_A_LINE}; there 50 E(1 - exp(-4s|x|)) >= 1 - exp(-200 E|x| s); mu_max to 0"
HALF = f"{ON_A_LINE}; one number s = mu_max sqrt(d), by subdivision in balls"
SMALL_T = "1 - exp(-t) >= 1 - 1/(1 + t); t to 0"
SQUARE = "(23a), (23b) and (5): the right side is E<psi~(x) - psi~(-x), xbar>^2/4; symmetric lines"
CONVEX = "convex in u = 2 |delta_i| |mu_i|, largest at u = 1; d = 1, |delta_i| = 1/6"


FIRST = "exp(1/(3d)) (2 pi)^(-d/2)/sqrt(d) falls with d; d = 1"


def first_term() -> Any:
    """exp(1/3)/sqrt(2 pi): the first term of (11b) for d = 1."""
    return ball(Fraction(1, 3)).exp() / (2 * arb.pi()).sqrt()


def mean_ratio() -> Any:
    """sqrt(2/pi): E|x| for d = 1."""
    return (ball(2) / arb.pi()).sqrt()


STEPS: dict[tuple[str, str], Proof] = {
    ("eq-12", "rate"): Proof(Fraction(2), POINTWISE, True, False),
    ("eq-13.1", "factor"): Proof(Fraction(1), POINTWISE, True, True),
    ("eq-13.1", "decay"): Proof(Fraction(1), "lemma-18-sharpened", True, False),
    ("eq-13.1", "rate"): Proof(Fraction(1), "lemma-18-sharpened", True, False),
    ("eq-13.3", "factor"): Proof(Fraction(1), "U >= mu_max^2; one mean not 0", True, True),
    ("eq-13.3", "decay"): Proof(Fraction(4), "U >= mu_max^2; one mean not 0", True, True),
    ("eq-10c.1", "rate"): Proof(Fraction(3), "c <= 1/(3d); c = 1/(3d)", True, True),
    ("eq-10c.2", "rate"): Proof(
        Fraction(8, 3), "1/rate <= r (1 - 1/(4d))/2; r = 1, d = 1", True, True),
    ("eq-10d.4", "factor"): Proof(
        Fraction(4), "(d+1) log(1 + 1/(2d-1)) falls with d; d = 1", True, True),
    ("eq-19", "root"): Proof(Fraction(30), "|mu_k| <= mu_max; all norms equal", True, True),
    ("eq-19", "mean"): Proof(Fraction(4), "|mu_k| <= mu_max; all norms equal", True, True),
    ("eq-10c.2", "shrink"): Proof(
        in_balls(lambda: (3 + ball(3).sqrt()) / 2),
        "1/3 <= (1/s)(1 - 1/(2 s d)), least for d = 1; r = 1, c = 1/3", True, True),
    ("eq-10d.1", "shrink"): Proof(
        lambda: radial.outside_shrink()[0], "subdivision by d, gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial", True,
        True),
    ("eq-10d.3", "factor"): Proof(
        in_balls(lambda: 4 * mean_ratio()), "(2d/(2d-1))^(d+1) < 2.4 and E|x| <= sqrt(d) for "
        "d >= 2; d = 1", True, True),
    ("eq-10d.3", "shrink"): Proof(
        in_balls(lambda: 1 / (1 - (mean_ratio() / 4).sqrt())),
        "4 sqrt(d)/E|x| >= 4; for d >= 2 a smaller one serves; d = 1", True, True),
    ("eq-10d.4", "shrink"): Proof(
        Fraction(2), "for d >= 2 a smaller one serves; d = 1", True, True),
    ("eq-11a", "factor"): Proof(
        lambda: radial.whole_factor()[0], "subdivision by d, gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial", True,
        True),
    ("eq-11b", "factor"): Proof(in_balls(lambda: 5 - first_term()), FIRST, True, True),
    ("eq-11b", "total"): Proof(in_balls(lambda: 4 + first_term()), FIRST, True, True),
    ("eq-17b-repaired", "factor"): of(
        "|(psi_i psi_k)'| <= (16/27) D (|x| + mu_max + sD), and exp(y) - 1 >= y + y^2/2; n = 2, "
        "means 0, weights 2/3 and 1/3, opposite displacements to 0", "31/50", limit="16/27"),
    ("eq-18a", "root"): Proof(
        lambda: 2 * radial.exponential_moment()[0],
        "lemma-17-sharpened with c = 2 |delta_i|; d = 7", True, True),
    ("eq-18b.1", "root"): Proof(
        in_balls(lambda: 16 - 18 / ball(1).exp()), CONVEX, True, True),
    ("eq-18b.1", "mean"): Proof(in_balls(lambda: 2 * (ball(1).exp() - 1)), CONVEX, True, True),
    ("eq-18b.2", "mean"): of("10 e <= 30; |mu_i| to infinity", 4, True, False),
    ("eq-24a", "factor"): Proof(Fraction(1, 16), SQUARE, True, True),
    ("eq-24b", "exponent"): of(
        "lemma-18-sharpened: |mu_i|^2 + |mu_j|^2 <= U for i not j, "
        "2 tanh(q)/(1 - exp(-4q)) >= 1/2", 1, limit="1/8"),
    ("eq-24b", "denominator"): of(
        "lemma-18-sharpened: 2 tanh(q)/(1 - exp(-4q)) >= 1/2; two opposite means to 0", 64, True,
        False),
    ("eq-26b", "inner"): Proof(in_balls(lambda: 200 * mean_ratio()), FOUR, True, False),
    ("eq-27", "inner"): Proof(in_balls(lambda: 200 * mean_ratio()), FOUR, True, False),
    ("eq-28.1", "inner"): Proof(in_balls(lambda: 200 * mean_ratio()), FOUR, True, False),
    ("eq-26b", "probability"): Proof(radial.inner_share, HALF, True, True),
    ("eq-27", "probability"): Proof(radial.inner_share, HALF, True, True),
    ("eq-28.1", "probability"): Proof(radial.inner_share, HALF, True, True),
    ("eq-28.2", "inner"): of(SMALL_T, 2, True, False),
    ("eq-28.2", "probability"): of(SMALL_T, 50, True, False),
    ("eq-18c-repaired", "shift"): of("exp is convex; x = 0", 0, True, True),
    ("eq-29-case-a-repaired", "factor"): of(
        "U >= U(0)/2 >= mu_max(0)^2/2; one mean not 0", "1/2", True, True),
    ("eq-39a-repaired", "rate"): of(
        "the exponent is (r^2 - R^2)/2 + 2 sqrt(d) (R + r) + 5d/2; R = 10 sqrt(d), r = sqrt(d), "
        "opposite, x along the far mean", 25, True, False),
    ("eq-18b.2", "root"): Proof(
        in_balls(lambda: 10 * ball(1).exp()), "10 e; all means 0", True, True),
    ("eq-24c", "denominator"): Proof(Fraction(64), VARIANCE, True, False),
    ("eq-24c", "exponent"): Proof(Fraction(8), VARIANCE, True, False),
    ("eq-6-repaired", "quarter"): Proof(Fraction(1, 4), SYMMETRIC, True, True),
    ("eq-23a.2", "quarter"): Proof(Fraction(1, 4), SYMMETRIC, True, True),
    ("eq-23a.3", "quarter"): Proof(Fraction(1, 4), SYMMETRIC, True, True),
    ("eq-18c-repaired", "slope"): Proof(
        in_balls(lambda: ball(1).exp() - 1), "exp is convex; x = 1", True, True),
    ("eq-28.4", "one"): Proof(Fraction(1), "1 + t <= exp(t); t = 0", True, True),
}  # fmt: skip
"""By claim and constant."""
