"""Why the bounds beyond the paper hold: of L and its gradient, and the rate of gradient EM.

h = log(p_mu/p_0), so that grad h = psi~ and L = -E h; F = E|psi~|^2, e = E psi~, g = grad L, m =
mu_max, D = max_ik |mu_i - mu_k|, Y = sum_i pi_i |mu_i|^2, W = sum_i E[psi_i] |mu_i|^2, r the rank
of the differences of the means.
"""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024.claims.beyond_runs import (
    largest_size,
    loss_along,
    sigma,
    travelled,
)
from gembounds.papers.xu_fazel_du_2024.claims.step import U0
from gembounds.statements import (
    U,
    Y,
    diameter,
    exp,
    expected_posterior,
    gradient_norm,
    gradient_norms,
    mean_square,
    mu_max,
    norms,
    pi_min,
    r,
    sqrt,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.theorems import (
    BAKRY_EMERY,
    CAUCHY_SCHWARZ,
    DOMINATED,
    FUNDAMENTAL,
    POINCARE,
    POPOVICIU,
    STEIN,
)

W = total(expected_posterior * norms**2)

SHORT = Step(
    "E<psi~ - e, x> = E div psi~ = W - F, as div psi~ = sum_i psi_i |mu_i|^2 - |psi~|^2; psi~ - "
    "e lies in the span of the differences, so the left side is at most sqrt(r (F - |e|^2)) <= "
    "sqrt(r F): W <= F + sqrt(r F).",
    by=(STEIN, CAUCHY_SCHWARZ, "eq-8"),
    shows=mean_square + sqrt(r * mean_square) >= W,
)
MASS = Step(
    "E psi_i >= pi_i exp(-|mu_i|^2/4), so W >= exp(-m^2/4) Y.",
    by="posterior-mass",
    shows=exp(-(mu_max**2) / 4) * Y <= W,
)

BY_MEAN_SQUARE = Argument(
    Step(
        "Under dx = -x ds + sqrt(2) dw a law p_mu becomes p_s, the mixture with the means "
        "exp(-s) mu_i: a component N(mu_i, I) becomes N(exp(-s) mu_i, (exp(-2s) + 1 - exp(-2s)) "
        "I). p_s solves dp/ds = -div(p v) with v = -grad log(p_s/p_0), which is smooth and "
        "bounded; so the flow of x' = grad log(p_s/p_0)(x), s run from T down to 0, takes p_T "
        "to p_mu, for every T > 0."
    ),
    Step(
        "The Jacobian of grad log(p_s/p_0) at x is the covariance of the means exp(-s) mu_i "
        "under their posterior at x; along a unit vector these lie in an interval of length "
        "exp(-s) D, so it is at most exp(-2s) D^2/4. Hence the flow's map is Lipschitz with the "
        "constant exp(integral of exp(-2s) D^2/4 over [0, T]) = exp(D^2 (1 - exp(-2T))/8).",
        by=(POPOVICIU, "eq-8"),
    ),
    Step(
        "-Hess log p_T >= 1 - exp(-2T) D^2/4, which is positive for large T: p_T satisfies the "
        "logarithmic Sobolev inequality with the constant 1/(1 - exp(-2T) D^2/4). A map with "
        "Lipschitz constant l takes that to l^2 times the constant for p_mu, as gradients of f "
        "composed with it are at most l times as long. T to infinity: exp(D^2/4).",
        by=BAKRY_EMERY,
    ),
    Step(
        "For the density p_0 it says L = KL(p_0 || p_mu) <= (1/2) exp(D^2/4) E|grad "
        "log(p_0/p_mu)|^2, and that gradient is -psi~."
    ),
)
FROM_BELOW = Argument(
    SHORT,
    MASS,
    Step(
        "So F >= W^2/(r + 2W): if F < W, (W - F)^2 <= r F gives W^2 <= (r + 2W) F; else W^2/(r "
        "+ 2W) <= W/2. That rises with W, so F >= exp(-m^2/2) Y^2/(r + 2Y).",
        shows=mean_square * (r + 2 * Y) >= exp(-(mu_max**2) / 2) * Y**2,
    ),
    Step(
        "d/dl L(l mu) = <grad L(l mu), mu> = F(l mu)/l for l > 0, and L(0) = 0: L is the "
        "integral of F(exp(-s) mu) over s >= 0.",
        by=(DOMINATED, FUNDAMENTAL, "fact-1-repaired", "lemma-9.2-repaired"),
    ),
    Step(
        "At exp(-s) mu, m and Y are exp(-s) m and exp(-2s) Y, and r is the same: F there is at "
        "least exp(-m^2/2) exp(-4s) Y^2/(r + 2Y), whose integral is a quarter of that at s = 0."
    ),
)
GRADIENT = Argument(
    Step(
        "F = <g, mu>, so |g|^2 U >= F^2.",
        by=(CAUCHY_SCHWARZ, "fact-1-repaired", "lemma-9.2-repaired"),
        shows=gradient_norm**2 * U >= mean_square**2,
    ),
    MASS,
    SHORT,
    Step(
        "pi_min U <= Y <= exp(m^2/4) W <= exp(m^2/4) (F + sqrt(r F)), and F > 0 where U > 0: "
        "|g|^2 >= F^2/U >= pi_min exp(-m^2/4) F^2/(F + sqrt(r F)).",
        shows=pi_min * U <= Y,
    ),
)

FALLS = Step(
    "In a step of size eta U changes by -2 eta <g, mu> + eta^2 sum_i |g_i|^2 = -2 eta F + eta^2 "
    "sum_i |g_i|^2, and |g_i|^2 = |E[psi_i psi~]|^2 <= E psi_i E[psi_i |psi~|^2] <= E[psi_i "
    "|psi~|^2], which add up to F: U falls by eta (2 - eta) F at least.",
    by=(CAUCHY_SCHWARZ, "fact-1-repaired", "lemma-9.2-repaired"),
    shows=total(gradient_norms**2) <= mean_square,
)
DESCENDS = Step(
    "Along a segment L has second derivatives E[sum_i psi_i |u_i|^2 - Var_psi] <= |u|^2, so L "
    "falls by eta (1 - eta/2) |g|^2 at least: it falls for eta in (0, 2).",
    by=(DOMINATED, FUNDAMENTAL),
)
ONCE = Argument(
    FALLS,
    DESCENDS,
    Step(
        "L <= (1/2) exp(D^2/4) F <= (1/2) exp(U/2) F, as |mu_i - mu_k|^2 <= 2 |mu_i|^2 + 2 "
        "|mu_k|^2 <= 2U.",
        by="loss-by-mean-square",
        shows=diameter**2 <= 2 * U,
    ),
    Step(
        "L(t) is at most L(s) for s < t, and U(s) at most U0: sigma_t L(t) <= sum_s eta_s (2 - "
        "eta_s) L(s) <= (1/2) exp(U0/2) sum_s eta_s (2 - eta_s) F(s) <= (1/2) exp(U0/2) (U0 - "
        "U(t)), and U(t) >= Y(t) >= 2 L(t).",
        by="theorem-14.1",
        shows=sigma * loss_along <= exp(U0 / 2) * (U0 / 2 - loss_along),
    ),
    Step("So L(t) (sigma_t + exp(U0/2)) <= (1/2) exp(U0/2) U0."),
)
TWICE = Argument(
    FALLS,
    DESCENDS,
    Step(
        "At every state |g|^2 >= pi_min exp(-U/4) F^(3/2)/(sqrt F + sqrt R), R = min(n - 1, d), "
        "as m^2 <= U and the rank of the differences is at most R, now and later (the start's "
        "rank is no bound: it may grow in a step).",
        by="gradient-from-below",
    ),
    Step(
        "That rises with F, and F >= 2 exp(-U/2) L, which is at most U exp(-U/2) <= 2/e by 2L "
        "<= U: with K = sqrt R + sqrt(2/e), |g|^2 >= pi_min exp(-U/4) (2 exp(-U/2) L)^(3/2)/K = "
        "2^(3/2) pi_min exp(-U) L^(3/2)/K, and U <= U0.",
        by=("loss-by-mean-square", "theorem-14.1"),
        shows=U * exp(-U / 2) <= 2 * exp(-1),
    ),
    Step(
        "So L(s+1) <= L(s) - eta_s (2 - eta_s) c L(s)^(3/2), c = sqrt 2 pi_min exp(-U0)/K. "
        "While L > 0, L^(-1/2) is convex and falling in L, so L(s+1)^(-1/2) >= L(s)^(-1/2) + "
        "(c/2) eta_s (2 - eta_s); once L = 0 all means are 0 and stay there. L(t)^(-1/2) >= "
        "(c/2) sigma_t."
    ),
)
LOWER = Argument(
    Step(
        "A step keeps the symmetry: opposite components have opposite gradients. psi~ is odd, "
        "so e = 0, and F is the sum of the variances of its coordinates, at most E|grad psi~|^2 "
        "= E|Cov_psi(mu)|^2 <= E (tr Cov_psi(mu))^2 <= m^4; a longest mean and its opposite "
        "count in U: F <= m^4 <= U^2/4.",
        by=(POINCARE, "eq-8"),
        shows=(mean_square <= mu_max**4, 2 * mu_max**2 <= U),
    ),
    FALLS,
    Step(
        "U(s+1) >= U(s) - 2 eta F >= U (1 - eta U/2), and eta U <= eta U0 <= 1/2: 1/U grows by "
        "(eta/2)/(1 - eta U/2) <= 2 eta/3 at most, so U(t) >= u = 1/(1/U0 + 2 tau_t/3).",
        shows=largest_size * U0 <= Fraction(1, 2),
    ),
    Step(
        "0 lies in the means' hull, so r is the rank of the means, which does not grow: the "
        "means to come are combinations of those before. m^2 <= U0/2 and Y >= pi_min u at t, "
        "and Y^2/(r + 2Y) rises with Y: L(t) >= exp(-U0/4) (pi_min u)^2/(4 (r + 2 pi_min u)), u "
        "<= U0.",
        by="loss-from-below",
        shows=U0 * (1 / U0 + 2 * travelled / 3) >= 1,
    ),
)
