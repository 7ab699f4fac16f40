"""What Theorem 7, Remark 4 and Figure 2 rest on: the force on two opposite means far out.

For n >= 3 equal weights and means a u, -a u (u a unit vector, a >= 2) and n - 2 zeros, grad_1 L =
F(a) u = -grad_2 L and the other gradients are 0, with

    0 <= F(a) <= sqrt(pi/(8 (n-2))) exp(-a^2/8).

Evaluation: by the grid over all logits (:mod:`gembounds.dynamics.pair.force`) where that is small,
else as :mod:`gembounds.dynamics.pair.decay` has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.domains import far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import both, circle, named
from gembounds.statements import NUMBERS, Domain, const, exp, integer, real, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import BETA, GAUSSIAN
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

decay = Later("gembounds.dynamics.pair.decay")
pair = Later("gembounds.dynamics.pair.force")

GRID_REACH = 24
"""a up to which the grid over all logits is small (a choice: milliseconds)."""

NODES = 2**17


def pair_force(ops: Operations, a: Any, n: int) -> Any:
    """F(a), enclosed."""
    if a < GRID_REACH:
        return pair.pair_force(a, n, min(64, ops.rung.bits), NODES)
    return decay.PairDecay(n).force(a)


REFLECTION = Step(
    "The reflection of x along u keeps its law, swaps psi_1 and psi_2 and keeps the other "
    "psi_k. grad_i L = E[psi_i (psi_1 - psi_2)] a u: for i >= 3 it is 0, the sum of the first "
    "two is E[psi_1^2 - psi_2^2] a u = 0, and F(a) = a E[psi_1 (psi_1 - psi_2)] = (a/2) "
    "E(psi_1 - psi_2)^2 >= 0.",
    by=(*GRADIENT_OF_L, GAUSSIAN),
)

SHARE = Step(
    "Let m = n - 2, y = <x, u> and s = ay - a^2/2. F(a) <= a E psi_1^2, and psi_1 = 1/(1 + m "
    "exp(-s) + exp(-2ay)) grows if the last term is left out: F(a) <= H(a) = a E (1 + m "
    "exp(-s))^-2."
)

SHIFT = Step(
    "With y = a/2 + (w + log m)/a, H(a) = exp(-a^2/8) (2 pi m)^(-1/2) int exp(-(w + log "
    "m)^2/(2a^2)) K(w) dw, K(w) = exp(-w/2) (1 + exp(-w))^-2, over all real w; and K dw = "
    "v^(1/2) (1-v)^(-1/2) dv for v = 1/(1 + exp(-w)), so int K = B(3/2, 1/2) = pi/2.",
    by=(BETA,),
)

n, a = integer("n", 3), real("a")

FORCE = named(
    "pair_force", "F(a)", "F(a)", lambda ops, p: pair_force(ops, ops.ball(p["a"]), p["n"]),
    mixture=False, meaning="of grad_1 L at means a u, -a u and zeros of equal weights along u",
)  # fmt: skip

CLAIMS = (
    Claim(
        "pair-force",
        both(0, FORCE)
        <= both(FORCE, const("factor", 1) * sqrt(circle / (8 * (n - 2))) * exp(-(a**2) / 8)),
        a >= 2,
        source="Theorem 7",
        over=Domain(
            "opposite pairs", NUMBERS.test, far_draws("opposite_pairs"),
            text="means a u, -a u and n - 2 zeros of equal weights, |u| = 1",
        ),
        form="auxiliary",
        best={"factor": Best(note="A step's number: its best value was not looked for.")},
        cost=2.0,
        proof=Argument(
            REFLECTION,
            SHARE,
            SHIFT,
            Step("The first exponential under the integral is at most 1, and (2 pi m)^(-1/2) "
                 "pi/2 = sqrt(pi/(8m))."),
        ),
    ),
)  # fmt: skip
