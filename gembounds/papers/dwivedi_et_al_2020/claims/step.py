"""The step: what M is, and that it is what overlaps say.

    M(theta) = E[x (psi_1(x) - psi_2(x))],    x ~ N(0, I), means +-theta, weights pi, 1 - pi

The weights are fixed and the means tied. For equal weights and no other this is the step of EM
for two free means, E[psi_1 x] / E psi_1.
"""

from gembounds.papers.dwivedi_et_al_2020.vocabulary import first_moment, step
from gembounds.statements import OPPOSITE, equals, mu_max
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import STEIN

CLAIMS = (
    Claim(
        "step",
        equals(first_moment, step),
        source="the M step with means theta and -theta and fixed weights, in our words",
        over=OPPOSITE,
        scale=mu_max,
        cost=2,
        proof=Argument(
            Step(
                "E[x psi_i] = E grad psi_i = sum_k E[psi_i psi_k] (mu_i - mu_k), as grad psi_i = "
                "psi_i (mu_i - psi~), which is bounded.",
                by=STEIN,
            ),
            Step(
                "So E[x psi_1] = 2 E[psi_1 psi_2] theta = -E[x psi_2], and M(theta) = "
                "4 E[psi_1 psi_2] theta."
            ),
        ),
    ),
)
