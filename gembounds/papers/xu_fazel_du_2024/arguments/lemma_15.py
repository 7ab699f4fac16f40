"""Why (39a), the quotient before it and (39b) are true in their repaired forms."""

from gembounds.statements.argument import Argument, Step

QUOTIENT = Argument(
    Step(
        "By the triangle inequality |x - mu_i| >= 10 sqrt(d) - 2 sqrt(d) for i = 1, 2, and "
        "|x - mu_k| <= sqrt(d) + 2 sqrt(d) for every k > 2: (9d - 64d)/2."
    ),
)
POSTERIORS = Argument(
    Step(
        "Let i be 1 or 2, k the component of the largest weight among the others: psi_i <= "
        "psi_i/psi_k = (pi_i/pi_k) exp((|x - mu_k|^2 - |x - mu_i|^2)/2) <= "
        "exp(5d/2 + 9d/2 - 32d) = exp(-25d).",
        by="eq-39a-quotient-repaired",
    ),
)
MEAN_WITHIN = Argument(
    Step(
        "For |x| <= 2 sqrt(d): sum_k psi_k |mu_k| <= |mu_3| + ... + |mu_n| + exp(-25d) (|mu_1| + "
        "|mu_2|), as psi_k <= 1. So is the mean given that, and |mu_3| + ... + |mu_n| itself.",
        by="eq-39a-repaired",
    ),
)
