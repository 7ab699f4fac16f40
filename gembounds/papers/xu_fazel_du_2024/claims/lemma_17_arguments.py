"""Arguments for the steps of Lemma 17's proof, by id: M(c) = E exp(c |x|), x ~ N(0, I_d)."""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024.claims.lemma_17 import c
from gembounds.papers.xu_fazel_du_2024.domains import dimension
from gembounds.papers.xu_fazel_du_2024.vocabulary import exp_norm
from gembounds.statements import sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.theorems import CAUCHY_SCHWARZ, CONCENTRATION, DOMINATED

WHOLE = Step(
    "|x| has Lipschitz constant 1 and a mean of at most sqrt(d), so E exp(2c |x|) <= exp(2c "
    "sqrt(d) + 2c^2), and E[|x| exp(c |x|)] <= (E|x|^2 E exp(2c |x|))^(1/2) <= sqrt(d) exp(c "
    "sqrt(d) + c^2) <= sqrt(d) exp(1/3 + 1/9) < (8/5) sqrt(d).",
    by=(CAUCHY_SCHWARZ, CONCENTRATION),
    shows=exp_norm(c, dimension, 1) <= Fraction(8, 5) * sqrt(dimension),
)

ARGUMENTS = {
    "eq-9": Argument(
        Step("u <= exp(u) - 1 <= u exp(u) for u = c |x| >= 0, as exp is convex; take means."),
        Step("So (M(c) - 1)/c lies between the values at 0 and c of E[|x| exp(xi |x|)], which "
             "is continuous in xi, and is its value at some xi between."),
    ),
    "eq-10a.1": Argument(
        Step("The derivative of exp(xi |x|) in xi is |x| exp(xi |x|), at most |x| exp((c+1) "
             "|x|) for xi below c + 1, which is integrable.", by=DOMINATED),
    ),
    "eq-10a.2": Argument(Step("exp(xi |x|) <= exp(c |x|) at every x.")),
    "eq-10b": Argument(
        Step("Where |x| <= 1, the integrand |x| exp(c |x| - |x|^2/2) (2 pi)^(-d/2) is at most "
             "exp(c) (2 pi)^(-d/2)."),
    ),
    "eq-10c.1": Argument(Step("c <= 1/(3d), and r > 0.")),
    "eq-10c.2": Argument(
        Step("The right side less the left is (r^2/2) (1/d - 1/(4d^2)) - r/(3d) >= (r/d) (3r/8 "
             "- 1/3) > 0, as d >= 1 and r >= 1."),
    ),
    "eq-10d.1": Argument(
        Step("With k = 1 - 1/(2d), |x| >= 1 has c |x| - |x|^2/2 <= -|kx|^2/2.",
             by=("eq-10c.1", "eq-10c.2")),
        Step("So the left side is at most the integral of |x| (2 pi)^(-d/2) exp(-|kx|^2/2) "
             "over all x, which is k^-(d+1) E|y|, by y = kx."),
    ),
    "eq-10d.2": Argument(
        Step("In polar coordinates E|y| is the integral of r^d exp(-r^2/2) over r > 0 divided "
             "by that of r^(d-1) exp(-r^2/2): 2^((d-1)/2) Gamma((d+1)/2)/(2^(d/2-1) "
             "Gamma(d/2))."),
    ),
    "eq-10d.3": Argument(
        Step("The first factor is at most 4, and the others are E|y| <= (E|y|^2)^(1/2) = "
             "sqrt(d).",
             by=("eq-10d.2", "eq-10d.4", CAUCHY_SCHWARZ)),
    ),
    "eq-10d.4": Argument(
        Step("For d = 1 both sides are 4. For d >= 2 the logarithm, (d+1) log(1 + 1/(2d-1)), "
             "is at most (d+1)/(2d-1) <= 1, and e < 4."),
    ),
    "eq-11a": Argument(
        Step("(2 pi)^(-d/2) V_d = 2^(-d/2)/Gamma(d/2 + 1) is below 4/5 for d = 1 and at most "
             "1/2 beyond, and exp(c) <= exp(1/3) < 7/5: the first term is below 1.12."),
        WHOLE,
        Step("The second term is at most that, and 1.12 + (8/5) sqrt(d) < 4 sqrt(d)."),
    ),
    "eq-11b": Argument(
        Step("exp(1/(3d)) (2 pi)^(-d/2) <= exp(1/3)/sqrt(2 pi) < 1 <= sqrt(d): the first "
             "entry."),
        WHOLE,
        Step("exp(xi |x|) <= exp(c |x|): the second entry."),
    ),
}  # fmt: skip
