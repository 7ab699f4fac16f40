"""Why the rate of EM proper, Theorem 2's form with 63/500 and the trap of two means are true.

M is the step of EM proper, M_i = E[psi_i x]/E psi_i; other letters as in :mod:`.beyond`.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024.arguments.beyond import DESCENDS, FALLS, SHORT, W
from gembounds.statements import (
    U,
    Y,
    diameter,
    exp,
    gradient_norms,
    mean_square,
    mu_max,
    pi_min,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.theorems import (
    BRASCAMP_LIEB,
    CAUCHY_SCHWARZ,
    CRAMER_RAO,
    DOMINATED,
    JENSEN,
    POPOVICIU,
)
from gembounds.statements.vocabulary import expected_posterior
from gembounds.statements.words import total

TILTED = Step(
    "psi_i p_0 is, but for a factor, the density p_0 exp(<x, mu_i> - h), so M_i is the gradient "
    "at mu_i of log E exp(<x, theta> - h(x)), and M_i - M_k the mean over theta on the segment "
    "of Cov_theta (mu_i - mu_k), Cov_theta the covariance of x under p_0 exp(<x, theta> - h). "
    "That density is exp(-V) with Hess V = I + Hess h, and Hess h is the posterior covariance "
    "of the means: 0 <= Hess h <= D^2/4.",
    by=(DOMINATED, POPOVICIU, "eq-8"),
)
NEARER = Argument(
    TILTED,
    Step("Hess V >= I, so Cov_theta <= I: |M_i - M_k| <= |mu_i - mu_k|.", by=BRASCAMP_LIEB),
)
NOT_MUCH = Argument(
    TILTED,
    Step(
        "Hess V <= 1 + D^2/4, so Cov_theta >= 1/(1 + D^2/4): the part of M_i - M_k along mu_i - "
        "mu_k is at least |mu_i - mu_k|/(1 + D^2/4).",
        by=CRAMER_RAO,
    ),
)
JENSENS = Argument(
    Step(
        "With a_i = <x, mu_i> - |mu_i|^2/2, b_i the same at M: log sum_i pi_i exp(b_i) >= log "
        "sum_i pi_i exp(a_i) + sum_i psi_i (b_i - a_i), psi the posterior at mu. The "
        "expectation of minus that: L(M) - L(mu) <= (1/2) sum_i E psi_i (|x - M_i|^2 - |x - "
        "mu_i|^2).",
        by=JENSEN,
    ),
    Step(
        "M_i is the mean of x under psi_i p_0/E psi_i, so each term is -(1/2) E[psi_i] |M_i - "
        "mu_i|^2; and M_i - mu_i = -g_i/E psi_i, as g_i = E[psi_i (mu_i - x)].",
        by=("fact-1-repaired",),
    ),
)
CAUCHYS = Argument(
    Step(
        "F = sum_i <g_i, mu_i> = sum_i <g_i/sqrt(E psi_i), sqrt(E psi_i) mu_i>, so F^2 <= W "
        "sum_i |g_i|^2/E psi_i; and W > 0 where U > 0.",
        by=(CAUCHY_SCHWARZ, "fact-1-repaired", "lemma-9.2-repaired"),
        shows=mean_square**2 <= W * total(gradient_norms**2 / expected_posterior),
    ),
)
RANKED = Argument(SHORT, Step("F^2/W >= F^2/(F + sqrt(r F)) = F^(3/2)/(sqrt F + sqrt r)."))

CENTRED = Step(
    "M = (I - N) mu, N_ik = E[psi_i psi_k]/E psi_i, a matrix of positive entries and row sums "
    "1: (I - N) v = 0 for constant v alone (Perron). sum_i E[psi_i] M_i = E x = 0, and sum_i "
    "E[psi_i] c = c: no constant but 0 is in the range of I - N. So the differences keep their "
    "rank r, and from t = 1 on 0 lies in the means' hull, hence m <= D then.",
)
SHRINKS = Step("D falls, so D(s) <= D0.", by="em-distances.1")
EM_UPPER = Argument(
    CENTRED,
    SHRINKS,
    Step(
        "Let K = sqrt r + sqrt(4/e), f = 2 exp(-D0^2/4) L <= F. For t >= 1 L <= Y/2 <= D^2/2, "
        "so 2 exp(-D^2/4) L <= D^2 exp(-D^2/4) <= 4/e, and L falls by (1/2) F^(3/2)/(sqrt F + "
        "sqrt r) >= (1/2) f^(3/2)/K at least.",
        by=("loss-by-mean-square", "em-decrease", "theorem-14.1"),
        shows=diameter**2 * exp(-(diameter**2) / 4) <= 4 * exp(-1),
    ),
    Step(
        "So L^(-1/2), convex and falling in L > 0, grows by c = exp(-3 D0^2/8)/(sqrt 2 K) a "
        "step, from t = 1 on. At t = 1 L <= D0^2/2 <= 1/c^2, as K > 1: L(t)^(-1/2) >= c t.",
        shows=diameter**2 <= 4 * exp(3 * diameter**2 / 4),
    ),
)
EM_LOWER = Argument(
    CENTRED,
    SHRINKS,
    Step(
        "1/D^2 grows by at most ((1 + D^2/4)^2 - 1)/D^2 = 1/2 + D^2/16 a step: 1/D(t)^2 <= "
        "1/D0^2 + (1/2 + D0^2/16) t.",
        by="em-distances.2",
    ),
    Step(
        "For t >= 1 m <= D <= D0, and Y >= pi_min (|mu_i|^2 + |mu_k|^2) >= pi_min D^2/2 for the "
        "two that are farthest apart; exp(-m^2/2) Y^2/(4 (r + 2Y)) rises with Y.",
        by="loss-from-below",
        shows=pi_min * diameter**2 / 2 <= Y,
    ),
)

EXPONENT = Argument(
    FALLS,
    DESCENDS,
    Step(
        "At every state F >= b Y^2 >= 4 b L^2, b = exp(-63 U0/500)/(10^4 d (1 + 2 sqrt(d "
        "U0))^2), as m^2 <= U <= U0.",
        by=("lemma-11-sharpened-exponent", "theorem-14.1"),
        shows=mu_max**2 <= U,
    ),
    Step(
        "L falls: 4 b sigma_t L(t)^2 <= sum_s eta_s (2 - eta_s) F(s) <= U0, so L(t)^2 <= U0/(4 "
        "b sigma_t)."
    ),
)

FOLDED = Step(
    "Let a = mu_1, c = mu_2 <= 0 < a, k = a - c, s = (a + c)/2, Q = Pr[z > s]. psi_1 at s + y "
    "is q = 1/(1 + exp(-ky)), and 1 - q at s - y; the density of x at s - y is exp(2sy) times "
    "that at s + y, and 2s <= k. Folding the integrals at s: A = E psi_1^2 <= Q, as exp(2sy) (1 "
    "- q)^2 <= 1 - q^2, that is exp(2sy) <= 1 + 2 exp(ky); B = E psi_1 psi_2 <= Q, as (1 + "
    "exp(2sy)) q (1 - q) <= 1; and A >= Q/4, as q >= 1/2 for y > 0.",
)
STEPS = Step(
    "a' = a - eta (aA + cB) lies in [a - eta aQ, a] where |c| <= a/4, as aA >= aQ/4 >= |c|B. c' "
    "= c (1 - eta E psi_2^2) - eta aB <= 0, and E psi_2^2 = 1 - A - 2B >= 1 - 3Q: |c'| <= (1 - "
    "eta (1 - 3Q)) |c| + eta aQ, so |c| stays at most M Q/(1 - 3Q), Q taken at the least s so "
    "far.",
)
KEPT = Step(
    "While a >= M - 2/M and |c| <= 1/(10M): s >= (M - 2.1/M)/2 and Q <= exp(-s^2/2)/(s sqrt(2 "
    "pi)), s^2 >= (M^2 - 4.2)/4, s >= 0.47 M by M >= 6: M Q <= 1.44 exp(-M^2/8) <= 0.016. So "
    "|c| <= M Q/(1 - 3Q) <= 1/(10M), and steps of total length exp(M^2/8)/M take at most 1.44/M "
    "off a: by induction both hold for all t <= exp(M^2/8)/(eta M).",
)
TRAPPED = Argument(
    FOLDED,
    STEPS,
    KEPT,
    Step(
        "L = log 2 + c^2/2 - E log(1 + exp(k (x - s))), and log(1 + exp(y)) <= max(0, y) + "
        "exp(-|y|): the expectation is at most k (f - s Q) + f/(s + k) + f/(k - s), f the "
        "density of x at s, and f - s Q <= f/s^2. That falls with M, and is below 0.013 < log 2 "
        "- 0.68 at M = 6.",
    ),
)
FAR_STAYS = Argument(FOLDED, STEPS, KEPT)
