"""The factor along the iteration: it never rises.

With m(lambda) = min(|lambda|, <mu, lambda>/|lambda|), in our words m(lambda') >= m(lambda), so
that the factor exp(-m^2/2) of one step bounds all that follow: t steps gain exp(-t
m(lambda_0)^2/2) at least.

Where lambda is orthogonal to mu, or is mu or beyond it on its line, lambda' is, too, and both
sides are 0, or |mu|, exactly; these points are left out.

Proof. lambda = l e, mu = a e + b f, a >= 0, lambda' = M e + b T f, M = E[x tanh(l x)] and T =
E tanh(l x), x ~ N(a, 1); 0 <= T <= 1 and M lies between l and a (M rises in l and is a at l =
a). |lambda'| >= M >= min(l, a). And <mu, lambda'> = a M + b^2 T, |lambda'|^2 = M^2 + b^2 T^2:
for m = min(l, a),

    (a M + b^2 T)^2 - m^2 (M^2 + b^2 T^2) >= (a^2 - m^2) M^2 + (2 a M - m^2 T) b^2 T >= 0,

as a M >= m^2 and T <= 1.
"""

from __future__ import annotations

from gembounds.papers.daskalakis_tzamos_zampetakis_2017.pairs import (
    MOVING_LINE,
    MOVING_SPACE,
    least,
)
from gembounds.statements import em_means, means
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim

CLAIMS = (
    Claim(
        "factor-line",
        least(em_means) >= least(means),
        source="the factor falls, on a line, in our words",
        over=MOVING_LINE,
        proof=Argument(
            Step("A case of what is true in R^d: m(lambda') >= m(lambda) > 0.", by="factor"),
        ),
    ),
    Claim(
        "factor",
        least(em_means) >= least(means),
        source="the factor falls, in R^d, in our words",
        over=MOVING_SPACE,
        cost=4,
        proof=Argument(
            Step(
                "lambda' = M e + b T f as for the contraction; M = E[x tanh(l x)] lies between l"
                " and "
                "a, since it rises in l with M = a at l = a, and |M - a| <= |l - a|; 0 <= T <= 1.",
                by="contraction-best",
            ),
            Step("|lambda'| >= M >= m = min(l, a)."),
            Step(
                "<mu, lambda'>^2 - m^2 |lambda'|^2 = (a M + b^2 T)^2 - m^2 (M^2 + b^2 T^2) >= "
                "(a^2 - "
                "m^2) M^2 + (2 a M - m^2 T) b^2 T >= 0, as a M >= m^2 and T <= 1."
            ),
        ),
    ),
)
