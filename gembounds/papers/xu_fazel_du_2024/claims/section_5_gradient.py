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

Proof. |grad L| = sqrt(2) F(a), a = c sqrt(d). In the notation of
:mod:`gembounds.dynamics.pair.decay` F <= H = exp(-a^2/8) I(a)/sqrt(2 pi), and m^(1/2) I(a) <=
int K = B(3/2, 1/2) = pi/2. From below exp(-x) >= 1 - x and the moments of w give m^(1/2) I(a) >=
(pi/2) (1 - ((l+2)^2 + pi^2 - 4)/(2 a^2)), and F >= (1-e) H with e <= 2 exp(-a^2/2)/m +
(3/2) a exp(-a^2)/(m^2 H). Where the bound is positive, 2 a^2 > (l+2)^2 + pi^2, so a^2 > 6.9 and
e <= 0.12 at most and falling faster than 2/a^2, which is what the 4 left out allows.

Evaluation: F in balls; c = 2 by the grid over all logits (:mod:`gembounds.dynamics.pair.force`),
c = 12 by H and its distance to F.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.domains import dimension, far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import circle, symbol
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, const, exp, integer, log, maximum, sqrt
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.tree import call
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

falling = Later("gembounds.dynamics.pair.decay")
pair = Later("gembounds.dynamics.pair.force")

GRID_REACH = 24
"""a up to which the grid over all logits is small (a choice: milliseconds)."""

NODES = 2**17


def start_gradient(ops: Operations, point: Point, c: Fraction) -> Any:
    """|grad L| over all components, sqrt(2) F(c sqrt(d))."""
    a, n = ops.ball(c) * ops.sqrt(point["d"]), point["n"]
    if a < GRID_REACH and c == 2:
        force = pair.pair_force(a, n, min(64, ops.rung.bits), NODES)
    else:
        force = falling.PairDecay(n).force(a)
    return ops.sqrt(2) * force


n = integer("n")
_GRADIENT = symbol(
    "start_gradient", "|grad L(mu(0))|", r"|\nabla L(\mu(0))|", start_gradient, mixture=False
)


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
        Claim(name, norm <= leading, form="printed", **common),
        Claim(
            f"{name}-sharpened",
            norm >= maximum(leading * (1 - second), 0),
            form="sharpened",
            repairs=name,
            **common,
        ),
    )


CLAIMS = (*_claims(1, 2), *_claims(2, 12))
