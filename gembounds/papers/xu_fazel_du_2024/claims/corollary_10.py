"""Corollary 10: the gradient along the means.

    <grad L, mu> = <grad_mu Q(mu given mu), mu> = E|psi~|^2,     psi~ = sum_i psi_i mu_i,

x ~ N(0, I_d), for every mixture; <grad_mu Q, mu> = sum_i <grad_{mu_i} Q, mu_i>.

With Q as printed, Q(mu'|mu) = E[ sum_i -psi_i |x - mu'_i|^2/2 ], the middle is
sum_i <E[psi_i (x - mu_i)], mu_i> = -E|psi~|^2: both links fail wherever psi~ is not 0 almost
surely, by the slip of sign of Fact 1. Repaired, without the minus sign of Q: the middle is
sum_i <E[psi_i (mu_i - x)], mu_i>.

Evaluation: the left as the derivative of L((1+t) mu), from certified values of L
(:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.radial_derivative`); the middle from first
moments E[psi_i x]; the right from the overlaps. All are exact where all means coincide.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.papers.xu_fazel_du_2024.claims.fact_1 import PRINTED_Q, along, pull, sign_slip
from gembounds.papers.xu_fazel_du_2024.domains import GRADIENTS
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import equals, maximum, mean_square, mu_max
from gembounds.statements.argument import Argument, Step

CANCELLED = Fraction(1, 2**20)
"""Below this share of mu_max^2 the projection counts as cancelled (a choice: sets the width at
which equality is called consistent, 2^-50 mu_max^2)."""


def _projection(ops: Any, point: Point) -> Any:
    """sum_i <E[psi_i (x - mu_i)], mu_i>."""
    rows = zip(pull(ops, point.mix), ops.means(point.mix), strict=True)
    terms = [along(ops, point.mix, row, mean) for row, mean in rows]
    return -sum(terms[1:], terms[0])


def _derivative(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_derivative import radial_derivative

    return radial_derivative(ops, point.mix)


def _derivative_in_intervals(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024 import intervals

    return intervals.derivative_along_means(ops, point)


projection = named(
    "projection_of_q", "<grad_mu Q(mu|mu), mu>", r"\langle \nabla_\mu Q(\mu|\mu), \mu \rangle",
    _projection, meaning=PRINTED_Q,
)  # fmt: skip
derivative = named(
    "projection_of_loss", "<grad L, mu>", r"\langle \nabla L, \mu \rangle", _derivative,
    interval=_derivative_in_intervals, needs=("loss",),
    meaning="the derivative of L along the means, by differences of L",
)  # fmt: skip
size_of_projection = maximum(mean_square, CANCELLED * mu_max**2)
"""E|psi~|^2, or ``CANCELLED`` mu_max^2 where it is less: the terms are that large."""

FIRST = Argument(
    Step(
        "<grad_i L, mu_i> = -<grad_i Q(mu|mu), mu_i> for every i, the direction v being mu_i. The "
        "sum over i is the claim.",
        by="fact-1-repaired",
    ),
)
SECOND = Argument(
    Step("-grad_i Q(mu|mu) = E[psi_i psi~] for every i.", by="lemma-9.2-repaired"),
    Step(
        "The inner products with mu_i add up to sum_i E[psi_i <psi~, mu_i>] = E<psi~, psi~>: a "
        "finite sum of bounded functions, and sum_i psi_i mu_i = psi~."
    ),
)

CLAIMS = (
    *sign_slip(
        "corollary-10.1", lambda q: equals(derivative, q), projection,
        "Corollary 10, first equality", (("fact-1",), ()), proof=FIRST,
        over=GRADIENTS, scale=size_of_projection, cost=3.0,
    ),
    *sign_slip(
        "corollary-10.2", lambda q: equals(q, mean_square), projection,
        "Corollary 10, second equality", (("lemma-9.2",), ()), proof=SECOND,
        judges=("psi_tilde_norm2",), over=GRADIENTS, scale=size_of_projection, cost=3.0,
    ),
)  # fmt: skip
