"""The paper's slips: each is the common cause of one or several refuted statements."""

from __future__ import annotations

from gembounds.statements.slip import Slip

SIGN_OF_Q = Slip(
    "sign of Q", "notation",
    "Q is printed with a minus sign, as something to maximise, and its gradient is used as that "
    "of something to minimise; every use means the gradient of -Q, so nothing that follows "
    "changes",
    "leave out the minus sign in the definition of Q, and write grad Q = -E grad log p_mu in the "
    "proof of Fact 1",
)  # fmt: skip
CONSTANT_OF_Q = Slip(
    "constant of Q", "notation",
    "the first display of the proof of Fact 1 holds for Q with log pi_i - (d/2) log(2 pi) in its "
    "sum, which Q as defined leaves out; the terms do not depend on mu', so no gradient changes",
    "write = up to terms that do not depend on mu', or put them into Q",
)  # fmt: skip
LEFT_OF_18 = Slip(
    "left side where the proof of Lemma 17 ends", "notation",
    "the display that ends the proof of Lemma 17 has on its left what (18) bounds, where it means "
    "E exp(c |x|)",
    "write E exp(c |x|) on the left",
)  # fmt: skip
INDEX_1 = Slip(
    "index of the quotient before (39a)", "notation",
    "the quotient of densities before (39a) has mu_1 in its denominator, so that it is 1 for "
    "i = 1, where one of mu_3, ..., mu_n is meant, as the line before it says",
    "write mu_k with some k > 2 for mu_1",
)  # fmt: skip
EQUALITY_IN_6 = Slip(
    "equality in (6)", "notation",
    "(6) has = where its own derivation, (23), has >=, and only >= is used",
    "write >= for = in (6)",
)  # fmt: skip
OTHER_MEANS_MOVE = Slip(
    "other means move", "substance",
    "the bounds use the displacement of component i alone, but its posterior changes when any "
    "mean moves, so that the right sides of (15), (16), (17), (7) and what is drawn from them "
    "must speak of the largest displacement",
    "write max_k |delta_k| for |delta_i|, and mu_max for |mu_i|, in the exponents of (15) to (17) "
    "and in the first term of (7) and (14)",
)  # fmt: skip
EXP_OF_1_PLUS_X = Slip(
    "exp(1 + x)", "notation",
    "exp(1 + x) <= 1 + 2x is printed for exp(x) <= 1 + 2x on [0, 1], which is what is used",
    "write exp(x) for exp(1 + x) below (18)",
)  # fmt: skip
CASE_A = Slip(
    "case a)", "substance",
    "U(0) <= n mu_max(0)^2 is used in the wrong direction; the true bound is smaller by the "
    "factor n, so that case a) needs a step size smaller by n where mu_max(0) is near 1, or "
    "another argument",
    "use that sum_i |grad_i L|^2 <= E|psi~|^2: then U falls in every step with eta <= 2, and "
    "the two cases are not needed",
)  # fmt: skip
LOST_ETA = Slip(
    "eta for eta^2 in (33)", "notation",
    "a factor eta was lost when (32), which has one, was put into (31), which has another; with "
    "it (33) is what the step size is chosen for",
    "write 20 eta^2 for 20 eta in the middle of (33)",
)  # fmt: skip
CROSS_TERM = Slip(
    "cross term of (36)", "constant",
    "the cross term of the square |mu_i - eta g_i|^2 has the factor 2, which is left out; the "
    "true decrease is larger than the printed one",
    "write 2 eta for eta at the first sum of (36)",
)  # fmt: skip
HEAVY_FAR_MEANS = Slip(
    "weights of the far means", "hypothesis",
    "the weights are left out of the quotient above (39a), which is right for equal weights, as "
    "in Theorem 7, and wrong where the near components have almost no weight",
    "add that pi_1 and pi_2 are at most exp(5d/2) times the largest of pi_3, ..., pi_n",
)  # fmt: skip
NORM_TAIL = Slip(
    "tail of |x|", "constant",
    "Pr[|x| > 2 sqrt(d)] <= exp(-d) is quoted as a standard bound, and the true rate is "
    "3/2 - log 2 = 0.8068..., below 1",
    "write exp(-4d/5) for exp(-d) in (39), or bound E psi_1 and E psi_2 without it",
)  # fmt: skip

REMARKS = (
    "the second line of (11) drops V_d, which is above 1 for d <= 12: the inequality holds for "
    "the sum all the same, as its other term has room",
    "after (39) the text bounds the first term of (36); (39) is meant",
    "the words after (41) say that mu_1 stays at 0 and speak of mu_2, ..., mu_n; by (40) it is "
    "mu_3, ..., mu_n that stay, and the symmetry is that of mu_1 and mu_2",
    "the first display of the proof of (40) ends in mu_1(t+1) for mu_i(t+1)",
    "Lemma 12 has = Omega(...) in the main text and >= Omega(...) in the appendix; the second is "
    "meant",
    "Theorem 12 and Corollary 9 in Section 4.2 are Lemma 12 and Corollary 10",
    "no misprint: Theorem 2 holds for every eta <= 1 with a larger gamma, and for all step sizes "
    "below 2 the rate is t^(-2), with explicit constants (reports/rates.md)",
)
"""What is misprinted without consequence, and one thing that may be good to know."""
