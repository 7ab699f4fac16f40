"""Section 5, Figure 2 left: the gradient norm at a bad start decreases exponentially in d.

"the gradient norm |grad L(mu(0))| at mu(0) decreases exponentially in dimension d", mu(0) being
Theorem 7's start, with its 12 replaced by c = 2 "to prevent numerical underflow": n >= 3, equal
weights, mu_1 = c sqrt(d) e_1 = -mu_2, the others 0. Read as: bounded by a constant times
exp(-kappa d). The constants are derived here, with the best kappa:

    .1, .2      |grad L| <= sqrt(pi/(4(n-2))) exp(-c^2 d/8),   c = 2 and 12, every n >= 3, d >= 1,
    sharpened   |grad L| >= sqrt(pi/(4(n-2))) exp(-c^2 d/8)
                            (1 - ((log(n-2) + 2)^2 + pi^2)/(2 c^2 d)).

So kappa = c^2/8 exactly, 1/2 and 18. With c = 2 the norm need not fall from every d to the next:
at n = 1000 it is larger at d = 4 than at d = 1, 2 and 3.

|grad L| = sqrt(2) F(a), a = c sqrt(d), F as in
:mod:`gembounds.papers.xu_fazel_du_2024.claims.pair_force`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims.pair_force import SHARE, SHIFT, pair_force
from gembounds.papers.xu_fazel_du_2024.domains import dimension, far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import circle, symbol
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, const, exp, integer, log, maximum, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import BETA
from gembounds.statements.tree import call

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


def start_gradient(ops: Operations, point: Point, c: Fraction) -> Any:
    """|grad L| over all components, sqrt(2) F(c sqrt(d))."""
    return ops.sqrt(2) * pair_force(ops, ops.ball(c) * ops.sqrt(point["d"]), point["n"])


n = integer("n")
_GRADIENT = symbol(
    "start_gradient", "|grad L(mu(0))|", r"|\nabla L(\mu(0))|", start_gradient, mixture=False
)


LENGTH = Step(
    "|grad L| = sqrt(2) F(a) with a = c sqrt(d), as grad_1 L = F(a) u = -grad_2 L and the "
    "others are 0; and sqrt(2) sqrt(pi/(8 (n-2))) = sqrt(pi/(4 (n-2))).",
    by=("pair-force",),
)

BELOW = Argument(
    LENGTH,
    SHARE,
    SHIFT,
    Step("Let l = log m, and let w have the density 2K/pi. Then E exp(tw) = Gamma(3/2 + t) "
         "Gamma(1/2 - t) 2/pi = (1 + 2t)/cos(pi t), so w has the mean 2, the variance pi^2 - "
         "4. By exp(-x) >= 1 - x, H(a) >= A (1 - ((l+2)^2 + pi^2 - 4)/(2a^2)), A = "
         "sqrt(pi/(8m)) exp(-a^2/8).", by=(BETA,)),
    Step("Let q = 1/(1 + m exp(-s)) <= min(1, exp(s)/m). psi_1 = 1/(1/q + exp(-2ay)), so q^2 - "
         "psi_1^2 <= 2q (q - psi_1) <= 2 q^3 exp(-2ay) <= 2 exp(2s - 2ay)/m^2 = 2 "
         "exp(-a^2)/m^2; and psi_1 psi_2 <= exp(-a^2)/m^2. So F(a) = a E[psi_1^2 - psi_1 "
         "psi_2] >= H(a) - 3a exp(-a^2)/m^2."),
    Step("F(a) >= 0. If the bound is positive, 2a^2 > (l+2)^2 + pi^2 > 13, so a^2 > 6, and "
         "3a^3 exp(-7a^2/8), which falls from a^2 = 12/7 on, is below 0.24 < 2 sqrt(pi/8) "
         "m^(3/2). That says 3a exp(-a^2)/m^2 <= 2A/a^2, and F(a) >= A (1 - ((l+2)^2 + "
         "pi^2)/(2a^2))."),
)  # fmt: skip


def _claims(number: int, c: int) -> tuple[Claim, Claim]:
    norm = call(_GRADIENT, c)
    decay = exp(-(Fraction(c**2, 8) * dimension))
    leading = const("factor", 1) * sqrt(circle / (4 * (n - 2))) * decay
    second = ((log(n - 2) + 2) ** 2 + circle**2) / (2 * c**2 * dimension)
    common: dict[str, Any] = {
        "when": n >= 3,
        "source": f"Section 5, Figure 2 left, c = {c}",
        "over": Domain(
            "starts", NUMBERS.test, far_draws("starts_of_gradients"),
            text=f"means {c} sqrt(d) e, -{c} sqrt(d) e and zeros, equal weights",
        ),
        "cost": 4.0,
        "best": {
            "factor": best(
                1, "section-5-gradient's two bounds; d to infinity", sharp=True, attained=False
            )
        },
    }  # fmt: skip
    name = f"section-5-gradient.{number}"
    return (
        Claim(name, norm <= leading, form="printed", proof=Argument(LENGTH), **common),
        Claim(
            f"{name}-sharpened",
            norm >= maximum(leading * (1 - second), 0),
            form="sharpened",
            repairs=name,
            proof=BELOW,
            **common,
        ),
    )


CLAIMS = (*_claims(1, 2), *_claims(2, 12))
