"""What is proved about the best constants of the numbered statements, and where.

The displayed steps of the lemmas' proofs are in :mod:`gembounds.referee.tightness.proofs_steps`;
Theorems 2 and 7, Remark 4 and their steps in :mod:`gembounds.referee.tightness.proofs_dynamics`.
"""

from __future__ import annotations

from fractions import Fraction

from gembounds.evaluators.balls.radial import ball
from gembounds.papers.xu_fazel_du_2024.arithmetic import best_radial as radial
from gembounds.referee.tightness.proof import Proof, in_balls, of
from gembounds.referee.tightness.proofs_dynamics import DYNAMICS
from gembounds.referee.tightness.proofs_steps import STEPS

HULL = (
    "lemma-20's own proof (psi~ is in the hull of the means, all within half of mu_imax); two "
    "means, the second of norm just over mu_max/2 and of weight near 1, come as near as one likes"
)
SCALAR = "one number t = mu_max^2: t exp(-a t) is largest at t = 1/a"
JENSEN = "relative entropy is convex in p_mu (Jensen); all means equal"
FAR = "lemma-11-sharpened-exponent; one far mean of two, equal weights"


LEADING = "section-5-gradient's two bounds; d to infinity"

STATEMENTS: dict[tuple[str, str], Proof] = {
    ("lemma-17", "factor"): Proof(
        lambda: radial.exponential_moment()[0], "lemma-17-sharpened", True, True),
    ("lemma-17-sharpened", "factor"): Proof(
        lambda: radial.exponential_moment()[0], "lemma-17-sharpened", True, True),
    ("eq-26a", "probability"): Proof(
        lambda: radial.inner_probability()[0], "eq-26a-sharpened", True, True),
    ("eq-26a-sharpened", "probability"): Proof(
        lambda: radial.inner_probability()[0], "eq-26a-sharpened", True, True),
    ("eq-26a", "radius"): of(
        "second moments of |x|^2 - d below 1 in radius, the law of large numbers beyond", 1,
        True, False),
    ("eq-39c-repaired", "rate"): Proof(
        radial.tail_rate, "Chernoff's bound, and Cramer's theorem for d to infinity", True,
        False),
    ("eq-39c-repaired", "radius"): Proof(
        radial.tail_radius, "Chernoff's bound, and Cramer's theorem for d to infinity", True,
        False),
    ("lemma-11", "denominator"): of("lemma-11-sharpened", 4, True, False),
    ("lemma-11", "exponent"): of(FAR, "63/500", limit="1/8"),
    ("lemma-11", "inner"): of("lemma-11-sharpened", 0, True),
    ("lemma-11-sharpened", "denominator"): of("lemma-11-sharpened", 4, True, False),
    ("lemma-11-sharpened", "exponent"): of("lemma-11-sharpened", "1/2"),
    ("lemma-12.2", "factor"): of("lemma-12.2-sharpened", 1, True, False),
    ("lemma-12.2", "exponent"): of(FAR, "63/500", limit="1/8"),
    ("lemma-12.2", "inner"): of("lemma-12.2-sharpened", 0, True),
    ("lemma-12.2-sharpened", "factor"): of("lemma-12.2-sharpened", 1, True, False),
    ("lemma-12.2-sharpened", "exponent"): of("lemma-12.2-sharpened", "1/2"),
    ("lemma-12-case-1", "factor"): of("lemma-12.2-sharpened", 1, True, False),
    ("lemma-12-case-1", "exponent"): of(FAR, "63/500", limit="1/8"),
    ("lemma-12-case-1", "inner"): of("lemma-12.2-sharpened", 0, True),
    ("lemma-12-case-2.1", "quarter"): Proof(Fraction(1, 4), HULL, True, False),
    ("lemma-12-case-2.2", "factor"): Proof(
        in_balls(lambda: 2 * ball(1).exp()), SCALAR, True, True),
    ("lemma-12-case-2.2", "exponent"): Proof(
        in_balls(lambda: 8 / ball(1).exp()), SCALAR, True, True),
    ("lemma-12-case-2.3", "factor"): Proof(
        Fraction(2), "U >= mu_max^2; means to 0", True, False),
    ("lemma-12-case-2.3", "exponent"): Proof(
        Fraction(32, 5), "U > (5/4) mu_max^2, n = 2 and |mu_2| to mu_max/2", True, False),
    ("lemma-11-sharpened-exponent", "exponent"): of(FAR, "63/500", limit="1/8"),
    ("lemma-15-repaired", "near"): Proof(
        Fraction(1), "proof of lemma-15-repaired: |grad_i| <= sum_k |mu_k| E psi_k; n = 3, "
        "mu_3 not 0 and d to infinity", True, False),
    ("lemma-15-repaired", "far"): Proof(
        in_balls(lambda: (-ball(Fraction(329, 32))).exp() / 5), "lemma-15-sharpened at d = 1"),
    ("lemma-15-repaired", "rate"): of("lemma-15-sharpened", "361/32", True, False),
    ("lemma-15-sharpened", "rate"): of("lemma-15-sharpened", "361/32", True, False),
    ("lemma-15-sharpened", "far"): of("lemma-15-sharpened", "1/5"),
    ("lemma-15-sharpened", "near"): Proof(
        in_balls(lambda: 1 + 20 * (-ball(8)).exp()), "the proof of lemma-15-sharpened: both far "
        "means add at most 20 r exp(-8d); n = 3, mu_3 not 0 and d to infinity", limit=Fraction(1)),
    ("lemma-18", "decay"): of("lemma-18-sharpened", 1, True, False),
    ("lemma-18", "rate"): of("lemma-18-sharpened", 1, True, False),
    ("lemma-18", "factor"): of("lemma-18-sharpened", 1, True, True),
    ("lemma-18-sharpened", "decay"): of("lemma-18-sharpened", "1/2", True, False),
    ("lemma-18-sharpened", "factor"): of("lemma-18-sharpened", 1, True, True),
    ("lemma-18-sharpened", "rate"): of("lemma-18-sharpened", 1, True, False),
    ("lemma-19", "factor"): of("lemma-19-sharpened", "1/4", True, True),
    ("lemma-19-sharpened", "factor"): of("lemma-19-sharpened", "1/4", True, True),
    ("lemma-19-proof.2", "factor"): Proof(
        Fraction(1, 2), "|a|^2 + |b|^2 >= |a - b|^2/2; mu_i half way, equal weights", True, True),
    ("lemma-20", "factor"): Proof(Fraction(1, 4), HULL, True, False),
    ("eq-20", "factor"): Proof(Fraction(1, 2), HULL, True, False),
    ("eq-21", "factor"): Proof(Fraction(1, 2), HULL, True, False),
    ("theorem-13-repaired", "root"): of("theorem-13-sharpened-sum", 0, True, False),
    ("theorem-13-repaired", "mean"): of("theorem-13-sharpened-mean", "101/400", limit="1/4"),
    ("theorem-13-sharpened-mean", "mean"): of(
        "theorem-13-sharpened-mean", "101/400", limit="1/4"),
    ("theorem-13-sharpened-mean", "root"): of("theorem-13-sharpened-mean", 30),
    ("theorem-13-sharpened", "factor"): of("theorem-13-sharpened", "77/100", limit="1/2"),
    ("section-5-gradient.1", "factor"): of(LEADING, 1, True, False),
    ("section-5-gradient.2", "factor"): of(LEADING, 1, True, False),
    ("section-5-gradient.1-sharpened", "factor"): of(LEADING, 1, True, False),
    ("section-5-gradient.2-sharpened", "factor"): of(LEADING, 1, True, False),
    ("section-5-weights-sharpened", "factor"): of(
        "Karamata's inequality; s to 0", 1, True, False),
    ("theorem-14.1", "half"): Proof(Fraction(1, 2), JENSEN, True, True),
    ("theorem-14.2", "half"): Proof(
        Fraction(1, 2), "a mean of squares; all norms equal", True, True),
}  # fmt: skip

PROOFS = {**STATEMENTS, **STEPS, **DYNAMICS}
"""By claim and constant."""


def proof_of(claim: str, constant: str) -> Proof | None:
    """The proof on record, if any."""
    return PROOFS.get((claim, constant))
