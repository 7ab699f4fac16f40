"""What is proved about the best constants of Theorems 2 and 7, Remark 4, and their steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from gembounds.dynamics.pair.force import pair_force
from gembounds.evaluators.balls.radial import ball
from gembounds.papers.xu_fazel_du_2024.old_claims.step import STEP_FACTOR
from gembounds.referee.tightness.proof import Proof, in_balls, of

GRADIENT = (
    "the proof of lemma-11-sharpened with 2 W <= 8/e gives E|psi~|^2 >= exp(-mu_max^2/2) Y^2 / "
    "(4 min(n,d)), Y = sum pi_i |mu_i|^2 >= max(2L, pi_min U); |grad L| >= E|psi~|^2/sqrt(U)"
)
DECREASE = f"eq-33.2-sharpened with a decrease of at least eta |grad L|^2/2, and: {GRADIENT}"
QUADRATIC = (
    "E|psi~|^2 >= exp(-m^2/2) y^2/(d + 2y) with y = pi_min U <= m^2 (the proof of "
    "lemma-11-sharpened), n >= 2; two opposite means of equal weights on the line, to 0"
)
FAR = "lemma-11-sharpened-exponent; one far mean M and 0, equal weights: |g_i| <= M E psi_1"
FAR_STEP = (
    "eq-33.2-sharpened and lemma-11-sharpened-exponent; one far mean M and 0, equal weights: a "
    "step takes off about eta |g|^2 <= 2 eta M^2 erfc(M/sqrt 8)^2"
)
FAR_TIME = (
    "eq-33.2-sharpened and lemma-11-sharpened-exponent; from one far mean M and 0, equal weights, "
    "no mean moves by more than 1 and L stays near log 2 in exp((M-2)^2/8)/(2 eta M) steps"
)
CURVATURE = (
    "the Hessian of L is at most the identity (eq-32-sharpened) and n >= 2; n = 2, d = 1, "
    "pi_1 to 1, then the means to 0"
)
LARGEST_STEP = (
    "one number x = mu_max(0)^2: eta n^2 sqrt(d) (x + 1) is at most x exp(-8x)/(4 (1 + x)) "
    "times the constant of the step, as U(0) >= x, pi_min <= 1/2, n >= 2; mu_2 = 0, equal weights"
)
DRIFT = (
    "the induction of theorem-7: steps of total length exp(d)/(30 eta) move a mean by at most "
    "(exp(d)/30) 12 s erfc(5 s/sqrt 2), s = sqrt(d), relatively most for d = 1, as erfc(y) <= "
    "exp(-y^2)"
)
FORCE = (
    f"{DRIFT}; the force falls with n, so that n = 3 and d = 1 are worst: enclosed on the whole "
    "way of the means; for d >= 2 it is at most 12 s erfc(5.9 s/sqrt 2). Finitely many steps go "
    "less far than the flow that they tend to with eta to 0, as the force grows on the way"
)
TRAPPED = (
    "theorem-7-sharpened, and sqrt(d) <= 15 exp(d/1200); the force at 12 sqrt(d) is exp(-18 d) up "
    "to powers of d"
)
PASSAGE = (
    "tau eta is at least the integral of da/H(a) over [10, 12], H above the force at d = 1, n = 3 "
    "(gembounds.trap), and tends to that of 1/force with eta to 0; more components or dimensions "
    "take longer"
)


def drift() -> Any:
    """12 e erfc(5/sqrt 2)/30: how far, in units of sqrt(d), the means of Theorem 7 fall."""
    return ball(Fraction(12, 30)) * ball(1).exp() * (5 / ball(2).sqrt()).erfc()


def first_force() -> Any:
    """The force of (41) at d = 1, n = 3, in units of exp(-d), for every a in [12 - drift, 12]."""
    return ball(1).exp() * pair_force(ball(12).union(12 - drift()), 3, 64, 2**14)


def passage() -> Any:
    """exp(1) over the time from 12 to 10 at d = 1, n = 3, step size to 0."""
    from gembounds.dynamics.pair.decay import PairDecay
    from gembounds.dynamics.pair.passage import Passage

    low, high, decay = ball(10), ball(12), PairDecay(3)
    most = ball(1).exp() / Passage(decay, low, high, 1e-4).time
    return most.union(most * (1 - decay.shortfall(low, high)))


def largest_step() -> Any:
    """sup of eta n^2 sqrt(d) (mu_max(0)^2 + 1): at x (1 + x) = 1/8."""
    x = (ball(Fraction(3, 2)).sqrt() - 1) / 2
    return ball(STEP_FACTOR) * x * (-8 * x).exp() / (4 * (1 + x))


DYNAMICS: dict[tuple[str, str], Proof] = {
    ("eq-29", "kept"): of("eq-29-sharpened; a step size to 0", 1, True, False),
    ("eq-31prime.1", "factor"): of(
        "|grad_i L| <= sum_k E[psi_i psi_k] |mu_k|; pi_1 to 1, the other means 0", 1, True, False),
    ("eq-31prime.2", "factor"): of("Cauchy; equal norms", 1, True, True),
    ("eq-31prime.3", "factor"): of("U <= n mu_max^2; equal norms", 1, True, True),
    ("eq-32", "factor"): of(CURVATURE, "1/4", True, False),
    ("eq-32-sharpened", "factor"): of(CURVATURE, 1, True, False),
    ("eq-33.1", "factor"): of(f"{CURVATURE}; eta <= 1/(64 * 20480000)", STEP_FACTOR / 512),
    ("eq-33.1-sharpened", "factor"): of(CURVATURE, "1/8", True, False),
    ("eq-33.2-repaired", "factor"): Proof(
        in_balls(lambda: 1 / (2 * largest_step())), LARGEST_STEP, True, True),
    ("eq-33.2-repaired", "half"): Proof(
        in_balls(lambda: 1 - 20 * largest_step()), LARGEST_STEP, True, True),
    ("eq-33.2-sharpened", "half"): of(CURVATURE, "1/2", True, False),
    ("eq-34", "factor"): Proof(in_balls(lambda: ball(2).sqrt()), GRADIENT),
    ("eq-34", "exponent"): of(FAR, "63/500", limit="1/8"),
    ("eq-34-sharpened", "exponent"): of("eq-34-sharpened", "1/2", limit="1/8"),
    ("eq-37", "factor"): of(QUADRATIC, 4, True, False),
    ("eq-37", "exponent"): of(FAR, "63/500", limit="1/8"),
    ("eq-38", "factor"): of("eq-38-sharpened and E|psi~|^2 <= U; pi_1 to 1", 1, True, False),
    ("eq-38-sharpened", "factor"): of("eq-38-sharpened; pi_1 to 1", 1, True, False),
    ("eq-35", "factor"): of(DECREASE, 8),
    ("eq-35", "exponent"): of(FAR_STEP, "63/250", limit="1/4"),
    ("eq-30", "factor"): of(DECREASE, 16),
    ("eq-30", "exponent"): of(FAR_STEP, "63/250", limit="1/4"),
    ("eq-30-sharpened", "exponent"): of("eq-30-sharpened", 1, limit="1/4"),
    ("theorem-2", "factor"): of(DECREASE, 16),
    ("theorem-2", "exponent"): of(FAR_TIME, "63/250", limit="1/8"),
    ("theorem-2", "step"): of(
        "theorem-2-sharpened serves every eta <= 1, and exp(-8U(0)) pi_min^2 / (n^2 d^2 "
        "(1/mu_max(0) + mu_max(0))^2) <= exp(-8x) x/(16 (1 + x)^2) < 1/430, x = mu_max(0)^2", 430),
    ("theorem-2-sharpened", "exponent"): of("theorem-2-sharpened", 1, limit="1/8"),
    ("theorem-7", "kept"): Proof(
        in_balls(lambda: 12 - drift()), DRIFT, limit=Fraction(12)),
    ("theorem-7", "start"): Proof(
        in_balls(lambda: 10 + drift()), DRIFT, limit=Fraction(10)),
    ("eq-41", "factor"): Proof(in_balls(first_force), FORCE, True, False),
    ("eq-41prime", "factor"): Proof(in_balls(first_force), FORCE, True, False),
    ("theorem-7", "exponent"): of(TRAPPED, "21599/1200", limit="18"),
    ("theorem-7", "factor"): Proof(in_balls(passage), PASSAGE, True, False),
    ("theorem-7-sharpened", "rate"): of("theorem-7-sharpened; d to infinity", 18, True, False),
    ("theorem-7-sharpened", "factor"): Proof(
        in_balls(lambda: (8 / arb.pi()).sqrt() * (1 - (-ball(Fraction(11, 2))).exp()) / 3),
        "its proof; d to infinity gives sqrt(8/pi)/3 (gembounds.trap)", limit=Fraction(532, 1000)),
    ("eq-41-sharpened", "rate"): of("eq-41prime-sharpened; d to infinity", 18, True, False),
    ("eq-41prime-sharpened", "rate"): of("eq-41prime-sharpened; d to infinity", 18, True, False),
    ("remark-4", "rate"): of(TRAPPED, "21599/345600", limit="1/16"),
    ("remark-4", "factor"): Proof(in_balls(passage), PASSAGE, True, False),
}  # fmt: skip
"""By claim and constant."""
