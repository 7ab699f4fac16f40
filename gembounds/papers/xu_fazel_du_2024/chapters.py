"""What the report on this paper tells beside its claims."""

from __future__ import annotations

from gembounds.statements.chapter import Chapter, Chart

ASKED = (
    "Gradient EM fits a mixture of n unit Gaussians to data that come from a single one, N(0, I). "
    "Does it reach the truth from every start, and how fast? Theorem 2 says that it does, with a "
    "loss of order t^(-1/2) after t steps; Theorem 7 says that from bad starts it stays far away "
    "for exp(d) steps. Both are true. Their printed proofs rest on slips, but both are proved "
    "here by arguments of their own, and the rate is t^(-2)."
)

BOUNDS = {
    "upper": "L, certified",
    "bound_above": "proved above, with restarts",
    "bound_from_start": "proved above, from the start",
    "bound_below": "proved below",
}

RATE = Chapter(
    "The true rate",
    """\
Theorem 2 bounds the loss by t^(-1/2), with constants like exp(-16 U(0)). From every start,
gradient EM with step sizes in (0, 2) has L <= (U(0)/2)/(1 + exp(-U(0)/2) sigma), sigma the total
of eta (2 - eta), whatever the weights, n and d (rate-gradient-1), and t^(-2) with the smallest
weight (rate-gradient-2). EM proper has t^(-2) whatever the weights, from both sides
(rate-em-upper, rate-em-lower).

Below, from means (+-1, 0), (0, +-1) with weights 1/3, 1/3, 1/6, 1/6: the certified loss between
the proved bounds, over 100,000 steps. Theorem 2 says 10^22.8 at t = 1,000, where the loss is 6e-6.
""",
    (
        Chart("figures/rate_gradient.csv", "t", BOUNDS, "step t", "loss L (nats)",
              "Gradient EM, step size 7/10."),
        Chart("figures/rate_em.csv", "t", BOUNDS, "step t", "loss L (nats)", "EM proper."),
    ),
)  # fmt: skip

FIGURES = Chapter(
    "The paper's figures, certified",
    """\
The paper estimates loss, gradients and norms with 350,000 random samples a step. Here are its
figures made again in that way, beside certified values of the same runs.

Figure 1: over the last half of 1,000 steps L falls like t^(-1.4) to t^(-1.9), sub-linear as the
paper says; by then Monte Carlo is off by 14 to 22 % of L. Figure 2, left: the gradient at the bad
start falls exactly exponentially in d, down to 1e-391; Monte Carlo is noise from d = 9 on, for
Theorem 7's own start from d = 1 on: no sample comes near the place that carries the value.
""",
    (
        Chart("figures/fig1_left.csv", "t",
              {"upper": "certified", "monte_carlo": "350,000 samples, as in the paper"},
              "step t", "loss L (nats)", "Figure 1, left: the loss, n = 5 in R^5.", {"n": "5"}),
        Chart("figures/fig1_middle.csv", "t", {"upper": "certified"}, "step t",
              "sum of \u03c0 |\u03bc|\u00b2", "Figure 1, middle: the parametric distance, n = 5.",
              {"n": "5"}),
        Chart("figures/fig2_left.csv", "d",
              {"log10_norm": "certified", "definition": "350,000 samples, as in the paper"},
              "dimension d", "|grad L|", "Figure 2, left: the gradient at the bad start, c = 2.",
              {"constant": "2"}, log10_columns=("log10_norm",), log_x=False),
    ),
)  # fmt: skip

CHAPTERS = (RATE, FIGURES)
